//! How long things take, as ratios within one run.
//!
//!     cargo bench -p cobden --bench solve
//!
//! 1. One equilibrium beside the damped iteration of the literature: the same problem from the same start to the same 1e-10, in
//!    turn, on one core; medians, the ratio, and how far apart the two answers are.
//! 2. The loads that a game puts on the engine: one counterfactual, its gradient, a thousand equilibria.
//! 3. How cost grows up to 200 countries and 100 sectors, beside the least that reading memory would take.
//!
//! `cargo bench -p cobden --bench solve -- loads` runs one of `methods`, `loads`, `growth`.
//!
//! Some worlds lie in the test data (`COBDEN_TEST_DATA`) and are left out where they are not.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod cases;
mod damped;
mod growth;
mod loads;

use std::time::Instant;

use cases::Case;
use cobden_equilibrium::Settings;
use damped::Damped;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |part: &str| asked.is_empty() || asked.iter().any(|asked| asked == part);
    if wanted("methods") {
        methods();
    }
    if wanted("loads") {
        loads::print();
    }
    if wanted("growth") {
        growth::print();
    }
}

fn methods() {
    println!(
        "{:<28}{:>9}{:>12}{:>12}{:>9}{:>11}{:>11}",
        "world", "N x J", "Newton ms", "damped ms", "ratio", "sweeps", "apart"
    );
    for case in [cases::embedded(), cases::nafta(), cases::oecd(), cases::toy()].into_iter().flatten() {
        compare(&case);
    }
}

fn compare(case: &Case) {
    let settings = Settings::default();
    let (economy, policy) = (case.economy(), case.policy());
    // The damped iteration starts where Newton does: at the baseline equilibrium, made a world of its own.
    let mut baseline = case.world.clone();
    baseline.flows = economy.flows();
    let damped = Damped::new(&baseline, case.theta(), &case.tariffs, economy.deficits());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut answers = (Vec::new(), Vec::new(), 0);
    for _ in 0..if case.world.countries.len() > 30 { 3 } else { 9 } {
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
    println!(
        "{:<28}{:>9}{:>12.2}{:>12.1}{:>9.1}{:>11}{apart:>11.1e}",
        case.name,
        case.size(),
        1e3 * ours,
        1e3 * theirs,
        theirs / ours,
        answers.2
    );
}

pub(crate) fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
