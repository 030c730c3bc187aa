//! What an equilibrium means for people: who gains, by how much, and through what.

use ndarray::{Array2, Array3};

use crate::{
    Economy, Equilibrium, FirstOrder,
    economy::{cube, panel},
    government::WeightedIncome,
    kernel::ratio,
    verify::unit_costs,
};

/// A country under a policy, compared with the baseline. Percentages are 100 (new / old - 1).
///
/// Values are in the world's unit, with world labour income as the numeraire: what is not a ratio of prices says how a country's
/// dollars compare with the world's average wage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountryOutcome {
    /// Real income, `I_hat / prod_j P_hat^alpha`, exact.
    pub welfare_pct: f64,
    /// Equivalent variation, `(W_hat - 1) I`: what the change is worth at baseline prices.
    pub welfare_value: f64,
    /// `w_hat / prod_j P_hat^alpha`.
    pub real_wage_pct: f64,
    /// Export over import prices, both at the border, before tariff, and weighted by baseline trade (geometric).
    pub terms_of_trade_pct: f64,
    /// Value of exports.
    pub exports_pct: f64,
    /// Value of imports before tariff.
    pub imports_pct: f64,
    /// L_hat, `(w_hat / prod_j P_hat^alpha)^kappa_L`: employment. One where labour supply is fixed.
    pub labour_hat: f64,
    /// w_hat.
    pub wage_hat: f64,
    /// `prod_j P_hat^alpha`, the consumer price index.
    pub price_hat: f64,
    /// I_hat.
    pub income_hat: f64,
    /// What the government weighs, `G`: incomes by sector times political weights (see [`Aim::Government`](crate::Aim::Government)).
    /// `None` in a world without political weights, where it would be welfare up to the deficit.
    pub government_welfare_pct: Option<f64>,
    /// R, before.
    pub tariff_revenue_before: f64,
    /// R', after.
    pub tariff_revenue: f64,
    /// E', revenue of export taxes; before there was none.
    pub export_tax_revenue: f64,
    /// The first-order formula of the literature, beside the exact change.
    pub first_order: FirstOrder,
}

/// Everything a policy does, against the baseline.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// By country, `[n]`.
    pub countries: Vec<CountryOutcome>,
    /// M, `[n, i, j]`, before: value before tariff.
    pub flows_before: Array3<f64>,
    /// M', `[n, i, j]`, after.
    pub flows: Array3<f64>,
    /// Y, `[n, j]`, before.
    pub sales_before: Array2<f64>,
    /// Y', `[n, j]`, after.
    pub sales: Array2<f64>,
    /// Quantity of output, `[n, j]`, new / old: `Y_hat / c_hat`. One where nothing was made.
    pub output_hat: Array2<f64>,
    /// Employment, `[n, j]`, new / old: `gammaL (1 - m) Y' / w` over the same before. One where nothing was made.
    pub employment_hat: Array2<f64>,
    /// P_hat, `[n, j]`: purchaser prices.
    pub price_hat: Array2<f64>,
}

impl Outcome {
    /// Compares an equilibrium with the baseline of its economy.
    pub fn new(economy: &Economy, equilibrium: &Equilibrium) -> Self {
        let (n, j) = (economy.countries, economy.sectors);
        let flows_before = baseline_flows(economy);
        let at_old_rates = economy
            .nest
            .as_ref()
            .map(|nest| nest.at_old_rates(&nest.levels(equilibrium, &unit_costs(economy, equilibrium))));
        let of = |country| country_outcome(economy, equilibrium, &flows_before, at_old_rates.as_deref(), country);
        let change = |at: usize, over: f64| {
            if economy.sales[at] > 0.0 { equilibrium.sales[at] / economy.sales[at] / over } else { 1.0 }
        };
        let output: Vec<f64> = (0..n * j).map(|at| change(at, equilibrium.cost_hat[at])).collect();
        let employment: Vec<f64> = (0..n * j).map(|at| change(at, equilibrium.wage_hat[at % n])).collect();
        Self {
            countries: (0..n).map(of).collect(),
            flows: cube(equilibrium.flow_cube(), n, j),
            flows_before: cube(&flows_before, n, j),
            sales_before: panel(&economy.sales, n, j),
            sales: panel(&equilibrium.sales, n, j),
            output_hat: panel(&output, n, j),
            employment_hat: panel(&employment, n, j),
            price_hat: panel(&equilibrium.price_hat, n, j),
        }
    }
}

/// M, `[j, n, i]`.
pub(crate) fn baseline_flows(economy: &Economy) -> Vec<f64> {
    let n = economy.countries;
    (economy.share.as_slice().iter().zip(&economy.factor).enumerate())
        .map(|(at, (share, factor))| share * economy.expenditure[at / n] / factor)
        .collect()
}

fn country_outcome(
    economy: &Economy,
    equilibrium: &Equilibrium,
    before: &[f64],
    at_old_rates: Option<&[f64]>,
    country: usize,
) -> CountryOutcome {
    let n = economy.countries;
    let ln_price: f64 = (country..economy.final_share.len())
        .step_by(n)
        .map(|at| economy.final_share[at] * equilibrium.price_hat[at].ln())
        .sum();
    let price_hat = ln_price.exp();
    let income_hat = equilibrium.income[country] / economy.income[country];
    let wage_hat = equilibrium.wage_hat[country];
    let welfare = (income_hat.ln() - ln_price).exp_m1();
    let (exports_before, imports_before) = trade(before, n, country);
    let (exports, imports) = trade(equilibrium.flow_cube(), n, country);
    CountryOutcome {
        welfare_pct: 100.0 * welfare,
        welfare_value: welfare * economy.income[country],
        real_wage_pct: 100.0 * (wage_hat.ln() - ln_price).exp_m1(),
        terms_of_trade_pct: 100.0 * terms_of_trade(economy, equilibrium, before, country).exp_m1(),
        exports_pct: percent(exports, exports_before),
        imports_pct: percent(imports, imports_before),
        labour_hat: (economy.labour_supply * (wage_hat.ln() - ln_price)).exp(),
        wage_hat,
        price_hat,
        income_hat,
        government_welfare_pct: economy.political_weight.is_some().then(|| {
            let weighed = |accounts| WeightedIncome::new(economy, &accounts, country).value;
            100.0 * (weighed(equilibrium.accounts()) / weighed(economy.accounts()) / price_hat - 1.0)
        }),
        tariff_revenue_before: revenue(economy, before, country),
        tariff_revenue: equilibrium.revenue[country],
        export_tax_revenue: equilibrium.export_revenue[country],
        first_order: FirstOrder::of(economy, equilibrium, before, at_old_rates, country),
    }
}

/// 100 (new / old - 1), or zero where there was nothing: a country that trades with nobody goes on doing so.
fn percent(new: f64, old: f64) -> f64 {
    if old == 0.0 { 0.0 } else { 100.0 * (new / old - 1.0) }
}

/// The cells `[j, n, i]` of a country's trade with others: (flat index, its partner, whether it exports, the seller's `[j, n]`).
pub(crate) struct Cell {
    pub at: usize,
    pub exports: bool,
    pub seller: usize,
}

/// Every foreign cell of a country, exports and imports.
pub(crate) fn foreign_cells(n: usize, sectors: usize, country: usize) -> impl Iterator<Item = Cell> {
    (0..sectors).flat_map(move |j| {
        (0..n).filter(move |partner| *partner != country).flat_map(move |partner| {
            let sold = Cell { at: (j * n + partner) * n + country, exports: true, seller: j * n + country };
            let bought = Cell { at: (j * n + country) * n + partner, exports: false, seller: j * n + partner };
            [sold, bought]
        })
    })
}

/// Total exports and imports, before tariff.
pub(crate) fn trade(flows: &[f64], n: usize, country: usize) -> (f64, f64) {
    foreign_cells(n, flows.len() / (n * n), country).fold((0.0, 0.0), |(exports, imports), cell| {
        if cell.exports { (exports + flows[cell.at], imports) } else { (exports, imports + flows[cell.at]) }
    })
}

/// ln of export prices less ln of import prices, each weighted by baseline flows.
fn terms_of_trade(economy: &Economy, equilibrium: &Equilibrium, before: &[f64], country: usize) -> f64 {
    let (exports, imports) = trade(before, economy.countries, country);
    foreign_cells(economy.countries, economy.sectors, country)
        .map(|cell| {
            let ln_price = (equilibrium.cost_hat[cell.seller] * equilibrium.wedges.export_factor(cell.at)).ln();
            let total = if cell.exports { exports } else { -imports };
            ratio(before[cell.at] * ln_price, total)
        })
        .sum()
}

/// R, before.
fn revenue(economy: &Economy, before: &[f64], country: usize) -> f64 {
    let n = economy.countries;
    let bought = (0..economy.sectors).flat_map(|j| (j * n + country) * n..(j * n + country + 1) * n);
    bought.map(|at| (economy.factor[at] - 1.0) * before[at]).sum()
}
