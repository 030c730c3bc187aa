//! The finding of a study that asks governments several things: one paragraph, made from the numbers.

use cobden_report::scale::{number, signed};

use super::story::usd;
use crate::answer::{Answer, CaseAnswer};
use crate::game::{AlignmentAnswer, CoalitionsAnswer, DealAnswer, JointAnswer, PenaltyAnswer, RetaliationAnswer};
use crate::labels::{capital, in_sentence, listed};

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

/// `+0.046`, or nothing to speak of.
fn points(pct: f64) -> String {
    signed(pct, if pct.abs() < 0.1 { 3 } else { 2 })
}

fn names(codes: &[String]) -> String {
    listed(&codes.iter().map(|code| in_sentence(code)).collect::<Vec<_>>())
}

/// Of a player: `CHN`, or `CHN+JPN`.
fn player(name: &str) -> String {
    names(&name.split('+').map(str::to_owned).collect::<Vec<_>>())
}

/// Does a joint answer pay, for whom, and where does it come from.
fn joint(found: &JointAnswer) -> Option<String> {
    // The last rows are those who are answered.
    let members: Vec<_> = found.rows.iter().filter(|row| row.gain.usd_m.is_some()).collect();
    let (pays, costs): (Vec<_>, Vec<_>) = members
        .iter()
        .take(found.members)
        .filter(|row| row.gain.pct.abs() >= NOTICEABLE)
        .partition(|row| row.gain.pct > 0.0);
    let item = |row: &&&crate::game::JointRow| {
        format!("{} {} percentage points", in_sentence(&row.country), number(row.gain.pct.abs(), 3))
    };
    let verdict = match (pays.as_slice(), costs.as_slice()) {
        ([], []) => return Some("Answering together changes next to nothing against answering separately.".to_owned()),
        (pays, []) => format!("brings {}", listed(&pays.iter().map(item).collect::<Vec<_>>())),
        ([], costs) => format!("costs {}", listed(&costs.iter().map(item).collect::<Vec<_>>())),
        (pays, costs) => format!(
            "brings {} and costs {}",
            listed(&pays.iter().map(item).collect::<Vec<_>>()),
            listed(&costs.iter().map(item).collect::<Vec<_>>())
        ),
    };
    let sum = |of: fn(&crate::game::JointRow) -> Option<f64>| -> f64 {
        members.iter().take(found.members).filter_map(|row| of(row)).sum()
    };
    let (punishment, opening) = (sum(|row| row.punishment.usd_m), sum(|row| row.opening.usd_m));
    let whence = format!(
        "of what they gain together, {} comes from punishing jointly and {} from opening to each other",
        usd(punishment),
        usd(opening)
    );
    Some(format!("Answering together rather than separately {verdict}; {whence}."))
}

/// What a deal is worth and at whose expense, and what would deter it.
fn deal(case: &str, found: &DealAnswer) -> Option<String> {
    if !found.agreed {
        let parties = listed(&found.signatories.iter().map(|name| player(name)).collect::<Vec<_>>());
        return Some(format!("There is no deal from which {parties} would all gain."));
    }
    let each = found.signatories.iter().zip(&found.gains_pct);
    let worth: Vec<String> = each.map(|(name, gain)| format!("{}% to {}", points(*gain), player(name))).collect();
    let mut text = format!("The deal of “{case}” is worth {}", listed(&worth));
    let mut outsiders: Vec<_> = found.incidence.iter().filter(|row| !row.signatory).collect();
    outsiders
        .sort_by(|a, b| a.welfare_usd_m.unwrap_or(a.welfare_pct).total_cmp(&b.welfare_usd_m.unwrap_or(b.welfare_pct)));
    let lost: Vec<String> = outsiders
        .iter()
        .filter(|row| row.welfare_pct < -NOTICEABLE)
        .take(3)
        .map(|row| {
            let money = row.welfare_usd_m.map_or_else(|| format!("{}%", points(row.welfare_pct)), |money| usd(-money));
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
    let (by, on) = (capital(&names(&penalty.by)), in_sentence(&penalty.on));
    if !penalty.enough {
        return format!("No penalty of {by} alone would take all of {on}’s gain.");
    }
    let own: f64 = penalty.effects.iter().map(|effect| effect.pct).sum::<f64>() / penalty.effects.len().max(1) as f64;
    let whom =
        if own < 0.0 { format!("cost it {}%", number(-own, 3)) } else { format!("even bring it {}%", number(own, 3)) };
    format!(
        "{by} would deter it with a penalty of {} points on all goods from {on}, which would {whom} of its own real income.",
        number(penalty.penalty_points, 1)
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
        let payoff = |row: &&crate::game::CoalitionRow| row.payoffs.get(at).map(|payoff| payoff.pct);
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
    let who = capital(&player(players.first()?));
    let target = names(&found.targets);
    Some(format!(
        "{who}’s best retaliation gains it {}% and takes {}% from {target}; the most its tariffs can take is {}%, at a cost of {}% to itself.",
        number(first.own_pct, 3),
        number(first.harm_pct, 3),
        number(last.harm_pct, 3),
        number(-last.own_pct, 3)
    ))
}

/// Who is nearest to whom, and who is furthest.
fn alignment(players: &[String], found: &AlignmentAnswer) -> Option<String> {
    let pairs = (0..players.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
    let mut pairs: Vec<(f64, usize, usize)> =
        pairs.map(|(one, other)| (found.cosines[one][other], one, other)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let say = |(cosine, one, other): (f64, usize, usize)| {
        format!("{} and {} ({})", player(&players[one]), player(&players[other]), signed(cosine, 2))
    };
    let (furthest, nearest) = (*pairs.first()?, *pairs.last()?);
    let mut text =
        format!("In what they want of tariffs, 1 being the same and −1 the opposite, nearest are {}", say(nearest));
    if pairs.len() > 1 {
        text.push_str(&format!(", furthest apart {}", say(furthest)));
    }
    Some(text + ".")
}
