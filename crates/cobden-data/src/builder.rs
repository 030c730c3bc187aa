//! What the readers of tables share once they know what their labels mean: places in the arrays, and whether the file is whole.

use std::collections::{BTreeMap, BTreeSet};

use cobden_world::{Names, Problem};
use ndarray::Array2;

use crate::archive::file_name;
use crate::check;
use crate::delimited::{place, shown};
use crate::input_output::{Assembly, Column, InputOutput, Row, distinct};

/// Most cells that an array of a table may have: a header of a few kilobytes could ask for more memory than there is. The largest published
/// table, 189 regions by 26 sectors or 49 by 200, has two million.
const MAX_CELLS: usize = 1 << 23;

/// What the label of a column means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heading {
    /// What a sector of a region uses.
    Use {
        /// As the file writes it, before any merging.
        region: String,
        /// The code of the sector.
        sector: String,
    },
    /// Final use in a region.
    Final {
        /// As the file writes it.
        region: String,
    },
    /// Output.
    Output,
    /// Left out, and its sum told in a remark under this name.
    Left(String),
    /// Left out without a word.
    Skip,
}

/// What the label of a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    /// Sales of a sector of a region, as the file writes them.
    Sales {
        /// As the file writes it.
        region: &'a str,
        /// The code of the sector.
        sector: &'a str,
    },
    /// Value added or a part of it.
    ValueAdded,
    /// Between inputs and output, and not value added.
    Taxes,
    /// A total.
    Skip,
}

/// Puts a table together and knows what is still missing.
pub(crate) struct Builder {
    assembly: Assembly,
    regions: Names,
    sectors: Names,
    merge: fn(&str) -> &str,
    columns: Array2<bool>,
    rows: Array2<bool>,
    seen: BTreeSet<String>,
    merged: BTreeMap<String, BTreeSet<String>>,
    left: BTreeMap<String, (Vec<usize>, f64)>,
    finals: Vec<usize>,
    taxes_on_final_use: f64,
    value_added: bool,
}

impl Builder {
    /// Regions and sectors are those of the columns; `merge` gives the region that one is part of.
    ///
    /// # Errors
    /// Headings that are no table: nothing used, nothing final, a column twice, too many of them. Without a place: the caller knows it.
    pub(crate) fn new(headings: &[Heading], merge: fn(&str) -> &str) -> Result<Self, Problem> {
        let uses = || {
            headings.iter().filter_map(|heading| match heading {
                Heading::Use { region, sector } => Some((region.as_str(), sector.as_str())),
                _ => None,
            })
        };
        let regions = distinct(uses().map(|(region, _)| merge(region)));
        let sectors = distinct(uses().map(|(_, sector)| sector));
        let (n, j) = (regions.len(), sectors.len());
        if n == 0 {
            return Err(Problem::new("no column is the use of a sector of a region"));
        }
        if n.saturating_mul(j).saturating_mul(n.max(j)) > MAX_CELLS {
            let problem = Problem::new(format!("{n} regions by {j} sectors are more than any table of the world has"));
            return Err(problem.help("are the labels those of this dataset?"));
        }
        let mut this = Self {
            assembly: Assembly::new(Names::default(), Names::default(), Vec::new()),
            merge,
            columns: Array2::from_elem((n, j), false),
            rows: Array2::from_elem((n, j), false),
            seen: BTreeSet::new(),
            merged: BTreeMap::new(),
            left: BTreeMap::new(),
            finals: Vec::new(),
            taxes_on_final_use: 0.0,
            value_added: false,
            regions,
            sectors,
        };
        let columns =
            headings.iter().enumerate().map(|(at, heading)| this.column(at, heading)).collect::<Result<_, _>>()?;
        if this.finals.is_empty() {
            return Err(Problem::new("no column is final use"));
        }
        this.seen.clear();
        this.assembly = Assembly::new(this.regions.clone(), this.sectors.clone(), columns);
        Ok(this)
    }

    fn column(&mut self, at: usize, heading: &Heading) -> Result<Column, Problem> {
        Ok(match heading {
            Heading::Use { region, sector } => {
                if !self.seen.insert(format!("{region} {sector}")) {
                    return Err(Problem::new(format!("{} {} is a column twice", shown(region), shown(sector))));
                }
                let whole = (self.merge)(region);
                self.merged.entry(whole.to_owned()).or_default().insert(region.clone());
                let (region, sector) = self.place(region, sector)?;
                self.columns[[region, sector]] = true;
                Column::Use { region, sector }
            }
            Heading::Final { region } => {
                let known = self.regions.index((self.merge)(region));
                let region = known.ok_or_else(|| Problem::unknown("region", region, self.regions.iter()))?;
                self.finals.push(at);
                Column::Final { region }
            }
            Heading::Output => Column::Output,
            Heading::Left(name) => {
                self.left.entry(name.clone()).or_default().0.push(at);
                Column::Skip
            }
            Heading::Skip => Column::Skip,
        })
    }

    fn place(&self, region: &str, sector: &str) -> Result<(usize, usize), Problem> {
        let n = self.regions.index((self.merge)(region));
        let n = n.ok_or_else(|| Problem::unknown("region", region, self.regions.iter()))?;
        let j = self.sectors.index(sector);
        let j = j.ok_or_else(|| Problem::unknown("sector", sector, self.sectors.iter()))?;
        Ok((n, j))
    }

    /// The sectors.
    pub(crate) fn sectors(&self) -> &Names {
        &self.sectors
    }

    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        self.assembly.width()
    }

    /// Adds a row, from column `from` on.
    ///
    /// # Errors
    /// A row that has no column, or is there twice; without a place.
    pub(crate) fn row(&mut self, entry: Entry<'_>, from: usize, values: &[f64]) -> Result<(), Problem> {
        let value = |at: usize| at.checked_sub(from).and_then(|at| values.get(at)).copied().unwrap_or_default();
        let row = match entry {
            Entry::Sales { region, sector } => {
                if !self.seen.insert(format!("{region} {sector} {from}")) {
                    return Err(Problem::new(format!("{} {} is a row twice", shown(region), shown(sector))));
                }
                let (region, sector) = self.place(region, sector)?;
                if !self.columns[[region, sector]] {
                    return Err(Problem::new("the row has no column of the same name"));
                }
                self.rows[[region, sector]] = true;
                for (columns, sum) in self.left.values_mut() {
                    *sum += columns.iter().map(|&at| value(at)).sum::<f64>();
                }
                Row::Sales { region, sector }
            }
            Entry::ValueAdded => {
                self.value_added = true;
                Row::ValueAdded
            }
            Entry::Taxes => {
                self.taxes_on_final_use += self.finals.iter().map(|&at| value(at)).sum::<f64>();
                Row::Taxes
            }
            Entry::Skip => Row::Skip,
        };
        self.assembly.row_from(row, from, values.iter().copied());
        Ok(())
    }

    /// Adds what a user should know.
    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.assembly.remark(remark);
    }

    /// The table, checked for rows that never came and for its unit.
    ///
    /// # Errors
    /// A row or all value added is missing.
    pub(crate) fn finish(self, dataset: &str, year: i32, unit: &str, end: End<'_>) -> Result<InputOutput, Problem> {
        let mut table = self.assemble(dataset, year, unit, end)?;
        table.remarks.extend(check::units(&table).remark(&table));
        Ok(table)
    }

    /// The table, checked for rows that never came.
    ///
    /// # Errors
    /// As those of [`Builder::finish`].
    pub(crate) fn assemble(
        mut self,
        dataset: &str,
        year: i32,
        unit: &str,
        end: End<'_>,
    ) -> Result<InputOutput, Problem> {
        self.whole().map_err(|problem| problem.at(place(end.label, end.line, 1)))?;
        self.tell_merged();
        for (name, (_, sum)) in &self.left {
            self.assembly.remark(format!("{name} are left out: {sum:.0} {unit} in all"));
        }
        if self.taxes_on_final_use != 0.0 {
            let sum = self.taxes_on_final_use;
            self.assembly
                .remark(format!("taxes less subsidies on what final users buy are left out: {sum:.0} {unit} in all"));
        }
        Ok(self.assembly.finish(dataset, year, unit))
    }

    fn tell_merged(&mut self) {
        for (whole, parts) in &self.merged {
            let parts: Vec<&str> =
                parts.iter().filter(|part| !part.eq_ignore_ascii_case(whole)).map(String::as_str).collect();
            match (parts.len(), self.merged[whole].len()) {
                (0, _) => {}
                (_, 1) => self.assembly.remark(format!("{} is called {whole}", parts[0])),
                _ => self.assembly.remark(format!("{} are merged into {whole}", parts.join(", "))),
            }
        }
    }

    fn whole(&self) -> Result<(), Problem> {
        let missing = self.columns.indexed_iter().filter(|&(at, &column)| column && !self.rows[at]);
        let mut missing = missing.map(|((n, j), _)| format!("{} {}", &self.regions[n], &self.sectors[j]));
        if let Some(first) = missing.next() {
            let count = 1 + missing.count();
            let problem =
                Problem::new(format!("{count} columns have no row of the same name, {} first", shown(&first)));
            return Err(problem.help("is the file cut short, or is this a category of final use?"));
        }
        if !self.value_added {
            return Err(Problem::new("no row is value added").help("is the file cut short?"));
        }
        Ok(())
    }
}

/// Where a file ended, for what is missing.
#[derive(Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) label: &'a str,
    pub(crate) line: u64,
}

/// The last number of four digits in a name that can be a year: `ICIO2021_2018.csv` is of 2018.
pub(crate) fn year_in(name: &str) -> Option<i32> {
    years_in(name).last()
}

/// The first such number: `ADB-MRIO-2023_August 2024.xlsx` is of 2023.
pub(crate) fn first_year_in(name: &str) -> Option<i32> {
    years_in(name).next()
}

fn years_in(name: &str) -> impl Iterator<Item = i32> {
    let runs = file_name(name).split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    runs.filter_map(|run| run.parse().ok()).filter(|year| (1960..2100).contains(year))
}

/// The year asked for, or else the one in the name of the file.
pub(crate) fn year_of(asked: Option<i32>, label: &str) -> Result<i32, Problem> {
    let problem = || Problem::new("the name of the file has no year").help("say which year the table is of");
    asked.or_else(|| year_in(label)).ok_or_else(|| problem().in_file(label))
}
