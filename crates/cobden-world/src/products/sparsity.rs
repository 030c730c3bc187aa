//! Where the runs and cells of products lie.

use std::ops::Range;

/// Which country buys which product from which, as places in two vectors.
///
/// A *run* is what one importer buys of one product; runs go sector by sector, importer by importer, product by product, so that all that one
/// importer buys in one sector lies together. A *cell* is one foreign flow above zero; the cells of a run go by exporter. Domestic
/// sales have one place per run and no cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparsity {
    countries: usize,
    /// `[j + 1]`: the first product of each sector.
    first: Vec<usize>,
    /// `[run + 1]`: the first cell of each run.
    start: Vec<u32>,
    /// `[cell]`: its exporter.
    exporter: Vec<u16>,
}

impl Sparsity {
    /// Places of cells given as they lie; the builder's alone to call.
    pub(super) fn new(countries: usize, first: Vec<usize>, start: Vec<u32>, exporter: Vec<u16>) -> Self {
        Self { countries, first, start, exporter }
    }

    /// N, the number of countries.
    pub fn countries(&self) -> usize {
        self.countries
    }

    /// J, the number of sectors.
    pub fn sectors(&self) -> usize {
        self.first.len() - 1
    }

    /// G, the number of products.
    pub fn products(&self) -> usize {
        self.first[self.sectors()]
    }

    /// The products of a sector.
    pub fn products_of(&self, sector: usize) -> Range<usize> {
        self.first[sector]..self.first[sector + 1]
    }

    /// The number of runs, `N G`.
    pub fn run_count(&self) -> usize {
        self.start.len() - 1
    }

    /// The number of cells: foreign flows above zero.
    pub fn cell_count(&self) -> usize {
        self.exporter.len()
    }

    /// The runs of one importer in one sector, one for each of the sector's products, in order.
    pub fn runs(&self, sector: usize, importer: usize) -> Range<usize> {
        let products = self.products_of(sector);
        let start = products.start * self.countries + importer * products.len();
        start..start + products.len()
    }

    /// The cells of one run.
    pub fn cells(&self, run: usize) -> Range<usize> {
        self.start[run] as usize..self.start[run + 1] as usize
    }

    /// `[run + 1]`: the first cell of each run.
    pub fn starts(&self) -> &[u32] {
        &self.start
    }

    /// `[cell]`: exporters.
    pub fn exporters(&self) -> &[u16] {
        &self.exporter
    }

    /// The exporter of a cell.
    pub fn exporter(&self, cell: usize) -> usize {
        usize::from(self.exporter[cell])
    }

    /// The run of a cell.
    pub fn run_of(&self, cell: usize) -> usize {
        self.start.partition_point(|start| *start as usize <= cell) - 1
    }

    /// The cell of a foreign flow, if it is above zero.
    pub fn find(&self, importer: usize, exporter: usize, product: usize) -> Option<usize> {
        if importer >= self.countries || product >= self.products() {
            return None;
        }
        let sector = self.first.partition_point(|first| *first <= product) - 1;
        let runs = self.runs(sector, importer);
        let cells = self.cells(runs.start + product - self.first[sector]);
        let place = self.exporter[cells.clone()].binary_search(&u16::try_from(exporter).ok()?).ok()?;
        Some(cells.start + place)
    }

    /// Every run, in order: its place, sector, importer and product.
    pub fn each_run(&self, mut visit: impl FnMut(usize, usize, usize, usize)) {
        for sector in 0..self.sectors() {
            for importer in 0..self.countries {
                for (run, product) in self.runs(sector, importer).zip(self.products_of(sector)) {
                    visit(run, sector, importer, product);
                }
            }
        }
    }
}
