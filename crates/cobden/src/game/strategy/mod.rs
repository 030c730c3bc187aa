//! What there is to say of a game besides its tariffs: who played, the proof, and what the question asked for.

mod alignment;
mod coalitions;
mod deal;
mod retaliation;

use serde::{Serialize, Serializer};

pub use alignment::{AlignmentAnswer, ReformAnswer, ReformMove, ShareAnswer};
pub use coalitions::{CoalitionRow, CoalitionsAnswer, CoreAnswer, DeterrenceAnswer, OfferAnswer, StructureRow};
pub use deal::{ChannelRow, CompensationAnswer, ConcessionAnswer, DealAnswer, IncidenceRow, PenaltyAnswer};
pub use retaliation::{FrontierPoint, ListAnswer, RetaliationAnswer, RetaliationRow};

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
    /// From how many of them something was found; `null` where each of several structures has its own.
    pub starts_converged: Option<usize>,
    /// How many different equilibria, or optima, they led to. The first found, of optima the best, is the answer.
    pub equilibria: usize,
    /// Player by player.
    pub by_player: Vec<PlayerAnswer>,
    /// Of one player: its goal, in per cent of the baseline, at every different optimum that some start led to, the best first; left out where
    /// there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub optima_pct: Vec<f64>,
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
    /// Retaliation under the limits of a dispute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retaliation: Option<RetaliationAnswer>,
    /// How far governments want the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<AlignmentAnswer>,
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
            starts_converged: None,
            equilibria: 0,
            by_player: Vec::new(),
            optima_pct: Vec::new(),
            other_equilibria: Vec::new(),
            joint: None,
            talks: None,
            patience: None,
            coalitions: None,
            deal: None,
            retaliation: None,
            alignment: None,
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
    /// How many of the rows are those who stand together.
    pub members: usize,
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
