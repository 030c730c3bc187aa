//! How far governments want the same, and which reforms help them all.

use cobden_strategy::alignment::{Alignment, Government, Reform, Wanted};
use cobden_strategy::{Instruments, Search};

use super::cast::{goal, name};
use super::strategy::{AlignmentAnswer, ReformAnswer, ReformMove, ShareAnswer, Strategy};
use super::{Played, Table};
use crate::run::Failure;
use crate::study::AlignQuestion;

pub(super) fn play(question: &AlignQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let members = question.governments.resolve(table.document, table.world)?;
    let importers: Vec<usize> = match &question.importers {
        None => members.iter().flatten().copied().collect(),
        Some(importers) => importers.resolve(table.document, table.world)?.into_iter().flatten().collect(),
    };
    let mut reach = question.hand.reach(table.document, table.world, importers)?;
    // They are no bloc: tariffs on one another move like all others.
    reach.inside = cobden_strategy::Inside::Chosen;
    let instruments = Instruments::new(table.economy, table.start, &reach)?;
    let government = |members: &Vec<usize>| {
        Ok(Government { name: name(table, members), goal: goal(table, &question.wants, members)? })
    };
    let governments = members.iter().map(government).collect::<Result<Vec<_>, Failure>>()?;
    let alignment = Alignment::new(table.economy, table.settings, table.start, governments, &instruments)?;
    let everyone: Vec<usize> = (0..members.len()).collect();
    let watch = table.watch();
    let search = Search { go_on: &watch, ..Search::default() };
    let sampled = alignment.sampled(&everyone, &question.draws, &search)?.ok_or(Failure::Stopped)?;
    let reforms = alignment.reforms(&everyone, question.step, Wanted::Least, question.count)?;
    let best = |wanted| alignment.best(&everyone, question.draws.size, wanted);
    let answer = |reform: &Reform| reform_answer(table, &instruments, reform);
    let share = |share: &cobden_strategy::alignment::Share| ShareAnswer {
        share: share.share,
        standard_error: share.standard_error,
    };
    let cosines = alignment.cosines();
    let codes: Vec<String> = members.iter().map(|members| name(table, members)).collect();
    let strategy = Strategy {
        players: codes,
        found: Ok(()),
        solves: sampled.solved + reforms.solved,
        alignment: Some(AlignmentAnswer {
            levers: instruments.len(),
            cosines: cosines.outer_iter().map(|row| row.to_vec()).collect(),
            pulls_pct: alignment.standings().iter().map(|standing| standing.pull_pct).collect(),
            small_reforms: share(&alignment.share(&everyone)?),
            size: question.draws.size,
            drawn: sampled.solved,
            seed: question.draws.seed,
            all_gain: share(&sampled.all),
            none_gains: share(&sampled.none),
            each_gains: sampled.each.iter().map(share).collect(),
            step_points: 100.0 * question.step,
            moves: reforms.single.iter().map(answer).collect(),
            exchanges: reforms.exchanges.iter().map(answer).collect(),
            best_for_the_least: best(Wanted::Least)?.as_ref().map(|reform| totals(table, reform)),
            best_together: best(Wanted::Joint)?.as_ref().map(|reform| totals(table, reform)),
        }),
        ..Strategy::default()
    };
    Ok(Played { policy: table.start.clone(), equilibrium: table.before.clone(), movers: Vec::new(), strategy })
}

/// What a reform of all levers at once yields; its moves are too many to tell.
fn totals(table: &Table<'_>, reform: &Reform) -> ReformAnswer {
    ReformAnswer {
        moves: Vec::new(),
        gains_pct: reform.gains_pct.clone(),
        surplus_usd_m: table.usd.map(|usd| usd * reform.surplus()),
        sacrifice: reform.sacrifice(),
    }
}

fn reform_answer(table: &Table<'_>, instruments: &Instruments, reform: &Reform) -> ReformAnswer {
    let one = |one: &cobden_strategy::alignment::Move| {
        let (importers, exporters, sectors) = table.cells(&instruments.levers()[one.lever]);
        ReformMove { importers, exporters, sectors, from_pct: 100.0 * one.from, to_pct: 100.0 * one.to }
    };
    ReformAnswer { moves: reform.moves.iter().map(one).collect(), ..totals(table, reform) }
}
