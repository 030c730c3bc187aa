//! How sure: what other models say of the headline case, as strips of dots and a table.

use cobden_report::{Comparison, Entry, Spread, StripChoice, Strips};

use super::sections::cast;
use crate::answer::Answer;
use crate::labels::capital;
use crate::models::{Models, sentences};
use crate::passport::hash_of;

/// The section; `None` where the study compares no models.
pub(super) fn comparison(answer: &Answer) -> Option<Comparison> {
    let models = answer.models.as_ref()?;
    let case = answer.study.headline;
    let open = open(models);
    let shares = open.iter().map(|&choice| capital(models.choices[choice].name));
    Some(Comparison {
        case: answer.headline().map(|case| case.name.clone()).unwrap_or_default(),
        text: sentences(answer),
        // One choice alone explains everything.
        shares: if open.len() > 1 { shares.chain(["Together".to_owned()]).collect() } else { Vec::new() },
        spreads: order(answer, models, case)
            .into_iter()
            .filter_map(|n| spread(answer, models, case, &open, n))
            .collect(),
        strips: cast(answer).into_iter().map(|n| strips(answer, models, case, &open, n)).collect(),
        left_out: left_out(models, case),
    })
}

/// The choices that leave more than one option.
fn open(models: &Models) -> Vec<usize> {
    (0..models.choices.len()).filter(|&choice| models.choices[choice].options.len() > 1).collect()
}

/// From the largest loss to the largest gain in the middle of the models.
fn order(answer: &Answer, models: &Models, case: usize) -> Vec<usize> {
    let median = |n: &usize| models.spread(case, *n).map_or(f64::NAN, |spread| spread.median_pct);
    let mut order: Vec<usize> = (0..answer.world.countries.len()).collect();
    order.sort_by(|a, b| median(a).total_cmp(&median(b)));
    order
}

fn spread(answer: &Answer, models: &Models, case: usize, open: &[usize], n: usize) -> Option<Spread> {
    let spread = models.spread(case, n)?;
    let shares = spread.shares.as_ref().map(|shares| {
        open.iter().map(|&choice| shares.choices[choice]).chain([shares.combinations]).collect::<Vec<f64>>()
    });
    Some(Spread {
        region: answer.world.countries[n].to_owned(),
        main: main(answer, n),
        median: spread.median_pct,
        low: spread.low_pct,
        high: spread.high_pct,
        lose: spread.lose,
        gain: spread.gain,
        shares: shares.unwrap_or_default(),
    })
}

fn main(answer: &Answer, n: usize) -> f64 {
    answer.headline().and_then(|case| case.country(n)).map_or(f64::NAN, |country| country.welfare_pct)
}

fn strips(answer: &Answer, models: &Models, case: usize, open: &[usize], n: usize) -> Strips {
    let shares = models.spread(case, n).and_then(|spread| spread.shares.as_ref());
    let option = |choice: usize, option: usize| {
        let takers = models.combinations.iter().filter(|one| one.options[choice] == option);
        let values = takers.filter_map(|one| one.numbers(case, n)).map(|numbers| numbers.welfare_pct).collect();
        (models.choices[choice].options[option].clone(), values)
    };
    let choice = |&choice: &usize| StripChoice {
        name: capital(models.choices[choice].name),
        share: if open.len() > 1 { shares.map_or(f64::NAN, |shares| shares.choices[choice]) } else { f64::NAN },
        options: (0..models.choices[choice].options.len()).map(|at| option(choice, at)).collect(),
    };
    Strips {
        region: answer.world.countries[n].to_owned(),
        main: main(answer, n),
        choices: open.iter().map(choice).collect(),
    }
}

/// Every combination that did not solve the case, and why.
fn left_out(models: &Models, case: usize) -> Vec<String> {
    let failed = models.combinations.iter().filter_map(|one| Some((one, one.cases.get(case)?.as_ref().err()?)));
    failed.map(|(one, why)| format!("{}: {why}", models.name(one))).collect()
}

/// What was named twice in other words, for the notes.
pub(super) fn notes(answer: &Answer) -> Vec<String> {
    let remarks = answer.models.iter().flat_map(|models| &models.remarks);
    remarks.map(|remark| format!("Models compared: {remark}.")).collect()
}

/// The elasticity sets compared, for the passport.
pub(super) fn passport(answer: &Answer) -> Vec<Entry> {
    let sets = answer.models.iter().filter(|models| models.sets.len() > 1).flat_map(|models| &models.sets);
    let entry = |set: &crate::ElasticitySet| Entry {
        name: format!("Compared: {}, BLAKE3", set.name),
        value: hash_of(set.values.iter().copied()),
    };
    sets.map(entry).collect()
}
