//! Solves the cases of a study, one after the other, and plays the games that they ask about.

use std::path::Path;
use std::time::Instant;

use cobden_equilibrium::{Economy, Equilibrium, Model, Outcome, Policy, Settings};
use cobden_world::World;

use crate::answer::{CaseAnswer, Solver, usd_million};
use crate::game::{self, Keep, Played, Strategy};
use crate::run::Failure;
use crate::stop;
use crate::study::{Deed, Move, Question, Schedules, Study};
use crate::why::{Explain, Solved, Why};

/// What cases are solved with.
pub(crate) struct Cases<'a> {
    pub(crate) study: &'a Study,
    pub(crate) world: &'a World,
    pub(crate) model: &'a Model,
    pub(crate) theta: &'a [f64],
    pub(crate) economy: &'a Economy,
    pub(crate) schedules: &'a Schedules<'a>,
    pub(crate) explain: Explain,
    pub(crate) settings: Settings,
    /// Where ledgers of coalitions are kept while they grow, and what proves that they are of this study; `None`: nowhere.
    pub(crate) keep: Option<(&'a Path, String)>,
    /// A solution of the same economy to start the first solve from; `None`: the baseline.
    pub(crate) start: Option<&'a Equilibrium>,
}

/// Told which step comes next, of which case, and how far a game is; says whether to go on.
pub(crate) type Told<'a> = &'a (dyn Fn(usize, &str, &str) -> bool + Sync);

/// A case that was dealt with.
struct Done {
    answer: CaseAnswer,
    /// Its equilibrium, if it is one.
    equilibrium: Option<Equilibrium>,
    /// Whether its tariffs were to be chosen, by it or on the way to it, and were not: nothing can start from it.
    missing: bool,
}

impl Cases<'_> {
    /// Solves them all; gives the last equilibrium too, if there is one.
    pub(crate) fn solve(&self, told: Told<'_>) -> Result<(Vec<CaseAnswer>, Option<Equilibrium>), Failure> {
        for question in self.study.cases.iter().filter_map(|case| case.question.as_ref()) {
            game::check(question, self.study.document(), self.world)?;
        }
        let mut done: Vec<Option<Done>> = self.study.cases.iter().map(|_| None).collect();
        let mut last = self.start.cloned();
        for (step, case) in order(self.study).into_iter().enumerate() {
            let name = &self.study.cases[case].name.value;
            if !told(step, name, "") {
                return Err(Failure::Stopped);
            }
            let from = self.study.cases[case].from.and_then(|from| done[from].as_ref());
            let mut solved = self.case(case, from, last.as_ref(), &|detail| told(step, name, detail))?;
            if let Some(equilibrium) = &solved.equilibrium {
                solved.answer.why = self.why(case, &solved.answer, equilibrium);
            }
            last = solved.equilibrium.clone().or(last);
            done[case] = Some(solved);
        }
        (0..done.len()).filter_map(|case| self.keep(case)).for_each(|keep| keep.forget());
        Ok((done.into_iter().flatten().map(|done| done.answer).collect(), last))
    }

    fn keep(&self, case: usize) -> Option<Keep> {
        self.keep.as_ref().map(|(folder, key)| Keep::new(folder, case, format!("{key} {case}")))
    }

    fn case(
        &self,
        case: usize,
        from: Option<&Done>,
        last: Option<&Equilibrium>,
        go_on: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Done, Failure> {
        let begun = Instant::now();
        let asked = &self.study.cases[case];
        let status_quo = || Policy::status_quo(self.world);
        let start = from.map_or_else(status_quo, |from| from.answer.policy.clone());
        let before = start.clone();
        let (policy, mut moves) = self.schedules.apply(case, start)?;
        // A case that only states rates needs no more of the one it starts from than its tariffs, solved or not; one that starts from what
        // governments chose needs their choice.
        if let Some(from) = from.filter(|from| from.missing) {
            let stop = format!("not sought: it starts from \"{}\", which has no answer", from.answer.name);
            return Ok(self.unsolved(case, policy, moves, stop));
        }
        // Where governments choose, an equilibrium that others do not lead to is out of reach; where tariffs are stated it is an answer, and
        // says so. None starts from it: what a case says would depend on the one before.
        let settings = Settings { beyond_folds: asked.question.is_none(), ..self.settings };
        let last = last.filter(|last| !last.report.elsewhere());
        let start = self.economy.solve(&policy, last, &settings)?;
        let Some(question) = &asked.question else { return Ok(self.solved(case, policy, moves, start, None, begun)) };
        if !start.report.stop.converged() {
            let why = stop::words(&start.report, self.model, self.world);
            let unanswered = Strategy { found: Err(why), ..Strategy::default() };
            return Ok(self.solved(case, policy, moves, start, Some(unanswered), begun));
        }
        let played = match self.play(case, question, (&before, &policy), &start, go_on) {
            // A search that meets no equilibrium to begin with is a solve that did not converge, and nothing is wrong with the study.
            Err(Failure::Input(problem)) if problem.unsolved => {
                return Ok(self.unsolved(case, policy, moves, problem.message));
            }
            played => played?,
        };
        let Played { policy: chosen, equilibrium, movers, strategy } = played;
        let choices = movers.iter().filter_map(|members| {
            Move::between(case, Deed::Chosen, members, self.world, &policy.tariffs, &chosen.tariffs)
        });
        moves.extend(choices);
        Ok(self.solved(case, chosen, moves, equilibrium, Some(strategy), begun))
    }

    fn play(
        &self,
        case: usize,
        question: &Question,
        (from, start): (&Policy, &Policy),
        before: &Equilibrium,
        go_on: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Played, Failure> {
        game::play(&game::Table {
            economy: self.economy,
            world: self.world,
            settings: self.settings,
            document: self.study.document(),
            question,
            usd: usd_million(&self.world.origin.unit),
            from,
            start,
            before,
            keep: self.keep(case),
            go_on,
        })
    }

    /// A case whose equilibrium was sought: an answer if it is one, and if what governments were asked has an answer.
    fn solved(
        &self,
        case: usize,
        policy: Policy,
        moves: Vec<Move>,
        equilibrium: Equilibrium,
        strategy: Option<Strategy>,
        begun: Instant,
    ) -> Done {
        let report = &equilibrium.report;
        let refused = strategy.as_ref().and_then(|strategy| strategy.found.as_ref().err());
        let converged = report.stop.converged() && refused.is_none();
        let solver = Solver {
            converged,
            stop: refused.cloned().unwrap_or_else(|| stop::words(report, self.model, self.world)),
            iterations: report.iterations,
            residual_max: report.residual_max(),
            seconds: begun.elapsed().as_secs_f64(),
        };
        let outcome = converged.then(|| Outcome::new(self.economy, &equilibrium));
        let answer = CaseAnswer { name: self.name(case), solver, outcome, why: None, moves, policy, strategy };
        let missing = self.study.cases[case].question.is_some() && !converged;
        Done { answer, equilibrium: converged.then_some(equilibrium), missing }
    }

    fn unsolved(&self, case: usize, policy: Policy, moves: Vec<Move>, stop: String) -> Done {
        let solver = Solver { converged: false, stop, iterations: 0, residual_max: f64::INFINITY, seconds: 0.0 };
        let strategy = self.study.cases[case].question.as_ref().map(|_| Strategy::default());
        let answer = CaseAnswer { name: self.name(case), solver, outcome: None, why: None, moves, policy, strategy };
        Done { answer, equilibrium: None, missing: true }
    }

    fn name(&self, case: usize) -> String {
        self.study.cases[case].name.value.clone()
    }

    fn why(&self, case: usize, answer: &CaseAnswer, equilibrium: &Equilibrium) -> Option<Why> {
        self.explain.includes(case, self.study.headline).then(|| {
            Why::of(&Solved {
                economy: self.economy,
                policy: &answer.policy,
                equilibrium,
                welfare_pct: &answer.welfare_pct(),
                theta: self.theta,
                scale: if self.model.preset.has_scale() { self.model.scale } else { 0.0 },
                settings: &self.settings,
            })
        })
    }
}

/// The cases in the order of the file, but each after the one it starts from if tariffs on the way there are chosen rather than stated.
fn order(study: &Study) -> Vec<usize> {
    let mut order = Vec::with_capacity(study.cases.len());
    let mut listed = vec![false; study.cases.len()];
    for case in 0..study.cases.len() {
        let mut chain = vec![case];
        while let Some(from) = chain.last().and_then(|last| study.cases[*last].from) {
            chain.push(from);
        }
        // From the last case on the way that asks something, what comes before it must be known.
        let asks = |at: &usize| study.cases[*at].question.is_some();
        let first = if chain[1..].iter().any(asks) { chain.len() } else { 1 };
        for at in chain[..first].iter().rev() {
            if !std::mem::replace(&mut listed[*at], true) {
                order.push(*at);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use cobden_world::Problem;

    use super::*;

    fn study(cases: &str) -> Result<Study, Problem> {
        Study::parse(format!("title = \"t\"\nworld = \"w\"\n{cases}").into_bytes(), "t.toml")
    }

    #[test]
    fn a_case_comes_after_the_choice_it_starts_from() {
        let rows = "tariffs = [ { importer = \"A\", exporter = \"B\", sector = \"*\", add = \"1%\" } ]";
        let nash = "nash = { players = \"*\" }";
        let text = format!(
            "[[case]]\nname = \"a\"\nfrom = \"c\"\n{rows}\n[[case]]\nname = \"b\"\nfrom = \"d\"\n{rows}\n[[case]]\nname = \"c\"\n{nash}\n[[case]]\nname = \"d\"\n{rows}"
        );
        assert_eq!(order(&study(&text).unwrap()), [2, 0, 1, 3]);
    }
}
