//! Retaliation, in the form of a result.

use serde::Serialize;

/// Retaliation under the limits of a dispute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetaliationAnswer {
    /// Whom it is against.
    pub targets: Vec<String>,
    /// What the dispute limits: `trade affected`, `trade effect`, `harm`; `null` without a limit.
    pub limit: Option<&'static str>,
    /// To how much.
    pub limit_usd_m: Option<f64>,
    /// What the players lost by all that the tariffs the case starts from changed in those of the data; below zero if they gained.
    pub suffered_usd_m: Option<f64>,
    /// What that took from their exports to the target.
    pub lost_exports_usd_m: Option<f64>,
    /// From the best response to the greatest harm, the least cost of each.
    pub frontier: Vec<FrontierPoint>,
    /// The tariffs of the case.
    pub chosen: FrontierPoint,
    /// How good the list is; `null` where trade affected has no limit.
    pub list: Option<ListAnswer>,
    /// What each row of the measures covers, does and costs; those that harm most first.
    pub rows: Vec<RetaliationRow>,
}

/// Some tariffs, what they do and what they cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrontierPoint {
    /// What the players gain, in percentage points; below zero: what it costs them.
    pub own_pct: f64,
    /// The same, USD million.
    pub own_usd_m: Option<f64>,
    /// What the target loses, in percentage points.
    pub harm_pct: f64,
    /// The same, USD million.
    pub harm_usd_m: Option<f64>,
    /// What one more percentage point of harm costs, in percentage points; `null` where there is no more to be had.
    pub price: Option<f64>,
    /// Imports of the data whose tariff is raised by more than a tenth of a point.
    pub trade_affected_usd_m: Option<f64>,
    /// What imports from the target fall by.
    pub trade_effect_usd_m: Option<f64>,
    /// Whether the search for it ended where it should.
    pub converged: bool,
    /// What the slope of the Lagrangian still promises.
    pub first_order_gap_pct: f64,
    /// The largest that a condition is missed by.
    pub missed_pct: f64,
    /// Whether no weighted sum of own gain and harm would lead there.
    pub missed_by_weighted_sums: bool,
}

/// A list under a cap on trade affected, against any other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListAnswer {
    /// What it reaches, in percentage points of own gain or of harm.
    pub reached_pct: f64,
    /// What no list under the cap can exceed; `null` where the search for it did not end.
    pub bound_pct: Option<f64>,
    /// Lists that were solved.
    pub tried: usize,
}

/// One row of the measures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetaliationRow {
    /// Whose tariff.
    pub importers: Vec<String>,
    /// On whose goods.
    pub exporters: Vec<String>,
    /// Which.
    pub sectors: Vec<String>,
    /// The rate before, or 0 of a surcharge.
    pub from_pct: f64,
    /// The rate, or the surcharge, after.
    pub to_pct: f64,
    /// Imports of the data that it covers.
    pub covered_usd_m: Option<f64>,
    /// Its part of the players' gain, in percentage points.
    pub own_pct: f64,
    /// Its part of the harm, in percentage points.
    pub harm_pct: f64,
}
