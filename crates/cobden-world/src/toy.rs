//! Synthetic worlds for tests, benches and examples. None of their numbers describes a real economy.

use ndarray::{Array1, Array2, Array3, Axis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Names, Origin, Rate, World};

/// How to draw a random world. Same fields, same bits.
///
/// The accounts of the world drawn balance to rounding by construction: flows and tariffs give expenditure `X` and sales `Y`;
/// inputs are `Z_kj = e_kj X_k Y_j / (2 max(sum X, sum Y))` with `e` in `[0.5, 1.5]`, so that rows take at most 3/4 of expenditure
/// and columns at most 3/4 of sales; value added and final demand are what remains, never less than a quarter.
///
/// ```
/// let world = cobden_world::toy::Toy { countries: 4, sectors: 3, ..Default::default() }.world();
/// assert_eq!(world.flows.dim(), (4, 4, 3));
/// assert!(world.accounts().imbalances(1e-12).is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Toy {
    /// `N`, at least 1.
    pub countries: usize,
    /// `J`, at least 1.
    pub sectors: usize,
    /// Whether sectors buy intermediate goods.
    pub inputs: bool,
    /// Tariffs are drawn from 0 to this.
    pub highest_tariff: Rate,
    /// The share of foreign flows that are zero, 0 to 1. Domestic sales are always positive.
    pub zero_flows: f64,
    /// Whether every pair of countries trades in balance, so that every deficit is zero.
    pub balanced_trade: bool,
    /// Trade elasticities are drawn between these.
    pub trade_elasticity: (f64, f64),
    /// Start of the random sequence.
    pub seed: u64,
}

impl Default for Toy {
    /// Five countries, four sectors, inputs, tariffs up to 30 per cent, a fifth of foreign flows zero, deficits, theta 2 to 10.
    fn default() -> Self {
        Self {
            countries: 5,
            sectors: 4,
            inputs: true,
            highest_tariff: Rate(0.3),
            zero_flows: 0.2,
            balanced_trade: false,
            trade_elasticity: (2.0, 10.0),
            seed: 1,
        }
    }
}

impl Toy {
    /// Draws the world.
    pub fn world(&self) -> World {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let (n, j) = (self.countries.max(1), self.sectors.max(1));
        let mut flows = self.flows(&mut random, n, j);
        if self.balanced_trade {
            balance_pairs(&mut flows);
        }
        let tariffs = Array3::from_shape_fn((n, n, j), |(n, i, _)| {
            // Drawn for domestic cells too, so that one more country does not shift the sequence within a row.
            let rate = self.highest_tariff.0 * random.random::<f64>();
            if n == i { Rate::ZERO } else { Rate(rate) }
        });
        let (low, high) = self.trade_elasticity;
        let elasticities = Array1::from_shape_fn(j, |_| low + (high - low) * random.random::<f64>());
        let mut world = World { elasticities: Some(elasticities), tariffs, ..bare(flows, "toy") };
        if self.inputs {
            give_inputs(&mut world, &mut random);
        }
        world
    }

    fn flows(&self, random: &mut ChaCha8Rng, n: usize, j: usize) -> Array3<f64> {
        // Sizes differ by a factor of about fifty, as those of countries do.
        let size = Array1::from_shape_fn(n, |_| (4.0 * random.random::<f64>()).exp());
        Array3::from_shape_fn((n, n, j), |(n, i, _)| {
            let (draw, zero) = (random.random::<f64>(), random.random::<f64>());
            if n == i {
                size[n] * (5.0 + 5.0 * draw)
            } else if zero < self.zero_flows {
                0.0
            } else {
                (size[n] * size[i]).sqrt() * (0.05 + draw)
            }
        })
    }
}

/// A country that trades with nobody: `countries` of them, one flow of 100 per country and sector, theta 4.
pub fn autarky(countries: usize, sectors: usize) -> World {
    let flows = Array3::from_shape_fn((countries, countries, sectors), |(n, i, _)| if n == i { 100.0 } else { 0.0 });
    World { elasticities: Some(Array1::from_elem(sectors, 4.0)), ..bare(flows, "toy-autarky") }
}

/// Two equal countries `A` and `B`, one sector `goods`, 80 sold at home and 20 to the other, no tariffs, theta 4.
///
/// ```
/// let world = cobden_world::toy::two_countries();
/// assert_eq!(world.deficits().to_vec(), [0.0, 0.0]);
/// ```
pub fn two_countries() -> World {
    let flows = Array3::from_shape_fn((2, 2, 1), |(n, i, _)| if n == i { 80.0 } else { 20.0 });
    World {
        countries: names(["A", "B"].map(String::from)),
        sectors: names(["goods".to_owned()]),
        elasticities: Some(Array1::from_elem(1, 4.0)),
        ..bare(flows, "toy-two-countries")
    }
}

fn bare(flows: Array3<f64>, id: &str) -> World {
    let (n, _, j) = flows.dim();
    World {
        origin: Origin {
            id: id.to_owned(),
            title: "Synthetic world".to_owned(),
            year: 2000,
            unit: "USD million".to_owned(),
            source: "drawn at random by cobden".to_owned(),
            note: "describes no real economy".to_owned(),
            licence: Some("CC0-1.0".to_owned()),
        },
        countries: names((0..n).map(|n| format!("C{n:02}"))),
        sectors: names((0..j).map(|j| format!("S{j:02}"))),
        members: Default::default(),
        tariffs: Array3::from_elem(flows.dim(), Rate::ZERO),
        flows,
        elasticities: None,
        inputs: None,
        value_added: None,
        final_demand: None,
        political_weights: None,
    }
}

/// Numbered names are distinct, so nothing is lost where `Names` would refuse a name.
fn names(list: impl IntoIterator<Item = String>) -> Names {
    Names::new(list).unwrap_or_default()
}

/// Scales each pair's two bilateral totals to their mean; a pair where one side sells nothing does not trade at all.
fn balance_pairs(flows: &mut Array3<f64>) {
    let totals = flows.sum_axis(Axis(2));
    for ((n, i, _), value) in flows.indexed_iter_mut() {
        let (there, back): (f64, f64) = (totals[[n, i]], totals[[i, n]]);
        if n == i {
            continue;
        }
        *value = if there > 0.0 && back > 0.0 { *value * 0.5 * (there + back) / there } else { 0.0 };
    }
}

pub(crate) fn give_inputs(world: &mut World, random: &mut ChaCha8Rng) {
    let (spent, sold) = (world.expenditure(), world.sales());
    let (countries, sectors) = sold.dim();
    let inputs = Array3::from_shape_fn((countries, sectors, sectors), |(n, k, j)| {
        let larger = spent.row(n).sum().max(sold.row(n).sum());
        let intensity = 0.5 + random.random::<f64>();
        0.5 * intensity * spent[[n, k]] * sold[[n, j]] / larger
    });
    let value_added: Array2<f64> = &sold - &inputs.sum_axis(Axis(1));
    let final_demand: Array2<f64> = &spent - &inputs.sum_axis(Axis(2));
    world.value_added = Some(value_added);
    world.final_demand = Some(final_demand);
    world.inputs = Some(inputs);
}
