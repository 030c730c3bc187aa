//! Draws how time and memory grow with the flows of a world, from the numbers that a bench wrote:
//!
//!     cargo run -p cobden-report --example large_worlds < docs/images/large-worlds.txt > docs/images/large-worlds.svg

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use cobden_report::{Growth, Line};

/// The columns after the first, which holds flows.
const NAMES: [&str; 4] = ["solve, a tenth, s", "solve, US +20 %, s", "one pass, s", "peak memory, GiB"];

fn main() {
    let text = std::io::read_to_string(std::io::stdin()).unwrap();
    let rows: Vec<Vec<f64>> =
        text.lines().map(|line| line.split_whitespace().map(|number| number.parse().unwrap()).collect()).collect();
    let line = |(column, name): (usize, &&str)| Line {
        name: (*name).to_owned(),
        points: rows.iter().map(|row| (row[0], row[column + 1])).collect(),
    };
    let lines = NAMES.iter().enumerate().map(line).collect();
    print!("{}", Growth { x: "flows above zero".into(), y: "seconds, GiB".into(), lines }.svg());
}
