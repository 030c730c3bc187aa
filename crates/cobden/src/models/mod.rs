//! The same cases under many models: who gains and loses under each, and how much each choice matters.

mod solve;
mod spread;
mod variance;
mod words;

use cobden_equilibrium::{Baseline, Model};

use crate::load::ElasticitySet;
use crate::study::{Plan, same};

pub(crate) use solve::{Job, solve};
pub use spread::{Shares, Spread};
pub(crate) use words::sentences;

/// What came of a comparison of models.
#[derive(Clone, Debug)]
pub struct Models {
    /// The choices that were compared, in the order of [`Combination::options`]: `model`, `elasticities`, `closure`, `labour`.
    pub choices: Vec<Choice>,
    /// The elasticity sets, in the order of the options of that choice.
    pub sets: Vec<ElasticitySet>,
    /// Every option of each choice with every one of the others, the last choice varying fastest.
    pub combinations: Vec<Combination>,
    /// How the numbers spread, `[case][country]`; `None` where no combination was solved.
    pub spreads: Vec<Vec<Option<Spread>>>,
    /// What the study named twice in other words.
    pub remarks: Vec<String>,
}

/// One choice and its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `model`, `elasticities`, `closure` or `labour`.
    pub name: &'static str,
    /// Names of its options.
    pub options: Vec<String>,
}

/// One model: an option of every choice, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// `[choice]`: the option taken, an index into [`Choice::options`].
    pub options: Vec<usize>,
    /// The model.
    pub model: Model,
    /// Whether it is the model of the main answer.
    pub main: bool,
    /// What came of each case, `[case]`, by country, `[n]`; or why there is nothing.
    pub cases: Vec<Result<Vec<Numbers>, String>>,
}

/// What a combination says of a country in a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// Exact real income.
    pub welfare_pct: f64,
    /// Wage over price index.
    pub real_wage_pct: f64,
    /// R', tariff revenue in the case, in the unit of the world.
    pub tariff_revenue: f64,
}

impl Combination {
    /// What it says of a country in a case; `None` where it was not solved.
    pub fn numbers(&self, case: usize, country: usize) -> Option<&Numbers> {
        self.cases.get(case)?.as_ref().ok()?.get(country)
    }
}

impl Models {
    /// How many combinations solved a case, and how many there are.
    pub fn solved(&self, case: usize) -> (usize, usize) {
        let solved = self.combinations.iter().filter(|one| matches!(one.cases.get(case), Some(Ok(_))));
        (solved.count(), self.combinations.len())
    }

    /// How the numbers of a country spread in a case.
    pub fn spread(&self, case: usize, country: usize) -> Option<&Spread> {
        self.spreads.get(case)?.get(country)?.as_ref()
    }

    /// The name of a combination: the options it takes where there are several.
    pub fn name(&self, combination: &Combination) -> String {
        let options = self.choices.iter().zip(&combination.options).filter(|(choice, _)| choice.options.len() > 1);
        options.filter_map(|(choice, option)| choice.options.get(*option)).cloned().collect::<Vec<_>>().join(" · ")
    }
}

/// A comparison before it is solved.
#[derive(Debug)]
pub(crate) struct Comparison {
    choices: Vec<Choice>,
    sets: Vec<ElasticitySet>,
    combinations: Vec<Combination>,
    remarks: Vec<String>,
}

impl Comparison {
    /// Crosses everything with everything. `main` is the model and the elasticity set of the main answer.
    pub(crate) fn new(plan: Plan, sets: Vec<ElasticitySet>, main: (&Model, &ElasticitySet)) -> Self {
        let labour: Vec<String> = plan.labour.iter().map(f64::to_string).collect();
        let counts = [plan.models.len(), sets.len(), plan.closures.len(), labour.len()];
        let combinations = (0..counts.iter().product()).map(|at| {
            let options = taken(at, &counts);
            let (_, deficits, baseline) = plan.closures[options[2]];
            let labour_supply_elasticity = plan.labour[options[3]];
            let model = Model { deficits, baseline, labour_supply_elasticity, ..plan.models[options[0]].1 };
            let main = same_model(&model, main.0) && sets[options[1]].values == main.1.values;
            Combination { options, model, main, cases: Vec::new() }
        });
        let combinations = combinations.collect();
        let choices = vec![
            Choice { name: "model", options: plan.models.into_iter().map(|(name, _)| name).collect() },
            Choice { name: "elasticities", options: sets.iter().map(|set| set.name.clone()).collect() },
            Choice { name: "closure", options: plan.closures.into_iter().map(|(name, _, _)| name).collect() },
            Choice { name: "labour", options: labour },
        ];
        Self { choices, sets, combinations, remarks: plan.remarks }
    }

    /// How many combinations there are.
    pub(crate) fn len(&self) -> usize {
        self.combinations.len()
    }
}

/// The option of each choice in one combination, the last choice varying fastest.
fn taken(combination: usize, counts: &[usize]) -> Vec<usize> {
    let mut rest = combination;
    let mut options = vec![0; counts.len()];
    for (option, count) in options.iter_mut().zip(counts).rev() {
        *option = rest % count;
        rest /= count;
    }
    options
}

/// Whether two models are one, in other words perhaps: balanced from the start there are no deficits, however they would be treated.
fn same_model(one: &Model, other: &Model) -> bool {
    let closure =
        one.baseline == other.baseline && (one.baseline == Baseline::Balanced || one.deficits == other.deficits);
    same(one, other) && closure && one.labour_supply_elasticity == other.labour_supply_elasticity
}
