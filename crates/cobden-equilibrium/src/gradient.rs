//! Derivatives of an objective with respect to every tariff at once, from one linear solve.

use std::sync::Arc;

use cobden_world::Problem;
use ndarray::Array3;

use crate::{
    Economy, Equilibrium, Objective, Settings,
    adjoint::{self, Bars},
    conditions::{Layout, Point},
    economy::cube,
    kernel::largest,
    krylov::Gmres,
    policy::Wedges,
    precondition::Preconditioner,
};

/// How an objective answers each tariff and each trade cost.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// `[n, i, j]`: d objective / d tau', per unit of the rate (0.01 is one point). Cells without trade have zero.
    pub tariffs: Array3<f64>,
    /// `[n, i, j]`: d objective / d ln d_hat, per log point of the iceberg cost.
    pub trade_cost: Array3<f64>,
    /// What the adjoint system misses by, relative to its right-hand side.
    pub residual: f64,
}

/// Gradients at one equilibrium. What depends on the equilibrium alone is made once, for any number of objectives.
///
/// With `F(z, tau) = 0` the equilibrium conditions and `g(z, tau)` the objective, `J' lambda = g_z` is solved once and
/// `dg/dtau = g_tau - lambda' F_tau` for all tariffs in one sweep: a gradient costs about as much as one equilibrium.
///
/// ```
/// use cobden_equilibrium::{Aim, Economy, Gradients, Model, Policy, Settings};
/// let world = cobden_world::toy::two_countries();
/// let settings = Settings::default();
/// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
/// let here = economy.solve(&Policy::status_quo(&world), None, &settings)?;
/// let mut gradients = Gradients::new(&economy, &here, &settings)?;
/// let welfare = gradients.of(&Aim::Welfare(0).into())?;
/// assert!(welfare.tariffs[[0, 1, 0]] > 0.0, "an own tariff improves the terms of trade");
/// assert!(welfare.tariffs[[1, 0, 0]] < 0.0, "the other's tariff worsens them");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
pub struct Gradients<'a> {
    economy: &'a Economy,
    wedges: Arc<Wedges>,
    point: Point,
    preconditioner: Arc<Preconditioner>,
    gmres: Gmres,
    bars: [Bars; 2],
    multipliers: Vec<f64>,
    tolerance: f64,
}

/// Most GMRES steps of one adjoint solve.
const KRYLOV: usize = 200;

impl<'a> Gradients<'a> {
    /// Prepares gradients at an equilibrium of this economy.
    ///
    /// # Errors
    /// An equilibrium that did not converge: it has no derivative.
    pub fn new(economy: &'a Economy, equilibrium: &Equilibrium, settings: &Settings) -> Result<Self, Problem> {
        if !equilibrium.report.stop.converged() {
            let what = format!("no gradient where the solver {}", equilibrium.report.stop);
            return Err(Problem::new(what).help("gradients exist at a converged equilibrium"));
        }
        let wedges = Arc::clone(&equilibrium.wedges);
        let mut point = Point::baseline(economy);
        point.unknowns.copy_from_slice(&equilibrium.unknowns);
        let length = Layout::of(economy).len();
        point.evaluate(economy, &wedges, &mut vec![0.0; length]);
        let preconditioner = Arc::clone(&equilibrium.inverse);
        let bars = [Bars::zero(economy), Bars::zero(economy)];
        let (gmres, multipliers) = (Gmres::default(), vec![0.0; length]);
        Ok(Self { economy, wedges, point, preconditioner, gmres, bars, multipliers, tolerance: settings.tolerance })
    }

    /// The gradient of one objective.
    ///
    /// # Errors
    /// An objective that names a country or sector that is not there; an adjoint system that was not solved to the tolerance.
    pub fn of(&mut self, objective: &Objective) -> Result<Gradient, Problem> {
        if !objective.fits(self.economy) {
            let what = format!("the objective {objective:?} names a country or sector beyond the world's");
            return Err(Problem::new(what).help("indices count from 0, in the world's order"));
        }
        let [whole, scratch] = &mut self.bars;
        let right = unknowns_of(self.economy, &self.wedges, &self.point, objective, whole);
        let (economy, wedges, point) = (self.economy, &self.wedges, &self.point);
        let preconditioner = &self.preconditioner;
        let (mut backward, mut moved) = (Bars::zero(economy), vec![0.0; right.len()]);
        self.gmres.solve(&right, &mut self.multipliers, 0.1 * self.tolerance, KRYLOV, |v, out| {
            preconditioner.apply_transpose(economy, wedges, point, &mut backward, v, &mut moved);
            scratch.clear();
            adjoint::reverse(economy, wedges, point, &moved, scratch);
            gather(economy, scratch, out);
        });
        moved.copy_from_slice(&self.multipliers);
        preconditioner.apply_transpose(economy, wedges, point, &mut backward, &moved, &mut self.multipliers);
        // One sweep with the objective and the negative multipliers together: what is left for the unknowns is the residual.
        self.multipliers.iter_mut().for_each(|multiplier| *multiplier = -*multiplier);
        whole.clear();
        objective.seed(economy, point, whole);
        adjoint::reverse(economy, wedges, point, &self.multipliers, whole);
        let mut left = vec![0.0; right.len()];
        gather(economy, whole, &mut left);
        let residual = largest(&left) / largest(&right).max(f64::MIN_POSITIVE);
        if residual > self.tolerance.sqrt() {
            return Err(Problem::new(format!("the adjoint system was solved to {residual:.1e} only")));
        }
        let (tariffs, trade_cost) = adjoint::policy(economy, wedges, point, whole);
        Ok(self.gradient(tariffs, trade_cost, residual))
    }

    /// From log points of the factor to units of the rate, and into the public order.
    fn gradient(&self, mut tariffs: Vec<f64>, trade_cost: Vec<f64>, residual: f64) -> Gradient {
        for (worth, factor) in tariffs.iter_mut().zip(&self.wedges.factor) {
            *worth /= factor;
        }
        let (n, j) = (self.economy.countries, self.economy.sectors);
        Gradient { tariffs: cube(&tariffs, n, j), trade_cost: cube(&trade_cost, n, j), residual }
    }
}

/// g_z: the objective's derivative with respect to the unknowns.
fn unknowns_of(economy: &Economy, wedges: &Wedges, point: &Point, objective: &Objective, bars: &mut Bars) -> Vec<f64> {
    let length = Layout::of(economy).len();
    bars.clear();
    objective.seed(economy, point, bars);
    adjoint::reverse(economy, wedges, point, &vec![0.0; length], bars);
    let mut right = vec![0.0; length];
    gather(economy, bars, &mut right);
    right
}

/// The bars of the unknowns as one vector.
fn gather(economy: &Economy, bars: &Bars, out: &mut [f64]) {
    let (wage, cost, sales) = Layout::of(economy).split_mut(out);
    wage.copy_from_slice(&bars.wage);
    cost.copy_from_slice(&bars.cost);
    sales.copy_from_slice(&bars.sales);
}
