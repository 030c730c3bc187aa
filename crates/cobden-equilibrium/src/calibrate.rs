//! From a world's accounts to a baseline equilibrium.

use std::sync::{Arc, OnceLock};

use cobden_world::{Accounts, Problem, World};
use ndarray::{Array1, Array2, Axis};

use crate::{
    Baseline, Deficits, Economy, Model, Settings, SolveReport, Solver,
    economy::{Source, components},
    government::WeightedIncome,
    kernel::{Cube, ratio},
};

/// How far data may be from an equilibrium and still be taken as one: relative gap of any account.
pub const OBSERVED_TOLERANCE: f64 = 1e-6;

/// Smallest trade elasticity. A price index is a power of `-1 / theta`, which magnifies a rounding error of 1e-16 as much;
/// at this bound it stays below 1e-12, far under the tolerance of any solve. Goods are Cobb-Douglas to four digits there.
const SMALLEST_ELASTICITY: f64 = 1e-4;

/// A deficit smaller than this part of a country's trade is rounding.
const ROUNDING: f64 = 1e-13;

impl Economy {
    /// Calibrates a model to a world and makes its baseline.
    ///
    /// Shares come from the world's values: `pi = T M / X`, `gammaL` and `gamma` from the cost of each sector, `alpha` from final
    /// demand. With [`Baseline::Observed`] the accounts must then satisfy the goods and labour markets to 1e-6; the other
    /// baselines are solved for.
    ///
    /// # Errors
    /// Elasticities of another length, not positive or below 1e-4; a world with inputs under a preset without (unless
    /// [`Model::inputs`] is `false`); accounts that no equilibrium can hold (a good that is used but not bought, a sector
    /// that sells without cost); political weights of a country that fall on nobody's income; data that are not an equilibrium under [`Baseline::Observed`]; a baseline that does not converge.
    ///
    /// ```
    /// use cobden_equilibrium::{Economy, Model, Policy, Preset, Settings};
    /// # use cobden_world::{Names, Origin, Rate, World};
    /// # use ndarray::{Array1, Array3};
    /// # let names = |list: [&str; 2]| Names::new(list.map(String::from)).unwrap();
    /// # let world = World {
    /// #     origin: Origin::default(), countries: names(["HOME", "ABROAD"]), sectors: Names::new(["GOODS".to_string()]).unwrap(),
    /// #     members: Default::default(), flows: Array3::from_shape_fn((2, 2, 1), |(n, i, _)| if n == i { 80.0 } else { 20.0 }),
    /// #     tariffs: Array3::from_elem((2, 2, 1), Rate::ZERO), elasticities: None, inputs: None, value_added: None,
    /// #     final_demand: None, political_weights: None,
    /// # };
    /// let model = Model { preset: Preset::Armington, ..Model::default() };
    /// let economy = Economy::calibrate(&world, &Array1::from_elem(1, 5.0), &model, &Settings::default())?;
    /// assert!(economy.baseline_report().stop.converged());
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn calibrate(
        world: &World,
        elasticities: &Array1<f64>,
        model: &Model,
        settings: &Settings,
    ) -> Result<Economy, Problem> {
        Self::of_data(world, elasticities, model)?.baseline(&world.origin.id, model, settings)
    }

    /// The economy as the data have it, before its baseline is solved for.
    pub(crate) fn of_data(world: &World, elasticities: &Array1<f64>, model: &Model) -> Result<Economy, Problem> {
        check_elasticities(world, elasticities)?;
        check_labour_supply(model.labour_supply_elasticity)?;
        if !(0.0..=1.0).contains(&model.scale) {
            let problem = Problem::new(format!("a scale of {} is not between 0 and 1", model.scale));
            return Err(problem.help("0 is constant returns, 1 free entry; beyond it equilibria are not unique"));
        }
        // Tables beside inputs that are left out say nothing about the world without them; those of a world that never had any do.
        let leaves_out = !uses_inputs(world, model)? && world.inputs.is_some();
        let accounts = if leaves_out { without_inputs(world).accounts() } else { world.accounts() };
        if let Some(problem) = accounts.problems().into_iter().next() {
            return Err(problem);
        }
        if model.baseline == Baseline::Observed {
            refuse_unbalanced(world, &accounts)?;
        }
        let economy = shares(world, &accounts, elasticities, model);
        refuse_weightless(world, &economy)?;
        if model.baseline == Baseline::Balanced || model.deficits == Deficits::None {
            refuse_one_way_trade(world, &economy)?;
        }
        Ok(economy)
    }

    /// Solves for the baseline that the model asks for. Observed data are polished from 1e-6 to the solver's tolerance.
    pub(crate) fn baseline(mut self, world: &str, model: &Model, settings: &Settings) -> Result<Economy, Problem> {
        if model.baseline == Baseline::Balanced {
            self.deficit.fill(0.0);
        }
        self.deficits = Deficits::Fixed;
        let still = Arc::clone(&self.start().wedges);
        let solution = Solver::new(&self, *settings).solve_wedges(still, None);
        if !solution.report.stop.converged() {
            let why =
                format!("the baseline of the world \"{world}\" was not found: the solver {}", solution.report.stop);
            return Err(Problem::new(why).help("check the world's accounts, or try another baseline"));
        }
        let mut economy = solution.as_baseline(&self);
        economy.deficits = model.deficits;
        if model.baseline != Baseline::Observed {
            let balanced = model.baseline == Baseline::Balanced;
            economy.source = Some(Arc::new(Source { economy: self, solution, balanced }));
        }
        Ok(economy)
    }
}

fn check_labour_supply(elasticity: f64) -> Result<(), Problem> {
    if elasticity.is_finite() && elasticity >= 0.0 {
        return Ok(());
    }
    Err(Problem::new(format!("the elasticity of labour supply is {elasticity}"))
        .help("it must be a number of 0 or more; 0 is fixed labour"))
}

fn check_elasticities(world: &World, elasticities: &Array1<f64>) -> Result<(), Problem> {
    if elasticities.len() != world.sectors.len() {
        let what = format!("{} trade elasticities for {} sectors", elasticities.len(), world.sectors.len());
        return Err(Problem::new(what).help("give one per sector, in the world's order"));
    }
    let mut each = world.sectors.iter().zip(elasticities);
    each.try_for_each(|(sector, theta)| check_elasticity(*theta, &format!("sector {sector}")))
}

/// Whether one can compute with the trade elasticity of `whom`.
pub(crate) fn check_elasticity(theta: f64, whom: &str) -> Result<(), Problem> {
    if !(theta.is_finite() && theta > 0.0) {
        return Err(Problem::new(format!("the trade elasticity of {whom} is {theta}"))
            .help("theta = sigma - 1 must be a number above zero"));
    }
    if theta < SMALLEST_ELASTICITY {
        return Err(Problem::new(format!("the trade elasticity of {whom} is {theta:e}"))
            .help(format!("theta = sigma - 1 must be at least {SMALLEST_ELASTICITY} to compute with")));
    }
    Ok(())
}

fn uses_inputs(world: &World, model: &Model) -> Result<bool, Problem> {
    let has = world.inputs.is_some();
    if has && model.inputs && !model.preset.has_inputs() {
        let what = format!(
            "preset {} has no intermediate goods, but the world \"{}\" has inputs",
            model.preset.name(),
            world.origin.id
        );
        return Err(
            Problem::new(what).help("say inputs = false to take all sales as value added, or use caliendo-parro")
        );
    }
    Ok(has && model.inputs && model.preset.has_inputs())
}

/// The same world without its input-output tables: value added = sales, final demand = expenditure.
fn without_inputs(world: &World) -> World {
    World { inputs: None, value_added: None, final_demand: None, ..world.clone() }
}

/// Data must satisfy the accounts to [`OBSERVED_TOLERANCE`]; says where they do not.
fn refuse_unbalanced(world: &World, accounts: &Accounts) -> Result<(), Problem> {
    match accounts.imbalances(OBSERVED_TOLERANCE).first() {
        None => Ok(()),
        Some(worst) => {
            let what = format!(
                "the world \"{}\" is not an equilibrium as observed; the largest gap is {worst}",
                world.origin.id
            );
            Err(Problem::new(what).help("set baseline = \"solved\" or \"balanced\", or balance the world first"))
        }
    }
}

/// A government must weigh somebody who earns something.
fn refuse_weightless(world: &World, economy: &Economy) -> Result<(), Problem> {
    let weighed = |n: usize| WeightedIncome::new(economy, &economy.accounts(), n).value;
    match (0..economy.countries).find(|n| economy.political_weight.is_some() && weighed(*n) <= 0.0) {
        None => Ok(()),
        Some(n) => {
            let what =
                format!("political_weights: the weights of {} fall on sectors that earn nothing", &world.countries[n]);
            Err(Problem::new(what).help("give weight to a sector that makes something"))
        }
    }
}

/// Trade can balance only where every country both sells to and buys from the rest of those it trades with.
fn refuse_one_way_trade(world: &World, economy: &Economy) -> Result<(), Problem> {
    let Some(OneWay { country, with, buys }) = one_way_trade(economy) else { return Ok(()) };
    let (does, never) = if buys { ("buys", "sells") } else { ("sells", "buys") };
    let what = format!(
        "trade of {} with {} cannot balance: directly and through others, it only {does} and never {never}",
        &world.countries[country], &world.countries[with]
    );
    Err(Problem::new(what).help("keep deficits fixed with an observed or solved baseline, or merge the two"))
}

/// A country that only buys from, or only sells to, others of its component.
pub(crate) struct OneWay {
    country: usize,
    with: usize,
    buys: bool,
}

/// The first such country, if there is one.
pub(crate) fn one_way_trade(economy: &Economy) -> Option<OneWay> {
    let sells = |from: usize, to: usize| (0..economy.sectors).any(|j| economy.share.row(j, to)[from] > 0.0);
    for root in (0..economy.countries).filter(|n| economy.component[*n] == *n) {
        let forward = reached(economy.countries, root, sells);
        let backward = reached(economy.countries, root, |from, to| sells(to, from));
        for n in (0..economy.countries).filter(|n| economy.component[*n] == root) {
            if !(forward[n] && backward[n]) {
                return Some(OneWay { country: n, with: root, buys: forward[n] });
            }
        }
    }
    None
}

/// What can be reached from a country along the links.
fn reached(countries: usize, root: usize, linked: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut seen = vec![false; countries];
    let mut open = vec![root];
    while let Some(from) = open.pop() {
        if !std::mem::replace(&mut seen[from], true) {
            open.extend((0..countries).filter(|to| !seen[*to] && linked(from, *to)));
        }
    }
    seen
}

/// Shares and levels straight from the accounts, before any baseline is solved.
fn shares(world: &World, accounts: &Accounts, elasticities: &Array1<f64>, model: &Model) -> Economy {
    let (n, j) = (world.countries.len(), world.sectors.len());
    let sector_major = |table: &Array2<f64>| -> Vec<f64> { table.t().iter().copied().collect() };
    let theta = elasticities.to_vec();
    let profit_share: Vec<f64> = theta.iter().map(|theta| model.preset.profit_share(*theta)).collect();
    let sales = sector_major(&accounts.sales);
    let expenditure = sector_major(&accounts.expenditure);
    let cost = sector_major(&(accounts.inputs.sum_axis(Axis(1)) + &accounts.value_added));
    // A sector that makes nothing has a cost of labour only: nobody buys from it, so its price moves nobody.
    let value_added_share: Vec<f64> = (cost.iter().zip(&sector_major(&accounts.value_added)))
        .map(|(cost, value)| if *cost > 0.0 { value.max(0.0) / cost } else { 1.0 })
        .collect();
    let final_demand: Vec<f64> = sector_major(&accounts.final_demand).iter().map(|f| f.max(0.0)).collect();
    let income: Vec<f64> = (0..n).map(|country| final_demand.iter().skip(country).step_by(n).sum()).collect();
    let mut labour_income = vec![0.0; n];
    for (at, share) in value_added_share.iter().enumerate() {
        labour_income[at % n] += share * (1.0 - profit_share[at / n]) * sales[at];
    }
    let share = trade_shares(world, &expenditure);
    let mut economy = Economy {
        countries: n,
        sectors: j,
        deficits: model.deficits,
        component: components(&share, n, j),
        scale: theta.iter().map(|theta| model.preset.scale_elasticity(model.scale, *theta)).collect(),
        labour_supply: model.labour_supply_elasticity,
        substitution: theta.clone(),
        nest: None,
        theta,
        profit_share,
        share,
        factor: (0..j * n * n).map(|at| world.tariffs[[at / n % n, at % n, at / (n * n)]].factor().0).collect(),
        value_added_share,
        input_share: input_shares(accounts, &cost),
        final_share: final_demand.iter().enumerate().map(|(at, value)| value / income[at % n]).collect(),
        sales,
        expenditure,
        world_income: vec![0.0; n],
        labour_income,
        income,
        deficit: deficits(world),
        political_weight: world.political_weights.as_ref().map(sector_major),
        baseline_report: SolveReport::not_run(),
        tariffs: world.tariffs.clone(),
        start: OnceLock::new(),
        source: None,
    };
    let mut world_income = vec![0.0; n];
    economy.over_component(economy.labour_income.iter().copied(), &mut world_income);
    economy.world_income = world_income;
    economy
}

/// D: imports less exports, without what is rounding of balanced trade. Where a policy all but ends trade, or there was next to none, a
/// deficit of a billionth of a billionth would otherwise be all of it; so domestic sales, in which it would drown, are left out.
fn deficits(world: &World) -> Vec<f64> {
    let mut deficits = vec![0.0; world.countries.len()];
    let mut traded = deficits.clone();
    for ((n, i, _), flow) in world.flows.indexed_iter().filter(|((n, i, _), _)| n != i) {
        deficits[n] += flow;
        deficits[i] -= flow;
        traded[n] += flow;
        traded[i] += flow;
    }
    let exact = deficits.into_iter().zip(&traded);
    exact.map(|(deficit, traded)| if deficit.abs() > ROUNDING * traded { deficit } else { 0.0 }).collect()
}

/// pi, `[j, n, i]`.
fn trade_shares(world: &World, expenditure: &[f64]) -> Cube {
    let (n, j) = (world.countries.len(), world.sectors.len());
    let mut share = Cube::zeros(j, n);
    for ((importer, exporter, sector), flow) in world.flows.indexed_iter() {
        let spent = flow * world.tariffs[[importer, exporter, sector]].factor().0;
        share.row_mut(sector, importer)[exporter] = ratio(spent, expenditure[sector * n + importer]);
    }
    share
}

/// gamma, `[k, j, n]`, or nothing without intermediate goods.
fn input_shares(accounts: &Accounts, cost: &[f64]) -> Vec<f64> {
    let (n, j) = (accounts.countries.len(), accounts.sectors.len());
    if accounts.inputs.iter().all(|value| *value == 0.0) {
        return Vec::new();
    }
    let value = |at: usize| accounts.inputs[[at % n, at / (j * n), at / n % j]];
    (0..j * j * n).map(|at| ratio(value(at), cost[at % (j * n)])).collect()
}
