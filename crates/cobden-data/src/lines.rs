//! Delimited text, one record at a time, with the place of every cell.
//!
//! Published lists are larger than memory, come in several encodings, and some quote line breaks. This reader keeps one record; a record
//! that does not end, in length or in lines, is an error and not a question of memory.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use cobden_world::{Place, Problem};

/// Longest record, in bytes.
const MAX_RECORD: usize = 1 << 18;

/// Most lines of a record: a quoted cell may hold line breaks.
const MAX_LINES: usize = 256;

/// A cell of the record, by its bytes, blanks and quotes around it left out.
#[derive(Clone, Copy, Debug)]
struct Field {
    start: usize,
    end: usize,
    /// Whether quotes inside it stand twice.
    escaped: bool,
}

/// The records of a text, of which one is in memory.
pub(crate) struct Lines<'a, R> {
    input: BufReader<R>,
    label: &'a str,
    separator: u8,
    bytes: Vec<u8>,
    decoded: String,
    fields: Vec<Field>,
    /// The line on which the record begins, and the last line read.
    number: u64,
    last: u64,
}

/// One record.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    text: &'a str,
    fields: &'a [Field],
    number: u64,
    label: &'a str,
}

impl<'a, R: Read> Lines<'a, R> {
    pub(crate) fn new(input: R, label: &'a str, separator: char) -> Self {
        let input = BufReader::with_capacity(1 << 16, input);
        let separator = u8::try_from(separator).unwrap_or(b',');
        let (bytes, decoded, fields) = (Vec::new(), String::new(), Vec::new());
        Self { input, label, separator, bytes, decoded, fields, number: 0, last: 0 }
    }

    /// Splits at this from now on: a separator may become known only with the header.
    pub(crate) fn separate_at(&mut self, separator: u8) {
        self.separator = separator;
    }

    /// The next line as it stands, unsplit; `None` at the end.
    pub(crate) fn line(&mut self) -> Result<Option<Record<'_>>, Problem> {
        self.bytes.clear();
        self.fields.clear();
        if !self.append()? {
            return Ok(None);
        }
        self.number = self.last;
        self.fields.push(Field { start: 0, end: self.bytes.len(), escaped: false });
        Ok(Some(self.record()))
    }

    /// The next record that is not blank; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Problem> {
        loop {
            self.bytes.clear();
            if !self.append()? {
                return Ok(None);
            }
            self.number = self.last;
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        while let Err(fault) = split(&self.bytes, self.separator, &mut self.fields) {
            self.go_on(fault)?;
        }
        Ok(Some(self.record()))
    }

    /// Splits again the record that [`line`](Self::line) gave.
    pub(crate) fn split_again(&mut self) -> Result<Record<'_>, Problem> {
        while let Err(fault) = split(&self.bytes, self.separator, &mut self.fields) {
            self.go_on(fault)?;
        }
        Ok(self.record())
    }

    /// Adds lines to a record that stopped inside quotes, until they may be closed.
    fn go_on(&mut self, fault: Fault) -> Result<(), Problem> {
        let at = match fault {
            Fault::Comma { at } => {
                let problem = Problem::new("expected a separator after the closing quote");
                return Err(self.fault(problem.help("write a quote inside quotes twice"), at));
            }
            Fault::Open { at } => at,
        };
        let unclosed = || Problem::new("a quote is opened and not closed");
        loop {
            if self.last - self.number >= MAX_LINES as u64 {
                return Err(self.fault(unclosed().help(format!("within {MAX_LINES} lines")), at));
            }
            let before = self.bytes.len();
            self.bytes.push(b'\n');
            if !self.append()? {
                self.bytes.truncate(before);
                return Err(self.fault(unclosed(), at));
            }
            if self.bytes[before..].contains(&b'"') {
                return Ok(());
            }
        }
    }

    /// Appends a line without its end to the record; whether there was one.
    fn append(&mut self) -> Result<bool, Problem> {
        let before = self.bytes.len();
        let room = (MAX_RECORD + 2).saturating_sub(before) as u64;
        let read = (&mut self.input).take(room).read_until(b'\n', &mut self.bytes);
        let read = read.map_err(|error| {
            let place = Place { file: self.label.to_owned(), line: self.last + 1, column: 1, text: None, width: 1 };
            Problem::new(format!("cannot read: {error}")).at(place)
        })?;
        if read == 0 && room > 0 {
            return Ok(false);
        }
        self.last += 1;
        if self.bytes.last() == Some(&b'\n') {
            self.bytes.pop();
            if self.bytes.len() > before && self.bytes.last() == Some(&b'\r') {
                self.bytes.pop();
            }
        }
        if self.bytes.len() > MAX_RECORD {
            let place = Place { file: self.label.to_owned(), line: self.last, column: 1, text: None, width: 1 };
            let problem = Problem::new(format!("the line is longer than {MAX_RECORD} bytes"));
            return Err(problem.help("is this a text table?").at(place));
        }
        if self.last == 1 && self.bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.bytes.drain(..3);
        }
        if self.last == 1 && (self.bytes.starts_with(&[0xFF, 0xFE]) || self.bytes.starts_with(&[0xFE, 0xFF])) {
            return Err(Problem::new("the text is UTF-16").help("save it as UTF-8").in_file(self.label));
        }
        Ok(true)
    }

    /// The record as text: UTF-8, or else Windows-1252, which never fails.
    fn record(&mut self) -> Record<'_> {
        let text = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text,
            Err(_) => {
                self.decoded.clear();
                let mut positions = Vec::with_capacity(self.bytes.len() + 1);
                for byte in &self.bytes {
                    positions.push(self.decoded.len());
                    self.decoded.push(windows_1252(*byte));
                }
                positions.push(self.decoded.len());
                for field in &mut self.fields {
                    (field.start, field.end) = (positions[field.start], positions[field.end]);
                }
                &self.decoded
            }
        };
        Record { text, fields: &self.fields, number: self.number, label: self.label }
    }

    fn fault(&self, problem: Problem, at: usize) -> Problem {
        let text = String::from_utf8_lossy(&self.bytes);
        place(problem, self.label, self.number, &text, at..at + 1)
    }
}

/// Where a record cannot be split.
enum Fault {
    /// A quote is opened here and not closed in the record so far.
    Open { at: usize },
    /// Something other than a separator follows a closing quote.
    Comma { at: usize },
}

/// The fields of a record. All that matters to splitting is ASCII, so bytes will do in any encoding that extends it.
fn split(bytes: &[u8], separator: u8, fields: &mut Vec<Field>) -> Result<(), Fault> {
    fields.clear();
    let mut start = 0;
    loop {
        let skipped = bytes[start..].iter().take_while(|byte| blank(**byte, separator)).count();
        let begin = start + skipped;
        let (mut field, end) = if bytes.get(begin) == Some(&b'"') {
            quoted(bytes, separator, begin)?
        } else {
            let length = bytes[begin..].iter().position(|byte| *byte == separator);
            let end = length.map_or(bytes.len(), |length| begin + length);
            (Field { start: begin, end, escaped: false }, end)
        };
        while field.end > field.start && bytes[field.end - 1].is_ascii_whitespace() {
            field.end -= 1;
        }
        fields.push(field);
        if end >= bytes.len() {
            return Ok(());
        }
        start = end + 1;
    }
}

fn blank(byte: u8, separator: u8) -> bool {
    byte.is_ascii_whitespace() && byte != separator
}

/// The field whose opening quote is at `open`, and where its separator stands.
fn quoted(bytes: &[u8], separator: u8, open: usize) -> Result<(Field, usize), Fault> {
    let (mut position, mut escaped) = (open + 1, false);
    loop {
        let Some(length) = bytes[position..].iter().position(|byte| *byte == b'"') else {
            return Err(Fault::Open { at: open });
        };
        let close = position + length;
        if bytes.get(close + 1) == Some(&b'"') {
            (position, escaped) = (close + 2, true);
            continue;
        }
        let after = bytes[close + 1..].iter().take_while(|byte| blank(**byte, separator)).count();
        let end = close + 1 + after;
        if end < bytes.len() && bytes[end] != separator {
            return Err(Fault::Comma { at: end });
        }
        let start = open + 1;
        let start = start + bytes[start..close].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        return Ok((Field { start, end: close, escaped }, end));
    }
}

impl<'a> Record<'a> {
    /// How many cells.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The line it begins on.
    pub(crate) fn line(&self) -> u64 {
        self.number
    }

    /// The whole record.
    pub(crate) fn whole(&self) -> &'a str {
        self.text
    }

    /// A cell as it stands, doubled quotes included; empty beyond the last.
    pub(crate) fn raw(&self, column: usize) -> &'a str {
        self.fields.get(column).map_or("", |field| &self.text[field.start..field.end])
    }

    /// A cell, doubled quotes made one.
    pub(crate) fn text(&self, column: usize) -> Cow<'a, str> {
        match self.fields.get(column) {
            Some(field) if field.escaped => Cow::Owned(self.raw(column).replace("\"\"", "\"")),
            _ => Cow::Borrowed(self.raw(column)),
        }
    }

    /// A cell that must not be empty.
    pub(crate) fn name(&self, column: usize) -> Result<&'a str, Problem> {
        match self.raw(column) {
            "" => Err(self.problem(Problem::new("the cell is empty").help("expected a code"), column)),
            name => Ok(name),
        }
    }

    /// A number; `None` for an empty cell and the marks of a missing value: `NA`, `N/A`, `NULL`, `.` and `..`.
    pub(crate) fn value(&self, column: usize) -> Result<Option<f64>, Problem> {
        let text = self.raw(column);
        if is_missing(text) {
            return Ok(None);
        }
        number(text).map(Some).ok_or_else(|| self.not_a(column, "a number"))
    }

    /// A year of four digits.
    pub(crate) fn year(&self, column: usize) -> Result<i32, Problem> {
        year(self.raw(column)).ok_or_else(|| self.not_a(column, "a year"))
    }

    /// That a cell is not what it should be.
    pub(crate) fn not_a(&self, column: usize, what: &str) -> Problem {
        self.problem(Problem::new(format!("\"{}\" is not {what}", clip(self.raw(column)))), column)
    }

    /// The problem, at a cell.
    pub(crate) fn problem(&self, problem: Problem, column: usize) -> Problem {
        let end = self.text.len();
        let range = self.fields.get(column).map_or(end..end, |field| field.start..field.end);
        place(problem, self.label, self.number, self.text, range)
    }
}

fn place(problem: Problem, label: &str, number: u64, text: &str, range: Range<usize>) -> Problem {
    let mut place = Place::in_text(label, text, range);
    place.line += number - 1;
    problem.at(place)
}

/// A finite number.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A year of four digits.
pub(crate) fn year(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok().filter(|year| *year >= 1000) } else { None }
}

/// Whether a cell says that there is no value.
pub(crate) fn is_missing(text: &str) -> bool {
    matches!(text, "" | "NA" | "N/A" | "na" | "NULL" | "." | "..")
}

/// A product code of digits, padded on the left to `length` where leading zeros were lost.
pub(crate) fn padded<'a, const LENGTH: usize>(text: &'a str, buffer: &'a mut [u8; LENGTH]) -> Option<&'a str> {
    if text.is_empty() || text.len() > LENGTH || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if text.len() == LENGTH {
        return Some(text);
    }
    buffer.fill(b'0');
    buffer[LENGTH - text.len()..].copy_from_slice(text.as_bytes());
    std::str::from_utf8(buffer).ok()
}

/// Text from an input as a message shows it: control characters escaped, cut after 60 characters.
pub(crate) fn clip(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// Windows-1252, where 0x80 to 0x9F differ from Unicode; the five codes it leaves open stand for themselves.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
