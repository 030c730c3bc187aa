//! `cobden measures validate`: the average rate here beside a published one.

use std::path::PathBuf;

use cobden::law::{self, Compared, Date, Day, Distance, Moved, Validation};
use cobden::{DATA_VARIABLE, Problem};

use super::arguments::{Sheet, ValidateArguments};
use crate::output::{WIDTH, print, wrap};
use crate::table::{Column, aligned, shortened, signed};

/// Digits after the decimal point.
const DECIMALS: usize = 2;
/// Longest account of what moved a step.
const ACCOUNT: usize = 60;

pub(super) fn validate(arguments: &ValidateArguments) -> Result<(), Problem> {
    let named = arguments.data.clone().or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    let data = named.ok_or_else(|| {
        let problem = Problem::new("the imports that weigh the rates are not part of cobden");
        problem.help(format!("--data or {DATA_VARIABLE} names the folder with us-imports-2024/ and lists/"))
    })?;
    let register = arguments.law.sources()?.open()?;
    let validation = law::validate(&register, &data)?;
    print(&match arguments.format {
        Sheet::Csv => law::validation_csv(&validation)?,
        Sheet::Table => screen(&validation),
    })
}

fn screen(validation: &Validation) -> String {
    let mut text = format!(
        "The average rate of the United States in points, as customs charged on the day. Weights: {}.\n\
         Published: {}\n\n",
        validation.weights,
        wrap(&validation.sources[0], WIDTH, "", "  ")
    );
    text.push_str(&by_day(&validation.days));
    text.push_str("\n\"By its days\": the register with what is known to be dated otherwise there dated as there.\n\n");
    for (title, cells) in [("By partner", &validation.partners), ("By sector of GTAP", &validation.sectors)] {
        text.push_str(&format!("{title} (published and register, by day)\n"));
        text.push_str(&by_name(cells));
        text.push('\n');
    }
    text.push_str(&format!("By its own days, the register {}\n", sentence(&validation.own)));
    text.push_str(&format!("By the days of the series, it {}\n", sentence(&validation.shifted)));
    text.push_str("What differs and why: docs/validation.md.\n");
    text
}

fn by_day(days: &[Day]) -> String {
    let columns = [
        Column::Words,
        Column::Number,
        Column::Number,
        Column::Number,
        Column::Number,
        Column::Number,
        Column::Number,
        Column::Words,
    ];
    let header = ["day", "published", "register", "apart", "by its days", "step there", "here", "what moved it here"];
    let mut rows = Vec::with_capacity(days.len());
    let mut before: Option<&Day> = None;
    for day in days {
        let step = |of: fn(&Day) -> f64| before.map_or_else(String::new, |last| signed(of(day) - of(last), DECIMALS));
        rows.push(vec![
            day.date.to_string(),
            format!("{:.DECIMALS$}", day.published),
            format!("{:.DECIMALS$}", day.register),
            signed(day.register - day.published, DECIMALS),
            signed(day.shifted - day.published, DECIMALS),
            step(|day| day.published),
            step(|day| day.register),
            shortened(&account(&day.moved), ACCOUNT),
        ]);
        before = Some(day);
    }
    aligned(&columns, &header.map(str::to_owned), &rows, "")
}

fn account(moved: &[Moved]) -> String {
    let one = |moved: &Moved| {
        let acts = moved.acts.join(", ");
        let by = if acts.is_empty() { acts } else { format!(": {acts}") };
        format!("{} {}{by}", moved.measure, signed(moved.points, DECIMALS))
    };
    moved.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A row for each name, a pair of columns for each day.
fn by_name(cells: &[Compared]) -> String {
    let mut days: Vec<Date> = cells.iter().map(|cell| cell.date).collect();
    days.sort_unstable();
    days.dedup();
    let mut names: Vec<&str> = cells.iter().map(|cell| cell.name.as_str()).collect();
    names.dedup();
    let mut header = vec![String::new(), "share %".to_owned()];
    let mut columns = vec![Column::Words, Column::Number];
    for day in &days {
        header.extend([day.to_string(), "here".to_owned(), "apart".to_owned()]);
        columns.extend([Column::Number; 3]);
    }
    let row = |name: &str| {
        let of_name = || cells.iter().filter(|cell| cell.name == name);
        let share = of_name().next().map_or(0.0, |cell| 100.0 * cell.share);
        let mut row = vec![name.to_owned(), format!("{share:.1}")];
        for day in &days {
            match of_name().find(|cell| cell.date == *day) {
                Some(cell) => row.extend([
                    format!("{:.DECIMALS$}", cell.published),
                    format!("{:.DECIMALS$}", cell.register),
                    signed(cell.register - cell.published, DECIMALS),
                ]),
                None => row.extend([String::new(), String::new(), String::new()]),
            }
        }
        row
    };
    let rows: Vec<Vec<String>> = names.into_iter().map(row).collect();
    aligned(&columns, &header, &rows, "  ")
}

/// Whether the gates hold, in words.
fn sentence(distance: &Distance) -> String {
    let (steps, level) = distance.holds();
    format!(
        "makes {} of {} steps within {} points (largest difference {:.2}; gate {:.0} %: {}),\n  \
         and its level is within {} on {} of {} days (largest {:.2}, average {:.2}; gate every day: {}).",
        distance.steps_within,
        distance.steps,
        law::STEP,
        distance.largest_step,
        100.0 * law::SHARE,
        met(steps),
        law::LEVEL,
        distance.days_within,
        distance.days,
        distance.largest_level,
        distance.mean_level,
        met(level),
    )
}

fn met(gate: bool) -> &'static str {
    if gate { "met" } else { "not met" }
}
