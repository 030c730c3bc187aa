//! `cobden replicate`: published numbers beside ours.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cobden::{Compared, DATA_VARIABLE, Failure, Line, Problem, Replicated, Replication, Settings, Verdict};

use crate::arguments::{Form, ReplicateArguments};
use crate::output::{WIDTH, print, progress, wrap};
use crate::table::{Column, aligned, shortened};

/// A solve did not converge.
const NOT_CONVERGED: u8 = 3;
/// A number differs by more than its tolerance.
const DIFFERS: u8 = 4;
/// Most lines of one comparison on screen; of longer ones those farthest apart.
const LINES: usize = 16;
/// Most digits after the decimal point on screen.
const DECIMALS: usize = 6;
/// Longest name of a case on screen.
const NAME: usize = 28;

pub(crate) fn replicate(arguments: &ReplicateArguments) -> Result<ExitCode, Failure> {
    let data = data(arguments)?;
    let one = arguments.name.as_deref().map(cobden::replication).transpose()?;
    let asked = one.map_or(cobden::replications(), std::slice::from_ref);
    let mut replicated = Vec::with_capacity(asked.len());
    for replication in asked {
        let done = match &data {
            Some(folder) => run(replication, folder, arguments)?,
            None => replication.absent()?,
        };
        if one.is_some() && done.verdict == Verdict::NoData {
            return Err(absent(&done, data.as_deref(), &replication.plan()?.data).into());
        }
        replicated.push(done);
    }
    print(&match arguments.format {
        Form::Json => cobden::replications_json(&replicated)?,
        Form::Csv => cobden::replications_csv(&replicated)?,
        Form::Table => screen(&replicated, one.is_some()),
    })?;
    Ok(match replicated.iter().map(|one| one.verdict).max() {
        Some(Verdict::NotConverged) => ExitCode::from(NOT_CONVERGED),
        Some(Verdict::Differs) => ExitCode::from(DIFFERS),
        _ => ExitCode::SUCCESS,
    })
}

/// The folder of the data, which must be there if it is named.
fn data(arguments: &ReplicateArguments) -> Result<Option<PathBuf>, Problem> {
    let named = arguments.data.clone().or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    match named {
        Some(folder) if !folder.is_dir() => {
            let problem = Problem::new(format!("no folder {}", folder.display()));
            Err(problem.help(format!("--data or {DATA_VARIABLE} names the folder with worlds/ and replications/")))
        }
        named => Ok(named),
    }
}

fn run(replication: &Replication, data: &Path, arguments: &ReplicateArguments) -> Result<Replicated, Failure> {
    let mut settings = Settings::default();
    if let Some(bound) = arguments.max_iterations {
        settings.max_iterations = bound;
    }
    let done = cobden::replicate(replication, data, &settings, |study, step| {
        if !arguments.quiet {
            progress(&format!(
                "{}, {study}: solving {} of {}: {}",
                replication.name,
                step.done + 1,
                step.steps,
                step.name
            ));
        }
        ControlFlow::Continue(())
    });
    progress("");
    done
}

/// The problem of a replication that was asked for by name and has no data.
fn absent(replicated: &Replicated, data: Option<&Path>, get: &str) -> Problem {
    let place = data
        .map_or_else(|| "say with --data DIR where they are".to_owned(), |data| format!("not in {}", data.display()));
    let message = format!("the data of {} are missing ({place}): {}", replicated.name, replicated.missing.join(", "));
    Problem::new(message).help(wrap(get, WIDTH - "   = help: ".len(), "", ""))
}

fn screen(replicated: &[Replicated], whole: bool) -> String {
    let mut text = String::new();
    for one in replicated.iter().filter(|one| one.verdict != Verdict::NoData) {
        text.push_str(&wrap(&one.paper, WIDTH, "", ""));
        text.push_str("\n\n");
        text.push_str(&if whole { details(one) } else { summary(one) });
        text.push('\n');
    }
    for one in replicated {
        let numbers: usize = one.compared.iter().map(|compared| compared.lines.len()).sum();
        let within: usize = one.compared.iter().map(|compared| compared.within).sum();
        let said = match one.verdict {
            Verdict::NoData => format!("not run, its data are missing; see cobden replicate {}", one.name),
            verdict => format!("{}, {within} of {numbers} numbers within tolerance", verdict.word()),
        };
        text.push_str(&format!("{}: {said}\n", one.name));
    }
    text
}

/// Every comparison in one line.
fn summary(replicated: &Replicated) -> String {
    let longest = replicated.compared.iter().map(|compared| compared.column.len()).max().unwrap_or(0);
    let columns = [Column::Words, Column::Number, Column::Number, Column::Number, Column::Words];
    let header = |column: &str| {
        ["within", "largest gap", "tolerance", ""].iter().fold(vec![format!("{column:longest$}")], |mut row, name| {
            row.push((*name).to_owned());
            row
        })
    };
    let mut text = String::new();
    for group in replicated.compared.chunk_by(|one, next| one.title == next.title) {
        text.push_str(&head(&group[0]));
        let rows: Vec<Vec<String>> = group
            .iter()
            .map(|compared| {
                vec![
                    compared.column.clone(),
                    format!("{} of {}", compared.within, compared.lines.len()),
                    compared.largest.map_or_else(|| "-".to_owned(), |gap| format!("{gap:.1e}")),
                    tolerance(compared),
                    compared.verdict.word().to_owned(),
                ]
            })
            .collect();
        text.push_str(&aligned(&columns, &header(""), &rows, "  "));
    }
    text
}

fn head(compared: &Compared) -> String {
    format!("{}\n{}\n", compared.title, wrap(&format!("Source: {}", compared.source), WIDTH, "  ", "  "))
}

/// As one writes it: `0.005`, `1e-7`.
fn tolerance(compared: &Compared) -> String {
    if compared.tolerance < 1e-3 { format!("{:e}", compared.tolerance) } else { compared.tolerance.to_string() }
}

/// Every comparison with its numbers.
fn details(replicated: &Replicated) -> String {
    let mut text = String::new();
    for group in replicated.compared.chunk_by(|one, next| one.title == next.title) {
        text.push_str(&head(&group[0]));
        for compared in group {
            text.push_str(&numbers(compared));
        }
        text.push('\n');
    }
    text
}

fn numbers(compared: &Compared) -> String {
    let columns = [Column::Words, Column::Words, Column::Number, Column::Number, Column::Number];
    let header = ["case", "country", "published", "ours", "difference"].map(str::to_owned);
    let rows: Vec<Vec<String>> = farthest(&compared.lines).into_iter().map(cells).collect();
    let mut text = format!("\n  {}\n{}", compared.column, aligned(&columns, &header, &rows, "    "));
    if rows.len() < compared.lines.len() {
        text.push_str(&format!("    and {} closer ones\n", compared.lines.len() - rows.len()));
    }
    let largest = compared.largest.map_or_else(String::new, |gap| format!("; largest gap {gap:.1e}"));
    let verdict = format!(
        "{}: {} of {} within {}, as {}{largest}",
        compared.verdict.word(),
        compared.within,
        compared.lines.len(),
        tolerance(compared),
        compared.why
    );
    text.push_str(&wrap(&verdict, WIDTH, "    ", "    "));
    text.push('\n');
    text
}

/// A rounded zero has no sign.
fn unsigned_zero(text: String) -> String {
    if text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { text } else { text.replace('-', "") }
}

/// All lines, or those farthest apart, in their order.
fn farthest(lines: &[Line]) -> Vec<&Line> {
    // A line without a number of ours is farthest from any.
    let gap = |line: &Line| line.difference().map_or(f64::INFINITY, f64::abs);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&one, &other| gap(&lines[other]).total_cmp(&gap(&lines[one])));
    order.truncate(LINES);
    order.sort_unstable();
    order.into_iter().map(|at| &lines[at]).collect()
}

fn cells(line: &Line) -> Vec<String> {
    let published = line.decimals.min(DECIMALS);
    let ours = (line.decimals + 2).min(DECIMALS.max(published));
    vec![
        shortened(&line.case, NAME),
        line.country.clone(),
        format!("{:.published$}", line.published),
        line.ours.map_or_else(|| "-".to_owned(), |value| unsigned_zero(format!("{value:.ours$}"))),
        line.difference().map_or_else(|| "-".to_owned(), |value| format!("{value:+.1e}")),
    ]
}
