//! How a solve went.

use std::fmt;

use crate::verify::Residuals;

/// Why a solve stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Every condition holds to the tolerance.
    Converged,
    /// The bound on iterations, or on products with the derivative, was reached.
    MaxIterations,
    /// No step along the path, however short, came closer to a solution.
    Stalled,
    /// On the way there some country's income would vanish: it owes more, through a fixed deficit, than it earns.
    Insolvent,
    /// Trade goes one way only between some, and on the way there the transfer that pays for it, under [`Deficits::Share`](crate::Deficits::Share), would change
    /// its sign: goods would have to flow that never did.
    OneWay,
    /// On the way there the equilibrium turns back: it has met another and both end. Economies of scale do that, where inputs make them
    /// feed on themselves; beyond, whole sectors move at once, and output that adjusts to demand came to rest nowhere.
    Fold,
    /// On the way there a sector leaves a country for good: with all of free entry, `scale` 1, its output goes to nothing, and an
    /// equilibrium in which every sector stays no longer exists. Or, close to that, one exists in which its output is smaller than a number
    /// can be.
    Corner,
    /// Nothing was solved yet.
    NotRun,
}

impl Stop {
    /// Whether the numbers are an equilibrium.
    pub fn converged(self) -> bool {
        self == Stop::Converged
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stop::Converged => "converged",
            Stop::MaxIterations => "stopped at the bound on iterations",
            Stop::Stalled => "stopped where no further step came closer",
            Stop::Insolvent => "stopped where a country could no longer pay its fixed trade surplus out of its income",
            Stop::OneWay => "stopped where trade that goes one way only could no longer be paid for",
            Stop::Fold => "stopped at a fold, where the equilibrium that leads on from the baseline ends",
            Stop::Corner => "stopped where a sector leaves a country altogether, which free entry allows",
            Stop::NotRun => "not run",
        })
    }
}

/// How a solve went. An equilibrium whose report does not say converged is not a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolveReport {
    /// Why it stopped.
    pub stop: Stop,
    /// Newton iterations, over all steps of the path.
    pub iterations: usize,
    /// Products with the derivative, over all iterations.
    pub products: usize,
    /// What each equilibrium condition misses by, from the levels of the solution.
    pub residuals: Residuals,
    /// How far equilibria that lead on from the baseline were found on the straight line to the policy, 0 to 1. Less than 1 where it
    /// converged: that one ends on the way, and output went on to adjust until it came to rest in another.
    pub reached: f64,
    /// The country and the sector whose sales change fastest where the equilibrium ends; beyond it, those that moved most, all at once; at a
    /// corner, those that leave.
    pub abrupt: Option<Abrupt>,
}

/// What changes fastest at a fold, moved most beyond it, or leaves. Country and sector are indices in the world's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abrupt {
    /// The country.
    pub country: usize,
    /// The sector.
    pub sector: usize,
    /// Whether its sales fall.
    pub falls: bool,
}

impl SolveReport {
    pub(crate) fn not_run() -> Self {
        Self {
            stop: Stop::NotRun,
            iterations: 0,
            products: 0,
            residuals: Residuals::default(),
            reached: 0.0,
            abrupt: None,
        }
    }

    /// Whether the equilibrium found is another than the one that leads on from the baseline, which ends on the way to the policy.
    pub fn elsewhere(&self) -> bool {
        self.stop.converged() && self.reached < 1.0
    }

    /// The largest relative residual of any condition.
    pub fn residual_max(&self) -> f64 {
        self.residuals.max()
    }
}
