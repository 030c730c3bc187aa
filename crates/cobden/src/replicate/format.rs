//! Replications as a document and as a table.

use cobden_world::Problem;
use serde::Serialize;

use super::Replicated;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    cobden: &'static str,
    replications: &'a [Replicated],
}

/// The document `cobden.replication/1`, ending with a line break.
///
/// # Errors
/// None in practice: every number and text has a form in JSON.
pub fn replications_json(replicated: &[Replicated]) -> Result<String, Problem> {
    let document =
        Document { format: "cobden.replication/1", cobden: env!("CARGO_PKG_VERSION"), replications: replicated };
    let mut text = serde_json::to_string_pretty(&document).map_err(|error| Problem::new(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Row<'a> {
    replication: &'a str,
    title: &'a str,
    column: &'a str,
    case: &'a str,
    country: &'a str,
    published: f64,
    ours: Option<f64>,
    difference: Option<f64>,
    tolerance: f64,
    within: bool,
}

/// One row per published number. Replications without data have none.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn replications_csv(replicated: &[Replicated]) -> Result<String, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::new(format!("cannot write a table: {error}"));
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let header = "replication,title,column,case,country,published,ours,difference,tolerance,within";
    writer.write_record(header.split(',')).map_err(|error| failed(&error))?;
    for (one, compared) in replicated.iter().flat_map(|one| one.compared.iter().map(move |compared| (one, compared))) {
        for line in &compared.lines {
            let row = Row {
                replication: one.name,
                title: &compared.title,
                column: &compared.column,
                case: &line.case,
                country: &line.country,
                published: line.published,
                ours: line.ours,
                difference: line.difference(),
                tolerance: compared.tolerance,
                within: line.difference().is_some_and(|gap| gap.abs() <= compared.tolerance),
            };
            writer.serialize(row).map_err(|error| failed(&error))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
