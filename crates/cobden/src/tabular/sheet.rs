//! A small table beside a recipe: every row knows its line, so that every complaint can point at it.

use std::path::Path;

use cobden_world::{Place, Problem};

use crate::disk::read_file;

/// A CSV file with a header, held whole. `#` lines are comments.
///
/// Meant for mappings and lists of up to some hundred thousand short rows, not for worlds.
pub(crate) struct Sheet {
    file: String,
    rows: Vec<Row>,
    columns: Vec<usize>,
}

/// One row of a [`Sheet`].
struct Row {
    line: u64,
    fields: csv::StringRecord,
}

impl Sheet {
    /// Reads a file that has at least these columns, in any order; other columns are ignored.
    ///
    /// # Errors
    /// A file that cannot be read, is not UTF-8, has rows of different lengths, or lacks a column.
    pub(crate) fn read(path: &Path, columns: &[&str]) -> Result<Self, Problem> {
        Self::parse(&read_file(path)?, &path.display().to_string(), columns)
    }

    /// The same from bytes; `file` is the name to show.
    pub(crate) fn parse(bytes: &[u8], file: &str, columns: &[&str]) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| malformed(file, &error))?.clone();
        let mut positions = Vec::with_capacity(columns.len());
        for column in columns {
            let position = header.iter().position(|name| name.trim_start_matches('\u{feff}') == *column);
            positions.push(position.ok_or_else(|| {
                let known = header.iter().collect::<Vec<_>>().join(", ");
                Problem::new(format!("no column \"{column}\"")).in_file(file).help(format!("columns here: {known}"))
            })?);
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let fields = record.map_err(|error| malformed(file, &error))?;
            let line = fields.position().map_or(0, csv::Position::line);
            rows.push(Row { line, fields });
        }
        Ok(Self { file: file.to_owned(), rows, columns: positions })
    }

    /// The rows, each as the fields of the columns asked for, in that order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Fields<'_>> {
        self.rows.iter().map(|row| Fields { sheet: self, row })
    }
}

/// The fields of one row.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
}

impl<'a> Fields<'a> {
    /// The text in the column at this position of the list given to [`Sheet::read`]; empty if there is none.
    pub(crate) fn text(&self, column: usize) -> &'a str {
        self.sheet.columns.get(column).and_then(|&at| self.row.fields.get(at)).unwrap_or_default()
    }

    /// The finite number in that column.
    pub(crate) fn number(&self, column: usize) -> Result<f64, Problem> {
        let text = self.text(column);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.problem(column, format!("expected a number, found \"{text}\""))),
        }
    }

    /// A problem with that column of this row.
    pub(crate) fn problem(&self, column: usize, message: impl Into<String>) -> Problem {
        self.place(Problem::new(message), column)
    }

    /// A problem, placed at that column of this row.
    pub(crate) fn place(&self, problem: Problem, column: usize) -> Problem {
        let fields = &self.row.fields;
        let at = self.sheet.columns.get(column).copied().unwrap_or_default();
        // Rebuilt from the trimmed fields: right to within the spaces and quotes that the reader took off.
        let before: usize = fields.iter().take(at).map(|field| field.chars().count() + 1).sum();
        problem.at(Place {
            file: self.sheet.file.clone(),
            line: self.row.line,
            column: 1 + before as u64,
            text: Some(fields.iter().collect::<Vec<_>>().join(",")),
            width: self.text(column).chars().count().max(1) as u64,
        })
    }
}

/// What the CSV reader found wrong, placed.
fn malformed(file: &str, error: &csv::Error) -> Problem {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("expected {expected_len} fields, found {len}")
        }
        _ => error.to_string(),
    };
    Problem::new(message).at(Place { file: file.to_owned(), line, column: 1, text: None, width: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Sheet, Problem> {
        Sheet::parse(text.as_bytes(), "map.csv", &["group", "weight"])
    }

    #[test]
    fn columns_may_come_in_any_order_after_comments() {
        let sheet = parse("# why\nweight,note,group\n0.5,x,Capital goods\n").unwrap();
        let row = sheet.rows().next().unwrap();
        assert_eq!((row.text(0), row.number(1).unwrap()), ("Capital goods", 0.5));
    }

    #[test]
    fn a_bad_number_is_placed() {
        let sheet = parse("group,weight\nRaw materials,1\nCapital goods,much\n").unwrap();
        let problem = sheet.rows().nth(1).unwrap().number(1).unwrap_err();
        let place = problem.place.unwrap();
        assert_eq!((place.line, place.column, place.width), (3, 15, 4));
    }

    #[test]
    fn a_missing_column_and_a_short_row_are_named() {
        let problem = Sheet::parse(b"group\n", "map.csv", &["group", "weight"]).err().unwrap();
        assert!(problem.message.contains("\"weight\""), "{problem}");
        let problem = parse("group,weight\nx\n").err().unwrap();
        assert_eq!(problem.place.unwrap().line, 2);
    }
}
