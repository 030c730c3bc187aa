//! WIOD and ADB workbooks, read back to the same numbers; calamine reads the same cells from the xlsb that is written by hand.

mod common;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsb};
use cobden_data::{TableFormat, adb, detect, wiod2013, wiod2016};
use common::Sample;
use common::sheets::{ADB, At, Grid, WIOD2013, WIOD2016, grid, xlsb, xlsx};

#[test]
fn wiod_2013() {
    let sample = Sample::new(&["AUS", "ROU", "ROW"], WIOD2013.codes, 5);
    let bytes = xlsx(&[("WIOT_2009", &grid(&sample, &WIOD2013))]);
    let table = wiod2013::read_xlsx(Cursor::new(&bytes), "wiot09_row_sep12.xlsx", None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!((table.year, table.dataset.as_str()), (2009, "WIOD 2013"));
    assert_eq!(table.remarks[0], "ROM is called ROU");
    assert_eq!(detect("wiot09_row_sep12.xlsx", &bytes), Ok(TableFormat::Wiod2013));
    let again = TableFormat::Wiod2013.read(Cursor::new(&bytes), "wiot09_row_sep12.xlsx", None).unwrap();
    assert_eq!(table, again);
}

#[test]
fn wiod_2016() {
    let sample = Sample::new(&["AUS", "ROU", "ROW"], WIOD2016.codes, 5);
    let bytes = xlsb("2014", &grid(&sample, &WIOD2016));
    let table = wiod2016::read_xlsb(Cursor::new(&bytes), "WIOT2014_Nov16_ROW.xlsb", None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!(table.year, 2014);
    // The same sheet as xlsx.
    let other = xlsx(&[("Notes", &vec![vec![At::Text("no table".to_owned())]]), ("2014", &grid(&sample, &WIOD2016))]);
    assert_eq!(wiod2016::read_xlsb(Cursor::new(&other), "WIOT2014_Nov16_ROW.xlsx", None).unwrap(), table);
}

#[test]
fn adb_mrio() {
    let sample = Sample::new(&["AUS", "BAN", "ROW"], &["c1", "c2", "c3", "c4"], 5);
    let legend: Grid = vec![vec![At::Text("c1".to_owned()), At::Text("Agriculture".to_owned())]];
    let bytes = xlsx(&[("Legend", &legend), ("ADB MRIO 2023", &grid(&sample, &ADB))]);
    let table = adb::read(Cursor::new(&bytes), "ADB-MRIO62-2023_August 2024.xlsx", None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!((table.year, table.dataset.as_str()), (2023, "ADB MRIO"));
}

#[test]
fn calamine_reads_the_same_cells() {
    let sample = Sample::new(&["AUS", "ROU", "ROW"], WIOD2016.codes, 5);
    let grid = grid(&sample, &WIOD2016);
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(xlsb("2014", &grid))).unwrap();
    let range = book.worksheet_range("2014").unwrap();
    let mut numbers = 0;
    for (row, cells) in grid.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let found = range.get_value((row as u32, column as u32));
            match (cell, found) {
                (At::None, None | Some(Data::Empty)) => {}
                (At::Text(text), Some(Data::String(found))) => assert_eq!(found, text),
                (At::Number(value), Some(Data::Float(found))) => assert_eq!((found, numbers += 1).0, value),
                (At::Number(value), Some(Data::Int(found))) => assert_eq!((*found as f64, numbers += 1).0, *value),
                (cell, found) => panic!("row {row} column {column}: {found:?} for {cell:?}"),
            }
        }
    }
    assert!(numbers > 200);
}

#[test]
fn what_is_wrong_is_named_with_its_cell() {
    let sample = Sample::new(&["AUS", "ROU", "ROW"], WIOD2013.codes, 5);
    let good = grid(&sample, &WIOD2013);
    let read = |grid: &Grid| {
        wiod2013::read_xlsx(Cursor::new(xlsx(&[("WIOT", grid)])), "wiot09.xlsx", None).unwrap_err().to_string()
    };
    let mut bad = good.clone();
    bad[7][8] = At::Text("1,5".to_owned());
    assert_eq!(read(&bad), "wiot09.xlsx:8:9: \"1,5\" is not a number (cell I8)");
    let mut bad = good.clone();
    bad[4][5] = At::None;
    assert_eq!(read(&bad), "wiot09.xlsx:6:6: the column has no region above its number (cell F6)");
    let mut bad = good.clone();
    bad[8][2] = At::Text("MARS".to_owned());
    assert!(read(&bad).starts_with("wiot09.xlsx:9:3: unknown region \"MARS\""), "{}", read(&bad));
    let mut bad = good.clone();
    bad.truncate(12);
    assert!(read(&bad).contains("6 columns have no row"), "{}", read(&bad));
    assert!(read(&good[..3].to_vec()).contains("no row c1, c2"));
    let names =
        wiod2016::read_xlsb(Cursor::new(xlsx(&[("a", &good), ("b", &good)])), "WIOT2014.xlsx", None).unwrap_err();
    assert_eq!(names.to_string(), "WIOT2014.xlsx:1:1: the workbook has no sheet of this table (it has a, b)");
}
