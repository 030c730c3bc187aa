//! Dense arrays with the exporter contiguous, and the few loops that all the time goes into.
//!
//! Inside the solver everything is sector-major: `[j, n, i]` for cubes and `[j, n]` for panels, so that each sector's cube is a
//! row-major matrix and each operation over countries runs along memory.

use pulp::Arch;
use rayon::prelude::*;

/// `[j, n, i]`: one `n x i` row-major matrix per sector.
#[derive(Clone, Debug)]
pub(crate) struct Cube {
    countries: usize,
    data: Vec<f64>,
}

impl Cube {
    pub(crate) fn zeros(sectors: usize, countries: usize) -> Self {
        Self { countries, data: vec![0.0; sectors * countries * countries] }
    }

    /// The exporters of one importer in one sector.
    pub(crate) fn row(&self, sector: usize, importer: usize) -> &[f64] {
        let start = (sector * self.countries + importer) * self.countries;
        &self.data[start..start + self.countries]
    }

    pub(crate) fn row_mut(&mut self, sector: usize, importer: usize) -> &mut [f64] {
        let start = (sector * self.countries + importer) * self.countries;
        &mut self.data[start..start + self.countries]
    }

    pub(crate) fn as_slice(&self) -> &[f64] {
        &self.data
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [f64] {
        &mut self.data
    }

    /// `out_j = matrix_j x_j` in every sector; panels `[j, n]`.
    pub(crate) fn times(&self, x: &[f64], out: &mut [f64]) {
        self.each_sector(x, out, times);
    }

    /// `out_j = matrix_j' x_j` in every sector; panels `[j, n]`.
    pub(crate) fn transpose_times(&self, x: &[f64], out: &mut [f64]) {
        self.each_sector(x, out, transpose_times);
    }

    /// Sectors side by side on as many threads as there are. Each writes its own row, so their number changes no bit.
    fn each_sector(&self, x: &[f64], out: &mut [f64], product: impl Fn(&[f64], &[f64], &mut [f64]) + Sync) {
        let n = self.countries;
        let sectors = self.data.par_chunks_exact(n * n).zip(x.par_chunks_exact(n)).zip(out.par_chunks_exact_mut(n));
        sectors.with_min_len(self.sectors_of_a_task()).for_each(|((matrix, x), out)| product(matrix, x, out));
    }

    /// How many sectors are worth handing to another thread.
    fn sectors_of_a_task(&self) -> usize {
        CELLS_OF_A_TASK.div_ceil(self.countries * self.countries)
    }
}

/// Cells of a cube below which another thread takes longer to wake than the work takes.
const CELLS_OF_A_TASK: usize = 1 << 19;

const LANES: usize = 8;
/// Rows taken together, so that one load of the vector serves several and additions do not wait for each other.
const ROWS: usize = 4;

/// Runs a loop compiled for the widest vectors that this machine has.
///
/// Which those are changes no bit of the result: products and sums are rounded one by one (nothing is fused), and the order of every
/// sum is written out in the loop.
pub(crate) fn vectorised<R>(loops: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(loops)
}

/// `sum a b`, in a fixed order of eight partial sums so that it vectorises and is the same on every run.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let [sum] = dots([a], b);
    sum
}

/// `sum f(a, b)`, in eight partial sums likewise.
#[inline(always)]
pub(crate) fn sum_of(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| f(*a, *b)).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            sums[lane] += f(a[lane], b[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The product of each row with `x`.
#[inline(always)]
fn dots<const ROWS: usize>(rows: [&[f64]; ROWS], x: &[f64]) -> [f64; ROWS] {
    let mut sums = [[0.0; LANES]; ROWS];
    let whole = x.len() / LANES * LANES;
    for at in (0..whole).step_by(LANES) {
        let x = &x[at..at + LANES];
        for (sums, row) in sums.iter_mut().zip(rows) {
            let row = &row[at..at + LANES];
            for lane in 0..LANES {
                sums[lane] += row[lane] * x[lane];
            }
        }
    }
    let mut out = [0.0; ROWS];
    for ((out, sums), row) in out.iter_mut().zip(&sums).zip(rows) {
        let rest: f64 = row[whole..].iter().zip(&x[whole..]).map(|(a, b)| a * b).sum();
        *out = sums.iter().sum::<f64>() + rest;
    }
    out
}

/// `out = matrix x`, row-major.
fn times(matrix: &[f64], x: &[f64], out: &mut [f64]) {
    vectorised(
        #[inline(always)]
        || {
            let mut rows = matrix.chunks_exact(x.len());
            let mut outs = out.chunks_exact_mut(ROWS);
            for out in &mut outs {
                let rows = std::array::from_fn::<_, ROWS, _>(|_| rows.next().unwrap_or_default());
                out.copy_from_slice(&dots(rows, x));
            }
            for (out, row) in outs.into_remainder().iter_mut().zip(rows) {
                *out = dot(row, x);
            }
        },
    );
}

/// `y = sum_rows scale[row] matrix[row, :]`, the transpose of a matrix-vector product, along memory.
fn transpose_times(matrix: &[f64], scale: &[f64], y: &mut [f64]) {
    vectorised(
        #[inline(always)]
        || {
            let n = y.len();
            y.fill(0.0);
            let (mut blocks, mut scales) = (matrix.chunks_exact(ROWS * n), scale.chunks_exact(ROWS));
            for (block, scale) in (&mut blocks).zip(&mut scales) {
                let rows = std::array::from_fn::<_, ROWS, _>(|row| &block[row * n..(row + 1) * n]);
                for (at, y) in y.iter_mut().enumerate() {
                    let mut sum = *y;
                    for row in 0..ROWS {
                        sum += scale[row] * rows[row][at];
                    }
                    *y = sum;
                }
            }
            for (row, scale) in blocks.remainder().chunks_exact(n).zip(scales.remainder()) {
                y.iter_mut().zip(row).for_each(|(y, x)| *y += scale * x);
            }
        },
    );
}

/// `out_row += factor sum_column links[row, column, n] v_column` in each country; `links` is `[row, column, n]`, panels `[j, n]`.
pub(crate) fn add_links(links: &[f64], countries: usize, factor: f64, v: &[f64], out: &mut [f64]) {
    let rows = links.par_chunks_exact(v.len()).zip(out.par_chunks_exact_mut(countries));
    rows.with_min_len(CELLS_OF_A_TASK.div_ceil(v.len())).for_each(|(row, out)| {
        vectorised(
            #[inline(always)]
            || {
                for (links, v) in row.chunks_exact(countries).zip(v.chunks_exact(countries)) {
                    add_scaled_product(out, factor, links, v);
                }
            },
        );
    });
}

/// `out_column += factor sum_row links[row, column, n] v_row` in each country.
pub(crate) fn add_links_transposed(links: &[f64], countries: usize, factor: f64, v: &[f64], out: &mut [f64]) {
    let panel = v.len();
    let columns = out.par_chunks_mut(countries * COLUMNS).enumerate();
    columns.with_min_len(CELLS_OF_A_TASK.div_ceil(panel * COLUMNS)).for_each(|(block, out)| {
        let start = block * countries * COLUMNS;
        vectorised(
            #[inline(always)]
            || {
                for (row, v) in links.chunks_exact(panel).zip(v.chunks_exact(countries)) {
                    let links = row[start..start + out.len()].chunks_exact(countries);
                    for (out, links) in out.chunks_exact_mut(countries).zip(links) {
                        add_scaled_product(out, factor, links, v);
                    }
                }
            },
        );
    });
}

/// Columns taken together, so that memory is read in long runs.
const COLUMNS: usize = 8;

/// `y += factor a b`, element by element.
#[inline(always)]
fn add_scaled_product(y: &mut [f64], factor: f64, a: &[f64], b: &[f64]) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y += factor * a * b;
    }
}

/// `y += a x`.
#[inline(always)]
pub(crate) fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// `y += a b`, element by element.
#[inline(always)]
pub(crate) fn add_product(y: &mut [f64], a: &[f64], b: &[f64]) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y += a * b;
    }
}

/// `numerator / denominator`, or zero where nothing is divided by nothing: an empty market.
#[inline(always)]
pub(crate) fn ratio(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { 0.0 } else { numerator / denominator }
}

/// The countries of one sector of a panel `[j, n]`.
#[inline(always)]
pub(crate) fn row(panel: &[f64], countries: usize, sector: usize) -> &[f64] {
    &panel[sector * countries..][..countries]
}

/// The same, to write.
#[inline(always)]
pub(crate) fn row_mut(panel: &mut [f64], countries: usize, sector: usize) -> &mut [f64] {
    &mut panel[sector * countries..][..countries]
}

/// The Euclidean length.
pub(crate) fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

/// The largest absolute value; NaN counts as infinite.
pub(crate) fn largest(values: &[f64]) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let (mut most, mut poison) = ([0.0; LANES], [0.0; LANES]);
            let mut see = |lane: usize, value: f64| {
                most[lane] = if value.abs() > most[lane] { value.abs() } else { most[lane] };
                // Zero unless something is not finite.
                poison[lane] += 0.0 * value;
            };
            let mut chunks = values.chunks_exact(LANES);
            for chunk in &mut chunks {
                (0..LANES).for_each(|lane| see(lane, chunk[lane]));
            }
            chunks.remainder().iter().for_each(|value| see(0, *value));
            if poison.iter().sum::<f64>() == 0.0 { most.iter().fold(0.0, |a: f64, b| a.max(*b)) } else { f64::INFINITY }
        },
    )
}
