//! Values that the files of a register hold: days, numbers, lists, tables with free keys.

use toml::Spanned;
use toml::de::DeValue;

use cobden_world::Problem;
use cobden_world::document::{Document, Fields, kind, string};

use crate::pattern::{Pattern, digits};
use crate::{Date, Located, Name, Patterns, Period};

/// A value and where it stands.
pub(crate) type Raw<'d> = &'d Spanned<DeValue<'d>>;

/// A day, e.g. `2025-04-02`.
pub(crate) fn date_of(document: &Document, value: Raw<'_>, what: &str) -> Result<Date, Problem> {
    let wrong = |found: String| {
        document
            .problem(&value.span(), format!("{what} must be a day, found {found}"))
            .help("write 2025-04-02, without quotes")
    };
    match value.get_ref() {
        DeValue::Datetime(moment) => {
            let day = moment.date.filter(|_| moment.time.is_none() && moment.offset.is_none());
            let day = day.ok_or_else(|| wrong(format!("the time {moment}")))?;
            let parts = (i16::try_from(day.year), i8::try_from(day.month), i8::try_from(day.day));
            let (Ok(year), Ok(month), Ok(of_month)) = parts else { return Err(wrong(day.to_string())) };
            Date::new(year, month, of_month).map_err(|_| wrong(day.to_string()))
        }
        other => Err(wrong(kind(other).to_owned())),
    }
}

/// The day under a key of any document, e.g. `as_of = 2025-04-10`; `None` if the key is not there.
///
/// # Errors
/// A value that is no day, at its place.
pub fn date(fields: &Fields<'_>, key: &str) -> Result<Option<Date>, Problem> {
    fields.value(key).map(|value| date_of(fields.document(), value, &format!("`{key}`"))).transpose()
}

/// The days under `from` and `until`.
pub(crate) fn period(fields: &Fields<'_>) -> Result<Period, Problem> {
    let period = Period::new(date(fields, "from")?, date(fields, "until")?);
    if period.until <= period.from {
        let message = format!("until {} is not after from {}", period.until, period.from);
        return Err(fields
            .document()
            .problem(&fields.value("until").map_or_else(|| fields.span(), Spanned::span), message)
            .help("`until` is the first day on which it no longer holds"));
    }
    Ok(period)
}

/// A finite number.
pub(crate) fn number_of(document: &Document, value: Raw<'_>, what: &str) -> Result<f64, Problem> {
    let read = match value.get_ref() {
        DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse::<f64>().ok(),
        _ => None,
    };
    read.filter(|number| number.is_finite()).ok_or_else(|| {
        document.problem(&value.span(), format!("{what} must be a number, found {}", kind(value.get_ref())))
    })
}

/// The number under a key, between two bounds.
pub(crate) fn number(fields: &Fields<'_>, key: &str, least: f64, most: f64) -> Result<Option<f64>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let number = number_of(fields.document(), value, &format!("`{key}`"))?;
    if (least..=most).contains(&number) {
        return Ok(Some(number));
    }
    let bounds = if most.is_finite() { format!("between {least} and {most}") } else { format!("at least {least}") };
    Err(fields.document().problem(&value.span(), format!("`{key}` is {number}; it must be {bounds}")))
}

/// One text or a list of texts under a key.
pub(crate) fn texts(fields: &Fields<'_>, key: &str) -> Result<Option<Vec<Located<String>>>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let document = fields.document();
    let read = match value.get_ref() {
        DeValue::Array(items) => items
            .iter()
            .map(|item| string(document, item, &format!("every item of `{key}`")))
            .collect::<Result<Vec<_>, _>>()?,
        _ => vec![string(document, value, &format!("`{key}`"))?],
    };
    if read.is_empty() {
        return Err(document
            .problem(&value.span(), format!("`{key}` is empty"))
            .help("leave it out to mean everything"));
    }
    Ok(Some(read))
}

/// A table with free keys, in the order in which they were written.
pub(crate) fn entries<'d>(
    document: &Document,
    value: Raw<'d>,
    what: &str,
) -> Result<Vec<(Located<String>, Raw<'d>)>, Problem> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(document.problem(&value.span(), format!("{what} must be a table, found {}", kind(value.get_ref()))));
    };
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| (Located { value: key.get_ref().to_string(), span: key.span() }, value))
        .collect();
    entries.sort_by_key(|(key, _)| key.span.start);
    Ok(entries)
}

/// The table with free keys under a key; none if it is not there.
pub(crate) fn map<'d>(fields: &Fields<'d>, key: &str) -> Result<Vec<(Located<String>, Raw<'d>)>, Problem> {
    match fields.value(key) {
        Some(value) => entries(fields.document(), value, &format!("`{key}`")),
        None => Ok(Vec::new()),
    }
}

/// One of a few words.
pub(crate) fn word<T: Copy>(fields: &Fields<'_>, key: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
    let Some(text) = fields.text(key)? else { return Ok(None) };
    match words.iter().find(|(word, _)| *word == text.value) {
        Some((_, meaning)) => Ok(Some(*meaning)),
        None => {
            let known = words.iter().map(|(word, _)| *word);
            Err(Problem::unknown(&format!("`{key}`"), &text.value, known).at(fields.document().place(&text.span)))
        }
    }
}

/// Partner patterns under a key; everyone if it is not there.
pub(crate) fn partners(fields: &Fields<'_>, key: &str) -> Result<Patterns, Problem> {
    patterns(fields, key)
}

/// Product patterns under a key; everything if it is not there.
pub(crate) fn products(fields: &Fields<'_>, key: &str) -> Result<Patterns, Problem> {
    let mut patterns = patterns(fields, key)?;
    for pattern in &mut patterns.list {
        product(fields.document(), pattern)?;
    }
    Ok(patterns)
}

/// Checks the code of a product pattern and takes out its dots.
pub(crate) fn product(document: &Document, pattern: &mut Pattern) -> Result<(), Problem> {
    let Name::One(code) = &pattern.name else { return Ok(()) };
    match digits(code) {
        Some(digits) => pattern.name = Name::One(digits),
        None => return Err(not_a_code(document, &pattern.written)),
    }
    Ok(())
}

/// The problem of a code that is none.
pub(crate) fn not_a_code(document: &Document, code: &Located<String>) -> Problem {
    let problem = document.problem(&code.span, format!("\"{}\" is not a product code", code.value.escape_debug()));
    match digits(&format!("0{}", code.value)) {
        Some(longer) => problem.help(format!("did it lose its leading zero? Then write \"{longer}\"")),
        None => problem.help("write 2 to 12 digits of the Harmonized System, in pairs, or \"@list\" or \"*\""),
    }
}

fn patterns(fields: &Fields<'_>, key: &str) -> Result<Patterns, Problem> {
    let texts = texts(fields, key)?.unwrap_or_default();
    Ok(Patterns::new(texts.into_iter().map(Pattern::new).collect()))
}
