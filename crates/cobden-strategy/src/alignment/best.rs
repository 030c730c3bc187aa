//! The one reform of a stated size that is best for governments together.

use cobden_equilibrium::Solver;
use cobden_world::Problem;

use super::{Alignment, Move, Reform, Wanted, sampled::positive};
use crate::{
    ascent::{add, dot, norm},
    simplex,
};

/// Most revisions of which levers press against their bounds.
const REVISIONS: usize = 8;

impl Alignment<'_> {
    /// The reform that moves all levers at once, by `size` in all (see [`Draws`](super::Draws)), in the direction that is best to first order;
    /// solved.
    ///
    /// [`Wanted::Joint`]: the direction in which the sum in money rises fastest, whoever loses: see [`Reform::sacrifice`].
    /// [`Wanted::Least`]: the direction in which the smallest gain rises fastest. With slopes `g_i` it is the shortest `sum_i w_i g_i` over
    /// weights that sum to one (Fliege and Svaiter 2000); if that has no length there is no direction from which all gain.
    ///
    /// `None` if no direction is better, or there is no equilibrium that way. Bounds hold: what a lever cannot move it does not.
    ///
    /// # Errors
    /// A government that is not there, or none; a size that is none.
    pub fn best(&self, who: &[usize], size: f64, wanted: Wanted) -> Result<Option<Reform>, Problem> {
        self.known(who)?;
        positive(size)?;
        let mut slopes: Vec<Vec<f64>> = who
            .iter()
            .map(|government| {
                let weight = self.weight(*government, wanted);
                self.slopes[*government].iter().map(|slope| weight * slope).collect()
            })
            .collect();
        let largest = slopes.iter().map(|slope| norm(slope)).fold(0.0, f64::max);
        let room = self.variables.room();
        let mut direction = steepest(&slopes, largest, wanted);
        // A lever that presses against a bound says nothing; without it others may want elsewhere.
        for _ in 0..REVISIONS {
            let free = room.free(&self.y, &direction);
            if free.iter().all(|free| *free) {
                break;
            }
            for slope in &mut slopes {
                slope.iter_mut().zip(&free).filter(|(_, free)| !**free).for_each(|(slope, _)| *slope = 0.0);
            }
            direction = steepest(&slopes, largest, wanted);
        }
        // The weights are exact to about the root of what numbers are.
        if norm(&direction) <= 1e-7 * largest {
            return Ok(None);
        }
        let length = size * self.length() / norm(&direction);
        let there = room.moved(&self.y, length, &direction);
        let (before, after) = (self.variables.rates(&self.y), self.variables.rates(&there));
        let moves = before.iter().zip(&after).enumerate().filter(|(_, (from, to))| from != to);
        let moves = moves.map(|(lever, (from, to))| Move { lever, from: *from, to: *to }).collect();
        let mut solver = Solver::new(self.economy, self.settings);
        self.solved(&mut solver, moves, &there, who)
    }
}

/// The direction in which the sum rises fastest, or the least; slopes are measured in the longest.
fn steepest(slopes: &[Vec<f64>], largest: f64, wanted: Wanted) -> Vec<f64> {
    let size = slopes.len();
    let weights = match wanted {
        Wanted::Joint => vec![1.0; size],
        Wanted::Least => {
            let product = |one: &Vec<f64>, other: &Vec<f64>| dot(one, other) / largest.powi(2);
            let products: Vec<Vec<f64>> =
                slopes.iter().map(|one| slopes.iter().map(|other| product(one, other)).collect()).collect();
            let mut weights = vec![1.0 / size as f64; size];
            simplex::least(&vec![0.0; size], &products, &mut weights);
            weights
        }
    };
    let mut direction = vec![0.0; slopes[0].len()];
    weights.iter().zip(slopes).for_each(|(weight, slope)| add(&mut direction, *weight, slope));
    direction
}
