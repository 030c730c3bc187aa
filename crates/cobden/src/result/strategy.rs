//! What governments were asked, as tables: `players.csv` and `coalitions.csv`.

use cobden_world::Problem;
use serde::Serialize;

use super::tables::write;
use crate::answer::Answer;
use crate::game::{CoalitionRow, CoalitionsAnswer, Money};
use crate::page::strategy::{Told, goal, told};

const PLAYERS: &str = "case,kind,player,members,goal,certified,value_pct,gain_pct,mean_rate_pct,levers,best_response_gain_pct,\
    best_response_gain_max_pct";
const COALITIONS: &str = "case,coalition,country,role,welfare_pct,welfare_usd_m,wants_to,transfer_usd_m,internally_stable,\
    externally_stable,potentially_stable,shown";

#[derive(Serialize)]
struct PlayerRow<'a> {
    case: &'a str,
    kind: &'a str,
    player: &'a str,
    members: String,
    goal: String,
    certified: bool,
    value_pct: Option<f64>,
    gain_pct: Option<f64>,
    mean_rate_pct: Option<f64>,
    levers: usize,
    best_response_gain_pct: Option<f64>,
    best_response_gain_max_pct: Option<f64>,
}

#[derive(Serialize)]
struct PlaceRow<'a> {
    case: &'a str,
    coalition: String,
    country: &'a str,
    role: &'static str,
    welfare_pct: Option<f64>,
    welfare_usd_m: Option<f64>,
    wants_to: &'static str,
    transfer_usd_m: Option<f64>,
    internally_stable: Option<bool>,
    externally_stable: Option<bool>,
    potentially_stable: Option<bool>,
    shown: bool,
}

/// `players.csv`: a row per question and player; `None` if the study asks nothing that has players who choose.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn players_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let rows: Vec<PlayerRow<'_>> = told(answer).flat_map(players).collect();
    (!rows.is_empty()).then(|| write(PLAYERS, rows.into_iter())).transpose()
}

/// `coalitions.csv`: a row per question, coalition and country; `None` if the study asks about none.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn coalitions_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let rows: Vec<PlaceRow<'_>> = told(answer).flat_map(coalitions).collect();
    (!rows.is_empty()).then(|| write(COALITIONS, rows.into_iter())).transpose()
}

fn players<'a>(told: Told<'a>) -> Vec<PlayerRow<'a>> {
    // Numbers of what is not certified are withheld here as elsewhere.
    let found = told.found();
    let row = |player: &'a crate::game::PlayerAnswer| PlayerRow {
        case: &told.case.name,
        kind: told.question.kind(),
        player: &player.player,
        members: player.members.join(" "),
        goal: goal(&told),
        certified: found,
        value_pct: found.then_some(player.value_pct),
        gain_pct: found.then_some(player.gain_pct),
        mean_rate_pct: player.mean_rate_pct.filter(|_| found),
        levers: player.levers,
        best_response_gain_pct: player.best_response_gain_pct,
        best_response_gain_max_pct: told.strategy.best_response_gain_max_pct,
    };
    told.strategy.by_player.iter().map(row).collect()
}

fn coalitions<'a>(told: Told<'a>) -> Vec<PlaceRow<'a>> {
    let Some(found) = &told.strategy.coalitions else { return Vec::new() };
    let of = |row: &'a CoalitionRow| {
        let players = told.strategy.players.iter().enumerate();
        let players = players.map(move |(at, code)| place(told, found, row, code, row.payoffs.get(at)));
        players.chain(found.initiator.iter().map(move |code| place(told, found, row, code, row.initiator.as_ref())))
    };
    found.coalitions.iter().flat_map(of).collect()
}

fn place<'a>(
    told: Told<'a>,
    found: &CoalitionsAnswer,
    row: &'a CoalitionRow,
    code: &'a String,
    payoff: Option<&Money>,
) -> PlaceRow<'a> {
    let member = row.members.iter().position(|member| member == code);
    PlaceRow {
        case: &told.case.name,
        coalition: row.members.join("+"),
        country: code,
        role: match (member, found.initiator.as_ref() == Some(code)) {
            (Some(_), _) => "member",
            (None, true) => "initiator",
            (None, false) => "outside",
        },
        welfare_pct: payoff.map(|payoff| payoff.pct),
        welfare_usd_m: payoff.and_then(|payoff| payoff.usd_m),
        wants_to: match (row.leavers.contains(code), row.joiners.contains(code)) {
            (true, _) => "leave",
            (_, true) => "join",
            _ => "",
        },
        transfer_usd_m: member.and_then(|at| row.transfers_usd_m.get(at).copied()),
        internally_stable: row.internally_stable,
        externally_stable: row.externally_stable,
        potentially_stable: row.potentially_stable,
        shown: row.members == found.shown,
    }
}
