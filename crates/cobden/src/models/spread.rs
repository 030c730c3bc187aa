//! How the numbers of one country spread over the combinations of one case.

use super::Models;
use super::variance::Design;

/// A change of real income smaller than this, in per cent, is none: it is shown as 0.00.
const NOTICEABLE: f64 = 0.005;

/// Numbers closer together than this, in per cent, differ by what solves leave (1e-10 of a level): nothing explains that.
const NOISE: f64 = 1e-7;

/// Real income of a country under every combination that was solved, in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// How many combinations were solved.
    pub models: usize,
    /// The middle one, or the mean of the middle two, per cent.
    pub median_pct: f64,
    /// The lowest, per cent.
    pub low_pct: f64,
    /// The highest, per cent.
    pub high_pct: f64,
    /// Under how many real income falls by 0.005 per cent or more.
    pub lose: usize,
    /// Under how many it rises by 0.005 per cent or more.
    pub gain: usize,
    /// How much of the spread each choice explains; `None` where there is none, all numbers being the same.
    pub shares: Option<Shares>,
}

/// Parts of the sum of squares around the mean; they add up to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// `[choice]`: what each choice explains by itself.
    pub choices: Vec<f64>,
    /// What choices explain only in combination: the effect of one depends on another.
    pub combinations: f64,
}

impl Spread {
    /// Under how many real income hardly changes.
    pub fn unmoved(&self) -> usize {
        self.models - self.lose - self.gain
    }
}

/// Every country of every case, `[case][country]`.
pub(super) fn spreads(models: &Models, cases: usize, countries: usize) -> Vec<Vec<Option<Spread>>> {
    (0..cases).map(|case| of_case(models, case, countries)).collect()
}

fn of_case(models: &Models, case: usize, countries: usize) -> Vec<Option<Spread>> {
    let solved: Vec<_> = models
        .combinations
        .iter()
        .filter_map(|one| Some((one.options.clone(), one.cases.get(case)?.as_ref().ok()?)))
        .collect();
    let design = Design::new(&solved.iter().map(|(options, _)| options.clone()).collect::<Vec<_>>());
    let welfare = |country: usize| solved.iter().map(|(_, numbers)| numbers[country].welfare_pct).collect();
    (0..countries).map(|country| spread(&design, welfare(country))).collect()
}

fn spread(design: &Design, values: Vec<f64>) -> Option<Spread> {
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let (low_pct, high_pct) = (*sorted.first()?, *sorted.last()?);
    let middle = sorted.len() / 2;
    let median_pct =
        if sorted.len() % 2 == 1 { sorted[middle] } else { 0.5 * sorted[middle - 1] + 0.5 * sorted[middle] };
    let shares = (high_pct - low_pct > NOISE).then(|| {
        let sums = design.analyse(&values);
        let part = |sum: f64| sum / sums.total;
        Shares { choices: sums.choices.iter().map(|sum| part(*sum)).collect(), combinations: part(sums.combinations) }
    });
    Some(Spread {
        models: sorted.len(),
        median_pct,
        low_pct,
        high_pct,
        lose: sorted.iter().filter(|value| **value <= -NOTICEABLE).count(),
        gain: sorted.iter().filter(|value| **value >= NOTICEABLE).count(),
        shares,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_says_where_numbers_lie() {
        let options: Vec<Vec<usize>> = (0..4).map(|at| vec![at / 2, at % 2]).collect();
        let spread = spread(&Design::new(&options), vec![-0.3, -0.1, 0.001, 0.2]).unwrap();
        assert_eq!((spread.models, spread.lose, spread.unmoved(), spread.gain), (4, 2, 1, 1));
        assert_eq!((spread.low_pct, spread.high_pct), (-0.3, 0.2));
        assert!((spread.median_pct + 0.0495).abs() < 1e-15);
        let shares = spread.shares.unwrap();
        assert!((shares.choices.iter().sum::<f64>() + shares.combinations - 1.0).abs() < 1e-14);
    }

    #[test]
    fn numbers_that_are_the_same_but_for_rounding_have_no_spread() {
        let design = Design::new(&[vec![0], vec![1]]);
        assert_eq!(spread(&design, vec![-0.3, -0.3 + 1e-9]).unwrap().shares, None);
        assert_eq!(spread(&Design::new(&[]), Vec::new()), None);
    }
}
