//! How far governments want the same, and which reforms help them all.

use cobden_report::scale::number;
use cobden_report::{Chart, Exhibit, Grid, Measure, Plain};

use super::Told;
use super::words::{cells, fine, name, plain_name, signed};
use crate::game::{AlignmentAnswer, ReformAnswer, ReformMove, ShareAnswer};
use crate::labels::listed;
use crate::page::usd;

/// A government that could gain less than this by the reform it likes best, in points per per cent, is at the top: its cosines mean nothing.
const AT_TOP: f64 = 1e-6;

pub(super) fn sentences(told: &Told<'_>, found: &AlignmentAnswer) -> Vec<String> {
    let governments = &told.strategy.players;
    let mut said: Vec<String> = pairs(governments, found).into_iter().collect();
    said.push(format!(
        "Of all small reforms of these tariffs {} help all of them; of {} drawn with a size of {}%, {} do.",
        share(&found.small_reforms),
        found.drawn,
        number(100.0 * found.size, 1),
        share(&found.all_gain)
    ));
    match found.moves.first() {
        Some(best) => {
            said.push(format!("The best single move for all: {}. {}", moves(told, best), gains(governments, best)))
        }
        None => said.push(format!("No single move of {} points helps all of them.", number(found.step_points, 1))),
    }
    said.extend(found.best_together.as_ref().and_then(|best| together(governments, best)));
    said
}

/// Who is closest, who is furthest apart.
fn pairs(governments: &[String], found: &AlignmentAnswer) -> Option<String> {
    let known = |at: usize| found.pulls_pct.get(at).is_some_and(|pull| *pull >= AT_TOP);
    let mut pairs = Vec::new();
    for one in 0..governments.len() {
        pairs
            .extend((one + 1..governments.len()).filter(|other| known(one) && known(*other)).map(|other| (one, other)));
    }
    let cosine = |pair: &&(usize, usize)| found.cosines[pair.0][pair.1];
    let closest = pairs.iter().max_by(|a, b| cosine(a).total_cmp(&cosine(b)))?;
    let furthest = pairs.iter().min_by(|a, b| cosine(a).total_cmp(&cosine(b)))?;
    let both = |pair: &(usize, usize)| format!("{} and {}", name(&governments[pair.0]), name(&governments[pair.1]));
    let (near, far) = (cosine(&closest), cosine(&furthest));
    if pairs.len() == 1 {
        let what = match near {
            cosine if cosine >= 0.5 => "want much the same",
            cosine if cosine > -0.5 => "want neither the same nor the opposite",
            _ => "want nearly the opposite",
        };
        return Some(format!(
            "{} {what}: the cosine of their wishes is {}.",
            crate::labels::capital(&both(closest)),
            signed(near)
        ));
    }
    Some(format!(
        "The closest are {} (cosine {}), the furthest apart {} ({}).",
        both(closest),
        signed(near),
        both(furthest),
        signed(far)
    ))
}

/// `23%`, `23% ± 1`.
fn share(share: &ShareAnswer) -> String {
    let percent = format!("{}%", number(100.0 * share.share, 0));
    // Less than that is written as nothing.
    if share.standard_error >= 0.0005 {
        format!("{percent} (± {})", number(100.0 * share.standard_error, 1))
    } else {
        percent
    }
}

/// `Japan on the United States, motor vehicles: 15.0% to 10.0%, for ...`.
fn moves(told: &Told<'_>, reform: &ReformAnswer) -> String {
    let one = |one: &ReformMove| {
        let what = cells(told.answer, &one.importers, &one.exporters, &one.sectors);
        format!("{what}: {}% to {}%", number(one.from_pct, 1), number(one.to_pct, 1))
    };
    reform.moves.iter().map(one).collect::<Vec<_>>().join(", for ")
}

fn gains(governments: &[String], reform: &ReformAnswer) -> String {
    let each: Vec<String> = governments
        .iter()
        .zip(&reform.gains_pct)
        .map(|(player, gain)| format!("{} {}", name(player), signed4(*gain)))
        .collect();
    format!("Gains in percentage points: {}.", listed(&each))
}

fn signed4(value: f64) -> String {
    cobden_report::scale::signed(value, 4)
}

fn together(governments: &[String], best: &ReformAnswer) -> Option<String> {
    let surplus = best.surplus_usd_m?;
    let sacrifice = best.sacrifice.filter(|sacrifice| *sacrifice > 0.0);
    let sacrifice = sacrifice
        .map(|sacrifice| format!(", losers losing {} for each dollar that winners gain", number(sacrifice, 2)));
    let each: Vec<String> = governments
        .iter()
        .zip(&best.gains_pct)
        .map(|(player, gain)| format!("{} {}", name(player), fine(*gain)))
        .collect();
    Some(format!(
        "The reform of that size that is best for the sum yields them {} a year{}: {}.",
        usd(surplus),
        sacrifice.unwrap_or_default(),
        listed(&each)
    ))
}

pub(super) fn exhibits(told: &Told<'_>, found: &AlignmentAnswer) -> Vec<Exhibit> {
    let lists =
        [("The best single moves for all", &found.moves), ("The best exchanges of concessions", &found.exchanges)];
    let lists = lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(title, list)| reforms(told, title, list));
    [cosines(told, found), each(told, found)].into_iter().chain(lists).collect()
}

fn cosines(told: &Told<'_>, found: &AlignmentAnswer) -> Exhibit {
    let names: Vec<String> = told.strategy.players.iter().map(|player| plain_name(player)).collect();
    Exhibit {
        title: "How far they want the same".to_owned(),
        text: format!(
            "Cosine of the directions in which each wants {} tariffs to move: +1 the same, 0 neither, −1 the opposite. Blue agrees, brown does not.",
            found.levers
        ),
        measure: Measure { name: "Cosine".to_owned(), unit: String::new(), decimals: 2, note: String::new() },
        chart: Chart::Grid(Grid {
            first: "Government".to_owned(),
            columns: names.clone(),
            rows: names.into_iter().zip(found.cosines.iter().cloned()).collect(),
        }),
    }
}

fn each(told: &Told<'_>, found: &AlignmentAnswer) -> Exhibit {
    let row = |(at, player): (usize, &String)| {
        let pull = found.pulls_pct.get(at).map_or_else(|| "–".to_owned(), |pull| number(*pull, 4));
        vec![plain_name(player), pull, found.each_gains.get(at).map_or_else(|| "–".to_owned(), share)]
    };
    let top = if found.pulls_pct.iter().any(|pull| *pull < AT_TOP) {
        " One that has next to nothing to gain is at its top: its cosines mean nothing."
    } else {
        ""
    };
    Exhibit {
        title: "What each could gain".to_owned(),
        text: format!(
            "What each gains by the reform it likes best, in points for each per cent that tariffs move, and how many of the reforms drawn it gains from.{top}"
        ),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: ["Government", "Could gain, points", "Reforms it gains from"].map(str::to_owned).to_vec(),
            words: 1,
            rows: told.strategy.players.iter().enumerate().map(row).collect(),
        }),
    }
}

fn reforms(told: &Told<'_>, title: &str, reforms: &[ReformAnswer]) -> Exhibit {
    let heads = told.strategy.players.iter().map(|player| format!("{}, points", plain_name(player)));
    let row = |reform: &ReformAnswer| {
        let gains = reform.gains_pct.iter().map(|gain| signed4(*gain));
        let surplus =
            reform.surplus_usd_m.map_or_else(|| "–".to_owned(), |million| cobden_report::scale::signed(million, 0));
        std::iter::once(moves(told, reform)).chain(gains).chain([surplus]).collect()
    };
    Exhibit {
        title: title.to_owned(),
        text: "Each solved exactly; the one that helps the least winner most comes first. The last column is what they gain together.".to_owned(),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: std::iter::once("What moves".to_owned()).chain(heads).chain(["USD million".to_owned()]).collect(),
            words: 1,
            rows: reforms.iter().map(row).collect(),
        }),
    }
}
