//! `cobden run`: a table on screen and a folder with the report.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cobden::{Answer, Explain, Failure, Options, Progress, Row, Screen, Study, result};

use crate::arguments::{Form, RunArguments};
use crate::interrupt;
use crate::output::{WIDTH, print, progress, remark, wrap};
use crate::questions;
use crate::table::{Column, aligned, shortened, signed};

/// A solve did not converge; the result says which.
const NOT_CONVERGED: u8 = 3;
/// Columns of cases side by side that fit a screen next to the names.
const CASES_ABREAST: usize = 8;
/// Longest name of a country on screen.
const NAME: usize = 25;

/// How an answer is shown.
pub(crate) struct Shown<'a> {
    pub(crate) format: Form,
    pub(crate) quiet: bool,
    /// Where files go; `None`: nowhere.
    pub(crate) folder: Option<&'a Path>,
}

pub(crate) fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let study = cobden::open_study(&arguments.study)?;
    let folder = folder(arguments);
    let shown = Shown { format: arguments.format, quiet: arguments.quiet, folder: folder.as_deref() };
    answered(study, &options(arguments), &shown)
}

/// Runs a study, writes and prints what comes of it.
pub(crate) fn answered(study: Study, options: &Options, shown: &Shown<'_>) -> Result<ExitCode, Failure> {
    let answer = cobden::run(study, options, |step: Progress<'_>| {
        if !shown.quiet {
            let detail = if step.detail.is_empty() { String::new() } else { format!(" ({})", step.detail) };
            progress(&format!("solving {} of {}: {}{detail}", step.done + 1, step.steps, step.name));
        }
        ControlFlow::Continue(())
    });
    progress("");
    let answer = answer?;
    if let Some(folder) = shown.folder {
        interrupt::writing(|| cobden::save_answer(folder, &answer))?;
    }
    print(&text(shown, &answer)?)?;
    Ok(status(&answer))
}

fn options(arguments: &RunArguments) -> Options {
    let mut options = Options { world: arguments.world.clone(), keep: folder(arguments), ..Options::default() };
    if arguments.why {
        options.explain = Explain::All;
    }
    if let Some(bound) = arguments.max_iterations {
        options.settings.max_iterations = bound;
    }
    options
}

/// Where the files go: `--out`, or `out/NAME` beside a table on screen.
fn folder(arguments: &RunArguments) -> Option<PathBuf> {
    let default = || arguments.study.file_stem().map(|stem| Path::new("out").join(stem));
    arguments.out.clone().or_else(|| if arguments.format == Form::Table { default() } else { None })
}

fn text(shown: &Shown<'_>, answer: &Answer) -> Result<String, Failure> {
    Ok(match shown.format {
        Form::Json => result::json(answer)?,
        Form::Csv => result::countries_csv(answer)?,
        Form::Table if shown.quiet => String::new(),
        Form::Table => screen(&Screen::new(answer), shown.folder),
    })
}

/// Says which cases were not solved, and which in a way that must be known.
fn status(answer: &Answer) -> ExitCode {
    for case in &answer.cases {
        if let Some(caveat) = case.solver.caveat() {
            remark(&format!("\"{}\" {caveat}", case.name));
        }
    }
    for case in answer.cases.iter().filter(|case| !case.solver.converged) {
        remark(&format!(
            "not converged: \"{}\" {} after {} iterations, largest residual {:.1e}",
            case.name, case.solver.stop, case.solver.iterations, case.solver.residual_max
        ));
    }
    if answer.converged() { ExitCode::SUCCESS } else { ExitCode::from(NOT_CONVERGED) }
}

fn screen(screen: &Screen, folder: Option<&Path>) -> String {
    let mut text = format!("{}\n\n", screen.title);
    for sentence in &screen.sentences {
        text.push_str(&wrap(sentence, WIDTH, "", ""));
        text.push('\n');
    }
    if let Some(finding) = &screen.finding {
        text.push_str(&format!("\nFinding\n{}\n", wrap(finding, WIDTH, "", "")));
    }
    if let Some(why) = &screen.why {
        text.push_str(&format!("\nWhy\n{}\n", wrap(why, WIDTH, "", "")));
    }
    if !screen.hangs_on.is_empty() {
        text.push_str("\nWhat it hangs on most, in percentage points for 10% more of each\n");
        for line in &screen.hangs_on {
            text.push_str(&wrap(line, WIDTH, "", "  "));
            text.push('\n');
        }
    }
    text.push_str("\nCases\n");
    for (index, (name, solved)) in screen.cases.iter().enumerate() {
        let mark = match (index == screen.headline, *solved) {
            (_, false) => " (not converged)",
            (true, true) => " (the case above)",
            (false, true) => "",
        };
        let number = format!("{:>4}  ", index + 1);
        text.push_str(&wrap(&format!("{name}{mark}"), WIDTH, &number, &" ".repeat(number.len())));
        text.push('\n');
    }
    text.push_str("\nReal income, change in per cent, by case\n");
    let blocks: Vec<usize> = (0..screen.cases.len()).step_by(CASES_ABREAST).collect();
    for first in &blocks {
        text.push_str(&block(screen, *first, *first + CASES_ABREAST >= screen.cases.len()));
        text.push('\n');
    }
    text.push_str(&questions::shown(screen));
    for sentence in &screen.models {
        text.push_str(&wrap(sentence, WIDTH, "", ""));
        text.push('\n');
    }
    if !screen.models.is_empty() {
        text.push('\n');
    }
    text.push_str(&wrap(&screen.footnote, WIDTH, "", ""));
    text.push('\n');
    if let Some(folder) = folder {
        text.push_str(&format!("\nReport: {}\n", folder.join("report.html").display()));
    }
    text
}

/// Of those who do not act, so many from either end are shown; all stand in the tables of the result.
const AT_THE_ENDS: usize = 25;

/// The table for some cases; the last one ends with dollars.
fn block(screen: &Screen, first: usize, last: bool) -> String {
    let cases: Vec<usize> = (first..screen.cases.len().min(first + CASES_ABREAST)).collect();
    let dollars = last && screen.rows.iter().any(|row| row.usd_bn.is_some());
    let mut columns = vec![Column::Words, Column::Words];
    let mut header = vec![String::new(), String::new()];
    for &case in &cases {
        columns.push(Column::Number);
        header.push(if case == screen.headline { format!("[{}]", case + 1) } else { (case + 1).to_string() });
    }
    if dollars {
        columns.push(Column::Number);
        header.push(format!("USD bn [{}]", screen.headline + 1));
    }
    let mut rows: Vec<Vec<String>> = screen.rows.iter().map(|row| cells(row, &cases, dollars)).collect();
    // A blank line between those who act and the others, and before the world.
    let acting = screen.rows.iter().take_while(|row| row.acts).count();
    let blank = || vec![String::new(); columns.len()];
    let between = (rows.len() - acting).saturating_sub(2 * AT_THE_ENDS);
    // One row less is not worth a gap.
    if between > 1 {
        let mut gap = blank();
        (gap[0], gap[1]) = ("…".to_owned(), format!("{between} between"));
        rows.splice(acting + AT_THE_ENDS..acting + AT_THE_ENDS + between, [gap]);
    }
    rows.push(blank());
    rows.push(world(screen, &cases, dollars));
    if acting > 0 {
        rows.insert(acting, blank());
    }
    aligned(&columns, &header, &rows, "")
}

fn cells(row: &Row, cases: &[usize], dollars: bool) -> Vec<String> {
    let name = if row.name == row.code { String::new() } else { shortened(&row.name, NAME) };
    let mut cells = vec![shortened(&row.code, NAME), name];
    cells.extend(cases.iter().map(|&case| change(row.welfare_pct.get(case).copied().flatten())));
    if dollars {
        cells.push(row.usd_bn.map_or_else(|| "-".to_owned(), |value| signed(value, 1)));
    }
    cells
}

fn world(screen: &Screen, cases: &[usize], dollars: bool) -> Vec<String> {
    let mut cells = vec!["World".to_owned(), String::new()];
    cells.extend(cases.iter().map(|&case| change(screen.world.get(case).copied().flatten())));
    if dollars {
        cells.push(signed(screen.rows.iter().filter_map(|row| row.usd_bn).sum(), 1));
    }
    cells
}

/// A change in per cent, or a dash where it is not known.
pub(crate) fn change(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| signed(value, 2))
}
