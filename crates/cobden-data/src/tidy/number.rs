//! Numbers as people write them.

use crate::lines::number;

/// A number; with `comma`, a decimal comma and marks of thousands are read too. The last of the two marks that occurs is the decimal one; a mark
/// that occurs more than once, or before the other, divides thousands and must stand every three digits.
pub(super) fn parse(text: &str, comma: bool) -> Option<f64> {
    if !comma {
        return number(text);
    }
    let text: String = text.chars().filter(|char| !matches!(char, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let (commas, points) = (text.matches(',').count(), text.matches('.').count());
    let decimal = match (commas, points) {
        (0, 0 | 1) => return number(&text),
        (1, 0) => ',',
        (_, 0) | (0, _) => return number(&without(&text, if points == 0 { ',' } else { '.' })?),
        _ if text.rfind(',') > text.rfind('.') => ',',
        _ => '.',
    };
    let (whole, fraction) = text.rsplit_once(decimal)?;
    let whole = without(whole, if decimal == ',' { '.' } else { ',' })?;
    number(&format!("{whole}.{fraction}"))
}

/// The text without its marks of thousands, if each stands before three digits.
fn without(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let mut whole = groups.next()?.to_owned();
    for group in groups {
        if group.len() != 3 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn decimal_commas_and_thousands() {
        let cases = [
            ("1,5", 1.5),
            ("1.5", 1.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1 234,5", 1234.5),
            ("1.234.567", 1_234_567.0),
            ("1,234,567", 1_234_567.0),
            ("-0,25", -0.25),
            ("2e3", 2000.0),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text, true), Some(value), "{text}");
        }
        for text in ["1,23,4", "1.23.4", "1.2,3.4", "", ",", "1,,5", "nan", "inf", "1e999"] {
            assert_eq!(parse(text, true), None, "{text}");
        }
        assert_eq!(parse("1,5", false), None);
    }
}
