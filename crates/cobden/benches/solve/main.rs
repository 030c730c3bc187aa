//! How long one equilibrium takes, beside the damped iteration of the literature, in one run.
//!
//!     cargo bench -p cobden --bench solve
//!
//! Both solve the same problem from the same start to the same 1e-10, in turn, on one core; the table shows medians, the ratio, and how
//! far apart the two answers are. Two of the worlds lie in the test data (`COBDEN_TEST_DATA`) and are left out where they are not.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod damped;

use std::{path::PathBuf, time::Instant};

use cobden_equilibrium::{Baseline, Economy, Model, Policy, Settings};
use cobden_world::{BalanceOptions, EmptyColumns, EmptyRows, Rate, World, read_elasticities, read_tariffs, toy::Toy};
use damped::Damped;
use ndarray::Array3;

/// A world and the shock it is hit with.
struct Case {
    name: &'static str,
    world: World,
    baseline: Baseline,
    tariffs: Array3<Rate>,
}

fn main() {
    println!(
        "{:<28}{:>9}{:>12}{:>12}{:>9}{:>11}{:>11}",
        "world", "N x J", "Newton ms", "damped ms", "ratio", "sweeps", "apart"
    );
    for case in [embedded(), nafta(), oecd(), toy()].into_iter().flatten() {
        compare(&case);
    }
}

fn compare(case: &Case) {
    let settings = Settings::default();
    let model = Model { baseline: case.baseline, ..Model::default() };
    let theta = case.world.elasticities.as_ref().unwrap();
    let economy = Economy::calibrate(&case.world, theta, &model, &settings).unwrap();
    let policy = Policy { tariffs: case.tariffs.clone(), trade_cost: None };
    // The damped iteration starts where Newton does: at the baseline equilibrium, made a world of its own.
    let mut baseline = case.world.clone();
    baseline.flows = economy.flows();
    let damped = Damped::new(&baseline, theta, &case.tariffs, economy.deficits());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut answers = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs(case) {
        let start = Instant::now();
        let equilibrium = economy.solve(&policy, None, &settings).unwrap();
        ours.push(start.elapsed().as_secs_f64());
        assert!(equilibrium.report.stop.converged());
        let start = Instant::now();
        let (wages, sweeps) = damped.solve(settings.tolerance);
        theirs.push(start.elapsed().as_secs_f64());
        answers = (equilibrium.wage_hat().to_vec(), wages, sweeps);
    }
    let apart = answers.0.iter().zip(&answers.1).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    let (ours, theirs) = (median(ours), median(theirs));
    let size = format!("{}x{}", case.world.countries.len(), case.world.sectors.len());
    println!(
        "{:<28}{size:>9}{:>12.2}{:>12.1}{:>9.1}{:>11}{apart:>11.1e}",
        case.name,
        1e3 * ours,
        1e3 * theirs,
        theirs / ours,
        answers.2
    );
}

fn runs(case: &Case) -> usize {
    if case.world.countries.len() > 30 { 3 } else { 9 }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// 20 points on everything the first country buys abroad, and 20 back.
fn trade_war(world: &World) -> Array3<Rate> {
    let mut tariffs = world.tariffs.clone();
    for ((n, i, _), rate) in tariffs.indexed_iter_mut() {
        if n != i && (n == 0 || i == 0) {
            rate.0 += 0.2;
        }
    }
    tariffs
}

fn embedded() -> Option<Case> {
    let world = cobden::open_world("icio-2022").unwrap();
    let tariffs = trade_war(&world);
    Some(Case { name: "icio-2022 (embedded)", world, baseline: Baseline::Observed, tariffs })
}

fn nafta() -> Option<Case> {
    let files = cobden::Disk::new(data("caliendo-parro-1993")?);
    let world = World::read(&files).unwrap();
    let tariffs = read_tariffs(&files, "tariffs.nafta", &world.countries, &world.sectors).unwrap();
    Some(Case { name: "NAFTA (1993)", world, baseline: Baseline::Balanced, tariffs })
}

fn oecd() -> Option<Case> {
    let files = cobden::Disk::new(data("icio-2022-77x23")?);
    let mut world = World::read(&files).unwrap();
    let set = read_elasticities(&files, "elasticities.fontagne-guimbard-orefice-2022", &world.sectors).unwrap();
    world.elasticities = Some(set.trade_elasticity);
    let options = BalanceOptions { empty_rows: EmptyRows::FinalDemand, empty_columns: EmptyColumns::ValueAdded };
    let (world, _) = world.balance(&options).unwrap();
    let usa = world.countries.index("USA").unwrap();
    let mut tariffs = world.tariffs.clone();
    for ((n, i, _), rate) in tariffs.indexed_iter_mut() {
        if n != i && n == usa {
            rate.0 += 0.2;
        }
    }
    Some(Case { name: "ICIO 2022, balanced", world, baseline: Baseline::Observed, tariffs })
}

fn toy() -> Option<Case> {
    let world = Toy { countries: 30, sectors: 20, ..Toy::default() }.world();
    let tariffs = trade_war(&world);
    Some(Case { name: "toy (synthetic)", world, baseline: Baseline::Observed, tariffs })
}

/// The folder of a world of the test data, if it is there.
fn data(id: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let folder = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from).join("worlds").join(id);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {id} absent");
    None
}
