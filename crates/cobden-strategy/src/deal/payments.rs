//! Deals in which money changes hands as well.

use cobden_equilibrium::{Equilibrium, Policy};
use cobden_world::Problem;

use super::{
    Bargain, Negotiation,
    bargain::{GAIN_PCT, SHARPER, report},
};
use crate::{Halt, Search, accord::Accord, merit::Merit};

/// What parties agree on if they can pay one another: the tariffs that yield most in money together, and payments that divide it.
///
/// Money is at baseline prices, as `I_n W_n` is; what a payment itself does to prices is left aside.
#[derive(Clone, Debug)]
pub struct PaidDeal {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them, before payments.
    pub equilibrium: Equilibrium,
    /// By party, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// By party, what the tariffs alone bring it over the disagreement, in money. May be a loss.
    pub yields: Vec<f64>,
    /// By party, what it is paid; below zero, what it pays. With sum zero.
    pub payments: Vec<f64>,
    /// By party, what it has in the end over the disagreement: its power's share of the sum of `yields`.
    pub gains: Vec<f64>,
}

impl Negotiation<'_> {
    /// Nash bargaining where money may change hands: the tariffs on the agenda that maximise the sum of what parties have in money, and
    /// payments after which each has its power's share of what there is to divide.
    ///
    /// With money to divide, `sum_i power_i ln x_i` over all `x` with sum `S` is highest at `x_i = power_i S`, and the higher the larger `S` is.
    ///
    /// # Errors
    /// A party whose goal is not worth money: it must be the welfare of a country or a bloc, or in money itself. Else as
    /// [`Negotiation::bargain`].
    pub fn bargain_with_payments(&self, search: &Search) -> Result<Bargain<PaidDeal>, Problem> {
        let worths = self.worths()?;
        let everyone: Vec<usize> = (0..self.signatories.len()).collect();
        let (mut best, mut solves, mut converged): (Option<(Bargain<PaidDeal>, f64)>, _, _) = (None, 0, 0);
        for start in search.starts {
            let mut accord = Accord::new(&self.game, &self.game.start(&everyone, start)?, &self.threats)?;
            let merit = Merit::Sum(worths.clone());
            let (halt, gap) = accord.climb(&merit, SHARPER * search.tolerance_pct / 100.0, |_, _| false, search)?;
            if halt.converged() {
                accord.check_bounded("what the parties have together")?;
            }
            solves += accord.solves;
            converged += usize::from(halt.converged());
            let (paid, report) = (self.paid(&accord, &worths), report(&accord, halt, gap));
            let surplus: f64 = paid.yields.iter().sum();
            let some = 100.0 * surplus > GAIN_PCT * worths.iter().sum::<f64>();
            let better = best
                .as_ref()
                .is_none_or(|(best, before)| (halt.converged(), surplus) > (best.report.halt.converged(), *before));
            if better || halt == Halt::CalledOff {
                best = Some((Bargain { deal: some.then_some(paid), report }, surplus));
            }
            if halt == Halt::CalledOff {
                break;
            }
        }
        let (mut best, _) = best.ok_or_else(|| {
            Problem::new("a search for a deal without a start").help("start from no tariffs on the agenda")
        })?;
        best.report.solves = solves;
        best.report.starts = (converged, search.starts.len());
        best.report.optima = usize::from(best.deal.is_some());
        Ok(best)
    }

    /// By party, what a gain of all it has without agreement would be worth.
    fn worths(&self) -> Result<Vec<f64>, Problem> {
        let parties = self.signatories.iter().zip(&self.threats);
        let worth = |(party, threat): (&super::Signatory, &f64)| {
            party.goal.worth(self.game.economy, *threat).ok_or_else(|| {
                Problem::new(format!("what {} wants is not worth money, so nobody can pay for it", party.name)).help(
                    "side payments need goals that are incomes: the welfare of a country or a bloc, or aims in money",
                )
            })
        };
        parties.map(worth).collect()
    }

    fn paid(&self, accord: &Accord, worths: &[f64]) -> PaidDeal {
        let yields: Vec<f64> = worths.iter().zip(&accord.at.gains).map(|(worth, gain)| worth * gain).collect();
        let surplus: f64 = yields.iter().sum();
        let gains: Vec<f64> = self.powers.iter().map(|power| power * surplus).collect();
        PaidDeal {
            policy: accord.at.policy.clone(),
            equilibrium: accord.at.here.clone(),
            rates: accord.rates(),
            payments: gains.iter().zip(&yields).map(|(gain, yields)| gain - yields).collect(),
            yields,
            gains,
        }
    }
}
