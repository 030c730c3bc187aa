//! The exact decomposition adds up, and shows what first-order formulas miss.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Baseline, Deficits, Model, Outcome, Parts, Policy, Preset, Settings, Stop};
use cobden_world::{Rate, World, read_tariffs, toy::Toy};
use common::{economy, files, solve};
use ndarray::Array3;

/// A hundred random large shocks in every preset: tariffs up to 200 per cent, trade costs up to 10 per cent.
#[test]
fn parts_add_up_to_the_exact_change() {
    for (_, preset) in Preset::ALL {
        let mut solved = 0;
        for seed in 0..100 {
            let toy =
                Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, seed, ..Toy::default() };
            let world = toy.world();
            // At free entry, scale = 1, sectors may leave a country altogether under such shocks.
            let labour_supply_elasticity = if seed % 2 == 0 { 0.0 } else { 0.5 };
            let deficits = [Deficits::Fixed, Deficits::Share, Deficits::None][seed as usize / 2 % 3];
            let model = Model { preset, deficits, scale: 0.7, labour_supply_elasticity, ..Model::default() };
            let economy = economy(&world, &model);
            let tariffs = Toy { highest_tariff: Rate(2.0), seed: seed + 500, ..toy }.world().tariffs;
            let trade_cost = Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| {
                if n == i { 1.0 } else { 1.0 + 0.1 * ((n + 2 * i + 3 * j) % 5) as f64 / 5.0 }
            });
            let export_taxes = (seed % 3 == 0).then(|| {
                Array3::from_shape_fn(tariffs.dim(), |(n, i, j)| {
                    Rate(if n == i { 0.0 } else { 0.2 * ((n + 2 * i + 3 * j) % 4) as f64 - 0.1 })
                })
            });
            let policy = Policy { tariffs, trade_cost: Some(trade_cost), export_taxes };
            let equilibrium = economy.solve(&policy, None, &Settings::default()).unwrap();
            if equilibrium.report.stop == Stop::Insolvent {
                continue;
            }
            let exact = Outcome::new(&economy, &equilibrium);
            let decomposition = economy.decompose(&policy, &Settings::default()).unwrap();
            for (parts, outcome) in decomposition.countries.iter().zip(&exact.countries) {
                let sum = parts.sum();
                assert_eq!(parts.labour_pct == 0.0, seed % 2 == 0);
                assert!((parts.welfare_pct - outcome.welfare_pct).abs() < 1e-7);
                let parts = [
                    parts.terms_of_trade_pct,
                    parts.volume_of_trade_pct,
                    parts.trade_cost_pct,
                    parts.profits_pct,
                    parts.scale_pct,
                    parts.labour_pct,
                    parts.deficit_pct,
                ];
                let largest = parts.iter().fold(outcome.welfare_pct.abs(), |most, part| most.max(part.abs()));
                assert!((sum - outcome.welfare_pct).abs() < 1e-6 * largest, "{preset:?} {seed}: {sum} {outcome:?}");
            }
            solved += 1;
        }
        assert!(solved >= 95, "{preset:?}: only {solved} of 100 shocks have an equilibrium");
    }
}

/// By partner and sector they add up to the country's part.
#[test]
fn cells_add_up_to_parts() {
    for preset in [Preset::Ossa, Preset::Krugman] {
        let toy = Toy { inputs: preset.has_inputs(), balanced_trade: true, seed: 3, ..Toy::default() };
        let world = toy.world();
        let economy = economy(&world, &Model { preset, scale: 0.5, ..Model::default() });
        let tariffs = Toy { highest_tariff: Rate(1.0), seed: 4, ..toy }.world().tariffs;
        let mut trade_cost = Array3::from_elem(tariffs.dim(), 1.0);
        trade_cost[[0, 1, 0]] = 1.2;
        trade_cost[[1, 0, 1]] = 0.9;
        let policy = Policy { tariffs, trade_cost: Some(trade_cost), export_taxes: None };
        let all = economy.decompose(&policy, &Settings::default()).unwrap();
        for (n, parts) in all.countries.iter().enumerate() {
            let cube = |cube: &Array3<f64>| cube.index_axis(ndarray::Axis(0), n).sum();
            let pairs = [
                (cube(&all.terms_of_trade), parts.terms_of_trade_pct),
                (cube(&all.volume_of_trade), parts.volume_of_trade_pct),
                (cube(&all.trade_cost), parts.trade_cost_pct),
                (all.profits.row(n).sum(), parts.profits_pct),
                (all.scale.row(n).sum(), parts.scale_pct),
            ];
            // Sums of the same terms in another order.
            assert!(pairs.iter().all(|(cells, whole)| (cells - whole).abs() < 1e-9), "{preset:?} {n}: {pairs:?}");
            assert_eq!(parts.profits_pct != 0.0, preset == Preset::Ossa);
            assert_eq!(parts.scale_pct != 0.0, preset == Preset::Krugman);
            assert_eq!(parts.trade_cost_pct != 0.0, n < 2, "the cost falls on who buys");
        }
        assert!(all.trade_cost[[0, 1, 0]] < 0.0 && all.trade_cost[[1, 0, 1]] > 0.0);
    }
}

/// From one policy to another, away from the baseline: the parts add up to the change between the two, and the way back undoes each in logs.
/// From the tariffs in force it is the decomposition from the baseline.
#[test]
fn parts_add_up_between_two_policies() {
    for (preset, deficits) in
        [(Preset::CaliendoParro, Deficits::Share), (Preset::Ossa, Deficits::Fixed), (Preset::Krugman, Deficits::None)]
    {
        let toy =
            Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, seed: 6, ..Toy::default() };
        let world = toy.world();
        let economy = economy(&world, &Model { preset, deficits, scale: 0.5, ..Model::default() });
        let other = |seed, dearer: f64| {
            let tariffs = Toy { highest_tariff: Rate(0.8), seed, ..toy }.world().tariffs;
            let mut trade_cost = Array3::from_elem(tariffs.dim(), 1.0);
            trade_cost[[0, 1, 0]] = dearer;
            let mut export_taxes = Array3::from_elem(tariffs.dim(), Rate::ZERO);
            export_taxes[[1, 0, 1]] = Rate(dearer - 1.0);
            Policy { tariffs, trade_cost: Some(trade_cost), export_taxes: Some(export_taxes) }
        };
        let (one, two) = (other(11, 1.1), other(12, 1.2));
        let settings = Settings::default();
        let welfare = |policy: &Policy, n: usize| {
            let there = economy.solve(policy, None, &settings).unwrap();
            1.0 + Outcome::new(&economy, &there).countries[n].welfare_pct / 100.0
        };
        let there = economy.decompose_between(&one, &two, &settings).unwrap();
        let back = economy.decompose_between(&two, &one, &settings).unwrap();
        for n in 0..world.countries.len() {
            let (there, back) = (there.countries[n], back.countries[n]);
            let exact = 100.0 * (welfare(&two, n) / welfare(&one, n) - 1.0);
            assert!((there.welfare_pct - exact).abs() < 1e-7, "{preset:?} {n}: {there:?} {exact}");
            // Parts are integrated to 1e-8 of the largest.
            assert!((there.sum() - exact).abs() < 1e-6, "{preset:?} {n}: {there:?} {exact}");
            let ln = |part: f64, whole: f64| part * (whole / 100.0).ln_1p() / whole;
            for part in
                [|p: &Parts| p.terms_of_trade_pct, |p: &Parts| p.volume_of_trade_pct, |p: &Parts| p.trade_cost_pct]
            {
                let (there, back) = (ln(part(&there), there.welfare_pct), ln(part(&back), back.welfare_pct));
                assert!((there + back).abs() < 1e-8, "{preset:?} {n}: {there} {back}");
            }
        }
        if deficits != Deficits::None {
            let begun = economy.decompose_between(&Policy::status_quo(&world), &two, &settings).unwrap();
            let from_baseline = economy.decompose(&two, &settings).unwrap();
            for (one, other) in begun.countries.iter().zip(&from_baseline.countries) {
                assert!((one.terms_of_trade_pct - other.terms_of_trade_pct).abs() < 1e-9);
                assert!((one.welfare_pct - other.welfare_pct).abs() < 1e-9);
            }
        }
    }
}

/// Mexico in NAFTA: +1.31 per cent to first order, +0.0073 exactly. The terms of trade lose more and the volume gains less along the way
/// than their baseline slopes say.
#[test]
fn why_mexico_gains_so_little() {
    let Some(files) = files("caliendo-parro-1993") else { return };
    let world = World::read(&files).unwrap();
    let nafta = read_tariffs(&files, "tariffs.nafta", &world.countries, &world.sectors).unwrap();
    let economy = economy(&world, &Model { baseline: Baseline::Balanced, ..Model::default() });
    let mexico = world.countries.index("Mexico").unwrap();
    let outcome = Outcome::new(&economy, &solve(&economy, nafta.clone())).countries[mexico];
    let parts = economy
        .decompose(&Policy { tariffs: nafta, trade_cost: None, export_taxes: None }, &Settings::default())
        .unwrap()
        .countries[mexico];
    println!("Mexico: {parts:?}");
    assert!((parts.sum() - outcome.welfare_pct).abs() < 1e-7);
    assert!((outcome.first_order.welfare_pct - 1.3121).abs() < 1e-4 && (outcome.welfare_pct - 0.00732).abs() < 1e-5);
    assert!(parts.terms_of_trade_pct < outcome.first_order.terms_of_trade_pct);
    assert!(parts.volume_of_trade_pct < outcome.first_order.volume_of_trade_pct);
}
