//! An approximate inverse of the derivative, so that GMRES takes a handful of steps.
//!
//! In the order wage, cost, sales the derivative is nearly block triangular once the wage block is replaced by its Schur
//! complement: wages move costs, costs and wages move sales, and sales move trade. Inside a country the chain of
//! inputs is inverted exactly; that a chain also passes through other countries is left to GMRES. Cheap, and close because most
//! inputs are domestic; without intermediate goods it is the exact inverse.
//!
//! With economies of scale sales move costs in turn, and the nearer to free entry the more: demand then answers cost almost as sales answer
//! demand. That loop is closed inside each country, for the part that its own costs have in the demand for what it makes.

use faer::{
    Accum, MatMut, MatRef, Par,
    linalg::matmul::matmul,
    linalg::solvers::{DenseSolveCore, PartialPivLu},
    prelude::Solve,
};

use crate::{
    Economy,
    adjoint::{self, Bars},
    conditions::{Layout, Point},
    jacobian::{self, Scratch},
    kernel::{add_links, add_links_transposed, add_product, ratio, row, row_mut},
    policy::Wedges,
};

/// The approximate inverse made at one point; good also for points around it.
///
/// What is kept of the point are the inverses, the costly part; [`Preconditioner::apply`] takes prices and demand where it is used.
#[derive(Debug)]
pub(crate) struct Preconditioner {
    /// `[j, k, n]`: per country, the inverse of `I - gamma pi_nn`: costs through domestic inputs. Empty without inputs and scale.
    cost: Vec<f64>,
    /// `[j, k, n]`: per country, the inverse of the sales that domestic sectors make to each other, with what they do to costs and those to
    /// demand where there are economies of scale. Empty without either.
    sales: Vec<f64>,
    /// The Schur complement of the wages.
    wage: PartialPivLu<f64>,
}

impl Preconditioner {
    /// Builds it at a point already evaluated, for the derivative plus `shift` times the identity.
    pub(crate) fn new(economy: &Economy, wedges: &Wedges, point: &Point, shift: f64) -> Self {
        let n = economy.countries;
        let panel = Layout::of(economy).panel;
        let trade = point.trade(wedges);
        // Share of each input bought at home, and, per unit spent on a good, the part of its home sales.
        let own = |at: usize| ratio(point.cost_power[at], point.price_power[at]);
        let bought: Vec<f64> = (0..panel).map(|at| trade.weight.row(at / n, at % n)[at % n] * own(at)).collect();
        let sold: Vec<f64> = (0..panel).map(|at| ratio(trade.domestic[at] * own(at), point.demand[at])).collect();
        let used = |k: usize, j: usize, n_: usize| {
            if economy.has_inputs() { economy.input_share_of(k)[j * n + n_] } else { 0.0 }
        };
        let cost =
            inverse_chain(economy, shift, |j, k, n_| (1.0 + economy.scale[j]) * used(k, j, n_) * bought[k * n + n_]);
        let sells = |k: usize, j: usize, n_: usize| sold[k * n + n_] * used(k, j, n_) * point.cost[j * n + n_];
        let answer = economy.has_scale().then(|| answer_of_demand(economy, wedges, point));
        let sales = match &answer {
            None => inverse_chain(economy, shift, sells),
            Some(answer) => inverse_loop(economy, shift, &cost, answer, sells),
        };
        let mut content: Vec<f64> = vec![0.0; panel];
        let direct: Vec<f64> = (0..panel).map(|at| labour_content(economy, at, at / n)).collect();
        chain(economy, &cost, &direct, &mut content);
        if let Some(answer) = &answer {
            // A wage also moves what is sold, and that moves costs.
            let lost: Vec<f64> = answer.iter().zip(&content).map(|(answer, content)| answer * content).collect();
            let mut fewer = vec![0.0; panel];
            chain(economy, &sales, &lost, &mut fewer);
            scale(economy, &mut fewer);
            add_links(&cost, n, 1.0, &fewer, &mut content);
        }
        let wage = schur(economy, wedges, point, shift, &content);
        Self { cost, sales, wage }
    }

    /// `moved = M^-1 v` and `out = J moved`, the product that GMRES wants, together: both need the prices that costs make.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn product(
        &self,
        economy: &Economy,
        wedges: &Wedges,
        point: &Point,
        scratch: &mut Scratch,
        v: &[f64],
        moved: &mut [f64],
        out: &mut [f64],
    ) {
        self.apply(economy, wedges, point, scratch, v, moved);
        if economy.has_scale() {
            jacobian::apply(economy, wedges, point, scratch, moved, out);
        } else if economy.sales_feed_back() {
            jacobian::apply_at_prices(economy, wedges, point, scratch, moved, out);
        } else {
            // Costs and sales are exactly undone, and exports and imports are those that the inverse has just moved.
            out.copy_from_slice(v);
            jacobian::trade_balance(economy, point, scratch, Layout::of(economy).split_mut(out).0);
        }
    }

    /// `out = M^-1 v`; leaves in `scratch` the prices that its costs make where there are no economies of scale.
    pub(crate) fn apply(
        &self,
        economy: &Economy,
        wedges: &Wedges,
        point: &Point,
        scratch: &mut Scratch,
        v: &[f64],
        out: &mut [f64],
    ) {
        let layout = Layout::of(economy);
        let (v_wage, v_cost, v_sales) = layout.split(v);
        let (wage, cost, sales) = layout.split_mut(out);
        wage.copy_from_slice(v_wage);
        self.wage.solve_in_place(MatMut::from_column_major_slice_mut(wage, economy.countries, 1));
        scratch.right.copy_from_slice(v_cost);
        let n = economy.countries;
        for j in 0..economy.sectors {
            let (scale, share) = (1.0 + economy.scale[j], row(&economy.value_added_share, n, j));
            let (right, wage) = (row_mut(&mut scratch.right, n, j), &wage[..n]);
            (0..n).for_each(|i| right[i] += scale * share[i] * wage[i]);
        }
        chain(economy, &self.cost, &scratch.right, cost);
        jacobian::sales_given_costs(economy, wedges, point, scratch, wage, cost, sales);
        for ((right, v), moved) in scratch.right.iter_mut().zip(v_sales).zip(sales.iter()) {
            *right = v - moved;
        }
        chain(economy, &self.sales, &scratch.right, sales);
        if economy.has_scale() {
            scratch.right.copy_from_slice(sales);
            scale(economy, &mut scratch.right);
            add_links(&self.cost, n, -1.0, &scratch.right, cost);
        }
    }
}

impl Preconditioner {
    /// `out = M'^-1 v`: the steps of [`Preconditioner::apply`] in reverse order, each transposed.
    pub(crate) fn apply_transpose(
        &self,
        economy: &Economy,
        wedges: &Wedges,
        point: &Point,
        bars: &mut Bars,
        v: &[f64],
        out: &mut [f64],
    ) {
        let layout = Layout::of(economy);
        let (v_wage, v_cost, v_sales) = layout.split(v);
        let (wage, cost, sales) = layout.split_mut(out);
        let mut worth = v_sales.to_vec();
        if economy.has_scale() {
            let mut moved = transpose_chain(economy, &self.cost, v_cost);
            scale(economy, &mut moved);
            worth.iter_mut().zip(&moved).for_each(|(worth, moved)| *worth -= moved);
        }
        sales.copy_from_slice(&transpose_chain(economy, &self.sales, &worth));
        bars.clear();
        if sales.iter().any(|worth| *worth != 0.0) {
            adjoint::sales_given_costs(economy, wedges, point, sales, bars);
        }
        let left: Vec<f64> = v_cost.iter().zip(&bars.cost).map(|(v, moved)| v - moved).collect();
        cost.copy_from_slice(&transpose_chain(economy, &self.cost, &left));
        for country in 0..economy.countries {
            wage[country] = v_wage[country] - bars.wage[country];
        }
        economy.each_place(|at, n, j| wage[n] += labour_content(economy, at, j) * cost[at]);
        self.wage.solve_transpose_in_place(MatMut::from_column_major_slice_mut(wage, economy.countries, 1));
    }
}

/// How unit cost answers the wage directly, at given sales.
fn labour_content(economy: &Economy, at: usize, sector: usize) -> f64 {
    (1.0 + economy.scale[sector]) * economy.value_added_share[at]
}

/// `psi` times each sector's values, in place.
fn scale(economy: &Economy, values: &mut [f64]) {
    for (values, psi) in values.chunks_exact_mut(economy.countries).zip(&economy.scale) {
        values.iter_mut().for_each(|value| *value *= psi);
    }
}

/// How demand for what each makes answers its own cost, `[j, n]`: `theta (1 - sum_n M'_nij pi'_nij / Y'_ij)`, less where it is most of a market.
fn answer_of_demand(economy: &Economy, wedges: &Wedges, point: &Point) -> Vec<f64> {
    let n = economy.countries;
    let trade = point.trade(wedges);
    let mut own = vec![0.0; economy.sales.len()];
    for at in 0..own.len() {
        let (sector, importer) = (at / n, at % n);
        let (gross, gate) = (trade.weight.row(sector, importer), wedges.at_gate(trade).row(sector, importer));
        let (powers, own) = (row(&point.cost_power, n, sector), row_mut(&mut own, n, sector));
        for i in 0..n {
            let net = if i == importer { trade.domestic[at] } else { gate[i] };
            own[i] += net * powers[i] * point.spending[at] * ratio(gross[i] * powers[i], point.price_power[at]);
        }
    }
    let answer = own.iter().zip(&point.demand).enumerate();
    answer
        .map(|(at, (own, demand))| if *demand > 0.0 { economy.theta[at / n] * (1.0 - own / demand) } else { 0.0 })
        .collect()
}

/// The inverse of `(1 + shift) I - sells - answer cost psi` in every country, `[row, column, n]`: sales that move costs that move demand. No M-matrix.
fn inverse_loop(
    economy: &Economy,
    shift: f64,
    cost: &[f64],
    answer: &[f64],
    sells: impl Fn(usize, usize, usize) -> f64,
) -> Vec<f64> {
    let (n, j) = (economy.countries, economy.sectors);
    let mut out = vec![0.0; j * j * n];
    for country in 0..n {
        let matrix = faer::Mat::from_fn(j, j, |row, column| {
            let identity = if row == column { 1.0 + shift } else { 0.0 };
            let through_cost = cost[(row * j + column) * n + country] * economy.scale[column];
            identity - sells(row, column, country) - answer[row * n + country] * through_cost
        });
        let inverse = matrix.partial_piv_lu().inverse();
        for place in 0..j * j {
            out[place * n + country] = inverse[(place / j, place % j)];
        }
    }
    out
}

/// `out_j = sum_k inverse_jk v_k` in each country.
fn chain(economy: &Economy, inverse: &[f64], v: &[f64], out: &mut [f64]) {
    if inverse.is_empty() {
        out.copy_from_slice(v);
        return;
    }
    out.fill(0.0);
    add_links(inverse, economy.countries, 1.0, v, out);
}

/// The inverse of `(1 + shift) I - chain(row, column)` in every country at once, `[row, column, n]`, by Gauss-Jordan elimination.
///
/// The chain is non-negative with a spectral radius below one (inputs cost less than what they make), so `I - chain` is an
/// M-matrix and needs no pivoting; all countries go through the same steps side by side.
fn inverse_chain(economy: &Economy, shift: f64, chain: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
    if !(economy.has_inputs() || economy.has_scale()) {
        return Vec::new();
    }
    let (n, j) = (economy.countries, economy.sectors);
    let width = j * n;
    let mut a = vec![0.0; j * width];
    for (row, values) in a.chunks_exact_mut(width).enumerate() {
        for (at, value) in values.iter_mut().enumerate() {
            let identity = if row == at / n { 1.0 + shift } else { 0.0 };
            *value = identity - chain(row, at / n, at % n);
        }
    }
    let mut pivot_row = vec![0.0; width];
    let mut factor = vec![0.0; n];
    for pivot in 0..j {
        let at = pivot * width + pivot * n;
        for country in 0..n {
            factor[country] = 1.0 / a[at + country];
            a[at + country] = 1.0;
        }
        for values in a[pivot * width..(pivot + 1) * width].chunks_exact_mut(n) {
            values.iter_mut().zip(&factor).for_each(|(value, factor)| *value *= factor);
        }
        pivot_row.copy_from_slice(&a[pivot * width..(pivot + 1) * width]);
        for row in (0..j).filter(|row| *row != pivot) {
            let start = row * width;
            for (country, factor) in factor.iter_mut().enumerate() {
                *factor = -a[start + pivot * n + country];
                a[start + pivot * n + country] = 0.0;
            }
            for (values, pivots) in a[start..start + width].chunks_exact_mut(n).zip(pivot_row.chunks_exact(n)) {
                add_product(values, &factor, pivots);
            }
        }
    }
    a
}

/// How the balance of trade answers wages once costs have, through domestic chains, and spending with incomes: an `N x N` matrix.
///
/// Intermediate use is taken to move with the wages at home; without intermediate goods nothing is approximate.
fn schur(economy: &Economy, wedges: &Wedges, point: &Point, shift: f64, content: &[f64]) -> PartialPivLu<f64> {
    let (n, j) = (economy.countries, economy.sectors);
    let trade = point.trade(wedges);
    let labour = labour_response(economy, wedges, point, content);
    let income = income_response(economy, wedges, point, content, &labour);
    let mut world = vec![0.0; n];
    let mut matrix = faer::Mat::zeros(n, n);
    for l in 0..n {
        economy
            .over_component((0..n).map(|country| point.labour_income[country] * labour[country * n + l]), &mut world);
        for (country, world) in world.iter().enumerate() {
            matrix[(country, l)] = world / economy.world_income[country] + if country == l { shift } else { 0.0 };
        }
    }
    let mut exported = vec![0.0; n * n];
    let mut spending = vec![0.0; n * n];
    for sector in 0..j {
        let theta = economy.theta[sector];
        for importer in 0..n {
            let at = sector * n + importer;
            let (gross, foreign) = (trade.weight.row(sector, importer), trade.foreign.row(sector, importer));
            let price_power = point.price_power[at];
            let substituted = theta * ratio(point.spending[at], price_power);
            let imports = point.foreign_share[at] * price_power;
            for l in 0..n {
                let seller = sector * n + l;
                let place = importer * n + l;
                let used = if l == importer { point.intermediate[at] } else { 0.0 };
                let moved = point.cost_power[seller] * content[seller];
                spending[place] =
                    substituted * gross[l] * moved + ratio(economy.final_share[at] * income[place] + used, price_power);
                exported[place] = ratio(foreign[l] * point.cost_power[seller], point.received[l]);
                let bought = spending[place] * imports - theta * point.spending[at] * foreign[l] * moved;
                matrix[(importer, l)] += ratio(bought, point.paid[importer]);
            }
            matrix[(importer, importer)] +=
                theta * content[at] * ratio(point.foreign_demand[at] + point.export_tax[at], point.received[importer]);
        }
        let exported = MatRef::from_row_major_slice(&exported, n, n);
        let spending = MatRef::from_row_major_slice(&spending, n, n);
        matmul(matrix.as_mut(), Accum::Add, exported.transpose(), spending, -1.0, Par::Seq);
    }
    matrix.partial_piv_lu()
}

/// `out_k = sum_j v_j inverse_jk` in each country.
fn transpose_chain(economy: &Economy, inverse: &[f64], v: &[f64]) -> Vec<f64> {
    if inverse.is_empty() {
        return v.to_vec();
    }
    let mut out = vec![0.0; v.len()];
    add_links_transposed(inverse, economy.countries, 1.0, v, &mut out);
    out
}

/// `[n, l]`: d ln (w_n L_n) / d ln w_l at given sales.
fn labour_response(economy: &Economy, wedges: &Wedges, point: &Point, content: &[f64]) -> Vec<f64> {
    let n = economy.countries;
    let mut response = vec![0.0; n * n];
    for country in 0..n {
        response[country * n + country] = 1.0 + economy.labour_supply;
    }
    if economy.labour_supply > 0.0 {
        for at in 0..content.len() {
            let (sector, importer) = (at / n, at % n);
            let spent = economy.labour_supply * ratio(economy.final_share[at], point.price_power[at]);
            for (l, gross) in point.trade(wedges).weight.row(sector, importer).iter().enumerate() {
                let seller = sector * n + l;
                response[importer * n + l] -= spent * gross * point.cost_power[seller] * content[seller];
            }
        }
    }
    response
}

/// `[n, l]`: d I_n / d ln w_l at given sales: own labour income, and tariffs on what is bought from `l`.
fn income_response(economy: &Economy, wedges: &Wedges, point: &Point, content: &[f64], labour: &[f64]) -> Vec<f64> {
    let n = economy.countries;
    let trade = point.trade(wedges);
    let mut response = vec![0.0; n * n];
    for at in 0..content.len() {
        let (sector, importer) = (at / n, at % n);
        let spent = economy.theta[sector] * point.spending[at];
        let (gross, foreign) = (trade.weight.row(sector, importer), trade.foreign.row(sector, importer));
        for l in 0..n {
            let seller = sector * n + l;
            let net = if l == importer { trade.domestic[at] } else { foreign[l] };
            let moved = (net - point.net_share[at] * gross[l]) * point.cost_power[seller];
            response[importer * n + l] += spent * moved * content[seller];
        }
    }
    for country in 0..n {
        let row = country * n..(country + 1) * n;
        for (response, labour) in response[row.clone()].iter_mut().zip(&labour[row]) {
            *response += point.labour_income[country] * labour;
        }
    }
    if let Some(taxes) = &wedges.export {
        taxes.add_response(economy, wedges, point, content, &mut response);
    }
    let mut column = vec![0.0; n];
    for l in 0..n {
        (0..n).for_each(|country| column[country] = response[country * n + l]);
        point.settle(&mut column);
        (0..n).for_each(|country| response[country * n + l] = column[country]);
    }
    response
}
