//! Climbing under conditions: sequential quadratic programming with limited memory.
//!
//! Each step solves `max_s a s - s' B s / 2` subject to `value_k + c_k s >= level_k`, `a` the slope of what is raised, `c_k` those of the conditions,
//! `B` the bend of the Lagrangian (L-BFGS). Slopes are remembered one by one, so that the bend is at hand for any multipliers: the next point of a
//! frontier goes on with what the last one learned.

use std::collections::VecDeque;

use cobden_equilibrium::{Economy, Equilibrium, Gradients, Policy, Solver};
use cobden_world::Problem;
use ndarray::Array3;

use super::{
    conditions::{MISSED, Programme},
    dual,
    partly::Partly,
};
use crate::{
    Game, Goal, Halt, Progress, Search,
    ascent::{Memory, Room, add, dot, gap},
    variables::Variables,
};

/// Steps whose bend is kept.
const KEPT: usize = 20;
/// Most halvings of a step.
const HALVINGS: usize = 10;
/// Most revisions of which variables press against their bounds.
const REVISIONS: usize = 20;
/// How many times longer than remembered a step may be.
const BOLDEST: f64 = 1e4;
/// How far heights are to be trusted.
const NOISE: f64 = 1e-10;
/// Something read at a point, from where the retaliators start.
#[derive(Clone, Debug)]
pub(super) enum Quantity {
    /// `sign (reading - from)`.
    Goal { goal: Goal, sign: f64, from: f64 },
    /// Levers weighted, in logs of their factors: `sum_k weight_k (ln (1 + rate_k) - from_k)`.
    Levers { weights: Vec<f64>, from: Vec<f64> },
    /// What it costs to list levers in part, of logs of their factors above `from`.
    Partly { partly: Partly, from: Vec<f64> },
}

/// How a climb ended.
#[derive(Clone, Debug)]
pub(super) struct Climb {
    pub halt: Halt,
    pub iterations: usize,
    pub solves: usize,
    /// What the slope of the Lagrangian still promises, to second order.
    pub gap: f64,
    /// The largest that any condition is missed by.
    pub missed: f64,
    /// By condition.
    pub multipliers: Vec<f64>,
}

/// A point on the way, and what is remembered of the way there.
#[derive(Clone, Debug)]
pub(super) struct Stand<'g> {
    pub variables: Variables<'g>,
    pub room: Room,
    pub policy: Policy,
    pub here: Equilibrium,
    pub y: Vec<f64>,
    /// By quantity.
    pub values: Vec<f64>,
    slopes: Vec<Vec<f64>>,
    /// Moves, and by quantity how its slope fell along them.
    bends: VecDeque<(Vec<f64>, Vec<Vec<f64>>)>,
}

/// Someone who climbs from point to point.
pub(super) struct Climber<'g> {
    game: &'g Game<'g>,
    quantities: &'g [Quantity],
    solver: Solver<'g>,
    pub at: Stand<'g>,
    /// How many times longer steps are than the bend that is remembered asks for.
    boldness: f64,
    solves: usize,
}

/// A step and the multipliers behind it.
struct Plan {
    step: Vec<f64>,
    multipliers: Vec<f64>,
    /// By condition, the step that answers its slope, and `[k][l]` by how much that meets each other.
    answers: Vec<Vec<f64>>,
    products: Vec<Vec<f64>>,
}

/// A point looked at.
struct Look {
    y: Vec<f64>,
    values: Vec<f64>,
    there: Equilibrium,
}

impl<'g> Climber<'g> {
    /// Of the first player of a game, at rates from which to start, the variables measured there.
    pub(super) fn new(
        game: &'g Game<'g>,
        quantities: &'g [Quantity],
        rates: &[f64],
        start: Option<&Equilibrium>,
    ) -> Result<Self, Problem> {
        let instruments = &game.players[0].instruments;
        let mut policy = game.in_force.clone();
        instruments.write(rates, &mut policy.tariffs);
        let mut solver = Solver::new(game.economy, game.settings);
        let mut here = game.solved(&mut solver, &policy, start)?;
        here.sharpen(game.economy);
        let variables = Variables::at(game.economy, instruments, &here);
        let (room, y) = (variables.room(), variables.of_rates(rates));
        let (values, slopes, bends) = (Vec::new(), Vec::new(), VecDeque::new());
        let at = Stand { variables, room, policy, here, y, values, slopes, bends };
        let mut this = Self { game, quantities, solver, at, boldness: 1.0, solves: 1 };
        this.at.values = this.values_at(&this.at.y, &this.at.here);
        this.at.slopes = this.slopes_here()?;
        Ok(this)
    }

    /// At a point where another stood.
    pub(super) fn resume(game: &'g Game<'g>, quantities: &'g [Quantity], at: Stand<'g>) -> Self {
        Self { game, quantities, solver: Solver::new(game.economy, game.settings), at, boldness: 1.0, solves: 0 }
    }

    /// Goes somewhere else, with what it remembers.
    ///
    /// # Errors
    /// There is no equilibrium there.
    pub(super) fn move_to(&mut self, y: Vec<f64>) -> Result<(), Problem> {
        if y == self.at.y {
            return Ok(());
        }
        self.write(&y);
        self.solves += 1;
        self.at.here = self.game.solved(&mut self.solver, &self.at.policy, Some(&self.at.here))?;
        self.at.values = self.values_at(&y, &self.at.here);
        self.at.y = y;
        self.at.slopes = self.slopes_here()?;
        Ok(())
    }

    fn values_at(&self, y: &[f64], equilibrium: &Equilibrium) -> Vec<f64> {
        let value = |quantity: &Quantity| match quantity {
            Quantity::Goal { goal, sign, from } => sign * (goal.reading(self.game.economy, equilibrium) - from),
            Quantity::Levers { weights, from } => {
                let levers = self.at.variables.levers().zip(y).zip(weights.iter().zip(from));
                levers.map(|(((_, scale), y), (weight, from))| weight * (y / scale - from)).sum()
            }
            Quantity::Partly { partly, from } => partly.at(&self.logs_above(from, y)).0,
        };
        self.quantities.iter().map(value).collect()
    }

    fn logs_above(&self, from: &[f64], y: &[f64]) -> Vec<f64> {
        let levers = self.at.variables.levers().zip(y).zip(from);
        levers.map(|(((_, scale), y), from)| (y / scale - from).max(0.0)).collect()
    }

    fn slopes_here(&self) -> Result<Vec<Vec<f64>>, Problem> {
        let economy: &Economy = self.game.economy;
        let mut gradients = Gradients::new(economy, &self.at.here, &self.game.settings)?;
        let importers = self.game.players[0].instruments.importers();
        let mut slope = |quantity: &Quantity| match quantity {
            Quantity::Goal { goal, sign, .. } => {
                let gradient: Array3<f64> = gradients.tariffs_of(&goal.local(economy, &self.at.here), importers)?;
                Ok(self.at.variables.slope(&gradient, &self.at.y).into_iter().map(|slope| sign * slope).collect())
            }
            Quantity::Levers { weights, .. } => {
                Ok(self.at.variables.levers().zip(weights).map(|((_, scale), weight)| weight / scale).collect())
            }
            Quantity::Partly { partly, from } => {
                let (_, slopes) = partly.at(&self.logs_above(from, &self.at.y));
                Ok(self.at.variables.levers().zip(slopes).map(|((_, scale), slope)| slope / scale).collect())
            }
        };
        self.quantities.iter().map(&mut slope).collect()
    }

    /// Climbs from where it stands. Conditions that cannot be met leave it where they are missed least, not converged.
    pub(super) fn climb(&mut self, programme: &Programme, search: &Search) -> Result<Climb, Problem> {
        let tolerance = search.tolerance_pct / 100.0;
        let before = self.solves;
        let mut multipliers = vec![0.0; programme.conditions.len()];
        let mut prices = multipliers.clone();
        let mut iterations = 0;
        loop {
            let plan = self.plan(programme, &multipliers);
            multipliers.clone_from(&plan.multipliers);
            let slope = self.at.slope_of(&programme.lagrangian(&multipliers));
            let memory = self.memory(&programme.lagrangian(&multipliers));
            let free = self.at.room.free(&self.at.y, &slope);
            let gap =
                gap(&slope, &memory.uphill(&slope, &free), &free) + programme.slack(&self.at.values, &multipliers);
            let missed = programme.missed(&self.at.values).into_iter().fold(0.0, f64::max);
            let halt = match gap {
                gap if gap <= tolerance && missed <= MISSED => Halt::Converged,
                _ if !(search.go_on)(Progress { iterations, first_order_gap_pct: 100.0 * gap }) => Halt::CalledOff,
                _ if iterations >= search.max_iterations => Halt::MaxIterations,
                _ => Halt::Stalled,
            };
            let solves = self.solves;
            let done = |halt, solves: usize| {
                let (solves, multipliers) = (solves - before, multipliers.clone());
                Climb { halt, iterations, solves, gap, missed, multipliers }
            };
            if halt != Halt::Stalled {
                return Ok(done(halt, solves));
            }
            for (price, multiplier) in prices.iter_mut().zip(&multipliers) {
                // One that was large only for a moment is forgotten by halves.
                *price = f64::max(2.0 * multiplier.abs(), 0.5 * *price + multiplier.abs());
            }
            match self.advance(programme, &plan, &prices)? {
                Ok(look) => self.step(look, &programme.lagrangian(&multipliers))?,
                Err(halt) if self.at.bends.is_empty() => return Ok(done(halt, self.solves)),
                Err(_) => self.at.bends.clear(),
            }
            iterations += 1;
        }
    }

    /// How quantities so weighted bend.
    fn memory(&self, weights: &[f64]) -> Memory {
        let mut memory = Memory::default();
        for (moved, bents) in &self.at.bends {
            let mut bent = vec![0.0; moved.len()];
            weights.iter().zip(bents).for_each(|(weight, one)| add(&mut bent, *weight, one));
            memory.learn(moved.clone(), bent);
        }
        memory
    }

    /// The step that the quadratic model wants, within the room there is.
    fn plan(&self, programme: &Programme, multipliers: &[f64]) -> Plan {
        let (room, y) = (&self.at.room, &self.at.y);
        let weights = programme.lagrangian(multipliers);
        let memory = self.memory(&weights);
        let mut free = room.free(y, &self.at.slope_of(&weights));
        let mut pinned = vec![0.0; y.len()];
        let mut plan = self.plan_within(programme, &free, &pinned, &memory);
        for _ in 0..REVISIONS {
            let slope = self.at.slope_of(&programme.lagrangian(&plan.multipliers));
            let wanted = room.free(y, &slope);
            // With other multipliers one that went to its edge may not want to be there.
            for (pinned, _) in pinned.iter_mut().zip(&slope).filter(|(pinned, slope)| **pinned * **slope < 0.0) {
                *pinned = 0.0;
            }
            let outward = room.free(y, &plan.step);
            let mut revised: Vec<bool> =
                (0..free.len()).map(|k| if free[k] { outward[k] } else { wanted[k] && pinned[k] == 0.0 }).collect();
            if revised == free {
                // What would leave the room goes to its edge, and the rest of the step makes up for it.
                for k in (0..y.len()).filter(|k| free[*k]) {
                    let moved = (y[k] + plan.step[k]).clamp(room.lower[k], room.upper[k]) - y[k];
                    if (moved - plan.step[k]).abs() > 1e-9 * plan.step[k].abs() {
                        (pinned[k], revised[k]) = (moved, false);
                    }
                }
            }
            if revised == free {
                break;
            }
            free = revised;
            plan = self.plan_within(programme, &free, &pinned, &memory);
        }
        plan
    }

    /// The same for what is free, `pinned` being the step of what is not.
    fn plan_within(&self, programme: &Programme, free: &[bool], pinned: &[f64], memory: &Memory) -> Plan {
        let bold = |mut step: Vec<f64>| {
            step.iter_mut().for_each(|step| *step *= self.boldness);
            step
        };
        let climb = bold(memory.uphill(&self.at.slope_of(&programme.weights), free));
        let slopes: Vec<&Vec<f64>> = programme.conditions.iter().map(|at| &self.at.slopes[at.quantity]).collect();
        let answers: Vec<Vec<f64>> = slopes.iter().map(|slope| bold(memory.uphill(slope, free))).collect();
        let mut step: Vec<f64> = climb.iter().zip(pinned).map(|(climb, pinned)| climb + pinned).collect();
        let short = programme.conditions.iter().zip(&slopes);
        let short: Vec<f64> =
            short.map(|(at, slope)| at.level - self.at.values[at.quantity] - dot(slope, &step)).collect();
        let k: Vec<Vec<f64>> =
            slopes.iter().map(|slope| answers.iter().map(|answer| dot(slope, answer)).collect()).collect();
        let exact: Vec<bool> = programme.conditions.iter().map(|at| at.exact).collect();
        let multipliers = dual::multipliers(&short, &k, &exact);
        multipliers.iter().zip(&answers).for_each(|(multiplier, answer)| add(&mut step, *multiplier, answer));
        Plan { step, multipliers, answers, products: k }
    }

    /// The first point along the plan, shortened as need be, that is enough better; or why there is none. What a condition is missed by counts
    /// against a point at a price above its multiplier. Conditions bend along the step: where one that binds is missed or left unused for that, it is met again
    /// first.
    fn advance(&mut self, programme: &Programme, plan: &Plan, prices: &[f64]) -> Result<Result<Look, Halt>, Problem> {
        let (mut length, mut halt) = (1.0, Halt::Edge);
        let noise = NOISE * (1.0 + prices.iter().sum::<f64>());
        let merit = |values: &[f64]| dot(&programme.weights, values) - dot(prices, &programme.missed(values));
        let before = merit(&self.at.values);
        for _ in 0..HALVINGS {
            let step: Vec<f64> = plan.step.iter().map(|step| length * step).collect();
            if let Some(look) = self.look(&step)? {
                let promised = merit(&self.linear(&look.y)) - before;
                let enough = 1e-4 * promised.max(0.0) - noise;
                if merit(&look.values) - before >= enough {
                    return Ok(Ok(look));
                }
                halt = Halt::Stalled;
                if let Some(again) = plan.met_again(programme, step, &look.values)
                    && let Some(look) = self.look(&again)?
                    && merit(&look.values) - before >= enough
                {
                    return Ok(Ok(look));
                }
            }
            length *= 0.5;
            self.boldness = 1.0;
        }
        self.write(&self.at.y.clone());
        Ok(Err(halt))
    }

    /// The quantities at a point by their slopes here.
    fn linear(&self, y: &[f64]) -> Vec<f64> {
        let along = |slope: &Vec<f64>| (0..y.len()).map(|k| slope[k] * (y[k] - self.at.y[k])).sum::<f64>();
        self.at.values.iter().zip(&self.at.slopes).map(|(value, slope)| value + along(slope)).collect()
    }

    fn look(&mut self, step: &[f64]) -> Result<Option<Look>, Problem> {
        let y = self.at.room.moved(&self.at.y, 1.0, step);
        self.write(&y);
        self.solves += 1;
        let there = self.solver.solve(&self.at.policy, Some(&self.at.here))?;
        Ok(there.report.stop.converged().then(|| Look { values: self.values_at(&y, &there), y, there }))
    }

    fn write(&mut self, y: &[f64]) {
        self.game.players[0].instruments.write(&self.at.variables.rates(y), &mut self.at.policy.tariffs);
    }

    /// Goes where it looked, and remembers how every quantity bent on the way.
    fn step(&mut self, look: Look, weights: &[f64]) -> Result<(), Problem> {
        self.write(&look.y);
        let moved: Vec<f64> = look.y.iter().zip(&self.at.y).map(|(new, old)| new - old).collect();
        (self.at.y, self.at.values, self.at.here) = (look.y, look.values, look.there);
        let slopes = self.slopes_here()?;
        // Where it bends upwards nothing says how far to go: twice as far as last time.
        let along: f64 = weights
            .iter()
            .zip(&self.at.slopes)
            .zip(&slopes)
            .map(|((weight, old), new)| weight * (dot(&moved, old) - dot(&moved, new)))
            .sum();
        self.boldness = if along > 0.0 { 1.0 } else { (2.0 * self.boldness).min(BOLDEST) };
        let fall = |(old, new): (&Vec<f64>, &Vec<f64>)| old.iter().zip(new).map(|(old, new)| old - new).collect();
        if self.at.bends.len() == KEPT {
            self.at.bends.pop_front();
        }
        self.at.bends.push_back((moved, self.at.slopes.iter().zip(&slopes).map(fall).collect()));
        self.at.slopes = slopes;
        Ok(())
    }

    /// That it does not stand at a bound nobody stated while what is raised still rises there.
    pub(super) fn check_bounded(&self, what: &str, weights: &[f64]) -> Result<(), Problem> {
        crate::Player::check_bounded(what, &self.at.variables, &self.at.y, &self.at.slope_of(weights))
    }
}

impl Stand<'_> {
    /// The slope of quantities so weighted.
    pub(super) fn slope_of(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.y.len()];
        weights.iter().zip(&self.slopes).for_each(|(weight, slope)| add(&mut sum, *weight, slope));
        sum
    }

    /// The rates there.
    pub(super) fn rates(&self) -> Vec<f64> {
        self.variables.rates(&self.y)
    }
}

impl Plan {
    /// A step that also takes back what conditions that bind are missed by, or left unused, where it led; `None` if that is nothing.
    fn met_again(&self, programme: &Programme, mut step: Vec<f64>, values: &[f64]) -> Option<Vec<f64>> {
        let conditions = programme.conditions.iter().zip(&self.multipliers);
        let exact: Vec<bool> = conditions.map(|(at, multiplier)| at.exact || *multiplier > 0.0).collect();
        let short: Vec<f64> = programme.conditions.iter().map(|at| at.level - values[at.quantity]).collect();
        if short.iter().zip(&exact).all(|(short, exact)| *short <= MISSED && (!exact || *short >= -MISSED)) {
            return None;
        }
        let weights = dual::multipliers(&short, &self.products, &exact);
        weights.iter().zip(&self.answers).for_each(|(weight, answer)| add(&mut step, *weight, answer));
        Some(step)
    }
}
