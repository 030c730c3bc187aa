//! What some governments do best against the tariffs of others, each for itself or as one.

use cobden_strategy::{Inside, Reach, Search};
use cobden_world::Problem;

use super::cast::{Cast, reach};
use super::settle::Settled;
use super::strategy::{JointAnswer, JointRow};
use super::{Played, Table, matching};
use crate::run::Failure;
use crate::study::RespondQuestion;

pub(super) fn play(question: &RespondQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let players = question.players.resolve(table.document, table.world)?;
    let everyone: Vec<usize> = players.iter().flatten().copied().collect();
    let targets = targets(question, table, &everyone)?;
    if let Some(rule) = question.matching {
        return matching::play(question, rule, &players, table);
    }
    let responding = if question.target_responds { targets.as_slice() } else { &[] };
    let cast = |blocs: &[Vec<usize>], inside: Inside| {
        let own = blocs.iter().map(|bloc| reach(table, &question.hand, bloc, inside));
        let answers = responding.iter().map(|target| {
            let reach = reach(table, &question.hand, &[*target], Inside::AsItIs)?;
            Ok(Reach { partners: Some(everyone.clone()), ..reach })
        });
        own.chain(answers).collect::<Result<Vec<_>, Problem>>().map(|reaches| Cast { reaches })
    };
    let watch = table.watch();
    let search = table.search(&question.effort, &watch);
    let inside = question.hand.inside.unwrap_or_default();
    let blocs = if question.together { vec![everyone.clone()] } else { players.clone() };
    let cast_of_answer = cast(&blocs, inside)?;
    let game = cast_of_answer.game(table, &question.wants, table.start)?;
    let settled = Settled::of(&game, &search)?;
    let mut strategy = settled.strategy(table, &game, question.effort.tolerance_pct);
    if question.together && players.len() > 1 && strategy.found.is_ok() {
        let steps = Steps {
            apart: cast(&players, Inside::AsItIs)?,
            outward: cast(&blocs, Inside::AsItIs)?,
            opens: inside != Inside::AsItIs,
        };
        strategy.joint = Some(steps.play(
            question,
            table,
            &search,
            &settled,
            (everyone.len(), &[&everyone[..], &targets].concat()),
        )?);
    }
    Ok(Played { policy: settled.policy, equilibrium: settled.equilibrium, movers: cast_of_answer.members(), strategy })
}

/// Whom the players answer; none if they move tariffs on everyone.
fn targets(question: &RespondQuestion, table: &Table<'_>, players: &[usize]) -> Result<Vec<usize>, Problem> {
    let reach = question.hand.reach(table.document, table.world, Vec::new())?;
    let targets = reach.partners.unwrap_or_default();
    match targets.iter().find(|target| players.contains(target)) {
        Some(both) if question.target_responds || question.matching.is_some() => {
            let message = format!("{} is a player and a target", &table.world.countries[*both]);
            Err(Problem::new(message).help("leave it out of one of the lists"))
        }
        _ => Ok(targets),
    }
}

/// The way from each for itself to all as one.
struct Steps {
    apart: Cast,
    outward: Cast,
    opens: bool,
}

impl Steps {
    /// What standing together yields, and how much of it is joint punishment, how much mutual opening.
    fn play(
        &self,
        question: &RespondQuestion,
        table: &Table<'_>,
        search: &Search<'_>,
        together: &Settled,
        (members, shown): (usize, &[usize]),
    ) -> Result<JointAnswer, Failure> {
        let apart_game = self.apart.game(table, &question.wants, table.start)?;
        let apart = Settled::of(&apart_game, search)?;
        if let Err(why) = apart.certain(search.certificate_pct) {
            return Ok(JointAnswer { why_not: Some(format!("each for itself: {why}")), ..JointAnswer::default() });
        }
        let mut certificate = together.certificate.largest_pct().max(apart.certificate.largest_pct());
        // Without opening the middle step is the last one.
        let middle = if self.opens {
            let outward = Settled::of(&self.outward.game(table, &question.wants, &apart.policy)?, search)?;
            if let Err(why) = outward.certain(search.certificate_pct) {
                let why = format!("with tariffs inside as they are apart: {why}");
                return Ok(JointAnswer { why_not: Some(why), ..JointAnswer::default() });
            }
            certificate = certificate.max(outward.certificate.largest_pct());
            Some(outward)
        } else {
            None
        };
        let outward = middle.as_ref().map_or(&together.equilibrium, |outward| &outward.equilibrium);
        let rows = shown.iter().map(|&n| {
            let step = |there| table.welfare_pct(there, n);
            let (start, alone, out, all) =
                (step(table.before), step(&apart.equilibrium), step(outward), step(&together.equilibrium));
            JointRow {
                country: table.world.countries[n].to_owned(),
                start_pct: start,
                apart_pct: alone,
                outward_pct: out,
                together_pct: all,
                gain: table.money(n, all - alone),
                punishment: table.money(n, out - alone),
                opening: table.money(n, all - out),
            }
        });
        Ok(JointAnswer { why_not: None, best_response_gain_max_pct: Some(certificate), members, rows: rows.collect() })
    }
}
