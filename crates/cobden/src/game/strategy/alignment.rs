//! Alignment, in the form of a result.

use serde::Serialize;

/// How far governments want the same, over stated tariffs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlignmentAnswer {
    /// How many tariffs, or groups of them, may move.
    pub levers: usize,
    /// By government and government: 1 if they want the same, -1 if what one wants the other does not.
    pub cosines: Vec<Vec<f64>>,
    /// By government: what it gains by the small reform that it likes best, in percentage points per per cent that tariff factors move. Where this is
    /// next to nothing its cosines mean nothing.
    pub pulls_pct: Vec<f64>,
    /// Share of all small reforms from which all gain, to first order.
    pub small_reforms: ShareAnswer,
    /// Size of the reforms drawn: the root mean square change of tariff factors.
    pub size: f64,
    /// How many were drawn and solved.
    pub drawn: usize,
    /// The start of the random sequence.
    pub seed: u64,
    /// Share of them from which all gain.
    pub all_gain: ShareAnswer,
    /// Share of them from which nobody gains.
    pub none_gains: ShareAnswer,
    /// By government: the share from which it gains.
    pub each_gains: Vec<ShareAnswer>,
    /// By how many points one tariff moves in the reforms below.
    pub step_points: f64,
    /// The best moves of one tariff from which all gain; the one that helps the least winner most first.
    pub moves: Vec<ReformAnswer>,
    /// The best exchanges of one such move for another, neither of which helps all by itself.
    pub exchanges: Vec<ReformAnswer>,
    /// What the best reform of that size yields for the one who gains least; `null` if none helps all.
    pub best_for_the_least: Option<ReformAnswer>,
    /// What the reform of that size yields that is best for the sum in money, whoever loses.
    pub best_together: Option<ReformAnswer>,
}

/// A share, with its standard error; 0 if it is known in closed form.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ShareAnswer {
    /// From 0 to 1.
    pub share: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// What a reform yields.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReformAnswer {
    /// What moves; left out where all levers do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<ReformMove>,
    /// By government: what it gains, in percentage points.
    pub gains_pct: Vec<f64>,
    /// What all gain together, USD million.
    pub surplus_usd_m: Option<f64>,
    /// What losers lose for each unit that winners gain; `null` if nobody gains.
    pub sacrifice: Option<f64>,
}

/// One tariff that moves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReformMove {
    /// Whose.
    pub importers: Vec<String>,
    /// On whose goods.
    pub exporters: Vec<String>,
    /// Which.
    pub sectors: Vec<String>,
    /// From.
    pub from_pct: f64,
    /// To.
    pub to_pct: f64,
}
