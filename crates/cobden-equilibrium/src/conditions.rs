//! The equilibrium conditions, one function each, in the order of the papers.
//!
//! Unknowns are the logs of three changes: the wage `w` of each country, the unit cost `c` and the sales `Y` of each sector in
//! each country. Given those, prices, expenditure and income follow in closed form (conditions 3 to 7), and three conditions are
//! left to be solved: the unit cost (1), the goods market (5) and the balance of trade, which given the rest is the labour market (8).
//! All arrays are `[j, n]`.

use faer::linalg::solvers::PartialPivLu;

use crate::{
    Deficits, Economy,
    elementary::{exp_each, ln_each},
    kernel::{add_links, add_links_transposed, ratio, row, row_mut},
    policy::{Trade, Wedges},
    products::NestPoint,
};

/// Where each group of unknowns and residuals lies in one vector `[ln w | ln c | ln Y]` of length `N + 2 N J`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub countries: usize,
    pub panel: usize,
}

impl Layout {
    pub(crate) fn of(economy: &Economy) -> Self {
        Self { countries: economy.countries, panel: economy.countries * economy.sectors }
    }

    pub(crate) fn len(self) -> usize {
        self.countries + 2 * self.panel
    }

    /// The wage, cost and sales parts.
    pub(crate) fn split(self, vector: &[f64]) -> (&[f64], &[f64], &[f64]) {
        let (wage, rest) = vector.split_at(self.countries);
        let (cost, sales) = rest.split_at(self.panel);
        (wage, cost, sales)
    }

    /// The same, to write.
    pub(crate) fn split_mut(self, vector: &mut [f64]) -> (&mut [f64], &mut [f64], &mut [f64]) {
        let (wage, rest) = vector.split_at_mut(self.countries);
        let (cost, sales) = rest.split_at_mut(self.panel);
        (wage, cost, sales)
    }
}

/// Everything that follows from the unknowns at one point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    /// `[ln w | ln c | ln Y_hat]`.
    pub unknowns: Vec<f64>,
    /// `[n]`: labour income w L wL.
    pub labour_income: Vec<f64>,
    /// `[n]`: the sum of labour income over all who trade with each other, the numeraire.
    pub world_income: Vec<f64>,
    /// `[j]`: the least ln c of each sector.
    pub least_cost: Vec<f64>,
    /// `[j, n]`: c^-theta over the sector's largest.
    pub cost_power: Vec<f64>,
    /// `[j, n]`: sum_i weight c^-theta, which is P^-theta up to the scale taken out.
    pub price_power: Vec<f64>,
    /// `[j, n]`: ln P.
    pub ln_price: Vec<f64>,
    /// `[j, n]`: sum_i pi / T', the share of expenditure that is not tariff.
    pub net_share: Vec<f64>,
    /// `[j, n]`: the foreign part of that, imports before tariff.
    pub foreign_share: Vec<f64>,
    /// `[j, n]`: new sales Y'.
    pub sales: Vec<f64>,
    /// `[j, n]`: cost of sectors, (1 - m) Y'.
    pub cost: Vec<f64>,
    /// `[j, n]`: intermediate use, sum_k gamma (1 - m) Y'.
    pub intermediate: Vec<f64>,
    /// `[n]`: 1 - sum_j alpha_j rho_j, what a unit of income leaves after the tariffs paid on spending it.
    pub untaxed: Vec<f64>,
    /// `[n]`: the deficit D'.
    pub deficit: Vec<f64>,
    /// `[n]`: income I'.
    pub income: Vec<f64>,
    /// `[j, n]`: expenditure X'.
    pub expenditure: Vec<f64>,
    /// `[j, n]`: X' over `price_power`.
    pub spending: Vec<f64>,
    /// `[n]` by `[n]`: how incomes depend on each other, where there are export taxes.
    pub income_system: Option<PartialPivLu<f64>>,
    /// `[j, n]`: what others buy from each at the factory gate, sum over n other than i of M' / (1 + e).
    pub foreign_demand: Vec<f64>,
    /// `[j, n]`: the export taxes on top of that, up to the border.
    pub export_tax: Vec<f64>,
    /// `[j, n]`: what the world buys from each.
    pub demand: Vec<f64>,
    /// `[n]`: what a country is paid by others: exports, and the transfer if it receives one.
    pub received: Vec<f64>,
    /// `[n]`: what it pays to others: imports before tariff, and the transfer if it makes one.
    pub paid: Vec<f64>,
    /// Where products are traded: what they make of trade here.
    pub nest: Option<NestPoint>,
}

impl Point {
    /// The baseline: all changes are one.
    pub(crate) fn baseline(economy: &Economy) -> Self {
        let Layout { countries: n, panel } = Layout::of(economy);
        let (vector, table) = (vec![0.0; n], vec![0.0; panel]);
        let nest = economy.nest.as_ref().map(|nest| NestPoint::new(nest));
        // Products take costs and prices to their powers themselves.
        let power = |bought: bool| if nest.is_some() && bought { 1.0 } else { 0.0 };
        Self {
            cost_power: vec![power(true); panel],
            price_power: economy.expenditure.iter().map(|spent| power(*spent > 0.0)).collect(),
            nest,
            unknowns: vec![0.0; Layout::of(economy).len()],
            labour_income: vector.clone(),
            world_income: vector.clone(),
            least_cost: vec![0.0; economy.sectors],
            ln_price: table.clone(),
            net_share: table.clone(),
            foreign_share: table.clone(),
            sales: table.clone(),
            cost: table.clone(),
            intermediate: table.clone(),
            untaxed: vector.clone(),
            deficit: vector.clone(),
            income: vector.clone(),
            received: vector.clone(),
            paid: vector,
            income_system: None,
            foreign_demand: table.clone(),
            export_tax: table.clone(),
            expenditure: table.clone(),
            spending: table.clone(),
            demand: table,
        }
    }

    /// Who buys from whom here.
    pub(crate) fn trade<'a>(&'a self, wedges: &'a Wedges) -> &'a Trade {
        self.nest.as_ref().map_or(&wedges.trade, |nest| &nest.trade)
    }

    /// Evaluates every condition at `self.unknowns` and writes what the three open ones miss by.
    pub(crate) fn evaluate(&mut self, economy: &Economy, wedges: &Wedges, residual: &mut [f64]) {
        self.price_index(economy, wedges);
        self.intermediate_use(economy);
        self.labour_supply(economy);
        self.deficits(economy, wedges);
        self.income(economy, wedges);
        self.expenditure(economy);
        self.demand(economy, wedges);
        let (wage, cost, sales) = Layout::of(economy).split_mut(residual);
        self.unit_cost(economy, cost);
        self.goods_market(economy, sales);
        self.trade_balance(economy, wage);
    }

    /// 1. `ln c_ij = ln u_ij - psi_j (ln Y_ij - ln u_ij)`, the residual being left less right.
    ///
    /// The bundle `ln u_ij = gammaL_ij ln w_i + sum_k gamma_i,kj ln P_ik` is the unit cost itself where there are no economies of scale,
    /// `psi = 0`.
    fn unit_cost(&self, economy: &Economy, residual: &mut [f64]) {
        let n = economy.countries;
        let (ln_wage, ln_cost, ln_sales) = Layout::of(economy).split(&self.unknowns);
        for j in 0..economy.sectors {
            let (residual, share) = (row_mut(residual, n, j), row(&economy.value_added_share, n, j));
            (0..n).for_each(|i| residual[i] = -share[i] * ln_wage[i]);
        }
        subtract_input_costs(economy, &self.ln_price, residual);
        for j in 0..economy.sectors {
            let psi = economy.scale[j];
            let (residual, cost, sales) = (row_mut(residual, n, j), row(ln_cost, n, j), row(ln_sales, n, j));
            (0..n).for_each(|i| residual[i] = cost[i] + (1.0 + psi) * residual[i] + psi * sales[i]);
        }
    }

    /// 2, 3. `P_nj^-theta = sum_i pi_nij (kappa_nij c_ij)^-theta`, and with it the share of spending that is not tariff.
    fn price_index(&mut self, economy: &Economy, wedges: &Wedges) {
        let n = economy.countries;
        let (_, ln_cost, _) = Layout::of(economy).split(&self.unknowns);
        for j in 0..economy.sectors {
            self.least_cost[j] = row(ln_cost, n, j).iter().fold(f64::INFINITY, |a, b| a.min(*b));
        }
        if let (Some(nest), Some(wedges)) = (&economy.nest, &wedges.nest) {
            return nest.price_index(wedges, self);
        }
        for j in 0..economy.sectors {
            let (theta, least) = (economy.theta[j], self.least_cost[j]);
            let (cost, power) = (row(ln_cost, n, j), row_mut(&mut self.cost_power, n, j));
            (0..n).for_each(|i| power[i] = -theta * (cost[i] - least));
        }
        exp_each(&mut self.cost_power);
        wedges.trade.weight.times(&self.cost_power, &mut self.price_power);
        wedges.trade.foreign.times(&self.cost_power, &mut self.foreign_share);
        self.ln_price.copy_from_slice(&self.price_power);
        ln_each(&mut self.ln_price);
        for j in 0..economy.sectors {
            let (sum, power) = (row(&self.price_power, n, j), row(&self.cost_power, n, j));
            let (foreign, net) = (row_mut(&mut self.foreign_share, n, j), row_mut(&mut self.net_share, n, j));
            let domestic = row(&wedges.trade.domestic, n, j);
            for i in 0..n {
                foreign[i] = ratio(foreign[i], sum[i]);
                net[i] = foreign[i] + ratio(domestic[i] * power[i], sum[i]);
            }
            let (ln_price, shift) = (row_mut(&mut self.ln_price, n, j), row(&wedges.ln_shift, n, j));
            let (theta, least) = (economy.theta[j], self.least_cost[j]);
            for i in 0..n {
                // Nobody sells here: no price, and nothing is spent on it.
                ln_price[i] = if sum[i] > 0.0 { least + shift[i] - ln_price[i] / theta } else { 0.0 };
            }
        }
    }

    /// Intermediate use, the second term of 6: `sum_k gamma_n,jk (1 - m_k) Y'_nk`.
    fn intermediate_use(&mut self, economy: &Economy) {
        let n = economy.countries;
        let (_, _, ln_sales) = Layout::of(economy).split(&self.unknowns);
        self.sales.copy_from_slice(ln_sales);
        exp_each(&mut self.sales);
        for j in 0..economy.sectors {
            let cost_share = 1.0 - economy.profit_share[j];
            let (sales, cost) = (row_mut(&mut self.sales, n, j), row_mut(&mut self.cost, n, j));
            let before = row(&economy.sales, n, j);
            for i in 0..n {
                sales[i] *= before[i];
                cost[i] = cost_share * sales[i];
            }
        }
        self.intermediate.fill(0.0);
        add_input_use(economy, &self.cost, &mut self.intermediate);
    }

    /// Labour income, the left side of 8: `w_n L_n wL_n` with `L_n = (w_n / prod_j P_nj^alpha_nj)^kappa_L`, and its sum, the numeraire.
    fn labour_supply(&mut self, economy: &Economy) {
        let elasticity = economy.labour_supply;
        if elasticity > 0.0 {
            economy.over_consumption(&self.ln_price, &mut self.labour_income);
        }
        for (country, income) in self.labour_income.iter_mut().enumerate() {
            let ln_wage = self.unknowns[country];
            // Before this line `income` holds ln P where labour supply asks for it.
            let ln_labour = if elasticity > 0.0 { elasticity * (ln_wage - *income) } else { 0.0 };
            *income = economy.labour_income[country] * (ln_wage + ln_labour).exp();
        }
        economy.over_component(self.labour_income.iter().copied(), &mut self.world_income);
    }

    /// The closure: D' given labour income.
    fn deficits(&mut self, economy: &Economy, wedges: &Wedges) {
        let n = economy.countries;
        match economy.deficits {
            Deficits::Fixed => self.deficit.copy_from_slice(&economy.deficit),
            Deficits::None => {
                let left = |deficit: &f64| wedges.deficits_left * deficit;
                self.deficit.iter_mut().zip(&economy.deficit).for_each(|(out, deficit)| *out = left(deficit));
            }
            Deficits::Share => {
                let own = |n: usize| own_deficit(economy, &self.labour_income, n);
                economy.over_component((0..n).map(own), &mut self.deficit);
                for country in 0..n {
                    let share = self.labour_income[country] / self.world_income[country];
                    self.deficit[country] = own(country) - share * self.deficit[country];
                }
            }
        }
    }

    /// 7. `I'_n = w_n L_n wL_n + sum_j m_j Y'_nj + sum_j rho_nj X'_nj + E'_n + D'_n`, `rho = 1 - net_share` being the tariffs' share.
    ///
    /// Spending depends on income, so 6 is put into 7 and solved for income. Export taxes `E`, where there are some, make the income of one
    /// depend on what others spend.
    fn income(&mut self, economy: &Economy, wedges: &Wedges) {
        let n = economy.countries;
        self.untaxed.fill(1.0);
        for country in 0..n {
            self.income[country] = self.labour_income[country] + self.deficit[country];
        }
        for j in 0..economy.sectors {
            let profit_share = economy.profit_share[j];
            let (power, net) = (row(&self.price_power, n, j), row(&self.net_share, n, j));
            let (sales, used) = (row(&self.sales, n, j), row(&self.intermediate, n, j));
            let (share, income, untaxed) = (row(&economy.final_share, n, j), &mut self.income, &mut self.untaxed);
            let (income, untaxed) = (&mut income[..n], &mut untaxed[..n]);
            for i in 0..n {
                let tariff_share = if power[i] > 0.0 { 1.0 - net[i] } else { 0.0 };
                income[i] += profit_share * sales[i] + tariff_share * used[i];
                untaxed[i] -= tariff_share * share[i];
            }
        }
        self.income_system = wedges.export.as_ref().map(|taxes| taxes.income_system(economy, wedges, self));
        if let Some(taxes) = &wedges.export {
            let used: Vec<f64> = self.intermediate.iter().zip(&self.price_power).map(|(x, p)| ratio(*x, *p)).collect();
            for (at, levied) in taxes.levied(wedges, &used).iter().enumerate() {
                self.income[at % n] += levied * self.cost_power[at];
            }
        }
        let mut income = std::mem::take(&mut self.income);
        self.settle(&mut income);
        self.income = income;
    }

    /// 6. `X'_nj = alpha_nj I'_n + sum_k gamma_n,jk (1 - m_k) Y'_nk`.
    fn expenditure(&mut self, economy: &Economy) {
        let n = economy.countries;
        for j in 0..economy.sectors {
            let (share, income) = (row(&economy.final_share, n, j), &self.income[..n]);
            let (used, power) = (row(&self.intermediate, n, j), row(&self.price_power, n, j));
            let (expenditure, spending) = (row_mut(&mut self.expenditure, n, j), row_mut(&mut self.spending, n, j));
            for i in 0..n {
                expenditure[i] = share[i] * income[i] + used[i];
                spending[i] = ratio(expenditure[i], power[i]);
            }
        }
    }

    /// 4, 5. `M'_nij = pi'_nij X'_nj / T'_nij`, less export taxes and summed over importers.
    fn demand(&mut self, economy: &Economy, wedges: &Wedges) {
        let n = economy.countries;
        // As `Point::trade`, field by field.
        let trade = self.nest.as_ref().map_or(&wedges.trade, |nest| &nest.trade);
        wedges.at_gate(trade).transpose_times(&self.spending, &mut self.foreign_demand);
        for j in 0..economy.sectors {
            let (foreign, demand) = (row_mut(&mut self.foreign_demand, n, j), row_mut(&mut self.demand, n, j));
            let (domestic, power) = (row(&trade.domestic, n, j), row(&self.cost_power, n, j));
            let spending = row(&self.spending, n, j);
            for i in 0..n {
                foreign[i] *= power[i];
                demand[i] = foreign[i] + domestic[i] * power[i] * spending[i];
            }
        }
        match &wedges.export {
            None => self.export_tax.fill(0.0),
            Some(taxes) => {
                self.export_tax = taxes.levied(wedges, &self.spending);
                self.export_tax.iter_mut().zip(&self.cost_power).for_each(|(levied, power)| *levied *= power);
            }
        }
    }

    /// 5. `ln Y'_ij = ln sum_n M'_nij / (1 + e_nij)`; the residual is left less right. A sector that sells nothing is always at rest.
    fn goods_market(&self, economy: &Economy, residual: &mut [f64]) {
        let (_, _, ln_sales) = Layout::of(economy).split(&self.unknowns);
        for ((out, demand), sales) in residual.iter_mut().zip(&self.demand).zip(&economy.sales) {
            *out = if *sales > 0.0 { demand / sales } else { 1.0 };
        }
        ln_each(residual);
        residual.iter_mut().zip(ln_sales).for_each(|(out, ln_sales)| *out = ln_sales - *out);
    }

    /// 8, 9. `ln (imports + transfer made) = ln (exports + transfer received)`; the residual is left less right.
    ///
    /// Given conditions 1 to 7 a country's trade balances exactly when its labour market does: the sum of its goods markets, its income
    /// and its spending leave `exports - imports + D = sum gammaL (1 - m) Y' - w wL`. In logs the balance is nearly linear in wages however
    /// small trade is, so Newton's method goes where labour markets, almost closed, would leave it in the dark.
    ///
    /// One balance follows from the rest (Walras); adding to all of them what the numeraire misses by makes the system regular, and zero
    /// only if all of it holds. A country that trades with nobody has its numeraire alone.
    fn trade_balance(&mut self, economy: &Economy, residual: &mut [f64]) {
        let n = economy.countries;
        for country in 0..n {
            self.received[country] = self.deficit[country].max(0.0);
            self.paid[country] = (-self.deficit[country]).max(0.0);
        }
        for j in 0..economy.sectors {
            let (demand, tax) = (row(&self.foreign_demand, n, j), row(&self.export_tax, n, j));
            let (share, spent) = (row(&self.foreign_share, n, j), row(&self.expenditure, n, j));
            let (received, paid) = (&mut self.received[..n], &mut self.paid[..n]);
            for i in 0..n {
                received[i] += demand[i] + tax[i];
                paid[i] += share[i] * spent[i];
            }
        }
        for country in 0..n {
            let numeraire = self.world_income[country] / economy.world_income[country] - 1.0;
            let (paid, received) = (self.paid[country], self.received[country]);
            residual[country] = numeraire + if paid == received { 0.0 } else { (paid / received).ln() };
        }
    }
}

/// A deficit as the same share of own labour income as at the baseline.
pub(crate) fn own_deficit(economy: &Economy, labour_income: &[f64], country: usize) -> f64 {
    ratio(labour_income[country], economy.labour_income[country]) * economy.deficit[country]
}

/// `out_j -= sum_k gamma_kj price_k`, the cost of inputs.
pub(crate) fn subtract_input_costs(economy: &Economy, price: &[f64], out: &mut [f64]) {
    if economy.has_inputs() {
        add_links_transposed(&economy.input_share, economy.countries, -1.0, price, out);
    }
}

/// `out_k += sum_j gamma_kj cost_j`, the use of inputs: the transpose of [`subtract_input_costs`], up to its sign.
pub(crate) fn add_input_use(economy: &Economy, cost: &[f64], out: &mut [f64]) {
    if economy.has_inputs() {
        add_links(&economy.input_share, economy.countries, 1.0, cost, out);
    }
}
