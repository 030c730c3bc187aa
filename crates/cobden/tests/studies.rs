//! Every study under `studies/` gives the numbers that lie beside it in `NAME.expect.csv`.
//!
//! To write them anew after a change that is meant to change them: `COBDEN_BLESS=1 cargo test -p cobden --test studies`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cobden::{Answer, Options};

/// Percentage points.
const TOLERANCE: f64 = 1e-6;

fn studies() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies");
    let mut studies: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    studies.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    studies.sort();
    studies
}

/// `(case, country, welfare_pct)` of every case and country.
fn welfare(answer: &Answer) -> Vec<(String, String, f64)> {
    let mut rows = Vec::new();
    for case in &answer.cases {
        for (n, country) in answer.world.countries.iter().enumerate() {
            rows.push((case.name.clone(), country.to_owned(), case.country(n).unwrap().welfare_pct));
        }
    }
    rows
}

fn read(path: &Path) -> Vec<(String, String, f64)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["case", "country", "welfare_pct"]);
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn write(path: &Path, rows: &[(String, String, f64)]) {
    let mut writer = csv::Writer::from_path(path).unwrap();
    writer.write_record(["case", "country", "welfare_pct"]).unwrap();
    for (case, country, welfare) in rows {
        writer.write_record([case.as_str(), country.as_str(), &format!("{welfare:.8}")]).unwrap();
    }
    writer.flush().unwrap();
}

#[test]
fn every_study_gives_what_lies_beside_it() {
    let studies = studies();
    assert!(!studies.is_empty());
    for path in studies {
        let study = cobden::open_study(&path).unwrap_or_else(|problem| panic!("{problem}"));
        let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
        assert!(answer.converged(), "{}", path.display());
        let found = welfare(&answer);
        let beside = path.with_extension("expect.csv");
        if std::env::var_os("COBDEN_BLESS").is_some() {
            write(&beside, &found);
        }
        let expected = read(&beside);
        assert_eq!(expected.len(), found.len(), "{}", beside.display());
        for ((case, country, welfare), (known_case, known_country, known)) in found.iter().zip(&expected) {
            assert_eq!((case, country), (known_case, known_country));
            assert!((welfare - known).abs() <= TOLERANCE, "{case}, {country}: {welfare}, expected {known}");
        }
    }
}

#[test]
fn every_study_converges_to_the_tolerance_it_claims() {
    for path in studies() {
        let study = cobden::open_study(&path).unwrap();
        let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
        for case in &answer.cases {
            assert!(case.solver.residual_max <= 1e-10, "{}: {:e}", case.name, case.solver.residual_max);
        }
    }
}
