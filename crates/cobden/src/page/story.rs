//! The answer in sentences, made from the numbers: who did what, who loses, who gains, what the answers change.

use cobden_report::scale::{number, signed};

use super::export_tax::Levied;
use super::strategy;
use super::trade_cost::Dearer;
use crate::answer::{Answer, CaseAnswer};
use crate::labels::{capital, in_sentence, listed};
use crate::study::{Deed, Move};

/// A change of real income below this, in per cent, is no change to speak of.
const NOTICEABLE: f64 = 0.005;

/// Who acts in a case, and how.
pub(crate) struct Plot {
    /// The case that the first move stands in.
    first_case: usize,
    /// Who moves first.
    pub(crate) openers: Vec<usize>,
    /// On whom.
    targets: Vec<usize>,
    /// Whether the first move raises tariffs.
    raises: bool,
    /// Who moves after that.
    pub(crate) followers: Vec<usize>,
    /// Whether the followers raise tariffs on those who moved first.
    answers: bool,
}

impl Plot {
    /// Reads the plot of the headline case out of its rows; `None` if none changes a tariff.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let moves: Vec<&Move> = answer.moves(answer.study.headline).into_iter().filter(|one| one.is_tariff()).collect();
        let first = *moves.first()?;
        let first_case = first.case;
        // Players of a game move at once.
        let at_once = |one: &&Move| one.case == first_case && first.deed == Deed::Chosen && one.deed == Deed::Chosen;
        let same = |one: &&Move| one.importers == first.importers || at_once(one);
        let (opening, rest): (Vec<&Move>, Vec<&Move>) = moves.into_iter().partition(same);
        let opening: Vec<&Move> = opening.into_iter().filter(|one| one.case == first_case).collect();
        let openers = unique(opening.iter().flat_map(|one| &one.importers));
        let followers = unique(rest.iter().flat_map(|one| &one.importers).filter(|country| !openers.contains(country)));
        let answers =
            rest.iter().any(|one| one.duty > 0.0 && openers.iter().any(|opener| one.exporters.contains(opener)));
        Some(Self {
            first_case,
            targets: unique(opening.iter().flat_map(|one| &one.exporters)),
            raises: opening.iter().map(|one| one.duty).sum::<f64>() >= 0.0,
            openers,
            followers,
            answers,
        })
    }

    /// `the United States raises tariffs on most countries and China and Japan answer`.
    fn clause(&self, answer: &Answer) -> String {
        let subject = self.subject(answer, &self.openers);
        let verb = verb(if self.raises { "raise" } else { "cut" }, plural(&subject));
        let mut clause = format!("{subject} {verb} tariffs{}", self.on_whom(answer));
        if !self.followers.is_empty() {
            let mut others = self.subject(answer, &self.followers);
            if sorted(&self.followers) == sorted(&self.others()) && self.followers.len() > 1 {
                "they".clone_into(&mut others);
            }
            let how = match (self.answers, self.raises) {
                (true, _) => verb_of("answer", &others),
                (false, true) => format!("{} theirs", verb_of("change", &others)),
                (false, false) => format!("{} theirs", verb_of("cut", &others)),
            };
            clause.push_str(&format!(" and {others} {how}"));
        }
        clause
    }

    fn subject(&self, answer: &Answer, countries: &[usize]) -> String {
        match countries.len() {
            many if many == answer.world.countries.len() => "all countries".to_owned(),
            many if many > 4 => format!("{many} countries"),
            _ => names(answer, countries),
        }
    }

    /// The targets; one who acts alone does not mean itself.
    fn others(&self) -> Vec<usize> {
        let itself = |target: &&usize| self.openers.len() != 1 || !self.openers.contains(target);
        self.targets.iter().filter(itself).copied().collect()
    }

    fn on_whom(&self, answer: &Answer) -> String {
        if self.targets == self.openers && self.targets.len() > 1 {
            return " on one another".to_owned();
        }
        let others = self.others();
        let partners = answer.world.countries.len().saturating_sub(1);
        match others.len() {
            many if many >= partners => " on everyone".to_owned(),
            many if 2 * many > partners && many > 4 => " on most countries".to_owned(),
            many if many > 4 => format!(" on {many} countries"),
            _ => format!(" on {}", names(answer, &others)),
        }
    }
}

/// The story of the headline case, the most telling sentence first.
pub(crate) fn sentences(answer: &Answer) -> Vec<String> {
    let Some(case) = answer.headline() else { return Vec::new() };
    if !case.solver.converged {
        return vec![format!(
            "The case “{}” was not solved: {}. Its numbers are withheld.",
            case.name, case.solver.stop
        )];
    }
    let welfare = case.welfare_pct();
    let (plot, levied, dearer) = (Plot::of(answer), Levied::of(answer), Dearer::of(answer));
    let others = levied.iter().map(|levied| &levied.clause).chain(dearer.iter().map(|dearer| &dearer.clause));
    let clauses: Vec<String> = plot.iter().map(|plot| plot.clause(answer)).chain(others.cloned()).collect();
    if clauses.is_empty() {
        return vec!["No tariff changes.".to_owned()];
    }
    let parties = match (&plot, &levied, &dearer) {
        (Some(plot), ..) => plot.openers.as_slice(),
        (None, Some(levied), _) => levied.countries.as_slice(),
        (None, None, Some(dearer)) => dearer.countries.as_slice(),
        (None, None, None) => &[],
    };
    let when = format!("When {}", clauses.join(", and "));
    if let Some((clause, players)) = strategy::headline_clause(answer) {
        let when = format!("When {clause}");
        return vec![opening(answer, case, &when, &players, &welfare), losers_and_gainers(answer, &welfare)];
    }
    let mut sentences = vec![opening(answer, case, &when, parties, &welfare), losers_and_gainers(answer, &welfare)];
    // Where export taxes or trade costs change as well, what the answers change cannot be told from that.
    if let (Some(plot), None, None) = (plot, levied, dearer) {
        sentences.extend(what_answers_change(answer, case, &plot, &welfare));
    }
    sentences
}

/// `When ..., real income in the United States falls by 0.42% and the world loses USD 190 bn a year.`
fn opening(answer: &Answer, case: &CaseAnswer, when: &str, parties: &[usize], welfare: &[f64]) -> String {
    let parties = if parties.len() > 3 { &[] } else { parties };
    let mut effects: Vec<String> = parties
        .iter()
        .filter_map(|&party| welfare.get(party).map(|&pct| (party, pct)))
        .enumerate()
        .map(|(position, (party, pct))| {
            let name = in_sentence(&answer.world.countries[party]);
            let what = if position == 0 { "real income " } else { "" };
            match pct {
                _ if pct.abs() < NOTICEABLE => format!("{what}in {name} hardly changes"),
                _ if pct < 0.0 => format!("{what}in {name} falls by {:.2}%", -pct),
                _ => format!("{what}in {name} rises by {pct:.2}%"),
            }
        })
        .collect();
    if let Some(total) = world_usd_million(answer, case) {
        let verb = if total < 0.0 { "loses" } else { "gains" };
        effects.push(format!("the world {verb} {} a year", usd(total.abs())));
    }
    if effects.is_empty() { format!("{when}.") } else { format!("{when}, {}.", listed(&effects)) }
}

/// `Canada loses most (-1.20%), then Mexico (-0.80%) and Vietnam (-0.60%). Brazil gains most (+0.10%).`
fn losers_and_gainers(answer: &Answer, welfare: &[f64]) -> String {
    let mut order: Vec<usize> = (0..welfare.len()).collect();
    order.sort_by(|&a, &b| welfare[a].total_cmp(&welfare[b]));
    let losers: Vec<usize> = order.iter().copied().filter(|&n| welfare[n] <= -NOTICEABLE).collect();
    let gainers: Vec<usize> = order.iter().rev().copied().filter(|&n| welfare[n] >= NOTICEABLE).collect();
    let lose = ranked(answer, welfare, &losers, "loses", "lose").unwrap_or_else(|| "Nobody loses.".to_owned());
    let gain = ranked(answer, welfare, &gainers, "gains", "gain").unwrap_or_else(|| "Nobody gains.".to_owned());
    format!("{lose} {gain}")
}

fn ranked(answer: &Answer, welfare: &[f64], order: &[usize], one: &str, many: &str) -> Option<String> {
    let item = |&n: &usize| format!("{} ({})", in_sentence(&answer.world.countries[n]), percent(welfare[n]));
    let (first, rest) = order.split_first()?;
    let name = capital(&in_sentence(&answer.world.countries[*first]));
    let verb = if plural(&name) { many } else { one };
    let only = if rest.is_empty() { "alone" } else { "most" };
    let mut sentence = format!("{name} {verb} {only} ({})", percent(welfare[*first]));
    let next: Vec<String> = rest.iter().take(2).map(item).collect();
    if !next.is_empty() {
        sentence.push_str(&format!(", then {}", listed(&next)));
    }
    Some(sentence + ".")
}

/// `Compared with “Announced rates”, the answers cost the United States 0.05, China 0.10 and Japan 0.02 points of real income.`
fn what_answers_change(answer: &Answer, case: &CaseAnswer, plot: &Plot, welfare: &[f64]) -> Option<String> {
    if plot.followers.is_empty() {
        return None;
    }
    let before =
        answer.cases.get(plot.first_case).filter(|before| before.solver.converged && before.name != case.name)?;
    let start = before.welfare_pct();
    let players: Vec<usize> = plot.openers.iter().chain(&plot.followers).copied().take(5).collect();
    let (mut cost, mut give) = (Vec::new(), Vec::new());
    for player in players {
        let change = welfare.get(player)? - start.get(player)?;
        let item = format!("{} {:.2}", in_sentence(&answer.world.countries[player]), change.abs());
        match change {
            _ if change <= -NOTICEABLE => cost.push(item),
            _ if change >= NOTICEABLE => give.push(item),
            _ => {}
        }
    }
    let mut parts = Vec::new();
    if !cost.is_empty() {
        parts.push(format!("cost {}", listed(&cost)));
    }
    if !give.is_empty() {
        parts.push(format!("give {}", listed(&give)));
    }
    let what = if plot.answers { "answers" } else { "further steps" };
    let against = format!("Compared with “{}”, the {what}", before.name);
    Some(match parts.as_slice() {
        [] => format!("{against} hardly change real income of those who act."),
        _ => format!("{against} {} percentage points of real income.", parts.join(" and ")),
    })
}

/// The sum of equivalent variations over all countries, USD million.
pub(crate) fn world_usd_million(answer: &Answer, case: &CaseAnswer) -> Option<f64> {
    let total: f64 = case.outcome.as_ref()?.countries.iter().map(|country| country.welfare_value).sum();
    answer.usd_million().map(|usd| usd * total)
}

/// An amount in USD million, with three digits or so: `USD 190 bn`, `USD 1.2 bn`, `USD 340 m`.
pub(crate) fn usd(million: f64) -> String {
    match million.abs() {
        amount if amount >= 99_500.0 => format!("USD {} bn", number(million / 1000.0, 0)),
        amount if amount >= 999.5 => format!("USD {} bn", number(million / 1000.0, 1)),
        _ => format!("USD {} m", number(million, 0)),
    }
}

/// `+0.12%`, with a true minus sign.
pub(crate) fn percent(value: f64) -> String {
    format!("{}%", signed(value, 2))
}

fn names(answer: &Answer, countries: &[usize]) -> String {
    let names: Vec<String> = countries.iter().map(|&n| in_sentence(&answer.world.countries[n])).collect();
    listed(&names)
}

fn plural(subject: &str) -> bool {
    subject == "they" || subject.contains(" and ") || subject.ends_with(" countries")
}

fn verb(stem: &str, plural: bool) -> String {
    if plural { stem.to_owned() } else { format!("{stem}s") }
}

fn verb_of(stem: &str, subject: &str) -> String {
    verb(stem, plural(subject))
}

fn sorted(countries: &[usize]) -> Vec<usize> {
    let mut sorted = countries.to_vec();
    sorted.sort_unstable();
    sorted
}

fn unique<'a>(countries: impl Iterator<Item = &'a usize>) -> Vec<usize> {
    let mut seen = Vec::new();
    for &country in countries {
        if !seen.contains(&country) {
            seen.push(country);
        }
    }
    seen
}
