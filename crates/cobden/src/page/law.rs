//! The law behind the cases: which measures add how much, and by which acts.

use std::collections::BTreeMap;

use cobden_report::scale::number;
use cobden_report::{Chart, Exhibit, Measure, Plain, Question as Section};

use crate::answer::Answer;
use crate::labels::{capital, country, listed};
use crate::law::{Date, View, status_name};
use crate::study::{CaseLaw, Law, MeasurePart};

/// A measure whose part changes by less in every case, in points, is not shown.
const SHOWN: f64 = 0.005;

/// One section for all laws that the study names; `None` if it names none.
pub(super) fn section(answer: &Answer) -> Option<Section> {
    let (baseline, _) = answer.laws.baseline.as_ref()?;
    let laws = laws(answer);
    let mut exhibits: Vec<Exhibit> = importers(&laws).into_iter().filter_map(|n| exhibit(answer, &laws, n)).collect();
    exhibits.extend(acts(&laws));
    Some(Section {
        title: "The law behind the cases".to_owned(),
        asked: "Which law does each case stand under, and which of its measures add how much?".to_owned(),
        answer: laws.iter().filter_map(|(name, law)| told(name, &law.law)).collect(),
        exhibits,
        proof: remarks(answer, &laws, baseline.moment.date),
    })
}

/// Each law, under the name of the first case that stands under it.
fn laws(answer: &Answer) -> Vec<(&str, &CaseLaw)> {
    let mut laws: Vec<(&str, &CaseLaw)> = Vec::new();
    for (case, law) in answer.cases.iter().zip(&answer.laws.cases) {
        if let Some(law) = law.as_ref().filter(|law| laws.iter().all(|(_, known)| known.law != law.law)) {
            laws.push((&case.name, law));
        }
    }
    laws
}

/// Which law a case stands under, unless its name says all of it.
fn told(name: &str, law: &Law) -> Option<String> {
    let words = words(law);
    (words != format!("the law of {name}")).then(|| format!("“{name}”: {words}."))
}

/// Points in two decimals; nothing is a dash.
fn points(points: f64) -> String {
    if points.abs() < SHOWN { "–".to_owned() } else { number(points, 2) }
}

/// `the law of 10 April 2025 as known on 8 April 2025, without us.ieepa.*`.
pub(crate) fn words(law: &Law) -> String {
    let mut words = format!("the law of {}", day(law.moment.date));
    if let Some(known) = law.moment.known {
        words.push_str(&format!(" as known on {}", day(known)));
    }
    if law.moment.view == View::Collected {
        words.push_str(", as customs collected it");
    }
    let include: Vec<String> = law.include.iter().map(|status| format!("what is {}", status_name(*status))).collect();
    for (what, of) in [("without", &law.without), ("with", &law.with), ("counting", &include)] {
        if !of.is_empty() {
            words.push_str(&format!(", {what} {}", listed(of)));
        }
    }
    words
}

/// `10 April 2025`.
fn day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn importers(laws: &[(&str, &CaseLaw)]) -> Vec<usize> {
    let mut importers: Vec<usize> = laws.iter().flat_map(|(_, law)| &law.importers).map(|part| part.importer).collect();
    importers.sort_unstable();
    importers.dedup();
    importers
}

/// What the measures of an importer add under one of the laws.
fn parts(law: &CaseLaw, importer: usize) -> &[MeasurePart] {
    let part = law.importers.iter().find(|part| part.importer == importer);
    part.map_or(&[], |part| part.measures.as_slice())
}

/// Measures down, laws across; `None` if none of them moves.
fn exhibit(answer: &Answer, laws: &[(&str, &CaseLaw)], importer: usize) -> Option<Exhibit> {
    let mut measures: BTreeMap<&str, &MeasurePart> = BTreeMap::new();
    for part in laws.iter().flat_map(|(_, law)| parts(law, importer)) {
        let change = |part: &MeasurePart| (part.points - part.before).abs();
        let known = measures.entry(&part.measure).or_insert(part);
        if change(part) > change(known) {
            *known = part;
        }
    }
    let mut shown: Vec<&MeasurePart> = measures.into_values().collect();
    shown.retain(|part| (part.points - part.before).abs() >= SHOWN);
    if shown.is_empty() {
        return None;
    }
    shown.sort_by(|a, b| (b.points - b.before).abs().total_cmp(&(a.points - a.before).abs()));
    let row = |part: &&MeasurePart| {
        let found = |law: &CaseLaw| parts(law, importer).iter().find(|other| other.measure == part.measure).cloned();
        let cases = laws.iter().map(|(_, law)| points(found(law).map_or(0.0, |found| found.points)));
        [part.title.clone(), points(part.before)].into_iter().chain(cases).collect()
    };
    let mut rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let before = laws.first().map_or(0.0, |(_, law)| parts(law, importer).iter().map(|part| part.before).sum());
    let sums = laws.iter().map(|(_, law)| points(parts(law, importer).iter().map(|part| part.points).sum()));
    rows.push(["All measures".to_owned(), points(before)].into_iter().chain(sums).collect());
    let names = laws.iter().map(|(name, _)| (*name).to_owned());
    Some(Exhibit {
        title: country(&answer.world.countries[importer]),
        text: "Percentage points that measures add on average to the ordinary duties on imports of goods. Measures that no case changes are \
               in the sum alone."
            .to_owned(),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: ["Measure".to_owned(), "Baseline".to_owned()].into_iter().chain(names).collect(),
            words: 1,
            rows,
        }),
    })
}

/// The acts behind the measures that change.
fn acts(laws: &[(&str, &CaseLaw)]) -> Option<Exhibit> {
    let mut acts: BTreeMap<&str, (&str, &[String])> = BTreeMap::new();
    for part in laws.iter().flat_map(|(_, law)| &law.importers).flat_map(|importer| &importer.measures) {
        if (part.points - part.before).abs() < SHOWN {
            continue;
        }
        let (_, known) = acts.entry(&part.measure).or_insert((&part.title, &part.acts));
        if part.acts.len() > known.len() {
            *known = &part.acts;
        }
    }
    let rows: Vec<Vec<String>> =
        acts.into_iter().map(|(id, (title, acts))| vec![title.to_owned(), id.to_owned(), acts.join("; ")]).collect();
    (!rows.is_empty()).then(|| Exhibit {
        title: "By which acts".to_owned(),
        text: "`cobden measures show ID` tells what each of them did, from when, and where to read it.".to_owned(),
        measure: Measure::default(),
        chart: Chart::Plain(Plain {
            columns: ["Measure", "Id", "Acts until then"].map(str::to_owned).to_vec(),
            words: 3,
            rows,
        }),
    })
}

fn remarks(answer: &Answer, laws: &[(&str, &CaseLaw)], baseline: Date) -> Vec<String> {
    let mut remarks = vec![
        format!(
            "The tariffs of the baseline count as the law of {}; a case changes them by the difference between the two laws.",
            day(baseline)
        ),
        format!("Products weigh by: {}.", answer.laws.weights),
    ];
    let others: Vec<usize> = importers(laws)
        .into_iter()
        .filter(|n| laws.iter().flat_map(|(_, law)| &law.importers).any(|part| part.importer == *n && !part.own_trade))
        .collect();
    if !others.is_empty() {
        let names: Vec<String> =
            others.iter().map(|&n| crate::labels::in_sentence(&answer.world.countries[n])).collect();
        remarks.push(capital(&format!(
            "{}: trade by product is not at hand, so within a sector the products of that same trade weigh.",
            listed(&names)
        )));
    }
    remarks
}
