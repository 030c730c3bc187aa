//! The world: flows, tariffs, elasticities and accounts of a set of countries and sectors in one year.

use std::collections::BTreeMap;

use ndarray::{Array, Array1, Array2, Array3, Dimension, IntoDimension};

use crate::{Names, Problem, Rate};

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
        let bought = self.flows.sum_axis(ndarray::Axis(2)).sum_axis(ndarray::Axis(1));
        let sold = self.sales().sum_axis(ndarray::Axis(1));
        bought - sold
    }

    /// Whether every table has the shape its names ask for and holds values that a model can use. [`World::read`] returns no
    /// other; code that makes a world by hand may ask.
    ///
    /// # Errors
    /// The first table at fault: its shape; a value that is not finite; a negative flow, value added, final demand or weight;
    /// a tariff of -100 % or less or on domestic sales; a trade elasticity of 0 or less; political weights that do not average
    /// 1 in each country; members of a region that is not there; values whose sum is too large for a number.
    pub fn validate(&self) -> Result<(), Problem> {
        let (n, j) = (self.countries.len(), self.sectors.len());
        let rates = self.tariffs.mapv(|rate| rate.0);
        check("flows", Some(&self.flows), (n, n, j), |value| value >= 0.0)?;
        check("tariffs", Some(&rates), (n, n, j), |rate| Rate(rate).is_valid())?;
        check("elasticities", self.elasticities.as_ref(), j, |theta| theta > 0.0)?;
        check("inputs", self.inputs.as_ref(), (n, j, j), f64::is_finite)?;
        check("value_added", self.value_added.as_ref(), (n, j), |value| value >= 0.0)?;
        check("final", self.final_demand.as_ref(), (n, j), |value| value >= 0.0)?;
        check("political_weights", self.political_weights.as_ref(), (n, j), |weight| weight >= 0.0)?;
        if self.tariffs.indexed_iter().any(|((n, i, _), rate)| n == i && rate.0 != 0.0) {
            return Err(Problem::new("tariffs: a rate on domestic sales is not 0"));
        }
        if let Some(stranger) = self.members.keys().find(|region| self.countries.index(region).is_none()) {
            return Err(Problem::unknown("country", stranger, self.countries.iter()));
        }
        for (country, weights) in
            self.countries.iter().zip(self.political_weights.iter().flat_map(|table| table.rows()))
        {
            let mean = weights.sum() / j as f64;
            if (mean - 1.0).abs() > 1e-6 {
                let problem =
                    Problem::new(format!("political_weights: the weights of {country} average {mean}, not 1"));
                return Err(problem.help("divide each by their mean"));
            }
        }
        Ok(())
    }
}

/// Whether a table has this shape and only such values, and whether they add up to a finite number.
fn check<D: Dimension, S: IntoDimension<Dim = D>>(
    table: &str,
    values: Option<&Array<f64, D>>,
    shape: S,
    allowed: impl Fn(f64) -> bool,
) -> Result<(), Problem> {
    let Some(values) = values else { return Ok(()) };
    let shape = shape.into_dimension();
    if values.raw_dim() != shape {
        return Err(Problem::new(format!("{table}: the shape is {:?}, expected {:?}", values.shape(), shape.slice())));
    }
    if let Some(value) = values.iter().find(|value| !value.is_finite() || !allowed(**value)) {
        return Err(Problem::new(format!("{table}: the value {value} is not allowed")));
    }
    if !values.iter().map(|value| value.abs()).sum::<f64>().is_finite() {
        return Err(Problem::new(format!("{table}: the values add up to more than a number can hold")));
    }
    Ok(())
}
