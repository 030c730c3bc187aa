//! The loads that a game puts on the engine: one counterfactual, its gradient, a thousand equilibria.

use std::{hint::black_box, time::Instant};

use cobden_equilibrium::{Aim, Gradients, Policy, Settings, Solver};
use cobden_world::{Rate, World};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    cases::{self, Case},
    median,
};

pub(crate) fn print() {
    println!(
        "\n{:<28}{:>9}{:>10}{:>10}{:>14}{:>8}{:>10}",
        "world", "N x J", "solve ms", "target", "gradient/solve", "Newton", "products"
    );
    let cases = [
        (cases::embedded(), None),
        (cases::ossa(), None),
        (cases::us_tariff(), Some(3.0)),
        (cases::nafta(), Some(10.0)),
        (cases::oecd(), Some(30.0)),
        (cases::toy(), None),
    ];
    for (case, target) in cases {
        case.iter().for_each(|case| counterfactual(case, target));
    }
    cases::ossa().iter().for_each(thousand);
}

fn counterfactual(case: &Case, target: Option<f64>) {
    let settings = Settings::default();
    let (economy, policy, status_quo) = (case.economy(), case.policy(), Policy::status_quo(&case.world));
    let mut solver = Solver::new(&economy, settings);
    let (mut solves, mut gradients, mut report) = (Vec::new(), Vec::new(), None);
    for _ in 0..25 {
        // Back to the baseline in between, so that the whole change is made anew.
        black_box(solver.solve(&status_quo, None).unwrap());
        let start = Instant::now();
        let here = solver.solve(&policy, None).unwrap();
        solves.push(start.elapsed().as_secs_f64());
        assert!(here.report.stop.converged());
        let start = Instant::now();
        let of = |n: usize| Aim::Welfare(n).into();
        black_box(Gradients::new(&economy, &here, &settings).unwrap().of(&of(0)).unwrap());
        gradients.push(start.elapsed().as_secs_f64());
        report = Some(here.report);
    }
    let (solve, gradient, report) = (median(solves), median(gradients), report.unwrap());
    println!(
        "{:<28}{:>9}{:>10.2}{:>10}{:>14.2}{:>8}{:>10}",
        case.name,
        case.size(),
        1e3 * solve,
        target.map_or(String::from("-"), |target| format!("{target} ms")),
        gradient / solve,
        report.iterations,
        report.products
    );
}

/// Random tariffs from 0 to 60 % on everything foreign.
pub(crate) fn random_policy(world: &World, random: &mut ChaCha8Rng) -> Policy {
    let mut policy = Policy::status_quo(world);
    for ((n, i, _), rate) in policy.tariffs.indexed_iter_mut() {
        if n != i {
            *rate = Rate(0.6 * random.random::<f64>());
        }
    }
    policy
}

fn thousand(case: &Case) {
    let settings = Settings::default();
    let economy = case.economy();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let policies: Vec<Policy> = (0..1000).map(|_| random_policy(&case.world, &mut random)).collect();
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let converged = economy.solve_each(&policies, &settings, |_, here| here.report.stop.converged()).unwrap();
        seconds.push(start.elapsed().as_secs_f64());
        assert!(converged.iter().all(|converged| *converged));
    }
    println!("\n1,000 equilibria at random tariffs, {}: {:.3} s (target 0.3 s)", case.name, median(seconds));
}
