//! What an input-output table of the world comes to, put together row by row.

use cobden_world::Names;
use ndarray::{Array2, Array3, Axis};

/// An input-output table of the world, as published: not yet balanced, tariffs not yet known.
///
/// A table says what each sector `k` of each origin `i` sells to each using sector `j` and each final use in each country `n`. The model asks
/// who sells how much to whom (`flows`) and what is made with which inputs wherever they come from (`inputs`), so the sums over users and over
/// origins are kept and the whole table, millions of cells, never is. `N` regions, `J` sectors; all values in [`InputOutput::unit`] at basic
/// prices.
#[derive(Clone, Debug, PartialEq)]
pub struct InputOutput {
    /// Dataset and edition, e.g. `OECD ICIO 2025`.
    pub dataset: String,
    /// The year of the table.
    pub year: i32,
    /// The unit of every value, `USD million` or `EUR million`.
    pub unit: String,
    /// Regions, `N`, in the order of the file.
    pub regions: Names,
    /// Sectors, `J`, in the order of the file.
    pub sectors: Names,
    /// M, `[n, i, k]`: what `n` buys from `i` of `k` for all uses, domestic sales included.
    pub flows: Array3<f64>,
    /// Z, `[n, k, j]`: what sector `j` of `n` uses of `k`, from all origins.
    pub inputs: Array3<f64>,
    /// F, `[n, k]`: final use of `k` in `n`, from all origins and over all categories.
    pub final_demand: Array2<f64>,
    /// VA, `[n, j]`: value added.
    pub value_added: Array2<f64>,
    /// `[n, j]`: taxes less subsidies on the products that `j` uses, and other rows between inputs and output that are not value added.
    pub taxes: Array2<f64>,
    /// Y, `[i, k]`: output as the file states it; the sum of sales where the file states none.
    pub output: Array2<f64>,
    /// What a user should know of how the file was read: splits merged, rows left out.
    pub remarks: Vec<String>,
}

/// Which total of a table does not add up.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Whether it is the row (sales to all uses against output) or the column (inputs, taxes and value added against output).
    pub row: bool,
    /// The region.
    pub region: String,
    /// The sector.
    pub sector: String,
    /// The sum of the parts.
    pub sum: f64,
    /// Output.
    pub output: f64,
}

impl InputOutput {
    /// What is wrong with the totals: every row and column whose parts miss output by more than `tolerance` times the larger, and by more
    /// than `rounding` in value; largest difference first.
    pub fn gaps(&self, tolerance: f64, rounding: f64) -> Vec<Gap> {
        let sales = self.flows.sum_axis(Axis(0));
        let cost = self.inputs.sum_axis(Axis(1)) + &self.taxes + &self.value_added;
        let mut gaps = Vec::new();
        for (row, sums) in [(true, &sales), (false, &cost)] {
            for (((n, j), sum), output) in sums.indexed_iter().zip(&self.output) {
                let apart = (sum - output).abs();
                if apart > rounding && apart > tolerance * sum.abs().max(output.abs()) {
                    let (region, sector) = (self.regions[n].to_owned(), self.sectors[j].to_owned());
                    gaps.push(Gap { row, region, sector, sum: *sum, output: *output });
                }
            }
        }
        gaps.sort_by(|a, b| (b.sum - b.output).abs().total_cmp(&(a.sum - a.output).abs()));
        gaps
    }

    /// Multiplies every value by `factor`: for files in thousands.
    pub fn scale(&mut self, factor: f64) {
        for cube in [&mut self.flows, &mut self.inputs] {
            cube.mapv_inplace(|value| factor * value);
        }
        for panel in [&mut self.final_demand, &mut self.value_added, &mut self.taxes, &mut self.output] {
            panel.mapv_inplace(|value| factor * value);
        }
    }

    /// Value added of the world, in [`InputOutput::unit`].
    pub fn world_value_added(&self) -> f64 {
        self.value_added.sum()
    }
}

/// What a column of a table holds. Indices are places in the names that [`Assembly::new`] was given; several columns may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What a sector of a region uses.
    Use {
        /// The region.
        region: usize,
        /// The sector.
        sector: usize,
    },
    /// Final use in a region.
    Final {
        /// The region.
        region: usize,
    },
    /// Output of the row, as stated.
    Output,
    /// Anything else.
    Skip,
}

/// What a row of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The sales of a sector of a region.
    Sales {
        /// The region.
        region: usize,
        /// The sector.
        sector: usize,
    },
    /// Value added, or a part of it.
    ValueAdded,
    /// Taxes less subsidies on products, margins, adjustments: between inputs and output and not value added.
    Taxes,
    /// Anything else; totals at the foot of a table, too: output is taken from the column.
    Skip,
}

/// Puts an [`InputOutput`] together, row by row in any order.
///
/// ```
/// use cobden_data::{Assembly, Column, Row};
/// use cobden_world::Names;
/// let names = |list: &[&str]| Names::new(list.iter().map(|name| name.to_string())).unwrap();
/// // One sector in two regions: columns A, B, final use in A, final use in B.
/// let columns = [0, 1].map(|region| Column::Use { region, sector: 0 });
/// let columns = columns.into_iter().chain([0, 1].map(|region| Column::Final { region })).collect();
/// let mut table = Assembly::new(names(&["A", "B"]), names(&["ALL"]), columns);
/// table.row(Row::Sales { region: 0, sector: 0 }, [10.0, 5.0, 20.0, 1.0]);
/// table.row(Row::Sales { region: 1, sector: 0 }, [4.0, 30.0, 2.0, 40.0]);
/// table.row(Row::ValueAdded, [22.0, 41.0]);
/// let table = table.finish("a table", 2020, "USD million");
/// assert_eq!(table.flows[[1, 0, 0]], 6.0); // B buys from A: 5 to use and 1 to consume
/// assert_eq!(table.inputs[[1, 0, 0]], 35.0); // B uses of all origins
/// assert_eq!(table.output[[0, 0]], 36.0);
/// assert!(table.gaps(1e-12, 0.0).is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Assembly {
    columns: Vec<Column>,
    table: InputOutput,
    stated: Array2<f64>,
    states_output: bool,
}

impl Assembly {
    /// No rows yet. `columns` says what each column after the labels holds.
    pub fn new(regions: Names, sectors: Names, columns: Vec<Column>) -> Self {
        let (n, j) = (regions.len(), sectors.len());
        let panel = Array2::zeros((n, j));
        let table = InputOutput {
            dataset: String::new(),
            year: 0,
            unit: String::new(),
            regions,
            sectors,
            flows: Array3::zeros((n, n, j)),
            inputs: Array3::zeros((n, j, j)),
            final_demand: panel.clone(),
            value_added: panel.clone(),
            taxes: panel.clone(),
            output: panel.clone(),
            remarks: Vec::new(),
        };
        let states_output = columns.contains(&Column::Output);
        Self { columns, table, stated: panel, states_output }
    }

    /// How many values a row may have.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Adds a row. Values beyond the last column are left out; a row that ends early has zeros there. Each value adds to what its place
    /// already holds, so that regions that a file splits come together.
    pub fn row(&mut self, row: Row, values: impl IntoIterator<Item = f64>) {
        self.row_from(row, 0, values);
    }

    /// Adds a part of a row, from the column with index `from` on: for datasets that keep inputs and final use in files of their own.
    pub fn row_from(&mut self, row: Row, from: usize, values: impl IntoIterator<Item = f64>) {
        let table = &mut self.table;
        for (column, value) in self.columns.iter().skip(from).zip(values) {
            match (row, *column) {
                (Row::Sales { region: i, sector: k }, Column::Use { region: n, sector: j }) => {
                    table.flows[[n, i, k]] += value;
                    table.inputs[[n, k, j]] += value;
                }
                (Row::Sales { region: i, sector: k }, Column::Final { region: n }) => {
                    table.flows[[n, i, k]] += value;
                    table.final_demand[[n, k]] += value;
                }
                (Row::Sales { region, sector }, Column::Output) => self.stated[[region, sector]] += value,
                (Row::ValueAdded, Column::Use { region, sector }) => table.value_added[[region, sector]] += value,
                (Row::Taxes, Column::Use { region, sector }) => table.taxes[[region, sector]] += value,
                _ => {}
            }
        }
    }

    /// Adds what a user should know.
    pub fn remark(&mut self, remark: impl Into<String>) {
        self.table.remarks.push(remark.into());
    }

    /// The table.
    pub fn finish(self, dataset: impl Into<String>, year: i32, unit: impl Into<String>) -> InputOutput {
        let output = if self.states_output { self.stated } else { self.table.flows.sum_axis(Axis(0)) };
        InputOutput { dataset: dataset.into(), year, unit: unit.into(), output, ..self.table }
    }
}

/// Names from labels that may repeat: each once, in the order of their first appearance.
pub fn distinct<'a>(labels: impl IntoIterator<Item = &'a str>) -> Names {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for label in labels {
        if seen.insert(label) {
            names.push(label.to_owned());
        }
    }
    // No name stands twice, which is all that could be wrong with them.
    Names::new(names).unwrap_or_default()
}
