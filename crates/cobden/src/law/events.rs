//! What begins and what runs out, day by day.

use cobden_measures::{Date, Event, Moment, Register};
use cobden_world::Problem;
use serde::Serialize;

use super::ask;
use super::document::{json, table};
use super::timeline::Through;
use super::words;

/// Something that begins or runs out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// The day.
    #[serde(serialize_with = "day")]
    pub date: Date,
    /// `begins` or `ends`.
    pub what: &'static str,
    /// The measures that are changed.
    pub measures: String,
    /// What the act did, in words.
    pub change: String,
    /// The act.
    pub act: String,
    /// Where to read it.
    pub url: Option<String>,
    /// When it became known.
    #[serde(serialize_with = "day")]
    pub announced: Date,
}

fn day<S: serde::Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}

/// What begins and what runs out for an importer in a span, for one partner if one is named. Products are not looked at.
///
/// # Errors
/// What is wrong with the question.
pub fn happenings(register: &Register, through: &Through) -> Result<Vec<Happening>, Problem> {
    let importer = ask::importer(register, &through.importer)?;
    let exporter = through.exporter.as_deref().map(|text| ask::partner(register, text)).transpose()?;
    let known = through.known.as_deref().map(ask::day).transpose()?;
    let moment = Moment { date: Date::MIN, known, view: through.view };
    let events = register.events(&importer, through.span(register)?, moment);
    let meant = |event: &&Event<'_>| {
        let day = event.change.period.from;
        exporter.as_deref().is_none_or(|code| register.touches(event.change, code, None, day))
    };
    let happening = |event: &Event<'_>| Happening {
        date: event.date,
        what: if event.begins { "begins" } else { "ends" },
        measures: event.measures.join(", "),
        change: words::change(register, event.change),
        act: event.act.name(),
        url: event.act.url.clone(),
        announced: event.act.announced,
    };
    Ok(events.iter().filter(meant).map(happening).collect())
}

/// They as CSV.
///
/// # Errors
/// Never: it is written to memory.
pub fn happenings_csv(happenings: &[Happening]) -> Result<String, Problem> {
    table(happenings)
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    events: &'a [Happening],
}

/// They as a document `cobden.events/1`.
///
/// # Errors
/// Never: it is written to memory.
pub fn happenings_json(happenings: &[Happening]) -> Result<String, Problem> {
    json(&Document { format: "cobden.events/1", events: happenings })
}
