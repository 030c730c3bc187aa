//! Numbers of an answer by name: the columns of `countries.csv`, and a few that papers print and cobden does not.

use cobden_equilibrium::{Outcome, Preset};
use cobden_world::Problem;
use ndarray::Array2;
use serde_json::Value;

use crate::answer::{Answer, CaseAnswer};
use crate::result::country_document;

/// One quantity of every country in one case, `[n]`; `None` if the case was not solved.
///
/// # Errors
/// A name that is none.
pub(super) fn by_country(answer: &Answer, case: &CaseAnswer, name: &str) -> Result<Option<Vec<f64>>, Problem> {
    let Some(outcome) = &case.outcome else { return Ok(None) };
    let wages: Vec<f64> = outcome.countries.iter().map(|country| country.wage_hat).collect();
    let countries = 0..answer.world.countries.len();
    Ok(Some(match name {
        "wage_over_mean_pct" => {
            let mean = mean(&wages);
            wages.iter().map(|wage| 100.0 * (wage / mean - 1.0)).collect()
        }
        "wage_less_mean_pct" => {
            let mean = mean(&wages);
            wages.iter().map(|wage| 100.0 * (wage - mean)).collect()
        }
        "profit_over_wage_pct" if answer.model.preset != Preset::Ossa => {
            let message = format!("profit_over_wage_pct needs the preset ossa, not {}", answer.model.preset.name());
            return Err(Problem::new(message));
        }
        "profit_over_wage_pct" => {
            countries.zip(wages).map(|(n, wage)| 100.0 * (profit_hat(answer, outcome, n) / wage - 1.0)).collect()
        }
        "gain_over_start_pct" => {
            countries.map(|n| gain_over_start(answer, case, outcome, n)).collect::<Result<_, _>>()?
        }
        "tariff_median_pct" => countries.map(|n| tariff_median(case, n)).collect(),
        _ => countries.map(|n| column(answer, case, n, name)).collect::<Result<_, _>>()?,
    }))
}

/// Real income over that of the case it starts from, or over the baseline if that is where it starts, in per cent.
fn gain_over_start(answer: &Answer, case: &CaseAnswer, outcome: &Outcome, n: usize) -> Result<f64, Problem> {
    let asked = answer.study.cases.iter().find(|asked| asked.name.value == case.name);
    let start = asked.and_then(|asked| asked.from).map(|from| &answer.cases[from]);
    let factor = |outcome: &Outcome| 1.0 + outcome.countries[n].welfare_pct / 100.0;
    let before = match start {
        None => 1.0,
        Some(start) => factor(start.outcome.as_ref().ok_or_else(|| {
            Problem::new(format!("\"{}\" was not solved, and \"{}\" starts from it", start.name, case.name))
        })?),
    };
    Ok(100.0 * (factor(outcome) / before - 1.0))
}

/// The unweighted mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// A column of `countries.csv`.
fn column(answer: &Answer, case: &CaseAnswer, n: usize, name: &str) -> Result<f64, Problem> {
    let document = serde_json::to_value(country_document(answer, case, n));
    let document = document.map_err(|error| Problem::new(error.to_string()))?;
    document.get(name).and_then(Value::as_f64).ok_or_else(|| {
        let known = document.as_object().into_iter().flat_map(serde_json::Map::keys).map(String::as_str);
        Problem::unknown("column of countries.csv", name, known)
    })
}

/// Profits with a fixed number of firms, `sum_j Y_nj / sigma_j`, new over old.
fn profit_hat(answer: &Answer, outcome: &Outcome, n: usize) -> f64 {
    let profits = |sales: &Array2<f64>| -> f64 {
        sales.row(n).iter().zip(&answer.elasticities.values).map(|(sales, theta)| sales / (1.0 + theta)).sum()
    };
    profits(&outcome.sales) / profits(&outcome.sales_before)
}

/// The median of a country's tariffs over partners and sectors, in per cent.
fn tariff_median(case: &CaseAnswer, n: usize) -> f64 {
    let cells =
        case.policy.tariffs.indexed_iter().filter(|((importer, exporter, _), _)| *importer == n && *exporter != n);
    let mut rates: Vec<f64> = cells.map(|(_, rate)| rate.percent()).collect();
    rates.sort_by(f64::total_cmp);
    match rates.len() {
        0 => 0.0,
        count => (rates[(count - 1) / 2] + rates[count / 2]) / 2.0,
    }
}
