//! `lists/NAME.csv` and `assumptions/NAME.csv`: the long tables of a register, one code per line.
//!
//! Lines that begin with `#` stand before the header and say `key: value`. Fields hold no commas and are not quoted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use cobden_world::Problem;
use cobden_world::document::Document;

use super::{Contents, values};
use crate::measure::At;
use crate::pattern::{Pattern, digits};
use crate::supplement::{Assumption, ListedCode, ProductList, Quantity};
use crate::{Date, Located, Patterns, Period};

/// Reads a table: an assumption if its head says `claim`, `share` or `quota`, else a product list.
pub(super) fn read(document: &Document, file: usize) -> Result<Contents, Problem> {
    let (head, mut lines) = head(document)?;
    let known = ["title", "source", "edition", "note", "claim", "share", "quota"];
    if let Some((key, span)) =
        head.iter().find_map(|(key, value)| (!known.contains(&key.as_str())).then_some((key, &value.span)))
    {
        return Err(Problem::unknown("key", key, known).at(document.place(span)));
    }
    let source = match head.get("source") {
        Some(source) if !source.value.is_empty() => source.value.clone(),
        _ => {
            return Err(document
                .problem(&(0..0), "the table does not say where it comes from")
                .help("begin the file with a line \"# source: ...\""));
        }
    };
    let quantities =
        [("claim", Quantity::Claim as fn(String) -> Quantity), ("share", Quantity::Share), ("quota", Quantity::Quota)];
    let quantity = quantities.iter().find_map(|(key, make)| Some(make(head.get(*key)?.value.clone())));
    let Some(header) = lines.next() else {
        return Err(document.problem(&(document.text().len()..document.text().len()), "the table has no header"));
    };
    let columns: &[&str] = match quantity {
        Some(_) => &["partner", "hs", "from", "until", "value"],
        None => &["hs", "from", "until", "share"],
    };
    let required = if quantity.is_some() { "value" } else { "hs" };
    let positions = header_of(document, &header, columns, required)?;
    let mut contents = Contents::default();
    if let Some(quantity) = quantity {
        let source: Arc<str> = source.into();
        for line in lines {
            let row = Row { document, columns, positions: &positions, fields: split(document, line) };
            contents.assumptions.push(row.assumption(quantity.clone(), &source, file)?);
        }
        return Ok(contents);
    }
    let mut list = ProductList { source: Some(source), at: At { file, span: 0..0 }, ..ProductList::default() };
    list.edition = head.get("edition").map(|text| text.value.clone());
    list.note = head.get("note").map(|text| text.value.clone());
    for line in lines {
        let row = Row { document, columns, positions: &positions, fields: split(document, line) };
        list.codes.push(row.listed()?);
    }
    let name = document.file().rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".csv");
    contents.lists.insert(name.to_owned(), list);
    Ok(contents)
}

type Head = BTreeMap<String, Located<String>>;

/// The `# key: value` lines, and the ranges of the lines after them that are not blank.
fn head(document: &Document) -> Result<(Head, std::vec::IntoIter<Range<usize>>), Problem> {
    let (mut head, mut lines, mut start) = (Head::new(), Vec::new(), 0);
    for line in document.text().split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let text = line.trim_end().trim_start_matches('\u{feff}');
        if let Some(comment) = text.strip_prefix('#') {
            let Some((key, value)) = comment.split_once(':') else {
                if lines.is_empty() && !comment.trim().is_empty() {
                    let problem = document.problem(&span, "a remark of a table is written \"# key: value\"");
                    return Err(problem.help("e.g. \"# source: Annex II of EO 14257\", \"# note: ...\""));
                }
                continue;
            };
            head.insert(key.trim().to_owned(), Located { value: value.trim().to_owned(), span });
        } else if !text.trim().is_empty() {
            lines.push(span);
        }
    }
    Ok((head, lines.into_iter()))
}

/// The fields of a line with their places.
fn split(document: &Document, line: Range<usize>) -> Vec<Located<&str>> {
    let mut start = line.start;
    let fields = document.text()[line].split(',').map(|field| {
        let lead = field.len() - field.trim_start().len();
        let value = field.trim().trim_start_matches('\u{feff}');
        let located = Located { value, span: start + lead..start + lead + field.trim().len() };
        start += field.len() + 1;
        located
    });
    fields.collect()
}

/// Where each known column stands in the header.
fn header_of(
    document: &Document,
    line: &Range<usize>,
    columns: &[&str],
    required: &str,
) -> Result<Vec<Option<usize>>, Problem> {
    let names = split(document, line.clone());
    for (at, name) in names.iter().enumerate() {
        if !columns.contains(&name.value) {
            return Err(Problem::unknown("column", name.value, columns.iter().copied()).at(document.place(&name.span)));
        }
        if names[..at].iter().any(|other| other.value == name.value) {
            return Err(document.problem(&name.span, format!("column \"{}\" stands twice", name.value)));
        }
    }
    let positions: Vec<_> = columns.iter().map(|column| names.iter().position(|name| name.value == *column)).collect();
    match columns.iter().zip(&positions).find(|(column, position)| **column == required && position.is_none()) {
        Some(_) => Err(document
            .problem(line, format!("no column \"{required}\""))
            .help(format!("known: {}", columns.join(",")))),
        None => Ok(positions),
    }
}

/// A line of a table.
struct Row<'d, 'c> {
    document: &'d Document,
    columns: &'c [&'c str],
    positions: &'c [Option<usize>],
    fields: Vec<Located<&'d str>>,
}

impl Row<'_, '_> {
    /// The field in a column; `None` if it is blank or the table has no such column.
    fn field(&self, column: &str) -> Result<Option<Located<String>>, Problem> {
        let position = self.columns.iter().position(|name| *name == column).and_then(|at| self.positions[at]);
        let Some(position) = position else { return Ok(None) };
        let Some(field) = self.fields.get(position) else {
            let span = self.fields.first().map_or(0..0, |field| field.span.clone());
            return Err(self
                .document
                .problem(&span, format!("the row has {} fields, the header more", self.fields.len())));
        };
        let width = self.positions.iter().flatten().count();
        if self.fields.len() > width {
            let extra = &self.fields[width];
            return Err(self
                .document
                .problem(&extra.span, format!("the row has {} fields, the header {width}", self.fields.len())));
        }
        Ok((!field.value.is_empty()).then(|| Located { value: field.value.to_owned(), span: field.span.clone() }))
    }

    fn period(&self) -> Result<Period, Problem> {
        let day = |column: &str| -> Result<Option<Date>, Problem> {
            let Some(field) = self.field(column)? else { return Ok(None) };
            field.value.parse::<Date>().map(Some).map_err(|_| {
                self.document
                    .problem(&field.span, format!("\"{}\" is not a day", field.value.escape_debug()))
                    .help("write 2025-04-02")
            })
        };
        let period = Period::new(day("from")?, day("until")?);
        match self.field("until")? {
            Some(until) if period.until <= period.from => Err(self
                .document
                .problem(&until.span, format!("until {} is not after from {}", period.until, period.from))),
            _ => Ok(period),
        }
    }

    fn share(&self, column: &str) -> Result<Option<f64>, Problem> {
        let Some(field) = self.field(column)? else { return Ok(None) };
        match field.value.parse::<f64>() {
            Ok(value) if (0.0..=1.0).contains(&value) => Ok(Some(value)),
            _ => Err(self
                .document
                .problem(&field.span, format!("\"{}\" is not a share between 0 and 1", field.value.escape_debug()))),
        }
    }

    fn code(&self) -> Result<Option<String>, Problem> {
        let Some(field) = self.field("hs")? else { return Ok(None) };
        digits(&field.value).map(Some).ok_or_else(|| values::not_a_code(self.document, &field))
    }

    fn listed(&self) -> Result<ListedCode, Problem> {
        let code = self.code()?.ok_or_else(|| {
            let span = self.fields.first().map_or(0..0, |field| field.span.clone());
            self.document.problem(&span, "the row has no code")
        })?;
        Ok(ListedCode { code, period: self.period()?, share: self.share("share")?.unwrap_or(1.0) })
    }

    fn assumption(&self, quantity: Quantity, source: &Arc<str>, file: usize) -> Result<Assumption, Problem> {
        let span = self.fields.first().map_or(0..0, |field| field.span.clone());
        let one = |field: Option<Located<String>>| Patterns::new(field.into_iter().map(Pattern::new).collect());
        let partner = self.field("partner")?;
        let products = self.code()?.map(|value| Located { value, span: span.clone() });
        let value = self.share("value")?.ok_or_else(|| self.document.problem(&span, "the row has no value"))?;
        Ok(Assumption {
            quantity,
            partners: one(partner),
            products: one(products),
            period: self.period()?,
            value,
            source: Arc::clone(source),
            at: At { file, span },
        })
    }
}
