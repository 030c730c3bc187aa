//! One equilibrium, prepared for any number of linear solves with the transposed derivative.

use std::sync::Arc;

use cobden_world::Problem;

use crate::{
    Economy, Equilibrium, Objective, Settings,
    adjoint::{self, Bars, CellWorth},
    conditions::{Layout, Point},
    kernel::{add_scaled, largest, norm},
    krylov::Gmres,
    policy::Wedges,
    precondition::Preconditioner,
};

/// Most GMRES steps of one adjoint solve.
const KRYLOV: usize = 200;

/// With `F(z, p) = 0` the equilibrium conditions and `g(z, p)` a scalar, one solve of `J' mu = -g_z` makes `dg/dp = g_p + mu' F_p` for
/// every parameter at once. What does not depend on `g` is made once.
pub(crate) struct Backward<'a> {
    pub economy: &'a Economy,
    pub wedges: Arc<Wedges>,
    pub point: Point,
    /// mu of the last solve: what each residual is worth.
    pub multipliers: Vec<f64>,
    /// Whole worths of the last solve, through the residuals and directly.
    pub bars: Bars,
    scratch: Bars,
    preconditioner: Arc<Preconditioner>,
    gmres: Gmres,
    tolerance: f64,
}

impl<'a> Backward<'a> {
    /// Prepares solves at an equilibrium of this economy.
    ///
    /// # Errors
    /// An equilibrium that did not converge: it has no derivative.
    pub(crate) fn new(economy: &'a Economy, equilibrium: &Equilibrium, settings: &Settings) -> Result<Self, Problem> {
        if !equilibrium.report.stop.converged() {
            let what = format!("no derivative where the solver {}", equilibrium.report.stop);
            return Err(Problem::new(what).help("derivatives exist at a converged equilibrium"));
        }
        let mut point = Point::baseline(economy);
        point.unknowns.copy_from_slice(&equilibrium.unknowns);
        let length = Layout::of(economy).len();
        point.evaluate(economy, &equilibrium.wedges, &mut vec![0.0; length]);
        Ok(Self {
            preconditioner: Arc::clone(&equilibrium.inverse),
            gmres: Gmres::default(),
            bars: Bars::zero(economy),
            scratch: Bars::zero(economy),
            multipliers: vec![0.0; length],
            tolerance: settings.tolerance,
            wedges: Arc::clone(&equilibrium.wedges),
            economy,
            point,
        })
    }

    /// Solves for an objective. Returns what the system misses by, relative to its right-hand side.
    ///
    /// # Errors
    /// An objective that names a country or sector that is not there; a system that was not solved to the tolerance.
    pub(crate) fn solve_objective(&mut self, objective: &Objective) -> Result<f64, Problem> {
        if !objective.fits(self.economy) {
            let what = format!("the objective {objective:?} names a country or sector beyond the world's");
            return Err(Problem::new(what).help("indices count from 0, in the world's order"));
        }
        self.solve(|economy, wedges, point, bars| objective.seed(economy, wedges, point, bars))
    }

    /// Solves for the scalar whose derivatives `seed` adds to cleared bars.
    ///
    /// # Errors
    /// A system that was not solved to the tolerance.
    pub(crate) fn solve(&mut self, seed: impl Fn(&Economy, &Wedges, &Point, &mut Bars)) -> Result<f64, Problem> {
        let (economy, wedges, point) = (self.economy, &self.wedges, &self.point);
        let (preconditioner, scratch, whole) = (&self.preconditioner, &mut self.scratch, &mut self.bars);
        let length = self.multipliers.len();
        let mut right = vec![0.0; length];
        whole.clear();
        seed(economy, wedges, point, whole);
        adjoint::reverse(economy, wedges, point, &vec![0.0; length], whole);
        gather(economy, whole, &mut right);
        let mut upstream = Bars::zero(economy);
        let mut product = |v: &[f64], moved: &mut [f64], out: &mut [f64]| {
            preconditioner.apply_transpose(economy, wedges, point, &mut upstream, v, moved);
            scratch.clear();
            adjoint::reverse(economy, wedges, point, moved, scratch);
            gather(economy, scratch, out);
        };
        // What the inverse leaves of the right-hand side says nothing of sales where sales feed nothing back; all that follows is then half
        // the work.
        let (mut left, mut more) = (vec![0.0; length], vec![0.0; length]);
        product(&right, &mut self.multipliers, &mut left);
        left.iter_mut().zip(&right).for_each(|(left, right)| *left = right - *left);
        let tolerance = 0.1 * self.tolerance * norm(&right) / norm(&left).max(f64::MIN_POSITIVE);
        self.gmres.solve(&left, &mut more, tolerance, KRYLOV, product);
        add_scaled(&mut self.multipliers, 1.0, &more);
        // One sweep with the scalar and the multipliers together: what is left for the unknowns is the residual.
        self.multipliers.iter_mut().for_each(|multiplier| *multiplier = -*multiplier);
        whole.clear();
        seed(economy, wedges, point, whole);
        adjoint::reverse(economy, wedges, point, &self.multipliers, whole);
        gather(economy, whole, &mut left);
        let residual = largest(&left) / largest(&right).max(f64::MIN_POSITIVE);
        if residual > self.tolerance.sqrt() {
            return Err(Problem::new(format!("the adjoint system was solved to {residual:.1e} only")));
        }
        Ok(residual)
    }

    /// What moving each cell's iceberg cost by one log point is worth at the last solve, `[j, n, i]`.
    pub(crate) fn trade_cost(&self) -> Vec<f64> {
        let mut worth = Vec::with_capacity(self.wedges.factor.len());
        for at in 0..self.economy.sales.len() {
            self.policy_of_buyer(at, |_, cell| worth.push(cell.trade_cost));
        }
        worth
    }

    /// What moving the costs of each cell that one importer buys in one sector is worth at the last solve, `at` in `[j, n]`.
    #[inline(always)]
    pub(crate) fn policy_of_buyer(&self, at: usize, take: impl FnMut(usize, CellWorth)) {
        adjoint::policy_of_buyer(self.economy, &self.wedges, &self.point, &self.bars, at, take);
    }

    /// What the objective of the last solve itself says of cells `[j, n, i]`: each with the worth of its tariff factor and of its iceberg cost.
    pub(crate) fn direct(&self, objective: &Objective, add: impl FnMut(usize, f64, f64)) {
        objective.seed_policy(self.economy, &self.wedges, &self.point, add);
    }
}

/// The bars of the unknowns as one vector.
fn gather(economy: &Economy, bars: &Bars, out: &mut [f64]) {
    let (wage, cost, sales) = Layout::of(economy).split_mut(out);
    wage.copy_from_slice(&bars.wage);
    cost.copy_from_slice(&bars.cost);
    sales.copy_from_slice(&bars.sales);
}
