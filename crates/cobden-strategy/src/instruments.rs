//! The tariffs that a player may move: which, in what groups, between which bounds.

use std::collections::{BTreeMap, BTreeSet};

use cobden_equilibrium::{Economy, Policy};
use cobden_world::{Problem, Rate};
use ndarray::{Array3, ArrayView3};

use crate::{Bounds, Reach, Rule, goal::known_countries, reach::Inside};

/// Lowest and highest rate where no bound is stated: what lies beyond hardly differs from a border without a market or without trade.
pub(crate) const NATURAL: (f64, f64) = (-0.9, 100.0);

/// One rate that may move, and what moves with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// The cells `[importer, exporter, sector]` that it sets.
    pub cells: Vec<[usize; 3]>,
    /// Lowest and highest rate.
    pub bounds: (f64, f64),
    /// The rate in force: the mean over its cells, weighted with baseline imports; 0 for a surcharge.
    pub in_force: f64,
    /// `1 / theta`, the mean of theta over its cells weighted with baseline imports: what a small country would ask of its one sector.
    pub inverse_elasticity: f64,
    /// Whether each bound was stated, or is only where the search ends.
    pub(crate) stated: (bool, bool),
}

/// The tariffs that a player may move.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings};
/// use cobden_strategy::{Instruments, Reach, Rule};
/// let world = cobden_world::toy::Toy { countries: 3, sectors: 2, zero_flows: 0.0, ..Default::default() }.world();
/// let theta = world.elasticities.as_ref().unwrap();
/// let economy = Economy::calibrate(&world, theta, &Model::default(), &Settings::default())?;
/// let own = |rule| Instruments::new(&economy, &Policy::status_quo(&world), &Reach::of(0, rule));
/// assert_eq!(own(Rule::Uniform)?.len(), 1);
/// assert_eq!(own(Rule::Sector)?.len(), 2);
/// assert_eq!(own(Rule::Partner)?.len(), 2);
/// assert_eq!(own(Rule::PartnerSector)?.len(), 4);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Instruments {
    levers: Vec<Lever>,
    /// The countries whose tariffs move, in order.
    importers: Vec<usize>,
    /// Cells that the rule itself fixes: no tariffs inside a free trade area.
    fixed: Vec<[usize; 3]>,
    /// The rates in force that a surcharge comes on top of.
    on_top_of: Option<Array3<Rate>>,
}

impl Instruments {
    /// The levers of a player over the tariffs in force. Groups of cells without trade are no levers and stay as they are.
    ///
    /// # Errors
    /// A country or sector that is not there; bounds that cross or are no rates; a policy of another shape; nothing left to move.
    pub fn new(economy: &Economy, in_force: &Policy, reach: &Reach) -> Result<Self, Problem> {
        reach.check(economy, in_force)?;
        let (flows, theta) = (economy.flows(), economy.trade_elasticity());
        let mut groups: BTreeMap<Key, Vec<[usize; 3]>> = BTreeMap::new();
        let mut fixed = Vec::new();
        for cell in reach.cells(economy) {
            if reach.inside == Inside::Free && reach.members.contains(&cell[1]) {
                fixed.push(cell);
                continue;
            }
            groups.entry(Key::of(reach, cell)).or_default().push(cell);
        }
        let lever =
            |cells: Vec<[usize; 3]>| Lever::new(cells, &reach.bounds, reach.surcharge, flows.view(), in_force, theta);
        let levers: Vec<Lever> = groups.into_values().filter_map(lever).collect();
        // All countries in one free trade area have nothing left to choose, and yet tariffs to drop.
        if levers.is_empty() && fixed.is_empty() {
            let what = format!("a player without instruments: no tariff of {:?} within reach can move", reach.members);
            return Err(Problem::new(what).help("it must import something, from the partners and in the sectors named"));
        }
        let cells = levers.iter().flat_map(|lever| &lever.cells).chain(&fixed);
        let importers: BTreeSet<usize> = cells.map(|cell| cell[0]).collect();
        Ok(Self {
            levers,
            importers: importers.into_iter().collect(),
            fixed,
            on_top_of: reach.surcharge.then(|| in_force.tariffs.clone()),
        })
    }

    /// How many rates move.
    pub fn len(&self) -> usize {
        self.levers.len()
    }

    /// Whether none does, the rule itself fixing all that is within reach.
    pub fn is_empty(&self) -> bool {
        self.levers.is_empty()
    }

    /// The rates that move, in the order of all vectors of rates.
    pub fn levers(&self) -> &[Lever] {
        &self.levers
    }

    /// The countries whose tariffs move.
    pub fn importers(&self) -> &[usize] {
        &self.importers
    }

    /// Writes rates, one for each lever, into the cells of a policy.
    pub fn write(&self, rates: &[f64], tariffs: &mut Array3<Rate>) {
        for (lever, rate) in self.levers.iter().zip(rates) {
            for cell in &lever.cells {
                let base = self.on_top_of.as_ref().map_or(0.0, |base| base[*cell].0);
                tariffs[*cell] = Rate(base + rate);
            }
        }
        self.fixed.iter().for_each(|cell| tariffs[*cell] = Rate::ZERO);
    }

    /// The rates of the levers in a policy: of a group, those of its first cell.
    pub fn read(&self, policy: &Policy) -> Vec<f64> {
        let rate = |cell: [usize; 3]| policy.tariffs[cell].0 - self.on_top_of.as_ref().map_or(0.0, |base| base[cell].0);
        self.levers.iter().map(|lever| rate(lever.cells[0])).collect()
    }

    /// The rates of the levers in a policy that they can express: writing them changes nothing.
    ///
    /// # Errors
    /// Tariffs in a group differ, or lie beyond a bound.
    pub(crate) fn express(&self, policy: &Policy) -> Result<Vec<f64>, Problem> {
        let rates = self.read(policy);
        let within = |(lever, rate): (&Lever, &f64)| rate.clamp(lever.bounds.0, lever.bounds.1);
        let within: Vec<f64> = self.levers.iter().zip(&rates).map(within).collect();
        let mut written = policy.tariffs.clone();
        self.write(&within, &mut written);
        let moved = written.indexed_iter().find(|(cell, rate)| (rate.0 - policy.tariffs[*cell].0).abs() > 1e-12);
        let Some(((n, i, j), _)) = moved else { return Ok(within) };
        let what =
            format!("these levers cannot leave the tariff of country {n} on sector {j} from country {i} as it is");
        Err(Problem::new(what)
            .help("tariffs that move together differ, or lie beyond a bound: let levers be a surcharge"))
    }

    /// A gradient with respect to every tariff, `[n, i, j]`, as one with respect to the rates of the levers.
    pub fn pull(&self, gradient: &Array3<f64>) -> Vec<f64> {
        let sum = |lever: &Lever| lever.cells.iter().map(|cell| gradient[*cell]).sum();
        self.levers.iter().map(sum).collect()
    }
}

/// What cells of one lever share; `None` where they need not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key([Option<usize>; 3]);

impl Key {
    fn of(reach: &Reach, [importer, exporter, sector]: [usize; 3]) -> Self {
        let by_partner = matches!(reach.rule, Rule::Partner | Rule::PartnerSector);
        let by_sector = matches!(reach.rule, Rule::Sector | Rule::PartnerSector);
        Key([(!reach.common).then_some(importer), by_partner.then_some(exporter), by_sector.then_some(sector)])
    }
}

impl Lever {
    /// The lever of a group of cells, or `None` without trade or room to move.
    fn new(
        cells: Vec<[usize; 3]>,
        bounds: &Bounds,
        surcharge: bool,
        flows: ArrayView3<f64>,
        in_force: &Policy,
        theta: &[f64],
    ) -> Option<Self> {
        let rate = |cell: &[usize; 3]| in_force.tariffs[*cell].0;
        let traded: f64 = cells.iter().map(|cell| flows[*cell]).sum();
        if traded <= 0.0 {
            return None;
        }
        let mean = |value: &dyn Fn(&[usize; 3]) -> f64| {
            cells.iter().map(|cell| flows[*cell] * value(cell)).sum::<f64>() / traded
        };
        let lowest = cells.iter().map(rate).fold(f64::INFINITY, f64::min);
        let highest = cells.iter().map(rate).fold(f64::NEG_INFINITY, f64::max);
        // A surcharge may take a rate down to the lowest there is, never below.
        let natural = if surcharge { NATURAL.0 - lowest.min(0.0) } else { NATURAL.0 };
        let floor = match (bounds.raise_only, surcharge) {
            (true, true) => 0.0,
            (true, false) => highest,
            (false, _) => f64::NEG_INFINITY,
        };
        let ceiling = match (bounds.lower_only, surcharge) {
            (true, true) => 0.0,
            (true, false) => lowest,
            (false, _) => f64::INFINITY,
        };
        let low = bounds.min.map_or(natural, |rate| rate.0).max(floor);
        let high = bounds.max.map_or(NATURAL.1, |rate| rate.0).min(ceiling);
        if low >= high {
            return None;
        }
        Some(Self {
            bounds: (low, high),
            in_force: if surcharge { 0.0 } else { mean(&rate) },
            inverse_elasticity: 1.0 / mean(&|cell| theta[cell[2]]),
            stated: (bounds.min.is_some() || bounds.raise_only, bounds.max.is_some() || bounds.lower_only),
            cells,
        })
    }
}

impl Reach {
    /// Every cell within reach, in the order of the cube.
    fn cells(&self, economy: &Economy) -> Vec<[usize; 3]> {
        let listed = |list: &Option<Vec<usize>>, at: usize| list.as_ref().is_none_or(|list| list.contains(&at));
        let mut cells = Vec::new();
        for importer in (0..economy.countries()).filter(|n| self.members.contains(n)) {
            for exporter in (0..economy.countries()).filter(|i| *i != importer && listed(&self.partners, *i)) {
                if self.inside == Inside::AsItIs && self.members.contains(&exporter) {
                    continue;
                }
                let sectors = (0..economy.sectors()).filter(|j| listed(&self.sectors, *j));
                cells.extend(sectors.map(|sector| [importer, exporter, sector]));
            }
        }
        cells
    }

    fn check(&self, economy: &Economy, in_force: &Policy) -> Result<(), Problem> {
        let shape = (economy.countries(), economy.countries(), economy.sectors());
        if in_force.tariffs.dim() != shape {
            let what = format!("tariffs in force have shape {:?}, the world {shape:?}", in_force.tariffs.dim());
            return Err(Problem::new(what));
        }
        known_countries(economy, &self.members)?;
        known_countries(economy, self.partners.as_deref().unwrap_or_default())?;
        if let Some(sector) = self.sectors.iter().flatten().find(|j| **j >= economy.sectors()) {
            return Err(Problem::new(format!("unknown sector {sector} of a world of {}", economy.sectors())));
        }
        self.bounds.check()
    }
}
