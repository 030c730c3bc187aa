//! Where the results of draws lie.

/// The quantiles of `values` at `probabilities`, in their order: the smallest value at 0, the largest at 1, and between two neighbours in order of size along the
/// straight line from one to the other. With the values `x_0 <= ... <= x_(n-1)` and `h = p (n - 1)`:
///
/// `Q(p) = x_floor(h) + (h - floor(h)) (x_(floor(h) + 1) - x_floor(h))`
///
/// This is definition 7 of Hyndman, R. J., and Y. Fan (1996), "Sample quantiles in statistical packages", The American Statistician 50(4), 361-365:
/// what R, NumPy and spreadsheets give unasked.
///
/// `None` without values, or where a value is no number, or a probability not between 0 and 1.
///
/// ```
/// use cobden_ensemble::quantiles;
/// assert_eq!(quantiles(&[4.0, 1.0, 3.0, 2.0], [0.0, 0.5, 1.0]), Some([1.0, 2.5, 4.0]));
/// assert_eq!(quantiles(&[], [0.5]), None);
/// ```
pub fn quantiles<const N: usize>(values: &[f64], probabilities: [f64; N]) -> Option<[f64; N]> {
    let proper = |p: &f64| (0.0..=1.0).contains(p);
    if values.is_empty() || values.iter().any(|value| value.is_nan()) || !probabilities.iter().all(proper) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len() - 1;
    Some(probabilities.map(|p| {
        let h = p * last as f64;
        // Not negative and at most `last`, as p is between 0 and 1.
        let below = (h.floor() as usize).min(last);
        let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
        // Infinite neighbours have no line between them.
        if low == high { low } else { (low + (h - below as f64) * (high - low)).min(high) }
    }))
}
