//! Who buys less and more from whom.

use serde::Serialize;

use crate::bars::{Bars, Domain, Item};
use crate::contents::{Diversion, Page};
use crate::heat::{HeatTable, matrix};
use crate::scale::{number, signed};

/// The most sellers on each side of a buyer's chart.
const SELLERS: usize = 6;

/// One case: a chart for each buyer in focus, and the whole table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct DiversionView {
    case: String,
    name: String,
    unit: String,
    note: String,
    has_percents: bool,
    buyers: Vec<Buyer>,
    table: HeatTable,
}

/// The sellers that a buyer turns away from and to.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Buyer {
    name: String,
    bars: Bars,
    /// How many sellers changed less than those shown.
    left_out: usize,
}

/// Lays out one case; buyers that the page does not know are left out.
pub(crate) fn view(page: &Page, diversion: &Diversion) -> DiversionView {
    let focus = diversion.focus.iter().filter_map(|code| page.regions.iter().position(|region| region.code == *code));
    DiversionView {
        case: diversion.case.clone(),
        name: diversion.measure.name.clone(),
        unit: diversion.measure.unit.clone(),
        note: diversion.measure.note.clone(),
        has_percents: !diversion.percents.is_empty(),
        buyers: focus.filter_map(|n| buyer(page, diversion, n)).collect(),
        table: matrix(page, &diversion.amounts, diversion.measure.decimals),
    }
}

/// From the largest fall to the largest rise, leaving out the middle.
fn buyer(page: &Page, diversion: &Diversion, n: usize) -> Option<Buyer> {
    let amounts = diversion.amounts.get(n)?;
    let mut order: Vec<(usize, f64)> = amounts.iter().copied().enumerate().filter(|(_, v)| v.is_finite()).collect();
    order.truncate(page.regions.len());
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let all = order.len();
    let falls = order.iter().filter(|(_, v)| *v < 0.0).count();
    // A side with few sellers leaves its room to the other.
    let first = falls.min(SELLERS.max((2 * SELLERS).saturating_sub(all - falls)));
    let last = (all - falls).min(2 * SELLERS - first);
    order.drain(first..all - last);
    let domain = Domain::of(order.iter().map(|(_, value)| *value));
    let percents = diversion.percents.get(n);
    let items = order.iter().map(|(i, value)| {
        let region = page.regions.get(*i);
        let name = region.map_or_else(String::new, |region| region.name.clone());
        let percent = percents.map(|row| percent(row.get(*i).copied().unwrap_or(f64::NAN)));
        let cells = std::iter::once(signed(*value, diversion.measure.decimals)).chain(percent).collect();
        Item { label: if *i == n { format!("{name} (at home)") } else { name }, value: *value, cells }
    });
    let bars = Bars::new(items, domain);
    Some(Buyer { name: page.regions.get(n)?.name.clone(), bars, left_out: all - first - last })
}

/// A change in percent, short: beyond a tenfold rise the exact figure says nothing.
fn percent(value: f64) -> String {
    if value > 1000.0 { format!(">{}", number(1000.0, 0)) } else { signed(value, usize::from(value.abs() < 10.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::{Measure, Region};

    fn page(regions: usize) -> Page {
        let region = |k| Region::country(format!("C{k}"), format!("Country {k}"));
        Page { regions: (0..regions).map(region).collect(), ..Page::default() }
    }

    #[test]
    fn a_buyer_turns_from_and_to() {
        let diversion = Diversion {
            case: "war".into(),
            measure: Measure::usd_billion("Imports"),
            amounts: vec![vec![12.0, -30.0, 0.04, 7.5], vec![f64::NAN; 9]],
            percents: vec![vec![0.5, -62.0, f64::NAN, 2_000.0]],
            focus: ["C0", "C9", "C1", "C2"].map(String::from).to_vec(),
        };
        insta::assert_debug_snapshot!(view(&page(4), &diversion).buyers);
    }

    #[test]
    fn the_smallest_changes_are_left_out_and_counted() {
        for falls in 0..=30usize {
            let amounts = (0..30).map(|i| i as f64 + 0.5 - falls as f64).collect();
            let diversion = Diversion { amounts: vec![amounts], focus: vec!["C0".into()], ..Diversion::default() };
            let buyer = view(&page(30), &diversion).buyers.remove(0);
            assert_eq!(buyer.left_out, 30 - 2 * SELLERS, "{falls} falls");
        }
    }
}
