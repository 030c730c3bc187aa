//! A whole run on a tiny world on disk: what comes out, and what does not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::fs;
use std::ops::ControlFlow;

use cobden::{Failure, Options, Rate, Settings, result};
use common::{run, run_cases, write_study, write_world};

const WAR: &str = r#"
[[case]]
name = "nothing"
tariffs = []
[[case]]
name = "US alone"
tariffs = [ { importer = "USA", exporter = ["*", "!EU27"], sector = "*", add = "10%" } ]
[[case]]
name = "answers"
from = "US alone"
headline = true
tariffs = [
  { importer = ["CHN", "JPN"], exporter = "USA", sector = "AGR", add = "10%" },
  { importer = "CHN", exporter = "USA", sector = "AGR", at_most = "15%" },
]
"#;

#[test]
fn rows_act_in_order_on_what_came_before() {
    let answer = run_cases(WAR).unwrap();
    let world = &answer.world;
    let at = |case: usize, importer: &str, exporter: &str, sector: &str| {
        let index = |names: &cobden_world::Names, name: &str| names.index(name).unwrap();
        answer.cases[case].policy.tariffs
            [[index(&world.countries, importer), index(&world.countries, exporter), index(&world.sectors, sector)]]
        .0
    };
    assert!((at(1, "USA", "CHN", "AUTO") - 0.15).abs() < 1e-15, "5 % and 10 %");
    assert_eq!(at(1, "USA", "EU27", "AUTO"), 0.0, "excluded");
    assert_eq!(at(1, "USA", "USA", "AUTO"), 0.0, "domestic sales bear no tariff");
    assert_eq!(at(2, "USA", "CHN", "AUTO"), at(1, "USA", "CHN", "AUTO"), "from");
    assert_eq!(at(2, "CHN", "USA", "AGR"), 0.15, "10 % and 10 %, at most 15 %");
    assert_eq!(at(2, "JPN", "USA", "AGR"), 0.10);
    assert_eq!(answer.cases[0].policy.tariffs, world.tariffs);
}

#[test]
fn nothing_changes_where_no_tariff_does() {
    let answer = run_cases(WAR).unwrap();
    for country in &answer.cases[0].outcome.as_ref().unwrap().countries {
        assert!(country.welfare_pct.abs() < 1e-9 && (country.wage_hat - 1.0).abs() < 1e-9);
    }
}

#[test]
fn an_answer_hurts_the_one_it_is_for() {
    let answer = run_cases(WAR).unwrap();
    let usa = |case: usize| answer.cases[case].country(0).unwrap().welfare_pct;
    assert!(usa(2) < usa(1));
}

#[test]
fn the_document_has_the_names_of_the_contract() {
    let answer = run_cases(WAR).unwrap();
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    assert_eq!(document["format"], "cobden.result/1");
    for key in ["cobden", "study", "world", "measures", "created"] {
        assert!(document["passport"].get(key).is_some(), "passport.{key}");
    }
    assert_eq!(document["passport"]["world"].as_str().unwrap().len(), 64);
    assert_eq!(document["world"]["countries"][3], "EU27");
    let case = &document["cases"][2];
    assert_eq!(
        (case["name"].as_str(), case["kind"].as_str(), case["from"].as_str()),
        (Some("answers"), Some("tariffs"), Some("US alone"))
    );
    assert_eq!(case["solver"]["converged"], true);
    assert!(case["solver"]["residual_max"].as_f64().unwrap() <= 1e-10);
    for key in [
        "welfare_pct",
        "welfare_usd_m",
        "real_wage_pct",
        "tariff_revenue_usd_m",
        "terms_of_trade_pct",
        "exports_pct",
        "imports_pct",
        "wage_hat",
        "price_hat",
        "welfare_first_order_pct",
    ] {
        assert!(case["countries"][0][key].is_f64(), "countries[].{key}");
    }
}

#[test]
fn the_tables_have_a_row_for_everything() {
    let answer = run_cases(WAR).unwrap();
    let countries = result::countries_csv(&answer).unwrap();
    assert!(countries.starts_with("case,country,converged,welfare_pct,welfare_usd_m,"));
    assert_eq!(countries.lines().count(), 1 + 3 * 4);
    assert_eq!(result::sectors_csv(&answer).unwrap().lines().count(), 1 + 3 * 4 * 2);
    assert_eq!(result::trade_csv(&answer).unwrap().lines().count(), 1 + 3 * 4 * 4);
    let tariffs = result::tariffs_csv(&answer).unwrap();
    assert_eq!(tariffs.lines().next(), Some("case,importer,exporter,sector,rate,rate_before"));
    // The United States change two partners in two sectors, the answers one sector of one partner each.
    assert_eq!(tariffs.lines().count(), 1 + 4 + 6);
}

#[test]
fn a_headline_is_made_of_the_numbers() {
    let answer = run_cases(WAR).unwrap();
    let screen = cobden::Screen::new(&answer);
    assert!(
        screen.sentences[0].starts_with(
            "When the United States raises tariffs on China and Japan and they answer, real income in the United States"
        ),
        "{}",
        screen.sentences[0]
    );
    assert_eq!(screen.rows[0].code, "USA");
    assert_eq!(screen.rows[0].welfare_pct[2], Some(answer.cases[2].country(0).unwrap().welfare_pct));
    assert_eq!(screen.headline, 2);
}

#[test]
fn the_same_study_gives_the_same_numbers_and_passport() {
    let (one, two) = (run_cases(WAR).unwrap(), run_cases(WAR).unwrap());
    assert_eq!(result::countries_csv(&one).unwrap(), result::countries_csv(&two).unwrap());
    assert_eq!((&one.passport.study, &one.passport.world), (&two.passport.study, &two.passport.world));
    let other = run_cases(&WAR.replace("10%", "11%")).unwrap();
    assert_ne!(one.passport.study, other.passport.study);
    assert_eq!(one.passport.world, other.passport.world);
}

#[test]
fn a_case_that_was_not_solved_shows_no_number() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), WAR);
    let options = Options { settings: Settings { max_iterations: 1, ..Settings::default() }, ..Options::default() };
    let answer = run(&study, &options).unwrap();
    assert!(!answer.converged());
    assert!(answer.cases[0].solver.converged, "where nothing changes there is nothing to solve");
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    assert_eq!(document["cases"][1]["solver"]["converged"], false);
    assert!(document["cases"][1]["countries"][0]["welfare_pct"].is_null());
    let table = result::countries_csv(&answer).unwrap();
    assert!(table.contains("US alone,USA,false,,,,"), "{table}");
    let screen = cobden::Screen::new(&answer);
    assert_eq!(screen.rows[0].welfare_pct[1], None);
    assert!(screen.sentences[0].contains("was not solved"), "{}", screen.sentences[0]);
    let html = result::files(&answer).unwrap().into_iter().find(|(name, _)| name == "report.html").unwrap().1;
    assert!(String::from_utf8(html).unwrap().contains("was not solved"));
}

#[test]
fn a_watcher_stops_the_run_between_solves() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = cobden::open_study(&write_study(directory.path(), WAR)).unwrap();
    let mut seen = Vec::new();
    let stopped = cobden::run(study, &Options::default(), |step| {
        seen.push(step.name.to_owned());
        if step.done == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped.unwrap_err(), Failure::Stopped);
    assert_eq!(seen, ["nothing", "US alone"]);
}

#[test]
fn elasticities_of_the_world_go_by_name() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), &format!("elasticities = \"low\"\n{WAR}"));
    let answer = run(&study, &Options::default()).unwrap();
    assert_eq!(answer.elasticities.values.to_vec(), [2.0, 3.0]);
    assert_eq!(answer.elasticities.comments, ["low"]);
    let study = write_study(directory.path(), &format!("elasticities = \"lov\"\n{WAR}"));
    let Err(Failure::Input(problem)) = run(&study, &Options::default()) else { panic!("an unknown set") };
    let place = problem.place.unwrap();
    assert_eq!((place.line, place.column, problem.help.as_deref()), (3, 16, Some("did you mean \"low\"?")));
}

#[test]
fn a_world_that_is_not_there_is_named_at_its_key() {
    let directory = tempfile::tempdir().unwrap();
    let study = directory.path().join("study.toml");
    fs::write(&study, format!("title = \"t\"\nworld = \"icio-2023\"\n{WAR}")).unwrap();
    let Err(Failure::Input(problem)) = run(&study, &Options::default()) else { panic!("an unknown world") };
    let place = problem.place.unwrap();
    assert_eq!((place.line, place.column), (2, 9));
    assert_eq!(problem.help.as_deref(), Some("did you mean \"icio-2022\"?"));
}

#[test]
fn a_preset_without_inputs_says_so_at_its_key() {
    let directory = tempfile::tempdir().unwrap();
    let world = write_world(directory.path());
    fs::write(world.join("inputs.csv"), "country,input,user,value\nUSA,AGR,AUTO,10\n").unwrap();
    let study = write_study(directory.path(), &format!("[model]\npreset = \"armington\"\n{WAR}"));
    let Err(Failure::Input(problem)) = run(&study, &Options::default()) else { panic!("armington with inputs") };
    let place = problem.place.unwrap();
    assert_eq!((place.line, place.column), (4, 10));
    assert!(problem.help.unwrap().contains("inputs = false"));
    let study = write_study(directory.path(), &format!("[model]\npreset = \"armington\"\ninputs = false\n{WAR}"));
    assert!(run(&study, &Options::default()).unwrap().converged());
}

#[test]
fn another_rate_is_never_shared_between_cases() {
    let answer = run_cases(WAR).unwrap();
    let usa_on_japan = |case: usize| answer.cases[case].policy.tariffs[[0, 2, 0]];
    assert_eq!((usa_on_japan(0), usa_on_japan(1)), (Rate(0.0), Rate(0.1)));
}

#[test]
fn a_long_chain_of_cases_takes_each_row_once() {
    let mut cases = String::new();
    for index in 0..3000 {
        let from = if index == 0 { String::new() } else { format!("from = \"c{}\"\n", index - 1) };
        let row = r#"{ importer = "USA", exporter = "JPN", sector = "AGR", add = "0.01%" }"#;
        cases.push_str(&format!("[[case]]\nname = \"c{index}\"\n{from}tariffs = [ {row} ]\n"));
    }
    let study =
        cobden::Study::parse(format!("title = \"t\"\nworld = \"tiny\"\n{cases}").into_bytes(), "s.toml").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let world = cobden::find_world(write_world(directory.path()).to_str().unwrap()).unwrap().world;
    let tables = cobden::Tables::default();
    let laws = cobden::Laws::default();
    let schedules = cobden::Schedules::new(&study, &world, &tables, &laws).unwrap();
    assert!((schedules.policy(2999).unwrap().tariffs[[0, 2, 0]].0 - 0.3).abs() < 1e-12);
    assert!(schedules.policy(3000).is_none());
}

#[test]
fn the_rows_of_a_case_begin_with_those_it_starts_from() {
    let answer = run_cases(WAR).unwrap();
    let from: Vec<usize> = answer.moves(2).iter().map(|one| one.case).collect();
    assert_eq!(from, [1, 2, 2]);
    assert_eq!(answer.actors(2), [0, 1, 2]);
    assert!(answer.moves(0).is_empty() && answer.moves(9).is_empty());
}

/// What is wrong with a run on the tiny world with this file in place of its own.
fn problem_with(file: &str, content: &str) -> cobden::Problem {
    let directory = tempfile::tempdir().unwrap();
    fs::write(write_world(directory.path()).join(file), content).unwrap();
    match run(&write_study(directory.path(), WAR), &Options::default()) {
        Err(Failure::Input(problem)) => problem,
        other => panic!("{file} was taken: {:?}", other.map(|answer| answer.converged())),
    }
}

#[test]
fn value_added_that_is_not_what_a_world_without_inputs_sells_is_no_equilibrium() {
    let mut table = String::from("country,sector,value\n");
    for country in ["USA", "CHN", "JPN", "EU27"] {
        table.push_str(&format!("{country},AGR,110\n{country},AUTO,120\n"));
    }
    let problem = problem_with("value_added.csv", &table);
    assert!(problem.message.contains("not an equilibrium as observed"), "{problem}");
    assert_eq!(problem.place.map(|place| (place.line, place.column)), Some((2, 9)));
}

#[test]
fn an_elasticity_too_small_to_compute_with_is_refused() {
    let problem = problem_with("elasticities.csv", "sector,trade_elasticity\nAGR,1e-12\nAUTO,6\n");
    assert!(problem.message.contains("elasticity of sector AGR is 1e-12"), "{problem}");
}

#[test]
fn a_world_named_by_the_user_is_not_blamed_on_the_study() {
    let directory = tempfile::tempdir().unwrap();
    let world = write_world(directory.path());
    let study = write_study(directory.path(), WAR);
    fs::write(world.join("flows.csv"), "importer,exporter,sector,value\nUSA,USA,AGR,1\n").unwrap();
    let options = Options { world: Some(world.display().to_string()), ..Options::default() };
    let Err(Failure::Input(problem)) = run(&study, &options) else { panic!("a world that sells nothing") };
    assert!(problem.place.unwrap().file.ends_with("world.toml"));
}

#[test]
fn elasticities_of_other_sectors_are_refused_where_they_are_named() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), &format!("elasticities = \"uniform-4\"\n{WAR}"));
    let Err(Failure::Input(problem)) = run(&study, &Options::default()) else { panic!("18 sectors for two") };
    assert!(problem.message.starts_with("the elasticity set \"uniform-4\" is not for the sectors"), "{problem}");
    assert_eq!(problem.place.map(|place| (place.line, place.column)), Some((3, 16)));
}

#[test]
fn results_never_replace_a_world_and_worlds_never_mix() {
    let directory = tempfile::tempdir().unwrap();
    let world = write_world(directory.path());
    let answer = run(&write_study(directory.path(), WAR), &Options::default()).unwrap();
    let before = fs::read(world.join("tariffs.csv")).unwrap();
    let problem = cobden::save_answer(&world, &answer).unwrap_err();
    assert!(problem.message.contains("is a world"), "{problem}");
    assert_eq!(fs::read(world.join("tariffs.csv")).unwrap(), before);
    assert!(!world.join("report.html").exists());

    fs::write(world.join("inputs.parquet"), "of another world").unwrap();
    let problem = cobden::save_world(&world, &answer.world, cobden::Format::Csv, &[]).unwrap_err();
    assert!(problem.message.contains("inputs.parquet"), "{problem}");
    fs::remove_file(world.join("inputs.parquet")).unwrap();
    cobden::save_world(&world, &answer.world, cobden::Format::Csv, &[]).unwrap();
    assert_eq!(cobden::find_world(world.to_str().unwrap()).unwrap().world, answer.world);
}

#[test]
fn a_world_whose_parquet_is_compressed_otherwise_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let world = write_world(directory.path());
    fs::remove_file(world.join("flows.csv")).unwrap();
    fs::write(world.join("flows.parquet"), include_bytes!("world_zstd.parquet")).unwrap();
    let problem = cobden::find_world(world.to_str().unwrap()).err().unwrap();
    assert!(problem.message.contains("compressed with ZSTD"), "{problem}");
    assert!(problem.help.unwrap().contains("snappy"));
}

#[test]
fn labour_that_answers_shows_in_the_result() {
    let case =
        "[[case]]\nname = \"c\"\ntariffs = [ { importer = \"*\", exporter = \"*\", sector = \"*\", add = \"20%\" } ]\n";
    let fixed = run_cases(case).unwrap();
    let elastic = run_cases(&format!("[model]\nlabour_supply_elasticity = 0.5\n{case}")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&result::json(&elastic).unwrap()).unwrap();
    assert_eq!(document["model"]["labour_supply_elasticity"], 0.5);
    let country = &document["cases"][0]["countries"][0];
    let [wage, employment] = ["real_wage_pct", "employment_pct"].map(|key| country[key].as_f64().unwrap());
    assert!(wage < 0.0 && (1.0 + employment / 100.0 - (1.0 + wage / 100.0).sqrt()).abs() < 1e-12);
    let document: serde_json::Value = serde_json::from_str(&result::json(&fixed).unwrap()).unwrap();
    assert!(document["cases"][0]["countries"][0]["employment_pct"].is_null());
    let page = |answer| {
        let (_, bytes) = result::files(answer).unwrap().into_iter().find(|(name, _)| name == "report.html").unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert!(page(&elastic).contains("Labour follows the real wage") && !page(&elastic).contains("People stay"));
    assert!(page(&fixed).contains("People stay"));
}
