//! `cobden world`: list, show, check, build; importing has a file of its own.

use std::path::Path;
use std::process::ExitCode;

use cobden::{Description, Failure, Format, Identity, OBSERVED_TOLERANCE, OpenWorld};

use crate::arguments::{WorldArguments, WorldCommand};
use crate::output::{WIDTH, print, progress, remark, wrap};
use crate::table::{Column, aligned, grouped, shortened, signed};
use crate::{failure, import, interrupt};

/// The world cannot be solved.
const UNSOLVABLE: u8 = 1;
/// Longest name on screen.
const NAME: usize = 32;

pub(crate) fn world(arguments: &WorldArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        WorldCommand::List => list(),
        WorldCommand::Show { world } => show(world),
        WorldCommand::Check { world, tolerance } => check(world, *tolerance),
        WorldCommand::Import(arguments) => import::import(arguments),
        WorldCommand::Build { recipe, out, data, quiet } => build(recipe, out, data.as_deref(), *quiet),
    }
}

fn list() -> Result<ExitCode, Failure> {
    let mut text = String::from("Worlds\n");
    for embedded in cobden::worlds() {
        let world = embedded.open()?;
        let head = format!("  {}  ", embedded.id);
        text.push_str(&wrap(&world.origin.title, WIDTH, &head, &" ".repeat(head.len())));
        text.push('\n');
    }
    text.push_str("\nElasticity sets (elasticities = \"NAME\" in a study)\n");
    let longest = cobden::elasticity_sets().iter().map(|set| set.name.len()).max().unwrap_or(0);
    for set in cobden::elasticity_sets() {
        let head = format!("  {:longest$}  ", set.name);
        text.push_str(&wrap(&first_sentence(&set.citation()), WIDTH, &head, &" ".repeat(head.len())));
        text.push('\n');
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The lines up to one that ends a sentence.
fn first_sentence(text: &str) -> String {
    let mut sentence = String::new();
    for line in text.lines() {
        sentence.push_str(line);
        if line.ends_with(['.', '"']) {
            break;
        }
        sentence.push(' ');
    }
    sentence
}

fn show(name: &str) -> Result<ExitCode, Failure> {
    let opened = cobden::find_world(name)?;
    let products = opened.products()?;
    let OpenWorld { world, .. } = opened;
    let (origin, facts) = (&world.origin, Description::new(&world));
    let mut text = format!("{}: {} ({})\n", origin.id, origin.title, origin.year);
    let licence = origin.licence.clone().unwrap_or_else(|| "not stated".to_owned());
    for (what, said) in
        [("Source", &origin.source), ("Licence", &licence), ("Unit", &origin.unit), ("Note", &origin.note)]
    {
        if !said.trim().is_empty() {
            text.push_str(&wrap(said, WIDTH, &format!("{what:9}"), &" ".repeat(9)));
            text.push('\n');
        }
    }
    let inputs = if facts.has_inputs { "with an input table" } else { "without inputs: value added is sales" };
    text.push_str(&format!(
        "Totals   value added {}, trade {}, duty {:.2}% of trade; {inputs}\n\n",
        grouped(facts.value_added),
        grouped(facts.trade),
        facts.tariff_pct
    ));
    if let Some(products) = products {
        let (count, flows) = (grouped(products.names().len() as f64), grouped(products.flows() as f64));
        text.insert_str(
            text.len() - 1,
            &format!("Products {count}, {flows} flows above zero, domestic sales included\n"),
        );
    }
    text.push_str(&countries(&facts));
    text.push('\n');
    text.push_str(&sectors(&facts));
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn countries(facts: &Description) -> String {
    let header =
        ["country", "", "economies", "value added", "exports", "imports", "duty %", "faced %"].map(String::from);
    let rows: Vec<Vec<String>> = facts
        .countries
        .iter()
        .map(|country| {
            vec![
                shortened(&country.code, NAME),
                name(&country.name, &country.code),
                country.members.map_or_else(String::new, |members| members.to_string()),
                grouped(country.value_added),
                grouped(country.exports),
                grouped(country.imports),
                format!("{:.2}", country.tariff_pct),
                format!("{:.2}", country.tariff_faced_pct),
            ]
        })
        .collect();
    aligned(&columns(2, 6), &header, &rows, "")
}

fn sectors(facts: &Description) -> String {
    let header = ["sector", "", "sales", "traded %", "duty %", "theta"].map(String::from);
    let rows: Vec<Vec<String>> = facts
        .sectors
        .iter()
        .map(|sector| {
            vec![
                shortened(&sector.code, NAME),
                name(&sector.name, &sector.code),
                grouped(sector.sales),
                format!("{:.1}", sector.traded_pct),
                format!("{:.2}", sector.tariff_pct),
                sector.trade_elasticity.map_or_else(|| "-".to_owned(), |theta| format!("{theta:.2}")),
            ]
        })
        .collect();
    aligned(&columns(2, 4), &header, &rows, "")
}

fn check(name: &str, tolerance: f64) -> Result<ExitCode, Failure> {
    let opened = cobden::find_world(name)?;
    let products = opened.products()?;
    let OpenWorld { world, files } = opened;
    let accounts = world.accounts();
    let imbalances = accounts.imbalances(tolerance);
    let mut text = match imbalances.len() {
        0 => format!("{}: every account adds up to {tolerance:e}\n", world.origin.id),
        many => format!(
            "{}: {many} accounts do not add up to {tolerance:e}, the largest difference first\n\n",
            world.origin.id
        ),
    };
    if !imbalances.is_empty() {
        let header = ["account", "country", "sector", "left", "right", "difference", "gap"].map(String::from);
        let rows: Vec<Vec<String>> = imbalances
            .iter()
            .map(|one| {
                vec![
                    match one.identity {
                        Identity::Use => "use, expenditure".to_owned(),
                        Identity::Cost => "cost, sales".to_owned(),
                        Identity::Income => "final demand, income".to_owned(),
                    },
                    one.country.clone(),
                    one.sector.clone().unwrap_or_default(),
                    format!("{:.6e}", one.left),
                    format!("{:.6e}", one.right),
                    format!("{:+.3e}", one.difference()),
                    format!("{:.1e}", one.relative_gap()),
                ]
            })
            .collect();
        text.push_str(&aligned(&columns(3, 4), &header, &rows, ""));
        if imbalances.iter().any(|one| one.relative_gap() > OBSERVED_TOLERANCE) {
            text.push_str("\nA study on this world needs baseline = \"solved\" or \"balanced\".\n");
        }
    }
    if let Some(products) = &products {
        products.check(&world).map_err(|problem| problem.in_file(files.label("world.toml")))?;
        text.push_str("The products of every sector add up to its flows and tariffs.\n");
    }
    for remark in accounts.remarks() {
        text.push_str(&wrap(&remark.to_string(), WIDTH, "note: ", "      "));
        text.push('\n');
    }
    print(&text)?;
    let problems = accounts.problems();
    let solvable = problems.is_empty();
    for problem in problems {
        remark(&failure::draw(&problem.in_file(files.label("world.toml"))));
    }
    Ok(if solvable { ExitCode::SUCCESS } else { ExitCode::from(UNSOLVABLE) })
}

fn build(recipe: &Path, out: &Path, data: Option<&Path>, quiet: bool) -> Result<ExitCode, Failure> {
    let built = cobden::build_world(recipe, data, &mut |step| {
        if !quiet {
            progress(step);
        }
    });
    progress("");
    let (world, report) = built?;
    interrupt::writing(|| cobden::save_world(out, &world, Format::Csv, &report.files))?;
    if quiet {
        return Ok(ExitCode::SUCCESS);
    }
    let header = ["region", "", "moved %", "duty %", "faced %"].map(String::from);
    let rows: Vec<Vec<String>> = report
        .regions
        .iter()
        .map(|region| {
            vec![
                region.region.clone(),
                name(&cobden::labels::country(&region.region), &region.region),
                signed(100.0 * region.moved_share, 2).replace('+', ""),
                format!("{:.2}", region.average_tariff.percent()),
                format!("{:.2}", region.tariff_faced.percent()),
            ]
        })
        .collect();
    let mut text = aligned(&columns(2, 3), &header, &rows, "");
    for treatment in &report.treatments {
        text.push_str(&wrap(treatment, WIDTH, "- ", "  "));
        text.push('\n');
    }
    text.push_str(&format!("\nWorld: {}\n", out.display()));
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn columns(words: usize, numbers: usize) -> Vec<Column> {
    [vec![Column::Words; words], vec![Column::Number; numbers]].concat()
}

/// A name, unless it only repeats the code.
fn name(name: &str, code: &str) -> String {
    if name == code { String::new() } else { shortened(name, NAME) }
}
