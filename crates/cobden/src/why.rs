//! Why: where each country's change of real income comes from, and what it hangs on.

use std::fmt;

use cobden_equilibrium::{Decomposition, Economy, Equilibrium, Parts, Policy, Settings};
use cobden_world::Problem;
use ndarray::{Array1, ArrayView2, Axis};

use crate::hinge::{self, Hinge};

/// Which cases of a study are taken apart. Each costs about a dozen solves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explain {
    /// The case that the report opens with.
    #[default]
    Headline,
    /// Every case.
    All,
    /// None.
    Nothing,
}

impl Explain {
    /// Whether a case is among them, by its index and that of the headline.
    pub(crate) fn includes(self, case: usize, headline: usize) -> bool {
        match self {
            Explain::Headline => case == headline,
            Explain::All => true,
            Explain::Nothing => false,
        }
    }
}

/// Where the changes of one case come from, and what they hang on.
#[derive(Clone, Debug)]
pub struct Why {
    /// The exact parts of every country's change; else why there are none.
    pub decomposition: Result<Decomposition, Problem>,
    /// The assumptions that each country's number hangs on most, `[n]`, strongest first; else why they are not known.
    pub hinges: Result<Vec<Vec<Hinge>>, Problem>,
}

/// A solved case, and what it was solved from.
pub(crate) struct Solved<'a> {
    pub(crate) economy: &'a Economy,
    pub(crate) policy: &'a Policy,
    pub(crate) equilibrium: &'a Equilibrium,
    /// `[n]`.
    pub(crate) welfare_pct: &'a [f64],
    /// `[j]`.
    pub(crate) theta: &'a [f64],
    /// phi; 0 without economies of scale.
    pub(crate) scale: f64,
    pub(crate) settings: &'a Settings,
}

impl Why {
    /// Takes a solved case apart.
    pub(crate) fn of(solved: &Solved<'_>) -> Self {
        Self { decomposition: solved.economy.decompose(solved.policy, solved.settings), hinges: hinge::hinges(solved) }
    }

    /// The assumptions that one country's number hangs on most, strongest first.
    pub fn hinges(&self, country: usize) -> &[Hinge] {
        self.hinges.as_ref().ok().and_then(|hinges| hinges.get(country)).map_or(&[], Vec::as_slice)
    }

    /// The parts of one country's change.
    pub fn parts(&self, country: usize) -> Option<&Parts> {
        self.decomposition.as_ref().ok()?.countries.get(country)
    }

    /// A part of one country's change by sector, `[j]`, in per cent of its real income; `None` for parts that have no sector.
    pub fn by_sector(&self, country: usize, part: Part) -> Option<Array1<f64>> {
        let decomposition = self.decomposition.as_ref().ok()?;
        let panel = match part {
            Part::Profits => &decomposition.profits,
            Part::Scale => &decomposition.scale,
            _ => return self.cells(country, part).map(|cells| cells.sum_axis(Axis(0))),
        };
        (country < panel.nrows()).then(|| panel.row(country).to_owned())
    }

    /// A part of one country's change by partner, `[partner]`, in per cent of its real income; `None` for parts that have no partner.
    pub fn by_partner(&self, country: usize, part: Part) -> Option<Array1<f64>> {
        self.cells(country, part).map(|cells| cells.sum_axis(Axis(1)))
    }

    /// A part of one country's change by partner and sector, `[partner, j]`, in per cent of its real income; `None` for parts that
    /// have no partner.
    pub fn cells(&self, country: usize, part: Part) -> Option<ArrayView2<'_, f64>> {
        let decomposition = self.decomposition.as_ref().ok()?;
        let cube = match part {
            Part::TermsOfTrade => &decomposition.terms_of_trade,
            Part::VolumeOfTrade => &decomposition.volume_of_trade,
            Part::TradeCost => &decomposition.trade_cost,
            Part::Profits | Part::Scale | Part::Labour | Part::Deficit => return None,
        };
        (country < cube.dim().0).then(|| cube.index_axis(Axis(0), country))
    }
}

/// One part of a change of real income; together they are the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Export prices against import prices.
    TermsOfTrade,
    /// Imports gained or lost behind a tariff.
    VolumeOfTrade,
    /// Changes of trade costs themselves.
    TradeCost,
    /// Output moved into or out of sectors that earn profits.
    Profits,
    /// Economies of scale.
    Scale,
    /// Labour that follows the real wage.
    Labour,
    /// The transfer received.
    Deficit,
}

impl Part {
    /// Every part, in the order in which they are shown.
    pub const ALL: [Part; 7] = [
        Part::TermsOfTrade,
        Part::VolumeOfTrade,
        Part::TradeCost,
        Part::Profits,
        Part::Scale,
        Part::Labour,
        Part::Deficit,
    ];

    /// Its size for one country, in per cent of real income.
    ///
    /// ```
    /// use cobden::{Part, Parts};
    /// let parts = Parts { terms_of_trade_pct: 0.2, volume_of_trade_pct: -0.5, welfare_pct: -0.3, ..Parts::default() };
    /// let sum: f64 = Part::ALL.iter().map(|part| part.of(&parts)).sum();
    /// assert!((sum - parts.welfare_pct).abs() < 1e-12);
    /// ```
    pub fn of(self, parts: &Parts) -> f64 {
        match self {
            Part::TermsOfTrade => parts.terms_of_trade_pct,
            Part::VolumeOfTrade => parts.volume_of_trade_pct,
            Part::TradeCost => parts.trade_cost_pct,
            Part::Profits => parts.profits_pct,
            Part::Scale => parts.scale_pct,
            Part::Labour => parts.labour_pct,
            Part::Deficit => parts.deficit_pct,
        }
    }

    /// Its name in tables: `terms_of_trade`.
    pub fn name(self) -> &'static str {
        match self {
            Part::TermsOfTrade => "terms_of_trade",
            Part::VolumeOfTrade => "volume_of_trade",
            Part::TradeCost => "trade_cost",
            Part::Profits => "profits",
            Part::Scale => "scale",
            Part::Labour => "labour",
            Part::Deficit => "deficit",
        }
    }
}

impl fmt::Display for Part {
    /// Its name for readers: `Terms of trade`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::TermsOfTrade => "Terms of trade",
            Part::VolumeOfTrade => "Volume of trade",
            Part::TradeCost => "Trade costs",
            Part::Profits => "Profits",
            Part::Scale => "Scale",
            Part::Labour => "Labour",
            Part::Deficit => "Transfer received",
        })
    }
}
