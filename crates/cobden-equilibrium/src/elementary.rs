//! Exponentials and logarithms of whole arrays, as many at once as the machine's vectors hold.
//!
//! The reductions and polynomials of FreeBSD's `e_exp.c` and `e_log.c` (Ng and Sun Microsystems, 1993), good to one unit in the last place,
//! written without branches so that they vectorise. Nothing is fused, so the bits are the same on every machine.

use crate::kernel::vectorised;

/// Every value to its exponential; zero where that is below the smallest normal number, infinite above 2^1023.
pub(crate) fn exp_each(values: &mut [f64]) {
    vectorised(
        #[inline(always)]
        || values.iter_mut().for_each(|value| *value = exp(*value)),
    );
}

/// Every value to its natural logarithm; minus infinity at zero, NaN below.
pub(crate) fn ln_each(values: &mut [f64]) {
    vectorised(
        #[inline(always)]
        || values.iter_mut().for_each(|value| *value = ln(*value)),
    );
}

/// ln 2 in two parts, the first short enough for its product with any exponent to be exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// Added and taken away, it rounds to a whole number; its last bits then hold that number.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Where exponentials leave the normal numbers, and where 2^1024 would be needed to make them.
const LEAST: f64 = -708.396_418_532_264_1;
const MOST: f64 = 709.4;

/// The exponential of one number, as in [`exp_each`].
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.666_666_666_666_660_2e-1,
        -2.777_777_777_701_559_3e-3,
        6.613_756_321_437_934e-5,
        -1.653_390_220_546_525_2e-6,
        4.138_136_797_057_238_5e-8,
    ];
    // Comparisons let NaN pass.
    let within = if x < LEAST { LEAST } else { x };
    let within = if within > MOST { MOST } else { within };
    // x = k ln 2 + r.
    let shifted = within * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let (high, low) = (within - k * LN_2[0], k * LN_2[1]);
    let r = high - low;
    let t = r * r;
    let c = r - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    let y = 1.0 - ((low - r * c / (2.0 - c)) - high);
    let y = y * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    let y = if x < LEAST { 0.0 } else { y };
    if x > MOST { f64::INFINITY } else { y }
}

/// The logarithm of one number, as in [`ln_each`].
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    const L: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    // Subnormal numbers are made normal first.
    let small = x < f64::MIN_POSITIVE;
    let (scaled, shift) = if small { (x * 18_014_398_509_481_984.0, 54.0) } else { (x, 0.0) };
    // x = 2^k (1 + f) with 1 + f between the roots of a half and of two.
    let lifted = scaled.to_bits().wrapping_add(1.0_f64.to_bits() - std::f64::consts::FRAC_1_SQRT_2.to_bits());
    let exponent = lifted >> 52;
    let k = f64::from_bits(ROUND.to_bits() + exponent) - (ROUND + 1023.0) - shift;
    let f = f64::from_bits((lifted & ((1 << 52) - 1)).wrapping_add(std::f64::consts::FRAC_1_SQRT_2.to_bits())) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let series = z * (L[0] + z * (L[1] + z * (L[2] + z * (L[3] + z * (L[4] + z * (L[5] + z * L[6]))))));
    let square = 0.5 * f * f;
    let y = k * LN_2[0] - ((square - (s * (square + series) + k * LN_2[1])) - f);
    let y = if x > 0.0 { y } else { f64::NAN };
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x == f64::INFINITY { x } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distance from the standard library's, in units of the last place.
    fn apart(ours: f64, theirs: f64) -> u64 {
        if ours == theirs { 0 } else { ours.to_bits().abs_diff(theirs.to_bits()) }
    }

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        let mut values: Vec<f64> =
            (-70_800..70_940).map(|step| 0.01 * f64::from(step) + 1e-7 * f64::from(step % 97)).collect();
        values.extend((-10_000..10_000).map(|step| 1e-5 * f64::from(step)));
        let theirs: Vec<f64> = values.iter().map(|x| x.exp()).collect();
        exp_each(&mut values);
        let most = values.iter().zip(theirs).map(|(ours, theirs)| apart(*ours, theirs)).max();
        assert!(most <= Some(1), "{most:?}");
        let mut ends = [0.0, -0.0, -1e4, f64::NEG_INFINITY, 1e4, f64::INFINITY, f64::NAN];
        exp_each(&mut ends);
        assert_eq!(ends[..6], [1.0, 1.0, 0.0, 0.0, f64::INFINITY, f64::INFINITY]);
        assert!(ends[6].is_nan());
    }

    #[test]
    fn logarithms_are_those_of_the_standard_library() {
        let mut values: Vec<f64> =
            (-74_000..70_900).map(|step| (0.01 * f64::from(step)).exp()).filter(|x| *x > 0.0).collect();
        values.extend((-10_000..10_000).map(|step| 1.0 + 1e-5 * f64::from(step)));
        let theirs: Vec<f64> = values.iter().map(|x| x.ln()).collect();
        ln_each(&mut values);
        let most = values.iter().zip(theirs).map(|(ours, theirs)| apart(*ours, theirs)).max();
        assert!(most <= Some(1), "{most:?}");
        let mut ends = [1.0, 0.0, -0.0, f64::INFINITY, -1.0, f64::NAN];
        ln_each(&mut ends);
        assert_eq!(ends[..4], [0.0, f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY]);
        assert!(ends[4].is_nan() && ends[5].is_nan());
    }
}
