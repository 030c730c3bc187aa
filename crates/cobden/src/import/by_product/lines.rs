//! What lists of tariffs say about the products of a list of trade.

use std::collections::BTreeMap;

use cobden_world::Rate;

use super::trade::Trade;
use crate::import::products::is_harmonized;

/// Lines of tariffs by product: on one exporter's goods, and on everyone's.
///
/// A line is on the product of its code; else, where its code is finer than those of the list of trade, on the one that it is part of; where it
/// is coarser, on all that are part of it.
pub(in crate::import) struct Lines<'a> {
    trade: &'a Trade,
    /// Code to product.
    known: BTreeMap<&'a str, usize>,
    /// Code of a line to what it means.
    meant: BTreeMap<String, Meant>,
    /// `[product]`: its HS heading, if it has one.
    heading: Vec<Option<usize>>,
    headings: BTreeMap<String, usize>,
    /// `[cell]`: lines on the exporter's goods.
    own: Vec<Sum>,
    /// `[n]` and `[product]`: lines on everyone's.
    everyone: Vec<Vec<Sum>>,
    /// The same by heading, `[n]` and `[i headings + heading]`, `[n]` and `[heading]`; empty where an importer has none.
    own_heading: Vec<Vec<Sum>>,
    everyone_heading: Vec<Vec<Sum>>,
}

/// Which products a line is on, and their heading.
#[derive(Clone, Default)]
struct Meant {
    products: Vec<usize>,
    heading: Option<usize>,
}

/// A mean over lines.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    weighted: f64,
    weight: f64,
    lines: u32,
}

impl Sum {
    fn add(&mut self, rate: f64, weight: f64) {
        self.weighted += weight * rate;
        self.weight += weight;
        self.lines = self.lines.saturating_add(u32::from(weight > 0.0));
    }

    fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.weighted / self.weight)
    }
}

/// The rate where some lines are on one exporter's goods and some on everyone's: the former stand for as many of the latter, which count for
/// the rest.
fn together(own: Sum, everyone: Sum) -> Option<f64> {
    match (own.mean(), everyone.mean()) {
        (Some(of_own), Some(of_all)) if own.lines < everyone.lines => {
            let part = f64::from(own.lines) / f64::from(everyone.lines);
            Some(part * of_own + (1.0 - part) * of_all)
        }
        (Some(of_own), _) => Some(of_own),
        (None, of_all) => of_all,
    }
}

impl<'a> Lines<'a> {
    pub(in crate::import) fn new(trade: &'a Trade) -> Self {
        let mut headings = BTreeMap::new();
        let mut heading_of = |code: &str| {
            let four = heading(code)?.to_owned();
            let next = headings.len();
            Some(*headings.entry(four).or_insert(next))
        };
        Self {
            known: trade.products.iter().enumerate().map(|(at, product)| (product.code.as_str(), at)).collect(),
            heading: trade.products.iter().map(|product| heading_of(&product.code)).collect(),
            headings,
            meant: BTreeMap::new(),
            own: Vec::new(),
            everyone: vec![Vec::new(); trade.regions()],
            own_heading: vec![Vec::new(); trade.regions()],
            everyone_heading: vec![Vec::new(); trade.regions()],
            trade,
        }
    }

    /// Adds a line of every importer on everyone's goods, or on those of every exporter.
    pub(in crate::import) fn add(
        &mut self,
        importers: &[usize],
        exporters: Option<&[usize]>,
        product: &str,
        rate: f64,
        weight: f64,
    ) {
        if !self.meant.contains_key(product) {
            let meant = self.find(product);
            self.meant.insert(product.to_owned(), meant);
        }
        let Some(Meant { products, heading }) = self.meant.get(product) else { return };
        let (of_products, of_headings) = (self.trade.products.len(), self.headings.len());
        for importer in importers {
            match exporters {
                None => {
                    let sums = filled(&mut self.everyone[*importer], of_products);
                    products.iter().for_each(|product| sums[*product].add(rate, weight));
                    if let Some(heading) = heading {
                        filled(&mut self.everyone_heading[*importer], of_headings)[*heading].add(rate, weight);
                    }
                }
                Some(exporters) => {
                    for exporter in exporters {
                        let cells = products.iter().filter_map(|at| self.trade.find(*importer, *exporter, *at));
                        let own = filled(&mut self.own, self.trade.len());
                        cells.for_each(|cell| own[cell].add(rate, weight));
                        if let Some(heading) = heading {
                            let sums = filled(&mut self.own_heading[*importer], self.trade.regions() * of_headings);
                            sums[exporter * of_headings + heading].add(rate, weight);
                        }
                    }
                }
            }
        }
    }

    /// What a code means.
    fn find(&self, code: &str) -> Meant {
        let known = |code: &str| self.known.get(code).copied();
        let four = heading(code).and_then(|four| self.headings.get(four).copied());
        let mut products: Vec<usize> = known(code).into_iter().collect();
        if products.is_empty() && is_harmonized(code) {
            let coarser = (6..code.len()).rev().find_map(|digits| known(&code[..digits]));
            products = match coarser {
                Some(product) => vec![product],
                None => {
                    let finer = self.known.range(code..).take_while(|(known, _)| known.starts_with(code));
                    finer.filter(|(known, _)| is_harmonized(known)).map(|(_, product)| *product).collect()
                }
            };
        }
        Meant { products, heading: four }
    }

    /// The mean of the lines on the product of a cell.
    fn of_product(&self, importer: usize, cell: usize) -> Option<f64> {
        together(at(&self.own, cell), at(&self.everyone[importer], self.trade.product(cell)))
    }

    /// The mean of the lines on its heading.
    fn of_heading(&self, importer: usize, exporter: usize, cell: usize) -> Option<f64> {
        let heading = self.heading[self.trade.product(cell)]?;
        let own = at(&self.own_heading[importer], exporter * self.headings.len() + heading);
        together(own, at(&self.everyone_heading[importer], heading))
    }

    /// The rate on every cell of the trade: of its product, else of its heading. Regions of the union charge each other nothing.
    pub(in crate::import) fn rates(&self, union: &[usize]) -> Rates {
        let mut rates = Rates { of: vec![None; self.trade.len()], ..Rates::default() };
        for (importer, exporter) in self.trade.pairs() {
            let free = union.contains(&importer) && union.contains(&exporter);
            for cell in self.trade.cells(importer, exporter) {
                let value = self.trade.value(cell);
                rates.total += value;
                rates.of[cell] = match self.of_product(importer, cell) {
                    _ if free => Some(Rate::ZERO),
                    Some(rate) => Some(Rate(rate)),
                    None => {
                        let rate = self.of_heading(importer, exporter, cell).map(Rate);
                        *(if rate.is_some() { &mut rates.by_heading } else { &mut rates.by_sector }) += value;
                        rate
                    }
                };
            }
        }
        rates
    }
}

/// Rates on the cells of a list of trade.
#[derive(Default)]
pub(in crate::import) struct Rates {
    /// `[cell]`; none: that of its sector.
    pub(in crate::import) of: Vec<Option<Rate>>,
    /// Trade in all, and of it what has the rate of its heading and of its sector only.
    total: f64,
    by_heading: f64,
    by_sector: f64,
}

impl Rates {
    /// What a user should know.
    pub(in crate::import) fn remark(&self) -> String {
        let per_cent = |value: f64| 100.0 * value / self.total;
        format!(
            "tariffs by product: {:.1} % of the trade by product bears the rate of its own lines, {:.1} % the mean of its heading and {:.1} % \
             that of its sector, for want of a line",
            per_cent(self.total - self.by_heading - self.by_sector),
            per_cent(self.by_heading),
            per_cent(self.by_sector)
        )
    }
}

fn at(sums: &[Sum], at: usize) -> Sum {
    sums.get(at).copied().unwrap_or_default()
}

/// Sums for so many places, none if there are some already.
fn filled(sums: &mut Vec<Sum>, length: usize) -> &mut [Sum] {
    if sums.is_empty() {
        sums.resize(length, Sum::default());
    }
    sums
}

/// The HS heading of a code, its first four digits.
fn heading(code: &str) -> Option<&str> {
    code.get(..4).filter(|_| is_harmonized(code))
}
