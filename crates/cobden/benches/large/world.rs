//! One synthetic world, measured.

use std::time::Instant;

use cobden_equilibrium::{Model, ProductEconomy, ProductPolicy, Selection, Settings, Sweeps};
use cobden_world::{Rate, synthetic::Synthetic};

use crate::{median, memory};

/// A solve.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Solve {
    pub(crate) seconds: f64,
    pub(crate) iterations: f64,
    pub(crate) products: f64,
}

/// What was measured; times in seconds, memory in bytes, pairs on one thread and on two.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    pub(crate) flows: f64,
    pub(crate) calibrate: f64,
    pub(crate) wedges: f64,
    pub(crate) evaluation: [f64; 2],
    pub(crate) product: [f64; 2],
    /// Bytes of a pass.
    pub(crate) bytes: f64,
    /// Bytes per second: sum and triad on one thread, on two.
    pub(crate) sum: [f64; 2],
    pub(crate) triad: [f64; 2],
    pub(crate) us: Solve,
    pub(crate) tenth: Solve,
    /// Of everything, the generator included, and from calibration on.
    pub(crate) peak_all: f64,
    pub(crate) peak: f64,
}

/// A world of so many million flows: at each size the same countries and sectors, and products in proportion, so that it is as sparse.
pub(crate) fn measure(millions: usize) -> Row {
    let asked = Synthetic { products: 5_000 * millions / 11, flows: millions * 1_000_000, ..Synthetic::default() };
    let (world, products) = asked.world();
    let mut row = Row { flows: products.flows() as f64, peak_all: memory::peak(), ..Row::default() };
    memory::forget_peak();
    let settings = Settings { tolerance: 1e-8, ..Settings::default() };
    let start = Instant::now();
    let economy = ProductEconomy::calibrate(
        &world,
        &products,
        world.elasticities.as_ref().unwrap(),
        &Model::default(),
        &settings,
    )
    .unwrap();
    row.calibrate = start.elapsed().as_secs_f64();
    let mut us = ProductPolicy::status_quo(&products);
    us.change(&products, &Selection::all().importers([0]), |rate| Rate(rate.0 + 0.2));
    row.us = solve(&economy, &us, &settings);
    drop(us);
    let mut tenth = ProductPolicy::status_quo(&products);
    // Every tenth cell, by a stride that falls on all importers and products alike: 0 to 50 points more.
    for (place, rate) in tenth.tariffs.iter_mut().enumerate().filter(|(place, _)| place * 7_919 % 10 == 0) {
        rate.0 += 0.005 * (place * 104_729 % 101) as f64;
    }
    row.tenth = solve(&economy, &tenth, &settings);
    row.peak = memory::peak();
    row.peak_all = row.peak_all.max(row.peak);
    for (at, threads) in [1, 2].into_iter().enumerate() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut sweeps = Sweeps::new(&economy, &tenth);
            row.bytes = sweeps.bytes() as f64;
            row.evaluation[at] = time(|| sweeps.evaluate());
            row.product[at] = time(|| sweeps.product());
            row.wedges = time(|| sweeps.follow(&tenth));
        });
        [row.sum[at], row.triad[at]] = memory::bandwidth(threads);
    }
    row
}

fn solve(economy: &ProductEconomy, policy: &ProductPolicy, settings: &Settings) -> Solve {
    let run = || {
        let start = Instant::now();
        let here = economy.solve(policy, None, settings).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let report = here.report();
        assert!(report.stop.converged(), "{report:?}");
        Solve { seconds, iterations: report.iterations as f64, products: report.products as f64 }
    };
    let runs: Vec<Solve> = (0..3).map(|_| run()).collect();
    Solve { seconds: median(runs.iter().map(|run| run.seconds).collect()), ..runs[0] }
}

fn time(mut work: impl FnMut()) -> f64 {
    let seconds = (0..5).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    median(seconds.collect())
}

impl Row {
    fn numbers(&self) -> [f64; 21] {
        let Row { flows, calibrate, wedges, evaluation, product, bytes, sum, triad, us, tenth, peak_all, peak } = *self;
        [
            flows,
            calibrate,
            wedges,
            evaluation[0],
            evaluation[1],
            product[0],
            product[1],
            bytes,
            sum[0],
            sum[1],
            triad[0],
            triad[1],
            us.seconds,
            us.iterations,
            us.products,
            tenth.seconds,
            tenth.iterations,
            tenth.products,
            peak_all,
            peak,
            0.0,
        ]
    }

    /// One line for the process that asked.
    pub(crate) fn line(&self) -> String {
        self.numbers().map(|number| number.to_string()).join(" ")
    }

    pub(crate) fn parse(text: &str) -> Self {
        let v: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let solve = |at: usize| Solve { seconds: v[at], iterations: v[at + 1], products: v[at + 2] };
        Row {
            flows: v[0],
            calibrate: v[1],
            wedges: v[2],
            evaluation: [v[3], v[4]],
            product: [v[5], v[6]],
            bytes: v[7],
            sum: [v[8], v[9]],
            triad: [v[10], v[11]],
            us: solve(12),
            tenth: solve(15),
            peak_all: v[18],
            peak: v[19],
        }
    }

    pub(crate) fn header() -> &'static str {
        "flows M | calibrate s | wedges ms | evaluation ms 1, 2 threads | product ms 1, 2 | Mcells/s 2 | GB/s pass 2, sum 1, 2, triad 1, 2 | pass/sum | US s, steps, products | tenth s, steps, products | peak GiB, with generator"
    }

    pub(crate) fn show(&self) -> String {
        let (ms, gb, gib) = (1e3, 1e-9, 1.0 / (1 << 30) as f64);
        let pass = self.bytes / self.product[1];
        format!(
            "{:.2} | {:.2} | {:.0} | {:.1}, {:.1} | {:.1}, {:.1} | {:.0} | {:.1}, {:.1}, {:.1}, {:.1}, {:.1} | {:.2} | {:.2}, {}, {} | {:.2}, {}, {} | {:.2}, {:.2}",
            1e-6 * self.flows,
            self.calibrate,
            ms * self.wedges,
            ms * self.evaluation[0],
            ms * self.evaluation[1],
            ms * self.product[0],
            ms * self.product[1],
            1e-6 * self.flows / self.product[1],
            gb * pass,
            gb * self.sum[0],
            gb * self.sum[1],
            gb * self.triad[0],
            gb * self.triad[1],
            pass / self.sum[1],
            self.us.seconds,
            self.us.iterations,
            self.us.products,
            self.tenth.seconds,
            self.tenth.iterations,
            self.tenth.products,
            gib * self.peak,
            gib * self.peak_all,
        )
    }
}
