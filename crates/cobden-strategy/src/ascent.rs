//! Going uphill between bounds: a quasi-Newton method with limited memory.
//!
//! L-BFGS (Nocedal 1980) on the variables that are free, the others staying at the bound they press against; the path of a step is bent
//! where it meets a bound (Bertsekas 1982). Heights come from equilibria: they are exact to about 1e-11, cost as much as a slope, and may
//! not exist. What the method remembers of the bend outlives a search, since that hardly changes from one tariff war to the next.

use std::collections::VecDeque;

use cobden_world::Problem;

/// Pairs of step and bend that are kept.
const KEPT: usize = 20;
/// Most halvings of a step.
const HALVINGS: usize = 12;
/// How far heights are to be trusted.
const NOISE: f64 = 1e-10;

/// Something to climb.
pub(crate) trait Hill {
    /// The height at a point; `None` where there is no equilibrium.
    fn look(&mut self, at: &[f64]) -> Result<Option<f64>, Problem>;
    /// Goes to the point last looked at, and says how it slopes there.
    fn step(&mut self) -> Result<Vec<f64>, Problem>;
    /// Whether to leave off.
    fn called_off(&self, gap: f64) -> bool;
}

/// What is known of how a hill bends: pairs of a step and the fall of the slope along it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(VecDeque<(Vec<f64>, Vec<f64>)>);

impl Memory {
    /// Remembers a pair, unless the hill bends upwards along it.
    pub(crate) fn learn(&mut self, moved: Vec<f64>, bent: Vec<f64>) {
        let along = dot(&moved, &bent);
        if along > 1e-9 * (dot(&moved, &moved) * dot(&bent, &bent)).sqrt() {
            if self.0.len() == KEPT {
                self.0.pop_front();
            }
            self.0.push_back((moved, bent));
        }
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The inverse bend times a slope, in the variables that are free. Without memory, the slope itself: the variables are scaled so that
    /// hills of welfare bend about alike, and by about one, in all of them.
    pub(crate) fn uphill(&self, slope: &[f64], free: &[bool]) -> Vec<f64> {
        let mut direction: Vec<f64> = slope.iter().zip(free).map(|(s, free)| if *free { *s } else { 0.0 }).collect();
        let inner = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().zip(b).zip(free).map(|((a, b), free)| if *free { a * b } else { 0.0 }).sum()
        };
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(moved, bent)| (moved, bent, inner(moved, bent)))
            .filter(|(moved, bent, along)| *along > 1e-9 * (inner(moved, moved) * inner(bent, bent)).sqrt())
            .collect();
        let mut weights = Vec::new();
        for (moved, bent, along) in pairs.iter().rev() {
            let weight = inner(moved, &direction) / along;
            add(&mut direction, -weight, bent);
            weights.push(weight);
        }
        if let Some((_, bent, along)) = pairs.last() {
            let scale = along / inner(bent, bent);
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((moved, bent, along), weight) in pairs.iter().zip(weights.iter().rev()) {
            let back = inner(bent, &direction) / along;
            add(&mut direction, weight - back, moved);
        }
        direction.iter_mut().zip(free).filter(|(_, free)| !**free).for_each(|(d, _)| *d = 0.0);
        direction
    }
}

/// The room that a search has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    /// The longest single move of each variable.
    pub longest: Vec<f64>,
}

impl Room {
    /// The room of several searches side by side.
    pub(crate) fn extend(&mut self, other: Room) {
        self.lower.extend(other.lower);
        self.upper.extend(other.upper);
        self.longest.extend(other.longest);
    }

    /// Which variables may move the way they want to.
    pub(crate) fn free(&self, y: &[f64], slope: &[f64]) -> Vec<bool> {
        let blocked = |k: usize| (y[k] <= self.lower[k] && slope[k] < 0.0) || (y[k] >= self.upper[k] && slope[k] > 0.0);
        (0..y.len()).map(|k| !blocked(k)).collect()
    }

    /// `y + length direction`, each variable kept within its bounds and its longest move.
    pub(crate) fn moved(&self, y: &[f64], length: f64, direction: &[f64]) -> Vec<f64> {
        let moved = |k: usize| {
            let step = (length * direction[k]).clamp(-self.longest[k], self.longest[k]);
            (y[k] + step).clamp(self.lower[k], self.upper[k])
        };
        (0..y.len()).map(moved).collect()
    }
}

/// What a slope says of the height still to be won, to second order: by what the memory knows of the bend, and by a bend of one.
pub(crate) fn gap(slope: &[f64], direction: &[f64], free: &[bool]) -> f64 {
    let square: f64 = slope.iter().zip(free).map(|(s, free)| if *free { s * s } else { 0.0 }).sum();
    0.5 * dot(slope, direction).max(square)
}

/// When a search ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The height still to be won, to second order, at which it is over.
    pub tolerance: f64,
    pub max_iterations: usize,
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The first-order condition holds to the tolerance.
    Converged,
    /// The bound on iterations was reached.
    MaxIterations,
    /// No step, however short, led higher.
    Stalled,
    /// Every way up leads where there is no equilibrium: with deficits fixed, where another country can no longer pay its surplus.
    Edge,
    /// The caller asked it to.
    CalledOff,
}

impl Halt {
    /// Whether what was found is a result.
    pub fn converged(self) -> bool {
        self == Halt::Converged
    }
}

impl std::fmt::Display for Halt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Halt::Converged => "converged",
            Halt::MaxIterations => "stopped at the bound on iterations",
            Halt::Stalled => "stopped where no further step led higher",
            Halt::Edge => "stopped where every way up leads to tariffs without an equilibrium",
            Halt::CalledOff => "was called off",
        })
    }
}

/// Where a search ended.
#[derive(Clone, Debug)]
pub(crate) struct Ascent {
    pub y: Vec<f64>,
    pub height: f64,
    pub slope: Vec<f64>,
    /// The height still to be won, to second order.
    pub gap: f64,
    /// The same where the search started.
    pub first_gap: f64,
    pub iterations: usize,
    pub halt: Halt,
}

/// Climbs from `y`, which lies within the room; `None` if there is no equilibrium there.
pub(crate) fn ascend(
    hill: &mut impl Hill,
    y: Vec<f64>,
    room: &Room,
    memory: &mut Memory,
    limits: Limits,
) -> Result<Option<Ascent>, Problem> {
    let Some(height) = hill.look(&y)? else { return Ok(None) };
    let mut at =
        Ascent { y, height, slope: hill.step()?, gap: 0.0, first_gap: 0.0, iterations: 0, halt: Halt::MaxIterations };
    loop {
        let free = room.free(&at.y, &at.slope);
        let mut direction = memory.uphill(&at.slope, &free);
        at.gap = gap(&at.slope, &direction, &free);
        if at.iterations == 0 {
            at.first_gap = at.gap;
        }
        at.halt = match at.gap {
            gap if gap <= limits.tolerance => Halt::Converged,
            gap if hill.called_off(gap) => Halt::CalledOff,
            _ if at.iterations >= limits.max_iterations => Halt::MaxIterations,
            _ => Halt::Stalled,
        };
        if at.halt != Halt::Stalled {
            return Ok(Some(at));
        }
        at.iterations += 1;
        let mut found = line(hill, &at, room, &direction)?;
        if found.is_err() && !memory.is_empty() {
            memory.forget();
            direction.clone_from(&at.slope);
            direction.iter_mut().zip(&free).filter(|(_, free)| !**free).for_each(|(d, _)| *d = 0.0);
            found = line(hill, &at, room, &direction)?;
        }
        let Ok((there, height)) = found else {
            at.halt = found.err().unwrap_or(at.halt);
            return Ok(Some(at));
        };
        let slope = hill.step()?;
        let moved = there.iter().zip(&at.y).map(|(new, old)| new - old).collect();
        let bent = at.slope.iter().zip(&slope).map(|(old, new)| old - new).collect();
        memory.learn(moved, bent);
        (at.y, at.height, at.slope) = (there, height, slope);
    }
}

/// The first point along a direction, bent at the bounds and shortened as need be, that is enough higher; or why there is none.
fn line(
    hill: &mut impl Hill,
    at: &Ascent,
    room: &Room,
    direction: &[f64],
) -> Result<Result<(Vec<f64>, f64), Halt>, Problem> {
    let mut length = 1.0;
    let mut halt = Halt::Stalled;
    for _ in 0..HALVINGS {
        let there = room.moved(&at.y, length, direction);
        let promised: f64 = (0..there.len()).map(|k| at.slope[k] * (there[k] - at.y[k])).sum();
        if promised <= 0.0 {
            break;
        }
        match hill.look(&there)? {
            // Below the noise of heights it is the slope that decides whether the search is over.
            Some(height) if height - at.height >= 1e-4 * promised - NOISE => return Ok(Ok((there, height))),
            Some(height) => {
                halt = Halt::Stalled;
                // The top of the parabola through both heights and the slope.
                let top = 0.5 * promised / (promised - (height - at.height));
                length *= top.clamp(0.1, 0.5);
            }
            None => {
                halt = Halt::Edge;
                length *= 0.25;
            }
        }
    }
    Ok(Err(halt))
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The length of a vector.
pub(crate) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

pub(crate) fn add(a: &mut [f64], scale: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += scale * b);
}
