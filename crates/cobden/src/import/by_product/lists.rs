//! The lists of trade that can be read, and how.

use cobden_data::{ListFormat, Summary, TradeRecord, baci, tidy};
use cobden_world::Problem;

use crate::import::customs;
use crate::import::products::Codes;
use crate::import::source::Source;

/// How a list says its products.
///
/// # Errors
/// A file that is no list of trade by product.
pub(super) fn codes(format: ListFormat, source: &Source) -> Result<Codes, Problem> {
    match format {
        ListFormat::Baci | ListFormat::BaciArchive | ListFormat::Census | ListFormat::CensusParquet => {
            Ok(Codes::Harmonized)
        }
        ListFormat::TidyTrade => Ok(Codes::Own),
        other => {
            let problem = Problem::new(format!("{} has no trade by product", other.title())).in_file(&source.label);
            Err(problem
                .help("trade by product is read from BACI, US Census, or a table importer, exporter, product, value"))
        }
    }
}

/// Tells every record of the year.
///
/// # Errors
/// What the reader finds wrong; an error of the listener.
pub(super) fn each(
    source: &Source,
    format: ListFormat,
    year: i32,
    listen: &mut dyn FnMut(TradeRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let (label, file) = (source.label.as_str(), source.open()?);
    match format {
        ListFormat::Baci => baci::read(file, label, None, &[year], listen),
        ListFormat::BaciArchive => baci::read_zip(file, label, &[year], listen),
        ListFormat::Census | ListFormat::CensusParquet => {
            customs::read(source, format, year, &mut |exporter, import| {
                listen(TradeRecord { exporter, ..import.trade() })
            })
        }
        _ => {
            // Its years are told as they come.
            let mut told = 0;
            let summary = tidy::read_trade(file, label, Some(year), &mut |record| {
                told += u64::from(record.year == year);
                if record.year == year { listen(record) } else { Ok(()) }
            })?;
            Ok(Summary { read: told, ..summary })
        }
    }
}
