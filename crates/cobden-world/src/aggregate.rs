//! Merges countries and sectors.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Array3, Axis};

use crate::{Names, Problem, Rate, World};

/// Which old names become which new one, and the order of the new names.
///
/// ```
/// use cobden_world::Grouping;
/// let grouping = Grouping::new([
///     ("FRA", vec!["FRA"]),
///     ("AUNZ", vec!["AUS", "NZL"]),
/// ]).unwrap();
/// assert_eq!(grouping.new_name("NZL"), Some("AUNZ"));
/// assert_eq!(grouping.names().as_slice(), ["FRA", "AUNZ"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    names: Names,
    /// Old name to index of the new one.
    of: BTreeMap<String, usize>,
}

impl Grouping {
    /// New names in order, each with the old names it is made of.
    ///
    /// # Errors
    /// A new name that stands twice, an old name in two groups, or a group of none.
    pub fn new<New: Into<String>, Old: Into<String>>(
        groups: impl IntoIterator<Item = (New, Vec<Old>)>,
    ) -> Result<Self, Problem> {
        let (mut names, mut of) = (Vec::new(), BTreeMap::new());
        for (position, (new, members)) in groups.into_iter().enumerate() {
            let new = new.into();
            if members.is_empty() {
                return Err(Problem::new(format!("the group \"{new}\" has no members")));
            }
            for old in members {
                let old = old.into();
                if of.contains_key(&old) {
                    return Err(Problem::new(format!("\"{old}\" stands in two groups")).help("leave it in one"));
                }
                of.insert(old, position);
            }
            names.push(new);
        }
        let names = Names::new(names).map_err(|twice| Problem::new(format!("the group \"{twice}\" stands twice")))?;
        Ok(Self { names, of })
    }

    /// Every name its own group, in the same order.
    pub fn identity(names: &Names) -> Self {
        let of = names.iter().enumerate().map(|(position, name)| (name.to_owned(), position)).collect();
        Self { names: names.clone(), of }
    }

    /// This grouping, and then another one of its new names.
    ///
    /// # Errors
    /// The second grouping lacks one of the first one's new names, or has one more.
    pub fn then(&self, next: &Grouping) -> Result<Grouping, Problem> {
        let onward = next.indices("name", &self.names)?;
        let of = self.of.iter().map(|(old, position)| (old.clone(), onward[*position])).collect();
        Ok(Grouping { names: next.names.clone(), of })
    }

    /// The new names, in order.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The new name that an old one becomes part of.
    pub fn new_name(&self, old: &str) -> Option<&str> {
        self.of.get(old).map(|position| &self.names[*position])
    }

    /// For each of these old names, the index of its new one.
    fn indices(&self, kind: &str, old: &Names) -> Result<Vec<usize>, Problem> {
        if let Some(stranger) = self.of.keys().find(|name| old.index(name).is_none()) {
            return Err(Problem::unknown(kind, stranger, old.iter()));
        }
        old.iter()
            .map(|name| {
                self.of.get(name).copied().ok_or_else(|| {
                    Problem::new(format!("the {kind} \"{name}\" stands in no group"))
                        .help("put it in one; nothing is dropped")
                })
            })
            .collect()
    }
}

/// How to merge the countries and the sectors of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Old country to new one.
    pub countries: Grouping,
    /// Old sector to new one.
    pub sectors: Grouping,
}

impl World {
    /// The same world with countries and sectors merged.
    ///
    /// - Flows, inputs, value added and final demand are summed. What members of a region sell to one another becomes a domestic
    ///   flow of the region.
    /// - Tariffs are averaged with the flows they fall on as weights, so that revenue is kept; where nothing flows, the plain mean.
    ///   Tariffs *inside* a region vanish, for domestic sales bear none. What was paid of them leaves expenditure: users of that
    ///   good pay less for it, in proportion to their use; firms that pay less for inputs have so much more value added. So a
    ///   world that balanced still balances, and one without internal tariffs keeps every total.
    /// - Trade elasticities are averaged with the trade that still crosses a border in the new world as weights (plain mean where
    ///   none does). They and the political weights (weighted by sales, then scaled to mean 1) are the two things for which two
    ///   steps may give something other than one.
    /// - Members are united and sorted: a region not listed in `members` counts as itself.
    ///
    /// `origin` is kept; whoever publishes the result should say what was merged.
    ///
    /// # Errors
    /// An old name that stands in no group, or a group with a name that the world does not have.
    ///
    /// ```
    /// use cobden_world::{Grouping, Mapping, toy};
    /// let world = toy::two_countries();
    /// let one = world.aggregate(&Mapping {
    ///     countries: Grouping::new([("W", vec!["A", "B"])]).unwrap(),
    ///     sectors: Grouping::identity(&world.sectors),
    /// }).unwrap();
    /// assert_eq!(one.flows[[0, 0, 0]], 200.0);
    /// ```
    pub fn aggregate(&self, mapping: &Mapping) -> Result<World, Problem> {
        let groups = Groups {
            country: mapping.countries.indices("country", &self.countries)?,
            sector: mapping.sectors.indices("sector", &self.sectors)?,
            shape: (mapping.countries.names.len(), mapping.sectors.names.len()),
        };
        let (flows, tariffs, internal_revenue) = groups.trade(self);
        let mut world = World {
            origin: self.origin.clone(),
            countries: mapping.countries.names.clone(),
            sectors: mapping.sectors.names.clone(),
            members: united_members(self, &groups.country, &mapping.countries.names),
            elasticities: self.elasticities.as_ref().map(|theta| groups.elasticities(theta, &self.flows)),
            inputs: self.inputs.as_ref().map(|inputs| groups.inputs(inputs)),
            value_added: self.value_added.as_ref().map(|table| groups.sums(table)),
            final_demand: self.final_demand.as_ref().map(|table| groups.sums(table)),
            political_weights: self.political_weights.as_ref().map(|weights| groups.weights(weights, &self.sales())),
            flows,
            tariffs,
        };
        remove_internal_revenue(&mut world, &internal_revenue);
        Ok(world)
    }
}

/// Old index to new index, for countries and sectors, and the new numbers of both.
struct Groups {
    country: Vec<usize>,
    sector: Vec<usize>,
    shape: (usize, usize),
}

impl Groups {
    /// New flows, new tariffs, and `[n, j]` the revenue of tariffs that became internal.
    fn trade(&self, old: &World) -> (Array3<f64>, Array3<Rate>, Array2<f64>) {
        let (countries, sectors) = self.shape;
        let mut flows = Array3::zeros((countries, countries, sectors));
        let mut rates = Array3::from_elem((countries, countries, sectors), Mean::default());
        let mut internal = Array2::zeros((countries, sectors));
        for ((n, i, j), flow) in old.flows.indexed_iter() {
            let (n_new, i_new, j_new) = (self.country[n], self.country[i], self.sector[j]);
            let rate = old.tariffs[[n, i, j]].0;
            flows[[n_new, i_new, j_new]] += flow;
            if n_new == i_new {
                internal[[n_new, j_new]] += rate * flow;
            } else {
                rates[[n_new, i_new, j_new]].add(rate, *flow);
            }
        }
        (flows, rates.mapv(|mean| Rate(mean.value())), internal)
    }

    fn sums(&self, old: &Array2<f64>) -> Array2<f64> {
        let mut new = Array2::zeros(self.shape);
        for ((n, j), value) in old.indexed_iter() {
            new[[self.country[n], self.sector[j]]] += value;
        }
        new
    }

    fn inputs(&self, old: &Array3<f64>) -> Array3<f64> {
        let mut new = Array3::zeros((self.shape.0, self.shape.1, self.shape.1));
        for ((n, k, j), value) in old.indexed_iter() {
            new[[self.country[n], self.sector[k], self.sector[j]]] += value;
        }
        new
    }

    fn elasticities(&self, old: &Array1<f64>, flows: &Array3<f64>) -> Array1<f64> {
        let mut trade = Array1::zeros(old.len());
        for ((n, i, j), flow) in flows.indexed_iter() {
            if self.country[n] != self.country[i] {
                trade[j] += flow;
            }
        }
        let mut means = vec![Mean::default(); self.shape.1];
        for (j, theta) in old.iter().enumerate() {
            means[self.sector[j]].add(*theta, trade[j]);
        }
        means.into_iter().map(Mean::value).collect()
    }

    fn weights(&self, old: &Array2<f64>, sales: &Array2<f64>) -> Array2<f64> {
        let mut means = Array2::from_elem(self.shape, Mean::default());
        for ((n, j), weight) in old.indexed_iter() {
            means[[self.country[n], self.sector[j]]].add(*weight, sales[[n, j]]);
        }
        let mut weights = means.mapv(Mean::value);
        for mut row in weights.rows_mut() {
            let mean = row.sum() / row.len() as f64;
            // What is a mean of 1 up to rounding stays as it is, so that the identity changes nothing.
            if mean > 0.0 && (mean - 1.0).abs() > 1e-9 {
                row /= mean;
            }
        }
        weights
    }
}

/// A weighted mean; plain where all weights are zero; exact where all values are equal.
#[derive(Clone, Copy)]
struct Mean {
    weighted: f64,
    weight: f64,
    sum: f64,
    count: f64,
    least: f64,
    most: f64,
}

impl Default for Mean {
    fn default() -> Self {
        Self { weighted: 0.0, weight: 0.0, sum: 0.0, count: 0.0, least: f64::INFINITY, most: f64::NEG_INFINITY }
    }
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.weighted += weight * value;
        self.weight += weight;
        self.sum += value;
        self.count += 1.0;
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }

    /// The mean, zero of nothing.
    fn value(self) -> f64 {
        if self.count == 0.0 {
            0.0
        } else if self.least == self.most {
            self.least
        } else if self.weight > 0.0 {
            self.weighted / self.weight
        } else {
            self.sum / self.count
        }
    }
}

fn united_members(old: &World, country: &[usize], names: &Names) -> BTreeMap<String, Vec<String>> {
    let mut united: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (position, name) in old.countries.iter().enumerate() {
        let list = united.entry(names[country[position]].to_owned()).or_default();
        match old.members.get(name) {
            Some(members) => list.extend(members.iter().cloned()),
            None => list.push(name.to_owned()),
        }
    }
    // Their order means nothing; sorted, it does not depend on how many steps led here. What nothing joined stays as it was.
    for (position, name) in names.iter().enumerate() {
        let joined = country.iter().filter(|group| **group == position).count() > 1;
        if let (true, Some(list)) = (joined, united.get_mut(name)) {
            list.sort();
        }
    }
    // A country that is only itself needs no list, unless it had one.
    united.retain(|name, list| old.members.contains_key(name) || list.as_slice() != std::slice::from_ref(name));
    united
}

/// Takes revenue that is no longer paid out of use: row `k` of country `n` shrinks by the factor `1 - R_nk / X_nk`, with `X`
/// the expenditure before; what sectors save on inputs is value added.
///
/// The income identity survives: final demand falls by what final users paid, value added rises by what firms paid, revenue
/// falls by both.
fn remove_internal_revenue(world: &mut World, revenue: &Array2<f64>) {
    let after = world.expenditure();
    for ((n, k), lost) in revenue.indexed_iter() {
        if *lost == 0.0 {
            continue;
        }
        let kept = after[[n, k]] / (after[[n, k]] + lost);
        if let Some(final_demand) = &mut world.final_demand {
            final_demand[[n, k]] *= kept;
        }
        let Some(inputs) = &mut world.inputs else {
            continue;
        };
        let mut country = inputs.index_axis_mut(Axis(0), n);
        for (j, input) in country.row_mut(k).iter_mut().enumerate() {
            let saved = *input * (1.0 - kept);
            *input -= saved;
            if let Some(value_added) = &mut world.value_added {
                value_added[[n, j]] += saved;
            }
        }
    }
}
