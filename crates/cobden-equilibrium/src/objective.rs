//! What a government wants, as something that has a derivative.

use crate::{
    Economy, Equilibrium,
    adjoint::Bars,
    conditions::Point,
    government::{Accounts, WeightedIncome},
    kernel::ratio,
    outcome::trade,
    policy::Wedges,
    worths::Worths,
};

/// One aim, a smooth function of an equilibrium. Countries and sectors are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// ln of welfare, `ln (I_hat / prod P_hat^alpha)` of a country: 0.01 is one per cent of real income.
    Welfare(usize),
    /// ln of the real wage, `ln (w_hat / prod P_hat^alpha)` of a country.
    RealWage(usize),
    /// Tariff revenue of a country, in the world's unit.
    Revenue(usize),
    /// ln of what a government weighs, `ln G_hat` of a country (Ossa 2014):
    /// `G = [ sum_j lambda_j (value added_j + profits_j + s_j R) ] / prod P^alpha`, `lambda` the world's political weights (1 if it has
    /// none), `s_j` the sector's share of value added, `R` what the government hands out. Without intermediate goods value added and
    /// profits are sales. With all weights one it is welfare up to the deficit.
    Government(usize),
    /// ln of the consumer price index, `ln prod P_hat^alpha` of a country, world labour income being the numeraire.
    PriceIndex(usize),
    /// Exports of a country before tariff, in the world's unit.
    Exports(usize),
    /// Imports of a country before tariff, in the world's unit.
    Imports(usize),
    /// Imports of a country from another before tariff, over all sectors, in the world's unit: `ImportsFrom(n, i)`. A bilateral balance is
    /// the difference of two.
    ImportsFrom(usize, usize),
    /// Exports less imports of a country, before tariff, in the world's unit. It follows the closure: with deficits fixed it does not
    /// move at all.
    TradeBalance(usize),
    /// ln of output, `ln (Y_hat / c_hat)`, of a country and a sector.
    Output(usize, usize),
    /// ln of employment, `ln (Y_hat / w_hat)`, of a country and a sector.
    Employment(usize, usize),
}

/// A weighted sum of aims.
///
/// ```
/// use cobden_equilibrium::{Aim, Objective};
/// let both = Objective::from(Aim::Welfare(0)).and(0.5, Aim::Welfare(1));
/// assert_eq!(both.terms().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objective {
    terms: Vec<(f64, Aim)>,
}

impl From<Aim> for Objective {
    fn from(aim: Aim) -> Self {
        Self { terms: vec![(1.0, aim)] }
    }
}

impl Objective {
    /// The same, and `weight` times one more aim.
    #[must_use]
    pub fn and(mut self, weight: f64, aim: Aim) -> Self {
        self.terms.push((weight, aim));
        self
    }

    /// The weights and aims.
    pub fn terms(&self) -> &[(f64, Aim)] {
        &self.terms
    }

    /// Whether every country and sector it names exists.
    pub(crate) fn fits(&self, economy: &Economy) -> bool {
        self.terms.iter().all(|(_, aim)| match *aim {
            Aim::Welfare(n)
            | Aim::RealWage(n)
            | Aim::Revenue(n)
            | Aim::Government(n)
            | Aim::PriceIndex(n)
            | Aim::Exports(n)
            | Aim::Imports(n)
            | Aim::TradeBalance(n) => n < economy.countries,
            Aim::ImportsFrom(n, i) => n < economy.countries && i < economy.countries,
            Aim::Output(n, j) | Aim::Employment(n, j) => n < economy.countries && j < economy.sectors,
        })
    }

    /// Its value at an equilibrium. Zero for aims at sectors that make nothing.
    pub fn value(&self, economy: &Economy, equilibrium: &Equilibrium) -> f64 {
        self.terms.iter().map(|(weight, aim)| weight * value(economy, equilibrium, *aim)).sum()
    }

    /// Adds its derivative with respect to the baseline's objects, the policy's equilibrium given, to their worths.
    pub(crate) fn seed_baseline(&self, economy: &Economy, point: &Point, worths: &mut Worths) {
        for (weight, aim) in &self.terms {
            seed_baseline(economy, point, *weight, *aim, worths);
        }
    }

    /// Adds its derivative with respect to everything that it depends on.
    pub(crate) fn seed(&self, economy: &Economy, wedges: &Wedges, point: &Point, bars: &mut Bars) {
        for (weight, aim) in &self.terms {
            seed(economy, wedges, point, *weight, *aim, bars);
        }
    }

    /// Adds to the worths of each cell's tariff factor and trade cost, `[j, n, i]`, what it says of the cell itself, prices and spending
    /// aside: `d ln M' = -theta d ln kappa - d ln T'`.
    pub(crate) fn seed_policy(
        &self,
        economy: &Economy,
        wedges: &Wedges,
        point: &Point,
        mut add: impl FnMut(usize, f64, f64),
    ) {
        for (weight, aim) in &self.terms {
            if let Aim::ImportsFrom(n, i) = *aim {
                for cell in pair(economy, wedges, point, n, i) {
                    let substituted = weight * economy.theta[cell.sector] * cell.flow;
                    add(cell.at, -(substituted + weight * cell.flow), -substituted);
                }
            }
        }
    }
}

/// The places `[j, n]` of a country.
fn of_country(economy: &Economy, country: usize) -> impl Iterator<Item = usize> {
    (country..economy.sales.len()).step_by(economy.countries)
}

fn value(economy: &Economy, equilibrium: &Equilibrium, aim: Aim) -> f64 {
    let ln_price = |country: usize| -> f64 {
        of_country(economy, country).map(|at| economy.final_share[at] * equilibrium.price_hat[at].ln()).sum()
    };
    let made = |n: usize, j: usize| j * economy.countries + n;
    let ln_sales =
        |at: usize| if economy.sales[at] > 0.0 { (equilibrium.sales[at] / economy.sales[at]).ln() } else { 0.0 };
    match aim {
        Aim::Welfare(n) => (equilibrium.income[n] / economy.income[n]).ln() - ln_price(n),
        Aim::RealWage(n) => equilibrium.wage_hat[n].ln() - ln_price(n),
        Aim::Revenue(n) => equilibrium.revenue[n],
        Aim::Government(n) => {
            let weighed = |accounts| WeightedIncome::new(economy, &accounts, n).value;
            (weighed(equilibrium.accounts()) / weighed(economy.accounts())).ln() - ln_price(n)
        }
        Aim::PriceIndex(n) => ln_price(n),
        Aim::Exports(n) => trade(equilibrium.flow_cube(), economy.countries, n).0,
        Aim::Imports(n) => trade(equilibrium.flow_cube(), economy.countries, n).1,
        Aim::ImportsFrom(n, i) => {
            let pairs = equilibrium.flow_cube().iter().skip(n * economy.countries + i);
            pairs.step_by(economy.countries * economy.countries).sum()
        }
        Aim::TradeBalance(n) => {
            let (exports, imports) = trade(equilibrium.flow_cube(), economy.countries, n);
            exports - imports
        }
        Aim::Output(n, j) if economy.sales[made(n, j)] > 0.0 => {
            ln_sales(made(n, j)) - equilibrium.cost_hat[made(n, j)].ln()
        }
        Aim::Employment(n, j) if economy.sales[made(n, j)] > 0.0 => ln_sales(made(n, j)) - equilibrium.wage_hat[n].ln(),
        Aim::Output(..) | Aim::Employment(..) => 0.0,
    }
}

/// What one country buys from another in one sector.
struct Bought {
    sector: usize,
    /// `[j, n, i]`.
    at: usize,
    /// M'.
    flow: f64,
}

/// What `n` buys from `i`, by sector.
fn pair<'a>(
    economy: &'a Economy,
    wedges: &'a Wedges,
    point: &'a Point,
    n: usize,
    i: usize,
) -> impl Iterator<Item = Bought> + 'a {
    (0..economy.sectors).map(move |sector| {
        let (buyer, seller) = (sector * economy.countries + n, sector * economy.countries + i);
        let net = if n == i { wedges.trade.domestic[buyer] } else { wedges.trade.foreign.row(sector, n)[i] };
        let flow = net * point.cost_power[seller] * point.spending[buyer];
        Bought { sector, at: buyer * economy.countries + i, flow }
    })
}

fn seed(economy: &Economy, wedges: &Wedges, point: &Point, weight: f64, aim: Aim, bars: &mut Bars) {
    let prices = |bars: &mut Bars, n: usize, worth: f64| {
        for at in of_country(economy, n) {
            bars.price[at] += worth * economy.final_share[at];
        }
    };
    match aim {
        Aim::Welfare(n) => {
            bars.income[n] += weight / point.income[n];
            prices(bars, n, -weight);
        }
        Aim::RealWage(n) => {
            bars.wage[n] += weight;
            prices(bars, n, -weight);
        }
        // R = sum_j rho X, X = alpha I + intermediate use.
        Aim::Revenue(n) => {
            for at in of_country(economy, n).filter(|at| point.price_power[*at] > 0.0) {
                let tariff_share = 1.0 - point.net_share[at];
                bars.tariff_share[at] += weight * point.expenditure[at];
                bars.income[n] += weight * tariff_share * economy.final_share[at];
                bars.intermediate[at] += weight * tariff_share;
            }
        }
        Aim::Government(n) => {
            let accounts = Accounts { sales: &point.sales, income: &point.income, deficit: &point.deficit };
            let weighed = WeightedIncome::new(economy, &accounts, n);
            let worth = weight / weighed.value;
            for (at, slope) in of_country(economy, n).zip(&weighed.sales) {
                bars.sales[at] += worth * slope * point.sales[at];
            }
            bars.income[n] += worth * weighed.income;
            bars.deficit[n] -= worth * weighed.income;
            prices(bars, n, -weight);
        }
        Aim::PriceIndex(n) => prices(bars, n, weight),
        Aim::Exports(n) => bars.exports[n] += weight,
        Aim::Imports(n) => bars.imports[n] += weight,
        // M' = pi' X / T', pi' falling with the seller's price over the buyer's index.
        Aim::ImportsFrom(n, i) => {
            for cell in pair(economy, wedges, point, n, i) {
                let (buyer, seller) = (cell.at / economy.countries, cell.sector * economy.countries + i);
                let substituted = weight * economy.theta[cell.sector] * cell.flow;
                let spent = weight * ratio(cell.flow, point.expenditure[buyer]);
                bars.cost[seller] -= substituted;
                bars.price[buyer] += substituted;
                bars.income[n] += spent * economy.final_share[buyer];
                bars.intermediate[buyer] += spent;
            }
        }
        Aim::TradeBalance(n) => {
            bars.exports[n] += weight;
            bars.imports[n] -= weight;
        }
        Aim::Output(n, j) | Aim::Employment(n, j) => {
            let at = j * economy.countries + n;
            if economy.sales[at] > 0.0 {
                bars.sales[at] += weight;
                match aim {
                    Aim::Output(..) => bars.cost[at] -= weight,
                    _ => bars.wage[n] -= weight,
                }
            }
        }
    }
}

fn seed_baseline(economy: &Economy, point: &Point, weight: f64, aim: Aim, worths: &mut Worths) {
    let prices = |worths: &mut Worths, n: usize, worth: f64| {
        for at in of_country(economy, n) {
            worths.final_share[at] += worth * point.ln_price[at];
        }
    };
    match aim {
        Aim::Welfare(n) => {
            worths.income[n] -= weight / economy.income[n];
            prices(worths, n, -weight);
        }
        Aim::RealWage(n) => prices(worths, n, -weight),
        Aim::PriceIndex(n) => prices(worths, n, weight),
        Aim::Government(n) => {
            let now = Accounts { sales: &point.sales, income: &point.income, deficit: &point.deficit };
            for (accounts, sign) in [(now, 1.0), (economy.accounts(), -1.0)] {
                let weighed = WeightedIncome::new(economy, &accounts, n);
                let worth = sign * weight / weighed.value;
                for (j, at) in of_country(economy, n).enumerate() {
                    worths.ln_sales[at] += worth * weighed.sales[j] * accounts.sales[at];
                    worths.profit_share[j] += worth * weighed.profit_share[j];
                }
                // Income and deficit of the policy follow from the conditions.
                if sign < 0.0 {
                    worths.income[n] += worth * weighed.income;
                    worths.deficit[n] -= worth * weighed.income;
                }
            }
            prices(worths, n, -weight);
        }
        // Changes of sectors and levels of trade are all the policy's.
        Aim::Revenue(_)
        | Aim::Exports(_)
        | Aim::Imports(_)
        | Aim::ImportsFrom(..)
        | Aim::TradeBalance(_)
        | Aim::Output(..)
        | Aim::Employment(..) => {}
    }
}
