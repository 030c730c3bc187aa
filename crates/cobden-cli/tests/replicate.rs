//! `cobden replicate` from outside.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and say what it skipped")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn replicate(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cobden"));
    command.arg("replicate").args(arguments).env_remove("COBDEN_DATA").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} absent", folder.display());
    }
    folder.is_dir().then_some(folder)
}

#[test]
fn without_data_all_are_named_and_nothing_is_wrong() {
    let output = replicate(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert_eq!(shown.lines().filter(|line| line.contains(": not run, its data are missing")).count(), 4, "{shown}");
}

#[test]
fn a_paper_asked_for_by_name_says_where_its_data_are_to_be_had() {
    let output = replicate(&["ossa-2014"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = text(&output.stderr);
    for part in ["--data DIR", "worlds/ossa-2014/world.toml", "replication package"] {
        assert!(said.contains(part), "\"{part}\" is not in\n{said}");
    }
    let empty = tempfile::tempdir().unwrap();
    let said = text(&replicate(&["ossa-2014", "--data", empty.path().to_str().unwrap()]).stderr);
    assert!(said.contains(&format!("not in {}", empty.path().display())), "{said}");
}

#[test]
fn names_that_are_none_are_refused() {
    let output = replicate(&["osa-2014"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("did you mean \"ossa-2014\"?"), "{}", text(&output.stderr));
    let output = replicate(&["--data", "no-such-folder"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no folder no-such-folder"), "{}", text(&output.stderr));
}

#[test]
fn the_status_tells_what_passed_what_differs_and_what_was_not_solved() {
    let Some(data) = data() else { return };
    let data = data.to_str().unwrap();
    let output = replicate(&["ossa-2014", "--data", data]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).lines().all(|line| line.chars().count() <= 100));
    assert!(text(&output.stdout).contains("published"), "{}", text(&output.stdout));
    assert_eq!(replicate(&["ossa-2014", "--data", data, "--max-iterations", "0"]).status.code(), Some(3));
    // The same world with other elasticities is not the paper's.
    let other = tempfile::tempdir().unwrap();
    for folder in ["worlds/ossa-2014", "replications/ossa-2014"] {
        fs::create_dir_all(other.path().join(folder)).unwrap();
        for entry in fs::read_dir(Path::new(data).join(folder)).unwrap().map(|entry| entry.unwrap()) {
            fs::write(other.path().join(folder).join(entry.file_name()), fs::read(entry.path()).unwrap()).unwrap();
        }
    }
    let elasticities = other.path().join("worlds/ossa-2014/elasticities.csv");
    let changed = fs::read_to_string(&elasticities).unwrap().replace("ric,6.007203", "ric,16.007203");
    fs::write(&elasticities, changed).unwrap();
    let output = replicate(&["ossa-2014", "--data", other.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("ossa-2014: differs, "), "{}", text(&output.stdout));
}

#[test]
fn documents_hold_every_number() {
    let Some(data) = data() else { return };
    let data = data.to_str().unwrap();
    let json = replicate(&["us-tariff-2025", "--data", data, "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["format"], "cobden.replication/1");
    assert_eq!(document["replications"][0]["verdict"], "pass");
    assert_eq!(document["replications"][0]["compared"][0]["lines"].as_array().unwrap().len(), 162);
    let table = text(&replicate(&["us-tariff-2025", "--data", data, "--format", "csv"]).stdout);
    assert!(table.starts_with("replication,title,column,case,country,published,ours,difference,tolerance,within\n"));
    assert_eq!(table.lines().count(), 1 + 2 * 162);
}
