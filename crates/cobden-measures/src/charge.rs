//! The grammar of rates: `25%`, `total 15%`, `replace 50%`, `free`, `ban`, `$0.22/W`, `12.5% + EUR 5/100kg`, `min $21/kg`.

use std::fmt;

use cobden_world::{Problem, nearest};

/// No ad valorem rate above this is believed: a slip of the pen is likelier.
const HIGHEST_POINTS: f64 = 10_000.0;

/// What a measure charges, in percentage points of the customs value.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// How it joins the duty that is there without it.
    pub kind: Kind,
    /// The ad valorem part, in percentage points.
    pub points: f64,
    /// The part by quantity, if there is one; of [`Kind::Minimum`] the least price.
    pub specific: Option<Specific>,
}

/// How a charge joins the base duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On top: `base + x`.
    Add,
    /// Tops the base up to an all-in rate: `max(base, x)`.
    Total,
    /// In the place of the base: `x`.
    Replace,
    /// The goods are under the measure and pay nothing under it.
    Free,
    /// The goods may not enter.
    Ban,
    /// The difference between a least price and the customs value, where the value is lower.
    Minimum,
}

/// So much money for a unit of the good.
#[derive(Clone, Debug, PartialEq)]
pub struct Specific {
    /// How much money.
    pub amount: f64,
    /// Money and unit, e.g. `USD/kg`: the unit value that makes it ad valorem is stated under this name.
    pub unit: String,
}

/// Signs of money and the codes they stand for.
const SIGNS: [(&str, &str); 4] = [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];

impl Charge {
    /// A charge of so many points on top of the base.
    ///
    /// # Errors
    /// A rate that is negative, not finite or beyond belief.
    pub fn add(points: f64) -> Result<Self, Problem> {
        Ok(Self { kind: Kind::Add, points: believable(points)?, specific: None })
    }

    /// Reads a rate as it is written in a file.
    ///
    /// # Errors
    /// What is wrong with it, with the grammar as help.
    ///
    /// ```
    /// use cobden_measures::{Charge, Kind};
    /// let japan = Charge::parse("total 15%")?;
    /// assert_eq!((japan.kind, japan.points), (Kind::Total, 15.0));
    /// assert!(Charge::parse("15 percent").is_err());
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        match text {
            "free" => return Ok(Self { kind: Kind::Free, points: 0.0, specific: None }),
            "ban" => return Ok(Self { kind: Kind::Ban, points: 0.0, specific: None }),
            _ => {}
        }
        let (word, rest) = text.split_once(' ').unwrap_or(("", text));
        let (kind, rest) = match word {
            "total" => (Kind::Total, rest),
            "replace" => (Kind::Replace, rest),
            "min" => (Kind::Minimum, rest),
            _ => (Kind::Add, text),
        };
        let (mut points, mut specific) = (None, None);
        for term in rest.split(" + ") {
            match term.trim().strip_suffix('%') {
                Some(number) if points.is_none() => points = Some(believable(amount(number, text)?)?),
                None if specific.is_none() => specific = Some(Specific::parse(term.trim(), text)?),
                _ => return Err(unreadable(text)),
            }
        }
        let fits = match kind {
            Kind::Total => specific.is_none(),
            Kind::Minimum => points.is_none(),
            _ => true,
        };
        if !fits {
            return Err(unreadable(text));
        }
        Ok(Self { kind, points: points.unwrap_or(0.0), specific })
    }
}

impl Specific {
    /// `$0.22/W`, `EUR 5/100kg`.
    fn parse(term: &str, whole: &str) -> Result<Self, Problem> {
        let (money, unit) = term.split_once('/').ok_or_else(|| unreadable(whole))?;
        let sign = SIGNS.iter().find_map(|(sign, code)| Some((*code, money.strip_prefix(sign)?)));
        let (code, number) = match sign {
            Some(found) => found,
            None => money.split_once(' ').ok_or_else(|| unreadable(whole))?,
        };
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(unreadable(whole));
        }
        let unit = unit.trim();
        let digits = unit.len() - unit.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (many, unit) = unit.split_at(digits);
        let many = if many.is_empty() { 1.0 } else { amount(many, whole)? };
        let amount = amount(number, whole)? / many;
        if unit.is_empty() || !unit.chars().all(char::is_alphanumeric) || !amount.is_finite() {
            return Err(unreadable(whole));
        }
        Ok(Self { amount, unit: format!("{code}/{unit}") })
    }
}

impl fmt::Display for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Free => return write!(f, "free"),
            Kind::Ban => return write!(f, "ban"),
            Kind::Add => {}
            Kind::Total => write!(f, "total ")?,
            Kind::Replace => write!(f, "replace ")?,
            Kind::Minimum => write!(f, "min ")?,
        }
        let Some(specific) = &self.specific else { return write!(f, "{}%", self.points) };
        if self.points != 0.0 {
            write!(f, "{}% + ", self.points)?;
        }
        let (code, unit) = specific.unit.split_once('/').unwrap_or(("", &specific.unit));
        write!(f, "{code} {}/{unit}", specific.amount)
    }
}

fn amount(number: &str, whole: &str) -> Result<f64, Problem> {
    let number = number.trim();
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match number.parse::<f64>() {
        Ok(value) if plain && value.is_finite() => Ok(value),
        _ => Err(unreadable(whole)),
    }
}

pub(crate) fn believable(points: f64) -> Result<f64, Problem> {
    if (0.0..=HIGHEST_POINTS).contains(&points) {
        return Ok(points);
    }
    Err(Problem::new(format!("a rate of {points}% is not between 0% and {HIGHEST_POINTS}%")))
}

fn unreadable(text: &str) -> Problem {
    let problem = Problem::new(format!("\"{}\" is not a rate", text.escape_debug()));
    let word = text.split(' ').next().unwrap_or_default();
    if !text.ends_with('%') && text.parse::<f64>().is_ok() {
        return problem.help(format!("write \"{text}%\""));
    }
    match nearest(word, &["total", "replace", "free", "ban", "min"]) {
        Some(near) if near != word => problem.help(format!("did you mean `{near}`?")),
        _ => problem.help(
            "known: \"25%\", \"total 15%\", \"replace 50%\", \"free\", \"ban\", \"$0.22/W\", \"5% + EUR 3/100kg\", \"min $21/kg\"",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written() {
        for text in
            ["25%", "total 15%", "replace 50%", "free", "ban", "min USD 21/kg", "USD 0.22/W", "5% + EUR 0.03/kg"]
        {
            assert_eq!(Charge::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Charge::parse("$0.22/W").unwrap().to_string(), "USD 0.22/W");
        assert_eq!(Charge::parse("5% + €3/100kg").unwrap().to_string(), "5% + EUR 0.03/kg");
    }

    #[test]
    fn what_is_no_rate_gets_advice() {
        let help = |text: &str| Charge::parse(text).unwrap_err().help.unwrap();
        assert_eq!(help("25"), "write \"25%\"");
        assert_eq!(help("totl 15%"), "did you mean `total`?");
        for text in [
            "",
            "%",
            "-5%",
            "nan%",
            "inf%",
            "1e9%",
            "5% + 5%",
            "total $1/kg",
            "min 5%",
            "$/kg",
            "$1/",
            "$1/0kg",
            "USD1/kg",
        ] {
            assert!(Charge::parse(text).is_err(), "{text}");
        }
    }
}
