//! What happens to the sectors of one region.

use serde::Serialize;

use crate::bars::{Bars, Domain, Item};
use crate::contents::{Page, SectorPanel};
use crate::scale::signed;

/// The most sectors shown: the worst and the best, half each.
const SHOWN: usize = 20;

/// A region's sectors, the hardest hit first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct SectorsView {
    case: String,
    region: String,
    headers: Vec<Header>,
    bars: Bars,
    /// How many sectors in the middle are not shown.
    left_out: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Header {
    name: String,
    unit: String,
}

/// Lays out one panel.
pub(crate) fn view(page: &Page, panel: &SectorPanel) -> SectorsView {
    let value = |j: usize, m: usize| panel.values.get(j).and_then(|row| row.get(m)).copied().unwrap_or(f64::NAN);
    let mut order: Vec<usize> = (0..page.sectors.len()).filter(|j| value(*j, 0).is_finite()).collect();
    order.sort_by(|a, b| value(*a, 0).total_cmp(&value(*b, 0)));
    let left_out = order.len().saturating_sub(SHOWN);
    if left_out > 0 {
        order.drain(SHOWN / 2..SHOWN / 2 + left_out);
    }
    let domain = Domain::of(order.iter().map(|j| value(*j, 0)));
    let items = order.into_iter().map(|j| Item {
        label: page.sectors.get(j).map_or_else(String::new, |sector| sector.name.clone()),
        value: value(j, 0),
        cells: panel.measures.iter().enumerate().map(|(m, measure)| signed(value(j, m), measure.decimals)).collect(),
    });
    let region = page.regions.iter().find(|region| region.code == panel.region);
    let header = |m: &crate::contents::Measure| Header { name: m.name.clone(), unit: m.unit.clone() };
    SectorsView {
        case: panel.case.clone(),
        region: region.map_or_else(|| panel.region.clone(), |region| region.name.clone()),
        headers: panel.measures.iter().map(header).collect(),
        bars: Bars::new(items, domain),
        left_out,
    }
}
