//! What an equilibrium misses its conditions by, computed from its levels alone.
//!
//! The solver works with transformed conditions and fast kernels; this check uses neither. It takes the prices, shares, flows and
//! incomes of the answer and puts them into the conditions as the papers write them, so that a mistake in the kernel cannot hide
//! behind a small residual of its own.

use crate::{
    Economy, Equilibrium,
    kernel::{ratio, sum_of},
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

    pub(crate) fn of(economy: &Economy, equilibrium: &Equilibrium) -> Self {
        let earned = labour_income(economy, equilibrium);
        let markets = || (expenditure(economy, equilibrium), labour_market(economy, equilibrium, &earned));
        let prices = || price_index(economy, equilibrium);
        let apart = equilibrium.flows.len() > CELLS_WORTH_A_THREAD;
        let (price_index, (expenditure, labour_market)) =
            if apart { rayon::join(prices, markets) } else { (prices(), markets()) };
        Self {
            price_index,
            expenditure,
            income: income(economy, equilibrium, &earned),
            labour_market,
            numeraire: numeraire(economy, &earned),
        }
    }
}

/// Cells of the cube of trade above which checking prices beside markets saves more than waking a thread costs.
const CELLS_WORTH_A_THREAD: usize = 1 << 17;

fn gap(left: f64, right: f64, scale: f64) -> f64 {
    let largest = left.abs().max(right.abs()).max(scale);
    if largest == 0.0 { 0.0 } else { (left - right).abs() / largest }
}

fn worst(gaps: impl Iterator<Item = f64>) -> f64 {
    gaps.fold(0.0, |most, gap| if gap.is_nan() { f64::INFINITY } else { most.max(gap) })
}

/// `P = (sum_i pi (kappa c)^-theta)^(-1/theta)`, with `c` rebuilt from wages and prices by condition 1.
fn price_index(economy: &Economy, equilibrium: &Equilibrium) -> f64 {
    let n = economy.countries;
    let mut ln_cost: Vec<f64> = economy
        .value_added_share
        .iter()
        .enumerate()
        .map(|(at, share)| share * equilibrium.wage_hat[at % n].ln())
        .collect();
    let ln_price: Vec<f64> = equilibrium.price_hat.iter().map(|price| price.ln()).collect();
    for (shares, ln_price) in economy.input_share.chunks_exact(ln_cost.len()).zip(ln_price.chunks_exact(n)) {
        for (ln_cost, shares) in ln_cost.chunks_exact_mut(n).zip(shares.chunks_exact(n)) {
            for country in 0..n {
                ln_cost[country] += shares[country] * ln_price[country];
            }
        }
    }
    for (at, cost) in ln_cost.iter_mut().enumerate().filter(|(at, _)| economy.sales[*at] > 0.0) {
        let output = (equilibrium.sales[at] / economy.sales[at]).ln() - *cost;
        *cost -= economy.scale[at / n] * output;
    }
    let (mut most, mut here) = (0.0, vec![0.0; n]);
    for (j, ln_cost) in ln_cost.chunks_exact(n).enumerate() {
        let theta = economy.theta[j];
        let least = ln_cost.iter().fold(f64::INFINITY, |least, cost| least.min(*cost));
        let power: Vec<f64> = ln_cost.iter().map(|cost| (-theta * (cost - least)).exp()).collect();
        let gaps = (0..n).map(|importer| {
            let at = j * n + importer;
            let kappa = &equilibrium.wedges.ln_kappa[at * n..(at + 1) * n];
            let share = economy.share.row(j, importer);
            let against = |ln_price: f64, i: usize| (-theta * (kappa[i] + ln_cost[i] - ln_price)).exp();
            let bought = |i: &usize| share[*i] > 0.0;
            // Where kappa did not move one power serves every importer.
            here.copy_from_slice(&power);
            for (block, kappa) in kappa.chunks(BLOCK).enumerate() {
                // Most blocks are all zero, and that is seen at once.
                if kappa.iter().fold(false, |moved, kappa| moved | (*kappa != 0.0)) {
                    let cells = block * BLOCK..block * BLOCK + kappa.len();
                    cells.filter(bought).for_each(|i| here[i] = against(least, i));
                }
            }
            let sum = sum_of(share, &here, |share, power| share * power);
            if sum > SMALLEST_SUM {
                return (least - sum.ln() / theta - ln_price[at]).abs();
            }
            let sum: f64 = (0..n).filter(bought).map(|i| share[i] * against(ln_price[at], i)).sum();
            if sum > 0.0 { (sum.ln() / theta).abs() } else { 0.0 }
        });
        most = worst(gaps.chain([most]));
    }
    most
}

/// Cells looked at together for whether their trade cost moved.
const BLOCK: usize = 16;
/// Sums of powers below this have lost digits to underflow and are taken again, against the price itself.
const SMALLEST_SUM: f64 = 1e-200;

/// `sum_i T' M' = alpha I' + sum_k gamma (1 - m) Y'`.
fn expenditure(economy: &Economy, equilibrium: &Equilibrium) -> f64 {
    let n = economy.countries;
    let mut used: Vec<f64> =
        economy.final_share.iter().enumerate().map(|(at, share)| share * equilibrium.income[at % n]).collect();
    for (at, share) in economy.input_share.iter().enumerate() {
        let user = at % used.len();
        let input = at / used.len();
        let cost = (1.0 - economy.profit_share[user / n]) * equilibrium.sales[user];
        used[input * n + at % n] += share * cost;
    }
    worst(used.iter().enumerate().map(|(at, used)| {
        let row = at * n..(at + 1) * n;
        let spent =
            sum_of(&equilibrium.flows[row.clone()], &equilibrium.wedges.factor[row], |flow, factor| flow * factor);
        gap(spent, *used, 0.0)
    }))
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
fn income(economy: &Economy, equilibrium: &Equilibrium, labour_income: &[f64]) -> f64 {
    let n = economy.countries;
    let export_taxes = export_taxes(economy, equilibrium);
    worst((0..n).map(|country| {
        let profits: f64 = (country..equilibrium.sales.len())
            .step_by(n)
            .map(|at| economy.profit_share[at / n] * equilibrium.sales[at])
            .sum();
        let taxes = equilibrium.revenue[country] + export_taxes[country];
        let earned = labour_income[country] + profits + taxes + equilibrium.deficit[country];
        gap(earned, equilibrium.income[country], 0.0)
    }))
}

/// `[n]`: `sum e / (1 + e) M'` over what is sold.
fn export_taxes(economy: &Economy, equilibrium: &Equilibrium) -> Vec<f64> {
    let mut revenue = vec![0.0; economy.countries];
    if let Some(taxes) = &equilibrium.wedges.export {
        for (at, (flow, factor)) in equilibrium.flows.iter().zip(&taxes.factor).enumerate() {
            revenue[at % economy.countries] += flow * (factor - 1.0) / factor;
        }
    }
    revenue
}

/// `w L wL = sum_j gammaL (1 - m) sum_n M' / (1 + e)`.
fn labour_market(economy: &Economy, equilibrium: &Equilibrium, labour_income: &[f64]) -> f64 {
    let n = economy.countries;
    let mut sold = vec![0.0; economy.sales.len()];
    let at_gate = equilibrium.wedges.export.as_ref().map(|taxes| {
        let flows = equilibrium.flows.iter().zip(&taxes.factor);
        flows.map(|(flow, factor)| flow / factor).collect::<Vec<f64>>()
    });
    let flows = at_gate.as_ref().unwrap_or(&equilibrium.flows);
    for (sold, flows) in sold.chunks_exact_mut(n).zip(flows.chunks_exact(n * n)) {
        for flows in flows.chunks_exact(n) {
            sold.iter_mut().zip(flows).for_each(|(sold, flow)| *sold += flow);
        }
    }
    worst((0..n).map(|country| {
        let paid: f64 = (country..sold.len())
            .step_by(n)
            .map(|at| economy.value_added_share[at] * (1.0 - economy.profit_share[at / n]) * sold[at])
            .sum();
        (ratio(paid, labour_income[country]) - 1.0).abs()
    }))
}
