//! Numbers as text, and scales: nice steps, ticks, domains.

/// What stands for a number that is missing.
const MISSING: &str = "–";

/// A number with thousands separators and a true minus sign: `1,234`, `−0.12`; NaN and infinities give `–`.
///
/// ```
/// use cobden_report::scale::number;
/// assert_eq!(number(1234.5, 0), "1,234");
/// assert_eq!(number(-0.123, 2), "−0.12");
/// assert_eq!(number(-0.001, 2), "0.00");
/// assert_eq!(number(f64::NAN, 2), "–");
/// ```
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return MISSING.into();
    }
    if value.abs() >= 1e15 {
        // No column is wide enough; such a number is an accident, and should look like one.
        return format!("{value:.2e}").replace('-', "−");
    }
    // Beyond 17 digits nothing is left of a double.
    let digits = format!("{:.*}", decimals.min(17), value.abs());
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    if value < 0.0 && digits.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        text.push('−');
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// As [`number`], with a plus sign before what is above zero: a change reads as one.
///
/// ```
/// use cobden_report::scale::signed;
/// assert_eq!(signed(0.5, 1), "+0.5");
/// assert_eq!(signed(-1200.0, 0), "−1,200");
/// assert_eq!(signed(0.0, 2), "0.00");
/// ```
pub fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    let is_zero = !text.bytes().any(|b| matches!(b, b'1'..=b'9'));
    if value > 0.0 && !is_zero { format!("+{text}") } else { text }
}

/// How many steps of colour there are on each side of zero.
pub(crate) const STEPS: i8 = 5;

/// The step of colour of a value: below, at or above zero, or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shade(Option<i8>);

impl Shade {
    /// No value.
    pub(crate) const MISSING: Shade = Shade(None);

    /// The shade `step` steps from zero, clipped to the scale.
    pub(crate) fn of_step(step: i8) -> Self {
        Self(Some(step.clamp(-STEPS, STEPS)))
    }

    /// Steps from zero, negative for losses; `None` where there is no value.
    pub(crate) fn step(self) -> Option<i8> {
        self.0
    }

    /// A short name, for style sheets: `l5` .. `l1`, `z`, `g1` .. `g5`, `nd`.
    pub(crate) fn name(self) -> String {
        match self.0 {
            None => "nd".into(),
            Some(0) => "z".into(),
            Some(step) if step < 0 => format!("l{}", -step),
            Some(step) => format!("g{step}"),
        }
    }

    /// From the greatest loss to the greatest gain.
    pub(crate) fn all() -> impl Iterator<Item = Shade> {
        (-STEPS..=STEPS).map(Self::of_step)
    }
}

/// A scale centred on zero, the same on both sides: limits 1, 2, 5, 10 ... between the shades, the outermost shades open.
///
/// Changes of real income are many small ones and a few large; steps that grow let both be seen, and since each limit is
/// a round number the legend says exactly what a colour means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classes {
    limits: Vec<f64>,
    decimals: usize,
}

impl Classes {
    /// A scale for these values, written with so many decimals. The outermost limit is the round number nearest above
    /// the 80th percentile of the absolute values, so that a few extreme ones do not wash out the rest.
    pub(crate) fn fit(values: impl IntoIterator<Item = f64>, decimals: usize) -> Self {
        let mut sizes: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).map(f64::abs).collect();
        sizes.sort_by(f64::total_cmp);
        // What shows as zero is no reason for a step.
        let smallest = 10f64.powi(-i32::try_from(decimals.min(12)).unwrap_or(12));
        sizes.retain(|v| *v >= smallest / 2.0);
        let typical = sizes.get(sizes.len() * 4 / 5).copied().unwrap_or(smallest);
        let steps = usize::from(STEPS.unsigned_abs()) - 1;
        let lowest = round_number_below(smallest);
        let mut outermost = round_number_index(typical);
        outermost = outermost.max(lowest + steps as i32 - 1);
        let limits = (0..steps as i32).rev().map(|k| round_number(outermost - k)).collect();
        Self { limits, decimals }
    }

    /// The shade of a value; one that is written as zero is zero.
    pub(crate) fn shade(&self, value: f64) -> Shade {
        if !value.is_finite() {
            return Shade::MISSING;
        }
        if !number(value, self.decimals).bytes().any(|b| matches!(b, b'1'..=b'9')) {
            return Shade::of_step(0);
        }
        // A limit belongs to the step outside it; the slack is for limits that a double cannot hold.
        let above = self.limits.iter().filter(|limit| value.abs() >= **limit * (1.0 - 1e-12)).count();
        let step = i8::try_from(above + 1).unwrap_or(STEPS);
        Shade::of_step(if value < 0.0 { -step } else { step })
    }

    /// The limits above zero, smallest first.
    pub(crate) fn limits(&self) -> &[f64] {
        &self.limits
    }
}

/// The round numbers 1, 2, 5, 10, 20, 50 ... and 0.5, 0.2, 0.1 ...: number 0 is 1, three to a power of ten.
pub(crate) fn round_number(index: i32) -> f64 {
    let digit = [1.0, 2.0, 5.0][index.rem_euclid(3) as usize];
    let power = index.div_euclid(3);
    // Dividing by a whole power of ten is correctly rounded, multiplying by 0.1 is not.
    if power < 0 { digit / 10f64.powi(-power) } else { digit * 10f64.powi(power) }
}

/// The first round number that is not below a positive size.
pub(crate) fn round_number_index(size: f64) -> i32 {
    // Of a finite positive double the logarithm lies within ±324, so the cast is exact.
    let start = 3 * (size.max(f64::MIN_POSITIVE).log10().floor() as i32) - 1;
    (start..start + 6).find(|index| round_number(*index) >= size * (1.0 - 1e-12)).unwrap_or(start + 6)
}

/// The last round number that is not above a positive size.
fn round_number_below(size: f64) -> i32 {
    let above = round_number_index(size);
    if round_number(above) <= size * (1.0 + 1e-12) { above } else { above - 1 }
}

/// A round number with no more decimals than it needs: `0.05`, `2`, `1,000`.
pub(crate) fn shortest(value: f64) -> String {
    let decimals = (0..12).find(|d| (value * 10f64.powi(*d)).fract().abs() < 1e-9).unwrap_or(12);
    number(value, usize::try_from(decimals).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_are_round_and_end_near_the_typical_value() {
        let classes = Classes::fit([-0.31, 0.02, -1.3, 0.11, 0.24], 2);
        assert_eq!(classes.limits(), [0.2, 0.5, 1.0, 2.0]);
        let names = [-9.0, -0.3, -0.004, 0.0, 0.01, 1.0, f64::NAN].map(|value| classes.shade(value).name());
        assert_eq!(names, ["l5", "l2", "z", "z", "g1", "g4", "nd"]);
    }

    #[test]
    fn limits_never_go_below_what_the_decimals_can_show() {
        for values in [vec![], vec![0.0; 3], vec![f64::NAN, f64::INFINITY], vec![1e-9, -1e-9]] {
            assert_eq!(Classes::fit(values, 2).limits(), [0.01, 0.02, 0.05, 0.1]);
        }
    }

    #[test]
    fn numbers_that_no_column_can_hold_are_written_short() {
        assert_eq!(number(-1.5e300, 2), "−1.50e300");
        assert_eq!(number(999_999_999.994, 2), "999,999,999.99");
        assert_eq!(number(0.5, 99), "0.50000000000000000");
    }

    #[test]
    fn limits_are_written_without_needless_digits() {
        assert_eq!([0.05, 2.0, 1000.0, 0.1].map(shortest), ["0.05", "2", "1,000", "0.1"]);
    }

    proptest! {
        #[test]
        fn a_written_number_reads_back_within_half_a_digit(value in -1e9..1e9f64, decimals in 0usize..6) {
            let text = number(value, decimals).replace(',', "").replace('−', "-");
            let half = 0.5 * 10f64.powi(-(decimals as i32));
            // Neither number is exact in binary, so each may be off by half its last bit.
            prop_assert!((text.parse::<f64>().unwrap() - value).abs() <= half + value.abs() * f64::EPSILON);
        }

        #[test]
        fn shades_are_centred_on_zero_and_grow_with_the_value(
            values in prop::collection::vec(-10.0..10.0f64, 0..40), small in 0.0..20.0f64, more in 0.0..20.0f64,
        ) {
            let classes = Classes::fit(values, 2);
            let step = |value: f64| classes.shade(value).step().unwrap();
            prop_assert_eq!(step(-small), -step(small));
            prop_assert!(step(small) <= step(small + more));
        }

        #[test]
        fn any_numbers_make_a_scale(values in prop::collection::vec(any::<f64>(), 0..9), decimals in 0usize..400) {
            let classes = Classes::fit(values.iter().copied(), decimals);
            prop_assert_eq!(classes.limits().len(), 4);
            prop_assert!(classes.limits().windows(2).all(|pair| 0.0 < pair[0] && pair[0] <= pair[1]));
            for value in values {
                prop_assert_eq!(classes.shade(value) == Shade::MISSING, !value.is_finite());
            }
        }
    }
}
