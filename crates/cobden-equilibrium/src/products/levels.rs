//! Levels of an answer product by product, and the check of them.

use rayon::prelude::*;

use super::{
    Nest,
    nest::{Block, Shares, cut},
};
use crate::{
    Economy, Equilibrium,
    flows::Totals,
    kernel::{add_scaled, ratio},
};

/// Flows and prices of products at an equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Levels {
    /// `[run]`: P_hat.
    pub price_hat: Vec<f64>,
    /// `[run]`: M', domestic.
    pub domestic: Vec<f64>,
    /// `[cell]`: M', foreign, before tariff.
    pub imports: Vec<f64>,
}

/// What checking one block found.
struct Found {
    price_gap: f64,
    /// `[place]`: spending at purchaser prices, and tariff revenue.
    spent: Vec<f64>,
    revenue: Vec<f64>,
    /// `[i]`: sales.
    sold: Vec<f64>,
}

impl Nest {
    /// Prices and flows as conditions 3 to 5 write them, from the tariffs, `ln_cost` (`[j, i]`, of the sellers) and spending on sectors.
    ///
    /// Nothing of the solver's own weights is used: `kappa` comes from the tariffs, and powers from the standard library.
    pub(crate) fn levels(&self, equilibrium: &Equilibrium, ln_cost: &[f64]) -> Levels {
        let (runs, cells) = (self.sparsity.run_count(), self.sparsity.cell_count());
        let mut levels = Levels { price_hat: vec![1.0; runs], domestic: vec![0.0; runs], imports: vec![0.0; cells] };
        let runs = || self.blocks.iter().map(|block| block.runs.len());
        let cells = self.blocks.iter().map(|block| self.cells_of(block).len());
        let by_run = cut(&mut levels.price_hat, runs()).into_iter().zip(cut(&mut levels.domestic, runs()));
        let outs = by_run.zip(cut(&mut levels.imports, cells));
        let outs: Vec<_> = outs.collect();
        let powers = self.standard_powers(ln_cost);
        self.blocks.par_iter().zip(outs).for_each(|(block, ((price, home), imports))| {
            let (first_run, first_cell) = (block.runs.start, self.cells_of(block).start);
            self.each_market(block, equilibrium, ln_cost, &powers, |market| {
                price[market.run - first_run] = market.ln_price.exp();
                home[market.run - first_run] = market.domestic;
                let cells = self.sparsity.cells(market.run);
                imports[cells.start - first_cell..cells.end - first_cell].copy_from_slice(market.imports);
            });
        });
        levels
    }

    /// What flows add up to, and the largest gap between the price of a sector and those of its products.
    pub(crate) fn totals(&self, economy: &Economy, equilibrium: &Equilibrium, ln_cost: &[f64]) -> (Totals, f64) {
        let n = self.sparsity.countries();
        let powers = self.standard_powers(ln_cost);
        let check = |block: &Block| self.check(block, equilibrium, ln_cost, &powers);
        let found: Vec<Found> = self.blocks.par_iter().map(check).collect();
        let mut totals = Totals::zero(n, economy.sales.len());
        let mut gap: f64 = 0.0;
        for (block, found) in self.blocks.iter().zip(found) {
            gap = if found.price_gap.is_nan() { f64::INFINITY } else { gap.max(found.price_gap) };
            totals.spent[block.places.clone()].copy_from_slice(&found.spent);
            for (place, revenue) in block.places.clone().zip(&found.revenue) {
                totals.revenue[place % n] += revenue;
            }
            add_scaled(&mut totals.sold[block.sector * n..(block.sector + 1) * n], 1.0, &found.sold);
        }
        (totals, gap)
    }

    fn check(&self, block: &Block, equilibrium: &Equilibrium, ln_cost: &[f64], powers: &[f64]) -> Found {
        let n = self.sparsity.countries();
        let places = block.places.len();
        let (mut spent, mut revenue) = (vec![0.0; places], vec![0.0; places]);
        let (mut ln_price, mut sold) = (vec![0.0; places], vec![0.0; n]);
        let factors = self.factors(equilibrium);
        self.each_market(block, equilibrium, ln_cost, powers, |market| {
            let at = market.place - block.places.start;
            ln_price[at] = market.ln_sector;
            spent[at] += market.domestic;
            sold[market.place % n] += market.domestic;
            let cells = self.sparsity.cells(market.run);
            for (cell, flow) in cells.zip(market.imports) {
                spent[at] += factors[cell] * flow;
                revenue[at] += (factors[cell] - 1.0) * flow;
                sold[self.sparsity.exporter(cell)] += flow;
            }
        });
        let gaps = block.places.clone().zip(&ln_price).map(|(place, ln_price)| {
            if equilibrium.expenditure[place] > 0.0 {
                (equilibrium.price_hat[place].ln() - ln_price).abs()
            } else {
                0.0
            }
        });
        let price_gap = gaps.fold(0.0, |most: f64, gap| if gap.is_nan() { f64::INFINITY } else { most.max(gap) });
        Found { price_gap, spent, revenue, sold }
    }

    /// `[j, n, i]`: what baseline tariffs would raise from the flows of an equilibrium.
    pub(crate) fn at_old_rates(&self, levels: &Levels) -> Vec<f64> {
        let (n, sectors) = (self.sparsity.countries(), self.sparsity.sectors());
        let mut raised = vec![0.0; n * n * sectors];
        self.sparsity.each_run(|run, sector, importer, _| {
            for cell in self.sparsity.cells(run) {
                let at = (sector * n + importer) * n + self.sparsity.exporter(cell);
                raised[at] += (self.factor[cell] - 1.0) * levels.imports[cell];
            }
        });
        raised
    }

    /// The shares of an equilibrium.
    pub(crate) fn shares(&self, equilibrium: &Equilibrium, levels: Levels) -> Shares {
        let Levels { mut domestic, imports: mut cell, .. } = levels;
        let (n, factors) = (self.sparsity.countries(), self.factors(equilibrium));
        let mut budget = vec![0.0; domestic.len()];
        self.sparsity.each_run(|run, sector, importer, _| {
            let cells = self.sparsity.cells(run);
            cells.clone().for_each(|at| cell[at] *= factors[at]);
            let spent = domestic[run] + cell[cells.clone()].iter().sum::<f64>();
            budget[run] = ratio(spent, equilibrium.expenditure[sector * n + importer]);
            domestic[run] = ratio(domestic[run], spent);
            cell[cells].iter_mut().for_each(|share| *share = ratio(*share, spent));
        });
        Shares { budget, domestic, cell }
    }

    fn factors<'a>(&'a self, equilibrium: &'a Equilibrium) -> &'a [f64] {
        equilibrium.wedges.nest.as_ref().map_or(&self.factor, |wedges| &wedges.factor)
    }

    pub(super) fn cells_of(&self, block: &Block) -> std::ops::Range<usize> {
        let starts = self.sparsity.starts();
        starts[block.runs.start] as usize..starts[block.runs.end] as usize
    }

    /// `[kind, i]`: c^-theta over the largest of the sector.
    fn standard_powers(&self, ln_cost: &[f64]) -> Vec<f64> {
        let n = self.sparsity.countries();
        let mut powers = Vec::with_capacity(self.kinds.len() * n);
        for (sector, theta) in &self.kinds {
            let costs = &ln_cost[sector * n..(sector + 1) * n];
            let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
            powers.extend(costs.iter().map(|cost| (-theta * (cost - least)).exp()));
        }
        powers
    }

    /// Every product that somebody of a block buys, at its prices and flows.
    fn each_market(
        &self,
        block: &Block,
        equilibrium: &Equilibrium,
        ln_cost: &[f64],
        powers: &[f64],
        mut visit: impl FnMut(Market<'_>),
    ) {
        let (n, products) = (self.sparsity.countries(), self.sparsity.products_of(block.sector));
        let (goods, factors) = (products.len(), self.factors(equilibrium));
        let costs = &ln_cost[block.sector * n..(block.sector + 1) * n];
        let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let (mut imports, mut home) = (Vec::new(), vec![0.0; goods]);
        let (mut ln_prices, mut shares) = (vec![0.0; goods], vec![0.0; goods]);
        for (at, place) in block.places.clone().enumerate() {
            let runs = block.runs.start + at * goods..block.runs.start + (at + 1) * goods;
            let first = self.sparsity.starts()[runs.start] as usize;
            imports.clear();
            for (g, run) in runs.clone().enumerate() {
                let (good, given) = (products.start + g, [costs, powers, factors]);
                (ln_prices[g], home[g]) = self.price_and_shares(run, good, place % n, given, least, &mut imports);
            }
            let ln_sector = self.divide(&self.budget[runs.clone()], &ln_prices, &mut shares);
            for (g, run) in runs.enumerate().filter(|(_, run)| self.budget[*run] > 0.0) {
                let (cells, spending) = (self.sparsity.cells(run), shares[g] * equilibrium.expenditure[place]);
                let imports = &mut imports[cells.start - first..cells.end - first];
                imports.iter_mut().zip(cells).for_each(|(share, cell)| *share *= spending / factors[cell]);
                let domestic = home[g] * spending;
                visit(Market { place, run, ln_price: ln_prices[g], ln_sector, domestic, imports });
            }
        }
    }

    /// The price of a product in logs and the share of home in spending on it, those of the cells of its run pushed; of a product that is not
    /// bought, zeros. `costs` are those of its sector, `least` the least of them, all in logs.
    fn price_and_shares(
        &self,
        run: usize,
        product: usize,
        importer: usize,
        [costs, powers, factors]: [&[f64]; 3],
        least: f64,
        imports: &mut Vec<f64>,
    ) -> (f64, f64) {
        let (cells, start) = (self.sparsity.cells(run), imports.len());
        if self.budget[run] == 0.0 {
            imports.resize(start + cells.len(), 0.0);
            return (0.0, 0.0);
        }
        let (theta, power) = (self.theta(product), self.row(powers, product));
        let home = self.domestic[run] * power[importer];
        let mut sum = home;
        for cell in cells {
            let exporter = self.sparsity.exporter(cell);
            let (old, new) = (self.factor[cell], factors[cell]);
            // One power serves every importer whose tariff did not move.
            let power = if old == new {
                power[exporter]
            } else {
                (-theta * ((new / old).ln() + costs[exporter] - least)).exp()
            };
            imports.push(self.share[cell] * power);
            sum += self.share[cell] * power;
        }
        imports[start..].iter_mut().for_each(|share| *share /= sum);
        (least - sum.ln() / theta, home / sum)
    }
}

/// One importer's market for one product at an equilibrium.
struct Market<'a> {
    place: usize,
    run: usize,
    ln_price: f64,
    /// That of its sector.
    ln_sector: f64,
    domestic: f64,
    imports: &'a [f64],
}
