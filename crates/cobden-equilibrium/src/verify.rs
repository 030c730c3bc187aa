//! What an equilibrium misses its conditions by, computed from its levels alone.
//!
//! The solver works with transformed conditions and fast kernels; this check uses neither. It takes the prices, shares, flows and
//! incomes of the answer and puts them into the conditions as the papers write them, so that a mistake in the kernel cannot hide
//! behind a small residual of its own.

use crate::{
    Economy, Equilibrium,
    flows::Totals,
    kernel::{ratio, sum_of, vectorised},
};

/// The largest relative gap in each equilibrium condition (numbers as in [`crate`]).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Residuals {
    /// 3. Price index.
    pub price_index: f64,
    /// 6. Expenditure: final plus intermediate use against what is spent on all origins.
    pub expenditure: f64,
    /// 7. Income: labour, profits, revenue and deficit against final expenditure.
    pub income: f64,
    /// 8. Labour market, all of them: the redundant one is Walras' law.
    pub labour_market: f64,
    /// 9. Numeraire: world labour income is what it was.
    pub numeraire: f64,
}

impl Residuals {
    /// The largest of them. NaN counts as infinite.
    pub fn max(&self) -> f64 {
        let all = [self.price_index, self.expenditure, self.income, self.labour_market, self.numeraire];
        all.iter().fold(0.0, |most: f64, r| if r.is_nan() { f64::INFINITY } else { most.max(*r) })
    }

    /// What an answer misses by, and what its flows add up to.
    pub(crate) fn of(economy: &Economy, equilibrium: &Equilibrium) -> (Self, Totals) {
        let ln_cost = unit_costs(economy, equilibrium);
        let (totals, price_index) = match &economy.nest {
            Some(nest) => nest.totals(economy, equilibrium, &ln_cost),
            None => (Totals::of(economy, equilibrium), price_index(economy, equilibrium, &ln_cost)),
        };
        let earned = labour_income(economy, equilibrium);
        let residuals = Self {
            price_index,
            expenditure: expenditure(economy, equilibrium, &totals),
            income: income(economy, equilibrium, &totals, &earned),
            labour_market: labour_market(economy, &totals, &earned),
            numeraire: numeraire(economy, &earned),
        };
        (residuals, totals)
    }
}

fn gap(left: f64, right: f64, scale: f64) -> f64 {
    let largest = left.abs().max(right.abs()).max(scale);
    if largest == 0.0 { 0.0 } else { (left - right).abs() / largest }
}

fn worst(gaps: impl Iterator<Item = f64>) -> f64 {
    gaps.fold(0.0, |most, gap| if gap.is_nan() { f64::INFINITY } else { most.max(gap) })
}

/// ln c, `[j, n]`, rebuilt from wages and prices by condition 1.
pub(crate) fn unit_costs(economy: &Economy, equilibrium: &Equilibrium) -> Vec<f64> {
    let n = economy.countries;
    let ln_wage: Vec<f64> = equilibrium.wage_hat.iter().map(|wage| wage.ln()).collect();
    let mut ln_cost = economy.value_added_share.clone();
    for ln_cost in ln_cost.chunks_exact_mut(n) {
        ln_cost.iter_mut().zip(&ln_wage).for_each(|(share, ln_wage)| *share *= ln_wage);
    }
    let ln_price: Vec<f64> = equilibrium.price_hat.iter().map(|price| price.ln()).collect();
    for (shares, ln_price) in economy.input_share.chunks_exact(ln_cost.len()).zip(ln_price.chunks_exact(n)) {
        for (ln_cost, shares) in ln_cost.chunks_exact_mut(n).zip(shares.chunks_exact(n)) {
            for country in 0..n {
                ln_cost[country] += shares[country] * ln_price[country];
            }
        }
    }
    let grows = |at: usize| economy.scale[at / n] > 0.0 && economy.sales[at] > 0.0;
    for (at, cost) in ln_cost.iter_mut().enumerate().filter(|(at, _)| grows(*at)) {
        let output = (equilibrium.sales[at] / economy.sales[at]).ln() - *cost;
        *cost -= economy.scale[at / n] * output;
    }
    ln_cost
}

/// `P = (sum_i pi (kappa c)^-theta)^(-1/theta)`.
fn price_index(economy: &Economy, equilibrium: &Equilibrium, ln_cost: &[f64]) -> f64 {
    let n = economy.countries;
    let (mut most, mut power, mut here) = (0.0, vec![0.0; n], vec![0.0; n]);
    for (j, ln_cost) in ln_cost.chunks_exact(n).enumerate() {
        let theta = economy.theta[j];
        let least = ln_cost.iter().fold(f64::INFINITY, |least, cost| least.min(*cost));
        power.iter_mut().zip(ln_cost).for_each(|(power, cost)| *power = (-theta * (cost - least)).exp());
        let gaps = (0..n).map(|importer| {
            let at = j * n + importer;
            let ln_price = equilibrium.price_hat[at].ln();
            let (share, kappa) = (economy.share.row(j, importer), &equilibrium.wedges.ln_kappa[at * n..(at + 1) * n]);
            let against = |ln_price: f64, i: usize| (-theta * (kappa[i] + ln_cost[i] - ln_price)).exp();
            let sum = sum_where_moved(share, &power, kappa, &mut here, |i| against(least, i));
            if sum > SMALLEST_SUM {
                return (least - sum.ln() / theta - ln_price).abs();
            }
            let bought = (0..n).filter(|i| share[*i] > 0.0);
            let sum: f64 = bought.map(|i| share[i] * against(ln_price, i)).sum();
            if sum > 0.0 { (sum.ln() / theta).abs() } else { 0.0 }
        });
        most = worst(gaps.chain([most]));
    }
    most
}

/// `sum share power`, where one power serves every importer as long as its trade cost did not move; `moved` makes the others. `here` is room.
fn sum_where_moved(share: &[f64], power: &[f64], kappa: &[f64], here: &mut [f64], moved: impl Fn(usize) -> f64) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            here.copy_from_slice(power);
            for (block, kappa) in kappa.chunks(BLOCK).enumerate() {
                // Most blocks are all zero, and that is seen at once.
                if kappa.iter().fold(false, |any, kappa| any | (*kappa != 0.0)) {
                    let cells = (block * BLOCK..).zip(kappa).filter(|(i, kappa)| **kappa != 0.0 && share[*i] > 0.0);
                    cells.for_each(|(i, _)| here[i] = moved(i));
                }
            }
            sum_of(share, here, |share, power| share * power)
        },
    )
}

/// Cells looked at together for whether their trade cost moved.
const BLOCK: usize = 16;
/// Sums of powers below this have lost digits to underflow and are taken again, against the price itself.
const SMALLEST_SUM: f64 = 1e-200;

/// `sum_i T' M' = alpha I' + sum_k gamma (1 - m) Y'`.
fn expenditure(economy: &Economy, equilibrium: &Equilibrium, totals: &Totals) -> f64 {
    let n = economy.countries;
    let mut used = economy.final_share.clone();
    for used in used.chunks_exact_mut(n) {
        used.iter_mut().zip(&equilibrium.income).for_each(|(share, income)| *share *= income);
    }
    for (at, share) in economy.input_share.iter().enumerate() {
        let user = at % used.len();
        let input = at / used.len();
        let cost = (1.0 - economy.profit_share[user / n]) * equilibrium.sales[user];
        used[input * n + at % n] += share * cost;
    }
    worst(used.iter().zip(&totals.spent).map(|(used, spent)| gap(*spent, *used, 0.0)))
}

/// `w L wL` with `L = (w / prod P^alpha)^kappa_L`.
fn labour_income(economy: &Economy, equilibrium: &Equilibrium) -> Vec<f64> {
    let mut labour = vec![1.0; economy.countries];
    for (country, labour) in labour.iter_mut().enumerate().filter(|_| economy.labour_supply > 0.0) {
        for at in (country..economy.final_share.len()).step_by(economy.countries) {
            *labour *= equilibrium.price_hat[at].powf(economy.final_share[at]);
        }
        *labour = (equilibrium.wage_hat[country] / *labour).powf(economy.labour_supply);
    }
    let levels = economy.labour_income.iter().zip(&equilibrium.wage_hat).zip(labour);
    levels.map(|((before, wage), labour)| before * wage * labour).collect()
}

/// `sum w L wL = sum wL` in every component.
fn numeraire(economy: &Economy, earned: &[f64]) -> f64 {
    worst((0..economy.countries).map(|root| {
        let members = || (0..economy.countries).filter(|n| economy.component[*n] == root);
        let (new, old): (f64, f64) =
            (members().map(|n| earned[n]).sum(), members().map(|n| economy.labour_income[n]).sum());
        gap(new, old, 0.0)
    }))
}

/// `I' = w L wL + sum m Y' + sum tau' M' + sum e / (1 + e) M' + D'`.
fn income(economy: &Economy, equilibrium: &Equilibrium, totals: &Totals, labour_income: &[f64]) -> f64 {
    let n = economy.countries;
    worst((0..n).map(|country| {
        let profits: f64 = (country..equilibrium.sales.len())
            .step_by(n)
            .map(|at| economy.profit_share[at / n] * equilibrium.sales[at])
            .sum();
        let taxes = totals.revenue[country] + totals.export_revenue[country];
        let earned = labour_income[country] + profits + taxes + equilibrium.deficit[country];
        gap(earned, equilibrium.income[country], 0.0)
    }))
}

/// `w L wL = sum_j gammaL (1 - m) sum_n M' / (1 + e)`.
fn labour_market(economy: &Economy, totals: &Totals, labour_income: &[f64]) -> f64 {
    let n = economy.countries;
    worst((0..n).map(|country| {
        let paid: f64 = (country..totals.sold.len())
            .step_by(n)
            .map(|at| economy.value_added_share[at] * (1.0 - economy.profit_share[at / n]) * totals.sold[at])
            .sum();
        (ratio(paid, labour_income[country]) - 1.0).abs()
    }))
}
