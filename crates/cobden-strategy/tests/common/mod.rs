//! Worlds and published tables from the shared test data, where they are at hand.

#![allow(dead_code, unreachable_pub, clippy::print_stdout)]

pub mod deals;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cobden_equilibrium::{Baseline, Economy, Model, Preset, Settings};
use cobden_world::{MemoryFiles, World, read_elasticities};

/// The folder of test data: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository.
pub fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("COBDEN_TEST_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} absent", folder.display());
    None
}

/// The files of a world of the test data.
pub fn files(id: &str) -> Option<MemoryFiles> {
    Some(read_folder(&data()?.join("worlds").join(id)))
}

/// One column of a published table, by its first column.
pub fn published(table: &str, column: &str) -> Option<BTreeMap<String, f64>> {
    let text = fs::read_to_string(data()?.join("replications").join(table)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let at = lines.next().unwrap().iter().position(|name| *name == column).unwrap();
    Some(lines.map(|line| (line[0].to_owned(), line[at].parse().unwrap())).collect())
}

/// A world, its own elasticities, and a model of it.
pub fn economy(world: &World, model: &Model) -> Economy {
    Economy::calibrate(world, world.elasticities.as_ref().unwrap(), model, &Settings::default()).unwrap()
}

/// Ossa (2014): seven regions, 33 sectors, profits.
pub fn ossa() -> Option<(World, Economy)> {
    let world = World::read(&files("ossa-2014")?).unwrap();
    let economy = economy(&world, &Model { preset: Preset::Ossa, ..Model::default() });
    Some((world, economy))
}

/// A world of Lashkaripour (2021) or of the US tariff scenarios: no inputs, in-sample elasticities, balanced first.
pub fn balanced(id: &str) -> Option<(World, Economy)> {
    let files = files(id)?;
    let mut world = World::read(&files).unwrap();
    let in_sample = read_elasticities(&files, "elasticities.in-sample", &world.sectors).unwrap();
    world.elasticities = Some(in_sample.trade_elasticity);
    let model = Model { preset: Preset::Armington, baseline: Baseline::Balanced, ..Model::default() };
    let economy = economy(&world, &model);
    Some((world, economy))
}

/// The world that cobden carries: 24 regions, 18 sectors, with inputs.
pub fn embedded() -> Option<(World, Economy)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../worlds/icio-2022"));
    let world = World::read(&read_folder(&folder)).unwrap();
    let economy = economy(&world, &Model::default());
    Some((world, economy))
}

fn read_folder(folder: &Path) -> MemoryFiles {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_file());
    entries.fold(MemoryFiles::new(folder.display().to_string()), |files, entry| {
        files.with(entry.file_name().to_string_lossy(), fs::read(entry.path()).unwrap())
    })
}
