//! Governments at a point, and which way each wants to go from there.

use cobden_equilibrium::{Aim, Economy, Equilibrium, Gradients, Policy, Settings, Solver};
use cobden_world::Problem;
use ndarray::Array2;
use rayon::prelude::*;

use crate::{Goal, Instruments, ascent::dot, ascent::norm, variables::Variables};

/// Someone who wants something of tariffs, its own or those of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Government {
    /// What it is called in messages.
    pub name: String,
    /// What it wants.
    pub goal: Goal,
}

impl Government {
    /// A country that wants its own welfare.
    pub fn country(country: usize) -> Self {
        Self { name: format!("country {country}"), goal: Aim::Welfare(country).into() }
    }
}

/// How a government stands at the point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Its goal there, in per cent of the baseline.
    pub value_pct: f64,
    /// What it gains, to first order, from the small reform that it likes best, in percentage points of its goal for each per cent that tariff
    /// factors move (their root mean square, weighted with `sigma flow`). Next to nothing where it has all it could want of these levers, and
    /// then its angles mean nothing.
    pub pull_pct: f64,
}

/// Governments, tariffs that may move, and a point at which they stand.
///
/// Reforms are measured in `y = sqrt(sigma flow) ln (1 + tau)`, flows those at the point: directions in which small moves weigh alike for those
/// who trade. Slopes are of goals as they are read ([`Goal::reading`]). Angles and first-order shares look at slopes alone; bounds hold for
/// every reform that is solved.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings};
/// use cobden_strategy::{Inside, Instruments, Reach, Rule, alignment::{Alignment, Government}};
/// let world = cobden_world::toy::two_countries();
/// let settings = Settings::default();
/// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
/// let point = Policy::status_quo(&world);
/// let reach = Reach { inside: Inside::Chosen, ..Reach::bloc([0, 1], Rule::Partner) };
/// let levers = Instruments::new(&economy, &point, &reach)?;
/// let both = vec![Government::country(0), Government::country(1)];
/// let alignment = Alignment::new(&economy, settings, &point, both, &levers)?;
/// assert!((alignment.cosine(0, 1)? + 1.0).abs() < 1e-9, "at free trade what one wins the other loses");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Alignment<'a> {
    pub(super) economy: &'a Economy,
    pub(super) settings: Settings,
    pub(super) instruments: &'a Instruments,
    pub(super) policy: Policy,
    pub(super) here: Equilibrium,
    pub(super) governments: Vec<Government>,
    /// By government, its goal at the point.
    pub(super) readings: Vec<f64>,
    pub(super) variables: Variables<'a>,
    /// The point in these variables.
    pub(super) y: Vec<f64>,
    /// By government, how its goal answers each of them.
    pub(super) slopes: Vec<Vec<f64>>,
}

impl<'a> Alignment<'a> {
    /// Solves the point and takes every government's gradient there.
    ///
    /// # Errors
    /// Fewer than two governments; a goal that names what is not there; a point without an equilibrium; levers that cannot express the tariffs of
    /// the point, as when tariffs that must be equal differ (make them a surcharge); a government whose goal none of the levers moves.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        point: &Policy,
        governments: Vec<Government>,
        instruments: &'a Instruments,
    ) -> Result<Self, Problem> {
        if governments.len() < 2 {
            let what = format!("alignment of {} governments", governments.len());
            return Err(Problem::new(what).help("name at least two"));
        }
        for government in &governments {
            government.goal.check(economy).map_err(|problem| named(government, problem))?;
        }
        let rates = instruments.express(point)?;
        let mut here = Solver::new(economy, settings).solve(point, None)?;
        if !here.report.stop.converged() {
            return Err(Problem::unsolved(format!("no equilibrium at the point: the solver {}", here.report.stop)));
        }
        here.sharpen(economy);
        let variables = Variables::measured(economy, instruments, &here, economy.expenditure().sum());
        let y = variables.of_rates(&rates);
        let readings = governments.iter().map(|government| government.goal.reading(economy, &here)).collect();
        let mut this = Self {
            economy,
            settings,
            instruments,
            policy: point.clone(),
            here,
            governments,
            readings,
            variables,
            y,
            slopes: Vec::new(),
        };
        this.slopes = this.slopes_here()?;
        let indifferent = this.slopes.iter().position(|slope| norm(slope) <= f64::MIN_POSITIVE);
        match indifferent.map(|at| &this.governments[at]) {
            None => Ok(this),
            Some(government) => {
                let what = format!("{} does not care about any of these tariffs", government.name);
                Err(Problem::new(what).help("name tariffs that move its goal"))
            }
        }
    }

    /// Governments share nothing but the equilibrium, so threads change no bit.
    fn slopes_here(&self) -> Result<Vec<Vec<f64>>, Problem> {
        let share = self.governments.len().div_ceil(rayon::current_num_threads()).max(1);
        let of_some = |governments: &[Government]| {
            let mut gradients = Gradients::new(self.economy, &self.here, &self.settings)?;
            let mut slope = |government: &Government| {
                let objective = government.goal.local(self.economy, &self.here);
                let gradient = gradients.tariffs_of(&objective, self.instruments.importers())?;
                Ok(self.variables.slope(&gradient, &self.y))
            };
            governments.iter().map(&mut slope).collect::<Result<Vec<_>, Problem>>()
        };
        let parts: Result<Vec<Vec<Vec<f64>>>, Problem> = self.governments.par_chunks(share).map(of_some).collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    /// The governments.
    pub fn governments(&self) -> &[Government] {
        &self.governments
    }

    /// The equilibrium at the point.
    pub fn equilibrium(&self) -> &Equilibrium {
        &self.here
    }

    /// The cosine of the angle between the slopes of two governments' goals: 1 if they want the same, -1 if what one wants the other does not.
    ///
    /// # Errors
    /// A government that is not there.
    pub fn cosine(&self, one: usize, other: usize) -> Result<f64, Problem> {
        self.known(&[one, other])?;
        Ok(self.cosine_of(one, other))
    }

    /// The cosines of all pairs, symmetric, 1 on the diagonal.
    pub fn cosines(&self) -> Array2<f64> {
        let size = self.governments.len();
        let mut cosines = Array2::eye(size);
        for one in 0..size {
            for other in 0..one {
                let cosine = self.cosine_of(one, other);
                (cosines[[one, other]], cosines[[other, one]]) = (cosine, cosine);
            }
        }
        cosines
    }

    pub(super) fn cosine_of(&self, one: usize, other: usize) -> f64 {
        let (one, other) = (&self.slopes[one], &self.slopes[other]);
        (dot(one, other) / (norm(one) * norm(other))).clamp(-1.0, 1.0)
    }

    /// How each government stands.
    pub fn standings(&self) -> Vec<Standing> {
        let percent = 0.01 * self.length();
        let all = self.governments.iter().zip(&self.readings).zip(&self.slopes);
        all.map(|((government, reading), slope)| Standing {
            value_pct: government.goal.percent(*reading),
            pull_pct: government.goal.gain_pct(*reading, reading + percent * norm(slope)),
        })
        .collect()
    }

    /// How long a move is, in these variables, that changes all tariff factors by one log point.
    pub(super) fn length(&self) -> f64 {
        self.variables.levers().map(|(_, scale)| scale * scale).sum::<f64>().sqrt()
    }

    /// That these governments exist, each named once, and at least one.
    pub(super) fn known(&self, who: &[usize]) -> Result<(), Problem> {
        let size = self.governments.len();
        match who.iter().find(|government| **government >= size) {
            Some(unknown) => {
                Err(Problem::new(format!("unknown government {unknown} of {size}")).help("governments count from 0"))
            }
            None if who.is_empty() => Err(Problem::new("reforms for nobody").help("name at least one government")),
            None => Ok(()),
        }
    }

    /// What governments read at a place in these variables, and the equilibrium there; `None` where there is none.
    pub(super) fn readings_at(
        &self,
        solver: &mut Solver<'a>,
        y: &[f64],
        who: &[usize],
    ) -> Result<Option<Vec<f64>>, Problem> {
        let mut policy = self.policy.clone();
        self.instruments.write(&self.variables.rates(y), &mut policy.tariffs);
        let there = solver.solve(&policy, Some(&self.here))?;
        let reading = |government: &usize| self.governments[*government].goal.reading(self.economy, &there);
        Ok(there.report.stop.converged().then(|| who.iter().map(reading).collect()))
    }
}

fn named(government: &Government, mut problem: Problem) -> Problem {
    problem.message = format!("{}: {}", government.name, problem.message);
    problem
}
