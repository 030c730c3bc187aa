//! Multipliers of a few conditions: a quadratic programme over the orthant, by trying which of them bind.

use faer::{Mat, linalg::solvers::Solve};

/// Largest multiplier: beyond, a condition cannot be met by what is free to move.
const LARGEST: f64 = 1e9;

/// The `w` that solve `min w' K w / 2 - w short`, `w_k >= 0` unless the condition is exact: multipliers of conditions that the step without them
/// leaves `short`, `K = C B^-1 C'`, `[k][l]`. Conditions are few: every set that may bind is tried, small ones first.
pub(super) fn multipliers(short: &[f64], k: &[Vec<f64>], exact: &[bool]) -> Vec<f64> {
    let size = short.len();
    let must: usize = (0..size).filter(|at| exact[*at]).map(|at| 1 << at).sum();
    let mut sets: Vec<usize> = (0..1_usize << size).filter(|set| set & must == must).collect();
    sets.sort_by_key(|set| set.count_ones());
    let mut best = (f64::INFINITY, vec![0.0; size]);
    for set in sets {
        let weights = binding(short, k, set);
        let left = |at: usize| short[at] - (0..size).map(|other| k[at][other] * weights[other]).sum::<f64>();
        let wrong = |at: usize| match exact[at] {
            true => left(at).abs(),
            false => left(at).max(0.0) + (-weights[at]).max(0.0) * k[at][at],
        };
        let wrong: f64 = (0..size).map(wrong).sum();
        // Of equals the larger: one that nothing free to move can meet then asks for all there is, and so frees what must move.
        if wrong <= best.0 {
            best = (wrong, weights);
        }
    }
    let (_, mut weights) = best;
    weights.iter_mut().zip(exact).filter(|(_, exact)| !**exact).for_each(|(weight, _)| *weight = weight.max(0.0));
    weights
}

/// The multipliers if just these conditions bind.
fn binding(short: &[f64], k: &[Vec<f64>], set: usize) -> Vec<f64> {
    let members: Vec<usize> = (0..short.len()).filter(|at| set >> at & 1 == 1).collect();
    let size = members.len();
    let mut weights = vec![0.0; short.len()];
    if size == 0 {
        return weights;
    }
    // Conditions whose slopes coincide, or that nothing free to move can change, make it singular.
    let ridge = 1e-13 * members.iter().map(|at| k[*at][*at]).fold(f64::MIN_POSITIVE, f64::max);
    let matrix = Mat::from_fn(size, size, |row, column| {
        k[members[row]][members[column]] + if row == column { ridge } else { 0.0 }
    });
    let solution = matrix.full_piv_lu().solve(&Mat::from_fn(size, 1, |row, _| short[members[row]]));
    members.iter().enumerate().for_each(|(row, at)| {
        weights[*at] = solution[(row, 0)].clamp(-LARGEST, LARGEST);
    });
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], expected: [f64; 2]) -> bool {
        found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9)
    }

    #[test]
    fn only_conditions_that_bind_count() {
        let k = [vec![2.0, 0.5], vec![0.5, 1.0]];
        // Both are met without a step.
        assert!(close(&multipliers(&[-1.0, -0.1], &k, &[false, false]), [0.0, 0.0]));
        // The first binds, and that meets the second.
        assert!(close(&multipliers(&[2.0, 0.4], &k, &[false, false]), [1.0, 0.0]));
        // Both bind.
        let both = multipliers(&[2.0, 1.0], &k, &[false, false]);
        assert!((2.0 * both[0] + 0.5 * both[1] - 2.0).abs() < 1e-9 && (0.5 * both[0] + both[1] - 1.0).abs() < 1e-9);
        // One that is met amply pulls back if it must hold exactly.
        assert!(close(&multipliers(&[-1.0, -1.0], &k, &[true, false]), [-0.5, 0.0]));
    }

    #[test]
    fn a_condition_out_of_reach_asks_for_all_there_is() {
        assert_eq!(multipliers(&[1.0], &[vec![0.0]], &[false]), [LARGEST]);
    }
}
