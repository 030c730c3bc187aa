//! Under which law a case stands: `as_of`, `as_known`, `view`, `without`, `with`, `include`, and `[baseline]`.

use toml::de::DeValue;

use cobden_world::{Problem, nearest};

use crate::document::{Fields, Keys, Located, kind, string};
use crate::law::{Date, Status, View, read_day};

const BASELINE: Keys = Keys { table: "[baseline]", known: &["as_of", "as_known", "view"], later: &[] };

const VIEWS: [&str; 2] = ["law", "collected"];
const STATUSES: [&str; 3] = ["proposed", "reported", "hypothetical"];

/// Which law a case says it stands under; what it leaves out is that of the case it starts from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LawKeys {
    /// The day whose law it is.
    pub as_of: Option<Located<Date>>,
    /// As known at the end of which day.
    pub as_known: Option<Located<Date>>,
    /// By which clock.
    pub view: Option<Located<View>>,
    /// Measures and acts that have never been.
    pub without: Option<Vec<Located<String>>>,
    /// Files of measures on top of the register, relative to the study.
    pub with: Option<Vec<Located<String>>>,
    /// Acts that count although they are not law.
    pub include: Option<Vec<Located<Status>>>,
}

impl LawKeys {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The keys of a case.
pub(super) fn read(fields: &Fields<'_>) -> Result<LawKeys, Problem> {
    let statuses = list(fields, "include")?;
    let statuses = statuses.map(|texts| texts.into_iter().map(|text| status(fields, &text)).collect());
    Ok(LawKeys {
        without: list(fields, "without")?,
        with: list(fields, "with")?,
        include: statuses.transpose()?,
        ..moment(fields)?
    })
}

/// The table `[baseline]`: whose law the tariffs of the world are.
pub(super) fn read_baseline(study: &Fields<'_>) -> Result<LawKeys, Problem> {
    let fields = study.fields("baseline", &BASELINE)?;
    fields.map_or_else(|| Ok(LawKeys::default()), |fields| moment(&fields))
}

fn moment(fields: &Fields<'_>) -> Result<LawKeys, Problem> {
    Ok(LawKeys {
        as_of: day(fields, "as_of")?,
        as_known: day(fields, "as_known")?,
        view: fields.text("view")?.map(|text| view(fields, &text)).transpose()?,
        ..LawKeys::default()
    })
}

fn day(fields: &Fields<'_>, key: &str) -> Result<Option<Located<Date>>, Problem> {
    let span = fields.value(key).map_or(0..0, toml::Spanned::span);
    Ok(read_day(fields, key)?.map(|value| Located { value, span }))
}

fn view(fields: &Fields<'_>, text: &Located<String>) -> Result<Located<View>, Problem> {
    let value = match text.value.as_str() {
        "law" => View::Law,
        "collected" => View::Collected,
        _ => return Err(unknown(fields, text, "view", &VIEWS)),
    };
    Ok(Located { value, span: text.span.clone() })
}

fn status(fields: &Fields<'_>, text: &Located<String>) -> Result<Located<Status>, Problem> {
    let value = match text.value.as_str() {
        "proposed" => Status::Proposed,
        "reported" => Status::Reported,
        "hypothetical" => Status::Hypothetical,
        _ => return Err(unknown(fields, text, "status of acts", &STATUSES)),
    };
    Ok(Located { value, span: text.span.clone() })
}

fn unknown(fields: &Fields<'_>, text: &Located<String>, what: &str, known: &[&str]) -> Problem {
    let problem = fields.document().problem(&text.span, format!("unknown {what} \"{}\"", text.value));
    match nearest(&text.value, known) {
        Some(near) => problem.help(format!("did you mean \"{near}\"?")),
        None => problem.help(format!("known: {}", known.join(", "))),
    }
}

/// A text, or a list of texts.
fn list(fields: &Fields<'_>, key: &str) -> Result<Option<Vec<Located<String>>>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let what = format!("every item of `{key}`");
    let items = match value.get_ref() {
        DeValue::String(_) => vec![string(fields.document(), value, &format!("`{key}`"))?],
        DeValue::Array(items) => {
            items.iter().map(|item| string(fields.document(), item, &what)).collect::<Result<_, _>>()?
        }
        other => {
            let message = format!("`{key}` must be a list of texts, found {}", kind(other));
            return Err(fields.document().problem(&value.span(), message).help(format!("write {key} = [ \"...\" ]")));
        }
    };
    Ok(Some(items))
}
