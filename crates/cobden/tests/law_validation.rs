//! The average rate of the United States against the daily series of the Budget Lab at Yale: the distance that docs/validation.md states.
//!
//! Where the data lies: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository; the test passes without it.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use cobden::law::{register, validate, validation_csv};

fn data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from);
    if data.join("us-imports-2024/imports.parquet").is_file() && data.join("lists").is_dir() {
        return Some(data);
    }
    println!("skipped: {}/us-imports-2024 absent", data.display());
    None
}

#[test]
fn steps_and_levels_are_those_of_the_published_series() {
    let Some(data) = data() else { return };
    let validation = validate(register().unwrap(), &data).unwrap();
    let (own, shifted) = (validation.own, validation.shifted);
    println!("{own:?}\n{shifted:?}");
    assert_eq!((shifted.steps_within, shifted.steps), (44, 44));
    assert_eq!((shifted.days_within, shifted.days), (599, 599));
    assert!(shifted.largest_level <= 0.5, "{}", shifted.largest_level);
    assert!(own.steps_within >= 35 && own.days - own.days_within <= 13, "{own:?}");
    assert_eq!(shifted.holds(), (true, true));
    // Before metals went to full value, partners are within a point of an earlier vintage.
    let early = validation.partners.iter().filter(|cell| cell.date.year() == 2025);
    for cell in early {
        assert!((cell.register - cell.published).abs() <= 1.0, "{cell:?}");
    }
    // What moved a step is named: Geneva, and the end of the emergency tariffs.
    let moved = |date: &str| {
        let day = validation.days.iter().find(|day| day.date.to_string() == date).unwrap();
        day.moved.first().map(|moved| (moved.measure.clone(), moved.acts.join(" "))).unwrap()
    };
    assert_eq!(moved("2025-05-14"), ("us.ieepa.reciprocal".to_owned(), "EO 14298".to_owned()));
    assert!(moved("2026-02-24").1.contains("Learning Resources"));
    let table = validation_csv(&validation).unwrap();
    assert_eq!(table.lines().count(), 1 + 45 + 30 + 30);
}

#[test]
fn absent_data_are_named() {
    let problem = validate(register().unwrap(), Path::new("no-such-folder")).unwrap_err();
    assert!(problem.message.contains("imports.parquet"), "{}", problem.message);
}
