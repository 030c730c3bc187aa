//! The accounts of a world: do expenditure and use, sales and cost, income and spending agree, and if not, where?

use ndarray::{Array1, Array2, Array3, Axis};

use crate::{Names, Problem, World};

/// The social accounts behind a world, with the defaults for tables it does not hold.
///
/// Three identities hold in a balanced world, for every country `n`:
///
/// - row `k`: `sum_j Z_nkj + F_nk = X_nk`, what is used of a good is what is spent on it (purchaser prices);
/// - column `j`: `sum_k Z_nkj + VA_nj = Y_nj`, what making a good costs is what it sells for (basic prices);
/// - income: `sum_k F_nk = sum_j VA_nj + R_n + D_n`, final demand is paid from factor income, tariffs and the deficit.
///
/// The third follows from the first two, because `sum_k X_nk - sum_j Y_nj = R_n + D_n`.
#[derive(Clone, Debug, PartialEq)]
pub struct Accounts {
    /// Countries, `N`.
    pub countries: Names,
    /// Sectors, `J`.
    pub sectors: Names,
    /// X, `[n, k]`: expenditure at purchaser prices, `sum_i (1 + tau) M`.
    pub expenditure: Array2<f64>,
    /// Y, `[n, j]`: sales at basic prices, `sum_n M`.
    pub sales: Array2<f64>,
    /// Z, `[n, k, j]`: purchases of input `k` by sector `j`; zero where the world has no intermediate goods.
    pub inputs: Array3<f64>,
    /// VA, `[n, j]`: value added; by default sales less inputs.
    pub value_added: Array2<f64>,
    /// F, `[n, k]`: final demand; by default expenditure less intermediate use.
    pub final_demand: Array2<f64>,
    /// R, `[n]`: tariff revenue.
    pub tariff_revenue: Array1<f64>,
    /// D, `[n]`: trade deficit before tariffs.
    pub deficits: Array1<f64>,
}

/// Which identity of [`Accounts`] an [`Imbalance`] violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// Intermediate use plus final demand against expenditure.
    Use,
    /// Inputs plus value added against sales.
    Cost,
    /// Final demand against value added, tariff revenue and deficit.
    Income,
}

/// Two sides of one account that differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Imbalance {
    /// Which identity.
    pub identity: Identity,
    /// The country.
    pub country: String,
    /// The sector; `None` for the income of the whole country.
    pub sector: Option<String>,
    /// Use, cost or final demand: what the optional tables say.
    pub left: f64,
    /// Expenditure, sales or income: what the flows say.
    pub right: f64,
}

impl Imbalance {
    /// `left - right`, in the unit of the world.
    pub fn difference(&self) -> f64 {
        self.left - self.right
    }

    /// `|left - right| / max(|left|, |right|)`, between 0 and 2; 0 if both are 0.
    pub fn relative_gap(&self) -> f64 {
        relative_gap(self.left, self.right)
    }
}

impl std::fmt::Display for Imbalance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (left, right) = match self.identity {
            Identity::Use => ("inputs + final", "expenditure"),
            Identity::Cost => ("inputs + value added", "sales"),
            Identity::Income => ("final demand", "income"),
        };
        write!(f, "{}", self.country)?;
        if let Some(sector) = &self.sector {
            write!(f, " {sector}")?;
        }
        write!(f, ": {left} {:.6e}, {right} {:.6e}, gap {:.3e}", self.left, self.right, self.relative_gap())
    }
}

impl World {
    /// The accounts of this world, with defaults for the tables it does not hold.
    pub fn accounts(&self) -> Accounts {
        let (expenditure, sales) = (self.expenditure(), self.sales());
        let (countries, sectors) = sales.dim();
        let inputs = match &self.inputs {
            Some(inputs) => inputs.clone(),
            None => Array3::zeros((countries, sectors, sectors)),
        };
        let value_added = match &self.value_added {
            Some(value_added) => value_added.clone(),
            None => &sales - &inputs.sum_axis(Axis(1)),
        };
        let final_demand = match &self.final_demand {
            Some(final_demand) => final_demand.clone(),
            None => &expenditure - &inputs.sum_axis(Axis(2)),
        };
        Accounts {
            countries: self.countries.clone(),
            sectors: self.sectors.clone(),
            expenditure,
            sales,
            inputs,
            value_added,
            final_demand,
            tariff_revenue: self.tariff_revenue(),
            deficits: self.deficits(),
        }
    }
}

impl Accounts {
    /// I, `[n]`: income, `sum_j VA_nj + R_n + D_n`.
    pub fn income(&self) -> Array1<f64> {
        self.value_added.sum_axis(Axis(1)) + &self.tariff_revenue + &self.deficits
    }

    /// Every account whose two sides differ by more than `tolerance` relative to the larger, largest difference (in value) first.
    ///
    /// The `observed` baseline of the model asks for none at `1e-6`.
    pub fn imbalances(&self, tolerance: f64) -> Vec<Imbalance> {
        let used = self.inputs.sum_axis(Axis(2)) + &self.final_demand;
        let cost = self.inputs.sum_axis(Axis(1)) + &self.value_added;
        let spent = self.final_demand.sum_axis(Axis(1));
        let income = self.income();
        let mut found = Vec::new();
        let mut compare = |identity, n: usize, sector: Option<usize>, left, right| {
            if relative_gap(left, right) > tolerance {
                found.push(Imbalance {
                    identity,
                    country: self.countries[n].to_owned(),
                    sector: sector.map(|j| self.sectors[j].to_owned()),
                    left,
                    right,
                });
            }
        };
        for n in 0..self.countries.len() {
            for j in 0..self.sectors.len() {
                compare(Identity::Use, n, Some(j), used[[n, j]], self.expenditure[[n, j]]);
                compare(Identity::Cost, n, Some(j), cost[[n, j]], self.sales[[n, j]]);
            }
            compare(Identity::Income, n, None, spent[n], income[n]);
        }
        found.sort_by(|a, b| b.difference().abs().total_cmp(&a.difference().abs()));
        found
    }

    /// What makes the world unsolvable, balanced or not. Each says which country and sector, and what to do.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for n in 0..self.countries.len() {
            self.country_problems(n, &mut found);
            for j in 0..self.sectors.len() {
                self.sector_problems(n, j, &mut found);
            }
        }
        found
    }

    /// What is odd but can be solved: negative inputs, as published tables have them for by-products and scrap.
    pub fn remarks(&self) -> Vec<Problem> {
        let negative = self.inputs.indexed_iter().filter(|(_, value)| **value < 0.0);
        negative
            .map(|((n, k, j), value)| {
                Problem::new(format!(
                    "{}: sector {} buys {value} of {}, a negative input",
                    &self.countries[n], &self.sectors[j], &self.sectors[k]
                ))
                .help("by-products are recorded so in some tables; balancing needs it removed")
            })
            .collect()
    }

    fn country_problems(&self, n: usize, found: &mut Vec<Problem>) {
        let country = &self.countries[n];
        let row_sum = |table: &Array2<f64>| table.row(n).sum();
        if row_sum(&self.sales) <= 0.0 {
            found.push(
                Problem::new(format!("{country} sells nothing, so it has no wage"))
                    .help("give it domestic sales in flows, or merge it with another country"),
            );
        }
        if row_sum(&self.expenditure) <= 0.0 {
            found.push(
                Problem::new(format!("{country} buys nothing, so it has no price index"))
                    .help("give it domestic sales in flows, or merge it with another country"),
            );
        }
        let (final_demand, value_added) = (row_sum(&self.final_demand), row_sum(&self.value_added));
        if final_demand <= 0.0 {
            found.push(
                Problem::new(format!("{country} has no final demand ({final_demand})"))
                    .help("lower its inputs or give a final table; then balance the world"),
            );
        }
        if value_added <= 0.0 {
            found.push(
                Problem::new(format!("{country} has no value added ({value_added})"))
                    .help("lower its inputs or give a value_added table; then balance the world"),
            );
        }
    }

    fn sector_problems(&self, n: usize, j: usize, found: &mut Vec<Problem>) {
        let (country, sector) = (&self.countries[n], &self.sectors[j]);
        let (sales, spent) = (self.sales[[n, j]], self.expenditure[[n, j]]);
        let cost = self.inputs.index_axis(Axis(0), n).column(j).sum() + self.value_added[[n, j]];
        let used = self.inputs.index_axis(Axis(0), n).row(j).sum() + self.final_demand[[n, j]];
        if sales > 0.0 && cost <= 0.0 {
            found.push(
                Problem::new(format!("{country} sells {sales} of {sector} that costs nothing to make"))
                    .help("give it value added or inputs, or balance the world"),
            );
        }
        if spent <= 0.0 && used > 0.0 {
            found.push(
                Problem::new(format!("{country} uses {used} of {sector} and buys none from anyone"))
                    .help("remove the use, or give the flow it comes from"),
            );
        }
        if spent > 0.0 && used <= 0.0 {
            found.push(
                Problem::new(format!("{country} spends {spent} on {sector} that nobody uses"))
                    .help("give it a use in inputs or final, or balance the world with a treatment of empty rows"),
            );
        }
        for (what, value) in [("value added", self.value_added[[n, j]]), ("final demand", self.final_demand[[n, j]])] {
            // What remains after subtraction may be a rounding error below nothing; that harms no solve.
            if value < -1e-9 * sales.max(spent) {
                found.push(
                    Problem::new(format!("{what} of {country} in {sector} is negative ({value})"))
                        .help("inputs exceed what is there to pay for them; balance the world"),
                );
            }
        }
    }
}

fn relative_gap(left: f64, right: f64) -> f64 {
    let scale = left.abs().max(right.abs());
    if scale > 0.0 { (left - right).abs() / scale } else { 0.0 }
}
