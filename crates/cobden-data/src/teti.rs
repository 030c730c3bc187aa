//! The Global Tariff Database of Feodora Teti: tariffs between 200 countries by sector, 1988 to 2021.
//!
//! **Where from**: the author's page (F. Teti, *Missing Tariffs*), an archive of CSV files. **Licence**: not stated; treat as not to be passed
//! on.
//!
//! **Layout**: `tariff_isic33*.csv` (2.7 GB) and other cuts by sector, comma separated:
//! `iso1,iso2,year,sector,tariff,mfn,tariff_w,mfn_w,tariff95,mfn95,tariff95_w,mfn95_w`. `iso1` is the **importer**, `iso2` the exporter. `sector`
//! is ISIC Rev. 3, two digits. Rates are **per cent**: `tariff` is applied (preferences included), `mfn` most favoured nation; `_w` is weighted by
//! trade; `95` has rates above the 95th percentile cut.
//!
//! **Quirks**: the rates are statutory: extra duties (safeguards, Sections 232 and 301, retaliation) are **not** in it. Missing is empty or `NA`
//! or `.` (Stata). Sectors of one digit are padded to two here.
//!
//! Rates are told as fractions.

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::{Lines, padded};
use crate::{Summary, TariffRecord};

/// Which of the eight rates of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Most favoured nation instead of applied.
    pub most_favoured: bool,
    /// With rates above the 95th percentile cut.
    pub trimmed: bool,
    /// Weighted by trade.
    pub weighted: bool,
}

impl Rates {
    fn column(self) -> String {
        let base = if self.most_favoured { "mfn" } else { "tariff" };
        format!("{base}{}{}", if self.trimmed { "95" } else { "" }, if self.weighted { "_w" } else { "" })
    }
}

/// Reads a CSV of the database. Only rows of `years` are told; no years ask for all.
///
/// ```
/// use cobden_data::teti::{self, Rates};
/// let file = "iso1,iso2,year,sector,tariff,mfn,tariff_w,mfn_w\nUSA,CHN,2018,1,4.5,5,4.2,4.9\n";
/// let rates = Rates { weighted: true, ..Rates::default() };
/// teti::read(file.as_bytes(), "tariff_isic33.csv", rates, &[], &mut |record| {
///     assert_eq!((record.importer, record.exporter, record.product), ("USA", Some("CHN"), "01"));
///     assert!((record.rate - 0.042).abs() < 1e-15);
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
    rates: Rates,
    years: &[i32],
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let (importer, exporter) = (header.need(&["iso1"])?, header.need(&["iso2"])?);
    let (year_at, sector) = (header.need(&["year"])?, header.need(&["sector"])?);
    let rate = header.need(&[&rates.column()])?;
    let mut summary = Summary::default();
    let mut buffer = [0; 2];
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let year = record.year(year_at)?;
        if !summary.wants(year, years) {
            continue;
        }
        let (importer, exporter) = (record.name(importer)?, Some(record.name(exporter)?));
        let name = record.name(sector)?;
        let product = padded(name, &mut buffer).unwrap_or(name);
        let Some(percent) = record.value(rate)? else {
            summary.skip("no rate");
            continue;
        };
        listen(TariffRecord { year, importer, exporter, product, rate: percent / 100.0, weight: None })?;
        summary.read += 1;
    }
    Ok(summary)
}
