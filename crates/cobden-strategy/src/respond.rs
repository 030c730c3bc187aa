//! The best response of one player, the others' tariffs given.

use cobden_equilibrium::{Equilibrium, Policy, Solver};
use cobden_world::Problem;

use crate::{
    Game, Halt, Player, Search,
    ascent::{Ascent, Limits, Memory, ascend},
    game::PlayersHill,
    variables::Variables,
};

/// How a search went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchReport {
    /// Why it ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Iterations from the start that led to the answer.
    pub iterations: usize,
    /// Equilibria solved, over all starts.
    pub solves: usize,
    /// What is still to be won, to second order, in percentage points.
    pub first_order_gap_pct: f64,
    /// How many starts converged, of how many.
    pub starts: (usize, usize),
    /// How many different heights they reached, more than 1e-4 percentage points apart.
    pub optima: usize,
}

/// What a player does best while nobody answers.
#[derive(Clone, Debug)]
pub struct Response {
    /// All tariffs, the player's own as chosen.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// The player's rates, one for each lever.
    pub rates: Vec<f64>,
    /// The goal there, in per cent of the baseline.
    pub value_pct: f64,
    /// What the goal gains over the policy it was asked about, in percentage points. Negative only if its instruments cannot express that policy.
    pub gain_pct: f64,
    /// The goal at every different optimum that some start led to, in per cent of the baseline, the best first.
    pub optima_pct: Vec<f64>,
    /// How it was found.
    pub report: SearchReport,
}

impl<'a> Game<'a> {
    /// What a player does best against a policy, the tariffs of all others given.
    ///
    /// Maximises its goal over its instruments within their bounds, the equilibrium solved inside, from every start of the search; the
    /// best of all is the answer. `report.halt` says whether the first-order condition holds.
    ///
    /// # Errors
    /// An unknown player; a policy without an equilibrium; a goal that still rises at tariffs of 10,000 % or -90 % where no bound was
    /// stated.
    pub fn respond(&self, player: usize, policy: &Policy, search: &Search) -> Result<Response, Problem> {
        let mut solver = Solver::new(self.economy, self.settings);
        let here = self.solved(&mut solver, policy, None)?;
        self.respond_from(player, policy, &here, &[], search, &mut solver)
    }

    /// As [`Game::respond`], with the policy's equilibrium and further starts in rates at hand.
    pub(crate) fn respond_from(
        &self,
        player: usize,
        policy: &Policy,
        here: &Equilibrium,
        more: &[Vec<f64>],
        search: &Search,
        solver: &mut Solver<'a>,
    ) -> Result<Response, Problem> {
        let who = self.player(player)?;
        let limits = Limits { tolerance: search.tolerance_pct / 100.0, max_iterations: search.max_iterations };
        let mut starts = more.to_vec();
        for start in search.starts {
            starts.extend(self.start(&[player], start)?);
        }
        let mut hill = PlayersHill::new(self, who, policy.clone(), here.clone(), search, solver);
        let mut heights: Vec<f64> = Vec::new();
        let mut best: Option<(Ascent, Variables, Equilibrium)> = None;
        for rates in &starts {
            let Some(y) = hill.start_at(here, rates)? else { continue };
            let room = hill.variables.room();
            let Some(found) = ascend(&mut hill, y, &room, &mut Memory::default(), limits)? else { continue };
            if found.halt.converged() {
                heights.push(found.height);
            }
            let rank = |ascent: &Ascent| (ascent.halt.converged(), ascent.height);
            if found.halt == Halt::CalledOff || best.as_ref().is_none_or(|(best, ..)| rank(&found) > rank(best)) {
                best = Some((found, hill.variables.clone(), hill.here.clone()));
            }
            if best.as_ref().is_some_and(|(best, ..)| best.halt == Halt::CalledOff) {
                break;
            }
        }
        let Some((found, variables, equilibrium)) = best else {
            return Err(Problem::unsolved(format!(
                "{}: no equilibrium at any of the tariffs the search starts from",
                who.name
            ))
            .help("start from the rates in force"));
        };
        Player::check_bounded(&format!("the objective of {}", who.name), &variables, &found.y, &found.slope)?;
        let report = SearchReport {
            halt: found.halt,
            iterations: found.iterations,
            solves: hill.looks,
            first_order_gap_pct: 100.0 * found.gap,
            starts: (heights.len(), starts.len()),
            optima: distinct(heights.clone(), APART),
        };
        heights.sort_by(|a, b| b.total_cmp(a));
        heights.dedup_by(|lower, higher| *higher - *lower <= APART);
        let rates = variables.rates(&found.y);
        let mut chosen = policy.clone();
        who.instruments.write(&rates, &mut chosen.tariffs);
        let before = who.goal.reading(self.economy, here);
        Ok(Response {
            policy: chosen,
            equilibrium,
            rates,
            value_pct: who.goal.percent(found.height),
            gain_pct: who.goal.gain_pct(before, found.height),
            optima_pct: heights.into_iter().map(|height| who.goal.percent(height)).collect(),
            report,
        })
    }
}

impl Player {
    /// That a search for the top of `what` did not end at a bound nobody stated while it still rose.
    pub(crate) fn check_bounded(what: &str, variables: &Variables, y: &[f64], slope: &[f64]) -> Result<(), Problem> {
        for ((lever, scale), (y, slope)) in variables.levers().zip(y.iter().zip(slope)) {
            let end = |bound: f64| (y - scale * bound.ln_1p()).abs() <= 1e-9 * scale;
            // What another log point of the tariff factor would be worth.
            let worth = slope * scale;
            let beyond = match lever.stated {
                (false, _) if end(lever.bounds.0) && worth < -UNBOUNDED => lever.bounds.0,
                (_, false) if end(lever.bounds.1) && worth > UNBOUNDED => lever.bounds.1,
                _ => continue,
            };
            let [n, i, j] = lever.cells[0];
            let message = format!(
                "{what} is unbounded: it still rises where the tariff of country {n} on sector {j} from country {i} passes {:.0} %",
                100.0 * beyond
            );
            return Err(Problem::new(message).help("state bounds, such as max = \"300%\", or another objective"));
        }
        Ok(())
    }
}

/// Heights that differ by less are one.
const APART: f64 = 1e-6;
/// Worth of a log point of a tariff factor, at the end of the search, above which a goal counts as unbounded.
const UNBOUNDED: f64 = 1e-7;

/// How many values lie more than `apart` from the next.
pub(crate) fn distinct(mut values: Vec<f64>, apart: f64) -> usize {
    values.sort_by(f64::total_cmp);
    usize::from(!values.is_empty()) + values.windows(2).filter(|pair| pair[1] - pair[0] > apart).count()
}
