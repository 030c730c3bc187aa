//! Ordinary duties: what an importer charges before any measure.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cobden_measures::{Date, Register};

const UNITED_STATES: &str = include_str!("../../base/usa.csv");
/// The group of partners that pay column 2 of the tariff of the United States.
const COLUMN_2: &str = "no_ntr";

/// The ordinary duties of an importer by product, in points.
///
/// ```
/// let duties = cobden::law::ordinary_duties("USA").unwrap();
/// assert_eq!(duties.general("8703230120"), Some(2.5));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OrdinaryDuties {
    /// Where they come from, as their file says.
    pub source: String,
    /// The first digits of codes, with the rates of both columns; `None` where a rate is by quantity and nothing tells what it amounts to.
    rates: BTreeMap<Box<str>, [Option<f64>; 2]>,
}

/// The ordinary duties of an importer, if cobden carries them.
pub fn ordinary_duties(importer: &str) -> Option<&'static OrdinaryDuties> {
    static DUTIES: OnceLock<OrdinaryDuties> = OnceLock::new();
    (importer == "USA").then(|| DUTIES.get_or_init(|| OrdinaryDuties::read(UNITED_STATES)))
}

impl OrdinaryDuties {
    fn read(text: &str) -> Self {
        let source = text.lines().find_map(|line| line.strip_prefix("# source: ")).unwrap_or_default().to_owned();
        let rows = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
        let rates = rows.map(|row| {
            let mut fields = row.split(',');
            let code = fields.next().unwrap_or_default();
            (code.into(), [(); 2].map(|()| fields.next().and_then(|rate| rate.parse().ok())))
        });
        Self { source, rates: rates.collect() }
    }

    /// What any partner pays that claims no preference: column 1 general.
    pub fn general(&self, code: &str) -> Option<f64> {
        self.rate(code, 0)
    }

    /// The least and the most that goods under a code pay on a day, without a preference; `None` if a rate among them is not known.
    ///
    /// ```
    /// # use cobden::law::{self, Date};
    /// let (duties, day) = (law::ordinary_duties("USA").unwrap(), Date::constant(2025, 1, 1));
    /// assert_eq!(duties.range(law::register()?, "JPN", "870323", day), Some((2.5, 2.5)));
    /// assert_eq!(duties.range(law::register()?, "RUS", "870323", day), Some((10.0, 10.0)));
    /// # Ok::<(), cobden::Problem>(())
    /// ```
    pub fn range(&self, register: &Register, partner: &str, code: &str, day: Date) -> Option<(f64, f64)> {
        let second = register.groups().get(COLUMN_2).is_some_and(|group| group.has(partner, day));
        let column = usize::from(second);
        let from = (std::ops::Bound::Excluded(code), std::ops::Bound::Unbounded);
        let below = self.rates.range::<str, _>(from).take_while(|(known, _)| known.starts_with(code));
        let mut rates: Vec<Option<f64>> = below.map(|(_, rates)| rates[column]).collect();
        let own = (1..=code.len()).rev().find_map(|end| self.rates.get(code.get(..end)?));
        rates.extend(own.map(|rates| rates[column]));
        let rates: Option<Vec<f64>> = rates.into_iter().collect();
        let rates = rates.filter(|rates| !rates.is_empty())?;
        Some((rates.iter().copied().fold(f64::INFINITY, f64::min), rates.iter().copied().fold(0.0, f64::max)))
    }

    fn rate(&self, code: &str, column: usize) -> Option<f64> {
        let prefixes = (1..=code.len()).rev().filter_map(|end| code.get(..end));
        prefixes.filter_map(|prefix| self.rates.get(prefix)).map(|rates| rates[column]).next()?
    }

    /// The ordinary duty that a partner pays on a product, in points, if customs collected `collected` points of the value in a year.
    ///
    /// Collected less than the tariff says is a preference that was claimed; collected more is a measure on top, e.g. of Section 301. So it is the
    /// smaller of both, and what was collected where the tariff states no rate. The year is one in which the register knows all that was on top.
    pub fn paid(&self, register: &Register, partner: &str, code: &str, collected: f64) -> f64 {
        let second = register.groups().get(COLUMN_2).is_some_and(|group| group.members.contains_key(partner));
        self.rate(code, usize::from(second)).map_or(collected, |rate| rate.min(collected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::register;

    #[test]
    fn every_row_is_read() {
        let rows = UNITED_STATES.lines().filter(|line| !line.starts_with('#')).skip(1);
        for row in rows {
            let fields: Vec<&str> = row.split(',').collect();
            assert_eq!(fields.len(), 3, "{row}");
            assert!(fields[1..].iter().all(|rate| rate.is_empty() || rate.parse::<f64>().is_ok()), "{row}");
        }
        assert!(ordinary_duties("USA").unwrap().source.contains("Harmonized Tariff Schedule"));
        assert!(ordinary_duties("JPN").is_none());
    }

    /// Rates as the tariff schedule prints them.
    #[test]
    fn rates_of_the_schedule() {
        let duties = ordinary_duties("USA").unwrap();
        for (code, general) in
            [("87032301", 2.5), ("87042301", 25.0), ("61091000", 16.5), ("84713001", 0.0), ("94036080", 0.0)]
        {
            assert_eq!(duties.general(code), Some(general), "{code}");
        }
    }

    #[test]
    fn less_is_a_preference_and_more_is_a_measure() {
        let (duties, register) = (ordinary_duties("USA").unwrap(), register().unwrap());
        let paid = |partner, code, collected| duties.paid(register, partner, code, collected);
        assert_eq!(paid("KOR", "8703230120", 0.0), 0.0);
        assert_eq!(paid("CHN", "8703230120", 27.5), 2.5);
        // Column 2 has ten per cent for cars.
        assert_eq!(paid("RUS", "8703230120", 10.0), 10.0);
        assert_eq!(paid("JPN", "99", 0.7), 0.7);
    }
}
