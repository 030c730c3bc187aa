//! Players: whom they are, what they want, what they may move.

use cobden_equilibrium::{Aim, Objective};
use cobden_strategy::{Game, Goal, Inside, Instruments, Player, Reach};
use cobden_world::Problem;

use super::Table;
use crate::study::{Hand, Want, Wants};

/// Who plays with what reach, in order.
pub(super) struct Cast {
    pub(super) reaches: Vec<Reach>,
}

impl Cast {
    /// The countries of each player.
    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        self.reaches.iter().map(|reach| reach.members.clone()).collect()
    }

    /// The game of these players over tariffs that stay where nobody moves them. What they may move, and between which bounds, goes by the
    /// tariffs that the case starts from.
    pub(super) fn game<'a>(
        &self,
        table: &Table<'a>,
        wants: &Wants,
        stay: &cobden_equilibrium::Policy,
    ) -> Result<Game<'a>, Problem> {
        let player = |reach: &Reach| player(table, wants, reach);
        let players = self.reaches.iter().map(player).collect::<Result<_, Problem>>()?;
        Game::new(table.economy, table.settings, stay.clone(), players)
    }
}

/// The tariffs within reach of members as one player. Where tariffs inside are theirs to choose or to drop, members count among the partners
/// that a question names.
pub(super) fn reach(table: &Table<'_>, hand: &Hand, members: &[usize], inside: Inside) -> Result<Reach, Problem> {
    let mut reach = Reach { inside, ..hand.reach(table.document, table.world, members.to_vec())? };
    if let (Some(partners), true) = (&mut reach.partners, inside != Inside::AsItIs) {
        partners.extend(members);
    }
    Ok(reach)
}

/// `CHN+JPN`.
pub(super) fn name(table: &Table<'_>, members: &[usize]) -> String {
    table.codes(members).join("+")
}

fn player(table: &Table<'_>, wants: &Wants, reach: &Reach) -> Result<Player, Problem> {
    let name = name(table, &reach.members);
    let instruments = Instruments::new(table.economy, table.start, reach).map_err(|mut problem| {
        if problem.message.starts_with("a player without instruments") {
            problem.message =
                format!("{name} is a player without instruments: none of its tariffs within reach can move");
        }
        problem
    })?;
    Ok(Player { goal: goal(table, wants, &reach.members)?, instruments, name })
}

/// What members want together. Of aims in logs the bloc's is the mean, weighted with income; of aims in money the sum.
pub(super) fn goal(table: &Table<'_>, wants: &Wants, members: &[usize]) -> Result<Goal, Problem> {
    if wants.is_welfare() {
        return Ok(match members {
            [country] => Aim::Welfare(*country).into(),
            _ => Goal::BlocWelfare(members.to_vec()),
        });
    }
    let income = |n: usize| table.economy.income()[n];
    let total: f64 = members.iter().map(|n| income(*n)).sum();
    let mut objective = Objective::default();
    for term in &wants.0 {
        let sector = term.sector(table.document, table.world)?.unwrap_or(0);
        for &n in members {
            let (aim, weight) = match term.want {
                Want::Welfare => (Aim::Welfare(n), income(n) / total),
                Want::Government => (Aim::Government(n), income(n) / total),
                Want::RealWage => (Aim::RealWage(n), income(n) / total),
                Want::Output => (Aim::Output(n, sector), income(n) / total),
                Want::Employment => (Aim::Employment(n, sector), income(n) / total),
                Want::Revenue => (Aim::Revenue(n), 1.0),
                Want::TradeBalance => (Aim::TradeBalance(n), 1.0),
                Want::Exports => (Aim::Exports(n), 1.0),
            };
            objective = objective.and(term.weight * weight, aim);
        }
    }
    Ok(Goal::Aims(objective))
}
