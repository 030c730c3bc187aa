//! Lashkaripour's formula for a tariff war in one rate per country (2021, eq. 14).
//!
//! Without intermediate goods and profits, and if a country's tariffs leave relative wages abroad alone, its best tariff is the inverse of
//! the elasticity of demand for its exports:
//!
//! `t_i = 1 / sum_{n != i, j} chi_nij theta_j (1 - pi_nij)`
//!
//! with `chi_nij` the share of market `n` and sector `j` in `i`'s exports before tariff and `pi_nij` the share of `i` in `n`'s expenditure,
//! both in the war itself. A fixed point of it and of the equilibrium needs no search at all.

use std::collections::{BTreeMap, VecDeque};

use cobden_equilibrium::{Economy, Equilibrium, Policy, Settings, Solver};
use cobden_world::{Problem, Rate};
use faer::{Mat, linalg::solvers::SolveLstsq};

use crate::{
    Halt,
    ascent::{add, dot},
    goal::known_countries,
};

/// Steps of the fixed point that the next one is made from.
const KEPT: usize = 6;
/// Most rounds of the fixed point.
const ROUNDS: usize = 200;
/// Largest move of a rate at which the fixed point is reached.
const STILL: f64 = 1e-9;

/// A tariff war by the formula.
#[derive(Clone, Debug)]
pub struct FormulaWar {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// The rate of each importer asked about.
    pub rates: Vec<f64>,
    /// Whether the fixed point was reached. If not there is no result.
    pub halt: Halt,
    /// Equilibria solved.
    pub rounds: usize,
    /// How far the rates are from the formula's at this equilibrium, the largest difference.
    pub residual: f64,
}

impl FormulaWar {
    /// The war of these importers: each sets the formula's rate on everything from everyone, all others keep theirs.
    ///
    /// # Errors
    /// A country that is not there, or none; tariffs without an equilibrium.
    pub fn new(
        economy: &Economy,
        in_force: &Policy,
        importers: &[usize],
        settings: &Settings,
    ) -> Result<Self, Problem> {
        known_countries(economy, importers)?;
        if importers.is_empty() {
            return Err(Problem::new("a tariff war without players").help("name at least one"));
        }
        let mut solver = Solver::new(economy, *settings);
        let mut here = solver.solve(in_force, None)?;
        let mut policy = in_force.clone();
        let mut rates = formula_rates(economy, &here, importers);
        let mut residual = f64::INFINITY;
        let mut fixed_point = Anderson::default();
        for rounds in 1..=ROUNDS {
            for (importer, rate) in importers.iter().zip(&rates) {
                write(&mut policy, *importer, *rate);
            }
            here = solver.solve(&policy, Some(&here))?;
            if !here.report.stop.converged() {
                break;
            }
            if rounds == 1 {
                here.sharpen(economy);
            }
            let next = formula_rates(economy, &here, importers);
            residual = next.iter().zip(&rates).map(|(next, rate)| (next - rate).abs()).fold(0.0, f64::max);
            if residual <= STILL {
                return Ok(Self { policy, equilibrium: here, rates, halt: Halt::Converged, rounds, residual });
            }
            if !residual.is_finite() {
                break;
            }
            rates = fixed_point.next(&rates, &next);
        }
        Ok(Self { policy, equilibrium: here, rates, halt: Halt::Stalled, rounds: ROUNDS, residual })
    }
}

/// Anderson's acceleration of `x -> g(x)`: the combination of the last steps whose moves cancel best, in least squares.
#[derive(Default)]
struct Anderson {
    /// Differences between rounds: of `g(x) - x`, and of `g(x)`.
    differences: VecDeque<(Vec<f64>, Vec<f64>)>,
    last: Option<(Vec<f64>, Vec<f64>)>,
}

impl Anderson {
    /// The point after `x`, of which `g(x)` is known. Never below 0, where no rate of the formula lies.
    fn next(&mut self, x: &[f64], g: &[f64]) -> Vec<f64> {
        let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let residual = minus(g, x);
        if let Some((old_residual, old_g)) = &self.last {
            if self.differences.len() == KEPT.min(x.len()) {
                self.differences.pop_front();
            }
            self.differences.push_back((minus(&residual, old_residual), minus(g, old_g)));
        }
        self.last = Some((residual.clone(), g.to_vec()));
        let mut next = g.to_vec();
        if self.differences.is_empty() || self.differences.iter().any(|(moved, _)| dot(moved, moved) == 0.0) {
            return next;
        }
        let moves = Mat::from_fn(x.len(), self.differences.len(), |row, column| self.differences[column].0[row]);
        let right = Mat::from_fn(x.len(), 1, |row, _| residual[row]);
        let weights = moves.qr().solve_lstsq(&right);
        for (at, (_, moved)) in self.differences.iter().enumerate() {
            add(&mut next, -weights[(at, 0)], moved);
        }
        if next.iter().all(|rate| rate.is_finite() && *rate >= 0.0) { next } else { g.to_vec() }
    }
}

impl FormulaWar {
    /// The rates by country.
    pub(crate) fn by_country(&self, importers: &[usize]) -> BTreeMap<usize, f64> {
        importers.iter().copied().zip(self.rates.iter().copied()).collect()
    }
}

fn write(policy: &mut Policy, importer: usize, rate: f64) {
    let mut own = policy.tariffs.index_axis_mut(ndarray::Axis(0), importer);
    for (exporter, mut rates) in own.outer_iter_mut().enumerate() {
        if exporter != importer {
            rates.fill(Rate(rate));
        }
    }
}

/// The formula's rate at an equilibrium, by importer. A country that exports nothing gets 0.
pub fn formula_rates(economy: &Economy, equilibrium: &Equilibrium, importers: &[usize]) -> Vec<f64> {
    let (flows, theta) = (equilibrium.flows(economy), economy.trade_elasticity());
    let share = equilibrium.trade_shares(economy);
    let rate = |own: &usize| {
        let (mut exports, mut answer) = (0.0, 0.0);
        for market in (0..economy.countries()).filter(|n| n != own) {
            for (sector, theta) in theta.iter().enumerate() {
                let flow = flows[[market, *own, sector]];
                exports += flow;
                answer += flow * theta * (1.0 - share[[market, *own, sector]]);
            }
        }
        if answer > 0.0 { exports / answer } else { 0.0 }
    };
    importers.iter().map(rate).collect()
}
