//! Damped iteration on wages, as replication packages do it: prices to a fixed point, expenditure to a fixed point, then a small step
//! of every wage towards balance in its labour market.
//!
//! It gets the same kernel as Newton (powers of costs once per sweep, then products), so that the ratio is of methods, not of loops.

use cobden_world::{Rate, World};
use ndarray::{Array1, Array2, Array3, Axis};

/// Share of the gap that a wage closes in one step: the largest that converges on every world of the bench.
const DAMPING: f64 = 0.1;
/// Most steps of the outer loop.
const STEPS: usize = 20_000;

/// A world in shares, with new tariffs.
pub(crate) struct Damped {
    countries: usize,
    sectors: usize,
    theta: Array1<f64>,
    /// pi kappa^-theta, `[j][n, i]`.
    weight: Vec<Array2<f64>>,
    /// The same over T'.
    net_weight: Vec<Array2<f64>>,
    /// gammaL, `[j, n]`.
    value_added: Array2<f64>,
    /// gamma, `[k, j, n]`.
    inputs: Array3<f64>,
    /// alpha, `[j, n]`.
    tastes: Array2<f64>,
    labour_income: Array1<f64>,
    deficits: Array1<f64>,
}

impl Damped {
    pub(crate) fn new(world: &World, theta: &Array1<f64>, tariffs: &Array3<Rate>, deficits: &[f64]) -> Self {
        let accounts = world.accounts();
        let (n, j) = accounts.sales.dim();
        let cost = accounts.inputs.sum_axis(Axis(1)) + &accounts.value_added;
        let share = |value: f64, of: f64| if of > 0.0 { value / of } else { 0.0 };
        let value_added = Array2::from_shape_fn((j, n), |(j, n)| share(accounts.value_added[[n, j]], cost[[n, j]]));
        let final_demand = accounts.final_demand.sum_axis(Axis(1));
        let weight = |sector: usize, net: bool| {
            Array2::from_shape_fn((n, n), |(n, i)| {
                let (old, new) = (world.tariffs[[n, i, sector]].factor().0, tariffs[[n, i, sector]].factor().0);
                let pi = share(old * world.flows[[n, i, sector]], accounts.expenditure[[n, sector]]);
                pi * (new / old).powf(-theta[sector]) / if net { new } else { 1.0 }
            })
        };
        let labour_income =
            Array1::from_shape_fn(n, |n| (0..j).map(|j| value_added[[j, n]] * accounts.sales[[n, j]]).sum());
        Self {
            countries: n,
            sectors: j,
            theta: theta.clone(),
            weight: (0..j).map(|sector| weight(sector, false)).collect(),
            net_weight: (0..j).map(|sector| weight(sector, true)).collect(),
            value_added,
            inputs: Array3::from_shape_fn((j, j, n), |(k, j, n)| share(accounts.inputs[[n, k, j]], cost[[n, j]])),
            tastes: Array2::from_shape_fn((j, n), |(j, n)| accounts.final_demand[[n, j]] / final_demand[n]),
            labour_income,
            deficits: deficits.iter().copied().collect(),
        }
    }

    /// The wage changes, and how many sweeps over the world they took.
    pub(crate) fn solve(&self, tolerance: f64) -> (Vec<f64>, usize) {
        let mut wages = Array1::<f64>::ones(self.countries);
        let mut prices = Array2::<f64>::ones((self.sectors, self.countries));
        let mut sales = Array2::<f64>::zeros((self.sectors, self.countries));
        let mut sweeps = 0;
        for _ in 0..STEPS {
            let (costs, sums) = self.prices(&wages, &mut prices, tolerance, &mut sweeps);
            self.sales(&wages, &costs, &sums, &mut sales, tolerance, &mut sweeps);
            let paid = (&self.value_added * &sales).sum_axis(Axis(0));
            let gap = paid / (&wages * &self.labour_income) - 1.0;
            if gap.iter().all(|gap| gap.abs() < tolerance) {
                break;
            }
            wages.zip_mut_with(&gap, |wage, gap| *wage *= 1.0 + DAMPING * gap);
            let scale = (&wages * &self.labour_income).sum() / self.labour_income.sum();
            wages.mapv_inplace(|wage| wage / scale);
        }
        (wages.to_vec(), sweeps)
    }

    /// Price indices at given wages; returns c^-theta and the sums P^-theta.
    fn prices(
        &self,
        wages: &Array1<f64>,
        prices: &mut Array2<f64>,
        tolerance: f64,
        sweeps: &mut usize,
    ) -> (Array2<f64>, Array2<f64>) {
        loop {
            *sweeps += 1;
            let mut costs = &self.value_added * &wages.mapv(f64::ln);
            for (k, ln_price) in prices.mapv(f64::ln).outer_iter().enumerate() {
                costs = costs + &self.inputs.index_axis(Axis(0), k) * &ln_price;
            }
            let powers = Array2::from_shape_fn(costs.dim(), |(j, n)| (-self.theta[j] * costs[[j, n]]).exp());
            let mut sums = Array2::zeros(costs.dim());
            let mut moved: f64 = 0.0;
            for j in 0..self.sectors {
                sums.row_mut(j).assign(&self.weight[j].dot(&powers.row(j)));
                for n in 0..self.countries {
                    let price = if sums[[j, n]] > 0.0 { f64::powf(sums[[j, n]], -1.0 / self.theta[j]) } else { 1.0 };
                    moved = moved.max((price / prices[[j, n]] - 1.0).abs());
                    prices[[j, n]] = price;
                }
            }
            if moved < 0.1 * tolerance {
                return (powers, sums);
            }
        }
    }

    /// Sales at given wages and prices.
    fn sales(
        &self,
        wages: &Array1<f64>,
        powers: &Array2<f64>,
        sums: &Array2<f64>,
        sales: &mut Array2<f64>,
        tolerance: f64,
        sweeps: &mut usize,
    ) {
        let net: Vec<Array1<f64>> = (0..self.sectors).map(|j| self.net_weight[j].dot(&powers.row(j))).collect();
        let mut expenditure = Array2::<f64>::zeros(sums.dim());
        loop {
            *sweeps += 1;
            let mut used = Array2::zeros(sums.dim());
            for k in 0..self.sectors {
                used.row_mut(k).assign(&(&self.inputs.index_axis(Axis(0), k) * &*sales).sum_axis(Axis(0)));
            }
            let mut income = wages * &self.labour_income + &self.deficits;
            for j in 0..self.sectors {
                for n in 0..self.countries {
                    let net_share = if sums[[j, n]] > 0.0 { net[j][n] / sums[[j, n]] } else { 1.0 };
                    income[n] += (1.0 - net_share) * expenditure[[j, n]];
                }
            }
            expenditure = &self.tastes * &income + used;
            let mut moved: f64 = 0.0;
            for j in 0..self.sectors {
                let spending = Array1::from_shape_fn(self.countries, |n| {
                    if sums[[j, n]] > 0.0 { expenditure[[j, n]] / sums[[j, n]] } else { 0.0 }
                });
                let sold = self.net_weight[j].t().dot(&spending) * powers.row(j);
                for n in 0..self.countries {
                    let largest = sold[n].max(f64::MIN_POSITIVE);
                    moved = moved.max((sold[n] - sales[[j, n]]).abs() / largest);
                }
                sales.row_mut(j).assign(&sold);
            }
            if moved < 0.1 * tolerance {
                return;
            }
        }
    }
}
