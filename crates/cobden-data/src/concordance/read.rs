//! Reads the files of concordances: small CSV tables with comments at their head.

use std::collections::BTreeSet;
use std::ops::Range;

use cobden_world::{Place, Problem, nearest};

use super::Concordance;

/// Longest code: a name of an industry of EXIOBASE has some 140 characters.
const LONGEST_CODE: usize = 400;
/// Most links. The largest tables of the United Nations have some 20,000.
const MOST_LINKS: usize = 1_000_000;

/// A table, its comments apart.
pub(super) struct Table<'a> {
    text: &'a str,
    file: &'a str,
    /// The comments before the header, without `#`.
    pub(super) comments: Vec<String>,
    /// The header.
    header: Vec<Field>,
    /// The rows that follow.
    pub(super) rows: Vec<Vec<Field>>,
}

/// What a field holds and where it stands.
pub(super) struct Field {
    /// Its text, without quotes.
    pub(super) text: String,
    span: Range<usize>,
}

impl<'a> Table<'a> {
    /// Takes a text apart.
    pub(super) fn new(text: &'a str, file: &'a str) -> Result<Self, Problem> {
        let mut table = Self { text, file, comments: Vec::new(), header: Vec::new(), rows: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let content = if at == 0 { line.trim_start_matches('\u{feff}') } else { line };
            let at = at + line.len() - content.len();
            if content.trim().is_empty() {
                continue;
            }
            if let Some(comment) = content.trim().strip_prefix('#') {
                if table.header.is_empty() {
                    table.comments.push(comment.trim().to_owned());
                }
                continue;
            }
            let fields = table.fields(content, at)?;
            if table.header.is_empty() {
                table.header = fields;
            } else if fields.len() != table.header.len() {
                let message = format!("the row has {} fields, the header {}", fields.len(), table.header.len());
                let help = "quote a name that holds a comma";
                return Err(table.problem(&(at..at + content.trim_end().len()), message).help(help));
            } else {
                table.rows.push(fields);
                if table.rows.len() > MOST_LINKS {
                    return Err(Problem::new(format!("more than {MOST_LINKS} rows")).in_file(file));
                }
            }
        }
        if table.header.is_empty() {
            return Err(Problem::new("the table has no header").help("expected from,to").in_file(file));
        }
        Ok(table)
    }

    /// The place of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|field| field.text.eq_ignore_ascii_case(name))
    }

    /// The place of a column that must be there.
    pub(super) fn required(&self, name: &str) -> Result<usize, Problem> {
        self.column(name).ok_or_else(|| {
            let span = self.header[0].span.start..self.header[self.header.len() - 1].span.end;
            let problem = self.problem(&span, format!("no column `{name}`"));
            let known: Vec<&str> = self.header.iter().map(|field| field.text.as_str()).collect();
            match nearest(name, &known) {
                Some(near) => problem.help(format!("is \"{near}\" meant? Write {name} in its place")),
                None => problem.help("the header of a concordance is from,to or from,to,weight"),
            }
        })
    }

    /// A problem of a field.
    pub(super) fn at(&self, field: &Field, message: impl Into<String>) -> Problem {
        self.problem(&field.span, message)
    }

    fn problem(&self, span: &Range<usize>, message: impl Into<String>) -> Problem {
        Problem::new(message).at(Place::in_text(self.file, self.text, span.clone()))
    }

    /// Splits a line that starts at byte `at` at its commas outside quotes.
    fn fields(&self, line: &str, at: usize) -> Result<Vec<Field>, Problem> {
        let line = line.trim_end_matches(['\n', '\r']);
        let (mut fields, mut field, mut begin, mut quoted) = (Vec::new(), String::new(), 0, false);
        let mut letters = line.char_indices().peekable();
        while let Some((index, letter)) = letters.next() {
            match letter {
                '"' if quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                    letters.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => {
                    fields.push(Field { text: field.trim().to_owned(), span: at + begin..at + index });
                    field.clear();
                    begin = index + 1;
                }
                _ => field.push(letter),
            }
        }
        let span = at + begin..at + line.len();
        if quoted {
            return Err(self.problem(&span, "a quote is opened and not closed on its line"));
        }
        fields.push(Field { text: field.trim().to_owned(), span });
        Ok(fields)
    }

    /// A code: not empty, not endless, without control characters.
    fn code(&self, field: &Field) -> Result<String, Problem> {
        if field.text.is_empty() {
            return Err(self.at(field, "the code is empty"));
        }
        if field.text.chars().count() > LONGEST_CODE || field.text.chars().any(char::is_control) {
            return Err(self
                .at(field, "this is no code")
                .help("codes and names are short and without control characters"));
        }
        Ok(field.text.clone())
    }
}

/// A file with `from`, `to` and perhaps `weight`.
pub(super) fn concordance(text: &str, file: &str) -> Result<Concordance, Problem> {
    let table = Table::new(text, file)?;
    let (from, to, weight) = (table.required("from")?, table.required("to")?, table.column("weight"));
    let (mut links, mut seen) = (Vec::with_capacity(table.rows.len()), BTreeSet::new());
    for row in &table.rows {
        let link = (table.code(&row[from])?, table.code(&row[to])?);
        if !seen.insert(link.clone()) {
            return Err(table.at(&row[from], format!("{} to {} stands twice", link.0, link.1)).help("leave it once"));
        }
        let share = match weight.map(|column| &row[column]).filter(|field| !field.text.is_empty()) {
            None => None,
            Some(field) => match field.text.parse::<f64>() {
                Ok(value) if value.is_finite() && value > 0.0 => Some(value),
                _ => {
                    let message = format!("the weight \"{}\" is not a positive number", field.text);
                    return Err(table.at(field, message).help("leave out links of no weight"));
                }
            },
        };
        links.push((link.0, link.1, share));
    }
    let name = file.trim_end_matches(".csv").to_owned();
    Ok(Concordance::from_links(name, table.comments, links))
}

/// A correlation table of two editions of the Harmonized System, or of it and a classification with at most six digits.
pub(super) fn correlation(text: &str, file: &str) -> Result<Concordance, Problem> {
    let table = Table::new(text, file)?;
    if table.header.len() < 2 {
        let problem = table.at(&table.header[0], "a correlation table has two columns of codes");
        return Err(problem.help("save the sheet as CSV, columns separated by commas"));
    }
    let mut pairs = BTreeSet::new();
    for row in &table.rows {
        pairs.insert((six_digits(&table, &row[0])?, six_digits(&table, &row[1])?));
    }
    let links = pairs.into_iter().map(|(from, to)| (from, to, None));
    Ok(Concordance::from_links(file.trim_end_matches(".csv").to_owned(), table.comments, links))
}

/// A code of the Harmonized System, with the zeros that a spreadsheet took away and without the dots that it may be written with.
fn six_digits(table: &Table<'_>, field: &Field) -> Result<String, Problem> {
    let digits: String = field.text.chars().filter(|letter| !matches!(letter, '.' | ' ')).collect();
    let right = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !right {
        let problem = table.at(field, format!("\"{}\" is not a code of at most six digits", field.text));
        return Err(problem.help("delete lines above the header and notes below the table"));
    }
    Ok(format!("{digits:0>6}"))
}
