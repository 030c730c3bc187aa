//! Flows of an equilibrium: made row by row from what determines them, and what they add up to.

use crate::{
    Economy, Equilibrium,
    kernel::{dot, sum_of, vectorised},
    policy::Trade,
};

impl Equilibrium {
    /// M', `[j, n, i]`, at the border; made when first asked for, because most solves of a game never are.
    pub(crate) fn flow_cube(&self) -> &[f64] {
        self.flows.get_or_init(|| {
            let n = self.wage_hat.len();
            let mut flows = vec![0.0; n * self.spending.len()];
            vectorised(
                #[inline(always)]
                || flows.chunks_exact_mut(n).enumerate().for_each(|(at, row)| self.flows_into(at, row)),
            );
            flows
        })
    }

    /// Who buys from whom here.
    #[inline(always)]
    pub(crate) fn trade(&self) -> &Trade {
        self.nested.as_deref().unwrap_or(&self.wedges.trade)
    }

    /// M' of one importer in one sector, `at` in `[j, n]`, from every exporter: `weight (c'_i)^-theta X' / P'^-theta`, over T'.
    #[inline(always)]
    fn flows_into(&self, at: usize, row: &mut [f64]) {
        let n = row.len();
        let trade = self.trade();
        let (sector, importer) = (at / n, at % n);
        let (powers, spending) = (&self.cost_power[sector * n..(sector + 1) * n], self.spending[at]);
        for ((flow, foreign), power) in row.iter_mut().zip(trade.foreign.row(sector, importer)).zip(powers) {
            *flow = foreign * (power * spending);
        }
        row[importer] = trade.domestic[at] * (powers[importer] * spending);
    }
}

/// What flows add up to.
pub(crate) struct Totals {
    /// `[j, n]`: sum_i T' M', spending at purchaser prices.
    pub spent: Vec<f64>,
    /// `[j, i]`: sum_n M' / (1 + e'), sales at the factory gate.
    pub sold: Vec<f64>,
    /// `[n]`: sum_ij tau' M', tariff revenue.
    pub revenue: Vec<f64>,
    /// `[i]`: sum_nj e' / (1 + e') M', revenue of export taxes.
    pub export_revenue: Vec<f64>,
}

impl Totals {
    pub(crate) fn zero(countries: usize, panel: usize) -> Self {
        Self {
            spent: vec![0.0; panel],
            sold: vec![0.0; panel],
            revenue: vec![0.0; countries],
            export_revenue: vec![0.0; countries],
        }
    }

    /// One pass, and no cube is written.
    pub(crate) fn of(economy: &Economy, equilibrium: &Equilibrium) -> Self {
        let (n, panel) = (economy.countries, economy.sales.len());
        let mut this = Self::zero(n, panel);
        let mut row = vec![0.0; n];
        vectorised(
            #[inline(always)]
            || {
                for at in 0..panel {
                    equilibrium.flows_into(at, &mut row);
                    this.count(equilibrium, at, &mut row);
                }
            },
        );
        this
    }

    #[inline(always)]
    fn count(&mut self, equilibrium: &Equilibrium, at: usize, flows: &mut [f64]) {
        let n = flows.len();
        let (cells, sellers) = (at * n..(at + 1) * n, at / n * n..(at / n + 1) * n);
        let factors = &equilibrium.wedges.factor[cells.clone()];
        self.spent[at] = dot(flows, factors);
        self.revenue[at % n] += sum_of(flows, factors, |flow, factor| (factor - 1.0) * flow);
        if let Some(taxes) = &equilibrium.wedges.export {
            for ((flow, factor), revenue) in flows.iter_mut().zip(&taxes.factor[cells]).zip(&mut self.export_revenue) {
                *revenue += *flow * (factor - 1.0) / factor;
                *flow /= factor;
            }
        }
        self.sold[sellers].iter_mut().zip(flows).for_each(|(sold, flow)| *sold += *flow);
    }
}
