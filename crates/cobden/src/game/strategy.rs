//! What there is to say of a game besides its tariffs: who played, the proof, and what the question asked for.

use serde::{Serialize, Serializer};

/// What came of a question, in the form of a result: names of countries, per cent, millions of US dollars.
#[derive(Clone, Debug, Serialize)]
pub struct Strategy {
    /// Who played: `CHN`, or `CHN+JPN` for a bloc.
    pub players: Vec<String>,
    /// `formula` where a war was found by it; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The rule of an answer by rule; left out otherwise.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<&'static str>,
    /// The certificate: the largest gain that any player has from deviating alone, in percentage points of its goal. Of trade talks what the
    /// most tempted would gain by breaking the deal; of an answer by rule what it forgoes.
    pub best_response_gain_max_pct: Option<f64>,
    /// What the certificate may be at most; `null` where it binds nothing.
    pub tolerance_pct: Option<f64>,
    /// Whether there is an answer, or why there is none.
    #[serde(rename = "certified", serialize_with = "whether")]
    pub found: Result<(), String>,
    /// Rounds in which all moved at once, or iterations of a search.
    pub rounds: usize,
    /// Rounds in which one moved after the other.
    pub sweeps: usize,
    /// Model solutions.
    pub solves: usize,
    /// What searches still had to win, to second order, in percentage points.
    pub first_order_gap_pct: Option<f64>,
    /// From how many starts it was sought.
    pub starts: usize,
    /// From how many of them something was found.
    pub starts_converged: usize,
    /// How many different equilibria, or optima, they led to. The first found, of optima the best, is the answer.
    pub equilibria: usize,
    /// Player by player.
    pub by_player: Vec<PlayerAnswer>,
    /// The other equilibria.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_equilibria: Vec<OtherEquilibrium>,
    /// Together against each for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint: Option<JointAnswer>,
    /// Trade talks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talks: Option<TalksAnswer>,
    /// How patient the players must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<Patience>,
    /// Coalitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coalitions: Option<CoalitionsAnswer>,
    /// A deal, who pays for it and what would deter it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<DealAnswer>,
}

impl Default for Strategy {
    /// Nothing was found.
    fn default() -> Self {
        Self {
            players: Vec::new(),
            method: None,
            matching: None,
            best_response_gain_max_pct: None,
            tolerance_pct: None,
            found: Err("was not sought".to_owned()),
            rounds: 0,
            sweeps: 0,
            solves: 0,
            first_order_gap_pct: None,
            starts: 0,
            starts_converged: 0,
            equilibria: 0,
            by_player: Vec::new(),
            other_equilibria: Vec::new(),
            joint: None,
            talks: None,
            patience: None,
            coalitions: None,
            deal: None,
        }
    }
}

fn whether<S: Serializer>(found: &Result<(), String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(found.is_ok())
}

/// A change of real income.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Money {
    /// In per cent of baseline income.
    pub pct: f64,
    /// The same in USD million; `null` in a world in another currency.
    pub usd_m: Option<f64>,
}

/// What one player gets and does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlayerAnswer {
    /// `CHN`, or `CHN+JPN` for a bloc.
    pub player: String,
    /// Whose tariffs it moves.
    pub members: Vec<String>,
    /// Its goal, in per cent of the baseline.
    pub value_pct: f64,
    /// What its goal gains over the tariffs that the case starts from, in percentage points.
    pub gain_pct: f64,
    /// What it could still gain by deviating alone.
    pub best_response_gain_pct: Option<f64>,
    /// How many rates it chooses.
    pub levers: usize,
    /// Their mean, weighted with the trade of the baseline.
    pub mean_rate_pct: Option<f64>,
}

/// Another equilibrium that some start led to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherEquilibrium {
    /// By player: its goal, in per cent of the baseline.
    pub value_pct: Vec<f64>,
    /// By country: real income.
    pub welfare_pct: Vec<f64>,
    /// Its certificate.
    pub best_response_gain_max_pct: f64,
}

/// What standing together yields over standing apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JointAnswer {
    /// Why there is none; left out if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// The largest gain that any player has from deviating in any of the three steps.
    pub best_response_gain_max_pct: Option<f64>,
    /// Those who stand together, then those they answer.
    pub rows: Vec<JointRow>,
}

/// One country: real income in per cent of the baseline at each step, and what each step yields.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JointRow {
    /// The country.
    pub country: String,
    /// Under the tariffs that the case starts from.
    pub start_pct: f64,
    /// Each for itself.
    pub apart_pct: f64,
    /// Tariffs on others chosen together, those on one another as they are apart.
    pub outward_pct: f64,
    /// All chosen together.
    pub together_pct: f64,
    /// Together against apart.
    pub gain: Money,
    /// Of that, joint punishment of others.
    pub punishment: Money,
    /// And mutual opening.
    pub opening: Money,
}

/// Trade talks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TalksAnswer {
    /// By player: the gain over the tariffs that the case starts from, in per cent of what it has there.
    pub gains_pct: Vec<f64>,
    /// By player: the weight of its gain at the top.
    pub weights: Vec<f64>,
}

/// How much the future must count for a deal to hold itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Patience {
    /// For how many periods breaking it is punished; `null`: for ever.
    pub punishment_periods: Option<u32>,
    /// The smallest discount factor at which nobody breaks it; `null`: somebody always does.
    pub discount_factor: Option<f64>,
    /// Who breaks it first as the future counts less; `null` if nobody is tempted.
    pub binding: Option<String>,
    /// By player: the smallest factor at which it does not; `null`: it always does.
    pub by_player: Vec<Option<f64>>,
}

/// Who would stand with whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CoalitionsAnswer {
    /// The country that began, if one did.
    pub initiator: Option<String>,
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

/// A deal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DealAnswer {
    /// Whether there is one: where nobody can gain without another losing there is none.
    pub agreed: bool,
    /// Who signs.
    pub signatories: Vec<String>,
    /// By signatory: what its goal gains over what it has without the deal, in per cent.
    pub gains_pct: Vec<f64>,
    /// By signatory: the slope of the log of the Nash product in its gain; empty where nothing was bargained, or money may change hands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<f64>,
    /// By signatory: what it is paid, USD million; left out where no money may change hands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payments_usd_m: Option<Vec<f64>>,
    /// By country of the world, in order: with the deal against without.
    pub incidence: Vec<IncidenceRow>,
    /// By country and sector.
    pub channels: Vec<ChannelRow>,
    /// What would make each outsider whole that loses, worst off first.
    pub compensation: Vec<CompensationAnswer>,
    /// The smallest penalties that would deter a signatory.
    pub penalties: Vec<PenaltyAnswer>,
}

/// One country, with a deal against without.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidenceRow {
    /// The country.
    pub country: String,
    /// Whether it signs.
    pub signatory: bool,
    /// Change of real income.
    pub welfare_pct: f64,
    /// The same at baseline prices, USD million.
    pub welfare_usd_m: Option<f64>,
    /// Of that, its terms of trade; `null` if the change could not be taken apart.
    pub terms_of_trade_pct: Option<f64>,
    /// And imports gained or lost behind tariffs.
    pub volume_of_trade_pct: Option<f64>,
}

/// One sector of one country, with a deal against without.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelRow {
    /// The country.
    pub country: String,
    /// The sector.
    pub sector: String,
    /// Change of the quantity made.
    pub output_pct: f64,
    /// Change of exports.
    pub exports_pct: f64,
    /// The same, USD million.
    pub exports_usd_m: Option<f64>,
    /// What terms of trade in this sector do to real income.
    pub terms_of_trade_pct: Option<f64>,
    /// What imports gained or lost behind tariffs in this sector do to it.
    pub volume_of_trade_pct: Option<f64>,
}

/// What would make one outsider whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CompensationAnswer {
    /// The outsider.
    pub country: String,
    /// What it loses, per cent of real income.
    pub loss_pct: f64,
    /// The money that is worth as much, USD million.
    pub money_usd_m: Option<f64>,
    /// The lower tariffs of the signatories on its goods that are worth as much; `null` if they have none to lower.
    pub concession: Option<ConcessionAnswer>,
}

/// Lower tariffs for one outsider.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConcessionAnswer {
    /// By how many per cent each rate on its goods falls.
    pub cut_pct: f64,
    /// Whether that makes it whole; else it is the best there is.
    pub enough: bool,
    /// What it still loses.
    pub loss_left_pct: f64,
    /// By signatory: what it costs, in percentage points.
    pub costs_pct: Vec<f64>,
    /// By signatory: what the deal is still worth to it, in per cent.
    pub gains_left_pct: Vec<f64>,
}

/// The smallest penalty that makes a signatory regret its signature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PenaltyAnswer {
    /// Who is punished.
    pub on: String,
    /// Who punishes.
    pub by: Vec<String>,
    /// In points on top of the tariffs of the deal.
    pub penalty_points: f64,
    /// Whether it takes all of its gain; else it is the one that takes most.
    pub enough: bool,
    /// What the signatory still gains, in per cent.
    pub gain_left_pct: f64,
    /// By punisher: what carrying it out would do to its real income.
    pub effects: Vec<Money>,
}
