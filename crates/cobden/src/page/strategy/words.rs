//! Names and numbers of games, in words.

use cobden_report::scale;

use crate::answer::Answer;
use crate::labels::{country, in_sentence, listed, sector};

/// A change below this, in percentage points, is no change to speak of.
pub(super) const NOTICEABLE: f64 = 0.005;
/// So many names are written out; of more, the first only.
const NAMED: usize = 5;

/// A player inside a sentence: `China and Japan` for `CHN+JPN`.
pub(super) fn name(player: &str) -> String {
    listed(&player.split('+').map(in_sentence).collect::<Vec<_>>())
}

/// A player in a table: `China + Japan`.
pub(crate) fn plain_name(player: &str) -> String {
    player.split('+').map(country).collect::<Vec<_>>().join(" + ")
}

/// Members of a coalition in a table.
pub(super) fn coalition(members: &[String]) -> String {
    plain_name(&members.join("+"))
}

/// Countries of a player, indices.
pub(super) fn members(answer: &Answer, player: &str) -> Vec<usize> {
    player.split('+').filter_map(|code| answer.world.countries.index(code)).collect()
}

/// Countries inside a sentence: all of them by name if they are few.
pub(super) fn names(answer: &Answer, countries: &[usize]) -> String {
    match countries.len() {
        many if many == answer.world.countries.len() => "all countries".to_owned(),
        many if many > NAMED => format!("{many} countries"),
        _ => listed(&countries.iter().map(|n| in_sentence(&answer.world.countries[*n])).collect::<Vec<_>>()),
    }
}

/// Players inside a sentence.
pub(super) fn players(players: &[String]) -> String {
    match players {
        many if many.len() > NAMED => format!("{} players", many.len()),
        few => listed(&few.iter().map(|player| name(player)).collect::<Vec<_>>()),
    }
}

/// `+0.12`.
pub(super) fn signed(value: f64) -> String {
    scale::signed(value, 2)
}

/// A number that is zero but for rounding shows how small it is: `2e-12`, `0.05`, `0`.
pub(super) fn tiny(value: f64) -> String {
    match value {
        _ if !value.is_finite() => "–".to_owned(),
        _ if value <= 0.0 => "0".to_owned(),
        _ if value < NOTICEABLE => format!("{value:.0e}"),
        _ => scale::number(value, 2),
    }
}

/// `gives China 0.03 and costs the United States 0.06 points of income`; of many only the first of each side; `None` if nothing is to speak of.
pub(super) fn effect(items: &[(String, f64)], unit: &str) -> Option<String> {
    let side = |sign: f64| items.iter().filter(|(_, value)| sign * value >= NOTICEABLE).cloned().collect::<Vec<_>>();
    let sides = [("gives", side(1.0)), ("costs", side(-1.0))];
    let sides = sides.iter().filter(|(_, side)| !side.is_empty());
    if items.len() <= NAMED {
        let item = |(name, value): &(String, f64)| format!("{name} {:.2}", value.abs());
        let said = sides.map(|(verb, side)| format!("{verb} {}", listed(&side.iter().map(item).collect::<Vec<_>>())));
        let said: Vec<String> = said.collect();
        return (!said.is_empty()).then(|| format!("{} {unit}", said.join(" and ")));
    }
    let said: Vec<String> =
        sides.filter_map(|(verb, side)| Some(format!("{verb} {}", foremost(side, unit)?))).collect();
    (!said.is_empty()).then(|| said.join(", and "))
}

/// `Singapore 21.12 points of income and 23 others less`.
fn foremost(side: &[(String, f64)], unit: &str) -> Option<String> {
    let (name, most) = side.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    let others = match side.len() - 1 {
        0 => String::new(),
        1 => " and one other less".to_owned(),
        many => format!(" and {many} others less"),
    };
    Some(format!("{name} {:.2} {unit}{others}", most.abs()))
}

/// Rates of players: `a mean tariff of 12.0%`, `mean tariffs of 12.0% (China) and 3.0% (Japan)`, `mean tariffs between 3.0% (Japan) and 12.0% (China)`.
pub(super) fn rates(rates: &[(String, f64)], unit: &str, thing: &str) -> Option<String> {
    let written = |rate: f64| format!("{}{unit}", scale::number(rate, 1));
    match rates {
        [] => None,
        [(_, rate)] => Some(format!("a mean {thing} of {}", written(*rate))),
        few if few.len() <= NAMED => {
            let said: Vec<String> = few.iter().map(|(name, rate)| format!("{} ({name})", written(*rate))).collect();
            Some(format!("mean {thing}s of {}", listed(&said)))
        }
        many => {
            let least = many.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
            let most = many.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
            Some(format!(
                "mean {thing}s between {} ({}) and {} ({})",
                written(least.1),
                least.0,
                written(most.1),
                most.0
            ))
        }
    }
}

/// `+0.123`.
pub(super) fn signed3(value: f64) -> String {
    scale::signed(value, 3)
}

/// Some tariffs in a table: `Japan on United States, motor vehicles`.
pub(super) fn cells(answer: &Answer, importers: &[String], exporters: &[String], sectors: &[String]) -> String {
    let few = |codes: &[String], all: usize, name: fn(&str) -> String, many: &str| match codes.len() {
        every if every == all => format!("all {many}"),
        number if number > NAMED => format!("{number} {many}"),
        _ => codes.iter().map(|code| name(code)).collect::<Vec<_>>().join(" + "),
    };
    let everyone = answer.world.countries.len();
    let goods = few(sectors, answer.world.sectors.len(), |code| sector(code).to_lowercase(), "goods");
    // On all foreign goods: its own are not among them.
    let partners = if exporters.len() + 1 >= everyone { everyone } else { exporters.len() };
    let partners =
        if partners == everyone { "everyone".to_owned() } else { few(exporters, everyone, country, "countries") };
    format!("{} on {partners}, {goods}", few(importers, everyone, country, "countries"))
}

/// A small change with its sign: `+0.32%`, `+0.002%`.
pub(super) fn fine(value: f64) -> String {
    format!("{}%", scale::signed(value, if value.abs() < 0.1 { 3 } else { 2 }))
}

/// `1 start`, `2 starts`.
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_have_two_sides() {
        let item = |name: &str, value| (name.to_owned(), value);
        let items = [item("China", 0.031), item("Japan", 0.002), item("the United States", -0.06)];
        assert_eq!(effect(&items, "points").unwrap(), "gives China 0.03 and costs the United States 0.06 points");
        assert_eq!(effect(&items[1..2], "points"), None);
        let many: Vec<_> = (0..9).map(|k| item(&format!("C{k}"), f64::from(k) - 1.0)).collect();
        assert_eq!(
            effect(&many, "points").unwrap(),
            "gives C8 7.00 points and 6 others less, and costs C0 1.00 points"
        );
    }

    #[test]
    fn what_is_next_to_nothing_shows_how_little() {
        assert_eq!([2.3e-12, 0.05, 0.0, -1e-17, f64::NAN].map(tiny), ["2e-12", "0.05", "0", "0", "–"]);
    }
}
