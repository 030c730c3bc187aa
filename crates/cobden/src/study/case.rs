//! The cases of a study, and which starts from which.

use std::collections::BTreeMap;

use cobden_world::{Problem, nearest};

use super::law::{self, LawKeys};
use super::question::{self, Question};
use super::row::{self, EXPORT_ROW, PolicyRow, ROW};
use super::selection::{self, Groups};
use crate::document::{Document, Fields, Keys, Located};

const CASE: Keys = Keys {
    table: "a case",
    known: &[
        "name",
        "from",
        "tariffs",
        "export_taxes",
        "note",
        "headline",
        "respond",
        "best_response",
        "nash",
        "cooperate",
        "bargain",
        "deal",
        "coalitions",
        "retaliate",
        "align",
        "as_of",
        "as_known",
        "view",
        "without",
        "with",
        "include",
    ],
    later: &["start"],
};

/// One case: the policy of another case or of the baseline, changed row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its name, unlike every other's.
    pub name: Located<String>,
    /// A remark for the reader of the report.
    pub note: Option<String>,
    /// The case it starts from, an index into the study's cases; `None` for the baseline.
    pub from: Option<usize>,
    /// Under which law it stands; its rows come on top of that.
    pub law: LawKeys,
    /// What changes, in order: rows of `tariffs`, then rows of `export_taxes`.
    pub rows: Vec<PolicyRow>,
    /// What it asks of governments, from the tariffs that its rows lead to.
    pub question: Option<Question>,
}

/// Reads all `[[case]]` tables, and which of them is the headline: the one marked, else the first.
pub(super) fn read_all(study: &Fields<'_>) -> Result<(Vec<Case>, usize), Problem> {
    let help = "write [[case]], below it name = \"...\" and tariffs = [ ... ]";
    let tables = study.list_of_fields("case", &CASE)?.unwrap_or_default();
    if tables.is_empty() {
        return Err(study.missing("case").help(help));
    }
    let groups = selection::read_groups(study)?;
    let mut cases = Vec::with_capacity(tables.len());
    let mut starts = Vec::with_capacity(tables.len());
    let mut headline: Option<(usize, &Fields<'_>)> = None;
    for (index, fields) in tables.iter().enumerate() {
        if fields.flag("headline")?.is_some_and(|flag| flag.value) {
            if let Some((first, _)) = headline {
                let problem = fields.document().problem(&fields.key_span("headline"), "a second headline");
                return Err(problem.help(format!("case {} is one already", first + 1)));
            }
            headline = Some((index, fields));
        }
        starts.push(fields.text("from")?);
        cases.push(read(fields, &groups)?);
    }
    link(study.document(), &mut cases, &starts)?;
    Ok((cases, headline.map_or(0, |(index, _)| index)))
}

fn read(fields: &Fields<'_>, groups: &Groups) -> Result<Case, Problem> {
    let name = fields.required_text("name")?;
    let export_taxes = fields.list_of_fields("export_taxes", &EXPORT_ROW)?;
    let tariffs = fields.list_of_fields("tariffs", &ROW)?;
    let question = question::read(fields, groups)?;
    let law = law::read(fields)?;
    if tariffs.is_none() && export_taxes.is_none() && question.is_none() && law.is_empty() {
        return Err(fields.missing("tariffs").help(
            "write tariffs = [ { importer = \"USA\", exporter = \"*\", sector = \"*\", add = \"10%\" } ], the day of a law: as_of = 2025-04-10, or ask a question: nash = { players = [ ... ] }",
        ));
    }
    let rows = tariffs.into_iter().chain(export_taxes).flatten();
    Ok(Case {
        name,
        note: fields.text("note")?.map(|text| text.value),
        from: None,
        law,
        rows: rows.map(|row| row::read(&row, groups)).collect::<Result<_, _>>()?,
        question,
    })
}

/// Turns the names after `from` into indices, and refuses circles.
fn link(document: &Document, cases: &mut [Case], starts: &[Option<Located<String>>]) -> Result<(), Problem> {
    let mut index_of: BTreeMap<String, usize> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        if let Some(first) = index_of.insert(case.name.value.clone(), index) {
            let message = format!("two cases are called \"{}\"", case.name.value);
            let line = cases.get(first).map_or(0, |case| document.place(&case.name.span).line);
            return Err(document.problem(&case.name.span, message).help(format!("the first is on line {line}")));
        }
    }
    let names: Vec<&str> = index_of.keys().map(String::as_str).collect();
    for (case, start) in cases.iter_mut().zip(starts) {
        let Some(start) = start else { continue };
        case.from = Some(*index_of.get(&start.value).ok_or_else(|| {
            let problem = document.problem(&start.span, format!("unknown case \"{}\"", start.value));
            match nearest(&start.value, &names) {
                Some(near) => problem.help(format!("did you mean \"{near}\"?")),
                None => problem.help("`from` names another case of this study"),
            }
        })?);
    }
    let Some(circle) = circle(cases) else { return Ok(()) };
    let names: Vec<&str> = circle.iter().filter_map(|&at| cases.get(at)).map(|case| case.name.value.as_str()).collect();
    let first = circle.first().and_then(|&at| starts.get(at)?.as_ref());
    let span = first.map_or(0..0, |start| start.span.clone());
    Err(document
        .problem(&span, format!("`from` goes in a circle: \"{}\"", names.join("\" -> \"")))
        .help("one case of them must start from the baseline: leave out its `from`"))
}

/// A circle of cases, if there is one: from the first of them in the file back to itself.
fn circle(cases: &[Case]) -> Option<Vec<usize>> {
    // The walk in which a case was first met; a case met again in the same walk closes a circle.
    let mut walk_of: Vec<Option<usize>> = vec![None; cases.len()];
    for walk in 0..cases.len() {
        let mut at = Some(walk);
        while let Some(here) = at {
            match *walk_of.get(here)? {
                Some(earlier) if earlier == walk => return Some(around(cases, here)),
                Some(_) => break,
                None => *walk_of.get_mut(here)? = Some(walk),
            }
            at = cases.get(here)?.from;
        }
    }
    None
}

/// The circle that a case is on, beginning and ending with its first case in the file.
fn around(cases: &[Case], on: usize) -> Vec<usize> {
    let next = |at: usize| cases.get(at).and_then(|case| case.from).unwrap_or(on);
    let mut circle = vec![on];
    while next(circle[circle.len() - 1]) != on {
        circle.push(next(circle[circle.len() - 1]));
    }
    let first = circle.iter().enumerate().min_by_key(|(_, case)| **case).map_or(0, |(position, _)| position);
    circle.rotate_left(first);
    circle.push(circle[0]);
    circle
}
