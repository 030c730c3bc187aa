//! Tariff wars: tariffs that are best responses to one another, with the proof.

use cobden_equilibrium::{Equilibrium, Gradients, Policy, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use crate::{
    Game, Halt, Player, Progress, Response, Search,
    ascent::{Limits, Memory, Room, ascend, dot, gap},
    game::PlayersHill,
    variables::Variables,
};

/// What each player could still gain by deviating alone: the proof that a tariff war is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// By player: the gain of its best response, found by a search of its own from the war's tariffs and from the starts asked for, in
    /// percentage points of its goal.
    pub gains_pct: Vec<f64>,
    /// Whether every one of those searches met its first-order condition.
    pub complete: bool,
}

impl Certificate {
    /// The largest gain of any player.
    pub fn largest_pct(&self) -> f64 {
        self.gains_pct.iter().copied().fold(0.0, f64::max)
    }
}

/// How a Nash equilibrium was sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NashReport {
    /// Why the search ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Rounds in which all players moved at once.
    pub rounds: usize,
    /// Rounds in which one moved after the other.
    pub sweeps: usize,
    /// Equilibria solved.
    pub solves: usize,
    /// The largest that any player has still to win, to second order, in percentage points.
    pub first_order_gap_pct: f64,
}

/// A tariff war: no player gains by changing its own tariffs alone.
#[derive(Clone, Debug)]
pub struct Nash {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// By player, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// What each could still gain.
    pub certificate: Certificate,
    /// How it was found.
    pub report: NashReport,
}

/// All players on their hills at once.
struct Table<'g> {
    game: &'g Game<'g>,
    solver: Solver<'g>,
    policy: Policy,
    here: Equilibrium,
    seats: Vec<Seat<'g>>,
    solves: usize,
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
    fn new(game: &'g Game<'g>, rates: &[Vec<f64>], start: Option<&Equilibrium>) -> Result<Self, Problem> {
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
                let slope = seat.variables.slope(&gradients.of(&objective)?.tariffs, &seat.y);
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

    fn war(self, certificate: Certificate, report: NashReport) -> Nash {
        Nash { rates: self.rates(), policy: self.policy, equilibrium: self.here, certificate, report }
    }

    /// All at once while that leads anywhere; else in turn for a while, and at once again from there.
    fn play(&mut self, search: &Search, report: &mut NashReport) -> Result<Halt, Problem> {
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

    fn rates(&self) -> Vec<Vec<f64>> {
        self.seats.iter().map(|seat| seat.variables.rates(&seat.y)).collect()
    }
}

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
/// Most times that players go on from better responses than the search had found.
const MOVES: usize = 6;
/// Welfare, in percentage points, by which two wars must differ for some player to count as two.
const APART_PCT: f64 = 1e-3;

/// The tariff wars found from several starts.
#[derive(Clone, Debug)]
pub struct Wars {
    /// Those that differ, in the order found. If no search converged, the one that came closest, as its report says.
    pub distinct: Vec<Nash>,
    /// How many starts.
    pub starts: usize,
    /// From how many of them a war was found and certified.
    pub converged: usize,
}

impl Game<'_> {
    /// Tariffs from which no player gains by moving alone: the Nash equilibria reached from the starts of the search.
    ///
    /// All players move at once, each by a quasi-Newton step on its own hill, until no first-order condition is off; a certificate follows:
    /// a search of its own for each player's best response. Where that finds more than `certificate_pct`, or moving at once leads nowhere,
    /// players move to their best responses in turn and go on from there.
    ///
    /// # Errors
    /// No equilibrium at the tariffs of any start; an objective that is unbounded from every start.
    pub fn nash(&self, search: &Search) -> Result<Wars, Problem> {
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let mut wars = Wars { distinct: Vec::new(), starts: search.starts.len(), converged: 0 };
        let (mut failed, mut refused): (Option<Nash>, Option<Problem>) = (None, None);
        for start in search.starts {
            let war = match self.war(self.start(&everyone, start)?, search) {
                Ok(war) => war,
                // One start without an equilibrium spoils no other.
                Err(problem) => {
                    refused = refused.or(Some(problem));
                    continue;
                }
            };
            if war.report.halt.converged() {
                wars.converged += 1;
                if !wars.distinct.iter().any(|known| self.same(known, &war)) {
                    wars.distinct.push(war);
                }
            } else if failed
                .as_ref()
                .is_none_or(|closest| war.report.first_order_gap_pct < closest.report.first_order_gap_pct)
            {
                failed = Some(war);
            }
        }
        if search.starts.is_empty() {
            return Err(Problem::new("a search without a start").help("name at least one"));
        }
        if wars.distinct.is_empty() {
            wars.distinct.extend(failed);
        }
        match refused {
            Some(problem) if wars.distinct.is_empty() => Err(problem),
            _ => Ok(wars),
        }
    }

    /// What each player could gain over a policy by changing its own tariffs alone.
    ///
    /// # Errors
    /// A policy without an equilibrium; an objective that is unbounded.
    pub fn certify(&self, policy: &Policy, search: &Search) -> Result<Certificate, Problem> {
        let mut solver = Solver::new(self.economy, self.settings);
        let here = self.solved(&mut solver, policy, None)?;
        Ok(Certificate::of(&self.deviations(policy, &here, search)?))
    }

    fn war(&self, start: Vec<Vec<f64>>, search: &Search) -> Result<Nash, Problem> {
        let mut report = NashReport {
            halt: Halt::MaxIterations,
            rounds: 0,
            sweeps: 0,
            solves: 0,
            first_order_gap_pct: f64::INFINITY,
        };
        let (mut rates, mut moves) = (start, 0);
        loop {
            let mut table = Table::new(self, &rates, None)?;
            report.halt = table.play(search, &mut report)?;
            report.solves += table.solves;
            if report.halt == Halt::CalledOff {
                return Ok(table.war(Certificate { gains_pct: Vec::new(), complete: false }, report));
            }
            let responses = self.deviations(&table.policy, &table.here, search)?;
            report.solves += responses.iter().map(|response| response.report.solves).sum::<usize>();
            let certificate = Certificate::of(&responses);
            let certain = certificate.complete && certificate.largest_pct() <= search.certificate_pct;
            let most = if report.halt.converged() { MOVES } else { 1 };
            if (report.halt.converged() && certain) || moves >= most {
                if report.halt.converged() && !certain {
                    report.halt = Halt::Stalled;
                }
                return Ok(table.war(certificate, report));
            }
            moves += 1;
            rates = table.rates();
            for (rates, response) in rates.iter_mut().zip(responses) {
                if response.gain_pct > search.certificate_pct {
                    *rates = response.rates;
                }
            }
        }
    }

    /// Every player's best response to the others' tariffs in a policy, from its own there and from the starts for deviations.
    fn deviations(&self, policy: &Policy, here: &Equilibrium, search: &Search) -> Result<Vec<Response>, Problem> {
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let share = everyone.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let starts = search.deviations.iter().map(|start| self.start(&everyone, start));
        let starts: Vec<Vec<Vec<f64>>> = starts.collect::<Result<_, Problem>>()?;
        let search = Search { starts: &[], ..*search };
        let of_some = |players: &[usize]| {
            let mut solver = Solver::new(self.economy, self.settings);
            let mut of_one = |player: &usize| {
                let mut from = vec![self.players[*player].instruments.read(policy)];
                from.extend(starts.iter().map(|rates| rates[*player].clone()));
                self.respond_from(*player, policy, here, &from, &search, &mut solver)
            };
            players.iter().map(&mut of_one).collect::<Result<Vec<Response>, Problem>>()
        };
        let parts: Result<Vec<Vec<Response>>, Problem> = everyone.par_chunks(share).map(of_some).collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    fn same(&self, one: &Nash, other: &Nash) -> bool {
        self.players.iter().all(|player| {
            let reading = |war: &Nash| player.goal.reading(self.economy, &war.equilibrium);
            player.goal.gain_pct(reading(one), reading(other)).abs() < APART_PCT
        })
    }
}

impl Certificate {
    fn of(responses: &[Response]) -> Self {
        Self {
            gains_pct: responses.iter().map(|response| response.gain_pct).collect(),
            complete: responses.iter().all(|response| response.report.halt.converged()),
        }
    }
}
