//! Real files of the shared test data. Skipped where the data are absent.

mod support;

use std::fs::File;

use cobden_data::hts::{self, Duty};
use cobden_data::{ListFormat, census};

/// Lines, lines at the end of the outline, and of these: with a rate, as a number, ad valorem or free.
#[derive(Debug, Default, PartialEq)]
struct Count {
    lines: u64,
    last: u64,
    rated: u64,
    numbers: u64,
    ad_valorem: u64,
    own: u64,
    own_numbers: u64,
}

fn count(path: &std::path::Path) -> Count {
    let mut count = Count::default();
    let summary = hts::read(File::open(path).unwrap(), "hts.csv", &mut |line| {
        count.lines += 1;
        let number = line.general.is_some_and(|duty| !matches!(duty, Duty::Text(_)));
        count.own += u64::from(line.own && line.general.is_some());
        count.own_numbers += u64::from(line.own && number);
        if line.last {
            count.last += 1;
            count.rated += u64::from(line.general.is_some());
            count.numbers += u64::from(number);
            count.ad_valorem += u64::from(line.general.and_then(Duty::ad_valorem).is_some());
        }
        Ok(())
    });
    assert_eq!(summary.unwrap().read, count.lines);
    count
}

#[test]
fn the_schedules_of_2023_and_2025() {
    for file in ["hts/hts_2023_rev10.csv", "hts/hts_2025_rev3.csv"] {
        let Some(path) = support::shared(file) else { continue };
        let start = std::fs::read(&path).unwrap();
        assert_eq!(ListFormat::detect("x.csv", &start[..4096]), Some(ListFormat::Hts));
        let count = count(&path);
        println!("{file}: {count:?}");
        // Every line that trade is declared under has a rate, but for a few of chapters 98 and 99 that leave it to their text.
        assert!(count.last > 18_000 && count.rated > count.last * 99 / 100);
        // Outside chapters 98 and 99 nearly all are numbers.
        assert!(count.numbers > count.rated * 9 / 10);
        assert!(count.ad_valorem > count.numbers * 8 / 10);
    }
}

#[test]
fn rates_that_anyone_can_look_up() {
    let Some(path) = support::shared("hts/hts_2025_rev3.csv") else { return };
    let mut found = std::collections::BTreeMap::new();
    hts::read_tariffs(File::open(path).unwrap(), "hts.csv", 2025, &mut |record| {
        found.insert(record.product.to_owned(), record.rate);
        Ok(())
    })
    .unwrap();
    // Passenger cars 2.5 %, asses 6.8 %, horses for breeding free, light trucks 25 % (inherited from eight digits).
    assert_eq!((found["0101300000"], found["0101210010"]), (0.068, 0.0));
    assert_eq!(found["8703230190"], 0.025);
    let trucks: Vec<f64> = found.range("87043100".to_owned().."87043200".to_owned()).map(|(_, rate)| *rate).collect();
    assert!(trucks.contains(&0.25));
}

#[test]
fn imports_of_2024_are_parquet_that_is_told_or_refused() {
    let Some(path) = support::shared("us-imports-2024/imports.parquet") else { return };
    let bytes = std::fs::read(path).unwrap();
    let mut total = 0.0;
    match census::read_parquet(bytes.into(), "imports.parquet", 2024, &mut |import| {
        total += import.imports;
        Ok(())
    }) {
        // Imports for consumption of 2024: 3.25 trillion dollars.
        Ok(_) => assert!((3.0e6..3.6e6).contains(&total), "{total}"),
        Err(problem) => println!("refused: {problem}"),
    }
}
