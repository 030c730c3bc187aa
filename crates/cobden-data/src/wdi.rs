//! World Bank, World Development Indicators: GDP and any other indicator by country and year.
//!
//! **Where from**: World Bank, <https://data.worldbank.org>. **Licence**: CC BY 4.0.
//!
//! **Layout**: the download of one indicator (`API_NY.GDP.MKTP.CD_DS2_en_csv_v2_*.csv`) and the whole database (`WDICSV.csv`) share it: comma
//! separated, every cell quoted in the first, a header
//! `Country Name,Country Code,Indicator Name,Indicator Code,1960,1961,...` and a comma at the end of each line. The first has four lines before
//! its header: `Data Source`, blank, `Last Updated Date`, blank.
//!
//! **Quirks**: the countries include aggregates (`WLD`, `EUU`, `ARB`): who adds up must leave them out. Missing is empty (`..` in tables of the
//! DataBank). Years may be headed `2020 [YR2020]`, as the DataBank does. GDP in current USD, `NY.GDP.MKTP.CD`, is in USD, not millions; values
//! are told as they stand.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::Summary;
use crate::header::Header;
use crate::lines::{Lines, Record, year};
use crate::zipped::Archive;

/// Gross domestic product, current USD.
pub const GDP: &str = "NY.GDP.MKTP.CD";

/// The value of an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indicator<'a> {
    /// ISO 3166 alpha-3 code, or that of an aggregate of the World Bank.
    pub country: &'a str,
    /// The year.
    pub year: i32,
    /// The value in the indicator's own unit.
    pub value: f64,
}

/// Reads the values of `indicator`, e.g. [`GDP`]. Only those of `years` are told; no years ask for all.
///
/// ```
/// use cobden_data::wdi;
/// let file = "\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2019\",\"2020\",\n\
///             \"Iceland\",\"ISL\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"24682000000\",\"\",\n";
/// let mut values = Vec::new();
/// wdi::read(file.as_bytes(), "API.csv", wdi::GDP, &[], &mut |record| {
///     values.push((record.country.to_owned(), record.year, record.value));
///     Ok(())
/// })?;
/// assert_eq!(values, [("ISL".to_owned(), 2019, 24682000000.0)]);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// No header, no year in it, a cell that does not read, or an indicator that the file does not have; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    indicator: &str,
    years: &[i32],
    listen: &mut dyn FnMut(Indicator<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = header_after_preamble(&mut lines, label)?;
    let (country, code) = (header.need(&["Country Code"])?, header.need(&["Indicator Code", "Series Code"])?);
    let columns: Vec<(usize, i32)> =
        header.names().enumerate().filter_map(|(column, name)| Some((column, year_of(name)?))).collect();
    if columns.is_empty() {
        return Err(Problem::new("the header has no years").help("expected columns 1960, 1961, ...").in_file(label));
    }
    let mut summary = Summary::default();
    let mut found = false;
    while let Some(record) = lines.next()? {
        if is_footer(&record, code) {
            continue;
        }
        header.check(&record)?;
        if record.raw(code) != indicator {
            summary.skip("other indicator");
            continue;
        }
        found = true;
        let country = record.name(country)?;
        for (column, year) in &columns {
            let Some(value) = record.value(*column)? else { continue };
            if summary.wants(*year, years) {
                listen(Indicator { country, year: *year, value })?;
                summary.read += 1;
            }
        }
    }
    if !found {
        let problem = Problem::new(format!("the file has no indicator {indicator}"));
        return Err(problem.help("the code stands in the column Indicator Code").in_file(label));
    }
    Ok(summary)
}

/// Reads the archive that the World Bank gives out: its table of values (`API_*.csv`, or `WDICSV.csv` of the whole database) among those that describe it.
///
/// # Errors
/// As [`read`]; an archive without such a table.
pub fn read_zip(
    input: impl Read + Seek,
    label: &str,
    indicator: &str,
    years: &[i32],
    listen: &mut dyn FnMut(Indicator<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut archive = Archive::open(input, label)?;
    let is_table = |name: &&String| {
        let name = name.rsplit('/').next().unwrap_or_default();
        name.ends_with(".csv") && ["API_", "WDICSV", "WDIData"].iter().any(|start| name.starts_with(start))
    };
    let names = archive.names()?;
    let Some(name) = names.iter().find(is_table) else {
        let problem = Problem::new("the archive has no table of an indicator").in_file(label);
        return Err(problem.help("expected API_NY.GDP.MKTP.CD_DS2_en_csv_v2_*.csv or WDICSV.csv in it"));
    };
    let (entry, label) = archive.entry(name)?;
    read(entry, &label, indicator, years, listen)
}

/// The header is the first line with a country code; the site puts up to four lines before it.
fn header_after_preamble(lines: &mut Lines<'_, impl Read>, label: &str) -> Result<Header, Problem> {
    for _ in 0..6 {
        let Some(record) = lines.next()? else { break };
        let header = Header::of(&record, label);
        if header.find(&["Country Code"]).is_some() {
            return Ok(header);
        }
    }
    let problem = Problem::new("no header with \"Country Code\" in the first lines");
    Err(problem.help("expected Country Name,Country Code,Indicator Name,Indicator Code,1960,...").in_file(label))
}

/// Lines at the end of a DataBank table, such as "Data from database: World Development Indicators".
fn is_footer(record: &Record<'_>, code: usize) -> bool {
    record.len() <= code && record.raw(0).starts_with(['D', 'L'])
}

/// `2020` or `2020 [YR2020]`.
fn year_of(name: &str) -> Option<i32> {
    year(name.split(' ').next()?)
}
