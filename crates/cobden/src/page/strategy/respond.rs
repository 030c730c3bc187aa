//! Best answers, alone or together, and answers by rule.

use super::words::{NOTICEABLE, effect, name, names, rates};

use super::{Told, asked, joint};
use crate::game::PlayerAnswer;
use crate::labels::{capital, listed};
use crate::study::RespondQuestion;

pub(super) fn sentences(told: &Told<'_>, question: &RespondQuestion) -> Vec<String> {
    let targets = asked::targets(told, &question.hand);
    let mut said = vec![format!("{}.{}", chosen(told, question, &targets), gives(told, &targets))];
    if question.matching.is_some() {
        said.extend(forgone(told));
    }
    said.extend(wanted(told));
    said.extend(told.strategy.joint.as_ref().and_then(joint::sentence));
    said.extend(several(told));
    said
}

/// `As one, China and Japan choose a mean tariff of 21.0% on the United States`.
fn chosen(told: &Told<'_>, question: &RespondQuestion, targets: &[usize]) -> String {
    let rate = |player: &PlayerAnswer| Some((name(&player.player), player.mean_rate_pct?));
    let players: Vec<(String, f64)> = told.strategy.by_player.iter().filter_map(rate).collect();
    let acting = if question.together { 1 } else { asked::own_players(told).len() };
    let (own, others) = players.split_at(players.len().min(acting));
    let who = listed(&own.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    let many = own.len() > 1 || who.contains(" and ");
    let (unit, thing) = if told.surcharge() { (" points", "surcharge") } else { ("%", "tariff") };
    let rates_of = |players: &[(String, f64)]| rates(players, unit, thing).unwrap_or_else(|| "no tariff".to_owned());
    let verb = match (question.matching.is_some(), many) {
        (true, true) => "put",
        (true, false) => "puts",
        (false, true) => "choose",
        (false, false) => "chooses",
    };
    let how = if question.together && who.contains(" and ") { "as one, " } else { "" };
    let on = if targets.is_empty() { String::new() } else { format!(" on {}", names(told.answer, targets)) };
    let answer = if others.len() > 1 { "answer" } else { "answers" };
    let back = if others.is_empty() { String::new() } else { format!(", which {answer} with {}", rates_of(others)) };
    capital(&format!("{how}{who} {verb} {}{on}{back}", rates_of(own)))
}

/// What they gain in their own terms, where that is not real income.
fn wanted(told: &Told<'_>) -> Option<String> {
    let goal = asked::goal(told);
    let gains: Vec<(String, f64)> =
        told.strategy.by_player.iter().map(|player| (name(&player.player), player.gain_pct)).collect();
    let effect = effect(&gains, "percentage points")?;
    (goal != asked::REAL_INCOME).then(|| format!("Of what they want, {goal}, it {effect}."))
}

fn several(told: &Told<'_>) -> Option<String> {
    let (what, which) = match told.strategy.players.len() {
        1 => ("optima", "the best"),
        _ => ("equilibria", "the first"),
    };
    let many = told.strategy.equilibria;
    (many > 1).then(|| format!("The starts led to {many} different {what}; this is {which} of them."))
}

/// ` Compared with “US 20%”, that gives China 0.03 and costs the United States 0.06 percentage points of real income.`
fn gives(told: &Told<'_>, targets: &[usize]) -> String {
    let players = told.strategy.players.iter().flat_map(|player| super::words::members(told.answer, player));
    let mut countries: Vec<usize> = players.collect();
    countries.extend(targets.iter().filter(|n| !countries.contains(n)).copied().collect::<Vec<_>>());
    let gains = told.gains(&countries);
    if gains.is_empty() {
        return String::new();
    }
    let what = effect(&gains, "percentage points of real income")
        .unwrap_or_else(|| "hardly changes their real income".to_owned());
    format!(" Compared with {}, that {what}.", told.start())
}

/// What following a rule forgoes.
fn forgone(told: &Told<'_>) -> Option<String> {
    let item = |player: &PlayerAnswer| Some((name(&player.player), player.best_response_gain_pct?));
    let forgone: Vec<(String, f64)> = told.strategy.by_player.iter().filter_map(item).collect();
    let largest = forgone.iter().map(|(_, gain)| *gain).fold(f64::NEG_INFINITY, f64::max);
    match effect(&forgone, "percentage points more") {
        None if forgone.is_empty() => None,
        None => Some(format!(
            "The rule forgoes next to nothing: less than {NOTICEABLE} percentage points by any player ({}).",
            super::words::tiny(largest)
        )),
        Some(effect) => Some(format!(
            "The rule forgoes something: to choose its own tariffs in its place {effect} percentage points more."
        )),
    }
}
