//! The same computation again and again with other random numbers: draws, and what their results have in common.
//!
//! This crate knows no economics. [`Ensemble::run`] calls a closure once for each draw, with random numbers that belong to that draw alone;
//! [`quantiles`] says where the results lie.
//!
//! The results depend on the seed and on nothing else. Draw `d` reads stream `d` of ChaCha8 under the seed, so neither the number of threads nor
//! the size of a chunk nor what other draws read changes a bit of it, and the first hundred of a thousand draws are the hundred of an ensemble of a hundred.
//!
//! ```
//! use std::ops::ControlFlow;
//! use cobden_ensemble::{Ensemble, quantiles};
//! // How high is the sum of two dice of a normal kind?
//! let ensemble = Ensemble { seed: 7, draws: 2000, ..Ensemble::default() };
//! let sums = ensemble.run(|_, noise| noise.normal() + noise.normal(), |_| ControlFlow::Continue(())).unwrap();
//! let [low, high] = quantiles(&sums, [0.05, 0.95]).unwrap();
//! // The sum has standard deviation sqrt(2), and 90 % of a normal distribution lie within 1.645 of them.
//! assert!((low + 2.326).abs() < 0.2 && (high - 2.326).abs() < 0.2);
//! ```

mod draws;
mod quantiles;

pub use draws::{Ensemble, Noise};
pub use quantiles::quantiles;
