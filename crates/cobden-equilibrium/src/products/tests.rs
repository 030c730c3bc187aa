//! The derivative and its transpose at random points of random worlds.

use cobden_world::{Rate, synthetic::Synthetic};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::ProductEconomy;
use crate::{
    Baseline, Deficits, Economy, Model, Preset, Settings,
    adjoint::{self, Bars},
    conditions::{Layout, Point},
    jacobian::{self, Scratch},
    kernel::dot,
    policy::Wedges,
    precondition::Preconditioner,
};

/// A random economy with products and random tariffs on a third of its cells.
fn economy(preset: Preset, deficits: Deficits, seed: u64) -> (Economy, Wedges) {
    let own = preset != Preset::Ossa && seed.is_multiple_of(2);
    let asked = Synthetic {
        countries: 5,
        products: 12,
        sectors: 3,
        flows: 160 + 10 * (seed as usize % 5),
        inputs: preset.has_inputs(),
        own_elasticities: own,
        seed,
    };
    let (world, products) = asked.world();
    let labour_supply_elasticity = if seed.is_multiple_of(3) { 0.6 } else { 0.0 };
    let model = Model {
        preset,
        deficits,
        baseline: Baseline::Balanced,
        labour_supply_elasticity,
        product_elasticity: [1.0, 2.5, 0.3, 6.0][seed as usize % 4],
        scale: 0.5,
        ..Model::default()
    };
    let theta = world.elasticities.as_ref().unwrap();
    let economy = ProductEconomy::calibrate(&world, &products, theta, &model, &Settings::default()).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rates = products.tariffs().to_vec();
    rates.iter_mut().filter(|_| random.random::<f64>() < 0.3).for_each(|rate| *rate = Rate(rate.0 + 0.4));
    let wedges = Wedges::of_products(economy.nest().tariffs(&rates));
    (economy.economy, wedges)
}

fn each_case(mut check: impl FnMut(&Economy, &Wedges, u64, &str)) {
    for seed in 0..8 {
        for (name, preset) in Preset::ALL {
            for deficits in [Deficits::Fixed, Deficits::Share, Deficits::None] {
                let (economy, wedges) = economy(preset, deficits, seed);
                check(&economy, &wedges, seed, &format!("{name} {deficits:?} seed {seed}"));
            }
        }
    }
}

fn draw(random: &mut ChaCha8Rng, length: usize, size: f64) -> Vec<f64> {
    (0..length).map(|_| size * (random.random::<f64>() - 0.5)).collect()
}

fn point(economy: &Economy, wedges: &Wedges, unknowns: Vec<f64>) -> (Point, Vec<f64>) {
    let mut residual = vec![0.0; unknowns.len()];
    let mut point = Point { unknowns, ..Point::baseline(economy) };
    point.evaluate(economy, wedges, &mut residual);
    (point, residual)
}

#[test]
fn the_derivative_agrees_with_central_differences() {
    each_case(|economy, wedges, seed, case| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let length = Layout::of(economy).len();
        let (here, direction) = (draw(&mut random, length, 0.4), draw(&mut random, length, 2.0));
        let at = |step: f64| {
            point(economy, wedges, here.iter().zip(&direction).map(|(here, along)| here + step * along).collect())
        };
        let mut product = vec![0.0; length];
        jacobian::apply(economy, wedges, &at(0.0).0, &mut Scratch::new(economy), &direction, &mut product);
        let (ahead, behind) = (at(1e-5).1, at(-1e-5).1);
        let gaps = ahead.iter().zip(&behind).zip(&product).map(|((a, b), product)| ((a - b) / 2e-5 - product).abs());
        let gap = gaps.fold(0.0, f64::max);
        // As in `jacobian.rs`: central differences of this step are good to some 1e-9, of numbers up to theta.
        assert!(gap < 1e-7, "{case}: {gap}");
    });
}

#[test]
fn the_transpose_is_one() {
    each_case(|economy, wedges, seed, case| {
        let mut random = ChaCha8Rng::seed_from_u64(seed + 100);
        let length = Layout::of(economy).len();
        let (point, _) = point(economy, wedges, draw(&mut random, length, 0.4));
        let (v, u) = (draw(&mut random, length, 2.0), draw(&mut random, length, 2.0));
        let mut forward = vec![0.0; length];
        jacobian::apply(economy, wedges, &point, &mut Scratch::new(economy), &v, &mut forward);
        let mut bars = Bars::zero(economy);
        adjoint::reverse(economy, wedges, &point, &u, &mut bars);
        let backward: Vec<f64> = [bars.wage, bars.cost, bars.sales].concat();
        let (left, right) = (dot(&forward, &u), dot(&v, &backward));
        let size = dot(&forward, &forward).sqrt() * dot(&u, &u).sqrt();
        assert!((left - right).abs() < 1e-12 * size, "{case}: {left} {right}");
    });
}

#[test]
fn the_transpose_of_the_inverse_is_one() {
    each_case(|economy, wedges, seed, case| {
        let mut random = ChaCha8Rng::seed_from_u64(seed + 200);
        let length = Layout::of(economy).len();
        let (point, _) = point(economy, wedges, draw(&mut random, length, 0.2));
        let inverse = Preconditioner::new(economy, wedges, &point, 0.0);
        let (v, u) = (draw(&mut random, length, 2.0), draw(&mut random, length, 2.0));
        let (mut forward, mut backward) = (vec![0.0; length], vec![0.0; length]);
        inverse.apply(economy, wedges, &point, &mut Scratch::new(economy), &v, &mut forward);
        inverse.apply_transpose(economy, wedges, &point, &mut Bars::zero(economy), &u, &mut backward);
        let (left, right) = (dot(&forward, &u), dot(&v, &backward));
        let size = dot(&forward, &forward).sqrt() * dot(&u, &u).sqrt();
        assert!((left - right).abs() < 1e-11 * size, "{case}: {left} {right}");
    });
}
