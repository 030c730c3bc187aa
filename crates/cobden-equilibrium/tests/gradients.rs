//! Total derivatives from the adjoint against central differences of solved equilibria.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Deficits, Economy, Gradients, Model, Objective, Policy, Preset, Settings};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve_policy};
use ndarray::{Array2, Array3};

/// Solved far beyond the default, so that differences of solutions have digits left.
const TIGHT: Settings = Settings { tolerance: 1e-12, max_iterations: 200, beyond_folds: false };

fn world(preset: Preset, seed: u64) -> World {
    let toy = Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, seed, ..Toy::default() };
    let mut world = toy.world();
    // Weights from a third to five thirds, a different order in every country.
    let (countries, sectors) = (toy.countries, toy.sectors);
    let weight = |n: usize, j: usize| 1.0 + ((3 * n + 5 * j) % sectors) as f64 - (sectors - 1) as f64 / 2.0;
    world.political_weights =
        Some(Array2::from_shape_fn((countries, sectors), |(n, j)| 1.0 + 0.4 * (weight(n, j) - 1.0)));
    world.validate().unwrap();
    world
}

fn policy(world: &World, seed: u64) -> Policy {
    let (countries, sectors) = (world.countries.len(), world.sectors.len());
    let tariffs = Toy { countries, sectors, highest_tariff: Rate(0.8), seed, ..Toy::default() }.world().tariffs;
    let trade_cost =
        Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| if n == i { 1.0 } else { 1.0 + 0.02 * (j + 1) as f64 });
    Policy { tariffs, trade_cost: Some(trade_cost), export_taxes: None }
}

fn objectives() -> [Objective; 13] {
    [
        Aim::Government(0).into(),
        Aim::PriceIndex(3).into(),
        Aim::Exports(1).into(),
        Aim::Imports(2).into(),
        Aim::TradeBalance(4).into(),
        Objective::from(Aim::ImportsFrom(0, 1)).and(-1.0, Aim::ImportsFrom(1, 0)),
        Aim::ImportsFrom(2, 2).into(),
        Aim::Welfare(0).into(),
        Aim::RealWage(2).into(),
        Aim::Revenue(1).into(),
        Aim::Output(3, 1).into(),
        Aim::Employment(4, 2).into(),
        Objective::from(Aim::Welfare(1)).and(0.3, Aim::Welfare(4)).and(-0.2, Aim::Employment(0, 0)),
    ]
}

fn value(economy: &Economy, objective: &Objective, policy: &Policy) -> f64 {
    objective.value(economy, &economy.solve(policy, None, &TIGHT).unwrap())
}

#[derive(Clone, Copy, Debug)]
enum Instrument {
    Tariff,
    TradeCost,
    ExportTax,
}

/// The derivative with respect to one cell of an instrument by a central difference with Richardson's extrapolation: good to some
/// 1e-9 of the objective's scale at this step.
fn difference(
    economy: &Economy,
    objective: &Objective,
    policy: &Policy,
    cell: (usize, usize, usize),
    instrument: Instrument,
) -> f64 {
    let slope = |step: f64| {
        let at = |step: f64| {
            let mut moved = policy.clone();
            let none = Array3::from_elem(policy.tariffs.dim(), Rate::ZERO);
            match instrument {
                Instrument::Tariff => moved.tariffs[cell].0 += step,
                Instrument::TradeCost => moved.trade_cost.as_mut().unwrap()[cell] *= step.exp(),
                Instrument::ExportTax => moved.export_taxes.get_or_insert(none)[cell].0 += step,
            }
            value(economy, objective, &moved)
        };
        (at(step) - at(-step)) / (2.0 * step)
    };
    (4.0 * slope(1e-3) - slope(2e-3)) / 3.0
}

#[test]
fn agree_with_differences_of_equilibria() {
    for (_, preset) in Preset::ALL {
        for (seed, deficits) in [Deficits::Fixed, Deficits::Share, Deficits::None].into_iter().enumerate() {
            let world = world(preset, seed as u64);
            // The first closure with fixed labour, the others with a supply that answers the real wage.
            let labour_supply_elasticity = 0.3 * seed as f64;
            let economy = economy(&world, &Model { preset, deficits, labour_supply_elasticity, ..Model::default() });
            let mut policy = policy(&world, 100 + seed as u64);
            // The first without export taxes, the others with some, the last with subsidies among them.
            policy.export_taxes = (seed > 0).then(|| {
                Array3::from_shape_fn(policy.tariffs.dim(), |(n, i, j)| {
                    Rate(if n == i { 0.0 } else { 0.1 * ((n + 2 * i + 3 * j) % 5) as f64 - 0.1 * (seed - 1) as f64 })
                })
            });
            let here = economy.solve(&policy, None, &TIGHT).unwrap();
            let mut gradients = Gradients::new(&economy, &here, &TIGHT).unwrap();
            for objective in objectives() {
                let gradient = gradients.of(&objective).unwrap();
                let mut scale = largest(&gradient.tariffs);
                if let [(_, Aim::TradeBalance(n))] = objective.terms() {
                    // With deficits fixed or none it does not move; its parts do.
                    scale = scale.max(largest(&gradients.of(&Aim::Exports(*n).into()).unwrap().tariffs));
                }
                for cell in [(0, 1, 0), (1, 3, 1), (2, 0, 2), (4, 2, 3), (3, 4, 1)] {
                    for instrument in [Instrument::Tariff, Instrument::TradeCost, Instrument::ExportTax] {
                        let ours = match instrument {
                            Instrument::Tariff => gradient.tariffs[cell],
                            Instrument::TradeCost => gradient.trade_cost[cell],
                            Instrument::ExportTax => gradient.export_taxes[cell],
                        };
                        let theirs = difference(&economy, &objective, &policy, cell, instrument);
                        let gap = (ours - theirs).abs() / scale;
                        let what = format!("{preset:?} {deficits:?} {objective:?} {instrument:?} {cell:?}");
                        assert!(gap < 1e-6, "{what}: {ours} against {theirs}");
                    }
                }
            }
        }
    }
}

fn largest(cube: &Array3<f64>) -> f64 {
    cube.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()))
}

/// One derivative against a central difference of eighth order: what is left is the noise of the solutions, 1e-12, over the step.
#[test]
fn agree_with_differences_of_eighth_order() {
    let world = world(Preset::CaliendoParro, 3);
    let economy = economy(&world, &Model::default());
    let policy = policy(&world, 4);
    let here = economy.solve(&policy, None, &TIGHT).unwrap();
    let cell = (0, 1, 0);
    for aim in [Aim::Welfare(0), Aim::Government(1)] {
        let objective = aim.into();
        let ours = Gradients::new(&economy, &here, &TIGHT).unwrap().of(&objective).unwrap().tariffs[cell];
        let at = |steps: f64| {
            let mut moved = policy.clone();
            moved.tariffs[cell].0 += 0.01 * steps;
            value(&economy, &objective, &moved)
        };
        let weights = [4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0];
        let pairs =
            weights.iter().zip(1..).map(|(weight, steps)| weight * (at(f64::from(steps)) - at(-f64::from(steps))));
        let theirs = pairs.sum::<f64>() / 0.01;
        assert!((ours / theirs - 1.0).abs() < 1e-9, "{aim:?}: {ours} against {theirs}");
    }
}

/// A uniform rise of every trade cost by the same factor is a rise of every foreign price: the sum of the trade-cost gradient is
/// what differences say.
#[test]
fn sum_to_the_derivative_along_a_direction() {
    let world = world(Preset::CaliendoParro, 7);
    let economy = economy(&world, &Model::default());
    let policy = policy(&world, 8);
    let objective = Aim::Welfare(2).into();
    let here = solve_policy(&economy, &policy);
    let gradient = Gradients::new(&economy, &here, &Settings::default()).unwrap().of(&objective).unwrap();
    let ours: f64 = gradient.trade_cost.indexed_iter().filter(|((n, i, _), _)| n != i).map(|(_, slope)| slope).sum();
    let along = |step: f64| {
        let mut moved = policy.clone();
        for ((n, i, _), cost) in moved.trade_cost.as_mut().unwrap().indexed_iter_mut() {
            if n != i {
                *cost *= f64::exp(step);
            }
        }
        value(&economy, &objective, &moved)
    };
    let theirs = (8.0 * (along(1e-3) - along(-1e-3)) - (along(2e-3) - along(-2e-3))) / 12e-3;
    assert!((ours / theirs - 1.0).abs() < 1e-7, "{ours} against {theirs}");
}

#[test]
fn refuse_what_is_not_there() {
    let world = world(Preset::Armington, 1);
    let economy = economy(&world, &Model { preset: Preset::Armington, ..Model::default() });
    let policy = policy(&world, 2);
    let here = solve_policy(&economy, &policy);
    let problem = Gradients::new(&economy, &here, &TIGHT).unwrap().of(&Aim::Output(0, 99).into()).unwrap_err();
    assert!(problem.message.contains("beyond the world's"));
    let unsolved = economy.solve(&policy, None, &Settings { max_iterations: 1, ..TIGHT }).unwrap();
    assert!(Gradients::new(&economy, &unsolved, &TIGHT).is_err());
}

/// The tariffs of some importers alone are those of the whole gradient, bit for bit, and all others zero.
#[test]
fn of_some_importers_are_those_of_all() {
    let world = world(Preset::Ossa, 3);
    let economy = economy(&world, &Model { preset: Preset::Ossa, ..Model::default() });
    let here = economy.solve(&policy(&world, 3), None, &Settings::default()).unwrap();
    let mut gradients = Gradients::new(&economy, &here, &Settings::default()).unwrap();
    for objective in objectives() {
        let all = gradients.of(&objective).unwrap().tariffs;
        let some = gradients.tariffs_of(&objective, &[0, 2]).unwrap();
        for ((n, i, j), slope) in some.indexed_iter() {
            assert_eq!(*slope, if n == 0 || n == 2 { all[[n, i, j]] } else { 0.0 });
        }
    }
    assert!(gradients.tariffs_of(&Aim::Welfare(0).into(), &[99]).is_err());
}
