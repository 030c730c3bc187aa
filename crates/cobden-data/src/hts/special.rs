//! The column of special rates: rates, each with the programmes it is for.

use super::Duty;

/// A special rate and one of the programmes that it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// The symbol, e.g. `AU` (Australia), `A*` (GSP with exceptions), `S` (USMCA).
    pub symbol: String,
    /// The rate.
    pub duty: Duty,
}

/// The special rates of a line, programme by programme. A note in brackets that is no list of symbols is left out, as is a rate without
/// brackets, which names no programme.
///
/// ```
/// use cobden_data::hts::{Duty, programmes};
/// let rates = programmes("Free (A+,AU, S) 2.5% (JP) See 9823.01.01 (S+)");
/// let symbols: Vec<&str> = rates.iter().map(|rate| rate.symbol.as_str()).collect();
/// assert_eq!(symbols, ["A+", "AU", "S", "JP", "S+"]);
/// assert_eq!(rates[3].duty.ad_valorem(), Some(0.025));
/// assert_eq!(rates[4].duty, Duty::Text("See 9823.01.01".to_owned()));
/// ```
pub fn programmes(special: &str) -> Vec<Programme> {
    let mut found = Vec::new();
    let mut rest = special;
    while let Some(open) = rest.find('(') {
        let Some(length) = rest[open..].find(')') else { break };
        let duty = Duty::parse(rest[..open].trim_matches(|char: char| char.is_whitespace() || char == ','));
        for symbol in rest[open + 1..open + length].split(',').map(str::trim).filter(|symbol| is_symbol(symbol)) {
            found.push(Programme { symbol: symbol.to_owned(), duty: duty.clone() });
        }
        rest = &rest[open + length + 1..];
    }
    found
}

/// One to four characters: capitals, then `+` or `*`.
fn is_symbol(text: &str) -> bool {
    let letters = text.trim_end_matches(['+', '*']);
    !letters.is_empty() && text.len() <= 4 && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}
