//! GMRES: the linear solves inside Newton's method, from products with the matrix alone.

use crate::kernel::{add_scaled, dot};

/// Basis vectors and small matrices of one GMRES run, kept between runs.
///
/// Saad and Schultz (1986) with modified Gram-Schmidt, preconditioned on the right so that the residual it watches is the true one. What
/// the preconditioner made of each basis vector is kept (as in Saad's flexible variant, 1993), so that the solution needs it no more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gmres {
    basis: Vec<Vec<f64>>,
    /// The basis after the preconditioner.
    directions: Vec<Vec<f64>>,
    /// Upper triangular after the rotations, column by column.
    columns: Vec<Vec<f64>>,
    rotations: Vec<(f64, f64)>,
    /// The rotated right-hand side; its last entry is the residual norm.
    rhs: Vec<f64>,
    weights: Vec<f64>,
}

impl Gmres {
    /// Solves `A x = b` to `|b - A x| <= tolerance |b|` in at most `most` products with `A`, and says how many it took.
    ///
    /// `product(v, direction, out)` sets `direction` to about `A^-1 v` and `out = A direction`. If the tolerance is not met `x` is the
    /// best found, and the count is `most`.
    pub(crate) fn solve(
        &mut self,
        b: &[f64],
        x: &mut [f64],
        tolerance: f64,
        most: usize,
        mut product: impl FnMut(&[f64], &mut [f64], &mut [f64]),
    ) -> usize {
        let norm = dot(b, b).sqrt();
        x.fill(0.0);
        if norm == 0.0 || !norm.is_finite() {
            return 0;
        }
        self.start(b, norm, most);
        let mut steps = 0;
        while steps < most && self.rhs[steps].abs() > tolerance * norm {
            self.reach(steps, b.len());
            let (known, next) = self.basis.split_at_mut(steps + 1);
            product(&known[steps], &mut self.directions[steps], &mut next[0]);
            let grown = orthogonalise(known, &mut next[0], &mut self.columns[steps]);
            self.rotate(steps);
            steps += 1;
            if grown == 0.0 {
                break;
            }
        }
        self.combine(steps, x);
        steps
    }

    fn start(&mut self, b: &[f64], norm: f64, most: usize) {
        self.columns.resize_with(most, Vec::new);
        self.reach(0, b.len());
        self.rotations.clear();
        self.rhs.clear();
        self.rhs.push(norm);
        self.basis[0].iter_mut().zip(b).for_each(|(v, b)| *v = b / norm);
    }

    /// Makes room for the basis vector after `step`: few are ever needed of the many allowed.
    fn reach(&mut self, step: usize, length: usize) {
        if self.basis.first().is_some_and(|vector| vector.len() != length) {
            self.basis.clear();
            self.directions.clear();
        }
        while self.basis.len() < step + 2 {
            self.basis.push(vec![0.0; length]);
            self.directions.push(vec![0.0; length]);
        }
    }

    /// Applies the Givens rotations so far to a new column, and one more that zeroes its last entry.
    fn rotate(&mut self, step: usize) {
        let column = &mut self.columns[step];
        for (row, (cos, sin)) in self.rotations.iter().enumerate() {
            let (upper, lower) = (column[row], column[row + 1]);
            column[row] = cos * upper + sin * lower;
            column[row + 1] = cos * lower - sin * upper;
        }
        let (upper, lower) = (column[step], column[step + 1]);
        let length = upper.hypot(lower);
        let (cos, sin) = if length == 0.0 { (1.0, 0.0) } else { (upper / length, lower / length) };
        column[step] = length;
        column.truncate(step + 1);
        self.rotations.push((cos, sin));
        let last = self.rhs[step];
        self.rhs[step] = cos * last;
        self.rhs.push(-sin * last);
    }

    /// The combination of basis vectors that leaves the smallest residual, by back substitution.
    fn combine(&mut self, steps: usize, x: &mut [f64]) {
        self.weights.clear();
        self.weights.extend_from_slice(&self.rhs[..steps]);
        for row in (0..steps).rev() {
            for later in row + 1..steps {
                self.weights[row] -= self.columns[later][row] * self.weights[later];
            }
            let pivot = self.columns[row][row];
            self.weights[row] = if pivot == 0.0 { 0.0 } else { self.weights[row] / pivot };
        }
        for (weight, vector) in self.weights.iter().zip(&self.directions) {
            add_scaled(x, *weight, vector);
        }
    }
}

/// Takes the known directions out of `vector`, normalises it, records the coefficients, and returns the length left.
fn orthogonalise(known: &[Vec<f64>], vector: &mut [f64], column: &mut Vec<f64>) -> f64 {
    column.clear();
    for direction in known {
        let along = dot(direction, vector);
        add_scaled(vector, -along, direction);
        column.push(along);
    }
    let length = dot(vector, vector).sqrt();
    column.push(length);
    if length > 0.0 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_small_system_exactly() {
        let a = [[4.0, 1.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 3.0]];
        let truth = [1.0, -2.0, 3.0];
        let times = |v: &[f64], out: &mut [f64]| {
            for (out, row) in out.iter_mut().zip(&a) {
                *out = dot(row, v);
            }
        };
        let product = |v: &[f64], direction: &mut [f64], out: &mut [f64]| {
            direction.copy_from_slice(v);
            times(direction, out);
        };
        let mut b = [0.0; 3];
        times(&truth, &mut b);
        let mut x = [0.0; 3];
        let steps = Gmres::default().solve(&b, &mut x, 1e-14, 10, product);
        assert!(steps <= 3);
        for (x, truth) in x.iter().zip(truth) {
            assert!((x - truth).abs() < 1e-12);
        }
    }
}
