//! What each row of the measures covers, does and costs.

use cobden_equilibrium::{Equilibrium, Gradients, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use super::{Measures, Retaliation};
use crate::{Goal, Lever, ascent::add, variables::Variables};

/// One lever of the measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The lever, in the order of the instruments.
    pub lever: usize,
    /// Its rate before.
    pub from: f64,
    /// Its rate under the measures.
    pub to: f64,
    /// Baseline imports from the targets that it covers, in the world's unit.
    pub covered: f64,
    /// Its part of what the retaliators gain, in percentage points; negative: what it costs.
    pub own_pct: f64,
    /// Its part of the harm, in percentage points.
    pub harm_pct: f64,
}

/// The rows of some measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Levers that move, those that harm most first.
    pub rows: Vec<Row>,
    /// What the rows' own gains and harms miss of the whole, in percentage points: the error of the integral.
    pub missed_pct: (f64, f64),
}

/// Points of the integral.
const NODES: usize = 16;

impl<'a> Retaliation<'a> {
    /// Takes measures apart by lever: along the straight line in logs from the tariffs in force to the measures, what each lever does on its way
    /// (Aumann and Shapley 1974). The parts add up to the whole, whichever order levers would be raised in.
    ///
    /// # Errors
    /// Levers that cannot leave the tariffs in force as they are; tariffs on the way without an equilibrium.
    pub fn rows(&self, measures: &Measures) -> Result<Rows, Problem> {
        let (economy, instruments) = (self.game.economy, self.instruments());
        let from = instruments.express(self.game.in_force())?;
        let variables = Variables::at(economy, instruments, &self.before);
        let (start, end) = (variables.of_rates(&from), variables.of_rates(&measures.rates));
        let goals = [&self.dispute.own, &self.dispute.hurt];
        let part = |solver: &mut Solver<'a>, (place, weight): &(f64, f64)| {
            let y: Vec<f64> = start.iter().zip(&end).map(|(start, end)| start + place * (end - start)).collect();
            let mut policy = self.game.in_force.clone();
            instruments.write(&variables.rates(&y), &mut policy.tariffs);
            let here = self.game.solved(solver, &policy, Some(&self.before))?;
            let mut gradients = Gradients::new(economy, &here, &self.game.settings)?;
            let mut slope = |goal: &Goal| {
                let gradient = gradients.tariffs_of(&goal.local(economy, &here), instruments.importers())?;
                let points = 100.0 * weight * points(goal, economy, &here);
                let slope = variables.slope(&gradient, &y).into_iter().enumerate();
                Ok::<Vec<f64>, Problem>(slope.map(|(k, slope)| points * slope * (end[k] - start[k])).collect())
            };
            Ok([slope(goals[0])?, slope(goals[1])?])
        };
        let parts: Result<Vec<[Vec<f64>; 2]>, Problem> =
            legendre(NODES).par_iter().map_init(|| Solver::new(economy, self.game.settings), part).collect();
        let mut sums = [vec![0.0; from.len()], vec![0.0; from.len()]];
        for part in parts? {
            sums.iter_mut().zip(&part).for_each(|(sum, part)| add(sum, 1.0, part));
        }
        let covered = self.covered();
        let moved = (0..from.len()).filter(|lever| measures.rates[*lever] != from[*lever]);
        let row = |lever: usize| Row {
            lever,
            from: from[lever],
            to: measures.rates[lever],
            covered: covered[lever],
            own_pct: sums[0][lever],
            harm_pct: -sums[1][lever],
        };
        let mut rows: Vec<Row> = moved.map(row).collect();
        rows.sort_by(|a, b| b.harm_pct.total_cmp(&a.harm_pct));
        let missed = (measures.own_pct - sums[0].iter().sum::<f64>(), measures.harm_pct + sums[1].iter().sum::<f64>());
        Ok(Rows { rows, missed_pct: missed })
    }

    /// By lever: baseline imports of the retaliators from the targets that it covers.
    pub(super) fn covered(&self) -> Vec<f64> {
        let flows = self.game.economy.flows();
        let of_targets = |cell: &&[usize; 3]| self.dispute.targets.contains(&cell[1]);
        let covered = |lever: &Lever| lever.cells.iter().filter(of_targets).map(|cell| flows[*cell]).sum();
        self.instruments().levers().iter().map(covered).collect()
    }
}

/// The slope of a goal in hundredths of its baseline, in its reading.
fn points(goal: &Goal, economy: &cobden_equilibrium::Economy, here: &Equilibrium) -> f64 {
    goal.money_slope(economy, goal.reading(economy, here)) / goal.stake(economy)
}

/// Gauss and Legendre's points and weights on [0, 1]: roots of the Legendre polynomial by Newton's method.
fn legendre(size: usize) -> Vec<(f64, f64)> {
    let point = |at: usize| {
        let mut x = (std::f64::consts::PI * (at as f64 + 0.75) / (size as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..20 {
            let (mut last, mut value) = (1.0, x);
            for k in 2..=size {
                let k = k as f64;
                (last, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * last) / k);
            }
            slope = size as f64 * (x * value - last) / (x * x - 1.0);
            x -= value / slope;
        }
        (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..size).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::legendre;

    #[test]
    fn points_integrate_polynomials() {
        for power in 0..16 {
            let sum: f64 = legendre(8).iter().map(|(x, weight)| weight * x.powi(power)).sum();
            assert!((sum - 1.0 / f64::from(power + 1)).abs() < 1e-14, "{power}: {sum}");
        }
    }
}
