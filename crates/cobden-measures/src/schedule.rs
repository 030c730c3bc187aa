//! From rates on products to rates on sectors, weighed by trade.

use std::collections::{BTreeMap, HashMap};

use cobden_world::{Problem, Rate};

use crate::day::{Day, Line, Winner};
use crate::measure::Levy;
use crate::price::{Amount, Pricing};
use crate::products::{Class, Hit};
use crate::trade::Trade;
use crate::{Concordance, Date, Kind, Moment, Part, Period, Quantity, Register};

/// A register and the trade of one importer, ready to be priced on many days.
pub struct Pricer<'r> {
    register: &'r Register,
    trade: &'r Trade,
    /// The class of each product of the trade.
    class_of: Vec<usize>,
    classes: Vec<Class>,
    /// The lines of each exporter.
    lines_of: Vec<Vec<usize>>,
    /// The days on which lists, groups and assumptions change by their own dates.
    days: Vec<Date>,
    /// How scopes mean classes, from the day of that index in `days` on.
    hits: Option<(usize, Vec<Vec<Option<Hit>>>)>,
    /// What each exporter's lines paid when it was last priced, and under which law.
    last: Vec<(Vec<usize>, Vec<f64>)>,
    stated: BTreeMap<Quantity, f64>,
}

/// A rate on average, and the trade it is an average of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Average {
    /// Value of the trade.
    pub value: f64,
    /// The average in points; 0 if there is no trade.
    pub points: f64,
}

/// What one importer charges each exporter in each sector at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Who levies.
    pub importer: String,
    /// When.
    pub moment: Moment,
    /// Where the weights come from.
    pub weights: String,
    /// Exporters, in the order of the trade.
    pub exporters: Vec<String>,
    /// Sectors, in the order asked for.
    pub sectors: Vec<String>,
    /// By exporter, then sector.
    pub cells: Vec<Average>,
    /// Value of trade in products that belong to none of the sectors.
    pub left_out: f64,
}

/// What a class of goods from an exporter pays on a day.
enum Outcome {
    /// So many points on top of any base.
    Plus(Sum),
    /// It depends on the base, or on numbers by product.
    Each,
}

/// Points on top of the base: in all, and by measure of the day where that is not zero.
struct Sum {
    points: f64,
    of: Vec<(usize, f64)>,
}

impl Sum {
    fn new(amounts: &[Amount]) -> Self {
        let of = amounts.iter().enumerate().filter(|(_, amount)| amount.points != 0.0);
        Self {
            points: amounts.iter().map(|amount| amount.points).sum(),
            of: of.map(|(measure, amount)| (measure, amount.points)).collect(),
        }
    }
}

impl Register {
    /// Makes ready to price the trade of an importer on many days.
    ///
    /// # Errors
    /// An importer or exporter that is no country or group of the register.
    pub fn pricer<'r>(&'r self, trade: &'r Trade) -> Result<Pricer<'r>, Problem> {
        self.known_partner(&trade.importer)?;
        trade.exporters().iter().try_for_each(|exporter| self.known_partner(exporter))?;
        let mut index: HashMap<Class, usize> = HashMap::new();
        let mut classes = Vec::new();
        let mut class_of = Vec::with_capacity(trade.products().len());
        for product in trade.products() {
            let class = self.products.class(product);
            let number = *index.entry(class.clone()).or_insert_with(|| {
                classes.push(class);
                classes.len() - 1
            });
            class_of.push(number);
        }
        let mut lines_of = vec![Vec::new(); trade.exporters().len()];
        for (at, line) in trade.raw().iter().enumerate() {
            lines_of[line.exporter].push(at);
        }
        let groups = self.groups.values().flat_map(|group| group.members.values().flat_map(Period::ends));
        let assumptions = self.assumptions.iter().flat_map(|assumption| assumption.period.ends());
        let mut days: Vec<Date> = self.products.days().chain(groups).chain(assumptions).collect();
        days.sort_unstable();
        days.dedup();
        let (last, stated) = (vec![(Vec::new(), Vec::new()); lines_of.len()], BTreeMap::new());
        Ok(Pricer { register: self, trade, class_of, classes, lines_of, days, hits: None, last, stated })
    }
}

impl Pricer<'_> {
    /// What each line of the trade pays, in points.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives.
    pub fn price(&mut self, moment: Moment) -> Result<Vec<f64>, Problem> {
        self.classify(moment.date);
        let day = Day::new(self.register, &self.trade.importer, moment);
        let mut classes = None;
        let mut points = vec![0.0; self.trade.raw().len()];
        for exporter in 0..self.lines_of.len() {
            let toward = day.toward(&self.trade.exporters()[exporter]);
            let era = self.hits.as_ref().map_or(0, |(era, _)| *era);
            let law = day.fingerprint(&toward, era);
            if self.last[exporter].0 != law {
                let classes = classes.get_or_insert_with(|| self.day_classes(&day));
                let mut priced = Vec::with_capacity(self.lines_of[exporter].len());
                self.price_exporter(&day, exporter, &toward, classes, |line, sum| {
                    priced.push(self.trade.raw()[line].base + sum.points);
                })?;
                self.last[exporter] = (law, priced);
            }
            for (&line, paid) in self.lines_of[exporter].iter().zip(&self.last[exporter].1) {
                points[line] = *paid;
            }
        }
        Ok(points)
    }

    /// Rates by exporter and sector; `sectors` says which product is of which sector, in which shares.
    ///
    /// # Errors
    /// As [`Pricer::price`]; a sector of the concordance that is not among `names`.
    pub fn schedule(&mut self, moment: Moment, names: &[&str], sectors: &Concordance) -> Result<Schedule, Problem> {
        let points = self.price(moment)?;
        let mut of_product: Vec<Vec<(usize, f64)>> = Vec::with_capacity(self.trade.products().len());
        for product in self.trade.products() {
            let mut shares = Vec::new();
            for (sector, share) in sectors.find(product).unwrap_or_default() {
                let at = names.iter().position(|name| name == sector);
                shares.push((at.ok_or_else(|| Problem::unknown("sector", sector, names.iter().copied()))?, *share));
            }
            of_product.push(shares);
        }
        let mut cells = vec![Average::default(); self.trade.exporters().len() * names.len()];
        let mut left_out = 0.0;
        for (line, points) in self.trade.raw().iter().zip(&points) {
            if of_product[line.product].is_empty() {
                left_out += line.value;
            }
            for &(sector, share) in &of_product[line.product] {
                let cell = &mut cells[line.exporter * names.len() + sector];
                cell.value += line.value * share;
                cell.points += line.value * share * points;
            }
        }
        for cell in cells.iter_mut().filter(|cell| cell.value > 0.0) {
            cell.points /= cell.value;
        }
        Ok(Schedule {
            importer: self.trade.importer.clone(),
            moment,
            weights: self.trade.source.clone(),
            exporters: self.trade.exporters().to_vec(),
            sectors: names.iter().map(|name| (*name).to_owned()).collect(),
            cells,
            left_out,
        })
    }

    /// The average of all lines that `keep` keeps (exporter, product), weighed by value.
    ///
    /// # Errors
    /// As [`Pricer::price`].
    pub fn average(&mut self, moment: Moment, keep: impl Fn(&str, &str) -> bool) -> Result<Average, Problem> {
        let points = self.price(moment)?;
        let mut average = Average::default();
        for ((exporter, product, value, _), points) in self.trade.lines().zip(&points) {
            if keep(exporter, product) {
                average.value += value;
                average.points += value * points;
            }
        }
        if average.value > 0.0 {
            average.points /= average.value;
        }
        Ok(average)
    }

    /// What an average is made of: the trade it is an average of, the base in points, and each measure's points on average, by its id; measures that
    /// charge nothing are left out. As [`Pricer::explain`] without acts and reasons, and much faster.
    ///
    /// # Errors
    /// As [`Pricer::price`].
    pub fn parts(
        &mut self,
        moment: Moment,
        keep: impl Fn(&str, &str) -> bool,
    ) -> Result<(Average, BTreeMap<String, f64>), Problem> {
        self.classify(moment.date);
        let day = Day::new(self.register, &self.trade.importer, moment);
        let classes = self.day_classes(&day);
        let (mut base, mut of) = (Average::default(), vec![0.0; day.measures.len()]);
        for (exporter, name) in self.trade.exporters().iter().enumerate() {
            self.price_exporter(&day, exporter, &day.toward(name), &classes, |at, sum| {
                let line = &self.trade.raw()[at];
                if keep(name, &self.trade.products()[line.product]) {
                    base.value += line.value;
                    base.points += line.value * line.base;
                    sum.of.iter().for_each(|&(measure, points)| of[measure] += line.value * points);
                }
            })?;
        }
        if base.value > 0.0 {
            base.points /= base.value;
            of.iter_mut().for_each(|points| *points /= base.value);
        }
        let parts = day.measures.iter().zip(of).filter(|(_, points)| *points != 0.0);
        Ok((base, parts.map(|(active, points)| (active.measure.id.clone(), points)).collect()))
    }

    /// What an average is made of: the base, and each measure's part on average with the acts behind it, largest first.
    ///
    /// # Errors
    /// As [`Pricer::price`].
    pub fn explain(&mut self, moment: Moment, keep: impl Fn(&str, &str) -> bool) -> Result<(f64, Vec<Part>), Problem> {
        self.classify(moment.date);
        let day = Day::new(self.register, &self.trade.importer, moment);
        let (mut value, mut base) = (0.0, 0.0);
        let mut sums: BTreeMap<(String, String), Part> = BTreeMap::new();
        for (exporter, lines) in self.trade.exporters().iter().zip(&self.lines_of) {
            let toward = day.toward(exporter);
            for &at in lines {
                let line = self.trade.raw()[at];
                let product = &self.trade.products()[line.product];
                if line.value == 0.0 || !keep(exporter, product) {
                    continue;
                }
                let hits = self.hits_of(line.product);
                let pricing = Pricing { day: &day, exporter, product, hits, stated: &self.stated, closed: false };
                value += line.value;
                base += line.value * line.base;
                for part in pricing.explained(&toward, line.base)?.0 {
                    let key = (part.measure.clone(), part.line.clone());
                    let weighed = Part { full: line.value * part.full, points: line.value * part.points, ..part };
                    match sums.get_mut(&key) {
                        Some(sum) => {
                            sum.full += weighed.full;
                            sum.points += weighed.points;
                            sum.reasons.extend(weighed.reasons);
                        }
                        None => drop(sums.insert(key, weighed)),
                    }
                }
            }
        }
        let mut parts: Vec<Part> = sums.into_values().collect();
        for part in &mut parts {
            part.full /= value;
            part.points /= value;
            part.reasons.sort_by(|a, b| a.text.cmp(&b.text));
            part.reasons.dedup();
        }
        parts.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.measure.cmp(&b.measure)));
        Ok((if value > 0.0 { base / value } else { 0.0 }, parts))
    }

    /// Makes sure that `hits` are those of a day.
    fn classify(&mut self, date: Date) {
        let era = self.days.partition_point(|day| *day <= date);
        if self.hits.as_ref().is_none_or(|(known, _)| *known != era) {
            let products = &self.register.products;
            self.hits = Some((era, self.classes.iter().map(|class| products.hits(class, date)).collect()));
        }
    }

    fn hits_of(&self, product: usize) -> &[Option<Hit>] {
        self.hits.as_ref().map_or(&[], |(_, hits)| &hits[self.class_of[product]])
    }

    /// Classes that the measures of a day do not tell apart have one number: by class, and one class for each number.
    fn day_classes(&self, day: &Day<'_>) -> (Vec<usize>, Vec<usize>) {
        let scopes = day.scopes();
        let hits = self.hits.as_ref().map_or(&[][..], |(_, hits)| hits);
        let mut index: HashMap<Vec<(u8, u64)>, usize> = HashMap::new();
        let (mut number_of, mut example) = (Vec::with_capacity(hits.len()), Vec::new());
        for (class, row) in hits.iter().enumerate() {
            let key =
                scopes.iter().map(|&scope| row[scope].map_or((u8::MAX, 0), |hit| (hit.digits, hit.share.to_bits())));
            let number = *index.entry(key.collect()).or_insert_with(|| {
                example.push(class);
                example.len() - 1
            });
            number_of.push(number);
        }
        (number_of, example)
    }

    /// Tells what each line of an exporter pays on top of its base, in order.
    fn price_exporter<'r>(
        &self,
        day: &Day<'r>,
        exporter: usize,
        toward: &[Vec<Line<'r>>],
        (number_of, example): &(Vec<usize>, Vec<usize>),
        mut tell: impl FnMut(usize, &Sum),
    ) -> Result<(), Problem> {
        let name = &self.trade.exporters()[exporter];
        let hits = self.hits.as_ref().map_or(&[][..], |(_, hits)| hits);
        let mut known: Vec<Option<(Outcome, Vec<Option<Winner<'_, '_>>>)>> = (0..example.len()).map(|_| None).collect();
        for &at in &self.lines_of[exporter] {
            let line = &self.trade.raw()[at];
            let number = number_of[self.class_of[line.product]];
            let product = &self.trade.products()[line.product];
            let row = &hits[self.class_of[line.product]];
            let pricing = Pricing { day, exporter: name, product, hits: row, stated: &self.stated, closed: false };
            let sum = |winners: &[Option<Winner<'_, '_>>], base: f64| -> Result<Sum, Problem> {
                Ok(Sum::new(&pricing.amounts(winners, base, |_, _| {})?))
            };
            let slot = &mut known[number];
            let (outcome, winners) = match slot {
                Some(known) => known,
                None => {
                    let winners = day.winners(toward, row, |_| {});
                    let plain = winners.iter().zip(&day.measures).all(|(winner, active)| {
                        let in_part = active.charged_on.iter().any(|item| row[item.products.scope].is_some());
                        winner.as_ref().is_none_or(|winner| is_plain(winner) && active.exempt.is_empty() && !in_part)
                    });
                    let outcome = if plain { Outcome::Plus(sum(&winners, 0.0)?) } else { Outcome::Each };
                    slot.insert((outcome, winners))
                }
            };
            match outcome {
                Outcome::Plus(sum) => tell(at, sum),
                Outcome::Each => tell(at, &sum(winners, line.base)?),
            }
        }
        Ok(())
    }
}

/// Whether a line adds the same points to any base and for any product of its class.
fn is_plain(winner: &Winner<'_, '_>) -> bool {
    let terms = winner.line.terms;
    let plain = matches!(winner.line.levy, Levy::Rate(charge)
        if matches!(charge.kind, Kind::Add | Kind::Free) && charge.specific.is_none());
    plain && terms.cap.is_none() && terms.on_claim.is_empty()
}

impl Schedule {
    /// The rate on an exporter in a sector; `None` if nothing was traded, so that nothing can be averaged.
    pub fn rate(&self, exporter: usize, sector: usize) -> Option<Rate> {
        let cell = self.cells[exporter * self.sectors.len() + sector];
        (cell.value > 0.0).then_some(Rate(cell.points / 100.0))
    }

    /// The average over everything traded.
    pub fn overall(&self) -> Average {
        let value: f64 = self.cells.iter().map(|cell| cell.value).sum();
        let duty: f64 = self.cells.iter().map(|cell| cell.value * cell.points).sum();
        Average { value, points: if value > 0.0 { duty / value } else { 0.0 } }
    }

    /// Cells whose rate differs from that of another schedule of the same trade and sectors by more than `least` points: exporter, sector, points
    /// here and there.
    pub fn differences<'s>(
        &'s self,
        other: &'s Schedule,
        least: f64,
    ) -> impl Iterator<Item = (&'s str, &'s str, f64, f64)> {
        let width = self.sectors.len().max(1);
        let pairs = self.cells.iter().zip(&other.cells).enumerate();
        pairs.filter(move |(_, (a, b))| (a.points - b.points).abs() > least).map(move |(at, (a, b))| {
            (self.exporters[at / width].as_str(), self.sectors[at % width].as_str(), a.points, b.points)
        })
    }
}
