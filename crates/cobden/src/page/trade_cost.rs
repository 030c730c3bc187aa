//! What happens to trade costs in the headline case, in words.

use cobden_report::scale::{number, signed};

use crate::answer::Answer;
use crate::labels::{in_sentence, listed, sector};
use crate::study::{Action, Deed, Move};

/// Most countries or sectors that are named one by one.
const NAMED: usize = 3;

/// Changes of trade costs: the clause that tells of them, and the few countries whose trade it is.
pub(super) struct Dearer {
    /// `trade between the United Kingdom and the European Union costs 5% more`.
    pub(super) clause: String,
    /// Whose trade it is; none if they are many.
    pub(super) countries: Vec<usize>,
}

impl Dearer {
    /// Reads the rows of the headline case; `None` if none changes trade costs.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let moves = answer.moves(answer.study.headline);
        let rows: Vec<(&Move, f64)> = moves
            .into_iter()
            .filter_map(|one| match one.deed {
                Deed::Row(Action::TradeCost(factor)) => Some((one, factor.0)),
                Deed::Chosen | Deed::Law | Deed::Row(Action::Tariff(_) | Action::ExportTax(_)) => None,
            })
            .collect();
        let &[(first, factor), ref others @ ..] = rows.as_slice() else { return None };
        // One change, or the same one in both directions: it can be said; of several only that they are.
        let back = |one: &Move| one.importers == first.exporters && one.exporters == first.importers;
        let alike = |(one, other): &(&Move, f64)| *other == factor && back(one) && one.sectors == first.sectors;
        let clause = match others {
            [] => format!("{} {}", one_way(answer, first), by_how_much(factor)),
            [other] if alike(other) => format!("{} {}", both_ways(answer, first), by_how_much(factor)),
            _ => "trade costs change".to_owned(),
        };
        let mut countries: Vec<usize> =
            rows.iter().flat_map(|(one, _)| one.importers.iter().chain(&one.exporters)).copied().collect();
        countries.sort_unstable();
        countries.dedup();
        if countries.len() > NAMED {
            countries.clear();
        }
        Some(Self { clause, countries })
    }
}

/// Which cases change trade costs, and in how many cells: the number cannot be seen in the table of tariffs.
pub(super) fn notes(answer: &Answer) -> impl Iterator<Item = String> + '_ {
    answer.cases.iter().filter_map(|case| {
        let changes = case.policy.trade_cost.iter().flatten().filter(|d_hat| **d_hat != 1.0);
        let (count, low, high) = changes.fold((0_usize, f64::INFINITY, 0.0_f64), |(count, low, high), d_hat| {
            (count + 1, low.min(*d_hat), high.max(*d_hat))
        });
        let percent = |d_hat: f64| format!("{}%", signed(100.0 * (d_hat - 1.0), 2));
        let range = if low == high { percent(low) } else { format!("{} to {}", percent(low), percent(high)) };
        (count > 0).then(|| {
            format!(
                "In the case “{}” trade itself becomes dearer or cheaper ({range}, in {count} flows of a sector from one country \
                 to another); what is lost on the way is nobody’s revenue.",
                case.name
            )
        })
    })
}

fn by_how_much(factor: f64) -> String {
    let percent = 100.0 * (factor - 1.0);
    let digits = number(percent.abs(), 2);
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    format!("costs {digits}% {}", if percent < 0.0 { "less" } else { "more" })
}

fn one_way(answer: &Answer, one: &Move) -> String {
    if one.importers == one.exporters {
        return both_ways(answer, one);
    }
    let goods = goods(answer, one);
    format!("trade{goods} from {} to {}", names(answer, &one.exporters), names(answer, &one.importers))
}

fn both_ways(answer: &Answer, one: &Move) -> String {
    let goods = goods(answer, one);
    if one.importers != one.exporters {
        return format!("trade{goods} between {} and {}", names(answer, &one.importers), names(answer, &one.exporters));
    }
    match one.importers.len() {
        many if many == answer.world.countries.len() => format!("all trade{goods}"),
        many if many > NAMED => format!("trade{goods} among {many} countries"),
        2 => format!("trade{goods} between {}", names(answer, &one.importers)),
        _ => format!("trade{goods} among {}", names(answer, &one.importers)),
    }
}

/// ` in motor vehicles`; nothing where it is all goods.
pub(super) fn goods(answer: &Answer, one: &Move) -> String {
    match one.sectors.len() {
        many if many == answer.world.sectors.len() => String::new(),
        many if many > NAMED => format!(" in {many} sectors"),
        _ => {
            let names: Vec<String> =
                one.sectors.iter().map(|&j| sector(&answer.world.sectors[j]).to_lowercase()).collect();
            format!(" in {}", listed(&names))
        }
    }
}

pub(super) fn names(answer: &Answer, countries: &[usize]) -> String {
    match countries.len() {
        many if many == answer.world.countries.len() => "everyone".to_owned(),
        many if many > NAMED => format!("{many} countries"),
        _ => listed(&countries.iter().map(|&n| in_sentence(&answer.world.countries[n])).collect::<Vec<_>>()),
    }
}
