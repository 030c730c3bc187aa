//! `nash`: tariffs that are best responses to one another.

use cobden_strategy::{Rule, Start};
use cobden_world::Problem;

use super::{Effort, Hand, Players, Wants, hand, none_beside, players, word};
use crate::document::{Fields, Keys};
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`nash`",
    known: &[
        "players",
        "against",
        "sectors",
        "method",
        "instrument",
        "only",
        "min",
        "max",
        "inside",
        "common",
        "surcharge",
        "objective",
        "starts",
        "tolerance",
    ],
    later: &[],
};

/// A tariff war.
#[derive(Clone, Debug, PartialEq)]
pub struct WarQuestion {
    /// Who fights it.
    pub players: Players,
    /// With what.
    pub hand: Hand,
    /// How it is found.
    pub method: Method,
    /// What they want.
    pub wants: Wants,
    /// How to search.
    pub effort: Effort,
}

/// How a tariff war is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By best responses, with a certificate.
    BestResponses,
    /// By Lashkaripour's formula: one rate for each country, near a tariff war but not one.
    Formula,
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<WarQuestion, Problem> {
    let methods = [("best responses", Method::BestResponses), ("formula", Method::Formula)];
    let method = word(fields, "method", &methods)?.unwrap_or(Method::BestResponses);
    let rule = if method == Method::Formula { Rule::Uniform } else { Rule::PartnerSector };
    if method == Method::Formula {
        let choices = [
            "against",
            "sectors",
            "instrument",
            "only",
            "min",
            "max",
            "inside",
            "common",
            "surcharge",
            "objective",
            "starts",
        ];
        none_beside(fields, &choices, "the formula, which sets one rate on everything for each country's welfare")?;
    }
    Ok(WarQuestion {
        players: players::read(fields, groups, "players")?,
        hand: hand::read(fields, groups, rule)?,
        method,
        wants: hand::wants(fields)?,
        effort: hand::effort(fields, &[Start::Elasticity(1.0), Start::Elasticity(2.0)])?,
    })
}
