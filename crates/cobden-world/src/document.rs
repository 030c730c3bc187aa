//! A TOML file whose every key and value knows its place, so that every complaint can point at it.
//!
//! Studies, recipes and the register of measures are read through this one door: a [`Document`] keeps the text, [`Fields`] reads a table
//! of it key by key and refuses keys it does not know.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::{Place, Problem, nearest};

/// No line longer than this is shown with an error.
const LONGEST_LINE_SHOWN: usize = 400;

/// A value and where it was written: a range of bytes of its [`Document`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Range<usize>,
}

/// The text of one input file, kept to draw errors with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    file: String,
    text: String,
}

impl Document {
    /// Takes the bytes of a file; `file` is its name as the user wrote it.
    ///
    /// # Errors
    /// The first byte that is not UTF-8, with its line and column.
    pub fn new(bytes: Vec<u8>, file: &str) -> Result<Self, Problem> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { file: file.to_owned(), text }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let byte = error.as_bytes().get(valid).copied().unwrap_or_default();
                let text = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default()).into_owned();
                let read = Self { file: file.to_owned(), text };
                Err(read
                    .problem(&(valid..valid), format!("not UTF-8: the byte 0x{byte:02X} starts no character"))
                    .help("save the file with the encoding UTF-8"))
            }
        }
    }

    /// The name of the file as the user wrote it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line, column, width and text of a range of bytes.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let start = self.floor(span.start);
        let end = self.floor(span.end).max(start);
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let line = self.text[line_start..line_end].trim_end_matches('\r').trim_start_matches('\u{feff}');
        let meant = &self.text[start..end.min(line_end)];
        Place {
            file: self.file.clone(),
            line: 1 + before.matches('\n').count() as u64,
            column: 1 + before[line_start..].trim_start_matches('\u{feff}').chars().count() as u64,
            text: (line.len() <= LONGEST_LINE_SHOWN).then(|| line.to_owned()),
            width: meant.trim_end().chars().count().max(1) as u64,
        }
    }

    /// A problem at a range of bytes.
    pub fn problem(&self, span: &Range<usize>, message: impl Into<String>) -> Problem {
        Problem::new(message).at(self.place(span))
    }

    /// The whole file as a table of TOML.
    ///
    /// # Errors
    /// The first error of syntax, at its place.
    pub fn table(&self) -> Result<Spanned<DeTable<'_>>, Problem> {
        DeTable::parse(&self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            self.problem(&span, format!("not valid TOML: {}", error.message()))
        })
    }

    /// The start of the character at a byte, so that slicing never panics.
    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// Which keys a table of a file may have.
pub struct Keys {
    /// What the table is called in an error, e.g. `a case`.
    pub table: &'static str,
    /// Keys that are read.
    pub known: &'static [&'static str],
    /// Keys that the format reserves for later versions.
    pub later: &'static [&'static str],
}

/// One table of a [`Document`], read field by field. Its keys are checked when it is made.
pub struct Fields<'d> {
    document: &'d Document,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    keys: &'static Keys,
}

impl<'d> Fields<'d> {
    /// Checks that a table has known keys only.
    ///
    /// # Errors
    /// The first key that is not known, with the nearest one that is.
    pub fn new(
        document: &'d Document,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        keys: &'static Keys,
    ) -> Result<Self, Problem> {
        let strange = table.keys().filter(|key| !keys.known.contains(&key.get_ref().as_ref()));
        if let Some(key) = strange.min_by_key(|key| key.span().start) {
            return Err(unknown_key(document, key.get_ref(), &key.span(), keys));
        }
        Ok(Self { document, table, span, keys })
    }

    /// The file.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// Where the table was written.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key itself was written; the table if it is not there.
    pub fn key_span(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or_else(|| self.span(), |(key, _)| key.span())
    }

    /// A value of any type.
    pub fn value(&self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        debug_assert!(self.keys.known.contains(&key), "{key} is read but not declared");
        self.table.get(key)
    }

    /// A string.
    pub fn text(&self, key: &str) -> Result<Option<Located<String>>, Problem> {
        self.value(key).map(|value| string(self.document, value, &format!("`{key}`"))).transpose()
    }

    /// A string that must be there and not be blank.
    pub fn required_text(&self, key: &str) -> Result<Located<String>, Problem> {
        let text = self.text(key)?.ok_or_else(|| self.missing(key))?;
        if text.value.trim().is_empty() {
            return Err(self.document.problem(&text.span, format!("`{key}` of {} is empty", self.keys.table)));
        }
        if text.value.contains(['\n', '\r']) {
            let message = format!("`{key}` of {} has more than one line", self.keys.table);
            return Err(self.document.problem(&text.span, message).help("longer remarks go into note = \"...\""));
        }
        Ok(text)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Result<Option<Located<bool>>, Problem> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Boolean(flag) => Ok(Some(Located { value: *flag, span: value.span() })),
            other => Err(self
                .document
                .problem(&value.span(), format!("`{key}` must be true or false, found {}", kind(other)))),
        }
    }

    /// A table inside this one.
    pub fn fields(&self, key: &str, keys: &'static Keys) -> Result<Option<Fields<'d>>, Problem> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Table(table) => Fields::new(self.document, table, value.span(), keys).map(Some),
            other => Err(self
                .document
                .problem(&value.span(), format!("`{key}` must be a table, found {}", kind(other)))
                .help(format!("write [{key}] on a line of its own, its keys below"))),
        }
    }

    /// A list of tables inside this one; `None` if the key is not there.
    pub fn list_of_fields(&self, key: &str, keys: &'static Keys) -> Result<Option<Vec<Fields<'d>>>, Problem> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self
                .document
                .problem(&value.span(), format!("`{key}` must be a list of tables, found {}", kind(value.get_ref())))
                .help(format!("write [[{key}]], or {key} = [ {{ ... }} ]")));
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => list.push(Fields::new(self.document, table, item.span(), keys)?),
                other => {
                    let message = format!("every item of `{key}` must be a table, found {}", kind(other));
                    return Err(self.document.problem(&item.span(), message));
                }
            }
        }
        Ok(Some(list))
    }

    /// What it is called and which keys it may have.
    pub fn keys(&self) -> &'static Keys {
        self.keys
    }

    /// The problem of a key that should be there.
    pub fn missing(&self, key: &str) -> Problem {
        self.document.problem(&self.span, format!("{} has no `{key}`", self.keys.table))
    }
}

/// A string value.
pub fn string(document: &Document, value: &Spanned<DeValue<'_>>, what: &str) -> Result<Located<String>, Problem> {
    match value.get_ref() {
        DeValue::String(text) => match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            None => Ok(Located { value: text.to_string(), span: value.span() }),
            // It could steer the terminal of whoever reads the table.
            Some(control) => Err(document
                .problem(&value.span(), format!("{what} holds the control character {}", control.escape_unicode()))
                .help("remove it")),
        },
        other => Err(document.problem(&value.span(), format!("{what} must be text in quotes, found {}", kind(other)))),
    }
}

/// What a value is, for people.
pub fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn unknown_key(document: &Document, key: &str, span: &Range<usize>, keys: &Keys) -> Problem {
    if keys.later.contains(&key) {
        let message = format!("`{key}` is not in this version of cobden");
        return document.problem(span, message).help("the format reserves it for a later version");
    }
    let problem = document.problem(span, format!("unknown key `{key}` in {}", keys.table));
    match nearest(key, keys.known) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("known keys: {}", keys.known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let document = Document::new("a = 1\r\nβ = \"x\"\n".as_bytes().to_vec(), "s.toml").unwrap();
        let place = document.place(&(12..15));
        assert_eq!((place.line, place.column, place.width), (2, 5, 3));
        assert_eq!(place.text.as_deref(), Some("β = \"x\""));
    }

    #[test]
    fn a_place_beyond_the_end_is_the_end() {
        let document = Document::new(b"abc".to_vec(), "s.toml").unwrap();
        assert_eq!(document.place(&(90..99)).column, 4);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_placed() {
        let problem = Document::new(b"title = \"x\"\nworld = \"\xff\"".to_vec(), "s.toml").unwrap_err();
        let place = problem.place.unwrap();
        assert_eq!((place.line, place.column), (2, 10));
    }
}
