//! The best reforms that all gain from: single moves, and exchanges of one move for another.

use cobden_equilibrium::Solver;
use cobden_world::Problem;
use rayon::prelude::*;

use super::{Alignment, sampled::positive};

/// What makes one reform better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The gain of the government that gains least, in percentage points of its goal.
    Least,
    /// What all gain together, in money.
    Joint,
}

/// A lever goes from one rate to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// The lever, in the order of the instruments.
    pub lever: usize,
    /// Its rate at the point.
    pub from: f64,
    /// Its rate after the reform.
    pub to: f64,
}

/// A reform, solved.
#[derive(Clone, Debug, PartialEq)]
pub struct Reform {
    /// The levers that move.
    pub moves: Vec<Move>,
    /// By government asked about: what it gains over the point, in percentage points of its goal.
    pub gains_pct: Vec<f64>,
    /// The same in money at baseline prices.
    pub gains: Vec<f64>,
}

impl Reform {
    /// The joint surplus: what all gain together, in money.
    pub fn surplus(&self) -> f64 {
        self.gains.iter().sum()
    }

    /// The sacrifice ratio: what losers lose for each unit that winners gain. 0: nobody loses. 1: as much is lost as won. `None` if nobody
    /// gains.
    pub fn sacrifice(&self) -> Option<f64> {
        let sum = |sign: f64| self.gains.iter().map(|gain| (sign * gain).max(0.0)).sum::<f64>();
        let won = sum(1.0);
        (won > 0.0).then(|| sum(-1.0) / won)
    }

    /// Whether each gains.
    pub fn all_gain(&self) -> bool {
        self.gains.iter().all(|gain| *gain > 0.0)
    }

    fn score(&self, wanted: Wanted) -> f64 {
        match wanted {
            Wanted::Least => self.gains_pct.iter().copied().fold(f64::INFINITY, f64::min),
            Wanted::Joint => self.surplus(),
        }
    }
}

/// The best reforms found from which all gain, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Reforms {
    /// One lever moves.
    pub single: Vec<Reform>,
    /// Two levers move, neither of which all would gain from alone: an exchange of concessions.
    pub exchanges: Vec<Reform>,
    /// How many candidates were solved for them.
    pub solved: usize,
}

/// Most single moves that are solved.
const MOVES: usize = 600;
/// Exchanges solved for each that is asked for.
const SHORTLIST: usize = 4;

impl<'a> Alignment<'a> {
    /// The `count` best moves of one lever up or down by `step` (0.05 is five points), and the `count` best exchanges of one such move for
    /// another, from which all of some governments gain. A move ends at a bound if one is nearer.
    ///
    /// All moves of one lever are solved, up to 600: of more, those that promise some government most to first order. Exchanges are picked as if
    /// the gains from both moves added up, four times as many as asked for; these are solved too. Reforms that turn out to leave someone with less are
    /// left out: there may be fewer than asked for.
    ///
    /// # Errors
    /// A government that is not there, or none; a step that is none.
    pub fn reforms(&self, who: &[usize], step: f64, wanted: Wanted, count: usize) -> Result<Reforms, Problem> {
        self.known(who)?;
        positive(step)?;
        let moves = self.moves(who, step);
        let mut solved = moves.len();
        let mut singles = self.solved_each(who, moves.into_iter().map(|at| vec![at]).collect())?;
        let pairs = exchanges(&singles, wanted, SHORTLIST * count);
        let pairs: Vec<Vec<Move>> =
            (pairs.into_iter()).map(|(_, one, other)| vec![singles[one].moves[0], singles[other].moves[0]]).collect();
        solved += pairs.len();
        let mut exchanges = self.solved_each(who, pairs)?;
        for list in [&mut singles, &mut exchanges] {
            list.retain(Reform::all_gain);
            list.sort_by(|a, b| b.score(wanted).total_cmp(&a.score(wanted)));
            list.truncate(count);
        }
        Ok(Reforms { single: singles, exchanges, solved })
    }

    /// Every lever up and down, unless a bound leaves it no room; if that is too many, those that promise most
    /// to one of those asked about.
    fn moves(&self, who: &[usize], step: f64) -> Vec<Move> {
        let rates = self.variables.rates(&self.y);
        let mut moves: Vec<(Move, f64)> = Vec::new();
        for (lever, (level, scale)) in self.variables.levers().enumerate() {
            for sign in [1.0, -1.0] {
                let from = rates[lever];
                let to = (from + sign * step).clamp(level.bounds.0, level.bounds.1);
                // A bound that leaves less than a hundredth of the step is one that it stands at.
                if (to - from).abs() >= 0.01 * step {
                    moves.push((Move { lever, from, to }, scale * (to.ln_1p() - from.ln_1p())));
                }
            }
        }
        if moves.len() > MOVES {
            let promised = |government: usize, (at, length): &(Move, f64)| self.slopes[government][at.lever] * length;
            let mut picked = vec![false; moves.len()];
            for government in who {
                let mut order: Vec<usize> = (0..moves.len()).collect();
                let promise = |at: &usize| promised(*government, &moves[*at]);
                order.sort_by(|a, b| promise(b).total_cmp(&promise(a)));
                order[..MOVES / who.len()].iter().for_each(|at| picked[*at] = true);
            }
            let mut picked = picked.into_iter();
            moves.retain(|_| picked.next().unwrap_or(false));
        }
        moves.into_iter().map(|(at, _)| at).collect()
    }

    /// Solves reforms; those without an equilibrium are left out.
    fn solved_each(&self, who: &[usize], reforms: Vec<Vec<Move>>) -> Result<Vec<Reform>, Problem> {
        let solve = |solver: &mut Solver<'a>, moves: Vec<Move>| {
            let mut rates = self.variables.rates(&self.y);
            moves.iter().for_each(|at| rates[at.lever] = at.to);
            self.solved(solver, moves, &self.variables.of_rates(&rates), who)
        };
        let solved: Result<Vec<Option<Reform>>, Problem> =
            reforms.into_par_iter().map_init(|| Solver::new(self.economy, self.settings), solve).collect();
        Ok(solved?.into_iter().flatten().collect())
    }

    /// What a government's reading counts in a score.
    pub(super) fn weight(&self, government: usize, wanted: Wanted) -> f64 {
        let (goal, reading) = (&self.governments[government].goal, self.readings[government]);
        match wanted {
            // A percentage point of a goal in logs is one of its baseline.
            Wanted::Least => 100.0 * goal.money_slope(self.economy, reading) / goal.stake(self.economy),
            Wanted::Joint => goal.money_slope(self.economy, reading),
        }
    }

    /// What a reform to a place in these variables yields; `None` if there is no equilibrium.
    pub(super) fn solved(
        &self,
        solver: &mut Solver<'a>,
        moves: Vec<Move>,
        y: &[f64],
        who: &[usize],
    ) -> Result<Option<Reform>, Problem> {
        let Some(there) = self.readings_at(solver, y, who)? else { return Ok(None) };
        let (mut gains_pct, mut gains) = (Vec::new(), Vec::new());
        for (government, there) in who.iter().zip(&there) {
            let (goal, here) = (&self.governments[*government].goal, self.readings[*government]);
            gains_pct.push(goal.gain_pct(here, *there));
            gains.push(goal.money(self.economy, here, *there));
        }
        Ok(Some(Reform { moves, gains_pct, gains }))
    }
}

/// A score and the two moves it is of.
type Ranked = (f64, usize, usize);

/// The exchanges that promise most if gains add up, best first. Neither move is one that all gain from.
fn exchanges(singles: &[Reform], wanted: Wanted, most: usize) -> Vec<Ranked> {
    let open: Vec<usize> = (0..singles.len()).filter(|at| !singles[*at].all_gain()).collect();
    let partners = |first: usize| {
        let one = &singles[open[first]];
        let pair = |other: &usize| {
            let other_move = &singles[*other];
            let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<f64>>();
            let both = Reform {
                moves: Vec::new(),
                gains_pct: sum(&one.gains_pct, &other_move.gains_pct),
                gains: sum(&one.gains, &other_move.gains),
            };
            let same = one.moves[0].lever == other_move.moves[0].lever;
            (!same && both.all_gain()).then(|| (both.score(wanted), open[first], *other))
        };
        best(open[first + 1..].iter().filter_map(pair).collect(), most)
    };
    let pairs: Vec<Vec<Ranked>> = (0..open.len()).into_par_iter().map(partners).collect();
    best(pairs.into_iter().flatten().collect(), most)
}

/// The best, best first; of equals those named first.
fn best(mut list: Vec<Ranked>, most: usize) -> Vec<Ranked> {
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    list.truncate(most);
    list
}
