//! Where results and worlds are written, and where not: never over something else of the user's.

use std::fs;
use std::path::Path;

use cobden_world::{Format, Problem, World};

use crate::answer::Answer;
use crate::disk::write_directory;
use crate::{law, result};

/// The tables of a world directory, without extension.
const TABLES: [&str; 12] = [
    "flows",
    "tariffs",
    "elasticities",
    "inputs",
    "value_added",
    "final",
    "political_weights",
    law::IMPORTS,
    law::PRODUCTS,
    "product_sectors",
    "product_flows",
    "product_tariffs",
];

/// Writes [`result::files`] into a folder, whole or not at all.
///
/// # Errors
/// A folder that holds a world, whose `tariffs.csv` would be lost; a folder that cannot be written. Nothing is changed then.
pub fn save_answer(folder: &Path, answer: &Answer) -> Result<(), Problem> {
    if folder.join("world.toml").exists() {
        let problem = Problem::new(format!("{} is a world: results would replace its tables", folder.display()));
        return Err(problem.help("name another folder for the results"));
    }
    write_directory(folder, &result::files(answer)?)
}

/// Writes a world into a folder, whole or not at all; `beside` are further files of it, by name, e.g. what weighs the rates of the register.
///
/// # Errors
/// A folder with a table of another world that would then be read as part of this one; a folder that cannot be written.
/// Nothing is changed then.
pub fn save_world(folder: &Path, world: &World, format: Format, beside: &[(String, Vec<u8>)]) -> Result<(), Problem> {
    let mut files = world.to_files(format)?;
    files.extend_from_slice(beside);
    let names = TABLES.iter().flat_map(|table| [format!("{table}.csv"), format!("{table}.parquet")]);
    let mut left = names.filter(|name| files.iter().all(|(written, _)| written != name));
    if let Some(name) = left.find(|name| fs::symlink_metadata(folder.join(name)).is_ok()) {
        let problem =
            Problem::new(format!("{} is not of this world, and would be read with it", folder.join(name).display()));
        return Err(problem.help("name another folder, or remove the file"));
    }
    write_directory(folder, &files)
}
