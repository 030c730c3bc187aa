//! Tables as header arrays.

use std::collections::{BTreeMap, BTreeSet};

use cobden_data::gtap;
use cobden_data::har::Header;
use cobden_world::{Names, Problem};
use ndarray::{ArrayD, IxDyn};

use super::columns::{Table, Values};

/// Most cells of one array: tables are lists of what is not zero, arrays hold every combination of their sets.
const MOST: usize = 1 << 26;

/// The bytes of a header array file with an array for each column of numbers, over a set for each column of names. Columns that name countries
/// share the set `REG`, those that name sectors `COMM`. Where the names do not tell rows apart, the rows are numbered, and the names stand
/// beside the arrays as texts. Headers have four characters, so they are numbered by table (`A001`, `A002`, ..., `B001`); the long name says
/// table and column. A cell without a number is 0.
pub(super) fn file(tables: &[(String, Table)]) -> Result<Vec<u8>, Problem> {
    let sets = sets(tables)?;
    let mut arrays = Vec::new();
    let mut texts = Vec::new();
    for (at, (name, table)) in tables.iter().enumerate() {
        let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
        let mut number = 0;
        let mut header = || {
            number += 1;
            format!("{letter}{number:03}")
        };
        let shape = Shape::new(letter, table, &sets)?;
        for (column, values) in &table.columns {
            let long = format!("{name}: {column}");
            match values {
                Values::Texts(cells) if shape.numbered => {
                    texts.push(Header::texts(
                        &header(),
                        &long,
                        cells.iter().map(|cell| cell.clone().unwrap_or_default()),
                    ));
                }
                Values::Texts(_) => {}
                Values::Integers(cells) => {
                    let numbers = cells.iter().map(|cell| cell.unwrap_or(0) as f64);
                    arrays.push((header(), long, shape.fill(numbers), shape.sets.clone()));
                }
                Values::Numbers(cells) => {
                    arrays.push((
                        header(),
                        long,
                        shape.fill(cells.iter().map(|cell| cell.unwrap_or(0.0))),
                        shape.sets.clone(),
                    ));
                }
            }
        }
    }
    let tables: Vec<gtap::Table<'_>> = arrays
        .iter()
        .map(|(header, long_name, values, sets)| gtap::Table {
            header,
            long_name,
            sets: sets.iter().map(|(name, names)| (name.as_str(), names)).collect(),
            values: values.view(),
        })
        .collect();
    let mut file = gtap::tables(&tables)?;
    file.headers.extend(texts);
    file.to_bytes()
}

/// The set that a column of names takes its elements from, by the columns that share it.
fn set_of(column: &str) -> &str {
    match column {
        "country" | "importer" | "exporter" | "player" => "REG",
        "sector" | "input" | "user" => "COMM",
        other => other,
    }
}

/// What a set is called in the file: a header has its first four characters, so those that are no usual sets are numbered.
fn called(set: &str, sets: &BTreeMap<String, Names>) -> String {
    if matches!(set, "REG" | "COMM") {
        return set.to_owned();
    }
    let number = sets.keys().position(|known| known == set).unwrap_or_default();
    let plain = set.to_uppercase();
    format!("S{number:02}").chars().chain(plain.chars().filter(char::is_ascii_alphanumeric)).take(12).collect()
}

/// Every set with its elements, in the order of their first appearance in any table.
fn sets(tables: &[(String, Table)]) -> Result<BTreeMap<String, Names>, Problem> {
    let mut lists: BTreeMap<String, (Vec<String>, BTreeSet<String>)> = BTreeMap::new();
    for (column, values) in tables.iter().flat_map(|(_, table)| &table.columns) {
        let Values::Texts(cells) = values else { continue };
        let (list, seen) = lists.entry(set_of(column).to_owned()).or_default();
        for cell in cells {
            let cell = cell.clone().unwrap_or_default();
            if seen.insert(cell.clone()) {
                list.push(cell);
            }
        }
    }
    let names = |(set, (list, _))| Ok((set, Names::new(list).map_err(Problem::new)?));
    lists.into_iter().map(names).collect()
}

/// Which cell of an array each row of a table is.
struct Shape {
    sets: Vec<(String, Names)>,
    places: Vec<usize>,
    cells: usize,
    numbered: bool,
}

impl Shape {
    fn new(letter: char, table: &Table, sets: &BTreeMap<String, Names>) -> Result<Self, Problem> {
        let mut shape = Self { sets: Vec::new(), places: vec![0; table.rows], cells: 1, numbered: false };
        for (column, values) in &table.columns {
            let Values::Texts(cells) = values else { continue };
            let set = set_of(column);
            let names = sets.get(set).cloned().unwrap_or_default();
            for (place, cell) in shape.places.iter_mut().zip(cells) {
                *place = *place * names.len() + names.index(cell.as_deref().unwrap_or_default()).unwrap_or_default();
            }
            shape.cells = shape.cells.saturating_mul(names.len());
            shape.sets.push((called(set, sets), names));
        }
        let distinct: BTreeSet<&usize> = shape.places.iter().collect();
        if distinct.len() == table.rows && shape.cells <= MOST && shape.sets.len() <= 7 {
            return Ok(shape);
        }
        let rows = Names::new((1..=table.rows).map(|row| format!("R{row}"))).map_err(Problem::new)?;
        Ok(Self {
            sets: vec![(format!("{letter}ROW"), rows)],
            places: (0..table.rows).collect(),
            cells: table.rows,
            numbered: true,
        })
    }

    /// The values of a column, each at its place.
    fn fill(&self, values: impl Iterator<Item = f64>) -> ArrayD<f64> {
        let mut cells = vec![0.0; self.cells];
        self.places.iter().zip(values).for_each(|(place, value)| cells[*place] = value);
        let shape: Vec<usize> = self.sets.iter().map(|(_, names)| names.len()).collect();
        // The places were counted with the shape; a table without names has one cell.
        ArrayD::from_shape_vec(IxDyn(&shape), cells).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use cobden_data::har::HarFile;

    use super::*;

    fn read(tables: &[(&str, &str)]) -> HarFile {
        let tables: Vec<_> = tables
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Table::read(text.as_bytes(), name).unwrap()))
            .collect();
        HarFile::read(&file(&tables).unwrap()[..], "x.har").unwrap()
    }

    #[test]
    fn numbers_lie_over_the_sets_of_their_names() {
        let flows = "importer,exporter,sector,value\nUSA,CHN,CARS,2.5\nCHN,USA,FOOD,4\n";
        let har = read(&[("flows", flows), ("theta", "sector,trade_elasticity\nCARS,5\nFOOD,3\n")]);
        let reg = har.get("REG").unwrap().as_texts().unwrap();
        let comm = har.get("COMM").unwrap().as_texts().unwrap();
        let at = |list: &[String], name: &str| list.iter().position(|known| known == name).unwrap();
        let values = har.get("A001").unwrap().array().unwrap();
        assert_eq!(values[[at(reg, "USA"), at(reg, "CHN"), at(comm, "CARS")]], 2.5);
        assert_eq!(values.sum(), 6.5);
        assert_eq!(har.get("B001").unwrap().array().unwrap()[[at(comm, "FOOD")]], 3.0);
        assert_eq!(har.get("A001").unwrap().long_name, "flows: value");
    }

    #[test]
    fn rows_that_names_do_not_tell_apart_are_numbered() {
        let har = read(&[("measures", "case,share\nx,1\nx,2\n")]);
        assert_eq!(har.get("A002").unwrap().array().unwrap().into_raw_vec_and_offset().0, [1.0, 2.0]);
        assert_eq!(har.get("A001").unwrap().as_texts().unwrap(), ["x", "x"]);
    }
}
