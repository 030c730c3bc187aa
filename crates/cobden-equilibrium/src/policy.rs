//! A trade policy: the new tariffs, and changes of iceberg trade costs.

use cobden_world::{Problem, Rate, World};
use ndarray::Array3;

use crate::{Economy, kernel::Cube};

/// What a scenario sets: tariffs in levels and iceberg costs in changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// tau', `[n, i, j]`: the new ad valorem tariff of `n` on `j` from `i`, in levels.
    pub tariffs: Array3<Rate>,
    /// d_hat, `[n, i, j]`: new over old iceberg trade cost; `None` if none changes.
    pub trade_cost: Option<Array3<f64>>,
}

impl Policy {
    /// The tariffs a world already has: the policy that changes nothing.
    pub fn status_quo(world: &World) -> Self {
        Self { tariffs: world.tariffs.clone(), trade_cost: None }
    }

    fn check(&self, economy: &Economy) -> Result<(), Problem> {
        let shape = (economy.countries(), economy.countries(), economy.sectors());
        if self.tariffs.dim() != shape || self.trade_cost.as_ref().is_some_and(|d| d.dim() != shape) {
            return Err(Problem::new(format!(
                "a policy for this world has shape {shape:?}, not {:?}",
                self.tariffs.dim()
            )));
        }
        if let Some(((n, i, j), rate)) = self.tariffs.indexed_iter().find(|(_, rate)| !rate.is_valid()) {
            let what = format!("tariff of country {n} on sector {j} from country {i} is {} %", rate.percent());
            return Err(Problem::new(what).help("a tariff is finite and above -100 %"));
        }
        let iceberg = self.trade_cost.iter().flat_map(|d| d.indexed_iter());
        for ((n, i, j), change) in iceberg {
            if !(change.is_finite() && *change > 0.0) {
                let what =
                    format!("trade cost of country {n} on sector {j} from country {i} changes by a factor of {change}");
                return Err(Problem::new(what).help("a change of trade costs is a finite factor above zero"));
            }
        }
        Ok(())
    }
}

/// A policy as the kernel wants it: everything of conditions 2 to 5 that does not move while the wages do.
#[derive(Clone, Debug)]
pub(crate) struct Wedges {
    /// `[j, n, i]`: pi kappa^-theta, divided by its largest kappa^-theta in the row so that no power underflows.
    pub weight: Cube,
    /// `[j, n, i]`: the same over T', for values before tariff, of foreign goods only. Trade is kept apart from domestic sales so that
    /// where it is next to nothing it is not lost in the difference of two large numbers.
    pub foreign: Cube,
    /// `[j, n]`: the same for domestic sales.
    pub domestic: Vec<f64>,
    /// `[j, n]`: the ln kappa taken out of each row.
    pub ln_shift: Vec<f64>,
    /// `[j, n, i]`: ln of the new tariff factor T'.
    pub ln_factor: Vec<f64>,
    /// `[j, n, i]`: ln kappa, the change of the whole trade cost.
    pub ln_kappa: Vec<f64>,
}

impl Wedges {
    /// The wedges of a policy.
    ///
    /// # Errors
    /// A policy of another shape, a tariff at or below -100 %, an iceberg change that is not positive.
    pub(crate) fn new(economy: &Economy, policy: &Policy) -> Result<Self, Problem> {
        policy.check(economy)?;
        let (n, j) = (economy.countries(), economy.sectors());
        let mut ln_factor = Vec::with_capacity(j * n * n);
        let mut ln_kappa = Vec::with_capacity(j * n * n);
        for sector in 0..j {
            for importer in 0..n {
                for exporter in 0..n {
                    let new = policy.tariffs[[importer, exporter, sector]].0.ln_1p();
                    let iceberg = policy.trade_cost.as_ref().map_or(0.0, |d| d[[importer, exporter, sector]].ln());
                    ln_kappa.push(new - economy.ln_factor[ln_factor.len()] + iceberg);
                    ln_factor.push(new);
                }
            }
        }
        Ok(Self::from_logs(economy, ln_factor, ln_kappa))
    }

    /// The wedges part of the way: tariffs and iceberg changes to the power `fraction`, in logs a straight line.
    pub(crate) fn part_way(&self, economy: &Economy, fraction: f64) -> Self {
        let blend = |(new, old): (&f64, &f64)| old + fraction * (new - old);
        let ln_factor = self.ln_factor.iter().zip(&economy.ln_factor).map(blend).collect();
        let ln_kappa = self.ln_kappa.iter().map(|kappa| fraction * kappa).collect();
        Self::from_logs(economy, ln_factor, ln_kappa)
    }

    /// The wedges of tariff factors and trade-cost changes in logs, `[j, n, i]`.
    pub(crate) fn from_logs(economy: &Economy, ln_factor: Vec<f64>, ln_kappa: Vec<f64>) -> Self {
        let (n, j) = (economy.countries(), economy.sectors());
        let mut weight = Cube::zeros(j, n);
        let mut foreign = Cube::zeros(j, n);
        let mut domestic = vec![0.0; j * n];
        let mut ln_shift = vec![0.0; j * n];
        for sector in 0..j {
            let theta = economy.theta[sector];
            for importer in 0..n {
                let row = (sector * n + importer) * n;
                let share = economy.share.row(sector, importer);
                let kappa = &ln_kappa[row..row + n];
                let bought = || kappa.iter().zip(share).filter(|(_, share)| **share > 0.0).map(|(kappa, _)| *kappa);
                let least = bought().fold(f64::INFINITY, f64::min);
                let shift = if least.is_finite() { least } else { 0.0 };
                ln_shift[sector * n + importer] = shift;
                let (out, net) = (weight.row_mut(sector, importer), foreign.row_mut(sector, importer));
                for exporter in 0..n {
                    // Only cells whose cost moved need a power at all.
                    let moved = kappa[exporter] - shift;
                    let power = if moved == 0.0 { 1.0 } else { (-theta * moved).exp() };
                    out[exporter] = share[exporter] * power;
                    net[exporter] = out[exporter] * (-ln_factor[row + exporter]).exp();
                }
                domestic[sector * n + importer] = std::mem::take(&mut net[importer]);
            }
        }
        Self { weight, foreign, domestic, ln_shift, ln_factor, ln_kappa }
    }
}
