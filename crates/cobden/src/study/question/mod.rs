//! What a case asks of governments rather than states itself: a best response, a tariff war, trade talks, coalitions.
//!
//! A question starts from the tariffs of its case: those of the case named in `from`, changed by its own rows. What is written here holds
//! names; `game` looks them up in a world and plays.

mod align;
mod coalitions;
mod deal;
mod hand;
mod players;
mod respond;
mod retaliate;
mod talks;
mod war;

use cobden_world::Problem;

use super::selection::Groups;
use crate::document::{Document, Fields, Located, kind, string};

pub use align::AlignQuestion;
pub use coalitions::CoalitionQuestion;
pub use deal::{BargainQuestion, DealQuestion, PenaltyQuestion};
pub use hand::{Effort, Hand, Term, Want, Wants};
pub use players::{Bloc, Players};
pub use respond::{Matching, RespondQuestion};
pub use retaliate::{Limit, Pick, RetaliateQuestion};
pub use talks::TalksQuestion;
pub use war::{Method, WarQuestion};

/// The keys of a case that ask a question.
const QUESTIONS: [&str; 9] =
    ["respond", "best_response", "nash", "cooperate", "bargain", "deal", "coalitions", "retaliate", "align"];

/// A question and where it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked.
    pub asked: Asked,
    /// Where.
    pub span: std::ops::Range<usize>,
}

/// What may be asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// What some do best against others' tariffs, alone or together.
    Respond(RespondQuestion),
    /// Tariffs that are best responses to one another.
    Nash(WarQuestion),
    /// Tariffs that all gain from.
    Cooperate(TalksQuestion),
    /// What parties would agree on, at whose expense.
    Bargain(BargainQuestion),
    /// What something that was signed does, at whose expense.
    Deal(DealQuestion),
    /// Who would stand with whom, and whether it would hold.
    Coalitions(CoalitionQuestion),
    /// Which tariffs hurt a target most for what they cost.
    Retaliate(RetaliateQuestion),
    /// How far governments want the same.
    Align(AlignQuestion),
}

impl Question {
    /// The word for it in results.
    pub fn kind(&self) -> &'static str {
        match &self.asked {
            Asked::Respond(_) => "best_response",
            Asked::Nash(_) => "nash",
            Asked::Cooperate(_) => "cooperate",
            Asked::Bargain(_) => "bargain",
            Asked::Deal(_) => "deal",
            Asked::Coalitions(_) => "coalitions",
            Asked::Retaliate(_) => "retaliation",
            Asked::Align(_) => "alignment",
        }
    }
}

/// Reads the question of a case; `None` if it asks none.
pub(super) fn read(case: &Fields<'_>, groups: &Groups) -> Result<Option<Question>, Problem> {
    let asked: Vec<&str> = QUESTIONS.into_iter().filter(|key| case.has(key)).collect();
    let &[key] = asked.as_slice() else {
        return match asked.get(1) {
            None => Ok(None),
            Some(second) => {
                let message = format!("a case that asks {}", asked.join(" and "));
                let problem = case.document().problem(&case.key_span(second), message);
                Err(problem.help("ask one question in a case; another case may start from this one"))
            }
        };
    };
    let (asked, span) = match key {
        "nash" => located(case, key, &war::KEYS, |fields| Ok(Asked::Nash(war::read(fields, groups)?)))?,
        "cooperate" => located(case, key, &talks::KEYS, |fields| Ok(Asked::Cooperate(talks::read(fields, groups)?)))?,
        "bargain" => {
            located(case, key, &deal::BARGAIN, |fields| Ok(Asked::Bargain(deal::read_bargain(fields, groups)?)))?
        }
        "deal" => located(case, key, &deal::DEAL, |fields| Ok(Asked::Deal(deal::read_deal(fields, groups)?)))?,
        "retaliate" => {
            located(case, key, &retaliate::KEYS, |fields| Ok(Asked::Retaliate(retaliate::read(fields, groups)?)))?
        }
        "align" => located(case, key, &align::KEYS, |fields| Ok(Asked::Align(align::read(fields, groups)?)))?,
        "coalitions" => {
            located(case, key, &coalitions::KEYS, |fields| Ok(Asked::Coalitions(coalitions::read(fields, groups)?)))?
        }
        _ => located(case, key, &respond::KEYS, |fields| Ok(Asked::Respond(respond::read(fields, groups)?)))?,
    };
    Ok(Some(Question { asked, span }))
}

fn located(
    case: &Fields<'_>,
    key: &str,
    keys: &'static crate::document::Keys,
    read: impl Fn(&Fields<'_>) -> Result<Asked, Problem>,
) -> Result<(Asked, std::ops::Range<usize>), Problem> {
    let fields = case.fields(key, keys)?.ok_or_else(|| case.missing(key))?;
    Ok((read(&fields)?, case.key_span(key)))
}

/// One of several words; `None` if the key is not there.
fn word<T: Copy>(fields: &Fields<'_>, key: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
    let Some(word) = fields.text(key)? else { return Ok(None) };
    super::model::one_of(fields.document(), &word, &format!("`{key}`"), words).map(Some)
}

/// A list of texts.
fn texts(fields: &Fields<'_>, key: &str) -> Result<Option<Vec<Located<String>>>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let document: &Document = fields.document();
    match value.get_ref() {
        toml::de::DeValue::String(_) => Ok(Some(vec![string(document, value, key)?])),
        toml::de::DeValue::Array(items) if !items.is_empty() => {
            let what = format!("every item of `{key}`");
            items.iter().map(|item| string(document, item, &what)).collect::<Result<_, _>>().map(Some)
        }
        toml::de::DeValue::Array(_) => Err(document.problem(&value.span(), format!("`{key}` is empty"))),
        other => {
            Err(document.problem(&value.span(), format!("`{key}` must be a list of words, found {}", kind(other))))
        }
    }
}

/// Refuses a key that leaves nothing to say beside another, for this reason.
fn none_beside(fields: &Fields<'_>, keys: &[&str], why: &str) -> Result<(), Problem> {
    match keys.iter().find(|key| fields.has(key)) {
        None => Ok(()),
        Some(key) => {
            let problem = fields.document().problem(&fields.key_span(key), format!("`{key}` beside {why}"));
            Err(problem.help("leave one of them out"))
        }
    }
}

/// A number above zero.
fn positive(fields: &Fields<'_>, key: &str) -> Result<Option<f64>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    match super::model::number(value).filter(|number| number.is_finite() && *number > 0.0) {
        Some(number) => Ok(Some(number)),
        None => Err(fields.document().problem(&value.span(), format!("`{key}` must be a number above zero"))),
    }
}

/// A whole number within a range.
fn count(fields: &Fields<'_>, key: &str, range: std::ops::RangeInclusive<usize>) -> Result<Option<usize>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let number = match value.get_ref() {
        toml::de::DeValue::Integer(number) => number.as_str().parse::<usize>().ok(),
        _ => None,
    };
    match number.filter(|number| range.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let message = match *range.end() {
                usize::MAX => format!("`{key}` must be a whole number from {}", range.start()),
                end => format!("`{key}` must be a whole number from {} to {end}", range.start()),
            };
            Err(fields.document().problem(&value.span(), message))
        }
    }
}
