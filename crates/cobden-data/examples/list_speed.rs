//! How fast a list of the size of a year of BACI is read: `cargo run --release -p cobden-data --example list_speed [ROWS]`.
//!
//! The rows are made while they are read, so that no disk is measured; making them alone is timed first, to be taken off.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example shows what it finds")]

use std::io::{Read, Write, copy, sink};
use std::time::Instant;

use cobden_data::baci;

/// Rows like those of BACI, about 45 bytes each.
struct Rows {
    left: u64,
    state: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Rows {
    fn new(rows: u64) -> Self {
        Self { left: rows, state: 1, buffer: b"t,i,j,k,v,q\n".to_vec(), at: 0 }
    }

    fn fill(&mut self) {
        self.buffer.clear();
        self.at = 0;
        while self.left > 0 && self.buffer.len() < 1 << 16 {
            self.left -= 1;
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [i, j] = [20, 40].map(|shift| 4 + (self.state >> shift) % 890);
            let (k, v, q) = (10121 + (self.state >> 8) % 960_000, (self.state >> 33) % 9_000_000, self.state >> 50);
            let (whole, rest) = (v / 1000, v % 1000);
            writeln!(self.buffer, "2020,{i},{j},{k},{whole:>11}.{rest:03},{q:>11}.{rest:03}").unwrap();
        }
    }
}

impl Read for Rows {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.buffer.len() {
            self.fill();
        }
        let length = out.len().min(self.buffer.len() - self.at);
        out[..length].copy_from_slice(&self.buffer[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Seconds of processor time so far, where Linux says them (in hundredths); else seconds since the start.
fn seconds(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = [11, 12].map(|field| fields.split(' ').nth(field).and_then(|ticks| ticks.parse::<f64>().ok()));
    match ticks {
        [Some(user), Some(system)] => (user + system) / 100.0,
        _ => start.elapsed().as_secs_f64(),
    }
}

fn main() {
    let rows = std::env::args().nth(1).map_or(11_000_000, |rows| rows.parse().unwrap());
    let start = Instant::now();
    let bytes = copy(&mut Rows::new(rows), &mut sink()).unwrap();
    let making = seconds(start);
    let mut total = 0.0;
    let summary = baci::read(Rows::new(rows), "rows.csv", None, &[], &mut |record| {
        total += record.value;
        Ok(())
    });
    let reading = seconds(start) - 2.0 * making;
    let told = summary.unwrap().read;
    println!("{told} rows, {} MB: {reading:.1} s, {making:.1} s of making them taken off", bytes / 1_000_000);
    println!("{total:.0} USD million");
    // Linux says the most memory that the process ever held.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
}
