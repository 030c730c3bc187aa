//! Where a game settles: one player's best response, or a tariff war; with its certificate either way.

use cobden_equilibrium::{Equilibrium, Policy};
use cobden_strategy::{Certificate, Game, Halt, Nash, Player, Search, Start};
use cobden_world::Problem;

use super::Table;
use super::strategy::{OtherEquilibrium, PlayerAnswer, Strategy};
use crate::run::Failure;

/// Starts of the searches that try to do better than what was found, beside what was found.
const DEVIATIONS: [Start; 2] = [Start::Elasticity(1.0), Start::InForce];

/// What a best response may leave to be won, in percentage points. What is second order to the player is first order to others: theirs are then
/// exact to about the root of it.
const CLOSE_PCT: f64 = 1e-11;

/// Where a game settled.
pub(super) struct Settled {
    pub(super) policy: Policy,
    pub(super) equilibrium: Equilibrium,
    pub(super) rates: Vec<Vec<f64>>,
    pub(super) certificate: Certificate,
    pub(super) halt: Halt,
    pub(super) rounds: usize,
    pub(super) sweeps: usize,
    pub(super) solves: usize,
    pub(super) first_order_gap_pct: f64,
    pub(super) starts: usize,
    pub(super) starts_converged: usize,
    pub(super) equilibria: usize,
    pub(super) others: Vec<Nash>,
    /// Of a best response: the goal at every different optimum, the best first.
    pub(super) optima_pct: Vec<f64>,
}

impl Settled {
    /// What players of a game settle on.
    pub(super) fn of(game: &Game<'_>, search: &Search<'_>) -> Result<Self, Failure> {
        let search = Search { deviations: &DEVIATIONS, ..*search };
        let settled = if game.players().len() == 1 { Self::best(game, &search)? } else { Self::war(game, &search)? };
        if settled.halt == Halt::CalledOff { Err(Failure::Stopped) } else { Ok(settled) }
    }

    fn best(game: &Game<'_>, search: &Search<'_>) -> Result<Self, Problem> {
        let mut starts = search.starts.to_vec();
        starts.extend(DEVIATIONS.iter().filter(|start| !search.starts.contains(start)));
        let search = &Search { starts: &starts, tolerance_pct: CLOSE_PCT, ..*search };
        let best = game.respond(0, game.in_force(), search)?;
        let mut certificate = Certificate { gains_pct: Vec::new(), complete: false };
        if best.report.halt.converged() {
            certificate = game.certify(&best.policy, search)?;
        }
        let report = best.report;
        Ok(Self {
            policy: best.policy,
            equilibrium: best.equilibrium,
            rates: vec![best.rates],
            certificate,
            halt: report.halt,
            rounds: report.iterations,
            sweeps: 1,
            solves: report.solves,
            first_order_gap_pct: report.first_order_gap_pct,
            starts: report.starts.1,
            starts_converged: report.starts.0,
            equilibria: report.optima,
            others: Vec::new(),
            optima_pct: best.optima_pct,
        })
    }

    fn war(game: &Game<'_>, search: &Search<'_>) -> Result<Self, Problem> {
        let wars = game.nash(search)?;
        let equilibria = if wars.converged > 0 { wars.distinct.len() } else { 0 };
        let mut distinct = wars.distinct.into_iter();
        let Some(first) = distinct.next() else { return Err(Problem::new("a tariff war without a start")) };
        Ok(Self {
            policy: first.policy,
            equilibrium: first.equilibrium,
            rates: first.rates,
            certificate: first.certificate,
            halt: first.report.halt,
            rounds: first.report.rounds,
            sweeps: first.report.sweeps,
            solves: first.report.solves,
            first_order_gap_pct: first.report.first_order_gap_pct,
            starts: wars.starts,
            starts_converged: wars.converged,
            equilibria,
            others: distinct.collect(),
            optima_pct: Vec::new(),
        })
    }

    /// Whether it may be shown: the search converged and nobody gains more than the tolerance by deviating.
    pub(super) fn certain(&self, tolerance_pct: f64) -> Result<(), String> {
        proved(self.halt, &self.certificate, tolerance_pct)
    }

    /// How it was found, in the form of a result.
    pub(super) fn strategy(&self, table: &Table<'_>, game: &Game<'_>, tolerance_pct: f64) -> Strategy {
        let known = !self.certificate.gains_pct.is_empty();
        Strategy {
            players: game.players().iter().map(|player| player.name.clone()).collect(),
            best_response_gain_max_pct: known.then(|| self.certificate.largest_pct()),
            tolerance_pct: Some(tolerance_pct),
            found: self.certain(tolerance_pct),
            rounds: self.rounds,
            sweeps: self.sweeps,
            solves: self.solves,
            first_order_gap_pct: Some(self.first_order_gap_pct),
            starts: self.starts,
            starts_converged: Some(self.starts_converged),
            equilibria: self.equilibria,
            by_player: players(table, game, &self.equilibrium, &self.rates, &self.certificate.gains_pct),
            optima_pct: if self.optima_pct.len() > 1 { self.optima_pct.clone() } else { Vec::new() },
            other_equilibria: self.others.iter().map(|war| other(table, game, war)).collect(),
            ..Strategy::default()
        }
    }
}

/// Whether a search that ended so, with this certificate, found a result; else why not.
fn proved(halt: Halt, certificate: &Certificate, tolerance_pct: f64) -> Result<(), String> {
    if !halt.converged() {
        return Err(format!("the search for it {halt}"));
    }
    if !certificate.complete {
        return Err("a search for a better response did not converge".to_owned());
    }
    let gain = certificate.largest_pct();
    if gain > tolerance_pct {
        return Err(format!(
            "a player gains {gain:.1e} percentage points by deviating, more than the {tolerance_pct:.0e} asked for"
        ));
    }
    Ok(())
}

/// What each player gets and does.
pub(super) fn players(
    table: &Table<'_>,
    game: &Game<'_>,
    equilibrium: &Equilibrium,
    rates: &[Vec<f64>],
    deviations: &[f64],
) -> Vec<PlayerAnswer> {
    let none = Vec::new();
    let one = |(at, player): (usize, &Player)| {
        let reading = |there: &Equilibrium| player.goal.reading(table.economy, there);
        let readings = (reading(table.before), reading(equilibrium));
        PlayerAnswer::new(table, player, rates.get(at).unwrap_or(&none), readings, deviations.get(at).copied())
    };
    game.players().iter().enumerate().map(one).collect()
}

impl PlayerAnswer {
    /// What a player gets, from one reading of its goal to another, and does.
    pub(super) fn new(
        table: &Table<'_>,
        player: &Player,
        rates: &[f64],
        (before, after): (f64, f64),
        best_response_gain_pct: Option<f64>,
    ) -> Self {
        let levers = player.instruments.levers();
        let (mut weighted, mut all) = (0.0, 0.0);
        for (lever, rate) in levers.iter().zip(rates) {
            let trade: f64 = lever.cells.iter().map(|cell| table.world.flows[*cell]).sum();
            weighted += trade * rate;
            all += trade;
        }
        Self {
            player: player.name.clone(),
            members: table.codes(player.instruments.importers()),
            value_pct: player.goal.percent(after),
            gain_pct: player.goal.gain_pct(before, after),
            best_response_gain_pct,
            levers: levers.len(),
            mean_rate_pct: (all > 0.0).then(|| 100.0 * weighted / all),
        }
    }
}

fn other(table: &Table<'_>, game: &Game<'_>, war: &Nash) -> OtherEquilibrium {
    let value = |player: &Player| player.goal.percent(player.goal.reading(table.economy, &war.equilibrium));
    OtherEquilibrium {
        value_pct: game.players().iter().map(value).collect(),
        welfare_pct: (0..table.economy.countries()).map(|n| table.welfare_pct(&war.equilibrium, n)).collect(),
        best_response_gain_max_pct: war.certificate.largest_pct(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_proved_is_no_result() {
        let certificate = |gains: &[f64], complete| Certificate { gains_pct: gains.to_vec(), complete };
        assert_eq!(proved(Halt::Converged, &certificate(&[1e-9, 0.0], true), 1e-6), Ok(()));
        let unproved = |halt, gains: &[f64], complete| proved(halt, &certificate(gains, complete), 1e-6).unwrap_err();
        assert!(unproved(Halt::Stalled, &[0.0], true).contains("no further step"));
        assert!(unproved(Halt::Converged, &[0.0], false).contains("did not converge"));
        assert!(unproved(Halt::Converged, &[0.0, 2e-6], true).contains("gains 2.0e-6 percentage points by deviating"));
    }
}
