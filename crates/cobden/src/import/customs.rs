//! What US customs recorded, whichever way a file has the European Union in it.

use cobden_data::census::{self, EuropeanUnion};
use cobden_data::{ListFormat, Summary};
use cobden_world::Problem;

use super::source::Source;

/// The code of Census for the European Union.
const UNION: &str = "0003";

/// Tells every import of a year with the name of its country, since Census has codes of its own. Where the European Union stands for its
/// members, it is told, as `EU`, and they are not.
///
/// # Errors
/// What the reader finds wrong; an error of the listener.
pub(super) fn read(
    source: &Source,
    format: ListFormat,
    year: i32,
    listen: &mut dyn FnMut(&str, census::Import<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let read = |union: EuropeanUnion, listen: &mut dyn FnMut(census::Import<'_>) -> Result<(), Problem>| {
        let options = census::Options { year: Some(year), union };
        match format {
            ListFormat::Census => census::read(source.open()?, &source.label, &options, listen),
            _ => census::read_parquet(source.whole()?.into(), &source.label, &options, listen),
        }
    };
    let mut whole = false;
    read(EuropeanUnion::Whole, &mut |import| {
        whole |= import.country == UNION;
        Ok(())
    })?;
    let union = if whole { EuropeanUnion::Whole } else { EuropeanUnion::Members };
    read(union, &mut |import| {
        let exporter = if import.country == UNION { "EU" } else { import.name };
        listen(exporter, import)
    })
}
