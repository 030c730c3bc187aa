//! Which imports to list if the trade affected has a cap.

use std::sync::atomic::{AtomicBool, Ordering};

use cobden_world::Problem;
use rayon::prelude::*;

use super::{
    Measures, Retaliation,
    conditions::{Condition, Programme},
    design::{HARM, OWN},
    knapsack::knapsack,
    partly::Partly,
    programme::{Climb, Climber, Quantity, Stand},
};
use crate::{Halt, Search};

/// What a list is to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// The retaliators' goal.
    Own,
    /// Harm to the targets.
    Harm,
}

/// A list of levers that move, the others staying as they are.
#[derive(Clone, Debug)]
pub struct List {
    /// The levers on the list.
    pub levers: Vec<usize>,
    /// Baseline imports from the targets that the list covers, at most the cap. Of a lever that is listed but best left alone nothing counts as
    /// affected in `measures`.
    pub covered: f64,
    /// The best rates for those on the list, and what they do.
    pub measures: Measures,
    /// What the list reaches, in percentage points of what is raised.
    pub reached_pct: f64,
    /// What no list under the cap can exceed, in the same points, as far as the search for it found the top: each lever may be listed in part.
    /// `None` if that search did not converge.
    pub bound_pct: Option<f64>,
    /// Lists that were solved.
    pub tried: usize,
}

/// Exchanges that are solved in each round.
const SHORTLIST: usize = 24;
/// Levers off the list that are looked at in each round.
const CANDIDATES: usize = 40;
/// How much rougher than an answer the worth of a lever is found that only says what to try.
const ROUGH: f64 = 1e3;
/// Most rounds of exchanges.
const ROUNDS: usize = 20;
/// How much of its bend a lever listed in part is charged: with all of it the relaxed question might have several tops.
const MARGIN: f64 = 0.8;
/// Gains that are none.
const SAME: f64 = 1e-9;

/// A list under construction: everything about the question that does not change.
struct Lister<'g, 'a> {
    retaliation: &'g Retaliation<'a>,
    /// Those of the retaliation, and the cap.
    quantities: Vec<Quantity>,
    programme: Programme,
    raised: usize,
    /// By lever: the imports it covers.
    values: Vec<f64>,
    cap: f64,
}

/// A list and where it stands.
struct Listed<'g> {
    on: Vec<bool>,
    at: Stand<'g>,
    climb: Climb,
}

impl Retaliation<'_> {
    /// The levers to raise if the baseline imports they cover may be worth so much at most, in the world's unit, and their best rates.
    ///
    /// A knapsack whose contents interact. First the relaxed question, in which a lever may be listed in part: its log factor may go so much of the
    /// way to its bound as is listed of it. Its answer is the bound. Lists come from rounding it, and from adding whatever promises most
    /// for its value; the better of the two is improved by exchanging one lever for another while that helps. Any exact method would have to solve the
    /// world for very many lists; the bound says what could still be won.
    ///
    /// # Errors
    /// A cap that is not above zero, or below what any lever covers; a lever without a stated highest rate; levers that cannot leave the tariffs
    /// in force as they are.
    pub fn list(&self, cap: f64, raised: Raised, search: &Search) -> Result<List, Problem> {
        let lister = Lister::new(self, cap, raised)?;
        // Whatever was under way when it was called off, no answer counts as found.
        let called_off = AtomicBool::new(false);
        let go_on = |progress| {
            let on = (search.go_on)(progress);
            called_off.fetch_or(!on, Ordering::Relaxed);
            on
        };
        let search = &Search { go_on: &go_on, ..*search };
        let relaxed = lister.relaxed(lister.start()?.at, search)?;
        let mut tried = 0;
        let rounded = lister.improved(lister.rounded(&relaxed.at, search)?, search, &mut tried)?;
        let greedy = lister.greedy(search, &mut tried)?;
        let greedy = lister.improved(greedy, search, &mut tried)?;
        let best = if lister.better(&greedy, &rounded) { greedy } else { rounded };
        // What a list reaches the relaxed question reaches too. It may have several tops: it is climbed once more, from the list.
        let again = lister.relaxed(best.at.clone(), search)?;
        let tops = [relaxed, again].into_iter().filter(|top| top.climb.halt.converged());
        let bound = tops.reduce(|one, other| if lister.better(&other, &one) { other } else { one });
        let mut measures = self.measures(&best.at, &best.climb, None);
        if called_off.load(Ordering::Relaxed) {
            measures.report.halt = Halt::CalledOff;
        }
        let share = |at: &Stand| {
            let measures = self.measures(at, &best.climb, None);
            if raised == Raised::Own { measures.own_pct } else { measures.harm_pct }
        };
        Ok(List {
            covered: lister.covered(&best.on),
            reached_pct: share(&best.at),
            bound_pct: bound.map(|bound| share(&bound.at).max(share(&best.at))),
            levers: (0..best.on.len()).filter(|lever| best.on[*lever]).collect(),
            measures,
            tried,
        })
    }
}

impl<'g, 'a> Lister<'g, 'a> {
    fn new(retaliation: &'g Retaliation<'a>, cap: f64, raised: Raised) -> Result<Self, Problem> {
        let values = retaliation.covered();
        let least = values.iter().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        if !(cap.is_finite() && cap > 0.0) {
            return Err(Problem::new(format!("a cap of {cap} on trade affected")).help("a cap is a value above zero"));
        }
        if least > cap {
            let what = format!("a cap of {cap} on trade affected leaves nothing to list: the least covers {least:.6}");
            return Err(Problem::new(what).help("raise the cap, or let levers be narrower"));
        }
        let levers = retaliation.instruments().levers();
        if levers.iter().any(|lever| !lever.stated.1) {
            return Err(Problem::new("a list needs a highest rate").help("state bounds, such as max = \"100%\""));
        }
        let from = retaliation.instruments().express(retaliation.game.in_force())?;
        let from: Vec<f64> = from.iter().map(|rate| rate.ln_1p()).collect();
        // The share of the cap that is taken: minus that must be at least minus one.
        let taken = |((value, lever), from): ((&f64, &crate::Lever), &f64)| {
            let range = lever.bounds.1.ln_1p() - from;
            if range > 0.0 { -value / cap / range } else { 0.0 }
        };
        let weights = values.iter().zip(levers).zip(&from).map(taken).collect();
        let mut quantities = retaliation.quantities.clone();
        quantities.push(Quantity::Levers { weights, from: from.clone() });
        let raised = if raised == Raised::Own { OWN } else { HARM };
        let mut programme = retaliation.programme(raised, &[]);
        programme.weights.resize(quantities.len() + 1, 0.0);
        let mut this = Self { retaliation, quantities, programme, raised, values, cap };
        let partly = Partly { bends: this.bends()?, shares: this.values.iter().map(|value| value / cap).collect() };
        this.quantities.push(Quantity::Partly { partly, from });
        Ok(this)
    }

    /// By lever, how what is raised bends in its log factor: the mean from the tariff in force to its bound, or to the top of the parabola if that is
    /// nearer, all others staying; less a margin for how levers bend together.
    fn bends(&self) -> Result<Vec<f64>, Problem> {
        let start = self.start()?.at;
        let upper = start.variables.room().upper;
        let mut weights = vec![0.0; self.quantities.len()];
        weights[self.raised] = 1.0;
        let slope = start.slope_of(&weights);
        let scales: Vec<f64> = start.variables.levers().map(|(_, scale)| scale).collect();
        let bend = |lever: usize| {
            let far = (upper[lever] - start.y[lever]).min(slope[lever].max(0.0));
            if far <= 0.0 {
                return Ok(0.0);
            }
            let mut climber = Climber::resume(&self.retaliation.game, &self.quantities, start.clone());
            let mut y = start.y.clone();
            y[lever] += far;
            climber.move_to(y)?;
            let bend = (slope[lever] - climber.at.slope_of(&weights)[lever]) / far;
            Ok(MARGIN * bend.max(0.0) * scales[lever].powi(2))
        };
        (0..upper.len()).into_par_iter().map(bend).collect()
    }

    fn reached(&self, at: &Stand) -> f64 {
        at.values[self.raised]
    }

    fn covered(&self, on: &[bool]) -> f64 {
        on.iter().zip(&self.values).filter(|(on, _)| **on).map(|(_, value)| value).sum()
    }

    /// Where nothing is raised.
    fn start(&'g self) -> Result<Climber<'g>, Problem> {
        let game = &self.retaliation.game;
        let rates = self.retaliation.instruments().express(game.in_force())?;
        let mut climber = Climber::new(game, &self.quantities, &rates, Some(&self.retaliation.before))?;
        climber.at.room.lower = climber.at.y.clone();
        Ok(climber)
    }

    /// The relaxed question, each lever listed in part, unless it is too large for the cap by itself.
    fn relaxed(&'g self, from: Stand<'g>, search: &Search) -> Result<Listed<'g>, Problem> {
        let mut climber = Climber::resume(&self.retaliation.game, &self.quantities, from);
        let (nothing, all) = (&climber.at.room.lower, climber.at.variables.room().upper);
        let upper = |lever: usize| if self.values[lever] <= self.cap { all[lever] } else { nothing[lever] };
        climber.at.room.upper = (0..all.len()).map(upper).collect();
        let mut programme = self.programme.clone();
        let quantity = self.quantities.len() - 1;
        programme.conditions.push(Condition { quantity: quantity - 1, level: -1.0, exact: false });
        programme.weights[quantity] = -1.0;
        let climb = climber.climb(&programme, search)?;
        Ok(Listed { on: vec![true; self.values.len()], at: climber.at, climb })
    }

    fn better(&self, one: &Listed, other: &Listed) -> bool {
        let rank = |listed: &Listed| (listed.climb.halt.converged(), self.reached(&listed.at));
        rank(one) > rank(other)
    }

    /// A list after all exchanges that help.
    fn improved(&'g self, mut listed: Listed<'g>, search: &Search, tried: &mut usize) -> Result<Listed<'g>, Problem> {
        for _ in 0..ROUNDS {
            match self.exchanged(&listed, search, tried)? {
                Some(better) => listed = better,
                None => break,
            }
        }
        Ok(listed)
    }

    /// The best rates of a list, from somewhere near.
    fn solve(&'g self, on: Vec<bool>, from: Stand<'g>, search: &Search) -> Result<Listed<'g>, Problem> {
        let mut climber = Climber::resume(&self.retaliation.game, &self.quantities, from);
        let (nothing, all) = (climber.at.room.lower.clone(), climber.at.variables.room().upper);
        climber.at.room.upper =
            (0..on.len()).map(|lever| if on[lever] { all[lever] } else { nothing[lever] }).collect();
        // Harm may fall at first and rise later: levers that are new to the list start at their bound.
        let new = |lever: usize| self.raised == HARM && on[lever] && climber.at.y[lever] <= nothing[lever];
        let within = |lever: usize| match new(lever) {
            true => all[lever],
            false => climber.at.y[lever].min(climber.at.room.upper[lever]),
        };
        let y = (0..on.len()).map(within).collect();
        climber.move_to(y)?;
        let climb = climber.climb(&self.programme, search)?;
        Ok(Listed { on, at: climber.at, climb })
    }

    /// The levers that the relaxed answer lists most of, as far as the cap allows.
    fn rounded(&'g self, relaxed: &Stand<'g>, search: &Search) -> Result<Listed<'g>, Problem> {
        let (lower, upper) = (&relaxed.room.lower, &relaxed.room.upper);
        let part =
            |lever: usize| (relaxed.y[lever] - lower[lever]) / (upper[lever] - lower[lever]).max(f64::MIN_POSITIVE);
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|a, b| part(*b).total_cmp(&part(*a)));
        let mut on = vec![false; order.len()];
        for lever in order {
            on[lever] = part(lever) > 0.0 && self.covered(&on) + self.values[lever] <= self.cap;
        }
        self.solve(on, relaxed.clone(), search)
    }

    /// Whatever promises most for its value is added while there is room, the rates of all chosen anew.
    fn greedy(&'g self, search: &Search, tried: &mut usize) -> Result<Listed<'g>, Problem> {
        let start = self.start()?.at;
        let mut listed = self.solve(vec![false; self.values.len()], start, search)?;
        loop {
            let room = self.cap - self.covered(&listed.on);
            let fits = |(lever, promise): &(usize, f64)| *promise > 0.0 && self.values[*lever] <= room;
            let Some((lever, _)) = self.promising(&listed).into_iter().find(fits) else { break };
            let mut on = listed.on.clone();
            on[lever] = true;
            listed = self.solve(on, listed.at, search)?;
            *tried += 1;
            if !listed.climb.halt.converged() {
                break;
            }
        }
        Ok(listed)
    }

    /// Levers off the list with what they promise for their value, most first. The promise is to second order: the bend is about one.
    fn promising(&self, listed: &Listed) -> Vec<(usize, f64)> {
        let slope = listed.at.slope_of(&self.programme.lagrangian(&listed.climb.multipliers));
        let all = listed.at.variables.room().upper;
        let promise = |lever: usize| {
            let range = all[lever] - listed.at.y[lever];
            let length = slope[lever].clamp(0.0, range);
            (slope[lever] * length - 0.5 * length * length) / self.values[lever].max(f64::MIN_POSITIVE)
        };
        let off = (0..listed.on.len()).filter(|lever| !listed.on[*lever]);
        let mut order: Vec<(usize, f64)> = off.map(|lever| (lever, promise(lever))).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        order
    }

    /// A better list with one lever more, or one in place of another; `None` if none of those that promise most is better.
    ///
    /// What each lever is worth is found by solving the list without it, and with it whether it fits or not.
    fn exchanged(
        &'g self,
        listed: &Listed<'g>,
        search: &Search,
        tried: &mut usize,
    ) -> Result<Option<Listed<'g>>, Problem> {
        let mut others = self.promising(listed);
        others.retain(|(lever, _)| self.values[*lever] <= self.cap);
        others.truncate(CANDIDATES);
        let ons: Vec<usize> = (0..listed.on.len()).filter(|lever| listed.on[*lever]).collect();
        let flips: Vec<usize> = ons.into_iter().chain(others.into_iter().map(|(lever, _)| lever)).collect();
        let flip = |levers: &[usize], search: &Search| {
            let mut on = listed.on.clone();
            levers.iter().for_each(|lever| on[*lever] = !on[*lever]);
            self.solve(on, listed.at.clone(), search)
        };
        let roughly = Search { tolerance_pct: ROUGH * search.tolerance_pct, ..*search };
        let here = self.reached(&listed.at);
        let worth = |lever: &usize| Ok((*lever, self.reached(&flip(&[*lever], &roughly)?.at) - here));
        let worths: Result<Vec<(usize, f64)>, Problem> = flips.par_iter().map(worth).collect();
        let (losses, gains): (Vec<_>, Vec<_>) = worths?.into_iter().partition(|(lever, _)| listed.on[*lever]);
        *tried += flips.len();
        let mut swaps = self.swaps(&listed.on, &losses, &gains);
        swaps.truncate(SHORTLIST);
        let worths: Vec<(usize, f64)> = losses.iter().map(|(lever, loss)| (*lever, -loss)).chain(gains).collect();
        let anew = knapsack(&worths, &self.values, self.cap);
        let changed: Vec<usize> =
            worths.iter().map(|(lever, _)| *lever).filter(|k| anew.contains(k) != listed.on[*k]).collect();
        if !changed.is_empty() {
            swaps.push((0.0, changed));
        }
        let solved: Result<Vec<Listed>, Problem> = swaps.par_iter().map(|(_, levers)| flip(levers, search)).collect();
        *tried += swaps.len();
        let better = |other: &Listed| other.climb.halt.converged() && self.reached(&other.at) > here + SAME;
        let best = solved?
            .into_iter()
            .filter(better)
            .reduce(|best, next| if self.reached(&next.at) > self.reached(&best.at) { next } else { best });
        Ok(best)
    }

    /// Exchanges that fit, those that promise most first: one lever in, those that make room for it out, the space left filled up; and the other
    /// way round, one out and others in. `losses` and `gains` are what levers on the list and off it are worth.
    fn swaps(&self, on: &[bool], losses: &[(usize, f64)], gains: &[(usize, f64)]) -> Vec<(f64, Vec<usize>)> {
        let by_value = |list: &[(usize, f64)]| {
            let mut list = list.to_vec();
            let worth = |(lever, gain): &(usize, f64)| gain / self.values[*lever].max(f64::MIN_POSITIVE);
            list.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
            list
        };
        // Losses are negative: the least loss for its value comes first.
        let (losses, gains) = (by_value(losses), by_value(gains));
        let room = self.cap - self.covered(on);
        let swap = |first: (usize, f64)| {
            let (mut room, mut sum, mut levers) = (room, first.1, vec![first.0]);
            room += if on[first.0] { self.values[first.0] } else { -self.values[first.0] };
            for (lever, loss) in &losses {
                if room < 0.0 && *lever != first.0 {
                    (room, sum) = (room + self.values[*lever], sum + loss);
                    levers.push(*lever);
                }
            }
            for (lever, gain) in &gains {
                if *lever != first.0 && *gain > 0.0 && self.values[*lever] <= room {
                    (room, sum) = (room - self.values[*lever], sum + gain);
                    levers.push(*lever);
                }
            }
            (room >= 0.0).then_some((sum, levers))
        };
        let mut swaps: Vec<(f64, Vec<usize>)> = losses.iter().chain(&gains).filter_map(|first| swap(*first)).collect();
        for (add, gain) in &gains {
            let fits = losses.iter().filter(|(lever, _)| self.values[*add] <= room + self.values[*lever]);
            swaps.extend(fits.map(|(drop, loss)| (gain + loss, vec![*add, *drop])));
        }
        swaps.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        swaps.dedup_by(|a, b| a.1 == b.1);
        swaps
    }
}
