//! What reading a list came to.

use std::collections::{BTreeMap, BTreeSet};

/// What a reader of lists found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records told to the listener.
    pub read: u64,
    /// Rows that were not told, by the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Every year that a row names, told or not.
    pub years: BTreeSet<i32>,
}

impl Summary {
    /// Counts a row that is left out.
    pub(crate) fn skip(&mut self, why: &str) {
        match self.skipped.get_mut(why) {
            Some(count) => *count += 1,
            None => _ = self.skipped.insert(why.to_owned(), 1),
        }
    }

    /// Whether a row of this year is asked for: no years ask for all. Counts it if not.
    pub(crate) fn wants(&mut self, year: i32, years: &[i32]) -> bool {
        self.years.insert(year);
        let wanted = years.is_empty() || years.contains(&year);
        if !wanted {
            self.skip("other year");
        }
        wanted
    }

    /// Adds what another file of the same dataset came to.
    pub(crate) fn add(&mut self, other: Self) {
        self.read += other.read;
        self.years.extend(other.years);
        for (why, count) in other.skipped {
            *self.skipped.entry(why).or_default() += count;
        }
    }
}
