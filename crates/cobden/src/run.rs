//! Runs a study: opens its world, makes the baseline, solves case after case.

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cobden_equilibrium::{Economy, Equilibrium, Model, Outcome, Policy, Settings};
use cobden_world::Problem;

use crate::answer::{Answer, CaseAnswer, Solver};
use crate::load::{self, ElasticitySet, OpenWorld};
use crate::models::{self, Comparison};
use crate::passport::Passport;
use crate::stop;
use crate::study::{Move, Schedules, Study, Tables};
use crate::why::{Explain, Solved, Why};

/// What may differ from the study when it is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another world than the study's: an identifier or a directory.
    pub world: Option<String>,
    /// The folder that paths in the study are relative to; without it the one that the study lies in.
    pub folder: Option<PathBuf>,
    /// Which cases are taken apart.
    pub explain: Explain,
    /// When a solve stops.
    pub settings: Settings,
}

/// How far a run is: told before every step, which is a case of the main answer or all cases under another model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Steps done so far, or begun where several go on at once.
    pub done: usize,
    /// Steps in all.
    pub steps: usize,
    /// The case or the model that comes next.
    pub name: &'a str,
}

/// Why a run gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Something is wrong with the study or its world.
    Input(Problem),
    /// The watcher asked to stop.
    Stopped,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure::Input(problem)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Input(problem) => problem.fmt(f),
            Failure::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Failure {}

/// Runs a study. Cases are solved in the order of the file, each from the solution before it; `watch` is told before every
/// solve and may stop the run.
///
/// If the study compares models, each of them then solves the same cases, in parallel. That changes nothing in the main answer, and
/// the number of threads changes nothing at all.
///
/// A case whose solve does not converge is kept and marked, without numbers: check [`Answer::converged`].
///
/// ```no_run
/// use std::{ops::ControlFlow, path::Path};
/// let study = cobden::open_study(Path::new("studies/beijing-tokyo.toml"))?;
/// let answer = cobden::run(study, &cobden::Options::default(), |_| ControlFlow::Continue(())).unwrap();
/// println!("{}", cobden::result::json(&answer)?);
/// # Ok::<(), cobden::Problem>(())
/// ```
///
/// # Errors
/// [`Failure::Input`] with what is wrong with the study, the world or the pair of them, before anything is solved;
/// [`Failure::Stopped`] if `watch` said so.
pub fn run(
    study: Study,
    options: &Options,
    mut watch: impl FnMut(Progress<'_>) -> ControlFlow<()> + Send,
) -> Result<Answer, Failure> {
    let beside = || Path::new(study.document().file()).parent().unwrap_or(Path::new("")).to_owned();
    let folder = options.folder.clone().unwrap_or_else(beside);
    let opened = load::world_of(&study, &folder, options.world.as_deref())?;
    let blame = |problem| load::at_world(problem, &study, options.world.as_deref(), &opened);
    let elasticities = load::elasticities_of(&study, &opened).map_err(blame)?;
    let world = &opened.world;
    let model = study.model(world)?;
    let tables = Tables::read(&study, world, opened.files.as_ref(), &folder)?;
    let schedules = Schedules::new(&study, world, &tables)?;
    let passport = Passport::new(
        study.document().text().as_bytes(),
        &world.canonical_bytes(),
        &elasticities.values.to_vec(),
        tables.iter(),
    );
    let comparison = comparison(&study, &opened, &model, &elasticities)?;
    let economy = Economy::calibrate(world, &elasticities.values, &model, &options.settings).map_err(blame)?;
    let steps = study.cases.len() + comparison.as_ref().map_or(0, Comparison::len);
    let mut cases = Vec::with_capacity(study.cases.len());
    let mut last = None;
    for (index, (case, (policy, moves))) in study.cases.iter().zip(schedules.into_cases()).enumerate() {
        let name = &case.name.value;
        if watch(Progress { done: index, steps, name }).is_break() {
            return Err(Failure::Stopped);
        }
        let (mut answer, equilibrium) = solve(&economy, name, policy, moves, last.as_ref(), &options.settings)?;
        answer.solver.stop = stop::words(&equilibrium.report, &model, world);
        let solution = answer.solver.converged.then_some(equilibrium);
        if let Some(equilibrium) = solution.as_ref().filter(|_| options.explain.includes(index, study.headline)) {
            answer.why = Some(Why::of(&Solved {
                economy: &economy,
                policy: &answer.policy,
                equilibrium,
                welfare_pct: &answer.welfare_pct(),
                theta: &elasticities.values.to_vec(),
                scale: if model.preset.has_scale() { model.scale } else { 0.0 },
                settings: &options.settings,
            }));
        }
        cases.push(answer);
        last = solution.or(last);
    }
    let models = comparison.map(|comparison| {
        let policies: Vec<&Policy> = cases.iter().map(|case| &case.policy).collect();
        let job = models::Job { world, policies: &policies, settings: &options.settings };
        let next = |begun, name: &str| watch(Progress { done: cases.len() + begun, steps, name }).is_continue();
        models::solve(comparison, job, next).ok_or(Failure::Stopped)
    });
    let models = models.transpose()?;
    let income = economy.income().to_vec();
    Ok(Answer { study, world: opened.world, model, elasticities, passport, income, cases, models })
}

/// What the study compares, if it does.
fn comparison(
    study: &Study,
    opened: &OpenWorld,
    model: &Model,
    elasticities: &ElasticitySet,
) -> Result<Option<Comparison>, Problem> {
    let Some(plan) = study.plan(model, &opened.world) else { return Ok(None) };
    let sets = load::compared_sets(study, opened, elasticities)?;
    let main = Model { inputs: model.inputs && opened.world.inputs.is_some(), ..*model };
    let comparison = Comparison::new(plan, sets, (&main, elasticities));
    if comparison.len() < 2 { Err(study.compares_nothing()) } else { Ok(Some(comparison)) }
}

/// Solves one case; gives its equilibrium to start the next from, if it is one.
fn solve(
    economy: &Economy,
    name: &str,
    policy: Policy,
    moves: Vec<Move>,
    start: Option<&Equilibrium>,
    settings: &Settings,
) -> Result<(CaseAnswer, Equilibrium), Problem> {
    let begun = Instant::now();
    let equilibrium = economy.solve(&policy, start, settings)?;
    let converged = equilibrium.report.stop.converged();
    let solver = Solver {
        converged,
        stop: equilibrium.report.stop.to_string(),
        iterations: equilibrium.report.iterations,
        residual_max: equilibrium.report.residual_max(),
        seconds: begun.elapsed().as_secs_f64(),
    };
    let answer = CaseAnswer {
        name: name.to_owned(),
        solver,
        outcome: converged.then(|| Outcome::new(economy, &equilibrium)),
        why: None,
        moves,
        policy,
    };
    Ok((answer, equilibrium))
}
