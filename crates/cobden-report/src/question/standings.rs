//! Who stands with whom: a row for each coalition, and in it a pin for each player on the player's own scale.

use serde::Serialize;

use crate::bars::Domain;
use crate::contents::Measure;
use crate::scale::signed;

/// Coalitions, and what each player has under each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Standings {
    /// Who may stand together, by name.
    pub players: Vec<String>,
    /// Heads of the columns of remarks: "Holds".
    pub remarks: Vec<String>,
    /// The coalitions.
    pub rows: Vec<Standing>,
}

/// One coalition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Standing {
    /// Its name: "China + Japan".
    pub name: String,
    /// By player.
    pub places: Vec<Place>,
    /// Words on it, one for each of [`Standings::remarks`].
    pub remarks: Vec<String>,
    /// Whether it is the one that the case is about.
    pub shown: bool,
}

/// What one player has under one coalition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Place {
    /// The number; NaN = none.
    pub value: f64,
    /// Whether the player is a member.
    pub inside: bool,
    /// Whether it wants to be where it is.
    pub mark: Option<Mark>,
}

/// Where a player would rather be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Mark {
    /// A member that gains by leaving.
    Leaves,
    /// An outsider that gains by joining.
    Joins,
}

/// Coalitions laid out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct StandingsView {
    players: Vec<Head>,
    remarks: Vec<String>,
    rows: Vec<Row>,
}

/// A player with both ends of its scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Head {
    name: String,
    ends: [String; 2],
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Row {
    name: String,
    pins: Vec<Pin>,
    remarks: Vec<String>,
    shown: bool,
}

/// A number and its place in per cent of the width; no place where there is no number.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Pin {
    at: Option<f64>,
    text: String,
    inside: bool,
    /// `leaves`, `joins` or nothing.
    mark: &'static str,
}

/// Lays coalitions out.
pub(crate) fn view(standings: &Standings, measure: &Measure) -> StandingsView {
    let value = |row: &Standing, player: usize| row.places.get(player).map_or(f64::NAN, |place| place.value);
    let domains: Vec<Domain> = (0..standings.players.len())
        .map(|player| Domain::between(standings.rows.iter().map(|row| value(row, player))))
        .collect();
    let head = |(name, domain): (&String, &Domain)| {
        let (low, high) = domain.ends();
        Head { name: name.clone(), ends: [low, high].map(|end| signed(end, measure.decimals)) }
    };
    let pin = |row: &Standing, player: usize, domain: &Domain| {
        let place = row.places.get(player).copied().unwrap_or(Place { value: f64::NAN, ..Place::default() });
        Pin {
            at: place.value.is_finite().then(|| domain.place(place.value)),
            text: signed(place.value, measure.decimals),
            inside: place.inside,
            mark: match place.mark {
                None => "",
                Some(Mark::Leaves) => "leaves",
                Some(Mark::Joins) => "joins",
            },
        }
    };
    let row = |row: &Standing| Row {
        name: row.name.clone(),
        pins: domains.iter().enumerate().map(|(player, domain)| pin(row, player, domain)).collect(),
        remarks: (0..standings.remarks.len()).map(|at| row.remarks.get(at).cloned().unwrap_or_default()).collect(),
        shown: row.shown,
    };
    StandingsView {
        players: standings.players.iter().zip(&domains).map(head).collect(),
        remarks: standings.remarks.clone(),
        rows: standings.rows.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_player_has_a_scale_of_its_own() {
        let place = |value, inside, mark| Place { value, inside, mark };
        let row = |places: Vec<Place>| Standing { name: "c".into(), places, ..Standing::default() };
        let standings = Standings {
            players: vec!["China".into(), "Japan".into()],
            remarks: vec!["Holds".into()],
            rows: vec![
                row(vec![place(-0.2, true, Some(Mark::Leaves)), place(-0.1, false, Some(Mark::Joins))]),
                row(vec![place(-0.1, true, None), place(f64::NAN, true, None)]),
                row(vec![place(-0.15, false, None)]),
            ],
        };
        let view = view(&standings, &Measure::percent("Real income"));
        assert_eq!(view.players[0].ends, ["−0.20", "−0.10"]);
        let places = |player: usize| view.rows.iter().map(|row| row.pins[player].at).collect::<Vec<_>>();
        assert_eq!(places(0), [Some(0.0), Some(100.0), Some(50.0)]);
        assert_eq!(places(1), [Some(0.0), None, None], "a scale without length has its pins at its start");
        assert_eq!((view.rows[0].pins[0].mark, view.rows[0].pins[1].mark), ("leaves", "joins"));
        assert_eq!((view.rows[1].pins[1].text.as_str(), view.rows[2].remarks.len()), ("–", 1));
    }
}
