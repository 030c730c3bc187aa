//! Trade talks: the tariffs that raise the smallest gain over a threat point as far as it goes.

use cobden_equilibrium::{Equilibrium, Gradients, Policy, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use crate::{
    Game, Halt, Progress, Search, Start,
    ascent::{Memory, Room, add, dot},
    simplex,
    variables::Variables,
};

/// Most halvings of a step.
const HALVINGS: usize = 10;
/// Most revisions of which variables press against their bounds.
const REVISIONS: usize = 8;
/// How far gains are to be trusted.
const NOISE: f64 = 1e-10;

/// How talks went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TalksReport {
    /// Why the search ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Iterations from the start that led to the answer.
    pub iterations: usize,
    /// Equilibria solved, over all starts.
    pub solves: usize,
    /// By how much the smallest gain could still rise, to second order, in percentage points.
    pub first_order_gap_pct: f64,
}

/// What players agree on if they raise the smallest gain of any as far as it goes.
#[derive(Clone, Debug)]
pub struct Talks {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// By player, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// By player, the gain over the threat point, in per cent of what it has there.
    pub gains_pct: Vec<f64>,
    /// By player, the weight of its gain where none can be raised without lowering the least; 0 for one who has more than the least.
    pub weights: Vec<f64>,
    /// How they were found.
    pub report: TalksReport,
}

impl Game<'_> {
    /// Trade talks: all players' instruments move together to raise the smallest gain over the threat point, what becomes of players without
    /// agreement, as far as it goes.
    ///
    /// Maximises `min_i (reading_i - threat_i)`. Where tariffs can be anything all gains are equal at the top, since tariffs also transfer
    /// income; bounds may keep them apart. Each step solves `max_s min_i (h_i + a_i s) - s' B s / 2`, `h` the gains, `a` their gradients, `B` the
    /// bend of the weighted sum (L-BFGS): sequential quadratic programming on the weights, with a second-order correction.
    ///
    /// # Errors
    /// A threat that is no solved equilibrium; tariffs of a start without an equilibrium.
    pub fn talks(&self, threat: &Equilibrium, search: &Search) -> Result<Talks, Problem> {
        if !threat.report.stop.converged() {
            return Err(Problem::new(format!("the threat point is no equilibrium: the solver {}", threat.report.stop)));
        }
        let threats: Vec<f64> = self.players.iter().map(|player| player.goal.reading(self.economy, threat)).collect();
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let (mut best, mut solves): (Option<Talks>, usize) = (None, 0);
        for start in search.starts {
            let table = Table::new(self, &self.start(&everyone, start)?, &threats)?;
            let talks = table.run(search)?;
            solves += talks.report.solves;
            let least = |talks: &Talks| talks.gains_pct.iter().copied().fold(f64::INFINITY, f64::min);
            let rank = |talks: &Talks| (talks.report.halt.converged(), least(talks));
            if talks.report.halt == Halt::CalledOff {
                return Ok(talks);
            }
            if best.as_ref().is_none_or(|best| rank(&talks) > rank(best)) {
                best = Some(talks);
            }
        }
        let mut best = best.ok_or_else(|| Problem::new("trade talks without a start").help("start from free trade"))?;
        best.report.solves = solves;
        Ok(best)
    }

    /// Where talks usually start: free trade.
    pub const FREE_TRADE: [Start; 1] = [Start::Rate(0.0)];
}

/// Everyone at one table.
struct Table<'g> {
    game: &'g Game<'g>,
    threats: &'g [f64],
    solver: Solver<'g>,
    policy: Policy,
    here: Equilibrium,
    /// By player.
    variables: Vec<Variables<'g>>,
    room: Room,
    y: Vec<f64>,
    /// By player, the gain over its threat.
    gains: Vec<f64>,
    /// By player, the slope of its gain.
    slopes: Vec<Vec<f64>>,
    weights: Vec<f64>,
    memory: Memory,
    solves: usize,
}

/// A step, what it promises the least gain, and the weights behind it.
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

impl<'g> Table<'g> {
    fn new(game: &'g Game<'g>, rates: &[Vec<f64>], threats: &'g [f64]) -> Result<Self, Problem> {
        let mut policy = game.in_force.clone();
        for (player, rates) in game.players.iter().zip(rates) {
            player.instruments.write(rates, &mut policy.tariffs);
        }
        let mut solver = Solver::new(game.economy, game.settings);
        let mut here = game.solved(&mut solver, &policy, None)?;
        here.sharpen(game.economy);
        // One measure for all: what counts at the top is about the world's income, wherever it falls.
        let spent = game.economy.expenditure().sum();
        let variables: Vec<Variables> = (game.players.iter())
            .map(|player| Variables::measured(game.economy, &player.instruments, &here, spent))
            .collect();
        let mut room = Room::default();
        variables.iter().for_each(|variables| room.extend(variables.room()));
        let y = variables.iter().zip(rates).flat_map(|(variables, rates)| variables.of_rates(rates)).collect();
        let players = game.players.len();
        let mut this = Self {
            game,
            threats,
            solver,
            policy,
            here,
            variables,
            room,
            y,
            gains: Vec::new(),
            slopes: Vec::new(),
            weights: vec![1.0 / players as f64; players],
            memory: Memory::default(),
            solves: 1,
        };
        this.gains = this.gains_at(&this.here);
        this.slopes = this.slopes_here()?;
        Ok(this)
    }

    fn gains_at(&self, equilibrium: &Equilibrium) -> Vec<f64> {
        let players = self.game.players.iter().zip(self.threats);
        players.map(|(player, threat)| player.goal.reading(self.game.economy, equilibrium) - threat).collect()
    }

    /// The rates of each player.
    fn rates(&self, y: &[f64]) -> Vec<Vec<f64>> {
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
        let (economy, here) = (self.game.economy, &self.here);
        let slope = |player: &crate::Player| {
            let mut gradients = Gradients::new(economy, here, &self.game.settings)?;
            let gradient = gradients.of(&player.goal.local(economy, here))?;
            Ok(self.split(&self.y).flat_map(|(variables, y)| variables.slope(&gradient.tariffs, y)).collect())
        };
        self.game.players.par_iter().map(slope).collect()
    }

    fn run(mut self, search: &Search) -> Result<Talks, Problem> {
        let tolerance = search.tolerance_pct / 100.0;
        let mut report =
            TalksReport { halt: Halt::Stalled, iterations: 0, solves: 0, first_order_gap_pct: f64::INFINITY };
        loop {
            let plan = self.plan(&self.gains);
            report.first_order_gap_pct = 100.0 * plan.promise;
            let progress = Progress { iterations: report.iterations, first_order_gap_pct: report.first_order_gap_pct };
            report.halt = match plan.promise {
                promise if promise <= tolerance => Halt::Converged,
                _ if !(search.go_on)(progress) => Halt::CalledOff,
                _ if report.iterations >= search.max_iterations => Halt::MaxIterations,
                _ => Halt::Stalled,
            };
            self.weights.clone_from(&plan.weights);
            if report.halt != Halt::Stalled {
                break;
            }
            report.iterations += 1;
            let Some(look) = self.advance(&plan)? else {
                if self.memory.is_empty() {
                    break;
                }
                self.memory.forget();
                continue;
            };
            self.step(look, &plan.weights)?;
        }
        report.solves = self.solves;
        let gains_pct = self.gains.iter().zip(&self.game.players).zip(self.threats);
        Ok(Talks {
            gains_pct: gains_pct
                .map(|((gain, player), threat)| player.goal.relative_pct(*threat, threat + gain))
                .collect(),
            rates: self.rates(&self.y),
            policy: self.policy,
            equilibrium: self.here,
            weights: self.weights,
            report,
        })
    }

    /// The step that a quadratic model with these gains wants, none of it against a bound it already presses.
    fn plan(&self, gains: &[f64]) -> Plan {
        let mut weights = self.weights.clone();
        let mut free = self.room.free(&self.y, &self.weighted(&weights));
        for _ in 0..REVISIONS {
            let plan = self.plan_within(gains, &free, &weights);
            weights.clone_from(&plan.weights);
            let wanted = self.room.free(&self.y, &self.weighted(&weights));
            let outward = self.room.free(&self.y, &plan.step);
            let revised: Vec<bool> = (0..free.len()).map(|k| if free[k] { outward[k] } else { wanted[k] }).collect();
            if revised == free {
                return plan;
            }
            free = revised;
        }
        self.plan_within(gains, &free, &weights)
    }

    fn weighted(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.y.len()];
        weights.iter().zip(&self.slopes).for_each(|(weight, slope)| add(&mut sum, *weight, slope));
        sum
    }

    fn plan_within(&self, gains: &[f64], free: &[bool], weights: &[f64]) -> Plan {
        let answers: Vec<Vec<f64>> = self.slopes.par_iter().map(|slope| self.memory.uphill(slope, free)).collect();
        let k: Vec<Vec<f64>> =
            self.slopes.iter().map(|slope| answers.iter().map(|answer| dot(slope, answer)).collect()).collect();
        let mut weights = weights.to_vec();
        simplex::least(gains, &k, &mut weights);
        let mut step = vec![0.0; self.y.len()];
        weights.iter().zip(&answers).for_each(|(weight, answer)| add(&mut step, *weight, answer));
        let least = gains.iter().copied().fold(f64::INFINITY, f64::min);
        let bent: f64 = (0..k.len()).map(|i| weights[i] * dot(&k[i], &weights)).sum();
        Plan { promise: dot(&weights, gains) + 0.5 * bent - least, step, weights }
    }

    /// The first point along the plan, shortened as need be, at which the least gain is enough higher.
    fn advance(&mut self, plan: &Plan) -> Result<Option<Look>, Problem> {
        let least = |gains: &[f64]| gains.iter().copied().fold(f64::INFINITY, f64::min);
        let before = least(&self.gains);
        let mut length = 1.0;
        for attempt in 0..HALVINGS {
            let enough = before + 1e-3 * length * plan.promise - NOISE;
            if let Some(look) = self.look(&plan.step, length)? {
                if least(&look.gains) >= enough {
                    return Ok(Some(look));
                }
                // The gains bend along the step: aim again at what it reached.
                if attempt == 0 {
                    let linear =
                        |slope: &Vec<f64>| (0..look.y.len()).map(|k| slope[k] * (look.y[k] - self.y[k])).sum::<f64>();
                    let bent: Vec<f64> =
                        look.gains.iter().zip(&self.slopes).map(|(gain, slope)| gain - linear(slope)).collect();
                    let again = self.plan(&bent);
                    if let Some(look) = self.look(&again.step, 1.0)?
                        && least(&look.gains) >= enough
                    {
                        return Ok(Some(look));
                    }
                }
            }
            length *= 0.5;
        }
        Ok(None)
    }

    fn look(&mut self, step: &[f64], length: f64) -> Result<Option<Look>, Problem> {
        let y = self.room.moved(&self.y, length, step);
        self.write(&y);
        self.solves += 1;
        let there = self.solver.solve(&self.policy, Some(&self.here))?;
        Ok(there.report.stop.converged().then(|| Look { gains: self.gains_at(&there), y, there }))
    }

    fn write(&mut self, y: &[f64]) {
        for (player, rates) in self.game.players.iter().zip(self.rates(y)) {
            player.instruments.write(&rates, &mut self.policy.tariffs);
        }
    }

    /// Goes where it looked, and remembers how the weighted sum of gains bent on the way.
    fn step(&mut self, look: Look, weights: &[f64]) -> Result<(), Problem> {
        self.write(&look.y);
        let moved = look.y.iter().zip(&self.y).map(|(new, old)| new - old).collect();
        (self.y, self.gains, self.here) = (look.y, look.gains, look.there);
        self.here.sharpen(self.game.economy);
        let slopes = self.slopes_here()?;
        let mut bent = vec![0.0; self.y.len()];
        for ((weight, old), new) in weights.iter().zip(&self.slopes).zip(&slopes) {
            add(&mut bent, *weight, old);
            add(&mut bent, -weight, new);
        }
        self.memory.learn(moved, bent);
        self.slopes = slopes;
        Ok(())
    }
}
