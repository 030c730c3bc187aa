//! Retaliation: what harm costs, what a dispute allows, which rows do it.

use cobden_report::scale::number;
use cobden_report::{Chart, Exhibit, Frontier, Measure, Plain};

use super::words::{cells, fine, signed3};
use super::{Told, asked};
use crate::game::{FrontierPoint, RetaliationAnswer, RetaliationRow};
use crate::labels::{capital, in_sentence, listed};
use crate::page::usd;

/// Most rows of measures in a table.
const SHOWN: usize = 12;
/// A rate that moves by less, in points, is written as if it did not.
const MOVED: f64 = 0.05;

pub(super) fn sentences(told: &Told<'_>, found: &RetaliationAnswer) -> Vec<String> {
    let who = super::words::players(&told.strategy.players);
    let target = target(found);
    let chosen = &found.chosen;
    let money = |pct: f64, amount: Option<f64>| match amount {
        Some(million) => format!("{} ({} a year)", fine(pct.abs()).replace('+', ""), usd(million.abs())),
        None => fine(pct.abs()).replace('+', ""),
    };
    let own = money(chosen.own_pct, chosen.own_usd_m);
    let own = if chosen.own_pct < 0.0 { format!("costs them {own}") } else { format!("gives them {own}") };
    let own = if who.contains(" and ") { own } else { own.replace("them", "it") };
    let harm = money(chosen.harm_pct, chosen.harm_usd_m);
    let done =
        if chosen.harm_pct < 0.0 { format!("helps {target} by {harm}") } else { format!("harms {target} by {harm}") };
    let mut said = vec![format!("Compared with {}, the retaliation of {who} {done} and {own}.", told.start())];
    said.extend(limit(found));
    said.extend(range(found, &target));
    said.extend(suffered(found, &who));
    said
}

fn target(found: &RetaliationAnswer) -> String {
    listed(&found.targets.iter().map(|code| in_sentence(code)).collect::<Vec<_>>())
}

/// What the dispute allows, and how good the list is.
fn limit(found: &RetaliationAnswer) -> Option<String> {
    let value = found.limit_usd_m.map(usd);
    let what = match found.limit? {
        "trade affected" => "on imports, in the data, of at most",
        "trade effect" => "that takes from the target's exports at most",
        _ => "that does harm worth just",
    };
    let mut said =
        format!("The dispute allows retaliation {what} {}.", value.unwrap_or_else(|| "the limit".to_owned()));
    if let Some(list) = &found.list {
        let reached = fine(list.reached_pct);
        said.push_str(&match list.bound_pct {
            Some(bound) => format!(" The list reaches {reached}; no list under that cap can exceed {}.", fine(bound)),
            None => format!(" The list reaches {reached}; how much better another could be is not known."),
        });
    }
    Some(said)
}

/// From the best response to the greatest harm.
fn range(found: &RetaliationAnswer, target: &str) -> Option<String> {
    let (first, last) = (found.frontier.first()?, found.frontier.last()?);
    let price = found.chosen.price.filter(|price| price.is_finite() && *price > 0.0);
    let price = price
        .map(|price| format!(" At the tariffs of the case one more point of harm costs {} points.", number(price, 2)));
    Some(format!(
        "What is best for themselves harms {target} by {}; the most that can be done is {}, at {} for themselves.{}",
        number(first.harm_pct, 3) + "%",
        number(last.harm_pct, 3) + "%",
        fine(last.own_pct),
        price.unwrap_or_default()
    ))
}

fn suffered(found: &RetaliationAnswer, who: &str) -> Option<String> {
    let (suffered, exports) = (found.suffered_usd_m?, found.lost_exports_usd_m?);
    let suffered =
        if suffered > 0.0 { format!("{} of real income a year", usd(suffered)) } else { "no real income".to_owned() };
    let exports = if exports > 0.0 { usd(exports) } else { "nothing".to_owned() };
    Some(capital(&format!("{who} had lost {suffered} by what came before, and {exports} of exports to the target.")))
}

pub(super) fn exhibits(told: &Told<'_>, found: &RetaliationAnswer) -> Vec<Exhibit> {
    std::iter::once(frontier(told, found)).chain(rows(told, found)).collect()
}

fn frontier(told: &Told<'_>, found: &RetaliationAnswer) -> Exhibit {
    let goal = asked::goal(told);
    let at = |point: &FrontierPoint| (-point.own_pct, point.harm_pct);
    let three = |name: &str| Measure { decimals: 3, ..Measure::percent(name) };
    let line = found.frontier.iter().filter(|point| point.converged).map(at).collect();
    let missed = found.frontier.iter().filter(|point| point.missed_by_weighted_sums).count();
    let missed = match missed {
        0 => String::new(),
        many => format!(" {many} of the points no weighted sum of gain and harm would find."),
    };
    let (x, y) = at(&found.chosen);
    Exhibit {
        title: "What harm costs".to_owned(),
        text: format!(
            "For each harm to {}, the least that it costs those who retaliate; left of zero it pays. Harm is the fall of real income, the cost is of {goal}, both \
             in percentage points over {}. The square is the case.{missed}",
            target(found),
            told.start()
        ),
        measure: Measure::default(),
        chart: Chart::Frontier(Frontier {
            x: three("Own cost"),
            y: three("Harm"),
            line,
            points: vec![("the case".to_owned(), x, y)],
        }),
    }
}

/// What each row covers, does and costs.
fn rows(told: &Told<'_>, found: &RetaliationAnswer) -> Option<Exhibit> {
    let moved: Vec<&RetaliationRow> =
        found.rows.iter().filter(|row| (row.to_pct - row.from_pct).abs() >= MOVED).collect();
    if moved.is_empty() {
        return None;
    }
    let row = |row: &&RetaliationRow| {
        vec![
            cells(told.answer, &row.importers, &row.exporters, &row.sectors),
            number(row.from_pct, 1),
            number(row.to_pct, 1),
            row.covered_usd_m.map_or_else(|| "–".to_owned(), |million| number(million, 0)),
            signed3(row.harm_pct),
            signed3(row.own_pct),
        ]
    };
    let left_out = match moved.len().saturating_sub(SHOWN) {
        0 => String::new(),
        many => {
            format!(
                " {many} more rows do less; all rates are in the table retaliation.CASE.csv, which a study can load."
            )
        }
    };
    let heads = ["Tariff", "From, %", "To, %", "Imports covered, USD million", "Harm, points", "Own gain, points"];
    Some(Exhibit {
        title: "Row by row".to_owned(),
        text: format!("What each row covers, and its part of harm and of own gain; parts add up.{left_out}"),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: heads.map(str::to_owned).to_vec(),
            words: 1,
            rows: moved.iter().take(SHOWN).map(row).collect(),
        }),
    })
}
