//! Countries and territories: one table of the codes and names by which data sets know them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cobden_world::Problem;

use super::Concordance;
use super::read::Table;

/// The table: `iso3,iso2,numeric,comtrade,names`.
pub const TEXT: &str = include_str!("../../concordances/countries.csv");

/// A country or territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3; `XKX` for Kosovo, which ISO does not list.
    pub iso3: String,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 numeric, which is the UN's M49: three digits; empty for `XKX`.
    pub numeric: String,
    /// The code of UN Comtrade and BACI, which is the numeric one but for six countries: France is 251 there.
    pub comtrade: String,
    /// Names, and private or withdrawn codes, as data sets write them; the first is its name in English.
    pub names: Vec<String>,
}

/// All of them, by alpha-3 code.
pub fn all() -> &'static [Country] {
    &ALL.0
}

/// Finds a country by any code or name, however its letters are written: `DEU`, `de`, `276`, `Germany`. Numeric codes may lack their
/// leading zeros. Where a numeric code means one country to ISO and another to Comtrade, none does: 251 and 250 are both France.
///
/// ```
/// use cobden_data::concordance::countries;
/// let iso3 = |text| countries::find(text).map(|country| country.iso3.as_str());
/// assert_eq!(iso3("842"), Some("USA")); // Comtrade; ISO says 840
/// assert_eq!(iso3("Other Asia, nes"), Some("TWN"));
/// assert_eq!(iso3("36"), Some("AUS"));
/// assert_eq!(iso3("Atlantis"), None);
/// ```
pub fn find(text: &str) -> Option<&'static Country> {
    let key = key(text);
    ALL.1.get(&key).map(|at| &ALL.0[*at])
}

/// A way to write countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// ISO 3166-1 alpha-3.
    Iso3,
    /// ISO 3166-1 alpha-2.
    Iso2,
    /// ISO 3166-1 numeric, three digits.
    Numeric,
    /// UN Comtrade and BACI, three digits.
    Comtrade,
}

/// From one kind of code to another, for all countries that have both.
pub fn concordance(from: Code, to: Code) -> Concordance {
    let code = |country: &'static Country, kind| match kind {
        Code::Iso3 => country.iso3.as_str(),
        Code::Iso2 => country.iso2.as_str(),
        Code::Numeric => country.numeric.as_str(),
        Code::Comtrade => country.comtrade.as_str(),
    };
    let pairs = all().iter().map(|country| (code(country, from), code(country, to)));
    Concordance::from_pairs("countries", pairs.filter(|(from, to)| !from.is_empty() && !to.is_empty()))
}

/// The table, and where each key stands in it.
type Index = (Vec<Country>, BTreeMap<String, usize>);

static ALL: LazyLock<Index> = LazyLock::new(|| read().unwrap_or_default());

/// Lower case without blanks around; digits without leading zeros.
fn key(text: &str) -> String {
    let text = text.trim().to_lowercase();
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.trim_start_matches('0').to_owned(),
        false => text,
    }
}

/// Reads the table that is part of cobden; a test reads it too, so that it cannot be wrong.
fn read() -> Result<Index, Problem> {
    let table = Table::new(TEXT, "countries.csv")?;
    let columns = ["iso3", "iso2", "numeric", "comtrade", "names"].map(|name| table.required(name));
    let [iso3, iso2, numeric, comtrade, names] = columns;
    let (iso3, iso2, numeric, comtrade, names) = (iso3?, iso2?, numeric?, comtrade?, names?);
    let (mut all, mut keys) = (Vec::with_capacity(table.rows.len()), BTreeMap::new());
    for row in &table.rows {
        let text = |column: usize| row[column].text.clone();
        let country = Country {
            iso3: text(iso3),
            iso2: text(iso2),
            numeric: text(numeric),
            comtrade: text(comtrade),
            names: row[names].text.split(';').map(str::to_owned).collect(),
        };
        let codes = [&country.iso3, &country.iso2, &country.numeric, &country.comtrade];
        for code in codes.into_iter().chain(&country.names).filter(|code| !code.is_empty()) {
            if keys.insert(key(code), all.len()).is_some_and(|other| other != all.len()) {
                return Err(table.at(&row[iso3], format!("\"{code}\" means two countries")));
            }
        }
        all.push(country);
    }
    Ok((all, keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_right() {
        let (all, keys) = read().unwrap();
        assert_eq!(all.len(), 250, "249 of ISO 3166-1, and Kosovo");
        assert!(keys.len() > 4 * 249);
        assert!(all.iter().all(|country| country.iso3.len() == 3 && country.iso2.len() == 2));
    }
}
