//! The ledger: the equilibrium of every coalition structure asked for, with its proof.

use std::collections::BTreeMap;

use cobden_equilibrium::{Aim, Economy, Equilibrium, Objective, Policy, Settings};
use cobden_world::Problem;

use super::{
    Coalition, Outside, PartitionGame, Payoffs, Structure,
    partition_game::{missing, not_known},
};
use crate::{Game, Goal, Inside, Instruments, Player, Reach, goal::known_countries};

/// Who may stand together, what they move, and who began.
#[derive(Clone, Debug, PartialEq)]
pub struct Alliance {
    /// What players are called, in the order of `reach.members`.
    pub names: Vec<String>,
    /// The players, as `members`, at most [`MAX_PLAYERS`](super::MAX_PLAYERS); and what a block of them may move. `partners` are those on
    /// whom tariffs outside a block may move; `inside` says what becomes of tariffs between members of a block. A block of one has nothing
    /// inside.
    pub reach: Reach,
    /// The country whose tariff the players answer, if there is one.
    pub initiator: Option<Initiator>,
}

/// The country that began.
#[derive(Clone, Debug, PartialEq)]
pub struct Initiator {
    /// The country.
    pub country: usize,
    /// What it may move in answer, in every structure. `None`: it keeps the tariffs in force.
    pub reach: Option<Reach>,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who stands with whom.
    pub structure: Structure,
    /// The equilibrium between blocks, or why there is none to show.
    pub found: Result<Found, String>,
}

/// An equilibrium between blocks (partial-agreement equilibrium): no block gains by changing its members' tariffs alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// By block, in the order of the structure, and of the initiator after them if it moves: the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// By country of the world: change of real income from the baseline in per cent.
    pub welfare_pct: Vec<f64>,
    /// The largest gain that any block has from deviating, in percentage points of its goal. Where only one moves: what its search leaves to
    /// be won, to second order.
    pub certificate_pct: f64,
    /// How many different equilibria the starts of the search led to; this is the first. Of one block's best response: 1, the best.
    pub equilibria: usize,
    /// Model solutions on the way.
    pub solves: usize,
}

/// Coalition structures and their equilibria, as far as they were computed.
///
/// A block's goal is the real income of its members together, in money at baseline prices ([`Goal::BlocWelfare`]); so transfers among them do
/// not change what it does. Players in no block, and all who are no players, keep the tariffs in force.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings};
/// use cobden_strategy::{Inside, Reach, Rule, Search};
/// use cobden_strategy::coalition::{Alliance, Coalition, Ledger, Outside};
/// let world = cobden_world::toy::Toy { countries: 4, sectors: 2, ..Default::default() }.world();
/// let theta = world.elasticities.as_ref().unwrap();
/// let economy = Economy::calibrate(&world, theta, &Model::default(), &Settings::default())?;
/// let alliance = Alliance {
///     names: vec!["A".into(), "B".into(), "C".into()],
///     reach: Reach { inside: Inside::Free, ..Reach::bloc([0, 1, 2], Rule::Partner) },
///     initiator: None,
/// };
/// let mut ledger = Ledger::new(&economy, Settings::default(), Policy::status_quo(&world), alliance)?;
/// let wanted = ledger.coalitions(Outside::Gamma);
/// assert_eq!(wanted.len(), 5, "three pairs, all, and each alone");
/// ledger.fill(&wanted, &Search::default(), &|_| true)?;
/// let game = ledger.game()?;
/// let pair = Coalition::new([0, 1])?;
/// assert!(game.value(pair, Outside::Gamma)?.is_finite());
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    pub(super) economy: &'a Economy,
    pub(super) settings: Settings,
    pub(super) in_force: Policy,
    pub(super) alliance: Alliance,
    pub(super) table: BTreeMap<Structure, Result<Found, String>>,
}

impl<'a> Ledger<'a> {
    /// A ledger in which nothing is computed yet.
    ///
    /// # Errors
    /// No player, too many, two the same or of one name, a country that is not there; an initiator who is a player; a player, or the
    /// initiator if it moves, without instruments.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        in_force: Policy,
        alliance: Alliance,
    ) -> Result<Self, Problem> {
        let players = &alliance.reach.members;
        if alliance.names.len() != players.len() {
            return Err(Problem::new(format!("{} names for {} players", alliance.names.len(), players.len())));
        }
        PartitionGame::new(alliance.names.iter().map(String::as_str), 0.0)?;
        known_countries(economy, players)?;
        if let Some(twice) = (1..players.len()).find(|at| players[..*at].contains(&players[*at])) {
            return Err(Problem::new(format!("country {} is two players", players[twice])));
        }
        if let Some(initiator) = &alliance.initiator {
            known_countries(economy, &[initiator.country])?;
            if players.contains(&initiator.country) {
                let what = format!("country {} is a player and the initiator", initiator.country);
                return Err(
                    Problem::new(what).help("the initiator stands against all coalitions: leave it out of the players")
                );
            }
        }
        let ledger = Self { economy, settings, in_force, alliance, table: BTreeMap::new() };
        let singles = Structure::of_disjoint((0..ledger.players()).map(Coalition::single).collect());
        ledger.between(&singles)?;
        Ok(ledger)
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.alliance.names.len()
    }

    /// The question.
    pub fn alliance(&self) -> &Alliance {
        &self.alliance
    }

    /// The structures around every coalition under a rule, each once, in the order of [`Coalition::all`]. With `n` players `2^n - n` of
    /// them under `gamma`, where all coalitions of one stand in the same; `2^n - 1` under `passive`, `2^(n - 1)` under `merge`.
    pub fn coalitions(&self, outside: Outside) -> Vec<Structure> {
        let mut wanted: Vec<Structure> = Vec::new();
        for coalition in Coalition::all(self.players()) {
            let structure = outside.around(coalition, self.players());
            if !wanted.contains(&structure) {
                wanted.push(structure);
            }
        }
        wanted
    }

    /// What was computed, in a fixed order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.table.iter().map(|(structure, found)| Entry { structure: structure.clone(), found: found.clone() })
    }

    /// What was found for a structure, or why nothing was; `None` if it was not computed.
    pub fn entry(&self, structure: &Structure) -> Option<&Result<Found, String>> {
        self.table.get(structure)
    }

    /// Takes back an entry that an earlier run computed for the same question; whether it is the same, the caller must know.
    ///
    /// # Errors
    /// An entry that does not fit: other players, another number of levers or countries, a number that is none.
    pub fn restore(&mut self, entry: Entry) -> Result<(), Problem> {
        if let Ok(found) = &entry.found {
            let game = self.between(&entry.structure)?;
            let levers: Vec<usize> = game.players().iter().map(|player| player.instruments.len()).collect();
            let numbers = found.rates.iter().flatten().chain(&found.welfare_pct).chain([&found.certificate_pct]);
            if found.rates.iter().map(Vec::len).collect::<Vec<_>>() != levers
                || found.welfare_pct.len() != self.economy.countries()
                || !numbers.copied().all(f64::is_finite)
            {
                return Err(Problem::new("an entry of the ledger does not fit the question")
                    .help("it was computed for another: start anew"));
            }
        }
        self.table.insert(entry.structure, entry.found);
        Ok(())
    }

    /// All tariffs under a structure.
    ///
    /// # Errors
    /// It was not computed, or without success.
    pub fn policy(&self, structure: &Structure) -> Result<Policy, Problem> {
        let found = match self.table.get(structure) {
            Some(Ok(found)) => found,
            Some(Err(why)) => return Err(not_known(&self.alliance.names, structure, why)),
            None => return Err(missing(&self.alliance.names, structure)),
        };
        let game = self.between(structure)?;
        let mut policy = self.in_force.clone();
        for (player, rates) in game.players().iter().zip(&found.rates) {
            player.instruments.write(rates, &mut policy.tariffs);
        }
        Ok(policy)
    }

    /// The payoffs of all that was computed: changes of real income in money at baseline prices, `I_n (W_n - 1)`. They count as equal up to
    /// [`EXACT_PCT`] percentage points of the smallest player's income.
    ///
    /// # Errors
    /// None that a ledger can cause.
    pub fn game(&self) -> Result<PartitionGame, Problem> {
        let countries = &self.alliance.reach.members;
        let smallest = countries.iter().map(|n| self.money(*n, EXACT_PCT)).fold(f64::INFINITY, f64::min);
        let mut game = PartitionGame::new(self.alliance.names.clone(), smallest)?;
        for (structure, found) in &self.table {
            match found {
                Ok(found) => game.record(structure.clone(), self.payoffs(&found.welfare_pct))?,
                Err(why) => game.record_unknown(structure.clone(), why.clone())?,
            }
        }
        Ok(game)
    }

    /// What everyone gets at these changes of real income.
    pub(super) fn payoffs(&self, welfare_pct: &[f64]) -> Payoffs {
        let money = |n: usize| self.money(n, welfare_pct[n]);
        Payoffs {
            players: self.alliance.reach.members.iter().map(|n| money(*n)).collect(),
            initiator: self.alliance.initiator.as_ref().map(|initiator| money(initiator.country)),
        }
    }

    /// A change of a country's real income, in money: `I_n welfare_pct / 100`.
    pub fn money(&self, country: usize, welfare_pct: f64) -> f64 {
        self.economy.income()[country] * welfare_pct / 100.0
    }

    /// The game between the blocks of a structure, and the initiator if it moves.
    pub(super) fn between(&self, structure: &Structure) -> Result<Game<'a>, Problem> {
        let inside = |_| self.alliance.reach.inside;
        self.between_with(structure, inside, &self.in_force)
    }

    /// The same with another rule inside blocks, over tariffs that stay where nobody moves them. Bounds still go by the tariffs in force.
    pub(super) fn between_with(
        &self,
        structure: &Structure,
        inside: impl Fn(Coalition) -> Inside,
        stay: &Policy,
    ) -> Result<Game<'a>, Problem> {
        let Alliance { names, reach, initiator } = &self.alliance;
        if let Some(unknown) = structure.movers().members().find(|player| *player >= names.len()) {
            return Err(
                Problem::new(format!("unknown player {unknown} of {}", names.len())).help("players count from 0")
            );
        }
        let block = |block: &Coalition| {
            let members: Vec<usize> = block.members().map(|player| reach.members[player]).collect();
            let inside = inside(*block);
            let mut partners = reach.partners.clone();
            if let (Some(partners), true) = (&mut partners, inside != Inside::AsItIs) {
                partners.extend(&members);
            }
            let name = block.members().map(|player| names[player].as_str()).collect::<Vec<_>>().join(" and ");
            self.player(name, Reach { members, partners, inside, ..reach.clone() })
        };
        let mut players = structure.blocks().iter().map(block).collect::<Result<Vec<_>, Problem>>()?;
        if let Some(Initiator { country, reach: Some(reach) }) = initiator {
            players.push(self.player("the initiator".into(), Reach { members: vec![*country], ..reach.clone() })?);
        }
        Game::new(self.economy, self.settings, stay.clone(), players)
    }

    fn player(&self, name: String, reach: Reach) -> Result<Player, Problem> {
        let goal = match reach.members[..] {
            [country] => Aim::Welfare(country).into(),
            _ => Goal::BlocWelfare(reach.members.clone()),
        };
        let instruments = Instruments::new(self.economy, &self.in_force, &reach).map_err(|mut problem| {
            problem.message = format!("{name}: {}", problem.message);
            problem
        })?;
        Ok(Player { name, goal, instruments })
    }

    /// Change of real income by country, in per cent.
    pub(super) fn welfare_pct(&self, equilibrium: &Equilibrium) -> Vec<f64> {
        let reading = |n: usize| Objective::from(Aim::Welfare(n)).value(self.economy, equilibrium);
        (0..self.economy.countries()).map(|n| 100.0 * reading(n).exp_m1()).collect()
    }
}

/// What a member's real income in a tariff war is taken to be exact to, in percentage points.
///
/// A block's own is exact to its certificate. But what its tariffs are off to second order in its own goal is off to first order in the
/// payoffs of single members and of others: on Ossa's data by less than 1e-4 at the default tolerance where members do not choose tariffs on
/// one another, by up to 1e-3 where they do, which hardly changes what they have together. A search with a smaller `tolerance_pct` is closer.
pub const EXACT_PCT: f64 = 1e-3;
