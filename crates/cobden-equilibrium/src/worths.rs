//! What the calibrated objects are worth to an objective: shares, levels and elasticities of the baseline, and behind them the data.
//!
//! Three steps, each the transpose of one of calibration's, last first: the equilibrium given the baseline ([`Worths::of`]), the baseline
//! given the data where it was solved for ([`Worths::through_baseline`]), and the shares and levels given flows and elasticities
//! ([`Worths::of_data`]).

use cobden_world::Problem;

use crate::{
    Deficits, Economy,
    backward::Backward,
    conditions::{Layout, subtract_input_costs},
    kernel::{add_scaled, ratio},
};

/// Worths of the calibrated objects of an economy, at given value-added and input shares.
#[derive(Clone, Debug)]
pub(crate) struct Worths {
    /// `[j]`: of theta, at given profit shares and scale.
    pub theta: Vec<f64>,
    /// `[j]`: of m.
    pub profit_share: Vec<f64>,
    /// `[j]`: of psi.
    pub scale: Vec<f64>,
    /// Of kappa_L.
    pub labour_supply: f64,
    /// `[j, n, i]`: of ln pi.
    pub ln_share: Vec<f64>,
    /// `[j, n]`: of alpha.
    pub final_share: Vec<f64>,
    /// `[j, n]`: of ln Y.
    pub ln_sales: Vec<f64>,
    /// `[n]`: of ln wL, the numeraire's included.
    pub ln_labour_income: Vec<f64>,
    /// `[n]`: of I.
    pub income: Vec<f64>,
    /// `[n]`: of D.
    pub deficit: Vec<f64>,
}

/// Worths of the data: theta, and the log of every flow.
pub(crate) struct DataWorths {
    /// `[j]`.
    pub theta: Vec<f64>,
    /// `[j, n, i]`.
    pub ln_flows: Vec<f64>,
}

impl Worths {
    pub(crate) fn zero(economy: &Economy) -> Self {
        let (n, j) = (economy.countries, economy.sectors);
        let (sectors, countries, panel) = (vec![0.0; j], vec![0.0; n], vec![0.0; n * j]);
        Self {
            theta: sectors.clone(),
            profit_share: sectors.clone(),
            scale: sectors,
            labour_supply: 0.0,
            ln_share: vec![0.0; j * n * n],
            final_share: panel.clone(),
            ln_sales: panel,
            ln_labour_income: countries.clone(),
            income: countries.clone(),
            deficit: countries,
        }
    }

    /// The first step: `mu' F_p`, what the calibrated objects are worth through the conditions after a backward solve, given what moving
    /// each cell's trade cost is worth. What the objective itself says of them is not in it.
    pub(crate) fn of(backward: &Backward, trade_cost: &[f64]) -> Self {
        let mut this = Self::zero(backward.economy);
        this.price_index(backward, trade_cost);
        this.unit_cost(backward);
        this.income(backward);
        this.labour_supply(backward);
        this
    }

    /// Elasticities and trade shares, which enter as trade costs do: `pi'_nij = pi_nij exp(-theta_j x_nij)` with the relative price
    /// `x = ln (kappa c / P)`, so `d theta` does what `d ln kappa = x / theta d theta` does, prices included, and `d ln pi` what
    /// `d ln kappa = -d ln pi / theta` does.
    fn price_index(&mut self, backward: &Backward, trade_cost: &[f64]) {
        let Backward { economy, wedges, point, .. } = backward;
        let n = economy.countries;
        let (_, ln_cost, _) = Layout::of(economy).split(&point.unknowns);
        let cells = economy.share.as_slice().iter().zip(trade_cost).enumerate();
        for (at, (_, worth)) in cells.filter(|(_, (share, _))| **share > 0.0) {
            let (j, seller) = (at / (n * n), at / (n * n) * n + at % n);
            let relative_price = wedges.ln_kappa[at] + ln_cost[seller] - point.ln_price[at / n];
            self.theta[j] += worth * relative_price / economy.theta[j];
            self.ln_share[at] = -worth / economy.theta[j];
        }
    }

    /// Scale: `ln c - (1 + psi) ln u + psi ln Y` with `u` the bundle of labour and inputs.
    fn unit_cost(&mut self, backward: &Backward) {
        let Backward { economy, point, .. } = backward;
        let n = economy.countries;
        let (ln_wage, _, ln_sales) = Layout::of(economy).split(&point.unknowns);
        let (_, multipliers, _) = Layout::of(economy).split(&backward.multipliers);
        let mut less_bundle: Vec<f64> =
            economy.value_added_share.iter().enumerate().map(|(at, share)| -share * ln_wage[at % n]).collect();
        subtract_input_costs(economy, &point.ln_price, &mut less_bundle);
        for (at, less_bundle) in less_bundle.iter().enumerate() {
            self.scale[at / n] += multipliers[at] * (less_bundle + ln_sales[at]);
        }
    }

    /// Labour supply: `ln L_n = kappa_L (ln w_n - sum_j alpha_nj ln P_nj)`.
    fn labour_supply(&mut self, backward: &Backward) {
        let Backward { economy, point, bars, .. } = backward;
        let n = economy.countries;
        let mut ln_price = vec![0.0; n];
        economy.over_consumption(&point.ln_price, &mut ln_price);
        for country in 0..n {
            self.labour_supply += bars.labour[country] * (point.unknowns[country] - ln_price[country]);
        }
        for (at, worth) in self.final_share.iter_mut().enumerate() {
            *worth -= economy.labour_supply * bars.labour[at % n] * point.ln_price[at];
        }
    }

    /// Levels: sales, profits and inputs, final demand, labour income, the numeraire and the closure.
    fn income(&mut self, backward: &Backward) {
        let Backward { economy, point, bars, .. } = backward;
        let n = economy.countries;
        let (balance, _, goods) = Layout::of(economy).split(&backward.multipliers);
        let worth = &bars.earned;
        let mut less_inputs = vec![0.0; goods.len()];
        subtract_input_costs(economy, &bars.intermediate, &mut less_inputs);
        for at in 0..goods.len() {
            let (m, income) = (economy.profit_share[at / n], worth[at % n]);
            self.profit_share[at / n] += point.sales[at] * (income + less_inputs[at]);
            if economy.sales[at] > 0.0 {
                self.ln_sales[at] = goods[at] + point.sales[at] * (m * income - (1.0 - m) * less_inputs[at]);
            }
            // Final demand alpha I adds to spending as intermediate use does.
            self.final_share[at] = point.income[at % n] * bars.intermediate[at];
        }
        let mut numeraire = vec![0.0; n];
        economy.over_component((0..n).map(|n| balance[n] / economy.world_income[n]), &mut numeraire);
        for country in 0..n {
            // The second term is the baseline's world income, over which that of the policy is taken; at a solution the two are equal.
            let moved = point.labour_income[country] - economy.labour_income[country];
            self.ln_labour_income[country] = point.labour_income[country] * worth[country] + moved * numeraire[country];
        }
        self.closure(backward, worth);
    }

    /// Deficits, as the closure has them: `D' = D`, `D' = w D - s (sum w D)` with `s` the share in world labour income, or none.
    fn closure(&mut self, backward: &Backward, income: &[f64]) {
        let Backward { economy, point, bars, .. } = backward;
        let n = economy.countries;
        let transfer: Vec<f64> = income.iter().zip(&bars.deficit).map(|(income, deficit)| income + deficit).collect();
        match economy.deficits {
            Deficits::None => {}
            Deficits::Fixed => self.deficit.copy_from_slice(&transfer),
            Deficits::Share => {
                let own = |n: usize| point.labour_income[n] / economy.labour_income[n];
                let share = |n: usize| point.labour_income[n] / point.world_income[n];
                let (mut gap, mut taken, mut spread) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
                economy.over_component((0..n).map(|n| own(n) * economy.deficit[n]), &mut gap);
                economy.over_component((0..n).map(|n| share(n) * transfer[n]), &mut taken);
                economy.over_component((0..n).map(|n| share(n) * transfer[n] * gap[n]), &mut spread);
                for n in 0..n {
                    self.deficit[n] = own(n) * (transfer[n] - taken[n]);
                    self.ln_labour_income[n] -= share(n) * (transfer[n] * gap[n] - spread[n]);
                }
            }
        }
    }
}

impl Worths {
    /// The second step: from a baseline that was solved for to the economy it was solved from. `backward` stands at that solution.
    ///
    /// # Errors
    /// A system that was not solved to the tolerance.
    pub(crate) fn through_baseline(&self, backward: &mut Backward) -> Result<(Self, f64), Problem> {
        let n = backward.economy.countries;
        let substitution = |economy: &Economy, at: usize| economy.theta[at / (n * n)] * self.ln_share[at];
        let residual = backward.solve(|economy, _, _, bars| {
            bars.labour.copy_from_slice(&self.ln_labour_income);
            bars.sales.copy_from_slice(&self.ln_sales);
            bars.income.copy_from_slice(&self.income);
            for at in 0..self.ln_share.len() {
                bars.price[at / n] += substitution(economy, at);
                bars.cost[at / (n * n) * n + at % n] -= substitution(economy, at);
            }
        })?;
        let mut trade_cost = backward.trade_cost();
        for (at, worth) in trade_cost.iter_mut().enumerate() {
            *worth -= substitution(backward.economy, at);
        }
        let mut before = Self::of(backward, &trade_cost);
        before.labour_supply += self.labour_supply;
        // What the baseline takes over as it is, or as a level times a change.
        for (before, now) in [
            (&mut before.theta, &self.theta),
            (&mut before.profit_share, &self.profit_share),
            (&mut before.scale, &self.scale),
            (&mut before.final_share, &self.final_share),
            (&mut before.ln_sales, &self.ln_sales),
            (&mut before.ln_labour_income, &self.ln_labour_income),
            (&mut before.deficit, &self.deficit),
        ] {
            add_scaled(before, 1.0, now);
        }
        Ok((before, residual))
    }

    /// The third step: from shares and levels to flows and elasticities; `balanced` if the baseline took no deficits from the data.
    ///
    /// `pi = T M / X`, `X = sum T M`, `Y = sum M`, `D` imports less exports, `wL = sum gammaL (1 - m) Y`, and final demand is what is left:
    /// `F_nj = X_nj - sum_k gamma_n,jk Y_nk`, `I = sum F`, `alpha = F / I`. (Presets with inputs have no profits.)
    pub(crate) fn of_data(mut self, economy: &Economy, balanced: bool) -> DataWorths {
        let n = economy.countries;
        if balanced {
            self.deficit.fill(0.0);
        }
        let mean = |country: usize| -> f64 {
            let own = (country..self.final_share.len()).step_by(n);
            own.map(|at| self.final_share[at] * economy.final_share[at]).sum()
        };
        let means: Vec<f64> = (0..n).map(mean).collect();
        let final_demand: Vec<f64> = (self.final_share.iter().enumerate())
            .map(|(at, worth)| (worth - means[at % n]) / economy.income[at % n] + self.income[at % n])
            .collect();
        let mut sales = vec![0.0; final_demand.len()];
        subtract_input_costs(economy, &final_demand, &mut sales);
        for at in 0..sales.len() {
            let (j, m) = (at / n, economy.profit_share[at / n]);
            let per_labour = self.ln_labour_income[at % n] / economy.labour_income[at % n];
            let value_added = economy.value_added_share[at] * per_labour;
            sales[at] += value_added * (1.0 - m) + ratio(self.ln_sales[at], economy.sales[at]);
            self.profit_share[j] -= value_added * economy.sales[at];
        }
        let mut ln_flows = self.ln_share.clone();
        for (at, worth) in ln_flows.iter_mut().enumerate() {
            let (buyer, exporter) = (at / n, at % n);
            let (seller, importer) = (buyer / n * n + exporter, buyer % n);
            let spent: f64 = self.ln_share[buyer * n..(buyer + 1) * n].iter().sum();
            let gross = economy.share.as_slice()[at] * economy.expenditure[buyer];
            let transfer = self.deficit[importer] - self.deficit[exporter];
            let net = gross / economy.factor[at];
            *worth += gross * (final_demand[buyer] - ratio(spent, economy.expenditure[buyer]))
                + net * (sales[seller] + transfer);
        }
        // m = 1 / (1 + theta) where there are profits, psi = phi / theta where there is scale.
        for j in 0..economy.sectors {
            let (m, psi) = (economy.profit_share[j], economy.scale[j]);
            self.theta[j] -= m * m * self.profit_share[j] + psi / economy.theta[j] * self.scale[j];
        }
        DataWorths { theta: self.theta, ln_flows }
    }
}
