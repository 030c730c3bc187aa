//! Worlds and results in the forms that other programs read: text, Parquet, Arrow, header arrays.

mod arrays;
mod columns;

use std::path::Path;

use cobden_data::gtap;
use cobden_world::{Files, Format, Problem, Products, World};

use crate::disk::{Disk, read_file};
use crate::load;
use columns::Table;

/// A form to export to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated text.
    Csv,
    /// Parquet, one file a table.
    Parquet,
    /// Arrow IPC files ("Feather, version 2"), one a table.
    Arrow,
    /// One file of GEMPACK header arrays, as GTAP users have them.
    HeaderArrays,
}

/// The document that makes a folder one of results.
const RESULT: &str = "result.json";

/// The files of a world (an identifier or a folder) or of a folder of results in another form, by name.
///
/// Every table keeps its name and its columns. A column is of numbers where all its cells are, and none of them is a code that begins with
/// a zero. A world in Parquet is a world directory again; header arrays have a set for each column of names and an array for each column of
/// numbers. The products of a world come along in all forms but header arrays, whose dense arrays could not hold them.
///
/// # Errors
/// A source that is neither; a table that cannot be read, or cannot be held in header arrays.
///
/// ```
/// use cobden::{ExportForm, export};
/// let files = export("icio-2022", ExportForm::Parquet)?;
/// assert!(files.iter().any(|(name, _)| name == "flows.parquet"));
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn export(source: &str, form: Form) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut exported = Vec::new();
    let (name, files) = if Path::new(source).join(RESULT).is_file() {
        let folder = Path::new(source).canonicalize().unwrap_or_else(|_| source.into());
        let name = folder.file_name().map_or_else(|| "results".to_owned(), |name| name.to_string_lossy().into_owned());
        (name, results(Path::new(source))?)
    } else {
        let opened = load::find_world(source)?;
        let (world, id) = (&opened.world, opened.world.origin.id.clone());
        if form == Form::HeaderArrays {
            return Ok(vec![(format!("{id}.har"), gtap::world(world)?.to_bytes()?)]);
        }
        exported = match opened.products()? {
            Some(products) => products_as(&products, world, form)?,
            None => Vec::new(),
        };
        (id, world.to_files(Format::Csv)?)
    };
    if form == Form::Csv {
        return Ok(files.into_iter().chain(exported).collect());
    }
    let mut tables = Vec::new();
    for (file, bytes) in files {
        match file.strip_suffix(".csv") {
            None => exported.push((file, bytes)),
            Some(table) => tables.push((table.to_owned(), Table::read(&bytes, &file)?)),
        }
    }
    for (table, columns) in &tables {
        match form {
            Form::Csv => {}
            Form::Parquet => exported.push((format!("{table}.parquet"), columns.parquet()?)),
            Form::Arrow => exported.push((format!("{table}.arrow"), columns.arrow()?)),
            Form::HeaderArrays => {}
        }
    }
    if form == Form::HeaderArrays {
        exported = vec![(format!("{name}.har"), arrays::file(&tables)?)];
    }
    Ok(exported)
}

/// The tables of the products of a world. There may be millions of rows: they are written batch by batch.
fn products_as(products: &Products, world: &World, form: Form) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    if form == Form::Csv {
        return products.to_files(world, Format::Csv);
    }
    let files = products.to_files(world, Format::Parquet)?;
    if form == Form::Parquet {
        return Ok(files);
    }
    let arrow = |(name, bytes): (String, Vec<u8>)| {
        Ok((name.replace(".parquet", ".arrow"), columns::arrow_of_parquet(bytes.into())?))
    };
    files.into_iter().map(arrow).collect()
}

/// The tables of a folder of results, and its document.
fn results(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut names = Disk::new(folder).names()?;
    names.retain(|name| name == RESULT || name.ends_with(".csv"));
    names.sort();
    names.into_iter().map(|name| Ok((name.clone(), read_file(&folder.join(&name))?))).collect()
}
