//! Answers that can be written down.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Model, Outcome, Policy, Preset};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve, solve_policy, welfare};
use ndarray::{Array1, Array3};

/// A one-sector world without tariffs, balanced trade.
fn one_sector(inputs: bool, seed: u64) -> World {
    Toy {
        countries: 4,
        sectors: 1,
        inputs,
        highest_tariff: Rate::ZERO,
        zero_flows: 0.0,
        balanced_trade: true,
        seed,
        ..Toy::default()
    }
    .world()
}

fn raise_trade_costs(world: &World, factor: f64) -> Policy {
    let trade_cost = Array3::from_shape_fn(world.flows.dim(), |(n, i, _)| if n == i { 1.0 } else { factor });
    Policy { tariffs: world.tariffs.clone(), trade_cost: Some(trade_cost), export_taxes: None }
}

/// Arkolakis, Costinot and Rodriguez-Clare (2012): with one sector and no tariffs `W = pi_nn_hat^(-1/theta)`; with inputs of share
/// `1 - gammaL` the exponent is `-1 / (theta gammaL)`.
#[test]
fn gains_from_trade_in_one_sector() {
    for (inputs, preset) in [(false, Preset::Armington), (true, Preset::CaliendoParro)] {
        let world = one_sector(inputs, 3);
        let theta = world.elasticities.as_ref().unwrap()[0];
        let economy = economy(&world, &Model { preset, ..Model::default() });
        let equilibrium = solve_policy(&economy, &raise_trade_costs(&world, 1.2));
        let (before, after) = (economy.flows(), equilibrium.flows(&economy));
        let accounts = world.accounts();
        for (n, change) in welfare(&economy, &equilibrium).iter().enumerate() {
            let domestic = |flows: &Array3<f64>| flows[[n, n, 0]] / flows.index_axis(ndarray::Axis(0), n).sum();
            let value_added_share = accounts.value_added[[n, 0]] / accounts.sales[[n, 0]];
            let acr = (domestic(&after) / domestic(&before)).powf(-1.0 / (theta * value_added_share));
            assert!((change - 100.0 * (acr - 1.0)).abs() < 1e-7, "{change} against {acr}");
        }
    }
}

/// With labour supply of elasticity `kappa` labour income is `w L = w (w / P)^kappa`, so that what one unit of labour gains by trade
/// counts `1 + kappa` times: `W = (pi_nn_hat^(-1 / (theta gammaL)))^(1 + kappa)`.
#[test]
fn gains_from_trade_with_elastic_labour() {
    for (inputs, preset) in [(false, Preset::Armington), (true, Preset::CaliendoParro)] {
        let world = one_sector(inputs, 3);
        let theta = world.elasticities.as_ref().unwrap()[0];
        let accounts = world.accounts();
        for kappa in [0.3, 1.0, 2.5] {
            let model = Model { preset, labour_supply_elasticity: kappa, ..Model::default() };
            let economy = economy(&world, &model);
            let equilibrium = solve_policy(&economy, &raise_trade_costs(&world, 1.2));
            let (before, after) = (economy.flows(), equilibrium.flows(&economy));
            let outcome = Outcome::new(&economy, &equilibrium);
            for (n, country) in outcome.countries.iter().enumerate() {
                let domestic = |flows: &Array3<f64>| flows[[n, n, 0]] / flows.index_axis(ndarray::Axis(0), n).sum();
                let value_added_share = accounts.value_added[[n, 0]] / accounts.sales[[n, 0]];
                let acr = (domestic(&after) / domestic(&before)).powf(-1.0 / (theta * value_added_share));
                assert!((country.real_wage_pct - 100.0 * (acr - 1.0)).abs() < 1e-7);
                assert!((country.labour_hat - acr.powf(kappa)).abs() < 1e-9);
                assert!((country.welfare_pct - 100.0 * (acr.powf(1.0 + kappa) - 1.0)).abs() < 1e-7);
            }
        }
    }
}

/// A closed economy whose goods become `d` times as costly to deliver: `w / P = 1 / d`, `L = d^-kappa`, `W = d^-(1 + kappa)`.
#[test]
fn a_closed_economy_works_less_for_less() {
    let world = cobden_world::toy::autarky(2, 3);
    let (kappa, d) = (0.8, 1.25);
    let model = Model { preset: Preset::Armington, labour_supply_elasticity: kappa, ..Model::default() };
    let economy = economy(&world, &model);
    let trade_cost = Some(Array3::from_elem(world.flows.dim(), d));
    let equilibrium =
        solve_policy(&economy, &Policy { tariffs: world.tariffs.clone(), trade_cost, export_taxes: None });
    for country in Outcome::new(&economy, &equilibrium).countries {
        assert!((country.labour_hat - f64::powf(d, -kappa)).abs() < 1e-9);
        assert!((country.welfare_pct - 100.0 * (f64::powf(d, -1.0 - kappa) - 1.0)).abs() < 1e-7);
    }
}

/// Labour supply that hardly answers is fixed labour: results go to those at `kappa = 0` in proportion to `kappa`.
#[test]
fn hardly_elastic_labour_is_fixed_labour() {
    let world = Toy { seed: 21, ..Toy::default() }.world();
    let tariffs = Toy { seed: 22, highest_tariff: Rate(0.6), ..Toy::default() }.world().tariffs;
    let gains = |kappa: f64| {
        let economy = economy(&world, &Model { labour_supply_elasticity: kappa, ..Model::default() });
        welfare(&economy, &solve(&economy, tariffs.clone()))
    };
    let (fixed, small, smaller) = (gains(0.0), gains(1e-4), gains(1e-5));
    for n in 0..fixed.len() {
        let (one, other) = (small[n] - fixed[n], smaller[n] - fixed[n]);
        // The second difference of a smooth function: what is left is quadratic in kappa, and the tolerance of the solves.
        assert!((one - 10.0 * other).abs() < 1e-3 * one.abs() + 2e-7, "{one} {other}");
    }
}

/// With economies of scale and one sector without inputs labour has nowhere to go, so nothing is different.
#[test]
fn scale_does_not_matter_in_one_sector() {
    let world = one_sector(false, 11);
    let policy = raise_trade_costs(&world, 1.3);
    let changes = [Preset::Armington, Preset::Krugman].map(|preset| {
        let economy = economy(&world, &Model { preset, ..Model::default() });
        welfare(&economy, &solve_policy(&economy, &policy))
    });
    for (without, with) in changes[0].iter().zip(&changes[1]) {
        assert!((without - with).abs() < 1e-8);
    }
}

/// Kucheryavyy, Lyn and Rodriguez-Clare (2023): without tariffs and inputs `W = prod_j (pi_nn_hat^(-1/theta) L_hat^(phi/theta))^alpha`,
/// the gains from trade and the gains or losses from moving labour to sectors with weaker or stronger scale.
#[test]
fn gains_from_trade_with_scale() {
    let toy = Toy {
        countries: 4,
        sectors: 3,
        inputs: false,
        highest_tariff: Rate::ZERO,
        zero_flows: 0.0,
        balanced_trade: true,
        ..Toy::default()
    };
    let world = toy.world();
    let theta = world.elasticities.as_ref().unwrap();
    for phi in [0.0, 0.5, 0.9] {
        let economy = economy(&world, &Model { preset: Preset::Krugman, scale: phi, ..Model::default() });
        let equilibrium = solve_policy(&economy, &raise_trade_costs(&world, 1.2));
        let outcome = Outcome::new(&economy, &equilibrium);
        let (before, after, spent) = (economy.flows(), equilibrium.flows(&economy), economy.expenditure());
        for (n, change) in welfare(&economy, &equilibrium).iter().enumerate() {
            let term = |j: usize| {
                let domestic = |flows: &Array3<f64>| flows[[n, n, j]] / (0..4).map(|i| flows[[n, i, j]]).sum::<f64>();
                let trade = -(domestic(&after) / domestic(&before)).ln() / theta[j];
                let scale = phi / theta[j] * outcome.employment_hat[[n, j]].ln();
                spent[[n, j]] / economy.income()[n] * (trade + scale)
            };
            let ln_welfare: f64 = (0..3).map(term).sum();
            assert!((change - 100.0 * ln_welfare.exp_m1()).abs() < 1e-7, "phi {phi}: {change}");
        }
    }
}

/// In autarky the domestic share is one, so trade was worth `pi_nn^(-1/theta)`.
#[test]
fn what_autarky_costs() {
    let world = one_sector(false, 5);
    let theta = world.elasticities.as_ref().unwrap()[0];
    let economy = economy(&world, &Model { preset: Preset::Armington, ..Model::default() });
    let closed = solve_policy(&economy, &raise_trade_costs(&world, 1e6));
    let shares = economy.trade_shares();
    for (n, change) in welfare(&economy, &closed).iter().enumerate() {
        let lost = shares[[n, n, 0]].powf(1.0 / theta);
        assert!((change - 100.0 * (lost - 1.0)).abs() < 1e-6);
    }
}

/// Two symmetric countries and one tariff t on both sides leave wages at one, so that everything is known: with domestic share
/// `pi = 1 / (1 + m)`, `m = x (1+t)^-theta`, price `P^-theta = (1 + m) / (1 + x)` and income `1 / (1 - pi_foreign t / (1+t))`.
#[test]
fn a_symmetric_tariff_war() {
    let world = cobden_world::toy::two_countries();
    let (theta, x, t) = (4.0, 0.25, 0.5);
    let economy = economy(&world, &Model { preset: Preset::Armington, ..Model::default() });
    let mut tariffs = world.tariffs.clone();
    tariffs[[0, 1, 0]] = Rate(t);
    tariffs[[1, 0, 0]] = Rate(t);
    let m = x * f64::powf(1.0 + t, -theta);
    let foreign = m / (1.0 + m);
    let income = 1.0 / (1.0 - foreign * t / (1.0 + t));
    let price = f64::powf((1.0 + m) / (1.0 + x), -1.0 / theta);
    for change in welfare(&economy, &solve(&economy, tariffs.clone())) {
        assert!((change - 100.0 * (income / price - 1.0)).abs() < 1e-8);
    }
    // Elastic labour: by symmetry labour income stays one, and L = (w / P)^kappa of what was made before is made.
    let kappa = 0.5;
    let model = Model { preset: Preset::Armington, labour_supply_elasticity: kappa, ..Model::default() };
    let elastic = common::economy(&world, &model);
    for change in welfare(&elastic, &solve(&elastic, tariffs)) {
        let labour = price.powf(-kappa);
        assert!((change - 100.0 * (income / price * labour - 1.0)).abs() < 1e-8);
    }
}

/// A country of size `size` against the rest of the world, one sector, free trade, both spending a share `open * size` abroad as
/// gravity has it.
fn small_country(size: f64, theta: f64) -> World {
    let trade = 0.3 * size;
    let mut world = cobden_world::toy::two_countries();
    world.flows = Array3::from_shape_vec((2, 2, 1), vec![size - trade, trade, trade, 1.0 - trade]).unwrap();
    world.elasticities = Some(Array1::from_elem(1, theta));
    world
}

/// The tariff that maximises the first country's welfare, by golden-section search.
fn optimum_tariff(world: &World) -> f64 {
    let economy = economy(world, &Model { preset: Preset::Armington, ..Model::default() });
    let gain = |t: f64| {
        let mut tariffs = world.tariffs.clone();
        tariffs[[0, 1, 0]] = Rate(t);
        Outcome::new(&economy, &solve(&economy, tariffs)).countries[0].welfare_pct
    };
    let ratio = (f64::sqrt(5.0) - 1.0) / 2.0;
    let (mut low, mut high) = (0.0, 2.0);
    while high - low > 1e-5 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        if gain(left) < gain(right) { low = left } else { high = right }
    }
    0.5 * (low + high)
}

/// A small country faces the foreign demand curve for its own variety, of elasticity sigma, and no other power over prices: its
/// optimum tariff goes to `1 / (sigma - 1) = 1 / theta` as its size goes to nothing (Gros 1987; Costinot and Rodriguez-Clare 2014,
/// section 4.2). Larger countries want more.
#[test]
fn the_optimum_tariff_of_a_small_country() {
    for theta in [1.5, 4.0, 8.0] {
        let gaps: Vec<f64> =
            [1e-1, 1e-2, 1e-3].iter().map(|size| optimum_tariff(&small_country(*size, theta)) - 1.0 / theta).collect();
        assert!(gaps[0] > gaps[1] && gaps[1] > gaps[2], "{gaps:?}");
        assert!(gaps[2].abs() < 1e-3, "{gaps:?}");
    }
}
