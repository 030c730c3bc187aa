//! Eora26 and EXIOBASE, read back to the same numbers.

mod common;

use std::io::Cursor;

use cobden_data::check::world_gdp;
use cobden_data::{InputOutput, TableFormat, detect, eora, exiobase};
use cobden_world::Problem;
use common::{Sample, zip};

/// Names and texts of the entries of an archive.
type Parts = Vec<(String, String)>;

/// Numbers between tabs.
fn matrix<'a>(rows: impl IntoIterator<Item = &'a Vec<f64>>) -> String {
    let row = |row: &Vec<f64>| row.iter().map(f64::to_string).collect::<Vec<_>>().join("\t") + "\n";
    rows.into_iter().map(row).collect()
}

/// The parts of an archive of Eora, with a rest of the world that sells 0.25 to every sector, and buys 0.5 of it.
fn eora_parts(sample: &Sample, factor: f64) -> Parts {
    let mut t: Vec<Vec<f64>> = sample.inputs.iter().map(|row| [&row[..], &[0.5]].concat()).collect();
    t.push(vec![0.25; sample.output.len() + 1]);
    let mut last: Vec<Vec<f64>> = sample.last.iter().map(|row| [&row[..], &[0.5]].concat()).collect();
    last.push(vec![0.125; last[0].len()]);
    let share =
        |share: f64, less: f64| sample.value_added.iter().map(move |value| share * value - less).chain([9.0]).collect();
    let mut value_added: Vec<Vec<f64>> = vec![share(0.5, 0.0), share(0.5, 0.0)];
    // What is not a tax on products here is imports from the rest of the world.
    value_added[0].iter_mut().zip(&sample.taxes).for_each(|(value, tax)| *value += tax - 0.25);
    for rows in [&mut t, &mut last, &mut value_added] {
        rows.iter_mut().flatten().for_each(|value| *value *= factor);
    }
    let line = |code: &str, kind: &str, name: &str| format!("A country\t{code}\t{kind}\t{name}\t\n");
    let labels = sample.pairs().iter().map(|(region, sector)| line(region, "Industries", sector)).collect::<String>();
    let finals = sample
        .regions
        .iter()
        .flat_map(|region| (0..sample.categories).map(|at| line(region, "Final demand", &at.to_string())));
    vec![
        ("Eora26_2011_bp_T.txt".to_owned(), matrix(&t)),
        ("Eora26_2011_bp_FD.txt".to_owned(), matrix(&last)),
        ("Eora26_2011_bp_VA.txt".to_owned(), matrix(&value_added)),
        ("labels_T.txt".to_owned(), labels + &line("ROW", "TOTAL", "TOTAL")),
        ("labels_FD.txt".to_owned(), finals.collect::<String>() + &line("ROW", "TOTAL", "TOTAL")),
        ("labels_VA.txt".to_owned(), "Primary inputs\tA\n".repeat(2)),
    ]
}

fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&parts)
}

/// The table as it should come out of Eora: taxes are imports from the rest of the world, 0.25 everywhere.
fn in_eora(sample: &Sample) -> Sample {
    let mut sample = sample.clone();
    sample.value_added.iter_mut().zip(&sample.taxes).for_each(|(value, tax)| *value += tax - 0.25);
    sample.taxes.fill(0.25);
    sample
}

#[test]
fn eora_in_thousands_or_in_millions_is_in_millions() {
    let (gdp, _) = world_gdp(2011).unwrap();
    let sample =
        Sample::new(&["AFG", "ALB", "ZWE"], &["Agriculture", "Mining", "Trade", "Others"], 6).of_size(0.9 * gdp);
    for (factor, told) in [(1.0, "USD million"), (1000.0, "thousands of USD")] {
        let bytes = archive(&eora_parts(&sample, factor));
        let table = eora::read_zip(Cursor::new(&bytes), "Eora26_2011_bp.zip", None).unwrap();
        in_eora(&sample).check(&table, 1e-6);
        assert_eq!((table.year, table.unit.as_str()), (2011, "USD million"));
        assert!(table.remarks.iter().any(|remark| remark.contains(told)), "{:?}", table.remarks);
        let left = format!("exports to the rest of the world (ROW) are left out: {:.0} USD", 12.0 * factor);
        assert!(table.remarks.iter().any(|remark| remark.contains(&left)), "{:?}", table.remarks);
        assert_eq!(detect("Eora26_2011_bp.zip", &bytes), Ok(TableFormat::Eora));
    }
}

#[test]
fn eora_with_labels_in_an_archive_of_their_own() {
    let sample = Sample::new(&["AFG", "ALB", "ZWE"], &["Agriculture", "Mining", "Trade", "Others"], 6);
    let parts = eora_parts(&sample, 1.0);
    let (table, labels) = (archive(&parts[..3]), archive(&parts[3..]));
    let read =
        eora::read_zip_with_labels(Cursor::new(&table), "Eora26_2011_bp.zip", Cursor::new(labels), "indices.zip", None)
            .unwrap();
    in_eora(&sample).check(&read, 1e-9);
    assert!(read.remarks.iter().any(|remark| remark.contains("do not say their unit: values are as they stand")));
    let problem = eora::read_zip(Cursor::new(table), "Eora26_2011_bp.zip", None).unwrap_err().to_string();
    assert!(
        problem.starts_with("Eora26_2011_bp.zip:1:1: the archive has no labels_T.txt (it has Eora26_2011_bp_T.txt"),
        "{problem}"
    );
}

#[test]
fn eora_cut_short() {
    let sample = Sample::new(&["AFG", "ALB", "ZWE"], &["Agriculture", "Mining", "Trade", "Others"], 6);
    let mut parts = eora_parts(&sample, 1.0);
    let lines: Vec<&str> = parts[1].1.lines().take(5).collect();
    parts[1].1 = lines.join("\n");
    let problem = eora::read_zip(Cursor::new(archive(&parts)), "e.zip", None).unwrap_err().to_string();
    assert!(problem.contains("the matrix has 5 rows, but there are labels for 13"), "{problem}");
}

/// How an edition of EXIOBASE is laid out.
#[derive(Clone, Copy)]
struct Edition {
    coefficients: bool,
    third_line: bool,
    output: bool,
    folder: &'static str,
}

fn exiobase_parts(sample: &Sample, edition: Edition) -> Parts {
    let pairs = sample.pairs();
    let head = |index: &str, of: &[(&str, &str)], second: &str| {
        let tabs = index.matches('\t').count();
        let blank = "\t".repeat(tabs);
        let line = |name: &str, labels: Vec<&str>| format!("{name}{blank}\t{}\n", labels.join("\t"));
        let third = if edition.third_line { format!("{index}{}\n", "\t".repeat(of.len())) } else { String::new() };
        line("region", of.iter().map(|(region, _)| *region).collect())
            + &line(second, of.iter().map(|(_, name)| *name).collect())
            + &third
    };
    let rows = |values: &mut dyn Iterator<Item = Vec<f64>>| -> String {
        pairs
            .iter()
            .zip(values)
            .map(|((region, sector), row)| format!("{region}\t{sector}\t{}", matrix([&row])))
            .collect()
    };
    let uses: Vec<(&str, &str)> =
        sample.regions.iter().flat_map(|region| (0..sample.categories).map(move |_| (*region, "Some use"))).collect();
    let mut z = sample.inputs.iter().map(|row| match edition.coefficients {
        true => row.iter().zip(&sample.output).map(|(input, output)| input / output).collect(),
        false => row.clone(),
    });
    let mut parts = vec![
        (
            if edition.coefficients { "A.txt" } else { "Z.txt" },
            head("region\tsector", &pairs, "sector") + &rows(&mut z),
        ),
        ("Y.txt", head("region\tsector", &uses, "category") + &rows(&mut sample.last.iter().cloned())),
        ("unit.txt", "region\tsector\tunit\n".to_owned()),
        ("impacts/F.txt", "not\tread\n".to_owned()),
    ];
    if edition.output {
        let lines = pairs
            .iter()
            .zip(&sample.output)
            .map(|((region, sector), output)| format!("{region}\t{sector}\t{output}\n"));
        parts.push(("x.txt", "region\tsector\tindout\n".to_owned() + &lines.collect::<String>()));
    }
    let share = |share: f64| matrix([&sample.value_added.iter().map(|value| share * value).collect()]);
    let factors = head("stressor", &pairs, "sector")
        + "Taxes less subsidies on products purchased: Total\t"
        + &matrix([&sample.taxes])
        + "Other net taxes on production\t"
        + &share(0.125)
        + "Compensation of employees; wages, salaries, & employers' social contributions: Low-skilled\t"
        + &share(0.5)
        + "Operating surplus: Consumption of fixed capital\t"
        + &share(0.375)
        + "Employment: Low-skilled male\tmany\n";
    parts.push((edition.folder, factors));
    parts.into_iter().map(|(name, text)| (format!("IOT_2020_ixi/{name}"), text)).collect()
}

fn exiobase_of(edition: Edition, change: impl Fn(&mut Parts)) -> (Sample, Result<InputOutput, Problem>) {
    let sample =
        Sample::new(&["AT", "BE", "WM"], &["Wheat", "Cultivation of rice, \"paddy\"", "Mining", "Services"], 7);
    let mut parts = exiobase_parts(&sample, edition);
    change(&mut parts);
    let bytes = archive(&parts);
    assert_eq!(detect("IOT_2020_ixi.zip", &bytes), Ok(TableFormat::Exiobase));
    let table = exiobase::read_zip(Cursor::new(bytes), "IOT_2020_ixi.zip", None);
    (sample, table)
}

const NEW: Edition = Edition { coefficients: false, third_line: true, output: true, folder: "factor_inputs/F.txt" };

#[test]
fn exiobase_in_every_edition() {
    let old = Edition { coefficients: true, third_line: false, output: true, folder: "satellite/F.txt" };
    for (edition, tolerance) in
        [(NEW, 0.0), (Edition { third_line: false, ..NEW }, 0.0), (Edition { output: false, ..NEW }, 0.0), (old, 1e-9)]
    {
        let (sample, table) = exiobase_of(edition, |_| {});
        let table = table.unwrap();
        sample.check(&table, tolerance);
        assert_eq!((table.dataset.as_str(), table.year, table.unit.as_str()), ("EXIOBASE 3 ixi", 2020, "EUR million"));
    }
}

#[test]
fn exiobase_with_something_wrong() {
    let broken = |change: &dyn Fn(&mut Parts)| exiobase_of(NEW, change).1.unwrap_err().to_string();
    let cut = broken(&|parts| {
        let end = parts[0].1.trim_end().rfind('\n').unwrap();
        parts[0].1.truncate(end + 1);
    });
    assert!(cut.contains("Z.txt:1:1: the matrix has 11 rows, the inputs 12 columns"), "{cut}");
    let word = broken(&|parts| parts[1].1 = parts[1].1.replacen("BE\tMining\t", "BE\tMining\tx", 1));
    assert!(word.contains("Y.txt:") && word.contains("Y.txt:10:11: \"x"), "{word}");
    let none = broken(&|parts| drop(parts.pop()));
    assert!(none.contains("the archive has no satellite/F.txt or factor_inputs/F.txt"), "{none}");
    let order = broken(&|parts| parts[4].1 = parts[4].1.replace("BE\t", "XX\t"));
    assert!(order.contains("x.txt:6:1: XX Wheat is not in the order of the inputs"), "{order}");
}
