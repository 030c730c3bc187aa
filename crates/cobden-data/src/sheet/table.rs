//! The sheet that WIOD and ADB share: four columns of labels, four rows of labels above the numbers.
//!
//! ```text
//!                                   | AtB         C       …          codes
//! (millions of US$)                 | Agriculture Mining  …          labels
//!                                   | AUS         AUS     …  TOT     regions
//!                                   | c1          c2      …  c60     numbers
//! AtB   Agriculture    AUS   c1     | 1.5         …
//! …
//!       Value added    TOT   r64    | …
//! ```

use cobden_world::Problem;

use super::{MAX_COLUMNS, SheetRow};
use crate::builder::{Builder, End, Entry, Heading};
use crate::delimited::shown;
use crate::input_output::InputOutput;

/// Columns of labels before the numbers.
const LABELS: usize = 4;

/// Most rows above the numbers.
const MAX_HEADER: usize = 32;

/// What tells sectors apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// The codes, in the first row and column of labels.
    Codes,
    /// The numbers, in the last ones.
    Numbers,
}

/// The labels of a column or row.
struct Labels {
    code: String,
    label: String,
    region: String,
    number: String,
}

impl Labels {
    fn is_total(&self) -> bool {
        self.region.is_empty() || self.region.eq_ignore_ascii_case("TOT") || self.region.eq_ignore_ascii_case("TOTAL")
    }

    fn sector(&self, keys: Keys) -> &str {
        if keys == Keys::Codes && !self.code.is_empty() { &self.code } else { &self.number }
    }

    /// What a column holds; `None` if it is in use but has no region.
    fn heading(&self, keys: Keys, last: fn(&str, &str) -> bool) -> Option<Heading> {
        let label = self.label.to_lowercase();
        let begins = ["final consumption", "gross fixed capital", "changes in inventories"];
        let output = label.contains("total output") || label.contains("gross output") || self.code == "GO";
        if output || self.region.eq_ignore_ascii_case("TOT") || self.number.eq_ignore_ascii_case("TOT") {
            return Some(Heading::Output);
        }
        if self.region.is_empty() {
            return self.number.is_empty().then_some(Heading::Skip);
        }
        let region = self.region.clone();
        let last = last(&self.code, &self.number) || begins.iter().any(|start| label.starts_with(start));
        Some(match last {
            true => Heading::Final { region },
            false => Heading::Use { region, sector: self.sector(keys).to_owned() },
        })
    }

    /// What a row holds; `None` if nothing is known of it.
    fn entry(&self, keys: Keys) -> Option<Entry<'_>> {
        if !self.is_total() && !self.number.starts_with('r') {
            return Some(Entry::Sales { region: &self.region, sector: self.sector(keys) });
        }
        // The code first: the release of 2016 has numbers, too, that mean other rows than those of 2013.
        foot(&self.code).or_else(|| foot(&self.number)).or_else(|| {
            let margins = self.label.to_lowercase().contains("international transport margins");
            margins.then_some(Entry::Taxes)
        })
    }
}

/// What the rows below the industries hold, by the codes of any of the datasets.
pub(crate) fn foot(code: &str) -> Option<Entry<'static>> {
    Some(match code {
        "r60" | "II_fob" | "r69" | "GO" => Entry::Skip,
        "r64" | "VA" => Entry::ValueAdded,
        "r99" | "TXSP" | "r61" | "EXP_adj" | "r62" | "PURR" | "r63" | "PURNR" | "IntTTM" | "trs" => Entry::Taxes,
        _ => return None,
    })
}

/// A table on its way in.
pub(crate) struct SheetTable<'a> {
    label: &'a str,
    keys: Keys,
    /// Whether a column is final use, by code and number.
    last: fn(&str, &str) -> bool,
    merge: fn(&str) -> &str,
    /// Rows above the numbers, with their numbers, until the last of them has come.
    above: Vec<(u64, Vec<String>)>,
    builder: Option<Builder>,
    values: Vec<f64>,
    row: u64,
}

impl<'a> SheetTable<'a> {
    /// Nothing read yet.
    pub(crate) fn new(label: &'a str, keys: Keys, last: fn(&str, &str) -> bool, merge: fn(&str) -> &str) -> Self {
        Self { label, keys, last, merge, above: Vec::new(), builder: None, values: Vec::new(), row: 0 }
    }

    /// Takes the next row of the sheet.
    pub(crate) fn row(&mut self, row: &SheetRow<'_>) -> Result<(), Problem> {
        self.row = row.number;
        match self.builder.take() {
            Some(mut builder) => {
                self.numbers(&mut builder, row)?;
                self.builder = Some(builder);
                Ok(())
            }
            None => self.header(row),
        }
    }

    fn header(&mut self, row: &SheetRow<'_>) -> Result<(), Problem> {
        let first = row.text(LABELS).to_ascii_lowercase();
        let numbered = first.strip_prefix('c').is_some_and(|n| !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit()));
        if !numbered {
            if self.above.len() == MAX_HEADER {
                let problem = Problem::new("no row c1, c2, … of column numbers above the table");
                return Err(row.at(problem.help("is this the sheet of the table?"), LABELS));
            }
            self.above.push((row.number, (0..row.cells.len()).map(|column| row.text(column)).collect()));
            return Ok(());
        }
        // Blank rows are not told, so rows are found by their numbers.
        let above = |rows: u64, column: usize| {
            let found = self.above.iter().find(|(number, _)| number + rows == row.number);
            found.and_then(|(_, texts)| texts.get(column)).cloned().unwrap_or_default()
        };
        let width = self.above.iter().map(|(_, texts)| texts.len()).max().unwrap_or_default().max(row.cells.len());
        let mut headings = Vec::new();
        for column in LABELS..width.min(MAX_COLUMNS) {
            let (code, label, region) = (above(3, column), above(2, column), above(1, column));
            let labels = Labels { code, label, region, number: row.text(column) };
            let heading = labels.heading(self.keys, self.last);
            headings.push(
                heading.ok_or_else(|| row.at(Problem::new("the column has no region above its number"), column))?,
            );
        }
        while headings.last() == Some(&Heading::Skip) {
            headings.pop();
        }
        self.above.clear();
        self.builder = Some(Builder::new(&headings, self.merge).map_err(|problem| row.at(problem, LABELS))?);
        Ok(())
    }

    fn numbers(&mut self, builder: &mut Builder, row: &SheetRow<'_>) -> Result<(), Problem> {
        let [code, label, region, number] = [0, 1, 2, 3].map(|column| row.text(column));
        let labels = Labels { code, label, region, number };
        self.values.clear();
        for column in LABELS..LABELS + builder.width() {
            self.values.push(row.number(column)?);
        }
        let entry = match labels.entry(self.keys) {
            Some(entry) => entry,
            None if self.values.iter().all(|value| *value == 0.0) => return Ok(()),
            None => {
                let message =
                    format!("\"{}\" is no row of this table", shown(&format!("{} {}", labels.code, labels.label)));
                return Err(row.at(Problem::new(message), 0));
            }
        };
        builder.row(entry, 0, &self.values).map_err(|problem| row.at(problem, 2))
    }

    /// The table.
    pub(crate) fn finish(self, dataset: &str, year: i32, unit: &str) -> Result<InputOutput, Problem> {
        let end = End { label: self.label, line: self.row.max(1) };
        match self.builder {
            Some(builder) => builder.finish(dataset, year, unit, end),
            None => {
                let problem = Problem::new("no row c1, c2, … of column numbers above the table");
                Err(problem.help("is this the sheet of the table?").in_file(self.label))
            }
        }
    }
}
