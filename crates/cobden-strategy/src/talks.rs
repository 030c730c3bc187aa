//! Trade talks: the tariffs that raise the smallest gain over a threat point as far as it goes.

use cobden_equilibrium::{Equilibrium, Policy};
use cobden_world::Problem;

use crate::{Game, Halt, Search, Start, accord::Accord, merit::Merit};

/// How talks went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TalksReport {
    /// Why the search ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Iterations from the start that led to the answer.
    pub iterations: usize,
    /// Equilibria solved, over all starts.
    pub solves: usize,
    /// By how much the smallest gain could still rise, to second order, in percentage points.
    pub first_order_gap_pct: f64,
    /// How many starts converged, of how many.
    pub starts: (usize, usize),
}

/// What players agree on if they raise the smallest gain of any as far as it goes.
#[derive(Clone, Debug)]
pub struct Talks {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// By player, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// By player, the gain over the threat point, in per cent of what it has there.
    pub gains_pct: Vec<f64>,
    /// By player, the weight of its gain where none can be raised without lowering the least; 0 for one who has more than the least.
    pub weights: Vec<f64>,
    /// How they were found.
    pub report: TalksReport,
}

impl Game<'_> {
    /// Trade talks: all players' instruments move together to raise the smallest gain over the threat point, what becomes of players without
    /// agreement, as far as it goes.
    ///
    /// Maximises the smallest gain, each as a share of what its player has at the threat point. Where tariffs can be anything all gains are equal
    /// at the top, since tariffs also transfer income; bounds may keep them apart. Each step solves `max_s min_i (g_i + a_i s) - s' B s / 2`, `g`
    /// the gains, `a` their gradients, `B` the bend of the weighted sum: sequential quadratic programming on the weights.
    ///
    /// # Errors
    /// A threat that is no solved equilibrium; tariffs of a start without an equilibrium.
    pub fn talks(&self, threat: &Equilibrium, search: &Search) -> Result<Talks, Problem> {
        if !threat.report.stop.converged() {
            return Err(Problem::unsolved(format!(
                "the threat point is no equilibrium: the solver {}",
                threat.report.stop
            )));
        }
        let threats: Vec<f64> = self.players.iter().map(|player| player.goal.reading(self.economy, threat)).collect();
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let (mut best, mut solves, mut converged): (Option<Talks>, usize, usize) = (None, 0, 0);
        for start in search.starts {
            let rates = self.start(&everyone, start)?;
            let mut accord = Accord::new(self, &rates, &threats)?;
            let (halt, gap) = accord.climb(&Merit::Least, search.tolerance_pct / 100.0, |_, _| false, search)?;
            converged += usize::from(halt.converged());
            let report = TalksReport {
                starts: (converged, search.starts.len()),
                halt,
                iterations: accord.iterations,
                solves: accord.solves,
                first_order_gap_pct: 100.0 * gap,
            };
            let (rates, gains_pct) = (accord.rates(), accord.gains_pct());
            let (policy, equilibrium) = (accord.at.policy, accord.at.here);
            let talks = Talks { policy, equilibrium, rates, gains_pct, weights: accord.weights, report };
            solves += talks.report.solves;
            let least = |talks: &Talks| talks.gains_pct.iter().copied().fold(f64::INFINITY, f64::min);
            let rank = |talks: &Talks| (talks.report.halt.converged(), least(talks));
            if talks.report.halt == Halt::CalledOff {
                return Ok(talks);
            }
            if best.as_ref().is_none_or(|best| rank(&talks) > rank(best)) {
                best = Some(talks);
            }
        }
        let mut best = best.ok_or_else(|| Problem::new("trade talks without a start").help("start from free trade"))?;
        best.report.solves = solves;
        best.report.starts.0 = converged;
        Ok(best)
    }

    /// Where talks usually start: free trade.
    pub const FREE_TRADE: [Start; 1] = [Start::Rate(0.0)];
}
