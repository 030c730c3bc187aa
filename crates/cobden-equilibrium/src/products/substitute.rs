//! The derivative of conditions 3 to 5 with respect to costs at given spending, and its transpose: one pass over all cells each.

use rayon::prelude::*;

use super::{
    Nest, NestPoint, NestWedges,
    nest::{Block, cut},
};
use crate::{
    conditions::Point,
    kernel::{add_scaled, dot},
};

/// How demand moves where costs do and spending does not.
#[derive(Clone, Debug)]
pub(crate) struct Substituted {
    /// `[j, i]`: what others buy.
    pub foreign: Vec<f64>,
    /// `[j, n]`: what is bought at home.
    pub domestic: Vec<f64>,
    /// `[kind, i]`: room for the powers of costs times what moves with them.
    moved: Vec<f64>,
}

impl Substituted {
    pub(crate) fn new(panel: usize) -> Self {
        Self { foreign: vec![0.0; panel], domestic: vec![0.0; panel], moved: Vec::new() }
    }
}

/// One run at a point.
pub(super) struct Run<'a> {
    /// Share of the product in what is spent on its sector.
    pub budget: f64,
    pub theta: f64,
    /// How demand for one origin answers the price of its product, over theta: it turns to the product from its other origins, and to other products
    /// from it, `1 + (1 - eta) / theta`.
    lean: f64,
    pub inverse: f64,
    /// Shares of spending that are not tariff, and not home.
    net_share: f64,
    foreign: f64,
    /// theta times spending on the product over its sum of powers.
    pub answer: f64,
    /// Domestic weight, and that times the power.
    own: f64,
    pub home: f64,
    pub power: &'a [f64],
    pub exporters: &'a [u16],
    pub weight: &'a [f64],
    pub net: &'a [f64],
}

impl Nest {
    /// From `cost`, `dc` by `[j, i]`: changes of ln P, of the share of spending that is tariff and of that which goes abroad before tariff, `outs`
    /// by `[j, n]`; and of demand.
    pub(crate) fn substitute(
        &self,
        wedges: &NestWedges,
        point: &Point,
        cost: &[f64],
        outs: [&mut [f64]; 3],
        demand: &mut Substituted,
    ) {
        let Some(here) = &point.nest else { return };
        let Substituted { foreign, domestic, moved } = demand;
        self.with_powers(here, cost, moved);
        let places = || self.blocks.iter().map(|block| block.places.len());
        let [price, tariff, abroad] = outs.map(|out| cut(out, places()));
        let outs = price.into_iter().zip(tariff).zip(abroad).zip(cut(domestic, places()));
        let outs: Vec<[&mut [f64]; 4]> =
            outs.map(|(((price, tariff), abroad), home)| [price, tariff, abroad, home]).collect();
        let sold = self.blocks.par_iter().zip(outs);
        let sold: Vec<Vec<f64>> =
            sold.map(|(block, outs)| self.substitute_in(block, wedges, point, here, moved, outs)).collect();
        self.gather(&sold, foreign);
    }

    fn substitute_in(
        &self,
        block: &Block,
        wedges: &NestWedges,
        point: &Point,
        here: &NestPoint,
        moved: &[f64],
        [price, tariff, abroad, home]: [&mut [f64]; 4],
    ) -> Vec<f64> {
        let mut sold = vec![0.0; self.sparsity.countries()];
        self.each_place(block, |at, importer, runs, first| {
            let (mut d_price, mut d_tariff, mut d_abroad, mut d_home) = (0.0, 0.0, 0.0, 0.0);
            for (g, run) in runs.enumerate().filter(|(_, run)| self.budget[*run] > 0.0) {
                let moved = self.row(moved, first + g);
                let spent = point.expenditure[block.places.start + at];
                let run = self.run(wedges, here, run, first + g, importer, spent);
                let home_moved = run.own * moved[importer];
                let (mut gross, mut net) = (home_moved, 0.0);
                for ((exporter, weight), value) in run.exporters.iter().zip(run.weight).zip(run.net) {
                    let moved = moved[usize::from(*exporter)];
                    gross += weight * moved;
                    net += value * moved;
                }
                let ln_price = gross * run.inverse;
                let (net, all) = (net * run.inverse, (net + home_moved) * run.inverse);
                d_price += run.budget * ln_price;
                let ln_price = run.lean * ln_price;
                d_tariff += run.budget * run.theta * (all - run.net_share * ln_price);
                d_abroad += run.budget * run.theta * (run.foreign * ln_price - net);
                d_home += run.answer * (run.home * ln_price - home_moved);
                for (exporter, value) in run.exporters.iter().zip(run.net) {
                    let exporter = usize::from(*exporter);
                    sold[exporter] += run.answer * value * (run.power[exporter] * ln_price - moved[exporter]);
                }
            }
            if self.outer != 0.0 {
                // A dearer sector makes each of its products cheaper beside the others.
                let place = block.places.start + at;
                let turned = self.outer * d_price;
                let bought = turned * point.expenditure[place];
                d_tariff += turned * point.net_share[place];
                d_abroad -= turned * point.foreign_share[place];
                d_home -= bought * here.trade.domestic[place];
                add_scaled(&mut sold, -bought, here.trade.foreign.row(block.sector, importer));
            }
            (price[at], tariff[at], abroad[at], home[at]) = (d_price, d_tariff, d_abroad, d_home);
        });
        sold
    }

    /// What the log of a sector's price is worth by turning its buyers from product to product, given what the shares of spending that are tariff and go abroad
    /// are worth, demand at home, and demand of sellers, `[i]`.
    pub(super) fn turn_worth(
        &self,
        point: &Point,
        place: usize,
        [tariff, abroad, home]: [f64; 3],
        demand: &[f64],
    ) -> f64 {
        let Some(here) = point.nest.as_ref().filter(|_| self.outer != 0.0) else { return 0.0 };
        let n = demand.len();
        let sold = dot(here.trade.foreign.row(place / n, place % n), demand);
        let sold = point.expenditure[place] * (sold + here.trade.domestic[place] * home);
        self.outer * (point.net_share[place] * tariff - point.foreign_share[place] * abroad - sold)
    }

    /// The transpose of [`Nest::substitute`]: given what its outputs are worth (ln P, tariff share, foreign share, demand by others, demand at home), adds
    /// to `cost` what costs are.
    pub(crate) fn substitute_transposed(
        &self,
        wedges: &NestWedges,
        point: &Point,
        worths: [&[f64]; 5],
        cost: &mut [f64],
    ) {
        let Some(here) = &point.nest else { return };
        let mut demand = Vec::new();
        self.with_powers(here, worths[3], &mut demand);
        let worth = self.blocks.par_iter();
        let worth: Vec<Vec<f64>> =
            worth.map(|block| self.substitute_transposed_in(block, wedges, point, here, worths, &demand)).collect();
        let mut sum = vec![0.0; cost.len()];
        self.gather(&worth, &mut sum);
        add_scaled(cost, 1.0, &sum);
    }

    fn substitute_transposed_in(
        &self,
        block: &Block,
        wedges: &NestWedges,
        point: &Point,
        here: &NestPoint,
        worths: [&[f64]; 5],
        demand: &[f64],
    ) -> Vec<f64> {
        let n = self.sparsity.countries();
        let mut worth = vec![0.0; n];
        let sellers = &worths[3][block.sector * n..(block.sector + 1) * n];
        self.each_place(block, |at, importer, runs, first| {
            let place = block.places.start + at;
            let [price, tariff, abroad, _, home] = worths.map(|worth| worth[place]);
            let price = price + self.turn_worth(point, place, [tariff, abroad, home], sellers);
            let spent = point.expenditure[place];
            for (g, run) in runs.enumerate().filter(|(_, run)| self.budget[*run] > 0.0) {
                let demand = self.row(demand, first + g);
                let run = self.run(wedges, here, run, first + g, importer, spent);
                let mut wanted = run.home * home;
                for (exporter, value) in run.exporters.iter().zip(run.net) {
                    wanted += value * demand[usize::from(*exporter)];
                }
                let ln_price = run.price_worth(price, tariff, abroad, wanted) * run.inverse;
                let share = run.budget * run.theta * run.inverse;
                worth[importer] += run.home * (ln_price + share * tariff - run.answer * home);
                for ((exporter, weight), value) in run.exporters.iter().zip(run.weight).zip(run.net) {
                    let exporter = usize::from(*exporter);
                    let bought = weight * ln_price + value * share * (tariff - abroad);
                    worth[exporter] += run.power[exporter] * bought - run.answer * value * demand[exporter];
                }
            }
        });
        worth
    }

    /// Every importer of a block: its number there, the importer, its runs, the sector's first product.
    pub(super) fn each_place(&self, block: &Block, mut visit: impl FnMut(usize, usize, std::ops::Range<usize>, usize)) {
        let n = self.sparsity.countries();
        let products = self.sparsity.products_of(block.sector);
        for (at, place) in block.places.clone().enumerate() {
            let start = block.runs.start + at * products.len();
            visit(at, place % n, start..start + products.len(), products.start);
        }
    }

    #[inline(always)]
    pub(super) fn run<'a>(
        &'a self,
        wedges: &'a NestWedges,
        here: &'a NestPoint,
        run: usize,
        product: usize,
        importer: usize,
        spent: f64,
    ) -> Run<'a> {
        let cells = self.sparsity.cells(run);
        let power = self.row(&here.power, product);
        let budget = if here.spent.is_empty() { self.budget[run] } else { here.spent[run] };
        let (theta, inverse) = (self.theta(product), here.inverse[run]);
        let (own, foreign) = (wedges.domestic[run], here.foreign[run]);
        let home = own * power[importer];
        Run {
            budget,
            theta,
            lean: 1.0 + self.outer / theta,
            inverse,
            net_share: foreign + home * inverse,
            foreign,
            answer: theta * spent * budget * inverse,
            own,
            home,
            power,
            exporters: &self.sparsity.exporters()[cells.clone()],
            weight: &wedges.weight[cells.clone()],
            net: &wedges.net[cells],
        }
    }

    /// `[kind, i]`: powers of costs times values by `[j, i]`.
    fn with_powers(&self, here: &NestPoint, values: &[f64], out: &mut Vec<f64>) {
        let n = self.sparsity.countries();
        out.resize(here.power.len(), 0.0);
        let rows = out.chunks_exact_mut(n).zip(here.power.chunks_exact(n)).zip(&self.kinds);
        for ((out, power), (sector, _)) in rows {
            let values = &values[sector * n..(sector + 1) * n];
            out.iter_mut().zip(power).zip(values).for_each(|((out, power), value)| *out = power * value);
        }
    }

    /// What blocks found for each exporter, added up in their order, `[j, i]`.
    fn gather(&self, parts: &[Vec<f64>], out: &mut [f64]) {
        let n = self.sparsity.countries();
        out.fill(0.0);
        for (block, part) in self.blocks.iter().zip(parts) {
            add_scaled(&mut out[block.sector * n..(block.sector + 1) * n], 1.0, part);
        }
    }
}

impl Run<'_> {
    /// What the log of the product's price is worth, given what the sector's price, tariff share and foreign share are and what demand is at the powers of
    /// sellers.
    pub(super) fn price_worth(&self, price: f64, tariff: f64, abroad: f64, wanted: f64) -> f64 {
        let shares = self.theta * (self.foreign * abroad - self.net_share * tariff);
        self.budget * (price + self.lean * shares) + self.answer * self.lean * wanted
    }
}
