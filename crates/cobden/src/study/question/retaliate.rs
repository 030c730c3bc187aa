//! `retaliate`: which tariffs hurt a target most for what they cost, under the limits that a dispute sets.

use cobden_strategy::{Rule, Start};
use cobden_world::Problem;

use super::{Effort, Hand, Players, Wants, hand, none_beside, players, positive, word};
use crate::document::{Fields, Keys};
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`retaliate`",
    known: &[
        "players",
        "against",
        "sectors",
        "instrument",
        "only",
        "min",
        "max",
        "common",
        "surcharge",
        "objective",
        "points",
        "limit",
        "value",
        "pick",
        "tolerance",
    ],
    later: &["harm"],
};

/// Which tariffs hurt a target most for what they cost.
#[derive(Clone, Debug, PartialEq)]
pub struct RetaliateQuestion {
    /// Who retaliates, all as one.
    pub players: Players,
    /// With what, against whom.
    pub hand: Hand,
    /// What they want.
    pub wants: Wants,
    /// How many points of the frontier.
    pub points: usize,
    /// What the dispute allows.
    pub limit: Option<Limit>,
    /// The value of the limit, USD million; `None`: as much as the target did.
    pub value: Option<f64>,
    /// Which tariffs are those of the case.
    pub pick: Pick,
    /// How to search.
    pub effort: Effort,
}

/// What a dispute allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Imports whose tariff is raised: of the data, at most the value, or else as much as the players sell of what the target raised its
    /// tariffs on.
    TradeAffected,
    /// The fall of imports from the target: at most the value, or else what the target's tariffs took from the players' exports.
    TradeEffect,
    /// Harm, in money: just the value, or else what the players lost by all that changed in the tariffs of the data.
    Harm,
}

impl Limit {
    /// Every one, with the words for it in study files.
    pub const ALL: [(&'static str, Limit); 3] =
        [("trade affected", Limit::TradeAffected), ("trade effect", Limit::TradeEffect), ("harm", Limit::Harm)];

    /// The words for it in study files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }
}

/// Which of the tariffs on the frontier are those of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// What is best for the players.
    BestResponse,
    /// What hurts most.
    GreatestHarm,
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<RetaliateQuestion, Problem> {
    let picks = [("best response", Pick::BestResponse), ("greatest harm", Pick::GreatestHarm)];
    let mut hand = hand::read(fields, groups, Rule::Sector)?;
    hand.bounds.raise_only |= !fields.has("only") && hand.bounds.min.is_none();
    if hand.against.is_none() {
        return Err(fields.missing("against").help("name the target: against = [\"USA\"]"));
    }
    let (limit, value) = (word(fields, "limit", &Limit::ALL)?, positive(fields, "value")?);
    if value.is_some() && limit.is_none() {
        let problem = fields.document().problem(&fields.key_span("value"), "`value` without `limit`");
        return Err(problem.help("say what it limits: limit = \"trade affected\", \"trade effect\" or \"harm\""));
    }
    if limit == Some(Limit::Harm) {
        none_beside(fields, &["pick"], "a limit on harm, which leaves none")?;
    }
    Ok(RetaliateQuestion {
        players: players::read(fields, groups, "players")?,
        hand,
        wants: hand::wants(fields)?,
        points: super::count(fields, "points", 2..=200)?.unwrap_or(20),
        limit,
        value,
        pick: word(fields, "pick", &picks)?.unwrap_or(Pick::BestResponse),
        effort: Effort { starts: vec![Start::InForce], ..hand::effort(fields, &[])? },
    })
}
