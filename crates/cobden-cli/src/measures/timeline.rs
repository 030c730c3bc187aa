//! `cobden measures timeline`.

use std::path::Path;

use cobden::Problem;
use cobden::law::{self, Happening, Register, Shift, Through, Timeline};

use super::arguments::TimelineArguments;
use crate::arguments::Form;
use crate::output::{WIDTH, print, wrap};

/// Most measures of one step on screen.
const MOVES: usize = 4;
/// What shows as zero is left out on screen, in points.
pub(super) const SEEN: f64 = 0.005;

pub(super) fn timeline(arguments: &TimelineArguments) -> Result<(), Problem> {
    let register = arguments.law.sources()?.open()?;
    if arguments.events {
        return events(&register, arguments);
    }
    let trade = law::trade(&register, &arguments.world, &arguments.importer)?;
    let mut timelines = Vec::new();
    for through in questions(arguments) {
        timelines.push(law::timeline(&register, &through, trade.as_ref())?);
    }
    if let Some(folder) = &arguments.out {
        save(folder, &timelines)?;
    }
    print(&match arguments.format {
        Form::Json => law::timeline_json(&timelines)?,
        Form::Csv => law::timeline_csv(&timelines)?,
        Form::Table => screen(&timelines, arguments.out.as_deref()),
    })
}

/// A question for each line: every partner by every clock.
fn questions(arguments: &TimelineArguments) -> Vec<Through> {
    let everyone = [None];
    let named: Vec<Option<String>> = arguments.exporter.iter().cloned().map(Some).collect();
    let exporters = if named.is_empty() { &everyone[..] } else { &named[..] };
    let one = |exporter: &Option<String>, view| Through {
        importer: arguments.importer.clone(),
        exporter: exporter.clone(),
        product: arguments.product.clone(),
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        known: arguments.as_known.clone(),
        view,
        base: arguments.base,
        stated: arguments.state.clone(),
    };
    exporters.iter().flat_map(|exporter| arguments.view.iter().map(move |view| one(exporter, (*view).into()))).collect()
}

fn save(folder: &Path, timelines: &[Timeline]) -> Result<(), Problem> {
    let files = [("timeline.csv", law::timeline_csv(timelines)?), ("timeline.svg", law::timeline_svg(timelines))];
    let files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    cobden::write_directory(folder, &files)
}

fn screen(timelines: &[Timeline], folder: Option<&Path>) -> String {
    let mut text = String::new();
    for timeline in timelines {
        text.push_str(&format!("{}, in points\n", law::timeline_title(timeline, 1)));
        if !timeline.with_base {
            text.push_str("The ordinary duty is not known here and not counted.\n");
        }
        if let Some(weights) = &timeline.weights {
            text.push_str(&wrap(&format!("Weighed by: {weights}"), WIDTH, "", ""));
            text.push('\n');
        }
        let mut before = None;
        let mut small = 0;
        for step in &timeline.steps {
            if before.is_some() && step.moves.iter().all(|moved| moved.points.abs() < SEEN) {
                small += 1;
                continue;
            }
            let change = before.map_or_else(String::new, |before| format!("{:+.2}", step.points - before));
            let head = format!("  {}  {:>6.2}  {change:>7}  ", step.date, step.points);
            let indent = " ".repeat(head.chars().count());
            let shown = || step.moves.iter().filter(|moved| moved.points.abs() >= SEEN).take(MOVES);
            let mut rows = shown().map(moved);
            let first = rows.next().unwrap_or_default();
            text.push_str(wrap(&first, WIDTH, &head, &indent).trim_end());
            text.push('\n');
            for row in rows {
                text.push_str(&format!("{}\n", wrap(&row, WIDTH, &indent, &indent)));
            }
            let left = step.moves.len() - shown().count();
            if left > 0 {
                text.push_str(&format!("{indent}and {left} smaller\n"));
            }
            before = Some(step.points);
        }
        if small > 0 {
            text.push_str(&format!(
                "  and {small} {} that {} less than 0.005 points (--format csv has all)\n",
                if small == 1 { "step" } else { "steps" },
                if small == 1 { "moves" } else { "move" },
            ));
        }
        text.push('\n');
    }
    if let Some(folder) = folder {
        text.push_str(&format!("Chart: {}\n", folder.join("timeline.svg").display()));
    }
    text
}

/// A measure, what it moved, and the acts behind it.
pub(super) fn moved(moved: &Shift) -> String {
    let acts: Vec<&str> = moved.acts.iter().map(|act| act.act.as_str()).collect();
    let acts = if acts.is_empty() { "no act of its own".to_owned() } else { acts.join("; ") };
    format!("{} {:+.2}: {acts}", moved.measure, moved.points)
}

fn events(register: &Register, arguments: &TimelineArguments) -> Result<(), Problem> {
    let mut happenings: Vec<Happening> = Vec::new();
    for through in questions(arguments) {
        happenings.extend(law::happenings(register, &through)?);
    }
    happenings.sort_by_key(|happening| happening.date);
    happenings.dedup();
    print(&match arguments.format {
        Form::Json => law::happenings_json(&happenings)?,
        Form::Csv => law::happenings_csv(&happenings)?,
        Form::Table => days(&happenings),
    })
}

fn days(happenings: &[Happening]) -> String {
    let mut text = String::new();
    for happening in happenings {
        let Happening { date, what, measures, change, act, .. } = happening;
        let head = format!("{date}  {what:<6}  ");
        let indent = " ".repeat(head.len());
        text.push_str(&wrap(&format!("{measures}: {change} ({act})"), WIDTH, &head, &indent));
        text.push('\n');
    }
    if happenings.is_empty() {
        text.push_str("nothing begins or ends in these days\n");
    }
    text
}
