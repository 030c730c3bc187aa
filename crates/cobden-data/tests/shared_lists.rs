//! Real files of the shared test data. Skipped where the data are absent.

mod support;

use std::fs::File;

use cobden_data::hts::{self, Duty};
use cobden_data::{ListFormat, census};

/// Lines that trade is declared under, outside chapters 98 and 99; and of these: with a general rate, with one in numbers, ad valorem or free.
#[derive(Debug, Default, PartialEq)]
struct Count {
    last: u64,
    rated: u64,
    numbers: u64,
    ad_valorem: u64,
}

#[test]
fn the_schedules_of_2023_and_2025() {
    for (file, last) in [("hts/hts_2023_rev10.csv", 19_000), ("hts/hts_2025_rev3.csv", 19_000)] {
        let Some(path) = support::shared(file) else { continue };
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(ListFormat::detect("x.csv", &bytes[..4096]), Some(ListFormat::Hts));
        let (mut count, mut stated, mut read) = (Count::default(), 0, 0);
        let summary = hts::read(&bytes[..], file, &mut |line| {
            let number = line.general.is_some_and(|duty| !matches!(duty, Duty::Text(_)));
            stated += u64::from(line.own && line.general.is_some());
            read += u64::from(line.own && number);
            if line.last && line.number < "98" {
                count.last += 1;
                count.rated += u64::from(line.general.is_some());
                count.numbers += u64::from(number);
                count.ad_valorem += u64::from(line.general.and_then(Duty::ad_valorem).is_some());
            }
            Ok(())
        });
        println!("{file}: {} lines, {stated} with a rate, {read} in numbers; {count:?}", summary.unwrap().read);
        // Every line has a rate; 98 in 100 are numbers, 88 ad valorem.
        assert!(count.last > last && count.rated == count.last);
        assert!(count.numbers > count.last * 98 / 100 && count.ad_valorem > count.last * 88 / 100);
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
fn imports_of_2024() {
    let Some(path) = support::shared("us-imports-2024/imports.parquet") else { return };
    let bytes = std::fs::read(path).unwrap();
    let (mut total, mut duty, mut china) = (0.0, 0.0, 0.0);
    // The file has the European Union in place of its members, and Slovakia besides.
    let options = census::Options { year: Some(2024), union: census::EuropeanUnion::Whole };
    let summary = census::read_parquet(bytes.into(), "imports.parquet", &options, &mut |import| {
        total += import.imports;
        duty += import.duty;
        china += if import.country == "5700" { import.imports } else { 0.0 };
        Ok(())
    });
    println!("{:?}: {total} {duty} {china}", summary.unwrap());
    // The Census Bureau published general imports of 3,267 billion dollars for 2024, 439 billion of them from China; imports for
    // consumption, which these are, are a few per cent less. Duty is 2.4 % of them.
    assert!((3.15e6..3.30e6).contains(&total), "{total}");
    assert!((0.022..0.026).contains(&(duty / total)), "{duty}");
    assert!((4.25e5..4.50e5).contains(&china), "{china}");
}
