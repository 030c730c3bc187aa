//! The policy of every case: names of the study looked up in a world, and rows applied.

use std::collections::BTreeSet;
use std::ops::Range;

use ndarray::Array3;

use cobden_equilibrium::Policy;
use cobden_world::{Factor, Problem, Rate, World};

use super::selection::{Among, indices};
use super::{Action, Case, Change, Laws, Study, Tables};

/// The policy of every case of a study in one world, and what each of its rows does to it.
#[derive(Clone, Debug)]
pub struct Schedules<'t> {
    study: &'t Study,
    world: &'t World,
    laws: &'t Laws,
    /// `[case][row]`: its own rows, without those of the case it starts from.
    rows: Vec<Vec<ResolvedRow<'t>>>,
    /// `[case]`, what is asked of governments left aside.
    policies: Vec<Policy>,
}

/// Whether a row of the study did it, or a government that the study asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// A row.
    Row(Action),
    /// The law of another day, or as somebody would have it.
    Law,
    /// A player chose tariffs.
    Chosen,
}

/// What one row does, or one player: to whose trade with whom, and how much duty it would add on the trade of the baseline.
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
    pub deed: Deed,
    /// Duty added at baseline flows, in the unit of the world; below zero for a cut, zero where no tariff changes.
    pub duty: f64,
}

impl Move {
    /// Whose act it is: the importers whose tariffs change, the exporters whose export taxes do; nobody's where trade costs change.
    pub fn actors(&self) -> &[usize] {
        match self.deed {
            Deed::Chosen | Deed::Law | Deed::Row(Action::Tariff(_)) => &self.importers,
            Deed::Row(Action::ExportTax(_)) => &self.exporters,
            Deed::Row(Action::TradeCost(_)) => &[],
        }
    }

    /// Whether it changes tariffs: the act of a government.
    pub fn is_tariff(&self) -> bool {
        matches!(self.deed, Deed::Chosen | Deed::Law | Deed::Row(Action::Tariff(_)))
    }

    /// What importers did to their tariffs, by choice or by law; `None` if no rate differs.
    pub(crate) fn between(
        case: usize,
        deed: Deed,
        importers: &[usize],
        world: &World,
        before: &Array3<Rate>,
        after: &Array3<Rate>,
    ) -> Option<Self> {
        let (mut exporters, mut sectors) = (BTreeSet::new(), BTreeSet::new());
        let mut duty = 0.0;
        for (((n, i, j), rate), old) in after.indexed_iter().zip(before) {
            if importers.contains(&n) && rate != old {
                exporters.insert(i);
                sectors.insert(j);
                duty += (rate.0 - old.0) * world.flows[[n, i, j]];
            }
        }
        let in_order = |set: BTreeSet<usize>| set.into_iter().collect::<Vec<_>>();
        (!exporters.is_empty()).then(|| Self {
            case,
            importers: importers.to_vec(),
            exporters: in_order(exporters),
            sectors: in_order(sectors),
            deed,
            duty,
        })
    }
}

/// A row with its names looked up.
#[derive(Clone, Debug)]
pub(super) struct ResolvedRow<'t> {
    pub(super) importers: Vec<bool>,
    pub(super) exporters: Vec<bool>,
    pub(super) sectors: Vec<bool>,
    pub(super) action: Action,
    /// `[n, i, j]`: a rate for every cell, in the place of the one in `action`.
    pub(super) table: Option<&'t Array3<Rate>>,
    pub(super) rate_span: Range<usize>,
}

impl<'t> Schedules<'t> {
    /// Looks every name of every case up, and applies row after row, each case to the tariffs of the one it starts from.
    /// `tables` holds the tables that rows name, `laws` what the law of each case adds; a study whose rows all give their rates themselves needs
    /// neither.
    ///
    /// # Errors
    /// An unknown country or sector with the nearest name; a row that selects nothing, or domestic sales alone; a table that
    /// `tables` does not hold; rows that together bring a tariff to -100 per cent or below.
    pub fn new(study: &'t Study, world: &'t World, tables: &'t Tables, laws: &'t Laws) -> Result<Self, Problem> {
        let rows = |case: &Case| {
            let by_sector = |row| no_products(study, row).and_then(|()| resolve(study, world, tables, row));
            case.rows.iter().map(by_sector).collect()
        };
        let rows = study.cases.iter().map(rows).collect::<Result<_, Problem>>()?;
        let none =
            || Policy { tariffs: Array3::from_elem((0, 0, 0), Rate::ZERO), trade_cost: None, export_taxes: None };
        let mut this = Self { study, world, laws, rows, policies: study.cases.iter().map(|_| none()).collect() };
        for case in starts_first(study) {
            let start = study.cases[case].from.map(|from| this.policies[from].clone());
            this.policies[case] = this.apply(case, start.unwrap_or_else(|| Policy::status_quo(world)))?.0;
        }
        Ok(this)
    }

    /// The policy of a case, by its index in the study; `None` beyond the last. What governments choose if they are asked is not in it, nor
    /// in the policy of cases that start from theirs.
    pub fn policy(&self, case: usize) -> Option<&Policy> {
        self.policies.get(case)
    }

    /// A policy as the rows of a case change it, and what each of them does.
    ///
    /// # Errors
    /// Rows that together bring a tariff to -100 per cent or below.
    pub(crate) fn apply(&self, case: usize, start: Policy) -> Result<(Policy, Vec<Move>), Problem> {
        let (mut policy, mut moves) = self.under_law(case, start);
        let mut before = duty(self.world, &policy.tariffs);
        for row in &self.rows[case] {
            row.apply(&mut policy, self.study, self.world)?;
            let after = duty(self.world, &policy.tariffs);
            moves.push(row.as_move(case, after - before));
            before = after;
        }
        Ok((policy, moves))
    }
}

impl Schedules<'_> {
    /// A policy under the law of a case instead of that of the case it starts from: the difference of what the two add, in points, no
    /// tariff below zero that was not; and what each importer does, the largest first.
    fn under_law(&self, case: usize, start: Policy) -> (Policy, Vec<Move>) {
        let from = self.study.cases.get(case).and_then(|case| case.from);
        let (Some(before), Some(after)) = (self.laws.points(from), self.laws.points(Some(case))) else {
            return (start, Vec::new());
        };
        let mut policy = start.clone();
        for (cell, rate) in policy.tariffs.indexed_iter_mut() {
            let change = (after[cell] - before[cell]) / 100.0;
            if change != 0.0 && cell.0 != cell.1 {
                *rate = Rate((rate.0 + change).max(rate.0.min(0.0)));
            }
        }
        let one = |n| Move::between(case, Deed::Law, &[n], self.world, &start.tariffs, &policy.tariffs);
        let mut moves: Vec<Move> = (0..self.world.countries.len()).filter_map(one).collect();
        moves.sort_by(|a, b| b.duty.abs().total_cmp(&a.duty.abs()));
        (policy, moves)
    }
}

/// Every case once, after the one it starts from. [`Study::parse`] has refused circles.
pub(super) fn starts_first(study: &Study) -> Vec<usize> {
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

/// The duty that tariffs would yield on the flows of the data.
fn duty(world: &World, tariffs: &Array3<Rate>) -> f64 {
    tariffs.iter().zip(&world.flows).map(|(rate, flow)| rate.0 * flow).sum()
}

/// Refuses a row on products: they are not there, or not used.
fn no_products(study: &Study, row: &super::PolicyRow) -> Result<(), Problem> {
    let Some(product) = &row.product else { return Ok(()) };
    let document = study.document();
    Err(if study.uses_products() {
        let problem = document.problem(product.span(), "this world is known by sector alone");
        problem.help("leave `product` out; or make a world with products: cobden world import TABLE --products LIST")
    } else {
        document.problem(product.span(), "the study says products = false").help("leave that out, or `product`")
    })
}

pub(super) fn resolve<'t>(
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

    pub(super) fn as_move(&self, case: usize, duty: f64) -> Move {
        Move {
            case,
            importers: indices(&self.importers),
            exporters: indices(&self.exporters),
            sectors: indices(&self.sectors),
            deed: Deed::Row(self.action),
            duty,
        }
    }
}
