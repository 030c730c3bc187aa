//! One measure: what it is, what acts did to it, what it charges on a day.

use std::collections::{BTreeMap, BTreeSet};

use cobden_measures::{Act, Change, Date, Measure, Moment, Register, Source, Standing, State, Verb, View};
use cobden_world::Problem;
use serde::Serialize;

use super::document::{ActDocument, json};
use super::words;

/// A measure told whole.
#[derive(Clone, Debug)]
pub struct Shown<'r> {
    /// The measure.
    pub measure: &'r Measure,
    /// The acts that changed it, in the order in which they became known, each with what it did to this measure.
    pub acts: Vec<(&'r Act, Vec<&'r Change>)>,
    /// What it did from which day on, and by which act if that set it aside.
    pub states: Vec<(Date, &'static str, Option<Source>)>,
    /// What it charges on the day.
    pub lines: Vec<ShownLine>,
    /// What it would charge on the day, and does not.
    pub set_aside: Vec<ShownAside>,
    /// The day.
    pub on: Date,
}

/// A line of a measure on a day, as one act set it.
#[derive(Clone, Debug)]
pub struct ShownLine {
    /// Its name.
    pub line: String,
    /// On which goods, in words.
    pub goods: String,
    /// The act that set it.
    pub act: Source,
    /// Its rates.
    pub rates: Vec<ShownRate>,
}

/// A rate, and whom it is for.
#[derive(Clone, Debug)]
pub struct ShownRate {
    /// As the law writes it.
    pub charge: String,
    /// Points suspended, and by which act.
    pub cut: Option<(f64, Source)>,
    /// Whose goods, in words.
    pub whom: String,
    /// Whose goods, by code.
    pub partners: Vec<String>,
}

/// What a measure would charge and does not.
#[derive(Clone, Debug)]
pub struct ShownAside {
    /// `suspended`, `ended` or `exempt`.
    pub how: &'static str,
    /// Which goods, in words.
    pub goods: String,
    /// Whose, in words.
    pub whom: String,
    /// Whose, by code.
    pub partners: Vec<String>,
    /// By which act.
    pub by: Source,
    /// Until when, if that is known.
    pub until: Option<Date>,
}

/// A measure, its acts, and what it charges on a day.
///
/// # Errors
/// An id that no measure has; the nearest as help.
pub fn show<'r>(register: &'r Register, id: &'r str, on: Date, view: View) -> Result<Shown<'r>, Problem> {
    let measure = register.measure(id)?;
    let standings = register.standings();
    let all: BTreeSet<&str> = standings.partners().iter().copied().filter(|code| *code != measure.importer).collect();
    let state = |(day, state): (Date, State<'_>)| match state {
        State::Nothing => (day, "nothing charged", None),
        State::Charged => (day, "in force", None),
        State::SetAside(act, change) => (day, aside_word(change), Some(Source::new(act))),
    };
    let own = |change: &&Change| change.changes(measure);
    let acts = register.acts_on(id).map(|act| (act, act.changes.iter().filter(own).collect()));
    let on_day = standings.of(measure, Moment { date: on, known: None, view });
    Ok(Shown {
        measure,
        acts: acts.collect(),
        states: standings.states(measure, None, view).into_iter().map(state).collect(),
        lines: lines(register, measure, &on_day, &all),
        set_aside: set_aside(register, &on_day, &all),
        on,
    })
}

/// The lines that charge something, the rates of one act on one line together.
fn lines(register: &Register, measure: &Measure, on_day: &[Standing<'_>], all: &BTreeSet<&str>) -> Vec<ShownLine> {
    let mut lines: Vec<ShownLine> = Vec::new();
    for standing in on_day.iter().filter(|standing| standing.set_aside.is_none()) {
        let change = standing.change;
        let goods = if change.products.list.is_empty() { &measure.products } else { &change.products };
        let goods = words::products(register, goods);
        let act = Source::new(standing.act);
        let rate = ShownRate {
            charge: standing.charge.clone(),
            cut: standing.cut.map(|(points, act)| (points, Source::new(act))),
            whom: words::codes(register, &standing.partners, all),
            partners: owned(&standing.partners),
        };
        let same = |known: &&mut ShownLine| known.line == change.line() && known.goods == goods && known.act == act;
        match lines.iter_mut().find(same) {
            Some(known) => known.rates.push(rate),
            None => lines.push(ShownLine { line: change.line().to_owned(), goods, act, rates: vec![rate] }),
        }
    }
    lines
}

/// What is set aside, that of one change together.
fn set_aside(register: &Register, on_day: &[Standing<'_>], all: &BTreeSet<&str>) -> Vec<ShownAside> {
    let mut by_change: Vec<(&Act, &Change, BTreeSet<&str>)> = Vec::new();
    for standing in on_day {
        let Some((act, change)) = standing.set_aside else { continue };
        match by_change.iter_mut().find(|(_, known, _)| std::ptr::eq(*known, change)) {
            Some((.., partners)) => partners.extend(&standing.partners),
            None => by_change.push((act, change, standing.partners.iter().copied().collect())),
        }
    }
    let shown = |(act, change, partners): (&Act, &Change, BTreeSet<&str>)| {
        let partners: Vec<&str> = partners.into_iter().filter(|code| all.contains(code)).collect();
        ShownAside {
            how: aside_word(change),
            goods: words::products(register, &change.products),
            whom: words::codes(register, &partners, all),
            partners: owned(&partners),
            by: Source::new(act),
            until: (change.period.until != Date::MAX).then_some(change.period.until),
        }
    };
    by_change.into_iter().map(shown).collect()
}

fn owned(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// What a change makes of what it sets aside.
pub(super) fn aside_word(change: &Change) -> &'static str {
    match change.verb {
        Verb::Suspend(_) => "suspended",
        Verb::Exempt => "exempt",
        _ => "ended",
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    id: &'a str,
    title: &'a str,
    importer: &'a str,
    authority: &'a str,
    products: String,
    exempt: Vec<String>,
    charged_on: Vec<String>,
    gives_way: Vec<String>,
    responds_to: Option<&'a str>,
    plan: Option<&'a str>,
    partial: Option<&'a str>,
    note: Option<&'a str>,
    acts: Vec<ActRow<'a>>,
    states: Vec<StateRow<'a>>,
    on: String,
    lines: Vec<LineRow<'a>>,
    set_aside: Vec<AsideRow<'a>>,
}

#[derive(Serialize)]
struct ActRow<'a> {
    #[serde(flatten)]
    act: ActDocument,
    note: Option<&'a str>,
    changes: Vec<ChangeRow<'a>>,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    #[serde(rename = "do")]
    does: &'static str,
    line: Option<&'a str>,
    partners: String,
    products: String,
    rates: BTreeMap<String, String>,
    from: String,
    until: Option<String>,
    collected_from: Option<String>,
    words: String,
}

#[derive(Serialize)]
struct StateRow<'a> {
    from: String,
    state: &'a str,
    by: Option<&'a str>,
}

#[derive(Serialize)]
struct LineRow<'a> {
    line: &'a str,
    products: &'a str,
    act: ActDocument,
    rates: Vec<RateRow<'a>>,
}

#[derive(Serialize)]
struct RateRow<'a> {
    rate: &'a str,
    points_suspended: Option<f64>,
    partners: &'a [String],
}

#[derive(Serialize)]
struct AsideRow<'a> {
    how: &'static str,
    products: &'a str,
    partners: &'a [String],
    until: Option<String>,
    by: ActDocument,
}

impl Shown<'_> {
    /// The document `cobden.measure/1`.
    ///
    /// # Errors
    /// Never: it is written to memory.
    pub fn json(&self, register: &Register) -> Result<String, Problem> {
        let measure = self.measure;
        json(&Document {
            format: "cobden.measure/1",
            id: &measure.id,
            title: &measure.title,
            importer: &measure.importer,
            authority: &measure.authority,
            products: measure.products.to_string(),
            exempt: measure.exempt.iter().map(words::exempt).collect(),
            charged_on: measure.charged_on.iter().map(|item| words::charged_on(register, item)).collect(),
            gives_way: measure.gives_way.iter().map(|way| words::gives_way(register, way)).collect(),
            responds_to: measure.responds_to.as_ref().map(|id| id.value.as_str()),
            plan: measure.plan.as_deref(),
            partial: measure.partial.as_deref(),
            note: measure.note.as_deref(),
            acts: self.acts.iter().map(|(act, changes)| act_row(register, act, changes)).collect(),
            states: self.states.iter().map(state_row).collect(),
            on: self.on.to_string(),
            lines: self.lines.iter().map(line_row).collect(),
            set_aside: self.set_aside.iter().map(aside_row).collect(),
        })
    }
}

fn act_row<'a>(register: &Register, act: &'a Act, changes: &[&'a Change]) -> ActRow<'a> {
    ActRow {
        act: ActDocument::new(&Source::new(act)),
        note: act.note.as_deref(),
        changes: changes.iter().map(|change| change_row(register, change)).collect(),
    }
}

fn change_row<'a>(register: &Register, change: &'a Change) -> ChangeRow<'a> {
    let rates = if let Verb::Set(terms) = &change.verb { words::rate_map(terms) } else { BTreeMap::new() };
    ChangeRow {
        does: words::verb(change),
        line: change.line.as_deref(),
        partners: change.partners.to_string(),
        products: change.products.to_string(),
        rates,
        from: change.period.from.to_string(),
        until: (change.period.until != Date::MAX).then(|| change.period.until.to_string()),
        collected_from: change.collected_from.map(|day| day.to_string()),
        words: words::change(register, change),
    }
}

fn state_row<'a>((from, state, by): &'a (Date, &'static str, Option<Source>)) -> StateRow<'a> {
    StateRow { from: from.to_string(), state, by: by.as_ref().map(|source| source.act.as_str()) }
}

fn line_row(line: &ShownLine) -> LineRow<'_> {
    let rate = |rate: &'_ ShownRate| rate.cut.as_ref().map(|(points, _)| *points);
    let rates = line.rates.iter().map(|one| RateRow {
        rate: &one.charge,
        points_suspended: rate(one),
        partners: &one.partners,
    });
    LineRow { line: &line.line, products: &line.goods, act: ActDocument::new(&line.act), rates: rates.collect() }
}

fn aside_row(aside: &ShownAside) -> AsideRow<'_> {
    AsideRow {
        how: aside.how,
        products: &aside.goods,
        partners: &aside.partners,
        until: aside.until.map(|day| day.to_string()),
        by: ActDocument::new(&aside.by),
    }
}
