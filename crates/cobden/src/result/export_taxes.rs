//! Export taxes: every rate that a case levies.

use cobden_world::Problem;
use serde::Serialize;

use super::tables;
use crate::answer::Answer;

#[derive(Serialize)]
struct Row<'a> {
    case: &'a str,
    importer: &'a str,
    exporter: &'a str,
    sector: &'a str,
    rate: f64,
}

const HEADER: &str = "case,importer,exporter,sector,rate";

/// `export_taxes.csv`: every tax that a case puts on what an exporter sells to an importer, on the value at the factory gate. Baselines
/// have none. `None` if no case has any.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn export_taxes_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let world = &answer.world;
    let levied = answer.cases.iter().flat_map(|case| {
        let cells = case.policy.export_taxes.iter().flat_map(|taxes| taxes.indexed_iter());
        cells.filter(|(_, rate)| rate.0 != 0.0).map(|((n, i, j), rate)| Row {
            case: &case.name,
            importer: &world.countries[n],
            exporter: &world.countries[i],
            sector: &world.sectors[j],
            rate: rate.0,
        })
    });
    let mut rows = levied.peekable();
    if rows.peek().is_none() { Ok(None) } else { tables::write(HEADER, rows).map(Some) }
}
