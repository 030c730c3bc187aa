//! Eora26: 189 countries by 26 sectors, 1990 on.
//!
//! **From** the Eora project (<https://worldmrio.com/eora26/>): registration; free for academic use only, so never shipped. Lenzen, Moran, Kanemoto and
//! Geschke (2013), Economic Systems Research 25, 20-49. **Unit**: current USD, and the files do not say whether thousands or millions; readers of
//! others disagree. Here the value added of the world decides ([`crate::check`]): a table in thousands is divided by 1,000, and a
//! remark says so.
//!
//! `Eora26_2015_bp.zip` (basic prices) holds matrices without labels, numbers between tabs, and labels in files of their own; older downloads have
//! those in `indices.zip`:
//!
//! | matrix | rows | columns |
//! |---|---|---|
//! | `Eora26_2015_bp_T.txt` | sectors, `labels_T.txt` | sectors |
//! | `Eora26_2015_bp_FD.txt` | sectors | categories of final use, `labels_FD.txt` |
//! | `Eora26_2015_bp_VA.txt` | primary inputs, `labels_VA.txt` | sectors |
//!
//! Labels are four texts between tabs: country, code, kind, and sector or category. All six primary inputs are value added. After the countries comes
//! one row and column `ROW TOTAL` for the rest of the world, a residual that does not balance and has no sectors. Its row, imports from there, comes
//! under taxes, so that columns add up; its columns, exports to there, are left out, which a remark tells the size of. Output is the sum of the
//! sales that are left, so columns miss it by as much as is exported to the rest of the world and by the statistical discrepancy of the dataset.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::archive::Archive;
use crate::builder::{Builder, End, Entry, Heading, first_year_in, year_of};
use crate::check::{self, Units};
use crate::delimited::Lines;

/// Most bytes of a matrix. Numbers of Eora26 take 250 MB.
const MAX_MATRIX: u64 = 1 << 31;

/// Most bytes of a file of labels.
const MAX_LABELS: u64 = 1 << 24;

/// Most labels; there are 4,915.
const MAX_ROWS: usize = 1 << 16;

/// Code of a country, sector or category.
type Label = (String, String);

/// Reads the archive of one year. The year is that of the name of the table unless given.
///
/// # Errors
/// A part that is missing, or what is wrong in one, at its place.
pub fn read_zip(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let mut archive = Archive::open(input, label)?;
    let [t, fd] = labels(&mut archive)?;
    table(&mut archive, label, &t, &fd, year)
}

/// Reads the archive of one year and the archive with the labels.
///
/// # Errors
/// As those of [`read_zip`].
pub fn read_zip_with_labels(
    input: impl Read + Seek,
    label: &str,
    indices: impl Read + Seek,
    indices_label: &str,
    year: Option<i32>,
) -> Result<InputOutput, Problem> {
    let [t, fd] = labels(&mut Archive::open(indices, indices_label)?)?;
    table(&mut Archive::open(input, label)?, label, &t, &fd, year)
}

/// Labels of sectors and of final use.
fn labels(archive: &mut Archive<'_, impl Read + Seek>) -> Result<[Vec<Label>; 2], Problem> {
    let mut read = |name: &str| {
        let at = archive.find(name, |file| file == name)?;
        let (entry, label) = archive.entry(at, MAX_LABELS)?;
        let mut lines = Lines::new(entry, &label, '\t');
        let mut labels = Vec::new();
        while let Some(line) = lines.next()? {
            let texts: Vec<&str> = line.fields().map(|field| field.text).collect();
            let [_, code, _, name, ..] = texts[..] else {
                let problem = Problem::new(format!("the line has {} texts between tabs", texts.len()));
                return Err(line.at(problem.help("expected country, code, kind and sector"), 0..line.text.len()));
            };
            if labels.len() == MAX_ROWS {
                return Err(line.at(Problem::new(format!("more than {MAX_ROWS} labels")), 0..line.text.len()));
            }
            labels.push((code.to_owned(), name.to_owned()));
        }
        Ok(labels)
    };
    Ok([read("labels_T.txt")?, read("labels_FD.txt")?])
}

fn table(
    archive: &mut Archive<'_, impl Read + Seek>,
    label: &str,
    t: &[Label],
    fd: &[Label],
    year: Option<i32>,
) -> Result<InputOutput, Problem> {
    let is_row = |code: &str| code == "ROW";
    let exports = || Heading::Left("exports to the rest of the world (ROW)".to_owned());
    let used = t.iter().map(|(code, sector)| match is_row(code) {
        true => exports(),
        false => Heading::Use { region: code.clone(), sector: sector.clone() },
    });
    let last =
        fd.iter().map(|(code, _)| if is_row(code) { exports() } else { Heading::Final { region: code.clone() } });
    let headings: Vec<Heading> = used.chain(last).collect();
    let mut builder = Builder::new(&headings, |region| region).map_err(|problem| problem.in_file(label))?;
    let sales = |at: usize| {
        let (code, sector) = &t[at];
        if is_row(code) { Entry::Taxes } else { Entry::Sales { region: code, sector } }
    };
    let matrices: [(&str, usize, usize, usize); 3] =
        [("T", t.len(), 0, t.len()), ("FD", t.len(), t.len(), fd.len()), ("VA", 0, 0, t.len())];
    let mut of = None;
    for (name, rows, from, width) in matrices {
        let end = format!("_{name}.txt");
        let at = archive.find(&format!("matrix {name}"), |file| file.ends_with(&end) && !file.starts_with("labels"))?;
        of = of.or(first_year_in(&archive.names()[at]));
        let (entry, label) = archive.entry(at, MAX_MATRIX)?;
        let mut lines = Lines::new(entry, &label, '\t');
        let (mut values, mut row) = (Vec::new(), 0);
        while let Some(line) = lines.next()? {
            line.numbers(0, width, &mut values)?;
            let entry = match (name, row < rows) {
                ("VA", _) => Entry::ValueAdded,
                // Final users' imports from the rest of the world have no place.
                ("FD", true) if is_row(&t[row].0) => Entry::Skip,
                (_, true) => sales(row),
                _ => {
                    return Err(
                        line.at(Problem::new(format!("there are labels for {rows} rows only")), 0..line.text.len())
                    );
                }
            };
            builder.row(entry, from, &values).map_err(|problem| line.at(problem, 0..1))?;
            row += 1;
        }
        if row < rows {
            let problem = Problem::new(format!("the matrix has {row} rows, but there are labels for {rows}"));
            return Err(problem.help("is the file cut short?").in_file(&label));
        }
    }
    let year = year_of(year.or(of), label)?;
    in_millions(builder.assemble("Eora26", year, "USD million", End { label, line: 1 })?)
}

/// The table in millions, whatever it was in.
fn in_millions(mut table: InputOutput) -> Result<InputOutput, Problem> {
    match check::units(&table) {
        Units::Plausible(_) => table
            .remarks
            .push("the files do not say their unit: by the value added of the world, USD million".to_owned()),
        Units::Multiple { factor, .. } if factor == 1e-3 => {
            table.scale(factor);
            let told = "the files do not say their unit: by the value added of the world, thousands of USD; all was divided by 1,000";
            table.remarks.push(told.to_owned());
        }
        other => {
            table.remarks.push(
                "the files do not say their unit: values are as they stand, in thousands or millions of USD".to_owned(),
            );
            table.remarks.extend(other.remark(&table));
        }
    }
    Ok(table)
}
