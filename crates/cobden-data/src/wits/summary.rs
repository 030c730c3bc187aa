//! Averages by reporter: years are columns.

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::{Lines, year};
use crate::{Summary, TariffRecord};

/// Which average of a trade summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Average {
    /// Most favoured nation (`MFN`) instead of effectively applied (`AHS`).
    pub most_favoured: bool,
    /// Weighted by imports instead of simple.
    pub weighted: bool,
}

impl Average {
    /// Whether an indicator is this average, e.g. `AHS Weighted Average (%)`. One that names no regime is applied.
    fn matches(self, indicator: &str) -> bool {
        let name = indicator.to_ascii_lowercase();
        let regime = name.contains("mfn") == self.most_favoured;
        let kind = if self.weighted { "weighted average" } else { "simple average" };
        // "SimpleAverage" and "Weighted-Average" are the same words.
        regime && name.replace('-', " ").contains(kind)
    }
}

/// The reporter's code in the name of a file: `USA` in `en_USA_AllYears_WITS_Trade_Summary.CSV`.
pub fn reporter_of(file: &str) -> Option<&str> {
    let name = file.rsplit(['/', '\\']).next()?;
    let code = name.strip_prefix("en_")?.split('_').next()?;
    (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
}

/// Reads the tariff averages of a trade summary: the product is the group (`Capital goods`), the exporter `None` for the partner `World`.
///
/// `importer` is what to call the reporter, e.g. what [`reporter_of`] finds; without it the reporter's name in the file is told. Only
/// averages of `years` are told; no years ask for all.
///
/// ```
/// use cobden_data::wits::{self, Average};
/// let file = "Reporter,Partner,Product categories,Indicator Type,Indicator,2021,2020\n\
///             Iceland, World,Capital goods,Tariff,AHS Weighted Average (%),   1.50,\n";
/// let average = Average { weighted: true, ..Average::default() };
/// wits::read_summary(file.as_bytes(), "en_ISL.CSV", Some("ISL"), average, &[], &mut |record| {
///     assert_eq!((record.importer, record.exporter, record.product), ("ISL", None, "Capital goods"));
///     assert_eq!((record.year, record.rate), (2021, 0.015));
///     Ok(())
/// })?;
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column, no year in the header, or a cell that does not read, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    importer: Option<&str>,
    average: Average,
    years: &[i32],
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let (reporter, partner) = (header.need(&["Reporter"])?, header.need(&["Partner"])?);
    let product = header.need(&["Product categories", "Product category", "Product"])?;
    let (kind, indicator) = (header.need(&["Indicator Type"])?, header.need(&["Indicator"])?);
    let columns: Vec<(usize, i32)> =
        header.names().enumerate().filter_map(|(column, name)| Some((column, year(name)?))).collect();
    if columns.is_empty() {
        return Err(header.fault(Problem::new("the header has no years").help("expected columns 2021, 2020, ...")));
    }
    let mut summary = Summary::default();
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        if !record.raw(kind).eq_ignore_ascii_case("Tariff") {
            summary.skip("not a tariff");
            continue;
        }
        if !average.matches(&record.text(indicator)) {
            summary.skip("other average");
            continue;
        }
        let (reporter, partner, product) = (record.text(reporter), record.text(partner), record.text(product));
        let importer = importer.unwrap_or(&reporter);
        let exporter = (!partner.trim().eq_ignore_ascii_case("World")).then_some(partner.as_ref());
        for (column, year) in &columns {
            let Some(percent) = record.value(*column)? else { continue };
            if summary.wants(*year, years) {
                let (year, rate) = (*year, percent / 100.0);
                listen(TariffRecord { year, importer, exporter, product: &product, rate, weight: None })?;
                summary.read += 1;
            }
        }
    }
    Ok(summary)
}
