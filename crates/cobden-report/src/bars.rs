//! Bars to the left and right of a common zero, one per row of a table.

use serde::Serialize;

use crate::contents::{Case, Page};
use crate::scale::signed;

/// The most rows on each side of a ranking.
const RANKED: usize = 12;

/// A row before it is laid out: its name, the value that the bar shows, and the numbers written beside it.
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) value: f64,
    pub(crate) cells: Vec<String>,
}

/// A row with its bar, in percent of the width there is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Bar {
    label: String,
    x: f64,
    width: f64,
    sign: &'static str,
    cells: Vec<String>,
}

/// Rows on one scale, with the place of zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Bars {
    zero: f64,
    rows: Vec<Bar>,
}

/// The stretch of values that the width of the bars stands for; it holds zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Domain {
    low: f64,
    high: f64,
}

impl Domain {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        Self { low, high }
    }

    /// From the least of the values to the greatest, whether or not zero lies between.
    pub(crate) fn between(values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = finite.fold(ends, |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        if low <= high { Self { low, high } } else { Self { low: 0.0, high: 0.0 } }
    }

    /// A stretch of the same length that ends where `values` end on the right, so that no room is lost there.
    fn ending_with(self, values: impl IntoIterator<Item = f64>) -> Self {
        let high = Self::of(values).high;
        Self { low: self.low - self.high + high, high }
    }

    /// A stretch of the same length that begins where `values` begin on the left.
    fn beginning_with(self, values: impl IntoIterator<Item = f64>) -> Self {
        let low = Self::of(values).low;
        Self { low, high: self.high - self.low + low }
    }

    /// Both ends.
    pub(crate) fn ends(self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// The place of a value in percent of the width, at most what is visible. Halves keep the difference of two huge values finite.
    pub(crate) fn place(self, value: f64) -> f64 {
        let width = self.high / 2.0 - self.low / 2.0;
        let place = if width > 0.0 { (value / 2.0 - self.low / 2.0) / width * 100.0 } else { 0.0 };
        (place.clamp(0.0, 100.0) * 100.0).round() / 100.0
    }
}

impl Bars {
    /// Lays rows out; a value that is missing has no bar.
    pub(crate) fn new(items: impl IntoIterator<Item = Item>, domain: Domain) -> Self {
        let zero = domain.place(0.0);
        let rows = items.into_iter().map(|Item { label, value, cells }| {
            let end = if value.is_finite() { domain.place(value) } else { zero };
            let sign = if value < 0.0 { "loss" } else { "gain" };
            let width = ((end - zero).abs() * 100.0).round() / 100.0;
            Bar { label, x: end.min(zero), width, sign, cells }
        });
        Self { zero, rows: rows.collect() }
    }
}

/// Who loses most and who gains most in one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Ranking {
    worst: Bars,
    best: Bars,
}

impl Ranking {
    /// Regions from the worst up and from the best down, each at most once, both on the same scale.
    pub(crate) fn of(page: &Page, case: &Case) -> Self {
        let mut order: Vec<usize> = (0..page.regions.len()).filter(|k| case.value(*k).is_finite()).collect();
        order.sort_by(|a, b| case.value(*a).total_cmp(&case.value(*b)));
        let item = |k: &usize| {
            let label = page.regions.get(*k).map_or_else(String::new, |region| region.name.clone());
            let value = case.value(*k);
            let amount = page.amount.as_ref().map(|measure| signed(case.amount(*k), measure.decimals));
            Item { label, value, cells: std::iter::once(signed(value, page.measure.decimals)).chain(amount).collect() }
        };
        let losers = order.len().div_ceil(2).min(RANKED);
        let gainers = (order.len() - losers).min(RANKED);
        let value = |k: &usize| case.value(*k);
        let all = Domain::of(order.iter().map(value));
        let (worst, best) = (order.iter().take(losers), order.iter().rev().take(gainers));
        Self {
            worst: Bars::new(worst.clone().map(item), all.ending_with(worst.map(value))),
            best: Bars::new(best.clone().map(item), all.beginning_with(best.map(value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contents::{Measure, Region};

    fn page(values: &[f64]) -> Page {
        let regions = (0..values.len()).map(|k| Region::country(format!("C{k}"), format!("Country {k}")));
        let case = Case { values: values.to_vec(), ..Case::default() };
        Page { regions: regions.collect(), measure: Measure::percent("x"), cases: vec![case], ..Page::default() }
    }

    #[test]
    fn a_ranking_has_everybody_once_on_one_scale() {
        let page = page(&[0.5, -2.0, 0.0, f64::NAN, -0.5, 1.0]);
        insta::assert_debug_snapshot!(Ranking::of(&page, &page.cases[0]));
    }

    #[test]
    fn a_long_ranking_leaves_out_the_middle() {
        let values: Vec<f64> = (0..77).map(|k| f64::from(k) - 30.0).collect();
        let page = page(&values);
        let ranking = Ranking::of(&page, &page.cases[0]);
        assert_eq!((ranking.worst.rows.len(), ranking.best.rows.len()), (RANKED, RANKED));
        assert_eq!(
            (ranking.worst.rows[0].label.as_str(), ranking.best.rows[0].label.as_str()),
            ("Country 0", "Country 76")
        );
    }

    proptest! {
        #[test]
        fn bars_stay_in_their_column(values in prop::collection::vec(any::<f64>(), 0..20)) {
            let page = page(&values);
            let ranking = Ranking::of(&page, &page.cases[0]);
            for bars in [ranking.worst, ranking.best] {
                prop_assert!((0.0..=100.0).contains(&bars.zero));
                for bar in bars.rows {
                    prop_assert!(bar.x >= 0.0 && bar.width >= 0.0 && bar.x + bar.width <= 100.01, "{bar:?}");
                }
            }
        }
    }
}
