//! The table that a world is made from, of whichever dataset.

use std::collections::BTreeMap;

use cobden_data::gtap;
use cobden_data::har::HarFile;
use cobden_data::{InputOutput, ListFormat, TableFormat, TradeRecord, distinct, itpd, tidy};
use cobden_world::{Problem, Rate};
use ndarray::{Array2, Array3, Axis};

use super::elasticities::Chosen;
use super::source::Source;

/// A table and what its source says besides.
pub(super) struct Base {
    pub(super) table: InputOutput,
    /// tau, `[n, i, j]`, where the source has them.
    pub(super) tariffs: Option<Array3<Rate>>,
    pub(super) elasticities: Option<Chosen>,
}

/// Reads the table; `format` names the dataset where name and content of a file do not tell.
///
/// # Errors
/// No file or one that is nothing to start from; what its reader finds wrong.
pub(super) fn read(sources: &[Source], format: Option<&str>, year: Option<i32>) -> Result<Base, Problem> {
    let Some(source) = sources.first() else {
        return Err(Problem::new("no source").help("name the file of a table, e.g. 2022_SML.csv"));
    };
    let known = TableFormat::ALL.iter().map(|known| known.name());
    let list = match format {
        Some(name) => ListFormat::ALL.into_iter().find(|list| list.name() == name),
        None => source.list().ok(),
    };
    match list {
        Some(list @ (ListFormat::Itpd | ListFormat::TidyTrade)) => of_trade(source, list, year),
        Some(ListFormat::HeaderArrays) => of_gtap(sources, year),
        Some(other) => {
            let problem = Problem::new(format!("{} is nothing to start a world from", other.title()));
            let help = format!(
                "name a table ({}) or a list of trade that has domestic sales",
                known.collect::<Vec<_>>().join(", ")
            );
            Err(problem.in_file(&source.label).help(help))
        }
        None => {
            let table = match format {
                Some(name) => TableFormat::named(name)?,
                None => source.table()?,
            };
            let table = table.read(source.open()?, &source.label, year)?;
            Ok(Base { table, tariffs: None, elasticities: None })
        }
    }
}

/// A GTAP database: `basedata.har`, and parameters and rates if they are given; which file is which tell its headers.
fn of_gtap(sources: &[Source], year: Option<i32>) -> Result<Base, Problem> {
    let year = year.ok_or_else(|| {
        let problem = Problem::new("a GTAP database does not say of which year it is").in_file(&sources[0].label);
        problem.help("say --year, e.g. 2017 for GTAP 11")
    })?;
    let files = sources.iter().map(|source| HarFile::read(source.open()?, &source.label));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let with = |headers: [&str; 2]| files.iter().find(|file| headers.iter().any(|header| file.get(header).is_some()));
    let missing = || Problem::new("no file has the header VXSB or VXMD").help("name basedata.har of a GTAP database");
    let data = with(["VXSB", "VXMD"]).ok_or_else(missing)?;
    let source = gtap::Source { data, parameters: with(["ESBM", "ESBD"]), rates: with(["RTMS", "RTMS"]), year };
    let read = gtap::read(&source).map_err(|problem| problem.in_file(&sources[0].label))?;
    let elasticities = read.elasticities.map(|values| Chosen { values, source: "ESBM - 1 of the database".to_owned() });
    Ok(Base { table: read.table, tariffs: Some(read.tariffs.mapv(Rate)), elasticities })
}

/// A list of trade, domestic sales included, as a table in which nobody uses anything to make something.
fn of_trade(source: &Source, format: ListFormat, year: Option<i32>) -> Result<Base, Problem> {
    let mut trade = Trade::default();
    let years: Vec<i32> = year.into_iter().collect();
    let summary = match format {
        ListFormat::Itpd => {
            itpd::read(source.open()?, &source.label, &years, &mut |flagged| trade.add(&flagged.trade))?
        }
        _ => tidy::read_trade(source.open()?, &source.label, year, &mut |record| trade.add(&record))?,
    };
    let years: Vec<i32> = summary.years.iter().copied().collect();
    let wanted = match (year, years.as_slice()) {
        (Some(year), years) if years.contains(&year) => year,
        (None, [only]) => *only,
        (_, years) => {
            let listed: Vec<String> = years.iter().map(i32::to_string).collect();
            let problem = Problem::new("which year?").in_file(&source.label);
            return Err(problem.help(format!("say --year; the file has {}", listed.join(", "))));
        }
    };
    let table = trade.table(format.title(), wanted).map_err(|problem| problem.in_file(&source.label))?;
    Ok(Base { table, tariffs: None, elasticities: None })
}

/// Trade by year, importer, exporter and sector, as a list tells it.
#[derive(Default)]
struct Trade {
    names: BTreeMap<String, u32>,
    cells: BTreeMap<(i32, u32, u32, u32), f64>,
}

impl Trade {
    fn add(&mut self, record: &TradeRecord<'_>) -> Result<(), Problem> {
        let key = (record.year, self.name(record.importer), self.name(record.exporter), self.name(record.product));
        *self.cells.entry(key).or_default() += record.value;
        Ok(())
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(at) = self.names.get(name) {
            return *at;
        }
        let at = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.insert(name.to_owned(), at);
        at
    }

    fn table(self, dataset: &str, year: i32) -> Result<InputOutput, Problem> {
        let mut text = vec![""; self.names.len()];
        self.names.iter().for_each(|(name, at)| text[*at as usize] = name);
        let cells: Vec<_> = self.cells.iter().filter(|((of, ..), _)| *of == year).collect();
        // In alphabetical order, whatever the order of the file.
        let mut regions: Vec<&str> =
            cells.iter().flat_map(|((_, n, i, _), _)| [text[*n as usize], text[*i as usize]]).collect();
        let mut sectors: Vec<&str> = cells.iter().map(|((.., j), _)| text[*j as usize]).collect();
        regions.sort_unstable();
        sectors.sort_unstable();
        let (regions, sectors) = (distinct(regions), distinct(sectors));
        let (n, j) = (regions.len(), sectors.len());
        let mut flows = Array3::zeros((n, n, j));
        for ((_, importer, exporter, sector), value) in cells {
            let place = |names: &cobden_world::Names, of: u32| names.index(text[of as usize]).unwrap_or_default();
            flows[[place(&regions, *importer), place(&regions, *exporter), place(&sectors, *sector)]] += value;
        }
        if (0..n).all(|n| flows.index_axis(Axis(0), n).index_axis(Axis(0), n).sum() == 0.0) {
            let problem =
                Problem::new("the list has no domestic sales, without which nobody can tell what trade is worth");
            return Err(problem.help("add rows whose importer is the exporter: sales less exports"));
        }
        let zeros = Array2::zeros((n, j));
        Ok(InputOutput {
            dataset: dataset.to_owned(),
            year,
            unit: "USD million".to_owned(),
            final_demand: flows.sum_axis(Axis(1)),
            value_added: flows.sum_axis(Axis(0)),
            output: flows.sum_axis(Axis(0)),
            inputs: Array3::zeros((n, j, j)),
            taxes: zeros,
            flows,
            regions,
            sectors,
            remarks: vec!["a list of trade: no inputs, value added is sales".to_owned()],
        })
    }
}
