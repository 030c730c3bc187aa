//! Conditions 3 to 5 product by product: one pass over all cells.

use rayon::prelude::*;

use super::{
    Nest, NestWedges,
    nest::{Block, cut},
};
use crate::{
    conditions::{Layout, Point},
    elementary::{exp_each, ln_each},
    kernel::Cube,
    policy::Trade,
};

/// What one block writes.
struct Out<'a> {
    /// `[run]`.
    inverse: &'a mut [f64],
    foreign: &'a mut [f64],
    /// `[run]`, or empty where spending is divided in fixed shares.
    spent: &'a mut [f64],
    /// `[place]`.
    ln_price: &'a mut [f64],
    net_share: &'a mut [f64],
    foreign_share: &'a mut [f64],
    domestic: &'a mut [f64],
    /// `[place, i]`.
    weight: &'a mut [f64],
    abroad: &'a mut [f64],
}

impl Nest {
    /// 3, 4. Prices of products and sectors, and the sectors' trade shares, at the costs of `point`, whose least costs are known.
    pub(crate) fn price_index(&self, wedges: &NestWedges, point: &mut Point) {
        let n = self.sparsity.countries();
        let Some(mut here) = point.nest.take() else { return };
        let (_, ln_cost, _) = Layout { countries: n, panel: point.ln_price.len() }.split(&point.unknowns);
        for ((sector, theta), power) in self.kinds.iter().zip(here.power.chunks_exact_mut(n)) {
            let (cost, least) = (&ln_cost[sector * n..(sector + 1) * n], point.least_cost[*sector]);
            power.iter_mut().zip(cost).for_each(|(power, cost)| *power = -theta * (cost - least));
        }
        exp_each(&mut here.power);
        let runs = || self.blocks.iter().map(|block| block.runs.len());
        let places = || self.blocks.iter().map(|block| block.places.len());
        let rows = || places().map(|places| places * n);
        let Trade { weight, foreign, domestic } = &mut here.trade;
        // Nine vectors cut alike; zipped pairwise.
        let fixed = here.spent.is_empty();
        let spent = cut(&mut here.spent, runs().map(|runs| if fixed { 0 } else { runs }));
        let by_run = cut(&mut here.inverse, runs()).into_iter().zip(cut(&mut here.foreign, runs())).zip(spent);
        let prices = cut(&mut point.ln_price, places()).into_iter().zip(cut(&mut point.net_share, places()));
        let by_place = cut(&mut point.foreign_share, places()).into_iter().zip(cut(domestic, places()));
        let by_cell = cut(Cube::as_mut_slice(weight), rows()).into_iter().zip(cut(foreign.as_mut_slice(), rows()));
        let outs = by_run.zip(prices).zip(by_place).zip(by_cell).map(
            |(((((inverse, foreign), spent), (ln_price, net_share)), (foreign_share, domestic)), (weight, abroad))| {
                Out { inverse, foreign, spent, ln_price, net_share, foreign_share, domestic, weight, abroad }
            },
        );
        let outs: Vec<Out<'_>> = outs.collect();
        let (powers, least) = (&here.power, &point.least_cost);
        self.blocks
            .par_iter()
            .zip(outs)
            .for_each(|(block, out)| self.prices_of(block, wedges, powers, least[block.sector], out));
        point.nest = Some(here);
    }

    fn prices_of(&self, block: &Block, wedges: &NestWedges, powers: &[f64], least: f64, out: Out<'_>) {
        let n = self.sparsity.countries();
        let first = self.sparsity.products_of(block.sector).start;
        let goods = self.sparsity.products_of(block.sector).len();
        let (mut logs, mut shares) = (vec![0.0; goods], vec![0.0; goods]);
        for (at, place) in block.places.clone().enumerate() {
            let importer = place % n;
            let runs = block.runs.start + at * goods..block.runs.start + (at + 1) * goods;
            for (g, run) in runs.clone().enumerate() {
                let (sum, foreign) = self.sums(wedges, run, self.row(powers, first + g), importer);
                logs[g] = sum;
                let inverse = if self.budget[run] > 0.0 { 1.0 / sum } else { 0.0 };
                out.inverse[at * goods + g] = inverse;
                out.foreign[at * goods + g] = foreign * inverse;
            }
            ln_each(&mut logs);
            let (weight, abroad) = (&mut out.weight[at * n..(at + 1) * n], &mut out.abroad[at * n..(at + 1) * n]);
            weight.fill(0.0);
            abroad.fill(0.0);
            for ((g, log), run) in logs.iter_mut().enumerate().zip(runs.clone()) {
                *log = least + wedges.ln_shift[run] - *log / self.theta(first + g);
            }
            let ln_price = self.divide(&self.budget[runs.clone()], &logs, &mut shares);
            if let Some(spent) = out.spent.get_mut(at * goods..(at + 1) * goods) {
                spent.copy_from_slice(&shares);
            }
            let (mut foreign_share, mut home) = (0.0, 0.0);
            for (g, run) in runs.enumerate().filter(|(_, run)| self.budget[*run] > 0.0) {
                let power = self.row(powers, first + g);
                let spending = shares[g] * out.inverse[at * goods + g];
                foreign_share += shares[g] * out.foreign[at * goods + g];
                home += spending * wedges.domestic[run] * power[importer];
                let cells = self.sparsity.cells(run);
                let exporters = &self.sparsity.exporters()[cells.clone()];
                let flows = wedges.weight[cells.clone()].iter().zip(&wedges.net[cells]);
                for (exporter, (gross, net)) in exporters.iter().zip(flows) {
                    let exporter = usize::from(*exporter);
                    let bought = spending * power[exporter];
                    weight[exporter] += bought * gross;
                    abroad[exporter] += bought * net;
                }
            }
            weight[importer] = home;
            (out.ln_price[at], out.foreign_share[at]) = (ln_price, foreign_share);
            (out.net_share[at], out.domestic[at]) = (foreign_share + home, home);
        }
    }

    /// The sum of weighted powers of one run, and its foreign part over tariffs.
    #[inline(always)]
    fn sums(&self, wedges: &NestWedges, run: usize, power: &[f64], importer: usize) -> (f64, f64) {
        let cells = self.sparsity.cells(run);
        let exporters = &self.sparsity.exporters()[cells.clone()];
        let weights = wedges.weight[cells.clone()].iter().zip(&wedges.net[cells]);
        let (mut sum, mut foreign) = (wedges.domestic[run] * power[importer], 0.0);
        for (exporter, (weight, net)) in exporters.iter().zip(weights) {
            let power = power[usize::from(*exporter)];
            sum += weight * power;
            foreign += net * power;
        }
        (sum, foreign)
    }
}
