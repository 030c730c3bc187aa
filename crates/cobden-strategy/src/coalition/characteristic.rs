//! Games in which each coalition has one value: the Shapley value, the least core, the nucleolus.

use cobden_world::Problem;

use super::{
    Coalition, MAX_PLAYERS,
    smallest_maximum::{SmallestMaximum, Span, smallest_maximum},
};

/// The value of every coalition: a game with transferable payoffs.
///
/// ```
/// use cobden_strategy::coalition::CharacteristicFunction;
/// // Two have a right glove, one a left: only a pair is worth anything.
/// let pairs = CharacteristicFunction::new(3, |coalition| {
///     let right = usize::from(coalition.contains(0)) + usize::from(coalition.contains(1));
///     Ok(right.min(usize::from(coalition.contains(2))) as f64)
/// })?;
/// let shapley = pairs.shapley();
/// assert!((shapley[0] - 1.0 / 6.0).abs() < 1e-15 && (shapley[2] - 4.0 / 6.0).abs() < 1e-15);
/// let core = pairs.least_core()?;
/// assert!(core.epsilon.abs() < 1e-9 && core.nucleolus[2] > 1.0 - 1e-9, "competition gives all to the rare glove");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CharacteristicFunction {
    players: usize,
    /// By the bits of the coalition; nobody gets nothing.
    values: Vec<f64>,
}

/// How near the grand coalition comes to a division that no coalition objects to.
#[derive(Clone, Debug, PartialEq)]
pub struct Core {
    /// The least epsilon with which the epsilon-core is not empty (Shapley and Shubik, 1966; Maschler, Peleg and Shapley, 1979): the
    /// smallest x such that some division of the grand coalition's value leaves no other coalition more than x short of its own value. At
    /// most 0: the core is not empty. Above: it is, and epsilon is the cost of leaving that would be needed to keep all in. Of one player: 0.
    pub epsilon: f64,
    /// The nucleolus (Schmeidler, 1969), by player: of the divisions in the least core, the one that makes the next worst objections as
    /// small as can be, and so on. In the core if there is one. It names players alike who are alike.
    pub nucleolus: Vec<f64>,
    /// The coalitions whose objections set epsilon, with balancing weights: `sum_S weight_S [i in S]` is the same for all players, the
    /// weights add to one, and no division can content them all.
    pub binding: Vec<(Coalition, f64)>,
}

impl Core {
    /// Whether some division contents every coalition, up to a tolerance in the unit of payoffs.
    pub fn exists(&self, tolerance: f64) -> bool {
        self.epsilon <= tolerance
    }
}

impl CharacteristicFunction {
    /// The game of so many players with these values.
    ///
    /// # Errors
    /// No player or more than [`MAX_PLAYERS`]; a value that is no finite number; errors of `value`.
    pub fn new(players: usize, value: impl Fn(Coalition) -> Result<f64, Problem>) -> Result<Self, Problem> {
        if players == 0 || players > MAX_PLAYERS {
            return Err(Problem::new(format!("a game of coalitions among {players} players"))
                .help(format!("between 1 and {MAX_PLAYERS}")));
        }
        let mut values = vec![0.0; 1 << players];
        for coalition in Coalition::all(players) {
            let worth = value(coalition)?;
            if !worth.is_finite() {
                let members: Vec<String> = coalition.members().map(|player| player.to_string()).collect();
                return Err(Problem::new(format!(
                    "the value of the coalition of players {} is {worth}",
                    members.join(", ")
                )));
            }
            values[usize::from(coalition.bits())] = worth;
        }
        Ok(Self { players, values })
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// The value of a coalition of its players.
    ///
    /// # Panics
    /// A player who is not in the game.
    pub fn value(&self, coalition: Coalition) -> f64 {
        self.values[usize::from(coalition.bits())]
    }

    /// The Shapley value (1953), by player: what it adds to those before it, the mean over all orders,
    /// `sum_{S without i} |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))`. Adds up to the value of the grand coalition.
    pub fn shapley(&self) -> Vec<f64> {
        let n = self.players;
        // n times the number of coalitions of that size among the others.
        let orders = |size: usize| (0..size).fold(n as f64, |count, k| count * (n - 1 - k) as f64 / (k + 1) as f64);
        let added = |player: usize| {
            let without = (0..self.values.len()).filter(move |bits| bits & (1 << player) == 0);
            without.map(move |bits| {
                (self.values[bits | (1 << player)] - self.values[bits]) / orders(bits.count_ones() as usize)
            })
        };
        (0..n).map(|player| added(player).sum()).collect()
    }

    /// What a coalition lacks of its value under a division, by player: its objection if positive.
    pub fn excess(&self, coalition: Coalition, division: &[f64]) -> f64 {
        self.value(coalition) - coalition.members().map(|player| division[player]).sum::<f64>()
    }

    /// The least core, and in it the nucleolus. As many linear programs as players at most: each makes the largest excess
    /// `v(S) - x(S)` among coalitions whose payoff is still open as small as can be, then settles the payoffs of those that must be there.
    ///
    /// # Errors
    /// A linear program that does not settle, which values of very different sizes might cause.
    pub fn least_core(&self) -> Result<Core, Problem> {
        let (n, all) = (self.players, Coalition::all(self.players));
        let vector = |coalition: &Coalition| -> Vec<f64> {
            (0..n).map(|player| f64::from(u8::from(coalition.contains(player)))).collect()
        };
        let scale = self.values.iter().fold(0.0, |most: f64, value| most.max(value.abs())).max(f64::MIN_POSITIVE);
        let total = self.value(Coalition::grand(n)) / scale;
        let mut division = vec![total / n as f64; n];
        let mut settled = Span::default();
        settled.add(&vec![1.0; n]);
        let mut first: Option<(f64, Vec<(Coalition, f64)>)> = None;
        loop {
            let free = settled.complement(n);
            let open: Vec<Coalition> = all.iter().copied().filter(|c| !settled.holds(&vector(c))).collect();
            let Some(opposite) = open.first().and_then(|first| first.others(n)) else { break };
            let opposite = open.iter().position(|coalition| *coalition == opposite).unwrap_or(0);
            let along = |coalition: &Coalition, axis: &Vec<f64>| coalition.members().map(|player| axis[player]).sum();
            let slopes: Vec<Vec<f64>> =
                open.iter().map(|coalition| free.iter().map(|axis| along(coalition, axis)).collect()).collect();
            let excess = |coalition: &Coalition| {
                self.value(*coalition) / scale - coalition.members().map(|player| division[player]).sum::<f64>()
            };
            let excesses: Vec<f64> = open.iter().map(excess).collect();
            let SmallestMaximum { z, maximum, binding } = smallest_maximum(&slopes, &excesses, opposite)?;
            for (axis, along) in free.iter().zip(&z) {
                division.iter_mut().zip(axis).for_each(|(x, unit)| *x += along * unit);
            }
            let binding: Vec<_> = binding.into_iter().map(|(at, weight)| (open[at], weight)).collect();
            for (coalition, _) in &binding {
                settled.add(&vector(coalition));
            }
            first.get_or_insert((scale * maximum, binding));
        }
        let (epsilon, binding) = first.unwrap_or_default();
        Ok(Core { epsilon, nucleolus: division.iter().map(|x| scale * x).collect(), binding })
    }
}
