//! What would make an outsider whole.

use cobden_equilibrium::{Equilibrium, Policy, Solver};
use cobden_world::{Problem, Rate};
use rayon::prelude::*;

use super::{
    Agreement, EXACT_PCT,
    agreement::goes_on,
    crossing::{Trial, first_crossing},
};
use crate::Search;

/// What would make an outsider whole who loses by an agreement.
#[derive(Clone, Debug)]
pub struct Compensation {
    /// The outsider.
    pub country: usize,
    /// What it loses, in per cent of its real income without the agreement; above zero.
    pub loss_pct: f64,
    /// The money, at baseline prices, that is worth as much to it: `I_n (W_n without the agreement - W_n)`.
    pub money: f64,
    /// The concession in tariffs that is worth as much, or the best there is; `None` if no signatory has a tariff on its goods.
    pub concession: Option<Concession>,
}

/// Lower tariffs of all signatories on the goods of one outsider, in all sectors: each rate above zero times `1 - cut`.
#[derive(Clone, Debug)]
pub struct Concession {
    /// The common cut: 0 is none, 1 no tariffs on its goods. The smallest that makes it whole; if none does, the one that leaves it best
    /// off, to a thousandth.
    pub cut: f64,
    /// Whether it makes the outsider whole.
    pub enough: bool,
    /// What the outsider still loses, in per cent; zero if it is enough.
    pub loss_left_pct: f64,
    /// By signatory, what its goal still gains by the agreement, in per cent, after the concession.
    pub gains_pct: Vec<f64>,
    /// By signatory, what the concession costs it: its gain without less its gain with it, in percentage points. Below zero if it gains.
    pub costs_pct: Vec<f64>,
    /// By country, the change of real income that the concession makes to the agreement, in money at baseline prices.
    pub welfare_money: Vec<f64>,
    /// All tariffs.
    pub policy: Policy,
}

/// The cuts that are tried until one is enough: closely at first, since losses of outsiders are small.
const CUTS: [f64; 12] = [0.0078125, 0.015625, 0.03125, 0.0625, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0];

impl Agreement<'_> {
    /// For each outsider that loses more than [`EXACT_PCT`], worst off first in per cent: the money and the concession that make it whole. One
    /// outsider at a time; what a concession to one does to the others is in its `welfare_money`. `None` if it was called off.
    ///
    /// The concession is found on exact equilibria: cuts from a growing list until one is enough, then the root before it, at which the
    /// outsider has what it has without the agreement to 1e-9 per cent.
    ///
    /// # Errors
    /// A cut between two that have an equilibrium and without one.
    pub fn compensation(&self, search: &Search) -> Result<Option<Vec<Compensation>>, Problem> {
        let changes = self.change(&self.disagreement, &self.agreed);
        let mut losers: Vec<usize> = self.outsiders();
        losers.retain(|n| changes[*n].0 < -EXACT_PCT);
        losers.sort_by(|a, b| changes[*a].0.total_cmp(&changes[*b].0));
        // Outsiders share nothing but the agreement, so threads change no bit.
        let of_one = |country: usize| {
            let concession = match self.has_something_to_concede(country) {
                false => None,
                true => match self.concession(country, search)? {
                    None => return Ok(None),
                    found => found,
                },
            };
            let (loss_pct, money) = (-changes[country].0, -changes[country].1);
            Ok(Some(Compensation { country, loss_pct, money, concession }))
        };
        let all = losers.into_par_iter().map(of_one).collect::<Result<Vec<_>, Problem>>()?;
        Ok(all.into_iter().collect())
    }

    fn has_something_to_concede(&self, country: usize) -> bool {
        let mut rates =
            self.insiders().into_iter().flat_map(|n| (0..self.economy.sectors()).map(move |j| [n, country, j]));
        rates.any(|cell| self.after.tariffs[cell].0 > 0.0)
    }

    /// The agreement's tariffs with a cut for one outsider.
    fn with_cut(&self, country: usize, cut: f64) -> Policy {
        let mut policy = self.after.clone();
        for n in self.insiders() {
            for sector in 0..self.economy.sectors() {
                let rate = &mut policy.tariffs[[n, country, sector]];
                *rate = Rate(if rate.0 > 0.0 { (1.0 - cut) * rate.0 } else { rate.0 });
            }
        }
        policy
    }

    fn concession(&self, country: usize, search: &Search) -> Result<Option<Concession>, Problem> {
        let mut solver = Solver::new(self.economy, self.settings);
        let mut last: Equilibrium = self.agreed.clone();
        let (mut solves, mut left) = (0, self.ln_loss(country, &self.agreed));
        let found = first_crossing((0.0, left), &CUTS, |cut| {
            if !goes_on(search, solves, left) {
                return Ok(Trial::CalledOff);
            }
            solves += 1;
            let there = solver.solve(&self.with_cut(country, cut), Some(&last))?;
            if !there.report.stop.converged() {
                return Ok(Trial::Nowhere);
            }
            left = self.ln_loss(country, &there);
            last = there;
            Ok(Trial::Height(left))
        })?;
        let Some(found) = found else { return Ok(None) };
        let policy = self.with_cut(country, found.at);
        let there = solver.solve(&policy, Some(&last))?;
        let gains_pct = self.gains_pct_at(&there);
        Ok(Some(Concession {
            cut: found.at,
            enough: found.crossed,
            loss_left_pct: if found.crossed { 0.0 } else { -100.0 * (-self.ln_loss(country, &there)).exp_m1() },
            costs_pct: self.gains_pct().iter().zip(&gains_pct).map(|(without, with)| without - with).collect(),
            gains_pct,
            welfare_money: self.change(&self.agreed, &there).into_iter().map(|(_, money)| money).collect(),
            policy,
        }))
    }
}
