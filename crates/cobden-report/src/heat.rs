//! Tables whose cells are coloured by value.

use serde::Serialize;

use crate::contents::Page;
use crate::scale::{Classes, signed};

/// A table of numbers with a colour each.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct HeatTable {
    columns: Vec<String>,
    rows: Vec<HeatRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct HeatRow {
    label: String,
    cells: Vec<HeatCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct HeatCell {
    text: String,
    /// Name of the shade, see `Shade::name`.
    shade: String,
    /// Whether the cell is outlined.
    marked: bool,
}

impl HeatTable {
    /// A table of cells given as text and name of a shade, `none` for no colour.
    pub(crate) fn new(columns: Vec<String>, rows: impl Iterator<Item = (String, Vec<(String, String)>)>) -> Self {
        let cell = |(text, shade)| HeatCell { text, shade, marked: false };
        let row = |(label, cells): (String, Vec<_>)| HeatRow { label, cells: cells.into_iter().map(cell).collect() };
        Self { columns, rows: rows.map(row).collect() }
    }
}

/// Regions by cases, the worst off in the headline case first; cells of a region that acts are marked.
pub(crate) fn cases_table(page: &Page, classes: &Classes, headline: usize) -> HeatTable {
    let rank = |k: usize| page.cases.get(headline).map_or(f64::NAN, |case| case.value(k));
    let mut order: Vec<usize> = (0..page.regions.len()).collect();
    // NaN sorts last whatever its sign.
    order.sort_by(|a, b| {
        let (a, b) = (rank(*a), rank(*b));
        a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(&b))
    });
    let rows = order.into_iter().filter_map(|k| Some((k, page.regions.get(k)?))).map(|(k, region)| {
        let cells = page.cases.iter().map(|case| HeatCell {
            text: signed(case.value(k), page.measure.decimals),
            shade: classes.shade(case.value(k)).name(),
            marked: case.actors.contains(&region.code),
        });
        HeatRow { label: region.name.clone(), cells: cells.collect() }
    });
    HeatTable { columns: page.cases.iter().map(|case| case.name.clone()).collect(), rows: rows.collect() }
}

/// A square table of regions by regions: `values[n][i]`, row `n`, column `i`; what is missing stays empty.
pub(crate) fn matrix(page: &Page, values: &[Vec<f64>], decimals: usize) -> HeatTable {
    let classes = Classes::fit(values.iter().flatten().copied(), decimals);
    let value = |n: usize, i: usize| values.get(n).and_then(|row| row.get(i)).copied().unwrap_or(f64::NAN);
    let cell = |value: f64| HeatCell {
        text: if value.is_finite() { signed(value, decimals) } else { String::new() },
        shade: if value.is_finite() { classes.shade(value).name() } else { "none".into() },
        marked: false,
    };
    let rows = page.regions.iter().enumerate().map(|(n, region)| HeatRow {
        label: region.name.clone(),
        cells: (0..page.regions.len()).map(|i| cell(value(n, i))).collect(),
    });
    HeatTable { columns: page.regions.iter().map(|region| region.code.clone()).collect(), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::{Case, Measure, Region};

    #[test]
    fn cases_are_columns_and_the_worst_off_come_first() {
        let case = |name: &str, values: &[f64], actors: &[&str], failure: Option<&str>| Case {
            name: name.into(),
            values: values.to_vec(),
            actors: actors.iter().map(|code| (*code).into()).collect(),
            failure: failure.map(String::from),
            ..Case::default()
        };
        let page = Page {
            regions: vec![
                Region::country("USA", "United States"),
                Region::country("CAN", "Canada"),
                Region::country("XYZ", "Nowhere"),
            ],
            measure: Measure::percent("Real income"),
            cases: vec![
                case("tariff", &[0.02, -1.5], &["USA"], None),
                case("failed", &[9.0, 9.0, 9.0], &[], Some("did not converge")),
            ],
            ..Page::default()
        };
        let classes = Classes::fit(page.cases.iter().flat_map(Case::shown).copied(), 2);
        insta::assert_debug_snapshot!(cases_table(&page, &classes, 0));
    }
}
