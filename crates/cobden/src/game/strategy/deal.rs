//! A deal, in the form of a result.

use serde::Serialize;

use super::Money;

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
