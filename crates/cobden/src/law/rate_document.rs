//! The rate on one good as a document.

use std::collections::BTreeMap;

use cobden_measures::{Duty, Part, Question, Reason, SetAside};
use cobden_world::Problem;
use serde::Serialize;

use super::ask::typed;
use super::document::{ActDocument, json, view_name};
use super::rate::{Finer, GoodRate};

#[derive(Serialize)]
struct RateDocument<'a> {
    format: &'static str,
    importer: &'a str,
    exporter: &'a str,
    product: &'a str,
    date: String,
    known: Option<String>,
    view: &'static str,
    stated: BTreeMap<String, f64>,
    base: Option<BaseDocument<'a>>,
    ordinary: Option<RangeDocument>,
    total: Option<f64>,
    on_top: Option<f64>,
    if_base: Vec<BaseTotal>,
    parts: Vec<PartDocument<'a>>,
    set_aside: Vec<AsideDocument<'a>>,
    partial: Vec<PartialDocument<'a>>,
    finer: Vec<FinerDocument<'a>>,
    average: Option<AverageDocument<'a>>,
}

#[derive(Serialize)]
struct PartialDocument<'a> {
    measure: &'a str,
    title: &'a str,
    held: &'a str,
}

#[derive(Serialize)]
struct AverageDocument<'a> {
    points: f64,
    weights: &'a str,
}

#[derive(Serialize)]
struct BaseDocument<'a> {
    points: f64,
    source: &'a str,
}

#[derive(Serialize)]
struct RangeDocument {
    least: f64,
    most: f64,
}

#[derive(Serialize)]
struct BaseTotal {
    base: f64,
    total: f64,
}

#[derive(Serialize)]
struct PartDocument<'a> {
    measure: &'a str,
    title: &'a str,
    line: &'a str,
    charge: &'a str,
    points: Option<f64>,
    reasons: Vec<ReasonDocument<'a>>,
    act: ActDocument,
}

#[derive(Serialize)]
struct ReasonDocument<'a> {
    text: &'a str,
    gives_way_to: Option<&'a str>,
    cite: Option<&'a str>,
}

#[derive(Serialize)]
struct AsideDocument<'a> {
    measure: &'a str,
    line: &'a str,
    charge: &'a str,
    how: &'static str,
    until: Option<String>,
    by: ActDocument,
}

#[derive(Serialize)]
struct FinerDocument<'a> {
    points: Option<f64>,
    missing: Option<&'a str>,
    parts: Vec<FinerPartDocument<'a>>,
    codes: &'a [String],
}

#[derive(Serialize)]
struct FinerPartDocument<'a> {
    measure: &'a str,
    charge: &'a str,
    points: Option<f64>,
}

impl GoodRate {
    /// The document `cobden.rate/1`.
    ///
    /// # Errors
    /// Never: it is written to memory.
    pub fn json(&self) -> Result<String, Problem> {
        let Duty { question, parts, set_aside, partial, .. } = &self.duty;
        let Question { importer, exporter, product, .. } = question;
        json(&RateDocument {
            format: "cobden.rate/1",
            importer,
            exporter,
            product,
            date: question.date.to_string(),
            known: question.known.map(|day| day.to_string()),
            view: view_name(question.view),
            stated: question.stated.iter().map(|(quantity, value)| (typed(quantity), *value)).collect(),
            base: self.base.as_ref().map(|base| BaseDocument { points: base.points, source: &base.source }),
            ordinary: self.ordinary.map(|(least, most)| RangeDocument { least, most }),
            total: self.total().map(tidy),
            on_top: self.on_top().map(tidy),
            if_base: self.if_base.iter().map(|&(base, total)| BaseTotal { base, total: tidy(total) }).collect(),
            parts: parts.iter().map(|part| self.part(part)).collect(),
            set_aside: set_aside.iter().map(aside).collect(),
            partial: partial
                .iter()
                .map(|one| PartialDocument { measure: &one.measure, title: &one.title, held: &one.held })
                .collect(),
            finer: self.finer.iter().map(finer).collect(),
            average: self
                .average
                .as_ref()
                .map(|average| AverageDocument { points: tidy(average.points), weights: &average.weights }),
        })
    }

    fn part<'a>(&self, part: &'a Part) -> PartDocument<'a> {
        let reason = |reason: &'a Reason| ReasonDocument {
            text: &reason.text,
            gives_way_to: reason.gives_way_to.as_deref(),
            cite: reason.cite.as_deref(),
        };
        PartDocument {
            measure: &part.measure,
            title: &part.title,
            line: &part.line,
            charge: &part.charge,
            points: self.points(part).map(tidy),
            reasons: part.reasons.iter().map(reason).collect(),
            act: ActDocument::new(&part.source),
        }
    }
}

fn aside(aside: &SetAside) -> AsideDocument<'_> {
    AsideDocument {
        measure: &aside.measure,
        line: &aside.line,
        charge: &aside.charge,
        how: aside.how,
        until: aside.until.map(|day| day.to_string()),
        by: ActDocument::new(&aside.by),
    }
}

fn finer(finer: &Finer) -> FinerDocument<'_> {
    let parts = finer.parts.iter().map(|one| FinerPartDocument {
        measure: &one.measure,
        charge: &one.charge,
        points: one.points(),
    });
    FinerDocument {
        points: finer.points,
        missing: finer.missing.as_deref(),
        parts: parts.collect(),
        codes: &finer.codes,
    }
}

/// A number without the dust of its last bits.
pub(super) fn tidy(points: f64) -> f64 {
    let rounded = (points * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}
