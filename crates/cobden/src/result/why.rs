//! Where changes come from: the parts of each country as a document, and by partner and sector as a table.

use cobden_world::Problem;
use ndarray::{ArrayView2, Axis};
use serde::Serialize;

use super::tables;
use crate::answer::{Answer, CaseAnswer};
use crate::why::{Part, Why};

/// The exact parts of one country's `welfare_pct`, in per cent of real income; they add up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct DecompositionDocument {
    /// Export prices against import prices.
    pub terms_of_trade_pct: f64,
    /// Imports gained or lost behind a tariff.
    pub volume_of_trade_pct: f64,
    /// Changes of trade costs themselves.
    pub trade_cost_pct: f64,
    /// Output moved into or out of sectors that earn profits.
    pub profits_pct: f64,
    /// Economies of scale.
    pub scale_pct: f64,
    /// The transfer received.
    pub deficit_pct: f64,
}

/// The parts of one country, if its case was taken apart.
pub(super) fn document(case: &CaseAnswer, country: usize) -> Option<DecompositionDocument> {
    let parts = case.why.as_ref()?.parts(country)?;
    Some(DecompositionDocument {
        terms_of_trade_pct: parts.terms_of_trade_pct,
        volume_of_trade_pct: parts.volume_of_trade_pct,
        trade_cost_pct: parts.trade_cost_pct,
        profits_pct: parts.profits_pct,
        scale_pct: parts.scale_pct,
        deficit_pct: parts.deficit_pct,
    })
}

/// Why a case that was to be taken apart was not.
pub(super) fn failure(case: &CaseAnswer) -> Option<String> {
    case.why.as_ref()?.decomposition.as_ref().err().map(ToString::to_string)
}

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    country: &'a str,
    part: &'static str,
    partner: &'a str,
    sector: &'a str,
    pct: f64,
}

const HEADER: &str = "case,country,part,partner,sector,pct";

/// `why.csv`: the parts of every country's change in per cent of its real income, in every case taken apart. Rows without partner and
/// sector are whole parts and add up to `welfare_pct`; rows with a partner alone, or a sector alone, split a part in one way each.
/// Splits that are zero are left out. `None` if no case was taken apart.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn why_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let explained = || answer.cases.iter().filter_map(|case| Some((case, case.why.as_ref()?)));
    if explained().all(|(_, why)| why.decomposition.is_err()) {
        return Ok(None);
    }
    tables::write(HEADER, explained().flat_map(|(case, why)| rows(answer, case, why))).map(Some)
}

fn rows<'a>(answer: &'a Answer, case: &'a CaseAnswer, why: &Why) -> Vec<Row<'a>> {
    let world = &answer.world;
    let mut rows = Vec::new();
    for (n, country) in world.countries.iter().enumerate() {
        let Some(parts) = why.parts(n) else { continue };
        for part in Part::ALL {
            let mut row = |partner: &'a str, sector: &'a str, pct: f64| {
                rows.push(Row { case: &case.name, country, part: part.name(), partner, sector, pct });
            };
            row("", "", part.of(parts));
            let Some(cells) = why.cells(n, part) else { continue };
            for (i, pct) in split(cells, Axis(1)) {
                row(&world.countries[i], "", pct);
            }
            for (j, pct) in split(cells, Axis(0)) {
                row("", &world.sectors[j], pct);
            }
        }
    }
    rows
}

/// Sums along an axis that are not zero, with their index on the other.
fn split(cells: ArrayView2<'_, f64>, axis: Axis) -> Vec<(usize, f64)> {
    cells.sum_axis(axis).iter().copied().enumerate().filter(|(_, pct)| *pct != 0.0).collect()
}
