//! From the law to the products of a world: what measures add on each exporter's goods of each product.

use std::collections::HashMap;

use cobden_measures::{Moment, Register, Trade};
use cobden_world::{Problem, Products, World};
use ndarray::Array3;

use super::Weights;
use super::sectors::region_of;

/// The lines of importers' trade, and the cells of a world's products that they are in.
///
/// A line is in the product of its code, else in that of its first eight, six or four digits; where the product is a part of several sectors, in each
/// as much as of the code is of the sector. What a measure adds to a cell is the average over its lines; cells without lines, and those of importers
/// whose trade by product is not at hand, take what it adds to their sector.
pub(crate) struct Cells<'a> {
    products: &'a Products,
    weights: &'a Weights,
    /// By trade of the weights: of each line its cells and how much it counts in each.
    lines: Vec<Vec<Vec<(usize, f64)>>>,
    /// `[cell]`: what all its lines count.
    value: Vec<f64>,
}

impl<'a> Cells<'a> {
    /// Finds the cells of every line.
    pub(crate) fn new(world: &World, products: &'a Products, weights: &'a Weights) -> Self {
        let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
        for (g, name) in products.names().iter().enumerate() {
            named.entry(name.split(' ').next().unwrap_or(name)).or_default().push(g);
        }
        let mut this =
            Self { products, weights, lines: Vec::new(), value: vec![0.0; products.sparsity().cell_count()] };
        for trade in &weights.trades {
            let importer = world.countries.index(&trade.importer);
            let cells_of = |(exporter, code, value, _): (&str, &str, f64, f64)| {
                let n = importer?;
                let i = region_of(world, exporter).filter(|i| *i != n)?;
                let found = [code.len(), 8, 6, 4].into_iter().find_map(|digits| named.get(code.get(..digits)?));
                let of_sector = |g: usize| {
                    let shares = weights.sectors.find(code).unwrap_or_default();
                    let sector = &world.sectors[products.list()[g].sector];
                    shares.iter().find(|(name, _)| name == sector).map_or(0.0, |(_, share)| *share)
                };
                let parts = found?.iter().filter_map(|g| {
                    let part = if found?.len() == 1 { value } else { value * of_sector(*g) };
                    Some((products.sparsity().find(n, i, *g)?, part)).filter(|(_, part)| *part > 0.0)
                });
                Some(parts.collect::<Vec<_>>())
            };
            let lines: Vec<Vec<(usize, f64)>> = trade.lines().map(|line| cells_of(line).unwrap_or_default()).collect();
            lines.iter().flatten().for_each(|(cell, part)| this.value[*cell] += part);
            this.lines.push(lines);
        }
        this
    }

    /// How many cells have lines.
    pub(crate) fn count(&self) -> usize {
        self.value.iter().filter(|value| **value > 0.0).count()
    }

    /// `[cell]`: the average of what each line of each trade has, weighted with value; `None` where there is no line.
    ///
    /// # Errors
    /// What `of_lines` finds wrong.
    pub(crate) fn averages(
        &self,
        of_lines: impl Fn(&Trade) -> Result<Vec<f64>, Problem>,
    ) -> Result<Vec<Option<f64>>, Problem> {
        let mut sums = vec![0.0; self.value.len()];
        for (trade, lines) in self.weights.trades.iter().zip(&self.lines) {
            for (cells, points) in lines.iter().zip(of_lines(trade)?) {
                cells.iter().for_each(|(cell, part)| sums[*cell] += part * points);
            }
        }
        let average = |(sum, value): (f64, &f64)| (*value > 0.0).then(|| sum / value);
        Ok(sums.into_iter().zip(&self.value).map(average).collect())
    }

    /// `[cell]`: points that the measures of a register add at a moment; `by_sector`, `[n, i, j]`, is what they add on average.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives.
    pub(crate) fn points(
        &self,
        register: &Register,
        moment: Moment,
        by_sector: &Array3<f64>,
    ) -> Result<Vec<f64>, Problem> {
        let averages = self.averages(|trade| {
            let priced = register.pricer(trade)?.price(moment)?;
            Ok(priced.iter().zip(trade.lines()).map(|(total, (_, _, _, base))| total - base).collect())
        })?;
        let sparsity = self.products.sparsity();
        let mut points = vec![0.0; averages.len()];
        sparsity.each_run(|run, sector, importer, _| {
            for cell in sparsity.cells(run) {
                let of_sector = || by_sector[[importer, sparsity.exporter(cell), sector]];
                points[cell] = averages[cell].unwrap_or_else(of_sector);
            }
        });
        Ok(points)
    }
}
