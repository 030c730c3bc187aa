//! Retaliation as tables of tariffs that a study can name in the place of a rate.

use cobden_world::Problem;
use serde::Serialize;

use super::tables::write;
use crate::answer::{Answer, CaseAnswer};
use crate::study::Deed;

#[derive(Serialize)]
struct Row<'a> {
    importer: &'a str,
    exporter: &'a str,
    sector: &'a str,
    rate: f64,
}

/// `retaliation.CASE.csv` for every case that asks for retaliation and has an answer: the rates that the retaliators chose, for a study to
/// load again with `at_least = "retaliation.CASE.csv"`: a tariff that is not listed stays as it is.
///
/// # Errors
/// None in practice: the tables are written to memory.
pub fn retaliation_tables(answer: &Answer) -> Result<Vec<(String, String)>, Problem> {
    let asked = answer.cases.iter().filter(|case| {
        case.solver.converged && case.strategy.as_ref().is_some_and(|strategy| strategy.retaliation.is_some())
    });
    asked.map(|case| Ok((format!("retaliation.{}.csv", slug(&case.name)), table(answer, case)?))).collect()
}

fn table(answer: &Answer, case: &CaseAnswer) -> Result<String, Problem> {
    let world = &answer.world;
    let chosen = case.moves.iter().filter(|one| one.deed == Deed::Chosen);
    let cells = chosen.flat_map(|one| {
        let pairs = one.importers.iter().flat_map(|n| one.exporters.iter().map(move |i| (*n, *i)));
        pairs.flat_map(|(n, i)| one.sectors.iter().map(move |j| [n, i, *j]))
    });
    let rows = cells.filter(|[n, i, _]| n != i).map(|cell| Row {
        importer: &world.countries[cell[0]],
        exporter: &world.countries[cell[1]],
        sector: &world.sectors[cell[2]],
        rate: case.policy.tariffs[cell].0,
    });
    write("importer,exporter,sector,rate", rows)
}

/// Small letters and digits, anything else a hyphen.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}
