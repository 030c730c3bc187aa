//! Ad valorem tariffs, as rates and as factors.

use serde::{Deserialize, Serialize};

/// An ad valorem rate: 0.25 is 25 per cent of the value before tariff.
///
/// ```
/// use cobden_world::{Factor, Rate};
/// assert_eq!(Rate(0.25).factor(), Factor(1.25));
/// assert_eq!(Factor(1.25).rate(), Rate(0.25));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub f64);

/// One plus a [`Rate`]: what the buyer pays for one unit of value before tariff.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Factor(pub f64);

impl Rate {
    /// No tariff.
    pub const ZERO: Rate = Rate(0.0);

    /// `1 + rate`.
    pub fn factor(self) -> Factor {
        Factor(1.0 + self.0)
    }

    /// The rate in per cent, for people.
    pub fn percent(self) -> f64 {
        100.0 * self.0
    }

    /// A rate that leaves a positive price: finite and above -100 per cent.
    pub fn is_valid(self) -> bool {
        self.0.is_finite() && self.0 > -1.0
    }
}

impl Factor {
    /// `factor - 1`.
    pub fn rate(self) -> Rate {
        Rate(self.0 - 1.0)
    }
}
