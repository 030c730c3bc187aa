//! The numbers of others that the register is held against.

use cobden_measures::{Date, Text};
use cobden_world::Problem;

use crate::tabular::{Fields, Sheet};

const DAYS: &str = include_str!("../../../validation/budget-lab-2026/days.csv");
const PARTNERS: &str = include_str!("../../../validation/budget-lab-2026/partners.csv");
const SECTORS: &str = include_str!("../../../validation/budget-lab-2026/sectors.csv");
const SERIES: &str = include_str!("../../../validation/budget-lab-2026/series.toml");

/// A day on which the published average changes.
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) points: f64,
    /// Why the step there is another than here; empty if it need not be said.
    pub(super) remark: String,
}

/// The published average of a partner or a sector on a day.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) date: Date,
    pub(super) points: f64,
}

pub(super) fn days() -> Result<Vec<Day>, Problem> {
    let sheet = Sheet::parse(DAYS.as_bytes(), "days.csv", &["date", "points", "remark"])?;
    let read =
        |row: Fields<'_>| Ok(Day { date: date(&row, 0)?, points: row.number(1)?, remark: row.text(2).to_owned() });
    sheet.rows().map(read).collect()
}

pub(super) fn partners() -> Result<Vec<Cell>, Problem> {
    cells(PARTNERS, "partners.csv", "partner")
}

pub(super) fn sectors() -> Result<Vec<Cell>, Problem> {
    cells(SECTORS, "sectors.csv", "sector")
}

/// The register by the days of the published series, as a scenario on top of it.
pub(super) fn by_its_days() -> Text {
    Text::new("validation/budget-lab-2026/series.toml", SERIES)
}

/// Where the numbers by day, by partner and by sector come from.
pub(super) fn sources() -> [String; 3] {
    [DAYS, PARTNERS, SECTORS]
        .map(|text| text.lines().find_map(|line| line.strip_prefix("# source: ")).unwrap_or_default().to_owned())
}

fn cells(text: &str, file: &str, name: &str) -> Result<Vec<Cell>, Problem> {
    let sheet = Sheet::parse(text.as_bytes(), file, &[name, "date", "points"])?;
    let read =
        |row: Fields<'_>| Ok(Cell { name: row.text(0).to_owned(), date: date(&row, 1)?, points: row.number(2)? });
    sheet.rows().map(read).collect()
}

fn date(row: &Fields<'_>, column: usize) -> Result<Date, Problem> {
    row.text(column).parse().map_err(|error| row.problem(column, format!("no day: {error}")))
}
