//! From flows in any order to runs and cells.

use std::sync::Arc;

use super::{Product, Products, Sparsity};
use crate::{Names, Problem, Rate, World, problem::clip};

/// Most flows: six times those of world trade at six digits. Bounds memory to some 2 GB.
const MOST_FLOWS: usize = 1 << 26;
/// Most runs, importers times products.
const MOST_RUNS: usize = 1 << 26;

/// Takes in flows and tariffs of products in any order and puts them in place.
///
/// Products are given once and meant by their position in that list; [`Products`] keeps them sector by sector.
pub struct ProductsBuilder {
    countries: Names,
    list: Vec<Product>,
    /// `[j + 1]`, of the sorted list.
    first: Vec<usize>,
    /// `[given]`: the run of each product's importer 0, and how far the next importer's is.
    place: Vec<(usize, usize)>,
    domestic: Vec<f64>,
    rows: Rows<f64>,
    rates: Rows<Rate>,
}

/// Values by run and exporter, in any order.
#[derive(Default)]
struct Rows<T> {
    run: Vec<u32>,
    exporter: Vec<u16>,
    value: Vec<T>,
}

impl ProductsBuilder {
    /// Begins with these products of a world.
    ///
    /// # Errors
    /// No product at all, or too many; one without a name, with the name of another, of a sector that is not there, or with a trade elasticity
    /// that is not above zero; more than 65,535 countries.
    pub fn new(world: &World, mut list: Vec<Product>) -> Result<Self, Problem> {
        let (n, sectors) = (world.countries.len(), world.sectors.len());
        if u16::try_from(n).is_err() || n * list.len().max(1) > MOST_RUNS {
            let what = format!("{n} countries and {} products are more than can be held", list.len());
            return Err(Problem::new(what).help("merge some of them"));
        }
        if let Some(product) = list.iter().find(|product| product.sector >= sectors) {
            let what = format!("product \"{}\" has sector {} of {sectors}", clip(&product.name), product.sector);
            return Err(Problem::new(what));
        }
        let bad = |theta: f64| !(theta.is_finite() && theta > 0.0);
        if let Some(product) = list.iter().find(|product| product.trade_elasticity.is_some_and(bad)) {
            let what = format!("the trade elasticity of product \"{}\" is not above 0", clip(&product.name));
            return Err(Problem::new(what).help("theta = sigma - 1, usually between 1 and 20"));
        }
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by_key(|given| list[*given].sector);
        let first: Vec<usize> =
            (0..=sectors).map(|sector| order.partition_point(|given| list[*given].sector < sector)).collect();
        let mut place = vec![(0, 0); list.len()];
        for (at, given) in order.iter().enumerate() {
            let sector = list[*given].sector;
            let width = first[sector + 1] - first[sector];
            place[*given] = (first[sector] * n + at - first[sector], width);
        }
        list = order.iter().map(|given| std::mem::take(&mut list[*given])).collect();
        let runs = n * list.len();
        Ok(Self {
            countries: world.countries.clone(),
            list,
            first,
            place,
            domestic: vec![0.0; runs],
            rows: Rows::default(),
            rates: Rows::default(),
        })
    }

    /// One flow before tariff, of the product at this position of the list given. Zeros are left out.
    ///
    /// # Errors
    /// A product or country that is not there; a value that is negative or not finite; more flows than can be held. Two flows of the same cell
    /// are an error of [`ProductsBuilder::build`].
    pub fn flow(&mut self, product: usize, importer: usize, exporter: usize, value: f64) -> Result<(), Problem> {
        let run = self.run(product, importer, exporter)?;
        if !(value.is_finite() && value >= 0.0) {
            return Err(Problem::new(format!("negative flow {value}")).help("expected 0 or more"));
        }
        if importer == exporter && value > 0.0 {
            if self.domestic[run] > 0.0 {
                return Err(Problem::new("the domestic sales of a product stand twice").help("keep one of the rows"));
            }
            self.domestic[run] = value;
        } else if value > 0.0 {
            self.rows.push(run, exporter, value)?;
        }
        Ok(())
    }

    /// The tariff on one flow; without one it is zero. A tariff on a flow that is zero says nothing and is left out.
    ///
    /// # Errors
    /// As [`ProductsBuilder::flow`]; a rate at or below -100 %, or on domestic sales.
    pub fn tariff(&mut self, product: usize, importer: usize, exporter: usize, rate: Rate) -> Result<(), Problem> {
        let run = self.run(product, importer, exporter)?;
        if !rate.is_valid() {
            return Err(Problem::new(format!("tariff {} leaves no positive price", rate.0))
                .help("rates are decimal and above -1: write 25 per cent as 0.25"));
        }
        if importer == exporter && rate.0 != 0.0 {
            return Err(Problem::new(format!("tariff {} on domestic sales", rate.0))
                .help("a tariff never touches domestic sales; remove the row"));
        }
        if rate.0 != 0.0 { self.rates.push(run, exporter, rate) } else { Ok(()) }
    }

    fn run(&self, product: usize, importer: usize, exporter: usize) -> Result<usize, Problem> {
        let n = self.countries.len();
        match self.place.get(product) {
            Some((start, step)) if importer < n && exporter < n => Ok(start + importer * step),
            _ => Err(Problem::new(format!("no product {product}, importer {importer} or exporter {exporter} here"))),
        }
    }

    /// The products.
    ///
    /// # Errors
    /// Two flows or two tariffs of the same cell.
    pub fn build(self) -> Result<Products, Problem> {
        let names = Names::new(self.list.iter().map(|product| product.name.clone()))
            .map_err(|name| Problem::new(format!("product \"{}\" stands twice", clip(&name))))?;
        let runs = self.domestic.len();
        let (start, exporter, imports) = self.rows.sorted(runs);
        let sparsity = Sparsity::new(self.countries.len(), self.first, start, exporter);
        let twice = |what: &str, run: usize, exporter: u16| {
            let mut cell = (0, 0);
            sparsity.each_run(|at, _, importer, product| {
                if at == run {
                    cell = (importer, product);
                }
            });
            let (importer, exporter) = (&self.countries[cell.0], &self.countries[usize::from(exporter)]);
            let what = format!("two {what} of {} from {exporter} to {importer}", &names[cell.1]);
            Problem::new(what).help("keep one of the rows")
        };
        if let Some((run, exporter)) = repeated(sparsity.starts(), sparsity.exporters()) {
            return Err(twice("flows", run, exporter));
        }
        let (rate_start, rate_exporter, rates) = self.rates.sorted(runs);
        if let Some((run, exporter)) = repeated(&rate_start, &rate_exporter) {
            return Err(twice("tariffs", run, exporter));
        }
        let mut tariffs = vec![Rate::ZERO; imports.len()];
        for run in 0..runs {
            let mut cells = sparsity.cells(run);
            for at in rate_start[run] as usize..rate_start[run + 1] as usize {
                // Both go by exporter.
                cells.start += sparsity.exporters()[cells.clone()].partition_point(|e| *e < rate_exporter[at]);
                if !cells.is_empty() && sparsity.exporters()[cells.start] == rate_exporter[at] {
                    tariffs[cells.start] = rates[at];
                }
            }
        }
        let sparsity = Arc::new(sparsity);
        Ok(Products { list: self.list, names, sparsity, domestic: self.domestic, imports, tariffs })
    }
}

impl<T: Copy + Default> Rows<T> {
    fn push(&mut self, run: usize, exporter: usize, value: T) -> Result<(), Problem> {
        if self.run.len() >= MOST_FLOWS {
            return Err(Problem::new(format!("more than {MOST_FLOWS} rows")).help("merge countries or products"));
        }
        // Both bounds were seen to when the builder was made.
        self.run.push(run as u32);
        self.exporter.push(exporter as u16);
        self.value.push(value);
        Ok(())
    }

    /// By run and exporter: where each run starts, exporters, values. Counts first, so that two copies are all the memory it takes.
    fn sorted(self, runs: usize) -> (Vec<u32>, Vec<u16>, Vec<T>) {
        let mut start = vec![0_u32; runs + 1];
        self.run.iter().for_each(|run| start[*run as usize + 1] += 1);
        (0..runs).for_each(|run| start[run + 1] += start[run]);
        let (mut exporter, mut value) = (vec![0; self.run.len()], vec![T::default(); self.run.len()]);
        let mut next = start.clone();
        for (row, run) in self.run.iter().enumerate() {
            let at = &mut next[*run as usize];
            exporter[*at as usize] = self.exporter[row];
            value[*at as usize] = self.value[row];
            *at += 1;
        }
        let mut pairs: Vec<(u16, T)> = Vec::new();
        for run in 0..runs {
            let cells = start[run] as usize..start[run + 1] as usize;
            if exporter[cells.clone()].is_sorted() {
                continue;
            }
            pairs.clear();
            pairs.extend(exporter[cells.clone()].iter().copied().zip(value[cells.clone()].iter().copied()));
            pairs.sort_by_key(|pair| pair.0);
            for (at, pair) in cells.zip(&pairs) {
                (exporter[at], value[at]) = *pair;
            }
        }
        (start, exporter, value)
    }
}

/// The first run in which an exporter stands twice.
fn repeated(start: &[u32], exporter: &[u16]) -> Option<(usize, u16)> {
    start.windows(2).enumerate().find_map(|(run, bounds)| {
        let exporters = &exporter[bounds[0] as usize..bounds[1] as usize];
        exporters.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| (run, pair[0]))
    })
}
