//! A validation as a table for other programs.

use cobden_world::Problem;
use serde::Serialize;

use super::{Compared, Day, Moved, Validation};
use crate::law::document::table;

#[derive(Serialize)]
struct Row<'a> {
    kind: &'static str,
    name: &'a str,
    date: String,
    published: String,
    register: String,
    difference: String,
    by_its_days: String,
    moved: String,
    remark: &'a str,
}

/// The comparison as CSV: rows by day (`day`), by partner and by sector, in points.
///
/// # Errors
/// Never: it is written to memory.
pub fn validation_csv(validation: &Validation) -> Result<String, Problem> {
    let cells = [("partner", &validation.partners), ("sector", &validation.sectors)];
    let cells = cells.into_iter().flat_map(|(kind, cells)| cells.iter().map(move |cell| by_name(kind, cell)));
    table(validation.days.iter().map(by_day).chain(cells))
}

fn by_day(day: &Day) -> Row<'_> {
    let moved: Vec<String> = day.moved.iter().map(named).collect();
    Row {
        kind: "day",
        name: "",
        date: day.date.to_string(),
        published: points(day.published),
        register: points(day.register),
        difference: points(day.register - day.published),
        by_its_days: points(day.shifted),
        moved: moved.join("; "),
        remark: &day.remark,
    }
}

fn by_name<'a>(kind: &'static str, cell: &'a Compared) -> Row<'a> {
    Row {
        kind,
        name: &cell.name,
        date: cell.date.to_string(),
        published: points(cell.published),
        register: points(cell.register),
        difference: points(cell.register - cell.published),
        by_its_days: String::new(),
        moved: String::new(),
        remark: "",
    }
}

fn points(value: f64) -> String {
    format!("{value:.4}")
}

fn named(moved: &Moved) -> String {
    let acts = moved.acts.join(", ");
    let by = if acts.is_empty() { acts } else { format!(" ({acts})") };
    format!("{} {:+.2}{by}", moved.measure, moved.points)
}
