//! Published papers run again: what they print beside what cobden finds.
//!
//! A replication is data: a folder `replications/NAME` with `replication.toml`, the studies it runs, tables of published numbers that
//! look like `countries.csv`, and `DIFFERENCES.md`. Which number of which study compares with which, within what tolerance and why, stands in
//! `replication.toml` ([`Plan`]); [`replicate`] runs it on the paper's data, which cobden may not pass on.

mod compare;
mod embedded;
mod format;
mod plan;
mod quantity;

use std::ops::ControlFlow;
use std::path::Path;

use cobden_equilibrium::Settings;
use cobden_world::Problem;
use serde::Serialize;

pub use compare::{Compared, Line};
pub use embedded::{Replication, replication, replications};
pub use format::{replications_csv, replications_json};
pub use plan::{Comparison, Plan, Table};

use crate::run::{Failure, Options, Progress, run};
use crate::why::Explain;

/// A replication that was run, or could not be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replicated {
    /// Its name: `ossa-2014`.
    pub name: &'static str,
    /// The paper.
    pub paper: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Files that it needs and that are not there, relative to the folder of the data.
    pub missing: Vec<String>,
    /// Every quantity of every table, in the order of the plan; empty if data are missing.
    pub compared: Vec<Compared>,
}

/// How a replication, or one comparison of it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its data are not there.
    NoData,
    /// Every number is within its tolerance.
    Pass,
    /// A number differs by more than its tolerance.
    Differs,
    /// A case was not solved: there is no number to compare.
    NotConverged,
}

/// Runs a replication on the data in a folder; `watch` is told the name of the study and how far it is before every solve, and may
/// stop the run. Where data are missing the result says which, and nothing is run.
///
/// # Errors
/// [`Failure::Input`] if the data are there and wrong; [`Failure::Stopped`] if `watch` said so.
pub fn replicate(
    replication: &Replication,
    data: &Path,
    settings: &Settings,
    mut watch: impl FnMut(&str, Progress<'_>) -> ControlFlow<()> + Send,
) -> Result<Replicated, Failure> {
    let plan = replication.plan()?;
    let missing: Vec<String> = plan.needs.iter().filter(|file| !data.join(file).is_file()).cloned().collect();
    if !missing.is_empty() {
        return Ok(replication.without_data(&plan, missing));
    }
    let folder = Some(data.to_owned());
    let options = Options { folder, explain: Explain::Nothing, settings: *settings, ..Options::default() };
    let mut answers = Vec::new();
    let mut compared = Vec::new();
    for table in &plan.tables {
        let answer = match answers.iter().position(|(study, _)| *study == &table.study) {
            Some(known) => &answers[known].1,
            None => {
                let answer = run(replication.study(&table.study)?, &options, |step| watch(&table.study, step))?;
                answers.push((&table.study, answer));
                &answers[answers.len() - 1].1
            }
        };
        compared.extend(compare::table(replication, table, answer)?);
    }
    let verdict = compared.iter().map(|one| one.verdict).max().unwrap_or(Verdict::Pass);
    Ok(Replicated { name: replication.name, paper: plan.paper, verdict, missing, compared })
}

impl Replication {
    /// What is said of a replication none of whose data are at hand.
    ///
    /// # Errors
    /// Never for the replications that cobden carries: the tests read each.
    pub fn absent(&self) -> Result<Replicated, Problem> {
        let plan = self.plan()?;
        Ok(self.without_data(&plan, plan.needs.clone()))
    }

    fn without_data(&self, plan: &Plan, missing: Vec<String>) -> Replicated {
        Replicated {
            name: self.name,
            paper: plan.paper.clone(),
            verdict: Verdict::NoData,
            missing,
            compared: Vec::new(),
        }
    }
}

impl Verdict {
    /// For people: `PASS`, `differs`.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::NoData => "no data",
            Verdict::Pass => "PASS",
            Verdict::Differs => "differs",
            Verdict::NotConverged => "not converged",
        }
    }
}
