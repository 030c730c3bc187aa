//! The loads that a game puts on the engine.

use std::time::Instant;

use cobden_equilibrium::{Aim, Gradients, Policy, Settings};
use cobden_world::Rate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    cases::{self, Case},
    median,
};

pub(crate) fn print() {
    println!(
        "\n{:<28}{:>9}{:>12}{:>12}{:>12}{:>9}{:>9}",
        "world", "N x J", "solve ms", "gradient", "ratio", "Newton", "products"
    );
    for case in [cases::embedded(), cases::nafta(), cases::oecd(), cases::us_tariff(), cases::ossa(), cases::toy()]
        .into_iter()
        .flatten()
    {
        solve_and_gradient(&case);
    }
    if let Some(case) = cases::ossa() {
        thousand(&case);
    }
}

fn solve_and_gradient(case: &Case) {
    let settings = Settings::default();
    let (economy, policy) = (case.economy(), case.policy());
    let (mut solves, mut gradients) = (Vec::new(), Vec::new());
    let mut report = None;
    for _ in 0..15 {
        let start = Instant::now();
        let here = economy.solve(&policy, None, &settings).unwrap();
        solves.push(start.elapsed().as_secs_f64());
        assert!(here.report.stop.converged());
        let start = Instant::now();
        Gradients::new(&economy, &here, &settings).unwrap().of(&Aim::Welfare(0).into()).unwrap();
        gradients.push(start.elapsed().as_secs_f64());
        report = Some(here.report);
    }
    let report = report.unwrap();
    let (solve, gradient) = (median(solves), median(gradients));
    println!(
        "{:<28}{:>9}{:>12.2}{:>12.2}{:>12.2}{:>9}{:>9}",
        case.name,
        case.size(),
        1e3 * solve,
        1e3 * gradient,
        gradient / solve,
        report.iterations,
        report.products
    );
}

/// A thousand equilibria at random tariffs from 0 to 60 %.
fn thousand(case: &Case) {
    let settings = Settings::default();
    let economy = case.economy();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let policies: Vec<Policy> = (0..1000)
        .map(|_| {
            let mut policy = case.policy();
            for ((n, i, _), rate) in policy.tariffs.indexed_iter_mut() {
                if n != i {
                    *rate = Rate(0.6 * random.random::<f64>());
                }
            }
            policy
        })
        .collect();
    let start = Instant::now();
    let mut iterations = 0;
    for policy in &policies {
        let here = economy.solve(policy, None, &settings).unwrap();
        assert!(here.report.stop.converged());
        iterations += here.report.iterations;
    }
    println!(
        "\n1,000 equilibria at random tariffs, {}: {:.3} s, {:.1} Newton iterations each",
        case.name,
        start.elapsed().as_secs_f64(),
        iterations as f64 / 1e3
    );
}
