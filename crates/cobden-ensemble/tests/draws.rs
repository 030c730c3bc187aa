//! Draws depend on their seed alone; quantiles are those of known distributions.
#![allow(missing_docs, clippy::unwrap_used)]

use std::ops::ControlFlow;

use cobden_ensemble::{Ensemble, Noise, quantiles};
use proptest::prelude::*;

fn go_on(_: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Reads more of the stream in some draws than in others, as a solve would not but a closure may.
fn walk(draw: usize, noise: &mut Noise) -> f64 {
    (0..=draw % 7).map(|_| noise.normal()).sum()
}

fn on(threads: usize, ensemble: Ensemble) -> Vec<u64> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| ensemble.run(walk, go_on)).unwrap().into_iter().map(f64::to_bits).collect()
}

#[test]
fn threads_and_chunks_change_no_bit() {
    let ensemble = Ensemble { seed: 42, draws: 301, chunk: 8 };
    let alone = on(1, ensemble);
    assert_eq!(alone.len(), 301);
    for threads in [2, 4] {
        assert_eq!(on(threads, ensemble), alone);
    }
    for chunk in [0, 1, 50, 1000] {
        assert_eq!(on(4, Ensemble { chunk, ..ensemble }), alone);
    }
    assert_eq!(on(2, Ensemble { draws: 100, ..ensemble }), alone[..100]);
    assert_ne!(on(1, Ensemble { seed: 43, ..ensemble }), alone);
}

#[test]
fn it_can_be_called_off_between_chunks() {
    let told = std::cell::RefCell::new(Vec::new());
    let watch = |done| {
        told.borrow_mut().push(done);
        if done >= 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(Ensemble { draws: 100, chunk: 10, seed: 1 }.run(walk, watch), None);
    assert_eq!(*told.borrow(), [0, 10, 20]);
    assert_eq!(Ensemble { draws: 0, ..Ensemble::default() }.run(walk, go_on), Some(vec![]));
}

#[test]
fn quantiles_of_a_normal_distribution() {
    let ensemble = Ensemble { seed: 3, draws: 40_000, chunk: 1000 };
    let values = ensemble.run(|_, noise| noise.normal(), go_on).unwrap();
    let found = quantiles(&values, [0.05, 0.25, 0.5, 0.75, 0.95]).unwrap();
    // The table of the normal distribution. The standard error of a quantile is sqrt(p (1 - p) / n) / density: 0.011 at 5 %; four of them.
    for (found, known) in found.into_iter().zip([-1.644_854, -0.674_490, 0.0, 0.674_490, 1.644_854]) {
        assert!((found - known).abs() < 0.045, "{found} for {known}");
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
    assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
}

#[test]
fn quantiles_of_an_exponential_distribution() {
    // Half the sum of two squares of standard normals is exponential with mean 1: its quantiles are -ln(1 - p).
    let half = |noise: &mut Noise| noise.normal().powi(2) / 2.0;
    let ensemble = Ensemble { seed: 11, draws: 40_000, chunk: 1000 };
    let values = ensemble.run(|_, noise| half(noise) + half(noise), go_on).unwrap();
    let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
    for (found, p) in quantiles(&values, probabilities).unwrap().into_iter().zip(probabilities) {
        // Standard error sqrt(p / ((1 - p) n)): 0.022 at 95 %; four of them.
        assert!((found + (1.0 - p).ln()).abs() < 0.09, "{found} at {p}");
    }
}

#[test]
fn draws_do_not_know_of_one_another() {
    // The correlation of neighbours: standard error 1 / sqrt(n) = 0.005.
    let values = Ensemble { seed: 5, draws: 40_000, chunk: 1000 }.run(|_, noise| noise.normal(), go_on).unwrap();
    let together: f64 = values.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / values.len() as f64;
    assert!(together.abs() < 0.02, "{together}");
}

#[test]
fn quantiles_as_r_and_numpy_give_them() {
    // numpy.quantile([15, 20, 35, 40, 50], p), documented by several textbooks for p = 0.4: 29.
    let [five, forty, ninety] = quantiles(&[50.0, 15.0, 40.0, 20.0, 35.0], [0.05, 0.4, 0.9]).unwrap();
    assert!((five - 16.0).abs() < 1e-12 && (forty - 29.0).abs() < 1e-12 && (ninety - 46.0).abs() < 1e-12);
    assert_eq!(quantiles(&[2.0], [0.3]), Some([2.0]));
    assert_eq!(quantiles(&[f64::INFINITY, f64::INFINITY], [0.5]), Some([f64::INFINITY]));
    assert_eq!(quantiles(&[1.0, f64::NAN], [0.5]), None);
    assert_eq!(quantiles(&[1.0], [1.5]), None);
    assert_eq!(quantiles(&[1.0], [f64::NAN]), None);
}

proptest! {
    #[test]
    fn quantiles_are_in_order_and_within(values in prop::collection::vec(-1e6..1e6_f64, 1..50), p in 0.0..1.0_f64, q in 0.0..1.0_f64) {
        let [low, high, least, most] = quantiles(&values, [p.min(q), p.max(q), 0.0, 1.0]).unwrap();
        prop_assert!(least <= low && low <= high && high <= most);
        prop_assert_eq!(least, values.iter().copied().fold(f64::INFINITY, f64::min));
        // Their number below is what the probability says, to one.
        let below = values.iter().filter(|value| **value < low).count() as f64;
        prop_assert!(below <= p.min(q) * (values.len() - 1) as f64 + 1.0);
    }
}
