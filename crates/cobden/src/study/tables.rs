//! Tables of tariffs that rows of a study name in the place of a rate: `set = "tariffs.2005.csv"`.

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::Array3;

use cobden_world::{Files, Problem, Rate, World, alternatives, read_tariffs};

use super::Study;
use crate::disk::Disk;
use crate::document::{Document, Located};

/// How the files of tables end.
const ENDINGS: [&str; 2] = [".csv", ".parquet"];

/// The tables of tariffs that a study names, by the name it gives them: tau, `[n, i, j]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    rates: BTreeMap<String, Array3<Rate>>,
}

/// Whether the text of a rate names a table.
pub(super) fn is_table(text: &str) -> bool {
    stem(text).is_some()
}

fn stem(name: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty())
}

impl Tables {
    /// Reads every table that the study names: a path relative to `folder`, where the study lies; else a table of the world.
    ///
    /// # Errors
    /// A table that is in neither place, with those the world has; a table that is wrong, at its line and column.
    pub fn read(study: &Study, world: &World, files: &dyn Files, folder: &Path) -> Result<Self, Problem> {
        let mut tables = Self::default();
        let named = study.cases.iter().flat_map(|case| &case.rows).filter_map(|row| row.table.as_ref());
        for name in named {
            if !tables.rates.contains_key(&name.value) {
                let rates = read(study.document(), name, world, files, folder)?;
                tables.rates.insert(name.value.clone(), rates);
            }
        }
        Ok(tables)
    }

    /// The table of a row.
    pub(super) fn rates(&self, document: &Document, name: &Located<String>) -> Result<&Array3<Rate>, Problem> {
        self.rates.get(&name.value).ok_or_else(|| {
            document
                .problem(&name.span, format!("the table {} was not read", name.value))
                .help("read the study's tables")
        })
    }

    /// Names and contents, in the order of the names; contents as rates in the order `[n, i, j]`.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Array3<Rate>)> {
        self.rates.iter().map(|(name, rates)| (name.as_str(), rates))
    }
}

fn read(
    document: &Document,
    name: &Located<String>,
    world: &World,
    files: &dyn Files,
    folder: &Path,
) -> Result<Array3<Rate>, Problem> {
    let path = folder.join(&name.value);
    let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = Disk::new(path.parent().unwrap_or(Path::new("")));
    let table = stem(&file).unwrap_or(&file);
    if beside.open(&file)?.is_some() {
        return read_tariffs(&beside, table, &world.countries, &world.sectors);
    }
    if files.names()?.contains(&name.value) {
        return read_tariffs(files, table, &world.countries, &world.sectors);
    }
    let message = format!("no table {} here, nor in the world {}", path.display(), world.origin.id);
    let problem = document.problem(&name.span, message);
    let own: Vec<String> = alternatives(files, "tariffs")?.iter().map(|name| format!("tariffs.{name}.csv")).collect();
    Err(match own.is_empty() {
        true => {
            problem.help("a table has the columns importer,exporter,sector,rate; its path is relative to the study")
        }
        false => problem.help(format!("the world has {}", own.join(", "))),
    })
}
