//! The law of cases: which, and what its measures add on average.

use cobden_world::Problem;
use serde::Serialize;

use super::tables;
use crate::answer::Answer;
use crate::law::{status_name, view_name};
use crate::study::{ImporterPart, Law, MeasurePart};

/// The law that a case stands under.
#[derive(Clone, Debug, Serialize)]
pub struct LawDocument {
    /// The day.
    pub as_of: String,
    /// As known at the end of which day; `null`: as known to the register.
    pub as_known: Option<String>,
    /// `law` or `collected`.
    pub view: &'static str,
    /// Measures and acts that have never been.
    pub without: Vec<String>,
    /// Files of measures on top.
    pub with: Vec<String>,
    /// Acts that count although they are not law.
    pub include: Vec<String>,
    /// The day whose law the tariffs of the baseline are.
    pub baseline_as_of: String,
    /// Where the weights of products come from.
    pub weights: String,
    /// What the measures of each importer add on average.
    pub importers: Vec<ImporterDocument>,
}

/// What the measures of an importer add on average over its imports of goods, in percentage points.
#[derive(Clone, Debug, Serialize)]
pub struct ImporterDocument {
    /// The importer.
    pub importer: String,
    /// `own trade`, or `basket`: within a sector the products of the trade at hand weigh, the same for all partners.
    pub weights: &'static str,
    /// All of them in the baseline.
    pub before_points: f64,
    /// All of them in the case.
    pub points: f64,
    /// One by one, the largest change first.
    pub measures: Vec<MeasureDocument>,
}

/// What one measure adds on average.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureDocument {
    /// Its id.
    pub measure: String,
    /// What people call it.
    pub title: String,
    /// Points in the baseline.
    pub before_points: f64,
    /// Points in the case.
    pub points: f64,
    /// The acts behind it.
    pub acts: Vec<String>,
}

/// The law of a case; `None` if neither it nor the case it starts from names one.
pub(super) fn document(answer: &Answer, case: usize) -> Option<LawDocument> {
    let law = answer.laws.cases.get(case)?.as_ref()?;
    let (baseline, _) = answer.laws.baseline.as_ref()?;
    let Law { moment, without, with, include } = &law.law;
    Some(LawDocument {
        as_of: moment.date.to_string(),
        as_known: moment.known.map(|day| day.to_string()),
        view: view_name(moment.view),
        without: without.clone(),
        with: with.clone(),
        include: include.iter().map(|status| status_name(*status).to_owned()).collect(),
        baseline_as_of: baseline.moment.date.to_string(),
        weights: answer.laws.weights.clone(),
        importers: law.importers.iter().map(|part| importer(answer, part)).collect(),
    })
}

fn importer(answer: &Answer, part: &ImporterPart) -> ImporterDocument {
    let sum = |of: fn(&MeasurePart) -> f64| part.measures.iter().map(of).sum();
    ImporterDocument {
        importer: answer.world.countries[part.importer].to_owned(),
        weights: if part.own_trade { "own trade" } else { "basket" },
        before_points: sum(|part| part.before),
        points: sum(|part| part.points),
        measures: part
            .measures
            .iter()
            .map(|part| MeasureDocument {
                measure: part.measure.clone(),
                title: part.title.clone(),
                before_points: part.before,
                points: part.points,
                acts: part.acts.clone(),
            })
            .collect(),
    }
}

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    as_of: String,
    importer: &'a str,
    measure: &'a str,
    before_points: f64,
    points: f64,
    acts: String,
}

const HEADER: &str = "case,as_of,importer,measure,before_points,points,acts";

/// `measures.csv`: what each measure adds on average to what its importer charges, by case; `None` if no case names a law.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn measures_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    if answer.laws.baseline.is_none() {
        return Ok(None);
    }
    let cases = answer.cases.iter().zip(&answer.laws.cases);
    let rows = cases.filter_map(|(case, law)| Some((case, law.as_ref()?))).flat_map(|(case, law)| {
        let importers = law.importers.iter();
        importers.flat_map(|part| part.measures.iter().map(|measure| (part.importer, measure))).map(|(n, measure)| {
            Row {
                case: &case.name,
                as_of: law.law.moment.date.to_string(),
                importer: &answer.world.countries[n],
                measure: &measure.measure,
                before_points: measure.before,
                points: measure.points,
                acts: measure.acts.join("; "),
            }
        })
    });
    tables::write(HEADER, rows).map(Some)
}
