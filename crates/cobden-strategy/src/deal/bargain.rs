//! Nash bargaining: what parties agree on, with the proof that they would not agree on something else close by.

use cobden_equilibrium::{Equilibrium, Policy};
use cobden_world::Problem;

use super::Negotiation;
use crate::{
    Halt, Search,
    accord::{Accord, Stand},
    merit::Merit,
    respond::distinct,
};

/// How parties bargained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BargainReport {
    /// Why the search ended. Unless it converged neither a deal nor its absence is a result.
    pub halt: Halt,
    /// Iterations from the start that led to the answer.
    pub iterations: usize,
    /// Equilibria solved, over all starts.
    pub solves: usize,
    /// What is still to be won, to second order: by how many percentage points the gains of all would have to rise to be worth as much.
    pub first_order_gap_pct: f64,
    /// How many starts converged, of how many.
    pub starts: (usize, usize),
    /// How many different heights they reached. Without a deal: 0.
    pub optima: usize,
}

/// What came of a search for a deal. No deal after a search that converged is an answer: from none of its starts is there a way to tariffs
/// on the agenda at which everybody gains.
#[derive(Clone, Debug)]
pub struct Bargain<D = Deal> {
    /// The deal; of several, the best.
    pub deal: Option<D>,
    /// How it was sought.
    pub report: BargainReport,
}

/// What parties agree on.
#[derive(Clone, Debug)]
pub struct Deal {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// By party, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// By party, the gain over the disagreement, in per cent of what it has there; of a goal in money, points of baseline income.
    pub gains_pct: Vec<f64>,
    /// `sum_i power_i ln gain_i`, gains in per cent and powers with sum one.
    pub ln_product: f64,
    /// By party, `d ln product / d gain`, `power_i / gain_i`: what another percentage point for it is worth to the product.
    pub weights: Vec<f64>,
    /// By party, the deal if its power were a tenth greater: what leaning towards it would bring and cost.
    pub leans: Vec<Lean>,
}

/// A deal that leans towards one party: the proof, found by a search of its own, that the product falls along the frontier in that
/// direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Lean {
    /// By party, the gain over the disagreement in per cent.
    pub gains_pct: Vec<f64>,
    /// By how much `ln product`, with the powers as stated, differs from the deal's. Nothing above the search's tolerance, or the deal is none.
    pub ln_product: f64,
}

/// How much closer than a best response a deal is sought. The product is flat at its top: along the frontier a gain `g` is settled to the root of
/// twice `g` times what is left, which for a gain of one per cent is a ten-thousandth of a percentage point at 1e-8 and a millionth at 1e-12.
pub(super) const SHARPER: f64 = 1e-4;
/// The smallest gain, in per cent, that counts as one: ten times what equilibria are exact to.
pub(super) const GAIN_PCT: f64 = 1e-7;
/// How much greater a power is for a deal to lean.
const LEAN: f64 = 1.1;
/// Differences of `ln product` above which two deals are two.
const APART: f64 = 1e-4;

impl Negotiation<'_> {
    /// The Nash bargaining solution: the tariffs on the agenda that maximise `sum_i power_i ln gain_i`, `gain_i` what party `i`'s goal has over the
    /// disagreement in per cent.
    ///
    /// From every start of the search ([`Negotiation::STARTS`] if you have none of your own) it looks for tariffs at which all gain, by raising
    /// the smallest gain; then it raises the product. Each step solves `max_s sum_i power_i ln (g_i + a_i s) - s' B s / 2`, `a` the
    /// gradients of the gains `g` and `B` the bend of their weighted sum. The best deal is the answer; it is certified by a further search for each
    /// party ([`Lean`]).
    ///
    /// # Errors
    /// A search without a start; a start without an equilibrium; a deal that still gets better at tariffs of 10,000 % or -90 % where no
    /// bound was stated.
    pub fn bargain(&self, search: &Search) -> Result<Bargain, Problem> {
        let everyone: Vec<usize> = (0..self.signatories.len()).collect();
        let mut best: Option<Bargain> = None;
        let (mut heights, mut converged, mut solves) = (Vec::new(), 0, 0);
        for start in search.starts {
            let rates = self.game.start(&everyone, start)?;
            let bargain = self.bargain_from(&rates, search)?;
            solves += bargain.report.solves;
            converged += usize::from(bargain.report.halt.converged());
            if bargain.report.halt.converged() {
                heights.extend(bargain.deal.as_ref().map(|deal| deal.ln_product));
            }
            let called_off = bargain.report.halt == Halt::CalledOff;
            if called_off || best.as_ref().is_none_or(|best| bargain.rank() > best.rank()) {
                best = Some(bargain);
            }
            if called_off {
                break;
            }
        }
        let mut best = best.ok_or_else(|| {
            Problem::new("a search for a deal without a start").help("start from no tariffs on the agenda")
        })?;
        best.report.solves = solves;
        best.report.starts = (converged, search.starts.len());
        best.report.optima = distinct(heights, APART);
        Ok(best)
    }

    fn bargain_from(&self, rates: &[Vec<f64>], search: &Search) -> Result<Bargain, Problem> {
        let tolerance = search.tolerance_pct / 100.0;
        let mut accord = Accord::new(&self.game, rates, &self.threats)?;
        let least = |gains: &[f64]| gains.iter().copied().fold(f64::INFINITY, f64::min);
        // Half of what there is for all to gain is a good place to go on from.
        let half_way = |gains: &[f64], promise: f64| 100.0 * least(gains) > GAIN_PCT && promise <= least(gains);
        let (halt, gap) = accord.climb(&Merit::Least, tolerance, half_way, search)?;
        if 100.0 * least(&accord.at.gains) <= GAIN_PCT || halt == Halt::CalledOff {
            return Ok(Bargain { deal: None, report: report(&accord, halt, gap) });
        }
        let merit = Merit::Product(self.powers.clone());
        let (halt, gap) = accord.climb(&merit, SHARPER * tolerance, |_, _| false, search)?;
        let mut report = report(&accord, halt, gap);
        if halt.converged() {
            accord.check_bounded("the deal")?;
        }
        let mut deal = self.deal(&accord);
        if halt.converged() {
            (report.halt, deal.leans) = self.leans(&mut accord, &deal, search)?;
            report.solves = accord.solves;
        }
        Ok(Bargain { deal: Some(deal), report })
    }

    fn deal(&self, accord: &Accord) -> Deal {
        let gains_pct = accord.gains_pct();
        Deal {
            policy: accord.at.policy.clone(),
            equilibrium: accord.at.here.clone(),
            rates: accord.rates(),
            ln_product: self.ln_product(&gains_pct),
            weights: self.powers.iter().zip(&gains_pct).map(|(power, gain)| power / gain).collect(),
            gains_pct,
            leans: Vec::new(),
        }
    }

    fn ln_product(&self, gains_pct: &[f64]) -> f64 {
        self.powers.iter().zip(gains_pct).map(|(power, gain)| power * gain.ln()).sum()
    }

    /// The frontier of what the parties can have: for each set of powers, one per party, what all gain, in per cent, by the deal that it leads to.
    /// Every search starts from a deal that is known. `None` if it was called off.
    ///
    /// # Errors
    /// Powers that are not one above zero for each party; a deal of another table; a search that does not converge.
    pub fn frontier(
        &self,
        deal: &Deal,
        powers: &[Vec<f64>],
        search: &Search,
    ) -> Result<Option<Vec<Vec<f64>>>, Problem> {
        let positive = |power: &f64| power.is_finite() && *power > 0.0;
        if let Some(wrong) =
            powers.iter().find(|powers| powers.len() != self.powers.len() || !powers.iter().all(positive))
        {
            let what = format!("bargaining powers {wrong:?} of {} parties", self.powers.len());
            return Err(Problem::new(what).help("one for each party, above zero"));
        }
        let levers = |rates: &[Vec<f64>]| rates.iter().map(Vec::len).collect::<Vec<_>>();
        if levers(&deal.rates) != self.game.players.iter().map(|player| player.instruments.len()).collect::<Vec<_>>() {
            return Err(
                Problem::new("a deal of another table").help("the frontier starts from a deal of the same parties")
            );
        }
        let mut accord = Accord::new(&self.game, &deal.rates, &self.threats)?;
        let (stand, mut all) = (accord.at.clone(), Vec::new());
        for powers in powers {
            match self.lean(&mut accord, &stand, powers.clone(), search)? {
                (Halt::Converged, gains_pct) => all.push(gains_pct),
                (Halt::CalledOff, _) => return Ok(None),
                (halt, _) => {
                    return Err(Problem::new(format!("the deal at powers {powers:?} is not known: the search {halt}"))
                        .help("allow more iterations, or ask for powers less far apart"));
                }
            }
        }
        Ok(Some(all))
    }

    /// For each party, the deal that leans towards it; and whether the product falls that way.
    fn leans(&self, accord: &mut Accord, deal: &Deal, search: &Search) -> Result<(Halt, Vec<Lean>), Problem> {
        let stand = accord.at.clone();
        let mut leans = Vec::new();
        for party in 0..self.powers.len() {
            let mut powers = self.powers.clone();
            powers[party] *= LEAN;
            let (halt, gains_pct) = self.lean(accord, &stand, powers, search)?;
            if !halt.converged() {
                return Ok((halt, leans));
            }
            let ln_product = self.ln_product(&gains_pct) - deal.ln_product;
            // In units of an equal rise of all gains, as tolerances are.
            if ln_product > search.tolerance_pct * deal.weights.iter().sum::<f64>() {
                return Ok((Halt::Stalled, leans));
            }
            leans.push(Lean { gains_pct, ln_product });
        }
        Ok((Halt::Converged, leans))
    }

    /// What all gain, in per cent, by the deal to which other powers lead from a point.
    fn lean(
        &self,
        accord: &mut Accord,
        from: &Stand,
        powers: Vec<f64>,
        search: &Search,
    ) -> Result<(Halt, Vec<f64>), Problem> {
        accord.at.clone_from(from);
        let (halt, _) = accord.climb(&Merit::Product(powers), search.tolerance_pct / 100.0, |_, _| false, search)?;
        Ok((halt, accord.gains_pct()))
    }
}

impl Bargain {
    /// Something to agree on before nothing, even where the search for the best of it did not end well; and a high product before a low one.
    fn rank(&self) -> (bool, bool, f64) {
        let height = self.deal.as_ref().map_or(f64::NEG_INFINITY, |deal| deal.ln_product);
        (self.deal.is_some(), self.report.halt.converged(), height)
    }
}

/// How one search went.
pub(super) fn report(accord: &Accord, halt: Halt, gap: f64) -> BargainReport {
    BargainReport {
        halt,
        iterations: accord.iterations,
        solves: accord.solves,
        first_order_gap_pct: 100.0 * gap,
        starts: (usize::from(halt.converged()), 1),
        optima: 0,
    }
}
