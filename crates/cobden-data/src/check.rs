//! Whether a table is in the unit that it should be in: its value added against what the world made that year.
//!
//! Units are the quirk of these datasets that does most harm: Eora's files are in thousands of dollars by one account and in millions by
//! another, and nothing in them says which. Value added of a table of the whole world is world GDP less taxes on products, so 80 to 105 % of
//! it. The figures are in `data/world-gdp.csv`, with their sources.

use crate::input_output::InputOutput;

const WORLD_GDP: &str = include_str!("../data/world-gdp.csv");

/// Value added of a whole world, as a share of its GDP. GDP is at market prices: taxes less subsidies on products, 5 to 10 % of it, are not in
/// value added. Datasets and vintages of GDP differ by a few per cent, regions are missing, and ECU and PPP make it no better; the next unit is a
/// factor of 1,000 away, so the band can be wide.
const BAND: std::ops::Range<f64> = 0.7..1.15;

/// What the value added of a table says about its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Units {
    /// As it should be: the share in world GDP.
    Plausible(f64),
    /// Values look to be in another multiple: times this they would be in millions.
    Multiple {
        /// The share in world GDP, as the values stand.
        share: f64,
        /// 0.001 for a table in thousands, 1,000 for one in billions.
        factor: f64,
    },
    /// Not near world GDP in any unit: a part of the world, or not what it seems.
    Elsewhere(f64),
    /// No figure for the year, or the unit is neither USD nor EUR million.
    Unknown,
}

impl Units {
    /// What to tell a user, if there is something to tell.
    pub fn remark(&self, table: &InputOutput) -> Option<String> {
        let share = |share: f64| format!("value added adds up to {:.3} of the world's GDP in {}", share, table.year);
        match *self {
            Self::Plausible(_) => None,
            Self::Multiple { share: found, factor } => {
                let unit = match factor {
                    f if f < 1e-4 => "units",
                    f if f < 1.0 => "thousands",
                    _ => "billions",
                };
                Some(format!("{}: the values look like {unit}, not {}", share(found), table.unit))
            }
            Self::Elsewhere(found) => {
                Some(format!("{}: this is not a table of the whole world, or not in {}", share(found), table.unit))
            }
            Self::Unknown => {
                Some(format!("the unit was not checked: world GDP of {} in {} is not at hand", table.year, table.unit))
            }
        }
    }
}

/// World GDP of a year in millions of USD, and USD per EUR on average of that year; 1990 to 2024.
///
/// ```
/// let (gdp, usd_per_eur) = cobden_data::check::world_gdp(2011).unwrap();
/// assert_eq!((gdp, usd_per_eur), (73_280e3, 1.392));
/// ```
pub fn world_gdp(year: i32) -> Option<(f64, f64)> {
    WORLD_GDP.lines().find_map(|line| {
        let mut fields = line.split(',');
        let of: i32 = fields.next()?.parse().ok()?;
        let (billion, rate): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        (of == year).then_some((1e3 * billion, rate))
    })
}

/// Compares world value added of a table with world GDP.
pub fn units(table: &InputOutput) -> Units {
    let Some((gdp, usd_per_eur)) = world_gdp(table.year) else { return Units::Unknown };
    let gdp = match table.unit.as_str() {
        "USD million" => gdp,
        "EUR million" => gdp / usd_per_eur,
        _ => return Units::Unknown,
    };
    let share = table.world_value_added() / gdp;
    if BAND.contains(&share) {
        return Units::Plausible(share);
    }
    match [1e-6, 1e-3, 1e3].into_iter().find(|factor| BAND.contains(&(share * factor))) {
        Some(factor) => Units::Multiple { share, factor },
        None => Units::Elsewhere(share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assembly, Column, Row, distinct};

    fn table(value_added: f64, year: i32, unit: &str) -> InputOutput {
        let columns = vec![Column::Use { region: 0, sector: 0 }, Column::Final { region: 0 }];
        let mut assembly = Assembly::new(distinct(["W"]), distinct(["ALL"]), columns);
        assembly.row(Row::ValueAdded, [value_added]);
        assembly.finish("test", year, unit)
    }

    #[test]
    fn the_unit_is_told_from_value_added() {
        // OECD ICIO 2025 edition, 2022: value added of 93.81 trillion dollars.
        assert!(
            matches!(units(&table(93.81e6, 2022, "USD million")), Units::Plausible(share) if (share - 0.926).abs() < 0.01)
        );
        let thousands = table(93.81e9, 2022, "USD million");
        assert!(matches!(units(&thousands), Units::Multiple { factor, .. } if factor == 1e-3));
        assert!(units(&thousands).remark(&thousands).unwrap().contains("look like thousands"));
        let billions = table(93.81e3, 2022, "USD million");
        assert!(units(&billions).remark(&billions).unwrap().contains("look like billions"));
        let euro = table(93.81e6 / 1.053, 2022, "EUR million");
        assert!(matches!(units(&euro), Units::Plausible(share) if (share - 0.926).abs() < 0.01));
        assert!(matches!(units(&table(5.0, 2022, "USD million")), Units::Elsewhere(_)));
        assert_eq!(units(&table(5.0, 1900, "USD million")), Units::Unknown);
        assert_eq!(units(&table(5.0, 2022, "JPY million")), Units::Unknown);
    }

    #[test]
    fn every_year_from_1990_is_there() {
        let growth = |year: i32| world_gdp(year).unwrap().0 / world_gdp(year - 1).unwrap().0;
        assert!((1991..=2024).map(growth).all(|growth| (0.93..1.16).contains(&growth)));
        assert!((1990..=2024).map(|year| world_gdp(year).unwrap().1).all(|rate| (0.89..1.5).contains(&rate)));
    }
}
