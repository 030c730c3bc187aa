//! What lists of tariffs say about the products of a list of trade.

use std::collections::{BTreeMap, HashMap};

use cobden_data::TariffRecord;
use cobden_world::Rate;

use super::trade::Trade;
use crate::import::places::Places;
use crate::import::products::is_harmonized;

/// Lines of tariffs by product: on one exporter's goods, and on everyone's.
///
/// A line is on the product of its code; else, where its code is finer than those of the list of trade, on the one that it is part of; where it
/// is coarser, on all that are part of it.
pub(in crate::import) struct Lines<'a> {
    trade: &'a Trade,
    /// Code to product.
    known: BTreeMap<&'a str, usize>,
    /// Code of a line to what it means, and code of a country likewise.
    meant: HashMap<String, usize>,
    meanings: Vec<Meant>,
    countries: BTreeMap<String, Vec<usize>>,
    importer: Last,
    exporter: Last,
    /// `[product]`: its HS heading, if it has one.
    heading: Vec<Option<usize>>,
    headings: BTreeMap<String, usize>,
    /// `[cell]`: lines on the exporter's goods.
    own: Vec<Sum>,
    /// `[n]` and `[product]`: lines on everyone's.
    everyone: Vec<Vec<Sum>>,
    /// Plain means by heading, `[n]` and `[i headings + heading]`, `[n]` and `[heading]`; empty where an importer has none.
    own_heading: Vec<Vec<Plain>>,
    everyone_heading: Vec<Vec<Plain>>,
}

/// The country code of the last line and what it means: lists are sorted, so the next line mostly has the same.
#[derive(Default)]
struct Last {
    code: String,
    places: Vec<usize>,
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

/// A plain mean over lines.
#[derive(Clone, Copy, Debug, Default)]
struct Plain {
    sum: f64,
    lines: u32,
}

impl Sum {
    fn add(&mut self, rate: f64, weight: f64) {
        self.weighted += weight * rate;
        self.weight += weight;
        self.lines = self.lines.saturating_add(u32::from(weight > 0.0));
    }

    fn mean(self) -> Option<(f64, u32)> {
        (self.weight > 0.0).then(|| (self.weighted / self.weight, self.lines))
    }
}

impl Plain {
    fn add(&mut self, rate: f64) {
        self.sum += rate;
        self.lines = self.lines.saturating_add(1);
    }

    fn mean(self) -> Option<(f64, u32)> {
        (self.lines > 0).then(|| (self.sum / f64::from(self.lines), self.lines))
    }
}

/// The rate where some lines are on one exporter's goods and some on everyone's, each a mean and a number of lines: the former stand for as
/// many of the latter, which count for the rest.
fn together(own: Option<(f64, u32)>, everyone: Option<(f64, u32)>) -> Option<f64> {
    match (own, everyone) {
        (Some((of_own, lines)), Some((of_all, all))) if lines < all => {
            let part = f64::from(lines) / f64::from(all);
            Some(part * of_own + (1.0 - part) * of_all)
        }
        (Some((rate, _)), _) | (None, Some((rate, _))) => Some(rate),
        (None, None) => None,
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
            meant: HashMap::new(),
            meanings: Vec::new(),
            importer: Last::default(),
            exporter: Last::default(),
            own: Vec::new(),
            countries: BTreeMap::new(),
            everyone: vec![Vec::new(); trade.countries.len()],
            own_heading: vec![Vec::new(); trade.countries.len()],
            everyone_heading: vec![Vec::new(); trade.countries.len()],
            trade,
        }
    }

    /// Adds a line, for every country that its codes mean. Countries that the list of trade does not have are left out.
    pub(in crate::import) fn add(&mut self, record: &TariffRecord<'_>, known: &mut Places) {
        let meant = match self.meant.get(record.product) {
            Some(meant) => *meant,
            None => {
                self.meanings.push(self.find(record.product));
                self.meant.insert(record.product.to_owned(), self.meanings.len() - 1);
                self.meanings.len() - 1
            }
        };
        if self.importer.code != record.importer {
            self.importer = self.look(record.importer, known);
        }
        if let Some(exporter) = record.exporter.filter(|exporter| self.exporter.code != *exporter) {
            self.exporter = self.look(exporter, known);
        }
        let meant = &self.meanings[meant];
        let (rate, weight) = (record.rate, record.weight.unwrap_or(1.0));
        let (of_products, of_headings) = (self.trade.products.len(), self.headings.len());
        for importer in &self.importer.places {
            if record.exporter.is_none() {
                let sums = filled(&mut self.everyone[*importer], of_products);
                meant.products.iter().for_each(|product| sums[*product].add(rate, weight));
                if let Some(heading) = meant.heading {
                    filled(&mut self.everyone_heading[*importer], of_headings)[heading].add(rate);
                }
                continue;
            }
            for exporter in &self.exporter.places {
                let cells = meant.products.iter().filter_map(|at| self.trade.find(*importer, *exporter, *at));
                let own = filled(&mut self.own, self.trade.len());
                cells.for_each(|cell| own[cell].add(rate, weight));
                if let Some(heading) = meant.heading {
                    let sums = filled(&mut self.own_heading[*importer], self.trade.countries.len() * of_headings);
                    sums[exporter * of_headings + heading].add(rate);
                }
            }
        }
    }

    /// A code with the countries that it means.
    fn look(&mut self, code: &str, known: &mut Places) -> Last {
        if !self.countries.contains_key(code) {
            let places = self.places(code, known);
            self.countries.insert(code.to_owned(), places);
        }
        Last { code: code.to_owned(), places: self.countries.get(code).cloned().unwrap_or_default() }
    }

    /// The countries of the list of trade that a code means. A line on a region of the table is on all of its countries, and where the list has
    /// regions, a line on a country is on its region.
    fn places(&self, code: &str, known: &mut Places) -> Vec<usize> {
        let mut places = Vec::new();
        for (country, region) in known.countries(code) {
            let of_region = known.name(region);
            match self.trade.place(&country).or_else(|| self.trade.place(of_region)) {
                Some(place) => places.push(place),
                None if country == of_region => {
                    let all = self.trade.countries.iter().enumerate();
                    places.extend(all.filter(|(_, country)| country.region == region).map(|(place, _)| place));
                }
                None => {}
            }
        }
        places
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
        let everyone = self.everyone[importer].get(self.trade.product(cell));
        together(self.own.get(cell).and_then(|sum| sum.mean()), everyone.and_then(|sum| sum.mean()))
    }

    /// The mean of the lines on its heading.
    fn of_heading(&self, importer: usize, exporter: usize, cell: usize) -> Option<f64> {
        let heading = self.heading[self.trade.product(cell)]?;
        let own = self.own_heading[importer].get(exporter * self.headings.len() + heading);
        let everyone = self.everyone_heading[importer].get(heading);
        together(own.and_then(|mean| mean.mean()), everyone.and_then(|mean| mean.mean()))
    }

    /// The rate on every cell of the trade: of its product, else of its heading. Members of the European Union charge each other
    /// nothing.
    pub(in crate::import) fn rates(&self) -> Rates {
        let mut rates = Rates { of: vec![None; self.trade.len()], ..Rates::default() };
        for (importer, exporter) in self.trade.pairs() {
            let free = [importer, exporter].iter().all(|country| self.trade.countries[*country].member);
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

/// Sums for so many places, none if there are some already.
fn filled<T: Clone + Default>(sums: &mut Vec<T>, length: usize) -> &mut [T] {
    if sums.is_empty() {
        sums.resize(length, T::default());
    }
    sums
}

/// The HS heading of a code, its first four digits.
fn heading(code: &str) -> Option<&str> {
    code.get(..4).filter(|_| is_harmonized(code))
}
