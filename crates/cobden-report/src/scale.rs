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
    // Beyond 17 digits nothing is left of a double.
    let digits = format!("{:.*}", decimals.min(17), value.abs());
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
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
    if value > 0.0 && !is_zero {
        format!("+{text}")
    } else {
        text
    }
}
