//! A trade policy: the new tariffs, and changes of iceberg trade costs.

use cobden_world::{Problem, Rate, World};
use ndarray::{Array3, ArrayView1, Axis};

use crate::{
    Economy,
    elementary::{exp, exp_each, ln},
    export_tax::ExportTaxes,
    kernel::Cube,
    products::NestWedges,
};

/// What a scenario sets: tariffs in levels and iceberg costs in changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// tau', `[n, i, j]`: the new ad valorem tariff of `n` on `j` from `i`, in levels.
    pub tariffs: Array3<Rate>,
    /// d_hat, `[n, i, j]`: new over old iceberg trade cost; `None` if none changes.
    pub trade_cost: Option<Array3<f64>>,
    /// e', `[n, i, j]`: the ad valorem tax of `i` on what it sells of `j` to `n`, on the value at the factory gate; `None` if there is
    /// none. The importer's tariff is levied on the value at the border, tax included. Baselines have none.
    pub export_taxes: Option<Array3<Rate>>,
}

impl Policy {
    /// The tariffs a world already has: the policy that changes nothing.
    pub fn status_quo(world: &World) -> Self {
        Self { tariffs: world.tariffs.clone(), trade_cost: None, export_taxes: None }
    }

    pub(crate) fn check(&self, economy: &Economy) -> Result<(), Problem> {
        self.check_shape(economy)?;
        self.check_tariffs(all_pairs(economy.countries))?;
        self.check_other_costs()
    }

    /// The importers and exporters between whom this policy differs from one that is known to be valid.
    ///
    /// # Errors
    /// As [`Economy::solve`]: only what differs can be wrong.
    pub(crate) fn changes(&self, economy: &Economy, known: &Policy) -> Result<Vec<(usize, usize)>, Problem> {
        self.check_shape(economy)?;
        let pairs = pairs_that_differ(economy.countries, known, self);
        self.check_tariffs(pairs.iter().copied())?;
        self.check_other_costs()?;
        Ok(pairs)
    }

    fn check_shape(&self, economy: &Economy) -> Result<(), Problem> {
        let shape = (economy.countries(), economy.countries(), economy.sectors());
        if self.tariffs.dim() != shape || self.trade_cost.as_ref().is_some_and(|d| d.dim() != shape) {
            return Err(Problem::new(format!(
                "a policy for this world has shape {shape:?}, not {:?}",
                self.tariffs.dim()
            )));
        }
        match &self.export_taxes {
            Some(taxes) if taxes.dim() != shape => {
                Err(Problem::new(format!("export taxes for this world have shape {shape:?}, not {:?}", taxes.dim())))
            }
            _ => Ok(()),
        }
    }

    fn check_tariffs(&self, pairs: impl Iterator<Item = (usize, usize)>) -> Result<(), Problem> {
        for (n, i) in pairs {
            let rates = sectors_of(&self.tariffs, n, i);
            if let Some((j, rate)) = rates.indexed_iter().find(|(_, rate)| !rate.is_valid()) {
                let what = format!("tariff of country {n} on sector {j} from country {i} is {} %", rate.percent());
                return Err(Problem::new(what).help("a tariff is finite and above -100 %"));
            }
        }
        Ok(())
    }

    fn check_other_costs(&self) -> Result<(), Problem> {
        self.check_export_taxes()?;
        let iceberg = self.trade_cost.iter().flat_map(|d| d.indexed_iter());
        for ((n, i, j), change) in iceberg {
            if !(change.is_finite() && *change > 0.0) {
                let what =
                    format!("trade cost of country {n} on sector {j} from country {i} changes by a factor of {change}");
                return Err(Problem::new(what).help("a change of trade costs is a finite factor above zero"));
            }
        }
        Ok(())
    }

    fn check_export_taxes(&self) -> Result<(), Problem> {
        let Some(taxes) = &self.export_taxes else { return Ok(()) };
        for ((n, i, j), rate) in taxes.indexed_iter() {
            if !rate.is_valid() {
                let what =
                    format!("export tax of country {i} on sector {j} sold to country {n} is {} %", rate.percent());
                return Err(Problem::new(what).help("an export tax is finite and above -100 %"));
            }
            if n == i && rate.0 != 0.0 {
                let what = format!("export tax of country {i} on its own domestic sales of sector {j}");
                return Err(Problem::new(what).help("export taxes are for sales to others"));
            }
        }
        Ok(())
    }
}

/// Who buys from whom in each sector, over the powers of prices and costs: what the conditions and their derivative multiply with.
///
/// Made once per policy where sectors are traded, and anew at each point where their products are: a nest of products looks to the rest of
/// the solver like a sector with these weights whose powers are all one.
#[derive(Clone, Debug)]
pub(crate) struct Trade {
    /// `[j, n, i]`: pi kappa^-theta, divided by its largest kappa^-theta in the row so that no power underflows.
    pub weight: Cube,
    /// `[j, n, i]`: the same over T', for values at the border, before tariff, of foreign goods only. Trade is kept apart from domestic sales so that
    /// where it is next to nothing it is not lost in the difference of two large numbers.
    pub foreign: Cube,
    /// `[j, n]`: the same for domestic sales.
    pub domestic: Vec<f64>,
}

impl Trade {
    pub(crate) fn zeros(sectors: usize, countries: usize) -> Self {
        Self {
            weight: Cube::zeros(sectors, countries),
            foreign: Cube::zeros(sectors, countries),
            domestic: vec![0.0; sectors * countries],
        }
    }
}

/// A policy as the kernel wants it: everything of conditions 2 to 5 that does not move while the wages do.
#[derive(Clone, Debug)]
pub(crate) struct Wedges {
    /// Of sectors; empty where products are traded.
    pub trade: Trade,
    /// Of products, where those are traded; what follows is then empty too.
    pub nest: Option<NestWedges>,
    /// `[j, n]`: the ln kappa taken out of each row.
    pub ln_shift: Vec<f64>,
    /// `[j, n, i]`: the new tariff factor T'.
    pub factor: Vec<f64>,
    /// `[j, n, i]`: ln kappa, the change of the whole trade cost.
    pub ln_kappa: Vec<f64>,
    /// Export taxes, where there are some.
    pub export: Option<ExportTaxes>,
    /// What is left of deficits that go: 0 under a policy, more on the way to it.
    pub deficits_left: f64,
}

impl Wedges {
    /// The wedges of the baseline: nothing changes.
    pub(crate) fn baseline(economy: &Economy) -> Self {
        if let Some(nest) = &economy.nest {
            return Self::of_products(nest.baseline());
        }
        Self::of_costs(economy, economy.factor.clone(), vec![0.0; economy.factor.len()], None)
    }

    /// The wedges of products.
    pub(crate) fn of_products(nest: NestWedges) -> Self {
        Self {
            trade: Trade::zeros(0, 0),
            nest: Some(nest),
            ln_shift: Vec::new(),
            factor: Vec::new(),
            ln_kappa: Vec::new(),
            export: None,
            deficits_left: 0.0,
        }
    }

    /// The wedges part of the way from the baseline; deficits that go leave in proportion.
    pub(crate) fn part_way(&self, economy: &Economy, fraction: f64) -> Self {
        let left = 1.0 - fraction * (1.0 - self.deficits_left);
        Self { deficits_left: left, ..economy.start().wedges.towards(self, economy, fraction) }
    }

    /// The wedges part of the way to others: factors of tariffs and export taxes and iceberg changes to the power `fraction`, in logs a
    /// straight line.
    pub(crate) fn towards(&self, to: &Wedges, economy: &Economy, fraction: f64) -> Self {
        let deficits_left = self.deficits_left + fraction * (to.deficits_left - self.deficits_left);
        if let (Some(nest), Some(from), Some(to)) = (&economy.nest, &self.nest, &to.nest) {
            return Self { deficits_left, ..Self::of_products(nest.towards(from, to, fraction)) };
        }
        let blend = |old: f64, new: f64| if new == old { old } else { old * (new / old).powf(fraction) };
        let factor = self.factor.iter().zip(&to.factor).map(|(old, new)| blend(*old, *new)).collect();
        let ln_kappa = self.ln_kappa.iter().zip(&to.ln_kappa).map(|(old, new)| old + fraction * (new - old)).collect();
        let export = |cell: usize| blend(self.export_factor(cell), to.export_factor(cell));
        let taxed = self.export.is_some() || to.export.is_some();
        let export = taxed.then(|| (0..self.factor.len()).map(export).collect());
        Self { deficits_left, ..Self::of_costs(economy, factor, ln_kappa, export) }
    }

    /// The wedges of tariff factors, the logs of trade-cost changes, and factors of export taxes if there are any, `[j, n, i]`.
    fn of_costs(economy: &Economy, factor: Vec<f64>, ln_kappa: Vec<f64>, export: Option<Vec<f64>>) -> Self {
        let (n, panel) = (economy.countries, economy.countries * economy.sectors);
        let mut this = Self {
            trade: Trade::zeros(economy.sectors, n),
            nest: None,
            ln_shift: vec![0.0; panel],
            factor,
            ln_kappa,
            export: None,
            deficits_left: 0.0,
        };
        this.export = export.map(|factor| ExportTaxes { factor, ..ExportTaxes::none(&this.trade.foreign) });
        (0..panel).for_each(|at| this.weigh(economy, at));
        this
    }

    /// From the wedges of `old` to those of `new`, touching only the `pairs` between whom they differ; then `old` is `new`. Both must fit
    /// the economy.
    pub(crate) fn follow(&mut self, economy: &Economy, old: &mut Policy, new: &Policy, pairs: &[(usize, usize)]) {
        let n = economy.countries;
        let mut touched = vec![false; n * economy.sectors];
        if new.export_taxes.is_some() && self.export.is_none() {
            self.export = Some(ExportTaxes::none(&self.trade.foreign));
        }
        let mut moving = vec![0; n];
        for (importer, exporter) in pairs {
            moving[*importer] += 1;
            let rates = sectors_of(&new.tariffs, *importer, *exporter);
            old.tariffs.index_axis_mut(Axis(0), *importer).index_axis_mut(Axis(0), *exporter).assign(&rates);
        }
        // Sector by sector, as the cubes lie in memory.
        for sector in 0..economy.sectors {
            for (importer, exporter) in pairs {
                let at = sector * n + importer;
                let alone = moving[*importer] < n / FEW;
                touched[at] |= !self.follow_cell(economy, new, [*importer, *exporter, sector], alone);
            }
        }
        if new.export_taxes.is_none() {
            self.export = None;
        }
        old.trade_cost.clone_from(&new.trade_cost);
        old.export_taxes.clone_from(&new.export_taxes);
        for at in (0..touched.len()).filter(|at| touched[*at]) {
            self.weigh(economy, at);
        }
    }

    /// Sets one cell `[n, i, j]` to a policy. Says whether its weight is right already, which it can be if few of its row move and it is
    /// weighed `alone`; else its row has to be weighed.
    fn follow_cell(&mut self, economy: &Economy, new: &Policy, index: [usize; 3], alone: bool) -> bool {
        let [importer, exporter, sector] = index;
        let at = sector * economy.countries + importer;
        let cell = at * economy.countries + exporter;
        let (base, factor) = (economy.factor[cell], new.tariffs[index].factor().0);
        let tariff = if factor == base { 0.0 } else { ln(factor / base) };
        let export = new.export_taxes.as_ref().map_or(1.0, |taxes| taxes[index].factor().0);
        let iceberg = new.trade_cost.as_ref().map_or(0.0, |cost| ln(cost[index]));
        let ln_kappa = tariff + iceberg + if export == 1.0 { 0.0 } else { ln(export) };
        let moved = factor != self.factor[cell] || ln_kappa != self.ln_kappa[cell];
        if !moved && export == self.export_factor(cell) {
            return true;
        }
        if let Some(taxes) = &mut self.export {
            taxes.factor[cell] = export;
        }
        (self.factor[cell], self.ln_kappa[cell]) = (factor, ln_kappa);
        alone && self.weigh_cell(economy, at, exporter)
    }

    /// The weight of one cell alone, where that leaves the least cost of its row at home: there it is 1 and stays so. Says if it did.
    fn weigh_cell(&mut self, economy: &Economy, at: usize, exporter: usize) -> bool {
        let n = economy.countries;
        let (sector, importer, cell) = (at / n, at % n, at * n + exporter);
        let share = economy.share.row(sector, importer);
        let kappa = self.ln_kappa[cell];
        if exporter == importer || share[importer] == 0.0 || self.ln_shift[at] != 0.0 || kappa < 0.0 {
            return false;
        }
        let weight = share[exporter] * exp(-economy.theta[sector] * kappa);
        self.trade.weight.row_mut(sector, importer)[exporter] = weight;
        self.trade.foreign.row_mut(sector, importer)[exporter] = weight / self.factor[cell];
        if let Some(taxes) = &mut self.export {
            taxes.gate.row_mut(sector, importer)[exporter] = weight / self.factor[cell] / taxes.factor[cell];
        }
        true
    }

    /// The weights of one importer in one sector, `at` in `[j, n]`, from its trade costs and tariffs.
    fn weigh(&mut self, economy: &Economy, at: usize) {
        let n = economy.countries;
        let (sector, importer, row) = (at / n, at % n, at * n..(at + 1) * n);
        let weights = self.trade.weight.row_mut(sector, importer);
        weights.copy_from_slice(economy.share.row(sector, importer));
        self.ln_shift[at] = cheapen(weights, &self.ln_kappa[row.clone()], economy.theta[sector]);
        let net = self.trade.foreign.row_mut(sector, importer);
        for ((net, weight), factor) in net.iter_mut().zip(weights).zip(&self.factor[row.clone()]) {
            *net = *weight / factor;
        }
        self.trade.domestic[at] = std::mem::take(&mut net[importer]);
        if let Some(taxes) = &mut self.export {
            let gate = taxes.gate.row_mut(sector, importer);
            for ((gate, net), factor) in gate.iter_mut().zip(net).zip(&taxes.factor[row]) {
                *gate = *net / factor;
            }
        }
    }

    /// `[j, n, i]`: what foreign goods are bought for at the factory gate, as [`Trade::foreign`] is at the border.
    pub(crate) fn at_gate<'a>(&'a self, trade: &'a Trade) -> &'a Cube {
        self.export.as_ref().map_or(&trade.foreign, |taxes| &taxes.gate)
    }

    /// 1 + e of a cell `[j, n, i]`.
    pub(crate) fn export_factor(&self, cell: usize) -> f64 {
        self.export.as_ref().map_or(1.0, |taxes| taxes.factor[cell])
    }
}

/// A row of which fewer than one in so many cells move is weighed cell by cell.
const FEW: usize = 4;

/// The sectors of one importer and exporter in a cube `[n, i, j]`.
fn sectors_of<T>(cube: &Array3<T>, importer: usize, exporter: usize) -> ArrayView1<'_, T> {
    cube.index_axis(Axis(0), importer).index_axis_move(Axis(0), exporter)
}

/// Every importer and exporter.
fn all_pairs(countries: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..countries).flat_map(move |n| (0..countries).map(move |i| (n, i)))
}

/// The importers and exporters between whom two policies differ.
pub(crate) fn pairs_that_differ(countries: usize, old: &Policy, new: &Policy) -> Vec<(usize, usize)> {
    fn differ<T: PartialEq>(
        old: &Option<Array3<T>>,
        new: &Option<Array3<T>>,
        (importer, exporter): (usize, usize),
    ) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => sectors_of(old, importer, exporter) != sectors_of(new, importer, exporter),
            (None, None) => false,
            _ => true,
        }
    }
    let tariffs_differ = |(n, i)| !alike(&sectors_of(&old.tariffs, n, i), &sectors_of(&new.tariffs, n, i));
    all_pairs(countries)
        .filter(|pair| {
            tariffs_differ(*pair)
                || differ(&old.trade_cost, &new.trade_cost, *pair)
                || differ(&old.export_taxes, &new.export_taxes, *pair)
        })
        .collect()
}

/// Whether all rates are equal. One pass without a way out is one that vectorises.
fn alike(a: &ArrayView1<'_, Rate>, b: &ArrayView1<'_, Rate>) -> bool {
    match (a.as_slice(), b.as_slice()) {
        (Some(a), Some(b)) => a.iter().zip(b).fold(true, |alike, (a, b)| alike & (a == b)),
        _ => a == b,
    }
}

/// `share_i (kappa_i / kappa_least)^-theta` in place, and ln of the least kappa of all that is bought.
fn cheapen(share: &mut [f64], ln_kappa: &[f64], theta: f64) -> f64 {
    // Only cells whose cost moved need a power at all.
    if ln_kappa.iter().all(|kappa| *kappa == 0.0) {
        return 0.0;
    }
    let bought = ln_kappa.iter().zip(&*share).filter(|(_, share)| **share > 0.0).map(|(kappa, _)| *kappa);
    let least = bought.fold(f64::INFINITY, f64::min);
    let shift = if least.is_finite() { least } else { 0.0 };
    let mut powers: Vec<f64> = ln_kappa.iter().map(|kappa| -theta * (kappa - shift)).collect();
    exp_each(&mut powers);
    for (share, power) in share.iter_mut().zip(&powers).filter(|(share, _)| **share > 0.0) {
        *share *= power;
    }
    shift
}
