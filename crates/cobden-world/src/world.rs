//! The world: flows, tariffs, elasticities and accounts of a set of countries and sectors in one year.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Array3};

use crate::{Names, Rate};

/// Where a world comes from and what may be done with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Short identifier, e.g. `icio-2022`.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The year of the data.
    pub year: i32,
    /// The unit of every value, e.g. `USD million`.
    pub unit: String,
    /// Publisher, edition, citation.
    pub source: String,
    /// What a user must know before using it.
    pub note: String,
    /// Licence; required of any world that is shipped.
    pub licence: Option<String>,
}

/// What each country buys from each, at which tariffs, made with which inputs.
///
/// Shapes: `N` countries, `J` sectors. Values are in [`Origin::unit`], at basic prices before the importer's tariff for `flows`,
/// at purchaser prices for `inputs` and `final_demand`.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Identity, source and licence.
    pub origin: Origin,
    /// Countries or regions, `N`.
    pub countries: Names,
    /// Sectors, `J`.
    pub sectors: Names,
    /// ISO3 members of regions that hold several economies (`EU27 = [AUT, ...]`); a region not listed is itself.
    pub members: BTreeMap<String, Vec<String>>,
    /// M, `[n, i, j]`: value before tariff of what `n` buys from `i` in `j`, domestic sales included.
    pub flows: Array3<f64>,
    /// tau, `[n, i, j]`: ad valorem tariff of `n` on `j` from `i`.
    pub tariffs: Array3<Rate>,
    /// theta, `[j]`: trade elasticity, sigma - 1 > 0. `None` if the world names no default set.
    pub elasticities: Option<Array1<f64>>,
    /// Z, `[n, k, j]`: purchases of input `k` by sector `j` of country `n`, purchaser prices. `None`: no intermediate goods.
    pub inputs: Option<Array3<f64>>,
    /// `[n, j]`: value added. `None`: sales less inputs.
    pub value_added: Option<Array2<f64>>,
    /// `[n, j]`: final demand, purchaser prices. `None`: expenditure less intermediate use.
    pub final_demand: Option<Array2<f64>>,
    /// lambda, `[n, j]`: political weights, mean 1 per country. `None`: all one.
    pub political_weights: Option<Array2<f64>>,
}

impl World {
    /// X, `[n, j]`: expenditure at purchaser prices, `sum_i (1 + tau) M`.
    pub fn expenditure(&self) -> Array2<f64> {
        let (n, _, j) = self.flows.dim();
        let mut spent = Array2::zeros((n, j));
        for ((n, i, j), value) in self.flows.indexed_iter() {
            spent[[n, j]] += self.tariffs[[n, i, j]].factor().0 * value;
        }
        spent
    }

    /// Y, `[i, j]`: sales at basic prices, `sum_n M`.
    pub fn sales(&self) -> Array2<f64> {
        self.flows.sum_axis(ndarray::Axis(0))
    }

    /// `[n]`: tariff revenue, `sum_ij tau M`.
    pub fn tariff_revenue(&self) -> Array1<f64> {
        let mut revenue = Array1::zeros(self.countries.len());
        for ((n, i, j), value) in self.flows.indexed_iter() {
            revenue[n] += self.tariffs[[n, i, j]].0 * value;
        }
        revenue
    }

    /// D, `[n]`: trade deficit before tariffs, what a country buys less what it sells. Sums to zero.
    pub fn deficits(&self) -> Array1<f64> {
        let bought = self
            .flows
            .sum_axis(ndarray::Axis(2))
            .sum_axis(ndarray::Axis(1));
        let sold = self.sales().sum_axis(ndarray::Axis(1));
        bought - sold
    }
}
