//! How long the law takes: reading it, one day of it, all its days.
//!
//!     cargo bench -p cobden --bench law
//!
//! Medians, and the ratio of pricing product by product to pricing class by class on the same trade and day. The ten-digit imports lie in the test
//! data (`COBDEN_TEST_DATA`) and are left out where they are not.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Instant;

use cobden::law::{self, Date, Moment, Period, Question, Register, Sectors, Trade, Weights};

const RUNS: usize = 9;

fn main() {
    let read = median(|| Register::read(law::register_texts()).unwrap());
    println!("{:<64}{read:>10.1} ms", "read the register");
    let world = cobden::find_world("icio-2022").unwrap();
    let weights = Weights::read(world.files.as_ref()).unwrap().unwrap();
    let register = law::register().unwrap();
    let days: Vec<Moment> = (0..RUNS).map(|month| Moment::on(Date::constant(2025, 1 + month as i8, 15))).collect();
    let sectors = Sectors::new(&world.world, &weights, &[register]).unwrap();
    let each = median(|| sectors.added(register, &days[..1]).unwrap());
    println!("{:<64}{each:>10.1} ms", "one day in the sectors of icio-2022, all importers");
    trade("United States, the trade of icio-2022", register, weights.trade("USA").unwrap());
    let folder = std::env::var_os("COBDEN_TEST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    match law::customs_records(register, &folder) {
        Ok(imports) => trade("United States, ten digits", register, &imports),
        Err(problem) => println!("skipped: {problem}"),
    }
}

fn trade(name: &str, register: &Register, trade: &Trade) {
    println!("{name}: {} lines", trade.lines().count());
    let day = Moment::on(Date::constant(2025, 10, 20));
    let first = median(|| register.pricer(trade).unwrap().price(day).unwrap());
    println!("{:<64}{first:>10.1} ms", "  one day");
    let begun = Instant::now();
    for (partner, product, _, base) in trade.lines().step_by(100) {
        register.price(&Question::new(&trade.importer, partner, product, day.date).base(base)).unwrap();
    }
    let one_by_one = 1e5 * begun.elapsed().as_secs_f64();
    println!("{:<64}{:>10.0} times", "  product by product, of which 1 in 100 was priced", one_by_one / first);
    let span = Period::new(Some(Date::constant(2018, 1, 1)), Some(Date::constant(2028, 1, 1)));
    let days = register.change_points(&trade.importer, span, day);
    let begun = Instant::now();
    let mut pricer = register.pricer(trade).unwrap();
    for &date in &days {
        pricer.price(Moment { date, ..day }).unwrap();
    }
    let name = format!("  every day from 2018 to 2027: {} change points", days.len());
    println!("{name:<64}{:>10.1} ms", 1e3 * begun.elapsed().as_secs_f64());
}

/// Milliseconds, of several runs the median.
fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(run());
            1e3 * begun.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
