//! CEPII BACI: trade between 200 countries by six-digit product, reconciled from what both sides declare.
//!
//! **Where from**: CEPII, <https://www.cepii.fr>, BACI. **Licence**: Etalab 2.0 (attribution). Cite Gaulier and Zignago (2010).
//!
//! **Layout**: a zip archive per nomenclature (`BACI_HS17_V202401b.zip`) with a file per year (`BACI_HS17_Y2020_V202401b.csv`) and lists of
//! countries and products. Comma separated, with the header `t,i,j,k,v,q`:
//!
//! | column | holds |
//! |---|---|
//! | `t` | year |
//! | `i`, `j` | exporter, importer: numeric codes of CEPII, explained by `country_codes_V*.csv` |
//! | `k` | product, HS six digits; leading zeros are lost where a tool took it for a number, and are put back here |
//! | `v` | value, thousands of current USD |
//! | `q` | metric tons; not used |
//!
//! **Quirks**: cells are padded with blanks (`"          0.001"`); a missing value is `NA`; the list of countries of older editions is in
//! Windows-1252, and its columns have changed names; Taiwan is `490`, *Other Asia, nes*, with `S19` for an alpha-3 code. Old nomenclatures have
//! `9999AA`, trade that nobody classified, which is skipped. A year has 11 million rows; domestic sales are not in it.
//!
//! Values are told in USD million.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::country_codes::Translator;
use crate::header::Header;
use crate::lines::{Lines, padded};
use crate::zipped::Archive;
use crate::{CountryCodes, Summary, TradeRecord};

/// The code of trade that nobody classified.
const UNSPECIFIED: &str = "9999AA";

/// Reads one file of records. Only rows of `years` are told; no years ask for all. Without `countries`, exporters and importers are told as
/// three digits.
///
/// ```
/// use cobden_data::baci;
/// let file = "t,i,j,k,v,q\n2020,251,842,10121,   1500.000,   3.2\n2020,251,842,10129,2,NA\n";
/// let mut total = 0.0;
/// let summary = baci::read(file.as_bytes(), "BACI.csv", None, &[], &mut |record| {
///     assert_eq!((record.exporter, record.importer), ("251", "842"));
///     assert!(record.product == "010121" || record.product == "010129");
///     total += record.value;
///     Ok(())
/// })?;
/// assert_eq!((summary.read, total), (2, 1.502)); // USD million
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column, a cell that does not read, or a country that the list does not know, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    countries: Option<&CountryCodes>,
    years: &[i32],
    listen: &mut dyn FnMut(TradeRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let [t, i, j, k, v] = [["t", "year"], ["i", "exporter"], ["j", "importer"], ["k", "hs6"], ["v", "value"]]
        .map(|names| header.need(&names));
    let (t, i, j, k, v) = (t?, i?, j?, k?, v?);
    let names = Translator::new(countries);
    let mut summary = Summary::default();
    let mut buffer = [0; 6];
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let year = record.year(t)?;
        if !summary.wants(year, years) {
            continue;
        }
        let exporter = names.name(record.raw(i)).map_err(|problem| record.problem(problem, i))?;
        let importer = names.name(record.raw(j)).map_err(|problem| record.problem(problem, j))?;
        let Some(product) = padded(record.raw(k), &mut buffer) else {
            if record.raw(k) == UNSPECIFIED {
                summary.skip("not specified by kind");
                continue;
            }
            return Err(record.not_a(k, "a product code of up to six digits"));
        };
        let Some(thousands) = record.value(v)? else {
            summary.skip("no value");
            continue;
        };
        listen(TradeRecord { year, exporter, importer, product, value: thousands / 1000.0 })?;
        summary.read += 1;
    }
    Ok(summary)
}

/// Reads a list of products, `product_codes_HS22_V202601.csv`: six-digit code to words.
///
/// ```
/// use cobden_data::baci;
/// let file = "code,description\n10121,\"Horses: live, pure-bred\"\n9999AA,Commodities not specified\n";
/// let products = baci::read_products(file.as_bytes(), "product_codes.csv")?;
/// assert_eq!((products.len(), products["010121"].as_str()), (1, "Horses: live, pure-bred"));
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column.
pub fn read_products(input: impl Read, label: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let (code, words) = (header.need(&["code", "hs6", "k"])?, header.need(&["description", "product"])?);
    let (mut products, mut buffer) = (BTreeMap::new(), [0; 6]);
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        if let Some(product) = padded(record.raw(code), &mut buffer) {
            products.insert(product.to_owned(), record.text(words).into_owned());
        }
    }
    Ok(products)
}

/// The list of products in an archive; empty if there is none.
///
/// # Errors
/// As [`read_products`]; an archive that cannot be read.
pub fn read_zip_products(input: impl Read + Seek, label: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut archive = Archive::open(input, label)?;
    let names = archive.names()?;
    let Some(name) = names.iter().find(|name| file_name(name).starts_with("product_codes")) else {
        return Ok(BTreeMap::new());
    };
    let (entry, label) = archive.entry(name)?;
    read_products(entry, &label)
}

/// Reads an archive: its list of countries, then every file of records of `years` (no years ask for all).
///
/// # Errors
/// As [`read`]; an archive without records, or with more than one list of countries.
pub fn read_zip(
    input: impl Read + Seek,
    label: &str,
    years: &[i32],
    listen: &mut dyn FnMut(TradeRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut archive = Archive::open(input, label)?;
    let names = archive.names()?;
    let lists: Vec<&String> = names.iter().filter(|name| file_name(name).starts_with("country_codes")).collect();
    let countries = match lists.as_slice() {
        [] => None,
        [name] => {
            let (entry, label) = archive.entry(name)?;
            Some(CountryCodes::read(entry, &label)?)
        }
        _ => return Err(Problem::new("the archive has more than one list of countries").in_file(label)),
    };
    let mut summary = Summary::default();
    let mut found = false;
    for name in names.iter().filter(|name| file_name(name).starts_with("BACI_")) {
        found = true;
        let year = year_of(file_name(name));
        if year.is_some_and(|year| !years.is_empty() && !years.contains(&year)) {
            summary.years.extend(year);
            continue;
        }
        let (entry, label) = archive.entry(name)?;
        summary.add(read(entry, &label, countries.as_ref(), years, listen)?);
    }
    if !found {
        let problem = Problem::new("the archive has no file BACI_*.csv").help("give the archive as CEPII publishes it");
        return Err(problem.in_file(label));
    }
    Ok(summary)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The year in `BACI_HS17_Y2020_V202401b.csv`.
fn year_of(name: &str) -> Option<i32> {
    name.split('_').find_map(|part| crate::lines::year(part.strip_prefix('Y')?))
}
