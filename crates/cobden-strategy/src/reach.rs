//! How far a player's hand reaches: partners, sectors, the rule that ties tariffs together, bounds.

use cobden_world::{Problem, Rate};

/// Which tariffs must be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One rate on everything from everyone.
    Uniform,
    /// One rate by sector, on all partners alike (most favoured nation).
    Sector,
    /// One rate by partner, on all sectors alike.
    Partner,
    /// A rate for every partner and sector.
    PartnerSector,
}

impl Rule {
    /// Every rule, with the name used in study files.
    pub const ALL: [(&'static str, Rule); 4] = [
        ("uniform", Rule::Uniform),
        ("sector", Rule::Sector),
        ("partner", Rule::Partner),
        ("partner-sector", Rule::PartnerSector),
    ];
}

/// The tariffs that members of a bloc have on one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inside {
    /// They stay as they are.
    #[default]
    AsItIs,
    /// They move like all others.
    Chosen,
    /// There are none.
    Free,
}

/// Between which rates a lever may move. `None`: no stated bound; the search then ends at -90 % and 10,000 %, and says so if a goal
/// still rises there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Lowest rate.
    pub min: Option<Rate>,
    /// Highest rate.
    pub max: Option<Rate>,
    /// No rate may fall: the lower bound is the rate in force, of a group its highest. A lever already at or above `max` does not move.
    pub raise_only: bool,
    /// No rate may rise: the upper bound is the rate in force, of a group its lowest. A lever already at or below `min` does not move.
    pub lower_only: bool,
}

impl Bounds {
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if let Some(rate) = self.min.iter().chain(&self.max).find(|rate| !rate.is_valid()) {
            let what = format!("a bound of {} % is no tariff", rate.percent());
            return Err(Problem::new(what).help("a tariff is finite and above -100 %"));
        }
        if self.raise_only && self.lower_only {
            let what = "bounds under which no rate may fall and none may rise";
            return Err(Problem::new(what).help("ask for one of the two"));
        }
        match (self.min, self.max) {
            (Some(min), Some(max)) if min > max => {
                let what = format!("bounds cross: at least {} % and at most {} %", min.percent(), max.percent());
                Err(Problem::new(what).help("the lower bound comes first"))
            }
            _ => Ok(()),
        }
    }
}

/// The tariffs within a player's reach. One member: a country. Several: a bloc.
///
/// A free trade area chooses its members' tariffs on others and has none inside ([`Inside::Free`]); a customs union has them in
/// common besides (`common`).
///
/// ```
/// use cobden_strategy::{Reach, Rule};
/// let retaliation = Reach { partners: Some(vec![3]), ..Reach::of(0, Rule::Sector).raise_only() };
/// assert_eq!(retaliation.members, [0]);
/// let union = Reach::customs_union([1, 2], Rule::Sector);
/// assert!(union.common);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The importers whose tariffs move.
    pub members: Vec<usize>,
    /// The exporters they are on. `None`: all.
    pub partners: Option<Vec<usize>>,
    /// The sectors. `None`: all.
    pub sectors: Option<Vec<usize>>,
    /// Which tariffs must be equal.
    pub rule: Rule,
    /// Whether members have their tariffs in common.
    pub common: bool,
    /// What becomes of tariffs between members.
    pub inside: Inside,
    /// Between which rates.
    pub bounds: Bounds,
    /// Levers are points on top of the rates in force, which may differ, rather than the rates themselves. Bounds then hold for the
    /// points.
    pub surcharge: bool,
}

impl Reach {
    /// All tariffs of a country, without stated bounds.
    pub fn of(country: usize, rule: Rule) -> Self {
        Self::bloc([country], rule)
    }

    /// All external tariffs of several countries, each its own; those inside stay as they are.
    pub fn bloc(members: impl IntoIterator<Item = usize>, rule: Rule) -> Self {
        Self {
            members: members.into_iter().collect(),
            partners: None,
            sectors: None,
            rule,
            common: false,
            inside: Inside::AsItIs,
            bounds: Bounds::default(),
            surcharge: false,
        }
    }

    /// Own external tariffs, none inside.
    pub fn free_trade_area(members: impl IntoIterator<Item = usize>, rule: Rule) -> Self {
        Self { inside: Inside::Free, ..Self::bloc(members, rule) }
    }

    /// Common external tariffs, none inside.
    pub fn customs_union(members: impl IntoIterator<Item = usize>, rule: Rule) -> Self {
        Self { common: true, ..Self::free_trade_area(members, rule) }
    }

    /// The same, but no rate may fall.
    #[must_use]
    pub fn raise_only(mut self) -> Self {
        self.bounds.raise_only = true;
        self
    }

    /// The same, but no rate may rise.
    #[must_use]
    pub fn lower_only(mut self) -> Self {
        self.bounds.lower_only = true;
        self
    }

    /// The same between two rates.
    #[must_use]
    pub fn within(mut self, min: Rate, max: Rate) -> Self {
        (self.bounds.min, self.bounds.max) = (Some(min), Some(max));
        self
    }
}
