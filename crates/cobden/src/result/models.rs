//! A comparison of models: the block `models` of the document and `models.csv`.

use std::collections::BTreeMap;

use cobden_world::Problem;
use serde::Serialize;

use super::tables::write;
use crate::answer::Answer;
use crate::models::{Combination, Models, Numbers, Spread};
use crate::passport::hash_of;
use crate::study::{baseline_name, deficits_name};

/// What a comparison of models found.
#[derive(Clone, Debug, Serialize)]
pub struct ModelsDocument {
    /// The choices compared and the names of their options.
    pub choices: Vec<ChoiceDocument>,
    /// The elasticity sets, in the order of the options of that choice.
    pub elasticities: Vec<SetDocument>,
    /// Every combination of options.
    pub combinations: Vec<CombinationDocument>,
    /// What came of each case, in the order of the study.
    pub cases: Vec<ModelsCaseDocument>,
}

/// One choice.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceDocument {
    /// `model`, `elasticities`, `closure` or `labour`.
    pub choice: &'static str,
    /// Names of its options.
    pub options: Vec<String>,
}

/// One elasticity set.
#[derive(Clone, Debug, Serialize)]
pub struct SetDocument {
    /// Its name.
    pub name: String,
    /// BLAKE3 of its numbers, in the order of the sectors.
    pub blake3: String,
}

/// One combination.
#[derive(Clone, Debug, Serialize)]
pub struct CombinationDocument {
    /// The option taken of each choice.
    pub options: Vec<String>,
    /// The preset.
    pub preset: &'static str,
    /// Whether the input table is used.
    pub inputs: bool,
    /// phi; `null` for presets without economies of scale.
    pub scale: Option<f64>,
    /// How deficits respond.
    pub deficits: &'static str,
    /// What changes compare with.
    pub baseline: &'static str,
    /// kappa_L: how labour supply answers the real wage.
    pub labour_supply_elasticity: f64,
    /// Whether it is the model of the main answer.
    pub main: bool,
}

/// One case under every combination.
#[derive(Clone, Debug, Serialize)]
pub struct ModelsCaseDocument {
    /// Its name.
    pub name: String,
    /// Combinations that solved it.
    pub solved: usize,
    /// Why the others did not.
    pub failures: Vec<FailureDocument>,
    /// The countries, in order.
    pub countries: Vec<SpreadDocument>,
}

/// A combination without a result.
#[derive(Clone, Debug, Serialize)]
pub struct FailureDocument {
    /// An index into `combinations`.
    pub combination: usize,
    /// Why, in words.
    pub reason: String,
}

/// One country of one case: the numbers, and how they spread. All but the first two are `null` where no combination was solved.
#[derive(Clone, Debug, Serialize)]
pub struct SpreadDocument {
    /// The country.
    pub country: String,
    /// Real income by combination; `null` where it was not solved.
    pub welfare_pct: Vec<Option<f64>>,
    /// The main answer.
    pub main_pct: Option<f64>,
    /// The middle of the numbers.
    pub median_pct: Option<f64>,
    /// The lowest.
    pub low_pct: Option<f64>,
    /// The highest.
    pub high_pct: Option<f64>,
    /// Combinations under which real income falls by 0.005 per cent or more.
    pub lose: Option<usize>,
    /// Combinations under which it rises by 0.005 per cent or more.
    pub gain: Option<usize>,
    /// The part of the sum of squares that each choice explains, and `combinations` for what they explain only together; they add up
    /// to one. `null` where the numbers are all the same.
    pub shares: Option<BTreeMap<&'static str, f64>>,
}

/// The block of an answer; `None` where the study compares no models.
pub(super) fn document(answer: &Answer) -> Option<ModelsDocument> {
    let models = answer.models.as_ref()?;
    let sets = models
        .sets
        .iter()
        .map(|set| SetDocument { name: set.name.clone(), blake3: hash_of(set.values.iter().copied()) });
    let choices =
        models.choices.iter().map(|choice| ChoiceDocument { choice: choice.name, options: choice.options.clone() });
    Some(ModelsDocument {
        choices: choices.collect(),
        elasticities: sets.collect(),
        combinations: models.combinations.iter().map(|one| combination(models, one)).collect(),
        cases: (0..answer.cases.len()).map(|case| case_document(answer, models, case)).collect(),
    })
}

fn combination(models: &Models, one: &Combination) -> CombinationDocument {
    let options = models.choices.iter().zip(&one.options);
    CombinationDocument {
        options: options.filter_map(|(choice, option)| choice.options.get(*option).cloned()).collect(),
        preset: one.model.preset.name(),
        inputs: one.model.inputs,
        scale: one.model.preset.has_scale().then_some(one.model.scale),
        deficits: deficits_name(one.model.deficits),
        baseline: baseline_name(one.model.baseline),
        labour_supply_elasticity: one.model.labour_supply_elasticity,
        main: one.main,
    }
}

fn case_document(answer: &Answer, models: &Models, case: usize) -> ModelsCaseDocument {
    let failed = |(combination, one): (usize, &Combination)| {
        let reason = one.cases.get(case)?.as_ref().err()?.clone();
        Some(FailureDocument { combination, reason })
    };
    ModelsCaseDocument {
        name: answer.cases[case].name.clone(),
        solved: models.solved(case).0,
        failures: models.combinations.iter().enumerate().filter_map(failed).collect(),
        countries: (0..answer.world.countries.len()).map(|n| spread_document(answer, models, case, n)).collect(),
    }
}

fn spread_document(answer: &Answer, models: &Models, case: usize, country: usize) -> SpreadDocument {
    let spread = models.spread(case, country);
    let number = |pick: fn(&Spread) -> f64| spread.map(pick);
    SpreadDocument {
        country: answer.world.countries[country].to_owned(),
        welfare_pct: models.combinations.iter().map(|one| Some(one.numbers(case, country)?.welfare_pct)).collect(),
        main_pct: answer.cases[case].country(country).map(|main| main.welfare_pct),
        median_pct: number(|spread| spread.median_pct),
        low_pct: number(|spread| spread.low_pct),
        high_pct: number(|spread| spread.high_pct),
        lose: spread.map(|spread| spread.lose),
        gain: spread.map(|spread| spread.gain),
        shares: spread.and_then(|spread| spread.shares.as_ref()).map(|shares| {
            let choices = models.choices.iter().map(|choice| choice.name).zip(shares.choices.iter().copied());
            choices.chain([("combinations", shares.combinations)]).collect()
        }),
    }
}

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    country: &'a str,
    model: &'a str,
    elasticities: &'a str,
    closure: &'a str,
    preset: &'static str,
    inputs: bool,
    scale: Option<f64>,
    deficits: &'static str,
    baseline: &'static str,
    labour_supply_elasticity: f64,
    main: bool,
    converged: bool,
    welfare_pct: Option<f64>,
    real_wage_pct: Option<f64>,
    tariff_revenue_usd_m: Option<f64>,
}

const HEADER: &str = "case,country,model,elasticities,closure,preset,inputs,scale,deficits,baseline,labour_supply_elasticity,main,converged,\
    welfare_pct,real_wage_pct,tariff_revenue_usd_m";

/// `models.csv`: a row per case, country and combination; numbers are empty where a combination was not solved. `None` where the
/// study compares no models.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn models_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let Some(models) = &answer.models else { return Ok(None) };
    let mut rows = Vec::new();
    for (case, main) in answer.cases.iter().enumerate() {
        for (n, country) in answer.world.countries.iter().enumerate() {
            for one in &models.combinations {
                rows.push(row(answer, models, one, (&main.name, country), one.numbers(case, n)));
            }
        }
    }
    write(HEADER, rows.into_iter()).map(Some)
}

fn row<'a>(
    answer: &Answer,
    models: &'a Models,
    one: &Combination,
    (case, country): (&'a str, &'a str),
    numbers: Option<&Numbers>,
) -> Row<'a> {
    let option = |choice: usize| {
        let name = models.choices.get(choice).and_then(|known| known.options.get(*one.options.get(choice)?));
        name.map_or("", String::as_str)
    };
    Row {
        case,
        country,
        model: option(0),
        elasticities: option(1),
        closure: option(2),
        preset: one.model.preset.name(),
        inputs: one.model.inputs,
        scale: one.model.preset.has_scale().then_some(one.model.scale),
        deficits: deficits_name(one.model.deficits),
        baseline: baseline_name(one.model.baseline),
        labour_supply_elasticity: one.model.labour_supply_elasticity,
        main: one.main,
        converged: numbers.is_some(),
        welfare_pct: numbers.map(|numbers| numbers.welfare_pct),
        real_wage_pct: numbers.map(|numbers| numbers.real_wage_pct),
        tariff_revenue_usd_m: numbers.and_then(|numbers| Some(numbers.tariff_revenue * answer.usd_million()?)),
    }
}
