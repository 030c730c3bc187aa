//! Numbers that nobody here computed: independently verified solutions. `cobden replicate` compares these and printed tables line by line.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::collections::BTreeMap;

use cobden_equilibrium::{Baseline, CountryOutcome, Model, Outcome, Preset};
use cobden_world::{Rate, World, read_elasticities, read_tariffs};
use common::{data, economy, files, published, solve};

/// The largest gap between a field of our outcome and a published column, over all countries.
fn gap(
    world: &World,
    outcome: &Outcome,
    theirs: &BTreeMap<String, f64>,
    field: impl Fn(&CountryOutcome) -> f64,
) -> f64 {
    assert_eq!(theirs.len(), world.countries.len());
    let gaps = world.countries.iter().zip(&outcome.countries).map(|(name, ours)| (field(ours) - theirs[name]).abs());
    gaps.fold(0.0, f64::max)
}

/// Caliendo and Parro (2015), NAFTA's tariffs in the world of 1993, all 31 countries. The published solutions were verified to 1e-9;
/// the tolerances are the issue's, a thousand times what we see.
fn nafta(baseline: Baseline, table: &str) {
    let Some(files) = files("caliendo-parro-1993") else { return };
    let world = World::read(&files).unwrap();
    let nafta = read_tariffs(&files, "tariffs.nafta", &world.countries, &world.sectors).unwrap();
    let economy = economy(&world, &Model { baseline, ..Model::default() });
    let outcome = Outcome::new(&economy, &solve(&economy, nafta));
    let theirs = |column: &str| published(&format!("caliendo-parro-2015/{table}.csv"), column).unwrap();
    assert!(gap(&world, &outcome, &theirs("welfare_exact_pct"), |c| c.welfare_pct) < 1e-5);
    assert!(gap(&world, &outcome, &theirs("realwage_pct"), |c| c.real_wage_pct) < 1e-5);
    assert!(gap(&world, &outcome, &theirs("w_hat"), |c| c.wage_hat) < 1e-7);
    assert!(gap(&world, &outcome, &theirs("welfare_cp_pct"), |c| c.first_order.welfare_pct) < 1e-3);
    assert!(gap(&world, &outcome, &theirs("tot_pct"), |c| c.first_order.terms_of_trade_pct) < 1e-3);
    assert!(gap(&world, &outcome, &theirs("vot_pct"), |c| c.first_order.volume_of_trade_pct) < 1e-3);
}

#[test]
fn nafta_with_balanced_trade() {
    nafta(Baseline::Balanced, "nafta_zd");
}

#[test]
fn nafta_with_deficits_fixed() {
    nafta(Baseline::Solved, "nafta_def");
}

/// The United States put 10 per cent on everything from everyone, in 81 countries; the new rate replaces the factual one.
#[test]
fn american_tariffs_of_ten_per_cent() {
    let Some(files) = files("ustariff-icio-2022") else { return };
    let mut world = World::read(&files).unwrap();
    let in_sample = read_elasticities(&files, "elasticities.in-sample", &world.sectors).unwrap();
    world.elasticities = Some(in_sample.trade_elasticity);
    let model = Model { preset: Preset::Armington, baseline: Baseline::Balanced, ..Model::default() };
    let economy = economy(&world, &model);
    let usa = world.countries.index("USA").unwrap();
    let with = |answered: bool| {
        let mut tariffs = world.tariffs.clone();
        for ((n, i, _), rate) in tariffs.indexed_iter_mut() {
            if n != i && (n == usa || answered && i == usa) {
                *rate = Rate(0.1);
            }
        }
        Outcome::new(&economy, &solve(&economy, tariffs))
    };
    for (answered, table) in [(false, "none"), (true, "reciprocal")] {
        let table = format!("us-tariff-2025/ustariff_icio_2022_IS_uniform10_{table}_exact.csv");
        let outcome = with(answered);
        // Their solutions hold to 1e-10, so a millionth of a percentage point is a thousand times their rounding.
        assert!(gap(&world, &outcome, &published(&table, "welfare_pct").unwrap(), |c| c.welfare_pct) < 1e-6);
        assert!(
            gap(&world, &outcome, &published(&table, "wage_hat").unwrap(), |c| c.wage_hat
                / outcome_scale(&outcome, &table, &world))
                < 1e-6
        );
    }
}

/// Their numeraire differs from ours by one factor, which any one country gives.
fn outcome_scale(outcome: &Outcome, table: &str, world: &World) -> f64 {
    let usa = world.countries.index("USA").unwrap();
    outcome.countries[usa].wage_hat / published(table, "wage_hat").unwrap()["USA"]
}

/// Ossa (2014): what each region gains by its published optimal tariffs if nobody answers, in percent (Table 3a prints one digit;
/// these four digits were verified independently).
#[test]
fn optimal_tariffs_of_ossa() {
    let Some(files) = files("ossa-2014") else { return };
    let world = World::read(&files).unwrap();
    let economy = economy(&world, &Model { preset: Preset::Ossa, ..Model::default() });
    let folder = data().unwrap().join("replications/ossa-2014");
    let optimal = files_with(&folder, "optimal_tariffs_published.csv");
    let optimal = read_tariffs(&optimal, "optimal_tariffs_published", &world.countries, &world.sectors).unwrap();
    let gains = [
        ("BRA", 1.0861),
        ("CHN", 1.7904),
        ("EU", 1.8992),
        ("IND", 1.6591),
        ("JPN", 4.0350),
        ("ROW", 2.8533),
        ("USA", 2.3182),
    ];
    for (country, gain) in gains {
        let own = world.countries.index(country).unwrap();
        let mut tariffs = world.tariffs.clone();
        for ((n, i, j), rate) in tariffs.indexed_iter_mut() {
            if n == own {
                *rate = optimal[[n, i, j]];
            }
        }
        let ours = Outcome::new(&economy, &solve(&economy, tariffs)).countries[own].welfare_pct;
        assert!((ours - gain).abs() < 2e-3, "{country}: {ours} against {gain}");
    }
}

fn files_with(folder: &std::path::Path, name: &str) -> cobden_world::MemoryFiles {
    cobden_world::MemoryFiles::new(folder.display().to_string()).with(name, std::fs::read(folder.join(name)).unwrap())
}
