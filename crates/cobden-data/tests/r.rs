//! Tables from R: the real WIOD 2011, and data frames written here.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Write};

use cobden_data::check::{Units, units, world_gdp};
use cobden_data::{InputOutput, TableFormat, detect, rdata, wiod2013, wiod2016};
use common::r::{R, save, wiod2016};
use common::{Sample, data};
use ndarray::Axis;

fn wiod_2011() -> Option<InputOutput> {
    let bytes = data("formats/samples/wiot_2011.RData")?;
    Some(wiod2013::read_r(&bytes[..], "wiot_2011.RData").unwrap())
}

#[test]
fn wiod_2011_is_the_world_of_2011() {
    let Some(table) = wiod_2011() else { return };
    assert_eq!((table.regions.len(), table.sectors.len(), table.year), (41, 35, 2011));
    assert_eq!((&table.regions[0], &table.regions[40], table.regions.index("ROU").is_some()), ("AUS", "ROW", true));
    // Every cell was rounded to a million, so a sum of 1,640 of them may miss output by a hundred, and does by 108 at most.
    assert_eq!(table.gaps(0.0, 108.0), []);
    assert!(table.gaps(0.0, 50.0).iter().all(|gap| gap.row), "value added makes columns exact");
    // World Bank: 73.3 trillion. Value added here is output less inputs, so it includes taxes on products.
    let (gdp, _) = world_gdp(2011).unwrap();
    let share = table.world_value_added() / gdp;
    assert!((0.93..1.0).contains(&share), "{share}");
    assert!(matches!(units(&table), Units::Plausible(_)));
    // Output less inputs over the whole world is final use, but for what rounding took from the sales of 1,435 industries: 108 at most.
    let (last, made) = (table.final_demand.sum(), table.world_value_added());
    assert!((last - made).abs() < 108.0 * 1435.0, "{last} {made}");
    // Final use belongs to the region where the columns say: most of it is bought at home, everywhere.
    for (n, region) in table.regions.iter().enumerate() {
        let bought = table.flows.index_axis(Axis(0), n);
        let home = bought.index_axis(Axis(0), n).sum() / bought.sum();
        assert!((0.4..1.0).contains(&home), "{region}: {home}");
    }
    // GDP of the United States in 2011: 15.5 trillion, of which taxes on products, not in output at basic prices, are about 3 %.
    let usa = table.value_added.row(table.regions.index("USA").unwrap()).sum();
    assert!((14.5e6..15.6e6).contains(&usa), "{usa}");
}

#[test]
fn wiod_2011_comes_out_the_same_when_it_is_found_by_its_content() {
    let Some(bytes) = data("formats/samples/wiot_2011.RData") else { return };
    let format = detect("wiot_2011.RData", &bytes[..300]).unwrap();
    let table = format.read(Cursor::new(&bytes), "wiot_2011.RData", None).unwrap();
    assert_eq!(Some(table), wiod_2011());
}

/// The real table, written as CSV of ICIO and read again: a second path to the same numbers.
#[test]
fn wiod_2011_through_another_format_is_the_same() {
    let Some(bytes) = data("formats/samples/wiot_2011.RData") else { return };
    let object = rdata::read(&bytes[..], "wiot_2011.RData").unwrap().single().unwrap();
    let numbers = |name: &str| object.member(name).unwrap().numbers().unwrap();
    let (inter, last, output) = (numbers("inter"), numbers("final"), numbers("output"));
    let countries = object.member("countries").unwrap().texts();
    let labels: Vec<String> = countries.iter().flat_map(|of| (1..=35).map(move |k| format!("{of}_c{k}"))).collect();
    let size = labels.len();
    let mut csv = format!("V1,{}", labels.join(","));
    for of in &countries {
        csv += &["HFCE", "NPISH", "GGFC", "GFCF", "INVNT"].map(|category| format!(",{of}_{category}")).concat();
    }
    csv += ",OUT\n";
    let mut cost = vec![0.0; size];
    for (row, label) in labels.iter().enumerate() {
        csv += label;
        for (at, value) in inter.iter().chain(&last).skip(row).step_by(size).enumerate() {
            csv += &format!(",{value}");
            cost.iter_mut().skip(at).take(1).for_each(|cost| *cost += value);
        }
        csv += &format!(",{}\n", output[row]);
    }
    let value_added: Vec<String> = output.iter().zip(&cost).map(|(output, cost)| (output - cost).to_string()).collect();
    csv += &format!("VA,{}{}\n", value_added.join(","), ",0".repeat(206));
    let csv = csv.replace("ROM_", "ROU_").replace("RoW_", "ROW_");
    let second = cobden_data::icio::read(csv.as_bytes(), "wiod.csv", Some(2011)).unwrap();
    let first = wiod_2011().unwrap();
    assert_eq!((&first.regions, &first.sectors), (&second.regions, &second.sectors));
    assert_eq!((first.flows, first.inputs, first.final_demand), (second.flows, second.inputs, second.final_demand));
    assert_eq!((first.value_added, first.output), (second.value_added, second.output));
}

#[test]
fn a_data_frame_of_wiod_2016_in_every_compression() {
    let sample = Sample::new(&["AUS", "CHN", "ROW"], &["A01", "B", "C10-C12", "U"], 5);
    let plain = save("wiot", &wiod2016(&sample));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&plain).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    bzip2.write_all(&plain).unwrap();
    for bytes in [plain, gzip.finish().unwrap(), bzip2.finish().unwrap()] {
        let table = wiod2016::read_r(&bytes[..], "WIOT2014_October16_ROW.RData").unwrap();
        sample.check(&table, 0.0);
        assert_eq!(table.year, 2014);
        let same = TableFormat::Wiod2013.read(Cursor::new(&bytes), "WIOT2014_October16_ROW.RData", None).unwrap();
        assert_eq!(table, same);
    }
}

#[test]
fn xz_from_another_program() {
    // xz of `save` of the integer 7 under the name x, by liblzma 5.4 (Python's `lzma`).
    let bytes = include_bytes!("common/seven.rda");
    let objects = rdata::read(&bytes[..], "seven.rda").unwrap();
    assert_eq!(objects.list[0].0, "x");
    assert_eq!(objects.single().unwrap().number(0), Some(7.0));
}

#[test]
fn sequences_factors_and_references() {
    let levels = vec!["low".to_owned(), "high".to_owned()];
    let list = R::List(
        vec![
            ("at".to_owned(), R::Sequence(4)),
            ("of".to_owned(), R::Factor(vec![2, 1, i32::MIN, 2], levels)),
            ("m".to_owned(), R::Matrix(vec![1, 2, 3, 4, 5, i32::MIN], 3)),
        ],
        "data.frame",
    );
    let object = rdata::read(&save("x", &list)[..], "x").unwrap().single().unwrap();
    assert!(object.is_a("data.frame"));
    assert_eq!(object.names(), ["at", "of", "m"]);
    assert_eq!(object.member("at").unwrap().numbers().unwrap(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(object.member("of").unwrap().texts(), ["high", "low", "", "high"]);
    let matrix = object.member("m").unwrap();
    assert_eq!(matrix.dim(), Some((2, 3)));
    assert!(matrix.number(5).unwrap().is_nan());
    assert_eq!(object.member("none"), None);
}

#[test]
fn what_is_wrong_is_named_with_its_offset() {
    let read = |bytes: &[u8]| rdata::read(bytes, "x.RData").unwrap_err().to_string();
    let good = save("x", &R::Integer(vec![1, 2, 3]));
    assert_eq!(read(&good[..good.len() - 6]), "x.RData:1:1: the data end early, at byte 53 of the decompressed data");
    assert!(read(b"RDA3\nA\n3\n").starts_with("x.RData:1:1: an ASCII or native binary file"));
    assert!(read(b"hello").starts_with("x.RData:1:1: this is no data of R, at byte 2"));
    // A vector of two billion elements without content.
    let mut long = save("x", &R::Integer(vec![]));
    let end = long.len() - 8;
    long[end..end + 4].copy_from_slice(&i32::MAX.to_be_bytes());
    assert!(read(&long).contains("a vector of 2147483647 elements"), "{}", read(&long));
    // A sequence of two billion elements takes 60 bytes.
    assert!(read(&save("x", &R::Sequence(2_000_000_000))).contains("a sequence of 2000000000 elements"));
    // A function.
    let mut function = save("x", &R::Integer(vec![]));
    let flags = function.len() - 12;
    function[flags + 3] = 3;
    assert!(read(&function).contains("a function is not data"), "{}", read(&function));
    // Lists within lists without end.
    let nested = [&b"X\n\0\0\0\x02\0\0\0\0\0\0\0\0"[..], &[0, 0, 0, 19, 0, 0, 0, 1].repeat(100_000)].concat();
    assert!(read(&nested).contains("nested too deeply"));
}
