//! How cost grows with the world, and how far it is from the least it could be.
//!
//! The least: a solver of this kind must pass three times over the cube of trade in each evaluation of the conditions, and three to four
//! times in each product with their derivative; and over the table of inputs twice, and four times. A pass cannot be faster than one thread
//! reads memory, measured here with a plain sum of an array of the same size, in the same run.

use std::{hint::black_box, path::PathBuf, time::Instant};

use cobden_equilibrium::{Aim, Economy, Gradients, Model, Settings, Solver};
use cobden_report::{Growth, Line};
use cobden_world::toy::Toy;

use crate::{cases::trade_war, median};

const SIZES: [(usize, usize); 7] = [(10, 10), (20, 20), (40, 30), (80, 30), (100, 60), (150, 80), (200, 100)];

/// One world's times, in seconds.
struct Row {
    size: (usize, usize),
    inputs: bool,
    solve: f64,
    gradient: f64,
    floor: f64,
    newton: usize,
    products: usize,
}

pub(crate) fn print() {
    println!(
        "\n{:>9}{:>8}{:>12}{:>11}{:>13}{:>8}{:>10}{:>15}{:>12}",
        "N x J", "inputs", "cells", "solve ms", "gradient ms", "Newton", "products", "memory floor", "solve/floor"
    );
    let rows: Vec<Row> = SIZES.iter().flat_map(|size| [false, true].map(|inputs| row(*size, inputs))).collect();
    for row in &rows {
        println!(
            "{:>9}{:>8}{:>12}{:>11.2}{:>13.2}{:>8}{:>10}{:>12.2} ms{:>12.1}",
            format!("{}x{}", row.size.0, row.size.1),
            if row.inputs { "yes" } else { "no" },
            row.cells(),
            1e3 * row.solve,
            1e3 * row.gradient,
            row.newton,
            row.products,
            1e3 * row.floor,
            row.solve / row.floor,
        );
    }
    draw(&rows);
}

impl Row {
    fn cells(&self) -> usize {
        self.size.0 * self.size.0 * self.size.1
    }
}

fn row(size: (usize, usize), inputs: bool) -> Row {
    let world = Toy { countries: size.0, sectors: size.1, inputs, ..Toy::default() }.world();
    let settings = Settings::default();
    let economy =
        Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings).unwrap();
    let mut policy = cobden_equilibrium::Policy::status_quo(&world);
    let mut solver = Solver::new(&economy, settings);
    let (mut solves, mut gradients, mut report) = (Vec::new(), Vec::new(), None);
    for _ in 0..if size.0 < 100 { 9 } else { 3 } {
        policy.tariffs.assign(&world.tariffs);
        black_box(solver.solve(&policy, None).unwrap());
        policy.tariffs = trade_war(&world);
        let start = Instant::now();
        let here = solver.solve(&policy, None).unwrap();
        solves.push(start.elapsed().as_secs_f64());
        assert!(here.report.stop.converged());
        let start = Instant::now();
        black_box(Gradients::new(&economy, &here, &settings).unwrap().of(&Aim::Welfare(0).into()).unwrap());
        gradients.push(start.elapsed().as_secs_f64());
        report = Some(here.report);
    }
    let report = report.unwrap();
    // Numbers read: the cube three times in an evaluation and three or four in a product, and each table of inputs twice and four times.
    let (cube, links) = (size.0 * size.0 * size.1, size.0 * size.1 * size.1);
    let (evaluation, product) =
        if inputs { (3 * cube + 2 * links, 4 * cube + 4 * links) } else { (3 * cube, 3 * cube) };
    let read = (report.iterations + 1) * evaluation + report.products * product;
    Row {
        size,
        inputs,
        solve: median(solves),
        gradient: median(gradients),
        floor: read as f64 / cube as f64 * seconds_to_read(cube),
        newton: report.iterations,
        products: report.products,
    }
}

/// How long one thread takes to read so many numbers of one of two such arrays in turn, as the solver has two cubes.
fn seconds_to_read(numbers: usize) -> f64 {
    let cubes = [vec![1.0_f64; numbers], vec![2.0_f64; numbers]];
    let seconds = (0..31).map(|turn| {
        let start = Instant::now();
        let mut sums = [0.0; 16];
        for chunk in cubes[turn % 2].chunks_exact(16) {
            sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += value);
        }
        black_box(sums);
        start.elapsed().as_secs_f64()
    });
    median(seconds.collect())
}

/// The plot of the documentation, drawn anew where `COBDEN_BLESS` asks for it.
fn draw(rows: &[Row]) {
    let line = |name: &str, inputs: bool, value: fn(&Row) -> f64| Line {
        name: name.into(),
        points: rows
            .iter()
            .filter(|row| row.inputs == inputs)
            .map(|row| (row.cells() as f64, 1e3 * value(row)))
            .collect(),
    };
    let lines = vec![
        line("solve, inputs", true, |row| row.solve),
        line("gradient, inputs", true, |row| row.gradient),
        line("solve, no inputs", false, |row| row.solve),
        line("floor, no inputs", false, |row| row.floor),
    ];
    let chart = Growth { x: "cells of the trade cube, N x N x J".into(), y: "milliseconds".into(), lines };
    if std::env::var_os("COBDEN_BLESS").is_some() {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images/growth.svg"));
        std::fs::write(&file, chart.svg()).unwrap();
        println!("\nwrote {}", file.display());
    }
}
