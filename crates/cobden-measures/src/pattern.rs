//! Which partners and which products are meant: `["*", "!CAN", "@eu"]`, `["8703", "@us.auto_parts", "!870310"]`.

use crate::Located;

/// A list of patterns. What an exclusion names is out whatever else names it; a list of nothing but exclusions means everything else.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Patterns {
    /// As written, in order.
    pub list: Vec<Pattern>,
    /// Of products: where the register keeps what it made of the list.
    pub(crate) scope: usize,
}

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Whether it was written with `!`.
    pub exclude: bool,
    /// What it names.
    pub name: Name,
    /// As written, and where.
    pub written: Located<String>,
}

/// What a pattern names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// `*`.
    All,
    /// A country, or the first digits of a product code.
    One(String),
    /// `@name`: a group of countries, or a list of products.
    Several(String),
}

impl Patterns {
    /// The patterns in this order.
    pub(crate) fn new(list: Vec<Pattern>) -> Self {
        Self { list, scope: 0 }
    }

    /// Whether the list names nothing to include, so that everything is meant but what it excludes.
    pub(crate) fn only_excludes(&self) -> bool {
        self.list.iter().all(|pattern| pattern.exclude)
    }
}

impl Pattern {
    /// Splits `!@name` into its parts; whether the name exists is for others to say.
    pub(crate) fn new(written: Located<String>) -> Self {
        let text = written.value.trim();
        let (exclude, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let name = match text.strip_prefix('@') {
            Some(name) => Name::Several(name.to_owned()),
            None if text == "*" => Name::All,
            None => Name::One(text.to_owned()),
        };
        Self { exclude, name, written }
    }
}

impl std::fmt::Display for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.list.is_empty() {
            return write!(f, "*");
        }
        let words: Vec<&str> = self.list.iter().map(|pattern| pattern.written.value.as_str()).collect();
        write!(f, "{}", words.join(", "))
    }
}

/// Whether `pattern`, in which `*` stands for any text, fits `id`.
///
/// Runs in time linear in both: of several `*` only the last needs to be moved.
pub(crate) fn glob(pattern: &str, id: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == id };
    let Some(mut rest) = id.strip_prefix(head) else { return false };
    let mut pieces: Vec<&str> = tail.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// The digits of a product code, dots and blanks left out; `None` if they are not an even number of 2 to 12: codes are made of pairs, and
/// one with an odd number has usually lost its leading zero in a spreadsheet.
pub(crate) fn digits(code: &str) -> Option<String> {
    let digits: String = code.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let valid = (2..=12).contains(&digits.len())
        && digits.len().is_multiple_of(2)
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, id, fits) in [
            ("us.ieepa.*", "us.ieepa.fentanyl.chn", true),
            ("us.ieepa.*", "us.232.autos", false),
            ("*.autos", "us.232.autos", true),
            ("us.*.autos", "us.232.autos", true),
            ("us.*autos", "us.autos.232", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("x", "x", true),
        ] {
            assert_eq!(glob(pattern, id), fits, "{pattern} {id}");
        }
    }

    #[test]
    fn codes_lose_their_dots() {
        assert_eq!(digits("8703.23.01"), Some("87032301".into()));
        assert_eq!(digits("87O3"), None);
        assert_eq!(digits("8"), None);
        assert_eq!(digits("2071100"), None);
    }
}
