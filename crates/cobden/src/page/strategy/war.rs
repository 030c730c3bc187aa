//! Tariff wars.

use super::words::{count, effect, name, rates, tiny};
use super::{Told, asked};
use crate::study::{Method, WarQuestion};

pub(super) fn sentences(told: &Told<'_>, question: &WarQuestion) -> Vec<String> {
    let strategy = told.strategy;
    let named = |value: fn(&crate::game::PlayerAnswer) -> Option<f64>| -> Vec<(String, f64)> {
        strategy.by_player.iter().filter_map(|player| Some((name(&player.player), value(player)?))).collect()
    };
    let (unit, thing) = if told.surcharge() { (" points", "surcharge") } else { ("%", "tariff") };
    let levied = rates(&named(|player| player.mean_rate_pct), unit, thing).unwrap_or_else(|| "no tariff".to_owned());
    let gains = named(|player| Some(player.gain_pct));
    let unit = format!("percentage points of {}", asked::goal(told));
    let what = effect(&gains, &unit).unwrap_or_else(|| "hardly changes anything for them".to_owned());
    let ends = match strategy.players.as_slice() {
        [one] => format!("It is best for {} to set {levied}", name(one)),
        _ => format!("The war ends with {levied}"),
    };
    let mut said = vec![format!("{ends}. Compared with {}, that {what}.", told.start())];
    if question.method == Method::Formula {
        let most = strategy.best_response_gain_max_pct.map(tiny).unwrap_or_else(|| "an unknown amount of".to_owned());
        said.push(format!("The formula is near a war, not one: a player would still gain up to {most} percentage points by leaving it."));
    } else if strategy.equilibria > 1 {
        said.push(format!(
            "It is not the only way the war can end: the starts led to {}, all certified. The first is shown.",
            count(strategy.equilibria, "different war")
        ));
    }
    said
}
