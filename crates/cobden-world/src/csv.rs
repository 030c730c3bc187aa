//! Comma-separated tables, one line at a time.
//!
//! Written here rather than taken from a crate because two things are asked of it: memory stays bounded whatever the file
//! holds, a single line of 2 GB included, and every message has the column of the character at fault.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use crate::problem::clip;
use crate::table::{Cells, HeaderFault, MAX_KEYS, TakeTexts, TextSchema};
use crate::{Place, Problem};

/// Longest line, in bytes. The longest in any published table has a few hundred.
const MAX_LINE: u64 = 1 << 16;

/// Most bytes of comments before the header that are kept.
const MAX_COMMENTS: usize = 1 << 16;

/// Reads a table into `cells`; returns the comment lines before its header, without their `#`.
///
/// The header may name the columns in any order. Blank lines are skipped; fields may be quoted, but not hold a line break;
/// a byte-order mark and Windows line ends are accepted.
pub(crate) fn read(input: impl Read, label: &str, cells: &mut Cells<'_>) -> Result<Vec<String>, Problem> {
    let mut lines = Lines::of(input, label);
    let columns = cells.schema.columns().collect::<Vec<_>>().join(",");
    let (comments, positions, width) = header(&mut lines, &columns, |names| cells.schema.locate(names))?;
    let mut fields = Vec::new();
    let keys = positions.len() - 1;
    while let Some(line) = lines.next()? {
        if line.text.trim().is_empty() {
            continue;
        }
        line.split(&mut fields)?;
        if fields.len() != width {
            return Err(line.wrong_width(&fields, width));
        }
        let mut texts: [Cow<'_, str>; MAX_KEYS] = Default::default();
        for (text, position) in texts.iter_mut().zip(&positions[..keys]) {
            *text = fields[*position].text(line.text);
        }
        let value = &fields[positions[keys]];
        let number = number(&value.text(line.text)).map_err(|problem| line.at(problem, value.range.clone()))?;
        let names = texts.each_ref().map(AsRef::as_ref);
        cells.put(&names[..keys], number).map_err(|fault| {
            let range = fault.column.map_or(0..line.text.len(), |column| fields[positions[column]].range.clone());
            line.at(fault.problem, range)
        })?;
    }
    Ok(comments)
}

/// Reads a table of texts. As [`read`], comments aside.
pub(crate) fn read_texts(
    input: impl Read,
    label: &str,
    schema: &TextSchema<'_>,
    take: TakeTexts<'_>,
) -> Result<(), Problem> {
    let mut lines = Lines::of(input, label);
    let columns = schema.columns().collect::<Vec<_>>().join(",");
    let (_, positions, width) = header(&mut lines, &columns, |names| schema.locate(names))?;
    let mut fields = Vec::new();
    while let Some(line) = lines.next()? {
        if line.text.trim().is_empty() {
            continue;
        }
        line.split(&mut fields)?;
        if fields.len() != width {
            return Err(line.wrong_width(&fields, width));
        }
        let text = |position: &Option<usize>| position.map_or(Cow::Borrowed(""), |at| fields[at].text(line.text));
        let texts: Vec<Cow<'_, str>> = positions.iter().map(text).collect();
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        take(&texts).map_err(|fault| {
            let at = fault.column.and_then(|column| positions[column]);
            line.at(fault.problem, at.map_or(0..line.text.len(), |at| fields[at].range.clone()))
        })?;
    }
    Ok(())
}

/// Comments, where each column of the schema stands, and the number of columns.
fn header<T>(
    lines: &mut Lines<'_, impl Read>,
    expected: &str,
    locate: impl Fn(&[&str]) -> Result<T, HeaderFault>,
) -> Result<(Vec<String>, T, usize), Problem> {
    let mut comments = Vec::new();
    let mut kept = 0;
    let label = lines.label;
    while let Some(line) = lines.next()? {
        let text = line.text.trim();
        if let Some(comment) = text.strip_prefix('#') {
            kept += comment.len() + 1;
            if kept <= MAX_COMMENTS {
                comments.push(comment.trim().to_owned());
            }
            continue;
        }
        if text.is_empty() {
            continue;
        }
        let mut fields = Vec::new();
        line.split(&mut fields)?;
        let names: Vec<Cow<'_, str>> = fields.iter().map(|field| field.text(line.text)).collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        return match locate(&names) {
            Ok(positions) => Ok((comments, positions, names.len())),
            Err(fault) => {
                let range = fault.position.map_or(0..line.text.len(), |position| fields[position].range.clone());
                let problem = match (names.len(), text.contains([';', '\t'])) {
                    (1, true) => fault.problem.help("columns are separated by commas"),
                    _ => fault.problem,
                };
                Err(line.at(problem, range))
            }
        };
    }
    Err(Problem::new("the table has no header").help(format!("expected {expected}")).in_file(label))
}

/// The lines of a file, of which one is in memory.
struct Lines<'a, R> {
    input: BufReader<R>,
    buffer: Vec<u8>,
    number: u64,
    label: &'a str,
}

/// One line, without its end.
struct Line<'a> {
    text: &'a str,
    number: u64,
    label: &'a str,
}

impl<'a, R: Read> Lines<'a, R> {
    fn of(input: R, label: &'a str) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), buffer: Vec::new(), number: 0, label }
    }

    fn next(&mut self) -> Result<Option<Line<'_>>, Problem> {
        self.buffer.clear();
        self.number += 1;
        let (label, number) = (self.label, self.number);
        let read = (&mut self.input).take(MAX_LINE + 1).read_until(b'\n', &mut self.buffer);
        read.map_err(|error| {
            Problem::new(format!("cannot read: {error}")).at(Place::in_line(label, number, "", 0..0))
        })?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        if self.buffer.len() as u64 > MAX_LINE {
            let problem = Problem::new(format!("the line is longer than {MAX_LINE} bytes"));
            return Err(problem.help("is this a CSV file?").at(Place::in_line(label, number, "", 0..0)));
        }
        let mut bytes = self.buffer.as_slice();
        if self.number == 1 {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(Line { text, number, label })),
            Err(error) => Err(not_utf8(label, number, bytes, error)),
        }
    }
}

/// The problem of bytes that are not UTF-8, at the character where they stop being it.
pub(crate) fn not_utf8(label: &str, number: u64, line: &[u8], error: std::str::Utf8Error) -> Problem {
    let valid = String::from_utf8_lossy(&line[..error.valid_up_to()]);
    let place = Place { text: None, ..Place::in_line(label, number, &valid, valid.len()..valid.len()) };
    Problem::new("not UTF-8 text").help("save the file with UTF-8 encoding").at(place)
}

/// Where a field's content stands in its line, without quotes.
struct Field {
    range: Range<usize>,
    /// Whether quotes inside are doubled.
    escaped: bool,
}

impl Field {
    fn text<'a>(&self, line: &'a str) -> Cow<'a, str> {
        let text = &line[self.range.clone()];
        if self.escaped { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }
}

impl Line<'_> {
    fn at(&self, problem: Problem, range: Range<usize>) -> Problem {
        problem.at(Place::in_line(self.label, self.number, self.text, range))
    }

    /// Splits at commas outside quotes; blanks around a field are not part of it.
    fn split(&self, fields: &mut Vec<Field>) -> Result<(), Problem> {
        fields.clear();
        let mut start = 0;
        loop {
            let rest = &self.text[start..];
            let skipped = rest.len() - rest.trim_start().len();
            let (field, end) = if rest[skipped..].starts_with('"') {
                self.quoted(start + skipped)?
            } else {
                let length = rest.find(',').unwrap_or(rest.len());
                let begin = start + skipped.min(length);
                let content = self.text[begin..start + length].trim_end();
                (Field { range: begin..begin + content.len(), escaped: false }, start + length)
            };
            fields.push(field);
            if end >= self.text.len() {
                return Ok(());
            }
            start = end + 1;
        }
    }

    /// The quoted field whose opening quote is at `open`, and where the comma after it stands.
    fn quoted(&self, open: usize) -> Result<(Field, usize), Problem> {
        let (mut position, mut escaped) = (open + 1, false);
        loop {
            let Some(length) = self.text[position..].find('"') else {
                let problem = Problem::new("a quote is opened and not closed on its line");
                return Err(self.at(problem, open..open + 1));
            };
            let close = position + length;
            if self.text[close + 1..].starts_with('"') {
                (position, escaped) = (close + 2, true);
                continue;
            }
            let after = &self.text[close + 1..];
            let end = close + 1 + (after.len() - after.trim_start().len());
            if end < self.text.len() && !self.text[end..].starts_with(',') {
                let problem = Problem::new("expected a comma after the closing quote");
                return Err(self.at(problem.help("write a quote inside quotes twice"), end..end + 1));
            }
            return Ok((Field { range: open + 1..close, escaped }, end));
        }
    }

    fn wrong_width(&self, fields: &[Field], width: usize) -> Problem {
        let problem = Problem::new(format!("the row has {} fields, the header {width}", fields.len()));
        match fields.get(width) {
            Some(extra) => self.at(problem.help("quote a name that holds a comma"), extra.range.clone()),
            None => self.at(problem, self.text.len()..self.text.len()),
        }
    }
}

/// A finite number.
pub(crate) fn number(text: &str) -> Result<f64, Problem> {
    if text.is_empty() {
        return Err(Problem::new("the value is empty").help("expected a number"));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(value) if value.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) => {
            Err(Problem::new(format!("{} is too large a number", clip(text))))
        }
        Ok(_) => Err(Problem::new(format!("{} is not a finite number", clip(text)))),
        Err(_) if text.ends_with('%') => {
            Err(Problem::new(format!("\"{}\" is not a number", clip(text))).help("write 10 per cent as 0.1"))
        }
        Err(_) => Err(Problem::new(format!("\"{}\" is not a number", clip(text)))),
    }
}
