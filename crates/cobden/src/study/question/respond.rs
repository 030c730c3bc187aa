//! `respond`: what some governments do best against the tariffs of others.

use cobden_strategy::{Rule, Start};
use cobden_world::Problem;

use super::{Effort, Hand, Players, Wants, hand, none_beside, players, word};
use crate::document::{Fields, Keys};
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`respond`",
    known: &[
        "players",
        "against",
        "sectors",
        "together",
        "target",
        "match",
        "instrument",
        "only",
        "min",
        "max",
        "inside",
        "common",
        "surcharge",
        "objective",
        "starts",
        "tolerance",
    ],
    later: &[],
};

/// What some governments do best against the tariffs of others.
#[derive(Clone, Debug, PartialEq)]
pub struct RespondQuestion {
    /// Who answers.
    pub players: Players,
    /// With what.
    pub hand: Hand,
    /// Whether they answer as one.
    pub together: bool,
    /// Whether those they answer respond in turn, with the same kind of instruments.
    pub target_responds: bool,
    /// Whether they follow a rule instead of what is best for them.
    pub matching: Option<Matching>,
    /// What they want.
    pub wants: Wants,
    /// How to search.
    pub effort: Effort,
}

/// Answers by rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The same rate: what the target's tariffs on a player's goods rose by, weighted with the trade of the baseline, comes on the target's
    /// goods; sector by sector where the instrument is by sector.
    Rate,
    /// The same trade: one rate on all the target's goods that levies, on the trade of the baseline, what the target's raise levies on the
    /// player's.
    TradeValue,
}

impl Matching {
    /// Every one, with the words for it in study files.
    pub const ALL: [(&'static str, Matching); 2] =
        [("same rate", Matching::Rate), ("same trade value", Matching::TradeValue)];

    /// The words for it in study files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<RespondQuestion, Problem> {
    let matching = word(fields, "match", &Matching::ALL)?;
    let target_responds = word(fields, "target", &[("passive", false), ("responding", true)])?.unwrap_or(false);
    let question = RespondQuestion {
        players: players::read(fields, groups, "players")?,
        hand: hand::read(fields, groups, if matching.is_some() { Rule::Uniform } else { Rule::PartnerSector })?,
        together: fields.flag("together")?.is_some_and(|flag| flag.value),
        target_responds,
        matching,
        wants: hand::wants(fields)?,
        effort: hand::effort(fields, &[Start::Elasticity(1.0), Start::InForce])?,
    };
    let needs_target = |key: &str| {
        let problem = fields.document().problem(&fields.key_span(key), format!("`{key}` without `against`"));
        Err(problem.help("name those who are answered: against = [\"USA\"]"))
    };
    if question.hand.against.is_none() {
        if matching.is_some() {
            return needs_target("match");
        }
        if target_responds {
            return needs_target("target");
        }
    }
    if matching.is_some() {
        let choices =
            ["together", "target", "only", "min", "max", "inside", "common", "surcharge", "objective", "starts"];
        none_beside(fields, &choices, "`match`: a rule leaves nothing to choose")?;
    }
    Ok(question)
}
