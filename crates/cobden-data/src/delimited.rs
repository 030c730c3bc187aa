//! Wide matrices in text: a label or two and thousands of numbers to a line, one line in memory at a time.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use cobden_world::{Place, Problem};

/// Longest line, in bytes. The longest in any published table, a header of EXIOBASE with the names of products, has half a million.
const MAX_LINE: u64 = 1 << 22;

/// Most fields of a line: a table of the world has ten thousand.
const MAX_FIELDS: usize = 1 << 16;

/// The lines of a text.
pub(crate) struct Lines<'a, R> {
    input: BufReader<R>,
    buffer: Vec<u8>,
    decoded: String,
    number: u64,
    label: &'a str,
    separator: char,
}

/// One line, without its end.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) number: u64,
    label: &'a str,
    separator: char,
}

/// The content of a field, without blanks and quotes around it, and where it stands in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl<'a, R: Read> Lines<'a, R> {
    /// `label` names the file in messages.
    pub(crate) fn new(input: R, label: &'a str, separator: char) -> Self {
        let input = BufReader::with_capacity(1 << 16, input);
        Self { input, buffer: Vec::new(), decoded: String::new(), number: 0, label, separator }
    }

    /// The next line that is not blank. A byte-order mark is dropped; text that is not UTF-8 is taken for Latin 1, which older files of labels
    /// are in.
    ///
    /// # Errors
    /// A line that is too long or holds a byte 0, or what the input says.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, Problem> {
        let (label, separator) = (self.label, self.separator);
        loop {
            self.buffer.clear();
            self.number += 1;
            let at = |problem: Problem, column| problem.at(place(label, self.number, column));
            let read = (&mut self.input).take(MAX_LINE + 1).read_until(b'\n', &mut self.buffer);
            read.map_err(|error| at(Problem::new(format!("cannot read: {error}")), 1))?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if self.buffer.len() as u64 > MAX_LINE {
                let problem = Problem::new(format!("the line is longer than {MAX_LINE} bytes"));
                return Err(at(problem.help("is this the table, as text?"), 1));
            }
            if let Some(zero) = self.buffer.iter().position(|&byte| byte == 0) {
                return Err(at(Problem::new("a byte 0: this is not text"), zero as u64 + 1));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let mut bytes = self.buffer.as_slice();
        if self.number == 1 {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                self.decoded = bytes.iter().map(|&byte| char::from(byte)).collect();
                &self.decoded
            }
        };
        Ok(Some(Line { text, number: self.number, label, separator }))
    }

    /// The next line, where one must be.
    pub(crate) fn expect(&mut self, what: &str) -> Result<Line<'_>, Problem> {
        let (label, number) = (self.label, self.number + 1);
        let missing = || Problem::new(format!("the file ends where {what} should be")).at(place(label, number, 1));
        self.next()?.ok_or_else(missing)
    }

    /// The number of the line read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

/// A place without its text.
pub(crate) fn place(label: &str, line: u64, column: u64) -> Place {
    Place { file: label.to_owned(), line, column, text: None, width: 1 }
}

impl<'a> Line<'a> {
    /// The fields in order. A field in quotes may hold separators.
    pub(crate) fn fields(&self) -> Fields<'a> {
        Fields { text: self.text, separator: self.separator, next: Some(0) }
    }

    /// The problem, at a range of bytes of the line.
    pub(crate) fn at(&self, problem: Problem, range: Range<usize>) -> Problem {
        problem.at(Place { line: self.number, ..Place::in_text(self.label, self.text, range) })
    }

    /// The problem, at a field.
    pub(crate) fn at_field(&self, problem: Problem, field: &Field<'_>) -> Problem {
        self.at(problem, field.start..field.start + field.text.len().max(1))
    }

    /// The labels of a header after the first `skip` fields, with their fields.
    pub(crate) fn labels(&self, skip: usize) -> Result<Vec<Field<'a>>, Problem> {
        let labels: Vec<Field<'a>> = self.fields().skip(skip).take(MAX_FIELDS + 1).collect();
        match labels.get(MAX_FIELDS) {
            Some(extra) => Err(self.at_field(Problem::new(format!("more than {MAX_FIELDS} columns")), extra)),
            None => Ok(labels),
        }
    }

    /// Replaces `values` by the numbers after the first `skip` fields, which must be `width`.
    ///
    /// # Errors
    /// The first field that is not a number, or is missing or too many, at its place.
    pub(crate) fn numbers(&self, skip: usize, width: usize, values: &mut Vec<f64>) -> Result<(), Problem> {
        values.clear();
        for field in self.fields().skip(skip) {
            if values.len() == width {
                // Some programs end every line with a separator.
                if field.text.is_empty() && field.start >= self.text.len() {
                    break;
                }
                let problem = Problem::new(format!("the row has more than the {width} values that there are columns"));
                return Err(self.at_field(problem, &field));
            }
            let Some(value) = number(field.text) else {
                let problem = Problem::new(format!("\"{}\" is not a number", shown(field.text)));
                return Err(self.at_field(problem.help(format!("value {} of the row", values.len() + 1)), &field));
            };
            values.push(value);
        }
        if values.len() < width {
            let problem = Problem::new(format!("the row has {} values, but there are {width} columns", values.len()));
            let end = self.text.len();
            return Err(self.at(problem.help("is the file cut short?"), end..end));
        }
        Ok(())
    }
}

/// Iterates over the fields of a line.
pub(crate) struct Fields<'a> {
    text: &'a str,
    separator: char,
    next: Option<usize>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let start = self.next?;
        let rest = &self.text[start..];
        let mut length = rest.find(self.separator).unwrap_or(rest.len());
        let quoted = rest.trim_start_matches(' ').strip_prefix('"');
        if let Some(inner) = quoted.filter(|_| rest[..length].contains('"')) {
            let opened = rest.len() - inner.len();
            if let Some(close) = inner.find('"') {
                let after = opened + close + 1;
                length = after + rest[after..].find(self.separator).unwrap_or(rest.len() - after);
            }
        }
        self.next = (start + length < self.text.len()).then_some(start + length + self.separator.len_utf8());
        let content = &rest[..length];
        let trimmed = content.trim();
        let inner = trimmed.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).map(str::trim);
        let text = inner.unwrap_or(trimmed);
        Some(Field { text, start: start + (content.len() - content.trim_start().len()) + usize::from(inner.is_some()) })
    }
}

/// A number as R, Excel and pandas write it; a blank, `NA` and the like are 0: tables leave out cells without trade. `None` is no number.
pub(crate) fn number(text: &str) -> Option<f64> {
    match text {
        "" | "NA" | "NaN" | "nan" | "N/A" | ".." | "-" => Some(0.0),
        // Rust would take words such as `infinity`.
        _ if text.ends_with(|last: char| last.is_ascii_digit() || last == '.') => {
            text.parse::<f64>().ok().filter(|value| value.is_finite())
        }
        _ => None,
    }
}

/// Text from an input as a message shows it: control characters escaped, cut after 40 characters.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN: usize = 40;
    let cut = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
    let start: String = text.chars().take(SHOWN).collect();
    format!("{}{cut}", start.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_programs_write_them() {
        for (text, value) in
            [("1", 1.0), ("-1.5e-03", -1.5e-3), ("1E+05", 1e5), ("", 0.0), ("NA", 0.0), ("3.", 3.0), (".5", 0.5)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["x", "1,5", "inf", "-infinity", "1e999", "0x10", "1 2", "--1"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn fields_with_quotes_blanks_and_a_trailing_separator() {
        let text = "\"a,b\", c ,\"\",4,";
        let line = Line { text, number: 1, label: "x", separator: ',' };
        let fields: Vec<_> = line.fields().map(|field| (field.text, field.start)).collect();
        assert_eq!(fields, [("a,b", 1), ("c", 7), ("", 11), ("4", 13), ("", 15)]);
        let mut values = Vec::new();
        line.numbers(2, 2, &mut values).unwrap();
        assert_eq!(values, [0.0, 4.0]);
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let mut lines = Lines::new("h,1\r\n\r\nb,2,x3\n".as_bytes(), "t.csv", ',');
        assert_eq!(lines.next().unwrap().unwrap().text, "h,1");
        let line = lines.next().unwrap().unwrap();
        let problem = line.numbers(1, 2, &mut Vec::new()).unwrap_err();
        assert_eq!(problem.to_string(), "t.csv:3:5: \"x3\" is not a number (value 2 of the row)");
        let problem = line.numbers(1, 1, &mut Vec::new()).unwrap_err();
        assert_eq!(problem.to_string(), "t.csv:3:5: the row has more than the 1 values that there are columns");
        assert!(lines.next().unwrap().is_none());
        let mut lines = Lines::new("\u{feff}a\n".as_bytes(), "t.csv", ',');
        assert_eq!(lines.expect("a header").unwrap().text, "a");
        assert_eq!(lines.expect("a row").err().unwrap().to_string(), "t.csv:2:1: the file ends where a row should be");
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_is_held() {
        let mut lines = Lines::new(std::io::repeat(b'1'), "t.csv", ',');
        assert!(lines.next().err().unwrap().to_string().contains("longer than"));
    }
}
