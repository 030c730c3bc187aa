//! Days and half-open spans of days.

use std::fmt;

pub use jiff::civil::Date;

/// The days from `from` up to but not including `until`.
///
/// ```
/// use cobden_measures::{Date, Period};
/// let may = Period::new(Some(Date::constant(2025, 5, 1)), Some(Date::constant(2025, 6, 1)));
/// assert!(may.contains(Date::constant(2025, 5, 31)));
/// assert!(!may.contains(Date::constant(2025, 6, 1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day, the beginning of time if nobody said.
    pub from: Date,
    /// First day no longer in it, the end of time if nobody said.
    pub until: Date,
}

impl Period {
    /// All time.
    pub const ALWAYS: Period = Period { from: Date::MIN, until: Date::MAX };

    /// A span of which either end may be open.
    pub fn new(from: Option<Date>, until: Option<Date>) -> Self {
        Self { from: from.unwrap_or(Date::MIN), until: until.unwrap_or(Date::MAX) }
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }

    /// Whether two spans share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from.max(other.from) < self.until.min(other.until)
    }

    /// The ends that somebody stated.
    pub fn ends(&self) -> impl Iterator<Item = Date> {
        [self.from, self.until].into_iter().filter(|day| *day != Date::MIN && *day != Date::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from == Date::MIN, self.until == Date::MAX) {
            (true, true) => write!(f, "always"),
            (false, true) => write!(f, "from {}", self.from),
            (true, false) => write!(f, "until {}", self.until),
            (false, false) => write!(f, "from {} until {}", self.from, self.until),
        }
    }
}
