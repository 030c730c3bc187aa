//! Two days of law: what begins, what ends, what changes between them, and what that does to a rate.

use std::collections::{BTreeMap, BTreeSet};

use cobden_measures::{Date, Measure, Moment, Period, Register, Source, Standing, Standings, Trade};
use cobden_world::Problem;
use serde::Serialize;

use super::ask;
use super::document::{ActDocument, json};
use super::list::levies;
use super::rate_document::tidy;
use super::timeline::{Shift, Through, Timeline, timeline};
use super::words;

/// How two days differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The earlier day.
    pub before: Date,
    /// The later day.
    pub after: Date,
    /// The measures that charge something else on the later day.
    pub measures: Vec<MeasureDifference>,
    /// The rate asked for, or the average, on both days, if there is one.
    pub rate: Option<RateDifference>,
}

/// How one measure differs.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureDifference {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// `begins`, `ends` or `changes`.
    pub what: &'static str,
    /// The acts of which a change begins or runs out in between.
    pub acts: Vec<Source>,
    /// Partners whose goods it charges otherwise, those with the same change together.
    pub changes: Vec<PartnerDifference>,
}

/// What a measure charges some partners on either day: rates and goods, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartnerDifference {
    /// Whose goods, in words.
    pub whom: String,
    /// By code.
    pub partners: Vec<String>,
    /// On the earlier day.
    pub before: Vec<String>,
    /// On the later day.
    pub after: Vec<String>,
}

/// A rate on both days.
#[derive(Clone, Debug, PartialEq)]
pub struct RateDifference {
    /// Its path from one day to the other.
    pub path: Timeline,
    /// On the earlier day, in points.
    pub before: f64,
    /// On the later day, in points.
    pub after: f64,
    /// What each measure adds, the largest first, with the acts on the way.
    pub moves: Vec<Shift>,
}

/// Changes of less than this are dust of arithmetic, in points.
const DUST: f64 = 1e-9;

/// How the law of `through.to` differs from that of `through.from`; the rate is that of [`timeline`] and left out where there is none to tell.
///
/// # Errors
/// What is wrong with the question.
pub fn diff(register: &Register, through: &Through, trade: Option<&Trade>) -> Result<Difference, Problem> {
    let importer = ask::importer(register, &through.importer)?;
    let exporter = through.exporter.as_deref().map(|text| ask::partner(register, text)).transpose()?;
    let span = through.span(register)?;
    let (before, after) = (span.from, span.until.yesterday().unwrap_or(span.until));
    let rated = trade.is_some() || through.exporter.is_some() && through.product.is_some();
    let rate = if rated { Some(rate(timeline(register, through, trade)?)) } else { None };
    let known = through.known.as_deref().map(ask::day).transpose()?;
    let on = |date: Date| Moment { date, known, view: through.view };
    let standings = register.standings();
    let mut measures = Vec::new();
    for measure in register.measures().filter(|measure| levies(register, measure, &importer)) {
        let moved = |rate: &RateDifference| rate.moves.iter().any(|moved| moved.measure == measure.id);
        // Which goods a line means is words here; the rate knows whether that is the good asked for.
        if through.product.is_some() && !rate.as_ref().is_some_and(moved) {
            continue;
        }
        let [old, new] = [before, after].map(|day| charges(register, &standings, measure, on(day)));
        let only = exporter.as_deref();
        let changes = partner_differences(register, &standings, measure, (&old, &new), only);
        if !changes.is_empty() {
            let what = if old.is_empty() {
                "begins"
            } else if new.is_empty() {
                "ends"
            } else {
                "changes"
            };
            let acts = acts(register, measure, (&importer, only), span, on(before));
            measures.push(MeasureDifference {
                id: measure.id.clone(),
                title: measure.title.clone(),
                what,
                acts,
                changes,
            });
        }
    }
    Ok(Difference { before, after, measures, rate })
}

/// What a measure charges each partner, in words.
fn charges<'r>(
    register: &Register,
    standings: &Standings<'r>,
    measure: &'r Measure,
    moment: Moment,
) -> BTreeMap<&'r str, BTreeSet<String>> {
    let mut charges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for standing in standings.of(measure, moment).iter().filter(|standing| standing.set_aside.is_none()) {
        let said = in_words(register, measure, standing);
        for &partner in &standing.partners {
            charges.entry(partner).or_default().insert(said.clone());
        }
    }
    charges
}

fn in_words(register: &Register, measure: &Measure, standing: &Standing<'_>) -> String {
    let change = standing.change;
    let goods = if change.products.list.is_empty() { &measure.products } else { &change.products };
    let cut = standing.cut.map_or_else(String::new, |(points, _)| format!(" less {points} points suspended"));
    format!("{}{cut} on {}", standing.charge, words::products(register, goods))
}

type Charges<'r> = BTreeMap<&'r str, BTreeSet<String>>;

fn partner_differences(
    register: &Register,
    standings: &Standings<'_>,
    measure: &Measure,
    (old, new): (&Charges<'_>, &Charges<'_>),
    only: Option<&str>,
) -> Vec<PartnerDifference> {
    let none = BTreeSet::new();
    let all: BTreeSet<&str> = standings.partners().iter().copied().filter(|code| *code != measure.importer).collect();
    let mut groups: BTreeMap<(&BTreeSet<String>, &BTreeSet<String>), Vec<&str>> = BTreeMap::new();
    for &partner in all.iter().filter(|partner| only.is_none_or(|wanted| wanted == **partner)) {
        let pair = (old.get(partner).unwrap_or(&none), new.get(partner).unwrap_or(&none));
        if pair.0 != pair.1 {
            groups.entry(pair).or_default().push(partner);
        }
    }
    let difference =
        |((before, after), partners): ((&BTreeSet<String>, &BTreeSet<String>), Vec<&str>)| PartnerDifference {
            whom: words::codes(register, &partners, &all),
            partners: partners.iter().map(|code| (*code).to_owned()).collect(),
            before: before.difference(after).cloned().collect(),
            after: after.difference(before).cloned().collect(),
        };
    let mut differences: Vec<PartnerDifference> = groups.into_iter().map(difference).collect();
    differences.sort_by_key(|difference| std::cmp::Reverse(difference.partners.len()));
    differences
}

/// The acts of which a change of a measure begins or runs out after the first day of a span.
fn acts(
    register: &Register,
    measure: &Measure,
    (importer, only): (&str, Option<&str>),
    span: Period,
    moment: Moment,
) -> Vec<Source> {
    let mut acts: Vec<Source> = Vec::new();
    for event in register.events(importer, span, moment) {
        let source = Source::new(event.act);
        let meant = only.is_none_or(|code| register.touches(event.change, code, None, event.change.period.from));
        if meant && event.date > span.from && event.measures.contains(&measure.id.as_str()) && !acts.contains(&source) {
            acts.push(source);
        }
    }
    acts
}

/// The path of a rate as one difference.
fn rate(path: Timeline) -> RateDifference {
    let points = |step: Option<&super::timeline::TimelineStep>| step.map_or(0.0, |step| step.points);
    let mut by_measure: BTreeMap<&str, Shift> = BTreeMap::new();
    for moved in path.steps.iter().flat_map(|step| &step.moves) {
        let empty = || Shift { measure: moved.measure.clone(), points: 0.0, acts: Vec::new() };
        let sum = by_measure.entry(&moved.measure).or_insert_with(empty);
        sum.points += moved.points;
        for act in &moved.acts {
            if !sum.acts.contains(act) {
                sum.acts.push(act.clone());
            }
        }
    }
    let mut moves: Vec<Shift> = by_measure.into_values().filter(|moved| moved.points.abs() > DUST).collect();
    moves.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    RateDifference { before: points(path.steps.first()), after: points(path.steps.last()), moves, path }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    before: String,
    after: String,
    rate: Option<RateDocument<'a>>,
    measures: Vec<MeasureDocument<'a>>,
}

#[derive(Serialize)]
struct RateDocument<'a> {
    importer: &'a str,
    exporter: Option<&'a str>,
    product: Option<&'a str>,
    with_base: bool,
    weights: Option<&'a str>,
    before: f64,
    after: f64,
    moves: Vec<MoveDocument<'a>>,
}

#[derive(Serialize)]
struct MoveDocument<'a> {
    measure: &'a str,
    points: f64,
    acts: Vec<ActDocument>,
}

#[derive(Serialize)]
struct MeasureDocument<'a> {
    id: &'a str,
    title: &'a str,
    what: &'static str,
    acts: Vec<ActDocument>,
    changes: &'a [PartnerDifference],
}

impl Difference {
    /// The document `cobden.measures-diff/1`.
    ///
    /// # Errors
    /// Never: it is written to memory.
    pub fn json(&self) -> Result<String, Problem> {
        let moved = |moved: &'_ Shift| -> Vec<ActDocument> { moved.acts.iter().map(ActDocument::new).collect() };
        let rate = self.rate.as_ref().map(|rate| RateDocument {
            importer: &rate.path.importer,
            exporter: rate.path.exporter.as_deref(),
            product: rate.path.product.as_deref(),
            with_base: rate.path.with_base,
            weights: rate.path.weights.as_deref(),
            before: tidy(rate.before),
            after: tidy(rate.after),
            moves: rate
                .moves
                .iter()
                .map(|one| MoveDocument { measure: &one.measure, points: tidy(one.points), acts: moved(one) })
                .collect(),
        });
        let measures = self.measures.iter().map(|measure| MeasureDocument {
            id: &measure.id,
            title: &measure.title,
            what: measure.what,
            acts: measure.acts.iter().map(ActDocument::new).collect(),
            changes: &measure.changes,
        });
        json(&Document {
            format: "cobden.measures-diff/1",
            before: self.before.to_string(),
            after: self.after.to_string(),
            rate,
            measures: measures.collect(),
        })
    }
}
