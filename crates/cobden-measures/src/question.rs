//! What one can ask a register.

use std::collections::BTreeMap;

use crate::{Date, Quantity};

/// Which clock a rate is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// What law says, looking back: a retroactive act changes the days before it.
    #[default]
    Law,
    /// What customs charged on the day: an act counts from the day on which customs acted on it.
    Collected,
}

/// A day, as known on another, by one of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// As known at the end of which day; `None`: everything the register knows.
    pub known: Option<Date>,
    /// Which clock.
    pub view: View,
}

impl Moment {
    /// A day, by the law as it is known now.
    pub fn on(date: Date) -> Self {
        Self { date, known: None, view: View::Law }
    }
}

/// One importer, one exporter, one good, one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Who levies.
    pub importer: String,
    /// On whose goods.
    pub exporter: String,
    /// On which good: digits of the Harmonized System, as many as there are.
    pub product: String,
    /// On which day.
    pub date: Date,
    /// The base duty in points: most-favoured-nation or preferential.
    pub base: f64,
    /// As known at the end of which day; `None`: everything the register knows.
    pub known: Option<Date>,
    /// Which clock.
    pub view: View,
    /// Numbers that law leaves open, before those of the register's assumptions.
    pub stated: BTreeMap<Quantity, f64>,
}

impl Question {
    /// A question with no base duty, by the law as it is known now.
    pub fn new(importer: &str, exporter: &str, product: &str, date: Date) -> Self {
        Self {
            importer: importer.to_owned(),
            exporter: exporter.to_owned(),
            product: product.to_owned(),
            date,
            base: 0.0,
            known: None,
            view: View::Law,
            stated: BTreeMap::new(),
        }
    }

    /// When it asks for.
    pub fn moment(&self) -> Moment {
        Moment { date: self.date, known: self.known, view: self.view }
    }

    /// The same with a base duty, in points.
    #[must_use]
    pub fn base(mut self, points: f64) -> Self {
        self.base = points;
        self
    }

    /// The same as known at the end of a day.
    #[must_use]
    pub fn known(mut self, day: Date) -> Self {
        self.known = Some(day);
        self
    }

    /// The same by another clock.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// The same with a number that law leaves open.
    #[must_use]
    pub fn state(mut self, quantity: Quantity, value: f64) -> Self {
        self.stated.insert(quantity, value);
        self
    }
}
