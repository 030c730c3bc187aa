//! Retaliation: the frontier of harm against own cost, and the tariffs that a limit allows.

use cobden_equilibrium::Policy;
use cobden_strategy::retaliation::{Dispute, Measures, Raised, Retaliation};
use cobden_strategy::{Inside, Search};
use cobden_world::Problem;

use super::cast::{goal, name};
use super::strategy::{FrontierPoint, ListAnswer, RetaliationAnswer, RetaliationRow, Strategy};
use super::{Played, Table};
use crate::run::Failure;
use crate::study::{Limit, Pick, RetaliateQuestion};

pub(super) fn play(question: &RetaliateQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let members: Vec<usize> = question.players.resolve(table.document, table.world)?.into_iter().flatten().collect();
    let mut reach = question.hand.reach(table.document, table.world, members.clone())?;
    let targets = reach.partners.clone().unwrap_or_default();
    reach.inside = Inside::AsItIs;
    let mut dispute = Dispute {
        own: goal(table, &question.wants, &members)?,
        reach,
        ..Dispute::new(&members, &targets, question.hand.rule)
    };
    let usual = Policy::status_quo(table.world);
    let open = |dispute: Dispute| Retaliation::new(table.economy, table.settings, table.start.clone(), dispute);
    let unlimited = open(dispute.clone())?;
    let (suffered, lost_exports) = (unlimited.suffered(&usual)?, unlimited.lost_exports(&usual)?);
    let value = Value { question, table, suffered, lost_exports, hit: hit(table, &members, &targets) };
    let limit = question.limit.map(|limit| value.of(limit)).transpose()?;
    if question.limit == Some(Limit::TradeEffect) {
        dispute.trade_effect = limit;
    }
    let retaliation = if dispute.trade_effect.is_some() { open(dispute)? } else { unlimited };
    let watch = table.watch();
    let search = Search { go_on: &watch, ..Search::default() };
    let frontier = retaliation.frontier(question.points, &search)?;
    called_off(frontier.halt)?;
    let (measures, list) = chosen(question, &retaliation, &frontier.points, limit, &search)?;
    called_off(measures.report.halt)?;
    let found = match (frontier.halt, measures.report.halt) {
        (halt, _) | (_, halt) if !halt.converged() => Err(format!("the search for it {halt}")),
        _ => Ok(()),
    };
    let rows = if found.is_ok() { rows(&retaliation, &measures, table)? } else { Vec::new() };
    let usd = |value: f64| table.usd.map(|usd| usd * value);
    let strategy = Strategy {
        players: vec![name(table, &members)],
        found,
        rounds: measures.report.iterations,
        solves: frontier.points.iter().map(|point| point.report.solves).sum(),
        first_order_gap_pct: Some(measures.report.first_order_gap_pct),
        retaliation: Some(RetaliationAnswer {
            targets: table.codes(&targets),
            limit: question.limit.map(Limit::name),
            limit_usd_m: limit.and_then(usd),
            suffered_usd_m: usd(suffered),
            lost_exports_usd_m: usd(lost_exports),
            frontier: frontier
                .points
                .iter()
                .zip(&frontier.between)
                .map(|(point, missed)| point_of(table, point, *missed))
                .collect(),
            chosen: point_of(table, &measures, false),
            list,
            rows,
        }),
        ..Strategy::default()
    };
    Ok(Played { policy: measures.policy, equilibrium: measures.equilibrium, movers: vec![members], strategy })
}

fn called_off(halt: cobden_strategy::Halt) -> Result<(), Failure> {
    if halt == cobden_strategy::Halt::CalledOff { Err(Failure::Stopped) } else { Ok(()) }
}

/// What a limit may be worth.
struct Value<'a, 't> {
    question: &'a RetaliateQuestion,
    table: &'a Table<'t>,
    suffered: f64,
    lost_exports: f64,
    hit: f64,
}

impl Value<'_, '_> {
    /// In the unit of the world.
    fn of(&self, limit: Limit) -> Result<f64, Problem> {
        if let Some(value) = self.question.value {
            let usd =
                self.table.usd.ok_or_else(|| Problem::new("a limit in dollars in a world of another currency"))?;
            return Ok(value / usd);
        }
        let (value, what) = match limit {
            Limit::TradeAffected => (self.hit, "raised no tariff on what the players sell"),
            Limit::TradeEffect => (self.lost_exports, "took nothing from the players' exports"),
            Limit::Harm => (self.suffered, "did the players no harm"),
        };
        if value > 0.0 {
            return Ok(value);
        }
        Err(Problem::new(format!("the target {what}: there is nothing to be equal to"))
            .help("state a value: value = 1000"))
    }
}

/// What the players sell of what the targets raised tariffs on, in the data.
fn hit(table: &Table<'_>, players: &[usize], targets: &[usize]) -> f64 {
    let cells = table.start.tariffs.indexed_iter().zip(&table.world.tariffs);
    let hit = cells.filter(|(((n, i, _), rate), before)| {
        targets.contains(n) && players.contains(i) && rate.0 > before.0 + Measures::HAIR
    });
    hit.map(|((cell, _), _)| table.world.flows[[cell.0, cell.1, cell.2]]).sum()
}

/// The tariffs of the case, and the list if imports are listed.
fn chosen(
    question: &RetaliateQuestion,
    retaliation: &Retaliation<'_>,
    frontier: &[Measures],
    limit: Option<f64>,
    search: &Search<'_>,
) -> Result<(Measures, Option<ListAnswer>), Problem> {
    match (question.limit, limit) {
        (Some(Limit::Harm), Some(money)) => Ok((retaliation.equivalent(money, search)?, None)),
        (Some(Limit::TradeAffected), Some(cap)) => {
            let raised = if question.pick == Pick::BestResponse { Raised::Own } else { Raised::Harm };
            let list = retaliation.list(cap, raised, search)?;
            let answer = ListAnswer { reached_pct: list.reached_pct, bound_pct: list.bound_pct, tried: list.tried };
            Ok((list.measures, Some(answer)))
        }
        _ => {
            let end = if question.pick == Pick::BestResponse { frontier.first() } else { frontier.last() };
            let measures = end.cloned().ok_or_else(|| Problem::new("a frontier without points"))?;
            Ok((measures, None))
        }
    }
}

fn point_of(table: &Table<'_>, point: &Measures, missed_by_weighted_sums: bool) -> FrontierPoint {
    let usd = |value: f64| table.usd.map(|usd| usd * value);
    FrontierPoint {
        own_pct: point.own_pct,
        own_usd_m: usd(point.own),
        harm_pct: point.harm_pct,
        harm_usd_m: usd(point.harm),
        price: point.price,
        trade_affected_usd_m: usd(point.trade_affected),
        trade_effect_usd_m: usd(point.trade_effect),
        converged: point.report.halt.converged(),
        first_order_gap_pct: point.report.first_order_gap_pct,
        missed_pct: point.report.missed_pct,
        missed_by_weighted_sums,
    }
}

fn rows(retaliation: &Retaliation<'_>, measures: &Measures, table: &Table<'_>) -> Result<Vec<RetaliationRow>, Problem> {
    let found = retaliation.rows(measures)?;
    let row = |row: &cobden_strategy::retaliation::Row| {
        let (importers, exporters, sectors) = table.cells(&retaliation.instruments().levers()[row.lever]);
        RetaliationRow {
            importers,
            exporters,
            sectors,
            from_pct: 100.0 * row.from,
            to_pct: 100.0 * row.to,
            covered_usd_m: table.usd.map(|usd| usd * row.covered),
            own_pct: row.own_pct,
            harm_pct: row.harm_pct,
        }
    };
    Ok(found.rows.iter().map(row).collect())
}
