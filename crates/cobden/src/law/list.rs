//! The measures of a register, one line each.

use std::borrow::Cow;

use cobden_measures::{Act, Date, Measure, Register, State, Status, View};
use cobden_world::Problem;
use serde::Serialize;

use super::ask;
use super::document::{day_or_none, json, table};
use super::sources::status_name;

/// Which measures are listed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only what this importer levies.
    pub importer: Option<String>,
    /// Only under this authority.
    pub authority: Option<String>,
    /// Only with acts of this status.
    pub status: Option<Status>,
}

/// One measure in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Who levies it.
    pub importer: String,
    /// The legal family.
    pub authority: String,
    /// What people call it.
    pub title: String,
    /// How firm the firmest of its acts is.
    pub status: &'static str,
    /// How likely it is, if it is no law.
    pub probability: Option<f64>,
    /// The first day on which it charges anything.
    #[serde(serialize_with = "day_or_none")]
    pub first_day: Option<Date>,
    /// The last day on which it charges anything, as far as the register knows.
    #[serde(serialize_with = "day_or_none")]
    pub last_day: Option<Date>,
    /// `in force`, `suspended`, `ended`, `not yet`, `never`, or `not law`.
    pub state: &'static str,
    /// How many acts changed it.
    pub acts: usize,
}

/// The measures that fit a filter, in the order of their ids, and what they do on a day.
///
/// # Errors
/// An importer or an authority that no measure has, with the nearest.
pub fn list(register: &Register, filter: &Filter, on: Date) -> Result<Vec<Listed>, Problem> {
    let importer = filter.importer.as_deref().map(|text| ask::importer(register, text)).transpose()?;
    let mut known: Vec<&str> = register.measures().map(|measure| measure.authority.as_str()).collect();
    known.dedup();
    if let Some(wanted) = &filter.authority
        && !known.iter().any(|authority| authority.eq_ignore_ascii_case(wanted))
    {
        known.sort_unstable();
        known.dedup();
        return Err(Problem::unknown("authority", wanted, known));
    }
    // What is no law has days too: those it would have.
    let all = register.include([Status::Proposed, Status::Reported, Status::Hypothetical]);
    let mut listed = Vec::new();
    for measure in register.measures() {
        let levied = importer.as_deref().is_none_or(|code| levies(register, measure, code));
        let family = filter.authority.as_ref().is_none_or(|wanted| measure.authority.eq_ignore_ascii_case(wanted));
        if levied
            && family
            && filter.status.is_none_or(|status| acts(register, measure).any(|act| act.status == status))
        {
            listed.push(one(register, &all, measure, on)?);
        }
    }
    Ok(listed)
}

/// Whether an importer levies a measure, on any day.
pub(super) fn levies(register: &Register, measure: &Measure, importer: &str) -> bool {
    match measure.importer.strip_prefix('@') {
        Some(name) => register
            .groups()
            .get(name)
            .is_some_and(|group| group.code.as_deref() == Some(importer) || group.members.contains_key(importer)),
        None => measure.importer == importer,
    }
}

fn acts<'r>(register: &'r Register, measure: &'r Measure) -> impl Iterator<Item = &'r Act> {
    register.acts_on(&measure.id)
}

fn one(register: &Register, all: &Register, measure: &Measure, on: Date) -> Result<Listed, Problem> {
    let firmest = acts(register, measure).map(|act| act.status).min();
    let counted = acts(register, measure).filter(|act| register.counts(act)).count();
    let law = if counted > 0 { Cow::Borrowed(register) } else { Cow::Borrowed(all) };
    let standings = law.standings();
    let states = standings.states(law.measure(&measure.id)?, None, View::Law);
    let first_day = states.iter().find(|(_, state)| *state == State::Charged).map(|(day, _)| *day);
    let last = states.iter().rposition(|(_, state)| *state == State::Charged);
    let last_day = last.and_then(|at| states.get(at + 1)).and_then(|(day, _)| day.yesterday().ok());
    let now = states.iter().rev().find(|(day, _)| *day <= on).map_or(State::Nothing, |(_, state)| *state);
    let probability = acts(register, measure).find_map(|act| act.probability).filter(|_| counted == 0);
    Ok(Listed {
        id: measure.id.clone(),
        importer: measure.importer.clone(),
        authority: measure.authority.clone(),
        title: measure.title.clone(),
        status: firmest.map_or("none", status_name),
        probability,
        first_day,
        last_day,
        state: if counted == 0 { "not law" } else { in_words(now, first_day, last_day, on) },
        acts: acts(register, measure).count(),
    })
}

fn in_words(now: State<'_>, first: Option<Date>, last: Option<Date>, on: Date) -> &'static str {
    match (now, first) {
        (State::Charged, _) => "in force",
        (_, None) => "never",
        (_, Some(first)) if on < first => "not yet",
        _ if last.is_some_and(|last| last < on) => "ended",
        _ => "suspended",
    }
}

/// The list as CSV.
///
/// # Errors
/// Never: it is written to memory.
pub fn list_csv(listed: &[Listed]) -> Result<String, Problem> {
    table(listed)
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    on: String,
    measures: &'a [Listed],
}

/// The list as a document `cobden.measures/1`.
///
/// # Errors
/// Never: it is written to memory.
pub fn list_json(listed: &[Listed], on: Date) -> Result<String, Problem> {
    json(&Document { format: "cobden.measures/1", on: on.to_string(), measures: listed })
}
