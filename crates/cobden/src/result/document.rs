//! The document `cobden.result/1`.

use serde::Serialize;

use super::law::{self, LawDocument};
use super::models::{self, ModelsDocument};
use super::trade_costs::{self, TradeCostDocument};
use super::why::{self, DecompositionDocument, HingeDocument};
use crate::answer::{Answer, CaseAnswer, Solver};
use crate::game::Strategy;
use crate::passport::Passport;
use crate::study::Question;

/// A result as one document; names are those of `cobden.result/1`.
#[derive(Clone, Debug, Serialize)]
pub struct ResultDocument {
    /// `cobden.result/1`.
    pub format: &'static str,
    /// The title of the study.
    pub title: String,
    /// What it was made of.
    pub passport: Passport,
    /// The world.
    pub world: WorldDocument,
    /// The model.
    pub model: ModelDocument,
    /// The name of the case that the report opens with.
    pub headline: Option<String>,
    /// What the questions come to, in one paragraph; left out where the study does not ask several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The cases in the order of the study.
    pub cases: Vec<CaseDocument>,
    /// The same cases under other models; left out where the study compares none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<ModelsDocument>,
}

/// Which world, and who is in it.
#[derive(Clone, Debug, Serialize)]
pub struct WorldDocument {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Year of the data.
    pub year: i32,
    /// Unit of its values.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// What may be done with it.
    pub licence: Option<String>,
    /// Countries in order.
    pub countries: Vec<String>,
    /// Sectors in order.
    pub sectors: Vec<String>,
    /// Its products, if it was solved by them; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<ProductsDocument>,
}

/// How many products, and how many flows of them.
#[derive(Clone, Debug, Serialize)]
pub struct ProductsDocument {
    /// Products.
    pub count: usize,
    /// Flows above zero, domestic sales included.
    pub flows: usize,
}

/// Which model.
#[derive(Clone, Debug, Serialize)]
pub struct ModelDocument {
    /// The preset.
    pub preset: &'static str,
    /// How deficits respond.
    pub deficits: &'static str,
    /// What changes compare with.
    pub baseline: &'static str,
    /// Whether the input table is used.
    pub inputs: bool,
    /// phi, 0 to 1: how strong economies of scale are; `null` for presets without.
    pub scale: Option<f64>,
    /// kappa_L: how labour supply answers the real wage; 0 is fixed labour.
    pub labour_supply_elasticity: f64,
    /// eta between the products of a sector; left out where the world was solved by sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_elasticity: Option<f64>,
    /// The name of the elasticity set.
    pub elasticities: String,
    /// theta by sector, in order.
    pub trade_elasticity: Vec<f64>,
}

/// One case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseDocument {
    /// Its name.
    pub name: String,
    /// `tariffs`: the study gives every rate; else what it asks of governments.
    pub kind: &'static str,
    /// The case it starts from; `None` for the baseline.
    pub from: Option<String>,
    /// The remark of the study.
    pub note: Option<String>,
    /// The law it stands under; left out where no day of law is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<LawDocument>,
    /// The rows that change trade costs; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trade_costs: Vec<TradeCostDocument>,
    /// How the solve went.
    pub solver: SolverDocument,
    /// What governments chose and the proof of it; left out where the study gives every rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// Why the case was not taken apart although it was to be; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decomposition_failed: Option<String>,
    /// What came of each country, in order.
    pub countries: Vec<CountryDocument>,
}

/// How a solve went.
#[derive(Clone, Debug, Serialize)]
pub struct SolverDocument {
    /// Whether the numbers solve the model.
    pub converged: bool,
    /// Why it stopped, in words.
    pub stop: String,
    /// Newton iterations.
    pub iterations: usize,
    /// The largest relative residual.
    pub residual_max: f64,
    /// Time on the clock.
    pub seconds: f64,
}

impl SolverDocument {
    pub(crate) fn new(solver: &Solver) -> Self {
        Self {
            converged: solver.converged,
            stop: solver.stop.clone(),
            iterations: solver.iterations,
            residual_max: solver.residual_max,
            seconds: solver.seconds,
        }
    }
}

/// What came of one country. Every number is `None`, `null` in JSON, where the case was not solved.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CountryDocument {
    /// The country.
    pub country: String,
    /// Exact real income.
    pub welfare_pct: Option<f64>,
    /// Equivalent variation, USD million; `None` also where the world is in another currency.
    pub welfare_usd_m: Option<f64>,
    /// Wage over price index.
    pub real_wage_pct: Option<f64>,
    /// Tariff revenue of the case, USD million.
    pub tariff_revenue_usd_m: Option<f64>,
    /// Its change from the baseline, USD million.
    pub tariff_revenue_change_usd_m: Option<f64>,
    /// Revenue of export taxes, USD million; left out in cases without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_tax_revenue_usd_m: Option<f64>,
    /// Export over import prices.
    pub terms_of_trade_pct: Option<f64>,
    /// Value of exports.
    pub exports_pct: Option<f64>,
    /// Value of imports, before tariff.
    pub imports_pct: Option<f64>,
    /// Wage, new over old.
    pub wage_hat: Option<f64>,
    /// Price index, new over old.
    pub price_hat: Option<f64>,
    /// Income, new over old.
    pub income_hat: Option<f64>,
    /// Employment; `None` where labour supply is fixed.
    pub employment_pct: Option<f64>,
    /// Incomes times political weights, over the price index; `None` in a world without weights.
    pub government_welfare_pct: Option<f64>,
    /// The first-order formula of the literature.
    pub welfare_first_order_pct: Option<f64>,
    /// Its terms-of-trade part.
    pub terms_of_trade_first_order_pct: Option<f64>,
    /// Its volume-of-trade part.
    pub volume_of_trade_first_order_pct: Option<f64>,
    /// The exact parts of `welfare_pct`; `None` also where the case was not taken apart.
    pub decomposition: Option<DecompositionDocument>,
    /// The three assumptions that `welfare_pct` hangs on most, strongest first; empty where the case was not taken apart.
    pub hangs_on: Vec<HingeDocument>,
}

impl ResultDocument {
    /// The document of an answer.
    pub fn new(answer: &Answer) -> Self {
        let origin = &answer.world.origin;
        Self {
            format: "cobden.result/1",
            title: answer.study.title.clone(),
            passport: answer.passport.clone(),
            world: WorldDocument {
                id: origin.id.clone(),
                title: origin.title.clone(),
                year: origin.year,
                unit: origin.unit.clone(),
                source: origin.source.clone(),
                licence: origin.licence.clone(),
                countries: answer.world.countries.as_slice().to_vec(),
                sectors: answer.world.sectors.as_slice().to_vec(),
                products: answer.by_product.as_ref().map(|by_product| ProductsDocument {
                    count: by_product.products.names().len(),
                    flows: by_product.products.flows(),
                }),
            },
            model: ModelDocument {
                preset: answer.model.preset.name(),
                deficits: crate::study::deficits_name(answer.model.deficits),
                baseline: crate::study::baseline_name(answer.model.baseline),
                inputs: answer.model.inputs,
                scale: answer.model.preset.has_scale().then_some(answer.model.scale),
                labour_supply_elasticity: answer.model.labour_supply_elasticity,
                product_elasticity: answer.by_product.as_ref().map(|_| answer.model.product_elasticity),
                elasticities: answer.elasticities.name.clone(),
                trade_elasticity: answer.elasticities.values.to_vec(),
            },
            headline: answer.headline().map(|case| case.name.clone()),
            finding: crate::page::finding(answer),
            cases: answer.cases.iter().enumerate().map(|(index, case)| case_document(answer, index, case)).collect(),
            models: models::document(answer),
        }
    }
}

fn case_document(answer: &Answer, index: usize, case: &CaseAnswer) -> CaseDocument {
    let asked = answer.study.cases.get(index);
    let from = asked.and_then(|asked| asked.from).and_then(|from| answer.study.cases.get(from));
    CaseDocument {
        name: case.name.clone(),
        kind: asked.and_then(|asked| asked.question.as_ref()).map_or("tariffs", Question::kind),
        from: from.map(|from| from.name.value.clone()),
        note: asked.and_then(|asked| asked.note.clone()),
        law: law::document(answer, index),
        trade_costs: trade_costs::documents(answer, index),
        solver: SolverDocument::new(&case.solver),
        strategy: case.strategy.clone(),
        decomposition_failed: why::failure(case),
        countries: (0..answer.world.countries.len()).map(|n| country_document(answer, case, n)).collect(),
    }
}

/// One country of one case, in the units of the document.
pub(crate) fn country_document(answer: &Answer, case: &CaseAnswer, index: usize) -> CountryDocument {
    let country = answer.world.countries[index].to_owned();
    let Some(outcome) = case.country(index) else { return CountryDocument { country, ..CountryDocument::default() } };
    let usd = answer.usd_million();
    let dollars = |value: f64| usd.map(|usd| value * usd);
    CountryDocument {
        country,
        welfare_pct: Some(outcome.welfare_pct),
        welfare_usd_m: dollars(outcome.welfare_value),
        real_wage_pct: Some(outcome.real_wage_pct),
        tariff_revenue_usd_m: dollars(outcome.tariff_revenue),
        tariff_revenue_change_usd_m: dollars(outcome.tariff_revenue - outcome.tariff_revenue_before),
        export_tax_revenue_usd_m: case.policy.export_taxes.as_ref().and_then(|_| dollars(outcome.export_tax_revenue)),
        terms_of_trade_pct: Some(outcome.terms_of_trade_pct),
        exports_pct: Some(outcome.exports_pct),
        imports_pct: Some(outcome.imports_pct),
        wage_hat: Some(outcome.wage_hat),
        price_hat: Some(outcome.price_hat),
        income_hat: Some(outcome.income_hat),
        employment_pct: (answer.model.labour_supply_elasticity > 0.0).then_some(100.0 * (outcome.labour_hat - 1.0)),
        government_welfare_pct: outcome.government_welfare_pct,
        welfare_first_order_pct: Some(outcome.first_order.welfare_pct),
        terms_of_trade_first_order_pct: Some(outcome.first_order.terms_of_trade_pct),
        volume_of_trade_first_order_pct: Some(outcome.first_order.volume_of_trade_pct),
        decomposition: why::document(case, index),
        hangs_on: why::hinges(answer, case, index),
    }
}
