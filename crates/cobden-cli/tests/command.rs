//! The command from outside: what it prints, what it writes, how it ends.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ROW: &str = r#"{ importer = "USA", exporter = "*", sector = "*", add = "10%" }"#;

/// A folder with a world of two countries in `tiny` and a study of it in `study.toml`.
fn folder(cases: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("tiny");
    fs::create_dir(&world).unwrap();
    let manifest = "format = \"cobden.world/1\"\nid = \"tiny\"\ntitle = \"Two countries, made up\"\nyear = 2022\nunit = \"USD million\"\n\
                    source = \"made up\"\nnote = \"\"\ncountries = [\"USA\", \"CHN\"]\nsectors = [\"AGR\"]\n";
    fs::write(world.join("world.toml"), manifest).unwrap();
    let flows = "importer,exporter,sector,value\nUSA,USA,AGR,100\nUSA,CHN,AGR,20\nCHN,USA,AGR,15\nCHN,CHN,AGR,80\n";
    fs::write(world.join("flows.csv"), flows).unwrap();
    fs::write(world.join("elasticities.csv"), "sector,trade_elasticity\nAGR,4\n").unwrap();
    fs::write(folder.path().join("study.toml"), format!("title = \"t\"\nworld = \"tiny\"\n{cases}")).unwrap();
    folder
}

fn case(name: &str) -> String {
    format!("[[case]]\nname = \"{name}\"\ntariffs = [ {ROW} ]\n")
}

fn cobden(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cobden")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Runs a study that is wrong: exit status 1, the place on standard error, nothing on standard output, nothing written.
fn refused(folder: &Path, arguments: &[&str], place: &str) {
    let before = names(folder);
    let output = cobden(folder, arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: ") && said.contains(place), "\"{place}\" is not in\n{said}");
    assert_eq!(text(&output.stdout), "");
    assert_eq!(names(folder), before, "nothing is written");
}

#[test]
fn a_run_ends_with_a_table_and_a_report() {
    let folder = folder(&case("US alone"));
    let output = cobden(folder.path(), &["run", "study.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert!(shown.contains("When the United States raises tariffs on everyone"), "{shown}");
    assert!(shown.contains("Report: out/study/report.html"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    let written = names(&folder.path().join("out/study"));
    assert_eq!(
        written,
        [
            "countries.csv",
            "hangs_on.csv",
            "report.html",
            "result.json",
            "sectors.csv",
            "tariffs.csv",
            "trade.csv",
            "why.csv"
        ]
    );
    assert!(shown.contains("\nWhy\nReal income in the United States "), "{shown}");
}

#[test]
fn models_compared_are_summed_up_below_the_table() {
    let compare = "[compare]\npresets = [\"armington\", \"ossa\"]\nbaselines = [\"observed\", \"balanced\"]\n";
    let folder = folder(&format!("{compare}{}", case("US alone")));
    let output = cobden(folder.path(), &["run", "study.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let (table, below) = shown.split_once("Across 4 models real income in the United States").unwrap();
    assert!(table.contains("World ") && below.contains("of the spread") && below.contains("agree"), "{shown}");
    let table = fs::read_to_string(folder.path().join("out/study/models.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + 2 * 4, "{table}");
}

#[test]
fn a_document_goes_to_standard_output_and_nothing_to_disk() {
    let folder = folder(&case("US alone"));
    let before = names(folder.path());
    let output = cobden(folder.path(), &["run", "study.toml", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["format"], "cobden.result/1");
    assert_eq!(document["cases"][0]["countries"][0]["country"], "USA");
    let table = cobden(folder.path(), &["run", "study.toml", "--format", "csv"]);
    assert!(text(&table.stdout).starts_with("case,country,"));
    assert_eq!(names(folder.path()), before);
}

#[test]
fn files_and_document_say_the_same() {
    let folder = folder(&case("US alone"));
    let output = cobden(folder.path(), &["run", "study.toml", "--format", "json", "--out", "deep/er"]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = fs::read(folder.path().join("deep/er/result.json")).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(shown, written);
}

#[test]
fn quiet_prints_nothing_and_still_writes() {
    let folder = folder(&case("US alone"));
    let output = cobden(folder.path(), &["run", "study.toml", "--quiet", "--out", "o"]);
    assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
    assert!(folder.path().join("o/report.html").exists());
}

#[test]
fn another_world_may_be_named() {
    let folder = folder(&case("US alone"));
    fs::rename(folder.path().join("tiny"), folder.path().join("other")).unwrap();
    refused(folder.path(), &["run", "study.toml"], "study.toml:2:9");
    let output = cobden(folder.path(), &["run", "study.toml", "--world", "other", "--format", "csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_bad_study_is_refused_at_its_place() {
    let folder = folder(&case("a").replace("USA", "USB"));
    refused(folder.path(), &["run", "study.toml"], "study.toml:5:26");
    let said = text(&cobden(folder.path(), &["run", "study.toml", "--out", "o"]).stderr);
    assert!(said.contains("^^^^^") && said.contains("help: did you mean \"USA\"?"), "{said}");
    fs::write(folder.path().join("latin.toml"), b"title = \"\xe9\"\n").unwrap();
    refused(folder.path(), &["run", "latin.toml"], "latin.toml:1:10");
    let circle = "title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"a\"\nfrom = \"a\"\ntariffs = []\n";
    fs::write(folder.path().join("circle.toml"), circle).unwrap();
    refused(folder.path(), &["run", "circle.toml"], "circle.toml:5:8");
    refused(folder.path(), &["run", "absent.toml"], "absent.toml:1:1");
    refused(folder.path(), &["run", "tiny"], "tiny:1:1");
}

#[test]
fn a_study_as_long_as_a_data_file_is_refused_unread() {
    let folder = folder("");
    let file = fs::File::create(folder.path().join("huge.toml")).unwrap();
    // Sparse: takes no room on disk, and would take four gigabytes in memory.
    file.set_len(4 << 30).unwrap();
    refused(folder.path(), &["run", "huge.toml"], "huge.toml:1:1");
}

#[test]
fn bad_data_is_refused_at_its_place() {
    let folder = folder(&case("US alone"));
    let flows = folder.path().join("tiny/flows.csv");
    let good = fs::read_to_string(&flows).unwrap();
    for (from, to) in [
        ("USA,CHN,AGR,20", "USA,CHN,AGR,-20"),
        ("USA,CHN,AGR,20", "USA,CHX,AGR,20"),
        ("USA,CHN,AGR,20", "USA,CHN,AGR,NaN"),
    ] {
        fs::write(&flows, good.replace(from, to)).unwrap();
        refused(folder.path(), &["run", "study.toml"], "flows.csv:3:");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&case("US alone"));
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write anywhere");
        return;
    }
    refused(folder.path(), &["run", "study.toml", "--out", "closed"], "permission denied");
    refused(folder.path(), &["run", "study.toml", "--out", "closed/deeper"], "permission denied");
    assert_eq!(names(&closed), Vec::<String>::new());
}

#[test]
fn results_never_replace_a_world() {
    let folder = folder(&case("US alone"));
    refused(folder.path(), &["run", "study.toml", "--out", "tiny"], "tiny is a world");
    assert_eq!(names(&folder.path().join("tiny")), ["elasticities.csv", "flows.csv", "world.toml"]);
}

#[test]
fn runs_at_the_same_time_may_share_a_folder() {
    let folder = folder(&case("US alone"));
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cobden"));
        command.args(["run", "study.toml", "--quiet", "--out", "o"]).current_dir(folder.path()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..6).map(|_| run()).collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    assert_eq!(names(&folder.path().join("o")).len(), 8);
    assert_eq!(names(folder.path()), ["o", "study.toml", "tiny"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_130_and_leaves_nothing() {
    let mut cases = String::new();
    for index in 0..3000 {
        cases.push_str(&case(&format!("c{index}")));
    }
    let folder = folder(&cases.replace("\"*\", add", "\"SERV\", add"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_cobden"));
    command.args(["run", "study.toml", "--world", "icio-2022", "--out", "o"]).current_dir(folder.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let output = child.wait_with_output().unwrap();
    if !sent.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no command kill");
        return;
    }
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert_eq!(
        (text(&output.stdout), text(&output.stderr)),
        (String::new(), "stopped; nothing was written\n".to_owned())
    );
    assert_eq!(names(folder.path()), ["study.toml", "tiny"]);
}

#[test]
fn damaged_parquet_prints_one_error_and_no_trace() {
    let folder = folder(&case("US alone"));
    let flows = folder.path().join("tiny/flows.parquet");
    fs::remove_file(folder.path().join("tiny/flows.csv")).unwrap();
    let good = include_bytes!("../../cobden/tests/world_customs.parquet");
    for at in (4..good.len()).step_by(7) {
        let mut damaged = good.to_vec();
        damaged[at] ^= 0x55;
        fs::write(&flows, damaged).unwrap();
        let output = cobden(folder.path(), &["run", "study.toml"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.starts_with("error: ") && said.contains("flows.parquet") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn names_and_titles_never_steer_the_terminal() {
    let folder = folder(&case("US alone"));
    let manifest = folder.path().join("tiny/world.toml");
    let text_of = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text_of.replace("\"made up\"", "\"made \\u001b[2Jup\"")).unwrap();
    let shown = cobden(folder.path(), &["world", "show", "tiny"]);
    assert!(shown.status.success() && !shown.stdout.contains(&0x1b));
}

#[test]
fn a_recipe_as_long_as_a_data_file_is_refused_unread() {
    let folder = folder("");
    fs::File::create(folder.path().join("huge.toml")).unwrap().set_len(1 << 40).unwrap();
    refused(folder.path(), &["world", "build", "huge.toml", "--out", "o"], "huge.toml:1:1");
}

#[test]
fn a_file_in_the_way_is_an_error() {
    let folder = folder(&case("US alone"));
    fs::write(folder.path().join("o"), "mine").unwrap();
    refused(folder.path(), &["run", "study.toml", "--out", "o"], "it is a file");
    refused(folder.path(), &["run", "study.toml", "--out", "o/deeper"], "o");
    assert_eq!(fs::read_to_string(folder.path().join("o")).unwrap(), "mine");
}

#[test]
fn a_case_that_was_not_solved_is_marked_and_ends_with_three() {
    let folder = folder(&case("US alone"));
    let output = cobden(folder.path(), &["run", "study.toml", "--max-iterations", "1", "--out", "o"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stdout).contains("US alone (not converged)"));
    assert!(text(&output.stderr).contains("not converged: \"US alone\""));
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("o/result.json")).unwrap()).unwrap();
    assert!(document["cases"][0]["countries"][0]["welfare_pct"].is_null());
}

#[test]
fn wrong_usage_ends_with_two() {
    let folder = folder("");
    for arguments in [
        vec!["rum"],
        vec!["run"],
        vec!["run", "study.toml", "--format", "xml"],
        vec!["world"],
        vec!["explain", "--all", "x"],
        vec!["world", "check", "tiny", "--tolerance", "nan"],
    ] {
        assert_eq!(cobden(folder.path(), &arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn words_are_explained() {
    let folder = folder("");
    let output = cobden(folder.path(), &["explain", "terms", "of", "trade"]);
    assert!(text(&output.stdout).starts_with("Terms of trade\n=============="));
    assert!(text(&cobden(folder.path(), &["explain"]).stdout).contains("trade-elasticity"));
    let output = cobden(folder.path(), &["explain", "welfar"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("did you mean \"welfare\"?"));
}

#[test]
fn worlds_are_listed_shown_and_checked() {
    let folder = folder("");
    let list = text(&cobden(folder.path(), &["world", "list"]).stdout);
    assert!(list.contains("icio-2022") && list.contains("caliendo-parro-2015"), "{list}");
    let shown = cobden(folder.path(), &["world", "show", "icio-2022"]);
    assert!(text(&shown.stdout).contains("CC BY 4.0"));
    assert!(text(&shown.stdout).lines().all(|line| line.chars().count() <= 100));
    assert_eq!(cobden(folder.path(), &["world", "check", "icio-2022"]).status.code(), Some(0));
    let unknown = cobden(folder.path(), &["world", "show", "icio-2020"]);
    assert!(text(&unknown.stderr).contains("did you mean \"icio-2022\"?"));
}

#[test]
fn a_world_that_does_not_add_up_is_shown_where_and_one_without_solution_refused() {
    let folder = folder(&case("US alone"));
    let value_added = folder.path().join("tiny/value_added.csv");
    fs::write(&value_added, "country,sector,value\nUSA,AGR,110\nCHN,AGR,100\n").unwrap();
    let output = cobden(folder.path(), &["world", "check", "tiny"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("cost, sales"), "{}", text(&output.stdout));
    fs::write(&value_added, "country,sector,value\nUSA,AGR,0\nCHN,AGR,100\n").unwrap();
    let output = cobden(folder.path(), &["world", "check", "tiny"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("USA"), "{}", text(&output.stderr));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder("");
    let mut child = Command::new(env!("CARGO_BIN_EXE_cobden"))
        .args(["explain", "--all"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}
