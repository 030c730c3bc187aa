//! What was read of a list of one year, in words.

use cobden_data::{ListFormat, Summary};
use cobden_world::Problem;

use super::source::Source;

/// Kinds of lists, and the option of the command that names their year.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Tariffs,
    Trade,
}

impl Kind {
    /// What it is, what it is in short, what it has, and the option.
    fn words(self) -> [&'static str; 4] {
        match self {
            Self::Tariffs => ["tariffs", "tariffs", "lines", "--tariff-year"],
            Self::Trade => ["trade by product", "trade", "rows", "--products-year"],
        }
    }
}

/// The problem of a list that has nothing of the year.
pub(super) fn nothing(kind: Kind, source: &Source, year: i32, summary: &Summary) -> Problem {
    let [_, what, parts, option] = kind.words();
    let years: Vec<String> = summary.years.iter().map(i32::to_string).collect();
    let problem = Problem::new(format!("no {what} of {year}")).in_file(&source.label);
    match years.as_slice() {
        [] => problem.help(format!("the file has no {parts} that could be read as {what}")),
        years => problem.help(format!("say {option}; the file has {}", years.join(", "))),
    }
}

/// What was read, and what was left out though it is of the year.
pub(super) fn told(kind: Kind, source: &Source, format: ListFormat, year: i32, summary: &Summary) -> String {
    let [title, _, parts, _] = kind.words();
    let (read, name) = (summary.read, source.name());
    let mut text = format!("{title}: {read} {parts} of {year} from {name} ({})", format.title());
    let skipped = summary.skipped.iter().filter(|(why, _)| *why != "other year");
    let skipped: Vec<String> = skipped.map(|(why, count)| format!("{count} {why}")).collect();
    if !skipped.is_empty() {
        text.push_str(&format!("; left out: {}", skipped.join(", ")));
    }
    text
}
