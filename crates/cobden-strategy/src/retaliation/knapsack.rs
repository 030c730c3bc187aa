//! What fits under a cap.

/// The levers worth most together under a cap if worths add up: dynamic programming over values in so many steps of the cap, rounded up.
pub(super) fn knapsack(worths: &[(usize, f64)], values: &[f64], cap: f64) -> Vec<usize> {
    const STEPS: usize = 2000;
    let mut best = vec![(0.0, Vec::new()); STEPS + 1];
    for (lever, worth) in worths.iter().filter(|(_, worth)| *worth > 0.0) {
        let steps = (values[*lever] / cap * STEPS as f64).ceil();
        // What is larger than the cap has no place, whatever the cast would make of it.
        let steps = if steps <= STEPS as f64 { steps as usize } else { continue };
        for room in (steps..=STEPS).rev() {
            let with = best[room - steps].0 + worth;
            if with > best[room].0 {
                let mut levers = best[room - steps].1.clone();
                levers.push(*lever);
                best[room] = (with, levers);
            }
        }
    }
    best.pop().map(|(_, levers)| levers).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::knapsack;

    #[test]
    fn two_small_ones_may_be_worth_more_than_a_large_one() {
        let worths = [(0, 5.0), (1, 3.0), (2, 3.0), (3, 1.0)];
        assert_eq!(knapsack(&worths, &[10.0, 5.0, 5.0, 1.0], 10.0), [1, 2]);
        assert_eq!(knapsack(&worths, &[10.0, 5.0, 5.0, 1.0], 11.1), [1, 2, 3]);
        assert_eq!(knapsack(&worths, &[10.0, 5.0, 6.0, 1.0], 10.0), [0]);
        assert!(knapsack(&worths, &[10.0, 5.0, 6.0, 1.0], 0.5).is_empty());
    }
}
