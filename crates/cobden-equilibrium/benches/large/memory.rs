//! What memory can do, and how much of it was used.

use std::{hint::black_box, time::Instant};

use rayon::prelude::*;

use crate::median;

/// Numbers of an array: 128 MiB, far beyond any cache.
const NUMBERS: usize = 1 << 24;

/// Bytes per second that so many threads read in a plain sum, and move in a triad `a = b + 3 c`.
pub(crate) fn bandwidth(threads: usize) -> [f64; 2] {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (mut a, b, c) = (vec![0.0_f64; NUMBERS], vec![1.0_f64; NUMBERS], vec![2.0_f64; NUMBERS]);
    let piece = NUMBERS / 64;
    pool.install(|| {
        let time = |work: &mut dyn FnMut()| time(threads, work);
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

/// Seconds of one piece of work: what so many threads computed over their number, or the wall's where the system does not say; a median.
pub(crate) fn time(threads: usize, mut work: impl FnMut()) -> f64 {
    let seconds = (0..5).map(|_| {
        let (start, before) = (Instant::now(), computed());
        work();
        let computed = computed() - before;
        if computed > 0.0 { computed / threads as f64 } else { start.elapsed().as_secs_f64() }
    });
    median(seconds.collect())
}

/// Seconds that all threads of this process together have computed; 0 where the system does not say.
///
/// On a machine that others use too, the clock on the wall measures them as well.
pub(crate) fn computed() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let seconds = threads.flatten().filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        Some(1e-9 * text.split_whitespace().next()?.parse::<f64>().ok()?)
    });
    seconds.sum()
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
