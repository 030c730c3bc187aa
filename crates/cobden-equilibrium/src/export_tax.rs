//! Export taxes: what a seller's government takes between the factory gate and the border.
//!
//! Flows `M` are values at the border. A tax of rate `e` on the value at the gate leaves the seller `M / (1 + e)`, and its government
//! `E_i = sum_nj e_nij / (1 + e_nij) M_nij`. That is income of `i` out of the spending of others, so incomes depend on each other: given
//! wages, costs and sales they are the solution of one `N x N` linear system, `(diag(untaxed) - G) I = rest`, where `G_in` is what a unit of
//! income of `n` pays to `i` in export taxes. Without export taxes `G` is nothing and each income stands alone.

use faer::{MatMut, linalg::solvers::PartialPivLu, prelude::Solve};

use crate::{
    Economy,
    conditions::Point,
    kernel::{Cube, ratio},
    policy::Wedges,
};

/// The export taxes of a policy that has some.
#[derive(Clone, Debug)]
pub(crate) struct ExportTaxes {
    /// `[j, n, i]`: 1 + e.
    pub factor: Vec<f64>,
    /// `[j, n, i]`: as `Trade::foreign`, at the factory gate: over T' (1 + e).
    pub gate: Cube,
}

impl ExportTaxes {
    /// Factors of one, and what is sold at the border.
    pub(crate) fn none(foreign: &Cube) -> Self {
        Self { factor: vec![1.0; foreign.as_slice().len()], gate: foreign.clone() }
    }

    /// `[j, n]`: revenue on what each sells, over its cost power, from spending over price powers.
    pub(crate) fn levied(&self, wedges: &Wedges, spending: &[f64]) -> Vec<f64> {
        let (mut border, mut gate) = (vec![0.0; spending.len()], vec![0.0; spending.len()]);
        wedges.trade.foreign.transpose_times(spending, &mut border);
        self.gate.transpose_times(spending, &mut gate);
        border.iter().zip(&gate).map(|(border, gate)| border - gate).collect()
    }

    /// The transpose of [`ExportTaxes::levied`]: what spending is worth, given what revenue is.
    pub(crate) fn worth(&self, wedges: &Wedges, revenue: &[f64]) -> Vec<f64> {
        let (mut border, mut gate) = (vec![0.0; revenue.len()], vec![0.0; revenue.len()]);
        wedges.trade.foreign.times(revenue, &mut border);
        self.gate.times(revenue, &mut gate);
        border.iter().zip(&gate).map(|(border, gate)| border - gate).collect()
    }

    /// `diag(untaxed) - G`, factorised.
    pub(crate) fn income_system(&self, economy: &Economy, wedges: &Wedges, point: &Point) -> PartialPivLu<f64> {
        let n = economy.countries;
        let mut matrix: faer::Mat<f64> = faer::Mat::zeros(n, n);
        economy.each_place(|at, importer, j| {
            let spent = ratio(economy.final_share[at], point.price_power[at]);
            let (border, gate) = (wedges.trade.foreign.row(j, importer), self.gate.row(j, importer));
            for i in 0..n {
                matrix[(i, importer)] -= spent * (border[i] - gate[i]) * point.cost_power[j * n + i];
            }
        });
        for (country, untaxed) in point.untaxed.iter().enumerate() {
            matrix[(country, country)] += untaxed;
        }
        matrix.partial_piv_lu()
    }

    /// Adds to `[n, l]`, the answer of incomes to wages through costs of given `content`, what export taxes make of it before any income
    /// is spent.
    pub(crate) fn add_response(
        &self,
        economy: &Economy,
        wedges: &Wedges,
        point: &Point,
        content: &[f64],
        response: &mut [f64],
    ) {
        let n = economy.countries;
        economy.each_place(|at, importer, j| {
            let substituted = economy.theta[j] * ratio(point.spending[at], point.price_power[at]);
            let (gross, border, gate) = (
                wedges.trade.weight.row(j, importer),
                wedges.trade.foreign.row(j, importer),
                self.gate.row(j, importer),
            );
            response[importer * n + importer] -= economy.theta[j] * content[at] * point.export_tax[at];
            for i in (0..n).filter(|i| border[*i] != gate[*i]) {
                let levied = substituted * (border[i] - gate[i]) * point.cost_power[j * n + i];
                for l in 0..n {
                    let seller = j * n + l;
                    response[i * n + l] += levied * gross[l] * point.cost_power[seller] * content[seller];
                }
            }
        });
    }
}

impl Point {
    /// From incomes before any is spent to incomes, the taxes on spending them included; in place.
    pub(crate) fn settle(&self, income: &mut [f64]) {
        match &self.income_system {
            None => income.iter_mut().zip(&self.untaxed).for_each(|(income, untaxed)| *income /= untaxed),
            Some(system) => system.solve_in_place(column(income)),
        }
    }

    /// The transpose of [`Point::settle`]: from what incomes are worth to what they are before any is spent.
    pub(crate) fn settle_worth(&self, worth: &mut [f64]) {
        match &self.income_system {
            None => worth.iter_mut().zip(&self.untaxed).for_each(|(worth, untaxed)| *worth /= untaxed),
            Some(system) => system.solve_transpose_in_place(column(worth)),
        }
    }
}

fn column(values: &mut [f64]) -> MatMut<'_, f64> {
    let rows = values.len();
    MatMut::from_column_major_slice_mut(values, rows, 1)
}
