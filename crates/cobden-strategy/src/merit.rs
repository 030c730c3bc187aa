//! What makes one set of gains better than another when several players move together, and the small programme behind each step.

use faer::{Mat, linalg::solvers::Solve};

use crate::{ascent::dot, simplex};

/// How the gains of several players are weighed.
#[derive(Clone, Debug)]
pub(crate) enum Merit {
    /// The smallest gain.
    Least,
    /// `sum_i power_i ln gain_i`, the log of the Nash product; powers above zero.
    Product(Vec<f64>),
    /// `sum_i worth_i gain_i`; worths above zero.
    Sum(Vec<f64>),
}

/// Most Newton steps of a product's weights, and most halvings of each.
const STEPS: usize = 60;

impl Merit {
    /// By how much some gains are better than others, as the equal rise of all gains that is worth as much to first order. Without bound worse
    /// where a product has no value.
    pub(crate) fn rise(&self, from: &[f64], to: &[f64]) -> f64 {
        let least = |gains: &[f64]| gains.iter().copied().fold(f64::INFINITY, f64::min);
        let weights = self.weights(from);
        match self {
            Merit::Least => least(to) - least(from),
            Merit::Product(_) if to.iter().any(|gain| *gain <= 0.0) => f64::NEG_INFINITY,
            Merit::Product(_) => {
                weights.iter().zip(from).zip(to).map(|((weight, from), to)| weight * from * (to / from).ln()).sum()
            }
            Merit::Sum(_) => weights.iter().zip(from).zip(to).map(|((weight, from), to)| weight * (to - from)).sum(),
        }
    }

    /// How much each gain counts at the margin, with sum one; of the smallest gain, where that is not settled by the gains alone, all alike.
    pub(crate) fn weights(&self, gains: &[f64]) -> Vec<f64> {
        let margins: Vec<f64> = match self {
            Merit::Least => vec![1.0; gains.len()],
            Merit::Product(powers) => powers.iter().zip(gains).map(|(power, gain)| power / gain).collect(),
            Merit::Sum(worths) => worths.clone(),
        };
        let all: f64 = margins.iter().sum();
        margins.into_iter().map(|margin| margin / all).collect()
    }

    /// The weights `w` of the best step: of the dual of `max_s merit(h + a s) - s' B s / 2`, where `K = A B^-1 A'` and the step is
    /// `B^-1 A' w`; the merit in units of an equal rise from the gains `here`. `weights` is where the search for them starts.
    pub(crate) fn plan(&self, here: &[f64], h: &[f64], k: &[Vec<f64>], weights: &mut [f64]) {
        match self {
            Merit::Least => simplex::least(h, k, weights),
            Merit::Product(_) => {
                let shares: Vec<f64> =
                    self.weights(here).iter().zip(here).map(|(weight, gain)| weight * gain).collect();
                balance(&shares, h, k, weights);
            }
            Merit::Sum(_) => weights.copy_from_slice(&self.weights(here)),
        }
    }

    /// What the quadratic model promises of such a step from gains `here`.
    pub(crate) fn promise(&self, here: &[f64], k: &[Vec<f64>], weights: &[f64]) -> f64 {
        let moved: Vec<f64> = k.iter().map(|row| dot(row, weights)).collect();
        let bent = dot(&moved, weights);
        match self {
            Merit::Least => {
                let least = here.iter().copied().fold(f64::INFINITY, f64::min);
                dot(weights, here) + 0.5 * bent - least
            }
            _ => {
                let there: Vec<f64> = here.iter().zip(&moved).map(|(gain, moved)| gain + moved).collect();
                self.rise(here, &there) - 0.5 * bent
            }
        }
    }
}

/// The weights `w > 0` with `w_i (h_i + (K w)_i) = share_i` for all `i`, `K` positive semidefinite: where
/// `sum_i share_i ln w_i - h w - w' K w / 2`, strictly concave, is highest. Newton's method, shortened to stay above zero and go up.
fn balance(shares: &[f64], h: &[f64], k: &[Vec<f64>], w: &mut [f64]) {
    let n = h.len();
    w.iter_mut().zip(shares).for_each(|(w, share)| *w = w.max(1e-9 * share));
    let reached = |w: &[f64]| -> Vec<f64> { (0..n).map(|i| h[i] + dot(&k[i], w)).collect() };
    let height = |w: &[f64]| -> f64 {
        let bent: f64 = (0..n).map(|i| w[i] * dot(&k[i], w)).sum();
        (0..n).map(|i| shares[i] * w[i].ln() - h[i] * w[i]).sum::<f64>() - 0.5 * bent
    };
    for _ in 0..STEPS {
        let u = reached(w);
        let slope: Vec<f64> = (0..n).map(|i| shares[i] / w[i] - u[i]).collect();
        if (0..n).all(|i| (slope[i] * w[i]).abs() <= 1e-14 * shares[i]) {
            return;
        }
        let bend = Mat::from_fn(n, n, |i, l| k[i][l] + if i == l { shares[i] / (w[i] * w[i]) } else { 0.0 });
        let step = bend.partial_piv_lu().solve(&Mat::from_fn(n, 1, |i, _| slope[i]));
        let shrinks = (0..n).map(|i| -step[(i, 0)] / w[i]).fold(0.0, f64::max);
        let mut length = if shrinks < 0.99 { 1.0 } else { 0.99 / shrinks };
        let (before, promised) = (height(w), (0..n).map(|i| slope[i] * step[(i, 0)]).sum::<f64>());
        let moved = |length: f64| -> Vec<f64> { (0..n).map(|i| w[i] + length * step[(i, 0)]).collect() };
        // Close to the top heights differ by less than their rounding: there a full step is right.
        while promised > 1e-12 * before.abs()
            && length > 1e-9
            && height(&moved(length)) < before + 1e-4 * length * promised
        {
            length *= 0.5;
        }
        w.copy_from_slice(&moved(length));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the equations themselves, for gains of any sign and interests that coincide.
    #[test]
    fn weights_of_a_product_balance() {
        for (h, k) in [
            ([0.3, 0.1, 0.2], [[1.0, -0.2, 0.1], [-0.2, 0.5, 0.0], [0.1, 0.0, 2.0]]),
            ([-0.3, -0.1, 0.02], [[1.0, -0.9, 0.1], [-0.9, 1.0, 0.0], [0.1, 0.0, 2.0]]),
            ([1e-6, 0.1, 0.02], [[1.0, 1.0, 0.1], [1.0, 1.0, 0.1], [0.1, 0.1, 2.0]]),
        ] {
            let k: Vec<Vec<f64>> = k.iter().map(|row| row.to_vec()).collect();
            let shares = [0.02, 0.05, 0.03];
            let mut w = [0.2, 0.3, 0.5];
            balance(&shares, &h, &k, &mut w);
            for i in 0..3 {
                let u = h[i] + dot(&k[i], &w);
                assert!(w[i] > 0.0 && u > 0.0 && (w[i] * u - shares[i]).abs() < 1e-12, "{h:?}: {w:?}");
            }
        }
    }

    /// The promise is the rise of the model's own best step: no other step of the model promises more.
    #[test]
    fn no_other_step_promises_more() {
        // One variable per player, B = 1: a_i the slopes, K = A A'.
        let a = [[1.0, -0.5], [-0.6, 1.0]];
        let k: Vec<Vec<f64>> = a.iter().map(|one| a.iter().map(|other| dot(one, other)).collect()).collect();
        let here = [0.3, 0.1];
        for merit in
            [Merit::Product(vec![0.5, 0.5]), Merit::Product(vec![0.9, 0.1]), Merit::Sum(vec![1.0, 2.0]), Merit::Least]
        {
            let mut w = merit.weights(&here);
            merit.plan(&here, &here, &k, &mut w);
            let promise = merit.promise(&here, &k, &w);
            let step: Vec<f64> = (0..2).map(|v| (0..2).map(|i| w[i] * a[i][v]).sum()).collect();
            for (x, y) in [(0.0, 0.0), (0.01, 0.0), (-0.01, 0.01), (0.0, -0.01), (0.1, 0.1)] {
                let s = [step[0] + x, step[1] + y];
                let there: Vec<f64> = here.iter().zip(&a).map(|(gain, a)| gain + dot(a, &s)).collect();
                let rise = merit.rise(&here, &there) - 0.5 * dot(&s, &s);
                assert!(rise <= promise + 1e-12, "{merit:?} {x} {y}: {rise} {promise}");
                assert!((x, y) != (0.0, 0.0) || (rise - promise).abs() < 1e-12, "{merit:?}: {rise} {promise}");
            }
        }
    }
}
