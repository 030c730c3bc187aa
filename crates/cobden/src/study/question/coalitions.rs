//! `coalitions`: who would stand with whom against whom, and whether it would hold.

use cobden_strategy::coalition::Outside;
use cobden_strategy::{Rule, Start};
use cobden_world::Problem;

use super::{Effort, Hand, Players, hand, players, talks, word};
use crate::document::{Fields, Keys, Located};
use crate::study::selection::Groups;

pub(super) const KEYS: Keys = Keys {
    table: "`coalitions`",
    known: &[
        "players",
        "initiator",
        "target",
        "against",
        "sectors",
        "instrument",
        "only",
        "min",
        "max",
        "inside",
        "common",
        "surcharge",
        "outside",
        "partitions",
        "shown",
        "punishment",
        "starts",
        "tolerance",
    ],
    later: &[],
};

/// Who would stand with whom.
#[derive(Clone, Debug, PartialEq)]
pub struct CoalitionQuestion {
    /// Who may stand together.
    pub players: Players,
    /// The country whose tariff they answer, if there is one.
    pub initiator: Option<Located<String>>,
    /// Whether it responds in turn.
    pub initiator_responds: bool,
    /// What a bloc may move.
    pub hand: Hand,
    /// What those outside a coalition do.
    pub outside: Outside,
    /// Whether all partitions are computed too.
    pub partitions: bool,
    /// The coalition whose tariffs are shown as those of the case; `None`: all players.
    pub shown: Option<Players>,
    /// For how many periods one who breaks the coalition is punished; `None`: for ever.
    pub punishment: Option<u32>,
    /// How to search.
    pub effort: Effort,
}

pub(super) fn read(fields: &Fields<'_>, groups: &Groups) -> Result<CoalitionQuestion, Problem> {
    let initiator = fields.text("initiator")?;
    let initiator_responds = word(fields, "target", &[("passive", false), ("responding", true)])?.unwrap_or(false);
    if initiator_responds && initiator.is_none() {
        let problem =
            fields.document().problem(&fields.key_span("target"), "a target that responds, without `initiator`");
        return Err(problem.help("name the country that is answered: initiator = \"USA\""));
    }
    Ok(CoalitionQuestion {
        players: players::read(fields, groups, "players")?,
        initiator,
        initiator_responds,
        hand: hand::read(fields, groups, Rule::PartnerSector)?,
        outside: word(fields, "outside", &Outside::ALL)?.unwrap_or(Outside::Gamma),
        partitions: fields.flag("partitions")?.is_some_and(|flag| flag.value),
        shown: players::read_if(fields, groups, "shown")?,
        punishment: talks::periods(fields)?,
        effort: hand::effort(fields, &[Start::Elasticity(1.0)])?,
    })
}
