//! What memory can do, and how much of it was used.

use std::{hint::black_box, time::Instant};

use rayon::prelude::*;

use crate::median;

/// Numbers of an array: 256 MiB, far beyond any cache.
const NUMBERS: usize = 1 << 25;

/// Bytes per second that so many threads read in a plain sum, and move in a triad `a = b + 3 c`.
pub(crate) fn bandwidth(threads: usize) -> [f64; 2] {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (mut a, b, c) = (vec![0.0_f64; NUMBERS], vec![1.0_f64; NUMBERS], vec![2.0_f64; NUMBERS]);
    let piece = NUMBERS / 64;
    pool.install(|| {
        let time = |work: &mut dyn FnMut()| {
            let seconds = (0..7).map(|_| {
                let start = Instant::now();
                work();
                start.elapsed().as_secs_f64()
            });
            median(seconds.collect())
        };
        let sum = time(&mut || {
            let sums = b.par_chunks(piece).map(|piece| {
                let mut sums = [0.0; 16];
                piece.chunks_exact(16).for_each(|chunk| sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += x));
                sums.iter().sum::<f64>()
            });
            black_box(sums.sum::<f64>());
        });
        let triad = time(&mut || {
            let pieces = a.par_chunks_mut(piece).zip(b.par_chunks(piece)).zip(c.par_chunks(piece));
            pieces.for_each(|((a, b), c)| a.iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = b + 3.0 * c));
            black_box(&a);
        });
        let bytes = (NUMBERS * size_of::<f64>()) as f64;
        [bytes / sum, 3.0 * bytes / triad]
    })
}

/// The most memory this process has held since [`forget_peak`], in bytes; 0 where the system does not say.
pub(crate) fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    1024.0 * kilobytes.unwrap_or(0.0)
}

/// Lets the peak begin anew, where the system can.
pub(crate) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
