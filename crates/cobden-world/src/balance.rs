//! The table nearest to a prior that meets given row and column totals.

use std::fmt;

use ndarray::{Array2, ArrayView2, Axis};

use crate::feasible::{self, Blocked};

/// How near each total must be met, relative to it.
const TOLERANCE: f64 = 1e-12;

/// Most rounds of scaling rows, then columns.
const MAX_SWEEPS: usize = 1000;

/// Most Newton steps after that.
const MAX_NEWTON: usize = 100;

/// A table that meets its totals.
#[derive(Clone, Debug, PartialEq)]
pub struct Balanced {
    /// z, `[row, column]`.
    pub table: Array2<f64>,
    /// `sum z ln(z / z0) - z + z0`: how far it is from the prior `z0`, in the unit of the table.
    pub divergence: f64,
    /// The largest relative gap between a total and its sum; at most 1e-12.
    pub residual: f64,
    /// Rounds of scaling rows, then columns.
    pub sweeps: usize,
    /// Newton steps after them, zero where scaling alone converged.
    pub newton_steps: usize,
}

/// Why there is no such table.
#[derive(Clone, Debug, PartialEq)]
pub enum Infeasible {
    /// The prior or a total is negative or not finite, or their numbers disagree.
    Input(String),
    /// These rows must place more than all columns where their prior is not zero can hold.
    Rows {
        /// The rows.
        rows: Vec<usize>,
        /// The sum of their totals.
        must_place: f64,
        /// Every column in which one of them has a prior above zero.
        columns: Vec<usize>,
        /// The sum of the totals of those.
        can_hold: f64,
    },
    /// These columns must hold more than all rows where their prior is not zero can place.
    Columns {
        /// The columns.
        columns: Vec<usize>,
        /// The sum of their totals.
        must_hold: f64,
        /// Every row in which one of them has a prior above zero.
        rows: Vec<usize>,
        /// The sum of the totals of those.
        can_place: f64,
    },
    /// A table exists, but rounding kept the iteration from it.
    NotConverged {
        /// The largest relative gap that remained.
        residual: f64,
    },
}

impl fmt::Display for Infeasible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(what) => write!(f, "{what}"),
            Self::Rows { rows, must_place, columns, can_hold } => {
                write!(f, "rows {rows:?} must place {must_place} in columns {columns:?}, which hold {can_hold}")
            }
            Self::Columns { columns, must_hold, rows, can_place } => {
                write!(f, "columns {columns:?} must hold {must_hold} from rows {rows:?}, which place {can_place}")
            }
            Self::NotConverged { residual } => {
                write!(f, "the totals are met only to {residual:.1e}")
            }
        }
    }
}

impl std::error::Error for Infeasible {}

/// The table nearest to `prior` with these row and column totals; `None` leaves a total free.
///
/// Nearest means least Kullback-Leibler divergence `sum z ln(z / z0) - z + z0`. Its minimum has the form
/// `z_rc = z0_rc exp(u_r + v_c)`, `u` and `v` zero where a total is free: it is the biproportional table (RAS). Cells that are zero
/// stay zero, all others stay positive unless the totals force them to zero.
///
/// Rows and columns are scaled in turn; where that is slow (totals that only just fit the zeros), Newton's method on the convex
/// dual `sum z0 exp(u + v) - u r - v c` finishes. Every iteration is bounded, and whether a table exists is decided beforehand,
/// by maximum flow, not by giving up.
///
/// # Errors
/// The reason there is none, see [`Infeasible`].
///
/// ```
/// use cobden_world::balance;
/// use ndarray::array;
/// let prior = array![[1.0, 1.0], [1.0, 1.0]];
/// let nearest = balance(prior.view(), &[Some(3.0), Some(1.0)], &[Some(2.0), None]).unwrap();
/// assert!((nearest.table[[0, 0]] - 1.5).abs() < 1e-12);
/// ```
pub fn balance(
    prior: ArrayView2<'_, f64>,
    row_totals: &[Option<f64>],
    column_totals: &[Option<f64>],
) -> Result<Balanced, Infeasible> {
    check_input(prior, row_totals, column_totals)?;
    let live = |total: &Option<f64>| *total != Some(0.0);
    // Lines with total zero are zero; without them every other cell can stay positive.
    let start = Array2::from_shape_fn(prior.dim(), |(row, column)| {
        if live(&row_totals[row]) && live(&column_totals[column]) { prior[[row, column]] } else { 0.0 }
    });
    check_feasible(&start, row_totals, column_totals)?;
    let mut fit = Fit { table: start, row_totals, column_totals };
    let sweeps = fit.sweep();
    let newton_steps = if fit.residual() <= TOLERANCE { 0 } else { fit.newton() };
    let residual = fit.residual();
    if residual > TOLERANCE || residual.is_nan() {
        return Err(Infeasible::NotConverged { residual });
    }
    Ok(Balanced { divergence: divergence(fit.table.view(), prior), residual, sweeps, newton_steps, table: fit.table })
}

/// `sum z ln(z / z0) - z + z0`, where `0 ln 0 = 0`.
pub(crate) fn divergence(table: ArrayView2<'_, f64>, prior: ArrayView2<'_, f64>) -> f64 {
    let term = |z: f64, z0: f64| {
        if z > 0.0 && z0 > 0.0 { z * (z / z0).ln() - z + z0 } else { z0 }
    };
    table.iter().zip(prior).map(|(z, z0)| term(*z, *z0)).sum()
}

fn check_input(
    prior: ArrayView2<'_, f64>,
    row_totals: &[Option<f64>],
    column_totals: &[Option<f64>],
) -> Result<(), Infeasible> {
    let usable = |value: &f64| value.is_finite() && *value >= 0.0;
    if prior.dim() != (row_totals.len(), column_totals.len()) {
        let (rows, columns) = (row_totals.len(), column_totals.len());
        return Err(Infeasible::Input(format!("the prior is {:?}, the totals {rows} x {columns}", prior.dim())));
    }
    if let Some(((row, column), value)) = prior.indexed_iter().find(|(_, value)| !usable(value)) {
        return Err(Infeasible::Input(format!("the prior in row {row}, column {column} is {value}")));
    }
    for (line, totals) in [("row", row_totals), ("column", column_totals)] {
        for (position, total) in totals.iter().enumerate() {
            if let Some(total) = total.filter(|total| !usable(total)) {
                return Err(Infeasible::Input(format!("the total of {line} {position} is {total}")));
            }
        }
    }
    Ok(())
}

fn check_feasible(
    start: &Array2<f64>,
    row_totals: &[Option<f64>],
    column_totals: &[Option<f64>],
) -> Result<(), Infeasible> {
    let allowed = start.mapv(|value| value > 0.0);
    if let Some(Blocked { sources, must_place, targets, can_hold }) =
        feasible::blocked(&allowed, row_totals, column_totals)
    {
        return Err(Infeasible::Rows { rows: sources, must_place, columns: targets, can_hold });
    }
    let allowed = allowed.reversed_axes();
    if let Some(Blocked { sources, must_place, targets, can_hold }) =
        feasible::blocked(&allowed, column_totals, row_totals)
    {
        return Err(Infeasible::Columns {
            columns: sources,
            must_hold: must_place,
            rows: targets,
            can_place: can_hold,
        });
    }
    Ok(())
}

/// A table on its way to its totals.
struct Fit<'a> {
    table: Array2<f64>,
    row_totals: &'a [Option<f64>],
    column_totals: &'a [Option<f64>],
}

impl Fit<'_> {
    /// The largest relative gap between a total and its sum.
    fn residual(&self) -> f64 {
        let gap = |(total, sum): (&Option<f64>, &f64)| match total {
            Some(total) if *total > 0.0 => (sum / total - 1.0).abs(),
            _ => 0.0,
        };
        let (rows, columns) = (self.table.sum_axis(Axis(1)), self.table.sum_axis(Axis(0)));
        let rows = self.row_totals.iter().zip(&rows).map(gap);
        // `max` would drop a NaN and call the table good.
        rows.chain(self.column_totals.iter().zip(&columns).map(gap))
            .fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) })
    }

    /// Scales rows, then columns, until the totals are met or the bound is; returns the number of rounds.
    fn sweep(&mut self) -> usize {
        for round in 0..MAX_SWEEPS {
            if self.residual() <= TOLERANCE {
                return round;
            }
            for (axis, totals) in [(Axis(0), self.row_totals), (Axis(1), self.column_totals)] {
                for (mut line, total) in self.table.axis_iter_mut(axis).zip(totals) {
                    let sum = line.sum();
                    if let Some(total) = total
                        && sum > 0.0
                    {
                        line *= total / sum;
                    }
                }
            }
        }
        MAX_SWEEPS
    }

    /// Newton's method on the dual from where the table stands; returns the number of steps.
    fn newton(&mut self) -> usize {
        for step in 0..MAX_NEWTON {
            if self.residual() <= TOLERANCE {
                return step;
            }
            let direction = self.newton_direction();
            // A multiplier moves a line by at most a factor of e^2 at a time: far from the minimum the full step overshoots.
            let longest = direction.iter().fold(0.0_f64, |longest, move_| longest.max(move_.abs()));
            let length = (2.0 / longest).min(1.0);
            let rows = self.row_totals.len();
            for ((row, column), value) in self.table.indexed_iter_mut() {
                *value *= (length * (direction[row] + direction[rows + column])).exp();
            }
        }
        MAX_NEWTON
    }

    /// Solves `H d = -g`: gradient `g` = sums less totals, Hessian `H = [diag(row sums), z; z', diag(column sums)]`, over the lines
    /// with a positive total; all others do not move.
    fn newton_direction(&self) -> Vec<f64> {
        let rows = self.row_totals.len();
        let sums: Vec<f64> =
            self.table.sum_axis(Axis(1)).iter().chain(&self.table.sum_axis(Axis(0))).copied().collect();
        let totals: Vec<Option<f64>> = self.row_totals.iter().chain(self.column_totals).copied().collect();
        let active: Vec<usize> =
            (0..totals.len()).filter(|&line| totals[line].is_some_and(|total| total > 0.0)).collect();
        let entry = |a: usize, b: usize| match (a < rows, b < rows) {
            _ if a == b => sums[a],
            (true, false) => self.table[[a, b - rows]],
            (false, true) => self.table[[b, a - rows]],
            _ => 0.0,
        };
        // Scaled to a unit diagonal. The ridge keeps the factorisation from breaking where u + c, v - c changes nothing.
        let scale: Vec<f64> = active.iter().map(|&line| sums[line].sqrt().max(f64::MIN_POSITIVE)).collect();
        let matrix = Array2::from_shape_fn((active.len(), active.len()), |(a, b)| {
            let ridge = if a == b { 1e-14 } else { 0.0 };
            entry(active[a], active[b]) / (scale[a] * scale[b]) + ridge
        });
        let right = active.iter().zip(&scale).map(|(&line, scale)| (totals[line].unwrap_or(0.0) - sums[line]) / scale);
        let solution = solve_positive_definite(matrix, right.collect());
        let mut direction = vec![0.0; totals.len()];
        for ((&line, value), scale) in active.iter().zip(solution).zip(&scale) {
            direction[line] = value / scale;
        }
        direction
    }
}

/// Solves `A x = b` by Cholesky factorisation in place, `A` symmetric and positive definite up to rounding: a pivot that rounding
/// made too small is replaced by one so large that its unknown stays near zero.
fn solve_positive_definite(mut matrix: Array2<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for k in 0..size {
        let pivot = matrix[[k, k]];
        let root = if pivot > 1e-15 { pivot.sqrt() } else { 1e15 };
        matrix[[k, k]] = root;
        for i in k + 1..size {
            matrix[[i, k]] /= root;
        }
        for j in k + 1..size {
            let factor = matrix[[j, k]];
            for i in j..size {
                matrix[[i, j]] -= matrix[[i, k]] * factor;
            }
        }
    }
    for k in 0..size {
        right[k] /= matrix[[k, k]];
        for i in k + 1..size {
            right[i] -= matrix[[i, k]] * right[k];
        }
    }
    for k in (0..size).rev() {
        right[k] /= matrix[[k, k]];
        for i in 0..k {
            right[i] -= matrix[[k, i]] * right[k];
        }
    }
    right
}
