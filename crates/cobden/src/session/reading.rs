//! What a sentence comes to, as one document for a page.

use ndarray::Axis;
use serde::Serialize;

use super::sentence::Sentence;
use crate::answer::{Answer, CaseAnswer};
use crate::page;
use crate::result::{CountryDocument, SolverDocument, country_document, percent_change};

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
    /// Who buys more or less from whom: pairs with trade before or after, largest change first.
    pub trade: Vec<PairDocument>,
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
    /// What buyers pay.
    pub price_pct: f64,
}

/// What one country buys from another.
#[derive(Clone, Debug, Serialize)]
pub struct PairDocument {
    /// Who buys.
    pub importer: String,
    /// From whom.
    pub exporter: String,
    /// Change of imports before tariff, in USD million, or in the unit of a world that is in another currency.
    pub change: f64,
    /// The same in per cent; `null` where there were none.
    pub change_pct: Option<f64>,
}

/// Most pairs that a document names.
const PAIRS: usize = 200;

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
    let change = |hat: f64| 100.0 * (hat - 1.0);
    let rows = outcome.sales_before.indexed_iter().map(|((n, j), before)| SectorDocument {
        country: answer.world.countries[n].to_owned(),
        sector: answer.world.sectors[j].to_owned(),
        output_pct: (*before > 0.0).then(|| change(outcome.output_hat[[n, j]])),
        employment_pct: (*before > 0.0).then(|| change(outcome.employment_hat[[n, j]])),
        price_pct: change(outcome.price_hat[[n, j]]),
    });
    rows.collect()
}

fn trade(answer: &Answer, case: &CaseAnswer) -> Vec<PairDocument> {
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let (before, after) = (outcome.flows_before.sum_axis(Axis(2)), outcome.flows.sum_axis(Axis(2)));
    let unit = answer.usd_million().unwrap_or(1.0);
    let abroad = after.indexed_iter().zip(&before).filter(|(((n, i), after), before)| n != i && **after != **before);
    let mut pairs: Vec<PairDocument> = abroad
        .map(|(((n, i), after), before)| PairDocument {
            importer: answer.world.countries[n].to_owned(),
            exporter: answer.world.countries[i].to_owned(),
            change: (after - before) * unit,
            change_pct: (*before > 0.0).then(|| percent_change(*after, *before)),
        })
        .collect();
    pairs.sort_by(|a, b| b.change.abs().total_cmp(&a.change.abs()));
    pairs.truncate(PAIRS);
    pairs
}
