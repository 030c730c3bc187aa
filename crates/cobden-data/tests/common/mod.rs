//! A small world in the layouts of the datasets, written here from their documentation.

#![allow(dead_code)] // each test file uses a part
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{Cursor, Write};
use std::path::PathBuf;

use cobden_data::InputOutput;

/// A world whose accounts hold: `N` regions, `J` sectors, `C` categories of final use. All numbers are multiples of 1/8, so sums are exact.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) regions: Vec<&'static str>,
    pub(crate) sectors: Vec<&'static str>,
    pub(crate) categories: usize,
    /// `[i k][n j]`
    pub(crate) inputs: Vec<Vec<f64>>,
    /// `[i k][n c]`
    pub(crate) last: Vec<Vec<f64>>,
    pub(crate) taxes: Vec<f64>,
    pub value_added: Vec<f64>,
    pub(crate) output: Vec<f64>,
}

impl Sample {
    pub(crate) fn new(regions: &[&'static str], sectors: &[&'static str], categories: usize) -> Self {
        let (n, j) = (regions.len(), sectors.len());
        let size = n * j;
        let mut inputs = vec![vec![0.0; size]; size];
        let mut last = vec![vec![0.0; n * categories]; size];
        for (row, (inputs, last)) in inputs.iter_mut().zip(&mut last).enumerate() {
            for (column, value) in inputs.iter_mut().enumerate() {
                let home = if row / j == column / j { 16.0 } else { 1.0 };
                let cell = (row * 7 + column * 3) % 11;
                // Some pairs do not trade at all.
                *value = if cell == 5 { 0.0 } else { home * cell as f64 / 8.0 };
            }
            for (column, value) in last.iter_mut().enumerate() {
                let home = if row / j == column / categories { 200.0 } else { 3.0 };
                // The last category is inventories, some of which fall.
                let inventories = column % categories == categories - 1;
                let sign = if inventories && (row + column) % 3 == 0 { -0.125 } else { 1.0 };
                *value = sign * home * (1 + (row * 5 + column) % 7) as f64 / 8.0;
            }
        }
        let output: Vec<f64> = (0..size).map(|row| inputs[row].iter().chain(&last[row]).sum()).collect();
        let taxes: Vec<f64> = (0..size).map(|column| (column % 5) as f64 / 4.0 - 0.25).collect();
        let cost = |column: usize| (0..size).map(|row| inputs[row][column]).sum::<f64>();
        let value_added = (0..size).map(|column| output[column] - cost(column) - taxes[column]).collect();
        let (regions, sectors) = (regions.to_vec(), sectors.to_vec());
        Self { regions, sectors, categories, inputs, last, taxes, value_added, output }
    }

    /// All values times a whole number that brings value added to `world`, near enough.
    pub(crate) fn of_size(mut self, world: f64) -> Self {
        let factor = (world / self.value_added.iter().sum::<f64>()).round().max(1.0);
        let times = |values: &mut Vec<f64>| values.iter_mut().for_each(|value| *value *= factor);
        self.inputs.iter_mut().chain(&mut self.last).for_each(times);
        [&mut self.taxes, &mut self.value_added, &mut self.output].into_iter().for_each(times);
        self
    }

    /// Region and sector of each row.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &'static str)> {
        self.regions.iter().flat_map(|region| self.sectors.iter().map(|sector| (*region, *sector))).collect()
    }

    /// Whether a table holds this world, exactly but for `tolerance`, and has accounts that hold.
    #[track_caller]
    pub(crate) fn check(&self, table: &InputOutput, tolerance: f64) {
        let (n, j, c) = (self.regions.len(), self.sectors.len(), self.categories);
        assert_eq!(table.regions.iter().collect::<Vec<_>>(), self.regions);
        assert_eq!(table.sectors.iter().collect::<Vec<_>>(), self.sectors);
        let same = |found: f64, expected: f64, what: &str| {
            assert!((found - expected).abs() <= tolerance, "{what}: {found} for {expected}")
        };
        for (row, (inputs, last)) in self.inputs.iter().zip(&self.last).enumerate() {
            let (i, k) = (row / j, row % j);
            same(table.output[[i, k]], self.output[row], "output");
            same(table.value_added[[i, k]], self.value_added[row], "value added");
            same(table.taxes[[i, k]], self.taxes[row], "taxes");
            for to in 0..n {
                let sales = inputs[to * j..][..j].iter().chain(&last[to * c..][..c]).sum();
                same(table.flows[[to, i, k]], sales, "flows");
            }
        }
        for to in 0..n {
            for k in 0..j {
                let rows = || (0..n).map(|i| i * j + k);
                same(
                    table.final_demand[[to, k]],
                    rows().map(|row| self.last[row][to * c..][..c].iter().sum::<f64>()).sum(),
                    "final",
                );
                for user in 0..j {
                    same(
                        table.inputs[[to, k, user]],
                        rows().map(|row| self.inputs[row][to * j + user]).sum(),
                        "inputs",
                    );
                }
            }
        }
        assert_eq!(table.gaps(1e-9, 10.0 * tolerance), []);
    }
}

/// A number as a cell of text: nothing for 0, an exponent now and then.
pub(crate) fn cell(value: f64) -> String {
    match value {
        0.0 => String::new(),
        value if value.fract() == 0.125 => format!("{value:e}"),
        value => value.to_string(),
    }
}

/// An archive of these entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file of the folder of test data: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository.
pub(crate) fn data(name: &str) -> Option<Vec<u8>> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let path = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from).join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        println!("skipped: {name} absent");
    }
    found
}

pub(crate) mod r;
pub(crate) mod sheets;

pub(crate) mod flat {
    //! ICIO and FIGARO.

    use super::{Sample, cell};

    /// Header and rows as text.
    pub(crate) fn csv(corner: &str, labels: &[String], rows: &[(String, Vec<f64>)]) -> String {
        let mut text = format!("{corner},{}\n", labels.join(","));
        for (label, values) in rows {
            let cells: Vec<String> = values.iter().map(|value| cell(*value)).collect();
            text += &format!("{label},{}\n", cells.join(","));
        }
        text
    }

    const CATEGORIES: [&str; 7] = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "X"];

    /// One year of ICIO as the editions of 2023 and 2025 have it.
    pub(crate) fn icio(sample: &Sample) -> String {
        let (labels, mut rows) = body(sample, &CATEGORIES);
        let labels: Vec<String> = labels.into_iter().chain(["OUT".to_owned()]).collect();
        rows.iter_mut().zip(&sample.output).for_each(|((_, values), output)| values.push(*output));
        let zeros = vec![0.0; sample.last[0].len()];
        rows.push(("TLS".to_owned(), [&sample.taxes[..], &zeros, &[0.0]].concat()));
        rows.push(("VA".to_owned(), [&sample.value_added[..], &zeros, &[0.0]].concat()));
        rows.push(("OUT".to_owned(), [&sample.output[..], &zeros, &[0.0]].concat()));
        csv("V1", &labels, &rows)
    }

    pub(crate) fn figaro(sample: &Sample) -> String {
        let (labels, mut rows) = body(sample, &["P3_S13", "P3_S14", "P3_S15", "P51G", "P5M"]);
        let zeros = vec![0.0; sample.last[0].len()];
        let mut row = |label: &str, values: &dyn Fn(usize) -> f64| {
            let values: Vec<f64> = (0..sample.output.len()).map(values).collect();
            rows.push((label.to_owned(), [&values[..], &zeros].concat()));
        };
        row("W2_D21X31", &|at| sample.taxes[at] - 0.5);
        row("W2_OP_RES", &|_| 0.25);
        row("W2_OP_NRES", &|_| 0.25);
        row("W2_D1", &|at| 0.5 * sample.value_added[at]);
        row("W2_D29X39", &|at| 0.125 * sample.value_added[at]);
        row("W2_B2A3G", &|at| 0.375 * sample.value_added[at]);
        csv("rowLabels", &labels, &rows)
    }

    /// Columns and rows of sales, `REGION_CODE`.
    pub(crate) fn body(sample: &Sample, categories: &[&str]) -> (Vec<String>, Vec<(String, Vec<f64>)>) {
        let mut labels: Vec<String> =
            sample.pairs().iter().map(|(region, sector)| format!("{region}_{sector}")).collect();
        let rows = labels.iter().zip(&sample.inputs).zip(&sample.last);
        let rows = rows.map(|((label, inputs), last)| (label.clone(), [&inputs[..], last].concat())).collect();
        for region in &sample.regions {
            labels.extend(categories[..sample.categories].iter().map(|category| format!("{region}_{category}")));
        }
        (labels, rows)
    }
}
