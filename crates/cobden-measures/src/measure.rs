//! What a measure is, and what acts did to it: the law as it was written down, before anyone asks for a rate.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::{Charge, Date, Located, Pattern, Patterns, Period};

/// A place in one of the files of a register.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct At {
    /// Which file.
    pub(crate) file: usize,
    /// Which bytes of it.
    pub(crate) span: Range<usize>,
}

/// A tariff programme: who levies it, under which authority, on what, and to whom it gives way.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Dotted, stable: `us.232.autos`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// A country, or `@group` for a customs union.
    pub importer: String,
    /// The legal family: `232`, `IEEPA`, `retaliation`.
    pub authority: String,
    /// What it can apply to at most.
    pub products: Patterns,
    /// Claims that free the good from it.
    pub exempt: Vec<Exempt>,
    /// Lists whose goods are charged on a share of their value only.
    pub charged_on: Vec<ChargedOn>,
    /// The measures it yields to.
    pub gives_way: Vec<GivesWay>,
    /// The measure it answers.
    pub responds_to: Option<Located<String>>,
    /// The plan it belongs to: measures of one plan happen together or not at all.
    pub plan: Option<String>,
    /// Which part of it is held, if not all: `19 of 79 subheadings`. Goods on the rest seem to pay nothing.
    pub partial: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Where it is written.
    pub(crate) at: At,
    /// Its position among the measures of its register.
    pub(crate) number: usize,
}

/// A claim, e.g. of origin under a trade agreement, that frees a good.
#[derive(Clone, Debug, PartialEq)]
pub struct Exempt {
    /// The claim.
    pub claim: Located<String>,
    /// When.
    pub period: Period,
    /// By which act.
    pub cite: Option<String>,
}

/// Goods of a list that are charged on part of their value.
#[derive(Clone, Debug, PartialEq)]
pub struct ChargedOn {
    /// Which goods.
    pub products: Patterns,
    /// The name of the share; assumptions say how large it is.
    pub share: Located<String>,
    /// When.
    pub period: Period,
    /// By which act.
    pub cite: Option<String>,
}

/// A measure is not levied where another is.
#[derive(Clone, Debug, PartialEq)]
pub struct GivesWay {
    /// To which measures; `*` stands for any text.
    pub to: Vec<Located<String>>,
    /// On what.
    pub on: Extent,
    /// When.
    pub period: Period,
    /// For which partners only.
    pub partners: Patterns,
    /// For which goods only.
    pub products: Patterns,
    /// By which act.
    pub cite: Option<String>,
    /// The numbers of the measures it names, other than its own.
    pub(crate) targets: Vec<usize>,
}

/// On what a measure gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// On the whole value of goods that the other measure applies to.
    Whole,
    /// On the part of the value that the other measure is charged on.
    CoveredValue,
}

/// Something that happened: an order, a law, a ruling, or only a report of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// A name for it, if it has one here.
    pub id: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// The day it became known.
    pub announced: Date,
    /// Its public source.
    pub cite: Option<String>,
    /// Where to read it.
    pub url: Option<String>,
    /// Whether it is law.
    pub status: Status,
    /// How likely it is to become law, as its author judged.
    pub probability: Option<f64>,
    /// How sure the register is of what it says about the act.
    pub confidence: Option<Confidence>,
    /// A remark.
    pub note: Option<String>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// Where it is written.
    pub(crate) at: At,
    /// Whether it was added by hand to a register: then it counts whatever its status.
    pub(crate) supposed: bool,
}

impl Act {
    /// How to name it in a sentence: its title, else its citation, else its day.
    pub fn name(&self) -> String {
        let named = self.cite.as_ref().or(self.title.as_ref()).or(self.id.as_ref());
        named.cloned().unwrap_or_else(|| format!("act announced {}", self.announced))
    }
}

/// How firm an act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Law.
    Enacted,
    /// Proposed by those who can enact it.
    Proposed,
    /// Reported by somebody else.
    Reported,
    /// Supposed, to see what would follow.
    Hypothetical,
}

/// How sure the register is of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The text was read.
    High,
    /// From a secondary source.
    Medium,
    /// Unclear.
    Low,
}

/// One thing that an act did.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// To which measures; `*` stands for any text.
    pub measures: Vec<Located<String>>,
    /// To which line of them; `None` is `default` for a rate and every line for the rest.
    pub line: Option<String>,
    /// What.
    pub verb: Verb,
    /// For which partners.
    pub partners: Patterns,
    /// For which goods.
    pub products: Patterns,
    /// In law.
    pub period: Period,
    /// From which day customs acted on it, if later.
    pub collected_from: Option<Date>,
    /// A remark.
    pub note: Option<String>,
    /// Where it is written.
    pub(crate) at: At,
    /// The numbers of the measures it names, in order.
    pub(crate) targets: Vec<usize>,
}

impl Change {
    /// Whether it changes a measure of its register.
    pub fn changes(&self, measure: &Measure) -> bool {
        self.is_to(measure)
    }

    pub(crate) fn is_to(&self, measure: &Measure) -> bool {
        self.targets.binary_search(&measure.number).is_ok()
    }
}

/// What a change does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Sets what a line charges.
    Set(Box<Terms>),
    /// Sets aside what earlier acts charge: all of it, or so many points.
    Suspend(Option<f64>),
    /// Ends what earlier acts charge.
    End {
        /// Expired, repealed, struck down.
        reason: Option<String>,
        /// Whether what was paid is given back.
        refunds: bool,
    },
    /// Takes goods out of the measure, whatever acts before or after it charge.
    Exempt,
    /// Ends the suspensions and exemptions of earlier acts.
    Lift,
}

/// What a line charges.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// The rate, or rates by partner.
    pub rates: Vec<(Option<Pattern>, Levy)>,
    /// A ceiling in points on base and measure together.
    pub cap: Option<f64>,
    /// What a claim does.
    pub on_claim: BTreeMap<String, OnClaim>,
}

/// A rate, or the two rates of a quota.
#[derive(Clone, Debug, PartialEq)]
pub enum Levy {
    /// One rate for all.
    Rate(Charge),
    /// One rate within a quantity, another beyond.
    Quota(Quota),
}

/// A tariff quota. How much of the trade is inside it is an assumption.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// How much.
    pub volume: f64,
    /// Of what.
    pub unit: String,
    /// In how long: `year`, `quarter`.
    pub period: String,
    /// Within it.
    pub inside: Charge,
    /// Beyond it.
    pub outside: Charge,
    /// Where it is written.
    pub(crate) at: At,
}

/// What a claim does to a line.
#[derive(Clone, Debug, PartialEq)]
pub enum OnClaim {
    /// The goods do not pay.
    Exempt,
    /// The goods pay on a share of their value; assumptions say how large it is.
    Share(Located<String>),
}
