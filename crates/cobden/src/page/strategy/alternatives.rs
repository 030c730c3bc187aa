//! Answers to the same start, side by side.

use cobden_report::{Card, Chart, Exhibit, Measure, Question as Section, Step};

use super::words::members;
use super::{asked, told};
use crate::answer::Answer;
use crate::labels::{capital, country, in_sentence};
use crate::study::Asked;

/// Most countries that get a chart.
const SHOWN: usize = 6;

/// A section for every case from which several others start, one of which asks a question.
pub(super) fn sections(answer: &Answer) -> Vec<Section> {
    let starts = std::iter::once(None).chain((0..answer.cases.len()).map(Some));
    starts.filter_map(|start| section(answer, start)).collect()
}

fn section(answer: &Answer, start: Option<usize>) -> Option<Section> {
    // What only looks at the start is no answer to it.
    let looks = |case: usize| {
        let question = answer.study.cases[case].question.as_ref();
        question.is_some_and(|question| matches!(question.asked, Asked::Align(_)))
    };
    let solved = |case: &usize| answer.cases[*case].outcome.is_some() && !looks(*case);
    let cases = answer.study.cases.iter().enumerate();
    let answers: Vec<usize> = cases.filter(|(_, case)| case.from == start).map(|(at, _)| at).filter(solved).collect();
    let asks = answers.iter().any(|case| answer.study.cases[*case].question.is_some());
    if answers.len() < 2 || !asks || start.is_some_and(|start| !solved(&start)) {
        return None;
    }
    let cast = cast(answer, &answers);
    let welfare = |case: usize, n: usize| answer.cases[case].country(n).map_or(f64::NAN, |country| country.welfare_pct);
    let bar = |case: usize, n: usize| Step { label: answer.cases[case].name.clone(), value: welfare(case, n) };
    let card = |&n: &usize| Card {
        name: country(&answer.world.countries[n]),
        first: "Case".to_owned(),
        bars: start.into_iter().chain(answers.iter().copied()).map(|case| bar(case, n)).collect(),
        total: Step::default(),
    };
    let name = start.map_or_else(|| "the baseline".to_owned(), |start| format!("“{}”", answer.cases[start].name));
    Some(Section {
        title: capital(&format!("{}, and what could follow", name)),
        asked: format!("What each of these countries has under every case that starts from {name}."),
        answer: vec![best(answer, &cast, &answers, welfare)],
        exhibits: vec![Exhibit {
            title: "Real income by case".to_owned(),
            text: "Change against the baseline in per cent. Every country has a scale of its own.".to_owned(),
            measure: Measure::percent("Real income"),
            chart: Chart::Bars(cast.iter().map(card).collect()),
        }],
        proof: Vec::new(),
    })
}

/// Those who play, then those they answer.
fn cast(answer: &Answer, cases: &[usize]) -> Vec<usize> {
    let mut cast: Vec<usize> = Vec::new();
    let mut targets = Vec::new();
    for told in told(answer).filter(|told| cases.contains(&told.index)) {
        cast.extend(told.strategy.players.iter().flat_map(|player| members(answer, player)));
        targets.extend(asked::hand(&told).map(|hand| asked::targets(&told, hand)).unwrap_or_default());
        let initiator = told.strategy.coalitions.as_ref().and_then(|found| found.initiator.as_ref());
        targets.extend(initiator.and_then(|initiator| answer.world.countries.index(initiator)));
    }
    // Where all play, those that the first of the cases are about stand for the rest.
    let mut seen = Vec::new();
    let room = SHOWN.saturating_sub(usize::from(!targets.is_empty()));
    for &n in &cast {
        if !seen.contains(&n) && seen.len() < room {
            seen.push(n);
        }
    }
    for &n in &targets {
        if !seen.contains(&n) && seen.len() < SHOWN {
            seen.push(n);
        }
    }
    seen
}

/// `Best for China is “answered” (−0.01%), for Japan “together free” (−0.05%).`
fn best(answer: &Answer, cast: &[usize], cases: &[usize], welfare: impl Fn(usize, usize) -> f64) -> String {
    let mut said: Vec<String> = Vec::new();
    for &n in cast {
        let best = cases.iter().max_by(|a, b| welfare(**a, n).total_cmp(&welfare(**b, n)));
        said.extend(best.map(|&case| {
            let name = in_sentence(&answer.world.countries[n]);
            format!("for {name} “{}” ({})", answer.cases[case].name, crate::page::percent(welfare(case, n)))
        }));
    }
    format!("Of these, best {}.", said.join(", "))
}
