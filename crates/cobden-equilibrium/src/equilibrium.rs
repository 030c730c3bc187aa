//! A solution: levels and changes of one equilibrium.

use std::sync::{Arc, OnceLock};

use ndarray::{Array2, Array3};

use crate::{
    Economy, Settings, SolveReport, Stop,
    conditions::{Layout, Point},
    economy::{cube, panel},
    elementary::exp_each,
    government::Accounts,
    kernel::{Cube, ratio},
    policy::{Trade, Wedges},
    precondition::Preconditioner,
    verify::{Residuals, unit_costs},
};

/// The equilibrium under a policy, with the report of how it was found.
#[derive(Clone, Debug)]
pub struct Equilibrium {
    /// How the solve went; without convergence the rest is not a result.
    pub report: SolveReport,
    pub(crate) unknowns: Vec<f64>,
    /// The policy it answers.
    pub(crate) wedges: Arc<Wedges>,
    /// Where products are traded: what they make of the trade of sectors here.
    pub(crate) nested: Option<Arc<Trade>>,
    /// The approximate inverse that led here; the best at hand for whoever goes on from here.
    pub(crate) inverse: Arc<Preconditioner>,
    /// `[n]`.
    pub(crate) wage_hat: Vec<f64>,
    /// `[j, n]`.
    pub(crate) cost_hat: Vec<f64>,
    /// `[j, n]`.
    pub(crate) price_hat: Vec<f64>,
    /// `[j, n]`: c^-theta over the sector's largest.
    pub(crate) cost_power: Vec<f64>,
    /// `[j, n]`: X' over P^-theta, in the same scale.
    pub(crate) spending: Vec<f64>,
    /// `[j, n, i]`: M', at the border, once somebody has asked for it.
    pub(crate) flows: OnceLock<Vec<f64>>,
    /// `[j, n]`.
    pub(crate) sales: Vec<f64>,
    /// `[j, n]`.
    pub(crate) expenditure: Vec<f64>,
    /// `[n]`.
    pub(crate) labour_income: Vec<f64>,
    /// `[n]`.
    pub(crate) world_income: Vec<f64>,
    /// `[n]`.
    pub(crate) revenue: Vec<f64>,
    /// `[n]`.
    pub(crate) export_revenue: Vec<f64>,
    /// `[n]`.
    pub(crate) deficit: Vec<f64>,
    /// `[n]`.
    pub(crate) income: Vec<f64>,
}

impl Equilibrium {
    pub(crate) fn new(
        economy: &Economy,
        wedges: Arc<Wedges>,
        inverse: Arc<Preconditioner>,
        point: &Point,
        report: SolveReport,
        settings: &Settings,
    ) -> Self {
        let (ln_wage, ln_cost, _) = Layout::of(economy).split(&point.unknowns);
        let exp = |values: &[f64]| {
            let mut values = values.to_vec();
            exp_each(&mut values);
            values
        };
        let mut export_revenue = vec![0.0; economy.countries];
        for levied in point.export_tax.chunks_exact(economy.countries) {
            export_revenue.iter_mut().zip(levied).for_each(|(revenue, levied)| *revenue += levied);
        }
        let mut this = Self {
            report,
            nested: point.nest.as_ref().map(|nest| Arc::new(nest.trade.clone())),
            wedges,
            inverse,
            wage_hat: exp(ln_wage),
            cost_hat: exp(ln_cost),
            price_hat: exp(&point.ln_price),
            cost_power: point.cost_power.clone(),
            spending: point.spending.clone(),
            flows: OnceLock::new(),
            sales: point.sales.clone(),
            expenditure: point.expenditure.clone(),
            labour_income: point.labour_income.clone(),
            world_income: point.world_income.clone(),
            revenue: Vec::new(),
            export_revenue,
            deficit: point.deficit.clone(),
            income: point.income.clone(),
            unknowns: point.unknowns.clone(),
        };
        let (residuals, totals) = Residuals::of(economy, &this);
        this.report.residuals = residuals;
        this.revenue = totals.revenue;
        if report.stop.converged() && this.report.residual_max() > settings.tolerance {
            this.report.stop = Stop::Stalled;
        }
        this
    }

    /// Makes the approximate inverse of the conditions anew, at this equilibrium. It changes no number. It costs a few products with the
    /// derivative and saves more wherever many gradients are taken here, or many solves start here.
    pub fn sharpen(&mut self, economy: &Economy) {
        let mut point = Point::baseline(economy);
        point.unknowns.copy_from_slice(&self.unknowns);
        point.evaluate(economy, &self.wedges, &mut vec![0.0; self.unknowns.len()]);
        self.inverse = Arc::new(Preconditioner::new(economy, &self.wedges, &point, 0.0));
    }

    /// w_hat, `[n]`: wages, world labour income being the numeraire.
    pub fn wage_hat(&self) -> &[f64] {
        &self.wage_hat
    }

    /// P_hat, `[n, j]`: price index of each sector.
    pub fn price_hat(&self, economy: &Economy) -> Array2<f64> {
        panel(&self.price_hat, economy.countries, economy.sectors)
    }

    /// M', `[n, i, j]`: flows before tariff, export taxes included.
    pub fn flows(&self, economy: &Economy) -> Array3<f64> {
        cube(self.flow_cube(), economy.countries, economy.sectors)
    }

    /// pi', `[n, i, j]`: trade shares at purchaser prices.
    pub fn trade_shares(&self, economy: &Economy) -> Array3<f64> {
        let n = economy.countries;
        if let Some(trade) = &self.nested {
            return cube(trade.weight.as_slice(), n, economy.sectors);
        }
        let spent = self.flow_cube().iter().zip(&self.wedges.factor).enumerate();
        let shares: Vec<f64> =
            spent.map(|(at, (flow, factor))| ratio(flow * factor, self.expenditure[at / n])).collect();
        cube(&shares, n, economy.sectors)
    }

    /// Y', `[n, j]`: sales.
    pub fn sales(&self, economy: &Economy) -> Array2<f64> {
        panel(&self.sales, economy.countries, economy.sectors)
    }

    /// I', `[n]`: income.
    pub fn income(&self) -> &[f64] {
        &self.income
    }

    /// R', `[n]`: tariff revenue.
    pub fn tariff_revenue(&self) -> &[f64] {
        &self.revenue
    }

    /// E', `[n]`: revenue of export taxes.
    pub fn export_tax_revenue(&self) -> &[f64] {
        &self.export_revenue
    }

    /// The levels that governments weigh.
    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts { sales: &self.sales, income: &self.income, deficit: &self.deficit }
    }

    /// This equilibrium as the baseline of a new economy: same technology and tastes, its levels, its tariffs.
    pub(crate) fn as_baseline(&self, economy: &Economy) -> Economy {
        let (n, j) = (economy.countries, economy.sectors);
        let (mut nest, mut factor) = (None, self.wedges.factor.clone());
        if let (Some(products), Some(wedges)) = (&economy.nest, &self.wedges.nest) {
            let levels = products.levels(self, &unit_costs(economy, self));
            let shares = products.shares(self, levels);
            nest = Some(Arc::new(products.rebased(shares, &wedges.factor)));
            // The average tariff of a sector, weighted with imports.
            let trade = self.trade();
            let gross = trade.weight.as_slice().iter().zip(trade.foreign.as_slice());
            factor = gross.map(|(gross, net)| if *net > 0.0 { gross / net } else { 1.0 }).collect();
        }
        let (flows, mut share) = (self.flow_cube(), Cube::zeros(j, n));
        for sector in 0..j {
            for importer in 0..n {
                let at = sector * n + importer;
                for (exporter, share) in share.row_mut(sector, importer).iter_mut().enumerate() {
                    let cell = at * n + exporter;
                    *share = ratio(flows[cell] * factor[cell], self.expenditure[at]);
                }
            }
        }
        Economy {
            share,
            nest,
            factor,
            sales: self.sales.clone(),
            expenditure: self.expenditure.clone(),
            labour_income: self.labour_income.clone(),
            world_income: self.world_income.clone(),
            income: self.income.clone(),
            deficit: self.deficit.clone(),
            baseline_report: self.report,
            start: OnceLock::new(),
            ..economy.clone()
        }
    }
}
