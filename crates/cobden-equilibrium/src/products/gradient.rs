//! Derivatives of an objective with respect to the tariff of every product, from one linear solve.

use cobden_world::Problem;
use rayon::prelude::*;

use super::{
    Nest, NestWedges, ProductEconomy, ProductEquilibrium,
    nest::{Block, cut},
};
use crate::{Aim, Objective, Settings, adjoint::Bars, backward::Backward, conditions::Point};

/// How an objective answers the tariff of each product.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductGradient {
    /// `[cell]`: d objective / d tau', per unit of the rate (0.01 is one point).
    pub tariffs: Vec<f64>,
    /// What the adjoint system misses by, relative to its right-hand side.
    pub residual: f64,
}

impl ProductEconomy {
    /// The gradient of an objective at an equilibrium with respect to all tariffs of products at once (see [`Gradients`](crate::Gradients)).
    ///
    /// # Errors
    /// An equilibrium that did not converge; an objective that names a country or sector that is not there, or imports from one country
    /// ([`Aim::ImportsFrom`]), which is for sectors alone; an adjoint system that was not solved to the tolerance.
    pub fn gradient(
        &self,
        equilibrium: &ProductEquilibrium,
        objective: &Objective,
        settings: &Settings,
    ) -> Result<ProductGradient, Problem> {
        if objective.terms().iter().any(|(_, aim)| matches!(aim, Aim::ImportsFrom(..))) {
            return Err(Problem::new(
                "imports from one country have no derivative with respect to tariffs of products",
            ));
        }
        let mut backward = Backward::new(&self.economy, &equilibrium.equilibrium, settings)?;
        let residual = backward.solve_objective(objective)?;
        let (nest, point) = (self.nest(), &backward.point);
        let mut tariffs = vec![0.0; nest.sparsity.cell_count()];
        if let Some(wedges) = &backward.wedges.nest {
            nest.tariff_worths(wedges, point, &backward.bars, &mut tariffs);
        }
        Ok(ProductGradient { tariffs, residual })
    }
}

/// What the shares of spending that go abroad are worth, `[j, n]`.
pub(crate) fn abroad_worth(point: &Point, bars: &Bars) -> Vec<f64> {
    let n = bars.imports.len();
    point.expenditure.iter().enumerate().map(|(at, spent)| spent * bars.imports[at % n]).collect()
}

impl Nest {
    /// What one unit of each rate is worth, given whole worths.
    fn tariff_worths(&self, wedges: &NestWedges, point: &Point, bars: &Bars, out: &mut [f64]) {
        let abroad = abroad_worth(point, bars);
        let pieces = cut(out, self.blocks.iter().map(|block| self.cells_of(block).len()));
        let work = self.blocks.par_iter().zip(pieces);
        work.for_each(|(block, piece)| self.tariff_worths_in(block, wedges, point, bars, &abroad, piece));
    }

    fn tariff_worths_in(
        &self,
        block: &Block,
        wedges: &NestWedges,
        point: &Point,
        bars: &Bars,
        abroad: &[f64],
        out: &mut [f64],
    ) {
        let Some(here) = &point.nest else { return };
        let (n, first_cell) = (self.sparsity.countries(), self.cells_of(block).start);
        let demand = &bars.demand_worth()[block.sector * n..(block.sector + 1) * n];
        self.each_place(block, |at, importer, runs, first| {
            let place = block.places.start + at;
            let (spent, tariff, abroad) = (point.expenditure[place], bars.tariff_share[place], abroad[place]);
            let turned = self.turn_worth(point, place, [tariff, abroad, bars.domestic[place]], demand);
            let price = bars.price[place] + turned;
            for (g, number) in runs.enumerate().filter(|(_, run)| self.budget[*run] > 0.0) {
                let run = self.run(wedges, here, number, first + g, importer, spent);
                let sellers = || run.exporters.iter().zip(run.weight).zip(run.net);
                let wanted: f64 = sellers()
                    .map(|((exporter, _), net)| {
                        net * run.power[usize::from(*exporter)] * demand[usize::from(*exporter)]
                    })
                    .sum();
                let wanted = wanted + run.home * bars.domestic[place];
                let ln_price = run.price_worth(price, tariff, abroad, wanted) * run.inverse;
                let share = run.budget * run.inverse;
                for (cell, ((exporter, weight), net)) in self.sparsity.cells(number).zip(sellers()) {
                    let exporter = usize::from(*exporter);
                    let (gross, net) = (weight * run.power[exporter], net * run.power[exporter]);
                    let bought = share * net * (tariff - abroad);
                    let cost = gross * ln_price + run.theta * bought - run.answer * net * demand[exporter];
                    let itself = bought - spent * share * net * demand[exporter];
                    // From log points of the factor to units of the rate.
                    out[cell - first_cell] = (cost + itself) / wedges.factor[cell];
                }
            }
        });
    }
}
