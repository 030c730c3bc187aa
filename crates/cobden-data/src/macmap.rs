//! MAcMap-HS6: applied tariffs between 200 countries by six-digit product, specific duties converted.
//!
//! **Where from**: CEPII and ITC, MAcMap-HS6 (editions 2001, 2004, ..., 2019). **Licence**: on request, not to be passed on; cite Guimbard,
//! Jean, Mimouni and Pichot (2012).
//!
//! **Layout**: a zip archive (over 4 GB unpacked: zip64) with one CSV, `mmhs6_2019.csv`: importer, exporter, HS6 product and `adv`, the ad
//! valorem equivalent as a **decimal fraction**. 144 million rows. Editions call the columns by different names; accepted are `importer`,
//! `reporter`, `iso_d` or `iso3_d`; `exporter`, `partner`, `iso_o` or `iso3_o`; `hs6`, `product`, `hs` or `k`; `adv`, `ave` or `tariff`.
//!
//! **Quirks**: leading zeros of products are lost where a tool took them for numbers, and are put back. The year is not in the rows: it is that
//! of the edition, and the caller says it.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::{Lines, padded};
use crate::zipped::Archive;
use crate::{Summary, TariffRecord};

/// Reads the CSV of an edition.
///
/// ```
/// use cobden_data::macmap;
/// let file = "importer,exporter,hs6,adv\nJPN,USA,10121,0.25\n";
/// macmap::read(file.as_bytes(), "mmhs6_2019.csv", 2019, &mut |record| {
///     assert_eq!((record.importer, record.product, record.rate), ("JPN", "010121", 0.25));
///     Ok(())
/// })?;
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column or a cell that does not read, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    year: i32,
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let importer = header.need(&["importer", "reporter", "iso_d", "iso3_d"])?;
    let exporter = header.need(&["exporter", "partner", "iso_o", "iso3_o"])?;
    let (hs6, adv) = (header.need(&["hs6", "product", "hs", "k"])?, header.need(&["adv", "ave", "tariff"])?);
    let mut summary = Summary { years: [year].into(), ..Summary::default() };
    let mut buffer = [0; 6];
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let (importer, exporter) = (record.name(importer)?, Some(record.name(exporter)?));
        let Some(product) = padded(record.raw(hs6), &mut buffer) else {
            return Err(record.not_a(hs6, "a product code of up to six digits"));
        };
        let Some(rate) = record.value(adv)? else {
            summary.skip("no rate");
            continue;
        };
        listen(TariffRecord { year, importer, exporter, product, rate, weight: None })?;
        summary.read += 1;
    }
    Ok(summary)
}

/// Reads the one CSV of an archive, as [`read`].
///
/// # Errors
/// As [`read`]; an archive with no CSV or several.
pub fn read_zip(
    input: impl Read + Seek,
    label: &str,
    year: i32,
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut archive = Archive::open(input, label)?;
    let mut names = archive.names()?;
    names.retain(|name| name.to_ascii_lowercase().ends_with(".csv"));
    let [name] = names.as_slice() else {
        let problem = Problem::new(format!("the archive has {} CSV files", names.len()));
        return Err(problem.help("expected one, mmhs6_YEAR.csv").in_file(label));
    };
    let (entry, label) = archive.entry(name)?;
    read(entry, &label, year, listen)
}
