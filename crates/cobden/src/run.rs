//! Runs a study: opens its world, makes the baseline, solves case after case.

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cobden_equilibrium::{Economy, Model, Policy, ProductEconomy, Settings};
use cobden_world::{Problem, Products};

use crate::answer::{Answer, CaseAnswer};
use crate::by_product::{ByProductAnswer, ProductCases, ProductChange};
use crate::cases::Cases;
use crate::load::{self, ElasticitySet, OpenWorld};
use crate::models::{self, Comparison, Models};
use crate::passport::{self, Passport};
use crate::study::{Laws, Schedules, Study, Tables, product_cases};
use crate::why::Explain;

/// What may differ from the study when it is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another world than the study's: an identifier or a directory.
    pub world: Option<String>,
    /// The folder that paths in the study are relative to; without it the one that the study lies in.
    pub folder: Option<PathBuf>,
    /// Which cases are taken apart.
    pub explain: Explain,
    /// A folder in which a ledger of many coalitions is kept while it is computed, and removed at the end: a run that was stopped goes on from
    /// there. `None`: nowhere.
    pub keep: Option<PathBuf>,
    /// When a solve stops.
    pub settings: Settings,
}

/// How far a run is: told before every step, which is a case of the main answer or all cases under another model, and on the way through
/// a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Steps done so far, or begun where several go on at once.
    pub done: usize,
    /// Steps in all.
    pub steps: usize,
    /// The case or the model that comes next.
    pub name: &'a str,
    /// How far a game within the step is; empty when the step begins.
    pub detail: &'a str,
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

/// Runs a study. Cases are solved in the order of the file, each from the solution before it, and a case that starts from what governments
/// chose in another after that one; `watch` is told before every solve and may stop the run.
///
/// If the study compares models, each of them then solves the same cases, in parallel. That changes nothing in the main answer, and
/// the number of threads changes nothing at all.
///
/// A world with products ([`Products`]) is solved by product, unless the study says `products = false`: rows may name products, and a row on a sector is one on
/// all its products.
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
    watch: impl FnMut(Progress<'_>) -> ControlFlow<()> + Send,
) -> Result<Answer, Failure> {
    let beside = || Path::new(study.document().file()).parent().unwrap_or(Path::new("")).to_owned();
    let folder = options.folder.clone().unwrap_or_else(beside);
    let opened = load::world_of(&study, &folder, options.world.as_deref())?;
    let blame = |problem| load::at_world(problem, &study, options.world.as_deref(), &opened);
    let elasticities = load::elasticities_of(&study, &opened).map_err(blame)?;
    let products = load::products_of(&study, &opened)?;
    let model = study.model(&opened.world)?;
    if let Some(problem) = study.no_products().filter(|_| products.is_none()) {
        return Err(problem.into());
    }
    let tables = Tables::read(&study, &opened.world, opened.files.as_ref(), &folder)?;
    let question = Question { study: &study, opened: &opened, elasticities: &elasticities, model: &model, options };
    let watch = Mutex::new(watch);
    let answered = match &products {
        None => question.by_sector(&tables, &folder, &watch)?,
        Some(products) => question.by_product(&tables, products, &folder, &watch)?,
    };
    let Answered { passport, income, laws, cases, models, changes } = answered;
    let by_product = products.map(|products| ByProductAnswer { products, changes });
    Ok(Answer { study, world: opened.world, model, elasticities, passport, income, laws, cases, models, by_product })
}

/// What is asked, of what.
struct Question<'a> {
    study: &'a Study,
    opened: &'a OpenWorld,
    elasticities: &'a ElasticitySet,
    model: &'a Model,
    options: &'a Options,
}

/// The parts of an answer that a solve makes.
struct Answered {
    passport: Passport,
    income: Vec<f64>,
    laws: Laws,
    cases: Vec<CaseAnswer>,
    models: Option<Models>,
    /// By case; none of a world that was solved by sector.
    changes: Vec<Vec<ProductChange>>,
}

impl Question<'_> {
    fn passport(&self, tables: &Tables, measures: Option<String>) -> Passport {
        Passport::new(
            self.study.document().text().as_bytes(),
            &self.opened.world.canonical_bytes(),
            &self.elasticities.values.to_vec(),
            tables.iter(),
            measures,
        )
    }

    fn blame(&self, problem: Problem) -> Problem {
        load::at_world(problem, self.study, self.options.world.as_deref(), self.opened)
    }

    fn by_sector<W: FnMut(Progress<'_>) -> ControlFlow<()> + Send>(
        &self,
        tables: &Tables,
        folder: &Path,
        watch: &Mutex<W>,
    ) -> Result<Answered, Failure> {
        let Self { study, opened, elasticities, model, options } = *self;
        let world = &opened.world;
        let laws = Laws::read(study, world, None, opened.files.as_ref(), folder)?;
        let schedules = Schedules::new(study, world, tables, &laws)?;
        let passport = self.passport(tables, laws.hash.clone());
        let comparison = comparison(study, opened, model, elasticities)?;
        let economy = Economy::calibrate(world, &elasticities.values, model, &options.settings);
        let economy = economy.map_err(|problem| self.blame(problem))?;
        let steps = study.cases.len() + comparison.as_ref().map_or(0, Comparison::len);
        let told = |done, name: &str, detail: &str| tell(watch, Progress { done, steps, name, detail });
        let cases = Cases {
            study,
            world,
            model,
            theta: &elasticities.values.to_vec(),
            economy: &economy,
            schedules: &schedules,
            explain: options.explain,
            settings: options.settings,
            keep: options.keep.as_deref().map(|folder| (folder, format!("{} {:?}", passport.key(), options.settings))),
            start: None,
        };
        let (cases, _) = cases.solve(&told)?;
        let models = comparison.map(|comparison| {
            let policies: Vec<&Policy> = cases.iter().map(|case| &case.policy).collect();
            let job = models::Job { world, policies: &policies, settings: &options.settings };
            let told = |begun, name: &str| told(cases.len() + begun, name, "");
            models::solve(comparison, job, told).ok_or(Failure::Stopped)
        });
        let (models, income) = (models.transpose()?, economy.income().to_vec());
        Ok(Answered { passport, income, laws, cases, models, changes: Vec::new() })
    }

    fn by_product<W: FnMut(Progress<'_>) -> ControlFlow<()> + Send>(
        &self,
        tables: &Tables,
        products: &Products,
        folder: &Path,
        watch: &Mutex<W>,
    ) -> Result<Answered, Failure> {
        let Self { study, opened, elasticities, model, options } = *self;
        let world = &opened.world;
        let laws = Laws::read(study, world, Some(products), opened.files.as_ref(), folder)?;
        let cases = product_cases(study, world, products, tables, &laws)?;
        let mut passport = self.passport(tables, laws.hash.clone());
        passport.products = Some(passport::hash_of_products(products));
        let economy = ProductEconomy::calibrate(world, products, &elasticities.values, model, &options.settings);
        let economy = economy.map_err(|problem| self.blame(problem))?;
        let (settings, steps) = (options.settings, study.cases.len());
        let told = |done, name: &str, detail: &str| tell(watch, Progress { done, steps, name, detail });
        let solved = ProductCases { study, world, model, products, economy: &economy, settings }.solve(cases, &told);
        let (cases, changes) = solved?;
        let income = economy.income().to_vec();
        Ok(Answered { passport, income, laws, cases, models: None, changes })
    }
}

/// Tells the watcher; whether to go on.
fn tell<W: FnMut(Progress<'_>) -> ControlFlow<()>>(watch: &Mutex<W>, progress: Progress<'_>) -> bool {
    let watch = &mut *watch.lock().unwrap_or_else(PoisonError::into_inner);
    watch(progress).is_continue()
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
