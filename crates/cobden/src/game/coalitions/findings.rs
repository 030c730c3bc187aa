//! What a ledger says, in the form of a result.

use cobden_strategy::coalition::{
    Coalition, Entry, Ledger, Offer, PartitionGame, Party, Payoffs, Sharing, Stability, Structure,
};
use cobden_world::Problem;

use super::Inquiry;
use crate::game::Table;
use crate::game::strategy::{
    CoalitionRow, CoalitionsAnswer, CoreAnswer, DeterrenceAnswer, Money, OfferAnswer, Strategy, StructureRow,
};
use crate::study::CoalitionQuestion;

/// The payoffs of a ledger, and what was asked of them.
pub(super) struct Findings<'a, 't> {
    asked: &'a Inquiry,
    question: &'a CoalitionQuestion,
    table: &'a Table<'t>,
    game: PartitionGame,
}

impl<'a, 't> Findings<'a, 't> {
    pub(super) fn new(
        asked: &'a Inquiry,
        question: &'a CoalitionQuestion,
        table: &'a Table<'t>,
        ledger: &Ledger<'_>,
    ) -> Result<Self, Problem> {
        Ok(Self { asked, question, table, game: ledger.game()? })
    }

    /// All of it; `around` is the structure around the coalition shown.
    pub(super) fn strategy(&self, ledger: &Ledger<'_>, around: &Structure) -> Result<Strategy, Problem> {
        let entries: Vec<Entry> = ledger.entries().collect();
        let found = || entries.iter().filter_map(|entry| entry.found.as_ref().ok());
        let missing = entries.iter().filter(|entry| entry.found.is_err()).count();
        let shown = ledger.entry(around).and_then(|entry| entry.as_ref().ok());
        Ok(Strategy {
            players: self.table.codes(&self.asked.players),
            best_response_gain_max_pct: Some(found().map(|found| found.certificate_pct).fold(0.0, f64::max)),
            tolerance_pct: Some(self.question.effort.tolerance_pct),
            found: match missing {
                0 => Ok(()),
                _ => Err(format!("{missing} of {} coalition structures have no certified equilibrium", entries.len())),
            },
            solves: found().map(|found| found.solves).sum(),
            starts: self.question.effort.starts.len(),
            equilibria: shown.map_or(0, |found| found.equilibria),
            coalitions: Some(self.coalitions(&entries)?),
            ..Strategy::default()
        })
    }

    fn coalitions(&self, entries: &[Entry]) -> Result<CoalitionsAnswer, Problem> {
        let (asked, table) = (self.asked, self.table);
        let values = self.game.characteristic(self.question.outside).ok();
        let core = values.as_ref().map(|values| values.least_core()).transpose()?;
        Ok(CoalitionsAnswer {
            initiator: asked.initiator.map(|n| table.world.countries[n].to_owned()),
            unanswered: asked.initiator.map(|n| table.money(n, table.welfare_pct(table.before, n))),
            outside: self.question.outside.name(),
            shown: asked.names(table, asked.shown),
            structures: entries.iter().map(|entry| self.structure(entry)).collect(),
            coalitions: Coalition::all(asked.players.len()).into_iter().map(|one| self.coalition(one)).collect(),
            core: core.map(|core| CoreAnswer {
                exists: core.exists(self.game.tolerance()),
                epsilon_usd_m: table.usd.map(|usd| usd * core.epsilon),
                nucleolus: self.division(&core.nucleolus),
            }),
            shapley: values.as_ref().map(|values| self.division(&values.shapley())),
            deterrence: self.deterrence(),
            offers: self.offers(),
            joint: None,
        })
    }

    /// Money by player.
    fn division(&self, shares: &[f64]) -> Vec<Money> {
        shares.iter().zip(&self.asked.players).map(|(share, n)| self.table.worth(*n, *share)).collect()
    }

    fn payoffs(&self, payoffs: &Payoffs) -> (Vec<Money>, Option<Money>) {
        let initiator = payoffs.initiator.zip(self.asked.initiator);
        (self.division(&payoffs.players), initiator.map(|(payoff, n)| self.table.worth(n, payoff)))
    }

    fn structure(&self, entry: &Entry) -> StructureRow {
        let payoffs = self.game.payoffs(&entry.structure).ok();
        let (payoffs, initiator) = payoffs.map(|payoffs| self.payoffs(payoffs)).unwrap_or_default();
        let found = entry.found.as_ref();
        StructureRow {
            blocks: entry.structure.blocks().iter().map(|block| self.asked.names(self.table, *block)).collect(),
            why_not: found.err().cloned(),
            payoffs,
            initiator,
            best_response_gain_max_pct: found.ok().map(|found| found.certificate_pct),
            equilibria: found.map_or(0, |found| found.equilibria),
        }
    }

    fn coalition(&self, coalition: Coalition) -> CoalitionRow {
        let (game, outside, table) = (&self.game, self.question.outside, self.table);
        let payoffs = game.payoffs(&outside.around(coalition, self.asked.players.len()));
        let stability = game.stability(coalition, outside);
        let why_not = payoffs.as_ref().err().or(stability.as_ref().err()).map(|problem| problem.message.clone());
        let (shares, initiator) = payoffs.map(|payoffs| self.payoffs(payoffs)).unwrap_or_default();
        let stability = stability.ok();
        let say = |holds: fn(&Stability) -> bool| stability.as_ref().map(holds);
        let names = |players: Vec<usize>| -> Vec<String> {
            table.codes(&players.into_iter().map(|player| self.asked.players[player]).collect::<Vec<_>>())
        };
        let leavers = stability.as_ref().map(|stability| stability.leavers().map(|change| change.player).collect());
        let joiners = stability.as_ref().map(|stability| stability.joiners().map(|change| change.player).collect());
        let transfers = stability.as_ref().filter(|stability| !stability.is_internal());
        let transfers = transfers.and_then(|stability| stability.transfers(Sharing::Least).ok().flatten());
        let usd = |received: Vec<f64>, usd: f64| received.into_iter().map(|received| received * usd).collect();
        CoalitionRow {
            members: self.asked.names(table, coalition),
            why_not,
            payoffs: shares,
            initiator,
            value_usd_m: game.value(coalition, outside).ok().zip(table.usd).map(|(value, usd)| value * usd),
            internally_stable: say(Stability::is_internal),
            externally_stable: say(Stability::is_external),
            potentially_stable: say(Stability::is_potentially_internal),
            leavers: names(leavers.unwrap_or_default()),
            joiners: names(joiners.unwrap_or_default()),
            transfers_usd_m: transfers
                .zip(table.usd)
                .map(|(transfers, rate)| usd(transfers.received, rate))
                .unwrap_or_default(),
        }
    }

    /// The initiator regrets if it has less than in the baseline, without its tariff.
    fn deterrence(&self) -> Option<DeterrenceAnswer> {
        let initiator = self.asked.initiator?;
        let found = self.game.deterrence(self.question.outside, 0.0).ok()??;
        let worth = |(coalition, payoff): &(Coalition, f64)| {
            (self.asked.names(self.table, *coalition), self.table.worth(initiator, *payoff))
        };
        Some(DeterrenceAnswer { coalitions: found.coalitions.iter().map(worth).collect() })
    }

    fn offers(&self) -> Vec<OfferAnswer> {
        if self.asked.shown.len() < 2 {
            return Vec::new();
        }
        let country = |party: Party| match party {
            Party::Player(player) => Some(self.asked.players[player]),
            Party::Initiator => self.asked.initiator,
        };
        let answer = |offer: &Offer| {
            let best = offer.best_payer();
            let member = self.asked.players[offer.member];
            OfferAnswer {
                member: self.table.world.countries[member].to_owned(),
                payment: self.table.worth(member, offer.payment),
                best_payer: best
                    .and_then(|(party, _)| country(party))
                    .map(|n| self.table.world.countries[n].to_owned()),
                net_usd_m: best.zip(self.table.usd).map(|((_, net), usd)| net * usd),
            }
        };
        let offers = self.game.offers(self.asked.shown, self.question.outside).unwrap_or_default();
        offers.iter().map(answer).collect()
    }
}
