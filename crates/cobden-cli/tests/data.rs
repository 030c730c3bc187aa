//! `cobden data` from outside.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../cobden/tests/loopback/mod.rs"]
mod loopback;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use loopback::{Manners, Server, archive, has_curl};

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cobden"));
    command.arg("data").args(arguments).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(folder, arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn here() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_list_fits_a_screen_and_is_a_document() {
    let folder = here();
    let (code, table, _) = run(folder.path(), &["list"]);
    assert_eq!(code, Some(0));
    assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    assert!(table.contains("oecd-icio-2025") && table.contains("81 x 50") && table.contains("CC-BY-4.0"), "{table}");
    let (code, json, _) = run(folder.path(), &["list", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, document["format"].as_str()), (Some(0), Some("cobden.datasets/1")));
    let datasets = document["datasets"].as_array().unwrap();
    assert_eq!(datasets.len(), table.lines().filter(|line| line.contains("  ")).count() - 1);
    assert!(datasets.iter().any(|dataset| dataset["name"] == "gtap" && dataset["access"] == "purchase"));
}

#[test]
fn one_data_set_says_all_about_itself() {
    let folder = here();
    let (code, text, _) = run(folder.path(), &["show", "wiod-2016"]);
    assert_eq!(code, Some(0));
    for said in ["CC-BY-4.0", "Timmer", "51efc2a6c0358cff", "dataverse.nl", "Then\n  cobden world import"] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let (_, text, _) = run(folder.path(), &["show", "exiobase-3"]);
    assert!(text.contains("Unverified") && text.contains("no checksum published"), "{text}");
    let (code, json, _) = run(folder.path(), &["show", "gtap", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, document["datasets"].as_array().unwrap().len()), (Some(0), 1));
    let (code, _, said) = run(folder.path(), &["show", "wiod-2061"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("unknown data set \"wiod-2061\"") && said.contains("wiod-2016"), "{said}");
}

#[test]
fn what_no_program_may_fetch_is_explained() {
    let folder = here();
    let (code, text, _) = run(folder.path(), &["get", "gtap", "--year", "2017", "--out", "there"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("https://www.gtap.agecon.purdue.edu") && text.contains("Save it in:     there"), "{text}");
    assert!(text.contains("cobden world import basedata.har"), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let (code, _, said) = run(folder.path(), &["get", "oecd-icio-2025"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("several files") && said.contains("add --year"), "{said}");
    // Without curl: the same, and no file.
    let output = command(folder.path(), &["get", "wdi-gdp", "--year", "2022"]).env("PATH", "").output().unwrap();
    let (text, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("curl is not there"), "{said}");
    assert!(text.contains("Save it as:     ./NY.GDP.MKTP.CD.zip") && text.contains("api.worldbank.org"), "{text}");
}

#[test]
fn a_file_is_fetched_and_reported() {
    if !has_curl() {
        return;
    }
    let folder = here();
    let server = Server::new(&archive(50_000), Manners::default());
    let arguments = ["get", "wdi-gdp", "--year", "2022", "--out", "in", "--address", &server.address];
    let (code, text, said) = run(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        text.contains("50000 bytes, fetched from")
            && text.contains("BLAKE3")
            && text.contains("--gdp NY.GDP.MKTP.CD.zip"),
        "{text}"
    );
    assert!(fs::read(folder.path().join("in/NY.GDP.MKTP.CD.zip")).unwrap() == archive(50_000));
    let (code, text, _) = run(folder.path(), &arguments);
    assert_eq!(code, Some(0));
    assert!(text.contains("is there already"), "{text}");
    let page = Server::new(b"<html>no</html>", Manners::default());
    let (code, text, said) = run(folder.path(), &["get", "wdi-gdp", "--year", "2022", "--address", &page.address]);
    assert_eq!(code, Some(1));
    assert!(said.contains("web page") && text.contains("Save it as:"), "{said}{text}");
    assert!(!folder.path().join("NY.GDP.MKTP.CD.zip").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_file_goes_on_where_it_ended() {
    if !has_curl() {
        return;
    }
    let (folder, content) = (here(), archive(200_000));
    let slow = Server::new(&content, Manners { pause: Duration::from_millis(50), ..Manners::default() });
    let arguments = |address| ["get", "wdi-gdp", "--year", "2022", "--address", address];
    let child = command(folder.path(), &arguments(&slow.address))
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let part = folder.path().join("NY.GDP.MKTP.CD.zip.part");
    let begun = Instant::now();
    while fs::metadata(&part).map_or(0, |part| part.len()) < 5_000 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Cobden alone hears of it, not the group: it must end curl by itself.
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(sent.success() && output.status.code() == Some(130), "{said}");
    assert!(said.contains("NY.GDP.MKTP.CD.zip.part: the same command goes on from there"), "{said}");
    let arrived = fs::metadata(&part).unwrap().len();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(fs::metadata(&part).unwrap().len(), arrived, "nothing goes on behind its back");
    assert!(!folder.path().join("NY.GDP.MKTP.CD.zip").exists());
    let quick = Server::new(&content, Manners::default());
    let (code, _, said) = run(folder.path(), &arguments(&quick.address));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(quick.starts(), [usize::try_from(arrived).unwrap()]);
    assert!(fs::read(folder.path().join("NY.GDP.MKTP.CD.zip")).unwrap() == content);
}
