//! What a page shows: plain values and words, filled in by the caller.
//!
//! Everything that varies by region is a vector in the order of [`Page::regions`]; a value that is missing is `f64::NAN`,
//! and a vector that is too short counts as missing at its end. Words are shown as given, escaped.

use serde::Serialize;

use crate::question::Question;
use crate::scale::signed;
use crate::strips::Comparison;
use crate::waterfall::Breakdown;

/// All that one self-contained page shows; [`crate::render`] turns it into HTML.
///
/// `Page::default()` is an empty page: fill the fields that there is something to say about, a section without content
/// is left out.
///
/// ```
/// use cobden_report::{Case, Measure, Page, Region, render};
/// let page = Page {
///     title: "Two countries".into(),
///     regions: vec![Region::country("USA", "United States"), Region::country("CAN", "Canada")],
///     measure: Measure::percent("Real income"),
///     cases: vec![Case { name: "Tariff".into(), values: vec![-0.1, -0.8], ..Case::default() }],
///     ..Page::default()
/// };
/// assert!(render(&page).unwrap().contains("−0.80"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The title of the study.
    pub title: String,
    /// A line set above everything in a box, for instance that the data are invented; empty = none.
    pub banner: String,
    /// What the numbers say, in sentences; the first is set large, the others follow as text.
    pub headline: Vec<String>,
    /// A few numbers that sum the study up.
    pub key_figures: Vec<KeyFigure>,
    /// The regions, in the order of every vector of values.
    pub regions: Vec<Region>,
    /// The sectors, in the order of [`SectorPanel::values`].
    pub sectors: Vec<Sector>,
    /// What [`Case::values`] measure: coloured on the map, ranked and compared.
    pub measure: Measure,
    /// What [`Case::amounts`] measure: shown beside the ranking; `None` leaves the column out.
    pub amount: Option<Measure>,
    /// The cases, in the order of the study.
    pub cases: Vec<Case>,
    /// Which of the cases is shown first, and in print; the first where out of range.
    pub headline_case: usize,
    /// What was asked of those who act, and what came of it.
    pub questions: Vec<Question>,
    /// How the values of the regions worth explaining come about.
    pub breakdowns: Vec<Breakdown>,
    /// What other models say of one case.
    pub comparison: Option<Comparison>,
    /// Who buys less and more from whom; one entry per case that is worth showing.
    pub diversion: Vec<Diversion>,
    /// Sector by sector, for the regions worth showing.
    pub sector_panels: Vec<SectorPanel>,
    /// What the model assumes.
    pub assumptions: Vec<Remark>,
    /// Notes to the reader: caveats, treatment of data, cases that could not be solved.
    pub notes: Vec<String>,
    /// What proves the result: versions, hashes, dates, as name and value.
    pub passport: Vec<Entry>,
    /// Where the data come from.
    pub sources: Vec<Source>,
}

/// One number set large, with what it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KeyFigure {
    /// What the number is: "World real income".
    pub label: String,
    /// The number as text with its unit: "−0.21 %". See [`crate::scale::signed`] for one way to write it.
    pub value: String,
    /// A short addition: "USD −190 bn a year"; may be empty.
    pub note: String,
}

/// A country or a group of countries with one value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Region {
    /// Short name used where space is short: "EU27".
    pub code: String,
    /// Name for readers: "European Union".
    pub name: String,
    /// ISO 3166-1 alpha-3 codes of the countries that the region is made of.
    pub members: Vec<String>,
    /// Whether every country that no region claims belongs to this one.
    pub rest_of_world: bool,
}

impl Region {
    /// A region that is one country, `iso3`.
    pub fn country(iso3: impl Into<String>, name: impl Into<String>) -> Self {
        let code = iso3.into();
        Self { members: vec![code.clone()], code, name: name.into(), rest_of_world: false }
    }

    /// A region made of several countries.
    pub fn group<'a>(
        code: impl Into<String>,
        name: impl Into<String>,
        members: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let members = members.into_iter().map(String::from).collect();
        Self { code: code.into(), name: name.into(), members, rest_of_world: false }
    }

    /// The region of all countries that no other region claims.
    pub fn rest_of_world(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self { code: code.into(), name: name.into(), members: Vec::new(), rest_of_world: true }
    }
}

/// An industry.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sector {
    /// Short name: "AUTO".
    pub code: String,
    /// Name for readers: "Motor vehicles".
    pub name: String,
}

/// What a number measures and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measure {
    /// "Real income".
    pub name: String,
    /// Unit after the number: "%", "USD bn"; may be empty.
    pub unit: String,
    /// Digits after the decimal point.
    pub decimals: usize,
    /// One sentence that says what it means: "Change in what a country's income buys, against the baseline".
    pub note: String,
}

impl Measure {
    /// A change in percent, written with two decimals.
    pub fn percent(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: "%".into(), decimals: 2, note: String::new() }
    }

    /// An amount in USD billion, written with one decimal.
    pub fn usd_billion(name: impl Into<String>) -> Self {
        Self { name: name.into(), unit: "USD bn".into(), decimals: 1, note: String::new() }
    }
}

/// One case of the study.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Case {
    /// Its name in the study.
    pub name: String,
    /// A sentence on what happens in it; may be empty.
    pub note: String,
    /// One value of [`Page::measure`] per region; NaN = no value.
    pub values: Vec<f64>,
    /// One value of [`Page::amount`] per region; may be empty.
    pub amounts: Vec<f64>,
    /// Codes of the regions that act in this case; outlined on the map.
    pub actors: Vec<String>,
    /// Why there is no result ("did not converge in 50 iterations"): the values are then not shown at all.
    pub failure: Option<String>,
}

/// Changes in who buys from whom in one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diversion {
    /// The case, by name.
    pub case: String,
    /// What `amounts` measure, for instance `Measure::usd_billion("Imports")`.
    pub measure: Measure,
    /// Change in what buyer `n` buys from seller `i`: `amounts[n][i]`, in the order of [`Page::regions`]. The diagonal
    /// is what a region buys at home: shown if finite, NaN leaves it out.
    pub amounts: Vec<Vec<f64>>,
    /// The same change in percent; may be empty.
    pub percents: Vec<Vec<f64>>,
    /// Codes of the buyers that get a chart of their own; the full table shows everybody.
    pub focus: Vec<String>,
}

/// What happens to the sectors of one region in one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SectorPanel {
    /// The case, by name.
    pub case: String,
    /// The region, by code.
    pub region: String,
    /// What is measured; the first is drawn as bars and ranks the sectors, the others follow as numbers.
    pub measures: Vec<Measure>,
    /// `values[j][m]`: sector `j` in the order of [`Page::sectors`], measure `m`; NaN = no value.
    pub values: Vec<Vec<f64>>,
}

/// A titled paragraph.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Remark {
    /// A few words: "Labour does not move between countries".
    pub title: String,
    /// The paragraph; may be empty.
    pub text: String,
}

/// A name and its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entry {
    /// "world (BLAKE3)".
    pub name: String,
    /// "9f2c…".
    pub value: String,
}

/// A source of data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Source {
    /// "OECD Inter-Country Input-Output tables, 2025 edition".
    pub name: String,
    /// What it was used for, and what was done to it.
    pub text: String,
    /// "CC BY 4.0".
    pub licence: String,
    /// Web address; shown as a link where it begins with `https://` or `http://`; may be empty.
    pub url: String,
}

impl Case {
    /// The value of region `k`; NaN where there is none or the case has no result.
    pub(crate) fn value(&self, k: usize) -> f64 {
        self.shown().get(k).copied().unwrap_or(f64::NAN)
    }

    /// The amount of region `k`; NaN where there is none or the case has no result.
    pub(crate) fn amount(&self, k: usize) -> f64 {
        if self.failure.is_some() { f64::NAN } else { self.amounts.get(k).copied().unwrap_or(f64::NAN) }
    }

    /// The values that may be shown: none of a case that failed.
    pub(crate) fn shown(&self) -> &[f64] {
        if self.failure.is_some() { &[] } else { &self.values }
    }
}

impl Measure {
    /// A change with its unit, `−0.12 %`, that no line break parts.
    pub(crate) fn written(&self, value: f64) -> String {
        let number = signed(value, self.decimals);
        if self.unit.is_empty() || !value.is_finite() { number } else { format!("{number}\u{a0}{}", self.unit) }
    }
}
