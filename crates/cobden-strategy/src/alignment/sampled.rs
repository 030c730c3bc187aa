//! The share of reforms of a stated size from which governments gain together, each reform solved.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use cobden_equilibrium::Solver;
use cobden_world::Problem;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::{Alignment, Share};
use crate::{Progress, Search, ascent::norm};

/// What reforms to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draws {
    /// How far tariff factors move: their root mean square, weighted with `sigma flow`. 0.01 is one per cent.
    pub size: f64,
    /// How many reforms.
    pub draws: usize,
    /// Start of the random sequence.
    pub seed: u64,
}

impl Default for Draws {
    /// 1,000 reforms of one per cent.
    fn default() -> Self {
        Self { size: 0.01, draws: 1000, seed: 1 }
    }
}

/// What came of the reforms drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    /// Share of reforms from which all gain.
    pub all: Share,
    /// Share of reforms from which nobody gains.
    pub none: Share,
    /// By government, the share of reforms from which it gains.
    pub each: Vec<Share>,
    /// Reforms that were solved.
    pub solved: usize,
    /// Reforms without an equilibrium; they count nowhere.
    pub unsolved: usize,
}

impl<'a> Alignment<'a> {
    /// Draws reforms of a stated size, all directions alike, and solves each. No tariff leaves its bounds, and no factor doubles or halves.
    /// `None` if the search called it off.
    ///
    /// Every draw has a random sequence of its own, so the number of threads changes no bit.
    ///
    /// # Errors
    /// A government that is not there, or none; no draws; a size that is none; no draw with an equilibrium.
    pub fn sampled(&self, who: &[usize], draws: &Draws, search: &Search) -> Result<Option<Sampled>, Problem> {
        self.known(who)?;
        positive(draws.size)?;
        if draws.draws == 0 {
            return Err(Problem::new("a share from no draws").help("ask for a thousand"));
        }
        let room = self.variables.room();
        let (called_off, done) = (AtomicBool::new(false), AtomicUsize::new(0));
        let draw = |solver: &mut Solver<'a>, at: usize| {
            let iterations = done.fetch_add(1, Ordering::Relaxed);
            if called_off.load(Ordering::Relaxed)
                || !(search.go_on)(Progress { iterations, first_order_gap_pct: f64::INFINITY })
            {
                called_off.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            let direction = self.direction(draws, at);
            let there = self.readings_at(solver, &room.moved(&self.y, 1.0, &direction), who)?;
            Ok(there.map(|there| self.gains(who, &there).iter().map(|gain| *gain > 0.0).collect::<Vec<bool>>()))
        };
        let outcomes: Result<Vec<Option<Vec<bool>>>, Problem> = (0..draws.draws)
            .into_par_iter()
            .map_init(|| Solver::new(self.economy, self.settings), |solver, at| draw(solver, at))
            .collect();
        let outcomes = outcomes?;
        if called_off.into_inner() {
            return Ok(None);
        }
        let solved: Vec<Vec<bool>> = outcomes.into_iter().flatten().collect();
        if solved.is_empty() {
            return Err(Problem::new("none of the reforms drawn has an equilibrium").help("draw smaller ones"));
        }
        let share = |hit: &dyn Fn(&Vec<bool>) -> bool| {
            Share::of(solved.iter().filter(|outcome| hit(outcome)).count(), solved.len())
        };
        Ok(Some(Sampled {
            all: share(&|outcome| outcome.iter().all(|gains| *gains)),
            none: share(&|outcome| !outcome.iter().any(|gains| *gains)),
            each: (0..who.len()).map(|at| share(&|outcome| outcome[at])).collect(),
            solved: solved.len(),
            unsolved: draws.draws - solved.len(),
        }))
    }

    fn direction(&self, draws: &Draws, at: usize) -> Vec<f64> {
        let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
        random.set_stream(at as u64);
        let mut direction = vec![0.0; self.y.len()];
        normal(&mut random, &mut direction);
        let length = draws.size * self.length() / norm(&direction);
        direction.iter_mut().for_each(|part| *part *= length);
        direction
    }

    /// What some governments read more than at the point.
    pub(super) fn gains(&self, who: &[usize], there: &[f64]) -> Vec<f64> {
        who.iter().zip(there).map(|(government, there)| there - self.readings[*government]).collect()
    }
}

/// That a size is one.
pub(super) fn positive(size: f64) -> Result<(), Problem> {
    if size.is_finite() && size > 0.0 {
        return Ok(());
    }
    Err(Problem::new(format!("a reform of size {size}")).help("0.01 moves tariff factors by one per cent"))
}

/// Fills a vector with independent standard normal draws (Box and Muller 1958).
pub(super) fn normal(random: &mut impl Rng, out: &mut [f64]) {
    for pair in out.chunks_mut(2) {
        // 1 - u is never zero.
        let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        let (sine, cosine) = (2.0 * std::f64::consts::PI * random.random::<f64>()).sin_cos();
        pair[0] = radius * cosine;
        if let Some(second) = pair.get_mut(1) {
            *second = radius * sine;
        }
    }
}
