//! Levers that are listed in part: what keeps a relaxed list honest.

/// What it costs to list levers in part, `min_z sum_k d_k l_k^2 (1 / z_k - 1) / 2` subject to `sum_k v_k z_k <= 1`, `0 <= z <= 1`: `l_k` log factors
/// above those in force, `d_k` the bend of what is raised in each, `v_k` shares of the cap (the perspective of Frangioni and Gentile 2006).
///
/// A lever that is listed, `z = 1`, costs nothing, and so no list under the cap costs anything. One listed by half has twice its bend.
#[derive(Clone, Debug)]
pub(super) struct Partly {
    /// `d`.
    pub bends: Vec<f64>,
    /// `v`.
    pub shares: Vec<f64>,
}

impl Partly {
    /// The cost, and its slope in each `l >= 0`.
    pub(super) fn at(&self, logs: &[f64]) -> (f64, Vec<f64>) {
        let roots: Vec<f64> = self.bends.iter().zip(&self.shares).map(|(bend, share)| (bend * share).sqrt()).collect();
        // Of a lever listed in part z_k v_k = s roots_k l_k: raise those to whole ones that would be more, until none is.
        let mut whole: Vec<bool> = roots.iter().map(|root| *root <= 0.0).collect();
        let scale = loop {
            let sum = |of: &dyn Fn(usize) -> f64, wanted: bool| {
                (0..logs.len()).filter(|k| whole[*k] == wanted && logs[*k] > 0.0).map(of).sum::<f64>()
            };
            let counted = |k: usize| if roots[k] > 0.0 { self.shares[k] } else { 0.0 };
            let (left, wanted) = (1.0 - sum(&counted, true), sum(&|k| roots[k] * logs[k], false));
            if wanted <= 0.0 {
                // Room for a little of anything else, or for nothing.
                break if left > 0.0 { f64::INFINITY } else { f64::MIN_POSITIVE };
            }
            let scale = left / wanted;
            let full = |k: usize| !whole[k] && logs[k] > 0.0 && scale * roots[k] * logs[k] >= self.shares[k];
            let more: Vec<usize> = (0..logs.len()).filter(|k| full(*k)).collect();
            if more.is_empty() {
                break scale;
            }
            more.iter().for_each(|k| whole[*k] = true);
        };
        let slope = |k: usize| if whole[k] { 0.0 } else { (roots[k] / scale - self.bends[k] * logs[k]).max(0.0) };
        let slopes: Vec<f64> = (0..logs.len()).map(slope).collect();
        // d l^2 (1 / z - 1) / 2 = l slope / 2.
        let cost = logs.iter().zip(&slopes).map(|(log, slope)| 0.5 * log * slope).sum();
        (cost, slopes)
    }
}

#[cfg(test)]
mod tests {
    use super::Partly;

    #[test]
    fn a_list_under_the_cap_costs_nothing() {
        let partly = Partly { bends: vec![1.0, 2.0, 0.5], shares: vec![0.5, 0.4, 0.3] };
        assert_eq!(partly.at(&[0.2, 0.3, 0.0]).0, 0.0);
        assert_eq!(partly.at(&[0.0, 0.0, 0.0]).0, 0.0);
        assert!(partly.at(&[0.2, 0.3, 0.1]).0 > 0.0);
    }

    /// Against trying all parts of a grid, and differences.
    #[test]
    fn parts_are_the_cheapest_and_the_slope_is_theirs() {
        let partly = Partly { bends: vec![1.0, 2.0, 0.5], shares: vec![0.5, 0.9, 0.6] };
        let logs = [0.2, 0.3, 0.4];
        let (cost, slopes) = partly.at(&logs);
        let mut least = f64::INFINITY;
        let parts = || (1..=400).map(|part| f64::from(part) / 400.0);
        for first in parts() {
            for second in parts() {
                let third = ((1.0 - 0.5 * first - 0.9 * second) / 0.6).min(1.0);
                if third > 0.0 {
                    let cost = |k: usize, part: f64| 0.5 * partly.bends[k] * logs[k] * logs[k] * (1.0 / part - 1.0);
                    least = least.min(cost(0, first) + cost(1, second) + cost(2, third));
                }
            }
        }
        assert!(cost <= least + 1e-12 && cost > 0.99 * least, "{cost} {least}");
        for k in 0..3 {
            let (mut up, mut down) = (logs, logs);
            (up[k], down[k]) = (logs[k] + 1e-6, logs[k] - 1e-6);
            let difference = (partly.at(&up).0 - partly.at(&down).0) / 2e-6;
            assert!((difference - slopes[k]).abs() < 1e-8, "{k}: {difference} {}", slopes[k]);
        }
    }
}
