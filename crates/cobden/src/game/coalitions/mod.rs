//! Who would stand with whom, whether it would hold, what would keep it together or split it.

mod findings;

use std::sync::atomic::{AtomicUsize, Ordering};

use cobden_equilibrium::Policy;
use cobden_strategy::coalition::{Alliance, Coalition, Initiator, Ledger, Payoffs, Stakes, Structure, partitions};
use cobden_strategy::{Inside, Reach, Search};
use cobden_world::{Problem, World};

use super::cast::Cast;
use super::strategy::{JointAnswer, JointRow};
use super::talks::patience_of;
use super::{Played, Table};
use crate::document::Document;
use crate::run::Failure;
use crate::study::{CoalitionQuestion, Wants};
use findings::Findings;

pub(super) fn play(question: &CoalitionQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let asked = Inquiry::new(question, table)?;
    let mut ledger = Ledger::new(table.economy, table.settings, table.start.clone(), asked.alliance(question, table)?)?;
    let watch = table.watch();
    let search = table.search(&question.effort, &watch);
    let wanted = asked.structures(question, &ledger);
    // What a step of one of several searches at once has to say is of no use to anybody.
    let quiet = Search { go_on: &|_| true, ..search };
    fill(&mut ledger, &wanted, &quiet, table)?;
    let around = question.outside.around(asked.shown, asked.players.len());
    let policy = ledger.policy(&around)?;
    let equilibrium = table.economy.solve(&policy, Some(table.before), &table.settings)?;
    let mut strategy = Findings::new(&asked, question, table, &ledger)?.strategy(&ledger, &around)?;
    let apart = ledger.apart(asked.shown, question.outside);
    if asked.shown.len() > 1 && matches!(ledger.entry(&apart), Some(Ok(_))) {
        strategy.patience = asked.patience(question, table, &ledger, &policy, &search)?;
    }
    if asked.shown.len() > 1 {
        let joint = asked.joint(question, table, &mut ledger, &quiet)?;
        if let Some(coalitions) = &mut strategy.coalitions {
            coalitions.joint = Some(joint);
        }
    }
    let mut movers: Vec<Vec<usize>> =
        around.blocks().iter().map(|block| block.members().map(|player| asked.players[player]).collect()).collect();
    movers.extend(asked.initiator.filter(|_| question.initiator_responds).map(|initiator| vec![initiator]));
    Ok(Played { policy, equilibrium, movers, strategy })
}

/// Structures that are computed between two times that the ledger is kept.
const AT_ONCE: usize = 16;

/// Computes what is wanted, keeping what there is if the table says where.
fn fill(ledger: &mut Ledger<'_>, wanted: &[Structure], search: &Search<'_>, table: &Table<'_>) -> Result<(), Failure> {
    if let Some(keep) = &table.keep {
        keep.restore(ledger);
    }
    let done = AtomicUsize::new(wanted.iter().filter(|structure| ledger.entry(structure).is_some()).count());
    let each = |_: cobden_strategy::coalition::Filled<'_>| {
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        (table.go_on)(&format!("{done} of {} coalition structures", wanted.len()))
    };
    let at_once = if table.keep.is_some() { AT_ONCE } else { wanted.len() };
    for some in wanted.chunks(at_once.max(1)) {
        let all = ledger.fill(some, search, &each)?;
        // A ledger that is there in an instant needs no keeping.
        if let Some(keep) = table.keep.as_ref().filter(|_| wanted.len() > AT_ONCE) {
            keep.save(ledger)?;
        }
        if !all {
            return Err(Failure::Stopped);
        }
    }
    Ok(())
}

/// The initiator, an index.
pub(super) fn initiator(
    question: &CoalitionQuestion,
    document: &Document,
    world: &World,
) -> Result<Option<usize>, Problem> {
    question.initiator.as_ref().map(|name| super::country(name, document, world)).transpose()
}

/// The question with its names looked up.
struct Inquiry {
    players: Vec<usize>,
    initiator: Option<usize>,
    shown: Coalition,
}

impl Inquiry {
    fn new(question: &CoalitionQuestion, table: &Table<'_>) -> Result<Self, Problem> {
        let (document, world) = (table.document, table.world);
        let single = |blocs: Vec<Vec<usize>>| match blocs.iter().find(|bloc| bloc.len() > 1) {
            Some(bloc) => {
                let message = format!(
                    "{} as one player: a question of coalitions tries who stands with whom",
                    table.codes(bloc).join(" and ")
                );
                Err(Problem::new(message).help("name them one by one, or ask a world in which they are one region"))
            }
            None => Ok(blocs.into_iter().flatten().collect::<Vec<usize>>()),
        };
        let players = single(question.players.resolve(document, world)?)?;
        let shown = match &question.shown {
            None => Coalition::new(0..players.len())?,
            Some(shown) => {
                let countries: Vec<usize> = shown.resolve(document, world)?.into_iter().flatten().collect();
                let at = |n: &usize| {
                    players.iter().position(|player| player == n).ok_or_else(|| {
                        let message = format!("{} is shown and does not play", &world.countries[*n]);
                        document.problem(shown.span(), message).help("name it among the players")
                    })
                };
                Coalition::new(countries.iter().map(at).collect::<Result<Vec<_>, _>>()?)?
            }
        };
        Ok(Self { players, initiator: initiator(question, document, world)?, shown })
    }

    /// Blocs move tariffs on the initiator alone if there is one and nothing else is said; without tariffs inside unless the study says
    /// otherwise.
    fn alliance(&self, question: &CoalitionQuestion, table: &Table<'_>) -> Result<Alliance, Problem> {
        let reach = question.hand.reach(table.document, table.world, self.players.clone())?;
        let partners = reach.partners.clone().or_else(|| self.initiator.map(|initiator| vec![initiator]));
        let inside = question.hand.inside.unwrap_or(Inside::Free);
        let responding = question.initiator_responds.then(|| Reach {
            partners: Some(self.players.clone()),
            inside: Inside::AsItIs,
            ..reach.clone()
        });
        Ok(Alliance {
            names: table.codes(&self.players),
            reach: Reach { partners, inside, ..reach },
            initiator: self.initiator.map(|country| Initiator { country, reach: responding }),
        })
    }

    /// All that is needed: around every coalition, apart, and every partition if asked for.
    fn structures(&self, question: &CoalitionQuestion, ledger: &Ledger<'_>) -> Vec<Structure> {
        let mut wanted = ledger.coalitions(question.outside);
        let mut also = vec![ledger.apart(self.shown, question.outside)];
        if question.partitions {
            also.extend(partitions(ledger.players()));
        }
        for structure in also {
            if !wanted.contains(&structure) {
                wanted.push(structure);
            }
        }
        wanted
    }

    fn names(&self, table: &Table<'_>, coalition: Coalition) -> Vec<String> {
        table.codes(&coalition.members().map(|player| self.players[player]).collect::<Vec<_>>())
    }

    /// How patient members of the coalition shown must be: breaking it is to choose one's own tariffs against the others' of the coalition,
    /// its punishment that each stands for itself.
    fn patience(
        &self,
        question: &CoalitionQuestion,
        table: &Table<'_>,
        ledger: &Ledger<'_>,
        policy: &Policy,
        search: &Search<'_>,
    ) -> Result<Option<super::Patience>, Failure> {
        let members: Vec<usize> = self.shown.members().collect();
        let alliance = ledger.alliance();
        let reach = |player: &usize| {
            let mut partners = alliance.reach.partners.clone();
            if let Some(partners) = &mut partners {
                partners.extend(members.iter().filter(|other| *other != player).map(|other| self.players[*other]));
            }
            Reach { members: vec![self.players[*player]], partners, inside: Inside::AsItIs, ..alliance.reach.clone() }
        };
        let cast = Cast { reaches: members.iter().map(reach).collect() };
        let game = cast.game(table, &Wants::default(), policy)?;
        let certificate = game.certify(policy, search)?;
        if !certificate.complete {
            return Ok(None);
        }
        let payoffs = ledger.game()?;
        let together = payoffs.payoffs(&question.outside.around(self.shown, self.players.len()))?.clone();
        let apart = payoffs.payoffs(&ledger.apart(self.shown, question.outside))?.clone();
        let stakes: Vec<Stakes> = members
            .iter()
            .zip(&certificate.gains_pct)
            .map(|(player, gain)| {
                let pct = |payoff: f64| 100.0 * payoff / table.economy.income()[self.players[*player]];
                let cooperation = pct(together.players[*player]);
                Stakes { cooperation, deviation: cooperation + gain, punishment: pct(apart.players[*player]) }
            })
            .collect();
        Ok(Some(patience_of(&stakes, question.punishment, &self.names(table, self.shown))?))
    }

    /// Where the gain of the coalition shown comes from.
    fn joint(
        &self,
        question: &CoalitionQuestion,
        table: &Table<'_>,
        ledger: &mut Ledger<'_>,
        search: &Search<'_>,
    ) -> Result<JointAnswer, Failure> {
        let joint = match ledger.joint(self.shown, question.outside, search) {
            Ok(Some(joint)) => joint,
            Ok(None) => return Err(Failure::Stopped),
            Err(problem) => return Ok(JointAnswer { why_not: Some(problem.message), ..JointAnswer::default() }),
        };
        let row = |country: usize, payoff: &dyn Fn(&Payoffs) -> f64| {
            let pct = |payoffs: &Payoffs| table.worth(country, payoff(payoffs)).pct;
            let (apart, outward, together) = (pct(&joint.apart), pct(&joint.outward), pct(&joint.together));
            JointRow {
                country: table.world.countries[country].to_owned(),
                start_pct: table.welfare_pct(table.before, country),
                apart_pct: apart,
                outward_pct: outward,
                together_pct: together,
                gain: table.money(country, together - apart),
                punishment: table.money(country, outward - apart),
                opening: table.money(country, together - outward),
            }
        };
        let members = self.shown.members().map(|player| row(self.players[player], &|payoffs| payoffs.players[player]));
        let initiator = self.initiator.map(|n| row(n, &|payoffs| payoffs.initiator.unwrap_or(f64::NAN)));
        let rows = members.chain(initiator).collect();
        Ok(JointAnswer {
            best_response_gain_max_pct: Some(joint.certificate_pct),
            members: self.shown.len(),
            rows,
            why_not: None,
        })
    }
}
