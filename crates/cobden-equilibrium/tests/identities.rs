//! What must hold in every world: identities, on random worlds with and without inputs.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Baseline, Deficits, Economy, Equilibrium, Model, Outcome, Policy, Preset, Settings, Stop};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve, welfare};
use ndarray::{Array3, Axis};
use proptest::prelude::*;

/// Random worlds of every kind the engine takes.
fn worlds() -> impl Strategy<Value = World> {
    (2usize..7, 1usize..6, any::<bool>(), 0.0..0.6, any::<bool>(), 1.0..9.0, any::<u64>()).prop_map(
        |(countries, sectors, inputs, zero_flows, balanced_trade, highest_theta, seed)| {
            // Below one a country's terms of trade can run away before it has paid its surplus: no equilibrium need exist.
            let trade_elasticity = (if balanced_trade { 0.5 } else { 1.0 }, highest_theta);
            Toy { countries, sectors, inputs, zero_flows, balanced_trade, trade_elasticity, seed, ..Toy::default() }
                .world()
        },
    )
}

/// New tariffs up to 100 per cent on everything foreign, from a seed.
fn shock(world: &World, seed: u64) -> Array3<Rate> {
    let other = Toy {
        countries: world.countries.len(),
        sectors: world.sectors.len(),
        highest_tariff: Rate(1.0),
        seed,
        ..Toy::default()
    };
    other.world().tariffs
}

fn model_for(world: &World) -> Model {
    let preset = if world.inputs.is_some() { Preset::CaliendoParro } else { Preset::Armington };
    Model { preset, ..Model::default() }
}

/// The calibrated economy and its equilibrium under the shock. A random world may have none: trade that goes one way only, or a
/// surplus that a country can no longer pay. Anything else that does not converge fails the test.
fn equilibrium(world: &World, model: &Model, tariffs: Array3<Rate>) -> Result<(Economy, Equilibrium), TestCaseError> {
    let settings = Settings::default();
    let economy = match Economy::calibrate(world, world.elasticities.as_ref().unwrap(), model, &settings) {
        Ok(economy) => economy,
        Err(problem) if problem.message.contains("cannot balance") => {
            return Err(TestCaseError::reject("one-way trade"));
        }
        Err(problem) => return Err(TestCaseError::fail(problem.to_string())),
    };
    let equilibrium =
        economy.solve(&Policy { tariffs, trade_cost: None, export_taxes: None }, None, &settings).unwrap();
    match equilibrium.report.stop {
        Stop::Converged => Ok((economy, equilibrium)),
        Stop::Insolvent => Err(TestCaseError::reject("a surplus beyond a country's means")),
        _ => Err(TestCaseError::fail(format!("{:?}", equilibrium.report))),
    }
}

fn close(ours: f64, theirs: f64, tolerance: f64) -> bool {
    (ours - theirs).abs() <= tolerance * (1.0 + theirs.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_changes_without_a_change(world in worlds()) {
        let economy = economy(&world, &model_for(&world));
        let outcome = Outcome::new(&economy, &solve(&economy, world.tariffs.clone()));
        for country in &outcome.countries {
            prop_assert!(close(country.wage_hat, 1.0, 1e-9) && close(country.price_hat, 1.0, 1e-9));
            prop_assert!(country.welfare_pct.abs() < 1e-7 && country.first_order.welfare_pct.abs() < 1e-7);
        }
    }

    #[test]
    fn the_unit_of_account_does_not_matter(world in worlds(), seed: u64, scale in 1e-6..1e6) {
        let mut scaled = world.clone();
        scaled.flows *= scale;
        for table in [&mut scaled.value_added, &mut scaled.final_demand].into_iter().flatten() {
            *table *= scale;
        }
        if let Some(inputs) = &mut scaled.inputs {
            *inputs *= scale;
        }
        let (before, ours) = equilibrium(&world, &model_for(&world), shock(&world, seed))?;
        let (after, theirs) = equilibrium(&scaled, &model_for(&scaled), shock(&world, seed))?;
        for (ours, theirs) in welfare(&before, &ours).iter().zip(welfare(&after, &theirs)) {
            prop_assert!(close(*ours, theirs, 1e-7), "{ours} {theirs}");
        }
    }

    #[test]
    fn the_order_of_countries_does_not_matter(world in worlds(), seed: u64, shift in 1usize..6) {
        let n = world.countries.len();
        let order: Vec<usize> = (0..n).map(|at| (at + shift) % n).collect();
        let permuted = permute(&world, &order);
        let tariffs = shock(&world, seed);
        let moved = tariffs.select(Axis(0), &order).select(Axis(1), &order);
        let (one, ours) = equilibrium(&world, &model_for(&world), tariffs)?;
        let (two, theirs) = equilibrium(&permuted, &model_for(&world), moved)?;
        let (ours, theirs) = (welfare(&one, &ours), welfare(&two, &theirs));
        for (at, from) in order.iter().enumerate() {
            prop_assert!(close(theirs[at], ours[*from], 1e-7), "{} {}", theirs[at], ours[*from]);
        }
    }

    /// Adding up: what one buys another sells, income is spent, deficits sum to zero, and labour income is the numeraire.
    #[test]
    fn accounts_add_up_after_the_shock(world in worlds(), seed: u64, closure in 0usize..3) {
        let deficits = [Deficits::Fixed, Deficits::Share, Deficits::None][closure];
        let tariffs = shock(&world, seed);
        let (economy, equilibrium) = equilibrium(&world, &Model { deficits, ..model_for(&world) }, tariffs.clone())?;
        let flows = equilibrium.flows(&economy);
        let sold = flows.sum_axis(Axis(0));
        for (sold, sales) in sold.iter().zip(equilibrium.sales(&economy).iter()) {
            prop_assert!(close(*sold, *sales, 1e-8));
        }
        let bought = flows.sum_axis(Axis(2)).sum_axis(Axis(1));
        let deficit = &bought - &sold.sum_axis(Axis(1));
        prop_assert!(deficit.sum().abs() < 1e-8 * bought.sum());
        for n in 0..world.countries.len() {
            let expected = match deficits {
                Deficits::Fixed => economy.deficits()[n],
                Deficits::None => 0.0,
                Deficits::Share => continue,
            };
            prop_assert!((deficit[n] - expected).abs() < 1e-8 * bought.sum());
        }
        let revenue: f64 = flows.indexed_iter().map(|(at, flow)| tariffs[at].0 * flow).sum();
        prop_assert!(close(revenue, equilibrium.tariff_revenue().iter().sum(), 1e-9));
        let wages: f64 = equilibrium.wage_hat().iter().zip(economy.labour_income()).map(|(w, wl)| w * wl).sum();
        prop_assert!(close(wages, economy.labour_income().iter().sum(), 1e-9));
    }

    /// Where nothing was traded nothing is, and a good nobody sells stays unsold.
    #[test]
    fn zero_flows_stay_zero(world in worlds(), seed: u64) {
        let (economy, equilibrium) = equilibrium(&world, &model_for(&world), shock(&world, seed))?;
        for (old, new) in world.flows.iter().zip(&equilibrium.flows(&economy)) {
            prop_assert_eq!(*old == 0.0, *new == 0.0);
            prop_assert!(new.is_finite() && *new >= 0.0);
        }
    }

    /// From another start the same solution.
    #[test]
    fn a_warm_start_changes_nothing(world in worlds(), seed: u64, other: u64) {
        let (_, there) = equilibrium(&world, &model_for(&world), shock(&world, other))?;
        let policy = Policy { tariffs: shock(&world, seed), trade_cost: None, export_taxes: None };
        let (economy, cold) = equilibrium(&world, &model_for(&world), policy.tariffs.clone())?;
        let warm = economy.solve(&policy, Some(&there), &Settings::default()).unwrap();
        prop_assert!(warm.report.stop.converged());
        for (cold, warm) in welfare(&economy, &cold).iter().zip(welfare(&economy, &warm)) {
            prop_assert!(close(warm, *cold, 1e-7), "{warm} {cold}");
        }
    }

    /// A country that trades with nobody is not touched by what the others do.
    #[test]
    fn a_closed_economy_is_unmoved(seed: u64, inputs: bool) {
        let mut world = Toy { inputs: false, balanced_trade: true, seed, ..Toy::default() }.world();
        for ((n, i, _), flow) in world.flows.indexed_iter_mut() {
            if n != i && (n == 0 || i == 0) {
                *flow = 0.0;
            }
        }
        if inputs {
            // A third of all sales goes into each country's own sectors, in equal parts.
            let (sales, j) = (world.sales(), world.sectors.len());
            world.tariffs.fill(Rate::ZERO);
            let spent = world.expenditure();
            let least = |n: usize| (0..j).map(|k| spent[[n, k]].min(sales[[n, k]])).fold(f64::INFINITY, f64::min);
            world.inputs = Some(Array3::from_shape_fn((world.countries.len(), j, j), |(n, _, _)| least(n) / (3.0 * j as f64)));
        }
        let economy = economy(&world, &model_for(&world));
        let outcome = Outcome::new(&economy, &solve(&economy, shock(&world, seed)));
        prop_assert!(outcome.countries[0].welfare_pct.abs() < 1e-7);
        prop_assert!(outcome.countries[1..].iter().any(|country| country.welfare_pct.abs() > 1e-3));
    }

    #[test]
    fn every_baseline_is_an_equilibrium(world in worlds(), which in 0usize..3) {
        let baseline = [Baseline::Observed, Baseline::Solved, Baseline::Balanced][which];
        let (economy, _) = equilibrium(&world, &Model { baseline, ..model_for(&world) }, world.tariffs.clone())?;
        prop_assert!(economy.baseline_report().stop.converged());
        let equilibrium = solve(&economy, world.tariffs.clone());
        prop_assert!(equilibrium.wage_hat().iter().all(|wage| close(*wage, 1.0, 1e-9)));
        if baseline == Baseline::Balanced {
            prop_assert!(economy.deficits().iter().all(|deficit| *deficit == 0.0));
        } else {
            // Balanced accounts are their own solved baseline.
            for (ours, data) in economy.flows().iter().zip(&world.flows) {
                prop_assert!(close(*ours, *data, 1e-7));
            }
        }
    }
}

fn permute(world: &World, order: &[usize]) -> World {
    let names = order.iter().map(|at| world.countries[*at].to_owned());
    World {
        countries: cobden_world::Names::new(names).unwrap(),
        flows: world.flows.select(Axis(0), order).select(Axis(1), order),
        tariffs: world.tariffs.select(Axis(0), order).select(Axis(1), order),
        inputs: world.inputs.as_ref().map(|table| table.select(Axis(0), order)),
        value_added: world.value_added.as_ref().map(|table| table.select(Axis(0), order)),
        final_demand: world.final_demand.as_ref().map(|table| table.select(Axis(0), order)),
        ..world.clone()
    }
}

#[test]
fn autarky_does_not_break() {
    let world = cobden_world::toy::autarky(3, 2);
    let economy: Economy = economy(&world, &Model { preset: Preset::Armington, ..Model::default() });
    let equilibrium = solve(&economy, shock(&world, 7));
    assert!(welfare(&economy, &equilibrium).iter().all(|change| change.abs() < 1e-9));
}
