//! What each player gets under each coalition structure that was computed.

use std::collections::BTreeMap;

use cobden_world::Problem;

use super::{CharacteristicFunction, Coalition, MAX_PLAYERS, Structure};

/// What happens outside a coalition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outside {
    /// Outsiders answer, each alone (the gamma rule of Chander and Tulkens, 1997).
    Gamma,
    /// Outsiders keep the tariffs they have.
    Passive,
    /// Outsiders answer as one bloc.
    Merge,
}

impl Outside {
    /// Every rule, with the name used in study files.
    pub const ALL: [(&'static str, Outside); 3] =
        [("gamma", Outside::Gamma), ("passive", Outside::Passive), ("merge", Outside::Merge)];

    /// Its name in study files.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// The structure in which a coalition of some of `players` players finds itself.
    pub fn around(self, coalition: Coalition, players: usize) -> Structure {
        let mut blocks = vec![coalition];
        match (self, coalition.others(players)) {
            (Outside::Passive, _) | (_, None) => {}
            (Outside::Gamma, Some(others)) => blocks.extend(others.members().map(Coalition::single)),
            (Outside::Merge, Some(others)) => blocks.push(others),
        }
        Structure::of_disjoint(blocks)
    }
}

/// What everyone gets under one structure, in the unit of the game.
#[derive(Clone, Debug, PartialEq)]
pub struct Payoffs {
    /// By player.
    pub players: Vec<f64>,
    /// Of the country that began, if one did and it is no player.
    pub initiator: Option<f64>,
}

impl From<Vec<f64>> for Payoffs {
    fn from(players: Vec<f64>) -> Self {
        Self { players, initiator: None }
    }
}

/// A game in partition function form (Thrall and Lucas, 1963): what each player gets depends on who stands with whom, also elsewhere.
///
/// ```
/// use cobden_strategy::coalition::{Coalition, Outside, PartitionGame};
/// let mut game = PartitionGame::new(["CHN", "JPN"], 0.0)?;
/// let (china, japan, both) = (game.named(["CHN"])?, game.named(["JPN"])?, game.named(["CHN", "JPN"])?);
/// game.record(Outside::Gamma.around(china, 2), vec![-3.0, -1.0])?;
/// game.record(Outside::Gamma.around(both, 2), vec![-2.0, -1.5])?;
/// assert_eq!(game.value(both, Outside::Gamma)?, -3.5);
/// let stability = game.stability(both, Outside::Gamma)?;
/// assert_eq!(stability.leavers().map(|change| change.player).collect::<Vec<_>>(), [1]);
/// assert!(stability.is_potentially_internal(), "China gains 1 and Japan loses 0.5: China can pay");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionGame {
    names: Vec<String>,
    tolerance: f64,
    table: BTreeMap<Structure, Result<Payoffs, String>>,
}

impl PartitionGame {
    /// A game of these players in which nothing is known yet. Differences of payoffs up to `tolerance` count as none: what payoffs are exact
    /// to, in their unit.
    ///
    /// # Errors
    /// No player, more than [`MAX_PLAYERS`], two of one name; a tolerance that is negative or no number.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>, tolerance: f64) -> Result<Self, Problem> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.is_empty() || names.len() > MAX_PLAYERS {
            return Err(Problem::new(format!("a game of coalitions among {} players", names.len()))
                .help(format!("name between 1 and {MAX_PLAYERS}; a world can merge several countries into one")));
        }
        if let Some(twice) = (1..names.len()).find(|at| names[..*at].contains(&names[*at])) {
            return Err(Problem::new(format!("player \"{}\" is named twice", names[twice])));
        }
        if !(tolerance >= 0.0 && tolerance.is_finite()) {
            return Err(Problem::new(format!("payoffs cannot be exact to {tolerance}")).help("give a number from 0"));
        }
        Ok(Self { names, tolerance, table: BTreeMap::new() })
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.names.len()
    }

    /// What players are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Differences of payoffs up to this count as none.
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// The coalition of players with these names.
    ///
    /// # Errors
    /// An unknown name, with the nearest known one; no name.
    pub fn named<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Coalition, Problem> {
        let known = || self.names.iter().map(String::as_str);
        let at = |name: &str| {
            known().position(|known| known == name).ok_or_else(|| Problem::unknown("player", name, known()))
        };
        Coalition::new(names.into_iter().map(at).collect::<Result<Vec<_>, _>>()?)
    }

    /// Notes what everyone gets under a structure.
    ///
    /// # Errors
    /// A structure of other players, too few or too many payoffs, or a payoff that is no finite number.
    pub fn record(&mut self, structure: Structure, payoffs: impl Into<Payoffs>) -> Result<(), Problem> {
        self.check(structure.movers())?;
        let payoffs = payoffs.into();
        if payoffs.players.len() != self.players() {
            let what = format!("{} payoffs for {} players", payoffs.players.len(), self.players());
            return Err(Problem::new(format!("{}: {what}", self.spell(&structure))));
        }
        let named = self.names.iter().map(String::as_str).zip(payoffs.players.iter().copied());
        let mut all = named.chain(payoffs.initiator.map(|payoff| ("the initiator", payoff)));
        if let Some((who, payoff)) = all.find(|(_, payoff)| !payoff.is_finite()) {
            return Err(Problem::new(format!("{}: the payoff of {who} is {payoff}", self.spell(&structure)))
                .help("leave out what could not be computed"));
        }
        self.table.insert(structure, Ok(payoffs));
        Ok(())
    }

    /// Notes that what everyone gets under a structure was sought and not found, and why. Whatever needs it will say so.
    ///
    /// # Errors
    /// A structure of other players.
    pub fn record_unknown(&mut self, structure: Structure, why: impl Into<String>) -> Result<(), Problem> {
        self.check(structure.movers())?;
        self.table.insert(structure, Err(why.into()));
        Ok(())
    }

    /// What everyone gets under a structure.
    ///
    /// # Errors
    /// It was not computed, or without success.
    pub fn payoffs(&self, structure: &Structure) -> Result<&Payoffs, Problem> {
        match self.table.get(structure) {
            Some(Ok(payoffs)) => Ok(payoffs),
            Some(Err(why)) => {
                Err(Problem::new(format!("payoffs under {} are not known: {why}", self.spell(structure))))
            }
            None => Err(Problem::new(format!("payoffs under {} are missing", self.spell(structure)))
                .help("compute the equilibrium of this structure first")),
        }
    }

    /// What the initiator gets under a structure.
    ///
    /// # Errors
    /// As [`PartitionGame::payoffs`]; or nobody noted it.
    pub fn initiator(&self, structure: &Structure) -> Result<f64, Problem> {
        self.payoffs(structure)?.initiator.ok_or_else(|| {
            Problem::new(format!("the initiator's payoff under {} is missing", self.spell(structure)))
                .help("name the country whose tariff the others answer")
        })
    }

    /// What a coalition gets in all: the sum of its members' payoffs.
    ///
    /// # Errors
    /// Unknown players; payoffs that are not there.
    pub fn value(&self, coalition: Coalition, outside: Outside) -> Result<f64, Problem> {
        self.check(coalition)?;
        let payoffs = self.payoffs(&outside.around(coalition, self.players()))?;
        Ok(coalition.members().map(|player| payoffs.players[player]).sum())
    }

    /// The value of every coalition.
    ///
    /// # Errors
    /// Payoffs that are not there.
    pub fn characteristic(&self, outside: Outside) -> Result<CharacteristicFunction, Problem> {
        CharacteristicFunction::new(self.players(), |coalition| self.value(coalition, outside))
    }

    /// A structure in words: `{CHN JPN} {EU} while IND keep their tariffs`.
    pub fn spell(&self, structure: &Structure) -> String {
        spell(&self.names, structure)
    }

    pub(super) fn check(&self, coalition: Coalition) -> Result<(), Problem> {
        match coalition.members().find(|player| *player >= self.players()) {
            None => Ok(()),
            Some(unknown) => {
                Err(Problem::new(format!("unknown player {unknown} of {}", self.players()))
                    .help("players count from 0"))
            }
        }
    }
}

fn spell(names: &[String], structure: &Structure) -> String {
    let name = |player: usize| names.get(player).cloned().unwrap_or_else(|| player.to_string());
    let all = |coalition: Coalition| coalition.members().map(name).collect::<Vec<_>>().join(" ");
    let blocks: Vec<String> = structure.blocks().iter().map(|block| format!("{{{}}}", all(*block))).collect();
    match structure.movers().others(names.len()) {
        None => blocks.join(" "),
        Some(still) => format!("{} while {} keep their tariffs", blocks.join(" "), all(still)),
    }
}

/// That payoffs were sought and not found.
pub(super) fn not_known(names: &[String], structure: &Structure, why: &str) -> Problem {
    Problem::unsolved(format!("payoffs under {} are not known: {why}", spell(names, structure)))
}

/// That payoffs were never sought.
pub(super) fn missing(names: &[String], structure: &Structure) -> Problem {
    Problem::new(format!("payoffs under {} are missing", spell(names, structure)))
        .help("compute the equilibrium of this structure first")
}
