//! Total derivatives from the adjoint against central differences of solved equilibria.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Deficits, Economy, Gradients, Model, Objective, Policy, Preset, Settings};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve_policy};
use ndarray::Array3;

/// Solved far beyond the default, so that differences of solutions have digits left.
const TIGHT: Settings = Settings { tolerance: 1e-12, max_iterations: 200 };

fn world(preset: Preset, seed: u64) -> World {
    let toy = Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, seed, ..Toy::default() };
    toy.world()
}

fn policy(world: &World, seed: u64) -> Policy {
    let (countries, sectors) = (world.countries.len(), world.sectors.len());
    let tariffs = Toy { countries, sectors, highest_tariff: Rate(0.8), seed, ..Toy::default() }.world().tariffs;
    let trade_cost =
        Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| if n == i { 1.0 } else { 1.0 + 0.02 * (j + 1) as f64 });
    Policy { tariffs, trade_cost: Some(trade_cost) }
}

fn objectives() -> [Objective; 6] {
    [
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

/// The derivative with respect to one tariff (or trade cost) by a central difference with Richardson's extrapolation: good to some
/// 1e-9 of the objective's scale at this step.
fn difference(
    economy: &Economy,
    objective: &Objective,
    policy: &Policy,
    cell: (usize, usize, usize),
    tariff: bool,
) -> f64 {
    let slope = |step: f64| {
        let at = |step: f64| {
            let mut moved = policy.clone();
            if tariff {
                moved.tariffs[cell].0 += step;
            } else {
                moved.trade_cost.as_mut().unwrap()[cell] *= step.exp();
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
            let economy = economy(&world, &Model { preset, deficits, ..Model::default() });
            let policy = policy(&world, 100 + seed as u64);
            let here = economy.solve(&policy, None, &TIGHT).unwrap();
            let mut gradients = Gradients::new(&economy, &here, &TIGHT).unwrap();
            for objective in objectives() {
                let gradient = gradients.of(&objective).unwrap();
                let largest = gradient.tariffs.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
                for cell in [(0, 1, 0), (1, 3, 1), (2, 0, 2), (4, 2, 3), (3, 4, 1)] {
                    for tariff in [true, false] {
                        let ours = if tariff { gradient.tariffs[cell] } else { gradient.trade_cost[cell] };
                        let theirs = difference(&economy, &objective, &policy, cell, tariff);
                        let gap = (ours - theirs).abs() / largest;
                        assert!(gap < 1e-6, "{preset:?} {deficits:?} {objective:?} {cell:?}: {ours} against {theirs}");
                    }
                }
            }
        }
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
