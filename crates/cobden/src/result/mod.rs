//! An answer as files: one JSON document and tidy CSV tables.

mod document;
mod export_taxes;
mod law;
mod models;
mod products;
mod retaliation;
mod strategy;
mod tables;
mod trade_costs;
mod why;

use cobden_world::Problem;

pub(crate) use document::country_document;
pub use document::{CaseDocument, CountryDocument, ProductsDocument, ResultDocument, SolverDocument, WorldDocument};
pub use export_taxes::export_taxes_csv;
pub use law::{ImporterDocument, LawDocument, MeasureDocument, measures_csv};
pub use models::{
    ChoiceDocument, CombinationDocument, FailureDocument, ModelsCaseDocument, ModelsDocument, SetDocument,
    SpreadDocument, models_csv,
};
pub use products::products_csv;
pub use retaliation::retaliation_files;
pub use strategy::{coalitions_csv, players_csv};
pub use tables::{countries_csv, sectors_csv, tariffs_csv, trade_csv};
pub(crate) use tables::{percent as percent_change, sector_rows};
pub use trade_costs::{TradeCostDocument, trade_costs_csv};
pub use why::{DecompositionDocument, HingeDocument, hangs_on_csv, why_csv};

use crate::answer::Answer;
use crate::page;

/// Everything that `--out` writes, as names and bytes: `result.json`, the tables, `report.html`; `why.csv` and `hangs_on.csv`
/// only if a case was taken apart, `export_taxes.csv` and `trade_costs.csv` only where a case has some, `players.csv` and `coalitions.csv`
/// only where a case asks, `products.csv` only where the world was solved by product, `measures.csv` only where a case names a law, `models.csv` only where the study compares models.
///
/// # Errors
/// Only where the template of the report is at fault.
pub fn files(answer: &Answer) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let html = page::html(answer)?;
    let mut texts = vec![
        ("result.json", json(answer)?),
        ("countries.csv", countries_csv(answer)?),
        ("sectors.csv", sectors_csv(answer)?),
        ("tariffs.csv", tariffs_csv(answer)?),
        ("trade.csv", trade_csv(answer)?),
        ("report.html", html),
    ];
    texts.extend(why_csv(answer)?.map(|table| ("why.csv", table)));
    texts.extend(hangs_on_csv(answer)?.map(|table| ("hangs_on.csv", table)));
    texts.extend(export_taxes_csv(answer)?.map(|table| ("export_taxes.csv", table)));
    texts.extend(trade_costs_csv(answer)?.map(|table| ("trade_costs.csv", table)));
    texts.extend(products_csv(answer)?.map(|table| ("products.csv", table)));
    texts.extend(players_csv(answer)?.map(|table| ("players.csv", table)));
    texts.extend(coalitions_csv(answer)?.map(|table| ("coalitions.csv", table)));
    texts.extend(measures_csv(answer)?.map(|table| ("measures.csv", table)));
    texts.extend(models_csv(answer)?.map(|table| ("models.csv", table)));
    let named = texts.into_iter().map(|(name, text)| (name.to_owned(), text));
    Ok(named.chain(retaliation_files(answer)?).map(|(name, text)| (name, text.into_bytes())).collect())
}

/// The document `cobden.result/1`, ending with a line break.
///
/// # Errors
/// None in practice: every number and text has a form in JSON.
pub fn json(answer: &Answer) -> Result<String, Problem> {
    let document = ResultDocument::new(answer);
    let mut text = serde_json::to_string_pretty(&document).map_err(|error| Problem::new(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
