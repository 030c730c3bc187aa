//! The accounts of a database at basic prices.

use ndarray::{Array2, Array3, Axis};

use super::parts::Parts;
use crate::InputOutput;

/// Puts the accounts together; dataset, year and unit are left to the caller.
pub(super) fn table(parts: &Parts) -> InputOutput {
    let flows = flows(parts);
    let sales = flows.sum_axis(Axis(0));
    let split = Split::new(parts);
    let (n, j, a) = (parts.regions.len(), parts.commodities.len(), parts.activities.len());
    let mut final_demand = parts.domestic_final.t().to_owned();
    for ((k, n), value) in parts.imported_final.indexed_iter() {
        split.place(parts, n, k, *value, |commodity, part| final_demand[[n, commodity]] += part);
    }
    // By activity first.
    let mut inputs = Array3::<f64>::zeros((n, j, a));
    let mut taxes = parts.sales_taxes.t().to_owned();
    for ((k, a, n), domestic) in parts.domestic.indexed_iter() {
        let imported = parts.imported[[k, a, n]];
        inputs[[n, k, a]] += domestic;
        let placed = split.place(parts, n, k, imported, |commodity, part| inputs[[n, commodity, a]] += part);
        taxes[[n, a]] += imported - placed;
    }
    let mut remarks = vec![
        "exports of transport are spread over importers as they use them; flows are before export taxes".to_owned(),
    ];
    let value_added = parts.factors.t().to_owned();
    let (inputs, taxes, value_added, output) = match &parts.make {
        Some((basic, supplied)) => {
            taxes += &(basic - supplied).sum_axis(Axis(0)).t();
            let mixed = basic
                .indexed_iter()
                .any(|((c, a, _), value)| *value != 0.0 && parts.commodities[c] != parts.activities[a]);
            if mixed {
                remarks.push(
                    "activities make several commodities: each has the activity's inputs by its share".to_owned(),
                );
            }
            let by_product = ByProduct::new(basic);
            let output = basic.sum_axis(Axis(1)).t().to_owned();
            (by_product.cube(&inputs), by_product.panel(&taxes), by_product.panel(&value_added), output)
        }
        None => {
            // Zero profits define the tax on output.
            let cost = inputs.sum_axis(Axis(1)) + &taxes + &value_added;
            taxes += &(&sales - &cost);
            (inputs, taxes, value_added, sales)
        }
    };
    InputOutput {
        dataset: String::new(),
        year: 0,
        unit: String::new(),
        regions: parts.regions.clone(),
        sectors: parts.commodities.clone(),
        flows,
        inputs,
        final_demand,
        value_added,
        taxes,
        output,
        remarks,
    }
}

/// M, `[n, i, k]`: domestic sales, exports at basic prices, and transport as importers use it.
fn flows(parts: &Parts) -> Array3<f64> {
    let (n, j) = (parts.regions.len(), parts.commodities.len());
    let mut flows = Array3::zeros((n, n, j));
    for ((k, i, n), value) in parts.basic.indexed_iter() {
        flows[[n, i, k]] += value;
    }
    let domestic = parts.domestic.sum_axis(Axis(1)) + &parts.domestic_final;
    for ((k, n), value) in domestic.indexed_iter() {
        flows[[n, n, k]] += value;
    }
    for (m, &commodity) in parts.margins.iter().enumerate() {
        let sold = parts.transport.row(m);
        let total = sold.sum();
        if total <= 0.0 {
            continue;
        }
        let used = parts.routes.index_axis(Axis(0), m).sum_axis(Axis(0)).sum_axis(Axis(0));
        for (i, sold) in sold.indexed_iter() {
            for (n, used) in used.indexed_iter() {
                flows[[n, i, commodity]] += sold / total * used;
            }
        }
    }
    flows
}

/// How a purchase of imports falls into goods, transport and taxes at the border.
struct Split {
    /// `[k, n]`: the share of goods at the exporter's price.
    goods: Array2<f64>,
    /// For each margin, `[k, n]`: its share.
    transport: Vec<Array2<f64>>,
}

impl Split {
    fn new(parts: &Parts) -> Self {
        let paid = parts.market.sum_axis(Axis(1));
        let share = |part: Array2<f64>| {
            ndarray::Zip::from(&part).and(&paid).map_collect(|part, paid| if *paid > 0.0 { part / paid } else { 0.0 })
        };
        let routes = parts.routes.axis_iter(Axis(0));
        Self {
            goods: share(parts.basic.sum_axis(Axis(1))),
            transport: routes.map(|route| share(route.sum_axis(Axis(1)))).collect(),
        }
    }

    /// Tells the parts of a purchase by commodity; returns their sum, which leaves taxes at the border.
    fn place(&self, parts: &Parts, n: usize, k: usize, value: f64, mut tell: impl FnMut(usize, f64)) -> f64 {
        if value == 0.0 {
            return 0.0;
        }
        let goods = value * self.goods[[k, n]];
        tell(k, goods);
        let mut placed = goods;
        for (share, &commodity) in self.transport.iter().zip(&parts.margins) {
            let part = value * share[[k, n]];
            tell(commodity, part);
            placed += part;
        }
        placed
    }
}

/// From activities to commodities, by the shares of each in what the activity makes.
struct ByProduct {
    /// `[c, a, n]`.
    shares: Array3<f64>,
}

impl ByProduct {
    fn new(make: &Array3<f64>) -> Self {
        let totals = make.sum_axis(Axis(0));
        let mut shares = make.clone();
        for ((_, a, n), share) in shares.indexed_iter_mut() {
            let total = totals[[a, n]];
            *share = if total > 0.0 { *share / total } else { 0.0 };
        }
        Self { shares }
    }

    /// `[n, a]` to `[n, c]`.
    fn panel(&self, panel: &Array2<f64>) -> Array2<f64> {
        let (commodities, _, regions) = self.shares.dim();
        let mut out = Array2::zeros((regions, commodities));
        for ((c, a, n), share) in self.shares.indexed_iter() {
            out[[n, c]] += share * panel[[n, a]];
        }
        out
    }

    /// `[n, k, a]` to `[n, k, c]`.
    fn cube(&self, cube: &Array3<f64>) -> Array3<f64> {
        let (commodities, _, regions) = self.shares.dim();
        let mut out = Array3::zeros((regions, cube.dim().1, commodities));
        for ((c, a, n), share) in self.shares.indexed_iter().filter(|(_, share)| **share != 0.0) {
            for k in 0..cube.dim().1 {
                out[[n, k, c]] += share * cube[[n, k, a]];
            }
        }
        out
    }
}
