//! The answer to a study: what each case does to each country, and the proof of how it was found.

use cobden_equilibrium::{CountryOutcome, Model, Outcome, Policy};
use cobden_report::scale::number;
use cobden_world::World;

use crate::by_product::ByProductAnswer;
use crate::game::Strategy;
use crate::load::ElasticitySet;
use crate::models::Models;
use crate::passport::Passport;
use crate::study::{Laws, Move, Study};
use crate::why::Why;

/// A study, the world and model it was run on, and what came of every case.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub study: Study,
    /// The world it was asked of.
    pub world: World,
    /// The model.
    pub model: Model,
    /// The trade elasticities.
    pub elasticities: ElasticitySet,
    /// What it was made of.
    pub passport: Passport,
    /// I, `[n]`: baseline income, in the unit of the world.
    pub income: Vec<f64>,
    /// The law of each case.
    pub laws: Laws,
    /// The cases in the order of the study.
    pub cases: Vec<CaseAnswer>,
    /// The same cases under other models; `None` where the study compares none.
    pub models: Option<Models>,
    /// What the cases do to products; `None` where the world was solved by sector.
    pub by_product: Option<ByProductAnswer>,
}

/// One case: its policy, how the solve went, and what came of it.
#[derive(Clone, Debug)]
pub struct CaseAnswer {
    /// Its name.
    pub name: String,
    /// How the solve went.
    pub solver: Solver,
    /// Its tariffs and what it changes besides.
    pub policy: Policy,
    /// What came of it; `None` if the solve did not converge: such numbers are not results.
    pub outcome: Option<Outcome>,
    /// Where that comes from; `None` if the case was not solved or not to be taken apart.
    pub why: Option<Why>,
    /// What governments were asked, and how it was answered; `None` if the study states every rate.
    pub strategy: Option<Strategy>,
    /// What its own rows do, in order, then what governments chose; [`Answer::moves`] has those of the cases it starts from as well.
    pub moves: Vec<Move>,
}

/// How a solve went.
#[derive(Clone, Debug, PartialEq)]
pub struct Solver {
    /// Whether every equilibrium condition holds to the tolerance.
    pub converged: bool,
    /// Why it stopped, in words.
    pub stop: String,
    /// Newton iterations.
    pub iterations: usize,
    /// The largest relative residual of any equilibrium condition.
    pub residual_max: f64,
    /// Time on the clock.
    pub seconds: f64,
}

impl Solver {
    /// What a reader must know of a case that was solved: that it is not the equilibrium that leads on from the baseline.
    pub fn caveat(&self) -> Option<&str> {
        let plain = self.stop == cobden_equilibrium::Stop::Converged.to_string();
        (self.converged && !plain).then_some(self.stop.as_str())
    }
}

impl Answer {
    /// `5,000 products, 10,999,990 flows` where the world was solved by product.
    pub(crate) fn products(&self) -> Option<String> {
        let products = &self.by_product.as_ref()?.products;
        let count = |count: usize| number(count as f64, 0);
        Some(format!("{} products, {} flows", count(products.names().len()), count(products.flows())))
    }

    /// Whether every case was solved.
    pub fn converged(&self) -> bool {
        self.cases.iter().all(|case| case.solver.converged)
    }

    /// The case that the report opens with.
    pub fn headline(&self) -> Option<&CaseAnswer> {
        self.cases.get(self.study.headline)
    }

    /// What the rows of a case do, by its index: from the first of the cases it starts from to its own last row.
    pub fn moves(&self, case: usize) -> Vec<&Move> {
        let mut chain = Vec::new();
        let mut at = Some(case);
        while let Some(case) = at.filter(|_| chain.len() < self.cases.len()) {
            chain.extend(self.cases.get(case));
            at = self.study.cases.get(case).and_then(|case| case.from);
        }
        chain.into_iter().rev().flat_map(|case| &case.moves).collect()
    }

    /// Countries whose tariffs or export taxes a case changes, in the order they act; none if it is nearly all.
    pub fn actors(&self, case: usize) -> Vec<usize> {
        let mut acts = vec![false; self.world.countries.len()];
        let mut actors = Vec::new();
        for &country in self.moves(case).into_iter().flat_map(Move::actors) {
            if !std::mem::replace(&mut acts[country], true) {
                actors.push(country);
            }
        }
        if 2 * actors.len() > acts.len() && actors.len() > 3 { Vec::new() } else { actors }
    }

    /// Millions of US dollars in one unit of the world's values; `None` for another currency.
    ///
    /// Units are written `USD`, `USD thousand`, `USD million` or `USD billion`, with any remark behind.
    pub fn usd_million(&self) -> Option<f64> {
        usd_million(&self.world.origin.unit)
    }
}

impl CaseAnswer {
    /// What came of one country.
    pub fn country(&self, index: usize) -> Option<&CountryOutcome> {
        self.outcome.as_ref()?.countries.get(index)
    }

    /// Real income of every country in per cent, `[n]`; empty if the case was not solved.
    pub fn welfare_pct(&self) -> Vec<f64> {
        self.outcome.iter().flat_map(|outcome| &outcome.countries).map(|country| country.welfare_pct).collect()
    }
}

pub(crate) fn usd_million(unit: &str) -> Option<f64> {
    let unit = unit.to_lowercase();
    let scale = unit.strip_prefix("usd")?.trim_start();
    let known = [("thousand", 1e-3), ("million", 1.0), ("billion", 1e3)];
    let named = known.iter().find(|(name, _)| scale.starts_with(name)).map(|(_, factor)| *factor);
    Some(named.unwrap_or(1e-6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_they_are_written() {
        assert_eq!(usd_million("USD million, basic prices"), Some(1.0));
        assert_eq!(usd_million("USD million (as published)"), Some(1.0));
        assert_eq!(usd_million("USD"), Some(1e-6));
        assert_eq!(usd_million("USD billion"), Some(1e3));
        assert_eq!(usd_million("EUR million"), None);
    }
}
