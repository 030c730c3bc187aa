//! The tidy tables: one row per case and country, sector, pair or changed rate.

use cobden_world::Problem;
use serde::Serialize;

use super::document::{CountryDocument, country_document};
use crate::answer::{Answer, CaseAnswer};

#[derive(Serialize)]
struct CountryRow<'a> {
    case: &'a str,
    country: String,
    converged: bool,
    welfare_pct: Option<f64>,
    welfare_usd_m: Option<f64>,
    real_wage_pct: Option<f64>,
    tariff_revenue_usd_m: Option<f64>,
    tariff_revenue_change_usd_m: Option<f64>,
    export_tax_revenue_usd_m: Option<f64>,
    terms_of_trade_pct: Option<f64>,
    exports_pct: Option<f64>,
    imports_pct: Option<f64>,
    wage_hat: Option<f64>,
    price_hat: Option<f64>,
    income_hat: Option<f64>,
    employment_pct: Option<f64>,
    government_welfare_pct: Option<f64>,
    welfare_first_order_pct: Option<f64>,
    terms_of_trade_first_order_pct: Option<f64>,
    volume_of_trade_first_order_pct: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct SectorRow<'a> {
    pub(crate) case: &'a str,
    pub(crate) country: &'a str,
    pub(crate) sector: &'a str,
    pub(crate) output_pct: f64,
    pub(crate) employment_pct: f64,
    pub(crate) sales_pct: f64,
    pub(crate) price_pct: f64,
    pub(crate) exports_pct: f64,
    pub(crate) imports_pct: f64,
}

#[derive(Serialize)]
struct TradeRow<'a> {
    case: &'a str,
    importer: &'a str,
    exporter: &'a str,
    imports_before: f64,
    imports: f64,
    change: f64,
    change_pct: f64,
}

#[derive(Serialize)]
struct TariffRow<'a> {
    case: &'a str,
    importer: &'a str,
    exporter: &'a str,
    sector: &'a str,
    rate: f64,
    rate_before: f64,
}

/// `countries.csv`: a row per case and country with the names of the result document; numbers are empty where a case was not solved.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn countries_csv(answer: &Answer) -> Result<String, Problem> {
    let rows = answer.cases.iter().flat_map(|case| {
        (0..answer.world.countries.len()).map(move |n| country_row(case, country_document(answer, case, n)))
    });
    write(COUNTRIES, rows)
}

/// `sectors.csv`: a row per solved case, country and sector; changes against the baseline in per cent.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn sectors_csv(answer: &Answer) -> Result<String, Problem> {
    write(SECTORS, answer.cases.iter().flat_map(|case| sector_rows(answer, case)))
}

/// `trade.csv`: what each country buys from each other, before tariff and in the unit of the world, per solved case.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn trade_csv(answer: &Answer) -> Result<String, Problem> {
    write(TRADE, answer.cases.iter().flat_map(|case| trade_rows(answer, case)))
}

/// `tariffs.csv`: every rate that a case changes, and what it was.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn tariffs_csv(answer: &Answer) -> Result<String, Problem> {
    let world = &answer.world;
    let rows = answer.cases.iter().flat_map(|case| {
        let changed =
            case.policy.tariffs.indexed_iter().zip(&world.tariffs).filter(|((_, rate), before)| rate != before);
        changed.map(|(((n, i, j), rate), before)| TariffRow {
            case: &case.name,
            importer: &world.countries[n],
            exporter: &world.countries[i],
            sector: &world.sectors[j],
            rate: rate.0,
            rate_before: before.0,
        })
    });
    write(TARIFFS, rows)
}

const COUNTRIES: &str = "case,country,converged,welfare_pct,welfare_usd_m,real_wage_pct,tariff_revenue_usd_m,\
    tariff_revenue_change_usd_m,export_tax_revenue_usd_m,terms_of_trade_pct,exports_pct,imports_pct,wage_hat,price_hat,income_hat,employment_pct,government_welfare_pct,\
    welfare_first_order_pct,terms_of_trade_first_order_pct,volume_of_trade_first_order_pct";
const SECTORS: &str = "case,country,sector,output_pct,employment_pct,sales_pct,price_pct,exports_pct,imports_pct";
const TRADE: &str = "case,importer,exporter,imports_before,imports,change,change_pct";
const TARIFFS: &str = "case,importer,exporter,sector,rate,rate_before";

fn country_row(case: &CaseAnswer, country: CountryDocument) -> CountryRow<'_> {
    CountryRow {
        case: &case.name,
        country: country.country,
        converged: case.solver.converged,
        welfare_pct: country.welfare_pct,
        welfare_usd_m: country.welfare_usd_m,
        real_wage_pct: country.real_wage_pct,
        tariff_revenue_usd_m: country.tariff_revenue_usd_m,
        tariff_revenue_change_usd_m: country.tariff_revenue_change_usd_m,
        export_tax_revenue_usd_m: country.export_tax_revenue_usd_m,
        terms_of_trade_pct: country.terms_of_trade_pct,
        exports_pct: country.exports_pct,
        imports_pct: country.imports_pct,
        wage_hat: country.wage_hat,
        price_hat: country.price_hat,
        income_hat: country.income_hat,
        employment_pct: country.employment_pct,
        government_welfare_pct: country.government_welfare_pct,
        welfare_first_order_pct: country.welfare_first_order_pct,
        terms_of_trade_first_order_pct: country.terms_of_trade_first_order_pct,
        volume_of_trade_first_order_pct: country.volume_of_trade_first_order_pct,
    }
}

/// What a case does to every sector, by country and sector; none if it was not solved.
pub(crate) fn sector_rows<'a>(answer: &'a Answer, case: &'a CaseAnswer) -> Vec<SectorRow<'a>> {
    let world = &answer.world;
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let abroad = |flows: &ndarray::Array3<f64>, n: usize, j: usize, sold: bool| -> f64 {
        let pairs = (0..world.countries.len()).filter(|&m| m != n);
        pairs.map(|m| if sold { flows[[m, n, j]] } else { flows[[n, m, j]] }).sum()
    };
    let mut rows = Vec::with_capacity(outcome.sales.len());
    for ((n, j), sales) in outcome.sales.indexed_iter() {
        let trade = |sold| percent(abroad(&outcome.flows, n, j, sold), abroad(&outcome.flows_before, n, j, sold));
        rows.push(SectorRow {
            case: &case.name,
            country: &world.countries[n],
            sector: &world.sectors[j],
            output_pct: 100.0 * (outcome.output_hat[[n, j]] - 1.0),
            employment_pct: 100.0 * (outcome.employment_hat[[n, j]] - 1.0),
            sales_pct: percent(*sales, outcome.sales_before[[n, j]]),
            price_pct: 100.0 * (outcome.price_hat[[n, j]] - 1.0),
            exports_pct: trade(true),
            imports_pct: trade(false),
        });
    }
    rows
}

fn trade_rows<'a>(answer: &'a Answer, case: &'a CaseAnswer) -> Vec<TradeRow<'a>> {
    let Some(outcome) = &case.outcome else { return Vec::new() };
    let (before, after) = (outcome.flows_before.sum_axis(ndarray::Axis(2)), outcome.flows.sum_axis(ndarray::Axis(2)));
    let pairs = after.indexed_iter().zip(&before).map(|(((n, i), imports), before)| TradeRow {
        case: &case.name,
        importer: &answer.world.countries[n],
        exporter: &answer.world.countries[i],
        imports_before: *before,
        imports: *imports,
        change: imports - before,
        change_pct: percent(*imports, *before),
    });
    pairs.collect()
}

/// `100 (new / old - 1)`; nothing that stays nothing has not changed.
pub(crate) fn percent(new: f64, old: f64) -> f64 {
    if new == old { 0.0 } else { 100.0 * (new / old - 1.0) }
}

/// A table with its header, also where it has no row.
pub(super) fn write<T: Serialize>(header: &str, rows: impl Iterator<Item = T>) -> Result<String, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(format!("cannot write a table: {error}"));
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(header.split(',')).map_err(|error| failed(&error))?;
    for row in rows {
        writer.serialize(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
