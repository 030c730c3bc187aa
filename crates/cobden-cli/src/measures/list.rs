//! `cobden measures list`.

use cobden::Problem;
use cobden::law::{self, Date, Filter, Listed};

use super::arguments::ListArguments;
use crate::arguments::Form;
use crate::output::print;
use crate::table::{Column, aligned, shortened};

/// Longest title on screen.
const TITLE: usize = 34;

pub(super) fn list(arguments: &ListArguments) -> Result<(), Problem> {
    let register = arguments.law.sources()?.open()?;
    let on = law::day(&arguments.on)?;
    let filter = Filter {
        importer: arguments.importer.clone(),
        authority: arguments.authority.clone(),
        status: arguments.status.as_deref().map(law::status).transpose()?,
    };
    let listed = law::list(&register, &filter, on)?;
    print(&match arguments.format {
        Form::Json => law::list_json(&listed, on)?,
        Form::Csv => law::list_csv(&listed)?,
        Form::Table => screen(&listed, on),
    })
}

fn screen(listed: &[Listed], on: Date) -> String {
    let columns = [Column::Words; 7];
    let header = ["id", "by", "authority", "first day", "last day", &format!("on {on}"), "title"];
    let rows: Vec<Vec<String>> = listed.iter().map(row).collect();
    let mut text = aligned(&columns, &header.map(str::to_owned), &rows, "");
    let force = listed.iter().filter(|measure| measure.state == "in force").count();
    text.push_str(&format!(
        "\n{} measures, {force} in force on {on}. One of them: cobden measures show ID\n",
        listed.len()
    ));
    text
}

fn row(measure: &Listed) -> Vec<String> {
    let state = match (measure.state, measure.probability) {
        ("not law", Some(probability)) => format!("{}, {:.0}%", measure.status, probability * 100.0),
        ("not law", None) => measure.status.to_owned(),
        (state, _) => state.to_owned(),
    };
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    vec![
        measure.id.clone(),
        measure.importer.clone(),
        measure.authority.clone(),
        day(measure.first_day),
        day(measure.last_day),
        state,
        shortened(&measure.title, TITLE),
    ]
}
