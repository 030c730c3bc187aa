//! One synthetic world, measured.

use std::time::Instant;

use cobden_equilibrium::{Model, ProductEconomy, ProductPolicy, Selection, Settings, Sweeps};
use cobden_world::{Rate, synthetic::Synthetic};

use crate::{median, memory};

/// A solve.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Solve {
    pub(crate) seconds: f64,
    /// Of all threads together.
    pub(crate) computed: f64,
    pub(crate) iterations: f64,
    pub(crate) products: f64,
}

/// What was measured; times in seconds, memory in bytes, pairs on one thread and on two. Times of passes are what all threads computed, over their number:
/// what the wall would say on a machine of one's own.
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
            row.evaluation[at] = memory::time(threads, || sweeps.evaluate());
            row.product[at] = memory::time(threads, || sweeps.product());
            row.wedges = memory::time(threads, || sweeps.follow(&tenth));
        });
        [row.sum[at], row.triad[at]] = memory::bandwidth(threads);
    }
    row
}

fn solve(economy: &ProductEconomy, policy: &ProductPolicy, settings: &Settings) -> Solve {
    let run = || {
        let (start, before) = (Instant::now(), memory::computed());
        let here = economy.solve(policy, None, settings).unwrap();
        let (seconds, computed) = (start.elapsed().as_secs_f64(), memory::computed() - before);
        let report = here.report();
        assert!(report.stop.converged(), "{report:?}");
        Solve { seconds, computed, iterations: report.iterations as f64, products: report.products as f64 }
    };
    let runs: Vec<Solve> = (0..3).map(|_| run()).collect();
    let middle = |of: fn(&Solve) -> f64| median(runs.iter().map(of).collect());
    Solve { seconds: middle(|run| run.seconds), computed: middle(|run| run.computed), ..runs[0] }
}

impl Row {
    fn numbers(&self) -> Vec<f64> {
        let Row { flows, calibrate, wedges, evaluation, product, bytes, sum, triad, us, tenth, peak_all, peak } = *self;
        let solve = |solve: Solve| [solve.seconds, solve.computed, solve.iterations, solve.products];
        let passes = [evaluation, product, sum, triad].concat();
        [&[flows, calibrate, wedges, bytes, peak_all, peak], passes.as_slice(), &solve(us), &solve(tenth)].concat()
    }

    /// One line for the process that asked.
    pub(crate) fn line(&self) -> String {
        self.numbers().iter().map(f64::to_string).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn parse(text: &str) -> Self {
        let v: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let pair = |at: usize| [v[at], v[at + 1]];
        let solve =
            |at: usize| Solve { seconds: v[at], computed: v[at + 1], iterations: v[at + 2], products: v[at + 3] };
        Row {
            flows: v[0],
            calibrate: v[1],
            wedges: v[2],
            bytes: v[3],
            peak_all: v[4],
            peak: v[5],
            evaluation: pair(6),
            product: pair(8),
            sum: pair(10),
            triad: pair(12),
            us: solve(14),
            tenth: solve(18),
        }
    }

    /// What the plot shows: flows, seconds computed in two solves and of a pass, GiB.
    pub(crate) fn plotted(&self) -> String {
        let gib = self.peak / (1 << 30) as f64;
        format!("{} {:.2} {:.2} {:.4} {gib:.3}\n", self.flows, self.tenth.seconds, self.us.seconds, self.product[1])
    }

    pub(crate) fn header() -> &'static str {
        "flows M | wedges ms | evaluation ms on 1, 2 threads | product ms 1, 2 | Mcells/s 2 | GB/s of a pass 1, 2 | sum 1, 2 | triad 1, 2 \
         | pass/sum 1, 2 | US: s, computed s, steps, products | tenth: the same | calibrate s | peak GiB | with generator"
    }

    pub(crate) fn show(&self) -> String {
        let (ms, gb, gib) = (|x: f64| 1e3 * x, |x: f64| 1e-9 * x, |x: f64| x / (1 << 30) as f64);
        let pass = self.product.map(|seconds| self.bytes / seconds);
        let solve = |s: &Solve| format!("{:.2}, {:.2}, {}, {}", s.seconds, s.computed, s.iterations, s.products);
        let pair = |of: [f64; 2]| format!("{:.1}, {:.1}", of[0], of[1]);
        [
            format!("{:.2}", 1e-6 * self.flows),
            format!("{:.0}", ms(self.wedges)),
            pair(self.evaluation.map(ms)),
            pair(self.product.map(ms)),
            format!("{:.0}", 1e-6 * self.flows / self.product[1]),
            pair(pass.map(gb)),
            pair(self.sum.map(gb)),
            pair(self.triad.map(gb)),
            format!("{:.2}, {:.2}", pass[0] / self.sum[0], pass[1] / self.sum[1]),
            solve(&self.us),
            solve(&self.tenth),
            format!("{:.1}", self.calibrate),
            format!("{:.2}", gib(self.peak)),
            format!("{:.2}", gib(self.peak_all)),
        ]
        .join(" | ")
    }
}
