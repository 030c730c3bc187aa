//! What a government weighs: the income of each sector, times the political weight of those who earn it (Ossa 2014).
//!
//! `G_n = [ sum_j lambda_nj (VA_nj + profits_nj + s_nj R_n) ] / P_n`, with `VA = gammaL (1 - m) Y`, `profits = m Y`, `s_nj` the share of
//! sector `j` in `n`'s value added and `R_n` all that the government hands out, income less value added, profits and deficit. Without
//! intermediate goods `VA + profits` is sales and `s` the sector's share of the work force: the paper's definition. With every weight
//! one, `G_n = (I_n - D_n) / P_n`, welfare up to the deficit.

use crate::Economy;

/// The levels that a government's aim is made of, at one equilibrium.
pub(crate) struct Accounts<'a> {
    /// Y, `[j, n]`.
    pub sales: &'a [f64],
    /// I, `[n]`.
    pub income: &'a [f64],
    /// D, `[n]`.
    pub deficit: &'a [f64],
}

/// The weighted income of one country, `G_n P_n`, and its derivative.
pub(crate) struct WeightedIncome {
    /// `G_n P_n`.
    pub value: f64,
    /// `[j]`: with respect to the sales of each sector.
    pub sales: Vec<f64>,
    /// With respect to income; that with respect to the deficit is its negative.
    pub income: f64,
    /// `[j]`: with respect to the profit share of each sector, at given sales.
    pub profit_share: Vec<f64>,
}

impl WeightedIncome {
    pub(crate) fn new(economy: &Economy, accounts: &Accounts, country: usize) -> Self {
        let place = |j: usize| j * economy.countries + country;
        let weight = |j: usize| economy.political_weight.as_ref().map_or(1.0, |weights| weights[place(j)]);
        // Value added and all income per unit of sales.
        let value_added = |j: usize| economy.value_added_share[place(j)] * (1.0 - economy.profit_share[j]);
        let earned = |j: usize| value_added(j) + economy.profit_share[j];
        let total = |per_sale: &dyn Fn(usize) -> f64| -> f64 {
            (0..economy.sectors).map(|j| per_sale(j) * accounts.sales[place(j)]).sum()
        };
        let all_value_added = total(&value_added);
        let handed_out = accounts.income[country] - accounts.deficit[country] - total(&earned);
        let mean = total(&|j| weight(j) * value_added(j)) / all_value_added;
        // What a unit of income in sector j adds beyond what a unit handed out to all does.
        let favour = |j: usize| weight(j) - mean;
        let per_worker = handed_out / all_value_added;
        let sales = (0..economy.sectors).map(|j| favour(j) * (earned(j) + per_worker * value_added(j))).collect();
        let profit_share = (0..economy.sectors).map(|j| {
            let share = economy.value_added_share[place(j)];
            favour(j) * accounts.sales[place(j)] * (1.0 - share - per_worker * share)
        });
        Self {
            value: total(&|j| weight(j) * earned(j)) + mean * handed_out,
            sales,
            income: mean,
            profit_share: profit_share.collect(),
        }
    }
}

impl Economy {
    /// The baseline's own accounts.
    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts { sales: &self.sales, income: &self.income, deficit: &self.deficit }
    }
}
