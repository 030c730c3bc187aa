//! An importer's trade by product inside the sectors of a world, and the law of a day on it: rates as they are, or as sectors average them.

use std::collections::{BTreeMap, BTreeSet};

use cobden_equilibrium::{Policy, ProductPolicy};
use cobden_measures::{Moment, Register, Trade};
use cobden_world::{Problem, Product, Products, ProductsBuilder, Rate, World};

use super::Weights;
use super::cells::Cells;
use super::sectors::region_of;

/// The products of a world in which one importer buys by product and all others by sector.
///
/// What the importer bought of each product is scaled to what the world says it buys of the sector from the region; its home sales are divided
/// over products as its imports are, for want of better. Everything else is one product a sector, which is the sector model.
pub struct ByProduct<'a> {
    world: &'a World,
    weights: &'a Weights,
    importer: usize,
    products: Products,
}

/// Names of products that stand for a sector as a whole end so.
pub(crate) const WHOLE: &str = " (whole)";

impl<'a> ByProduct<'a> {
    /// The trade of an importer that the weights of a world hold, under the law whose tariffs the world has. Within a sector the tariffs of
    /// products are those of that law times one factor, so that their average is the world's.
    ///
    /// # Errors
    /// Weights that do not hold the importer or do not say whose law the world's tariffs are; what the register finds wrong.
    pub fn new(world: &'a World, weights: &'a Weights, register: &Register, importer: &str) -> Result<Self, Problem> {
        let at = world.countries.index(importer);
        let at = at.ok_or_else(|| Problem::unknown("country", importer, world.countries.iter()))?;
        let trade = weights.trade(importer).ok_or_else(|| {
            Problem::new(format!("the trade of {importer} by product is not at hand"))
                .help("add it to the table imports")
        })?;
        let law =
            weights.law.ok_or_else(|| Problem::new("the weights do not say whose law the tariffs of the world are"))?;
        let mut this =
            Self { world, weights, importer: at, products: Bought::of(world, weights, trade, at).products(world, at)? };
        let law = prices(&this.cells(), register, Moment::on(law))?;
        this.set_tariffs(&law);
        Ok(this)
    }

    /// The products with the tariffs that the world has.
    pub fn products(&self) -> &Products {
        &self.products
    }

    /// The products alone.
    pub(crate) fn into_products(self) -> Products {
        self.products
    }

    /// The law of a moment, on products as it is and on sectors on average: tariffs change by the difference of two laws in points.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives.
    pub fn law(&self, register: &Register, moment: Moment) -> Result<(ProductPolicy, Policy), Problem> {
        let mut by_product = ProductPolicy::status_quo(&self.products);
        let mut by_sector = Policy::status_quo(self.world);
        let Some(law) = self.weights.law else { return Ok((by_product, by_sector)) };
        let cells = self.cells();
        let (then, now) = (prices(&cells, register, Moment::on(law))?, prices(&cells, register, moment)?);
        let sparsity = self.products.sparsity();
        let imports = self.products.imports();
        let n = self.importer;
        sparsity.each_run(|run, sector, importer, _| {
            for cell in sparsity.cells(run).filter(|_| importer == n) {
                let added = (now[cell] - then[cell]) / 100.0;
                by_product.tariffs[cell].0 += added;
                let at = [n, sparsity.exporter(cell), sector];
                by_sector.tariffs[at].0 += added * imports[cell] / self.world.flows[at];
            }
        });
        Ok((by_product, by_sector))
    }

    /// How many products the importer buys, and how many flows they are.
    pub fn size(&self) -> (usize, usize) {
        let named = self.products.names().iter().filter(|name| !name.ends_with(WHOLE)).count();
        (named, self.cells().count())
    }

    /// The lines of the trade in the cells of the products.
    fn cells(&self) -> Cells<'_> {
        Cells::new(self.world, &self.products, self.weights)
    }

    /// The tariffs of the world: on products in proportion to `points`, on sectors as a whole what the sector bears.
    fn set_tariffs(&mut self, points: &[f64]) {
        let sparsity = self.products.sparsity().clone();
        let imports = self.products.imports();
        let mut sums: BTreeMap<[usize; 3], (f64, f64)> = BTreeMap::new();
        let mut cells = Vec::new();
        sparsity.each_run(|run, sector, importer, _| {
            for cell in sparsity.cells(run) {
                let at = [importer, sparsity.exporter(cell), sector];
                let sum = sums.entry(at).or_default();
                sum.0 += imports[cell];
                sum.1 += imports[cell] * points[cell];
                cells.push((cell, at));
            }
        });
        for (cell, at) in cells {
            let ((value, weighted), rate) = (sums[&at], self.world.tariffs[at].0);
            let proportional = if weighted > 0.0 { rate * points[cell] * value / weighted } else { rate };
            self.products.tariffs_mut()[cell] = Rate(proportional);
        }
    }
}

/// `[cell]`: what law charges at a moment, in points, as averages of the lines of a cell; zero where no line is.
fn prices(cells: &Cells<'_>, register: &Register, moment: Moment) -> Result<Vec<f64>, Problem> {
    let averages = cells.averages(|trade| register.pricer(trade)?.price(moment))?;
    Ok(averages.into_iter().map(Option::unwrap_or_default).collect())
}

/// A product within its sector.
fn name(world: &World, sector: usize, code: &str) -> String {
    format!("{code} {}", &world.sectors[sector])
}

/// What an importer bought, by product and region.
#[derive(Default)]
struct Bought {
    /// Sector and code, and region, of each flow.
    keys: Vec<((usize, String), usize)>,
    index: BTreeMap<((usize, String), usize), usize>,
    /// Value of each flow.
    values: Vec<f64>,
}

impl Bought {
    /// What an importer buys of each product from each region, where the world says that it buys of the sector there.
    fn of(world: &World, weights: &Weights, trade: &Trade, n: usize) -> Self {
        let mut bought = Self::default();
        for (exporter, product, value, _) in trade.lines() {
            let Some(i) = region_of(world, exporter).filter(|i| *i != n) else { continue };
            for (sector, share) in weights.sectors.find(product).unwrap_or_default() {
                let sector = world.sectors.index(sector).filter(|j| world.flows[[n, i, *j]] > 0.0);
                if let Some(j) = sector.filter(|_| value * share > 0.0) {
                    bought.add(j, product, i, value * share);
                }
            }
        }
        bought
    }

    /// Adds a value to a flow.
    fn add(&mut self, sector: usize, code: &str, region: usize, value: f64) {
        let key = ((sector, code.to_owned()), region);
        let at = *self.index.entry(key.clone()).or_insert(self.keys.len());
        if at == self.keys.len() {
            self.keys.push(key);
            self.values.push(0.0);
        }
        self.values[at] += value;
    }

    /// All products of the world: first each sector as a whole, then what the importer buys of each.
    fn products(&self, world: &World, n: usize) -> Result<Products, Problem> {
        let sectors = world.sectors.len();
        let whole =
            |j: usize| Product { name: format!("{}{WHOLE}", &world.sectors[j]), sector: j, ..Product::default() };
        let mut list: Vec<Product> = (0..sectors).map(whole).collect();
        let codes: BTreeSet<&(usize, String)> = self.keys.iter().map(|(product, _)| product).collect();
        let place: BTreeMap<&(usize, String), usize> = codes.iter().copied().zip(sectors..).collect();
        list.extend(codes.iter().map(|(j, code)| Product {
            name: name(world, *j, code),
            sector: *j,
            ..Product::default()
        }));
        let mut builder = ProductsBuilder::new(world, list)?;
        let (mut sums, mut imports) = (BTreeMap::new(), vec![0.0; sectors]);
        for (((j, _), i), value) in self.keys.iter().zip(&self.values) {
            *sums.entry((*j, *i)).or_insert(0.0) += value;
        }
        sums.keys().for_each(|(j, i)| imports[*j] += world.flows[[n, *i, *j]]);
        // Sectors as a whole: what others buy, and what the importer buys where no product is known.
        for ((m, i, j), flow) in world.flows.indexed_iter().filter(|(_, flow)| **flow > 0.0) {
            let split = m == n && if i == n { imports[j] > 0.0 } else { sums.contains_key(&(j, i)) };
            if !split {
                builder.flow(j, m, i, *flow)?;
            }
        }
        let mut home: BTreeMap<usize, f64> = BTreeMap::new();
        for ((product, i), value) in self.keys.iter().zip(&self.values) {
            let (j, at) = (product.0, place[product]);
            let flow = world.flows[[n, *i, j]] * value / sums[&(j, *i)];
            builder.flow(at, n, *i, flow)?;
            *home.entry(at).or_default() += world.flows[[n, n, j]] * flow / imports[j];
        }
        for (at, flow) in home.into_iter().filter(|(_, flow)| *flow > 0.0) {
            builder.flow(at, n, n, flow)?;
        }
        builder.build()
    }
}
