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
    /// The choices that were compared, in the order of [`Combination::options`]: `model`, `elasticities`, `closure`.
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
    /// `model`, `elasticities` or `closure`.
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

    /// The name of a combination: its options.
    pub fn name(&self, combination: &Combination) -> String {
        let options = self.choices.iter().zip(&combination.options);
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
        let mut combinations = Vec::with_capacity(plan.models.len() * sets.len() * plan.closures.len());
        for (a, (_, model)) in plan.models.iter().enumerate() {
            for (b, set) in sets.iter().enumerate() {
                for (c, (_, deficits, baseline)) in plan.closures.iter().enumerate() {
                    let model = Model { deficits: *deficits, baseline: *baseline, ..*model };
                    combinations.push(Combination {
                        options: vec![a, b, c],
                        main: same(&model, main.0) && same_closure(&model, main.0) && set.values == main.1.values,
                        model,
                        cases: Vec::new(),
                    });
                }
            }
        }
        let choices = vec![
            Choice { name: "model", options: plan.models.into_iter().map(|(name, _)| name).collect() },
            Choice { name: "elasticities", options: sets.iter().map(|set| set.name.clone()).collect() },
            Choice { name: "closure", options: plan.closures.into_iter().map(|(name, _, _)| name).collect() },
        ];
        Self { choices, sets, combinations, remarks: plan.remarks }
    }

    /// How many combinations there are.
    pub(crate) fn len(&self) -> usize {
        self.combinations.len()
    }
}

/// Balanced from the start there are no deficits, however they would be treated.
fn same_closure(one: &Model, other: &Model) -> bool {
    one.baseline == other.baseline && (one.baseline == Baseline::Balanced || one.deficits == other.deficits)
}
