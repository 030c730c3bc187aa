//! Derivatives of an objective with respect to every tariff at once, from one linear solve.

use cobden_world::Problem;
use ndarray::Array3;

use crate::{Economy, Equilibrium, Objective, Settings, backward::Backward};

/// How an objective answers each tariff and each trade cost.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// `[n, i, j]`: d objective / d tau', per unit of the rate (0.01 is one point). Cells without trade have zero.
    pub tariffs: Array3<f64>,
    /// `[n, i, j]`: d objective / d ln d_hat, per log point of the iceberg cost.
    pub trade_cost: Array3<f64>,
    /// `[n, i, j]`: d objective / d e', per unit of the rate of `i`'s tax on exports to `n`; where there is none, what a first little would
    /// do. Domestic sales have zero.
    pub export_taxes: Array3<f64>,
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
pub struct Gradients<'a>(Backward<'a>);

impl<'a> Gradients<'a> {
    /// Prepares gradients at an equilibrium of this economy.
    ///
    /// # Errors
    /// An equilibrium that did not converge: it has no derivative.
    pub fn new(economy: &'a Economy, equilibrium: &Equilibrium, settings: &Settings) -> Result<Self, Problem> {
        Ok(Self(Backward::new(economy, equilibrium, settings)?))
    }

    /// The gradient of one objective.
    ///
    /// # Errors
    /// An objective that names a country or sector that is not there; an adjoint system that was not solved to the tolerance.
    pub fn of(&mut self, objective: &Objective) -> Result<Gradient, Problem> {
        let residual = self.0.solve_objective(objective)?;
        let (n, sectors) = (self.0.economy.countries, self.0.economy.sectors);
        let [mut tariffs, mut trade_cost, mut export_taxes] = [(); 3].map(|()| Array3::zeros((n, n, sectors)));
        let wedges = &self.0.wedges;
        // Importer by importer, as the answer lies in memory.
        for (importer, sector) in (0..n).flat_map(|importer| (0..sectors).map(move |sector| (importer, sector))) {
            let at = sector * n + importer;
            self.0.policy_of_buyer(at, |exporter, worth| {
                let (cell, place) = (at * n + exporter, [importer, exporter, sector]);
                // From log points of the factor to units of the rate.
                tariffs[place] = worth.tariff / wedges.factor[cell];
                trade_cost[place] = worth.trade_cost;
                if exporter != importer {
                    export_taxes[place] = (worth.export_tax + worth.trade_cost) / wedges.export_factor(cell);
                }
            });
        }
        self.0.direct(objective, |cell, of_tariff, of_cost| {
            let (importer, exporter, sector) = (cell / n % n, cell % n, cell / (n * n));
            let place = [importer, exporter, sector];
            tariffs[place] += of_tariff / wedges.factor[cell];
            trade_cost[place] += of_cost;
            if exporter != importer {
                export_taxes[place] += of_cost / wedges.export_factor(cell);
            }
        });
        Ok(Gradient { tariffs, trade_cost, export_taxes, residual })
    }

    /// The gradient of one objective with respect to the tariffs of some importers alone, `[n, i, j]` as in [`Gradient::tariffs`], zero for all
    /// others: most of what a gradient costs in a large world is writing it down.
    ///
    /// # Errors
    /// As [`Gradients::of`]; an importer that is not there.
    pub fn tariffs_of(&mut self, objective: &Objective, importers: &[usize]) -> Result<Array3<f64>, Problem> {
        let (n, sectors) = (self.0.economy.countries, self.0.economy.sectors);
        if let Some(importer) = importers.iter().find(|importer| **importer >= n) {
            return Err(Problem::new(format!("there is no importer {importer} among {n} countries")));
        }
        let mut tariffs = Array3::zeros((n, n, sectors));
        self.0.solve_objective(objective)?;
        let wedges = &self.0.wedges;
        for importer in importers {
            for sector in 0..sectors {
                let at = sector * n + importer;
                self.0.policy_of_buyer(at, |exporter, worth| {
                    tariffs[[*importer, exporter, sector]] = worth.tariff / wedges.factor[at * n + exporter];
                });
            }
        }
        self.0.direct(objective, |cell, worth, _| {
            let (importer, exporter, sector) = (cell / n % n, cell % n, cell / (n * n));
            if importers.contains(&importer) {
                tariffs[[importer, exporter, sector]] += worth / wedges.factor[cell];
            }
        });
        Ok(tariffs)
    }
}
