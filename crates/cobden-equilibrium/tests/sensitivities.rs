//! Derivatives with respect to elasticities and baseline flows, against differences of the whole pipeline: the world changed, calibrated
//! and solved anew.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{
    Aim, Baseline, Deficits, Economy, Model, Objective, Parameter, Policy, Preset, Sensitivities, Sensitivity, Settings,
};
use cobden_world::{Rate, World, toy::Toy};
use ndarray::{Array2, Array3};

/// Solved far beyond the default, so that differences of solutions have digits left.
const TIGHT: Settings = Settings { tolerance: 1e-12, max_iterations: 200, beyond_folds: false };

fn toy(preset: Preset, inputs: bool, seed: u64) -> Toy {
    Toy { countries: 4, sectors: 3, inputs, balanced_trade: preset == Preset::Ossa, seed, ..Toy::default() }
}

/// A world with weights and, if asked, with accounts that do not quite add up, as published ones do not.
fn world(toy: &Toy, inconsistent: bool) -> World {
    let mut world = toy.world();
    world.political_weights = Some(Array2::from_shape_fn((4, 3), |(n, j)| [1.5, 0.5, 1.0][(n + j) % 3]));
    if let (true, Some(final_demand), Some(value_added)) =
        (inconsistent, &mut world.final_demand, &mut world.value_added)
    {
        for (at, value) in final_demand.iter_mut().enumerate() {
            *value *= 1.0 + 0.03 * (at as f64).sin();
        }
        for (at, value) in value_added.iter_mut().enumerate() {
            *value *= 1.0 + 0.03 * (at as f64).cos();
        }
    }
    world
}

fn policy(toy: &Toy) -> Policy {
    let tariffs = Toy { highest_tariff: Rate(0.6), seed: toy.seed + 100, ..toy.clone() }.world().tariffs;
    let trade_cost =
        Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| if n == i { 1.0 } else { 1.0 + 0.02 * (j + 1) as f64 });
    // Every other policy with export taxes.
    let export_taxes = (toy.seed % 2 == 1).then(|| {
        Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| {
            Rate(if n == i { 0.0 } else { 0.1 * ((n + i + j) % 3) as f64 })
        })
    });
    Policy { tariffs, trade_cost: Some(trade_cost), export_taxes }
}

fn objectives() -> [Objective; 10] {
    [
        Aim::Welfare(0).into(),
        Aim::Government(1).into(),
        Aim::RealWage(2).into(),
        Aim::PriceIndex(3).into(),
        Aim::Revenue(1).into(),
        Aim::Imports(2).into(),
        Objective::from(Aim::ImportsFrom(1, 0)).and(-0.1, Aim::ImportsFrom(3, 3)),
        Aim::Output(3, 1).into(),
        Aim::Employment(2, 2).into(),
        Objective::from(Aim::Welfare(1)).and(0.3, Aim::Government(3)).and(-0.2, Aim::Employment(0, 0)),
    ]
}

/// The world with one parameter moved, in logs, and everything that follows it as the documentation of `Sensitivity` says.
fn moved(world: &World, parameter: Parameter, step: f64) -> World {
    let mut world = world.clone();
    let (importer, exporter, j) = match parameter {
        Parameter::TradeElasticity(j) => {
            world.elasticities.as_mut().unwrap()[j] *= step.exp();
            return world;
        }
        Parameter::Flow { importer, exporter, sector } => (importer, exporter, sector),
    };
    let cell = [importer, exporter, j];
    let more = world.flows[cell] * step.exp_m1();
    world.flows[cell] += more;
    let (Some(inputs), Some(value_added), Some(final_demand)) =
        (&mut world.inputs, &mut world.value_added, &mut world.final_demand)
    else {
        return world;
    };
    let cost: f64 = value_added[[exporter, j]] + (0..3).map(|k| inputs[[exporter, k, j]]).sum::<f64>();
    for k in 0..3 {
        final_demand[[exporter, k]] -= inputs[[exporter, k, j]] / cost * more;
        inputs[[exporter, k, j]] *= 1.0 + more / cost;
    }
    value_added[[exporter, j]] *= 1.0 + more / cost;
    final_demand[[importer, j]] += more * world.tariffs[cell].factor().0;
    world
}

/// Every objective in the world with one parameter moved.
fn values(world: &World, model: &Model, policy: &Policy, parameter: Parameter, step: f64) -> Vec<f64> {
    let world = moved(world, parameter, step);
    let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), model, &TIGHT).unwrap();
    let equilibrium = economy.solve(policy, None, &TIGHT).unwrap();
    assert!(equilibrium.report.stop.converged());
    objectives().iter().map(|objective| objective.value(&economy, &equilibrium)).collect()
}

/// Central differences with Richardson's extrapolation, all objectives at once.
fn differences(world: &World, model: &Model, policy: &Policy, parameter: Parameter) -> Vec<f64> {
    let slope = |step: f64| -> Vec<f64> {
        let (ahead, behind) =
            (values(world, model, policy, parameter, step), values(world, model, policy, parameter, -step));
        ahead.iter().zip(&behind).map(|(ahead, behind)| (ahead - behind) / (2.0 * step)).collect()
    };
    slope(1e-3).iter().zip(slope(2e-3)).map(|(near, far)| (4.0 * near - far) / 3.0).collect()
}

fn sensitivities(economy: &Economy, policy: &Policy) -> Vec<Sensitivity> {
    let equilibrium = economy.solve(policy, None, &TIGHT).unwrap();
    let mut sensitivities = Sensitivities::new(economy, &equilibrium, &TIGHT).unwrap();
    objectives().iter().map(|objective| sensitivities.of(objective).unwrap()).collect()
}

/// Asserts that sensitivities agree with differences to 1e-6 of the strongest, in logs of the parameter. (The differences are good to
/// some 1e-9 of the objective's scale.)
fn compare(world: &World, model: &Model, policy: &Policy) {
    let theta = world.elasticities.as_ref().unwrap();
    let economy = Economy::calibrate(world, theta, model, &TIGHT).unwrap();
    let ours = sensitivities(&economy, policy);
    let flow = |importer, exporter, sector| Parameter::Flow { importer, exporter, sector };
    let elasticities = (0..3).map(Parameter::TradeElasticity);
    let flows = [flow(0, 1, 0), flow(1, 0, 2), flow(2, 3, 1), flow(3, 3, 1), flow(1, 1, 0), flow(3, 0, 0)];
    for parameter in elasticities.chain(flows) {
        let theirs = differences(world, model, policy, parameter);
        for ((objective, ours), theirs) in objectives().iter().zip(&ours).zip(theirs) {
            let strongest = ours.ranked(0.1)[0].effect.abs() / 1.1_f64.ln();
            let ours = match parameter {
                Parameter::TradeElasticity(j) => theta[j] * ours.trade_elasticity[j],
                Parameter::Flow { importer, exporter, sector } => ours.flows[[importer, exporter, sector]],
            };
            let gap = (ours - theirs).abs() / strongest;
            assert!(gap < 1e-6, "{model:?} {objective:?} {parameter:?}: {ours} against {theirs}");
        }
    }
}

#[test]
fn agree_with_differences_under_every_preset_and_closure() {
    for (_, preset) in Preset::ALL {
        for (seed, deficits) in [Deficits::Fixed, Deficits::Share, Deficits::None].into_iter().enumerate() {
            let toy = toy(preset, preset.has_inputs(), seed as u64);
            // With inputs and all of free entry an equilibrium need not exist; at 0.6 these worlds have one.
            let labour_supply_elasticity = 0.3 * seed as f64;
            let model = Model { preset, deficits, scale: 0.6, labour_supply_elasticity, ..Model::default() };
            compare(&world(&toy, false), &model, &policy(&toy));
        }
    }
}

#[test]
fn agree_with_differences_through_solved_baselines() {
    for (_, preset) in Preset::ALL {
        for (seed, baseline) in [Baseline::Solved, Baseline::Balanced].into_iter().enumerate() {
            let toy = Toy { balanced_trade: false, ..toy(preset, preset.has_inputs(), 10 + seed as u64) };
            for deficits in [Deficits::Fixed, Deficits::Share] {
                let labour_supply_elasticity = if deficits == Deficits::Share { 0.4 } else { 0.0 };
                let model =
                    Model { preset, deficits, baseline, scale: 0.6, labour_supply_elasticity, ..Model::default() };
                compare(&world(&toy, true), &model, &policy(&toy));
            }
        }
    }
}

#[test]
fn agree_with_differences_without_inputs() {
    for preset in [Preset::CaliendoParro, Preset::Krugman] {
        let toy = toy(preset, false, 20);
        compare(&world(&toy, false), &Model { preset, ..Model::default() }, &policy(&toy));
    }
}

/// The strength of scale economies is a parameter too.
#[test]
fn agree_with_differences_in_scale() {
    let toy = toy(Preset::Krugman, true, 30);
    let (world, policy) = (world(&toy, false), policy(&toy));
    let at = |scale: f64| {
        let model = Model { preset: Preset::Krugman, scale, ..Model::default() };
        let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &model, &TIGHT).unwrap();
        let equilibrium = economy.solve(&policy, None, &TIGHT).unwrap();
        let value = |objective: &Objective| objective.value(&economy, &equilibrium);
        (objectives().iter().map(value).collect::<Vec<_>>(), sensitivities(&economy, &policy))
    };
    let (ahead, behind, here) = (at(0.401).0, at(0.399).0, at(0.4).1);
    for (k, ours) in here.iter().enumerate() {
        let theirs = (ahead[k] - behind[k]) / 2e-3;
        assert!((ours.scale / theirs - 1.0).abs() < 1e-5, "{:?}: {} against {theirs}", objectives()[k], ours.scale);
    }
}

/// So is the elasticity of labour supply, through a solved baseline too.
#[test]
fn agree_with_differences_in_labour_supply() {
    for baseline in [Baseline::Observed, Baseline::Balanced] {
        let toy = toy(Preset::CaliendoParro, true, 31);
        let (world, policy) = (world(&toy, false), policy(&toy));
        let at = |labour_supply_elasticity: f64| {
            let model = Model { baseline, labour_supply_elasticity, ..Model::default() };
            let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &model, &TIGHT).unwrap();
            let equilibrium = economy.solve(&policy, None, &TIGHT).unwrap();
            let value = |objective: &Objective| objective.value(&economy, &equilibrium);
            (objectives().iter().map(value).collect::<Vec<_>>(), sensitivities(&economy, &policy))
        };
        let (ahead, behind, here) = (at(0.501).0, at(0.499).0, at(0.5).1);
        for (k, ours) in here.iter().enumerate() {
            let (ours, theirs) = (ours.labour_supply_elasticity, (ahead[k] - behind[k]) / 2e-3);
            assert!((ours / theirs - 1.0).abs() < 1e-5, "{:?}: {ours} against {theirs}", objectives()[k]);
        }
    }
}

/// A world twice as large is the same world: what is a change or a ratio answers all flows together with nothing.
#[test]
fn of_all_flows_together_cancel() {
    for baseline in [Baseline::Observed, Baseline::Balanced] {
        let toy = Toy::default();
        let world = toy.world();
        let economy = common::economy(&world, &Model { baseline, ..Model::default() });
        let policy = Policy { tariffs: Toy { seed: 3, ..toy }.world().tariffs, trade_cost: None, export_taxes: None };
        let equilibrium = common::solve_policy(&economy, &policy);
        let welfare =
            Sensitivities::new(&economy, &equilibrium, &Settings::default()).unwrap().of(&Aim::Welfare(1).into());
        let flows = welfare.unwrap().flows;
        let (sum, size) = flows.iter().fold((0.0, 0.0), |(sum, size), slope| (sum + slope, size + slope.abs()));
        assert!(sum.abs() < 1e-7 * size, "{baseline:?}: {sum} of {size}");
    }
}

/// At the baseline itself nothing changes, whatever the parameters.
#[test]
fn vanish_where_nothing_changes() {
    let world = Toy::default().world();
    for baseline in [Baseline::Observed, Baseline::Solved, Baseline::Balanced] {
        let economy = common::economy(&world, &Model { baseline, ..Model::default() });
        let equilibrium = common::solve_policy(&economy, &Policy::status_quo(&world));
        let mut sensitivities = Sensitivities::new(&economy, &equilibrium, &Settings::default()).unwrap();
        let welfare = sensitivities.of(&Aim::Welfare(2).into()).unwrap();
        assert!(welfare.ranked(0.1).iter().all(|influence| influence.effect.abs() < 1e-8), "{baseline:?}");
    }
}
