//! Large worlds: products nested in sectors, from 1 to 11 million flows.
//!
//!     cargo bench -p cobden-equilibrium --bench large
//!
//! 1. How time and memory grow: synthetic worlds of 200 countries and up to 5,000 products, each in a process of its own so that its peak of
//!    memory is its own (Linux alone says; elsewhere a dash).
//! 2. How close a pass over all cells is to what memory allows: the bytes it must read over the time it takes, beside a plain sum and a triad of long
//!    arrays in the same process, on one thread and on two.
//! 3. A world of the size of the OECD's tables, 81 x 50 with inputs, in the sector model.
//!
//! `cargo bench -p cobden-equilibrium --bench large -- 1 11` runs worlds of 1 and 11 million flows, `-- icio` the third part alone. `COBDEN_BLESS=1` writes the
//! numbers that `cargo run -p cobden-report --example large_worlds` draws for the documentation.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod memory;
mod world;

use std::{hint::black_box, path::PathBuf, process::Command, time::Instant};

use cobden_equilibrium::{Aim, Economy, Gradients, Model, Policy, Settings, Solver};
use cobden_world::toy::Toy;
use world::Row;

/// Millions of flows.
const SIZES: [usize; 5] = [1, 2, 4, 8, 11];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [flag, millions] = asked.as_slice()
        && flag == "alone"
    {
        println!("{}", world::measure(millions.parse().unwrap()).line());
        return;
    }
    let sizes: Vec<usize> = asked.iter().filter_map(|argument| argument.parse().ok()).collect();
    if asked.is_empty() || !sizes.is_empty() {
        grow(if sizes.is_empty() { &SIZES } else { &sizes });
    }
    if asked.is_empty() || asked.iter().any(|argument| argument == "icio") {
        icio();
    }
}

/// Each size in a process of its own.
fn grow(sizes: &[usize]) {
    println!("{}", Row::header());
    let run = |millions: &usize| {
        let command = Command::new(std::env::current_exe().unwrap()).args(["alone", &millions.to_string()]).output();
        let output = command.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let row = Row::parse(&String::from_utf8_lossy(&output.stdout));
        println!("{}", row.show());
        row
    };
    let rows: Vec<Row> = sizes.iter().map(run).collect();
    if std::env::var_os("COBDEN_BLESS").is_some() {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images/large-worlds.txt"));
        let lines: Vec<String> = rows.iter().map(Row::plotted).collect();
        std::fs::write(&file, lines.join("")).unwrap();
        println!("\nwrote {}", file.display());
    }
}

/// 81 x 50 with inputs, in the sector model.
fn icio() {
    let world = Toy { countries: 81, sectors: 50, ..Toy::default() }.world();
    let settings = Settings::default();
    let economy =
        Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings).unwrap();
    let mut policy = Policy::status_quo(&world);
    policy.tariffs.indexed_iter_mut().filter(|((n, i, _), _)| *n == 0 && n != i).for_each(|(_, rate)| rate.0 += 0.2);
    let still = Policy::status_quo(&world);
    let mut solver = Solver::new(&economy, settings);
    let (mut solves, mut gradients) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        black_box(solver.solve(&still, None).unwrap());
        let start = Instant::now();
        let here = solver.solve(&policy, None).unwrap();
        solves.push(start.elapsed().as_secs_f64());
        assert!(here.report.stop.converged());
        let start = Instant::now();
        black_box(Gradients::new(&economy, &here, &settings).unwrap().of(&Aim::Welfare(0).into()).unwrap());
        gradients.push(start.elapsed().as_secs_f64());
    }
    println!(
        "\n81 x 50 with inputs (synthetic), sector model: solve {:.1} ms, gradient {:.1} ms",
        1e3 * median(solves),
        1e3 * median(gradients)
    );
}

pub(crate) fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
