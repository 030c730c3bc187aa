//! Integrals along a path from values at Chebyshev points of it.

/// The `at`-th of `intervals + 1` Chebyshev points on [0, 1], ends included.
pub(crate) fn chebyshev(at: usize, intervals: usize) -> f64 {
    0.5 * (1.0 - (std::f64::consts::PI * at as f64 / intervals as f64).cos())
}

/// `integral f dg` from values at Chebyshev points: `sum_k w_k f_k (D g)_k`, with Clenshaw-Curtis weights `w` and the spectral
/// differentiation matrix `D` (Trefethen 2000, chapters 6 and 12).
pub(crate) struct StieltjesRule {
    /// `w_k D_kl`, row-major.
    matrix: Vec<f64>,
    size: usize,
}

impl StieltjesRule {
    pub(crate) fn new(intervals: usize) -> Self {
        let size = intervals + 1;
        let mut matrix = vec![0.0; size * size];
        let weight = clenshaw_curtis(intervals);
        let end = |k: usize| if k == 0 || k == intervals { 2.0 } else { 1.0 };
        for k in 0..size {
            let mut diagonal = 0.0;
            for l in (0..size).filter(|l| *l != k) {
                let sign = if (k + l) % 2 == 0 { 1.0 } else { -1.0 };
                let slope = sign * end(k) / end(l) / (chebyshev(k, intervals) - chebyshev(l, intervals));
                matrix[k * size + l] = weight[k] * slope;
                diagonal -= slope;
            }
            matrix[k * size + k] = weight[k] * diagonal;
        }
        Self { matrix, size }
    }

    /// `integral f dg` along nodes, one for each point.
    pub(crate) fn integral<N>(&self, nodes: &[N], f: impl Fn(&N) -> f64, g: impl Fn(&N) -> f64) -> f64 {
        self.integral_indexed(nodes, |_, node| f(node), |_, node| g(node))
    }

    /// The same, where `f` and `g` are told which point.
    pub(crate) fn integral_indexed<N>(
        &self,
        nodes: &[N],
        f: impl Fn(usize, &N) -> f64,
        g: impl Fn(usize, &N) -> f64,
    ) -> f64 {
        // Differences from the start lose no digits where g is large and hardly moves.
        let start = nodes.first().map_or(0.0, |node| g(0, node));
        let g: Vec<f64> = nodes.iter().enumerate().map(|(at, node)| g(at, node) - start).collect();
        let rows = self.matrix.chunks_exact(self.size).zip(nodes.iter().enumerate());
        rows.map(|(row, (at, node))| f(at, node) * row.iter().zip(&g).map(|(a, b)| a * b).sum::<f64>()).sum()
    }
}

/// Clenshaw-Curtis weights on [0, 1] for an even number of intervals.
fn clenshaw_curtis(intervals: usize) -> Vec<f64> {
    let m = intervals as f64;
    (0..=intervals)
        .map(|k| {
            let angle = 2.0 * std::f64::consts::PI * k as f64 / m;
            let ends = if k == 0 || k == intervals { 1.0 } else { 2.0 };
            let sum: f64 = (1..=intervals / 2)
                .map(|l| {
                    let half = if 2 * l == intervals { 1.0 } else { 2.0 };
                    half / (4.0 * (l * l) as f64 - 1.0) * (l as f64 * angle).cos()
                })
                .sum();
            0.5 * ends / m * (1.0 - sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_integrate_polynomials() {
        let weights = clenshaw_curtis(8);
        for power in 0..8 {
            let sum: f64 = weights.iter().enumerate().map(|(k, w)| w * chebyshev(k, 8).powi(power)).sum();
            assert!((sum - 1.0 / f64::from(power + 1)).abs() < 1e-14, "{power}");
        }
    }
}
