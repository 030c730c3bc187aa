//! What governments were asked: the question, the answer and its proof, in sentences, charts and tables.

mod alignment;
mod alternatives;
mod asked;
mod coalitions;
mod deal;
mod finding;
mod joint;
mod proof;
mod respond;
mod retaliation;
mod talks;
mod war;
mod words;

use cobden_report::scale::number;
use cobden_report::{Chart, Exhibit, Measure, Plain, Question as Section};

use crate::answer::{Answer, CaseAnswer};
use crate::game::{PlayerAnswer, Strategy};
use crate::labels::{capital, in_sentence};
use crate::study::{Asked, Question};

pub(crate) use asked::goal;
pub(crate) use coalitions::{holds, notable};
pub(crate) use finding::finding;
pub(crate) use proof::line as proof_line;

/// A case that asks, with its question and what came of it.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) answer: &'a Answer,
    pub(crate) index: usize,
    pub(crate) case: &'a CaseAnswer,
    pub(crate) question: &'a Question,
    pub(crate) strategy: &'a Strategy,
}

/// The cases that ask, in the order of the study.
pub(crate) fn told(answer: &Answer) -> impl Iterator<Item = Told<'_>> {
    answer.cases.iter().enumerate().filter_map(|(index, case)| {
        let question = answer.study.cases.get(index)?.question.as_ref()?;
        Some(Told { answer, index, case, question, strategy: case.strategy.as_ref()? })
    })
}

/// A section for every question, the headline's first; answers to the same start stand side by side in one of their own.
pub(super) fn sections(answer: &Answer) -> Vec<Section> {
    let of = |headline: bool| {
        let these = told(answer).filter(move |told| (told.index == answer.study.headline) == headline);
        these.map(|told| section(&told))
    };
    of(true).chain(alternatives::sections(answer)).chain(of(false)).collect()
}

fn section(told: &Told<'_>) -> Section {
    let mut exhibits = Vec::new();
    if told.found() {
        let strategy = told.strategy;
        exhibits.extend(strategy.coalitions.iter().flat_map(|found| coalitions::exhibits(told, found)));
        let joint = strategy.coalitions.as_ref().and_then(|found| found.joint.as_ref());
        exhibits.extend(strategy.joint.as_ref().or(joint).and_then(|joint| joint::exhibit(told, joint)));
        exhibits.extend(strategy.deal.iter().flat_map(|deal| deal::exhibits(told, deal)));
        exhibits.extend(strategy.retaliation.iter().flat_map(|found| retaliation::exhibits(told, found)));
        exhibits.extend(strategy.alignment.iter().flat_map(|found| alignment::exhibits(told, found)));
        exhibits.extend(players(told));
        exhibits.extend(others(told));
    }
    Section {
        title: match asked::title(told) {
            title if title == told.case.name => title.to_owned(),
            title => format!("{title}: “{}”", told.case.name),
        },
        asked: asked::sentence(told),
        answer: sentences(told),
        exhibits,
        proof: proof::remarks(told),
    }
}

/// The answer, the most telling sentence first.
pub(crate) fn sentences(told: &Told<'_>) -> Vec<String> {
    if !told.found() {
        return vec![format!("There is no answer to show: {}.", told.case.solver.stop)];
    }
    match &told.question.asked {
        Asked::Respond(question) => respond::sentences(told, question),
        Asked::Nash(question) => war::sentences(told, question),
        Asked::Cooperate(_) => talks::sentences(told),
        Asked::Bargain(_) | Asked::Deal(_) => {
            told.strategy.deal.iter().flat_map(|deal| deal::sentences(told, deal)).collect()
        }
        Asked::Retaliate(_) => {
            told.strategy.retaliation.iter().flat_map(|found| retaliation::sentences(told, found)).collect()
        }
        Asked::Align(_) => told.strategy.alignment.iter().flat_map(|found| alignment::sentences(told, found)).collect(),
        Asked::Coalitions(_) => {
            told.strategy.coalitions.iter().flat_map(|found| coalitions::sentences(told, found)).collect()
        }
    }
}

/// What the governments of the headline case do, as a clause and with their countries, where rows and moves would tell it wrongly: in a
/// war nobody opens, in talks nobody answers.
pub(super) fn headline_clause(answer: &Answer) -> Option<(String, Vec<usize>)> {
    let told = told(answer).find(|told| told.index == answer.study.headline)?;
    let does = match (&told.question.asked, told.strategy.deal.as_ref().is_some_and(|deal| !deal.agreed)) {
        (Asked::Nash(_), _) => "wage a tariff war",
        (Asked::Cooperate(_), _) => "agree on tariffs that all gain from",
        (Asked::Bargain(_), true) => "find nothing to agree on",
        (Asked::Bargain(_), false) => "strike a deal",
        _ => return None,
    };
    let countries: Vec<usize> =
        told.strategy.players.iter().flat_map(|player| words::members(answer, player)).collect();
    let who = words::names(answer, &countries);
    let verb = if countries.len() == 1 { "chooses its tariffs" } else { does };
    let after = told.from().map(|from| format!(" after “{from}”")).unwrap_or_default();
    Some((format!("{who} {verb}{after}"), countries))
}

/// By player: what it wants, gains and does, and what it could still gain.
fn players(told: &Told<'_>) -> Option<Exhibit> {
    let rows: Vec<&PlayerAnswer> = told.strategy.by_player.iter().collect();
    if rows.is_empty() {
        return None;
    }
    let goal = asked::goal(told);
    let alone = rows.iter().any(|row| row.best_response_gain_pct.is_some());
    let points = if told.surcharge() { "Mean surcharge, points" } else { "Mean rate, %" };
    let heads = [
        "Player".to_owned(),
        format!("{}, %", capital(&goal)),
        "Gain, points".to_owned(),
        points.to_owned(),
        "Rates chosen".to_owned(),
    ];
    let last = alone.then(|| "Could still gain, points".to_owned());
    let row = |row: &&PlayerAnswer| {
        let cells = [
            words::plain_name(&row.player),
            words::signed(row.value_pct),
            words::signed(row.gain_pct),
            row.mean_rate_pct.map_or_else(|| "–".to_owned(), |rate| number(rate, 1)),
            row.levers.to_string(),
        ];
        let gain = alone.then(|| row.best_response_gain_pct.map_or_else(|| "–".to_owned(), words::tiny));
        cells.into_iter().chain(gain).collect()
    };
    Some(Exhibit {
        title: "Player by player".to_owned(),
        text: format!(
            "{} against the baseline; the gain is over {}. Mean rates are weighted with the trade of the baseline.{}",
            capital(&goal),
            told.start(),
            if alone {
                " The last column is what the player could still gain by choosing other tariffs alone."
            } else {
                ""
            }
        ),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: heads.into_iter().chain(last).collect(),
            words: 1,
            rows: rows.iter().map(row).collect(),
        }),
    })
}

/// Other equilibria that some start led to.
fn others(told: &Told<'_>) -> Option<Exhibit> {
    let strategy = told.strategy;
    if strategy.other_equilibria.is_empty() {
        return None;
    }
    let columns = std::iter::once("Equilibrium".to_owned())
        .chain(strategy.by_player.iter().map(|player| format!("{}, %", words::plain_name(&player.player))))
        .chain(["Certificate, points".to_owned()]);
    let row = |name: String, values: Vec<f64>, certificate: Option<f64>| {
        let values = values.into_iter().map(words::signed);
        std::iter::once(name)
            .chain(values)
            .chain([certificate.map(words::tiny).unwrap_or_default()])
            .collect::<Vec<_>>()
    };
    let shown = strategy.by_player.iter().map(|player| player.value_pct).collect();
    let first = row("1, shown".to_owned(), shown, strategy.best_response_gain_max_pct);
    let others =
        strategy.other_equilibria.iter().enumerate().map(|(at, other)| {
            row((at + 2).to_string(), other.value_pct.clone(), Some(other.best_response_gain_max_pct))
        });
    Some(Exhibit {
        title: "Every equilibrium found".to_owned(),
        text: format!("{} of each player against the baseline.", capital(&asked::goal(told))),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: columns.collect(),
            words: 1,
            rows: std::iter::once(first).chain(others).collect(),
        }),
    })
}

impl<'a> Told<'a> {
    /// Whether there is an answer to show.
    pub(crate) fn found(&self) -> bool {
        self.strategy.found.is_ok() && self.case.solver.converged
    }

    /// The name of the case it starts from.
    fn from(&self) -> Option<&'a str> {
        let from = self.answer.study.cases.get(self.index)?.from?;
        Some(&self.answer.study.cases.get(from)?.name.value)
    }

    /// What it starts from, inside a sentence.
    fn start(&self) -> String {
        let rows = self.answer.study.cases.get(self.index).is_some_and(|case| !case.rows.is_empty());
        // A deal that the rows state is compared with what was before them.
        let rows =
            if rows && !matches!(self.question.asked, Asked::Deal(_)) { " and the rows of this case" } else { "" };
        match self.from() {
            Some(from) => format!("“{from}”{rows}"),
            None if rows.is_empty() => "the baseline".to_owned(),
            None => "the rows of this case".to_owned(),
        }
    }

    /// Whether rates are points on top of those in force.
    fn surcharge(&self) -> bool {
        match &self.question.asked {
            Asked::Respond(question) => question.hand.surcharge || question.matching.is_some(),
            Asked::Nash(question) => question.hand.surcharge,
            Asked::Cooperate(question) => question.hand.surcharge,
            Asked::Bargain(question) => question.hand.surcharge,
            Asked::Coalitions(question) => question.hand.surcharge,
            Asked::Retaliate(question) => question.hand.surcharge,
            Asked::Align(question) => question.hand.surcharge,
            Asked::Deal(_) => false,
        }
    }

    /// A country's real income under the tariffs that the case starts from, in per cent of the baseline; `None` where that was not solved for.
    fn before(&self, n: usize) -> Option<f64> {
        let case = self.answer.study.cases.get(self.index).filter(|case| case.rows.is_empty())?;
        match case.from {
            Some(from) => Some(self.answer.cases.get(from)?.country(n)?.welfare_pct),
            None => Some(0.0),
        }
    }

    /// What a country's real income gains over that, percentage points of the baseline.
    fn gain(&self, n: usize) -> Option<f64> {
        Some(self.case.country(n)?.welfare_pct - self.before(n)?)
    }

    /// Gains of countries by name, those that are known.
    fn gains(&self, countries: &[usize]) -> Vec<(String, f64)> {
        let named = |n: &usize| Some((in_sentence(&self.answer.world.countries[*n]), self.gain(*n)?));
        countries.iter().filter_map(named).collect()
    }
}
