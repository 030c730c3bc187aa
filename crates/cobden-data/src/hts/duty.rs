//! A rate of duty as the schedule writes it.

use crate::lines::number;

/// A rate of duty.
#[derive(Clone, Debug, PartialEq)]
pub enum Duty {
    /// `Free`, and nothing else.
    Free,
    /// The sum of its parts: `4.4¢/kg + 8%`.
    Sum(Vec<Part>),
    /// What is not a number of its own: a rate found elsewhere, a rate with conditions.
    Text(String),
}

/// A part of a [`Duty`].
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A share of value, as a fraction.
    AdValorem {
        /// 0.068 is 6.8 %.
        rate: f64,
        /// Of the value of what: empty for the article, else e.g. `the case`.
        on: String,
    },
    /// An amount for each unit.
    Specific {
        /// USD.
        usd: f64,
        /// The unit, e.g. `kg`, `pf. liter`, `clean kg`, `each`.
        per: String,
    },
}

impl Duty {
    /// What a rate of duty means. Never fails: what it does not understand it keeps as text.
    ///
    /// ```
    /// use cobden_data::hts::{Duty, Part};
    /// assert_eq!(Duty::parse("Free"), Duty::Free);
    /// assert_eq!(Duty::parse("16 2/3%").ad_valorem(), Some(0.16666666666666669));
    /// let Duty::Sum(parts) = Duty::parse("4.4¢/kg + 8%") else { panic!() };
    /// assert_eq!(parts[0], Part::Specific { usd: 0.044, per: "kg".to_owned() });
    /// assert_eq!(parts[1], Part::AdValorem { rate: 0.08, on: String::new() });
    /// assert!(matches!(Duty::parse("See additional U.S. note 3"), Duty::Text(_)));
    /// ```
    pub fn parse(text: &str) -> Self {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.eq_ignore_ascii_case("free") {
            return Self::Free;
        }
        match text.split('+').map(|part| Part::parse(part.trim())).collect::<Option<Vec<_>>>() {
            Some(parts) => Self::Sum(parts),
            None => Self::Text(text),
        }
    }

    /// The rate as a fraction of the article's value, if the duty is that alone; 0 for free.
    pub fn ad_valorem(&self) -> Option<f64> {
        match self {
            Self::Free => Some(0.0),
            Self::Sum(parts) => match parts.as_slice() {
                [Part::AdValorem { rate, on }] if on.is_empty() => Some(*rate),
                _ => None,
            },
            Self::Text(_) => None,
        }
    }
}

impl Part {
    /// `6.8%`, `6.8% on the case`, `1.5¢/kg`, `$1.20 each`; USITC's old exports write cents as `c`.
    fn parse(text: &str) -> Option<Self> {
        if let Some((rate, rest)) = text.split_once('%') {
            let on = rest.trim();
            if !on.is_empty() && !on.starts_with("on ") {
                return None;
            }
            let on = on.strip_prefix("on ").unwrap_or_default();
            let on = on.strip_prefix("the value of ").unwrap_or(on);
            return (!has_conditions(on)).then_some(Self::AdValorem { rate: mixed(rate)? / 100.0, on: on.to_owned() });
        }
        let (usd, unit) = match text.strip_prefix('$') {
            Some(rest) => {
                let end = rest.find(['/', ' '])?;
                (number(&rest[..end])?, &rest[end..])
            }
            None => {
                let at = text.find(['¢', 'c'])?;
                let mark = text[at..].chars().next()?.len_utf8();
                // A decimal shift by parsing, so that 4.4¢ is 0.044 and not 0.044000000000000004.
                let cents = text[..at].trim();
                number(cents)?;
                (number(&format!("{cents}e-2"))?, &text[at + mark..])
            }
        };
        let unit = unit.trim();
        let per = unit.strip_prefix('/').unwrap_or(unit).trim();
        let spelled = unit.starts_with('/') || per == "each";
        (spelled && !per.is_empty() && !has_conditions(per)).then(|| Self::Specific { usd, per: per.to_owned() })
    }
}

/// Whether the words after a number change it: `less ... for each degree`, `but not less than`.
fn has_conditions(words: &str) -> bool {
    let changes = ["less", "if", "provided", "but", "plus", "minus"];
    words.contains(['%', '¢', '$']) || words.split_whitespace().any(|word| changes.contains(&word))
}

/// `6.8` or `16 2/3`.
fn mixed(text: &str) -> Option<f64> {
    let text = text.trim();
    let Some((whole, fraction)) = text.split_once(' ') else { return number(text) };
    let (over, under) = fraction.split_once('/')?;
    let (over, under) = (number(over)?, number(under)?);
    (under > 0.0).then_some(number(whole)? + over / under)
}
