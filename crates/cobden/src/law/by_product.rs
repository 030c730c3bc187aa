//! An importer's trade by product inside the sectors of a world, and the law of a day on it: rates as they are, or as sectors average them.

use std::collections::BTreeMap;

use cobden_equilibrium::{Policy, ProductPolicy};
use cobden_measures::{Moment, Register};
use cobden_world::{Problem, Product, Products, ProductsBuilder, Rate, World};

use super::Weights;
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
    /// `[line]` of the importer's trade: its cells among the products' and what it counts in each.
    places: Vec<Vec<(usize, f64)>>,
    /// Value of all lines, by cell.
    value: Vec<f64>,
}

/// Names of products that stand for a sector as a whole end so.
const WHOLE: &str = " (whole)";

impl<'a> ByProduct<'a> {
    /// The trade of an importer that the weights of a world hold, under the law whose tariffs the world has. Within a sector the tariffs of
    /// products are those of that law times one factor, so that their average is the world's.
    ///
    /// # Errors
    /// Weights that do not hold the importer or do not say whose law the world's tariffs are; what the register finds wrong.
    pub fn new(
        world: &'a World,
        weights: &'a Weights,
        register: &Register,
        importer: &str,
    ) -> Result<Self, Problem> {
        let at = world.countries.index(importer);
        let at = at.ok_or_else(|| Problem::unknown("country", importer, world.countries.iter()))?;
        let trade = weights.trade(importer).ok_or_else(|| {
            Problem::new(format!("the trade of {importer} by product is not at hand")).help("add it to the table imports")
        })?;
        let law = weights.law.ok_or_else(|| Problem::new("the weights do not say whose law the tariffs of the world are"))?;
        let mut this = Self::flows(world, weights, at)?;
        let points = register.pricer(trade)?.price(Moment::on(law))?;
        let law = this.averages(&points);
        this.set_tariffs(&law);
        Ok(this)
    }

    /// The products with the tariffs that the world has.
    pub fn products(&self) -> &Products {
        &self.products
    }

    /// The law of a moment, on products as it is and on sectors on average: tariffs change by the difference of two laws in points.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives.
    pub fn law(&self, register: &Register, moment: Moment) -> Result<(ProductPolicy, Policy), Problem> {
        let mut by_product = ProductPolicy::status_quo(&self.products);
        let mut by_sector = Policy::status_quo(self.world);
        let (Some(trade), Some(law)) = (self.weights.trade(&self.world.countries[self.importer]), self.weights.law) else {
            return Ok((by_product, by_sector));
        };
        let mut pricer = register.pricer(trade)?;
        let (then, now) = (pricer.price(Moment::on(law))?, pricer.price(moment)?);
        let (then, now) = (self.averages(&then), self.averages(&now));
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
        (named, self.value.iter().filter(|value| **value > 0.0).count())
    }

    /// The flows of products, not yet their tariffs.
    fn flows(world: &'a World, weights: &'a Weights, n: usize) -> Result<Self, Problem> {
        let trade = weights.trade(&world.countries[n]).into_iter().flat_map(cobden_measures::Trade::lines);
        // Value by sector, product and region, and the cells of each line.
        let mut bought: BTreeMap<(usize, &str, usize), f64> = BTreeMap::new();
        let mut lines = Vec::new();
        for (exporter, product, value, _) in trade {
            let mut keys = Vec::new();
            if let Some(i) = region_of(world, exporter).filter(|i| *i != n) {
                for (sector, share) in weights.sectors.find(product).unwrap_or_default() {
                    let Some(j) = world.sectors.index(sector).filter(|j| world.flows[[n, i, *j]] > 0.0) else { continue };
                    if value * share > 0.0 {
                        *bought.entry((j, product, i)).or_default() += value * share;
                        keys.push(((j, product, i), value * share));
                    }
                }
            }
            lines.push(keys);
        }
        let (products, value, places) = Self::build(world, n, &bought, &lines)?;
        Ok(Self { world, weights, importer: n, products, places, value })
    }

    #[allow(clippy::type_complexity)]
    fn build(
        world: &World,
        n: usize,
        bought: &BTreeMap<(usize, &str, usize), f64>,
        lines: &[Vec<((usize, &str, usize), f64)>],
    ) -> Result<(Products, Vec<f64>, Vec<Vec<(usize, f64)>>), Problem> {
        let (countries, sectors) = (world.countries.len(), world.sectors.len());
        let name = |j: usize, code: &str| format!("{code} {}", &world.sectors[j]);
        let mut list: Vec<Product> = (0..sectors)
            .map(|j| Product { name: format!("{}{WHOLE}", &world.sectors[j]), sector: j, ..Product::default() })
            .collect();
        let mut codes: Vec<(usize, &str)> = bought.keys().map(|(j, code, _)| (*j, *code)).collect();
        codes.dedup();
        list.extend(codes.iter().map(|(j, code)| Product { name: name(*j, code), sector: *j, ..Product::default() }));
        let mut builder = ProductsBuilder::new(world, list)?;
        let mut sums: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        bought.iter().for_each(|((j, _, i), value)| *sums.entry((*j, *i)).or_default() += value);
        let scaled = |(j, i): (usize, usize), value: f64| world.flows[[n, i, j]] * value / sums[&(j, i)];
        // Sectors as a whole: others' trade, and what the importer buys where no product is known.
        for ((m, i, j), flow) in world.flows.indexed_iter().filter(|(_, flow)| **flow > 0.0) {
            let split = m == n && if i == n { sums.keys().any(|(of, _)| *of == j) } else { sums.contains_key(&(j, i)) };
            if !split {
                builder.flow(j, m, i, *flow)?;
            }
        }
        let mut imports = vec![0.0; sectors];
        bought.iter().for_each(|((j, _, i), value)| imports[*j] += scaled((*j, *i), *value));
        let mut at = 0;
        let mut home = 0.0;
        for (position, ((j, code, i), value)) in bought.iter().enumerate() {
            if codes[at] != (*j, *code) {
                at += 1;
                home = 0.0;
            }
            let flow = scaled((*j, *i), *value);
            builder.flow(sectors + at, n, *i, flow)?;
            home += world.flows[[n, n, *j]] * flow / imports[*j];
            let last = bought.keys().nth(position + 1).is_none_or(|(next, other, _)| (*next, *other) != (*j, *code));
            if last && home > 0.0 {
                builder.flow(sectors + at, n, n, home)?;
            }
        }
        let _ = countries;
        let products = builder.build()?;
        let sparsity = products.sparsity();
        let mut value = vec![0.0; sparsity.cell_count()];
        let cell = |(j, code, i): &(usize, &str, usize)| {
            sparsity.find(n, *i, products.names().index(&name(*j, code))?)
        };
        let mut places = Vec::with_capacity(lines.len());
        for keys in lines {
            let placed: Vec<(usize, f64)> = keys.iter().filter_map(|(key, part)| Some((cell(key)?, *part))).collect();
            placed.iter().for_each(|(cell, part)| value[*cell] += part);
            places.push(placed);
        }
        Ok((products, value, places))
    }

    /// Points of lines as averages of cells; zero where no line is.
    fn averages(&self, points: &[f64]) -> Vec<f64> {
        let mut averages = vec![0.0; self.value.len()];
        for (places, points) in self.places.iter().zip(points) {
            places.iter().for_each(|(cell, part)| averages[*cell] += part * points);
        }
        averages.iter_mut().zip(&self.value).filter(|(_, value)| **value > 0.0).for_each(|(sum, value)| *sum /= value);
        averages
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
