//! How answers about the law become documents and tables.

use cobden_measures::{Confidence, Date, Source, View};
use cobden_world::Problem;
use serde::{Serialize, Serializer};

use super::sources::status_name;

/// A document, ending with a line break.
pub(super) fn json(document: &impl Serialize) -> Result<String, Problem> {
    let mut text = serde_json::to_string_pretty(document).map_err(|error| Problem::new(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// A table with a header.
pub(super) fn table<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Result<String, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// A day as documents write it, or nothing.
pub(super) fn day_or_none<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.collect_str(day),
        None => to.serialize_none(),
    }
}

/// The name of a clock.
pub fn view_name(view: View) -> &'static str {
    match view {
        View::Law => "law",
        View::Collected => "collected",
    }
}

/// How sure the register is, in a word.
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// The act behind something.
#[derive(Serialize)]
pub(super) struct ActDocument {
    name: String,
    cite: Option<String>,
    url: Option<String>,
    announced: String,
    status: &'static str,
    probability: Option<f64>,
    confidence: Option<&'static str>,
}

impl ActDocument {
    pub(super) fn new(source: &Source) -> Self {
        Self {
            name: source.act.clone(),
            cite: source.cite.clone(),
            url: source.url.clone(),
            announced: source.announced.to_string(),
            status: status_name(source.status),
            probability: source.probability,
            confidence: source.confidence.map(confidence_name),
        }
    }
}
