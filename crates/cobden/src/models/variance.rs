//! How much of the spread of a number over many models each choice explains: an analysis of variance.
//!
//! `y` is a number under each combination of options, `SS(S)` the sum of squares that the additive model with one effect per
//! option of every choice in `S` explains. In a full table the choices are orthogonal, and choice `c` explains
//! `SS(c) = sum over its options of count (mean of the option - mean)^2`, whatever the order in which choices enter. Where
//! combinations failed the order matters; the sum of squares of a choice is then the mean of
//! `SS(S + c) - SS(S)` over all orders (Lindeman, Merenda and Gold 1980; the Shapley value), which is the same in a full table. What the additive
//! model of all choices leaves is what they do in combination. Parts add up to the total and none is below zero.

/// A column whose part outside the others is smaller than this is one of them: columns have length one or more, and what is
/// left of an independent one is a fraction with small numerator and denominator.
const DEPENDENT: f64 = 1e-8;

/// The table of combinations, prepared for any number of analyses.
#[derive(Clone, Debug)]
pub(crate) struct Design {
    observations: usize,
    choices: usize,
    /// By set of choices, bit `c` for choice `c`: an orthonormal basis of what the additive model of the set spans, the mean first.
    bases: Vec<Vec<Vec<f64>>>,
}

/// Sums of squares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SumsOfSquares {
    /// Around the mean.
    pub(crate) total: f64,
    /// What each choice explains.
    pub(crate) choices: Vec<f64>,
    /// What choices explain only in combination.
    pub(crate) combinations: f64,
}

impl Design {
    /// A table given by the option that each observation takes of each choice, `[observation][choice]`.
    pub(crate) fn new(options: &[Vec<usize>]) -> Self {
        let observations = options.len();
        let choices = options.first().map_or(0, Vec::len);
        let mean = vec![(observations.max(1) as f64).sqrt().recip(); observations];
        let mut bases: Vec<Vec<Vec<f64>>> = vec![vec![mean]];
        for set in 1..1_usize << choices {
            let last = usize::BITS - 1 - set.leading_zeros();
            let mut basis = bases[set & !(1 << last)].clone();
            let taken = |row: &Vec<usize>| row[last as usize];
            for option in 0..options.iter().map(|row| taken(row) + 1).max().unwrap_or(0) {
                extend(&mut basis, options.iter().map(|row| f64::from(u8::from(taken(row) == option))).collect());
            }
            bases.push(basis);
        }
        Self { observations, choices, bases }
    }

    /// The analysis of one number, `[observation]`.
    pub(crate) fn analyse(&self, values: &[f64]) -> SumsOfSquares {
        debug_assert_eq!(values.len(), self.observations);
        let mean = values.iter().sum::<f64>() / self.observations.max(1) as f64;
        let around: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let total = dot(&around, &around);
        let explained: Vec<f64> =
            self.bases.iter().map(|basis| basis.iter().skip(1).map(|one| dot(one, &around).powi(2)).sum()).collect();
        let choices: Vec<f64> = (0..self.choices).map(|choice| self.mean_rise(&explained, choice)).collect();
        let combinations = (total - explained.last().copied().unwrap_or_default()).max(0.0);
        SumsOfSquares { total, choices, combinations }
    }

    /// The mean over all orders of what a choice adds to those before it.
    fn mean_rise(&self, explained: &[f64], choice: usize) -> f64 {
        let without = (0..explained.len()).filter(|set| set & (1 << choice) == 0);
        let rise = without.map(|before| {
            let size = before.count_ones() as usize;
            // The part of all orders in which exactly the choices of `before` come first.
            let orders = factorial(size) * factorial(self.choices - size - 1) / factorial(self.choices);
            orders * (explained[before | (1 << choice)] - explained[before])
        });
        rise.sum::<f64>().max(0.0)
    }
}

/// Adds a column to an orthonormal basis, unless it lies in what the basis spans (Gram-Schmidt, twice for accuracy).
fn extend(basis: &mut Vec<Vec<f64>>, mut column: Vec<f64>) {
    for _ in 0..2 {
        for one in basis.iter() {
            let part = dot(one, &column);
            column.iter_mut().zip(one).for_each(|(value, one)| *value -= part * one);
        }
    }
    let length = dot(&column, &column).sqrt();
    if length > DEPENDENT {
        column.iter_mut().for_each(|value| *value /= length);
        basis.push(column);
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn factorial(number: usize) -> f64 {
    (1..=number).map(|factor| factor as f64).product()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, published: f64, tolerance: f64) {
        assert!((found - published).abs() <= tolerance, "{found}, published {published}");
    }

    /// Montgomery, Design and Analysis of Experiments, example 5.1: life of a battery by material and temperature, four of each.
    /// Published to two decimals: material 10683.72, temperature 39118.72, interaction 9613.78, error 18230.75, total 77646.97.
    const BATTERY: [[[f64; 4]; 3]; 3] = [
        [[130., 155., 74., 180.], [34., 40., 80., 75.], [20., 70., 82., 58.]],
        [[150., 188., 159., 126.], [136., 122., 106., 115.], [25., 70., 58., 45.]],
        [[138., 110., 168., 160.], [174., 120., 150., 139.], [96., 104., 82., 60.]],
    ];

    #[test]
    fn a_full_table_has_the_published_sums_of_squares() {
        let cells = || (0..3).flat_map(|material| (0..3).map(move |temperature| vec![material, temperature]));
        let options: Vec<Vec<usize>> = cells().flat_map(|cell| vec![cell; 4]).collect();
        let values: Vec<f64> = BATTERY.iter().flatten().flatten().copied().collect();
        let sums = Design::new(&options).analyse(&values);
        close(sums.total, 77646.97, 0.005);
        close(sums.choices[0], 10683.72, 0.005);
        close(sums.choices[1], 39118.72, 0.005);
        close(sums.combinations, 9613.78 + 18230.75, 0.01);
        // One number per cell, as models give: four times the sums of squares of the means, and no error.
        let means: Vec<f64> = BATTERY.iter().flatten().map(|cell| cell.iter().sum::<f64>() / 4.0).collect();
        let sums = Design::new(&cells().collect::<Vec<_>>()).analyse(&means);
        close(4.0 * sums.choices[0], 10683.72, 0.005);
        close(4.0 * sums.choices[1], 39118.72, 0.005);
        close(4.0 * sums.combinations, 9613.78, 0.005);
    }

    /// Kutner (1974, p. 98) as in the manual of SAS, procedure GLM, "Unbalanced ANOVA for Two-Way Design with Interaction": change of
    /// blood pressure by drug and disease; an empty place is a patient without a number.
    const DRUGS: [[&[f64]; 3]; 4] = [
        [&[42., 44., 36., 13., 19., 22.], &[33., 26., 33., 21.], &[31., -3., 25., 25., 24.]],
        [&[28., 23., 34., 42., 13.], &[34., 33., 31., 36.], &[3., 26., 28., 32., 4., 16.]],
        [&[1., 29., 19.], &[11., 9., 7., 1., -6.], &[21., 1., 9., 3.]],
        [&[24., 9., 22., -2., 15.], &[27., 12., 12., -5., 16., 15.], &[22., 7., 25., 5., 12.]],
    ];

    #[test]
    fn a_table_with_gaps_has_the_mean_of_the_published_orders() {
        let mut options = Vec::new();
        let mut values = Vec::new();
        for (drug, diseases) in DRUGS.iter().enumerate() {
            for (disease, patients) in diseases.iter().enumerate() {
                options.extend(patients.iter().map(|_| vec![drug, disease]));
                values.extend_from_slice(patients);
            }
        }
        let sums = Design::new(&options).analyse(&values);
        // Published: drug first 3133.238506, then disease 418.833741; drug after disease 3063.432863; so disease first is the rest.
        let (first, then, after) = (3133.238506, 418.833741, 3063.432863);
        close(sums.total, 9340.155172, 1e-6);
        close(sums.choices[0], (first + after) / 2.0, 1e-6);
        close(sums.choices[1], (then + (first + then - after)) / 2.0, 1e-6);
        close(sums.combinations, 9340.155172 - first - then, 2e-6);
    }

    #[test]
    fn a_choice_with_one_option_explains_nothing() {
        let sums = Design::new(&[vec![0, 0], vec![0, 1], vec![0, 2]]).analyse(&[1.0, 2.0, 4.0]);
        assert_eq!(sums.choices[0], 0.0);
        close(sums.choices[1], sums.total, 1e-14);
    }

    /// Means of a full table, by the formula of the textbooks.
    fn main_effect(options: &[Vec<usize>], values: &[f64], choice: usize) -> f64 {
        let mean = |rows: &[f64]| rows.iter().sum::<f64>() / rows.len() as f64;
        let all = mean(values);
        let of = |option: usize| -> Vec<f64> {
            options.iter().zip(values).filter(|(row, _)| row[choice] == option).map(|(_, value)| *value).collect()
        };
        (0..4).map(of).filter(|rows| !rows.is_empty()).map(|rows| rows.len() as f64 * (mean(&rows) - all).powi(2)).sum()
    }

    proptest! {
        #[test]
        fn parts_add_up_with_and_without_gaps(
            values in prop::collection::vec(-10.0..10.0f64, 24), present in prop::collection::vec(any::<bool>(), 24),
        ) {
            let cells: Vec<Vec<usize>> =
                (0..24).map(|cell| vec![cell % 2, cell / 2 % 3, cell / 6]).collect();
            let full = Design::new(&cells).analyse(&values);
            for choice in 0..3 {
                let expected = main_effect(&cells, &values, choice);
                prop_assert!((full.choices[choice] - expected).abs() <= 1e-12 * full.total);
            }
            let some = |cell: &usize| present[*cell];
            let kept: Vec<Vec<usize>> = (0..24).filter(some).map(|cell| cells[cell].clone()).collect();
            let left: Vec<f64> = (0..24).filter(some).map(|cell| values[cell]).collect();
            for sums in [full, Design::new(&kept).analyse(&left)] {
                let parts = sums.choices.iter().sum::<f64>() + sums.combinations;
                prop_assert!((parts - sums.total).abs() <= 1e-12 * sums.total);
                prop_assert!(sums.choices.iter().all(|part| *part >= 0.0) && sums.combinations >= 0.0);
            }
        }
    }
}
