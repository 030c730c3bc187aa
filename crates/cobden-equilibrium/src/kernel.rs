//! Dense arrays with the exporter contiguous, and the few loops that all the time goes into.
//!
//! Inside the solver everything is sector-major: `[j, n, i]` for cubes and `[j, n]` for panels, so that each sector's cube is a
//! row-major matrix and each operation over countries runs along memory.

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

    /// The matrix `[n, i]` of a sector.
    pub(crate) fn sector(&self, sector: usize) -> &[f64] {
        let size = self.countries * self.countries;
        &self.data[sector * size..(sector + 1) * size]
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
}

const LANES: usize = 8;

/// `sum a b`, in a fixed order of eight partial sums so that it vectorises and is the same on every run.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// `y += a x`.
pub(crate) fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// `y += a b`, element by element.
pub(crate) fn add_product(y: &mut [f64], a: &[f64], b: &[f64]) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y += a * b;
    }
}

/// `y -= a b`, element by element.
pub(crate) fn subtract_product(y: &mut [f64], a: &[f64], b: &[f64]) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y -= a * b;
    }
}

/// `y = sum_rows scale[row] matrix[row, :]`, the transpose of a matrix-vector product, along memory.
pub(crate) fn transpose_times(y: &mut [f64], matrix: &[f64], scale: &[f64]) {
    y.fill(0.0);
    for (row, scale) in matrix.chunks_exact(y.len()).zip(scale) {
        add_scaled(y, *scale, row);
    }
}

/// `numerator / denominator`, or zero where nothing is divided by nothing: an empty market.
pub(crate) fn ratio(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { 0.0 } else { numerator / denominator }
}

/// The largest absolute value; NaN counts as infinite.
pub(crate) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, v| if v.is_nan() { f64::INFINITY } else { most.max(v.abs()) })
}
