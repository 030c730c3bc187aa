//! Rounds tariffs to digits that people can read.

use cobden_world::Rate;
use ndarray::Array3;

/// Tariffs are rounded to this many parts of one: six decimals, a ten-thousandth of a percentage point.
const TARIFF_SCALE: f64 = 1e6;

/// Rounds tariffs, and leaves domestic sales free.
pub(super) fn tariffs(rates: &mut Array3<Rate>) {
    for ((n, i, _), rate) in rates.indexed_iter_mut() {
        rate.0 = if n == i { 0.0 } else { (rate.0 * TARIFF_SCALE).round() / TARIFF_SCALE };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tariffs_keep_six_decimals_and_domestic_sales_stay_free() {
        let mut rates = Array3::from_elem((2, 2, 1), Rate(0.123_456_78));
        tariffs(&mut rates);
        assert_eq!((rates[[0, 0, 0]], rates[[0, 1, 0]]), (Rate::ZERO, Rate(0.123_457)));
    }
}
