//! A tiny world on disk, and studies of it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cobden::{Answer, Failure, Options, Problem, Study};

/// Four regions and two sectors, one region of several members; made up.
const MANIFEST: &str = r#"format = "cobden.world/1"
id = "tiny"
title = "Four regions, two sectors, made up"
year = 2022
unit = "USD million"
source = "made up for tests"
note = ""
countries = ["USA", "CHN", "JPN", "EU27"]
sectors = ["AGR", "AUTO"]
[members]
EU27 = ["DEU", "FRA"]
"#;

/// Writes the tiny world into `directory/tiny`.
pub(crate) fn write_world(directory: &Path) -> PathBuf {
    let world = directory.join("tiny");
    fs::create_dir_all(&world).unwrap();
    fs::write(world.join("world.toml"), MANIFEST).unwrap();
    fs::write(world.join("flows.csv"), flows()).unwrap();
    fs::write(world.join("tariffs.csv"), "importer,exporter,sector,rate\nUSA,CHN,AUTO,0.05\nCHN,USA,AGR,0.10\n")
        .unwrap();
    fs::write(world.join("elasticities.csv"), "# made up\nsector,trade_elasticity\nAGR,4\nAUTO,6\n").unwrap();
    fs::write(world.join("elasticities.low.csv"), "# low\nsector,trade_elasticity\nAGR,2\nAUTO,3\n").unwrap();
    world
}

/// Home sales of 100, foreign ones of 5 to 12: each country has a deficit or a surplus.
fn flows() -> String {
    let countries = ["USA", "CHN", "JPN", "EU27"];
    let mut text = String::from("importer,exporter,sector,value\n");
    for (n, importer) in countries.iter().enumerate() {
        for (i, exporter) in countries.iter().enumerate() {
            for (j, sector) in ["AGR", "AUTO"].iter().enumerate() {
                let value = if n == i { 100 } else { 5 + (2 * n + 3 * i + j) % 8 };
                text.push_str(&format!("{importer},{exporter},{sector},{value}\n"));
            }
        }
    }
    text
}

/// A study of the tiny world with these cases, written beside the world.
pub(crate) fn write_study(directory: &Path, cases: &str) -> PathBuf {
    let path = directory.join("study.toml");
    fs::write(&path, format!("title = \"A test\"\nworld = \"tiny\"\n{cases}")).unwrap();
    path
}

/// Runs a study file.
pub(crate) fn run(path: &Path, options: &Options) -> Result<Answer, Failure> {
    cobden::run(cobden::open_study(path)?, options, |_| ControlFlow::Continue(()))
}

/// Runs a study of the tiny world with these cases.
pub(crate) fn run_cases(cases: &str) -> Result<Answer, Failure> {
    let directory = tempfile::tempdir().unwrap();
    write_world(directory.path());
    run(&write_study(directory.path(), cases), &Options::default())
}

/// What is wrong with a whole study text, be it its form or its meaning in the tiny world.
pub(crate) fn problem_of(text: &str) -> Problem {
    let directory = tempfile::tempdir().unwrap();
    let world = cobden::find_world(write_world(directory.path()).to_str().unwrap()).unwrap().world;
    let study = match Study::parse(text.as_bytes().to_vec(), "s.toml") {
        Ok(study) => study,
        Err(problem) => return problem,
    };
    if let Err(problem) = study.model(&world) {
        return problem;
    }
    match cobden::Schedules::new(&study, &world, &cobden::Tables::default(), &cobden::Laws::default()) {
        Err(problem) => problem,
        Ok(_) => panic!("nothing is wrong with\n{text}"),
    }
}

/// The United States put a tariff on everyone.
pub(crate) const US: &str = r#"
[model]
preset = "armington"
[[case]]
name = "us"
tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "20%" } ]
"#;

/// Runs a study of the tiny world that begins with the tariff of the United States.
pub(crate) fn asked(cases: &str) -> Answer {
    run_cases(&format!("{US}{cases}")).unwrap()
}
