//! The smallest maximum of linear functions: the linear program behind the least core and the nucleolus.

use cobden_world::Problem;
use faer::{Mat, linalg::solvers::PartialPivLu, prelude::Solve};

/// Violations below this count as none; values are of order one.
const TOLERANCE: f64 = 1e-10;
/// Bland's rule ends without a bound; rounding might not.
const MAX_PIVOTS: usize = 10_000;

/// `minimise over z: max_s (value_s - slope_s . z)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SmallestMaximum {
    pub z: Vec<f64>,
    pub maximum: f64,
    /// Which functions hold the maximum up, with weights that are positive, add to one and make the weighted slopes cancel. At every
    /// solution these functions are at the maximum.
    pub binding: Vec<(usize, f64)>,
}

/// Solves it on the dual, `maximise sum_s weight_s value_s` with `sum_s weight_s slope_s = 0`, `sum_s weight_s = 1`, `weight >= 0`, by the
/// simplex method with Bland's rule (1977): as many rows as `z` has entries and one more, solved anew at every pivot, so that no error piles
/// up. It starts from functions 0 and `opposite`, whose slopes must cancel; the slopes must span the space of `z`.
///
/// # Errors
/// Slopes that do not span; more pivots than any such problem takes.
pub(super) fn smallest_maximum(
    slopes: &[Vec<f64>],
    values: &[f64],
    opposite: usize,
) -> Result<SmallestMaximum, Problem> {
    let rows = slopes[0].len() + 1;
    let column = |s: usize, row: usize| slopes[s].get(row).copied().unwrap_or(1.0);
    let mut basis = first_basis(slopes, opposite)?;
    for _ in 0..MAX_PIVOTS {
        basis.sort_unstable();
        let factors = PartialPivLu::new(Mat::from_fn(rows, rows, |row, at| column(basis[at], row)).as_ref());
        let prices = factors.solve_transpose(Mat::from_fn(rows, 1, |at, _| values[basis[at]]));
        let weights = factors.solve(Mat::from_fn(rows, 1, |row, _| if row + 1 == rows { 1.0 } else { 0.0 }));
        let beyond = |s: usize| values[s] - (0..rows).map(|row| column(s, row) * prices[(row, 0)]).sum::<f64>();
        let Some(enters) = (0..slopes.len()).find(|s| !basis.contains(s) && beyond(*s) > TOLERANCE) else {
            return Ok(SmallestMaximum {
                z: (0..rows - 1).map(|row| prices[(row, 0)]).collect(),
                maximum: prices[(rows - 1, 0)],
                binding: (0..rows).map(|at| (basis[at], weights[(at, 0)])).filter(|(_, w)| *w > TOLERANCE).collect(),
            });
        };
        let change = factors.solve(Mat::from_fn(rows, 1, |row, _| column(enters, row)));
        let ratio = |at: usize| weights[(at, 0)].max(0.0) / change[(at, 0)];
        let falls = (0..rows).filter(|at| change[(*at, 0)] > TOLERANCE);
        // The first, by index of its function, of those that reach zero first.
        let least = falls.clone().map(ratio).fold(f64::INFINITY, f64::min);
        let Some(leaves) = falls.clone().find(|at| ratio(*at) <= least + TOLERANCE) else { break };
        basis[leaves] = enters;
    }
    Err(Problem::new("the linear program of the core did not settle").help("payoffs may differ too much in size"))
}

/// Function 0, its opposite, and others whose columns are independent of these and one another (Gram and Schmidt).
fn first_basis(slopes: &[Vec<f64>], opposite: usize) -> Result<Vec<usize>, Problem> {
    let rows = slopes[0].len() + 1;
    let mut basis = Vec::new();
    let mut span = Span::default();
    for s in [0, opposite].into_iter().chain(0..slopes.len()) {
        let column: Vec<f64> = slopes[s].iter().copied().chain([1.0]).collect();
        if basis.len() < rows && span.add(&column) {
            basis.push(s);
        }
    }
    if basis.len() < rows {
        return Err(Problem::new("the linear program of the core is degenerate"));
    }
    Ok(basis)
}

/// A space spanned by vectors, as an orthonormal basis.
#[derive(Clone, Debug, Default)]
pub(super) struct Span(Vec<Vec<f64>>);

impl Span {
    /// What of a vector lies outside.
    pub(super) fn rest(&self, vector: &[f64]) -> Vec<f64> {
        let mut rest = vector.to_vec();
        // Twice, so that what is left is orthogonal to rounding.
        for _ in 0..2 {
            for unit in &self.0 {
                let along: f64 = rest.iter().zip(unit).map(|(a, b)| a * b).sum();
                rest.iter_mut().zip(unit).for_each(|(a, b)| *a -= along * b);
            }
        }
        rest
    }

    /// Whether a vector lies within. Vectors are of order one.
    pub(super) fn holds(&self, vector: &[f64]) -> bool {
        norm(&self.rest(vector)) < 1e-8
    }

    /// Adds a vector, unless it lies within. Returns whether it did not.
    pub(super) fn add(&mut self, vector: &[f64]) -> bool {
        let rest = self.rest(vector);
        let length = norm(&rest);
        if length < 1e-8 {
            return false;
        }
        self.0.push(rest.iter().map(|entry| entry / length).collect());
        true
    }

    /// An orthonormal basis of what is orthogonal to it, in a space of so many dimensions.
    pub(super) fn complement(&self, dimensions: usize) -> Vec<Vec<f64>> {
        let mut all = self.clone();
        for axis in 0..dimensions {
            all.add(&(0..dimensions).map(|at| f64::from(u8::from(at == axis))).collect::<Vec<_>>());
        }
        all.0.split_off(self.0.len())
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|entry| entry * entry).sum::<f64>().sqrt()
}
