//! Draws, a chunk after the other, each with random numbers of its own.

use std::ops::ControlFlow;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

/// How many draws, from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ensemble {
    /// The seed: the same seed gives the same results.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
    /// Draws between two looks at whether to go on; 0 counts as 1. It changes no result.
    pub chunk: usize,
}

impl Default for Ensemble {
    /// Two hundred draws of seed 1 in chunks of eight.
    fn default() -> Self {
        Self { seed: 1, draws: 200, chunk: 8 }
    }
}

/// The random numbers of one draw.
#[derive(Clone, Debug)]
pub struct Noise(ChaCha8Rng);

impl Noise {
    /// Those of draw `draw` of an ensemble with this seed.
    ///
    /// ```
    /// use cobden_ensemble::Noise;
    /// assert_eq!(Noise::of(1, 5).normal(), Noise::of(1, 5).normal());
    /// assert_ne!(Noise::of(1, 5).normal(), Noise::of(1, 6).normal());
    /// ```
    pub fn of(seed: u64, draw: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // A stream of ChaCha is 2^64 blocks long and shares none with another.
        random.set_stream(draw as u64);
        Self(random)
    }

    /// The next number, standard normal: mean 0, standard deviation 1.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }
}

impl Ensemble {
    /// The result of every draw, in order. Draws of one chunk run in parallel on the threads of the current `rayon` pool. `watch` is told how many
    /// draws are done, before the first chunk and after each, and may break off; then there is no result.
    ///
    /// `draw` is given the number of the draw, from 0, and its random numbers. A draw that fails should say so in its result: here none is left out.
    pub fn run<T: Send>(
        &self,
        draw: impl Fn(usize, &mut Noise) -> T + Sync,
        mut watch: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Option<Vec<T>> {
        let mut results = Vec::with_capacity(self.draws);
        loop {
            if watch(results.len()).is_break() {
                return None;
            }
            let from = results.len();
            let to = from.saturating_add(self.chunk.max(1)).min(self.draws);
            if from == to {
                return Some(results);
            }
            let chunk = (from..to).into_par_iter().map(|at| draw(at, &mut Noise::of(self.seed, at)));
            results.par_extend(chunk);
        }
    }
}
