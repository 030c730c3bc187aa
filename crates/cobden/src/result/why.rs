//! Where changes come from and what they hang on: for each country as a document, and as tables.

use cobden_world::Problem;
use ndarray::Array1;
use serde::Serialize;

use super::tables;
use crate::answer::{Answer, CaseAnswer};
use crate::hinge::{Assumption, Hinge, RISE};
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
    /// Labour that follows the real wage.
    pub labour_pct: f64,
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
        labour_pct: parts.labour_pct,
        deficit_pct: parts.deficit_pct,
    })
}

/// An assumption that a country's `welfare_pct` hangs on.
#[derive(Clone, Debug, Serialize)]
pub struct HingeDocument {
    /// `trade_elasticity` (of a sector), `trade` (of an importer with an exporter, all sectors; the same twice is sales at home), `scale`.
    pub parameter: &'static str,
    /// The sector of a trade elasticity.
    pub sector: Option<String>,
    /// The importer of trade.
    pub importer: Option<String>,
    /// The exporter of trade.
    pub exporter: Option<String>,
    /// By how much the parameter is raised.
    pub change_pct: f64,
    /// What that does to `welfare_pct`, to first order.
    pub effect_pct_points: f64,
}

/// How many hinges the document names for a country; the table has more.
const NAMED: usize = 3;

/// The strongest hinges of one country; none if its case was not taken apart.
pub(super) fn hinges(answer: &Answer, case: &CaseAnswer, country: usize) -> Vec<HingeDocument> {
    let hinges = case.why.as_ref().map_or(&[][..], |why| why.hinges(country));
    hinges.iter().take(NAMED).map(|hinge| hinge_document(answer, hinge)).collect()
}

fn hinge_document(answer: &Answer, hinge: &Hinge) -> HingeDocument {
    let world = &answer.world;
    let country = |n: usize| Some(world.countries[n].to_owned());
    let (parameter, sector, importer, exporter) = match hinge.on {
        Assumption::TradeElasticity(j) => ("trade_elasticity", Some(world.sectors[j].to_owned()), None, None),
        Assumption::Trade { importer, exporter } => ("trade", None, country(importer), country(exporter)),
        Assumption::Scale => ("scale", None, None, None),
    };
    HingeDocument {
        parameter,
        sector,
        importer,
        exporter,
        change_pct: 100.0 * RISE,
        effect_pct_points: hinge.effect_pct_points,
    }
}

#[derive(Serialize)]
struct HingeRow<'a> {
    case: &'a str,
    country: &'a str,
    rank: usize,
    parameter: &'static str,
    sector: Option<String>,
    importer: Option<String>,
    exporter: Option<String>,
    change_pct: f64,
    effect_pct_points: f64,
}

const HINGES: &str = "case,country,rank,parameter,sector,importer,exporter,change_pct,effect_pct_points";

/// `hangs_on.csv`: the ten assumptions that each country's `welfare_pct` hangs on most, strongest first, in every case taken apart.
/// `None` if no case was taken apart.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn hangs_on_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let explained = || answer.cases.iter().filter_map(|case| Some((case, case.why.as_ref()?)));
    if explained().all(|(_, why)| why.hinges.is_err()) {
        return Ok(None);
    }
    let rows = explained().flat_map(|(case, why)| {
        answer.world.countries.iter().enumerate().flat_map(move |(n, country)| {
            why.hinges(n).iter().enumerate().map(move |(place, hinge)| {
                let document = hinge_document(answer, hinge);
                HingeRow {
                    case: &case.name,
                    country,
                    rank: place + 1,
                    parameter: document.parameter,
                    sector: document.sector,
                    importer: document.importer,
                    exporter: document.exporter,
                    change_pct: document.change_pct,
                    effect_pct_points: document.effect_pct_points,
                }
            })
        })
    });
    tables::write(HINGES, rows).map(Some)
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
            for (i, pct) in split(why.by_partner(n, part)) {
                row(&world.countries[i], "", pct);
            }
            for (j, pct) in split(why.by_sector(n, part)) {
                row("", &world.sectors[j], pct);
            }
        }
    }
    rows
}

/// Those that are not zero, with their index.
fn split(of_part: Option<Array1<f64>>) -> impl Iterator<Item = (usize, f64)> {
    of_part.into_iter().flatten().enumerate().filter(|(_, pct)| *pct != 0.0)
}
