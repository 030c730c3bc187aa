//! Solves every combination, in parallel: each is a chain of its own, so that the number of threads changes nothing.

use std::sync::{Mutex, PoisonError};

use cobden_equilibrium::{Economy, Outcome, Policy, Settings};
use cobden_world::{Problem, World};
use rayon::prelude::*;

use super::{Combination, Comparison, Models, Numbers, spread::spreads};

/// What every combination solves.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) world: &'a World,
    /// `[case]`.
    pub(crate) policies: &'a [&'a Policy],
    pub(crate) settings: &'a Settings,
}

/// Solves them all. `watch` is told, before each, how many are done and the name of the next, and says whether to go on.
pub(crate) fn solve<W>(comparison: Comparison, job: Job<'_>, watch: W) -> Option<Models>
where
    W: FnMut(usize, &str) -> bool + Send,
{
    let Comparison { choices, sets, combinations, remarks } = comparison;
    let mut models = Models { choices, sets, combinations, spreads: Vec::new(), remarks };
    // How many were begun, and who is told.
    let watched = Mutex::new((0_usize, watch));
    let begin = |combination: &Combination| {
        let (begun, watch) = &mut *watched.lock().unwrap_or_else(PoisonError::into_inner);
        *begun += 1;
        watch(*begun - 1, &models.name(combination))
    };
    let cases: Option<Vec<_>> = models
        .combinations
        .par_iter()
        .map(|combination| begin(combination).then(|| chain(combination, &models, job)))
        .collect();
    for (combination, cases) in models.combinations.iter_mut().zip(cases?) {
        combination.cases = cases;
    }
    models.spreads = spreads(&models, job.policies.len(), job.world.countries.len());
    Some(models)
}

/// Case after case under one combination, exactly as the main answer is found.
fn chain(combination: &Combination, models: &Models, job: Job<'_>) -> Vec<Result<Vec<Numbers>, String>> {
    let set = &models.sets[combination.options[1]];
    let economy = match Economy::calibrate(job.world, &set.values, &combination.model, job.settings) {
        Ok(economy) => economy,
        Err(problem) => return vec![Err(said(&problem)); job.policies.len()],
    };
    let mut last = None;
    let mut cases = Vec::with_capacity(job.policies.len());
    for policy in job.policies {
        let found = economy.solve(policy, last.as_ref(), job.settings);
        cases.push(match found {
            Ok(equilibrium) if equilibrium.report.stop.converged() => {
                let numbers = numbers(&Outcome::new(&economy, &equilibrium));
                last = Some(equilibrium);
                Ok(numbers)
            }
            Ok(equilibrium) => Err(format!("the solver {}", equilibrium.report.stop)),
            Err(problem) => Err(said(&problem)),
        });
    }
    cases
}

fn numbers(outcome: &Outcome) -> Vec<Numbers> {
    let countries = outcome.countries.iter().map(|country| Numbers {
        welfare_pct: country.welfare_pct,
        real_wage_pct: country.real_wage_pct,
        tariff_revenue: country.tariff_revenue,
    });
    countries.collect()
}

/// A problem without its place: a combination stands nowhere in particular.
fn said(problem: &Problem) -> String {
    problem.message.clone()
}
