//! The bulk download of TRAINS.

use std::io::Read;

use cobden_world::Problem;

use crate::country_codes::Translator;
use crate::header::Header;
use crate::lines::Lines;
use crate::{CountryCodes, Summary, TariffRecord};

/// Reads simple averages over the tariff lines of each product. Only rows of `years` are told; no years ask for all. Without `countries`,
/// importers and exporters are told as three digits.
///
/// ```
/// use cobden_data::wits;
/// let file = "NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,SimpleAverage,TotalNoOfLines\nH5,484,2020,010121,842,2.5,4\n";
/// wits::read_bulk(file.as_bytes(), "trains.csv", None, &[], &mut |record| {
///     assert_eq!((record.importer, record.exporter, record.product), ("484", Some("842"), "010121"));
///     assert_eq!((record.rate, record.weight), (0.025, None));
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
    countries: Option<&CountryCodes>,
    years: &[i32],
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let reporter = header.need(&["Reporter_ISO_N", "ReporterISON", "Reporter"])?;
    let partner = header.find(&["Partner", "Partner_ISO_N", "PartnerISON"]);
    let year_at = header.need(&["Year"])?;
    let product = header.need(&["ProductCode", "Product_Code", "Product"])?;
    let rate = header.need(&["SimpleAverage", "Simple_Average"])?;
    let names = Translator::new(countries);
    let mut summary = Summary::default();
    let mut digits = String::new();
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let year = record.year(year_at)?;
        if !summary.wants(year, years) {
            continue;
        }
        let importer = names.name(record.raw(reporter)).map_err(|problem| record.problem(problem, reporter))?;
        let exporter = match partner {
            Some(column) if !is_everyone(record.raw(column)) => {
                Some(names.name(record.raw(column)).map_err(|problem| record.problem(problem, column))?)
            }
            _ => None,
        };
        let Some(percent) = record.value(rate)? else {
            summary.skip("no rate");
            continue;
        };
        let code = record.name(product)?;
        if code.len() > 12 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(record.not_a(product, "a product code"));
        }
        // HS codes have an even number of digits: one that is odd has lost its leading zero.
        digits.clear();
        digits.extend((code.len() % 2 == 1).then_some('0'));
        digits.push_str(code);
        listen(TariffRecord { year, importer, exporter, product: &digits, rate: percent / 100.0, weight: None })?;
        summary.read += 1;
    }
    Ok(summary)
}

/// Partner 0, 000 or none: every country.
fn is_everyone(partner: &str) -> bool {
    partner.bytes().all(|byte| byte == b'0') || partner.eq_ignore_ascii_case("WLD")
}
