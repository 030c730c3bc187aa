//! A trade policy on products.

use cobden_world::{Problem, Products, Rate, World};

use crate::Policy;

/// New tariffs of products, one for each foreign flow above zero: what is not bought is not bought under any tariff.
///
/// ```
/// use cobden_equilibrium::{ProductPolicy, Selection};
/// use cobden_world::{Rate, synthetic::Synthetic};
/// let asked = Synthetic { countries: 5, products: 20, sectors: 2, flows: 200, ..Synthetic::default() };
/// let (_, products) = asked.world();
/// let mut policy = ProductPolicy::status_quo(&products);
/// // Twenty points on what the first country imports of products 000003 to 000005 from all but the second.
/// let wanted = Selection::all()
///     .importers([0])
///     .exporters([0, 2, 3, 4])
///     .products(products.names().iter().enumerate().filter(|(_, name)| ("000003".."000006").contains(name)).map(|(g, _)| g));
/// policy.change(&products, &wanted, |rate| Rate(rate.0 + 0.2));
/// assert!(policy.tariffs != products.tariffs());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProductPolicy {
    /// tau', `[cell]` of the products' [`Sparsity`](cobden_world::Sparsity): the new ad valorem tariff, in levels.
    pub tariffs: Vec<Rate>,
}

/// Which cells a change is for: all that every list given holds. A list not given holds all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    importers: Option<Vec<usize>>,
    exporters: Option<Vec<usize>>,
    sectors: Option<Vec<usize>>,
    products: Option<Vec<usize>>,
}

impl Selection {
    /// Every cell.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only what these buy.
    #[must_use]
    pub fn importers(self, importers: impl IntoIterator<Item = usize>) -> Self {
        Self { importers: Some(importers.into_iter().collect()), ..self }
    }

    /// Only what these sell.
    #[must_use]
    pub fn exporters(self, exporters: impl IntoIterator<Item = usize>) -> Self {
        Self { exporters: Some(exporters.into_iter().collect()), ..self }
    }

    /// Only products of these sectors.
    #[must_use]
    pub fn sectors(self, sectors: impl IntoIterator<Item = usize>) -> Self {
        Self { sectors: Some(sectors.into_iter().collect()), ..self }
    }

    /// Only these products.
    #[must_use]
    pub fn products(self, products: impl IntoIterator<Item = usize>) -> Self {
        Self { products: Some(products.into_iter().collect()), ..self }
    }
}

/// A list as one flag per index.
fn flags(list: Option<&Vec<usize>>, length: usize) -> Vec<bool> {
    let Some(list) = list else { return vec![true; length] };
    let mut flags = vec![false; length];
    list.iter().filter(|index| **index < length).for_each(|index| flags[*index] = true);
    flags
}

impl ProductPolicy {
    /// The tariffs that products already have: the policy that changes nothing.
    pub fn status_quo(products: &Products) -> Self {
        Self { tariffs: products.tariffs().to_vec() }
    }

    /// The tariffs that products already have, plus what a policy on their sectors adds to those of the world.
    ///
    /// # Errors
    /// A policy of another shape than the world, or one with trade costs or export taxes: products have tariffs alone.
    pub fn of_sectors(products: &Products, world: &World, policy: &Policy) -> Result<Self, Problem> {
        if policy.trade_cost.is_some() || policy.export_taxes.is_some() {
            return Err(Problem::new("trade costs and export taxes are not for products").help("use tariffs alone"));
        }
        let sparsity = products.sparsity();
        let shape = (sparsity.countries(), sparsity.countries(), sparsity.sectors());
        if policy.tariffs.dim() != shape || world.tariffs.dim() != shape {
            let what = format!("a policy on these products has shape {shape:?}, not {:?}", policy.tariffs.dim());
            return Err(Problem::new(what));
        }
        let mut this = Self::status_quo(products);
        sparsity.each_run(|run, sector, importer, _| {
            for cell in sparsity.cells(run) {
                let at = [importer, sparsity.exporter(cell), sector];
                this.tariffs[cell].0 += policy.tariffs[at].0 - world.tariffs[at].0;
            }
        });
        Ok(this)
    }

    /// Gives every cell of a selection the rate that `to` makes of its own.
    pub fn change(&mut self, products: &Products, selection: &Selection, to: impl Fn(Rate) -> Rate) {
        let sparsity = products.sparsity();
        let n = sparsity.countries();
        let importers = flags(selection.importers.as_ref(), n);
        let exporters = flags(selection.exporters.as_ref(), n);
        let sectors = flags(selection.sectors.as_ref(), sparsity.sectors());
        let chosen = flags(selection.products.as_ref(), sparsity.products());
        sparsity.each_run(|run, sector, importer, product| {
            if sectors[sector] && importers[importer] && chosen[product] {
                let cells = sparsity.cells(run).filter(|cell| exporters[sparsity.exporter(*cell)]);
                cells.for_each(|cell| self.tariffs[cell] = to(self.tariffs[cell]));
            }
        });
    }

    pub(crate) fn check(&self, cells: usize) -> Result<(), Problem> {
        if self.tariffs.len() != cells {
            return Err(Problem::new(format!("{} tariffs for {cells} foreign flows", self.tariffs.len()))
                .help("a policy belongs to the products it was made from"));
        }
        match self.tariffs.iter().enumerate().find(|(_, rate)| !rate.is_valid()) {
            Some((cell, rate)) => Err(Problem::new(format!("the tariff of cell {cell} is {} %", rate.percent()))
                .help("a tariff is finite and above -100 %")),
            None => Ok(()),
        }
    }
}
