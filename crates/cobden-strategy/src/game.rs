//! Players, the tariffs they start from, and how hard to search.

use std::collections::BTreeSet;

use cobden_equilibrium::{Aim, Economy, Equilibrium, Gradients, Policy, Settings, Solver};
use cobden_world::Problem;
use ndarray::Array3;

use crate::{FormulaWar, Goal, Instruments, Reach, Rule, ascent::Hill, variables::Variables};

/// Who moves which tariffs to what end.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    /// What it is called in messages.
    pub name: String,
    /// What it maximises.
    pub goal: Goal,
    /// What it may move.
    pub instruments: Instruments,
}

impl Player {
    /// A country that maximises its own welfare with its own tariffs, without stated bounds.
    ///
    /// # Errors
    /// As [`Instruments::new`].
    pub fn country(economy: &Economy, in_force: &Policy, country: usize, rule: Rule) -> Result<Self, Problem> {
        Ok(Self {
            name: format!("country {country}"),
            goal: Aim::Welfare(country).into(),
            instruments: Instruments::new(economy, in_force, &Reach::of(country, rule))?,
        })
    }
}

/// Players in one economy, and the tariffs in force before any of them moves. Tariffs that no player moves stay as they are.
#[derive(Clone, Debug)]
pub struct Game<'a> {
    pub(crate) economy: &'a Economy,
    pub(crate) settings: Settings,
    pub(crate) in_force: Policy,
    pub(crate) players: Vec<Player>,
}

impl<'a> Game<'a> {
    /// A game.
    ///
    /// # Errors
    /// No player; a goal that names a country or sector that is not there; a tariff that two players move.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        in_force: Policy,
        players: Vec<Player>,
    ) -> Result<Self, Problem> {
        if players.is_empty() {
            return Err(Problem::new("a game without players").help("name at least one"));
        }
        let mut owner = Array3::from_elem(in_force.tariffs.dim(), usize::MAX);
        for (at, player) in players.iter().enumerate() {
            player.goal.check(economy).map_err(|mut problem| {
                problem.message = format!("{}: {}", player.name, problem.message);
                problem
            })?;
            for cell in player.instruments.levers().iter().flat_map(|lever| &lever.cells) {
                let before = std::mem::replace(&mut owner[*cell], at);
                if before != usize::MAX && before != at {
                    let [n, i, j] = cell;
                    let what = format!(
                        "{} and {} both move the tariff of country {n} on sector {j} from country {i}",
                        players[before].name, player.name
                    );
                    return Err(Problem::new(what).help("every tariff has one player"));
                }
            }
        }
        Ok(Self { economy, settings, in_force, players })
    }

    /// The players.
    pub fn players(&self) -> &[Player] {
        &self.players
    }

    /// The economy.
    pub fn economy(&self) -> &'a Economy {
        self.economy
    }

    /// The tariffs before any player moves.
    pub fn in_force(&self) -> &Policy {
        &self.in_force
    }

    pub(crate) fn player(&self, player: usize) -> Result<&Player, Problem> {
        self.players.get(player).ok_or_else(|| {
            Problem::new(format!("unknown player {player} of {}", self.players.len())).help("players count from 0")
        })
    }

    /// The equilibrium at a policy, or why there is none.
    pub(crate) fn solved(
        &self,
        solver: &mut Solver,
        policy: &Policy,
        start: Option<&Equilibrium>,
    ) -> Result<Equilibrium, Problem> {
        let here = solver.solve(policy, start)?;
        if here.report.stop.converged() {
            return Ok(here);
        }
        Err(Problem::unsolved(format!(
            "no equilibrium at the tariffs that the search starts from: the solver {}",
            here.report.stop
        ))
        .help("start from lower tariffs, or let deficits follow incomes"))
    }

    /// Where a search by these players starts: rates for each.
    pub(crate) fn start(&self, players: &[usize], start: &Start) -> Result<Vec<Vec<f64>>, Problem> {
        let formula = match start {
            Start::Formula => {
                let everyone = self.players.iter().flat_map(|player| player.instruments.importers().iter().copied());
                let importers: Vec<usize> = everyone.collect::<BTreeSet<_>>().into_iter().collect();
                Some(FormulaWar::new(self.economy, &self.in_force, &importers, &self.settings)?.by_country(&importers))
            }
            _ => None,
        };
        let of = |player: &usize| {
            let levers = self.players[*player].instruments.levers().iter();
            let rate = |lever: &crate::Lever| match start {
                Start::InForce => lever.in_force,
                Start::Elasticity(times) => times * lever.inverse_elasticity,
                Start::Rate(rate) => *rate,
                Start::Formula => formula.as_ref().map_or(0.0, |rates| rates[&lever.cells[0][0]]),
            };
            levers.map(|lever| rate(lever).clamp(lever.bounds.0, lever.bounds.1)).collect()
        };
        Ok(players.iter().map(of).collect())
    }
}

/// Where a search starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// The rates in force.
    InForce,
    /// So many times `1 / theta`, what a small country would ask of its one sector.
    Elasticity(f64),
    /// One rate for all.
    Rate(f64),
    /// The rates of the tariff war by Lashkaripour's formula among the importers whose tariffs move.
    Formula,
}

/// What a search tells on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Iterations so far.
    pub iterations: usize,
    /// What there is still to be won, to first order in what is left of the slope, in percentage points.
    pub first_order_gap_pct: f64,
}

/// How hard to search, and when to leave off.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// A search is over when what is still to be won, to second order, is less than this, in percentage points of the goal.
    pub tolerance_pct: f64,
    /// Most iterations of a search from one start.
    pub max_iterations: usize,
    /// Where to start. The best of all is the answer.
    pub starts: &'a [Start],
    /// Where each player's search for a deviation from a tariff war starts, beside the war itself.
    pub deviations: &'a [Start],
    /// What a deviation from a tariff war may gain at most, in percentage points.
    pub certificate_pct: f64,
    /// Called between iterations, perhaps from several threads; `false` calls the search off.
    pub go_on: &'a (dyn Fn(Progress) -> bool + Sync),
}

impl Default for Search<'_> {
    /// To 1e-8 percentage points from `1 / theta`, in at most 300 iterations; certificates to 1e-6 percentage points.
    fn default() -> Self {
        Self {
            tolerance_pct: 1e-8,
            max_iterations: 300,
            starts: &[Start::Elasticity(1.0)],
            deviations: &[Start::Elasticity(1.0)],
            certificate_pct: 1e-6,
            go_on: &|_| true,
        }
    }
}

impl std::fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search")
            .field("tolerance_pct", &self.tolerance_pct)
            .field("max_iterations", &self.max_iterations)
            .field("starts", &self.starts)
            .field("deviations", &self.deviations)
            .field("certificate_pct", &self.certificate_pct)
            .finish_non_exhaustive()
    }
}

/// One player's hill, the others' tariffs given.
pub(crate) struct PlayersHill<'g, 'a> {
    pub game: &'g Game<'a>,
    pub player: &'g Player,
    pub variables: Variables<'g>,
    pub solver: &'g mut Solver<'a>,
    /// The tariffs last looked at.
    pub policy: Policy,
    /// The equilibrium stood on.
    pub here: Equilibrium,
    /// The point last looked at, and its equilibrium.
    ahead: Option<(Vec<f64>, Equilibrium)>,
    pub looks: usize,
    go_on: &'g (dyn Fn(Progress) -> bool + Sync),
    steps: usize,
}

impl<'g, 'a> PlayersHill<'g, 'a> {
    pub(crate) fn new(
        game: &'g Game<'a>,
        player: &'g Player,
        policy: Policy,
        here: Equilibrium,
        search: &Search<'g>,
        solver: &'g mut Solver<'a>,
    ) -> Self {
        let variables = Variables::at(game.economy, &player.instruments, &here);
        Self::on(game, player, variables, (policy, here), search, solver)
    }

    /// As [`PlayersHill::new`], in variables that are already known.
    pub(crate) fn on(
        game: &'g Game<'a>,
        player: &'g Player,
        variables: Variables<'g>,
        (policy, here): (Policy, Equilibrium),
        search: &Search<'g>,
        solver: &'g mut Solver<'a>,
    ) -> Self {
        Self { game, player, variables, solver, policy, here, ahead: None, looks: 0, go_on: search.go_on, steps: 0 }
    }
}

impl<'g, 'a> PlayersHill<'g, 'a> {
    /// Moves to rates from which to start, and measures the variables there. `None` if there is no equilibrium.
    pub(crate) fn start_at(&mut self, from: &Equilibrium, rates: &[f64]) -> Result<Option<Vec<f64>>, Problem> {
        self.player.instruments.write(rates, &mut self.policy.tariffs);
        self.looks += 1;
        let mut there = self.solver.solve(&self.policy, Some(from))?;
        there.sharpen(self.game.economy);
        if !there.report.stop.converged() {
            return Ok(None);
        }
        self.variables = Variables::at(self.game.economy, &self.player.instruments, &there);
        self.here = there;
        Ok(Some(self.variables.of_rates(rates)))
    }
}

impl Hill for PlayersHill<'_, '_> {
    fn look(&mut self, at: &[f64]) -> Result<Option<f64>, Problem> {
        self.player.instruments.write(&self.variables.rates(at), &mut self.policy.tariffs);
        self.looks += 1;
        let there = self.solver.solve(&self.policy, Some(&self.here))?;
        if !there.report.stop.converged() {
            return Ok(None);
        }
        let height = self.player.goal.reading(self.game.economy, &there);
        self.ahead = Some((at.to_vec(), there));
        Ok(Some(height))
    }

    fn step(&mut self) -> Result<Vec<f64>, Problem> {
        self.steps += 1;
        let Some((y, there)) = self.ahead.take() else { return Err(Problem::new("a step before a look")) };
        self.here = there;
        let objective = self.player.goal.local(self.game.economy, &self.here);
        let mut gradients = Gradients::new(self.game.economy, &self.here, &self.game.settings)?;
        let gradient = gradients.tariffs_of(&objective, self.player.instruments.importers())?;
        Ok(self.variables.slope(&gradient, &y))
    }

    fn called_off(&self, gap: f64) -> bool {
        !(self.go_on)(Progress { iterations: self.steps, first_order_gap_pct: 100.0 * gap })
    }
}
