//! Rows that take their rates from a table: `set = "file.csv"`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::fs;
use std::path::Path;

use cobden::{Answer, Failure, Options, Problem};
use common::{run, write_study, write_world};

const HEADER: &str = "importer,exporter,sector,rate\n";

/// A study of one case with this row, beside a table `t.csv`.
fn asked(directory: &Path, row: &str, table: &str) -> Result<Answer, Failure> {
    write_world(directory);
    fs::write(directory.join("t.csv"), format!("{HEADER}{table}")).unwrap();
    run(&write_study(directory, &format!("[[case]]\nname = \"c\"\ntariffs = [ {row} ]\n")), &Options::default())
}

fn refused(row: &str, table: &str) -> Problem {
    let directory = tempfile::tempdir().unwrap();
    match asked(directory.path(), row, table) {
        Err(Failure::Input(problem)) => problem,
        other => panic!("{:?}", other.map(|answer| answer.cases)),
    }
}

#[test]
fn a_table_gives_every_cell_its_own_rate_and_nothing_is_zero() {
    let directory = tempfile::tempdir().unwrap();
    let row = r#"{ importer = "USA", exporter = "*", sector = "*", set = "t.csv" }"#;
    let answer = asked(directory.path(), row, "USA,JPN,AUTO,0.3\nUSA,EU27,AGR,0.2\nCHN,USA,AGR,0.9\n").unwrap();
    let tariffs = &answer.cases[0].policy.tariffs;
    assert_eq!((tariffs[[0, 2, 1]].0, tariffs[[0, 3, 0]].0), (0.3, 0.2));
    assert_eq!(tariffs[[0, 1, 1]].0, 0.0, "5 per cent before; no row of the table");
    assert_eq!(tariffs[[1, 0, 0]].0, 0.1, "not in the selection");
}

#[test]
fn a_table_goes_with_every_operation() {
    let directory = tempfile::tempdir().unwrap();
    let row = r#"{ importer = "USA", exporter = "CHN", sector = "*", at_least = "t.csv" }"#;
    let answer = asked(directory.path(), row, "USA,CHN,AGR,0.02\nUSA,CHN,AUTO,0.03\n").unwrap();
    let tariffs = &answer.cases[0].policy.tariffs;
    assert_eq!((tariffs[[0, 1, 0]].0, tariffs[[0, 1, 1]].0), (0.02, 0.05));
}

#[test]
fn a_table_of_the_world_serves_too_and_one_beside_the_study_comes_first() {
    let directory = tempfile::tempdir().unwrap();
    let row = r#"{ importer = "*", exporter = "*", sector = "*", set = "tariffs.free.csv" }"#;
    let world = write_world(directory.path());
    fs::write(world.join("tariffs.free.csv"), HEADER).unwrap();
    let answer = asked(directory.path(), row, "").unwrap();
    assert!(answer.cases[0].policy.tariffs.iter().all(|rate| rate.0 == 0.0));
    fs::write(directory.path().join("tariffs.free.csv"), format!("{HEADER}USA,CHN,AGR,0.5\n")).unwrap();
    assert_eq!(asked(directory.path(), row, "").unwrap().cases[0].policy.tariffs[[0, 1, 0]].0, 0.5);
}

#[test]
fn the_passport_proves_the_tables() {
    let row = r#"{ importer = "USA", exporter = "*", sector = "*", set = "t.csv" }"#;
    let passport = |table| asked(tempfile::tempdir().unwrap().path(), row, table).unwrap().passport;
    let one = passport("USA,JPN,AUTO,0.3\nUSA,EU27,AGR,0.2\n");
    assert_eq!(
        one.tables,
        passport("USA,EU27,AGR,0.20\nUSA,JPN,AUTO,0.3\n").tables,
        "the content counts, not its order"
    );
    assert_ne!(one.tables, passport("USA,JPN,AUTO,0.31\n").tables);
    assert_eq!(one.tables.keys().collect::<Vec<_>>(), ["t.csv"]);
}

#[test]
fn a_table_that_is_not_there_is_named_where_the_study_names_it() {
    let problem = refused(r#"{ importer = "USA", exporter = "*", sector = "*", set = "u.csv" }"#, "");
    let place = problem.place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (5, 69));
    assert!(problem.message.starts_with("no table ") && problem.message.contains("u.csv"), "{problem}");
}

#[test]
fn a_mistake_in_a_table_is_shown_there() {
    let row = r#"{ importer = "USA", exporter = "*", sector = "*", set = "t.csv" }"#;
    let problem = refused(row, "USA,CHX,AGR,0.2\n");
    let place = problem.place.as_ref().unwrap();
    assert!(place.file.ends_with("t.csv"), "{problem}");
    assert_eq!((place.line, place.column, problem.help.as_deref()), (2, 5, Some("did you mean \"CHN\"?")));
}
