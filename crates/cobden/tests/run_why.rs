//! Where changes come from, as a run tells it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::fs;

use cobden::{Assumption, Explain, Options, Part, Screen, result};
use common::{run, run_cases, write_study, write_world};

const WAR: &str = r#"
[[case]]
name = "US alone"
tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "50%" } ]
[[case]]
name = "answers"
from = "US alone"
headline = true
tariffs = [ { importer = "*", exporter = "USA", sector = "*", add = "50%" }, { importer = "JPN", exporter = "CHN", sector = "AGR", trade_cost = "10%" } ]
"#;

#[test]
fn the_headline_case_is_taken_apart_and_adds_up() {
    let answer = run_cases(WAR).unwrap();
    assert!(answer.cases[0].why.is_none());
    let case = &answer.cases[1];
    for n in 0..4 {
        let parts = case.why.as_ref().unwrap().parts(n).unwrap();
        let sum: f64 = Part::ALL.iter().map(|part| part.of(parts)).sum();
        let exact = case.country(n).unwrap().welfare_pct;
        // The library's own bound: 1e-8 of the largest part, in logs.
        assert!((sum - exact).abs() < 1e-6, "{n}: {sum} {exact}");
        assert!((parts.welfare_pct - exact).abs() < 1e-7);
    }
    let trade_cost = |n: usize| case.why.as_ref().unwrap().parts(n).unwrap().trade_cost_pct;
    assert!(trade_cost(2) < 0.0 && trade_cost(0) == 0.0, "the cost falls on who buys; others feel it in prices");
}

#[test]
fn every_case_or_none_is_taken_apart_if_asked() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), WAR);
    let explained = |explain| {
        let answer = run(&study, &Options { explain, ..Options::default() }).unwrap();
        let known = answer.cases.iter().map(|case| case.why.is_some()).collect::<Vec<_>>();
        (known, result::why_csv(&answer).unwrap())
    };
    assert_eq!(explained(Explain::Nothing), (vec![false, false], None));
    let (known, table) = explained(Explain::All);
    assert_eq!(known, [true, true]);
    assert!(table.unwrap().contains("\nUS alone,USA,terms_of_trade,,,"));
}

#[test]
fn the_tables_split_each_part_both_ways() {
    let answer = run_cases(WAR).unwrap();
    let table = result::why_csv(&answer).unwrap().unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let sum = |keep: &dyn Fn(&[&str]) -> bool| -> f64 {
        rows.iter()
            .filter(|row| row[1] == "CHN" && row[2] == "terms_of_trade" && keep(row))
            .map(|row| row[5].parse::<f64>().unwrap())
            .sum()
    };
    let whole = sum(&|row| row[3].is_empty() && row[4].is_empty());
    assert!(whole != 0.0);
    assert!((sum(&|row| !row[3].is_empty()) - whole).abs() < 1e-12, "by partner");
    assert!((sum(&|row| !row[4].is_empty()) - whole).abs() < 1e-12, "by sector");
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let parts = &document["cases"][1]["countries"][1]["decomposition"];
    // The reader of JSON may be off by the last bit.
    assert!((parts["terms_of_trade_pct"].as_f64().unwrap() - whole).abs() < 1e-14);
    assert!(document["cases"][0]["countries"][1]["decomposition"].is_null());
}

#[test]
fn the_screen_and_the_page_say_why() {
    let answer = run_cases(WAR).unwrap();
    let why = Screen::new(&answer).why.unwrap();
    assert!(
        why.starts_with("Real income in the United States ") && why.contains(" because its ")
            || why.contains(" because it "),
        "{why}"
    );
    let page = cobden::page(&answer);
    assert_eq!(page.breakdowns[0].region, "USA");
    for breakdown in &page.breakdowns {
        let sum: f64 = breakdown.steps.iter().map(|step| step.value).sum();
        // Parts that would be written as zero are not drawn: at most six of less than 0.005.
        assert!((sum - breakdown.total.value).abs() < 0.03, "{breakdown:?}");
    }
}

#[test]
fn what_is_not_solved_is_not_explained() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), WAR);
    let mut options = Options { explain: Explain::All, ..Options::default() };
    options.settings.max_iterations = 1;
    let answer = run(&study, &options).unwrap();
    assert!(answer.cases.iter().all(|case| !case.solver.converged && case.why.is_none()));
    assert_eq!(Screen::new(&answer).why, None);
    assert!(cobden::page(&answer).breakdowns.is_empty());
}

/// The change of every country in the headline case of the war, on the tiny world with its tables as `change` makes them.
fn welfare_with(file: &str, change: impl Fn(&str) -> String) -> Vec<f64> {
    let directory = tempfile::tempdir().unwrap();
    let table = write_world(directory.path()).join(file);
    let lines: Vec<String> = fs::read_to_string(&table).unwrap().lines().map(change).collect();
    fs::write(&table, lines.join("\n")).unwrap();
    run(&write_study(directory.path(), WAR), &Options::default()).unwrap().cases[1].welfare_pct()
}

/// A line of a table whose last column is a number, that number times a factor if the line begins so.
fn times(line: &str, beginning: &str, factor: f64) -> String {
    match line.rsplit_once(',').filter(|_| line.starts_with(beginning)) {
        Some((key, number)) => format!("{key},{}", number.parse::<f64>().unwrap() * factor),
        None => line.to_owned(),
    }
}

#[test]
fn what_a_number_hangs_on_is_what_moves_it() {
    let answer = run_cases(WAR).unwrap();
    let why = answer.cases[1].why.as_ref().unwrap();
    let mut checked = 0;
    for n in 0..4 {
        for hinge in why.hinges(n) {
            let (file, beginning) = match hinge.on {
                Assumption::TradeElasticity(j) => ("elasticities.csv", format!("{},", &answer.world.sectors[j])),
                Assumption::Trade { importer, exporter } => {
                    let country = |n: usize| &answer.world.countries[n];
                    ("flows.csv", format!("{},{},", country(importer), country(exporter)))
                }
                Assumption::Scale => panic!("no economies of scale here"),
            };
            let step = 1e-3_f64;
            let moved = |factor: f64| welfare_with(file, |line| times(line, &beginning, factor))[n];
            let slope = (moved(1.0 + step) - moved(1.0 - step)) / ((1.0 + step) / (1.0 - step)).ln();
            let claimed = hinge.effect_pct_points / 1.1_f64.ln();
            // Central differences of the whole run: truncation of order step squared, and solves to 1e-10.
            assert!((slope - claimed).abs() < 1e-4 * slope.abs().max(0.1), "{n} {:?}: {slope} {claimed}", hinge.on);
            checked += 1;
        }
    }
    assert_eq!(checked, 4 * 10, "ten for every country");
}

#[test]
fn three_of_them_are_in_the_document_ten_in_the_table() {
    let answer = run_cases(WAR).unwrap();
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let named = document["cases"][1]["countries"][0]["hangs_on"].as_array().unwrap();
    assert_eq!(named.len(), 3);
    let size = |at: usize| named[at]["effect_pct_points"].as_f64().unwrap().abs();
    assert!(size(0) >= size(1) && size(1) >= size(2) && size(2) > 0.0);
    assert!(document["cases"][0]["countries"][0]["hangs_on"].as_array().unwrap().is_empty());
    let table = result::hangs_on_csv(&answer).unwrap().unwrap();
    assert_eq!(table.lines().count(), 1 + 4 * 10);
    let screen = Screen::new(&answer);
    assert!(screen.hangs_on[0].starts_with("United States ("), "{:?}", screen.hangs_on);
    assert_eq!(cobden::page(&answer).breakdowns[0].levers.len(), 5);
}
