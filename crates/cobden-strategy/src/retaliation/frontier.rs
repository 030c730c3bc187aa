//! The frontier: the least cost of each harm.

use cobden_equilibrium::{Policy, Solver};
use cobden_world::Problem;

use super::{
    Measures, Retaliation,
    conditions::Condition,
    design::{HARM, OWN, trade},
    programme::{Climb, Climber, Stand},
};
use crate::{Halt, Search};

/// A harm to do, in percentage points of what the targets want.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Harm {
    /// So much or more, whatever costs less.
    AtLeast(f64),
    /// Just so much.
    Exactly(f64),
}

/// Measures from the retaliators' best response to the greatest harm, least harm first.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// For each harm of an even grid, the tariffs that do at least that at the least cost. Where more harm costs less, they do more.
    pub points: Vec<Measures>,
    /// Which of them no weighted sum of own gain and harm would lead to: those below a straight line between two others.
    pub between: Vec<bool>,
    /// Converged if all points did; else how the first that did not ended.
    pub halt: Halt,
}

/// How far below the line between two others a point must lie to count, as a share of the goal.
const BELOW: f64 = 1e-7;
/// Most times that a better best response is found on the way.
const RESTARTS: usize = 3;
/// Differences of own gain that are none.
const SAME: f64 = 1e-9;

/// A point found.
struct Found<'g> {
    at: Stand<'g>,
    climb: Climb,
}

impl Found<'_> {
    fn own(&self) -> f64 {
        self.at.values[OWN]
    }

    fn better_than(&self, other: &Self) -> bool {
        let converged = (self.climb.halt.converged(), other.climb.halt.converged());
        converged == (true, false) || (converged.0 == converged.1 && self.own() > other.own() + SAME)
    }
}

impl Retaliation<'_> {
    /// The least cost of harm: `count` points, two or more, from the best response, which does the harm that comes with it, to the greatest harm
    /// within reach, harms evenly spaced.
    ///
    /// Each maximises the retaliators' goal subject to harm of at least so much (epsilon-constraint), so that points which a weighted sum misses
    /// are found. The grid is walked from both ends, each point starting from the last; the better counts, and a point that is worse than one
    /// that does more harm starts again from there.
    ///
    /// # Errors
    /// Fewer than two points; a goal, or harm, that still rises at 10,000 % where no bound was stated.
    pub fn frontier(&self, count: usize, search: &Search) -> Result<Frontier, Problem> {
        if count < 2 {
            return Err(Problem::new(format!("a frontier of {count} points")).help("ask for two or more"));
        }
        let mut found = self.along(self.best(search)?, count, search)?;
        // A point that costs less than the best response shows that there is a better one.
        for _ in 0..RESTARTS {
            let better = found.iter().skip(1).find(|point| point.better_than(&found[0]));
            let Some(point) = better else { break };
            let mut climber = self.resume(point.at.clone());
            let climb = climber.climb(&self.programme(OWN, &[]), search)?;
            found = self.along(Found { at: climber.at, climb }, count, search)?;
        }
        Ok(self.shown(found))
    }

    /// The frontier from a best response on; as far as it came if it was called off.
    fn along<'g>(&'g self, first: Found<'g>, count: usize, search: &Search) -> Result<Vec<Found<'g>>, Problem> {
        let last = self.greatest(first.at.clone(), search)?;
        let (least, most) = (first.at.values[HARM], last.at.values[HARM]);
        if first.climb.halt == Halt::CalledOff || last.climb.halt == Halt::CalledOff {
            return Ok(vec![first, last]);
        }
        let mut found = vec![first];
        if most - least <= SAME {
            return Ok(found);
        }
        let level = |at: usize| least + (most - least) * at as f64 / (count - 1) as f64;
        let (up, down) = rayon::join(
            || self.walk(&found[0].at, (1..count - 1).map(level), search),
            || self.walk(&last.at, (1..count - 1).rev().map(level), search),
        );
        let pairs = up?.into_iter().zip(down?.into_iter().rev());
        found.extend(pairs.map(|(up, down)| if down.better_than(&up) { down } else { up }));
        found.push(last);
        for at in (1..count - 1).rev() {
            if found[at + 1].better_than(&found[at]) {
                let again = self.walk(&found[at + 1].at, [level(at)].into_iter(), search)?;
                found.splice(at..=at, again);
            }
        }
        Ok(found)
    }

    /// The least cost of several harms, each from where the last was found.
    fn walk<'g>(
        &'g self,
        from: &Stand<'g>,
        levels: impl Iterator<Item = f64>,
        search: &Search,
    ) -> Result<Vec<Found<'g>>, Problem> {
        let mut climber = self.resume(from.clone());
        levels.map(|level| self.at_level(&mut climber, level, false, search)).collect()
    }

    fn resume<'g>(&'g self, at: Stand<'g>) -> Climber<'g> {
        Climber::resume(&self.game, &self.quantities, at)
    }

    fn shown(&self, found: Vec<Found>) -> Frontier {
        let halt = found.iter().map(|found| found.climb.halt).find(|halt| !halt.converged());
        let places: Vec<(f64, f64)> = found.iter().map(|found| (found.at.values[HARM], found.own())).collect();
        let last = found.len() - 1;
        let points = found.iter().enumerate().map(|(at, found)| {
            let price = match at {
                0 => Some(0.0),
                _ if at == last => None,
                _ => Some(found.climb.multipliers[0]),
            };
            self.measures(&found.at, &found.climb, price)
        });
        Frontier { points: points.collect(), between: between(&places), halt: halt.unwrap_or(Halt::Converged) }
    }

    /// The tariffs that do a stated harm at the least cost.
    ///
    /// # Errors
    /// A harm that is no number, or more than the levers can do: the message says how much that is; a goal that is unbounded.
    pub fn doing(&self, harm: Harm, search: &Search) -> Result<Measures, Problem> {
        let (points, exact) = match harm {
            Harm::AtLeast(points) => (points, false),
            Harm::Exactly(points) => (points, true),
        };
        let (hurt, economy) = (&self.dispute.hurt, self.game.economy);
        let from = hurt.reading(economy, &self.before);
        let level = if points.is_finite() { hurt.lowered(from, points) } else { None };
        let Some(level) = level.map(|to| from - to) else {
            return Err(Problem::new(format!("harm of {points} %")).help("harm is a share of what the target has"));
        };
        let best = self.best(search)?;
        if best.climb.halt == Halt::CalledOff {
            return Ok(self.measures(&best.at, &best.climb, None));
        }
        let mut climber = self.resume(best.at.clone());
        let mut found = self.at_level(&mut climber, level, exact, search)?;
        if !found.climb.halt.converged() && found.climb.halt != Halt::CalledOff {
            let greatest = self.greatest(best.at, search)?;
            let most = greatest.at.values[HARM];
            if greatest.climb.halt.converged() && level > most {
                let most_pct = self.measures(&greatest.at, &greatest.climb, None).harm_pct;
                return Err(Problem::new(format!("these levers can do harm of {most_pct:.4} %, not of {points:.4} %"))
                    .help("allow higher rates or more sectors, or ask for less"));
            }
            let mut climber = self.resume(greatest.at);
            let again = self.at_level(&mut climber, level, exact, search)?;
            if again.climb.halt.converged() {
                found = again;
            }
        }
        Ok(self.measures(&found.at, &found.climb, Some(found.climb.multipliers[0])))
    }

    /// What the retaliators suffer under the tariffs in force, in money, compared with those before: harm that an equivalent suspension of
    /// concessions may answer (DSU Article 22.4). Negative if they gain.
    ///
    /// # Errors
    /// Tariffs without an equilibrium.
    pub fn suffered(&self, before: &Policy) -> Result<f64, Problem> {
        let economy = self.game.economy;
        let there = self.game.solved(&mut Solver::new(economy, self.game.settings), before, Some(&self.before))?;
        let own = &self.dispute.own;
        Ok(own.money(economy, own.reading(economy, &self.before), own.reading(economy, &there)))
    }

    /// What the retaliators' exports to the targets fall by under the tariffs in force, before tariff, in the world's unit, compared with those
    /// before: the level at which arbitrators usually set what may be suspended. As a limit on the retaliation's own effect it is
    /// [`Dispute::trade_effect`](super::Dispute::trade_effect).
    ///
    /// # Errors
    /// Tariffs without an equilibrium.
    pub fn lost_exports(&self, before: &Policy) -> Result<f64, Problem> {
        let economy = self.game.economy;
        let there = self.game.solved(&mut Solver::new(economy, self.game.settings), before, Some(&self.before))?;
        let exports = trade(&self.dispute.targets, &self.dispute.reach.members);
        Ok(-exports.money(economy, exports.reading(economy, &there), exports.reading(economy, &self.before)))
    }

    /// The tariffs that do just so much harm in money, at the least cost or for the greatest gain.
    ///
    /// # Errors
    /// As [`Retaliation::doing`]; harm that is not above zero.
    pub fn equivalent(&self, money: f64, search: &Search) -> Result<Measures, Problem> {
        if !(money.is_finite() && money > 0.0) {
            let what = format!("nothing to answer: harm suffered is {money}");
            return Err(Problem::new(what).help("it must be above zero"));
        }
        self.doing(Harm::Exactly(100.0 * money / self.dispute.hurt.stake(self.game.economy)), search)
    }

    /// The retaliators' best response.
    fn best(&self, search: &Search) -> Result<Found<'_>, Problem> {
        let response = self.game.respond(0, &self.game.in_force, search)?;
        let mut climber = Climber::new(&self.game, &self.quantities, &response.rates, Some(&response.equilibrium))?;
        let climb = climber.climb(&self.programme(OWN, &[]), search)?;
        Ok(Found { at: climber.at, climb })
    }

    /// The greatest harm within reach.
    fn greatest<'g>(&'g self, from: Stand<'g>, search: &Search) -> Result<Found<'g>, Problem> {
        let mut climber = self.resume(from);
        let programme = self.programme(HARM, &[]);
        let climb = climber.climb(&programme, search)?;
        if programme.conditions.is_empty() {
            climber.check_bounded("harm to the target", &programme.weights)?;
        }
        Ok(Found { at: climber.at, climb })
    }

    fn at_level<'g>(
        &'g self,
        climber: &mut Climber<'g>,
        level: f64,
        exact: bool,
        search: &Search,
    ) -> Result<Found<'g>, Problem> {
        let condition = Condition { quantity: HARM, level, exact };
        let climb = climber.climb(&self.programme(OWN, &[condition]), search)?;
        Ok(Found { at: climber.at.clone(), climb })
    }
}

/// Which places lie below the straight line between two others, by more than counts: below the upper hull.
fn between(places: &[(f64, f64)]) -> Vec<bool> {
    let below = |at: usize| {
        let (x, y) = places[at];
        let line =
            |left: (f64, f64), right: (f64, f64)| left.1 + (right.1 - left.1) * (x - left.0) / (right.0 - left.0);
        let pairs = places[..at].iter().flat_map(|left| places[at + 1..].iter().map(move |right| (*left, *right)));
        pairs.filter(|(left, right)| right.0 > left.0).any(|(left, right)| line(left, right) > y + BELOW)
    };
    (0..places.len()).map(below).collect()
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn what_lies_below_a_line_is_seen() {
        let places = [(0.0, 0.0), (1.0, -1.0), (2.0, -1.0), (3.0, -4.0), (4.0, -5.0)];
        assert_eq!(between(&places), [false, true, false, true, false]);
        assert_eq!(between(&places[..2]), [false, false]);
    }
}
