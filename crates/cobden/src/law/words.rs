//! Law in words: what a change does, to whom, on which goods, from when.

use std::collections::{BTreeMap, BTreeSet};

use cobden_measures::{
    Change, ChargedOn, Exempt, Extent, GivesWay, Levy, Name, OnClaim, Patterns, Period, Register, Terms, Verb,
};

use super::ask::partner_words;
use crate::labels::listed;

/// Most partners that are named in full; of more, codes are enough.
const NAMED: usize = 4;

/// What a change does, in one sentence without a stop: `25% on @us.autos (17 codes) from everyone, from 2025-04-03`.
pub fn change(register: &Register, change: &Change) -> String {
    let line = change.line.as_ref().map_or_else(String::new, |line| format!("{line}: "));
    let goods = if change.products.list.is_empty() {
        String::new()
    } else {
        format!(" on {}", products(register, &change.products))
    };
    let whom = if means_all(&change.partners) && by_partner(&change.verb) {
        String::new()
    } else {
        format!(" from {}", partners(register, &change.partners))
    };
    let (does, after) = match &change.verb {
        Verb::Set(terms) => (rates(register, terms), conditions(terms)),
        Verb::Suspend(None) => ("suspended: what is charged".to_owned(), String::new()),
        Verb::Suspend(Some(points)) => (format!("suspended: {points} points of what is charged"), String::new()),
        Verb::End { reason, refunds } => {
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!(" ({})", reason.replace('_', " ")));
            let refunds = if *refunds { ", what was paid is given back" } else { "" };
            (format!("ended{reason}: what is charged"), refunds.to_owned())
        }
        Verb::Exempt => ("exempt, whatever other acts say:".to_owned(), String::new()),
        Verb::Lift => ("suspensions and exemptions lifted:".to_owned(), String::new()),
    };
    let goods =
        if goods.is_empty() && matches!(change.verb, Verb::Exempt | Verb::Lift) { " all goods".into() } else { goods };
    let goods = if does.ends_with(':') { goods.replacen(" on ", " ", 1) } else { goods };
    let collected = change.collected_from.map_or_else(String::new, |day| format!(", collected from {day}"));
    let note = change.note.as_ref().map_or_else(String::new, |note| format!(" [{note}]"));
    format!("{line}{does}{goods}{whom}, {}{collected}{after}{note}", change.period)
}

fn by_partner(verb: &Verb) -> bool {
    matches!(verb, Verb::Set(terms) if terms.rates.iter().any(|(pattern, _)| pattern.is_some()))
}

fn means_all(patterns: &Patterns) -> bool {
    patterns.list.iter().all(|pattern| !pattern.exclude && pattern.name == Name::All)
}

/// The rates of a line: one, or those of partners that have the same one together.
fn rates(register: &Register, terms: &Terms) -> String {
    let mut by_rate: Vec<(String, Vec<String>)> = Vec::new();
    for (pattern, levy) in &terms.rates {
        let rate = levy_words(levy);
        let whom = pattern.as_ref().map(|pattern| match &pattern.name {
            Name::Several(group) => partner_words(register, &format!("@{group}")),
            Name::All => "all others".to_owned(),
            Name::One(code) => code.clone(),
        });
        match by_rate.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, partners)) => partners.extend(whom),
            None => by_rate.push((rate, whom.into_iter().collect())),
        }
    }
    let one = |(rate, partners): (String, Vec<String>)| {
        if partners.is_empty() { rate } else { format!("{rate} {}", partners.join(", ")) }
    };
    let said: Vec<String> = by_rate.into_iter().map(one).collect();
    said.join("; ")
}

fn levy_words(levy: &Levy) -> String {
    match levy {
        Levy::Rate(charge) => charge.to_string(),
        Levy::Quota(quota) => {
            let cobden_measures::Quota { volume, unit, period, inside, outside, .. } = quota;
            format!("{inside} within {volume} {unit} a {period} and {outside} beyond")
        }
    }
}

/// Ceilings, and what claims do.
fn conditions(terms: &Terms) -> String {
    let cap = terms.cap.map(|cap| format!("; at most {cap}% with the ordinary duty"));
    let claims = terms.on_claim.iter().map(|(claim, does)| match does {
        OnClaim::Exempt => format!("; trade that claims {claim} is exempt"),
        OnClaim::Share(share) => format!("; trade that claims {claim} pays on the {} share of its value", share.value),
    });
    cap.into_iter().chain(claims).collect()
}

/// Whom a list of patterns means: `everyone but China and Canada`.
pub fn partners(register: &Register, patterns: &Patterns) -> String {
    let words = |name: &Name| match name {
        Name::All => "everyone".to_owned(),
        Name::One(code) if patterns.list.len() > NAMED => code.clone(),
        Name::One(code) => partner_words(register, code),
        Name::Several(group) => partner_words(register, &format!("@{group}")),
    };
    split(patterns, words, "everyone")
}

/// Which goods a list of patterns means: `8703 and @us.auto_parts (130 codes)`.
pub fn products(register: &Register, patterns: &Patterns) -> String {
    let words = |name: &Name| match name {
        Name::All => "all goods".to_owned(),
        Name::One(code) => code.clone(),
        Name::Several(list) => match register.lists().get(list) {
            Some(known) => {
                let codes = known.codes.len();
                format!("@{list} ({codes} {})", if codes == 1 { "code" } else { "codes" })
            }
            None => format!("@{list}"),
        },
    };
    split(patterns, words, "all goods")
}

fn split(patterns: &Patterns, words: impl Fn(&Name) -> String, all: &str) -> String {
    let named = |exclude| {
        let of = patterns.list.iter().filter(move |pattern| pattern.exclude == exclude);
        of.map(|pattern| words(&pattern.name)).collect::<Vec<String>>()
    };
    let (within, without) = (named(false), named(true));
    let within = if within.is_empty() { all.to_owned() } else { listed(&within) };
    if without.is_empty() { within } else { format!("{within} but {}", listed(&without)) }
}

/// Partners by their codes, in as few words as say it: `everyone but CHN`, `the European Union, JPN`.
pub fn codes<'a>(register: &'a Register, codes: &[&'a str], all: &BTreeSet<&'a str>) -> String {
    let left: BTreeSet<&str> = codes.iter().copied().collect();
    let missing: Vec<&str> = all.difference(&left).copied().collect();
    if missing.is_empty() {
        return "everyone".to_owned();
    }
    if missing.len() < left.len() {
        return format!("everyone but {}", grouped(register, missing.into_iter().collect()));
    }
    grouped(register, left)
}

fn grouped<'a>(register: &'a Register, mut left: BTreeSet<&'a str>) -> String {
    let mut said = Vec::new();
    // The largest groups first, so that a smaller one inside takes nothing from them.
    let mut groups: Vec<_> = register.groups().iter().collect();
    groups.sort_by_key(|(name, group)| (std::cmp::Reverse(group.members.len()), (*name).clone()));
    for (name, group) in groups {
        let now: Vec<&str> = group
            .members
            .iter()
            .filter(|(_, period)| period.until == Period::ALWAYS.until)
            .map(|(code, _)| code.as_str())
            .collect();
        if now.len() > 2 && now.iter().all(|code| left.contains(code)) {
            left.retain(|code| !now.contains(code) && group.code.as_deref() != Some(code));
            said.push(partner_words(register, &format!("@{name}")));
        }
    }
    let few = left.len() + said.len() <= NAMED;
    said.extend(left.iter().map(|code| if few { partner_words(register, code) } else { (*code).to_owned() }));
    if few { listed(&said) } else { said.join(", ") }
}

/// To whom a measure yields: `us.232.* on the whole value, from 2025-06-04`.
pub fn gives_way(register: &Register, way: &GivesWay) -> String {
    let to: Vec<&str> = way.to.iter().map(|id| id.value.as_str()).collect();
    let on = match way.on {
        Extent::Whole => "the whole value",
        Extent::CoveredValue => "the value that is charged there",
    };
    let mut text = format!("{} on {on}", to.join(", "));
    if !way.partners.list.is_empty() {
        text.push_str(&format!(", for {}", partners(register, &way.partners)));
    }
    if !way.products.list.is_empty() {
        text.push_str(&format!(", on {}", products(register, &way.products)));
    }
    dated(text, way.period, way.cite.as_deref())
}

/// Which claim frees a good: `trade that claims usmca, from 2025-03-07`.
pub fn exempt(item: &Exempt) -> String {
    dated(format!("trade that claims {}", item.claim.value), item.period, item.cite.as_deref())
}

/// On which part of their value goods are charged: `@us.steel_derivatives (167 codes): the metal share`.
pub fn charged_on(register: &Register, item: &ChargedOn) -> String {
    let text = format!("{}: the {} share", products(register, &item.products), item.share.value);
    dated(text, item.period, item.cite.as_deref())
}

fn dated(mut text: String, period: Period, cite: Option<&str>) -> String {
    if period != Period::ALWAYS {
        text.push_str(&format!(", {period}"));
    }
    if let Some(cite) = cite {
        text.push_str(&format!(" ({cite})"));
    }
    text
}

/// The name of what a change does, as files write it.
pub fn verb(change: &Change) -> &'static str {
    match change.verb {
        Verb::Set(_) => "set",
        Verb::Suspend(_) => "suspend",
        Verb::End { .. } => "end",
        Verb::Exempt => "exempt",
        Verb::Lift => "lift",
    }
}

/// Rates by partner as files write them; one without a partner is for all that the change means.
pub(super) fn rate_map(terms: &Terms) -> BTreeMap<String, String> {
    let whom = |pattern: &Option<cobden_measures::Pattern>| {
        pattern.as_ref().map_or_else(|| "*".to_owned(), |pattern| pattern.written.value.clone())
    };
    terms.rates.iter().map(|(pattern, levy)| (whom(pattern), levy_words(levy))).collect()
}
