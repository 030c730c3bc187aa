//! How much the future must count for a deal to hold itself.

use cobden_world::Problem;

/// How long a deviation is punished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Punishment {
    /// For ever (Friedman, 1971).
    Forever,
    /// For so many periods, at least one; then all cooperate again.
    Periods(u32),
}

/// What one player gets in a period of a repeated game.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stakes {
    /// While all keep the deal.
    pub cooperation: f64,
    /// In the one period in which it alone breaks the deal, the others not having noticed.
    pub deviation: f64,
    /// While it is punished: in the tariff war.
    pub punishment: f64,
}

/// How patient each player must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Patience {
    /// By player: the smallest discount factor at which breaking the deal does not pay; `None` if it pays at every factor below one.
    pub discount_factors: Vec<Option<f64>>,
    /// The largest of them, at which the deal holds; `None` if it never does.
    pub discount_factor: Option<f64>,
    /// The player who needs it: the first who breaks the deal as the future counts less. `None` if the deal holds whatever the factor.
    pub binding: Option<usize>,
}

impl Stakes {
    /// The smallest discount factor `delta` at which breaking the deal does not pay:
    /// `sum_{t=0}^L delta^t c >= d + sum_{t=1}^L delta^t p`, `c` cooperation, `d` deviation, `p` punishment for `L` periods. 0 if breaking it
    /// never pays, `None` if it pays at every factor below one. For ever: `(d - c) / (d - p)`.
    ///
    /// # Errors
    /// A payoff that is no finite number; a punishment of no period.
    ///
    /// ```
    /// use cobden_strategy::coalition::{Punishment, Stakes};
    /// let prisoner = Stakes { cooperation: 3.0, deviation: 5.0, punishment: 1.0 };
    /// assert_eq!(prisoner.discount_factor(Punishment::Forever)?, Some(0.5));
    /// // Two periods: delta + delta^2 = 1, the golden section.
    /// let golden = prisoner.discount_factor(Punishment::Periods(2))?.unwrap();
    /// assert!((golden - (5f64.sqrt() - 1.0) / 2.0).abs() < 1e-15);
    /// // One period: what is lost tomorrow is just what is gained today.
    /// assert_eq!(prisoner.discount_factor(Punishment::Periods(1))?, None);
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn discount_factor(&self, punishment: Punishment) -> Result<Option<f64>, Problem> {
        let Stakes { cooperation, deviation, punishment: punished } = *self;
        if let Some(payoff) = [cooperation, deviation, punished].into_iter().find(|payoff| !payoff.is_finite()) {
            return Err(Problem::new(format!("a payoff of a repeated game is {payoff}")));
        }
        if punishment == Punishment::Periods(0) {
            return Err(Problem::new("a punishment of no period").help("punish for at least one, or for ever"));
        }
        let (temptation, loss) = (deviation - cooperation, cooperation - punished);
        if temptation <= 0.0 {
            return Ok(Some(0.0));
        }
        if loss <= 0.0 {
            return Ok(None);
        }
        Ok(match punishment {
            Punishment::Forever => Some(temptation / (temptation + loss)),
            Punishment::Periods(periods) => finite(temptation / loss, periods),
        })
    }

    /// How patient players with these stakes must be for a deal to hold.
    ///
    /// # Errors
    /// As [`Stakes::discount_factor`]; no player.
    pub fn patience(players: &[Stakes], punishment: Punishment) -> Result<Patience, Problem> {
        if players.is_empty() {
            return Err(Problem::new("a repeated game without players").help("name at least one"));
        }
        let factors: Vec<Option<f64>> =
            players.iter().map(|stakes| stakes.discount_factor(punishment)).collect::<Result<_, _>>()?;
        // A player who never keeps it needs more than any other.
        let need = |player: usize| factors[player].unwrap_or(1.0);
        let most = (1..factors.len()).fold(0, |most, next| if need(next) > need(most) { next } else { most });
        Ok(Patience {
            discount_factor: factors[most],
            binding: (need(most) > 0.0).then_some(most),
            discount_factors: factors,
        })
    }
}

/// The root below one of `delta + delta^2 + .. + delta^L = ratio`. The left rises in delta from 0 to L.
fn finite(ratio: f64, periods: u32) -> Option<f64> {
    let length = f64::from(periods);
    if ratio >= length {
        return None;
    }
    // In u = 1 - delta, where the sum is (1 - u) (1 - (1-u)^L) / u, which is exact to rounding also near u = 0.
    let sum = |u: f64| (1.0 - u) * -(length * (-u).ln_1p()).exp_m1() / u;
    let (mut patient, mut impatient) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (patient + impatient);
        // Halving an interval ends when nothing lies between its ends, after some 60 steps; fewer where delta is what counts.
        if middle <= patient || middle >= impatient || impatient - patient < 1e-17 {
            return Some(1.0 - middle);
        }
        if sum(middle) >= ratio { patient = middle } else { impatient = middle }
    }
}
