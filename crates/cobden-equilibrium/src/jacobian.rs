//! The derivative of the conditions: one function that applies it to a direction.

use crate::{
    Deficits, Economy,
    conditions::{Layout, Point, add_input_use, own_deficit, subtract_input_costs},
    kernel::{ratio, row, row_mut},
    policy::Wedges,
    products::Substituted,
};

/// Room for one application of the derivative, so that repeated ones do not allocate.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    /// `[j, n]`: c^-theta dc.
    moved: Vec<f64>,
    /// `[j, n]`: d ln P.
    price: Vec<f64>,
    /// `[j, n]`: change of the foreign part of spending over its price power, prices aside: sum_i foreign c^-theta dc.
    foreign: Vec<f64>,
    /// `[j, n]`: d rho, the change of the share of spending that is tariff.
    tariff_share: Vec<f64>,
    /// `[j, n]`: change of the cost of sectors, (1 - m) dY.
    cost: Vec<f64>,
    /// `[j, n]`: change of intermediate use.
    intermediate: Vec<f64>,
    /// Where products are traded: what their prices make buyers turn to.
    substituted: Option<Substituted>,
    /// `[n]`: d ln of labour income.
    labour: Vec<f64>,
    /// `[n]`: dD.
    deficit: Vec<f64>,
    /// `[n]`: dI.
    income: Vec<f64>,
    /// `[n]`: change of exports.
    exports: Vec<f64>,
    /// `[n]`: change of imports before tariff.
    imports: Vec<f64>,
    /// `[j, n]`: change of spending, over its price power.
    spending: Vec<f64>,
    /// `[j, n]`: change of foreign demand, over its cost power.
    demand: Vec<f64>,
    /// `[n]`, three times: sums over components.
    sums: [Vec<f64>; 3],
    /// `[j, n]`: a right-hand side, for the preconditioner.
    pub right: Vec<f64>,
}

impl Scratch {
    pub(crate) fn new(economy: &Economy) -> Self {
        let Layout { countries: n, panel } = Layout::of(economy);
        let (vector, table) = (vec![0.0; n], vec![0.0; panel]);
        Self {
            substituted: economy.nest.is_some().then(|| Substituted::new(panel)),
            moved: table.clone(),
            spending: table.clone(),
            demand: table.clone(),
            price: table.clone(),
            foreign: table.clone(),
            labour: vector.clone(),
            deficit: vector.clone(),
            exports: vector.clone(),
            imports: vector.clone(),
            tariff_share: table.clone(),
            cost: table.clone(),
            intermediate: table.clone(),
            right: table,
            income: vector.clone(),
            sums: [vector.clone(), vector.clone(), vector],
        }
    }
}

/// The same from the direction alone.
pub(crate) fn apply(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    scratch: &mut Scratch,
    direction: &[f64],
    out: &mut [f64],
) {
    let (_, cost, _) = Layout::of(economy).split(direction);
    price_index(economy, wedges, point, scratch, cost);
    apply_at_prices(economy, wedges, point, scratch, direction, out);
}

/// `out = J direction`, the derivative of the residuals of [`Point::evaluate`] at `point`, where `scratch` already holds the prices that
/// the direction's costs make.
pub(crate) fn apply_at_prices(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    scratch: &mut Scratch,
    direction: &[f64],
    out: &mut [f64],
) {
    let layout = Layout::of(economy);
    let (wage, cost, sales) = layout.split(direction);
    let (out_wage, out_cost, out_sales) = layout.split_mut(out);
    unit_cost(economy, scratch, wage, cost, sales, out_cost);
    labour_supply(economy, scratch, wage);
    income(economy, wedges, point, scratch, cost, Some(sales));
    goods_market(economy, wedges, point, scratch, cost, out_sales);
    out_sales.iter_mut().zip(sales).for_each(|(out, sales)| *out += sales);
    trade_balance(economy, point, scratch, out_wage);
}

/// The part of the goods market's row that wages and costs make, at given sales.
pub(crate) fn sales_given_costs(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    scratch: &mut Scratch,
    wage: &[f64],
    cost: &[f64],
    out: &mut [f64],
) {
    price_index(economy, wedges, point, scratch, cost);
    labour_supply(economy, scratch, wage);
    income(economy, wedges, point, scratch, cost, None);
    goods_market(economy, wedges, point, scratch, cost, out);
}

/// `d ln P = sum_i pi' dc_i` and `d rho = theta (sum_i pi'/T' dc_i - net_share d ln P)`.
fn price_index(economy: &Economy, wedges: &Wedges, point: &Point, scratch: &mut Scratch, cost: &[f64]) {
    if let (Some(nest), Some(wedges), Some(substituted)) = (&economy.nest, &wedges.nest, &mut scratch.substituted) {
        let outs = [&mut scratch.price, &mut scratch.tariff_share, &mut scratch.foreign];
        return nest.substitute(wedges, point, cost, outs.map(Vec::as_mut_slice), substituted);
    }
    let n = economy.countries;
    let moved = scratch.moved.iter_mut().zip(&point.cost_power).zip(cost);
    moved.for_each(|((moved, power), cost)| *moved = power * cost);
    wedges.trade.weight.times(&scratch.moved, &mut scratch.price);
    wedges.trade.foreign.times(&scratch.moved, &mut scratch.foreign);
    for j in 0..economy.sectors {
        let (theta, power, net_share) = (economy.theta[j], row(&point.price_power, n, j), row(&point.net_share, n, j));
        let (foreign, domestic) = (row(&scratch.foreign, n, j), row(&wedges.trade.domestic, n, j));
        let (moved, price) = (row(&scratch.moved, n, j), row_mut(&mut scratch.price, n, j));
        let tariff_share = row_mut(&mut scratch.tariff_share, n, j);
        for i in 0..n {
            price[i] = ratio(price[i], power[i]);
            let net = ratio(foreign[i] + domestic[i] * moved[i], power[i]);
            tariff_share[i] = theta * (net - net_share[i] * price[i]);
        }
    }
}

/// `dc - (1 + psi) (gammaL dw + sum_k gamma d ln P) + psi dY`.
fn unit_cost(economy: &Economy, scratch: &Scratch, wage: &[f64], cost: &[f64], sales: &[f64], out: &mut [f64]) {
    let n = economy.countries;
    for j in 0..economy.sectors {
        let (out, share) = (row_mut(out, n, j), row(&economy.value_added_share, n, j));
        (0..n).for_each(|i| out[i] = -share[i] * wage[i]);
    }
    subtract_input_costs(economy, &scratch.price, out);
    for j in 0..economy.sectors {
        let psi = economy.scale[j];
        let (out, cost, sales) = (row_mut(out, n, j), row(cost, n, j), row(sales, n, j));
        (0..n).for_each(|i| out[i] = cost[i] + (1.0 + psi) * out[i] + psi * sales[i]);
    }
}

/// `d ln (w L) = dw + kappa_L (dw - sum_j alpha d ln P)`.
fn labour_supply(economy: &Economy, scratch: &mut Scratch, wage: &[f64]) {
    let elasticity = economy.labour_supply;
    if elasticity > 0.0 {
        economy.over_consumption(&scratch.price, &mut scratch.labour);
        scratch.labour.iter_mut().zip(wage).for_each(|(out, wage)| *out = wage + elasticity * (wage - *out));
    } else {
        scratch.labour.copy_from_slice(wage);
    }
}

/// `dI = (w L wL d ln (w L) + sum m dY + dD + sum X d rho + sum rho d(intermediate)) / untaxed`, with `dY = 0` if no sales are given; with
/// export taxes `dE` too, and all incomes together.
fn income(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    scratch: &mut Scratch,
    cost: &[f64],
    sales: Option<&[f64]>,
) {
    let n = economy.countries;
    deficits(economy, point, scratch);
    for country in 0..n {
        scratch.income[country] = scratch.deficit[country] + point.labour_income[country] * scratch.labour[country];
    }
    for j in 0..economy.sectors {
        let (expenditure, tariff_share) = (row(&point.expenditure, n, j), row(&scratch.tariff_share, n, j));
        let income = &mut scratch.income[..n];
        (0..n).for_each(|i| income[i] += expenditure[i] * tariff_share[i]);
    }
    scratch.intermediate.fill(0.0);
    if let Some(sales) = sales {
        for j in 0..economy.sectors {
            let (profit_share, sales, level) = (economy.profit_share[j], row(sales, n, j), row(&point.sales, n, j));
            let (income, cost) = (&mut scratch.income[..n], row_mut(&mut scratch.cost, n, j));
            let cost_level = row(&point.cost, n, j);
            for i in 0..n {
                income[i] += profit_share * level[i] * sales[i];
                cost[i] = cost_level[i] * sales[i];
            }
        }
        add_input_use(economy, &scratch.cost, &mut scratch.intermediate);
        for j in 0..economy.sectors {
            let (power, net_share) = (row(&point.price_power, n, j), row(&point.net_share, n, j));
            let (income, used) = (&mut scratch.income[..n], row(&scratch.intermediate, n, j));
            for i in 0..n {
                income[i] += if power[i] > 0.0 { (1.0 - net_share[i]) * used[i] } else { 0.0 };
            }
        }
    }
    if let Some(taxes) = &wedges.export {
        // dE before any income moves: dE_i = sum_nj (border - gate) d spending - theta dc E.
        economy.each_place(|at, _, j| {
            let used = ratio(scratch.intermediate[at], point.price_power[at]);
            scratch.spending[at] = economy.theta[j] * scratch.price[at] * point.spending[at] + used;
        });
        let levied = taxes.levied(wedges, &scratch.spending);
        economy.each_place(|at, exporter, j| {
            scratch.income[exporter] +=
                levied[at] * point.cost_power[at] - economy.theta[j] * cost[at] * point.export_tax[at];
        });
    }
    point.settle(&mut scratch.income);
}

/// `dD` of each closure.
fn deficits(economy: &Economy, point: &Point, scratch: &mut Scratch) {
    scratch.deficit.fill(0.0);
    if economy.deficits != Deficits::Share {
        return;
    }
    let n = economy.countries;
    let own = |n: usize| own_deficit(economy, &point.labour_income, n);
    let labour = &scratch.labour;
    let [gap, gap_moved, world_moved] = &mut scratch.sums;
    economy.over_component((0..n).map(own), gap);
    economy.over_component((0..n).map(|n| own(n) * labour[n]), gap_moved);
    economy.over_component((0..n).map(|n| point.labour_income[n] * labour[n]), world_moved);
    for (n, out) in scratch.deficit.iter_mut().enumerate() {
        let share = point.labour_income[n] / point.world_income[n];
        *out =
            own(n) * labour[n] - share * ((labour[n] - world_moved[n] / point.world_income[n]) * gap[n] + gap_moved[n]);
    }
}

/// `-d ln demand`, with `d ln demand_i = -theta dc_i + sum_n M' (theta d ln P + d ln X) / demand_i`.
fn goods_market(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    scratch: &mut Scratch,
    cost: &[f64],
    out: &mut [f64],
) {
    let n = economy.countries;
    let trade = point.trade(wedges);
    scratch.exports.fill(0.0);
    scratch.imports.fill(0.0);
    for j in 0..economy.sectors {
        let (theta, share, used) =
            (economy.substitution[j], row(&economy.final_share, n, j), row(&scratch.intermediate, n, j));
        let (power, foreign_share) = (row(&point.price_power, n, j), row(&point.foreign_share, n, j));
        let (price, foreign) = (row(&scratch.price, n, j), row(&scratch.foreign, n, j));
        let (spending, level) = (row_mut(&mut scratch.spending, n, j), row(&point.spending, n, j));
        let (income, imports) = (&scratch.income[..n], &mut scratch.imports[..n]);
        for i in 0..n {
            let spent = share[i] * income[i] + used[i];
            spending[i] = theta * price[i] * level[i] + ratio(spent, power[i]);
            imports[i] += spending[i] * (foreign_share[i] * power[i]) - theta * level[i] * foreign[i];
        }
    }
    wedges.at_gate(trade).transpose_times(&scratch.spending, &mut scratch.demand);
    for j in 0..economy.sectors {
        let (theta, cost, sales) = (economy.substitution[j], row(cost, n, j), row(&economy.sales, n, j));
        let (power, domestic) = (row(&point.cost_power, n, j), row(&trade.domestic, n, j));
        let (abroad, demand) = (row(&point.foreign_demand, n, j), row(&point.demand, n, j));
        let (spending, moved) = (row(&scratch.spending, n, j), row(&scratch.demand, n, j));
        let (exports, out) = (&mut scratch.exports[..n], row_mut(out, n, j));
        for i in 0..n {
            let foreign = moved[i] * power[i];
            exports[i] += foreign - theta * cost[i] * abroad[i];
            let moved = foreign + domestic[i] * spending[i] * power[i];
            // A sector that sells nothing has no demand to move.
            out[i] = if sales[i] > 0.0 { theta * cost[i] - moved / demand[i] } else { 0.0 };
        }
    }
    if let Some(substituted) = &scratch.substituted {
        economy.each_place(|at, n, _| {
            let (abroad, home) = (substituted.foreign[at], substituted.domestic[at]);
            scratch.imports[n] += point.expenditure[at] * scratch.foreign[at];
            scratch.exports[n] += abroad;
            out[at] -= if economy.sales[at] > 0.0 { (abroad + home) / point.demand[at] } else { 0.0 };
        });
    }
    if let Some(taxes) = &wedges.export {
        let levied = taxes.levied(wedges, &scratch.spending);
        economy.each_place(|at, exporter, j| {
            scratch.exports[exporter] +=
                levied[at] * point.cost_power[at] - economy.theta[j] * cost[at] * point.export_tax[at];
        });
    }
}

/// `d ln paid - d ln received`, and the numeraire.
pub(crate) fn trade_balance(economy: &Economy, point: &Point, scratch: &mut Scratch, out: &mut [f64]) {
    let world_moved = &mut scratch.sums[0];
    let moved = point.labour_income.iter().zip(&scratch.labour).map(|(income, labour)| income * labour);
    economy.over_component(moved, world_moved);
    for (n, out) in out.iter_mut().enumerate() {
        let (made, got) = if point.deficit[n] > 0.0 { (0.0, scratch.deficit[n]) } else { (-scratch.deficit[n], 0.0) };
        let paid = ratio(scratch.imports[n] + made, point.paid[n]);
        let received = ratio(scratch.exports[n] + got, point.received[n]);
        *out = paid - received + world_moved[n] / economy.world_income[n];
    }
}

#[cfg(test)]
mod tests {
    use cobden_world::{Rate, toy::Toy};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::{Model, Policy, Preset, Settings};

    /// `J v` against central differences of the residuals, at random points of random worlds under every preset and closure.
    #[test]
    fn agrees_with_central_differences() {
        let presets = Preset::ALL.map(|(_, preset)| preset);
        let closures = [Deficits::Fixed, Deficits::Share, Deficits::None];
        for seed in 0..20 {
            for preset in presets {
                for deficits in closures {
                    let gap = worst_gap(preset, deficits, seed);
                    // Central differences of step 1e-5 are good to some 1e-9 here.
                    assert!(gap < 1e-7, "{preset:?} {deficits:?} seed {seed}: {gap}");
                }
            }
        }
    }

    fn worst_gap(preset: Preset, deficits: Deficits, seed: u64) -> f64 {
        let toy = Toy {
            inputs: preset.has_inputs(),
            balanced_trade: preset == Preset::Ossa,
            zero_flows: 0.3,
            seed,
            ..Toy::default()
        };
        let world = toy.world();
        let other = Toy { highest_tariff: Rate(1.0), seed: seed + 1000, ..toy }.world();
        // A third of the worlds with export taxes, some of them subsidies.
        let export_taxes = seed.is_multiple_of(3).then(|| {
            ndarray::Array3::from_shape_fn(world.flows.dim(), |(n, i, j)| {
                Rate(if n == i { 0.0 } else { 0.1 * ((n + 2 * i + 3 * j) % 5) as f64 - 0.1 })
            })
        });
        let labour_supply_elasticity = if seed.is_multiple_of(2) { 0.0 } else { 0.6 };
        let model = Model { preset, deficits, labour_supply_elasticity, ..Model::default() };
        let economy =
            Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &model, &Settings::default()).unwrap();
        let wedges = economy.wedges(&Policy { tariffs: other.tariffs, trade_cost: None, export_taxes });
        let length = Layout::of(&economy).len();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = |size: f64| -> Vec<f64> { (0..length).map(|_| size * (random.random::<f64>() - 0.5)).collect() };
        let (here, direction) = (draw(0.4), draw(2.0));
        let residual_at = |step: f64| {
            let mut point = Point::baseline(&economy);
            point.unknowns = here.iter().zip(&direction).map(|(here, direction)| here + step * direction).collect();
            let mut residual = vec![0.0; length];
            point.evaluate(&economy, &wedges, &mut residual);
            (point, residual)
        };
        let mut product = vec![0.0; length];
        apply(&economy, &wedges, &residual_at(0.0).0, &mut Scratch::new(&economy), &direction, &mut product);
        let (ahead, behind) = (residual_at(1e-5).1, residual_at(-1e-5).1);
        let differences = ahead.iter().zip(&behind).map(|(ahead, behind)| (ahead - behind) / 2e-5);
        differences.zip(&product).map(|(difference, product)| (difference - product).abs()).fold(0.0, f64::max)
    }
}
