//! Deals: what parties would agree on, who pays, what would make the others whole, what would deter it.

use cobden_strategy::deal::{Agreement, Incidence, Negotiation, Party, Penalty, Signatory, Terms};
use cobden_strategy::{Halt, Reach};
use cobden_world::Problem;

use super::cast::{goal, name};
use super::strategy::{
    ChannelRow, CompensationAnswer, ConcessionAnswer, DealAnswer, IncidenceRow, PenaltyAnswer, PlayerAnswer, Strategy,
};
use super::{Played, Table};
use crate::run::Failure;
use crate::study::{BargainQuestion, DealQuestion, PenaltyQuestion, Wants};

/// Bargains, and judges what comes of it.
pub(super) fn bargain(question: &BargainQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let parties = question.parties.resolve(table.document, table.world)?;
    if let Some(powers) = question.powers.as_ref().filter(|powers| powers.len() != parties.len()) {
        let message = format!("{} powers for {} parties", powers.len(), parties.len());
        return Err(Problem::new(message).at(table.document.place(question.parties.span())).into());
    }
    let party = |(at, members): (usize, &Vec<usize>)| {
        let reach = question.hand.reach(table.document, table.world, members.clone())?;
        let others = parties.iter().filter(|other| *other != members).flatten().copied().collect();
        let partners = (question.terms == Terms::Discriminatory).then_some(others);
        let signatory = signatory(table, &question.wants, members)?;
        let power = question.powers.as_ref().map_or(1.0, |powers| powers[at]);
        Ok(Party { signatory, agenda: Reach { partners, ..reach }, power })
    };
    let at_table = parties.iter().enumerate().map(party).collect::<Result<Vec<_>, Problem>>()?;
    let negotiation = Negotiation::new(table.economy, table.settings, table.start.clone(), at_table)?;
    let watch = table.watch();
    let search = table.search(&question.effort, &watch);
    let (report, found, payments) = if question.payments {
        let bargain = negotiation.bargain_with_payments(&search)?;
        let payments = bargain.deal.as_ref().map(|deal| deal.payments.clone());
        (bargain.report, bargain.deal.map(|deal| (deal.policy, deal.rates, Vec::new())), payments)
    } else {
        let bargain = negotiation.bargain(&search)?;
        (bargain.report, bargain.deal.map(|deal| (deal.policy, deal.rates, deal.weights)), None)
    };
    if report.halt == Halt::CalledOff {
        return Err(Failure::Stopped);
    }
    let mut strategy = Strategy {
        players: parties.iter().map(|members| name(table, members)).collect(),
        found: if report.halt.converged() { Ok(()) } else { Err(format!("the search for it {}", report.halt)) },
        rounds: report.iterations,
        solves: report.solves,
        first_order_gap_pct: Some(report.first_order_gap_pct),
        starts: report.starts.1,
        starts_converged: Some(report.starts.0),
        equilibria: report.optima,
        deal: Some(DealAnswer { signatories: names(table, &parties), ..DealAnswer::default() }),
        ..Strategy::default()
    };
    let Some((policy, rates, weights)) = found.filter(|_| strategy.found.is_ok()) else {
        // Nothing is agreed: tariffs stay as they are.
        return Ok(Played {
            policy: table.start.clone(),
            equilibrium: table.before.clone(),
            movers: parties,
            strategy,
        });
    };
    let agreement = negotiation.agreement(policy.clone())?;
    let mut answer = judge(&agreement, question.penalty.as_ref(), &parties, table)?;
    answer.weights = weights;
    answer.payments_usd_m =
        payments.zip(table.usd).map(|(payments, usd)| payments.iter().map(|paid| paid * usd).collect());
    strategy.by_player = negotiation
        .players()
        .iter()
        .zip(&rates)
        .map(|(player, rates)| player_answer(table, player, rates, &agreement))
        .collect();
    strategy.deal = Some(answer);
    Ok(Played { equilibrium: agreement.agreed().clone(), policy, movers: parties, strategy })
}

/// Judges the rows of the case as something signed.
pub(super) fn signed(question: &DealQuestion, table: &Table<'_>) -> Result<Played, Failure> {
    let parties = question.signatories.resolve(table.document, table.world)?;
    let signatories = parties.iter().map(|members| signatory(table, &question.wants, members));
    let agreement = Agreement::new(
        table.economy,
        table.settings,
        signatories.collect::<Result<_, Problem>>()?,
        table.from.clone(),
        table.start.clone(),
    )?;
    let strategy = Strategy {
        players: parties.iter().map(|members| name(table, members)).collect(),
        found: Ok(()),
        deal: Some(judge(&agreement, question.penalty.as_ref(), &parties, table)?),
        ..Strategy::default()
    };
    let equilibrium = agreement.agreed().clone();
    Ok(Played { policy: table.start.clone(), equilibrium, movers: Vec::new(), strategy })
}

fn signatory(table: &Table<'_>, wants: &Wants, members: &[usize]) -> Result<Signatory, Problem> {
    Ok(Signatory { name: name(table, members), members: members.to_vec(), goal: goal(table, wants, members)? })
}

fn names(table: &Table<'_>, parties: &[Vec<usize>]) -> Vec<String> {
    parties.iter().map(|members| name(table, members)).collect()
}

fn player_answer(
    table: &Table<'_>,
    player: &cobden_strategy::Player,
    rates: &[f64],
    agreement: &Agreement<'_>,
) -> PlayerAnswer {
    let reading = |there| player.goal.reading(table.economy, there);
    let (before, after) = (reading(agreement.disagreement()), reading(agreement.agreed()));
    PlayerAnswer::new(table, player, rates, (before, after), None)
}

/// Who gains and who pays, what would make the others whole, what would deter it.
fn judge(
    agreement: &Agreement<'_>,
    penalty: Option<&PenaltyQuestion>,
    parties: &[Vec<usize>],
    table: &Table<'_>,
) -> Result<DealAnswer, Failure> {
    let watch = table.watch();
    let search = cobden_strategy::Search { go_on: &watch, ..Default::default() };
    let incidence = agreement.incidence()?;
    let compensation = agreement.compensation(&search)?.ok_or(Failure::Stopped)?;
    let compensation = compensation.iter().map(|one| CompensationAnswer {
        country: table.world.countries[one.country].to_owned(),
        loss_pct: one.loss_pct,
        money_usd_m: table.usd.map(|usd| usd * one.money),
        concession: one.concession.as_ref().map(|concession| ConcessionAnswer {
            cut_pct: 100.0 * concession.cut,
            enough: concession.enough,
            loss_left_pct: concession.loss_left_pct,
            costs_pct: concession.costs_pct.clone(),
            gains_left_pct: concession.gains_pct.clone(),
        }),
    });
    Ok(DealAnswer {
        agreed: true,
        signatories: names(table, parties),
        gains_pct: agreement.gains_pct(),
        incidence: rows(&incidence, table),
        channels: channels(&incidence, table),
        compensation: compensation.collect(),
        penalties: penalty
            .map(|penalty| penalties(agreement, penalty, parties, table))
            .transpose()?
            .unwrap_or_default(),
        ..DealAnswer::default()
    })
}

fn rows(incidence: &Incidence, table: &Table<'_>) -> Vec<IncidenceRow> {
    let row = |(n, country): (usize, &cobden_strategy::deal::CountryIncidence)| IncidenceRow {
        country: table.world.countries[n].to_owned(),
        signatory: country.signatory.is_some(),
        welfare_pct: country.welfare_pct,
        welfare_usd_m: table.usd.map(|usd| usd * country.welfare_money),
        terms_of_trade_pct: incidence.decomposition.as_ref().ok().map(|parts| parts.countries[n].terms_of_trade_pct),
        volume_of_trade_pct: incidence.decomposition.as_ref().ok().map(|parts| parts.countries[n].volume_of_trade_pct),
    };
    incidence.countries.iter().enumerate().map(row).collect()
}

fn channels(incidence: &Incidence, table: &Table<'_>) -> Vec<ChannelRow> {
    let mut rows = Vec::new();
    for (n, country) in incidence.countries.iter().enumerate() {
        for (j, sector) in country.sectors.iter().enumerate() {
            let parts = incidence.channels(n, j);
            rows.push(ChannelRow {
                country: table.world.countries[n].to_owned(),
                sector: table.world.sectors[j].to_owned(),
                output_pct: sector.output_pct,
                exports_pct: sector.exports_pct,
                exports_usd_m: table.usd.map(|usd| usd * sector.exports_value),
                terms_of_trade_pct: parts.map(|parts| parts.terms_of_trade_pct),
                volume_of_trade_pct: parts.map(|parts| parts.volume_of_trade_pct),
            });
        }
    }
    rows
}

/// Each punisher alone, then all together.
fn penalties(
    agreement: &Agreement<'_>,
    question: &PenaltyQuestion,
    parties: &[Vec<usize>],
    table: &Table<'_>,
) -> Result<Vec<PenaltyAnswer>, Failure> {
    let (document, world) = (table.document, table.world);
    let on = super::country(&question.on, document, world)?;
    let signatory = parties.iter().position(|members| members.contains(&on)).ok_or_else(|| {
        let message = format!("{} is to be punished and signs nothing", question.on.value);
        document.problem(&question.on.span, message).help("name one of those who sign")
    })?;
    let mut punishers = question.by.resolve(document, world)?;
    if punishers.len() > 1 {
        punishers.push(punishers.iter().flatten().copied().collect());
    }
    let defaults = Penalty::by(signatory, &[]);
    let penalty = Penalty {
        signatory,
        punishers,
        sectors: question.sectors.as_ref().map(|sectors| sectors.sectors(document, world)).transpose()?,
        max: question.max.unwrap_or(defaults.max),
    };
    let watch = table.watch();
    let search = cobden_strategy::Search { go_on: &watch, ..Default::default() };
    let found = agreement.deterrence(&penalty, &search)?.ok_or(Failure::Stopped)?;
    let answer = |one: &cobden_strategy::deal::Deterrent| PenaltyAnswer {
        on: question.on.value.clone(),
        by: table.codes(&one.punishers),
        penalty_points: 100.0 * one.penalty.0,
        enough: one.enough,
        gain_left_pct: one.gain_left_pct,
        effects: one.punishers.iter().map(|n| table.worth(*n, one.welfare_money[*n])).collect(),
    };
    Ok(found.iter().map(answer).collect())
}
