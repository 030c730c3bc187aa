//! Several players' instruments moved together, to raise a merit of what each gains over a threat point.
//!
//! Each step solves `max_s merit(g + a s) - s' B s / 2`, `g` the gains, `a` their gradients, `B` the bend of their weighted sum (L-BFGS):
//! sequential quadratic programming whose dual has one weight per player, with a second-order correction.

use cobden_equilibrium::{Equilibrium, Gradients, Policy, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use crate::{
    Game, Halt, Player, Progress, Search,
    ascent::{Memory, Room, add, dot},
    merit::Merit,
    variables::Variables,
};

/// Most halvings of a step.
const HALVINGS: usize = 10;
/// Most revisions of which variables press against their bounds.
const REVISIONS: usize = 8;
/// How far gains are to be trusted.
const NOISE: f64 = 1e-10;

/// Players who move together.
pub(crate) struct Accord<'g> {
    game: &'g Game<'g>,
    threats: &'g [f64],
    importers: Vec<usize>,
    solver: Solver<'g>,
    /// By player.
    variables: Vec<Variables<'g>>,
    room: Room,
    /// Where they stand.
    pub at: Stand,
    /// By player, the weight of its gain in the last plan.
    pub weights: Vec<f64>,
    memory: Memory,
    pub iterations: usize,
    pub solves: usize,
}

/// A point, and all that is known there.
#[derive(Clone, Debug)]
pub(crate) struct Stand {
    pub policy: Policy,
    pub here: Equilibrium,
    y: Vec<f64>,
    /// By player, the gain over its threat, as a share of what it has there.
    pub gains: Vec<f64>,
    /// By player, the slope of its gain.
    slopes: Vec<Vec<f64>>,
}

/// A step, what it promises, and the weights behind it.
struct Plan {
    step: Vec<f64>,
    promise: f64,
    weights: Vec<f64>,
}

/// A point looked at.
struct Look {
    y: Vec<f64>,
    gains: Vec<f64>,
    there: Equilibrium,
}

impl<'g> Accord<'g> {
    /// At rates from which to start. `threats` are the readings of the players' goals at the threat point.
    pub(crate) fn new(game: &'g Game<'g>, rates: &[Vec<f64>], threats: &'g [f64]) -> Result<Self, Problem> {
        let mut policy = game.in_force.clone();
        for (player, rates) in game.players.iter().zip(rates) {
            player.instruments.write(rates, &mut policy.tariffs);
        }
        let mut solver = Solver::new(game.economy, game.settings);
        let mut here = game.solved(&mut solver, &policy, None)?;
        here.sharpen(game.economy);
        let mut importers: Vec<usize> =
            game.players.iter().flat_map(|player| player.instruments.importers()).copied().collect();
        importers.sort_unstable();
        importers.dedup();
        // One measure for all: what counts at the top is about the income of all who move, wherever it falls.
        let spent = importers.iter().map(|n| game.economy.expenditure().row(*n).sum()).sum();
        let variables: Vec<Variables> = (game.players.iter())
            .map(|player| Variables::measured(game.economy, &player.instruments, &here, spent))
            .collect();
        let mut room = Room::default();
        variables.iter().for_each(|variables| room.extend(variables.room()));
        let y = variables.iter().zip(rates).flat_map(|(variables, rates)| variables.of_rates(rates)).collect();
        let mut this = Self {
            game,
            threats,
            importers,
            solver,
            variables,
            room,
            at: Stand { policy, here, y, gains: Vec::new(), slopes: Vec::new() },
            weights: Vec::new(),
            memory: Memory::default(),
            iterations: 0,
            solves: 1,
        };
        this.at.gains = this.gains_at(&this.at.here);
        this.at.slopes = this.slopes_here()?;
        Ok(this)
    }

    /// By player, its gain in per cent of what it has at the threat point.
    pub(crate) fn gains_pct(&self) -> Vec<f64> {
        self.at.gains.iter().map(|gain| 100.0 * gain).collect()
    }

    /// By player, the rates of its levers.
    pub(crate) fn rates(&self) -> Vec<Vec<f64>> {
        self.rates_at(&self.at.y)
    }

    /// Raises a merit until what is promised is no more than the tolerance, or `enough` says of the gains and the promise that they are.
    /// Returns why it ended and what was still promised.
    pub(crate) fn climb(
        &mut self,
        merit: &Merit,
        tolerance: f64,
        enough: impl Fn(&[f64], f64) -> bool,
        search: &Search,
    ) -> Result<(Halt, f64), Problem> {
        let begun = self.iterations;
        self.weights = merit.weights(&self.at.gains);
        loop {
            let plan = self.plan(merit, &self.at.gains);
            let progress = Progress { iterations: self.iterations, first_order_gap_pct: 100.0 * plan.promise };
            self.weights.clone_from(&plan.weights);
            let halt = match plan.promise {
                promise if promise <= tolerance || enough(&self.at.gains, promise) => Halt::Converged,
                _ if !(search.go_on)(progress) => Halt::CalledOff,
                _ if self.iterations - begun >= search.max_iterations => Halt::MaxIterations,
                _ => Halt::Stalled,
            };
            if halt != Halt::Stalled {
                return Ok((halt, plan.promise));
            }
            self.iterations += 1;
            match self.advance(merit, &plan)? {
                Ok(look) => self.step(look, &plan.weights)?,
                Err(halt) if self.memory.is_empty() => return Ok((halt, plan.promise)),
                Err(_) => self.memory.forget(),
            }
        }
    }

    /// That the search did not end at a bound nobody stated while the merit still rose.
    pub(crate) fn check_bounded(&self, what: &str) -> Result<(), Problem> {
        let slope = self.weighted(&self.weights);
        let mut from = 0;
        for variables in &self.variables {
            let own = from..from + variables.len();
            Player::check_bounded(what, variables, &self.at.y[own.clone()], &slope[own])?;
            from += variables.len();
        }
        Ok(())
    }

    fn gains_at(&self, equilibrium: &Equilibrium) -> Vec<f64> {
        let players = self.game.players.iter().zip(self.threats);
        let gain = |player: &Player, threat: f64| {
            player.goal.relative(threat, player.goal.reading(self.game.economy, equilibrium))
        };
        players.map(|(player, threat)| gain(player, *threat)).collect()
    }

    fn rates_at(&self, y: &[f64]) -> Vec<Vec<f64>> {
        self.split(y).map(|(variables, y)| variables.rates(y)).collect()
    }

    /// Each player's variables and its part of a vector.
    fn split<'t>(&'t self, y: &'t [f64]) -> impl Iterator<Item = (&'t Variables<'g>, &'t [f64])> + 't {
        self.variables.iter().scan(y, |rest, variables| {
            let (own, after) = rest.split_at(variables.len());
            *rest = after;
            Some((variables, own))
        })
    }

    /// How every player's gain answers every variable. Players share nothing but the equilibrium, so threads change no bit.
    fn slopes_here(&self) -> Result<Vec<Vec<f64>>, Problem> {
        let (economy, here) = (self.game.economy, &self.at.here);
        let slope = |(player, gain): (&Player, &f64)| {
            let mut gradients = Gradients::new(economy, here, &self.game.settings)?;
            let gradient = gradients.tariffs_of(&player.goal.local(economy, here), &self.importers)?;
            let steepness = player.goal.steepness(*gain);
            let slopes = self.split(&self.at.y).flat_map(|(variables, y)| variables.slope(&gradient, y));
            Ok(slopes.map(|slope| steepness * slope).collect())
        };
        self.game.players.par_iter().zip(&self.at.gains).map(slope).collect()
    }

    /// The step that a quadratic model with these gains wants, none of it against a bound it already presses.
    fn plan(&self, merit: &Merit, gains: &[f64]) -> Plan {
        let mut weights = self.weights.clone();
        let mut free = self.room.free(&self.at.y, &self.weighted(&weights));
        for _ in 0..REVISIONS {
            let plan = self.plan_within(merit, gains, &free, &weights);
            weights.clone_from(&plan.weights);
            let wanted = self.room.free(&self.at.y, &self.weighted(&weights));
            let outward = self.room.free(&self.at.y, &plan.step);
            let revised: Vec<bool> = (0..free.len()).map(|k| if free[k] { outward[k] } else { wanted[k] }).collect();
            if revised == free {
                return plan;
            }
            free = revised;
        }
        self.plan_within(merit, gains, &free, &weights)
    }

    fn weighted(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.at.y.len()];
        weights.iter().zip(&self.at.slopes).for_each(|(weight, slope)| add(&mut sum, *weight, slope));
        sum
    }

    fn plan_within(&self, merit: &Merit, gains: &[f64], free: &[bool], weights: &[f64]) -> Plan {
        let slopes = &self.at.slopes;
        let answers: Vec<Vec<f64>> = slopes.par_iter().map(|slope| self.memory.uphill(slope, free)).collect();
        let k: Vec<Vec<f64>> =
            slopes.iter().map(|slope| answers.iter().map(|answer| dot(slope, answer)).collect()).collect();
        let mut weights = weights.to_vec();
        merit.plan(&self.at.gains, gains, &k, &mut weights);
        let mut step = vec![0.0; self.at.y.len()];
        weights.iter().zip(&answers).for_each(|(weight, answer)| add(&mut step, *weight, answer));
        Plan { promise: merit.promise(&self.at.gains, &k, &weights), step, weights }
    }

    /// The first point along the plan, shortened as need be, that is enough better; or why there is none.
    fn advance(&mut self, merit: &Merit, plan: &Plan) -> Result<Result<Look, Halt>, Problem> {
        let (mut length, mut halt) = (1.0, Halt::Edge);
        for attempt in 0..HALVINGS {
            let enough = 1e-3 * length * plan.promise - NOISE;
            if let Some(look) = self.look(&plan.step, length)? {
                if merit.rise(&self.at.gains, &look.gains) >= enough {
                    return Ok(Ok(look));
                }
                halt = Halt::Stalled;
                // The gains bend along the step: aim again at what it reached.
                if attempt == 0 {
                    let linear = |slope: &Vec<f64>| {
                        (0..look.y.len()).map(|k| slope[k] * (look.y[k] - self.at.y[k])).sum::<f64>()
                    };
                    let bent: Vec<f64> =
                        look.gains.iter().zip(&self.at.slopes).map(|(gain, slope)| gain - linear(slope)).collect();
                    let again = self.plan(merit, &bent);
                    if let Some(look) = self.look(&again.step, 1.0)?
                        && merit.rise(&self.at.gains, &look.gains) >= enough
                    {
                        return Ok(Ok(look));
                    }
                }
            }
            length *= 0.5;
        }
        self.write(&self.at.y.clone());
        Ok(Err(halt))
    }

    fn look(&mut self, step: &[f64], length: f64) -> Result<Option<Look>, Problem> {
        let y = self.room.moved(&self.at.y, length, step);
        self.write(&y);
        self.solves += 1;
        let there = self.solver.solve(&self.at.policy, Some(&self.at.here))?;
        Ok(there.report.stop.converged().then(|| Look { gains: self.gains_at(&there), y, there }))
    }

    fn write(&mut self, y: &[f64]) {
        for (player, rates) in self.game.players.iter().zip(self.rates_at(y)) {
            player.instruments.write(&rates, &mut self.at.policy.tariffs);
        }
    }

    /// Goes where it looked, and remembers how the weighted sum of gains bent on the way.
    fn step(&mut self, look: Look, weights: &[f64]) -> Result<(), Problem> {
        self.write(&look.y);
        let moved = look.y.iter().zip(&self.at.y).map(|(new, old)| new - old).collect();
        (self.at.y, self.at.gains, self.at.here) = (look.y, look.gains, look.there);
        self.at.here.sharpen(self.game.economy);
        let slopes = self.slopes_here()?;
        let mut bent = vec![0.0; self.at.y.len()];
        for ((weight, old), new) in weights.iter().zip(&self.at.slopes).zip(&slopes) {
            add(&mut bent, *weight, old);
            add(&mut bent, -weight, new);
        }
        self.memory.learn(moved, bent);
        self.at.slopes = slopes;
        Ok(())
    }
}
