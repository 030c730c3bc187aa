//! What measures refer to: groups of partners, lists of products, claims, and assumptions about what law does not say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::measure::At;
use crate::{Date, Patterns, Period, View};

/// Countries that a partner list names together, each with the days on which it belonged.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Group {
    /// What people call it.
    pub title: Option<String>,
    /// Members, with the spans in which they were.
    pub members: BTreeMap<String, Period>,
    /// The code under which trade data report the group as one partner, e.g. `EU27`.
    pub code: Option<String>,
    /// Where it is written.
    pub(crate) at: At,
}

impl Group {
    /// Whether a partner belongs on a day: a member, or the group under its own code.
    pub fn has(&self, partner: &str, day: Date) -> bool {
        self.code.as_deref() == Some(partner) || self.members.get(partner).is_some_and(|period| period.contains(day))
    }
}

/// Product codes that a product list names together.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ProductList {
    /// The codes: all goods whose code begins so.
    pub codes: Vec<ListedCode>,
    /// The annex it was taken from.
    pub source: Option<String>,
    /// The edition of the nomenclature, e.g. `HTS 2025 rev 3`.
    pub edition: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where it is written.
    pub(crate) at: At,
}

/// A code of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedCode {
    /// Digits only.
    pub code: String,
    /// When it was on the list.
    pub period: Period,
    /// How much of the trade under the code is meant: less than 1 where law names part of it only.
    pub share: f64,
}

/// Who may claim a preference.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Claim {
    /// What people call it.
    pub title: Option<String>,
    /// Partners whose goods can qualify.
    pub partners: Patterns,
    /// Where it is written.
    pub(crate) at: At,
}

/// The name of a number that law leaves open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// The share of trade that makes a claim.
    Claim(String),
    /// A share of value, e.g. of metal.
    Share(String),
    /// The share of trade inside the quota of `measure/line`.
    Quota(String),
    /// The price of a unit, e.g. `USD/kg`.
    UnitValue(String),
    /// The rate in points that stands for a ban.
    Prohibitive,
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Quantity::Claim(name) => write!(f, "claim = \"{name}\""),
            Quantity::Share(name) => write!(f, "share = \"{name}\""),
            Quantity::Quota(name) => write!(f, "quota = \"{name}\""),
            Quantity::UnitValue(name) => write!(f, "unit_value = \"{name}\""),
            Quantity::Prohibitive => write!(f, "prohibitive = true"),
        }
    }
}

/// A number that law leaves open, as somebody measured or supposed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// Which number.
    pub quantity: Quantity,
    /// For which partners.
    pub partners: Patterns,
    /// For which goods.
    pub products: Patterns,
    /// When.
    pub period: Period,
    /// The number: a share between 0 and 1, a price, or points.
    pub value: f64,
    /// Who says so.
    pub source: Arc<str>,
    /// Where it is written.
    pub(crate) at: At,
}

/// A rate that somebody worked out by hand, kept beside the measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What it shows.
    pub why: Option<String>,
    /// On which day.
    pub date: Date,
    /// Who levies.
    pub importer: String,
    /// On whose goods.
    pub exporter: String,
    /// On which good.
    pub product: String,
    /// The base duty in points.
    pub base: f64,
    /// As known when; by default everything is known.
    pub known: Option<Date>,
    /// Which clock.
    pub view: View,
    /// The numbers law leaves open; claims not stated are not made.
    pub stated: BTreeMap<Quantity, f64>,
    /// `total`, or the id of a measure, and the points expected.
    pub expect: Vec<(String, f64)>,
    /// Where it is written.
    pub(crate) at: At,
}
