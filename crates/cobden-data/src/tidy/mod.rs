//! A table of one's own: flows or tariffs, one row for each, as a ministry's spreadsheet saves it.
//!
//! **Layout**: a header names the columns, in any order. Flows ([`read_trade`]): `importer, exporter, sector` (or `product`)`, value`; tariffs
//! ([`read_tariffs`]): `importer, exporter, sector` (or `product`)`, rate`. Optional: `year`; for tariffs `exporter` (absent, empty or `*`:
//! everyone) and `weight`, the trade that the rate is an average over. Any other column is an error that names the nearest one: a column that
//! is misspelt must not be one that is not there.
//!
//! Lines before the header that begin with `#` are comments. Two have a meaning: `# year: 2022` for tables without that column, and
//! `# unit: ...`: for flows a currency with its scale (`USD`, `USD thousand`, `EUR million`, `USD billion`; without it: millions), for
//! tariffs `percent` or `fraction` (without it: fractions, 0.25 is 25 %).
//!
//! **Forgiving**: cells are separated by commas, semicolons or tabs, whichever the header has; with semicolons or tabs a decimal comma is read,
//! and `1.234,5`, `1,234.5` and `1 234,5` are the same number; a rate may be written `2.5%`. UTF-8 or Windows-1252.
//!
//! **Strict**: empty cells, negative values and rates of more than 1,000 % without a unit are errors, with line and column.

mod columns;
mod number;

use std::io::Read;

use cobden_world::Problem;

use crate::lines::{Record, is_missing};
use crate::{Summary, TariffRecord, TradeRecord};
use columns::Table;

/// Reads flows. `year` is that of rows where the table does not say. Values are told in millions of the table's currency.
///
/// ```
/// use cobden_data::tidy;
/// let file = "# unit: USD thousand\nexporter;importer;product;value\nCHN;USA;010121;1.234,5\n";
/// tidy::read_trade(file.as_bytes(), "flows.csv", Some(2022), &mut |record| {
///     assert_eq!((record.exporter, record.importer, record.product), ("CHN", "USA", "010121"));
///     assert_eq!((record.year, record.value), (2022, 1.2345));
///     Ok(())
/// })?;
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// An unknown, missing or double column; a cell that does not read; a negative value; no year anywhere; an error of the listener.
pub fn read_trade(
    input: impl Read,
    label: &str,
    year: Option<i32>,
    listen: &mut dyn FnMut(TradeRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut table = Table::open(input, label, "value", &[])?;
    let exporter = table.need("exporter")?;
    let per_million = table.scale()?;
    let mut summary = Summary::default();
    while let Some(row) = table.next(year)? {
        let value = row.value;
        if value < 0.0 {
            return Err(row.record.not_a(row.value_at, "a value of trade: it is negative"));
        }
        let exporter = row.record.text(exporter);
        let (importer, product) = (row.record.text(row.importer), row.record.text(row.product));
        for (cell, column) in [(&exporter, "exporter"), (&importer, "importer"), (&product, "product")] {
            filled(&row.record, cell, column)?;
        }
        summary.years.insert(row.year);
        let trade = TradeRecord {
            year: row.year,
            exporter: &exporter,
            importer: &importer,
            product: &product,
            value: value / per_million,
        };
        listen(trade)?;
        summary.read += 1;
    }
    Ok(summary)
}

/// Reads tariffs. `year` is that of rows where the table does not say. Rates are told as fractions.
///
/// ```
/// use cobden_data::tidy;
/// let file = "# unit: percent\nimporter\tsector\trate\nBRA\tsteel\t10,8\n";
/// tidy::read_tariffs(file.as_bytes(), "tariffs.tsv", Some(2022), &mut |record| {
///     assert_eq!((record.importer, record.exporter, record.product), ("BRA", None, "steel"));
///     assert!((record.rate - 0.108).abs() < 1e-15);
///     Ok(())
/// })?;
/// let problem = tidy::read_tariffs(&b"importer,exportr,sector,rate\n"[..], "t.csv", Some(2022), &mut |_| Ok(())).unwrap_err();
/// assert_eq!(problem.to_string(), "t.csv:1:10: unknown column \"exportr\" (did you mean \"exporter\"?)");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// An unknown, missing or double column; a cell that does not read; a rate of -100 % or less, or of more than 1,000 % in a table that does
/// not say its unit; no year anywhere; an error of the listener.
pub fn read_tariffs(
    input: impl Read,
    label: &str,
    year: Option<i32>,
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut table = Table::open(input, label, "rate", &["weight"])?;
    let (exporter, weight) = (table.find("exporter"), table.find("weight"));
    let unit = table.rate_unit()?;
    let mut summary = Summary::default();
    while let Some(row) = table.next(year)? {
        let percent = row.percent || unit == Some(100.0);
        let rate = if percent { row.value / 100.0 } else { row.value };
        if rate <= -1.0 {
            return Err(row.record.not_a(row.value_at, "a rate: it is -100 % or less"));
        }
        if rate > 10.0 && unit.is_none() && !row.percent {
            let problem = Problem::new(format!("a rate of {} per cent", 100.0 * rate));
            let problem = problem.help("write 25 per cent as 0.25, or \"# unit: percent\" above the header");
            return Err(row.record.problem(problem, row.value_at));
        }
        let exporter = exporter.map(|column| row.record.text(column));
        let exporter = exporter.as_deref().filter(|name| !matches!(*name, "" | "*"));
        let (importer, product) = (row.record.text(row.importer), row.record.text(row.product));
        filled(&row.record, &importer, "importer")?;
        filled(&row.record, &product, "product")?;
        let weight = match weight {
            Some(column) if !is_missing(row.record.raw(column)) => Some(row.number(column)?),
            _ => None,
        };
        summary.years.insert(row.year);
        listen(TariffRecord { year: row.year, importer: &importer, exporter, product: &product, rate, weight })?;
        summary.read += 1;
    }
    Ok(summary)
}

fn filled(record: &Record<'_>, cell: &str, column: &str) -> Result<(), Problem> {
    if cell.is_empty() { Err(record.problem(Problem::new(format!("the {column} is empty")), 0)) } else { Ok(()) }
}
