//! A tariff war on its way: everyone at one table, moving at once or in turn.

use cobden_equilibrium::{Equilibrium, Gradients, Policy, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use crate::{
    Certificate, Game, Halt, Nash, NashReport, Player, Progress, Search,
    ascent::{Limits, Memory, Room, ascend, dot, gap},
    game::PlayersHill,
    variables::Variables,
};

/// How much less than the tolerance of a best response is left to win in a war: what is second order to a player is first order to the
/// others.
const SHARPER: f64 = 1e-2;
/// Rounds without progress after which players move in turn.
const PATIENCE: usize = 8;
/// The bend along a move of all that may be a player's own.
const OWN_BEND: std::ops::RangeInclusive<f64> = 0.1..=30.0;
/// How far, times the least that was left to win, moving at once may go astray.
const LOST: f64 = 1e3;
/// Rounds in turn before all move at once again; twice as many each time.
const TURNS: usize = 4;
/// Steps that a player goes when it is its turn.
const STEPS: usize = 3;

/// All players on their hills at once.
pub(crate) struct Table<'g> {
    game: &'g Game<'g>,
    solver: Solver<'g>,
    pub policy: Policy,
    pub here: Equilibrium,
    seats: Vec<Seat<'g>>,
    pub solves: usize,
}

/// One player at the table.
struct Seat<'g> {
    variables: Variables<'g>,
    room: Room,
    y: Vec<f64>,
    slope: Vec<f64>,
    direction: Vec<f64>,
    gap: f64,
    memory: Memory,
}

impl<'g> Table<'g> {
    pub(crate) fn new(game: &'g Game<'g>, rates: &[Vec<f64>], start: Option<&Equilibrium>) -> Result<Self, Problem> {
        let mut policy = game.in_force.clone();
        for (player, rates) in game.players.iter().zip(rates) {
            player.instruments.write(rates, &mut policy.tariffs);
        }
        let mut solver = Solver::new(game.economy, game.settings);
        let mut here = game.solved(&mut solver, &policy, start)?;
        here.sharpen(game.economy);
        let seat = |(player, rates): (&'g Player, &Vec<f64>)| {
            let variables = Variables::at(game.economy, &player.instruments, &here);
            let (room, y) = (variables.room(), variables.of_rates(rates));
            let none = vec![0.0; y.len()];
            Seat {
                variables,
                room,
                y,
                slope: none.clone(),
                direction: none,
                gap: f64::INFINITY,
                memory: Memory::default(),
            }
        };
        let seats = game.players.iter().zip(rates).map(seat).collect();
        Ok(Self { game, solver, policy, here, seats, solves: 1 })
    }

    /// Every player's slope and wish at the present tariffs. Players share nothing but the equilibrium, so threads change no bit.
    fn look_around(&mut self, moved: Option<&[Vec<f64>]>) -> Result<(), Problem> {
        let (game, here) = (self.game, &self.here);
        let share = self.seats.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let looks = self.seats.par_chunks_mut(share).enumerate().map(|(chunk, seats)| {
            let mut gradients = Gradients::new(game.economy, here, &game.settings)?;
            for (at, seat) in seats.iter_mut().enumerate() {
                let player = chunk * share + at;
                let objective = game.players[player].goal.local(game.economy, here);
                let importers = game.players[player].instruments.importers();
                let slope = seat.variables.slope(&gradients.tariffs_of(&objective, importers)?, &seat.y);
                if let Some(moved) = moved {
                    let bent: Vec<f64> = seat.slope.iter().zip(&slope).map(|(old, new)| old - new).collect();
                    let moved = &moved[player];
                    // The others moved too: a bend far from one is theirs.
                    if OWN_BEND.contains(&(dot(moved, &bent) / dot(moved, moved))) {
                        seat.memory.learn(moved.clone(), bent);
                    }
                }
                seat.slope = slope;
                let free = seat.room.free(&seat.y, &seat.slope);
                seat.direction = seat.memory.uphill(&seat.slope, &free);
                seat.gap = gap(&seat.slope, &seat.direction, &free);
            }
            Ok(())
        });
        looks.collect::<Result<(), Problem>>()
    }

    fn gap(&self) -> f64 {
        self.seats.iter().map(|seat| seat.gap).fold(0.0, f64::max)
    }

    /// Everyone goes where it wishes, or as far towards it as there is an equilibrium. Returns how each moved.
    fn move_all(&mut self) -> Result<Option<Vec<Vec<f64>>>, Problem> {
        let mut length = 1.0;
        for _ in 0..8 {
            let there: Vec<Vec<f64>> =
                self.seats.iter().map(|seat| seat.room.moved(&seat.y, length, &seat.direction)).collect();
            for ((seat, y), player) in self.seats.iter().zip(&there).zip(&self.game.players) {
                player.instruments.write(&seat.variables.rates(y), &mut self.policy.tariffs);
            }
            self.solves += 1;
            let ahead = self.solver.solve(&self.policy, Some(&self.here))?;
            if ahead.report.stop.converged() {
                self.here = ahead;
                self.here.sharpen(self.game.economy);
                let moved = self.seats.iter_mut().zip(there).map(|(seat, there)| {
                    let moved = there.iter().zip(&seat.y).map(|(new, old)| new - old).collect();
                    seat.y = there;
                    moved
                });
                return Ok(Some(moved.collect()));
            }
            length *= 0.5;
        }
        for (seat, player) in self.seats.iter().zip(&self.game.players) {
            player.instruments.write(&seat.variables.rates(&seat.y), &mut self.policy.tariffs);
        }
        Ok(None)
    }

    pub(crate) fn war(self, certificate: Certificate, report: NashReport) -> Nash {
        Nash { rates: self.rates(), policy: self.policy, equilibrium: self.here, certificate, report }
    }

    /// All at once while that leads anywhere; else in turn for a while, and at once again from there.
    pub(crate) fn play(&mut self, search: &Search, report: &mut NashReport) -> Result<Halt, Problem> {
        let (mut turns, mut before) = (TURNS, f64::INFINITY);
        loop {
            let halt = self.settle(search, report)?;
            if halt != Halt::Stalled || report.sweeps >= search.max_iterations {
                return Ok(halt);
            }
            let halt = self.take_turns(turns, search, report)?;
            if halt != Halt::MaxIterations {
                return Ok(halt);
            }
            if report.first_order_gap_pct > 0.5 * before {
                return Ok(Halt::Stalled);
            }
            before = report.first_order_gap_pct;
            self.restart(&self.rates())?;
            turns *= 2;
        }
    }

    /// The same table at other rates, nothing remembered, the variables measured there.
    fn restart(&mut self, rates: &[Vec<f64>]) -> Result<(), Problem> {
        let solves = self.solves;
        *self = Self::new(self.game, rates, Some(&self.here))?;
        self.solves += solves;
        Ok(())
    }

    /// Rounds in which everyone moves at once, each as its own hill bends, until nobody has anything to win or it leads nowhere.
    fn settle(&mut self, search: &Search, report: &mut NashReport) -> Result<Halt, Problem> {
        self.look_around(None)?;
        let tolerance = SHARPER * search.tolerance_pct / 100.0;
        let (mut best, mut best_round, mut best_rates) = (f64::INFINITY, report.rounds, self.rates());
        loop {
            report.first_order_gap_pct = 100.0 * self.gap();
            let progress = Progress { iterations: report.rounds, first_order_gap_pct: report.first_order_gap_pct };
            if self.gap() <= tolerance {
                return Ok(Halt::Converged);
            } else if !(search.go_on)(progress) {
                return Ok(Halt::CalledOff);
            } else if report.rounds >= search.max_iterations {
                return Ok(Halt::MaxIterations);
            }
            if self.gap() < best {
                (best, best_round, best_rates) = (self.gap(), report.rounds, self.rates());
            } else if report.rounds - best_round >= PATIENCE || self.gap() > LOST * best.max(tolerance) {
                self.restart(&best_rates)?;
                return Ok(Halt::Stalled);
            }
            report.rounds += 1;
            let Some(moved) = self.move_all()? else { return Ok(Halt::Stalled) };
            self.look_around(Some(&moved))?;
        }
    }

    /// Rounds in which one after the other goes a few steps up its own hill, each step tested, until nobody has anything to win.
    fn take_turns(&mut self, rounds: usize, search: &Search, report: &mut NashReport) -> Result<Halt, Problem> {
        let limits = Limits { tolerance: SHARPER * search.tolerance_pct / 100.0, max_iterations: STEPS };
        self.seats.iter_mut().for_each(|seat| seat.memory.forget());
        for _ in 0..rounds {
            let mut gap: f64 = 0.0;
            for (at, seat) in self.seats.iter_mut().enumerate() {
                let player = &self.game.players[at];
                let mut hill = PlayersHill::on(
                    self.game,
                    player,
                    seat.variables.clone(),
                    (self.policy.clone(), self.here.clone()),
                    search,
                    &mut self.solver,
                );
                let Some(climbed) = ascend(&mut hill, seat.y.clone(), &seat.room, &mut seat.memory, limits)? else {
                    return Ok(Halt::Stalled);
                };
                self.solves += hill.looks;
                self.here = hill.here;
                gap = gap.max(climbed.first_gap);
                seat.y = climbed.y;
                player.instruments.write(&seat.variables.rates(&seat.y), &mut self.policy.tariffs);
                if climbed.halt == Halt::CalledOff {
                    return Ok(Halt::CalledOff);
                }
            }
            report.sweeps += 1;
            report.first_order_gap_pct = 100.0 * gap;
            if gap <= limits.tolerance {
                return Ok(Halt::Converged);
            }
        }
        Ok(Halt::MaxIterations)
    }

    pub(crate) fn rates(&self) -> Vec<Vec<f64>> {
        self.seats.iter().map(|seat| seat.variables.rates(&seat.y)).collect()
    }
}
