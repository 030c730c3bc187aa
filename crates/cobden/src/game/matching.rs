//! Answers by rule: the same rate, or the same trade. They are chosen by nobody; how much better each could do is told beside.

use cobden_strategy::{Certificate, Reach, Rule};
use cobden_world::{Problem, Rate};

use super::cast::Cast;
use super::settle::players;
use super::strategy::Strategy;
use super::{Played, Table};
use crate::run::Failure;
use crate::study::{Matching, RespondQuestion};

pub(super) fn play(
    question: &RespondQuestion,
    rule: Matching,
    blocs: &[Vec<usize>],
    table: &Table<'_>,
) -> Result<Played, Failure> {
    let hand = question.hand.reach(table.document, table.world, Vec::new())?;
    let targets = hand.partners.clone().unwrap_or_default();
    let sectors = hand.sectors.clone().unwrap_or_else(|| (0..table.world.sectors.len()).collect());
    let mut policy = table.start.clone();
    for &n in blocs.iter().flatten() {
        for &target in &targets {
            let groups: Vec<Vec<usize>> = match hand.rule {
                Rule::Sector | Rule::PartnerSector if rule == Matching::Rate => {
                    sectors.iter().map(|j| vec![*j]).collect()
                }
                _ => vec![sectors.clone()],
            };
            for group in groups {
                let rate = rate(table, rule, n, target, &group);
                for j in group {
                    policy.tariffs[[n, target, j]].0 += rate;
                }
            }
        }
    }
    let equilibrium = table.economy.solve(&policy, Some(table.before), &table.settings)?;
    let reach = |bloc: &Vec<usize>| {
        question.hand.reach(table.document, table.world, bloc.clone()).map(|reach| Reach { surcharge: true, ..reach })
    };
    let cast = Cast { reaches: blocs.iter().map(reach).collect::<Result<_, Problem>>()? };
    let game = cast.game(table, &question.wants, table.start)?;
    let converged = equilibrium.report.stop.converged();
    let mut certificate = Certificate { gains_pct: Vec::new(), complete: false };
    let watch = table.watch();
    if converged {
        certificate = game.certify(&policy, &table.search(&question.effort, &watch))?;
    }
    let rates: Vec<Vec<f64>> = game.players().iter().map(|player| player.instruments.read(&policy)).collect();
    let strategy = Strategy {
        players: game.players().iter().map(|player| player.name.clone()).collect(),
        matching: Some(rule.name()),
        best_response_gain_max_pct: certificate.complete.then(|| certificate.largest_pct()),
        // Whether the solver converged is told with the equilibrium.
        found: Ok(()),
        by_player: players(table, &game, &equilibrium, &rates, &certificate.gains_pct),
        ..Strategy::default()
    };
    Ok(Played { policy, equilibrium, movers: cast.members(), strategy })
}

/// By how many points a country's tariff on a target rises in some sectors.
fn rate(table: &Table<'_>, rule: Matching, country: usize, target: usize, sectors: &[usize]) -> f64 {
    let (flows, before) = (&table.world.flows, &table.world.tariffs);
    let (mut levied, mut sold, mut bought) = (0.0, 0.0, 0.0);
    for &j in sectors {
        let raise: Rate = table.start.tariffs[[target, country, j]];
        levied += (raise.0 - before[[target, country, j]].0) * flows[[target, country, j]];
        sold += flows[[target, country, j]];
        bought += flows[[country, target, j]];
    }
    let on = match rule {
        Matching::Rate => sold,
        Matching::TradeValue => bought,
    };
    // A cut is not matched: nobody retaliates against that.
    if on > 0.0 { (levied / on).max(0.0) } else { 0.0 }
}
