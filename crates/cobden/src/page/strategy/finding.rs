//! The finding of a study that asks governments several things: one paragraph, made from the numbers.

use cobden_report::scale::number;

use super::words;
use crate::answer::{Answer, CaseAnswer};
use crate::game::{
    AlignmentAnswer, CoalitionRow, CoalitionsAnswer, DealAnswer, JointAnswer, JointRow, PenaltyAnswer,
    RetaliationAnswer,
};
use crate::labels::{capital, in_sentence, listed};
use crate::page::story::usd;

/// Percentage points below which a difference is none to speak of.
const NOTICEABLE: f64 = 0.0005;

/// The paragraph; `None` where fewer than two questions have an answer: one speaks for itself.
pub(crate) fn finding(answer: &Answer) -> Option<String> {
    let solved = || answer.cases.iter().filter(|case| case.solver.converged);
    let first = |says: fn(&CaseAnswer) -> Option<String>| solved().find_map(says);
    let joint = first(|case| case.strategy.as_ref()?.joint.as_ref().and_then(joint));
    let deal = first(|case| case.strategy.as_ref()?.deal.as_ref().and_then(|found| deal(&case.name, found)));
    let coalitions = first(|case| case.strategy.as_ref()?.coalitions.as_ref().and_then(coalitions));
    let retaliation = first(|case| {
        let strategy = case.strategy.as_ref()?;
        strategy.retaliation.as_ref().and_then(|found| retaliation(&strategy.players, found))
    });
    let alignment = first(|case| {
        let strategy = case.strategy.as_ref()?;
        strategy.alignment.as_ref().and_then(|found| alignment(&strategy.players, found))
    });
    let parts: Vec<String> = [joint, deal, coalitions, retaliation, alignment].into_iter().flatten().collect();
    (parts.len() > 1).then(|| parts.join(" "))
}

fn names(codes: &[String]) -> String {
    words::name(&codes.join("+"))
}

/// Does a joint answer pay, for whom, and where does it come from.
fn joint(found: &JointAnswer) -> Option<String> {
    let members = found.rows.get(..found.members).filter(|members| !members.is_empty())?;
    let side = |sign: f64| -> Vec<String> {
        let rows = members.iter().filter(|row| sign * row.gain.pct >= NOTICEABLE);
        rows.map(|row| format!("{} {}", in_sentence(&row.country), number(row.gain.pct.abs(), 3))).collect()
    };
    let sides = [("brings", side(1.0)), ("costs", side(-1.0))];
    let sides = sides.iter().filter(|(_, side)| !side.is_empty());
    let verdict: Vec<String> = sides.map(|(verb, side)| format!("{verb} {}", listed(side))).collect();
    if verdict.is_empty() {
        return Some("Answering together changes next to nothing against answering separately.".to_owned());
    }
    let sum = |of: fn(&JointRow) -> Option<f64>| members.iter().map(of).sum::<Option<f64>>();
    let parts = sum(|row| row.punishment.usd_m).zip(sum(|row| row.opening.usd_m));
    let whence = parts.map(|(punishment, opening)| {
        format!(
            "; of what they gain together, {} comes from punishing jointly and {} from opening to each other",
            usd(punishment),
            usd(opening)
        )
    });
    Some(format!(
        "Answering together rather than separately {} percentage points{}.",
        verdict.join(" and "),
        whence.unwrap_or_default()
    ))
}

/// What a deal is worth and at whose expense, and what would deter it.
fn deal(case: &str, found: &DealAnswer) -> Option<String> {
    if !found.agreed {
        let parties = words::players(&found.signatories);
        return Some(format!("There is no deal from which {parties} would all gain."));
    }
    let each = found.signatories.iter().zip(&found.gains_pct);
    let worth: Vec<String> =
        each.map(|(name, gain)| format!("{} to {}", words::fine(*gain), words::name(name))).collect();
    let mut text = format!("The deal of “{case}” is worth {}", listed(&worth));
    let mut outsiders: Vec<_> = found.incidence.iter().filter(|row| !row.signatory).collect();
    outsiders
        .sort_by(|a, b| a.welfare_usd_m.unwrap_or(a.welfare_pct).total_cmp(&b.welfare_usd_m.unwrap_or(b.welfare_pct)));
    let lost: Vec<String> = outsiders
        .iter()
        .filter(|row| row.welfare_pct < -NOTICEABLE)
        .take(3)
        .map(|row| {
            let money = row.welfare_usd_m.map_or_else(|| words::fine(row.welfare_pct), |money| usd(-money));
            format!("{} {money}", in_sentence(&row.country))
        })
        .collect();
    text.push_str(&if lost.is_empty() {
        "; nobody else loses by it".to_owned()
    } else {
        format!("; it costs {}", listed(&lost))
    });
    text.push('.');
    if let Some(penalty) = found.penalties.iter().min_by(|a, b| a.by.len().cmp(&b.by.len())) {
        text.push(' ');
        text.push_str(&deterrent(penalty));
    }
    Some(text)
}

fn deterrent(penalty: &PenaltyAnswer) -> String {
    let (by, on) = (names(&penalty.by), in_sentence(&penalty.on));
    if !penalty.enough {
        return format!("No penalty by {by} would take all of {on}’s gain.");
    }
    let effects = penalty.by.iter().zip(&penalty.effects);
    let effects = effects.map(|(country, effect)| format!("{} {}", in_sentence(country), words::fine(effect.pct)));
    format!(
        "A penalty of {} points on its goods by {by} would deter {on}; carried out, it would change real income by: {}.",
        number(penalty.penalty_points, 1),
        listed(&effects.collect::<Vec<_>>())
    )
}

/// Would an alliance hold, and would it deter.
fn coalitions(found: &CoalitionsAnswer) -> Option<String> {
    let shown = found.coalitions.iter().find(|row| row.members == found.shown)?;
    let stable: Vec<String> = found
        .coalitions
        .iter()
        .filter(|row| {
            row.members.len() > 1 && row.internally_stable == Some(true) && row.externally_stable == Some(true)
        })
        .map(|row| format!("that of {}", names(&row.members)))
        .collect();
    let holds = match (shown.internally_stable?, shown.potentially_stable?) {
        (true, _) => "would hold".to_owned(),
        (false, true) => {
            format!("would lose {} unless the others pay for staying, which they can", names(&shown.leavers))
        }
        (false, false) => {
            format!("would lose {}, and no payment among its members can prevent it", names(&shown.leavers))
        }
    };
    let mut text = format!("An alliance of {} {holds}", names(&found.shown));
    text.push_str(&match stable.len() {
        0 => "; no alliance among those asked about is stable".to_owned(),
        1..=3 => format!("; stable is only {}", listed(&stable)),
        many => format!("; {many} alliances among those asked about are stable"),
    });
    text.push('.');
    text.extend(regret(found));
    text.extend(partners(found));
    Some(text)
}

/// ` It takes Japan and the European Union to make the United States regret its tariff.`
fn regret(found: &CoalitionsAnswer) -> Option<String> {
    let initiator = in_sentence(found.initiator.as_ref()?);
    if let Some(unanswered) = found.unanswered.filter(|unanswered| unanswered.pct < 0.0) {
        return Some(format!(
            " {} loses {}% by its tariff even if nobody answers.",
            capital(&initiator),
            number(-unanswered.pct, 2)
        ));
    }
    Some(match found.deterrence.as_ref().and_then(|found| found.coalitions.first()) {
        None => format!(" Not even all together make {initiator} regret its tariff."),
        Some((members, _)) if members.len() == 1 => {
            format!(" {} alone makes {initiator} regret its tariff.", capital(&names(members)))
        }
        Some((members, _)) => format!(" It takes {} to make {initiator} regret its tariff.", names(members)),
    })
}

/// With which one of the others each would rather stand, or alone: ` China would rather stand alone, Japan with Korea.`
fn partners(found: &CoalitionsAnswer) -> Option<String> {
    let players: Vec<String> =
        found.coalitions.iter().filter(|row| row.members.len() == 1).flat_map(|row| row.members.clone()).collect();
    let choice = |(at, player): (usize, &String)| {
        let payoff = |row: &&CoalitionRow| row.payoffs.get(at).map(|payoff| payoff.pct);
        let with = found.coalitions.iter().filter(|row| row.members.len() <= 2 && row.members.contains(player));
        let best = with.max_by(|a, b| payoff(a).partial_cmp(&payoff(b)).unwrap_or(std::cmp::Ordering::Equal))?;
        let partner = best.members.iter().find(|member| *member != player);
        let whom = partner.map_or_else(|| "alone".to_owned(), |partner| format!("with {}", in_sentence(partner)));
        Some(format!("{} {whom}", in_sentence(player)))
    };
    let choices: Vec<String> = players.iter().enumerate().map(choice).collect::<Option<_>>()?;
    (players.len() > 2).then(|| format!(" Of two, each would rather stand so: {}.", listed(&choices)))
}

/// What harm costs.
fn retaliation(players: &[String], found: &RetaliationAnswer) -> Option<String> {
    let (first, last) = (found.frontier.first()?, found.frontier.last()?);
    let (who, target) = (words::name(players.first()?), names(&found.targets));
    Some(format!(
        "The best retaliation of {who} takes {}% from {target} and changes its own real income by {}; the most its tariffs can take is {}%, which \
         changes its own by {}.",
        number(first.harm_pct, 3),
        words::fine(first.own_pct),
        number(last.harm_pct, 3),
        words::fine(last.own_pct)
    ))
}

/// Who is nearest to whom, and who is furthest.
fn alignment(players: &[String], found: &AlignmentAnswer) -> Option<String> {
    let pairs = (0..players.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
    let mut pairs: Vec<(f64, usize, usize)> =
        pairs.map(|(one, other)| (found.cosines[one][other], one, other)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let say = |(cosine, one, other): (f64, usize, usize)| {
        format!("{} and {} ({})", words::name(&players[one]), words::name(&players[other]), words::signed(cosine))
    };
    let (furthest, nearest) = (*pairs.first()?, *pairs.last()?);
    let mut text =
        format!("In what they want of tariffs, 1 being the same and −1 the opposite, nearest are {}", say(nearest));
    if pairs.len() > 1 {
        text.push_str(&format!(", furthest apart {}", say(furthest)));
    }
    Some(text + ".")
}
