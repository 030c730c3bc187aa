//! `cooperate`: trade talks over the tariffs of all players, threatened by those the case starts from.

use cobden_strategy::{Rule, Start};
use cobden_world::Problem;

use super::{Effort, Hand, Players, Wants, hand, players};
use crate::document::{Fields, Keys};
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`cooperate`",
    known: &[
        "players",
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
        "punishment",
        "starts",
        "tolerance",
    ],
    later: &["threat"],
};

/// Trade talks.
#[derive(Clone, Debug, PartialEq)]
pub struct TalksQuestion {
    /// Who talks.
    pub players: Players,
    /// About what.
    pub hand: Hand,
    /// What they want.
    pub wants: Wants,
    /// For how many periods one who breaks the deal is punished; `None`: for ever.
    pub punishment: Option<u32>,
    /// How to search.
    pub effort: Effort,
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<TalksQuestion, Problem> {
    Ok(TalksQuestion {
        players: players::read(fields, groups, "players")?,
        hand: hand::read(fields, groups, Rule::PartnerSector)?,
        wants: hand::wants(fields)?,
        punishment: periods(fields)?,
        effort: hand::effort(fields, &[Start::Rate(0.0)])?,
    })
}

/// `punishment`: a number of periods, or `"forever"`.
pub(super) fn periods(fields: &Fields<'_>) -> Result<Option<u32>, Problem> {
    let Some(value) = fields.value("punishment") else { return Ok(None) };
    let wrong = || {
        let problem = fields.document().problem(&value.span(), "`punishment` must be a number of periods");
        problem.help("write punishment = 10, or \"forever\"")
    };
    match value.get_ref() {
        toml::de::DeValue::String(text) if text == "forever" => Ok(None),
        toml::de::DeValue::Integer(number) => {
            number.as_str().parse::<u32>().ok().filter(|periods| *periods > 0).map(Some).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}
