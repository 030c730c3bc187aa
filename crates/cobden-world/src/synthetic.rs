//! Synthetic worlds with products, of any size. They describe no real economy: they are for tests and benches.
//!
//! What they imitate of trade at six digits: most flows are zero, and the more so the smaller the two countries and the product and the further
//! the way (Baldwin and Harrigan 2011); a few countries, products and flows make up most of the value; a country exports what it is good at, and
//! most products come from few.

use ndarray::Array1;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Names, Origin, Product, Products, ProductsBuilder, Rate, World, toy::give_inputs};

/// How to draw a synthetic world with products. Same fields, same bits.
///
/// A flow of product `g` from `i` to `n` has a strength, the log of
/// `size_i^0.9 size_n^0.7 size_g^0.5 / distance_ni^1.2` plus how good `i` is at `g` plus noise; those above a threshold are positive, and the
/// threshold is where it must be for as many flows as are asked for. Values rise with strength. Domestic sales stand for some three
/// quarters of what countries buy. The accounts balance by construction, as those of [`Toy`](crate::toy::Toy).
///
/// ```
/// use cobden_world::synthetic::Synthetic;
/// let asked = Synthetic { countries: 20, products: 60, sectors: 4, flows: 6_000, ..Synthetic::default() };
/// let (world, products) = asked.world();
/// assert!((products.flows() as f64 / 6_000.0 - 1.0).abs() < 0.01);
/// products.check(&world).unwrap();
/// assert!(world.accounts().imbalances(1e-9).is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Synthetic {
    /// `N`, at least 2 and at most 1,000.
    pub countries: usize,
    /// `G`, at least one per sector.
    pub products: usize,
    /// `J`, at least 1.
    pub sectors: usize,
    /// How many flows are above zero, domestic ones included; kept within bounds of what there can be.
    pub flows: usize,
    /// Whether sectors buy intermediate goods.
    pub inputs: bool,
    /// Whether products have trade elasticities of their own, around their sector's.
    pub own_elasticities: bool,
    /// Start of the random sequence.
    pub seed: u64,
}

impl Default for Synthetic {
    /// World trade at six digits: 200 countries, 5,000 products in 50 sectors, 11 million flows, inputs.
    fn default() -> Self {
        Self {
            countries: 200,
            products: 5_000,
            sectors: 50,
            flows: 11_000_000,
            inputs: true,
            own_elasticities: false,
            seed: 1,
        }
    }
}

/// Rank to the power of this is the inverse of a country's size: the largest has a quarter of the world.
const ZIPF: f64 = 1.2;
/// Standard deviation of the log of a product's size, of how good a country is at it, and of the noise of a flow.
const PRODUCT: f64 = 1.5;
const SKILL: f64 = 1.4;
const NOISE: f64 = 1.0;
/// How much the log of a value rises with strength, and its noise.
const RISE: f64 = 1.3;
const VALUE_NOISE: f64 = 0.8;
/// Domestic sales over the mean of imports and exports, of the largest country; smaller ones have less.
const HOME: f64 = 5.0;

impl Synthetic {
    /// Draws the world at sector level and its products.
    pub fn world(&self) -> (World, Products) {
        let draw = Draw::new(self);
        let mut world = draw.bare();
        // Nothing that can be drawn is refused, so no world is ever replaced by an empty one.
        let products = draw.products(&world).unwrap_or_else(|problem| unreachable!("{problem}"));
        world = products.aggregate(&world);
        if self.inputs {
            give_inputs(&mut world, &mut ChaCha8Rng::seed_from_u64(self.seed));
        }
        (world, products)
    }
}

/// Everything drawn before single flows are.
struct Draw {
    seed: u64,
    n: usize,
    list: Vec<Product>,
    sectors: usize,
    elasticities: Array1<f64>,
    wanted: usize,
    /// `[n]`: ln size.
    size: Vec<f64>,
    /// `[n, i]`: the part of strength that countries alone make.
    gravity: Vec<f64>,
    /// `[g]`: ln size of products.
    product_size: Vec<f64>,
    /// `[g, i]`: how good each is at it.
    skill: Vec<f64>,
    /// `[g, n]`: weight of domestic sales; zero where the product is not made.
    home: Vec<f64>,
    /// `[n]`: the group of countries that trade freely with each other.
    bloc: Vec<u64>,
}

impl Draw {
    fn new(asked: &Synthetic) -> Self {
        let (n, sectors) = (asked.countries.clamp(2, 1_000), asked.sectors.max(1));
        let goods = asked.products.max(sectors);
        let mut random = ChaCha8Rng::seed_from_u64(asked.seed);
        let elasticities = Array1::from_shape_fn(sectors, |_| 3.0 + 6.0 * random.random::<f64>());
        let hash = |what: u64, a: usize, b: usize| mix(asked.seed, what, a as u64, b as u64);
        let product = |g: usize| {
            // Every sector has one; the others go more to the first sectors than to the last.
            let skewed = (unit(hash(0, g, 0)).powf(1.5) * sectors as f64) as usize;
            let sector = if g < sectors { g } else { skewed.min(sectors - 1) };
            let theta = elasticities[sector] * (0.3 * normal(hash(1, g, 0))).exp();
            let trade_elasticity = asked.own_elasticities.then_some(theta);
            Product { name: format!("{g:06}"), sector, trade_elasticity, description: String::new() }
        };
        let size: Vec<f64> = (0..n).map(|rank| -ZIPF * (rank as f64 + 0.7).ln()).collect();
        let place: Vec<[f64; 3]> = (0..n).map(|i| on_sphere(unit(hash(2, i, 0)), unit(hash(2, i, 1)))).collect();
        let distance = |a: usize, b: usize| -> f64 {
            let cosine: f64 = (0..3).map(|axis| place[a][axis] * place[b][axis]).sum();
            cosine.clamp(-1.0, 1.0).acos().max(0.03)
        };
        let gravity = |cell: usize| {
            let (importer, exporter) = (cell / n, cell % n);
            if importer == exporter {
                return f64::NEG_INFINITY;
            }
            0.9 * size[exporter] + 0.7 * size[importer] - 1.2 * distance(importer, exporter).ln()
        };
        let product_size: Vec<f64> = (0..goods).map(|g| PRODUCT * normal(hash(3, g, 0))).collect();
        let skill: Vec<f64> = (0..goods * n).map(|at| SKILL * normal(hash(4, at / n, at % n))).collect();
        let home = |at: usize| {
            let (g, country) = (at / n, at % n);
            // The largest make nearly everything, the smallest a third; each sector's first product is made by all.
            let made = normal(hash(5, g, country)) + 0.3 * (size[country] - size[0]) > -2.0;
            if made || g < sectors { (product_size[g] + 0.7 * skill[at]).exp() } else { 0.0 }
        };
        Self {
            seed: asked.seed,
            n,
            list: (0..goods).map(product).collect(),
            sectors,
            wanted: asked.flows,
            gravity: (0..n * n).map(gravity).collect(),
            home: (0..goods * n).map(home).collect(),
            bloc: (0..n).map(|i| hash(6, i, 0) % 12).collect(),
            elasticities,
            size,
            product_size,
            skill,
        }
    }

    fn bare(&self) -> World {
        let flows = ndarray::Array3::zeros((self.n, self.n, self.sectors));
        World {
            origin: Origin {
                id: format!("synthetic-{}x{}", self.n, self.list.len()),
                title: "Synthetic world with products".to_owned(),
                year: 2000,
                unit: "USD million".to_owned(),
                source: "drawn at random by cobden".to_owned(),
                note: "describes no real economy".to_owned(),
                licence: Some("CC0-1.0".to_owned()),
            },
            // Numbered names are distinct.
            countries: Names::new((0..self.n).map(|n| format!("C{n:03}"))).unwrap_or_default(),
            sectors: Names::new((0..self.sectors).map(|j| format!("S{j:02}"))).unwrap_or_default(),
            members: Default::default(),
            tariffs: ndarray::Array3::from_elem(flows.dim(), Rate::ZERO),
            flows,
            elasticities: Some(self.elasticities.clone()),
            inputs: None,
            value_added: None,
            final_demand: None,
            political_weights: None,
        }
    }

    /// Every foreign flow that could be, product by product: product, importer, exporter, strength.
    fn each(&self, mut visit: impl FnMut(usize, usize, usize, f64)) {
        for g in 0..self.list.len() {
            let skill = &self.skill[g * self.n..(g + 1) * self.n];
            for importer in 0..self.n {
                let seed = mix(self.seed, 7, g as u64, importer as u64);
                let gravity = &self.gravity[importer * self.n..(importer + 1) * self.n];
                for exporter in (0..self.n).filter(|exporter| *exporter != importer) {
                    let noise = NOISE * normal(scramble(seed ^ exporter as u64));
                    visit(
                        g,
                        importer,
                        exporter,
                        0.5 * self.product_size[g] + skill[exporter] + gravity[exporter] + noise,
                    );
                }
            }
        }
    }

    /// The strength above which as many flows lie as are wanted.
    fn threshold(&self, wanted: usize) -> f64 {
        let (least, step) = (-40.0, 0.005);
        let mut count = vec![0_usize; 12_000];
        self.each(|_, _, _, strength| {
            let bin = ((strength - least) / step).clamp(0.0, 11_999.0);
            count[bin as usize] += 1;
        });
        let mut above = 0;
        for bin in (0..count.len()).rev() {
            if above + count[bin] >= wanted {
                let part = (wanted - above) as f64 / count[bin].max(1) as f64;
                return least + step * (bin as f64 + 1.0 - part);
            }
            above += count[bin];
        }
        f64::NEG_INFINITY
    }

    fn products(&self, world: &World) -> Result<Products, crate::Problem> {
        let n = self.n;
        let at_home = self.home.iter().filter(|weight| **weight > 0.0).count();
        let threshold = self.threshold(self.wanted.saturating_sub(at_home).max(n));
        let mut builder = ProductsBuilder::new(world, self.list.clone())?;
        let (mut traded, mut refused) = (vec![0.0; n], Ok(()));
        self.each(|g, importer, exporter, strength| {
            if strength <= threshold || refused.is_err() {
                return;
            }
            let draw = mix(self.seed, 8, g as u64, (importer * n + exporter) as u64);
            let value = (RISE * (strength - threshold) + VALUE_NOISE * normal(draw)).exp();
            traded[importer] += 0.5 * value;
            traded[exporter] += 0.5 * value;
            let flow = builder.flow(g, importer, exporter, value);
            refused = flow.and_then(|()| builder.tariff(g, importer, exporter, self.rate(g, importer, exporter)));
        });
        refused?;
        let mut weight = vec![0.0; n];
        self.home.iter().enumerate().for_each(|(at, home)| weight[at % n] += home);
        // A country that trades nothing still sells to itself.
        let least = 1e-6 * traded.iter().sum::<f64>() / n as f64;
        for (at, home) in self.home.iter().enumerate() {
            let country = at % n;
            let total = HOME * (0.1 * (self.size[country] - self.size[0])).exp() * traded[country].max(least);
            builder.flow(at / n, country, country, home / weight[country] * total)?;
        }
        builder.build()
    }

    /// The tariff: none within a bloc, none on a third of products; else up to some 30 per cent, in tenths of a point.
    fn rate(&self, product: usize, importer: usize, exporter: usize) -> Rate {
        let free = unit(mix(self.seed, 9, product as u64, 0)) < 0.33;
        if free || self.bloc[importer] == self.bloc[exporter] {
            return Rate::ZERO;
        }
        let height = unit(mix(self.seed, 10, product as u64, 0)).powi(2);
        let own = 0.3 + 0.9 * unit(mix(self.seed, 11, product as u64, importer as u64));
        Rate((250.0 * height * own).round() / 1000.0)
    }
}

/// A point on the unit sphere from two numbers between 0 and 1.
fn on_sphere(a: f64, b: f64) -> [f64; 3] {
    let (height, angle) = (2.0 * a - 1.0, std::f64::consts::TAU * b);
    let radius = (1.0 - height * height).max(0.0).sqrt();
    [radius * angle.cos(), radius * angle.sin(), height]
}

/// Bits that look random, from what is asked for: the order of asking changes nothing.
fn mix(seed: u64, what: u64, a: u64, b: u64) -> u64 {
    scramble(scramble(scramble(seed ^ (what << 56)) ^ a) ^ b)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
fn scramble(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// From 0 to 1.
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Nearly normal, with variance 1: the sum of four uniform numbers.
fn normal(bits: u64) -> f64 {
    let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
    (sum as f64 / 65_536.0 - 2.0) * 3.0_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(flows: usize) -> Synthetic {
        Synthetic { countries: 40, products: 300, sectors: 8, flows, ..Synthetic::default() }
    }

    #[test]
    fn as_many_flows_as_asked_for_and_the_same_each_time() {
        for flows in [30_000, 60_000, 200_000] {
            let (world, products) = asked(flows).world();
            assert!((products.flows() as f64 / flows as f64 - 1.0).abs() < 0.01, "{}", products.flows());
            world.validate().unwrap();
            products.check(&world).unwrap();
            assert!(world.accounts().imbalances(1e-9).is_empty() && world.accounts().problems().is_empty());
            assert_eq!((world, products), asked(flows).world());
        }
        assert_ne!(asked(30_000).world().1, Synthetic { seed: 2, ..asked(30_000) }.world().1);
    }

    #[test]
    fn zeros_and_skew_are_those_of_trade() {
        let (_, products) = asked(40_000).world();
        let mut values = products.imports().to_vec();
        values.sort_by(f64::total_cmp);
        let top: f64 = values.iter().rev().take(values.len() / 100).sum();
        let share = top / values.iter().sum::<f64>();
        assert!((0.3..0.9).contains(&share), "the largest hundredth of flows is most of trade: {share}");
        // Larger importers buy more of what there is.
        let bought = products.bought();
        let of = |n: usize| bought.row(n).sum();
        assert!(of(0) > of(20) && of(20) > of(39), "{} {} {}", of(0), of(20), of(39));
    }
}
