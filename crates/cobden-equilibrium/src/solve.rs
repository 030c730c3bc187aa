//! Newton's method on the equilibrium conditions, along a path from the baseline where one step is too far.

use std::sync::Arc;

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
    report::{Abrupt, SolveReport, Stop},
    verify::Residuals,
};

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
pub(crate) const STALE: usize = 16;
/// The part of all work that a path may take which may end in a fold, so that some is left for what comes after.
const PATH: f64 = 0.45;
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
    pub(crate) economy: &'a Economy,
    settings: Settings,
    pub(crate) point: Point,
    pub(crate) trial: Point,
    pub(crate) residual: Vec<f64>,
    pub(crate) trial_residual: Vec<f64>,
    pub(crate) step: Vec<f64>,
    /// The last policy asked for, and its wedges: the next will have much in common with it.
    policy: Policy,
    wedges: Arc<Wedges>,
    pub(crate) inverse: Arc<Preconditioner>,
    /// Whether the last linear solve took so long that the next deserves a new inverse.
    pub(crate) stale: bool,
    pub(crate) scratch: Scratch,
    pub(crate) gmres: Gmres,
    pub(crate) iterations: usize,
    pub(crate) products: usize,
    /// The part of the bounds on work that may be used.
    pub(crate) allowed: f64,
    /// How far along the path the last converged point lies, and what changes fastest where that is a fold.
    reached: f64,
    pub(crate) abrupt: Option<Abrupt>,
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
            allowed: 1.0,
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
        (self.iterations, self.products) = (0, 0);
        self.allowed = if self.goes_on() { PATH } else { 1.0 };
        match start {
            Some(start) => self.start_from(&start.unknowns, &start.inverse),
            None => self.start_from_baseline(),
        }
        let mut stop = self.run(&wedges);
        if stop.converged() {
            // What leads on from an equilibrium that does not lead on from the baseline does not either.
            let from = start.map(|start| start.report).filter(SolveReport::elsewhere);
            (self.reached, self.abrupt) = from.map_or((1.0, None), |from| (from.reached, from.abrupt));
        }
        if matches!(stop, Stop::Stalled | Stop::Insolvent) {
            self.start_from_baseline();
            stop = self.follow_path(&wedges);
        }
        let report = SolveReport {
            stop,
            iterations: self.iterations,
            products: self.products,
            residuals: Residuals::default(),
            reached: self.reached,
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
    pub(crate) fn run(&mut self, wedges: &Wedges) -> Stop {
        self.point.evaluate(self.economy, wedges, &mut self.residual);
        let begun = self.iterations;
        // Half the tolerance leaves room for what the check from levels adds.
        while largest(&self.residual) > 0.5 * self.settings.tolerance {
            if self.exhausted() {
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

    /// Whether a path that ends is not the end.
    fn goes_on(&self) -> bool {
        self.settings.beyond_folds && self.economy.has_scale()
    }

    /// Whether all the work that is allowed is done.
    pub(crate) fn exhausted(&self) -> bool {
        let bound = self.allowed * self.settings.max_iterations as f64;
        self.iterations as f64 >= bound || self.products as f64 >= PRODUCTS as f64 * bound
    }

    /// The Newton step, with a new inverse where the last was a poor one, or where this one turns out to be.
    fn newton_step(&mut self, wedges: &Wedges) {
        if self.stale {
            self.renew(wedges, 0.0);
        }
        let fresh = self.stale;
        let mut products = self.direction(wedges, KRYLOV);
        if products == KRYLOV && !fresh {
            self.renew(wedges, 0.0);
            products = self.direction(wedges, KRYLOV);
        }
        if products == KRYLOV {
            products += self.direction(wedges, KRYLOV_AT_WORST);
        }
        self.stale = products > STALE;
    }

    pub(crate) fn renew(&mut self, wedges: &Wedges, shift: f64) {
        self.inverse = Arc::new(Preconditioner::new(self.economy, wedges, &self.point, shift));
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
                stop => {
                    let stop = self.diagnose(stop, &here, &slope);
                    let ends = matches!(stop, Stop::Fold | Stop::Stalled | Stop::MaxIterations);
                    return if ends && self.goes_on() { self.settle(stop, &path(1.0), &here) } else { stop };
                }
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
