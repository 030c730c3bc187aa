//! How long a table of the size of the OECD's takes from its file to an answer: 81 regions, 50 industries, inputs, tariffs at six digits; and with
//! a list of trade by product of the size of BACI's, sectors sold as products.
//!
//!     cargo bench -p cobden --bench import -- [MILLION ROWS]
//!
//! The table is drawn (`table.rs`) and written as the OECD writes its tables. Then a process of its own, so that its peak of memory is its own (Linux
//! alone says), reads, attaches tariffs and elasticities, balances, checks and saves it; opens what was saved; and solves it. Two more do so with the list of trade, and run a study by product. Each step is timed once.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod baci;
mod table;

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use cobden::{Format, Import, Imported, Options, Study, import_world, save_world};
use cobden_equilibrium::{Aim, Economy, Gradients, Model, Outcome, Policy, Settings};

const TABLE: &str = "2022_SML.csv";
const TARIFFS: &str = "tariffs.csv";
const TRADE: &str = "BACI_HS22_Y2022_drawn.csv";

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match asked.as_slice() {
        [flag, folder] if flag == "alone" => return alone(Path::new(folder)),
        [flag, folder] if flag == "products" => return with_products(Path::new(folder)),
        [flag, folder] if flag == "study" => return study(Path::new(folder)),
        _ => {}
    }
    let million: f64 = asked.first().map_or(11.0, |rows| rows.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let table = table::Table::new();
    let bytes = table.write(&folder.path().join(TABLE)).unwrap();
    let rows = table.write_tariffs(&folder.path().join(TARIFFS)).unwrap();
    println!("a table of 81 regions and 50 industries, {:.0} MB of CSV; {rows} tariffs", 1e-6 * bytes as f64);
    again("alone", folder.path());
    let (rows, bytes) = baci::write(&folder.path().join(TRADE), &table.regions, 1e6 * million).unwrap();
    println!("\nthe same, and trade by product: {rows} rows, {:.0} MB of CSV", 1e-6 * bytes as f64);
    again("products", folder.path());
    again("study", folder.path());
}

/// A study of that world: a tariff on cars, and a day of law.
fn study(folder: &Path) {
    let cases = "[[case]]\nname = \"cars\"\n\
                 tariffs = [ { importer = \"USA\", exporter = \"*\", product = \"8703*\", add = \"20%\" } ]\n";
    for (what, more) in [
        ("a study: 20 % on cars, by product", ""),
        ("the same, and the law of 15 November 2025", "[[case]]\nname = \"law\"\nas_of = 2025-11-15\n"),
    ] {
        let text = format!("title = \"t\"\nworld = \"fine\"\n{cases}{more}");
        let study = Study::parse(text.into_bytes(), &folder.join("study.toml").display().to_string()).unwrap();
        let since = Instant::now();
        let answer = cobden::run(study, &Options::default(), |_| ControlFlow::Continue(())).unwrap();
        say(what, since);
        assert!(answer.converged());
        let solves: Vec<String> = answer.cases.iter().map(|case| format!("{:.2}", case.solver.seconds)).collect();
        println!("seconds of the solves: {}; most memory so far: {}", solves.join(", "), memory());
    }
}

/// A process of its own.
fn again(what: &str, folder: &Path) {
    let arguments = [what.as_ref(), folder.as_os_str()];
    assert!(Command::new(std::env::current_exe().unwrap()).args(arguments).status().unwrap().success());
}

/// The table and the list of trade, as far as the folder that is written.
fn with_products(folder: &Path) {
    let import = Import { products: vec![folder.join(TRADE)], ..import(folder) };
    let begun = Instant::now();
    let imported = timed(&import);
    say("IMPORTED: a balanced world and its products, checked", begun);
    println!("most memory so far: {}", memory());
    let products = imported.products.as_ref().unwrap();
    let told = imported.report.products.as_ref().unwrap();
    println!("{} products, {} flows above zero, {:.1} % of trade divided", told.products, told.flows, told.covered_pct);
    let since = Instant::now();
    imported.save(&folder.join("fine"), Format::Parquet).unwrap();
    say("saved as Parquet", since);
    let since = Instant::now();
    let disk = cobden::Disk::new(folder.join("fine"));
    let again = cobden_world::Products::read(&disk, &imported.world).unwrap().unwrap();
    say("products read again", since);
    assert_eq!(&again, products);
    println!("most memory of the process: {}", memory());
}

fn import(folder: &Path) -> Import {
    Import {
        sources: vec![folder.join(TABLE)],
        tariffs: vec![folder.join(TARIFFS)],
        tariff_year: Some(2022),
        ..Import::default()
    }
}

/// Imports, and says how long each step takes.
fn timed(import: &Import) -> Imported {
    let mut last: Option<(String, Instant)> = None;
    let mut told = |step: &str| {
        if let Some((step, since)) = last.replace((step.to_owned(), Instant::now())) {
            say(&step, since);
        }
    };
    let imported = import_world(import, &mut told).unwrap();
    told("");
    imported
}

fn alone(folder: &Path) {
    let begun = Instant::now();
    let imported = timed(&import(folder));
    say("IMPORTED: a balanced world, checked", begun);
    let world = imported.world;
    assert_eq!(world.flows.dim(), (81, 81, 50));
    assert!(world.accounts().imbalances(1e-9).is_empty());

    let since = Instant::now();
    save_world(&folder.join("world"), &world, Format::Parquet, &imported.files).unwrap();
    say("saved as Parquet", since);
    let since = Instant::now();
    let world = cobden::find_world(folder.join("world").to_str().unwrap()).unwrap().world;
    say("opened again", since);

    let (settings, usa) = (Settings::default(), world.countries.index("USA").unwrap());
    let since = Instant::now();
    let economy =
        Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings).unwrap();
    say("calibrated", since);
    let mut policy = Policy::status_quo(&world);
    let foreign = policy.tariffs.indexed_iter_mut().filter(|((n, i, _), _)| *n == usa && i != n);
    foreign.for_each(|(_, rate)| rate.0 += 0.2);
    let since = Instant::now();
    let solved = economy.solve(&policy, None, &settings).unwrap();
    say("solved: the United States puts 20 % on everyone", since);
    assert!(solved.report.stop.converged());
    let since = Instant::now();
    let mut gradients = Gradients::new(&economy, &solved, &settings).unwrap();
    let gradient = gradients.of(&Aim::Welfare(usa).into()).unwrap();
    say("gradient of its real income in all tariffs", since);
    std::hint::black_box(gradient);
    println!("real income of the United States {:+.3} %", Outcome::new(&economy, &solved).countries[usa].welfare_pct);
    println!("most memory of the process: {}", memory());
}

fn memory() -> String {
    peak().map_or("not known".to_owned(), |mb| format!("{mb:.0} MB"))
}

fn say(what: &str, since: Instant) {
    println!("{what:<64}{:>9.0} ms", 1e3 * since.elapsed().as_secs_f64());
}

/// Megabytes, where the system says.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(1e-3 * line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()?)
}
