//! The replications that cobden carries: whole, and passing where their data are at hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and say what it skipped")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cobden::{Replication, Settings, Verdict, replications};

fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} absent", folder.display());
    }
    folder.is_dir().then_some(folder)
}

fn run(replication: &Replication, data: &Path, settings: &Settings) -> cobden::Replicated {
    cobden::replicate(replication, data, settings, |_, _| ControlFlow::Continue(())).unwrap()
}

#[test]
fn every_file_is_carried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("replications");
    let mut folders = Vec::new();
    for entry in fs::read_dir(&root).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir()) {
        folders.push(entry.file_name().into_string().unwrap());
    }
    folders.sort();
    assert_eq!(folders, replications().iter().map(|replication| replication.name).collect::<Vec<_>>());
    for replication in replications() {
        let mut there: Vec<String> = fs::read_dir(root.join(replication.name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let mut carried: Vec<&str> = replication.files().map(|(name, _)| name).collect();
        carried.sort_unstable();
        assert_eq!(carried, there, "{}", replication.name);
        assert!(replication.differences().lines().count() > 5, "{}", replication.name);
    }
}

#[test]
fn every_plan_says_what_it_needs_and_why_it_may_differ() {
    for replication in replications() {
        let plan = replication.plan().unwrap();
        assert!(!plan.needs.is_empty() && plan.paper.len() > 40 && plan.data.len() > 100, "{}", replication.name);
        for table in &plan.tables {
            let has = |file: &str| replication.files().any(|(name, _)| name == file);
            assert!(has(&table.study) && has(&table.numbers), "{}: {}", replication.name, table.title);
            for wanted in &table.comparisons {
                assert!(wanted.tolerance > 0.0 && wanted.why.len() > 10, "{}: {}", replication.name, wanted.column);
            }
        }
    }
}

#[test]
fn without_data_nothing_is_run_and_what_is_missing_is_named() {
    let empty = tempfile::tempdir().unwrap();
    for replication in replications() {
        let done = run(replication, empty.path(), &Settings::default());
        assert_eq!((done.verdict, &done.missing), (Verdict::NoData, &replication.plan().unwrap().needs));
        assert_eq!(done, replication.absent().unwrap());
    }
}

#[test]
fn every_published_number_is_found_again() {
    let Some(data) = data() else { return };
    for replication in replications() {
        let done = run(replication, &data, &Settings::default());
        assert!(done.missing.is_empty(), "{}: {:?}", done.name, done.missing);
        for compared in &done.compared {
            println!("{}: {} {}: {:?}", done.name, compared.title, compared.column, compared.largest);
            assert_eq!(compared.verdict, Verdict::Pass, "{}: {compared:?}", done.name);
        }
        assert_eq!(done.verdict, Verdict::Pass);
    }
}

#[test]
fn a_solve_that_did_not_converge_gives_no_number() {
    let Some(data) = data() else { return };
    let settings = Settings { max_iterations: 0, ..Settings::default() };
    let done = run(cobden::replication("ossa-2014").unwrap(), &data, &settings);
    assert_eq!(done.verdict, Verdict::NotConverged);
    assert!(done.compared.iter().flat_map(|compared| &compared.lines).all(|line| line.ours.is_none()));
}
