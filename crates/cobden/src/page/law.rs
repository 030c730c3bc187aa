//! What the law of the cases is made of: which measures add how much, and by which acts.

use cobden_report::scale::{number, signed};
use cobden_report::{Chart, Exhibit, Measure, Plain, Question as Section};

use crate::answer::Answer;
use crate::labels::{capital, country, in_sentence};
use crate::study::{CaseLaw, ImporterPart, Law, MeasurePart};

/// Measures that add less, in points, before and after are not shown.
const SHOWN: f64 = 0.005;

/// A section for every law that the study names, each told where it comes first.
pub(super) fn sections(answer: &Answer) -> Vec<Section> {
    let mut told: Vec<&Law> = Vec::new();
    let mut sections = Vec::new();
    for law in answer.laws.cases.iter().flatten() {
        if told.contains(&&law.law) {
            continue;
        }
        told.push(&law.law);
        sections.push(section(answer, law));
    }
    sections
}

fn section(answer: &Answer, law: &CaseLaw) -> Section {
    let cases = answer.cases.iter().zip(&answer.laws.cases);
    let under = cases.filter(|(_, other)| other.as_ref().is_some_and(|other| other.law == law.law));
    let under: Vec<String> = under.map(|(case, _)| format!("“{}”", case.name)).collect();
    let cases = if under.len() == 1 { "the case" } else { "the cases" };
    Section {
        title: capital(&words(&law.law)),
        asked: format!("Which measures make the tariffs of {cases} {}?", crate::labels::listed(&under)),
        answer: law.importers.iter().filter_map(|part| sentence(answer, part)).collect(),
        exhibits: law.importers.iter().filter_map(|part| exhibit(answer, part)).collect(),
        proof: vec![weights(answer, law)],
    }
}

/// `the law of 10 April 2025 as known on 8 April 2025, without us.ieepa.*`.
pub(crate) fn words(law: &Law) -> String {
    let mut words = format!("the law of {}", day(law.moment.date));
    if let Some(known) = law.moment.known {
        words.push_str(&format!(" as known on {}", day(known)));
    }
    if law.moment.view == crate::law::View::Collected {
        words.push_str(", as customs collected it");
    }
    let mut add = |what: &str, of: &[String]| {
        if !of.is_empty() {
            words.push_str(&format!(", {what} {}", crate::labels::listed(of)));
        }
    };
    add("without", &law.without);
    add("with", &law.with);
    let include: Vec<String> =
        law.include.iter().map(|status| format!("what is {}", crate::law::status_name(*status))).collect();
    add("counting", &include);
    words
}

/// `10 April 2025`.
fn day(day: crate::law::Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// `The United States: measures add 21.35 points on average, 1.21 in the baseline.`
fn sentence(answer: &Answer, part: &ImporterPart) -> Option<String> {
    let sum = |of: fn(&MeasurePart) -> f64| part.measures.iter().map(of).sum::<f64>();
    let (before, after) = (sum(|part| part.before), sum(|part| part.points));
    if before.abs().max(after.abs()) < SHOWN {
        return None;
    }
    let whom = if part.own_trade { "" } else { " on the partners they mean" };
    let name = capital(&in_sentence(&answer.world.countries[part.importer]));
    Some(format!(
        "{name}: measures add {} percentage points on average{whom}, in the baseline {}.",
        number(after, 2),
        number(before, 2)
    ))
}

fn exhibit(answer: &Answer, part: &ImporterPart) -> Option<Exhibit> {
    let shown = part.measures.iter().filter(|part| part.before.abs().max(part.points.abs()) >= SHOWN);
    let rows: Vec<Vec<String>> = shown.map(row).collect();
    (!rows.is_empty()).then(|| Exhibit {
        title: country(&answer.world.countries[part.importer]),
        text: "Percentage points that each measure adds on average to ordinary duties.".to_owned(),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: ["Measure", "By", "Baseline", "Case", "Change"].map(str::to_owned).to_vec(),
            words: 2,
            rows,
        }),
    })
}

fn row(part: &MeasurePart) -> Vec<String> {
    // The first act and the latest: what made the measure, and what it is now.
    let acts = match part.acts.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, last] => format!("{first}; {last}"),
        [first, .., last] => format!("{first}; …; {last}"),
    };
    vec![part.title.clone(), acts, number(part.before, 2), number(part.points, 2), signed(part.points - part.before, 2)]
}

fn weights(answer: &Answer, law: &CaseLaw) -> String {
    let baseline = answer.laws.baseline.as_ref().map(|(law, _)| day(law.moment.date)).unwrap_or_default();
    let basket = law.importers.iter().any(|part| !part.own_trade);
    let others =
        if basket { " Importers whose trade by product is not at hand are given the same basket." } else { "" };
    format!(
        "The tariffs of the baseline count as the law of {baseline}; the case changes them by the difference between the two laws. Products weigh by: {}.{others}",
        answer.laws.weights
    )
}
