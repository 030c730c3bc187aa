//! ICIO and FIGARO: each layout that was published, read back to the same numbers.

mod common;

use std::io::Cursor;

use cobden_data::{detect, figaro, icio};
use common::flat::{body, csv};
use common::{Sample, zip};

fn sample() -> Sample {
    Sample::new(&["AUS", "CHN", "ROW"], &["A01_02", "B05_06", "C10T12", "T"], 6)
}

#[test]
fn icio_of_2023() {
    let text = common::flat::icio(&sample());
    let table = icio::read(text.as_bytes(), "2019_SML.csv", None).unwrap();
    sample().check(&table, 0.0);
    assert_eq!((table.dataset.as_str(), table.year, table.unit.as_str()), ("OECD ICIO 2023", 2019, "USD million"));
    assert!(
        table.remarks.iter().any(|remark| remark.contains("not a table of the whole world")),
        "{:?}",
        table.remarks
    );
}

#[test]
fn quotes_a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let text = common::flat::icio(&sample());
    let quoted: Vec<String> = text
        .lines()
        .map(|line| {
            let fields: Vec<String> = line
                .split(',')
                .map(
                    |field| if field.contains(char::is_alphabetic) { format!("\"{field}\"") } else { field.to_owned() },
                )
                .collect();
            fields.join(",") + "\r\n"
        })
        .collect();
    let text = format!("\u{feff}{}", quoted.concat());
    sample().check(&icio::read(text.as_bytes(), "x.csv", Some(2019)).unwrap(), 0.0);
}

#[test]
fn icio_of_2016_with_final_use_by_component_and_discrepancies() {
    let sample = sample();
    let (labels, mut rows) = body(&sample, &["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "CONS_ABR"]);
    let (size, n, c) = (sample.output.len(), 3, 6);
    let mut names = labels[..size].to_vec();
    for category in ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "CONS_ABR"] {
        names.extend(sample.regions.iter().map(|region| format!("{category}_{region}")));
    }
    names.extend(["DISC".to_owned(), "OUT".to_owned()]);
    for ((_, values), output) in rows.iter_mut().zip(&sample.output) {
        let last: Vec<f64> =
            (0..c).flat_map(|of| (0..n).map(move |region| region * c + of)).map(|at| values[size + at]).collect();
        values.truncate(size);
        values.extend(last);
        values.extend([0.5, *output]);
    }
    for region in &sample.regions {
        let own = |(at, (of, _)): (usize, &(&str, &str))| if of == region { sample.taxes[at] } else { 0.0 };
        let taxes: Vec<f64> = sample.pairs().iter().enumerate().map(own).chain(vec![0.0; n * c + 2]).collect();
        rows.push((format!("{region}_TAXSUB"), taxes));
    }
    rows.push(("VALU".to_owned(), [&sample.value_added[..], &vec![0.0; n * c + 2]].concat()));
    rows.push(("OUT".to_owned(), [&sample.output[..], &vec![0.0; n * c + 2]].concat()));
    let table = icio::read(csv("", &names, &rows).as_bytes(), "ICIO2016_2003.csv", None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!(table.year, 2003);
    assert!(
        table.remarks.iter().any(|remark| remark.contains("(DISC) are left out: 6 USD million")),
        "{:?}",
        table.remarks
    );
}

/// CHN holds final use, CN1 a quarter and CN2 three quarters of production.
#[test]
fn the_parts_of_china_and_mexico_come_together() {
    let sample = Sample::new(&["CHN", "MEX", "ROW"], &["D01T02", "D03", "D05", "D97"], 6);
    let (j, size) = (4, 12);
    let parts = [
        ("CHN", 0, 0.0),
        ("MEX", 1, 0.0),
        ("ROW", 2, 1.0),
        ("MX1", 1, 0.5),
        ("MX2", 1, 0.5),
        ("CN1", 0, 0.25),
        ("CN2", 0, 0.75),
    ];
    let split = |values: &[f64]| -> Vec<f64> {
        parts.iter().flat_map(|(_, of, share)| values[of * j..][..j].iter().map(move |value| share * value)).collect()
    };
    let mut labels: Vec<String> = parts
        .iter()
        .flat_map(|(name, _, _)| sample.sectors.iter().map(move |sector| format!("{name}_{sector}")))
        .collect();
    let mut rows = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        let (_, of, share) = parts[at / j];
        let row = of * j + at % j;
        let values = [&split(&sample.inputs[row])[..], &sample.last[row], &[sample.output[row]]].concat();
        rows.push((label.clone(), values.into_iter().map(|value| share * value).collect()));
    }
    for (label, values) in [("TAXSUB", &sample.taxes), ("VALU", &sample.value_added), ("OUTPUT", &sample.output)] {
        rows.push((label.to_owned(), [&split(values)[..], &[0.0; 19]].concat()));
    }
    for region in &sample.regions {
        labels.extend(["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "P33"].map(|category| format!("{region}_{category}")));
    }
    labels.push("OUTPUT".to_owned());
    assert_eq!(rows.len(), 7 * j + 3);
    let text = csv("", &labels, &rows);
    let table = icio::read(text.as_bytes(), "ICIO2021_2018.csv", None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!(table.dataset, "OECD ICIO 2021");
    assert_eq!(table.remarks[..2], ["CN1, CN2 are merged into CHN", "MX1, MX2 are merged into MEX"]);
    assert_eq!(size, sample.output.len());
}

#[test]
fn one_year_of_an_archive() {
    let of = |factor: f64| common::flat::icio(&sample().of_size(factor));
    let (first, second) = (of(1e6), of(2e6));
    let bytes =
        zip(&[("ReadMe.xlsx", b"PK"), ("a/2016_SML.csv", first.as_bytes()), ("a/2017_SML.csv", second.as_bytes())]);
    let table = icio::read_zip(Cursor::new(&bytes), "2016-2022_SML.zip", Some(2017)).unwrap();
    sample().of_size(2e6).check(&table, 0.0);
    let read = |year| icio::read_zip(Cursor::new(&bytes), "2016-2022_SML.zip", year).unwrap_err().to_string();
    assert_eq!(read(Some(2019)), "2016-2022_SML.zip:1:1: the archive has no table of 2019 (it has 2016, 2017)");
    assert_eq!(read(None), "2016-2022_SML.zip:1:1: say which year of the archive to read (it has 2016, 2017)");
    assert_eq!(detect("2016-2022_SML.zip", &bytes).unwrap().to_string(), "icio");
}

#[test]
fn figaro_has_no_output_and_three_rows_of_value_added() {
    let sample = Sample::new(&["AT", "FIGW1", "US"], &["A01", "B", "L", "U"], 5);
    let text = common::flat::figaro(&sample);
    let name = "matrix_eu-ic-io_ind-by-ind_24ed_2022.csv";
    let table = figaro::read(text.as_bytes(), name, None).unwrap();
    sample.check(&table, 0.0);
    assert_eq!((table.dataset.as_str(), table.year, table.unit.as_str()), ("FIGARO 24ed", 2022, "EUR million"));
    assert_eq!(detect(name, text.as_bytes()).unwrap().to_string(), "figaro");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let text = common::flat::icio(&sample());
    let read = |text: &str| icio::read(text.as_bytes(), "2019.csv", None).unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    let without = |gone: usize| {
        lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(
        read(&without(2)),
        "2019.csv:16:1: 1 columns have no row of the same name, AUS B05_06 first (is the file cut short, or is this a category of final use?)"
    );
    assert_eq!(read(&without(14)), "2019.csv:16:1: no row is value added (is the file cut short?)");
    assert_eq!(read(&format!("{text}{}\n", lines[1])), "2019.csv:17:1: AUS A01_02 is a row twice");
    assert_eq!(
        read(&text.replace("CHN_T", "CHN_TT").replacen("CHN_TT", "CHN_T", 1)),
        "2019.csv:9:1: unknown sector \"TT\" (did you mean \"T\"?)"
    );
    assert_eq!(
        read(&text.replacen("AUS_HFCE", "HOUSEHOLDS", 1)),
        "2019.csv:1:121: \"HOUSEHOLDS\" is no label of a column (ICIO labels are COUNTRY_INDUSTRY as in AUS_A01, COUNTRY_CATEGORY as in AUS_HFCE, TLS, VA, OUT)"
    );
    let cut = &text[..text.len() / 2];
    assert!(read(cut).contains("is the file cut short?"), "{}", read(cut));
    assert!(read("").contains("the file ends where the header should be"));
    let problem = icio::read(text.as_bytes(), "table.csv", None).unwrap_err().to_string();
    assert_eq!(problem, "table.csv:1:1: the name of the file has no year (say which year the table is of)");
}
