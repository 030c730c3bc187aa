//! Several models in one study: each as if it were run alone, all of them summed up, and the main answer left as it was.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::fs;
use std::ops::ControlFlow;

use cobden::models::Models;
use cobden::{Answer, Failure, Options, Screen, result};
use common::{run, run_cases, write_study, write_world};

const CASES: &str = r#"
[[case]]
name = "US alone"
tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "20%" } ]
[[case]]
name = "answers"
from = "US alone"
headline = true
tariffs = [ { importer = ["CHN", "JPN"], exporter = "USA", sector = "AGR", add = "30%" } ]
"#;

/// 3 models, 2 elasticity sets, 3 closures; `caliendo-parro` on a world without inputs is `armington`.
const COMPARE: &str = r#"
[compare]
presets = ["caliendo-parro", "armington", "ossa", "krugman"]
elasticities = ["default", "low"]
deficits = ["fixed", "share"]
baselines = ["observed", "balanced"]
scale = [0.5]
"#;

fn compared() -> Answer {
    run_cases(&format!("{COMPARE}{CASES}")).unwrap()
}

fn models(answer: &Answer) -> &Models {
    answer.models.as_ref().unwrap()
}

#[test]
fn everything_is_crossed_with_everything_once() {
    let answer = compared();
    let models = models(&answer);
    let options: Vec<&[String]> = models.choices.iter().map(|choice| choice.options.as_slice()).collect();
    assert_eq!(options[0], ["caliendo-parro", "ossa", "krugman at scale 0.5"]);
    assert_eq!(options[1], ["default", "low"]);
    assert_eq!(options[2], ["fixed", "share", "balanced"]);
    assert_eq!(models.solved(0), (18, 18));
    let taken: Vec<&[usize]> = models.combinations.iter().map(|one| one.options.as_slice()).collect();
    let all: Vec<[usize; 4]> = (0..18).map(|at| [at / 6, at / 3 % 2, at % 3, 0]).collect();
    assert_eq!(taken, all.iter().map(|one| one.as_slice()).collect::<Vec<_>>());
    assert!(models.remarks[0].starts_with("armington is the same model as caliendo-parro"), "{:?}", models.remarks);
    let main: Vec<bool> = models.combinations.iter().map(|one| one.main).collect();
    assert_eq!(main.iter().position(|main| *main), Some(0));
    assert_eq!(main.iter().filter(|main| **main).count(), 1);
}

#[test]
fn the_main_answer_stays_what_it_was() {
    let (alone, beside) = (run_cases(CASES).unwrap(), compared());
    assert_eq!(result::countries_csv(&alone).unwrap(), result::countries_csv(&beside).unwrap());
    assert_eq!(result::sectors_csv(&alone).unwrap(), result::sectors_csv(&beside).unwrap());
    assert!(alone.models.is_none() && result::models_csv(&alone).unwrap().is_none());
    assert!(!result::json(&alone).unwrap().contains("\"models\""));
    let main = &models(&beside).combinations[0];
    for (case, solved) in beside.cases.iter().enumerate() {
        for n in 0..4 {
            assert_eq!(main.numbers(case, n).unwrap().welfare_pct, solved.country(n).unwrap().welfare_pct);
        }
    }
}

#[test]
fn a_combination_is_what_a_study_of_its_own_finds() {
    let answer = compared();
    let alone = "elasticities = \"low\"\n[model]\npreset = \"krugman\"\nscale = 0.5\ndeficits = \"share\"\n";
    let alone = run_cases(&format!("{alone}{CASES}")).unwrap();
    let one = models(&answer).combinations.iter().find(|one| one.options == [2, 1, 1, 0]).unwrap();
    for (case, solved) in alone.cases.iter().enumerate() {
        for n in 0..4 {
            let (numbers, country) = (one.numbers(case, n).unwrap(), solved.country(n).unwrap());
            assert_eq!(numbers.welfare_pct, country.welfare_pct);
            assert_eq!(
                (numbers.real_wage_pct, numbers.tariff_revenue),
                (country.real_wage_pct, country.tariff_revenue)
            );
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let answer = pool.install(compared);
        let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
        (result::models_csv(&answer).unwrap().unwrap(), document["models"].to_string())
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
}

#[test]
fn a_spread_is_that_of_the_numbers_and_its_parts_add_up() {
    let answer = compared();
    let models = models(&answer);
    for case in 0..2 {
        for n in 0..4 {
            let numbers = models.combinations.iter().map(|one| one.numbers(case, n).unwrap().welfare_pct);
            let spread = models.spread(case, n).unwrap();
            assert_eq!(spread.low_pct, numbers.clone().fold(f64::INFINITY, f64::min));
            assert_eq!(spread.high_pct, numbers.clone().fold(f64::NEG_INFINITY, f64::max));
            assert_eq!(numbers.filter(|number| *number <= spread.median_pct).count(), 9, "the middle of 18");
            let shares = spread.shares.as_ref().unwrap();
            assert!((shares.choices.iter().sum::<f64>() + shares.combinations - 1.0).abs() < 1e-12);
            assert!(shares.choices.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
        }
    }
}

/// Value added that is not what sectors sell: no equilibrium as observed, but one that can be solved for.
fn with_failures() -> Answer {
    let directory = tempfile::tempdir().unwrap();
    let mut table = String::from("country,sector,value\n");
    for country in ["USA", "CHN", "JPN", "EU27"] {
        table.push_str(&format!("{country},AGR,110\n{country},AUTO,120\n"));
    }
    fs::write(write_world(directory.path()).join("value_added.csv"), table).unwrap();
    let study = "[model]\nbaseline = \"solved\"\n[compare]\nbaselines = [\"observed\", \"solved\", \"balanced\"]\nelasticities = [\"low\", \"default\"]";
    run(&write_study(directory.path(), &format!("{study}{CASES}")), &Options::default()).unwrap()
}

#[test]
fn what_cannot_be_solved_is_listed_and_never_averaged() {
    let answer = with_failures();
    assert!(answer.converged(), "the main answer is there");
    let models = models(&answer);
    assert_eq!(models.solved(1), (4, 6));
    for one in models.combinations.iter().filter(|one| one.model.baseline == cobden::Baseline::Observed) {
        assert!(one.cases.iter().all(|case| case.as_ref().unwrap_err().contains("not an equilibrium as observed")));
    }
    let spread = models.spread(1, 0).unwrap();
    assert_eq!(spread.models, 4);
    let shares = spread.shares.as_ref().unwrap();
    assert!((shares.choices.iter().sum::<f64>() + shares.combinations - 1.0).abs() < 1e-12);
    let table = result::models_csv(&answer).unwrap().unwrap();
    assert_eq!(table.lines().count(), 1 + 2 * 4 * 6, "every combination has its rows");
    assert!(
        table.lines().filter(|line| line.contains(",observed,")).all(|line| line.ends_with(",false,,,")),
        "{table}"
    );
    let said = Screen::new(&answer).models.join(" ");
    assert!(said.contains("2 of 6 models have no answer and are left out: 2 with caliendo-parro."), "{said}");
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let failures = document["models"]["cases"][0]["failures"].as_array().unwrap();
    assert_eq!(failures.iter().map(|one| one["combination"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(document["models"]["cases"][0]["countries"][0]["welfare_pct"][0], serde_json::Value::Null);
}

#[test]
fn the_document_says_which_models_and_sets() {
    let answer = compared();
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let models = &document["models"];
    assert_eq!(models["choices"][1]["choice"], "elasticities");
    assert_eq!(models["elasticities"][0]["blake3"], document["passport"]["elasticities"]);
    assert_ne!(models["elasticities"][1]["blake3"], document["passport"]["elasticities"]);
    assert_eq!(models["combinations"].as_array().unwrap().len(), 18);
    let usa = &models["cases"][1]["countries"][0];
    assert_eq!(usa["main_pct"], document["cases"][1]["countries"][0]["welfare_pct"]);
    assert_eq!(usa["welfare_pct"][0], usa["main_pct"]);
    for key in ["median_pct", "low_pct", "high_pct"] {
        assert!(usa[key].is_f64(), "{key}");
    }
    for choice in ["model", "elasticities", "closure", "labour", "combinations"] {
        assert!(usa["shares"][choice].is_f64(), "{choice}");
    }
}

#[test]
fn the_first_screen_says_how_sure_the_headline_is() {
    let said = Screen::new(&compared()).models;
    assert!(said[0].starts_with("Across 18 models real income in the United States "), "{said:?}");
    for part in ["the model", "elasticities", "the closure", "the choices in combination", "of the spread"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
    assert!(said[1].contains("agree"), "{said:?}");
    assert!(Screen::new(&run_cases(CASES).unwrap()).models.is_empty());
}

#[test]
fn all_means_every_set_of_the_world() {
    let answer = run_cases(&format!("[compare]\nelasticities = \"all\"\n{CASES}")).unwrap();
    let sets: Vec<&str> = models(&answer).sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(sets, ["default", "low"], "those inside cobden are for other sectors");
    let said = Screen::new(&answer).models;
    assert!(!said[0].contains("explain"), "one choice explains everything: {said:?}");
}

#[test]
fn a_run_is_watched_and_stopped_between_models_too() {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    let study = write_study(directory.path(), &format!("{COMPARE}{CASES}"));
    let mut told = Vec::new();
    cobden::run(cobden::open_study(&study).unwrap(), &Options::default(), |step| {
        told.push((step.done, step.steps));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(told, (0..20).map(|done| (done, 20)).collect::<Vec<_>>());
    for last in [0, 2, 11, 19] {
        let stopped = cobden::run(cobden::open_study(&study).unwrap(), &Options::default(), |step| {
            if step.done >= last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped.err(), Some(Failure::Stopped));
    }
}

/// `(lines of [compare], line:column, part of the message, part of the advice)`.
type Bad = (&'static str, &'static str, &'static str, &'static str);

#[test]
fn mistakes_are_shown_where_they_are() {
    let bad: [Bad; 18] = [
        ("presets = [\"armingtom\", \"ossa\"]", "4:12", "unknown preset \"armingtom\"", "\"armington\""),
        ("presets = \"armington\"", "4:11", "`presets` of [compare] must be a list, found text", "presets = [ ... ]"),
        ("presets = [\"ossa\", \"ossa\"]", "4:20", "stands twice in `presets`", ""),
        ("presets = [3]", "4:12", "every preset must be text in quotes", ""),
        ("presets = []", "4:11", "`presets` is empty", "leave it out"),
        ("preset = [\"ossa\"]", "4:1", "unknown key `preset` in [compare]", "`presets`"),
        ("worlds = [\"tiny\"]", "4:1", "not in this version", ""),
        ("deficits = [\"fixt\"]", "4:13", "unknown deficits \"fixt\"", "\"fixed\""),
        ("baselines = [\"obsreved\"]", "4:14", "unknown baseline \"obsreved\"", "\"observed\""),
        ("inputs = [true, \"no\"]", "4:17", "every item of `inputs` must be true or false, found text", ""),
        (
            "presets = [\"ossa\", \"armington\"]\ninputs = [true, false]",
            "5:1",
            "none of the presets compared has inputs",
            "caliendo-parro",
        ),
        ("presets = [\"krugman\"]\nscale = [0.5, 2]", "5:15", "a number from 0 to 1", "free entry"),
        (
            "presets = [\"ossa\", \"armington\"]\nscale = [0.5]",
            "5:1",
            "none of the presets compared has economies of scale",
            "krugman",
        ),
        ("scale = [0.5, 1]", "4:1", "none of the presets compared has economies of scale", "compare krugman"),
        ("elasticities = \"low\"", "4:16", "must be a list of names, or \"all\"", "[\"NAME\", \"NAME\"]"),
        ("elasticities = [\"low\", \"lwo\"]", "4:24", "unknown elasticity set \"lwo\"", "\"low\""),
        (
            "elasticities = [\"low\", \"uniform-4\"]",
            "4:24",
            "is not for the sectors of this world",
            "elasticities.uniform-4.csv",
        ),
        ("deficits = [\"share\"]", "3:1", "names one model only", "two or more presets"),
    ];
    for (lines, place, message, help) in bad {
        let Err(Failure::Input(problem)) = run_cases(&format!("[compare]\n{lines}\n{CASES}")) else {
            panic!("nothing is wrong with\n{lines}")
        };
        let found = problem.place.as_ref().map(|place| format!("{}:{}", place.line, place.column)).unwrap_or_default();
        assert_eq!(found, place, "{problem}");
        assert!(problem.message.contains(message), "{problem} does not say {message}");
        assert!(problem.help.clone().unwrap_or_default().contains(help), "{problem} does not advise {help}");
    }
}

#[test]
fn what_the_main_model_says_holds_where_nothing_else_is_said() {
    let head = "[model]\npreset = \"krugman\"\nscale = 0.25\ndeficits = \"share\"\n";
    let answer = run_cases(&format!("{head}[compare]\nelasticities = [\"default\", \"low\"]\n{CASES}")).unwrap();
    let models = models(&answer);
    assert_eq!(models.choices[0].options, ["krugman at scale 0.25"]);
    assert_eq!(models.choices[2].options, ["share"]);
    assert!(models.combinations[0].main && !models.combinations[1].main);
}

#[test]
fn labour_supply_is_a_choice_of_its_own() {
    let compare = "[compare]\nlabour_supply_elasticity = [0, 0.5]\nelasticities = [\"default\", \"low\"]\n";
    let answer = run_cases(&format!("{compare}{CASES}")).unwrap();
    let models = models(&answer);
    assert_eq!(models.choices[3].options, ["0", "0.5"]);
    assert_eq!(models.combinations.iter().map(|one| one.main).collect::<Vec<_>>(), [true, false, false, false]);
    assert_eq!(models.name(&models.combinations[1]), "default · 0.5");
    let alone = run_cases(&format!("[model]\nlabour_supply_elasticity = 0.5\n{CASES}")).unwrap();
    let numbers = models.combinations[1].numbers(1, 0).unwrap();
    assert_eq!(numbers.welfare_pct, alone.cases[1].country(0).unwrap().welfare_pct);
    let said = Screen::new(&answer).models;
    assert!(said[0].contains("labour supply") && said[0].contains("the two in combination"), "{said:?}");
}

#[test]
fn presets_without_inputs_imply_that_there_are_none() {
    let head = "title = \"t\"\nworld = \"icio-2022\"\n";
    let case = "[[case]]\nname = \"a\"\ntariffs = [ { importer = \"USA\", exporter = \"CHN\", sector = \"AUTO\", add = \"10%\" } ]";
    let options = |text: &str| {
        let study = cobden::Study::parse(format!("{head}{text}\n{case}").into_bytes(), "s.toml").unwrap();
        let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
        models(&answer).choices[0].options.clone()
    };
    let both = "[compare]\npresets = [\"caliendo-parro\", \"armington\", \"ossa\"]";
    assert_eq!(options(both), ["caliendo-parro", "armington", "ossa"]);
    assert_eq!(
        options(&format!("[model]\npreset = \"armington\"\ninputs = false\n{both}")),
        ["caliendo-parro", "armington", "ossa"]
    );
    assert_eq!(
        options(&format!("{both}\ninputs = [true, false]")),
        ["caliendo-parro", "caliendo-parro without inputs", "ossa"]
    );
}

#[test]
fn the_report_sorts_every_model_by_every_choice() {
    let answer = with_failures();
    let comparison = cobden::page(&answer).comparison.unwrap();
    let strips = comparison.strips.iter().find(|strips| strips.region == "USA").unwrap();
    assert_eq!(strips.main, answer.cases[1].country(0).unwrap().welfare_pct);
    let names: Vec<&str> = strips.choices.iter().map(|choice| choice.name.as_str()).collect();
    assert_eq!(names, ["Elasticities", "Closure"], "a choice with one option is none");
    let dots =
        |choice: usize| strips.choices[choice].options.iter().map(|(_, values)| values.len()).collect::<Vec<_>>();
    assert_eq!(dots(0), [2, 2]);
    assert_eq!(dots(1), [0, 2, 2], "as observed there is no answer");
    assert_eq!(comparison.left_out.len(), 2);
    assert_eq!((comparison.spreads.len(), comparison.shares.len()), (4, 3));
    assert!(cobden::page(&run_cases(CASES).unwrap()).comparison.is_none());
}
