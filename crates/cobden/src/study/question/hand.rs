//! What players may move, what they want, and how hard to search: keys that all questions share.

use cobden_strategy::{Bounds, Inside, Reach, Rule, Start};
use cobden_world::{Problem, Rate, World};
use toml::de::DeValue;

use super::{positive, texts, word};
use crate::document::{Document, Fields, Keys, Located, kind};
use crate::study::model::number;
use crate::study::row::{parse_rate, rate};
use crate::study::selection::{self, Groups, Selection};

/// What a player may move.
#[derive(Clone, Debug, PartialEq)]
pub struct Hand {
    /// On whose goods; `None`: on everyone's.
    pub against: Option<Selection>,
    /// In which sectors; `None`: in all.
    pub sectors: Option<Selection>,
    /// Which tariffs must be equal.
    pub rule: Rule,
    /// Between which rates.
    pub bounds: Bounds,
    /// What becomes of tariffs between members of a bloc; `None`: as the question has it.
    pub inside: Option<Inside>,
    /// Whether members of a bloc have their external tariffs in common.
    pub common: bool,
    /// Whether what moves are points on top of the rates in force.
    pub surcharge: bool,
}

/// How a search goes about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Effort {
    /// Where it starts.
    pub starts: Vec<Start>,
    /// What a deviation may gain at most, in percentage points.
    pub tolerance_pct: f64,
}

/// What a player maximises: a weighted sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Wants(pub Vec<Term>);

/// One term of what a player maximises.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its weight.
    pub weight: f64,
    /// What it is of.
    pub want: Want,
    /// The sector, for output and employment.
    pub sector: Option<Located<String>>,
}

/// What a government may want for its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Real income.
    Welfare,
    /// Real income with the world's political weights (Ossa 2014).
    Government,
    /// The real wage.
    RealWage,
    /// Tariff revenue.
    Revenue,
    /// Exports less imports.
    TradeBalance,
    /// Exports.
    Exports,
    /// Output of a sector.
    Output,
    /// Employment in a sector.
    Employment,
}

impl Want {
    /// Every one, with the word for it in study files.
    pub const ALL: [(&'static str, Want); 8] = [
        ("welfare", Want::Welfare),
        ("government", Want::Government),
        ("real wage", Want::RealWage),
        ("revenue", Want::Revenue),
        ("trade balance", Want::TradeBalance),
        ("exports", Want::Exports),
        ("output", Want::Output),
        ("employment", Want::Employment),
    ];

    /// The word for it in study files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }

    fn of_a_sector(self) -> bool {
        matches!(self, Want::Output | Want::Employment)
    }
}

impl Default for Wants {
    fn default() -> Self {
        Self(vec![Term { weight: 1.0, want: Want::Welfare, sector: None }])
    }
}

impl Wants {
    /// Whether it is welfare and nothing else.
    pub fn is_welfare(&self) -> bool {
        *self == Self::default()
    }
}

/// Which way rates may move.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Raise,
    Lower,
}

/// Words for what happens inside a bloc.
const INSIDE: [(&str, Inside); 3] = [("as it is", Inside::AsItIs), ("chosen", Inside::Chosen), ("free", Inside::Free)];

const TERM: Keys = Keys { table: "an item of `objective`", known: &["aim", "sector", "weight"], later: &["country"] };

/// Reads what a player may move. `rule` is what holds if nothing is written.
pub(super) fn read(fields: &Fields<'_>, groups: &Groups, rule: Rule) -> Result<Hand, Problem> {
    let bound = |key: &str| fields.value(key).map(|value| rate(fields.document(), key, value)).transpose();
    let (min, max) = (bound("min")?, bound("max")?);
    if let (Some(low), Some(high)) = (min, max)
        && low > high
    {
        let message = format!("bounds cross: min is {} % and max {} %", low.percent(), high.percent());
        return Err(fields.document().problem(&fields.key_span("max"), message));
    }
    // Some questions leave less to say than others.
    let asks = |key: &str| fields.keys().known.contains(&key);
    let flag = |key: &str| if asks(key) { fields.flag(key) } else { Ok(None) };
    let only = word(fields, "only", &[("raise", Only::Raise), ("lower", Only::Lower)])?;
    Ok(Hand {
        against: if asks("against") { selection::read_if(fields, groups, "against")? } else { None },
        sectors: selection::read_if(fields, groups, "sectors")?,
        rule: if asks("instrument") { word(fields, "instrument", &Rule::ALL)? } else { None }.unwrap_or(rule),
        bounds: Bounds { min, max, raise_only: only == Some(Only::Raise), lower_only: only == Some(Only::Lower) },
        inside: if asks("inside") { word(fields, "inside", &INSIDE)? } else { None },
        common: flag("common")?.is_some_and(|flag| flag.value),
        surcharge: flag("surcharge")?.is_some_and(|flag| flag.value),
    })
}

/// Reads how a search goes about it; `starts` is what holds if nothing is written.
pub(super) fn effort(fields: &Fields<'_>, starts: &[Start]) -> Result<Effort, Problem> {
    let written = if fields.keys().known.contains(&"starts") { texts(fields, "starts")? } else { None };
    let starts = match written {
        None => starts.to_vec(),
        Some(words) => words.iter().map(|word| start(fields.document(), word)).collect::<Result<_, _>>()?,
    };
    Ok(Effort { starts, tolerance_pct: positive(fields, "tolerance")?.unwrap_or(TOLERANCE_PCT) })
}

/// What a deviation from a result may gain at most, in percentage points, unless the study says otherwise.
const TOLERANCE_PCT: f64 = 1e-6;

/// A start: `in force`, `formula`, `1/theta`, `2/theta`, `25%`.
fn start(document: &Document, word: &Located<String>) -> Result<Start, Problem> {
    let text = word.value.trim();
    let times = |text: &str| text.strip_suffix("/theta").and_then(|times| times.trim().parse::<f64>().ok());
    match text {
        "in force" => Ok(Start::InForce),
        "formula" => Ok(Start::Formula),
        _ => match (times(text).filter(|times| times.is_finite()), parse_rate(text)) {
            (Some(times), _) => Ok(Start::Elasticity(times)),
            (None, Some(rate)) if Rate(rate).is_valid() => Ok(Start::Rate(rate)),
            _ => Err(document
                .problem(&word.span, format!("unknown start \"{text}\""))
                .help("known: \"in force\", \"formula\", \"1/theta\" or another multiple, a rate such as \"25%\"")),
        },
    }
}

/// Reads `objective`: a word, or a list of `{ aim, sector, weight }`. Welfare if nothing is written.
pub(super) fn wants(fields: &Fields<'_>) -> Result<Wants, Problem> {
    let Some(value) = fields.value("objective") else { return Ok(Wants::default()) };
    if matches!(value.get_ref(), DeValue::String(_)) {
        let want = word(fields, "objective", &Want::ALL)?.unwrap_or(Want::Welfare);
        if want.of_a_sector() {
            let message = format!("{} of which sector?", want.name());
            let help = format!("write objective = [ {{ aim = \"{}\", sector = \"...\" }} ]", want.name());
            return Err(fields.document().problem(&value.span(), message).help(help));
        }
        return Ok(Wants(vec![Term { weight: 1.0, want, sector: None }]));
    }
    if !matches!(value.get_ref(), DeValue::Array(_)) {
        let message = format!("`objective` must be a word or a list of tables, found {}", kind(value.get_ref()));
        return Err(fields.document().problem(&value.span(), message).help("write objective = \"welfare\""));
    }
    let terms = fields.list_of_fields("objective", &TERM)?.unwrap_or_default();
    if terms.is_empty() {
        return Err(fields.document().problem(&value.span(), "`objective` is empty: a player wants nothing"));
    }
    terms.iter().map(term).collect::<Result<_, _>>().map(Wants)
}

fn term(fields: &Fields<'_>) -> Result<Term, Problem> {
    let want = word(fields, "aim", &Want::ALL)?.ok_or_else(|| fields.missing("aim"))?;
    let weight = match fields.value("weight") {
        None => 1.0,
        Some(value) => number(value)
            .filter(|weight| weight.is_finite())
            .ok_or_else(|| fields.document().problem(&value.span(), "`weight` must be a number"))?,
    };
    let sector = fields.text("sector")?;
    if sector.is_some() != want.of_a_sector() {
        let message = if sector.is_some() { "is not of one sector" } else { "needs a `sector`" };
        return Err(fields.document().problem(&fields.span(), format!("the aim \"{}\" {message}", want.name())));
    }
    Ok(Term { weight, want, sector })
}

impl Term {
    /// Its sector, an index.
    pub(crate) fn sector(&self, document: &Document, world: &World) -> Result<Option<usize>, Problem> {
        let Some(sector) = &self.sector else { return Ok(None) };
        let unknown = || Problem::unknown("sector", &sector.value, world.sectors.iter());
        world.sectors.index(&sector.value).map(Some).ok_or_else(|| unknown().at(document.place(&sector.span)))
    }
}

impl Hand {
    /// The tariffs within reach of a player of these members.
    pub(crate) fn reach(&self, document: &Document, world: &World, members: Vec<usize>) -> Result<Reach, Problem> {
        let against = self.against.as_ref().map(|against| against.countries(document, world));
        let sectors = self.sectors.as_ref().map(|sectors| sectors.sectors(document, world));
        Ok(Reach {
            members,
            partners: against.transpose()?,
            sectors: sectors.transpose()?,
            rule: self.rule,
            common: self.common,
            inside: self.inside.unwrap_or_default(),
            bounds: self.bounds,
            surcharge: self.surcharge,
        })
    }
}
