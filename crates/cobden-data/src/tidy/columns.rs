//! The header and the rows of a tidy table.

use std::io::Read;

use cobden_world::Problem;

use super::number;
use crate::header::Header;
use crate::lines::{Lines, Record, year};

/// Most lines of comments.
const MAX_COMMENTS: usize = 1000;

/// An open table.
pub(super) struct Table<'a, R> {
    lines: Lines<'a, R>,
    header: Header,
    value: usize,
    importer: usize,
    product: usize,
    year: Option<usize>,
    stated_year: Option<i32>,
    unit: Option<String>,
    decimal_comma: bool,
}

/// A row, its value read.
pub(super) struct Row<'a> {
    pub(super) record: Record<'a>,
    pub(super) year: i32,
    pub(super) value: f64,
    pub(super) value_at: usize,
    /// Whether the value is written with a per cent sign.
    pub(super) percent: bool,
    pub(super) importer: usize,
    pub(super) product: usize,
    decimal_comma: bool,
}

impl Row<'_> {
    /// A number in a column.
    pub(super) fn number(&self, column: usize) -> Result<f64, Problem> {
        let text = self.record.raw(column);
        number::parse(text, self.decimal_comma).ok_or_else(|| self.record.not_a(column, "a number"))
    }
}

impl<'a, R: Read> Table<'a, R> {
    /// Reads comments and header. `value` is the column of the value, `more` are columns that may be there besides.
    pub(super) fn open(input: R, label: &'a str, value: &str, more: &[&str]) -> Result<Self, Problem> {
        let mut lines = Lines::new(input, label, ',');
        let (unit, stated_year) = comments(&mut lines, label)?;
        let separator = match lines.split_again()?.whole() {
            text if text.contains('\t') => b'\t',
            text if text.contains(';') => b';',
            _ => b',',
        };
        lines.separate_at(separator);
        let record = lines.split_again()?;
        let header = Header::of(&record, label);
        let known =
            || ["importer", "exporter", "sector", "product", value, "year"].into_iter().chain(more.iter().copied());
        for (column, name) in header.names().enumerate() {
            if !known().any(|known| known.eq_ignore_ascii_case(name)) {
                return Err(record.problem(Problem::unknown("column", name, known()), column));
            }
            if header.find(&[name]).is_some_and(|first| first != column) {
                return Err(record.problem(Problem::new(format!("column \"{name}\" stands twice")), column));
            }
        }
        if let (Some(_), Some(column)) = (header.find(&["sector"]), header.find(&["product"])) {
            let problem = Problem::new("columns \"sector\" and \"product\" are both there").help("keep one of them");
            return Err(record.problem(problem, column));
        }
        let [value, importer, product] =
            [&[value][..], &["importer"], &["sector", "product"]].map(|names| header.need(names));
        let (value, importer, product) = (value?, importer?, product?);
        let (year, decimal_comma) = (header.find(&["year"]), separator != b',');
        Ok(Self { lines, value, importer, product, year, header, stated_year, unit, decimal_comma })
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.header.find(&[name])
    }

    pub(super) fn need(&self, name: &str) -> Result<usize, Problem> {
        self.header.need(&[name])
    }

    /// How many of the table's unit make a million.
    pub(super) fn scale(&self) -> Result<f64, Problem> {
        let Some(unit) = &self.unit else { return Ok(1.0) };
        let words: Vec<String> = unit.split_whitespace().map(str::to_ascii_lowercase).collect();
        let scales = [("thousand", 1e3), ("million", 1.0), ("billion", 1e-3)];
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [currency] if is_currency(currency) => Ok(1e6),
            [currency, scale] if is_currency(currency) => scales
                .iter()
                .find(|(name, _)| scale.trim_end_matches('s') == *name)
                .map(|(_, per_million)| *per_million)
                .ok_or_else(|| self.unknown_unit(unit, "USD, USD thousand, USD million or USD billion")),
            _ => Err(self.unknown_unit(unit, "USD, USD thousand, USD million or USD billion")),
        }
    }

    /// 100 for per cent, 1 for fractions, `None` where the table does not say.
    pub(super) fn rate_unit(&self) -> Result<Option<f64>, Problem> {
        match self.unit.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("percent" | "per cent" | "%") => Ok(Some(100.0)),
            Some("fraction" | "decimal") => Ok(Some(1.0)),
            Some(unit) => Err(self.unknown_unit(unit, "percent or fraction")),
        }
    }

    fn unknown_unit(&self, unit: &str, expected: &str) -> Problem {
        let problem = Problem::new(format!("unknown unit \"{}\"", crate::lines::clip(unit)));
        self.header.fault(problem.help(format!("expected {expected} in the comment above")))
    }

    /// The next row; `year` is that of a table that does not say.
    pub(super) fn next(&mut self, year: Option<i32>) -> Result<Option<Row<'_>>, Problem> {
        let Some(record) = self.lines.next()? else { return Ok(None) };
        self.header.check(&record)?;
        let text = record.raw(self.value);
        let percent = text.ends_with('%');
        let Some(value) = number::parse(text.trim_end_matches('%').trim_end(), self.decimal_comma) else {
            return Err(record.not_a(self.value, "a number"));
        };
        let year = match (self.year, self.stated_year.or(year)) {
            (Some(column), _) => record.year(column)?,
            (None, Some(year)) => year,
            (None, None) => {
                let problem = Problem::new("the table does not say of which year it is");
                return Err(self
                    .header
                    .fault(problem.help("add a column \"year\", or \"# year: 2022\" above the header")));
            }
        };
        let (value_at, importer, product, decimal_comma) =
            (self.value, self.importer, self.product, self.decimal_comma);
        Ok(Some(Row { record, year, value, value_at, percent, importer, product, decimal_comma }))
    }
}

/// Reads comments up to the header, which stays the line at hand: unit and year, if they say so.
fn comments(lines: &mut Lines<'_, impl Read>, label: &str) -> Result<(Option<String>, Option<i32>), Problem> {
    let (mut unit, mut stated) = (None, None);
    for _ in 0..MAX_COMMENTS {
        let Some(line) = lines.line()? else {
            return Err(Problem::new("the table has no header").in_file(label));
        };
        let text = line.whole().trim();
        let Some(comment) = text.strip_prefix('#') else {
            if text.is_empty() {
                continue;
            }
            return Ok((unit, stated));
        };
        // A spreadsheet fills short lines with separators.
        let comment = comment.trim_end_matches([',', ';', '\t', '"']);
        let Some((key, value)) = comment.split_once(':') else { continue };
        match key.trim().to_ascii_lowercase().as_str() {
            "unit" => unit = Some(value.trim().to_owned()),
            "year" => match year(value.trim()) {
                Some(year) => stated = Some(year),
                None => return Err(line.not_a(0, "a year")),
            },
            _ => {}
        }
    }
    Err(Problem::new(format!("more than {MAX_COMMENTS} lines of comments")).in_file(label))
}

/// Three letters, as ISO 4217 has them.
fn is_currency(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}
