//! Weights that make the worst-off best: a small quadratic programme over the simplex.

use faer::{Mat, linalg::solvers::Solve};

/// The weights `lambda >= 0` with sum one that minimise `lambda h + lambda' K lambda / 2`, `K` positive semidefinite, `[i][l]`.
///
/// They are the multipliers of `max_s min_i (h_i + a_i s) - s' B s / 2` with `K = A B^-1 A'`: how much each player's gain counts where none can
/// be raised without lowering the least. A primal active-set method (Nocedal and Wright 2006, 16.5) from `weights`, which is finite; bounded
/// all the same.
pub(crate) fn least(h: &[f64], k: &[Vec<f64>], weights: &mut [f64]) {
    let n = h.len();
    let mut held: Vec<bool> = weights.iter().map(|weight| *weight <= 0.0).collect();
    for _ in 0..20 * n {
        let (target, level) = on_face(h, k, &held);
        // As far towards the face's own least point as no weight turns negative.
        let (mut length, mut hit) = (1.0, None);
        for i in (0..n).filter(|i| !held[*i] && target[*i] < 0.0) {
            let most = weights[i] / (weights[i] - target[i]);
            if most < length {
                (length, hit) = (most, Some(i));
            }
        }
        for (weight, target) in weights.iter_mut().zip(&target) {
            *weight = (*weight + length * (target - *weight)).max(0.0);
        }
        if let Some(i) = hit {
            (weights[i], held[i]) = (0.0, true);
            continue;
        }
        // Whoever is held at zero though worse off than the rest comes back.
        let reached = |i: usize| h[i] + (0..n).map(|l| k[i][l] * weights[l]).sum::<f64>();
        let worst = (0..n).filter(|i| held[*i]).min_by(|a, b| reached(*a).total_cmp(&reached(*b)));
        match worst {
            Some(i) if reached(i) < level - 1e-12 * (1.0 + level.abs()) => held[i] = false,
            _ => return,
        }
    }
}

/// The least point with some weights held at zero and the sign of the others left open, and what all those reach there.
fn on_face(h: &[f64], k: &[Vec<f64>], held: &[bool]) -> (Vec<f64>, f64) {
    let free: Vec<usize> = (0..h.len()).filter(|i| !held[*i]).collect();
    let size = free.len();
    // Where two players' interests coincide K is singular; so little ridge moves nothing that is determined.
    let ridge = 1e-13 * free.iter().map(|i| k[*i][*i]).fold(f64::MIN_POSITIVE, f64::max);
    let matrix = Mat::from_fn(size + 1, size + 1, |row, column| match (row < size, column < size) {
        (true, true) => k[free[row]][free[column]] + if row == column { ridge } else { 0.0 },
        (false, false) => 0.0,
        (true, false) => -1.0,
        (false, true) => 1.0,
    });
    let right = Mat::from_fn(size + 1, 1, |row, _| if row < size { -h[free[row]] } else { 1.0 });
    let solution = matrix.full_piv_lu().solve(&right);
    let mut weights = vec![0.0; h.len()];
    for (at, i) in free.iter().enumerate() {
        weights[*i] = solution[(at, 0)];
    }
    (weights, solution[(size, 0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(h: &[f64], k: &[Vec<f64>]) -> Vec<f64> {
        let mut weights = vec![1.0 / h.len() as f64; h.len()];
        least(h, k, &mut weights);
        weights
    }

    /// With `K = c I` the least point is the projection of `-h / c` on the simplex.
    #[test]
    fn projects_on_the_simplex() {
        let identity =
            |c: f64| (0..3).map(|i| (0..3).map(|l| if i == l { c } else { 0.0 }).collect()).collect::<Vec<_>>();
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close(&solve(&[0.0, 0.0, 0.0], &identity(1.0)), &[1.0 / 3.0; 3]));
        assert!(close(&solve(&[-0.1, 0.0, 0.1], &identity(1.0)), &[1.3 / 3.0, 1.0 / 3.0, 0.7 / 3.0]));
        assert!(close(&solve(&[-5.0, 0.0, 3.0], &identity(1.0)), &[1.0, 0.0, 0.0]));
        assert!(close(&solve(&[-0.5, 0.0, 3.0], &identity(1.0)), &[0.75, 0.25, 0.0]));
    }

    /// Two players whose interests are the same: any split between them will do, and the third gets what is due.
    #[test]
    fn endures_a_singular_matrix() {
        let k = [vec![1.0, 1.0, 0.0], vec![1.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
        let weights = solve(&[0.0, 0.0, 0.0], &k);
        assert!((weights[0] + weights[1] - 0.5).abs() < 1e-6 && (weights[2] - 0.5).abs() < 1e-6, "{weights:?}");
    }
}
