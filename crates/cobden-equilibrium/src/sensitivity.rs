//! Derivatives of an objective with respect to what the model was calibrated with: elasticities and baseline flows.

use cobden_world::Problem;
use ndarray::{Array1, Array3};

use crate::{Economy, Equilibrium, Objective, Settings, backward::Backward, economy::cube, worths::Worths};

/// How an objective answers the parameters behind it. Everything is calibrated anew as they move, the baseline included.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// `[j]`: d objective / d theta_j at given baseline flows, through substitution and, where the preset has them, through profit
    /// shares `1 / sigma` and economies of scale `phi / theta`.
    pub trade_elasticity: Array1<f64>,
    /// `[n, i, j]`: d objective / d ln M_nij, per log point of what `n` buys from `i` in the data (domestic sales where `n = i`).
    ///
    /// The accounts go on holding: the buyer's expenditure, the seller's output and both deficits move with the flow; value added and
    /// inputs of the seller follow output in given shares of cost; what is left of expenditure is final demand. Cells without trade
    /// have zero.
    pub flows: Array3<f64>,
    /// d objective / d phi, per unit of the strength of economies of scale; where there are none, what a first little would do.
    pub scale: f64,
    /// d objective / d kappa_L, per unit of the elasticity of labour supply; where labour is fixed, what a first little would do.
    pub labour_supply_elasticity: f64,
    /// What the adjoint systems miss by, relative to their right-hand sides: the larger of policy and baseline.
    pub residual: f64,
    theta: Vec<f64>,
}

/// One parameter, by indices in the world's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// theta of a sector.
    TradeElasticity(usize),
    /// What an importer buys from an exporter in a sector, in the data.
    Flow {
        /// n.
        importer: usize,
        /// i.
        exporter: usize,
        /// j.
        sector: usize,
    },
}

/// What a parameter does to a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Influence {
    /// Which parameter.
    pub parameter: Parameter,
    /// To first order, the change of the objective if the parameter rises by the share asked for, in the objective's unit. For aims in
    /// logs, such as welfare, 0.01 is one per cent: `100 W_hat` times this is percentage points of welfare.
    pub effect: f64,
}

impl Sensitivity {
    /// Every parameter that has an effect, strongest first, each raised by the same share: 0.1 is ten per cent, `ln 1.1` log points.
    pub fn ranked(&self, rise: f64) -> Vec<Influence> {
        let by = rise.ln_1p();
        let elasticities = self.trade_elasticity.iter().zip(&self.theta).enumerate();
        let elasticities = elasticities.map(|(j, (slope, theta))| (Parameter::TradeElasticity(j), slope * theta));
        let flows = self
            .flows
            .indexed_iter()
            .map(|((importer, exporter, sector), slope)| (Parameter::Flow { importer, exporter, sector }, *slope));
        let mut all: Vec<Influence> = elasticities
            .chain(flows)
            .filter(|(_, slope)| *slope != 0.0)
            .map(|(parameter, slope)| Influence { parameter, effect: by * slope })
            .collect();
        all.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()));
        all
    }
}

/// Sensitivities at one equilibrium, for any number of objectives.
///
/// With `F(z, p) = 0` the conditions and `g(z, p)` the objective, `J' lambda = g_z` gives `dg/dp = g_p - lambda' F_p` for every parameter
/// at once: the solve that makes a gradient. Where the baseline was itself solved for (`solved`, `balanced`), one more such solve at
/// the baseline carries the worths of its shares and levels to the data. So it costs one gradient where the baseline is the data and
/// two where it is not.
///
/// ```
/// use cobden_equilibrium::{Aim, Economy, Model, Parameter, Policy, Sensitivities, Settings};
/// use cobden_world::Rate;
/// let world = cobden_world::toy::two_countries();
/// let settings = Settings::default();
/// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
/// let mut policy = Policy::status_quo(&world);
/// policy.tariffs[[0, 1, 0]] = Rate(0.1);
/// let equilibrium = economy.solve(&policy, None, &settings)?;
/// let welfare = Sensitivities::new(&economy, &equilibrium, &settings)?.of(&Aim::Welfare(0).into())?;
/// assert!(welfare.trade_elasticity[0] < 0.0, "the better others' goods can be replaced, the less a tariff moves their price");
/// let strongest = welfare.ranked(0.1)[0].parameter;
/// assert_eq!(strongest, Parameter::Flow { importer: 0, exporter: 1, sector: 0 }, "most of all, how much it imports");
/// # Ok::<(), cobden_world::Problem>(())
/// ```
pub struct Sensitivities<'a> {
    policy: Backward<'a>,
    /// Where the baseline was solved for, that solution and whether it left out the data's deficits.
    baseline: Option<(Backward<'a>, bool)>,
}

impl<'a> Sensitivities<'a> {
    /// Prepares sensitivities at an equilibrium of this economy.
    ///
    /// # Errors
    /// An equilibrium that did not converge: it has no derivative.
    pub fn new(economy: &'a Economy, equilibrium: &Equilibrium, settings: &Settings) -> Result<Self, Problem> {
        let policy = Backward::new(economy, equilibrium, settings)?;
        let baseline = match economy.source.as_deref() {
            Some(source) => Some((Backward::new(&source.economy, &source.solution, settings)?, source.balanced)),
            None => None,
        };
        Ok(Self { policy, baseline })
    }

    /// The sensitivity of one objective.
    ///
    /// # Errors
    /// An objective that names a country or sector that is not there; an adjoint system that was not solved to the tolerance.
    pub fn of(&mut self, objective: &Objective) -> Result<Sensitivity, Problem> {
        let mut residual = self.policy.solve_objective(objective)?;
        let mut trade_cost = self.policy.trade_cost();
        self.policy.direct(objective, |cell, _, of_cost| trade_cost[cell] += of_cost);
        let mut worths = Worths::of(&self.policy, &trade_cost);
        objective.seed_baseline(self.policy.economy, &self.policy.point, &mut worths);
        let (mut data, mut balanced) = (self.policy.economy, false);
        if let Some((backward, without_deficits)) = &mut self.baseline {
            let at_baseline = worths.through_baseline(backward)?;
            worths = at_baseline.0;
            residual = residual.max(at_baseline.1);
            (data, balanced) = (backward.economy, *without_deficits);
        }
        let scale = worths.scale.iter().zip(&data.theta).map(|(worth, theta)| worth / theta).sum();
        let labour_supply_elasticity = worths.labour_supply;
        let worths = worths.of_data(data, balanced);
        Ok(Sensitivity {
            trade_elasticity: worths.theta.into(),
            flows: cube(&worths.ln_flows, data.countries, data.sectors),
            scale,
            labour_supply_elasticity,
            residual,
            theta: data.theta.clone(),
        })
    }
}
