//! What is known of products at the baseline, under a policy and at a point.

use std::{ops::Range, sync::Arc};

use cobden_world::{Products, Rate, Sparsity, World};
use ndarray::Array1;
use rayon::prelude::*;

use crate::{elementary::exp_each, kernel::ratio, policy::Trade};

/// Cells of a block: work for one thread at a time.
const BLOCK: usize = 1 << 15;

/// The products of an economy at its baseline.
#[derive(Clone, Debug)]
pub(crate) struct Nest {
    pub sparsity: Arc<Sparsity>,
    /// What is done at once by one thread; the same however many there are, so that sums are too.
    pub blocks: Vec<Block>,
    /// `[r]`: each trade elasticity of a sector, and the sector. Products that share both share powers of costs.
    pub kinds: Vec<(usize, f64)>,
    /// `[g]`: the kind of each product.
    pub kind: Vec<u32>,
    /// 1 - eta, with eta the elasticity of substitution between products of a sector; 0 divides spending on it in fixed shares.
    pub outer: f64,
    /// beta, `[run]`: share of a product in what its importer spends on the sector.
    pub budget: Vec<f64>,
    /// pi, `[run]`: share of spending on a product that goes to domestic sellers.
    pub domestic: Vec<f64>,
    /// pi, `[cell]`: share that goes to a foreign one.
    pub share: Arc<Vec<f64>>,
    /// T, `[cell]`.
    pub factor: Arc<Vec<f64>>,
}

/// A stretch of importers in one sector.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub sector: usize,
    /// Places `[j, n]`.
    pub places: Range<usize>,
    pub runs: Range<usize>,
}

/// A policy as the loops want it.
#[derive(Clone, Debug)]
pub(crate) struct NestWedges {
    /// `[cell]`: pi kappa^-theta, divided by the largest kappa^-theta of its run so that no power underflows.
    pub weight: Arc<Vec<f64>>,
    /// `[cell]`: the same over T'.
    pub net: Vec<f64>,
    /// `[run]`: the same for domestic sales.
    pub domestic: Vec<f64>,
    /// `[run]`: the ln kappa taken out.
    pub ln_shift: Vec<f64>,
    /// `[cell]`: T'.
    pub factor: Arc<Vec<f64>>,
}

/// Shares of an equilibrium, for a new baseline: of products in sectors and of domestic sellers by run, of foreign sellers by cell.
pub(crate) struct Shares {
    pub budget: Vec<f64>,
    pub domestic: Vec<f64>,
    pub cell: Vec<f64>,
}

/// What products make of trade at one point.
#[derive(Clone, Debug)]
pub(crate) struct NestPoint {
    /// `[kind, i]`: c^-theta over the sector's largest.
    pub power: Vec<f64>,
    /// `[run]`: one over the sum of weighted powers, `P^theta` up to the scale taken out.
    pub inverse: Vec<f64>,
    /// `[run]`: share of spending that goes abroad, before tariff.
    pub foreign: Vec<f64>,
    /// `[run]`: share of the product in what is spent on its sector; empty where that is always its budget.
    pub spent: Vec<f64>,
    /// The sectors' trade shares.
    pub trade: Trade,
}

impl Nest {
    /// Shares of the products of a world whose sectors they add up to, with the trade elasticities of sectors for those that have none, and
    /// eta between the products of a sector.
    pub(crate) fn new(products: &Products, world: &World, elasticities: &Array1<f64>, eta: f64) -> Self {
        let sparsity = Arc::clone(products.sparsity());
        let (mut kinds, mut kind) = (Vec::new(), Vec::new());
        for product in products.list() {
            let theta = product.trade_elasticity.unwrap_or(elasticities[product.sector]);
            let wanted = (product.sector, theta);
            // Of the same sector only, so the search is short; and most products have their sector's, which comes first.
            let first =
                kinds.iter().rposition(|(sector, _): &(usize, f64)| *sector != product.sector).map_or(0, |at| at + 1);
            let found = kinds[first..].iter().position(|known| *known == wanted).map(|at| first + at);
            kind.push(found.unwrap_or_else(|| {
                kinds.push(wanted);
                kinds.len() - 1
            }) as u32);
        }
        let factor: Vec<f64> = products.tariffs().iter().map(|rate| rate.factor().0).collect();
        let mut this = Self {
            blocks: blocks(&sparsity),
            outer: 1.0 - eta,
            budget: vec![0.0; sparsity.run_count()],
            domestic: products.domestic().to_vec(),
            share: Arc::new(Vec::new()),
            factor: Arc::new(factor),
            kinds,
            kind,
            sparsity,
        };
        let mut share: Vec<f64> =
            products.imports().iter().zip(&*this.factor).map(|(flow, factor)| flow * factor).collect();
        for (sector, importer) in (0..world.sectors.len()).flat_map(|j| (0..world.countries.len()).map(move |n| (j, n)))
        {
            let runs = this.sparsity.runs(sector, importer);
            for run in runs.clone() {
                let cells = this.sparsity.cells(run);
                let spent = this.domestic[run] + share[cells.clone()].iter().sum::<f64>();
                this.budget[run] = spent;
                this.domestic[run] = ratio(this.domestic[run], spent);
                share[cells].iter_mut().for_each(|share| *share = ratio(*share, spent));
            }
            let spent: f64 = this.budget[runs.clone()].iter().sum();
            this.budget[runs].iter_mut().for_each(|budget| *budget = ratio(*budget, spent));
        }
        this.share = Arc::new(share);
        this
    }

    /// Nothing changes.
    pub(crate) fn baseline(&self) -> NestWedges {
        NestWedges {
            net: self.share.iter().zip(&*self.factor).map(|(share, factor)| share / factor).collect(),
            weight: Arc::clone(&self.share),
            domestic: self.domestic.clone(),
            ln_shift: vec![0.0; self.domestic.len()],
            factor: Arc::clone(&self.factor),
        }
    }

    /// New tariffs, `[cell]`.
    pub(crate) fn tariffs(&self, rates: &[Rate]) -> NestWedges {
        self.wedges(rates.iter().map(|rate| rate.factor().0).collect())
    }

    /// Part of the way from one policy to another, in logs a straight line.
    pub(crate) fn towards(&self, from: &NestWedges, to: &NestWedges, fraction: f64) -> NestWedges {
        let blend = |(old, new): (&f64, &f64)| if new == old { *old } else { old * (new / old).powf(fraction) };
        self.wedges(from.factor.iter().zip(&*to.factor).map(blend).collect())
    }

    fn wedges(&self, factor: Vec<f64>) -> NestWedges {
        let (runs, cells) = (self.sparsity.run_count(), self.sparsity.cell_count());
        let (mut weight, mut net) = (vec![0.0; cells], vec![0.0; cells]);
        let (mut domestic, mut ln_shift) = (vec![0.0; runs], vec![0.0; runs]);
        let of_runs = || self.blocks.iter().map(|block| block.runs.len());
        let of_cells = || self.blocks.iter().map(|block| self.cells_of(block).len());
        let by_run = cut(&mut domestic, of_runs()).into_iter().zip(cut(&mut ln_shift, of_runs()));
        let by_cell = cut(&mut weight, of_cells()).into_iter().zip(cut(&mut net, of_cells()));
        let outs: Vec<_> = by_run.zip(by_cell).collect();
        let work = self.blocks.par_iter().zip(outs);
        work.for_each(|(block, ((domestic, ln_shift), (weight, net)))| {
            self.weigh(block, &factor, [domestic, ln_shift], [weight, net]);
        });
        NestWedges { weight: Arc::new(weight), net, domestic, ln_shift, factor: Arc::new(factor) }
    }

    /// The weights of one block.
    fn weigh(
        &self,
        block: &Block,
        factor: &[f64],
        [domestic, ln_shift]: [&mut [f64]; 2],
        [weight, net]: [&mut [f64]; 2],
    ) {
        let products = self.sparsity.products_of(block.sector);
        let all = self.cells_of(block);
        weight.copy_from_slice(&self.share[all.clone()]);
        domestic.copy_from_slice(&self.domestic[block.runs.clone()]);
        let mut powers = Vec::new();
        for (at, run) in block.runs.clone().enumerate() {
            let cells = self.sparsity.cells(run);
            let (old, new) = (&self.factor[cells.clone()], &factor[cells.clone()]);
            if old == new {
                continue;
            }
            let theta = self.theta(products.start + at % products.len());
            powers.clear();
            powers.extend(old.iter().zip(new).map(|(old, new)| if old == new { 0.0 } else { (new / old).ln() }));
            let at_home = if domestic[at] > 0.0 { 0.0 } else { f64::INFINITY };
            let least = powers.iter().copied().fold(at_home, f64::min);
            powers.iter_mut().for_each(|kappa| *kappa = -theta * (*kappa - least));
            exp_each(&mut powers);
            ln_shift[at] = least;
            // At home kappa is one.
            domestic[at] *= (theta * least.min(0.0)).exp();
            let weights = &mut weight[cells.start - all.start..cells.end - all.start];
            weights.iter_mut().zip(&powers).for_each(|(weight, power)| *weight *= power);
        }
        net.iter_mut().zip(weight).zip(&factor[all]).for_each(|((net, weight), factor)| *net = *weight / factor);
    }

    /// The same products with the shares and tariffs of an equilibrium.
    pub(crate) fn rebased(&self, shares: Shares, factor: &Arc<Vec<f64>>) -> Self {
        let Shares { budget, domestic, cell } = shares;
        Self { budget, domestic, share: Arc::new(cell), factor: Arc::clone(factor), ..self.clone() }
    }

    /// How an importer divides its spending on a sector over products, from their prices in logs, written to `shares`:
    /// `beta_g (P_g / P)^(1 - eta)`. Gives `ln P = ln(sum_g beta_g P_g^(1 - eta)) / (1 - eta)`, at eta = 1 `sum_g beta_g ln P_g`.
    pub(super) fn divide(&self, budgets: &[f64], ln_prices: &[f64], shares: &mut [f64]) -> f64 {
        let bought = || budgets.iter().zip(ln_prices).filter(|(budget, _)| **budget > 0.0);
        shares.copy_from_slice(budgets);
        if self.outer == 0.0 {
            return bought().map(|(budget, ln_price)| budget * ln_price).sum();
        }
        // The largest power is taken out: none overflows, and one at least is not lost.
        let most = bought().map(|(_, ln_price)| self.outer * ln_price).fold(f64::NEG_INFINITY, f64::max);
        let powers = shares.iter_mut().zip(ln_prices).filter(|(share, _)| **share > 0.0);
        powers.for_each(|(share, ln_price)| *share *= (self.outer * ln_price - most).exp());
        let sum: f64 = shares.iter().sum();
        if sum == 0.0 {
            return 0.0;
        }
        shares.iter_mut().for_each(|share| *share /= sum);
        (sum.ln() + most) / self.outer
    }

    /// theta of a product.
    pub(crate) fn theta(&self, product: usize) -> f64 {
        self.kinds[self.kind[product] as usize].1
    }

    /// The powers of costs that a product of this number takes, `[i]`.
    pub(crate) fn row<'a>(&self, powers: &'a [f64], product: usize) -> &'a [f64] {
        let n = self.sparsity.countries();
        let start = self.kind[product] as usize * n;
        &powers[start..start + n]
    }
}

impl NestPoint {
    pub(crate) fn new(nest: &Nest) -> Self {
        let (n, runs) = (nest.sparsity.countries(), nest.sparsity.run_count());
        Self {
            power: vec![0.0; nest.kinds.len() * n],
            inverse: vec![0.0; runs],
            foreign: vec![0.0; runs],
            spent: if nest.outer == 0.0 { Vec::new() } else { nest.budget.clone() },
            trade: Trade::zeros(nest.sparsity.sectors(), n),
        }
    }
}

/// Stretches of importers within sectors, of some 2^15 cells each.
fn blocks(sparsity: &Sparsity) -> Vec<Block> {
    let n = sparsity.countries();
    let mut blocks = Vec::new();
    for sector in 0..sparsity.sectors() {
        let mut from = 0;
        for importer in 0..n {
            let runs = sparsity.runs(sector, from).start..sparsity.runs(sector, importer).end;
            let cells = sparsity.starts()[runs.end] - sparsity.starts()[runs.start];
            if cells as usize + runs.len() >= BLOCK || importer == n - 1 {
                blocks.push(Block { sector, places: sector * n + from..sector * n + importer + 1, runs });
                from = importer + 1;
            }
        }
    }
    blocks
}

/// Cuts a vector into the stretches that blocks have of it.
pub(crate) fn cut<T>(mut values: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, rest) = values.split_at_mut(length);
        pieces.push(piece);
        values = rest;
    }
    pieces
}
