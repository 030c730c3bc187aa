//! Who would stand with whom, and whether it would hold.

use cobden_report::scale::number;
use cobden_report::{Chart, Exhibit, Mark, Measure, Place, Plain, Standing, Standings};

use super::words::{coalition, signed};
use super::{Told, joint, talks};
use crate::game::{CoalitionRow as Found, CoalitionsAnswer, DeterrenceAnswer, OfferAnswer};
use crate::labels::{capital, country, in_sentence, listed};
use crate::page::{percent, usd};

/// Most coalitions in a table for people; all of them are in `coalitions.csv`.
const SHOWN: usize = 16;
/// Most coalitions named in a sentence.
const NAMED: usize = 3;

/// Whether a coalition holds, in a word or two.
pub(crate) fn holds(row: &Found) -> &'static str {
    match (row.internally_stable, row.externally_stable, row.potentially_stable) {
        (Some(true), Some(true), _) => "yes",
        (Some(true), _, _) => "yes, and grows",
        (Some(false), _, Some(true)) => "with payments",
        (Some(false), ..) => "no",
        (None, ..) => "not known",
    }
}

/// The coalitions that people want to see, in order: all if they are few, else each country by itself, the one shown, those that hold, all together.
pub(crate) fn notable(found: &CoalitionsAnswer) -> Vec<&Found> {
    let all: Vec<&Found> = found.coalitions.iter().collect();
    if all.len() <= SHOWN {
        return all;
    }
    let most = all.iter().map(|row| row.members.len()).max().unwrap_or(0);
    let must = |row: &&Found| row.members.len() == 1 || row.members.len() == most || row.members == found.shown;
    let room = SHOWN.saturating_sub(all.iter().filter(|row| must(row)).count());
    // The largest that hold say most.
    let mut stable: Vec<&Found> =
        all.iter().copied().filter(|row| !must(row) && row.internally_stable == Some(true)).collect();
    stable.sort_by_key(|row| std::cmp::Reverse(row.members.len()));
    stable.truncate(room);
    all.into_iter().filter(|row| must(row) || stable.contains(row)).collect()
}

pub(super) fn sentences(told: &Told<'_>, found: &CoalitionsAnswer) -> Vec<String> {
    let mut said: Vec<String> = shown(found).into_iter().collect();
    said.extend(which_hold(found));
    said.extend(deterrence(told, found));
    if let Some(joint) = &found.joint {
        said.extend(
            joint::sentence(joint).map(|sentence| format!("{}: {}", coalition(&found.shown), lower(&sentence))),
        );
    }
    said.extend(found.offers.first().map(split));
    let what = format!("the tariffs agreed among {}", few(&found.shown));
    said.extend(told.strategy.patience.as_ref().map(|patience| talks::sentence(patience, &what)));
    said
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn names(members: &[String]) -> String {
    listed(&members.iter().map(|code| in_sentence(code)).collect::<Vec<_>>())
}

/// All of them by name if they are few.
fn few(members: &[String]) -> String {
    if members.len() <= NAMED { names(members) } else { format!("{} members", members.len()) }
}

/// Whether the coalition shown holds.
fn shown(found: &CoalitionsAnswer) -> Option<String> {
    let row = found.coalitions.iter().find(|row| row.members == found.shown).filter(|row| row.members.len() > 1)?;
    let who = names(&row.members);
    let would = |codes: &[String], what: &str| format!("{} {what}", names(codes));
    Some(match (row.internally_stable?, row.potentially_stable?) {
        (true, _) if row.joiners.is_empty() => {
            format!("A coalition of {who} holds: nobody gains by leaving it, nobody by joining.")
        }
        (true, _) => format!(
            "A coalition of {who} holds: nobody gains by leaving it, and {} by joining.",
            would(&row.joiners, if row.joiners.len() == 1 { "gains" } else { "gain" })
        ),
        (false, payable) => {
            let leave = would(&row.leavers, if row.leavers.len() == 1 { "gains" } else { "gain" });
            let pay = if payable {
                "Payments among members could keep it together"
            } else {
                "No payments among members can keep it together"
            };
            format!("A coalition of {who} does not hold: {leave} by leaving it. {pay}.")
        }
    })
}

/// How many hold, and the largest of them.
fn which_hold(found: &CoalitionsAnswer) -> Option<String> {
    let several: Vec<&Found> = found.coalitions.iter().filter(|row| row.members.len() > 1).collect();
    if several.len() < 2 {
        return None;
    }
    let mut stable: Vec<&Found> = several.iter().copied().filter(|row| row.internally_stable == Some(true)).collect();
    let payable = several
        .iter()
        .filter(|row| row.internally_stable == Some(false) && row.potentially_stable == Some(true))
        .count();
    stable.sort_by_key(|row| std::cmp::Reverse(row.members.len()));
    let first: Vec<String> = stable.iter().take(NAMED).map(|row| coalition(&row.members)).collect();
    let more = if stable.len() > NAMED { " among them" } else { "" };
    let hold = match stable.len() {
        0 => "none holds by itself".to_owned(),
        1 => format!("one holds by itself: {}", listed(&first)),
        many => format!("{many} hold by themselves,{more} {}", listed(&first)),
    };
    let pay = match payable {
        0 => String::new(),
        1 => "; one more would with payments among its members".to_owned(),
        many => format!("; {many} more would with payments among their members"),
    };
    Some(format!("Of the {} coalitions of two or more, {hold}{pay}.", several.len()))
}

/// What it takes for the one who began to regret it.
fn deterrence(told: &Told<'_>, found: &CoalitionsAnswer) -> Option<String> {
    let code = found.initiator.as_ref()?;
    let initiator = in_sentence(code);
    let before = told.answer.world.countries.index(code).and_then(|n| told.before(n));
    if let Some(before) = before.filter(|before| *before < 0.0) {
        let had = percent(before);
        return Some(capital(&format!(
            "{initiator} may regret its tariff already: before anybody answers it has {had}."
        )));
    }
    if found.coalitions.iter().any(|row| row.initiator.is_none()) {
        return None;
    }
    let Some(DeterrenceAnswer { coalitions }) = &found.deterrence else {
        return Some(format!("Not even all of them together leave {initiator} worse off than without its tariff."));
    };
    let (members, payoff) = coalitions.first()?;
    let payoff = percent(payoff.pct);
    let others = match found.outside {
        "passive" => "the others keeping their tariffs",
        "merge" => "the others standing together as well",
        _ if members.len() == 1 => {
            let each = "It takes no coalition to make";
            return Some(format!(
                "{each} {initiator} regret its tariff: where each answers for itself it has {payoff}."
            ));
        }
        _ => "the others answering each for itself",
    };
    let who = if members.len() == 1 { "alone" } else { "together" };
    let more = match coalitions.len() - 1 {
        0 => String::new(),
        1 => " One other coalition of that size is enough too.".to_owned(),
        many => format!(" {many} other coalitions of that size are enough too."),
    };
    Some(format!(
        "The fewest who make {initiator} regret its tariff are {} {who}, {others}: it then has {payoff}.{more}",
        names(members)
    ))
}

/// The cheapest offer that splits the coalition shown.
fn split(offer: &OfferAnswer) -> String {
    let member = capital(&in_sentence(&offer.member));
    let price = match offer.payment.usd_m {
        Some(million) => format!("{} a year", usd(million)),
        None => format!("{}% of its income", number(offer.payment.pct, 2)),
    };
    if offer.payment.pct <= 0.0 {
        return format!(
            "It takes no offer to split the coalition shown: {} leaves for nothing.",
            in_sentence(&offer.member)
        );
    }
    let payer = match (&offer.best_payer, offer.net_usd_m) {
        (Some(payer), Some(net)) if net > 0.0 => {
            format!("; {} would pay that and be {} better off", in_sentence(payer), usd(net))
        }
        (Some(_), Some(_)) => "; to nobody outside is that worth its price".to_owned(),
        _ => String::new(),
    };
    format!("The cheapest way to split the coalition shown: {member} leaves for {price}{payer}.")
}

pub(super) fn exhibits(told: &Told<'_>, found: &CoalitionsAnswer) -> Vec<Exhibit> {
    std::iter::once(standings(told, found)).chain(divisions(told, found)).collect()
}

/// Real income by coalition, with who would leave and who would join.
fn standings(told: &Told<'_>, found: &CoalitionsAnswer) -> Exhibit {
    let players = &told.strategy.players;
    let rows = notable(found);
    let left_out = found.coalitions.len() - rows.len();
    let place = |row: &Found, code: &String, at: usize| Place {
        value: row.payoffs.get(at).map_or(f64::NAN, |payoff| payoff.pct),
        inside: row.members.contains(code),
        mark: match (row.leavers.contains(code), row.joiners.contains(code)) {
            (true, _) => Some(Mark::Leaves),
            (_, true) => Some(Mark::Joins),
            _ => None,
        },
    };
    let initiator =
        |row: &Found| Place { value: row.initiator.map_or(f64::NAN, |payoff| payoff.pct), ..Place::default() };
    let standing = |row: &&Found| Standing {
        name: coalition(&row.members),
        places: (players.iter().enumerate().map(|(at, code)| place(row, code, at)))
            .chain(found.initiator.iter().map(|_| initiator(row)))
            .collect(),
        remarks: vec![holds(row).to_owned()],
        shown: row.members == found.shown,
    };
    let outside = match found.outside {
        "passive" => "Those outside keep their tariffs.",
        "merge" => "Those outside stand together as well.",
        _ => "Those outside answer each for itself.",
    };
    let left_out = match left_out {
        0 => String::new(),
        many => format!(" {many} more are in coalitions.csv."),
    };
    Exhibit {
        title: "Real income by coalition".to_owned(),
        text: format!(
            "Per cent against the baseline; each column has a scale of its own, its ends are written above. A filled square is a member, an open circle \
             stands outside. {outside} “Leaves” and “joins” mark who would gain by that. “Holds”: whether nobody gains by leaving; “grows” where somebody \
             gains by joining; “with payments” where members can pay one another enough. The shaded row is the case.{left_out}"
        ),
        measure: Measure::percent("Real income"),
        chart: Chart::Standings(Standings {
            players: players.iter().chain(&found.initiator).map(|code| country(code)).collect(),
            remarks: vec!["Holds".to_owned()],
            rows: rows.iter().map(standing).collect(),
        }),
    }
}

/// What each has alone, with all, and what it could claim of what all have together.
fn divisions(told: &Told<'_>, found: &CoalitionsAnswer) -> Option<Exhibit> {
    let shapley = found.shapley.as_ref()?;
    let row_of = |members: &dyn Fn(&Found) -> bool| found.coalitions.iter().find(|row| members(row));
    let all = row_of(&|row| row.members.len() == told.strategy.players.len())?;
    let core = found.core.as_ref();
    let row = |(at, code): (usize, &String)| {
        let alone = row_of(&|row| row.members.len() == 1 && row.members.contains(code));
        let pct = |payoff: Option<f64>| payoff.map_or_else(|| "–".to_owned(), signed);
        vec![
            country(code),
            pct(alone.and_then(|row| row.payoffs.get(at)).map(|payoff| payoff.pct)),
            pct(all.payoffs.get(at).map(|payoff| payoff.pct)),
            pct(shapley.get(at).map(|share| share.pct)),
            pct(core.and_then(|core| core.nucleolus.get(at)).map(|share| share.pct)),
        ]
    };
    let objects = core.map(|core| match core.exists {
        true => " Some division leaves no coalition anything to object to.",
        false => " Every division leaves some coalition that would do better by itself.",
    });
    let columns = ["Player", "Nobody together", "All together", "Shapley value", "Nucleolus"];
    Some(Exhibit {
        title: "Dividing what all have together".to_owned(),
        text: format!(
            "Real income in per cent against the baseline. The last two columns divide the income of all together: by what each adds on average, and so that \
             the coalition with most to object to has as little as possible.{}",
            objects.unwrap_or_default()
        ),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: columns.map(str::to_owned).to_vec(),
            words: 1,
            rows: told.strategy.players.iter().enumerate().map(row).collect(),
        }),
    })
}
