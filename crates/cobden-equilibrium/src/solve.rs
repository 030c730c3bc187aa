//! Newton's method on the equilibrium conditions, along a path from the baseline where one step is too far.

use std::{fmt, sync::Arc};

use cobden_world::Problem;

use crate::{
    Deficits, Economy, Equilibrium, Policy, Settings,
    calibrate::one_way_trade,
    conditions::{Layout, Point},
    jacobian::Scratch,
    kernel::{largest, norm},
    krylov::Gmres,
    policy::Wedges,
    precondition::Preconditioner,
    verify::Residuals,
};

/// Why a solve stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Every condition holds to the tolerance.
    Converged,
    /// The bound on iterations, or on products with the derivative, was reached.
    MaxIterations,
    /// No step along the path, however short, came closer to a solution.
    Stalled,
    /// On the way there some country's income would vanish: it owes more, through a fixed deficit, than it earns.
    Insolvent,
    /// Trade goes one way only between some, and on the way there the transfer that pays for it, under [`Deficits::Share`], would change
    /// its sign: goods would have to flow that never did.
    OneWay,
    /// On the way there the equilibrium turns back: it has met another and both end. Economies of scale do that, where inputs make them
    /// feed on themselves; beyond, whole sectors move at once.
    Fold,
    /// On the way there a sector leaves a country for good: with all of free entry, `scale` 1, its output goes to nothing, and an
    /// equilibrium in which every sector stays no longer exists.
    Corner,
    /// Nothing was solved yet.
    NotRun,
}

impl Stop {
    /// Whether the numbers are an equilibrium.
    pub fn converged(self) -> bool {
        self == Stop::Converged
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stop::Converged => "converged",
            Stop::MaxIterations => "stopped at the bound on iterations",
            Stop::Stalled => "stopped where no further step came closer",
            Stop::Insolvent => "stopped where a country could no longer pay its fixed trade surplus out of its income",
            Stop::OneWay => "stopped where trade that goes one way only could no longer be paid for",
            Stop::Fold => "stopped at a fold, where the equilibrium that leads on from the baseline ends",
            Stop::Corner => "stopped where a sector leaves a country altogether, which free entry allows",
            Stop::NotRun => "not run",
        })
    }
}

/// How a solve went. An equilibrium whose report does not say converged is not a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolveReport {
    /// Why it stopped.
    pub stop: Stop,
    /// Newton iterations, over all steps of the path.
    pub iterations: usize,
    /// Products with the derivative, over all iterations.
    pub products: usize,
    /// What each equilibrium condition misses by, from the levels of the solution.
    pub residuals: Residuals,
    /// How far equilibria were found on the straight line from baseline to policy, 0 to 1: 1 where it converged.
    pub reached: f64,
    /// At a fold, the country and the sector whose sales change fastest; at a corner, those that leave.
    pub abrupt: Option<Abrupt>,
}

/// What changes fastest at a fold, or leaves. Country and sector are indices in the world's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abrupt {
    /// The country.
    pub country: usize,
    /// The sector.
    pub sector: usize,
    /// Whether its sales fall.
    pub falls: bool,
}

impl SolveReport {
    pub(crate) fn not_run() -> Self {
        Self {
            stop: Stop::NotRun,
            iterations: 0,
            products: 0,
            residuals: Residuals::default(),
            reached: 0.0,
            abrupt: None,
        }
    }

    /// The largest relative residual of any condition.
    pub fn residual_max(&self) -> f64 {
        self.residuals.max()
    }
}

impl Economy {
    /// Solves for the equilibrium under a policy, starting from `start` (a solution of the same economy) or from the baseline.
    ///
    /// Newton's method in the logs of wages, unit costs and sales; each linear system by preconditioned GMRES. If full steps do not
    /// get there, tariffs move from baseline to policy along a straight line in logs in steps as short as need be.
    ///
    /// The answer always comes with its [`SolveReport`]: check `report.stop.converged()`.
    ///
    /// # Errors
    /// A policy of another shape, or with a tariff at or below -100 %.
    pub fn solve(
        &self,
        policy: &Policy,
        start: Option<&Equilibrium>,
        settings: &Settings,
    ) -> Result<Equilibrium, Problem> {
        Solver::new(self, *settings).solve(policy, start)
    }
}

/// Longest step in any log wage or cost, and in any log sales, that one iteration may take.
const LONGEST: [f64; 3] = [0.7, 0.7, 3.0];
/// Most halvings of a step before it is given up.
const HALVINGS: usize = 6;
/// Most GMRES steps of one linear solve.
const KRYLOV: usize = 80;
/// Most of one that matters: a fresh inverse was not enough, as where economies of scale make inputs feed on themselves.
const KRYLOV_AT_WORST: usize = 400;
/// Most products with the derivative, for each iteration that is allowed.
const PRODUCTS: usize = 10;
/// GMRES steps after which the preconditioner is made anew.
const STALE: usize = 16;
/// Most iterations at fixed wedges: Newton either converges in a handful or creeps, and then the path is the better way.
const CREEPING: usize = 20;
/// Shortest part of the path that is tried.
const SHORTEST: f64 = 1e-6;
/// How many times faster than on average things change at the last point of a path, for its end to be a fold.
const STEEP: f64 = 10.0;
/// ln of sales over those of the baseline, below which a sector that may leave has left.
const GONE: f64 = -10.0;

/// Solves policy after policy of one economy in the same memory.
///
/// An answer depends on the policy and the start alone, never on what the solver did before.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings, Solver};
/// use cobden_world::{Rate, toy};
/// let world = toy::two_countries();
/// let settings = Settings::default();
/// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
/// let mut solver = Solver::new(&economy, settings);
/// let mut policy = Policy::status_quo(&world);
/// let mut last = None;
/// for points in [0.05, 0.10, 0.15] {
///     policy.tariffs[[0, 1, 0]] = Rate(points);
///     last = Some(solver.solve(&policy, last.as_ref())?);
/// }
/// assert!(last.is_some_and(|equilibrium| equilibrium.report.stop.converged()));
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Debug)]
pub struct Solver<'a> {
    economy: &'a Economy,
    settings: Settings,
    point: Point,
    trial: Point,
    residual: Vec<f64>,
    trial_residual: Vec<f64>,
    step: Vec<f64>,
    /// The last policy asked for, and its wedges: the next will have much in common with it.
    policy: Policy,
    wedges: Arc<Wedges>,
    inverse: Arc<Preconditioner>,
    /// Whether the last linear solve took so long that the next deserves a new inverse.
    stale: bool,
    scratch: Scratch,
    gmres: Gmres,
    iterations: usize,
    products: usize,
    /// How far along the path the last converged point lies, and what changes fastest where that is a fold.
    reached: f64,
    abrupt: Option<Abrupt>,
}

impl<'a> Solver<'a> {
    /// The memory for solves of this economy.
    pub fn new(economy: &'a Economy, settings: Settings) -> Self {
        let length = Layout::of(economy).len();
        Self {
            economy,
            settings,
            point: Point::baseline(economy),
            trial: Point::baseline(economy),
            residual: vec![0.0; length],
            trial_residual: vec![0.0; length],
            step: vec![0.0; length],
            policy: economy.status_quo(),
            wedges: Arc::clone(&economy.start().wedges),
            inverse: Arc::clone(&economy.start().inverse),
            stale: false,
            scratch: Scratch::new(economy),
            gmres: Gmres::default(),
            iterations: 0,
            products: 0,
            reached: 0.0,
            abrupt: None,
        }
    }

    /// As [`Economy::solve`].
    ///
    /// # Errors
    /// A policy of another shape, or with a tariff at or below -100 %.
    pub fn solve(&mut self, policy: &Policy, start: Option<&Equilibrium>) -> Result<Equilibrium, Problem> {
        let pairs = policy.changes(self.economy, &self.policy)?;
        // Written over where the last answer is gone, else copied: an answer keeps its wedges.
        Arc::make_mut(&mut self.wedges).follow(self.economy, &mut self.policy, policy, &pairs);
        Ok(self.solve_wedges(Arc::clone(&self.wedges), start))
    }

    pub(crate) fn solve_wedges(&mut self, wedges: Arc<Wedges>, start: Option<&Equilibrium>) -> Equilibrium {
        (self.iterations, self.products, self.reached) = (0, 0, 0.0);
        match start {
            Some(start) => self.start_from(&start.unknowns, &start.inverse),
            None => self.start_from_baseline(),
        }
        let mut stop = self.run(&wedges);
        if matches!(stop, Stop::Stalled | Stop::Insolvent) {
            self.start_from_baseline();
            stop = self.follow_path(&wedges);
        }
        let report = SolveReport {
            stop,
            iterations: self.iterations,
            products: self.products,
            residuals: Residuals::default(),
            reached: if stop.converged() { 1.0 } else { self.reached },
            abrupt: self.abrupt.take(),
        };
        Equilibrium::new(self.economy, wedges, Arc::clone(&self.inverse), &self.point, report, &self.settings)
    }

    fn start_from(&mut self, unknowns: &[f64], inverse: &Arc<Preconditioner>) {
        self.point.unknowns.copy_from_slice(unknowns);
        self.inverse = Arc::clone(inverse);
        self.stale = false;
    }

    fn start_from_baseline(&mut self) {
        self.point.unknowns.fill(0.0);
        self.inverse = Arc::clone(&self.economy.start().inverse);
        self.stale = false;
    }

    /// Newton's method from `self.point` at fixed wedges.
    fn run(&mut self, wedges: &Wedges) -> Stop {
        self.point.evaluate(self.economy, wedges, &mut self.residual);
        let begun = self.iterations;
        // Half the tolerance leaves room for what the check from levels adds.
        while largest(&self.residual) > 0.5 * self.settings.tolerance {
            let bound = self.settings.max_iterations;
            if self.iterations >= bound || self.products >= PRODUCTS * bound {
                return Stop::MaxIterations;
            }
            let creeping = self.iterations - begun >= CREEPING;
            if creeping || !self.residual.iter().all(|r| r.is_finite()) {
                return Stop::Stalled;
            }
            self.iterations += 1;
            self.newton_step(wedges);
            if let Err(stop) = self.advance(wedges) {
                return stop;
            }
        }
        // A start may satisfy every condition as it is, with an income below zero.
        if self.point.income.iter().all(|income| *income > 0.0) { Stop::Converged } else { Stop::Insolvent }
    }

    /// The Newton step, with a new inverse where the last was a poor one, or where this one turns out to be.
    fn newton_step(&mut self, wedges: &Wedges) {
        if self.stale {
            self.renew(wedges);
        }
        let fresh = self.stale;
        let mut products = self.direction(wedges, KRYLOV);
        if products == KRYLOV && !fresh {
            self.renew(wedges);
            products = self.direction(wedges, KRYLOV);
        }
        if products == KRYLOV {
            products += self.direction(wedges, KRYLOV_AT_WORST);
        }
        self.stale = products > STALE;
    }

    fn renew(&mut self, wedges: &Wedges) {
        self.inverse = Arc::new(Preconditioner::new(self.economy, wedges, &self.point));
    }

    /// The Newton step `J step = -residual`, no more exactly than the residual deserves.
    fn direction(&mut self, wedges: &Wedges, most: usize) -> usize {
        let (economy, point, inverse, scratch) = (self.economy, &self.point, &self.inverse, &mut self.scratch);
        let size = largest(&self.residual);
        // Quadratic convergence needs the linear residual to shrink with the residual itself (Eisenstat and Walker, 1996); the last step is
        // told apart, because one that just misses the tolerance costs another.
        let last = size < 10.0 * self.settings.tolerance.sqrt();
        let forcing = if last { 0.25 * self.settings.tolerance / norm(&self.residual) } else { size.min(0.1) };
        let products = self.gmres.solve(&self.residual, &mut self.step, forcing, most, |v, moved, out| {
            inverse.product(economy, wedges, point, scratch, v, moved, out)
        });
        self.products += products;
        products
    }

    /// Moves along the step, shortened until the residual falls and every income is positive; or says why it never does.
    fn advance(&mut self, wedges: &Wedges) -> Result<(), Stop> {
        let mut solvent = true;
        let before = norm(&self.residual);
        let mut length = self.longest();
        for _ in 0..=HALVINGS {
            for (at, trial) in self.trial.unknowns.iter_mut().enumerate() {
                *trial = self.point.unknowns[at] - length * self.step[at];
            }
            self.trial.evaluate(self.economy, wedges, &mut self.trial_residual);
            let after = norm(&self.trial_residual);
            solvent = self.trial.income.iter().all(|income| *income > 0.0);
            if solvent && after.is_finite() && after < before * (1.0 - 1e-4 * length) {
                std::mem::swap(&mut self.point, &mut self.trial);
                std::mem::swap(&mut self.residual, &mut self.trial_residual);
                return Ok(());
            }
            length *= 0.5;
        }
        Err(if solvent { Stop::Stalled } else { Stop::Insolvent })
    }

    /// How much of the step keeps every change within [`LONGEST`].
    fn longest(&self) -> f64 {
        let (wage, cost, sales) = Layout::of(self.economy).split(&self.step);
        [wage, cost, sales].iter().zip(LONGEST).fold(1.0, |length: f64, (part, most)| length.min(most / largest(part)))
    }

    /// From baseline to policy step by step: deficits that go leave first, then tariffs and costs move.
    fn follow_path(&mut self, wedges: &Wedges) -> Stop {
        let economy = self.economy;
        if economy.deficits == Deficits::None && economy.deficit.iter().any(|deficit| *deficit != 0.0) {
            let still = Wedges { deficits_left: wedges.deficits_left, ..Wedges::baseline(economy) };
            let stop = self.follow(|part| still.part_way(economy, part));
            if stop != Stop::Converged {
                self.reached = 0.0;
                return stop;
            }
        }
        let left = wedges.deficits_left;
        self.follow(|part| Wedges { deficits_left: left, ..wedges.part_way(economy, part) })
    }

    /// Solves along a path of wedges from here, each from where the line through the last two solutions leads.
    fn follow(&mut self, path: impl Fn(f64) -> Wedges) -> Stop {
        self.reached = 0.0;
        let mut ahead = 0.25;
        let mut here = self.point.unknowns.clone();
        // Change per unit of the way, over the last stretch.
        let mut slope = vec![0.0; here.len()];
        while self.reached < 1.0 {
            let next = f64::min(self.reached + ahead, 1.0);
            let stretch = next - self.reached;
            for ((guess, here), slope) in self.point.unknowns.iter_mut().zip(&here).zip(&slope) {
                *guess = here + stretch * slope;
            }
            match self.run(&path(next)) {
                Stop::Converged => {
                    for ((slope, here), there) in slope.iter_mut().zip(&mut here).zip(&self.point.unknowns) {
                        *slope = (there - *here) / stretch;
                        *here = *there;
                    }
                    self.reached = next;
                    ahead *= 1.5;
                }
                Stop::Stalled | Stop::Insolvent if ahead > SHORTEST => ahead *= 0.25,
                stop => return self.diagnose(stop, &here, &slope),
            }
        }
        Stop::Converged
    }

    /// Why the path ends, as far as that can be told from its last point and the slope there.
    fn diagnose(&mut self, stop: Stop, here: &[f64], slope: &[f64]) -> Stop {
        let economy = self.economy;
        if economy.deficits == Deficits::Share && one_way_trade(economy).is_some() {
            return Stop::OneWay;
        }
        let n = economy.countries;
        // As it leaves, its output falls without bound; below `scale` 1 it stays, however small.
        let free_entry = |at: usize| economy.scale[at / n] * economy.theta[at / n] > 1.0 - 1e-9;
        let leaves = |(at, sales): &(usize, &f64)| free_entry(*at) && **sales < GONE;
        let now = Layout::of(economy).split(&self.point.unknowns).2;
        if let Some((at, _)) = now.iter().enumerate().filter(leaves).min_by(|a, b| a.1.total_cmp(b.1)) {
            self.abrupt = Some(Abrupt { country: at % n, sector: at / n, falls: true });
            return Stop::Corner;
        }
        // Towards a fold everything moves as the root of the way left: without bound, however little the whole.
        let steep = largest(slope) * self.reached > STEEP * largest(here);
        if matches!(stop, Stop::Stalled | Stop::MaxIterations) && steep && economy.scale.iter().any(|psi| *psi > 0.0) {
            let (_, _, sales) = Layout::of(economy).split(slope);
            let fastest = sales.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            self.abrupt = fastest.map(|(at, slope)| Abrupt { country: at % n, sector: at / n, falls: *slope < 0.0 });
            return Stop::Fold;
        }
        stop
    }
}
