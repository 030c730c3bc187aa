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

/// What the scale of the bars must hold: the smallest and largest value, and zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Domain {
    low: f64,
    high: f64,
}

impl Domain {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0, 0.0), |(low, high): (f64, f64), v| {
            (low.min(v), high.max(v))
        });
        Self { low, high }
    }

    /// The place of a value in percent of the width. Halves keep the difference of two huge values finite.
    fn place(self, value: f64) -> f64 {
        let width = self.high / 2.0 - self.low / 2.0;
        let place = if width > 0.0 {
            (value / 2.0 - self.low / 2.0) / width * 100.0
        } else {
            0.0
        };
        (place * 100.0).round() / 100.0
    }
}

impl Bars {
    /// Lays rows out; a value that is missing has no bar.
    pub(crate) fn new(items: impl IntoIterator<Item = Item>, domain: Domain) -> Self {
        let zero = domain.place(0.0);
        let rows = items.into_iter().map(
            |Item {
                 label,
                 value,
                 cells,
             }| {
                let end = if value.is_finite() {
                    domain.place(value)
                } else {
                    zero
                };
                let sign = if value < 0.0 { "loss" } else { "gain" };
                let width = ((end - zero).abs() * 100.0).round() / 100.0;
                Bar {
                    label,
                    x: end.min(zero),
                    width,
                    sign,
                    cells,
                }
            },
        );
        Self {
            zero,
            rows: rows.collect(),
        }
    }
}

/// Who loses most and who gains most in one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Ranking {
    worst: Bars,
    best: Bars,
}

impl Ranking {
    /// Regions from the worst up and from the best down, each at most once.
    pub(crate) fn of(page: &Page, case: &Case) -> Self {
        let mut order: Vec<usize> = (0..page.regions.len())
            .filter(|k| case.value(*k).is_finite())
            .collect();
        order.sort_by(|a, b| case.value(*a).total_cmp(&case.value(*b)));
        let domain = Domain::of(case.shown().iter().copied());
        let item = |k: &usize| {
            let label = page
                .regions
                .get(*k)
                .map_or_else(String::new, |region| region.name.clone());
            let value = case.value(*k);
            let amount = page
                .amount
                .as_ref()
                .map(|measure| signed(case.amount(*k), measure.decimals));
            Item {
                label,
                value,
                cells: std::iter::once(signed(value, page.measure.decimals))
                    .chain(amount)
                    .collect(),
            }
        };
        let losers = order.len().div_ceil(2).min(RANKED);
        let gainers = (order.len() - losers).min(RANKED);
        Self {
            worst: Bars::new(order.iter().take(losers).map(item), domain),
            best: Bars::new(order.iter().rev().take(gainers).map(item), domain),
        }
    }
}
