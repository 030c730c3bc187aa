//! Economies whose sectors are sold as products, and their equilibria.

use std::sync::Arc;

use cobden_world::{Problem, Products, World};
use ndarray::{Array1, Array2, Array3};

use super::{Nest, ProductPolicy};
use crate::{
    Economy, Equilibrium, Model, Outcome, Preset, Settings, SolveReport, Solver, policy::Wedges, verify::unit_costs,
};

/// A calibrated economy whose sectors are sold as products (see [`ProductEconomy::calibrate`]).
///
/// Kept apart from [`Economy`] so that what is made for tariffs of sectors (gradients, decompositions, games) cannot be asked of it by
/// mistake.
///
/// ```
/// use cobden_equilibrium::{Model, ProductEconomy, ProductPolicy, Selection, Settings};
/// use cobden_world::{Rate, synthetic::Synthetic};
/// let (world, products) = Synthetic { countries: 6, products: 30, sectors: 3, flows: 500, ..Synthetic::default() }.world();
/// let (settings, theta) = (Settings::default(), world.elasticities.as_ref().unwrap());
/// let economy = ProductEconomy::calibrate(&world, &products, theta, &Model::default(), &settings)?;
///
/// let mut policy = ProductPolicy::status_quo(&products);
/// policy.change(&products, &Selection::all().importers([0]).sectors([1]), |rate| Rate(rate.0 + 0.1));
/// let here = economy.solve(&policy, None, &settings)?;
/// assert!(here.report().stop.converged());
///
/// let outcome = economy.outcome(&here);
/// assert!(outcome.countries[0].imports_pct < 0.0);
/// assert!(economy.product_flows(&here).imports.iter().all(|flow| *flow > 0.0));
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct ProductEconomy {
    pub(super) economy: Economy,
}

/// The equilibrium of a [`ProductEconomy`] under a policy.
#[derive(Clone, Debug)]
pub struct ProductEquilibrium {
    pub(super) equilibrium: Equilibrium,
}

/// Prices and flows of products; places as in the products' [`Sparsity`](cobden_world::Sparsity).
#[derive(Clone, Debug, PartialEq)]
pub struct ProductFlows {
    /// `[run]`: P_hat, the price index of each product for each importer; one where nothing is bought.
    pub price_hat: Vec<f64>,
    /// `[run]`: M', domestic sales.
    pub domestic: Vec<f64>,
    /// `[cell]`: M', imports before tariff.
    pub imports: Vec<f64>,
}

impl ProductEconomy {
    /// Calibrates a model to a world and its products. Flows and tariffs are those of the products; inputs, value added, final demand and political
    /// weights those of the world; `elasticities` are those of sectors, for products that have none.
    ///
    /// # Errors
    /// As [`Economy::calibrate`]; an elasticity between products below 0; products that do not add up to the world's flows; products with trade
    /// elasticities of their own under [`Preset::Ossa`], whose profits hang on that of the sector.
    pub fn calibrate(
        world: &World,
        products: &Products,
        elasticities: &Array1<f64>,
        model: &Model,
        settings: &Settings,
    ) -> Result<Self, Problem> {
        products.check(world)?;
        if model.preset == Preset::Ossa && products.list().iter().any(|product| product.trade_elasticity.is_some()) {
            let problem = Problem::new("preset ossa takes profits from the trade elasticity of a sector");
            return Err(problem.help("leave out the trade elasticities of products, or use another preset"));
        }
        let eta = model.product_elasticity;
        if !(eta.is_finite() && eta >= 0.0) {
            let problem = Problem::new(format!("the elasticity of substitution between products is {eta}"));
            return Err(problem.help("it is a number of 0 or more; 1 divides spending on a sector in fixed shares"));
        }
        let smallest =
            products.list().iter().filter_map(|product| product.trade_elasticity).fold(f64::INFINITY, f64::min);
        crate::calibrate::check_elasticity(smallest.min(1.0), "a product")?;
        let world = products.aggregate(world);
        let mut economy = Economy::of_data(&world, elasticities, model)?;
        economy.nest = Some(Arc::new(Nest::new(products, &world, elasticities, model.product_elasticity)));
        economy.substitution.fill(0.0);
        Ok(Self { economy: economy.baseline(&world.origin.id, model, settings)? })
    }

    /// Solves for the equilibrium under a policy, from `start` or from the baseline: see [`Economy::solve`].
    ///
    /// # Errors
    /// A policy for other products, or with a tariff at or below -100 %.
    pub fn solve(
        &self,
        policy: &ProductPolicy,
        start: Option<&ProductEquilibrium>,
        settings: &Settings,
    ) -> Result<ProductEquilibrium, Problem> {
        let nest = self.nest();
        policy.check(nest.sparsity.cell_count())?;
        let wedges = Arc::new(Wedges::of_products(nest.tariffs(&policy.tariffs)));
        let equilibrium =
            Solver::new(&self.economy, *settings).solve_wedges(wedges, start.map(|start| &start.equilibrium));
        Ok(ProductEquilibrium { equilibrium })
    }

    /// What an equilibrium means for countries and sectors, against the baseline.
    pub fn outcome(&self, equilibrium: &ProductEquilibrium) -> Outcome {
        Outcome::new(&self.economy, &equilibrium.equilibrium)
    }

    /// Prices and flows of products at an equilibrium.
    pub fn product_flows(&self, equilibrium: &ProductEquilibrium) -> ProductFlows {
        let ln_cost = unit_costs(&self.economy, &equilibrium.equilibrium);
        let levels = self.nest().levels(&equilibrium.equilibrium, &ln_cost);
        ProductFlows { price_hat: levels.price_hat, domestic: levels.domestic, imports: levels.imports }
    }

    /// N, the number of countries.
    pub fn countries(&self) -> usize {
        self.economy.countries
    }

    /// J, the number of sectors.
    pub fn sectors(&self) -> usize {
        self.economy.sectors
    }

    /// How the baseline itself was found.
    pub fn baseline_report(&self) -> &SolveReport {
        self.economy.baseline_report()
    }

    /// M, `[n, i, j]`: baseline flows of sectors before tariff.
    pub fn flows(&self) -> Array3<f64> {
        self.economy.flows()
    }

    /// Y, `[n, j]`: baseline sales.
    pub fn sales(&self) -> Array2<f64> {
        self.economy.sales()
    }

    /// I, `[n]`: baseline income.
    pub fn income(&self) -> &[f64] {
        self.economy.income()
    }

    pub(crate) fn nest(&self) -> &Nest {
        // Every way to make one sets it.
        self.economy.nest.as_deref().unwrap_or_else(|| unreachable!("an economy of products has products"))
    }
}

impl ProductEquilibrium {
    /// How the solve went; without convergence the rest is not a result.
    pub fn report(&self) -> &SolveReport {
        &self.equilibrium.report
    }

    /// w_hat, `[n]`: wages, world labour income being the numeraire.
    pub fn wage_hat(&self) -> &[f64] {
        self.equilibrium.wage_hat()
    }

    /// P_hat, `[n, j]`: price index of each sector.
    pub fn price_hat(&self, economy: &ProductEconomy) -> Array2<f64> {
        self.equilibrium.price_hat(&economy.economy)
    }

    /// M', `[n, i, j]`: flows of sectors before tariff.
    pub fn flows(&self, economy: &ProductEconomy) -> Array3<f64> {
        self.equilibrium.flows(&economy.economy)
    }

    /// pi', `[n, i, j]`: trade shares of sectors at purchaser prices.
    pub fn trade_shares(&self, economy: &ProductEconomy) -> Array3<f64> {
        self.equilibrium.trade_shares(&economy.economy)
    }

    /// I', `[n]`: income.
    pub fn income(&self) -> &[f64] {
        self.equilibrium.income()
    }

    /// R', `[n]`: tariff revenue.
    pub fn tariff_revenue(&self) -> &[f64] {
        self.equilibrium.tariff_revenue()
    }
}
