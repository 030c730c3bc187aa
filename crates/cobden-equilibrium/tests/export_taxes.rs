//! Export taxes: what Abba Lerner proved, accounts, and what is refused.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Economy, Model, Outcome, Policy, Preset, Settings};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve_policy};
use ndarray::Array3;

/// A world of balanced trade in which the first country levies no tariff; the others do.
fn world(preset: Preset, seed: u64) -> World {
    let toy = Toy { inputs: preset.has_inputs(), balanced_trade: true, seed, ..Toy::default() };
    let mut world = toy.world();
    world.tariffs.index_axis_mut(ndarray::Axis(0), 0).fill(Rate::ZERO);
    // Trade in balance must stay so without those tariffs: accounts follow from the flows.
    (world.inputs, world.value_added, world.final_demand) = (None, None, None);
    if !preset.has_inputs() {
        return world;
    }
    let spent = world.expenditure();
    let sold = world.sales();
    let inputs = Array3::from_shape_fn((5, 4, 4), |(n, k, j)| {
        0.4 * spent[[n, k]] * sold[[n, j]] / spent.row(n).sum().max(sold.row(n).sum())
    });
    world.value_added = Some(&sold - &inputs.sum_axis(ndarray::Axis(1)));
    world.final_demand = Some(&spent - &inputs.sum_axis(ndarray::Axis(2)));
    world.inputs = Some(inputs);
    world
}

fn uniform(world: &World, applies: impl Fn(usize, usize) -> bool, rate: f64) -> Array3<Rate> {
    Array3::from_shape_fn(world.flows.dim(), |(n, i, _)| Rate(if n != i && applies(n, i) { rate } else { 0.0 }))
}

/// Lerner (1936): a country's uniform tariff on all imports and its uniform tax on all exports do the same, as only relative prices matter
/// where trade balances. Wages differ by the factor; what can be bought does not, anywhere.
#[test]
fn a_tax_on_all_exports_is_a_tariff_on_all_imports() {
    for (_, preset) in Preset::ALL {
        for (seed, rate) in [(1, 0.2), (2, 0.8), (3, -0.15)] {
            let world = world(preset, seed);
            let model =
                Model { preset, scale: 0.5, labour_supply_elasticity: 0.2 * (seed - 1) as f64, ..Model::default() };
            let economy = economy(&world, &model);
            let outcome = |policy: &Policy| {
                let equilibrium = solve_policy(&economy, policy);
                (Outcome::new(&economy, &equilibrium), equilibrium.sales(&economy))
            };
            let mut tariff = Policy::status_quo(&world);
            tariff.tariffs.zip_mut_with(&uniform(&world, |n, _| n == 0, rate), |tariff, new| tariff.0 += new.0);
            let mut tax = Policy::status_quo(&world);
            tax.export_taxes = Some(uniform(&world, |_, i| i == 0, rate));
            let ((tariff, _), (tax, _)) = (outcome(&tariff), outcome(&tax));
            assert!(tariff.countries[0].welfare_pct.abs() > 1e-3);
            assert!((tariff.countries[0].wage_hat - tax.countries[0].wage_hat).abs() > 1e-2, "prices do differ");
            for (n, (ours, theirs)) in tariff.countries.iter().zip(&tax.countries).enumerate() {
                // Solves are good to 1e-10; per cent.
                assert!(
                    (ours.welfare_pct - theirs.welfare_pct).abs() < 1e-7,
                    "{preset:?} {seed} {n}: {ours:?} {theirs:?}"
                );
                assert!((ours.real_wage_pct - theirs.real_wage_pct).abs() < 1e-7);
                // What one treasury loses the other takes in, measured in what it buys.
                let real = |one: &cobden_equilibrium::CountryOutcome| {
                    (one.tariff_revenue + one.export_tax_revenue) / one.price_hat
                };
                assert!(
                    (real(ours) / real(theirs) - 1.0).abs() < 1e-8 || n != 0,
                    "{n}: {} {}",
                    real(ours),
                    real(theirs)
                );
            }
            for (ours, theirs) in tariff.output_hat.iter().zip(&tax.output_hat) {
                assert!((ours / theirs - 1.0).abs() < 1e-8);
            }
        }
    }
}

/// Revenue is the tax on what is sold; sales are what is left of it at the factory gate; a tax of nothing is no tax.
#[test]
fn accounts_of_export_taxes() {
    let world = Toy { seed: 9, ..Toy::default() }.world();
    let economy = economy(&world, &Model::default());
    let mut policy = Policy::status_quo(&world);
    let none = solve_policy(&economy, &policy);
    policy.export_taxes = Some(uniform(&world, |_, _| true, 0.0));
    let zero = solve_policy(&economy, &policy);
    for (ours, theirs) in none.income().iter().zip(zero.income()) {
        assert!((ours / theirs - 1.0).abs() < 1e-10);
    }
    policy.export_taxes = Some(uniform(&world, |n, i| (n + i) % 2 == 1, 0.3));
    let taxed = solve_policy(&economy, &policy);
    let (flows, sales) = (taxed.flows(&economy), taxed.sales(&economy));
    for i in 0..5 {
        let of = |n: usize, j: usize| if (n + i) % 2 == 1 { 0.3 / 1.3 * flows[[n, i, j]] } else { 0.0 };
        let revenue: f64 = (0..5).flat_map(|n| (0..4).map(move |j| (n, j))).map(|(n, j)| of(n, j)).sum();
        assert!((taxed.export_tax_revenue()[i] / revenue - 1.0).abs() < 1e-9);
        for j in 0..4 {
            let sold: f64 = (0..5).map(|n| flows[[n, i, j]] - of(n, j)).sum();
            assert!((sales[[i, j]] / sold - 1.0).abs() < 1e-9);
        }
    }
    // Back to none: the solver forgets them.
    let mut solver = cobden_equilibrium::Solver::new(&economy, Settings::default());
    solver.solve(&policy, None).unwrap();
    let again = solver.solve(&Policy::status_quo(&world), None).unwrap();
    assert!(again.export_tax_revenue().iter().all(|revenue| *revenue == 0.0));
    assert_eq!(again.income(), none.income());
}

#[test]
fn what_is_refused() {
    let world = Toy::default().world();
    let economy = economy(&world, &Model::default());
    let problem = |taxes: Array3<Rate>| {
        let policy = Policy { export_taxes: Some(taxes), ..Policy::status_quo(&world) };
        Economy::solve(&economy, &policy, None, &Settings::default()).unwrap_err()
    };
    assert!(problem(Array3::from_elem((5, 5, 4), Rate(0.1))).message.contains("own domestic sales"));
    assert!(problem(Array3::from_elem((5, 5, 3), Rate::ZERO)).message.contains("shape"));
    assert!(problem(uniform(&world, |_, _| true, -1.0)).message.contains("-100 %"));
}
