//! The policy of every case: names of the study looked up in a world, and rows applied.

use std::ops::Range;

use ndarray::Array3;

use cobden_equilibrium::Policy;
use cobden_world::{Factor, Problem, Rate, World};

use super::selection::Among;
use super::{Action, Change, Study, Tables};

/// The policy of every case of a study in one world, and what each of its rows does to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedules {
    /// `[case]`.
    policies: Vec<Policy>,
    /// `[case][row]`: its own rows, without those of the case it starts from.
    moves: Vec<Vec<Move>>,
}

/// What one row does: to whose trade with whom, and how much duty it would add on the trade of the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The case that the row stands in.
    pub case: usize,
    /// Who sets the tariffs or buys, indices of countries.
    pub importers: Vec<usize>,
    /// Whose goods; may hold importers, whose domestic sales stay untouched.
    pub exporters: Vec<usize>,
    /// Which goods, indices of sectors.
    pub sectors: Vec<usize>,
    /// What it changes, and how.
    pub action: Action,
    /// Duty added at baseline flows, in the unit of the world; below zero for a cut, zero where no tariff changes.
    pub duty: f64,
}

impl Move {
    /// Whose act it is: the importers whose tariffs change, the exporters whose export taxes do; nobody's where trade costs change.
    pub fn actors(&self) -> &[usize] {
        match self.action {
            Action::Tariff(_) => &self.importers,
            Action::ExportTax(_) => &self.exporters,
            Action::TradeCost(_) => &[],
        }
    }

    /// Whether it changes tariffs: the act of a government.
    pub fn is_tariff(&self) -> bool {
        matches!(self.action, Action::Tariff(_))
    }
}

struct ResolvedRow<'t> {
    importers: Vec<bool>,
    exporters: Vec<bool>,
    sectors: Vec<bool>,
    action: Action,
    /// `[n, i, j]`: a rate for every cell, in the place of the one in `action`.
    table: Option<&'t Array3<Rate>>,
    rate_span: Range<usize>,
}

impl Schedules {
    /// Looks every name of every case up, and applies row after row, each case to the tariffs of the one it starts from.
    /// `tables` holds the tables that rows name; a study whose rows all give their rates themselves needs none.
    ///
    /// # Errors
    /// An unknown country or sector with the nearest name; a row that selects nothing, or domestic sales alone; a table that
    /// `tables` does not hold; rows that together bring a tariff to -100 per cent or below.
    pub fn new(study: &Study, world: &World, tables: &Tables) -> Result<Self, Problem> {
        let mut rows: Vec<Vec<ResolvedRow<'_>>> = Vec::with_capacity(study.cases.len());
        for case in &study.cases {
            rows.push(case.rows.iter().map(|row| resolve(study, world, tables, row)).collect::<Result<_, _>>()?);
        }
        let none =
            || Policy { tariffs: Array3::from_elem((0, 0, 0), Rate::ZERO), trade_cost: None, export_taxes: None };
        let mut this =
            Self { policies: study.cases.iter().map(|_| none()).collect(), moves: vec![Vec::new(); study.cases.len()] };
        for case in starts_first(study) {
            let start = study.cases[case].from.map(|from| this.policies[from].clone());
            let mut policy = start.unwrap_or_else(|| Policy::status_quo(world));
            let mut before = duty(world, &policy.tariffs);
            for row in &rows[case] {
                row.apply(&mut policy, study, world)?;
                let after = duty(world, &policy.tariffs);
                this.moves[case].push(row.as_move(case, after - before));
                before = after;
            }
            this.policies[case] = policy;
        }
        Ok(this)
    }

    /// The policy of a case, by its index in the study; `None` beyond the last.
    pub fn policy(&self, case: usize) -> Option<&Policy> {
        self.policies.get(case)
    }

    /// The policy of each case and what its own rows do, in the order of the study.
    pub fn into_cases(self) -> impl Iterator<Item = (Policy, Vec<Move>)> {
        self.policies.into_iter().zip(self.moves)
    }
}

/// Every case once, after the one it starts from. [`Study::parse`] has refused circles.
fn starts_first(study: &Study) -> Vec<usize> {
    let mut order = Vec::with_capacity(study.cases.len());
    let mut listed = vec![false; study.cases.len()];
    for case in 0..study.cases.len() {
        let mut chain = Vec::new();
        let mut at = Some(case);
        while let Some(case) = at.filter(|case| !std::mem::replace(&mut listed[*case], true)) {
            chain.push(case);
            at = study.cases[case].from;
        }
        order.extend(chain.into_iter().rev());
    }
    order
}

fn indices(chosen: &[bool]) -> Vec<usize> {
    chosen.iter().enumerate().filter(|(_, chosen)| **chosen).map(|(index, _)| index).collect()
}

/// The duty that tariffs would yield on the flows of the data.
fn duty(world: &World, tariffs: &Array3<Rate>) -> f64 {
    tariffs.iter().zip(&world.flows).map(|(rate, flow)| rate.0 * flow).sum()
}

fn resolve<'t>(
    study: &Study,
    world: &World,
    tables: &'t Tables,
    row: &super::PolicyRow,
) -> Result<ResolvedRow<'t>, Problem> {
    let document = study.document();
    let countries = Among { kind: "country", names: &world.countries, members: Some(&world.members) };
    let sectors = Among { kind: "sector", names: &world.sectors, members: None };
    let importers = row.importer.resolve(document, &countries)?;
    let exporters = row.exporter.resolve(document, &countries)?;
    let foreign = importers
        .iter()
        .enumerate()
        .any(|(n, chosen)| *chosen && exporters.iter().enumerate().any(|(i, chosen)| *chosen && i != n));
    if !foreign {
        return Err(document
            .problem(row.exporter.span(), "the row selects domestic sales alone, which no row touches")
            .help("name another exporter, or \"*\" for all"));
    }
    Ok(ResolvedRow {
        importers,
        exporters,
        sectors: row.sector.resolve(document, &sectors)?,
        action: row.action,
        table: row.table.as_ref().map(|table| tables.rates(document, table)).transpose()?,
        rate_span: row.rate_span.clone(),
    })
}

impl ResolvedRow<'_> {
    /// Changes what it selects, domestic sales never.
    fn apply(&self, policy: &mut Policy, study: &Study, world: &World) -> Result<(), Problem> {
        match self.action {
            Action::Tariff(change) => self.apply_to_rates(change, &mut policy.tariffs, study, world),
            Action::ExportTax(change) => {
                let shape = policy.tariffs.dim();
                let taxes = policy.export_taxes.get_or_insert_with(|| Array3::from_elem(shape, Rate::ZERO));
                self.apply_to_rates(change, taxes, study, world)
            }
            Action::TradeCost(factor) => {
                let shape = policy.tariffs.dim();
                self.apply_to_trade_cost(factor, policy.trade_cost.get_or_insert_with(|| Array3::ones(shape)), study)
            }
        }
    }

    fn apply_to_rates(
        &self,
        change: Change,
        rates: &mut Array3<Rate>,
        study: &Study,
        world: &World,
    ) -> Result<(), Problem> {
        for ((n, i, j), rate) in rates.indexed_iter_mut().filter(|(cell, _)| self.selects(*cell)) {
            let before = *rate;
            let change = self.table.map_or(change, |rates| change.with(rates[[n, i, j]]));
            *rate = change.apply(before);
            if !rate.is_valid() {
                let (whose, preposition, whom, what) = match self.action {
                    Action::ExportTax(_) => (i, "sold to", n, "export tax"),
                    _ => (n, "from", i, "tariff"),
                };
                let message = format!(
                    "brings the {what} of {} on {} {preposition} {} from {} to {} per cent: a rate must be above -100 per cent",
                    &world.countries[whose],
                    &world.sectors[j],
                    &world.countries[whom],
                    before.percent(),
                    rate.percent()
                );
                return Err(study.document().problem(&self.rate_span, message));
            }
        }
        Ok(())
    }

    fn apply_to_trade_cost(&self, factor: Factor, trade_cost: &mut Array3<f64>, study: &Study) -> Result<(), Problem> {
        for (_, d_hat) in trade_cost.indexed_iter_mut().filter(|(cell, _)| self.selects(*cell)) {
            *d_hat *= factor.0;
            if !(d_hat.is_finite() && *d_hat > 0.0) {
                let message =
                    format!("brings a trade cost to {d_hat} times what it was, which is no number to compute with");
                return Err(study.document().problem(&self.rate_span, message));
            }
        }
        Ok(())
    }

    fn selects(&self, (n, i, j): (usize, usize, usize)) -> bool {
        n != i && self.importers[n] && self.exporters[i] && self.sectors[j]
    }

    fn as_move(&self, case: usize, duty: f64) -> Move {
        Move {
            case,
            importers: indices(&self.importers),
            exporters: indices(&self.exporters),
            sectors: indices(&self.sectors),
            action: self.action,
            duty,
        }
    }
}
