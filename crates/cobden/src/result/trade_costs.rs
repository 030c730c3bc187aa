//! Changes of trade costs: what the rows of a case say, and every pair they touch.

use cobden_world::Problem;
use serde::Serialize;

use super::tables;
use crate::answer::Answer;
use crate::study::{Action, Deed};

/// One row of a study that changes trade costs.
#[derive(Clone, Debug, Serialize)]
pub struct TradeCostDocument {
    /// Who buys.
    pub importers: Vec<String>,
    /// From whom; domestic sales stay untouched.
    pub exporters: Vec<String>,
    /// Which goods.
    pub sectors: Vec<String>,
    /// 100 (new / old - 1); rows of one case compound.
    pub change_pct: f64,
}

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    importer: &'a str,
    exporter: &'a str,
    sector: &'a str,
    change_pct: f64,
}

const HEADER: &str = "case,importer,exporter,sector,change_pct";

/// The rows of a case that change trade costs, those of the cases it starts from first.
pub(super) fn documents(answer: &Answer, case: usize) -> Vec<TradeCostDocument> {
    let (countries, sectors) = (&answer.world.countries, &answer.world.sectors);
    let names = |names: &cobden_world::Names, of: &[usize]| of.iter().map(|&at| names[at].to_owned()).collect();
    let document = |one: &crate::study::Move| match one.deed {
        Deed::Row(Action::TradeCost(factor)) => Some(TradeCostDocument {
            importers: names(countries, &one.importers),
            exporters: names(countries, &one.exporters),
            sectors: names(sectors, &one.sectors),
            change_pct: factor.rate().percent(),
        }),
        Deed::Chosen | Deed::Law | Deed::Row(Action::Tariff(_) | Action::ExportTax(_)) => None,
    };
    answer.moves(case).into_iter().filter_map(document).collect()
}

/// `trade_costs.csv`: every pair and sector whose trade cost a case changes, in per cent of the baseline's.
/// `None` if no case changes any.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn trade_costs_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let world = &answer.world;
    let changed = answer.cases.iter().flat_map(|case| {
        let cells = case.policy.trade_cost.iter().flat_map(|d_hat| d_hat.indexed_iter());
        cells.filter(|(_, d_hat)| **d_hat != 1.0).map(|((n, i, j), d_hat)| Row {
            case: &case.name,
            importer: &world.countries[n],
            exporter: &world.countries[i],
            sector: &world.sectors[j],
            change_pct: 100.0 * (d_hat - 1.0),
        })
    });
    let mut rows = changed.peekable();
    if rows.peek().is_none() { Ok(None) } else { tables::write(HEADER, rows).map(Some) }
}
