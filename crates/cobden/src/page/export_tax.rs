//! What happens to export taxes in the headline case, in words.

use super::trade_cost::{goods, names};
use crate::answer::Answer;
use crate::study::{Action, Change, Deed, Move};

/// Most countries whose fate the opening sentence tells.
const NAMED: usize = 3;

/// Changes of export taxes: the clause that tells of them, and the few countries that make them.
pub(super) struct Levied {
    /// `China taxes exports of electronics to the United States`.
    pub(super) clause: String,
    /// Whose exports; none if they are many.
    pub(super) countries: Vec<usize>,
}

impl Levied {
    /// Reads the rows of the headline case; `None` if none changes export taxes.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let moves = answer.moves(answer.study.headline);
        let rows: Vec<(&Move, Change)> = moves
            .into_iter()
            .filter_map(|one| match one.deed {
                Deed::Row(Action::ExportTax(change)) => Some((one, change)),
                Deed::Chosen | Deed::Law | Deed::Row(Action::Tariff(_) | Action::TradeCost(_)) => None,
            })
            .collect();
        let &[(first, change), ref others @ ..] = rows.as_slice() else { return None };
        // One act can be said; of several only who acts, if it is the same.
        let same = others.iter().all(|(one, _)| one.exporters == first.exporters);
        let clause = match (others, same) {
            ([], _) => clause(answer, first, change),
            (_, true) if first.exporters.len() == 1 => {
                format!("{} changes its export taxes", names(answer, &first.exporters))
            }
            _ => "export taxes change".to_owned(),
        };
        let mut countries: Vec<usize> = rows.iter().flat_map(|(one, _)| &one.exporters).copied().collect();
        countries.sort_unstable();
        countries.dedup();
        if countries.len() > NAMED {
            countries.clear();
        }
        Some(Self { clause, countries })
    }
}

fn clause(answer: &Answer, one: &Move, change: Change) -> String {
    let several = one.exporters.len() > 1 && one.exporters.len() < answer.world.countries.len();
    let verb = match (change.rate().0 > 0.0 && !matches!(change, Change::AtMost(_)), several) {
        (true, true) => "tax exports",
        (true, false) => "taxes exports",
        (false, true) => "change their taxes on exports",
        (false, false) => "changes its taxes on exports",
    };
    let goods = goods(answer, one).replacen(" in ", " of ", 1);
    format!("{} {verb}{goods} to {}", names(answer, &one.exporters), names(answer, &one.importers))
}
