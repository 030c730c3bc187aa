//! The variables of a search: tariffs scaled so that all directions bend about alike.

use cobden_equilibrium::{Economy, Equilibrium};
use ndarray::Array3;

use crate::{Instruments, Lever, ascent::Room};

/// Longest single move of the log of a tariff factor.
const LONGEST: f64 = 0.7;
/// The least share of its baseline flow that a cell is taken to trade: where a tariff keeps all out its scale must not vanish.
const LEAST: f64 = 1e-3;

/// `y = scale ln (1 + rate)` with `scale = sqrt(sum sigma flow / expenditure)`, the flows those where the search starts.
///
/// Around its best tariffs a country's log welfare falls by about `sigma flow / expenditure` times half the square of what a log tariff
/// factor is off: in `y` the bend is about one in all directions, and flat ones come out as what they are.
#[derive(Clone, Debug)]
pub(crate) struct Variables<'a> {
    instruments: &'a Instruments,
    scale: Vec<f64>,
}

impl<'a> Variables<'a> {
    pub(crate) fn at(economy: &Economy, instruments: &'a Instruments, start: &Equilibrium) -> Self {
        let expenditure = economy.expenditure();
        let spent = instruments.importers().iter().map(|n| expenditure.row(*n).sum()).sum();
        Self::measured(economy, instruments, start, spent)
    }

    /// The same, measured against another expenditure than the player's own.
    pub(crate) fn measured(economy: &Economy, instruments: &'a Instruments, start: &Equilibrium, spent: f64) -> Self {
        let (before, now) = (economy.flows(), start.flows(economy));
        let theta = economy.trade_elasticity();
        let scale = |lever: &Lever| {
            let flow = |cell: &[usize; 3]| (1.0 + theta[cell[2]]) * f64::max(now[*cell], LEAST * before[*cell]);
            (lever.cells.iter().map(flow).sum::<f64>() / spent).sqrt()
        };
        Self { instruments, scale: instruments.levers().iter().map(scale).collect() }
    }

    /// The variables at given rates, within bounds.
    pub(crate) fn of_rates(&self, rates: &[f64]) -> Vec<f64> {
        let levers = self.instruments.levers().iter().zip(&self.scale).zip(rates);
        levers.map(|((lever, scale), rate)| scale * rate.clamp(lever.bounds.0, lever.bounds.1).ln_1p()).collect()
    }

    /// The rates.
    pub(crate) fn rates(&self, y: &[f64]) -> Vec<f64> {
        let levers = self.instruments.levers().iter().zip(&self.scale).zip(y);
        levers.map(|((lever, scale), y)| (y / scale).exp_m1().clamp(lever.bounds.0, lever.bounds.1)).collect()
    }

    /// The slope from a gradient cube: `d rate / dy = (1 + rate) / scale`.
    pub(crate) fn slope(&self, gradient: &Array3<f64>, y: &[f64]) -> Vec<f64> {
        let pulled = self.instruments.pull(gradient).into_iter().zip(&self.scale).zip(y);
        pulled.map(|((slope, scale), y)| slope * (y / scale).exp() / scale).collect()
    }

    /// The room that a search has.
    pub(crate) fn room(&self) -> Room {
        let bound = |of: fn(&Lever) -> f64| {
            self.instruments
                .levers()
                .iter()
                .zip(&self.scale)
                .map(move |(lever, scale)| scale * of(lever).ln_1p())
                .collect()
        };
        Room {
            lower: bound(|lever| lever.bounds.0),
            upper: bound(|lever| lever.bounds.1),
            longest: self.scale.iter().map(|scale| LONGEST * scale).collect(),
        }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.scale.len()
    }

    /// The levers with their variable, slope and scale.
    pub(crate) fn levers(&self) -> impl Iterator<Item = (&'a Lever, f64)> + '_ {
        self.instruments.levers().iter().zip(self.scale.iter().copied())
    }
}
