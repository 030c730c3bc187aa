//! `align`: how far governments want the same, over stated tariffs, at the tariffs that the case starts from.

use cobden_strategy::{Rule, alignment::Draws};
use cobden_world::{Problem, Rate};

use super::{Hand, Players, Wants, hand, players, positive};
use crate::document::{Fields, Keys};
use crate::study::row::rate;
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`align`",
    known: &[
        "governments",
        "importers",
        "against",
        "sectors",
        "instrument",
        "only",
        "min",
        "max",
        "surcharge",
        "objective",
        "step",
        "size",
        "draws",
        "seed",
        "count",
    ],
    later: &[],
};

/// How far governments want the same.
#[derive(Clone, Debug, PartialEq)]
pub struct AlignQuestion {
    /// Whom it is about.
    pub governments: Players,
    /// Whose tariffs move; `None`: those of the governments.
    pub importers: Option<Players>,
    /// Which of them.
    pub hand: Hand,
    /// What governments want.
    pub wants: Wants,
    /// By how many points one tariff moves in the reforms that are listed.
    pub step: f64,
    /// Reforms to draw.
    pub draws: Draws,
    /// How many of the best reforms are listed.
    pub count: usize,
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<AlignQuestion, Problem> {
    let step = fields.value("step").map(|value| rate(fields.document(), "step", value)).transpose()?;
    let step = step.unwrap_or(Rate(0.05)).0;
    if step <= 0.0 {
        return Err(fields.document().problem(&fields.key_span("step"), "`step` must be above zero"));
    }
    let usual = Draws::default();
    Ok(AlignQuestion {
        governments: players::read(fields, groups, "governments")?,
        importers: players::read_if(fields, groups, "importers")?,
        hand: hand::read(fields, groups, Rule::PartnerSector)?,
        wants: hand::wants(fields)?,
        step,
        draws: Draws {
            size: positive(fields, "size")?.unwrap_or(usual.size),
            draws: super::count(fields, "draws", 1..=1_000_000)?.unwrap_or(usual.draws),
            seed: super::count(fields, "seed", 0..=usize::MAX)?.map_or(usual.seed, |seed| seed as u64),
        },
        count: super::count(fields, "count", 1..=100)?.unwrap_or(10),
    })
}
