//! A world in numbers for people: who is in it, how large, how open, behind which tariffs.

use ndarray::Axis;

use cobden_world::World;

use crate::labels;

/// The facts about a world that `cobden world show` shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// What each country is, in the order of the world.
    pub countries: Vec<CountryFacts>,
    /// What each sector is, in the order of the world.
    pub sectors: Vec<SectorFacts>,
    /// Trade between countries, in the unit of the world.
    pub trade: f64,
    /// Value added of all countries, in the unit of the world.
    pub value_added: f64,
    /// Tariff revenue over trade between countries, per cent.
    pub tariff_pct: f64,
    /// Whether sectors buy from one another.
    pub has_inputs: bool,
}

/// One country of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryFacts {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Value added, in the unit of the world.
    pub value_added: f64,
    /// Exports, in the unit of the world.
    pub exports: f64,
    /// Imports before tariff, in the unit of the world.
    pub imports: f64,
    /// Its tariff revenue over its imports, per cent.
    pub tariff_pct: f64,
    /// The duty its exports bear over their value, per cent.
    pub tariff_faced_pct: f64,
    /// How many economies it holds, where the world lists them.
    pub members: Option<usize>,
}

/// One sector of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct SectorFacts {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Sales of all countries, in the unit of the world.
    pub sales: f64,
    /// What part of them crosses a border, per cent.
    pub traded_pct: f64,
    /// Duty over value of what crosses a border, per cent.
    pub tariff_pct: f64,
    /// theta of the world's own set.
    pub trade_elasticity: Option<f64>,
}

/// The sum of values and duties over some flows between countries.
#[derive(Clone, Copy, Default)]
struct Abroad {
    value: f64,
    duty: f64,
}

impl Abroad {
    fn of(world: &World, wanted: impl Fn(usize, usize, usize) -> bool) -> Self {
        let mut sum = Self::default();
        for ((n, i, j), value) in world.flows.indexed_iter() {
            if n != i && wanted(n, i, j) {
                sum.value += value;
                sum.duty += value * world.tariffs[[n, i, j]].0;
            }
        }
        sum
    }

    fn tariff_pct(self) -> f64 {
        share_pct(self.duty, self.value)
    }
}

impl Description {
    /// Describes a world.
    pub fn new(world: &World) -> Self {
        let value_added = world.accounts().value_added.sum_axis(Axis(1));
        let sales = world.sales().sum_axis(Axis(0));
        let countries = world.countries.iter().zip(&value_added).enumerate().map(|(n, (code, value_added))| {
            let (imports, exports) = (Abroad::of(world, |m, _, _| m == n), Abroad::of(world, |_, i, _| i == n));
            CountryFacts {
                code: code.to_owned(),
                name: labels::country(code),
                value_added: *value_added,
                exports: exports.value,
                imports: imports.value,
                tariff_pct: imports.tariff_pct(),
                tariff_faced_pct: exports.tariff_pct(),
                members: world.members.get(code).filter(|members| members.iter().all(|one| one != "*")).map(Vec::len),
            }
        });
        let sectors = world.sectors.iter().zip(&sales).enumerate().map(|(j, (code, sales))| {
            let abroad = Abroad::of(world, |_, _, k| k == j);
            SectorFacts {
                code: code.to_owned(),
                name: labels::sector(code),
                sales: *sales,
                traded_pct: share_pct(abroad.value, *sales),
                tariff_pct: abroad.tariff_pct(),
                trade_elasticity: world.elasticities.as_ref().and_then(|theta| theta.get(j).copied()),
            }
        });
        let all = Abroad::of(world, |_, _, _| true);
        Self {
            countries: countries.collect(),
            sectors: sectors.collect(),
            trade: all.value,
            value_added: value_added.sum(),
            tariff_pct: all.tariff_pct(),
            has_inputs: world.inputs.is_some(),
        }
    }
}

fn share_pct(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cobden_world::toy::Toy;

    #[test]
    fn exports_of_all_are_imports_of_all() {
        let facts = Description::new(&Toy::default().world());
        let exports: f64 = facts.countries.iter().map(|country| country.exports).sum();
        let imports: f64 = facts.countries.iter().map(|country| country.imports).sum();
        assert!((exports - imports).abs() < 1e-9 * exports && (exports - facts.trade).abs() < 1e-9 * exports);
    }
}
