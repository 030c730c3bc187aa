//! One matrix in a CSV file, a label to each row and column: OECD ICIO and FIGARO.

use std::io::Read;

use cobden_world::Problem;

use crate::builder::{Builder, End, Entry, Heading};
use crate::delimited::{Lines, shown};

/// What the labels of a dataset mean. `None`: the dataset has no such label.
pub(crate) struct Flat {
    /// Of a column.
    pub(crate) heading: fn(&str) -> Option<Heading>,
    /// Of a row.
    pub(crate) entry: fn(&str) -> Option<Entry<'_>>,
    /// The region that one is part of.
    pub(crate) merge: fn(&str) -> &str,
    /// How labels look, for messages.
    pub(crate) looks: &'static str,
}

/// Reads the file, row by row; also returns where it ended.
pub(crate) fn read<'a>(input: impl Read, label: &'a str, flat: &Flat) -> Result<(Builder, End<'a>), Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = lines.expect("the header")?;
    let mut headings = Vec::new();
    for field in header.labels(1)? {
        let heading = (flat.heading)(field.text).ok_or_else(|| {
            let problem = Problem::new(format!("\"{}\" is no label of a column", shown(field.text)));
            header.at_field(problem.help(flat.looks), &field)
        })?;
        headings.push(heading);
    }
    // A separator at the end of the header is no column.
    if headings.last() == Some(&Heading::Skip) {
        headings.pop();
    }
    let whole = 0..header.text.len();
    let mut builder = Builder::new(&headings, flat.merge).map_err(|problem| header.at(problem, whole))?;
    let mut values = Vec::with_capacity(headings.len());
    while let Some(line) = lines.next()? {
        // A line that is not blank has a first field.
        let Some(first) = line.fields().next() else { continue };
        let entry = (flat.entry)(first.text).ok_or_else(|| {
            let problem = Problem::new(format!("\"{}\" is no label of a row", shown(first.text)));
            line.at_field(problem.help(flat.looks), &first)
        })?;
        line.numbers(1, headings.len(), &mut values)?;
        builder.row(entry, 0, &values).map_err(|problem| line.at_field(problem, &first))?;
    }
    let end = End { label, line: lines.number() };
    Ok((builder, end))
}

/// A label as `REGION_CODE`; the code may hold more underscores.
pub(crate) fn split(label: &str) -> Option<(&str, &str)> {
    label.split_once('_').filter(|(region, code)| !region.is_empty() && !code.is_empty())
}
