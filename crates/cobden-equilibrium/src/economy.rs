//! The calibrated baseline: shares and levels of one equilibrium, from which every change is measured.

use std::sync::{Arc, OnceLock};

use cobden_world::Rate;
use ndarray::{Array2, Array3, Axis};

use crate::{
    Deficits, Equilibrium, Policy, SolveReport,
    conditions::{Layout, Point},
    kernel::{Cube, add_product},
    outcome::baseline_flows,
    policy::{Wedges, pairs_that_differ},
    precondition::Preconditioner,
    products::Nest,
};

/// A calibrated baseline equilibrium: what a [`Policy`](crate::Policy) changes.
///
/// Made by [`Economy::calibrate`]. Immutable; solving never changes it, so one economy serves any number of solves and threads.
#[derive(Clone, Debug)]
pub struct Economy {
    pub(crate) countries: usize,
    pub(crate) sectors: usize,
    pub(crate) deficits: Deficits,
    /// `[n]`: which countries trade with each other, directly or through others: the same number for all that do. Each such
    /// component has a wage level of its own, and so a numeraire of its own; almost always there is one.
    pub(crate) component: Vec<usize>,
    /// theta, `[j]`.
    pub(crate) theta: Vec<f64>,
    /// `[j]`: theta where sectors are traded, 0 where their products are and substitution is theirs.
    pub(crate) substitution: Vec<f64>,
    /// The products that sectors are sold as, where they are.
    pub(crate) nest: Option<Arc<Nest>>,
    /// m, `[j]`: share of sales that is profit.
    pub(crate) profit_share: Vec<f64>,
    /// psi, `[j]`: fall of unit cost with output, phi / theta.
    pub(crate) scale: Vec<f64>,
    /// kappa_L: rise of labour supply with the real wage.
    pub(crate) labour_supply: f64,
    /// pi, `[j, n, i]`: share of `n`'s expenditure on `j` that goes to `i`.
    pub(crate) share: Cube,
    /// T, `[j, n, i]`: baseline tariff factors.
    pub(crate) factor: Vec<f64>,
    /// gammaL, `[j, n]`: share of value added in cost.
    pub(crate) value_added_share: Vec<f64>,
    /// gamma, `[k, j, n]`: share of input `k` in the cost of sector `j`. Empty without intermediate goods.
    pub(crate) input_share: Vec<f64>,
    /// alpha, `[j, n]`: share of `j` in final expenditure.
    pub(crate) final_share: Vec<f64>,
    /// Y, `[j, n]`: sales.
    pub(crate) sales: Vec<f64>,
    /// X, `[j, n]`: expenditure at purchaser prices.
    pub(crate) expenditure: Vec<f64>,
    /// wL, `[n]`: labour income (all value added).
    pub(crate) labour_income: Vec<f64>,
    /// `[n]`: the sum of labour income over a country's component, the numeraire.
    pub(crate) world_income: Vec<f64>,
    /// I, `[n]`: income = final expenditure.
    pub(crate) income: Vec<f64>,
    /// D, `[n]`: trade deficit, a transfer received.
    pub(crate) deficit: Vec<f64>,
    /// lambda, `[j, n]`: political weights, mean 1 per country. `None`: all one.
    pub(crate) political_weight: Option<Vec<f64>>,
    pub(crate) baseline_report: SolveReport,
    /// tau, `[n, i, j]`: baseline tariffs, as a policy has them.
    pub(crate) tariffs: Array3<Rate>,
    /// Where every solve without a better start begins, made when first asked for.
    pub(crate) start: OnceLock<Start>,
    /// What a solved baseline was solved from; `None` where the baseline is the data.
    pub(crate) source: Option<Arc<Source>>,
}

/// The baseline as the start of a solve.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// Its wedges: nothing changes.
    pub wedges: Arc<Wedges>,
    /// The approximate inverse of the conditions there.
    pub inverse: Arc<Preconditioner>,
}

/// The economy as its data have it, before its baseline was solved for.
#[derive(Debug)]
pub(crate) struct Source {
    pub economy: Economy,
    /// The baseline, as an equilibrium of that economy.
    pub solution: Equilibrium,
    /// Whether the data's deficits were left out.
    pub balanced: bool,
}

impl Economy {
    /// N, the number of countries.
    pub fn countries(&self) -> usize {
        self.countries
    }

    /// J, the number of sectors.
    pub fn sectors(&self) -> usize {
        self.sectors
    }

    /// theta, `[j]`: trade elasticities, `sigma - 1`.
    pub fn trade_elasticity(&self) -> &[f64] {
        &self.theta
    }

    /// Whether sectors buy intermediate goods.
    pub fn has_inputs(&self) -> bool {
        !self.input_share.is_empty()
    }

    /// How the baseline itself was found: iterations and residuals of solving it, or of the data as they are.
    pub fn baseline_report(&self) -> &SolveReport {
        &self.baseline_report
    }

    /// pi, `[n, i, j]`: baseline trade shares at purchaser prices.
    pub fn trade_shares(&self) -> Array3<f64> {
        cube(self.share.as_slice(), self.countries, self.sectors)
    }

    /// M, `[n, i, j]`: baseline flows before tariff.
    pub fn flows(&self) -> Array3<f64> {
        cube(&baseline_flows(self), self.countries, self.sectors)
    }

    /// Y, `[n, j]`: baseline sales.
    pub fn sales(&self) -> Array2<f64> {
        panel(&self.sales, self.countries, self.sectors)
    }

    /// X, `[n, j]`: baseline expenditure at purchaser prices.
    pub fn expenditure(&self) -> Array2<f64> {
        panel(&self.expenditure, self.countries, self.sectors)
    }

    /// I, `[n]`: baseline income, equal to final expenditure.
    pub fn income(&self) -> &[f64] {
        &self.income
    }

    /// wL, `[n]`: baseline labour income.
    pub fn labour_income(&self) -> &[f64] {
        &self.labour_income
    }

    /// D, `[n]`: baseline deficits.
    pub fn deficits(&self) -> &[f64] {
        &self.deficit
    }

    /// Every place `[j, n]` of a panel: where it lies, its country, its sector.
    pub(crate) fn each_place(&self, mut visit: impl FnMut(usize, usize, usize)) {
        // Divisions to recover the country and the sector from the place would cost more than most visits.
        for sector in 0..self.sectors {
            for country in 0..self.countries {
                visit(sector * self.countries + country, country, sector);
            }
        }
    }

    /// For each country, the sum over its component.
    pub(crate) fn over_component(&self, values: impl Iterator<Item = f64>, out: &mut [f64]) {
        out.fill(0.0);
        for (value, component) in values.zip(&self.component) {
            out[*component] += value;
        }
        // A component goes by its first country: from the last country back, each finds its sum in place.
        for n in (0..self.countries).rev() {
            out[n] = out[self.component[n]];
        }
    }

    /// The baseline as the start of a solve.
    pub(crate) fn start(&self) -> &Start {
        self.start.get_or_init(|| {
            let (mut point, wedges) = (Point::baseline(self), Wedges::baseline(self));
            point.evaluate(self, &wedges, &mut vec![0.0; Layout::of(self).len()]);
            let inverse = Preconditioner::new(self, &wedges, &point, 0.0);
            Start { wedges: Arc::new(wedges), inverse: Arc::new(inverse) }
        })
    }

    /// The policy of the baseline.
    pub(crate) fn status_quo(&self) -> Policy {
        Policy { tariffs: self.tariffs.clone(), trade_cost: None, export_taxes: None }
    }

    /// The wedges of a policy that fits.
    pub(crate) fn wedges(&self, policy: &Policy) -> Wedges {
        let (mut wedges, mut old) = (Wedges::baseline(self), self.status_quo());
        let pairs = pairs_that_differ(self.countries, &old, policy);
        wedges.follow(self, &mut old, policy, &pairs);
        wedges
    }

    /// Whether unit costs fall with output.
    pub(crate) fn has_scale(&self) -> bool {
        self.scale.iter().any(|psi| *psi != 0.0)
    }

    /// Whether a change of sales, wages and costs aside, moves anything: through profits, intermediate goods or economies of scale.
    pub(crate) fn sales_feed_back(&self) -> bool {
        self.has_inputs() || self.profit_share.iter().chain(&self.scale).any(|share| *share != 0.0)
    }

    /// `sum_j alpha_nj values_nj` of every country, `out` `[n]`: of log prices the log of the consumer price index, of their changes its
    /// change.
    pub(crate) fn over_consumption(&self, values: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (share, values) in self.final_share.chunks_exact(self.countries).zip(values.chunks_exact(self.countries)) {
            add_product(out, share, values);
        }
    }

    /// The matrix `[j, n]` of shares of input `k` in cost.
    pub(crate) fn input_share_of(&self, input: usize) -> &[f64] {
        let size = self.sectors * self.countries;
        &self.input_share[input * size..(input + 1) * size]
    }
}

/// The components of the graph of trade: the smallest country of each, by country.
pub(crate) fn components(share: &Cube, countries: usize, sectors: usize) -> Vec<usize> {
    let mut component: Vec<usize> = (0..countries).collect();
    for j in 0..sectors {
        for n in 0..countries {
            for (i, share) in share.row(j, n).iter().enumerate() {
                let (a, b) = (component[n], component[i]);
                if *share > 0.0 && a != b {
                    component.iter_mut().filter(|c| **c == a.max(b)).for_each(|c| *c = a.min(b));
                }
            }
        }
    }
    component
}

/// A sector-major `[j, n]` panel as `[n, j]`.
pub(crate) fn panel(values: &[f64], countries: usize, sectors: usize) -> Array2<f64> {
    Array2::from_shape_fn((countries, sectors), |(n, j)| values[j * countries + n])
}

/// A sector-major `[j, n, i]` cube as `[n, i, j]`, importer by importer, as the answer lies in memory.
pub(crate) fn cube(values: &[f64], countries: usize, sectors: usize) -> Array3<f64> {
    let mut cube = Array3::zeros((countries, countries, sectors));
    for (importer, mut bought) in cube.outer_iter_mut().enumerate() {
        for (sector, mut bought) in bought.axis_iter_mut(Axis(1)).enumerate() {
            let row = &values[(sector * countries + importer) * countries..][..countries];
            bought.iter_mut().zip(row).for_each(|(cell, value)| *cell = *value);
        }
    }
    cube
}
