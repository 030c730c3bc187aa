//! What a sentence comes to, as one document for a page.

use ndarray::{Array3, Axis};
use serde::Serialize;

use super::sentence::Sentence;
use crate::answer::{Answer, CaseAnswer};
use crate::page;
use crate::result::{CountryDocument, SolverDocument, country_document, sector_rows};

/// The answer to a sentence. Numbers are those of the headline case against the baseline, `null` where it was not solved.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingDocument {
    /// The sentence, as it was understood.
    pub sentence: Sentence,
    /// BLAKE3 of the world.
    pub world: String,
    /// The case that the numbers are of, in words.
    pub case: String,
    /// What the numbers say, the most telling sentence first.
    pub headline: Vec<String>,
    /// How the solve went.
    pub solver: SolverDocument,
    /// Every country, in the order of the world; decompositions only where they were asked for.
    pub countries: Vec<CountryDocument>,
    /// The world's real income in per cent: the sum of equivalent variations over income.
    pub world_pct: Option<f64>,
    /// The same in USD million; `null` where the world is in another currency.
    pub world_usd_m: Option<f64>,
    /// Who acts: the initiator first.
    pub actors: Vec<String>,
    /// Where the changes come from, sectors and trade; only where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<WhyDocument>,
}

/// Where the changes come from.
#[derive(Clone, Debug, Serialize)]
pub struct WhyDocument {
    /// Why a country gains or loses, in a sentence, in the order of the world; `null` where there is nothing to say.
    pub sentences: Vec<Option<String>>,
    /// Why the changes could not be taken apart; `null` if they were.
    pub failure: Option<String>,
    /// Assumptions that the numbers hang on most, in a line for each country that acts.
    pub hangs_on: Vec<String>,
    /// By country and sector, in their order.
    pub sectors: Vec<SectorDocument>,
    /// What every country buys from every other.
    pub trade: TradeDocument,
}

/// A sector of a country.
#[derive(Clone, Debug, Serialize)]
pub struct SectorDocument {
    /// The country.
    pub country: String,
    /// The sector.
    pub sector: String,
    /// Output, in quantity; `null` where nothing was made.
    pub output_pct: Option<f64>,
    /// Employment; `null` where nothing was made.
    pub employment_pct: Option<f64>,
    /// Value of sales; `null` where there were none.
    pub sales_pct: Option<f64>,
    /// What buyers pay.
    pub price_pct: f64,
    /// Value of exports; `null` where there were none.
    pub exports_pct: Option<f64>,
    /// Value of imports before tariff; `null` where there were none.
    pub imports_pct: Option<f64>,
}

/// Trade before and after, `[importer][exporter]` in the order of the world: before tariff, in USD million, or in the unit of a world that is in another
/// currency. On the diagonal stands what a country buys from itself.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TradeDocument {
    /// In the baseline.
    pub before: Vec<Vec<f64>>,
    /// In the answer.
    pub after: Vec<Vec<f64>>,
}

impl ReadingDocument {
    pub(super) fn new(answer: &Answer, sentence: &Sentence, explain: bool) -> Self {
        let index = answer.study.headline;
        let case = &answer.cases[index];
        let world: Option<f64> =
            case.outcome.as_ref().map(|outcome| outcome.countries.iter().map(|country| country.welfare_value).sum());
        Self {
            sentence: sentence.clone(),
            world: answer.passport.world.clone(),
            case: case.name.clone(),
            headline: if sentence.changes_nothing() {
                vec!["No tariff changes.".to_owned()]
            } else {
                page::sentences(answer)
            },
            solver: SolverDocument::new(&case.solver),
            countries: (0..answer.world.countries.len()).map(|n| country_document(answer, case, n)).collect(),
            world_pct: world.map(|value| 100.0 * value / answer.income.iter().sum::<f64>()),
            world_usd_m: world.and_then(|value| Some(value * answer.usd_million()?)),
            actors: answer.actors(index).into_iter().map(|n| answer.world.countries[n].to_owned()).collect(),
            why: if explain { why(answer, case) } else { None },
        }
    }
}

fn why(answer: &Answer, case: &CaseAnswer) -> Option<WhyDocument> {
    let countries = 0..answer.world.countries.len();
    let parted = case.why.as_ref()?;
    Some(WhyDocument {
        sentences: countries.map(|n| page::why_sentence(answer, n)).collect(),
        failure: parted.decomposition.as_ref().err().map(|problem| problem.message.clone()),
        hangs_on: page::hangs_on(answer),
        sectors: sectors(answer, case),
        trade: trade(answer, case),
    })
}

fn sectors(answer: &Answer, case: &CaseAnswer) -> Vec<SectorDocument> {
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let known = |value: f64| value.is_finite().then_some(value);
    let rows = sector_rows(answer, case).into_iter().zip(&outcome.sales_before).map(|(row, before)| {
        let made = |value: f64| (*before > 0.0).then_some(value);
        SectorDocument {
            country: row.country.to_owned(),
            sector: row.sector.to_owned(),
            output_pct: made(row.output_pct),
            employment_pct: made(row.employment_pct),
            sales_pct: known(row.sales_pct),
            price_pct: row.price_pct,
            exports_pct: known(row.exports_pct),
            imports_pct: known(row.imports_pct),
        }
    });
    rows.collect()
}

fn trade(answer: &Answer, case: &CaseAnswer) -> TradeDocument {
    let Some(outcome) = &case.outcome else { return TradeDocument::default() };
    let unit = answer.usd_million().unwrap_or(1.0);
    let by_pair = |flows: &Array3<f64>| {
        let sums = flows.sum_axis(Axis(2)) * unit;
        sums.rows().into_iter().map(|row| row.to_vec()).collect()
    };
    TradeDocument { before: by_pair(&outcome.flows_before), after: by_pair(&outcome.flows) }
}
