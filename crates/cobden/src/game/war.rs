//! Tariff wars: by best responses, or by Lashkaripour's formula.

use cobden_strategy::{Certificate, FormulaWar, Halt};
use cobden_world::Problem;

use super::cast::{Cast, reach};
use super::settle::{Settled, players};
use super::strategy::Strategy;
use super::{Played, Table};
use crate::run::Failure;
use crate::study::{Method, WarQuestion};

pub(super) fn play(question: &WarQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let blocs = question.players.resolve(table.document, table.world)?;
    let inside = question.hand.inside.unwrap_or_default();
    let reaches = blocs.iter().map(|bloc| reach(table, &question.hand, bloc, inside));
    let cast = Cast { reaches: reaches.collect::<Result<_, Problem>>()? };
    if question.method == Method::Formula {
        return formula(question, &cast, table);
    }
    let game = cast.game(table, &question.wants, table.start)?;
    let watch = table.watch();
    let settled = Settled::of(&game, &table.search(&question.effort, &watch))?;
    let strategy = settled.strategy(table, &game, question.effort.tolerance_pct);
    Ok(Played { policy: settled.policy, equilibrium: settled.equilibrium, movers: cast.members(), strategy })
}

/// The war of the formula. It is near a Nash equilibrium and not one: what each could still gain is told, and binds nothing.
fn formula(question: &WarQuestion, cast: &Cast, table: &Table<'_>) -> Result<Played, Failure> {
    let members = cast.members();
    if let Some(bloc) = members.iter().find(|bloc| bloc.len() > 1) {
        let message = format!("the formula knows no blocs: {} play as one", table.codes(bloc).join(" and "));
        return Err(Problem::new(message).at(table.document.place(question.players.span())).into());
    }
    let importers: Vec<usize> = members.iter().flatten().copied().collect();
    let war = FormulaWar::new(table.economy, table.start, &importers, &table.settings)?;
    let game = cast.game(table, &question.wants, table.start)?;
    let mut certificate = Certificate { gains_pct: Vec::new(), complete: false };
    let watch = table.watch();
    if war.halt.converged() {
        certificate = game.certify(&war.policy, &table.search(&question.effort, &watch))?;
    }
    let rates: Vec<Vec<f64>> = war.rates.iter().map(|rate| vec![*rate]).collect();
    let strategy = Strategy {
        players: game.players().iter().map(|player| player.name.clone()).collect(),
        method: Some("formula"),
        best_response_gain_max_pct: certificate.complete.then(|| certificate.largest_pct()),
        found: match war.halt {
            Halt::Converged => Ok(()),
            halt => Err(format!("the fixed point {halt}")),
        },
        rounds: war.rounds,
        solves: war.rounds,
        starts: 1,
        starts_converged: Some(usize::from(war.halt.converged())),
        by_player: players(table, &game, &war.equilibrium, &rates, &certificate.gains_pct),
        ..Strategy::default()
    };
    Ok(Played { policy: war.policy, equilibrium: war.equilibrium, movers: members, strategy })
}
