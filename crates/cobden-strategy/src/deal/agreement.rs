//! An agreement, and the world with and without it.

use cobden_equilibrium::{Economy, Equilibrium, Policy, Settings, Solver};
use cobden_world::Problem;

use super::{Signatory, negotiation::check_signatories};
use crate::{Progress, Search, goal::welfare};

/// Changes of welfare, in per cent, up to which count as none: what equilibria are exact to, with room to spare.
pub const EXACT_PCT: f64 = 1e-6;

/// A change of tariffs that some countries signed: bargained here, or read in the newspaper.
///
/// All comparisons are with the disagreement, money is at baseline prices: `I_n (W_n - W_n without agreement)`.
#[derive(Clone, Debug)]
pub struct Agreement<'a> {
    pub(super) economy: &'a Economy,
    pub(super) settings: Settings,
    pub(super) signatories: Vec<Signatory>,
    pub(super) before: Policy,
    pub(super) after: Policy,
    pub(super) disagreement: Equilibrium,
    pub(super) agreed: Equilibrium,
}

impl<'a> Agreement<'a> {
    /// An agreement that changes all tariffs from one policy to another.
    ///
    /// # Errors
    /// No signatory; a country that two speak for or that is not there; a goal without an aim; a policy without an equilibrium.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        signatories: Vec<Signatory>,
        disagreement: Policy,
        agreed: Policy,
    ) -> Result<Self, Problem> {
        if signatories.is_empty() {
            return Err(Problem::new("an agreement that nobody signed").help("name at least one signatory"));
        }
        check_signatories(economy, signatories.iter())?;
        let mut solver = Solver::new(economy, settings);
        let mut solved = |policy: &Policy, when: &str| {
            let there = solver.solve(policy, None)?;
            if there.report.stop.converged() {
                return Ok(there);
            }
            Err(Problem::unsolved(format!("no equilibrium {when} the agreement: the solver {}", there.report.stop))
                .help("let deficits follow incomes, or ask for lower tariffs"))
        };
        Ok(Self {
            economy,
            settings,
            signatories,
            disagreement: solved(&disagreement, "without")?,
            agreed: solved(&agreed, "under")?,
            before: disagreement,
            after: agreed,
        })
    }

    /// Who signed.
    pub fn signatories(&self) -> &[Signatory] {
        &self.signatories
    }

    /// The equilibrium without the agreement.
    pub fn disagreement(&self) -> &Equilibrium {
        &self.disagreement
    }

    /// The equilibrium under it.
    pub fn agreed(&self) -> &Equilibrium {
        &self.agreed
    }

    /// By signatory, what its goal gains, in per cent of what it has without the agreement; of a goal in money, points of baseline income.
    pub fn gains_pct(&self) -> Vec<f64> {
        self.gains_pct_at(&self.agreed)
    }

    /// The countries for which nobody signed.
    pub fn outsiders(&self) -> Vec<usize> {
        (0..self.economy.countries()).filter(|n| self.signatory_of(*n).is_none()).collect()
    }

    /// The signatory that speaks for a country.
    pub(super) fn signatory_of(&self, country: usize) -> Option<usize> {
        self.signatories.iter().position(|signatory| signatory.members.contains(&country))
    }

    /// The countries that signed.
    pub(super) fn insiders(&self) -> Vec<usize> {
        self.signatories.iter().flat_map(|signatory| signatory.members.clone()).collect()
    }

    pub(super) fn gains_pct_at(&self, there: &Equilibrium) -> Vec<f64> {
        (0..self.signatories.len()).map(|signatory| 100.0 * self.gain_at(signatory, there)).collect()
    }

    /// What a signatory's goal has over the disagreement, as a share.
    pub(super) fn gain_at(&self, signatory: usize, there: &Equilibrium) -> f64 {
        let goal = &self.signatories[signatory].goal;
        let reading = |equilibrium: &Equilibrium| goal.reading(self.economy, equilibrium);
        goal.relative(reading(&self.disagreement), reading(there))
    }

    /// By country, the change of welfare from one equilibrium to another: in per cent, and in money at baseline prices.
    pub(super) fn change(&self, from: &Equilibrium, to: &Equilibrium) -> Vec<(f64, f64)> {
        let change = |n: usize| {
            let (before, after) = (welfare(self.economy, from, n), welfare(self.economy, to, n));
            let share = (after - before).exp_m1();
            (100.0 * share, self.economy.income()[n] * before.exp() * share)
        };
        (0..self.economy.countries()).map(change).collect()
    }

    /// The country's loss of welfare, in logs, from the disagreement.
    pub(super) fn ln_loss(&self, country: usize, there: &Equilibrium) -> f64 {
        welfare(self.economy, &self.disagreement, country) - welfare(self.economy, there, country)
    }
}

/// Asks before another equilibrium whether to go on.
pub(super) fn goes_on(search: &Search, solves: usize, left: f64) -> bool {
    (search.go_on)(Progress { iterations: solves, first_order_gap_pct: 100.0 * left })
}
