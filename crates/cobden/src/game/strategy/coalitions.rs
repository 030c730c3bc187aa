//! Coalitions, in the form of a result.

use serde::Serialize;

use super::{JointAnswer, Money};

/// Who would stand with whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CoalitionsAnswer {
    /// The country that began, if one did.
    pub initiator: Option<String>,
    /// What the initiator has if nobody answers.
    pub unanswered: Option<Money>,
    /// What those outside a coalition do: `gamma`, `passive`, `merge`.
    pub outside: &'static str,
    /// The coalition whose tariffs are those of the case.
    pub shown: Vec<String>,
    /// Every structure that was computed.
    pub structures: Vec<StructureRow>,
    /// Every coalition, the smallest first.
    pub coalitions: Vec<CoalitionRow>,
    /// Divisions of what all have together that nobody objects to; `null` if a value is missing.
    pub core: Option<CoreAnswer>,
    /// By player: the Shapley value; `null` if a value is missing.
    pub shapley: Option<Vec<Money>>,
    /// The smallest coalitions that make the initiator regret its tariff; `null` without an initiator, or if even all together do not.
    pub deterrence: Option<DeterrenceAnswer>,
    /// What it would take to split the coalition shown, the cheapest first.
    pub offers: Vec<OfferAnswer>,
    /// Together against each for itself, of the coalition shown.
    pub joint: Option<JointAnswer>,
}

/// One coalition structure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StructureRow {
    /// The blocks; who is in none keeps its tariffs.
    pub blocks: Vec<Vec<String>>,
    /// Why there is no equilibrium to show; left out if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// By player: real income.
    pub payoffs: Vec<Money>,
    /// Of the initiator.
    pub initiator: Option<Money>,
    /// The largest gain that any block has from deviating, in percentage points.
    pub best_response_gain_max_pct: Option<f64>,
    /// How many equilibria the starts led to.
    pub equilibria: usize,
}

/// One coalition, the others as the rule says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoalitionRow {
    /// The members.
    pub members: Vec<String>,
    /// Why its payoffs or its stability are not known; left out if they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// By player: real income.
    pub payoffs: Vec<Money>,
    /// Of the initiator.
    pub initiator: Option<Money>,
    /// What members have together, USD million.
    pub value_usd_m: Option<f64>,
    /// Whether no member gains by leaving.
    pub internally_stable: Option<bool>,
    /// Whether no outsider gains by joining.
    pub externally_stable: Option<bool>,
    /// Whether transfers among members can make every one stay.
    pub potentially_stable: Option<bool>,
    /// Who gains by leaving.
    pub leavers: Vec<String>,
    /// Who gains by joining.
    pub joiners: Vec<String>,
    /// By member: what it would receive, less what it pays, if as little as possible changes hands to keep all in, USD million. Empty if nothing
    /// can, or need be.
    pub transfers_usd_m: Vec<f64>,
}

/// Divisions that nobody objects to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoreAnswer {
    /// Whether there is one.
    pub exists: bool,
    /// The least that coalitions must fall short for there to be one, USD million; at most 0 if there is.
    pub epsilon_usd_m: Option<f64>,
    /// By player: the nucleolus.
    pub nucleolus: Vec<Money>,
}

/// The smallest coalitions that make the initiator regret its tariff.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeterrenceAnswer {
    /// Coalitions of the smallest size that is enough, worst for the initiator first, with its real income.
    pub coalitions: Vec<(Vec<String>, Money)>,
}

/// What it would take for one member to leave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfferAnswer {
    /// The member.
    pub member: String,
    /// The smallest payment for which it leaves.
    pub payment: Money,
    /// Who has most of it after paying: a player outside, or the initiator; `null` if there is nobody outside.
    pub best_payer: Option<String>,
    /// What that one is left with after paying, USD million: below zero if it is not worth its price.
    pub net_usd_m: Option<f64>,
}
