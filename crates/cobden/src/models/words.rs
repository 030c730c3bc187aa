//! What a comparison says, in sentences: how far the models are apart, what that comes from, and whether they agree who gains.

use super::{Combination, Models, Spread};
use crate::answer::Answer;
use crate::labels::{in_sentence, listed};
use crate::page::{cast, percent};

/// Most names in one list.
const NAMED: usize = 4;

/// About the headline case, the most telling sentence first; none where the study compares no models.
pub(crate) fn sentences(answer: &Answer) -> Vec<String> {
    let Some(models) = &answer.models else { return Vec::new() };
    let case = answer.study.headline;
    let (solved, all) = models.solved(case);
    let mut sentences = Vec::new();
    if solved > 0 {
        sentences.extend(how_far_apart(answer, models, case));
        sentences.extend(agreement(answer, models, case));
    }
    sentences.extend((solved < all).then(|| left_out(models, case, solved)));
    sentences
}

/// `Across 63 models real income in the United States falls by 0.09% to 0.31% (median −0.19%, above −0.23%): elasticities explain 61%
/// of the spread, the model 27%, the closure 4%, the three in combination 8%.`
fn how_far_apart(answer: &Answer, models: &Models, case: usize) -> Option<String> {
    let country = *cast(answer).first()?;
    let spread = models.spread(case, country)?;
    let main = answer.headline().and_then(|case| case.country(country)).map(|country| country.welfare_pct);
    let main = main.map(|main| format!(", {} in the main answer", percent(main))).unwrap_or_default();
    let name = in_sentence(&answer.world.countries[country]);
    let (low, high) = (spread.low_pct, spread.high_pct);
    let what = match spread {
        _ if spread.lose == spread.models => format!("falls by {:.2}% to {:.2}%", -high, -low),
        _ if spread.gain == spread.models => format!("rises by {low:.2}% to {high:.2}%"),
        _ => format!("changes by {} to {}", percent(low), percent(high)),
    };
    let explained = explanation(models, spread).map(|text| format!(": {text}")).unwrap_or_default();
    Some(format!(
        "Across {} models real income in {name} {what} (median {}{main}){explained}.",
        spread.models,
        percent(spread.median_pct)
    ))
}

/// `elasticities explain 61% of the spread, the model 27%, the closure 4%, the three in combination 8%`; nothing where only one
/// choice was open, which then explains all.
fn explanation(models: &Models, spread: &Spread) -> Option<String> {
    let shares = spread.shares.as_ref()?;
    let mut open: Vec<(&str, f64)> = (models.choices.iter().zip(&shares.choices))
        .filter(|(choice, _)| choice.options.len() > 1)
        .map(|(choice, share)| (choice.name, *share))
        .collect();
    open.sort_by(|a, b| b.1.total_cmp(&a.1));
    let together = match open.len() {
        0 | 1 => return None,
        2 => "the two in combination",
        _ => "the choices in combination",
    };
    let parts = open.iter().enumerate().map(|(position, (name, share))| {
        let (subject, verb) = match *name {
            "elasticities" => ("elasticities".to_owned(), "explain"),
            "labour" => ("labour supply".to_owned(), "explains"),
            name => (format!("the {name}"), "explains"),
        };
        if position == 0 {
            format!("{subject} {verb} {} of the spread", whole(*share))
        } else {
            format!("{subject} {}", whole(*share))
        }
    });
    Some(listed(&parts.chain([format!("{together} {}", whole(shares.combinations))]).collect::<Vec<_>>()))
}

/// A share in whole per cent.
fn whole(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// Who loses and who gains whatever the model, and about whom models differ.
fn agreement(answer: &Answer, models: &Models, case: usize) -> Option<String> {
    let all = models.solved(case).0;
    let mut order = cast(answer);
    let median = |country: usize| models.spread(case, country).map_or(0.0, |spread| spread.median_pct);
    let mut others: Vec<usize> = (0..answer.world.countries.len()).filter(|n| !order.contains(n)).collect();
    others.sort_by(|&a, &b| median(b).abs().total_cmp(&median(a).abs()));
    order.append(&mut others);
    let (mut lose, mut gain, mut split) = (Vec::new(), Vec::new(), Vec::new());
    for country in order {
        let spread = models.spread(case, country)?;
        let name = in_sentence(&answer.world.countries[country]);
        match spread {
            _ if spread.lose == all => lose.push(name),
            _ if spread.gain == all => gain.push(name),
            _ if spread.unmoved() == all => {}
            _ => split.push(format!("{name} ({})", counts(spread))),
        }
    }
    let lose = among(&lose).map(|who| format!("{who} lose{}", if lose.len() == 1 { "s" } else { "" }));
    let gain = among(&gain).map(|who| format!("{who} gain{}", if gain.len() == 1 { "s" } else { "" }));
    let agreed: Vec<String> = lose.into_iter().chain(gain).collect();
    let mut text = match agreed.is_empty() {
        true => "The models agree on the sign for nobody.".to_owned(),
        false => format!("All {all} agree that {}.", agreed.join(" and ")),
    };
    if !split.is_empty() {
        text.push_str(&format!(" They differ on {}.", among(&split)?));
    }
    Some(text)
}

/// `loses in 60 of 63, gains in 1`.
fn counts(spread: &Spread) -> String {
    let parts = [(spread.lose, "loses"), (spread.gain, "gains"), (spread.unmoved(), "hardly changes")];
    let mut parts: Vec<(usize, &str)> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    parts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let texts: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(at, (count, verb))| match at {
            0 => format!("{verb} in {count} of {}", spread.models),
            _ => format!("{verb} in {count}"),
        })
        .collect();
    texts.join(", ")
}

/// `a, b and c`, or `a, b, c, d and 9 others`.
fn among(names: &[String]) -> Option<String> {
    let more = names.len().saturating_sub(NAMED);
    let shown = if more > 1 { &names[..NAMED] } else { names };
    let rest = (more > 1).then(|| format!("{more} others"));
    (!names.is_empty()).then(|| listed(&shown.iter().cloned().chain(rest).collect::<Vec<_>>()))
}

/// Which combinations have no answer: `39 of 147 models have no answer and are left out: 18 of krugman at scale 0.75, 21 of ...`.
fn left_out(models: &Models, case: usize, solved: usize) -> String {
    let failed = |one: &&Combination| one.numbers(case, 0).is_none();
    let options = models.choices.first().map(|choice| choice.options.as_slice()).unwrap_or_default();
    let of = |option: usize| models.combinations.iter().filter(failed).filter(|one| one.options[0] == option).count();
    let counts: Vec<String> = (options.iter().enumerate())
        .filter_map(|(option, name)| Some((of(option), name)).filter(|(count, _)| *count > 0))
        .map(|(count, name)| format!("{count} with {name}"))
        .collect();
    let all = models.combinations.len();
    let verb = if all - solved == 1 { "has no answer and is" } else { "have no answer and are" };
    format!("{} of {all} models {verb} left out: {}.", all - solved, listed(&counts))
}
