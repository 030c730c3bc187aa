//! Parquet tables as other tools write them: string types, number types, dictionaries, and the types that do not fit.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    StringArray, StringViewArray, UInt8Array,
};
use cobden_world::{MemoryFiles, Names, read_tariffs};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Reads a table of tariffs: the rate of A on B and of B on A.
fn read(importer: ArrayRef, exporter: ArrayRef, rate: ArrayRef) -> Result<[f64; 2], String> {
    let sector: ArrayRef = Arc::new(StringArray::from(vec!["goods", "goods"]));
    let columns = vec![("rate", rate), ("sector", sector), ("importer", importer), ("exporter", exporter)];
    let files = MemoryFiles::new("").with("t.parquet", parquet(columns));
    let countries = Names::new(["A", "B"].map(String::from)).unwrap();
    let sectors = Names::new(["goods".to_owned()]).unwrap();
    match read_tariffs(&files, "t", &countries, &sectors) {
        Ok(rates) => Ok([rates[[0, 1, 0]].0, rates[[1, 0, 0]].0]),
        Err(problem) => Err(problem.to_string()),
    }
}

fn text(values: [&str; 2]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn numbers(values: [f64; 2]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

#[test]
fn every_string_and_number_type_reads() {
    let dictionary: ArrayRef = Arc::new(["A", "B"].into_iter().collect::<DictionaryArray<Int32Type>>());
    let strings: [ArrayRef; 4] = [
        text(["A", "B"]),
        Arc::new(LargeStringArray::from(vec!["A", "B"])),
        Arc::new(StringViewArray::from(vec!["A", "B"])),
        dictionary,
    ];
    for importer in strings {
        assert_eq!(read(importer, text(["B", "A"]), numbers([0.5, 0.25])), Ok([0.5, 0.25]));
    }
    let values: [ArrayRef; 3] = [
        Arc::new(Float32Array::from(vec![2.0, 1.0])),
        Arc::new(Int64Array::from(vec![2, 1])),
        Arc::new(UInt8Array::from(vec![2, 1])),
    ];
    for rate in values {
        assert_eq!(read(text(["A", "B"]), text(["B", "A"]), rate), Ok([2.0, 1.0]));
    }
}

#[test]
fn a_small_file_that_grows_beyond_measure_is_refused() {
    let long = "x".repeat(1 << 16);
    let many: ArrayRef = Arc::new(StringArray::from(vec![long.as_str(); 2100]));
    let batch = RecordBatch::try_from_iter([("importer", many)]).unwrap();
    let plain = WriterProperties::builder().set_dictionary_enabled(false).set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(plain)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(bytes.len() < 10 << 20, "{} bytes", bytes.len());
    let names = Names::new(["A".to_owned()]).unwrap();
    let problem = read_tariffs(&MemoryFiles::new("").with("t.parquet", bytes), "t", &names, &names).unwrap_err();
    let expected = "t.parquet:1:1: column \"importer\" holds more than 134217728 bytes in one row group";
    assert!(problem.to_string().starts_with(expected), "{problem}");
}

#[test]
fn what_does_not_fit_is_refused_with_its_row() {
    let (a, b) = (|| text(["A", "B"]), || text(["B", "A"]));
    let cases: Vec<(ArrayRef, ArrayRef, ArrayRef, &str)> = vec![
        (
            a(),
            b(),
            text(["1", "2"]),
            "t.parquet:1:1: column \"rate\" holds Utf8, expected numbers (names are strings; values are floating-point or integer numbers)",
        ),
        (
            numbers([1.0, 2.0]),
            b(),
            numbers([1.0, 2.0]),
            "t.parquet:1:1: column \"importer\" holds Float64, expected text (names are strings; values are floating-point or integer numbers)",
        ),
        (
            Arc::new(BooleanArray::from(vec![true, false])),
            b(),
            numbers([1.0, 2.0]),
            "t.parquet:1:1: column \"importer\" holds Boolean, expected text (names are strings; values are floating-point or integer numbers)",
        ),
        (a(), b(), numbers([1.0, f64::NAN]), "t.parquet:2:4: rate is not a finite number"),
        (
            a(),
            b(),
            numbers([1.0, -1.5]),
            "t.parquet:2:4: tariff -1.5 leaves no positive price (rates are decimal and above -1: write 25 per cent as 0.25)",
        ),
        (a(), text(["B", "C"]), numbers([1.0, 1.0]), "t.parquet:2:2: unknown country \"C\" (known: A, B)"),
        (
            text(["A", "A"]),
            text(["B", "B"]),
            numbers([1.0, 1.0]),
            "t.parquet:2:1: duplicate row for A, B, goods (keep one of the rows)",
        ),
        (a(), b(), Arc::new(Float64Array::from(vec![None, Some(1.0)])), "t.parquet:1:4: the value is missing (null)"),
    ];
    for (importer, exporter, rate, expected) in cases {
        assert_eq!(read(importer, exporter, rate), Err(expected.to_owned()));
    }
}
