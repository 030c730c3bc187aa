//! Fills the report page of an answer: chooses what to say, leaves how to show it to `cobden-report`.

mod export_tax;
mod law;
mod models;
mod products;
mod sections;
mod story;
pub(crate) mod strategy;
mod trade_cost;
mod why;

use cobden_report::{Case, Measure, Page, Region, Sector};
use cobden_world::{Problem, World};

use crate::answer::{Answer, CaseAnswer};
use crate::labels;

pub(crate) use sections::cast;
pub(crate) use story::{Plot, percent, sentences, usd};
pub(crate) use strategy::finding;
pub(crate) use why::{hangs_on, headline_sentence, why_sentence};

/// The report as one HTML document.
pub(crate) fn html(answer: &Answer) -> Result<String, Problem> {
    cobden_report::render(&page(answer)).map_err(|error| Problem::new(error.to_string()))
}

/// The report as plain values and words.
pub fn page(answer: &Answer) -> Page {
    let cast = sections::cast(answer);
    Page {
        title: answer.study.title.clone(),
        banner: String::new(),
        headline: sentences(answer).into_iter().chain(finding(answer)).collect(),
        key_figures: sections::key_figures(answer),
        regions: answer.world.countries.iter().map(|code| region(&answer.world, code)).collect(),
        sectors: answer.world.sectors.iter().map(sector).collect(),
        measure: Measure {
            note:
                "Change in what a country's income buys, for as long as the tariffs stay, compared with the baseline."
                    .to_owned(),
            ..Measure::percent("Real income")
        },
        amount: answer.usd_million().map(|_| Measure {
            note: format!(
                "The same change in dollars a year, at the incomes and prices of {}.",
                answer.world.origin.year
            ),
            ..Measure::usd_billion("Equivalent variation")
        }),
        cases: answer.cases.iter().enumerate().map(|(index, case)| page_case(answer, index, case)).collect(),
        headline_case: answer.study.headline,
        questions: strategy::sections(answer)
            .into_iter()
            .chain(products::section(answer))
            .chain(law::section(answer))
            .collect(),
        breakdowns: why::breakdowns(answer),
        comparison: models::comparison(answer),
        diversion: sections::diversion(answer, &cast),
        sector_panels: sections::sector_panels(answer, &cast),
        assumptions: sections::assumptions(answer),
        notes: [sections::notes(answer), models::notes(answer)].concat(),
        passport: [sections::passport(answer), models::passport(answer)].concat(),
        sources: sections::sources(answer),
    }
}

fn page_case(answer: &Answer, index: usize, case: &CaseAnswer) -> Case {
    let usd = answer.usd_million();
    let countries = || case.outcome.iter().flat_map(|outcome| &outcome.countries);
    Case {
        name: case.name.clone(),
        note: answer.study.cases.get(index).and_then(|case| case.note.clone()).unwrap_or_default(),
        values: case.welfare_pct(),
        amounts: usd
            .map(|usd| countries().map(|country| country.welfare_value * usd / 1000.0).collect())
            .unwrap_or_default(),
        actors: answer.actors(index).into_iter().map(|n| answer.world.countries[n].to_owned()).collect(),
        failure: (!case.solver.converged).then(|| case.solver.stop.clone()),
    }
}

/// A country of a world, or the countries that a region of it is made of.
pub(crate) fn region(world: &World, code: &str) -> Region {
    let name = labels::country(code);
    match world.members.get(code) {
        Some(members) if members.iter().any(|member| member == "*") => Region::rest_of_world(code, name),
        Some(members) => Region::group(code, name, members.iter().map(String::as_str)),
        None if code.eq_ignore_ascii_case("ROW") => Region::rest_of_world(code, name),
        None => Region { members: vec![labels::iso3(code).to_owned()], ..Region::country(code, name) },
    }
}

fn sector(code: &str) -> Sector {
    Sector { code: code.to_owned(), name: labels::sector(code) }
}
