//! USITC ITPD-E and ITPD-S: trade between countries by industry, domestic sales included.
//!
//! **Where from**: United States International Trade Commission, Gravity Portal: the International Trade and Production Database for
//! Estimation (E: administrative data) and for Simulation (S: gaps filled). **Licence**: public domain (US government); cite Borchert,
//! Larch, Shikher and Yotov (2021).
//!
//! **Layout**: one CSV (30 GB for all years of S), header
//! `exporter_iso3,exporter_dynamic_code,exporter_name,importer_iso3,importer_dynamic_code,importer_name,year,industry_id,industry_descr,broad_sector,trade,flag_mirror,flag_zero`.
//! 170 industries: 1 to 28 agriculture, to 33 mining and energy, to 153 manufacturing, to 170 services. `trade` is USD million.
//! `flag_mirror` is 1 where the importer's or exporter's mirror value stands in; `flag_zero` is `p` for a positive value, `r` for a zero
//! that was reported and `u` for one that is not known and set to 0.
//!
//! **Quirks**: names hold commas (`"Korea, South"`) and are quoted; the variant `_no_names` leaves out the columns of names; releases write
//! `exporter_iso3` or `iso3_o`. Domestic sales are rows with exporter = importer.

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::Lines;
use crate::{Summary, TradeRecord};

/// A record with the flags of the database.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flagged<'a> {
    /// The record: product is the industry's number.
    pub trade: TradeRecord<'a>,
    /// Whether the value is what the other side declared.
    pub mirror: bool,
    /// Whether it is a zero that nobody reported.
    pub unknown_zero: bool,
}

/// Reads the CSV. Only rows of `years` are told; no years ask for all.
///
/// ```
/// use cobden_data::itpd;
/// let file = "exporter_iso3,exporter_name,importer_iso3,importer_name,year,industry_id,trade,flag_mirror,flag_zero\n\
///             KOR,\"Korea, South\",USA,United States,2019,34,12.5,1,p\n";
/// let summary = itpd::read(file.as_bytes(), "itpd.csv", &[], &mut |record| {
///     assert_eq!((record.trade.exporter, record.trade.product, record.trade.value), ("KOR", "34", 12.5));
///     assert!(record.mirror && !record.unknown_zero);
///     Ok(())
/// })?;
/// assert_eq!(summary.read, 1);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column or a cell that does not read, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    years: &[i32],
    listen: &mut dyn FnMut(Flagged<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let exporter = header.need(&["exporter_iso3", "iso3_o"])?;
    let importer = header.need(&["importer_iso3", "iso3_d"])?;
    let (year_at, industry, trade) =
        (header.need(&["year"])?, header.need(&["industry_id"])?, header.need(&["trade"])?);
    let (mirror, zero) = (header.find(&["flag_mirror"]), header.find(&["flag_zero"]));
    let mut summary = Summary::default();
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let year = record.year(year_at)?;
        if !summary.wants(year, years) {
            continue;
        }
        let (exporter, importer) = (record.name(exporter)?, record.name(importer)?);
        let product = record.name(industry)?;
        let Some(value) = record.value(trade)? else {
            summary.skip("no value");
            continue;
        };
        let mirror = match mirror.map_or("0", |column| record.raw(column)) {
            "1" => true,
            "0" | "" | "NA" => false,
            _ => return Err(record.not_a(mirror.unwrap_or_default(), "a flag, 0 or 1")),
        };
        let unknown_zero = match zero.map_or("p", |column| record.raw(column)) {
            "u" => true,
            "p" | "r" | "" | "NA" => false,
            _ => return Err(record.not_a(zero.unwrap_or_default(), "a flag, p, r or u")),
        };
        let trade = TradeRecord { year, exporter, importer, product, value };
        listen(Flagged { trade, mirror, unknown_zero })?;
        summary.read += 1;
    }
    Ok(summary)
}
