//! What people type, as a question to a register: days, partners, products, numbers that law leaves open.

use std::collections::BTreeSet;

use cobden_measures::{Date, Quantity, Register};
use cobden_world::Problem;

use crate::labels;

/// The machine's day, in coordinated universal time.
pub fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// A day as it was typed: `2025-08-20`, or `today`.
///
/// # Errors
/// Anything else, with the day that was probably meant.
///
/// ```
/// use cobden::law::{Date, day};
/// assert_eq!(day("2025-08-20")?, Date::constant(2025, 8, 20));
/// assert_eq!(day("20.8.2025").unwrap_err().help.unwrap(), "did you mean 2025-08-20?");
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn day(text: &str) -> Result<Date, Problem> {
    let text = text.trim();
    if text == "today" {
        return Ok(today());
    }
    let shaped = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == (at == 4 || at == 7));
    if let Some(day) = text.parse().ok().filter(|_| shaped) {
        return Ok(day);
    }
    let problem = Problem::new(format!("\"{}\" is not a day", text.escape_debug()));
    Err(match probably(text) {
        Some(day) => problem.help(format!("did you mean {day}?")),
        None => problem.help("write it as year-month-day, e.g. 2025-08-20"),
    })
}

/// Year first or last, other marks between, no leading zeros. With slashes and the year last nobody knows which is the month.
fn probably(text: &str) -> Option<Date> {
    let numbers: Vec<i16> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let (year, month, day) = match *numbers.as_slice() {
        [year, month, day] if year > 999 => (year, month, day),
        [day, month, year] if year > 999 && (!text.contains('/') || day > 12) => (year, month, day),
        _ => return None,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A product as it was typed, without dots.
///
/// # Errors
/// What is no code of the Harmonized System.
pub fn product(text: &str) -> Result<String, Problem> {
    let digits: String = text.trim().chars().filter(|c| *c != '.').collect();
    let problem = || Problem::new(format!("\"{}\" is not a product code", text.escape_debug()));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(
            problem().help("write 2 to 12 digits of the Harmonized System, e.g. 870323 for cars of 1.5 to 3 litres")
        );
    }
    if digits.len() % 2 == 1 {
        let help = format!("codes have an even number of digits; did you mean 0{digits}?");
        return Err(problem().help(help));
    }
    if digits.len() > 12 {
        return Err(problem().help("codes have at most 12 digits"));
    }
    Ok(digits)
}

/// A partner as it was typed: its ISO 3166 code, its name, or a group by its code or name.
///
/// # Errors
/// Nobody of this name, with the nearest; a group that is not reported as one partner, with its members.
pub fn partner(register: &Register, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let code = text.to_uppercase();
    if register.is_partner(&code) {
        return Ok(code);
    }
    if let Some(group) = register.groups().get(text.trim_start_matches('@').to_lowercase().as_str()) {
        let members: Vec<&str> = group.members.keys().map(String::as_str).collect();
        let help = format!("ask for one of its members: {}", members.join(", "));
        return group
            .code
            .clone()
            .ok_or_else(|| Problem::new(format!("{text} is a group that trades under no code of its own")).help(help));
    }
    if let Some(code) = by_name(text).filter(|code| register.is_partner(code)) {
        return Ok(code.to_owned());
    }
    let known = labels::countries().filter(|(code, _)| register.is_partner(code));
    let names = known.map(|(_, name)| labels::bare(name));
    Err(register.unknown_partner(text, names))
}

/// The code behind a name in any case.
fn by_name(text: &str) -> Option<&'static str> {
    let named = |name: &str| labels::bare(name).eq_ignore_ascii_case(text) || name.eq_ignore_ascii_case(text);
    labels::countries().find(|(_, name)| named(name)).map(|(code, _)| code)
}

/// An importer as it was typed. A register that holds nothing of it knows nothing of what it charges.
///
/// # Errors
/// As [`partner`]; an importer of whom the register holds no measure.
pub fn importer(register: &Register, text: &str) -> Result<String, Problem> {
    let code = partner(register, text)?;
    let known: BTreeSet<&str> = register.measures().map(|measure| measure.importer.as_str()).collect();
    let levies = |importer: &&str| match importer.strip_prefix('@') {
        Some(name) => register
            .groups()
            .get(name)
            .is_some_and(|group| group.code.as_ref() == Some(&code) || group.members.contains_key(&code)),
        None => **importer == code,
    };
    if known.iter().any(levies) {
        return Ok(code);
    }
    let message = format!("the register holds no measures of {code}: what it charges is not known here");
    let known: Vec<&str> = known.into_iter().collect();
    Err(Problem::new(message).help(format!("it holds those of: {}", known.join(", "))))
}

/// How each kind of number that law leaves open is typed.
const KINDS: [&str; 5] = ["claim", "share", "quota", "unit_value", "prohibitive"];

/// A number that law leaves open, as it was typed: `claim:usmca=1`, `share:metal=0.4`, `quota:us.232.autos/uk=0.8`, `unit_value:USD/kg=12`,
/// `prohibitive=1000`.
///
/// # Errors
/// A kind or a name that the law of the register does not leave open, with the nearest; what is no number, or no share.
pub fn stated(register: &Register, text: &str) -> Result<(Quantity, f64), Problem> {
    let shape = || {
        Problem::new(format!("\"{}\" states no number", text.escape_debug())).help(
            "write claim:NAME=1, share:NAME=0.4, quota:MEASURE/LINE=0.8, unit_value:USD/kg=12 or prohibitive=1000",
        )
    };
    let (what, number) = text.split_once('=').ok_or_else(shape)?;
    let (kind, name) = what.split_once(':').unwrap_or((what, ""));
    let name = name.to_owned();
    let quantity = match (kind, name.is_empty()) {
        ("claim", false) => Quantity::Claim(name),
        ("share", false) => Quantity::Share(name),
        ("quota", false) => Quantity::Quota(name),
        ("unit_value", false) => Quantity::UnitValue(name),
        ("prohibitive", true) => Quantity::Prohibitive,
        _ if KINDS.contains(&kind) => return Err(shape()),
        _ => return Err(Problem::unknown("kind of number", kind, KINDS)),
    };
    let open = register.quantities();
    if !open.contains(&quantity) {
        let known: Vec<String> = open.iter().map(typed).collect();
        return Err(Problem::unknown("number", what, known.iter().map(String::as_str)));
    }
    let value: f64 = number.trim().parse().map_err(|_| shape())?;
    let share = !matches!(quantity, Quantity::UnitValue(_) | Quantity::Prohibitive);
    if !value.is_finite() || value < 0.0 || share && value > 1.0 {
        let problem = Problem::new(format!("{what} is {number}"));
        return Err(problem.help(if share { "a share lies between 0 and 1" } else { "it must be a number above 0" }));
    }
    Ok((quantity, value))
}

/// How a quantity is typed.
pub fn typed(quantity: &Quantity) -> String {
    match quantity {
        Quantity::Claim(name) => format!("claim:{name}"),
        Quantity::Share(name) => format!("share:{name}"),
        Quantity::Quota(name) => format!("quota:{name}"),
        Quantity::UnitValue(name) => format!("unit_value:{name}"),
        Quantity::Prohibitive => "prohibitive".to_owned(),
    }
}

/// A partner in words inside a sentence: a country by its name, a group by its title.
pub fn partner_words(register: &Register, code: &str) -> String {
    let groups = register.groups();
    let group = match code.strip_prefix('@') {
        Some(name) => groups.get(name),
        None => groups.values().find(|group| group.code.as_deref() == Some(code)),
    };
    let known = group.and_then(|group| group.code.as_deref()).unwrap_or(code);
    match labels::in_sentence(known) {
        named if named != known => named,
        _ => group.and_then(|group| group.title.clone()).unwrap_or_else(|| code.to_owned()),
    }
}
