//! Every study under `studies/` gives the numbers that lie beside it in `NAME.expect.csv`; one that compares models also their spread,
//! in `NAME.models.expect.csv`.
//!
//! To write them anew after a change that is meant to change them: `COBDEN_BLESS=1 cargo test -p cobden --test studies`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use cobden::{Answer, Options};

/// Percentage points, and parts of one.
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

/// A row per case and country: how many models there are, what the number is in the middle, lowest and highest, and the part of the
/// spread that each choice explains.
fn spread_table(answer: &Answer) -> Option<String> {
    let models = answer.models.as_ref()?;
    let choices = models.choices.iter().map(|choice| choice.name).collect::<Vec<_>>().join(",");
    let mut table = format!("case,country,models,lose,gain,median_pct,low_pct,high_pct,{choices},combinations\n");
    for (index, case) in answer.cases.iter().enumerate() {
        for (n, country) in answer.world.countries.iter().enumerate() {
            let spread = models.spread(index, n).unwrap();
            let shares = spread.shares.as_ref().unwrap();
            let counts = format!("\"{}\",{country},{},{},{}", case.name, spread.models, spread.lose, spread.gain);
            let numbers = [spread.median_pct, spread.low_pct, spread.high_pct].into_iter();
            let numbers = numbers.chain(shares.choices.iter().copied()).chain([shares.combinations]);
            let numbers: Vec<String> = numbers.map(|number| format!("{number:.8}")).collect();
            table.push_str(&format!("{counts},{}\n", numbers.join(",")));
        }
    }
    Some(table)
}

#[test]
fn every_comparison_gives_what_lies_beside_it() {
    let mut compared = 0;
    for path in studies() {
        let study = cobden::open_study(&path).unwrap();
        let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
        let Some(found) = spread_table(&answer) else { continue };
        compared += 1;
        let beside = path.with_extension("models.expect.csv");
        if std::env::var_os("COBDEN_BLESS").is_some() {
            fs::write(&beside, &found).unwrap();
        }
        let known = fs::read_to_string(&beside).unwrap();
        assert_eq!(found.lines().count(), known.lines().count(), "{}", beside.display());
        let same = |one: &str, other: &str| match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => (one - other).abs() <= TOLERANCE,
            _ => one == other,
        };
        for (found, known) in found.lines().zip(known.lines()) {
            let fields = || found.rsplit(',').zip(known.rsplit(','));
            assert!(fields().all(|(one, other)| same(one, other)), "{found}\nexpected {known}");
        }
    }
    assert!(compared > 0);
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
