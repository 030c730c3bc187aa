//! Timelines as tables, a document and a chart.

use std::collections::BTreeSet;

use cobden_measures::Date;
use cobden_report::{StepLine, StepMark, Steps};
use cobden_world::Problem;
use serde::Serialize;

use super::document::{ActDocument, json, table, view_name};
use super::rate_document::tidy;
use super::timeline::{Shift, Timeline, TimelineStep};
use crate::labels;

/// Jumps that deserve a name are at least this part of the highest value of the chart.
const LARGE: f64 = 0.02;
/// Longest row of a name beside a jump.
const SHORT: usize = 30;

#[derive(Serialize)]
struct Row<'a> {
    line: String,
    date: String,
    points: f64,
    change: Option<f64>,
    measure: Option<&'a str>,
    measure_change: Option<f64>,
    acts: String,
}

/// All timelines as one table: a row for each step and each measure that moved on it.
///
/// # Errors
/// Never: it is written to memory.
pub fn timeline_csv(timelines: &[Timeline]) -> Result<String, Problem> {
    let names = names(timelines);
    let mut rows = Vec::new();
    for (timeline, name) in timelines.iter().zip(&names) {
        for (at, step) in timeline.steps.iter().enumerate() {
            let change = at.checked_sub(1).map(|before| tidy(step.points - timeline.steps[before].points));
            let row = |moved: Option<&'_ Shift>| -> Row<'_> {
                let acts = moved.map_or_else(Vec::new, |moved| moved.acts.iter().map(|act| act.act.as_str()).collect());
                Row {
                    line: name.clone(),
                    date: step.date.to_string(),
                    points: tidy(step.points),
                    change,
                    measure: None,
                    measure_change: moved.map(|moved| tidy(moved.points)),
                    acts: acts.join(" | "),
                }
            };
            if step.moves.is_empty() {
                rows.push(row(None));
            }
            rows.extend(step.moves.iter().map(|moved| Row { measure: Some(&moved.measure), ..row(Some(moved)) }));
        }
    }
    table(rows)
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    lines: Vec<LineDocument<'a>>,
}

#[derive(Serialize)]
struct LineDocument<'a> {
    name: String,
    importer: &'a str,
    exporter: Option<&'a str>,
    product: Option<&'a str>,
    view: &'static str,
    known: Option<String>,
    from: String,
    until: String,
    with_base: bool,
    weights: Option<&'a str>,
    steps: Vec<StepDocument<'a>>,
}

#[derive(Serialize)]
struct StepDocument<'a> {
    date: String,
    points: f64,
    moves: Vec<MoveDocument<'a>>,
}

#[derive(Serialize)]
struct MoveDocument<'a> {
    measure: &'a str,
    points: f64,
    acts: Vec<ActDocument>,
}

/// All timelines as a document `cobden.timeline/1`.
///
/// # Errors
/// Never: it is written to memory.
pub fn timeline_json(timelines: &[Timeline]) -> Result<String, Problem> {
    let moved = |moved: &'_ Shift| -> Vec<ActDocument> { moved.acts.iter().map(ActDocument::new).collect() };
    let step = |step: &'_ TimelineStep| (step.date.to_string(), tidy(step.points));
    let lines = timelines.iter().zip(names(timelines)).map(|(timeline, name)| LineDocument {
        name,
        importer: &timeline.importer,
        exporter: timeline.exporter.as_deref(),
        product: timeline.product.as_deref(),
        view: view_name(timeline.view),
        known: timeline.known.map(|day| day.to_string()),
        from: timeline.span.from.to_string(),
        until: timeline.span.until.to_string(),
        with_base: timeline.with_base,
        weights: timeline.weights.as_deref(),
        steps: timeline
            .steps
            .iter()
            .map(|one| {
                let (date, points) = step(one);
                let moves = one.moves.iter().map(|change| MoveDocument {
                    measure: &change.measure,
                    points: tidy(change.points),
                    acts: moved(change),
                });
                StepDocument { date, points, moves: moves.collect() }
            })
            .collect(),
    });
    json(&Document { format: "cobden.timeline/1", lines: lines.collect() })
}

/// What tells timelines apart, for each: partner, clock.
pub fn names(timelines: &[Timeline]) -> Vec<String> {
    let differ = |of: fn(&Timeline) -> String| timelines.windows(2).any(|pair| of(&pair[0]) != of(&pair[1]));
    let whose = |line: &Timeline| line.exporter.clone().unwrap_or_else(|| "all partners".to_owned());
    let (clocks, partners) = (differ(|line| view_name(line.view).to_owned()), differ(whose));
    let name = |line: &Timeline| match (partners, clocks) {
        (_, false) => whose(line),
        (true, true) => format!("{}, {}", whose(line), view_name(line.view)),
        (false, true) => view_name(line.view).to_owned(),
    };
    timelines.iter().map(name).collect()
}

/// All timelines as one chart, an SVG document.
pub fn timeline_svg(timelines: &[Timeline]) -> String {
    let day = |date: Date| f64::from(date.since(Date::ZERO).map_or(0, |span| span.get_days()));
    let Some(first) = timelines.first() else { return Steps::default().svg() };
    let lines = timelines.iter().zip(names(timelines)).map(|(timeline, name)| StepLine {
        name,
        points: timeline.steps.iter().map(|step| (day(step.date), step.points)).collect(),
    });
    let last = first.span.until.yesterday().unwrap_or(first.span.until);
    Steps {
        title: title(first, timelines.len()),
        unit: unit(first).to_owned(),
        end: day(first.span.until),
        ticks: ticks(first.span.from, last).into_iter().map(|(date, name)| (day(date), name)).collect(),
        lines: lines.collect(),
        marks: marks(timelines, day),
        source: format!(
            "cobden; {} to {last}{}",
            first.span.from,
            if first.weights.is_some() { ", fixed weights" } else { "" }
        ),
    }
    .svg()
}

fn unit(timeline: &Timeline) -> &'static str {
    if timeline.with_base {
        "per cent of the customs value"
    } else {
        "per cent of the customs value, on top of the ordinary duty"
    }
}

/// What timelines show, in words: `Tariff of the United States on 87032301 from Japan, by law`.
pub fn title(timeline: &Timeline, many: usize) -> String {
    let goods = timeline.product.as_ref().map_or_else(|| "all goods".to_owned(), Clone::clone);
    let whose = match (&timeline.exporter, many) {
        (Some(exporter), 1) => format!(" from {}", labels::in_sentence(exporter)),
        _ => String::new(),
    };
    let average = if timeline.weights.is_some() { "Average tariff" } else { "Tariff" };
    let clock = if many == 1 { format!(", {}", view_words(timeline)) } else { String::new() };
    format!("{average} of {} on {goods}{whose}{clock}", labels::in_sentence(&timeline.importer))
}

fn view_words(timeline: &Timeline) -> &'static str {
    if view_name(timeline.view) == "law" { "by law" } else { "as collected" }
}

/// The names of the largest jumps, the largest first.
fn marks(timelines: &[Timeline], day: impl Fn(Date) -> f64) -> Vec<StepMark> {
    let all = timelines.iter().flat_map(|timeline| &timeline.steps);
    let highest = all.map(|step| step.points).fold(0.0, f64::max);
    let mut marks: Vec<(f64, StepMark)> = Vec::new();
    for (line, timeline) in timelines.iter().enumerate() {
        for pair in timeline.steps.windows(2) {
            let change = pair[1].points - pair[0].points;
            let Some(moved) = pair[1].moves.iter().find(|moved| !moved.acts.is_empty()) else { continue };
            if change.abs() < LARGE * highest {
                continue;
            }
            let sign = if change < 0.0 { "−" } else { "+" };
            let act = moved.acts.first().map_or("", |act| act.act.as_str());
            let text = vec![short(act), moved.measure.clone(), format!("{} {sign}{:.1}", pair[1].date, change.abs())];
            marks.push((change.abs(), StepMark { line, at: day(pair[1].date), text }));
        }
    }
    marks.sort_by(|a, b| b.0.total_cmp(&a.0));
    // An act that moves several lines is named once, at the largest jump.
    let mut named = BTreeSet::new();
    marks.retain(|(_, mark)| named.insert((mark.text[0].clone(), mark.at.to_bits())));
    marks.into_iter().map(|(_, mark)| mark).collect()
}

/// An act by the beginning of its citation: `EO 14257`.
fn short(act: &str) -> String {
    let head = act.split([',', ';', '(']).next().unwrap_or(act).trim();
    if head.chars().count() <= SHORT {
        return head.to_owned();
    }
    head.chars().take(SHORT - 1).chain(['…']).collect()
}

/// The first days of months: of all in a short span, else of quarters or of years.
fn ticks(from: Date, to: Date) -> Vec<(Date, String)> {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    let every = match months {
        ..=14 => 1,
        15..=40 => 3,
        _ => 12,
    };
    let months = (i32::from(from.year()) * 12 + i32::from(from.month()) - 1)
        ..=(i32::from(to.year()) * 12 + i32::from(to.month()) - 1);
    let name = |month: i32| {
        let date = Date::new(i16::try_from(month / 12).ok()?, i8::try_from(month % 12 + 1).ok()?, 1).ok()?;
        let text = if every == 12 { date.year().to_string() } else { date.strftime("%b %Y").to_string() };
        Some((date, text))
    };
    months.filter(|month| month % every == 0).filter_map(name).collect()
}
