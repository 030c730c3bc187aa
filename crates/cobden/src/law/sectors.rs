//! From the law to a world: what each importer's measures add on each exporter's goods of each sector.

use std::collections::{BTreeMap, BTreeSet};

use cobden_measures::{Average, Moment, Pricer, Register, Trade};
use cobden_world::{Names, Problem, World};
use ndarray::Array3;

use super::{IMPORTS, Weights};

/// The part of a region that `members` calls the rest of the world.
const REST: &str = "*";

/// Puts the law of days into the sectors of a world.
///
/// Where the trade of an importer is at hand by product, its rates are weighed with it. Every other importer is given one basket within each
/// sector, the same from all partners: what the importers at hand buy from all of them, with the tariffs of the world as ordinary duties; there,
/// a code of six digits counts as named by a measure if any finer code is. Within a region partners weigh what the importers at hand buy from them.
pub struct Sectors<'a> {
    world: &'a World,
    weights: &'a Weights,
    /// What the importers at hand buy of each product.
    basket: BTreeMap<&'a str, f64>,
    trades: Vec<(usize, Trade)>,
}

/// What the measures of all importers add at a moment, and what that is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// Points on top of the ordinary duty, `[n, i, j]`; zero within a region.
    pub points: Array3<f64>,
    /// By importer with measures, in the order of the world: how much, on average over its imports of goods, each of its measures adds.
    pub importers: Vec<Importer>,
}

/// What one importer's measures add on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Importer {
    /// Its index in the world.
    pub importer: usize,
    /// Points by id of the measure; those that add nothing are left out.
    pub parts: BTreeMap<String, f64>,
    /// Whether its own trade by product weighs them; else within a sector the basket does, and sectors weigh as in the world.
    pub own_trade: bool,
}

impl<'a> Sectors<'a> {
    /// Makes ready for a register and what is derived from it by leaving measures out. `registers` are all that will be asked.
    ///
    /// # Errors
    /// A region of the world that the register knows neither by its name nor by a member.
    pub fn new(world: &'a World, weights: &'a Weights, registers: &[&Register]) -> Result<Self, Problem> {
        let mut this = Self { world, weights, basket: weights.basket(), trades: Vec::new() };
        let partners = this.partners(registers)?;
        for (n, importer) in world.countries.iter().enumerate() {
            let own = weights.trade(importer);
            let charged: BTreeSet<usize> = partners
                .iter()
                .filter(|partner| partner.region != n)
                .filter(|partner| registers.iter().any(|register| register.charges(importer, &partner.code)))
                .map(|partner| partner.region)
                .collect();
            if charged.is_empty() {
                continue;
            }
            let partners: Vec<&Partner> = partners.iter().filter(|partner| charged.contains(&partner.region)).collect();
            let trade = match own {
                Some(trade) => this.completed(n, trade, &partners)?,
                None => this.basket(n, &partners, registers)?,
            };
            this.trades.push((n, trade));
        }
        Ok(this)
    }

    /// What is added at each of some moments.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives; a sector of the weights that the world does not have.
    pub fn added(&self, register: &Register, moments: &[Moment]) -> Result<Vec<Added>, Problem> {
        let empty = || Added { points: Array3::zeros(self.world.flows.dim()), importers: Vec::new() };
        let mut added: Vec<Added> = moments.iter().map(|_| empty()).collect();
        let names: Vec<&str> = self.world.sectors.iter().collect();
        for (n, trade) in &self.trades {
            let mut pricer = register.pricer(trade)?;
            for (moment, added) in moments.iter().zip(&mut added) {
                self.price(*n, trade, &mut pricer, *moment, &names, added)?;
            }
        }
        Ok(added)
    }

    fn price(
        &self,
        n: usize,
        trade: &Trade,
        pricer: &mut Pricer<'_>,
        moment: Moment,
        names: &[&str],
        into: &mut Added,
    ) -> Result<(), Problem> {
        let (base, parts) = pricer.parts(moment, |_, _| true)?;
        if base.value == 0.0 || parts.is_empty() {
            return Ok(());
        }
        let schedule = pricer.schedule(moment, names, &self.weights.sectors)?;
        let mut cells: BTreeMap<(usize, usize), Average> = BTreeMap::new();
        for (exporter, row) in trade.exporters().iter().zip(schedule.cells.chunks(names.len())) {
            let Some(region) = region_of(self.world, exporter) else { continue };
            for (sector, average) in row.iter().enumerate() {
                let cell = cells.entry((region, sector)).or_default();
                cell.value += average.value;
                cell.points += average.value * average.points;
            }
        }
        let bases = self.bases(trade, names);
        for ((i, j), cell) in cells {
            if cell.value > 0.0 {
                let base = bases.get(&(i, j)).copied().unwrap_or_default();
                // Not the dust of two sums that should be equal.
                let points = (cell.points - base) / cell.value;
                into.points[[n, i, j]] = if points.abs() < 1e-9 { 0.0 } else { points };
            }
        }
        let own_trade = self.weights.trade(&self.world.countries[n]).is_some();
        // The trade at hand is all there is; a basket leaves out the partners that no measure means.
        let covered = if own_trade { 1.0 } else { base.value / self.goods(n).max(base.value) };
        let parts = parts.into_iter().map(|(id, points)| (id, points * covered)).collect();
        into.importers.push(Importer { importer: n, parts, own_trade });
        Ok(())
    }

    /// What an importer of the world buys from others of sectors that have products.
    fn goods(&self, n: usize) -> f64 {
        let sectors: BTreeSet<usize> = self.basket.keys().filter_map(|product| self.sector(product)).collect();
        let others = (0..self.world.countries.len()).filter(|i| *i != n);
        others.flat_map(|i| sectors.iter().map(move |j| self.world.flows[[n, i, *j]])).sum()
    }

    /// The sector that most of a product is of.
    fn sector(&self, product: &str) -> Option<usize> {
        let shares = self.weights.sectors.find(product).unwrap_or_default().iter();
        let most = shares.max_by(|a, b| a.1.total_cmp(&b.1))?;
        self.world.sectors.index(&most.0)
    }

    /// Value times base duty, by region and sector.
    fn bases(&self, trade: &Trade, names: &[&str]) -> BTreeMap<(usize, usize), f64> {
        let mut bases = BTreeMap::new();
        for (exporter, product, value, base) in trade.lines() {
            let Some(region) = region_of(self.world, exporter) else { continue };
            for (sector, share) in self.weights.sectors.find(product).unwrap_or_default() {
                if let Some(j) = names.iter().position(|name| name == sector) {
                    *bases.entry((region, j)).or_insert(0.0) += value * share * base;
                }
            }
        }
        bases
    }

    /// The countries that regions stand for: every exporter at hand, and for a region without one its own name or its first member.
    fn partners(&self, registers: &[&Register]) -> Result<Vec<Partner>, Problem> {
        let known = |code: &str| registers.first().is_none_or(|register| register.is_partner(code));
        let mut partners = Vec::new();
        for (code, value) in self.weights.exporters() {
            if let Some(register) = registers.first().filter(|_| !known(code)) {
                return Err(register.unknown_partner(code, []).in_file(IMPORTS));
            }
            if let Some(region) = region_of(self.world, code) {
                partners.push(Partner { code: code.to_owned(), region, value });
            }
        }
        for (region, name) in self.world.countries.iter().enumerate() {
            if partners.iter().any(|partner| partner.region == region) {
                continue;
            }
            let members = self.world.members.get(name).map(Vec::as_slice).unwrap_or_default();
            let mut candidates = std::iter::once(name).chain(members.iter().map(String::as_str));
            let code = candidates.find(|code| known(code)).ok_or_else(|| {
                Problem::new(format!("the register of measures does not know the region {name}")).help(format!(
                    "say in world.toml which countries it holds: [members] {name} = [ \"...\" ], by their ISO codes"
                ))
            })?;
            partners.push(Partner { code: code.to_owned(), region, value: 1.0 });
        }
        Ok(partners)
    }

    /// The trade at hand, and for every region and sector from which nothing was bought the basket of that sector.
    fn completed(&self, n: usize, trade: &Trade, partners: &[&Partner]) -> Result<Trade, Problem> {
        let mut complete = Trade::new(trade.importer.clone(), trade.source.clone());
        let mut covered = BTreeSet::new();
        for (exporter, product, value, base) in trade.lines() {
            let Some(region) = region_of(self.world, exporter).filter(|region| *region != n) else { continue };
            complete.push(exporter, product, value, base)?;
            for (sector, _) in self.weights.sectors.find(product).unwrap_or_default() {
                covered.insert((region, sector.as_str()));
            }
        }
        for (product, value) in &self.basket {
            for (sector, share) in self.weights.sectors.find(product).unwrap_or_default() {
                for partner in largest(partners).filter(|partner| !covered.contains(&(partner.region, sector.as_str())))
                {
                    let Some(j) = self.world.sectors.index(sector) else { continue };
                    let base = self.tariff(n, partner.region, j);
                    // So little that no average over sectors sees it.
                    complete.push(&partner.code, product, 1e-9 * value * share, base)?;
                }
            }
        }
        Ok(complete)
    }

    fn basket(&self, n: usize, partners: &[&Partner], registers: &[&Register]) -> Result<Trade, Problem> {
        let importer = &self.world.countries[n];
        let mut trade = Trade::new(importer, format!("one basket for all partners: {}", self.weights.source));
        let mut finest: BTreeMap<&str, &str> = BTreeMap::new();
        for code in registers.iter().flat_map(|register| register.codes(importer)) {
            if let Some(six) = code.get(..6).filter(|six| six.len() < code.len()) {
                finest.entry(six).or_insert(code);
            }
        }
        let mut products: BTreeMap<&str, f64> = BTreeMap::new();
        for (product, value) in &self.basket {
            let six = product.get(..6).unwrap_or(product);
            *products.entry(finest.get(six).copied().unwrap_or(six)).or_insert(0.0) += value;
        }
        let placed: Vec<(&str, f64, usize)> =
            products.iter().filter_map(|(product, value)| Some((*product, *value, self.sector(product)?))).collect();
        let mut in_sector = vec![0.0; self.world.sectors.len()];
        placed.iter().for_each(|(_, value, j)| in_sector[*j] += value);
        for partner in partners {
            let of_region = partners.iter().filter(|other| other.region == partner.region);
            let share = partner.value / of_region.map(|other| other.value).sum::<f64>();
            for &(product, value, j) in &placed {
                let flow = self.world.flows[[n, partner.region, j]] * share * value / in_sector[j];
                // Where nothing is bought the rate is known all the same; no average over sectors sees it.
                trade.push(
                    &partner.code,
                    product,
                    flow.max(1e-9 * value / in_sector[j]),
                    self.tariff(n, partner.region, j),
                )?;
            }
        }
        Ok(trade)
    }

    /// The tariff of the world, in points; none below zero.
    fn tariff(&self, n: usize, i: usize, j: usize) -> f64 {
        self.world.tariffs[[n, i, j]].percent().max(0.0)
    }
}

/// A country as the register knows it, and the region of the world it is in.
struct Partner {
    code: String,
    region: usize,
    value: f64,
}

/// The partner of each region from which most is bought.
fn largest<'p>(partners: &'p [&'p Partner]) -> impl Iterator<Item = &'p Partner> {
    let mut of: BTreeMap<usize, &Partner> = BTreeMap::new();
    for partner in partners {
        let best = of.entry(partner.region).or_insert(partner);
        if partner.value > best.value {
            *best = partner;
        }
    }
    of.into_values()
}

/// The region of a country: the one of its name, else the one that has it as a member, else the rest of the world.
pub(crate) fn region_of(world: &World, country: &str) -> Option<usize> {
    let names: &Names = &world.countries;
    let with = |member: &str| {
        let mut regions = world.members.iter().filter(|(_, members)| members.iter().any(|known| known == member));
        regions.find_map(|(region, _)| names.index(region))
    };
    names.index(country).or_else(|| with(country)).or_else(|| with(REST))
}
