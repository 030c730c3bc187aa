//! One equilibrium, prepared for any number of linear solves with the transposed derivative.

use std::sync::Arc;

use cobden_world::Problem;

use crate::{
    Economy, Equilibrium, Objective, Settings,
    adjoint::{self, Bars},
    conditions::{Layout, Point},
    kernel::largest,
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
        self.gmres.solve(&right, &mut self.multipliers, 0.1 * self.tolerance, KRYLOV, |v, moved, out| {
            preconditioner.apply_transpose(economy, wedges, point, &mut upstream, v, moved);
            scratch.clear();
            adjoint::reverse(economy, wedges, point, moved, scratch);
            gather(economy, scratch, out);
        });
        // One sweep with the scalar and the multipliers together: what is left for the unknowns is the residual.
        self.multipliers.iter_mut().for_each(|multiplier| *multiplier = -*multiplier);
        whole.clear();
        seed(economy, wedges, point, whole);
        adjoint::reverse(economy, wedges, point, &self.multipliers, whole);
        let mut left = vec![0.0; length];
        gather(economy, whole, &mut left);
        let residual = largest(&left) / largest(&right).max(f64::MIN_POSITIVE);
        if residual > self.tolerance.sqrt() {
            return Err(Problem::new(format!("the adjoint system was solved to {residual:.1e} only")));
        }
        Ok(residual)
    }

    /// As [`Backward::policy`], with what the objective of the last solve itself says of each cell.
    pub(crate) fn policy_of(&self, objective: &Objective) -> (Vec<f64>, Vec<f64>) {
        let (mut tariffs, mut trade_cost) = self.policy();
        objective.seed_policy(self.economy, &self.wedges, &self.point, &mut tariffs, &mut trade_cost);
        (tariffs, trade_cost)
    }

    /// What moving each cell's tariff factor and iceberg cost by one log point is worth, `[j, n, i]` each, at the last solve.
    pub(crate) fn policy(&self) -> (Vec<f64>, Vec<f64>) {
        adjoint::policy(self.economy, &self.wedges, &self.point, &self.bars)
    }

    /// What moving each cell's export-tax factor is worth at the last solve, beside what it does as a trade cost, `[j, n, i]`.
    pub(crate) fn export_tax(&self) -> Vec<f64> {
        adjoint::export_tax(self.economy, &self.wedges, &self.point, &self.bars)
    }
}

/// The bars of the unknowns as one vector.
fn gather(economy: &Economy, bars: &Bars, out: &mut [f64]) {
    let (wage, cost, sales) = Layout::of(economy).split_mut(out);
    wage.copy_from_slice(&bars.wage);
    cost.copy_from_slice(&bars.cost);
    sales.copy_from_slice(&bars.sales);
}
