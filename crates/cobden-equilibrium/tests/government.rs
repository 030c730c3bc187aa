//! What governments weigh: the definition of Ossa (2014), its generalisation, and his optimal tariffs under political pressure.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Deficits, Economy, Model, Outcome, Policy, Preset, Settings};
use cobden_world::{Rate, World, toy::Toy};
use common::{economy, solve};
use ndarray::{Array2, Axis};

fn weighted(world: World, weight: impl Fn(usize, usize) -> f64) -> World {
    let shape = (world.countries.len(), world.sectors.len());
    World { political_weights: Some(Array2::from_shape_fn(shape, |(n, j)| weight(n, j))), ..world }
}

fn tilted(_: usize, j: usize) -> f64 {
    [1.6, 0.4, 1.3, 0.7][j]
}

/// The formula as the paper has it, from sales, tariffs and prices: `sum_j lambda (sales + L_j / L revenue) / P` with profits in sales.
#[test]
fn is_the_papers_definition_without_inputs() {
    let world = weighted(Toy { inputs: false, ..Toy::default() }.world(), tilted);
    let tariffs = Toy { inputs: false, highest_tariff: Rate(0.6), seed: 9, ..Toy::default() }.world().tariffs;
    let economy = economy(&world, &Model { preset: Preset::Ossa, ..Model::default() });
    let outcome = Outcome::new(&economy, &solve(&economy, tariffs.clone()));
    let theta = world.elasticities.as_ref().unwrap();
    for (n, country) in outcome.countries.iter().enumerate() {
        let weighed = |sales: &Array2<f64>, revenue: f64| -> f64 {
            let labour = |j: usize| sales[[n, j]] * theta[j] / (1.0 + theta[j]);
            let all: f64 = (0..4).map(labour).sum();
            (0..4).map(|j| tilted(n, j) * (sales[[n, j]] + labour(j) / all * revenue)).sum()
        };
        let before = weighed(&outcome.sales_before, country.tariff_revenue_before);
        let after = weighed(&outcome.sales, country.tariff_revenue) / country.price_hat;
        let theirs = 100.0 * (after / before - 1.0);
        assert!((country.government_welfare_pct.unwrap() - theirs).abs() < 1e-8, "{n}: {country:?} against {theirs}");
    }
}

/// With every weight one it is `(I - D) / P`, under every preset and closure.
#[test]
fn is_welfare_up_to_the_deficit_where_all_weigh_the_same() {
    for (_, preset) in Preset::ALL {
        for deficits in [Deficits::Fixed, Deficits::Share, Deficits::None] {
            let toy = Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, ..Toy::default() };
            let world = weighted(toy.world(), |_, _| 1.0);
            let economy = economy(&world, &Model { preset, deficits, ..Model::default() });
            let tariffs = Toy { highest_tariff: Rate(0.6), seed: 5, ..toy }.world().tariffs;
            let equilibrium = solve(&economy, tariffs);
            for (n, country) in Outcome::new(&economy, &equilibrium).countries.iter().enumerate() {
                let flows = equilibrium.flows(&economy);
                let total = |importers: &[usize], exporters: &[usize]| -> f64 {
                    let cells =
                        flows.indexed_iter().filter(|((n, i, _), _)| importers.contains(n) && exporters.contains(i));
                    cells.map(|(_, flow)| flow).sum()
                };
                let all = [0, 1, 2, 3, 4];
                let deficit = total(&[n], &all) - total(&all, &[n]);
                let after = (equilibrium.income()[n] - deficit) / country.price_hat;
                let theirs = 100.0 * (after / (economy.income()[n] - economy.deficits()[n]) - 1.0);
                let ours = country.government_welfare_pct.unwrap();
                assert!((ours - theirs).abs() < 1e-7, "{preset:?} {deficits:?} {n}: {ours} against {theirs}");
            }
        }
    }
}

#[test]
fn is_there_only_with_weights_and_refuses_weights_on_nobody() {
    let world = Toy::default().world();
    let plain = economy(&world, &Model::default());
    let outcome = Outcome::new(&plain, &plain.solve(&Policy::status_quo(&world), None, &Settings::default()).unwrap());
    assert!(outcome.countries.iter().all(|country| country.government_welfare_pct.is_none()));
    let mut idle = weighted(Toy { inputs: false, ..Toy::default() }.world(), |n, j| match (n, j) {
        (2, 0) => 4.0,
        (2, _) => 0.0,
        _ => 1.0,
    });
    idle.flows.index_axis_mut(Axis(1), 2).index_axis_mut(Axis(1), 0).fill(0.0);
    let theta = idle.elasticities.as_ref().unwrap();
    let problem = Economy::calibrate(&idle, theta, &Model::default(), &Settings::default()).unwrap_err();
    assert!(problem.message.contains("C02"), "{problem:?}");
}
