//! Trade talks, and how patient those who agree must be for the deal to hold.

use cobden_strategy::coalition::{Punishment, Stakes};
use cobden_world::Problem;

use super::cast::{Cast, reach};
use super::settle::players;
use super::strategy::{Patience, Strategy, TalksAnswer};
use super::{Played, Table};
use crate::run::Failure;
use crate::study::TalksQuestion;

pub(super) fn play(question: &TalksQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let blocs = question.players.resolve(table.document, table.world)?;
    let inside = question.hand.inside.unwrap_or_default();
    let reaches = blocs.iter().map(|bloc| reach(table, &question.hand, bloc, inside));
    let cast = Cast { reaches: reaches.collect::<Result<_, Problem>>()? };
    let game = cast.game(table, &question.wants, table.start)?;
    let watch = table.watch();
    let search = table.search(&question.effort, &watch);
    let talks = game.talks(table.before, &search)?;
    if talks.report.halt == cobden_strategy::Halt::CalledOff {
        return Err(Failure::Stopped);
    }
    let found = match talks.report.halt {
        halt if halt.converged() => Ok(()),
        halt => Err(format!("the search for it {halt}")),
    };
    let (mut temptations, mut patience) = (Vec::new(), None);
    if found.is_ok() {
        let certificate = game.certify(&talks.policy, &search)?;
        if certificate.complete {
            let value = |there, at: usize| {
                let goal = &game.players()[at].goal;
                goal.percent(goal.reading(table.economy, there))
            };
            let stakes = |(at, gain): (usize, &f64)| {
                let cooperation = value(&talks.equilibrium, at);
                Stakes { cooperation, deviation: cooperation + gain, punishment: value(table.before, at) }
            };
            let stakes: Vec<Stakes> = certificate.gains_pct.iter().enumerate().map(stakes).collect();
            let names: Vec<String> = game.players().iter().map(|player| player.name.clone()).collect();
            patience = Some(patience_of(&stakes, question.punishment, &names)?);
            temptations = certificate.gains_pct;
        }
    }
    let strategy = Strategy {
        players: game.players().iter().map(|player| player.name.clone()).collect(),
        best_response_gain_max_pct: (!temptations.is_empty()).then(|| temptations.iter().copied().fold(0.0, f64::max)),
        found,
        rounds: talks.report.iterations,
        solves: talks.report.solves,
        first_order_gap_pct: Some(talks.report.first_order_gap_pct),
        starts: talks.report.starts.1,
        starts_converged: Some(talks.report.starts.0),
        by_player: players(table, &game, &talks.equilibrium, &talks.rates, &temptations),
        talks: Some(TalksAnswer { gains_pct: talks.gains_pct, weights: talks.weights }),
        patience,
        ..Strategy::default()
    };
    Ok(Played { policy: talks.policy, equilibrium: talks.equilibrium, movers: cast.members(), strategy })
}

/// How patient players with these stakes must be.
pub(super) fn patience_of(stakes: &[Stakes], periods: Option<u32>, names: &[String]) -> Result<Patience, Problem> {
    let patience = Stakes::patience(stakes, periods.map_or(Punishment::Forever, Punishment::Periods))?;
    Ok(Patience {
        punishment_periods: periods,
        discount_factor: patience.discount_factor,
        binding: patience.binding.map(|at| names[at].clone()),
        by_player: patience.discount_factors,
    })
}
