//! The derivative backwards: what every unknown, price and tariff is worth to an objective.
//!
//! The functions of `jacobian.rs` in reverse order, each turned around. A bar marks the worth of a quantity: `bar x` is the derivative
//! of the scalar at the end with respect to `x`.

use crate::{
    Deficits, Economy,
    conditions::{Layout, Point, add_input_use, own_deficit, subtract_input_costs},
    kernel::{add_scaled, ratio, row},
    policy::Wedges,
    products::abroad_worth,
};

/// Worths of the quantities between the unknowns and the residuals or the objective.
///
/// As input: what the objective itself says of them. As output of [`reverse`]: their whole worth.
#[derive(Clone, Debug)]
pub(crate) struct Bars {
    /// `[n]`: of ln w.
    pub wage: Vec<f64>,
    /// `[j, n]`: of ln c.
    pub cost: Vec<f64>,
    /// `[j, n]`: of ln Y.
    pub sales: Vec<f64>,
    /// `[j, n]`: of ln P.
    pub price: Vec<f64>,
    /// `[j, n]`: of rho, the tariffs' share of spending.
    pub tariff_share: Vec<f64>,
    /// `[n]`: of ln of labour income.
    pub labour: Vec<f64>,
    /// `[n]`: of income I.
    pub income: Vec<f64>,
    /// `[j, n]`: of intermediate use.
    pub intermediate: Vec<f64>,
    /// `[n]`: of income before any of it is spent, the taxes on spending it not yet counted.
    pub earned: Vec<f64>,
    /// `[n]`: of the deficit D, beside what it adds to income.
    pub deficit: Vec<f64>,
    /// `[n]`: of exports, at the border.
    pub exports: Vec<f64>,
    /// `[n]`: of imports before tariff.
    pub imports: Vec<f64>,
    /// `[j, n]`: of foreign demand over its cost power; with export taxes, at the border.
    demand: Vec<f64>,
    /// `[j, n]`: of demand at the factory gate over its cost power; where it is domestic, of nothing else.
    pub domestic: Vec<f64>,
    /// `[j, n]`: of `sum_i foreign c^-theta dc`.
    pub foreign: Vec<f64>,
    /// `[j, n]`, twice: room for one product with a cube.
    spent: Vec<f64>,
    moved: Vec<f64>,
}

impl Bars {
    pub(crate) fn zero(economy: &Economy) -> Self {
        let Layout { countries, panel } = Layout::of(economy);
        let (vector, table) = (vec![0.0; countries], vec![0.0; panel]);
        Self {
            wage: vector.clone(),
            cost: table.clone(),
            sales: table.clone(),
            price: table.clone(),
            tariff_share: table.clone(),
            labour: vector.clone(),
            income: vector.clone(),
            earned: vector.clone(),
            intermediate: table.clone(),
            deficit: vector.clone(),
            exports: vector.clone(),
            imports: vector,
            demand: table.clone(),
            domestic: table.clone(),
            foreign: table.clone(),
            spent: table.clone(),
            moved: table,
        }
    }

    /// `[j, n]`: what demand from abroad, over the power of its cost, is worth.
    pub(crate) fn demand_worth(&self) -> &[f64] {
        &self.demand
    }

    pub(crate) fn clear(&mut self) {
        for bar in [
            &mut self.wage,
            &mut self.labour,
            &mut self.income,
            &mut self.deficit,
            &mut self.exports,
            &mut self.imports,
            &mut self.cost,
            &mut self.sales,
            &mut self.price,
            &mut self.tariff_share,
            &mut self.intermediate,
            &mut self.domestic,
            &mut self.foreign,
        ] {
            bar.fill(0.0);
        }
    }
}

/// Adds to `bars`, which may hold the objective's own, what residuals weighted with `multipliers` make of them: afterwards
/// `bars.wage`, `bars.cost` and `bars.sales` have gained `J' multipliers` and whatever the objective's bars come to.
pub(crate) fn reverse(economy: &Economy, wedges: &Wedges, point: &Point, multipliers: &[f64], bars: &mut Bars) {
    let (wage, cost, sales) = Layout::of(economy).split(multipliers);
    trade_balance(economy, point, wage, bars);
    bars.sales.iter_mut().zip(sales).for_each(|(bar, multiplier)| *bar += multiplier);
    goods_market(economy, wedges, point, sales, bars);
    income(economy, wedges, point, bars, true);
    labour_supply(economy, bars);
    unit_cost(economy, cost, bars);
    price_index(economy, wedges, point, bars);
}

/// The transpose of [`jacobian::sales_given_costs`](crate::jacobian::sales_given_costs): adds to `bars.wage` and `bars.cost`.
pub(crate) fn sales_given_costs(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    multipliers: &[f64],
    bars: &mut Bars,
) {
    goods_market(economy, wedges, point, multipliers, bars);
    income(economy, wedges, point, bars, false);
    labour_supply(economy, bars);
    price_index(economy, wedges, point, bars);
}

/// The balance of trade and the numeraire.
fn trade_balance(economy: &Economy, point: &Point, multipliers: &[f64], bars: &mut Bars) {
    let n = economy.countries;
    let mut numeraire = vec![0.0; n];
    economy.over_component((0..n).map(|n| multipliers[n] / economy.world_income[n]), &mut numeraire);
    for country in 0..n {
        bars.labour[country] += point.labour_income[country] * numeraire[country];
        let paid = ratio(multipliers[country], point.paid[country]);
        let received = ratio(multipliers[country], point.received[country]);
        bars.imports[country] += paid;
        bars.exports[country] -= received;
        bars.deficit[country] -= if point.deficit[country] > 0.0 { received } else { paid };
    }
}

/// `-d ln demand`, exports and imports, down to prices, income and intermediate use.
fn goods_market(economy: &Economy, wedges: &Wedges, point: &Point, multipliers: &[f64], bars: &mut Bars) {
    let trade = point.trade(wedges);
    economy.each_place(|at, n, j| {
        let (theta, exports) = (economy.substitution[j], bars.exports[n]);
        if economy.sales[at] > 0.0 {
            bars.cost[at] += theta * multipliers[at];
            bars.domestic[at] -= multipliers[at] * point.cost_power[at] / point.demand[at];
        }
        bars.demand[at] = exports * point.cost_power[at];
        bars.cost[at] -= theta * exports * (point.foreign_demand[at] + point.export_tax[at]);
    });
    match &wedges.export {
        None => {
            bars.demand.iter_mut().zip(&bars.domestic).for_each(|(demand, sold)| *demand += sold);
            trade.foreign.times(&bars.demand, &mut bars.moved);
        }
        Some(taxes) => {
            trade.foreign.times(&bars.demand, &mut bars.moved);
            taxes.gate.times(&bars.domestic, &mut bars.spent);
            bars.moved.iter_mut().zip(&bars.spent).for_each(|(moved, sold)| *moved += sold);
        }
    }
    economy.each_place(|at, n, j| {
        let (theta, imports) = (economy.substitution[j], bars.imports[n]);
        let spending = bars.moved[at]
            + trade.domestic[at] * bars.domestic[at]
            + imports * point.foreign_share[at] * point.price_power[at];
        let spent = ratio(spending, point.price_power[at]);
        bars.foreign[at] -= theta * point.spending[at] * imports;
        bars.price[at] += theta * point.spending[at] * spending;
        bars.income[n] += economy.final_share[at] * spent;
        bars.intermediate[at] += spent;
    });
}

/// Income, down to labour income, tariff shares and, if they move, sales.
fn income(economy: &Economy, wedges: &Wedges, point: &Point, bars: &mut Bars, sales_move: bool) {
    let n = economy.countries;
    bars.earned.copy_from_slice(&bars.income);
    point.settle_worth(&mut bars.earned);
    export_taxes(economy, wedges, point, bars);
    let worth = &bars.earned;
    for country in 0..n {
        bars.labour[country] += point.labour_income[country] * worth[country];
    }
    let transfer: Vec<f64> = worth.iter().zip(&bars.deficit).map(|(income, deficit)| income + deficit).collect();
    deficits(economy, point, &transfer, &mut bars.labour);
    for at in 0..bars.tariff_share.len() {
        bars.tariff_share[at] += point.expenditure[at] * worth[at % n];
    }
    if !sales_move {
        return;
    }
    for at in 0..bars.sales.len() {
        bars.sales[at] += economy.profit_share[at / n] * point.sales[at] * worth[at % n];
        if point.price_power[at] > 0.0 {
            bars.intermediate[at] += (1.0 - point.net_share[at]) * worth[at % n];
        }
    }
    // -(-gamma' x): the cost of inputs and their use are transposes of each other up to the sign.
    let mut use_of_sales = vec![0.0; bars.sales.len()];
    subtract_input_costs(economy, &bars.intermediate, &mut use_of_sales);
    for at in 0..bars.sales.len() {
        bars.sales[at] -= point.cost[at] * use_of_sales[at];
    }
}

/// The revenue of export taxes, down to costs, prices and intermediate use.
fn export_taxes(economy: &Economy, wedges: &Wedges, point: &Point, bars: &mut Bars) {
    let Some(taxes) = &wedges.export else { return };
    economy.each_place(|at, n, j| {
        bars.spent[at] = bars.earned[n] * point.cost_power[at];
        bars.cost[at] -= economy.theta[j] * bars.earned[n] * point.export_tax[at];
    });
    let spending = taxes.worth(wedges, &bars.spent);
    economy.each_place(|at, _, j| {
        bars.price[at] += economy.theta[j] * point.spending[at] * spending[at];
        bars.intermediate[at] += ratio(spending[at], point.price_power[at]);
    });
}

/// The closure, down to labour income.
fn deficits(economy: &Economy, point: &Point, worth: &[f64], labour: &mut [f64]) {
    if economy.deficits != Deficits::Share {
        return;
    }
    let n = economy.countries;
    let own = |n: usize| own_deficit(economy, &point.labour_income, n);
    let share = |n: usize| point.labour_income[n] / point.world_income[n];
    let (mut gap, mut taken, mut spread) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    economy.over_component((0..n).map(own), &mut gap);
    economy.over_component((0..n).map(|n| share(n) * worth[n]), &mut taken);
    economy.over_component((0..n).map(|n| share(n) * worth[n] * gap[n]), &mut spread);
    for n in 0..n {
        labour[n] += own(n) * (worth[n] - taken[n]) - share(n) * (worth[n] * gap[n] - spread[n]);
    }
}

/// Labour income, down to wages and prices.
fn labour_supply(economy: &Economy, bars: &mut Bars) {
    let elasticity = economy.labour_supply;
    for (wage, labour) in bars.wage.iter_mut().zip(&bars.labour) {
        *wage += (1.0 + elasticity) * labour;
    }
    if elasticity > 0.0 {
        let n = economy.countries;
        for (at, price) in bars.price.iter_mut().enumerate() {
            *price -= elasticity * economy.final_share[at] * bars.labour[at % n];
        }
    }
}

/// `dc - (1 + psi) (gammaL dw + sum_k gamma d ln P) + psi dY`.
fn unit_cost(economy: &Economy, multipliers: &[f64], bars: &mut Bars) {
    let n = economy.countries;
    let mut bundle = multipliers.to_vec();
    for (at, bundle) in bundle.iter_mut().enumerate() {
        let psi = economy.scale[at / n];
        bars.cost[at] += *bundle;
        bars.sales[at] += psi * *bundle;
        *bundle *= 1.0 + psi;
        bars.wage[at % n] -= economy.value_added_share[at] * *bundle;
    }
    let mut price = vec![0.0; bundle.len()];
    add_input_use(economy, &bundle, &mut price);
    add_scaled(&mut bars.price, -1.0, &price);
}

/// Prices and tariff shares, down to costs.
fn price_index(economy: &Economy, wedges: &Wedges, point: &Point, bars: &mut Bars) {
    if let (Some(nest), Some(wedges)) = (&economy.nest, &wedges.nest) {
        let abroad = abroad_worth(point, bars);
        let worths = [&bars.price, &bars.tariff_share, &abroad, &bars.demand, &bars.domestic];
        return nest.substitute_transposed(wedges, point, worths.map(Vec::as_slice), &mut bars.cost);
    }
    economy.each_place(|at, _, j| {
        let gross = bars.price[at] - point.net_share[at] * economy.theta[j] * bars.tariff_share[at];
        bars.spent[at] = ratio(gross, point.price_power[at]);
    });
    wedges.trade.weight.transpose_times(&bars.spent, &mut bars.moved);
    economy.each_place(|at, _, j| {
        let net = ratio(economy.theta[j] * bars.tariff_share[at], point.price_power[at]);
        bars.cost[at] += point.cost_power[at] * (bars.moved[at] + net * wedges.trade.domestic[at]);
        bars.spent[at] = net + bars.foreign[at];
    });
    wedges.trade.foreign.transpose_times(&bars.spent, &mut bars.moved);
    for at in 0..bars.cost.len() {
        bars.cost[at] += point.cost_power[at] * bars.moved[at];
    }
}

/// What moving the costs of one cell by one log point is worth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellWorth {
    /// Of the tariff factor.
    pub tariff: f64,
    /// Of the iceberg cost.
    pub trade_cost: f64,
    /// Of one plus the export tax, beside what it does as a trade cost: at given spending at the border the seller gets less and its
    /// government more.
    pub export_tax: f64,
}

/// What moving the costs of each cell that one importer buys in one sector is worth, `at` in `[j, n]`, exporter by exporter, given whole bars.
#[inline(always)]
pub(crate) fn policy_of_buyer(
    economy: &Economy,
    wedges: &Wedges,
    point: &Point,
    bars: &Bars,
    at: usize,
    mut take: impl FnMut(usize, CellWorth),
) {
    let n = economy.countries;
    let (j, importer) = (at / n, at % n);
    let (theta, spending) = (economy.theta[j], point.spending[at]);
    let of_price_power = ratio(1.0, point.price_power[at]);
    let (powers, sold) = (row(&point.cost_power, n, j), row(&bars.domestic, n, j));
    let gross = wedges.trade.weight.row(j, importer);
    let (border, gate) = (wedges.trade.foreign.row(j, importer), wedges.at_gate(&wedges.trade).row(j, importer));
    for i in 0..n {
        let power = powers[i];
        let net = if i == importer { wedges.trade.domestic[at] } else { border[i] };
        // Of foreign demand at the factory gate over its cost power, at given demand at the border.
        let at_gate = sold[i] - bars.earned[i] * power;
        let worth = if i == importer {
            net * sold[i]
        } else {
            net * ((bars.exports[i] + bars.imports[importer] + bars.earned[i]) * power) + gate[i] * at_gate
        };
        let share = gross[i] * power * of_price_power;
        let net_share = net * power * of_price_power;
        let bought = worth * spending;
        let substituted = theta * (bars.tariff_share[at] * (net_share - point.net_share[at] * share) - bought);
        let trade_cost = bars.price[at] * share + substituted;
        let tariff = trade_cost + bars.tariff_share[at] * net_share - bought;
        take(i, CellWorth { tariff, trade_cost, export_tax: -gate[i] * spending * at_gate });
    }
}

#[cfg(test)]
mod tests {
    use cobden_world::{Rate, toy::Toy};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::kernel::dot;
    use crate::{
        Model, Policy, Preset, Settings,
        jacobian::{self, Scratch},
    };

    /// `<J v, u> = <v, J' u>` at random points of random worlds, under every preset and closure.
    #[test]
    fn is_the_transpose_of_the_jacobian() {
        for seed in 0..20 {
            for (_, preset) in Preset::ALL {
                for deficits in [Deficits::Fixed, Deficits::Share, Deficits::None] {
                    let gap = gap(preset, deficits, seed);
                    assert!(gap < 1e-12, "{preset:?} {deficits:?} seed {seed}: {gap}");
                }
            }
        }
    }

    fn gap(preset: Preset, deficits: Deficits, seed: u64) -> f64 {
        let toy = Toy { inputs: preset.has_inputs(), balanced_trade: true, zero_flows: 0.3, seed, ..Toy::default() };
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
        let mut economy =
            Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &model, &Settings::default()).unwrap();
        let wedges = economy.wedges(&Policy { tariffs: other.tariffs, trade_cost: None, export_taxes });
        let length = Layout::of(&economy).len();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = |count: usize| -> Vec<f64> { (0..count).map(|_| random.random::<f64>() - 0.5).collect() };
        // Deficits of any size, though the baseline is balanced: the closure's own derivative is tested too.
        economy.deficit =
            draw(economy.countries).iter().zip(&economy.labour_income).map(|(d, wl)| 0.2 * d * wl).collect();
        let mut point = Point::baseline(&economy);
        point.unknowns = draw(length).iter().map(|x| 0.4 * x).collect();
        point.evaluate(&economy, &wedges, &mut vec![0.0; length]);
        let (v, u) = (draw(length), draw(length));
        let mut forward = vec![0.0; length];
        jacobian::apply(&economy, &wedges, &point, &mut Scratch::new(&economy), &v, &mut forward);
        let mut bars = Bars::zero(&economy);
        reverse(&economy, &wedges, &point, &u, &mut bars);
        let backward = [bars.wage, bars.cost, bars.sales].concat();
        let (left, right) = (dot(&forward, &u), dot(&v, &backward));
        let scale = forward.iter().zip(&u).map(|(a, b)| (a * b).abs()).sum::<f64>();
        (left - right).abs() / scale
    }
}
