//! Balances a world: the input and final-demand tables nearest to its priors that meet its flows.

use ndarray::{Array2, Array3, Axis};

use crate::balance::{self, Infeasible};
use crate::{Accounts, Problem, World};

/// What to do with a good that a country spends on and that no prior has a use for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyRows {
    /// Refuse, naming country and sector.
    #[default]
    Refuse,
    /// All of it is bought for final use, and the report says so.
    FinalDemand,
}

/// What to do with a good that a country sells and that no prior has a cost for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyColumns {
    /// Refuse, naming country and sector.
    #[default]
    Refuse,
    /// All of its price is value added, and the report says so.
    ValueAdded,
}

/// The stated treatment of what the priors do not cover. By default nothing is made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalanceOptions {
    /// Expenditure without any prior use.
    pub empty_rows: EmptyRows,
    /// Sales without any prior cost.
    pub empty_columns: EmptyColumns,
}

/// How far balancing moved the priors.
#[derive(Clone, Debug, PartialEq)]
pub struct BalanceReport {
    /// One entry per country, in the order of the world.
    pub countries: Vec<CountryMoves>,
}

/// How far balancing moved the priors of one country.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryMoves {
    /// The country.
    pub country: String,
    /// Kullback-Leibler divergence from the priors, in the unit of the world.
    pub divergence: f64,
    /// `sum |z - z0| / sum z0` over inputs, value added and final demand: the share of value that moved.
    pub moved_share: f64,
    /// Rounds of scaling rows, then columns.
    pub sweeps: usize,
    /// Newton steps after them.
    pub newton_steps: usize,
    /// The largest relative gap of a row or column; at most 1e-12.
    pub residual: f64,
    /// Every cell that moved, largest move first.
    pub moves: Vec<Move>,
    /// Cells without a prior that [`BalanceOptions`] filled; they count as moved from zero.
    pub filled: Vec<Move>,
}

/// One cell of a country's table, before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// The input sector `k`; `None` is value added.
    pub row: Option<usize>,
    /// The using sector `j`; `None` is final demand.
    pub column: Option<usize>,
    /// The prior.
    pub before: f64,
    /// The balanced value.
    pub after: f64,
}

impl World {
    /// The same flows and tariffs with the inputs, value added and final demand nearest to the present ones that balance.
    ///
    /// Each country by itself: a table of `J` input rows and a value-added row by `J` using sectors and a final-demand column,
    ///
    /// ```text
    ///                user 1 ... user J   final  | total
    ///   input k      Z_nkj               F_nk   | X_nk   expenditure
    ///   value added  VA_nj               -      | free
    ///   total        Y_nj  (sales)       free   |
    /// ```
    ///
    /// is fitted by [`balance`](crate::balance()). The totals of the value-added row and of the final-demand column may stay free,
    /// because the income identity follows from the others: summing rows, `sum F = sum X - sum Z`; summing columns,
    /// `sum Z = sum Y - sum VA`; so `sum F = sum VA + (sum X - sum Y)`, and expenditure less sales is tariff revenue plus deficit,
    /// `sum_kij [(1 + tau_nik) M_nik] - sum_ij M_inj = R_n + D_n`. Hence `sum F = sum VA + R_n + D_n`.
    ///
    /// A world without inputs has nothing to fit: its value added is its sales and its final demand its expenditure.
    ///
    /// # Errors
    /// A negative prior; expenditure without use or sales without cost where `options` refuse that; or, naming country and
    /// sectors, the goods of which more is bought than their users can take, or the users who sell more than their inputs and
    /// value added can cost.
    ///
    /// ```
    /// use cobden_world::{BalanceOptions, toy::Toy};
    /// let mut world = Toy::default().world();
    /// world.inputs.as_mut().unwrap()[[0, 0, 0]] *= 3.0; // now its accounts do not add up
    /// let (balanced, report) = world.balance(&BalanceOptions::default()).unwrap();
    /// assert!(balanced.accounts().imbalances(1e-11).is_empty());
    /// assert!(report.countries[0].moved_share > 0.0);
    /// ```
    pub fn balance(&self, options: &BalanceOptions) -> Result<(World, BalanceReport), Problem> {
        self.validate()?;
        if self.inputs.is_none() {
            let balanced = World { value_added: None, final_demand: None, ..self.clone() };
            return Ok((balanced, BalanceReport { countries: Vec::new() }));
        }
        let accounts = self.accounts();
        let (countries, sectors) = accounts.sales.dim();
        let mut inputs = Array3::zeros((countries, sectors, sectors));
        let mut value_added = Array2::zeros((countries, sectors));
        let mut final_demand = Array2::zeros((countries, sectors));
        let mut report = BalanceReport { countries: Vec::with_capacity(countries) };
        for n in 0..countries {
            let (table, moves) = Country { accounts: &accounts, n }.balance(options)?;
            for ((k, j), value) in table.indexed_iter() {
                match (k < sectors, j < sectors) {
                    (true, true) => inputs[[n, k, j]] = *value,
                    (true, false) => final_demand[[n, k]] = *value,
                    (false, true) => value_added[[n, j]] = *value,
                    (false, false) => {}
                }
            }
            report.countries.push(moves);
        }
        let balanced = World {
            inputs: Some(inputs),
            value_added: Some(value_added),
            final_demand: Some(final_demand),
            ..self.clone()
        };
        Ok((balanced, report))
    }
}

/// One country's table: row `J` is value added, column `J` final demand.
struct Country<'a> {
    accounts: &'a Accounts,
    n: usize,
}

impl Country<'_> {
    fn balance(&self, options: &BalanceOptions) -> Result<(Array2<f64>, CountryMoves), Problem> {
        let prior = self.prior()?;
        let (rows, columns) = (self.totals(&self.accounts.expenditure), self.totals(&self.accounts.sales));
        let start = self.filled(&prior, &rows, &columns, options)?;
        let fitted = balance::balance(start.view(), &rows, &columns).map_err(|reason| self.explain(reason))?;
        let moves = self.moves(&prior, &fitted.table);
        // A filled cell has no prior to diverge from; all others have the same start as prior.
        let divergence = balance::divergence(fitted.table.view(), start.view());
        let moved: f64 = moves.iter().map(|cell| (cell.after - cell.before).abs()).sum();
        let filled = |cell: &Move| cell.before == 0.0;
        let report = CountryMoves {
            country: self.accounts.countries[self.n].to_owned(),
            divergence,
            moved_share: if moved > 0.0 { moved / prior.sum().max(f64::MIN_POSITIVE) } else { 0.0 },
            sweeps: fitted.sweeps,
            newton_steps: fitted.newton_steps,
            residual: fitted.residual,
            filled: moves.iter().copied().filter(filled).collect(),
            moves,
        };
        Ok((fitted.table, report))
    }

    /// Inputs, value added and final demand of the country in one table.
    fn prior(&self) -> Result<Array2<f64>, Problem> {
        let sectors = self.accounts.sectors.len();
        let inputs = self.accounts.inputs.index_axis(Axis(0), self.n);
        let prior = Array2::from_shape_fn((sectors + 1, sectors + 1), |(k, j)| match (k < sectors, j < sectors) {
            (true, true) => inputs[[k, j]],
            (true, false) => self.accounts.final_demand[[self.n, k]],
            (false, true) => self.accounts.value_added[[self.n, j]],
            (false, false) => 0.0,
        });
        match prior.indexed_iter().find(|(_, value)| **value < 0.0) {
            Some(((k, j), value)) => {
                let (row, column) = (self.name(k, "value added"), self.name(j, "final demand"));
                let problem = Problem::new(format!("{}: the prior of {row} for {column} is {value}", self.country()));
                Err(problem.help(
                    "balancing needs priors of 0 or more: correct the cell, or give the table it is left over from",
                ))
            }
            None => Ok(prior),
        }
    }

    /// The totals of the sectors, and a free one.
    fn totals(&self, table: &Array2<f64>) -> Vec<Option<f64>> {
        table.row(self.n).iter().map(|total| Some(*total)).chain([None]).collect()
    }

    /// The prior with a start for what it does not cover, if the options allow to make one up.
    fn filled(
        &self,
        prior: &Array2<f64>,
        rows: &[Option<f64>],
        columns: &[Option<f64>],
        options: &BalanceOptions,
    ) -> Result<Array2<f64>, Problem> {
        let sectors = self.accounts.sectors.len();
        let live = |total: &Option<f64>| *total != Some(0.0);
        let mut start = prior.clone();
        for sector in 0..sectors {
            let name = &self.accounts.sectors[sector];
            let used = prior.row(sector).iter().zip(columns).any(|(value, total)| *value > 0.0 && live(total));
            if let (false, Some(spent)) = (used, rows[sector].filter(|spent| *spent > 0.0)) {
                if options.empty_rows == EmptyRows::Refuse {
                    let problem = Problem::new(format!(
                        "{} spends {spent} on {name}, and no prior has a use for it",
                        self.country()
                    ));
                    return Err(problem.help("let empty rows be final demand, merge the sector, or give it a use"));
                }
                start[[sector, sectors]] = spent;
            }
            let made = prior.column(sector).iter().zip(rows).any(|(value, total)| *value > 0.0 && live(total));
            if let (false, Some(sold)) = (made, columns[sector].filter(|sold| *sold > 0.0)) {
                if options.empty_columns == EmptyColumns::Refuse {
                    let problem = Problem::new(format!(
                        "{} sells {sold} of {name}, and no prior has a cost for it",
                        self.country()
                    ));
                    return Err(problem.help("let empty columns be value added, merge the sector, or give it a cost"));
                }
                start[[sectors, sector]] = sold;
            }
        }
        Ok(start)
    }

    fn moves(&self, prior: &Array2<f64>, table: &Array2<f64>) -> Vec<Move> {
        let sectors = self.accounts.sectors.len();
        let line = |position: usize| (position < sectors).then_some(position);
        let mut moves: Vec<Move> = prior
            .indexed_iter()
            .zip(table)
            .map(|(((k, j), before), after)| Move { row: line(k), column: line(j), before: *before, after: *after })
            .filter(|cell| cell.before != cell.after)
            .collect();
        moves.sort_by(|a, b| (b.after - b.before).abs().total_cmp(&(a.after - a.before).abs()));
        moves
    }

    fn country(&self) -> &str {
        &self.accounts.countries[self.n]
    }

    /// The sector of a row or column, or what the last one is.
    fn name(&self, position: usize, last: &str) -> String {
        match self.accounts.sectors.as_slice().get(position) {
            Some(sector) => sector.clone(),
            None => last.to_owned(),
        }
    }

    fn explain(&self, reason: Infeasible) -> Problem {
        let list = |positions: &[usize], last: &str| {
            let names: Vec<String> = positions.iter().map(|position| self.name(*position, last)).collect();
            names.join(", ")
        };
        let country = self.country();
        match reason {
            Infeasible::Rows { rows, must_place, columns, can_hold } => Problem::new(format!(
                "{country} spends {must_place} on {}, which only {} can use, whose sales are {can_hold}",
                list(&rows, "value added"),
                list(&columns, "final demand")
            ))
            .help("give these goods a final demand above zero, or merge sectors"),
            Infeasible::Columns { columns, must_hold, rows, can_place } => Problem::new(format!(
                "{country} sells {must_hold} of {}, made only from {}, of which it buys {can_place}",
                list(&columns, "final demand"),
                list(&rows, "value added")
            ))
            .help("give these sectors a value added above zero, or merge sectors"),
            other => {
                Problem::new(format!("{country}: {other}")).help("merge sectors, or drop cells that are nearly zero")
            }
        }
    }
}
