//! Trade talks, and how patient those who agree must be.

use cobden_report::scale::number;

use super::Told;
use super::words::{NOTICEABLE, count, name};
use crate::game::Patience;

pub(super) fn sentences(told: &Told<'_>) -> Vec<String> {
    let Some(talks) = &told.strategy.talks else { return Vec::new() };
    let range = talks
        .gains_pct
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), gain| (low.min(*gain), high.max(*gain)));
    let (low, high) = range;
    let first = match (low, high) {
        _ if high < NOTICEABLE => format!(
            "There is next to nothing to agree on: nobody would gain as much as {NOTICEABLE}% over {}.",
            told.start()
        ),
        _ if high - low < NOTICEABLE => {
            format!("An agreement lifts everyone who talks by {low:.2}% over {}.", told.start())
        }
        _ => format!(
            "An agreement lifts everyone who talks, the least by {low:.2}% and the most by {high:.2}% over {}.",
            told.start()
        ),
    };
    std::iter::once(first)
        .chain(told.strategy.patience.as_ref().map(|patience| sentence(patience, "the agreement")))
        .collect()
}

/// How much the future must count.
pub(super) fn sentence(patience: &Patience, what: &str) -> String {
    let punished = patience
        .punishment_periods
        .map_or_else(|| "for ever".to_owned(), |periods| format!("for {}", count(periods as usize, "period")));
    let first = patience.binding.as_deref().map(name);
    match (patience.discount_factor, first) {
        (Some(_), None) => format!("Nobody is tempted to break {what}, however little the future counts."),
        (Some(factor), Some(first)) => format!(
            "Nobody breaks {what} if the next period counts at least {} times as much as this one, a breach being punished {punished}; {first} is \
             tempted first.",
            number(factor, 2)
        ),
        (None, first) => format!(
            "However much the future counts, {} gains by breaking {what}, even if that is punished {punished}.",
            first.unwrap_or_else(|| "somebody".to_owned())
        ),
    }
}
