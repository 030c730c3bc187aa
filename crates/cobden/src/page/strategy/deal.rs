//! Deals: what those who sign gain, who pays, what would make the others whole, what would deter it.

use cobden_report::scale::number;
use cobden_report::{Card, Chart, Exhibit, Measure, Plain, Step};

use super::words::{NOTICEABLE, coalition, fine, name, signed};
use super::{Told, asked};
use crate::game::{CompensationAnswer, DealAnswer, IncidenceRow, PenaltyAnswer};
use crate::labels::{capital, country, in_sentence, listed, sector};
use crate::page::usd;

/// Most outsiders in a chart, and most rows of a table of sectors.
const SHOWN: usize = 12;

pub(super) fn sentences(told: &Told<'_>, deal: &DealAnswer) -> Vec<String> {
    if !deal.agreed {
        return vec![
            "There is nothing to agree on: no change of these tariffs gives every party something.".to_owned(),
        ];
    }
    let gain = |(party, gain): (&String, &f64)| format!("{} {}", name(party), fine(*gain));
    let gains: Vec<String> = deal.signatories.iter().zip(&deal.gains_pct).map(gain).collect();
    let mut said = vec![format!(
        "What the deal does to those who sign it, in {} compared with {}: {}.",
        asked::goal(told),
        told.start(),
        listed(&gains)
    )];
    said.extend(outsiders(deal));
    said.extend(deal.penalties.iter().map(penalty));
    said
}

/// `Outside it 14 of 22 countries lose, Mexico most (−0.12%); together outsiders lose USD 2.1 bn a year.`
fn outsiders(deal: &DealAnswer) -> Option<String> {
    let outside: Vec<&IncidenceRow> = deal.incidence.iter().filter(|row| !row.signatory).collect();
    let worst = outside.iter().min_by(|a, b| a.welfare_pct.total_cmp(&b.welfare_pct))?;
    let best = outside.iter().max_by(|a, b| a.welfare_pct.total_cmp(&b.welfare_pct))?;
    let lose = outside.iter().filter(|row| row.welfare_pct <= -NOTICEABLE).count();
    let gain = outside.iter().filter(|row| row.welfare_pct >= NOTICEABLE).count();
    let most = |row: &IncidenceRow| format!("{} most ({})", in_sentence(&row.country), fine(row.welfare_pct));
    let mut said = match lose {
        0 => format!("Of the {} outside it none loses as much as {NOTICEABLE}%", outside.len()),
        1 => format!(
            "Of the {} outside it one loses: {} ({})",
            outside.len(),
            in_sentence(&worst.country),
            fine(worst.welfare_pct)
        ),
        many => format!("Of the {} outside it {many} lose, {}", outside.len(), most(worst)),
    };
    match gain {
        0 => {}
        1 => said.push_str(&format!(", and one gains: {} ({})", in_sentence(&best.country), fine(best.welfare_pct))),
        many => said.push_str(&format!(", and {many} gain, {}", most(best))),
    }
    let total: Option<f64> = outside.iter().map(|row| row.welfare_usd_m).sum();
    // Less than that is written as nothing.
    if let Some(total) = total.filter(|total| total.abs() >= 0.5) {
        let verb = if total < 0.0 { "lose" } else { "gain" };
        said.push_str(&format!(". Together outsiders {verb} {} a year", usd(total.abs())));
    }
    Some(said + ".")
}

/// `To make Japan regret its signature, China alone would have to put 62 points more on its goods, at a cost to China of 0.05% ...`
fn penalty(penalty: &PenaltyAnswer) -> String {
    let on = in_sentence(&penalty.on);
    let by = name(&penalty.by.join("+"));
    let who = if penalty.by.len() == 1 { format!("{by} alone") } else { format!("{by} together") };
    let effect = |(code, effect): (&String, &crate::game::Money)| format!("{} {}", in_sentence(code), fine(effect.pct));
    let what = listed(&penalty.by.iter().zip(&penalty.effects).map(effect).collect::<Vec<_>>());
    let points = number(penalty.penalty_points, 1);
    if penalty.enough {
        format!(
            "{who} would take all of what {on} gains with {points} points more on its goods; carrying that out changes real income by: {what}.",
            who = capital(&who)
        )
    } else {
        format!(
            "No penalty by {who} takes all of what {on} gains: the worst, {points} points more on its goods, leaves {}.",
            fine(penalty.gain_left_pct)
        )
    }
}

pub(super) fn exhibits(_told: &Told<'_>, deal: &DealAnswer) -> Vec<Exhibit> {
    if !deal.agreed {
        return Vec::new();
    }
    let exhibits = [Some(incidence(deal)), payments(deal), penalties(deal), compensation(deal), channels(deal)];
    exhibits.into_iter().flatten().collect()
}

/// Who gains and who pays: real income with the deal against without.
fn incidence(deal: &DealAnswer) -> Exhibit {
    let mut outside: Vec<&IncidenceRow> = deal.incidence.iter().filter(|row| !row.signatory).collect();
    outside.sort_by(|a, b| b.welfare_pct.abs().total_cmp(&a.welfare_pct.abs()));
    let left_out = outside.len().saturating_sub(SHOWN);
    outside.truncate(SHOWN);
    outside.sort_by(|a, b| a.welfare_pct.total_cmp(&b.welfare_pct));
    let bar = |row: &IncidenceRow| Step { label: country(&row.country), value: row.welfare_pct };
    let card = |name: &str, bars: Vec<Step>| Card {
        name: name.to_owned(),
        first: "Country".to_owned(),
        bars,
        total: Step::default(),
    };
    let signs = deal.incidence.iter().filter(|row| row.signatory).map(bar).collect();
    let left_out =
        if left_out > 0 { format!(" {left_out} outsiders that it moves least are not shown.") } else { String::new() };
    Exhibit {
        title: "Who gains and who pays".to_owned(),
        text: format!(
            "Real income with the deal against without it, in per cent. Each chart has a scale of its own.{left_out}"
        ),
        measure: Measure { decimals: 3, ..Measure::percent("Real income") },
        chart: Chart::Bars(vec![
            card("Those who sign", signs),
            card("Those outside", outside.into_iter().map(bar).collect()),
        ]),
    }
}

fn table(title: &str, text: &str, words: usize, columns: &[&str], rows: Vec<Vec<String>>) -> Option<Exhibit> {
    (!rows.is_empty()).then(|| Exhibit {
        title: title.to_owned(),
        text: text.to_owned(),
        measure: Measure::default(),
        chart: Chart::Plain(Plain { columns: columns.iter().map(|head| (*head).to_owned()).collect(), words, rows }),
    })
}

fn payments(deal: &DealAnswer) -> Option<Exhibit> {
    let payments = deal.payments_usd_m.as_ref()?;
    let row =
        |(party, paid): (&String, &f64)| vec![super::words::plain_name(party), cobden_report::scale::signed(*paid, 0)];
    let rows = deal.signatories.iter().zip(payments).map(row).collect();
    table(
        "Side payments",
        "What each is paid, beside what it gains by the tariffs; below zero, what it pays.",
        1,
        &["Party", "USD million a year"],
        rows,
    )
}

fn penalties(deal: &DealAnswer) -> Option<Exhibit> {
    let row = |penalty: &PenaltyAnswer| {
        let cost = |value: f64| signed(value);
        let costs: Vec<String> = penalty
            .by
            .iter()
            .zip(&penalty.effects)
            .map(|(code, effect)| format!("{} {}", country(code), cost(effect.pct)))
            .collect();
        vec![
            coalition(&penalty.by),
            country(&penalty.on),
            number(penalty.penalty_points, 1),
            if penalty.enough { "yes" } else { "no" }.to_owned(),
            signed(penalty.gain_left_pct),
            costs.join(", "),
        ]
    };
    table(
        "What would deter it",
        "The smallest penalty, in points on top of the tariffs of the deal, that takes from one who signs all it gains; where none does, the one that takes most. \
         Carrying it out changes the punishers’ real income by so many per cent.",
        2,
        &["Punishers", "Punished", "Points", "Enough", "Gain left, %", "Punishers’ real income, %"],
        deal.penalties.iter().map(row).collect(),
    )
}

fn compensation(deal: &DealAnswer) -> Option<Exhibit> {
    let row = |one: &CompensationAnswer| {
        let concession = one.concession.as_ref().map_or_else(
            || "none to make".to_owned(),
            |concession| {
                let cut = format!("{}%", number(concession.cut_pct, 1));
                if concession.enough { cut } else { format!("{cut}, not enough") }
            },
        );
        let money = one.money_usd_m.map_or_else(|| "–".to_owned(), |million| number(million, 0));
        vec![country(&one.country), cobden_report::scale::signed(-one.loss_pct, 3), money, concession]
    };
    table(
        "What would make outsiders whole",
        "The money that is worth what each loses, or by how much those who sign would have to cut every rate on its goods.",
        1,
        &["Country", "Real income, %", "USD million a year", "Cut of each rate"],
        deal.compensation.iter().take(SHOWN).map(row).collect(),
    )
}

/// The sectors abroad whose exports move most.
fn channels(deal: &DealAnswer) -> Option<Exhibit> {
    let signs = |code: &str| deal.incidence.iter().any(|row| row.signatory && row.country == code);
    let mut rows: Vec<_> = deal
        .channels
        .iter()
        .filter(|row| !signs(&row.country) && row.exports_usd_m.is_some_and(|value| value.abs() >= 1.0))
        .collect();
    let size = |value: Option<f64>| value.unwrap_or(0.0).abs();
    rows.sort_by(|a, b| size(b.exports_usd_m).total_cmp(&size(a.exports_usd_m)));
    let row = |row: &&crate::game::ChannelRow| {
        vec![
            country(&row.country),
            sector(&row.sector),
            row.exports_usd_m.map_or_else(|| "–".to_owned(), |value| cobden_report::scale::signed(value, 0)),
            signed(row.exports_pct),
            signed(row.output_pct),
        ]
    };
    table(
        "Where outsiders feel it",
        "The sectors of outsiders whose exports the deal moves most.",
        2,
        &["Country", "Sector", "Exports, USD million", "Exports, %", "Output, %"],
        rows.iter().take(SHOWN).map(row).collect(),
    )
}
