//! `bargain`: what parties would agree on; `deal`: what a change of tariffs that somebody signed does. Both: who pays, and what would deter it.

use cobden_strategy::deal::Terms;
use cobden_strategy::{Rule, Start};
use cobden_world::{Problem, Rate};

use super::{Effort, Hand, Players, Wants, hand, players, word};
use crate::document::{Fields, Keys, Located, kind};
use crate::study::model::number;
use crate::study::row::rate;
use crate::study::selection::{self, Groups, Selection};

pub(super) const BARGAIN: Keys = Keys {
    table: "`bargain`",
    known: &[
        "parties",
        "powers",
        "terms",
        "sectors",
        "only",
        "min",
        "max",
        "objective",
        "payments",
        "penalty",
        "starts",
        "tolerance",
    ],
    later: &["agenda"],
};

pub(super) const DEAL: Keys = Keys { table: "`deal`", known: &["signatories", "objective", "penalty"], later: &[] };

const PENALTY: Keys = Keys { table: "`penalty`", known: &["on", "by", "sectors", "max"], later: &[] };

/// What parties would agree on, the tariffs that the case starts from being what becomes of them without agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct BargainQuestion {
    /// Who bargains.
    pub parties: Players,
    /// Bargaining powers, in the order of the parties; `None`: equal.
    pub powers: Option<Vec<f64>>,
    /// Whom concessions are for.
    pub terms: Terms,
    /// Which of their tariffs are on the agenda.
    pub hand: Hand,
    /// Whether money may change hands as well.
    pub payments: bool,
    /// What they want.
    pub wants: Wants,
    /// What would be threatened to keep somebody from signing.
    pub penalty: Option<PenaltyQuestion>,
    /// How to search.
    pub effort: Effort,
}

/// What the rows of the case do, as something signed.
#[derive(Clone, Debug, PartialEq)]
pub struct DealQuestion {
    /// Who signed.
    pub signatories: Players,
    /// What they want.
    pub wants: Wants,
    /// What would be threatened to keep somebody from signing.
    pub penalty: Option<PenaltyQuestion>,
}

/// What would be threatened to keep somebody from signing.
#[derive(Clone, Debug, PartialEq)]
pub struct PenaltyQuestion {
    /// The signatory that would be punished.
    pub on: Located<String>,
    /// Who would punish it: each alone, then all together; blocs as they are.
    pub by: Players,
    /// On which goods; `None`: all.
    pub sectors: Option<Selection>,
    /// The highest penalty that is looked at, in points; `None`: 10,000 %.
    pub max: Option<Rate>,
}

pub(super) fn read_bargain(fields: &Fields<'_>, groups: &Groups) -> Result<BargainQuestion, Problem> {
    let terms = [("discriminatory", Terms::Discriminatory), ("mfn", Terms::Mfn)];
    let terms = word(fields, "terms", &terms)?.unwrap_or(Terms::Discriminatory);
    let rule = if terms == Terms::Mfn { Rule::Sector } else { Rule::PartnerSector };
    let mut hand = hand::read(fields, groups, rule)?;
    // A common rate for all that may rise would be a tariff on outsiders, and no opening.
    hand.bounds.lower_only |= terms == Terms::Mfn && !hand.bounds.raise_only;
    Ok(BargainQuestion {
        parties: players::read(fields, groups, "parties")?,
        powers: powers(fields)?,
        terms,
        hand,
        payments: fields.flag("payments")?.is_some_and(|flag| flag.value),
        wants: hand::wants(fields)?,
        penalty: penalty(fields, groups)?,
        effort: hand::effort(fields, &[Start::Rate(0.0), Start::InForce])?,
    })
}

pub(super) fn read_deal(fields: &Fields<'_>, groups: &Groups) -> Result<DealQuestion, Problem> {
    Ok(DealQuestion {
        signatories: players::read(fields, groups, "signatories")?,
        wants: hand::wants(fields)?,
        penalty: penalty(fields, groups)?,
    })
}

fn powers(fields: &Fields<'_>) -> Result<Option<Vec<f64>>, Problem> {
    let Some(value) = fields.value("powers") else { return Ok(None) };
    let wrong = |message: String| {
        let problem = fields.document().problem(&value.span(), message);
        Err(problem.help("write powers = [1, 2], one above zero for each party"))
    };
    let toml::de::DeValue::Array(items) = value.get_ref() else {
        return wrong(format!("`powers` must be a list of numbers, found {}", kind(value.get_ref())));
    };
    let powers: Option<Vec<f64>> =
        items.iter().map(|item| number(item).filter(|power| *power > 0.0 && power.is_finite())).collect();
    powers.map_or_else(|| wrong("`powers` must be numbers above zero".to_owned()), |powers| Ok(Some(powers)))
}

fn penalty(fields: &Fields<'_>, groups: &Groups) -> Result<Option<PenaltyQuestion>, Problem> {
    let Some(fields) = fields.fields("penalty", &PENALTY)? else { return Ok(None) };
    let max = fields.value("max").map(|value| rate(fields.document(), "max", value)).transpose()?;
    Ok(Some(PenaltyQuestion {
        on: fields.required_text("on")?,
        by: players::read(&fields, groups, "by")?,
        sectors: selection::read_if(&fields, groups, "sectors")?,
        max,
    }))
}
