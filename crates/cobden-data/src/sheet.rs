//! Spreadsheets, xlsx and xlsb, row by row.
//!
//! Written here rather than taken from `calamine`, which reads whole shared strings of any size and panics on records that are too short: what
//! is asked of readers here is bounded memory and no panic on any input. The tests compare with it.

mod table;
mod xlsb;
mod xlsx;

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::archive::Archive;
use crate::delimited::number;
pub(crate) use table::{Keys, SheetTable, foot};

/// Most columns that a sheet can have.
const MAX_COLUMNS: usize = 1 << 14;

/// Most bytes of one sheet, uncompressed: WIOD's have a hundred million.
const MAX_SHEET: u64 = 1 << 31;

/// Most bytes of the parts that are held: strings, names of sheets.
const MAX_PART: u64 = 1 << 26;

/// Most strings that cells share. The published tables have five thousand.
const MAX_STRINGS: usize = 1 << 20;

/// Most sheets, and parts that a workbook refers to.
const MAX_SHEETS: usize = 1 << 12;

/// Most bytes of text in the cells of a row that are not shared.
const MAX_ROW_TEXT: usize = 1 << 22;

/// Most characters of a label that are looked at: a long string may be shared by every cell of a sheet.
const MAX_LABEL: usize = 200;

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// Blank, or an error of a formula.
    #[default]
    Empty,
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// The shared string of this index.
    Shared(usize),
}

/// A row: its number from 1, its cells from column A on. What is beyond the last cell is blank.
pub(crate) struct SheetRow<'a> {
    pub(crate) number: u64,
    pub(crate) cells: &'a [Cell],
    strings: &'a [String],
    label: &'a str,
}

impl SheetRow<'_> {
    /// The text of a cell, without blanks around it; numbers as written.
    pub(crate) fn text(&self, column: usize) -> String {
        let text = match self.cells.get(column) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Shared(index)) => self.strings.get(*index).map_or("", String::as_str),
            Some(Cell::Number(value)) => return value.to_string(),
            Some(Cell::Empty) | None => "",
        };
        text.trim().chars().take(MAX_LABEL).collect()
    }

    /// The number in a cell; a blank is 0, and so is what is written for a missing value.
    pub(crate) fn number(&self, column: usize) -> Result<f64, Problem> {
        match self.cells.get(column) {
            Some(Cell::Number(value)) if value.is_finite() => Ok(*value),
            Some(Cell::Empty) | None => Ok(0.0),
            _ => {
                let text = self.text(column);
                let problem = || Problem::new(format!("\"{}\" is not a number", crate::delimited::shown(&text)));
                number(&text).ok_or_else(|| self.at(problem(), column))
            }
        }
    }

    /// The problem, at a cell: its row as the line.
    pub(crate) fn at(&self, problem: Problem, column: usize) -> Problem {
        let message = format!("{} (cell {}{})", problem.message, letters(column), self.number);
        Problem { message, ..problem }.at(crate::delimited::place(self.label, self.number, column as u64 + 1))
    }
}

/// Column letters: 0 is `A`, 26 is `AA`.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => return letters.iter().rev().collect(),
        }
    }
}

/// What listens to the rows of a sheet.
pub(crate) type Visit<'v> = dyn FnMut(&SheetRow<'_>) -> Result<(), Problem> + 'v;

/// Tells the rows of one sheet in order, blank ones left out. `pick` chooses among the names of the sheets.
///
/// # Errors
/// What is no workbook, or what the listener says.
pub(crate) fn rows(
    input: impl Read + Seek,
    label: &str,
    pick: impl Fn(&[String]) -> Option<usize>,
    visit: &mut Visit<'_>,
) -> Result<(), Problem> {
    let mut archive = Archive::open(input, label)?;
    let binary = archive.names().iter().any(|name| name == "xl/workbook.bin");
    let sheets = if binary { xlsb::sheets(&mut archive)? } else { xlsx::sheets(&mut archive)? };
    let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
    let picked = pick(&names).and_then(|at| sheets.get(at));
    let (_, path) = picked.ok_or_else(|| {
        let listed: Vec<String> = names.iter().take(10).map(|name| crate::delimited::shown(name)).collect();
        Problem::new("the workbook has no sheet of this table")
            .help(format!("it has {}", listed.join(", ")))
            .in_file(label)
    })?;
    let strings = if binary { xlsb::strings(&mut archive)? } else { xlsx::strings(&mut archive)? };
    let mut sink = Sink { cells: Vec::new(), number: 0, started: false, text: 0, strings: &strings, label, visit };
    match binary {
        true => xlsb::cells(&mut archive, path, &mut sink)?,
        false => xlsx::cells(&mut archive, path, &mut sink)?,
    }
    sink.flush()
}

/// Gathers cells into rows.
pub(crate) struct Sink<'s, 'v> {
    cells: Vec<Cell>,
    number: u64,
    started: bool,
    /// Bytes of text in the row.
    text: usize,
    strings: &'s [String],
    label: &'s str,
    visit: &'s mut Visit<'v>,
}

impl Sink<'_, '_> {
    /// Begins a row; `number` counts from 1.
    fn row(&mut self, number: u64) -> Result<(), Problem> {
        self.flush()?;
        if self.started && number <= self.number {
            let problem = Problem::new(format!("row {number} comes after row {}", self.number));
            return Err(problem.in_file(self.label));
        }
        (self.number, self.started) = (number, true);
        Ok(())
    }

    /// The number that the next row has unless it says another.
    fn next_row(&self) -> u64 {
        self.number.saturating_add(1)
    }

    /// The column that the next cell has unless it says another.
    fn next_column(&self) -> usize {
        self.cells.len()
    }

    fn cell(&mut self, column: usize, cell: Cell) -> Result<(), Problem> {
        if column >= MAX_COLUMNS {
            let problem = Problem::new(format!("column {column} is beyond the last that a sheet can have"));
            return Err(problem.in_file(self.label));
        }
        if let Cell::Text(text) = &cell {
            self.text += text.len();
            if self.text > MAX_ROW_TEXT {
                let problem = Problem::new(format!("more than {MAX_ROW_TEXT} bytes of text in a row"));
                return Err(problem.at(crate::delimited::place(self.label, self.number.max(1), column as u64 + 1)));
            }
        }
        if column >= self.cells.len() {
            self.cells.resize(column + 1, Cell::Empty);
        }
        self.cells[column] = cell;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Problem> {
        self.text = 0;
        if self.cells.is_empty() {
            return Ok(());
        }
        let row = SheetRow { number: self.number, cells: &self.cells, strings: self.strings, label: self.label };
        let visited = (self.visit)(&row);
        self.cells.clear();
        visited
    }
}

/// The entry at this path of a workbook, with or without a slash before it.
fn part(archive: &Archive<'_, impl Read + Seek>, path: &str) -> Option<usize> {
    let path = path.trim_start_matches('/');
    archive.names().iter().position(|name| name.trim_start_matches('/') == path)
}

/// The target of a relationship, from the root of the archive.
fn target(target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_of_columns() {
        assert_eq!([0, 25, 26, 701, 702].map(super::letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
