//! Whether any table with given zeros meets given margins, and if not, which rows and columns stand in the way.

use std::collections::VecDeque;

use ndarray::Array2;

/// A set of lines whose totals cannot be placed, because all the lines they meet hold less.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blocked {
    /// Sources that must place something.
    pub(crate) sources: Vec<usize>,
    /// The sum of their totals.
    pub(crate) must_place: f64,
    /// All targets that they may place anything in.
    pub(crate) targets: Vec<usize>,
    /// The sum of the totals of those.
    pub(crate) can_hold: f64,
}

/// How much of all that must be placed may be left over by rounding.
const ROUNDING: f64 = 1e-12;

/// Whether every source with a total can place it in targets that `allowed[source, target]`, none of which takes more than its
/// total; `None` among the targets takes anything, among the sources need place nothing.
///
/// Maximum flow by shortest augmenting paths (Edmonds and Karp). Where it leaves something over, the sources reached from what
/// is left form the minimum cut, and that is the reason to report.
///
/// A table with both margins exists just if this holds from rows to columns and from columns to rows (Hoffman's circulation
/// theorem: no other cut has finite capacity).
pub(crate) fn blocked(allowed: &Array2<bool>, must_place: &[Option<f64>], can_hold: &[Option<f64>]) -> Option<Blocked> {
    let total: f64 = must_place.iter().flatten().sum();
    let mut network = Network {
        allowed,
        placed: Array2::zeros(allowed.dim()),
        left: must_place.iter().map(|total| total.unwrap_or(0.0)).collect(),
        room: can_hold.iter().map(|total| total.unwrap_or(f64::INFINITY)).collect(),
        negligible: ROUNDING * total,
    };
    // Edmonds and Karp need at most (lines x cells) augmentations; the bound is for a surprise of rounding.
    let lines = must_place.len() + can_hold.len();
    for _ in 0..=lines.saturating_mul(allowed.len()) {
        match network.search() {
            Search::Done => return None,
            Search::Path(path) => network.augment(&path),
            Search::Stuck { sources, targets } => {
                let must_place = sources.iter().filter_map(|&source| must_place[source]).sum();
                let can_hold = targets.iter().filter_map(|&target| can_hold[target]).sum();
                return Some(Blocked { sources, must_place, targets, can_hold });
            }
        }
    }
    None
}

struct Network<'a> {
    allowed: &'a Array2<bool>,
    placed: Array2<f64>,
    /// What each source has yet to place.
    left: Vec<f64>,
    /// What each target can still take.
    room: Vec<f64>,
    negligible: f64,
}

enum Search {
    /// Nothing is left to place.
    Done,
    /// Source, target, source, ..., target: place along the even steps, take back along the odd ones.
    Path(Vec<(usize, usize)>),
    /// What the sources with something left can reach, themselves included.
    Stuck { sources: Vec<usize>, targets: Vec<usize> },
}

impl Network<'_> {
    /// Breadth first from all sources with something left to the first target with room.
    fn search(&self) -> Search {
        let (sources, targets) = self.allowed.dim();
        let mut queue: VecDeque<usize> = (0..sources).filter(|&source| self.left[source] > self.negligible).collect();
        if queue.is_empty() {
            return Search::Done;
        }
        // From which source a target was reached, and from which target a source.
        let mut target_from: Vec<Option<usize>> = vec![None; targets];
        let mut source_from: Vec<Option<usize>> = vec![None; sources];
        let mut reached = vec![false; sources];
        for &source in &queue {
            reached[source] = true;
        }
        while let Some(source) = queue.pop_front() {
            for target in 0..targets {
                if !self.allowed[[source, target]] || target_from[target].is_some() {
                    continue;
                }
                target_from[target] = Some(source);
                if self.room[target] > self.negligible {
                    return Search::Path(trace(target, &target_from, &source_from));
                }
                for other in 0..sources {
                    if !reached[other] && self.placed[[other, target]] > 0.0 {
                        reached[other] = true;
                        source_from[other] = Some(target);
                        queue.push_back(other);
                    }
                }
            }
        }
        Search::Stuck {
            sources: (0..sources).filter(|&source| reached[source]).collect(),
            targets: (0..targets).filter(|&target| target_from[target].is_some()).collect(),
        }
    }

    fn augment(&mut self, path: &[(usize, usize)]) {
        let (Some(&(first, _)), Some(&(_, last))) = (path.first(), path.last()) else {
            return;
        };
        let mut amount = self.left[first].min(self.room[last]);
        for step in path.windows(2) {
            // The next source gives back what it placed in this step's target.
            amount = amount.min(self.placed[[step[1].0, step[0].1]]);
        }
        for &(source, target) in path {
            self.placed[[source, target]] += amount;
        }
        for step in path.windows(2) {
            self.placed[[step[1].0, step[0].1]] -= amount;
        }
        self.left[first] -= amount;
        self.room[last] -= amount;
    }
}

/// The path that ends at a target, as (source, target) pairs from its start.
fn trace(last: usize, target_from: &[Option<usize>], source_from: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut path = Vec::new();
    let mut target = Some(last);
    while let Some(here) = target {
        let Some(source) = target_from[here] else {
            break;
        };
        path.push((source, here));
        target = source_from[source];
    }
    path.reverse();
    path
}
