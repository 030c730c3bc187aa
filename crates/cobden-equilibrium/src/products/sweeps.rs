//! The passes over all cells that a solve is made of, one at a time, to be timed.

use super::{Nest, NestWedges, ProductEconomy, ProductPolicy};
use crate::{
    conditions::{Layout, Point},
    jacobian::{self, Scratch},
    policy::Wedges,
};

/// One evaluation of the conditions and one product with their derivative, repeated at will.
///
/// For benches: how long a pass takes, and how many bytes it reads, say how close a solve is to what memory allows.
pub struct Sweeps<'a> {
    economy: &'a ProductEconomy,
    wedges: Wedges,
    point: Point,
    scratch: Scratch,
    direction: Vec<f64>,
    out: Vec<f64>,
}

impl<'a> Sweeps<'a> {
    /// At the baseline's costs under a policy that fits.
    pub fn new(economy: &'a ProductEconomy, policy: &ProductPolicy) -> Self {
        let length = Layout::of(&economy.economy).len();
        let mut this = Self {
            wedges: Wedges::of_products(economy.nest().tariffs(&policy.tariffs)),
            point: Point::baseline(&economy.economy),
            scratch: Scratch::new(&economy.economy),
            direction: (0..length).map(|at| 1e-3 * (at % 7) as f64).collect(),
            out: vec![0.0; length],
            economy,
        };
        this.evaluate();
        this
    }

    /// A policy as the loops want it, made anew.
    pub fn follow(&mut self, policy: &ProductPolicy) {
        self.wedges = Wedges::of_products(self.economy.nest().tariffs(&policy.tariffs));
    }

    /// One evaluation: one pass.
    pub fn evaluate(&mut self) {
        self.point.evaluate(&self.economy.economy, &self.wedges, &mut self.out);
    }

    /// One product: one pass.
    pub fn product(&mut self) {
        let (economy, wedges) = (&self.economy.economy, &self.wedges);
        jacobian::apply(economy, wedges, &self.point, &mut self.scratch, &self.direction, &mut self.out);
    }

    /// Bytes that a pass cannot do without: of each cell its exporter and two weights, of each run where it starts and what is known of it.
    pub fn bytes(&self) -> usize {
        let Nest { sparsity, .. } = self.economy.nest();
        let of_cell = size_of::<u16>() + 2 * size_of::<f64>();
        // Start, budget, domestic weight, inverse sum, foreign share.
        let of_run = size_of::<u32>() + 4 * size_of::<f64>();
        sparsity.cell_count() * of_cell + sparsity.run_count() * of_run
    }

    /// The weights, so that nothing is optimised away.
    #[doc(hidden)]
    pub fn touched(&self) -> f64 {
        let weights: Option<&NestWedges> = self.wedges.nest.as_ref();
        self.out[0] + weights.map_or(0.0, |wedges| wedges.net[0])
    }
}
