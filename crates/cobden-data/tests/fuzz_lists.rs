//! No bytes make a reader panic, hang or take memory that the file does not have.

mod support;

use cobden_data::gtap::{self, Source};
use cobden_data::har::HarFile;
use cobden_data::{ListFormat, census, hts};
use cobden_world::Problem;
use proptest::prelude::*;
use support::fixtures::{all, census_parquet};
use support::gtap_base::Base;

/// A problem has a file; one in a text has a line that is there.
fn check(problem: &Problem, bytes: &[u8]) {
    let place = problem.place.as_ref().unwrap_or_else(|| panic!("no place: {problem}"));
    assert!(place.file.starts_with('f'), "{problem}");
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    assert!(place.line <= lines || bytes.windows(2).any(|two| two == b"PK"), "{problem}");
    assert!(place.line >= 1 && place.column >= 1);
}

fn read_with_all(bytes: &[u8]) {
    let _ = ListFormat::detect("imports", bytes);
    for fixture in all() {
        if let Err(problem) = (fixture.read)(bytes) {
            check(&problem, bytes);
        }
    }
    let _ = census::read_parquet(
        bytes.to_vec().into(),
        "f",
        &census::Options { year: Some(2024), ..census::Options::default() },
        &mut |_| Ok(()),
    );
}

/// Changes at places chosen by `seeds`: a byte replaced, one left out, one put in.
fn mutate(bytes: &mut Vec<u8>, seeds: &[(u16, u8, u8)]) {
    for (at, kind, byte) in seeds {
        if bytes.is_empty() {
            return;
        }
        let at = usize::from(*at) % bytes.len();
        match kind % 3 {
            0 => bytes[at] = *byte,
            1 => _ = bytes.remove(at),
            _ => bytes.insert(at, *byte),
        }
    }
}

#[test]
fn every_truncation_is_read_or_refused() {
    for fixture in all() {
        for length in 0..fixture.bytes.len() {
            let bytes = &fixture.bytes[..length];
            if let Err(problem) = (fixture.read)(bytes) {
                check(&problem, bytes);
            }
        }
    }
    let parquet = census_parquet();
    for length in 0..parquet.len() {
        assert!(
            census::read_parquet(
                parquet.slice(..length),
                "f",
                &census::Options { year: Some(2024), ..census::Options::default() },
                &mut |_| Ok(())
            )
            .is_err()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_with_all(&bytes);
    }

    #[test]
    fn random_text(text in "[ -~\t\n\r\",;#0-9.%é]{0,300}") {
        read_with_all(text.as_bytes());
    }

    #[test]
    fn mutated_fixtures(seeds in prop::collection::vec(any::<(u16, u8, u8)>(), 1..8)) {
        for fixture in all() {
            let mut bytes = fixture.bytes.clone();
            mutate(&mut bytes, &seeds);
            if let Err(problem) = (fixture.read)(&bytes) {
                check(&problem, &bytes);
            }
        }
        let mut parquet = census_parquet().to_vec();
        mutate(&mut parquet, &seeds);
        let _ = census::read_parquet(parquet.into(), "f", &census::Options { year: Some(2024), ..census::Options::default() }, &mut |_| Ok(()));
    }

    #[test]
    fn any_text_is_a_duty(text in "[ -~¢\n]{0,40}") {
        let _ = hts::Duty::parse(&text);
        let _ = hts::programmes(&text);
    }

    #[test]
    fn mutated_databases(seeds in prop::collection::vec(any::<(u16, u8, u8)>(), 1..4), lost in any::<prop::sample::Index>()) {
        let base = Base::draw(1);
        let mut bytes = base.version_7().to_bytes().unwrap();
        mutate(&mut bytes, &seeds);
        if let Ok(mut data) = HarFile::read(&bytes[..], "f") {
            let _ = gtap::read(&Source { data: &data, parameters: None, rates: None, year: 2017 });
            if !data.headers.is_empty() {
                data.headers.remove(lost.index(data.headers.len()));
                let _ = gtap::read(&Source { data: &data, parameters: None, rates: None, year: 2017 });
            }
        }
    }
}
