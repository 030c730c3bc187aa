//! Products nested in the sectors of a world: who buys which of them from whom, where most buy none from most.
//!
//! A sector of the world is made with inputs and labour; its products are sold on markets of their own. Of 200 countries and 5,000 products
//! one flow in twenty is above zero, so only those are held: for each importer and product a run of exporters. Domestic sales, which
//! nearly every run has and no tariff touches, stand beside the runs.

mod build;
mod read;
mod sparsity;
mod write;

use std::sync::Arc;

use ndarray::{Array2, Array3};

use crate::{Names, Problem, Rate, World};

pub use build::ProductsBuilder;
pub use sparsity::Sparsity;
pub use write::ProductTable;

/// One product of a sector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    /// A short name, e.g. its HS6 code.
    pub name: String,
    /// Its sector, an index into the world's.
    pub sector: usize,
    /// theta, sigma - 1 > 0, between its origins. `None`: that of its sector.
    pub trade_elasticity: Option<f64>,
    /// In words, for people; may be empty.
    pub description: String,
}

/// What countries buy of each product from each, at which tariffs.
///
/// Products stand sector by sector. Values are before tariff, in the unit of the world. Made by a [`ProductsBuilder`] or read from the
/// tables of a world directory ([`Products::read`]); always valid.
///
/// ```
/// use cobden_world::{Product, ProductsBuilder, Rate, toy};
/// let world = toy::two_countries();
/// let product = |name: &str| Product { name: name.into(), ..Product::default() };
/// let mut builder = ProductsBuilder::new(&world, vec![product("pins"), product("needles")])?;
/// for (importer, exporter) in [(0, 0), (1, 1)] {
///     builder.flow(0, importer, exporter, 50.0)?;
///     builder.flow(1, importer, exporter, 30.0)?;
/// }
/// builder.flow(0, 0, 1, 20.0)?; // A buys all its foreign pins from B,
/// builder.flow(1, 1, 0, 20.0)?; // and B its needles from A.
/// let mut products = builder.build()?;
/// assert_eq!(products.flows(), 6);
/// products.check(&world)?;
/// let pins = products.sparsity().find(0, 1, 0).expect("A imports pins");
/// products.tariffs_mut()[pins] = Rate(0.1);
/// assert!(products.check(&world).is_err(), "the sector's tariff is now another");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Products {
    list: Vec<Product>,
    names: Names,
    sparsity: Arc<Sparsity>,
    /// `[run]`: M_nng, domestic sales.
    domestic: Vec<f64>,
    /// `[cell]`: M_nig, imports before tariff, above zero.
    imports: Vec<f64>,
    /// `[cell]`: tau_nig.
    tariffs: Vec<Rate>,
}

/// How far the products of a sector and the sector may be apart, relative to the larger.
const AGREEMENT: f64 = 1e-6;

impl Products {
    /// The products, sector by sector.
    pub fn list(&self) -> &[Product] {
        &self.list
    }

    /// Their names, in the same order.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Who buys what from whom: the places of runs and cells.
    pub fn sparsity(&self) -> &Arc<Sparsity> {
        &self.sparsity
    }

    /// `[run]`: domestic sales.
    pub fn domestic(&self) -> &[f64] {
        &self.domestic
    }

    /// `[cell]`: imports before tariff.
    pub fn imports(&self) -> &[f64] {
        &self.imports
    }

    /// `[cell]`: ad valorem tariffs on imports.
    pub fn tariffs(&self) -> &[Rate] {
        &self.tariffs
    }

    /// The same, to write. Rates at or below -100 % are refused where they are used.
    pub fn tariffs_mut(&mut self) -> &mut [Rate] {
        &mut self.tariffs
    }

    /// How many flows are above zero, domestic ones included.
    pub fn flows(&self) -> usize {
        self.imports.len() + self.domestic.iter().filter(|value| **value > 0.0).count()
    }

    /// `[n, i, j]`: what the products of each sector add up to, value before tariff.
    pub fn sector_flows(&self) -> Array3<f64> {
        let mut flows = self.sums(|cell| self.imports[cell]);
        self.sparsity.each_run(|run, sector, importer, _| flows[[importer, importer, sector]] += self.domestic[run]);
        flows
    }

    /// `[n, i, j]`: the average tariff on the products of each sector, weighted with imports; zero where nothing is imported.
    pub fn sector_tariffs(&self) -> Array3<Rate> {
        self.average(&self.tariffs)
    }

    /// `[n, i, j]`: the average of other rates of the cells, `[cell]`, weighted with imports; zero where nothing is imported.
    /// Cells beyond the last rate count as free of duty.
    pub fn average(&self, rates: &[Rate]) -> Array3<Rate> {
        let rate = |cell: usize| rates.get(cell).map_or(0.0, |rate| rate.0);
        let (flows, revenue) =
            (self.sums(|cell| self.imports[cell]), self.sums(|cell| self.imports[cell] * rate(cell)));
        Array3::from_shape_fn(flows.dim(), |at| Rate(if flows[at] > 0.0 { revenue[at] / flows[at] } else { 0.0 }))
    }

    /// `[n, i, j]`: what the cells of each sector add up to.
    fn sums(&self, of: impl Fn(usize) -> f64) -> Array3<f64> {
        let (n, sectors) = (self.sparsity.countries(), self.sparsity.sectors());
        let mut sums = Array3::zeros((n, n, sectors));
        self.sparsity.each_run(|run, sector, importer, _| {
            for cell in self.sparsity.cells(run) {
                sums[[importer, self.sparsity.exporter(cell), sector]] += of(cell);
            }
        });
        sums
    }

    /// The same world with the flows and tariffs that its products add up to. Its other tables stay, and balance only if the sums are what
    /// they were.
    #[must_use]
    pub fn aggregate(&self, world: &World) -> World {
        World { flows: self.sector_flows(), tariffs: self.sector_tariffs(), ..world.clone() }
    }

    /// Whether products and sectors say the same: flows to 1e-6, tariff revenue to 1e-6 of the flow.
    ///
    /// # Errors
    /// Another number of countries or sectors; the first flow that differs.
    pub fn check(&self, world: &World) -> Result<(), Problem> {
        let (flows, tariffs) = (self.sector_flows(), self.sector_tariffs());
        if flows.dim() != world.flows.dim() {
            let what = format!("products of shape {:?} for a world of shape {:?}", flows.dim(), world.flows.dim());
            return Err(Problem::new(what));
        }
        for ((n, i, j), sum) in flows.indexed_iter() {
            let (flow, cell) = (world.flows[[n, i, j]], || {
                format!("{} from {} to {}", &world.sectors[j], &world.countries[i], &world.countries[n])
            });
            if (sum - flow).abs() > AGREEMENT * sum.max(flow) {
                let what = format!("{}: the products add up to {sum}, the sector's flow is {flow}", cell());
                return Err(Problem::new(what).help("product_flows must add up to flows, domestic sales included"));
            }
            let (mean, rate) = (tariffs[[n, i, j]].0, world.tariffs[[n, i, j]].0);
            if *sum > 0.0 && (mean - rate).abs() > AGREEMENT {
                let what = format!("{}: the tariffs of products average {mean}, the sector's is {rate}", cell());
                return Err(Problem::new(what).help("tariffs of sectors are averages weighted with imports"));
            }
        }
        Ok(())
    }

    /// `[n, j]`: how many products each country buys in each sector.
    pub fn bought(&self) -> Array2<usize> {
        let mut bought = Array2::zeros((self.sparsity.countries(), self.sparsity.sectors()));
        self.sparsity.each_run(|run, sector, importer, _| {
            let buys = self.domestic[run] > 0.0 || !self.sparsity.cells(run).is_empty();
            bought[[importer, sector]] += usize::from(buys);
        });
        bought
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, MemoryFiles, toy::Toy};

    pub(super) fn small() -> (World, Products) {
        let world = Toy { countries: 3, sectors: 2, seed: 4, ..Toy::default() }.world();
        let list = (0..5).map(|g| Product {
            name: format!("{g:06}"),
            // Given out of order.
            sector: 1 - g % 2,
            trade_elasticity: (g == 3).then_some(2.5),
            description: if g == 0 { "pins, \"fine\"".into() } else { String::new() },
        });
        let mut builder = ProductsBuilder::new(&world, list.collect()).unwrap();
        for g in (0..5).rev() {
            for ((n, i, j), flow) in world.flows.indexed_iter() {
                let of = if j == 0 { 2.0 } else { 3.0 };
                if 1 - g % 2 == j {
                    builder.flow(g, n, i, flow / of).unwrap();
                    builder.tariff(g, n, i, world.tariffs[[n, i, j]]).unwrap();
                }
            }
        }
        (world, builder.build().unwrap())
    }

    #[test]
    fn products_add_up_to_their_sectors() {
        let (world, products) = small();
        products.check(&world).unwrap();
        assert_eq!(products.names().iter().collect::<Vec<_>>(), ["000001", "000003", "000000", "000002", "000004"]);
        assert!(products.aggregate(&world).accounts().imbalances(1e-12).is_empty());
        let sparsity = products.sparsity();
        assert_eq!(sparsity.products_of(1), 2..5);
        sparsity.each_run(|run, _, importer, product| {
            for cell in sparsity.cells(run) {
                assert_eq!(sparsity.find(importer, sparsity.exporter(cell), product), Some(cell));
                assert_eq!(sparsity.run_of(cell), run);
            }
        });
    }

    #[test]
    fn reads_what_it_writes() {
        let (world, mut products) = small();
        products.tariffs_mut()[0] = Rate(-0.25);
        for format in [Format::Csv, Format::Parquet] {
            let files: MemoryFiles = products.to_files(&world, format).unwrap().into_iter().collect();
            assert_eq!(Products::read(&files, &world).unwrap().unwrap(), products);
        }
        assert_eq!(Products::read(&MemoryFiles::default(), &world).unwrap(), None);
    }

    #[test]
    fn sectors_without_products_are_their_own() {
        let (world, _) = small();
        let files = MemoryFiles::new("w")
            .with("product_sectors.csv", "product,sector\n01,S00\n")
            .with("product_flows.csv", "product,importer,exporter,value\n01,C00,C00,5\n01,C00,C01,1\n");
        let products = Products::read(&files, &world).unwrap().unwrap();
        assert_eq!(products.names().iter().collect::<Vec<_>>(), ["01", "S01"]);
        let (ours, theirs) = (products.sector_flows(), &world.flows);
        assert_eq!((ours[[0, 1, 1]], ours[[0, 1, 0]]), (theirs[[0, 1, 1]], 1.0));
        let rate = products.sector_tariffs()[[0, 1, 1]].0;
        assert!((rate - world.tariffs[[0, 1, 1]].0).abs() < 1e-15, "revenue over imports");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let (world, _) = small();
        let sectors = "product,sector\n01,S00\n02,S01\n";
        let problem = |list: &'static str, flows: &'static str| {
            let files = MemoryFiles::new("w").with("product_sectors.csv", list).with("product_flows.csv", flows);
            Products::read(&files, &world).unwrap_err().to_string()
        };
        let header = "importer,exporter,product,value\n";
        for (list, rows, said) in [
            ("product,sector\n01,S0O\n", "", "w/product_sectors.csv:2:4: unknown sector \"S0O\""),
            ("product,sector\n01,S00\n01,S01\n", "", "w/product_sectors.csv:3:1: product \"01\" stands twice"),
            ("product,sector,trade_elasticity\n01,S00,-1\n", "", "w/product_sectors.csv:2:8: trade elasticity -1"),
            (sectors, "C00,C01,03,1\n", "w/product_flows.csv:2:9: unknown product \"03\""),
            (sectors, "C00,C01,01,1\nC00,C0,01,1\n", "w/product_flows.csv:3:5: unknown country \"C0\""),
            (sectors, "C00,C01,01,-1\n", "w/product_flows.csv:2:12: negative flow -1"),
            (sectors, "C00,C01,01,1\nC00,C01,01,1\n", "w/product_flows.csv:1:1: two flows of 01 from C01 to C00"),
        ] {
            let flows: &'static str = Box::leak(format!("{header}{rows}").into_boxed_str());
            let found = problem(list, flows);
            assert!(found.starts_with(said), "{found}");
        }
    }
}
