//! Products nested in sectors: identities with the sector model, and what must hold of any answer.

#![allow(missing_docs, clippy::unwrap_used)]

use cobden_equilibrium::{
    Baseline, Deficits, Economy, Model, Outcome, Policy, Preset, ProductEconomy, ProductPolicy, Selection, Settings,
};
use cobden_world::{Names, Product, Products, ProductsBuilder, Rate, World, synthetic::Synthetic, toy::Toy};
use ndarray::{Array1, Axis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Each sector as its one product.
fn one_each(world: &World) -> Products {
    let product = |(sector, name): (usize, &str)| Product { name: name.into(), sector, ..Product::default() };
    let list = world.sectors.iter().enumerate().map(product).collect();
    let mut builder = ProductsBuilder::new(world, list).unwrap();
    for ((n, i, j), flow) in world.flows.indexed_iter() {
        builder.flow(j, n, i, *flow).unwrap();
        builder.tariff(j, n, i, world.tariffs[[n, i, j]]).unwrap();
    }
    builder.build().unwrap()
}

fn theta(world: &World) -> &Array1<f64> {
    world.elasticities.as_ref().unwrap()
}

fn assert_close(ours: &Outcome, theirs: &Outcome, tolerance: f64, case: &str) {
    for (a, b) in ours.countries.iter().zip(&theirs.countries) {
        let pairs = [
            (a.welfare_pct, b.welfare_pct),
            (a.terms_of_trade_pct, b.terms_of_trade_pct),
            (a.exports_pct, b.exports_pct),
            (a.price_hat, b.price_hat),
            (a.tariff_revenue, b.tariff_revenue),
            (a.first_order.welfare_pct, b.first_order.welfare_pct),
        ];
        for (a, b) in pairs {
            assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{case}: {a} {b}");
        }
    }
}

/// One product per sector is the sector model: welfare in per cent to 1e-9, which is 1e-11 of one, below the tolerance of the solve; wages to 1e-12 once both
/// solves are pushed that far.
#[test]
fn one_product_per_sector_is_the_sector_model() {
    let settings = Settings { tolerance: 1e-12, ..Settings::default() };
    for seed in 0..6 {
        for (name, preset) in Preset::ALL {
            for deficits in [Deficits::Fixed, Deficits::Share, Deficits::None] {
                let toy =
                    Toy { inputs: preset.has_inputs(), balanced_trade: true, zero_flows: 0.3, seed, ..Toy::default() };
                let world = toy.world();
                let model = Model { preset, deficits, baseline: Baseline::Solved, scale: 0.6, ..Model::default() };
                let products = one_each(&world);
                let sectors = Economy::calibrate(&world, theta(&world), &model, &settings).unwrap();
                let nest = ProductEconomy::calibrate(&world, &products, theta(&world), &model, &settings).unwrap();
                let mut policy = Policy::status_quo(&world);
                policy
                    .tariffs
                    .indexed_iter_mut()
                    .filter(|((n, i, _), _)| n != i && (n + i) % 2 == 1)
                    .for_each(|(_, rate)| rate.0 += 0.25);
                let theirs = sectors.solve(&policy, None, &settings).unwrap();
                let policy = ProductPolicy::of_sectors(&products, &world, &policy).unwrap();
                let ours = nest.solve(&policy, None, &settings).unwrap();
                let case = format!("{name} {deficits:?} seed {seed}");
                assert!(
                    ours.report().stop.converged() && theirs.report.stop.converged(),
                    "{case}: {:?}",
                    ours.report()
                );
                for (a, b) in ours.wage_hat().iter().zip(theirs.wage_hat()) {
                    assert!((a / b - 1.0).abs() < 1e-12, "{case}: {a} {b}");
                }
                assert_close(&nest.outcome(&ours), &Outcome::new(&sectors, &theirs), 1e-9, &case);
            }
        }
    }
}

/// Without inputs every sector costs its wage, so J sectors are J products of one.
#[test]
fn a_flat_world_is_one_sector_of_products() {
    let settings = Settings { tolerance: 1e-12, ..Settings::default() };
    for seed in 0..10 {
        let flat = Toy { inputs: false, sectors: 6, zero_flows: 0.4, seed, ..Toy::default() }.world();
        let one = World {
            sectors: Names::new(["ALL".to_owned()]).unwrap(),
            flows: flat.flows.sum_axis(Axis(2)).insert_axis(Axis(2)),
            tariffs: flat.tariffs.sum_axis_rates(),
            elasticities: Some(Array1::from_elem(1, 4.0)),
            ..flat.clone()
        };
        let list = (0..6).map(|g| Product {
            name: format!("{g}"),
            trade_elasticity: Some(theta(&flat)[g]),
            ..Product::default()
        });
        let mut builder = ProductsBuilder::new(&one, list.collect()).unwrap();
        for ((n, i, g), flow) in flat.flows.indexed_iter() {
            builder.flow(g, n, i, *flow).unwrap();
            builder.tariff(g, n, i, flat.tariffs[[n, i, g]]).unwrap();
        }
        let products = builder.build().unwrap();
        let one = products.aggregate(&one);
        let model = Model { preset: Preset::Armington, ..Model::default() };
        let sectors = Economy::calibrate(&flat, theta(&flat), &model, &settings).unwrap();
        let nest = ProductEconomy::calibrate(&one, &products, theta(&one), &model, &settings).unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (mut policy, mut nested) = (Policy::status_quo(&flat), ProductPolicy::status_quo(&products));
        for ((n, i, g), rate) in policy.tariffs.indexed_iter_mut().filter(|((n, i, _), _)| n != i) {
            rate.0 += 0.5 * random.random::<f64>();
            if let Some(cell) = products.sparsity().find(n, i, g) {
                nested.tariffs[cell] = *rate;
            }
        }
        let theirs = sectors.solve(&policy, None, &settings).unwrap();
        let ours = nest.solve(&nested, None, &settings).unwrap();
        assert_close(&nest.outcome(&ours), &Outcome::new(&sectors, &theirs), 1e-9, &format!("seed {seed}"));
        let (flows, cells) = (theirs.flows(&sectors), nest.product_flows(&ours));
        let prices = theirs.price_hat(&sectors);
        products.sparsity().each_run(|run, _, n, g| {
            assert!((cells.domestic[run] - flows[[n, n, g]]).abs() < 1e-9 * flows[[n, n, g]]);
            assert!((cells.price_hat[run] - prices[[n, g]]).abs() < 1e-10);
            for cell in products.sparsity().cells(run) {
                let flow = flows[[n, products.sparsity().exporter(cell), g]];
                assert!((cells.imports[cell] - flow).abs() < 1e-9 * flow, "{} {flow}", cells.imports[cell]);
            }
        });
    }
}

/// Tariffs of one sector in place of several: only a shape, [`Products::aggregate`] sets the values.
trait SumRates {
    fn sum_axis_rates(&self) -> Self;
}

impl SumRates for ndarray::Array3<Rate> {
    fn sum_axis_rates(&self) -> Self {
        let (n, _, _) = self.dim();
        ndarray::Array3::from_elem((n, n, 1), Rate::ZERO)
    }
}

/// A synthetic economy, its products and a policy on a tenth of its cells.
fn synthetic(seed: u64, change: impl Fn(&mut World)) -> (World, Products, ProductPolicy) {
    let asked = Synthetic {
        countries: 8,
        products: 40,
        sectors: 4,
        flows: 900,
        own_elasticities: seed.is_multiple_of(2),
        seed,
        ..Synthetic::default()
    };
    let (mut world, products) = asked.world();
    change(&mut world);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut policy = ProductPolicy::status_quo(&products);
    policy.tariffs.iter_mut().filter(|_| random.random::<f64>() < 0.1).for_each(|rate| rate.0 += 0.6);
    (world, products, policy)
}

/// An answer's flows satisfy the accounts, product by product, written out here once more.
#[test]
fn answers_satisfy_the_conditions_product_by_product() {
    for seed in 0..12 {
        let (world, products, policy) = synthetic(seed, |_| ());
        let settings = Settings::default();
        let economy =
            ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap();
        let here = economy.solve(&policy, None, &settings).unwrap();
        assert!(here.report().stop.converged() && here.report().residual_max() < 1e-10, "{:?}", here.report());
        let (flows, sparsity) = (economy.product_flows(&here), products.sparsity());
        let (sector_flows, prices) = (here.flows(&economy), here.price_hat(&economy));
        let mut sums = ndarray::Array3::<f64>::zeros(sector_flows.dim());
        let mut ln_price = ndarray::Array2::<f64>::zeros(prices.dim());
        let (before, mut spent) = (world.expenditure(), ndarray::Array2::<f64>::zeros(prices.dim()));
        let mut revenue = vec![0.0; economy.countries()];
        sparsity.each_run(|run, sector, n, _| {
            sums[[n, n, sector]] += flows.domestic[run];
            let (mut old, mut new) = (products.domestic()[run], flows.domestic[run]);
            for cell in sparsity.cells(run) {
                let (m, i) = (flows.imports[cell], sparsity.exporter(cell));
                assert!(m.is_finite() && m > 0.0);
                sums[[n, i, sector]] += m;
                old += products.imports()[cell] * products.tariffs()[cell].factor().0;
                new += m * policy.tariffs[cell].factor().0;
                revenue[n] += m * policy.tariffs[cell].0;
            }
            ln_price[[n, sector]] += old / before[[n, sector]] * flows.price_hat[run].ln();
            spent[[n, sector]] += new;
            // Shares of products in what is spent on a sector stay: checked against the baseline below.
        });
        for (at, sum) in sums.indexed_iter() {
            assert!((sum - sector_flows[at]).abs() <= 1e-9 * sum, "seed {seed} {at:?}");
            assert_eq!(sector_flows[at] == 0.0, world.flows[at] == 0.0, "zeros stay zero, and nothing else is");
        }
        for (at, ln_price) in ln_price.indexed_iter() {
            assert!((prices[at].ln() - ln_price).abs() < 1e-9, "seed {seed} {at:?}");
        }
        sparsity.each_run(|run, sector, n, _| {
            let cells = sparsity.cells(run);
            let old: f64 = products.domestic()[run]
                + cells.clone().map(|c| products.imports()[c] * products.tariffs()[c].factor().0).sum::<f64>();
            let new: f64 =
                flows.domestic[run] + cells.map(|c| flows.imports[c] * policy.tariffs[c].factor().0).sum::<f64>();
            let (old, new) = (old / before[[n, sector]], new / spent[[n, sector]]);
            assert!((old - new).abs() < 1e-9, "seed {seed}: Cobb-Douglas over products, {old} {new}");
        });
        for (ours, theirs) in revenue.iter().zip(here.tariff_revenue()) {
            assert!((ours - theirs).abs() <= 1e-9 * (1.0 + theirs));
        }
        // Walras: deficits of the answer are those of the data.
        let outcome = economy.outcome(&here);
        for n in 0..economy.countries() {
            let bought: f64 = outcome.flows.index_axis(Axis(0), n).sum();
            let sold: f64 = outcome.flows.index_axis(Axis(1), n).sum();
            assert!((bought - sold - world.deficits()[n]).abs() < 1e-8 * sold, "seed {seed} country {n}");
        }
    }
}

/// A world whose sectors are divided over three products each, differently for every flow; tariffs are those of the sector.
fn divided(world: &World, seed: u64) -> Products {
    let list =
        (0..3 * world.sectors.len()).map(|g| Product { name: format!("{g}"), sector: g / 3, ..Product::default() });
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut builder = ProductsBuilder::new(world, list.collect()).unwrap();
    for ((n, i, j), flow) in world.flows.indexed_iter() {
        let parts: [f64; 3] = std::array::from_fn(|g| if (n + i + g) % 4 == 0 { 0.0 } else { random.random() });
        let whole: f64 = parts.iter().sum();
        for (g, part) in parts.iter().enumerate() {
            builder.flow(3 * j + g, n, i, flow * part / whole).unwrap();
            builder.tariff(3 * j + g, n, i, world.tariffs[[n, i, j]]).unwrap();
        }
    }
    builder.build().unwrap()
}

/// Where products stand in for each other as origins do, eta = 1 + theta, it does not matter which product an origin sells: two nests of one elasticity are one,
/// and the sector model holds however flows are divided. So do its prices and flows, and a rebased baseline.
#[test]
fn products_that_stand_in_like_origins_are_the_sector() {
    let settings = Settings { tolerance: 1e-12, ..Settings::default() };
    for seed in 0..6 {
        for (name, preset) in Preset::ALL {
            let toy = Toy { inputs: preset.has_inputs(), balanced_trade: true, seed, ..Toy::default() };
            let mut world = toy.world();
            let theta = 1.5 + seed as f64;
            world.elasticities = Some(Array1::from_elem(world.sectors.len(), theta));
            let products = divided(&world, seed);
            let model = Model {
                preset,
                baseline: if seed % 2 == 0 { Baseline::Observed } else { Baseline::Balanced },
                scale: 0.6,
                product_elasticity: 1.0 + theta,
                ..Model::default()
            };
            let theta = world.elasticities.as_ref().unwrap();
            let sectors = Economy::calibrate(&world, theta, &model, &settings).unwrap();
            let nest = ProductEconomy::calibrate(&world, &products, theta, &model, &settings).unwrap();
            let mut policy = Policy::status_quo(&world);
            let raised = policy.tariffs.indexed_iter_mut().filter(|((n, i, j), _)| n != i && (n + i + j) % 2 == 1);
            raised.for_each(|(_, rate)| rate.0 += 0.25);
            let theirs = sectors.solve(&policy, None, &settings).unwrap();
            let policy = ProductPolicy::of_sectors(&products, &world, &policy).unwrap();
            let ours = nest.solve(&policy, None, &settings).unwrap();
            let case = format!("{name} seed {seed}");
            assert!(ours.report().stop.converged(), "{case}: {:?}", ours.report());
            assert_close(&nest.outcome(&ours), &Outcome::new(&sectors, &theirs), 1e-9, &case);
            for (a, b) in ours.flows(&nest).iter().zip(&theirs.flows(&sectors)) {
                assert!((a - b).abs() < 1e-9 * b.max(1.0), "{case}: {a} {b}");
            }
        }
    }
}

/// Between products that are alike in all but the tariff on one of them, the ratio of quantities moves by eta times that of prices.
#[test]
fn relative_demand_for_products_answers_relative_prices_by_eta() {
    let settings = Settings { tolerance: 1e-12, ..Settings::default() };
    for (seed, eta) in [(0, 0.0), (1, 0.4), (2, 1.0), (3, 1.5), (4, 4.0)] {
        let world = Toy { balanced_trade: true, seed, ..Toy::default() }.world();
        let products = divided(&world, seed);
        let model = Model { product_elasticity: eta, baseline: Baseline::Solved, ..Model::default() };
        let economy = ProductEconomy::calibrate(&world, &products, theta(&world), &model, &settings).unwrap();
        let mut policy = ProductPolicy::status_quo(&products);
        policy.change(&products, &Selection::all().importers([0]).products([0, 4]), |rate| Rate(rate.0 + 0.5));
        let still =
            economy.product_flows(&economy.solve(&ProductPolicy::status_quo(&products), None, &settings).unwrap());
        let here = economy.product_flows(&economy.solve(&policy, None, &settings).unwrap());
        let sparsity = products.sparsity();
        // Spending at purchaser prices over the price index is quantity.
        let quantity = |flows: &cobden_equilibrium::ProductFlows, rates: &[Rate], run: usize| {
            let paid = |cell: usize| flows.imports[cell] * rates[cell].factor().0;
            (flows.domestic[run] + sparsity.cells(run).map(paid).sum::<f64>()) / flows.price_hat[run]
        };
        for sector in 0..2 {
            let runs: Vec<usize> = sparsity.runs(sector, 0).collect();
            let moved =
                |run: usize| (quantity(&here, &policy.tariffs, run) / quantity(&still, products.tariffs(), run)).ln();
            let price = |run: usize| (here.price_hat[run] / still.price_hat[run]).ln();
            for pair in runs.windows(2) {
                let (quantities, prices) = (moved(pair[0]) - moved(pair[1]), price(pair[0]) - price(pair[1]));
                assert!((quantities + eta * prices).abs() < 1e-9, "eta {eta}: {quantities} {prices}");
            }
            assert!(runs.windows(2).any(|pair| (price(pair[0]) - price(pair[1])).abs() > 1e-3));
        }
    }
}

#[test]
fn a_higher_tariff_of_one_product_helps_its_setter_and_costs_the_world() {
    let (world, products, _) = synthetic(3, |_| ());
    let settings = Settings::default();
    let economy = ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap();
    let still = economy.solve(&ProductPolicy::status_quo(&products), None, &settings).unwrap();
    assert!(still.report().residual_max() < 1e-10);
    assert!(economy.outcome(&still).countries.iter().all(|country| country.welfare_pct.abs() < 1e-8));
    let mut policy = ProductPolicy::status_quo(&products);
    policy.change(&products, &Selection::all(), |rate| Rate(rate.0 + 0.3));
    let here = economy.solve(&policy, None, &settings).unwrap();
    let outcome = economy.outcome(&here);
    let lost: f64 = outcome.countries.iter().map(|country| country.welfare_value).sum();
    assert!(lost < 0.0, "all tariffs up: the world loses, {lost}");
    let again = economy.solve(&policy, Some(&here), &settings).unwrap();
    assert_eq!(again.report().iterations, 0, "a start that is the answer is the answer");
}

/// Powers of 65, and products that one country alone makes.
#[test]
fn steep_elasticities_and_single_makers() {
    for seed in 0..4 {
        let (world, _, _) =
            synthetic(seed, |world| world.elasticities = Some(Array1::from_vec(vec![65.0, 0.5, 5.0, 20.0])));
        let (n, sectors) = (world.countries.len(), world.sectors.len());
        let list: Vec<Product> =
            (0..3 * sectors).map(|g| Product { name: format!("{g}"), sector: g / 3, ..Product::default() }).collect();
        let mut builder = ProductsBuilder::new(&world, list).unwrap();
        for ((importer, exporter, j), flow) in world.flows.indexed_iter() {
            // The third product of each sector is made by one country; two are shared by all.
            let maker = j % n;
            let parts = if exporter == maker { [0.3, 0.3, 0.4] } else { [0.6, 0.4, 0.0] };
            for (g, part) in parts.iter().enumerate() {
                builder.flow(3 * j + g, importer, exporter, part * flow).unwrap();
                builder.tariff(3 * j + g, importer, exporter, world.tariffs[[importer, exporter, j]]).unwrap();
            }
        }
        let products = builder.build().unwrap();
        let settings = Settings::default();
        let economy =
            ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap();
        let mut policy = ProductPolicy::status_quo(&products);
        policy.change(&products, &Selection::all().importers([0, 1]), |rate| Rate(rate.0 + 0.4));
        let here = economy.solve(&policy, None, &settings).unwrap();
        assert!(here.report().stop.converged(), "seed {seed}: {:?}", here.report());
        assert!(here.wage_hat().iter().all(|wage| wage.is_finite() && *wage > 0.0));
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let asked = Synthetic { countries: 60, products: 400, sectors: 6, flows: 300_000, ..Synthetic::default() };
    let (world, products) = asked.world();
    let settings = Settings { tolerance: 1e-8, ..Settings::default() };
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let economy =
                ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap();
            let mut policy = ProductPolicy::status_quo(&products);
            policy.change(&products, &Selection::all().importers([0]), |rate| Rate(rate.0 + 0.2));
            let here = economy.solve(&policy, None, &settings).unwrap();
            assert!(here.report().stop.converged());
            (here.wage_hat().to_vec(), here.flows(&economy), economy.product_flows(&here))
        })
    };
    let one = run(1);
    assert!(one == run(2) && one == run(5));
}

#[test]
fn refuses_what_does_not_fit() {
    let (mut world, products, mut policy) = synthetic(1, |_| ());
    let settings = Settings::default();
    let economy = ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap();
    policy.tariffs[3] = Rate(-1.0);
    assert!(economy.solve(&policy, None, &settings).unwrap_err().message.contains("cell 3"));
    policy.tariffs.pop();
    assert!(economy.solve(&policy, None, &settings).is_err());
    let broken = Model { product_elasticity: -0.5, ..Model::default() };
    let problem = ProductEconomy::calibrate(&world, &products, theta(&world), &broken, &settings).unwrap_err();
    assert!(problem.message.contains("between products is -0.5"), "{problem}");
    world.flows[[0, 1, 0]] *= 1.1;
    let problem =
        ProductEconomy::calibrate(&world, &products, theta(&world), &Model::default(), &settings).unwrap_err();
    assert!(problem.message.contains("add up"), "{problem}");
}

/// Gradients against central differences, at random cells of random worlds.
#[test]
fn gradients_agree_with_central_differences() {
    use cobden_equilibrium::{Aim, Objective};
    let settings = Settings { tolerance: 1e-12, ..Settings::default() };
    for (seed, product_elasticity) in [(0, 1.0), (1, 1.0), (2, 2.2), (3, 0.5)] {
        let (world, products, policy) = synthetic(seed, |_| ());
        let model = Model { product_elasticity, ..Model::default() };
        let economy = ProductEconomy::calibrate(&world, &products, theta(&world), &model, &settings).unwrap();
        let here = economy.solve(&policy, None, &settings).unwrap();
        let welfare = economy.gradient(&here, &Aim::Welfare(0).into(), &settings).unwrap();
        let revenue = economy.gradient(&here, &Objective::from(Aim::Revenue(1)), &settings).unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let value = |policy: &ProductPolicy| {
            let there = economy.solve(policy, Some(&here), &settings).unwrap();
            let outcome = economy.outcome(&there);
            [(0.01 * outcome.countries[0].welfare_pct).ln_1p(), there.tariff_revenue()[1]]
        };
        // A direction that moves every rate, so that every cell's derivative counts.
        let along: Vec<f64> = policy.tariffs.iter().map(|_| random.random::<f64>() - 0.5).collect();
        let step = 1e-4;
        let at = |step: f64| {
            let moved = policy.tariffs.iter().zip(&along).map(|(rate, along)| Rate(rate.0 + step * along));
            value(&ProductPolicy { tariffs: moved.collect() })
        };
        let (ahead, behind) = (at(step), at(-step));
        for (which, gradient) in [welfare, revenue].iter().enumerate() {
            assert!(gradient.residual < 1e-9);
            let slope: f64 = gradient.tariffs.iter().zip(&along).map(|(slope, along)| slope * along).sum();
            let difference = (ahead[which] - behind[which]) / (2.0 * step);
            let size = gradient.tariffs.iter().map(|slope| slope.abs()).sum::<f64>();
            assert!((slope - difference).abs() < 1e-6 * size, "seed {seed} aim {which}: {slope} {difference}");
            // And cells one by one.
            for _ in 0..3 {
                let cell = random.random_range(0..along.len());
                let one = |step: f64| {
                    let mut moved = policy.clone();
                    moved.tariffs[cell].0 += step;
                    value(&moved)[which]
                };
                let difference = (one(1e-3) - one(-1e-3)) / 2e-3;
                let most = gradient.tariffs.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
                assert!((gradient.tariffs[cell] - difference).abs() < 1e-4 * most, "seed {seed} cell {cell}");
            }
        }
    }
}
