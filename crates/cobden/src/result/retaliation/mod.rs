//! Retaliation as a table of tariffs that a study can name in the place of a rate, and as a file of measures that it can put on top of the law.

mod measure;

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

/// For every case that asks for retaliation and has an answer: `retaliation.CASE.csv`, the rates that the retaliators chose, for a study to
/// load again with `at_least = "retaliation.CASE.csv"` (a tariff that is not listed stays as it is), and where the world knows its products
/// `retaliation.CASE.toml`, the same as measures, for `with = ["retaliation.CASE.toml"]`.
///
/// # Errors
/// None in practice: the files are written to memory.
pub fn retaliation_files(answer: &Answer) -> Result<Vec<(String, String)>, Problem> {
    let mut files = Vec::new();
    for (index, case) in answer.cases.iter().enumerate() {
        let asked = case.strategy.as_ref().is_some_and(|strategy| strategy.retaliation.is_some());
        if asked && case.solver.converged {
            let name = format!("retaliation.{}", slug(&case.name));
            files.push((format!("{name}.csv"), table(answer, case)?));
            files.extend(measure::measures(answer, index, case).map(|text| (format!("{name}.toml"), text)));
        }
    }
    Ok(files)
}

/// The cells whose tariff a player chose.
fn chosen(case: &CaseAnswer) -> impl Iterator<Item = [usize; 3]> {
    let chosen = case.moves.iter().filter(|one| one.deed == Deed::Chosen);
    let cells = chosen.flat_map(|one| {
        let pairs = one.importers.iter().flat_map(|n| one.exporters.iter().map(move |i| (*n, *i)));
        pairs.flat_map(|(n, i)| one.sectors.iter().map(move |j| [n, i, *j]))
    });
    cells.filter(|[n, i, _]| n != i)
}

fn table(answer: &Answer, case: &CaseAnswer) -> Result<String, Problem> {
    let world = &answer.world;
    let rows = chosen(case).map(|cell| Row {
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
