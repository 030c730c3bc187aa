//! What a person reads first, as data: sentences, numbered cases, and real income by country and case.

use crate::answer::Answer;
use crate::game::CoalitionRow;
use crate::labels;
use crate::models;
use crate::page::{Plot, finding, hangs_on, headline_sentence, sentences, strategy};

/// Most countries that are set apart at the head of the table.
const SET_APART: usize = 6;

/// The first screen of an answer. A face only aligns it.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// The title of the study.
    pub title: String,
    /// What the numbers say, the most telling sentence first.
    pub sentences: Vec<String>,
    /// What the questions come to, if the study asks several.
    pub finding: Option<String>,
    /// Why the country that they begin with gains or loses; `None` if the case was not taken apart.
    pub why: Option<String>,
    /// The assumptions that the numbers of the story hang on most, a sentence for each country; percentage points for 10 per cent more.
    pub hangs_on: Vec<String>,
    /// The cases in order: name, and whether it was solved.
    pub cases: Vec<(String, bool)>,
    /// The case that the sentences are about, an index into `cases`.
    pub headline: usize,
    /// Real income by country: those who act in the headline case first, then from the largest loss to the largest gain.
    pub rows: Vec<Row>,
    /// The whole world: the sum of equivalent variations over income, per cent by case.
    pub world: Vec<Option<f64>>,
    /// What governments were asked and answered, in the order of the cases.
    pub inquiries: Vec<Inquiry>,
    /// How sure the headline is: what other models say of it. Empty where the study compares none.
    pub models: Vec<String>,
    /// What the numbers are, where the data come from.
    pub footnote: String,
}

/// One question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Inquiry {
    /// The case that asks, an index into [`Screen::cases`].
    pub case: usize,
    /// The answer, in a sentence or two.
    pub answer: String,
    /// What kind of question it is, and the proof in a line: certificate, starts, equilibria.
    pub proof: String,
    /// Who would stand with whom, where that was asked.
    pub coalitions: Option<Coalitions>,
}

/// Coalitions in rows, real income of those who could stand together in columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Coalitions {
    /// Codes of the players, then of the country that began, if one did.
    pub columns: Vec<String>,
    /// The coalitions, the smallest first.
    pub rows: Vec<CoalitionLine>,
    /// How many more there are.
    pub left_out: usize,
}

/// One coalition.
#[derive(Clone, Debug, PartialEq)]
pub struct CoalitionLine {
    /// Codes of its members.
    pub members: Vec<String>,
    /// Real income in per cent, by column; `None` where there is no certified equilibrium.
    pub welfare_pct: Vec<Option<f64>>,
    /// Whether it holds, in a word or two.
    pub holds: &'static str,
    /// Codes of members who gain by leaving.
    pub leavers: Vec<String>,
    /// Codes of outsiders who gain by joining.
    pub joiners: Vec<String>,
}

/// One country.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it acts in the headline case.
    pub acts: bool,
    /// Real income in per cent by case; `None` where the case was not solved.
    pub welfare_pct: Vec<Option<f64>>,
    /// Equivalent variation in the headline case, USD billion.
    pub usd_bn: Option<f64>,
}

impl Screen {
    /// The first screen of an answer.
    pub fn new(answer: &Answer) -> Self {
        let order = order(answer);
        let acting = acting(answer);
        let origin = &answer.world.origin;
        Self {
            title: answer.study.title.clone(),
            sentences: sentences(answer),
            finding: finding(answer),
            why: headline_sentence(answer),
            hangs_on: hangs_on(answer),
            cases: answer.cases.iter().map(|case| (case.name.clone(), case.solver.converged)).collect(),
            headline: answer.study.headline,
            rows: order.into_iter().map(|n| row(answer, n, acting.contains(&n))).collect(),
            world: (0..answer.cases.len()).map(|case| world_pct(answer, case)).collect(),
            inquiries: strategy::told(answer).map(|told| inquiry(&told)).collect(),
            models: models::sentences(answer),
            footnote: format!(
                "Real income: change against the baseline in per cent, for as long as the tariffs stay. World {} ({}{}), {}, trade elasticities {}.",
                origin.id,
                origin.year,
                answer.products().map(|products| format!(", {products}")).unwrap_or_default(),
                answer.model.preset.name(),
                answer.elasticities.name
            ),
        }
    }
}

fn inquiry(told: &strategy::Told<'_>) -> Inquiry {
    let found = told.strategy.coalitions.as_ref().filter(|_| told.found());
    let coalitions = found.map(|found| {
        let rows = strategy::notable(found);
        Coalitions {
            columns: told.strategy.players.iter().chain(&found.initiator).cloned().collect(),
            left_out: found.coalitions.len() - rows.len(),
            rows: rows.into_iter().map(|row| coalition(told, row)).collect(),
        }
    });
    Inquiry {
        case: told.index,
        answer: strategy::sentences(told).into_iter().next().unwrap_or_default(),
        proof: strategy::proof_line(told),
        coalitions,
    }
}

fn coalition(told: &strategy::Told<'_>, row: &CoalitionRow) -> CoalitionLine {
    let players = (0..told.strategy.players.len()).map(|at| row.payoffs.get(at).map(|payoff| payoff.pct));
    let began = told.strategy.coalitions.as_ref().is_some_and(|found| found.initiator.is_some());
    let initiator = began.then(|| row.initiator.map(|payoff| payoff.pct));
    CoalitionLine {
        members: row.members.clone(),
        welfare_pct: players.chain(initiator).collect(),
        holds: strategy::holds(row),
        leavers: row.leavers.clone(),
        joiners: row.joiners.clone(),
    }
}

fn row(answer: &Answer, n: usize, acts: bool) -> Row {
    let code = &answer.world.countries[n];
    let headline = answer.headline().and_then(|case| case.country(n));
    Row {
        code: code.to_owned(),
        name: labels::country(code),
        acts,
        welfare_pct: answer.cases.iter().map(|case| case.country(n).map(|country| country.welfare_pct)).collect(),
        usd_bn: headline.and_then(|country| answer.usd_million().map(|usd| country.welfare_value * usd / 1000.0)),
    }
}

/// Who acts in the headline case, if they are few enough to set apart.
fn acting(answer: &Answer) -> Vec<usize> {
    let plot = Plot::of(answer);
    let acting = plot.map(|plot| [plot.openers, plot.followers].concat()).unwrap_or_default();
    if acting.len() > SET_APART { Vec::new() } else { acting }
}

/// Those who act, then the others from the largest loss to the largest gain of the headline case.
fn order(answer: &Answer) -> Vec<usize> {
    let mut order = acting(answer);
    let mut others: Vec<usize> = (0..answer.world.countries.len()).filter(|n| !order.contains(n)).collect();
    if let Some(welfare) = answer.headline().map(|case| case.welfare_pct()).filter(|welfare| !welfare.is_empty()) {
        others.sort_by(|&a, &b| welfare[a].total_cmp(&welfare[b]));
    }
    order.append(&mut others);
    order
}

fn world_pct(answer: &Answer, case: usize) -> Option<f64> {
    let outcome = answer.cases.get(case)?.outcome.as_ref()?;
    let gain: f64 = outcome.countries.iter().map(|country| country.welfare_value).sum();
    Some(100.0 * gain / answer.income.iter().sum::<f64>())
}
