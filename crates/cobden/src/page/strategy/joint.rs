//! Standing together against each for itself, and what of it is punishment, what opening.

use cobden_report::{Card, Chart, Exhibit, Measure, Step};

use super::Told;
use super::words::{NOTICEABLE, effect, signed, tiny};
use crate::game::{JointAnswer, JointRow};
use crate::labels::{country, in_sentence, listed};

pub(super) fn sentence(joint: &JointAnswer) -> Option<String> {
    if let Some(why) = &joint.why_not {
        return Some(format!("What standing together yields over standing apart is not known: {why}."));
    }
    let items: Vec<(String, f64)> = joint.rows.iter().map(|row| (in_sentence(&row.country), row.gain.pct)).collect();
    let Some(effect) = effect(&items, "percentage points of real income") else {
        return Some("To stand together rather than apart changes next to nothing for anybody among them.".to_owned());
    };
    let parts = |value: fn(&JointRow) -> f64| {
        let members = joint.rows.iter().take(joint.members);
        listed(&members.map(|row| format!("{} {}", in_sentence(&row.country), signed(value(row)))).collect::<Vec<_>>())
    };
    let opening = joint.rows.iter().any(|row| row.opening.pct.abs() >= NOTICEABLE);
    let split = if opening {
        format!(
            " Joint punishment of others makes it {}; opening to one another {}.",
            parts(|row| row.punishment.pct),
            parts(|row| row.opening.pct)
        )
    } else {
        String::new()
    };
    Some(format!("To stand together rather than apart {effect}.{split}"))
}

/// A card for each country: from the start to all together, step by step.
pub(super) fn exhibit(told: &Told<'_>, joint: &JointAnswer) -> Option<Exhibit> {
    if joint.rows.is_empty() {
        return None;
    }
    let step = |label: &str, value: f64| Step { label: label.to_owned(), value };
    // Where tariffs on one another stay as they are, nothing is there to be opened.
    let opens = joint.rows.iter().any(|row| row.opening.pct != 0.0);
    let card = |row: &JointRow| {
        let steps = [
            step("Before any answer", row.start_pct),
            step("Each for itself", row.apart_pct - row.start_pct),
            step("Joint punishment", row.punishment.pct),
        ];
        let opening = opens.then(|| step("Mutual opening", row.opening.pct));
        Card {
            name: country(&row.country),
            first: "Step".to_owned(),
            bars: steps.into_iter().chain(opening).collect(),
            total: step("Together", row.together_pct),
        }
    };
    let certificate = joint.best_response_gain_max_pct.map(|gain| match gain > 0.0 {
        true => format!(" In no step does anybody gain more than {} percentage points by deviating.", tiny(gain)),
        false => " In no step does anybody gain by deviating.".to_owned(),
    });
    Some(Exhibit {
        title: "From the start to standing together".to_owned(),
        text: format!(
            "Real income against the baseline, in per cent; each bar begins where the one above ended. First {}, then each answers for itself, \
             then they choose their tariffs on others together{}.{}",
            told.start(),
            if opens { ", then those on one another too" } else { "" },
            certificate.unwrap_or_default()
        ),
        measure: Measure::percent("Real income"),
        chart: Chart::Steps(joint.rows.iter().map(card).collect()),
    })
}
