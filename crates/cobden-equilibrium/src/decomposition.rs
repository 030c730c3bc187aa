//! Where a welfare change comes from, exactly.
//!
//! Along a path of policies the change of welfare is, term by term,
//!
//! `I_n d ln W_n = sum_ij (E_nij d ln c_nj - M_nij d ln c_ij) - sum_ij M_nij d ln d_nij + sum_ij tau_nij M_nij d ln q_nij
//!                 + sum_j m_j Y_nj d ln (Y / c)_nj + w_n L_n d ln L_n + dD_n`
//!
//! (exports `E`, imports `M` before tariff, quantities `q = M / (c d)`; with export taxes `e` both at the border, `c` times `1 + e`, and
//! `sum e M / (1 + e) d ln (M / (1 + e) c)` of the exports in the volume of trade): terms of trade, trade costs, volume of trade (the tariff wedge),
//! profits, labour supply (`w L` labour income), deficit; with economies of scale also `sum_j Y_nj psi_j d ln (Y / u)_nj`, `u` the input
//! bundle. It follows from conditions 1, 3 and 7 and holds whatever the size of the economy. The first-order formulas of the papers take it once, at the baseline; here every term is integrated from baseline to policy, or from one policy to another, so they add up to the change.

use std::sync::Arc;

use cobden_world::Problem;
use ndarray::{Array2, Array3};

use crate::{
    Economy, Equilibrium, Policy, Settings, Solver,
    policy::Wedges,
    quadrature::{StieltjesRule, chebyshev},
};

/// The parts of one country's welfare change, in per cent of real income; they add up to `welfare_pct`.
///
/// Each is an integral in logs, scaled by `(W - 1) / ln W` so that the sum is the exact percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Export prices against import prices, before tariff.
    pub terms_of_trade_pct: f64,
    /// Imports gained or lost behind a tariff, which are worth the tariff more than they cost.
    pub volume_of_trade_pct: f64,
    /// Changes of iceberg trade costs themselves.
    pub trade_cost_pct: f64,
    /// Profits at given prices: output moved into or out of sectors that earn them.
    pub profits_pct: f64,
    /// Economies of scale: sectors that grow make things with less.
    pub scale_pct: f64,
    /// Labour that comes or goes as the real wage does, at what it earns.
    pub labour_pct: f64,
    /// The transfer received.
    pub deficit_pct: f64,
    /// The exact change, computed from the two ends of the path.
    pub welfare_pct: f64,
}

impl Parts {
    /// The sum of the parts.
    pub fn sum(&self) -> f64 {
        self.terms_of_trade_pct
            + self.volume_of_trade_pct
            + self.trade_cost_pct
            + self.profits_pct
            + self.scale_pct
            + self.labour_pct
            + self.deficit_pct
    }
}

/// The exact decomposition of the welfare change of every country.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// By country, `[n]`.
    pub countries: Vec<Parts>,
    /// `[n, partner, j]`: terms of trade by partner and sector, exports to and imports from it, in per cent of `n`'s real income.
    pub terms_of_trade: Array3<f64>,
    /// `[n, partner, j]`: volume of trade by origin and sector.
    pub volume_of_trade: Array3<f64>,
    /// `[n, partner, j]`: trade costs by origin and sector.
    pub trade_cost: Array3<f64>,
    /// `[n, j]`: profits by sector.
    pub profits: Array2<f64>,
    /// `[n, j]`: economies of scale by sector.
    pub scale: Array2<f64>,
    /// Points along the path at which an equilibrium was solved.
    pub nodes: usize,
    /// The largest gap between a sum of parts and the exact change, in log points.
    pub gap: f64,
}

/// Coarsest and finest grid along the path; each doubles the last and keeps its points.
const INTERVALS: [usize; 5] = [8, 16, 32, 64, 128];
/// How near the parts must come to the exact change: in log points, relative to the largest part.
const TOLERANCE: f64 = 1e-8;

/// Where the integrals begin and end.
struct Path {
    from: Wedges,
    to: Wedges,
}

/// The logs that the integrals need, at one point of the path.
struct Node {
    /// `[j, n]`: ln c.
    ln_cost: Vec<f64>,
    /// `[j, n, i]`: M.
    flows: Vec<f64>,
    /// `[j, n, i]`: tau.
    rates: Vec<f64>,
    /// `[j, n]`: Y.
    sales: Vec<f64>,
    income: Vec<f64>,
    deficit: Vec<f64>,
    unknowns: Equilibrium,
}

impl Economy {
    /// Decomposes the welfare change from the baseline to a policy, for every country.
    ///
    /// Tariffs and trade costs move along a straight line in logs; equilibria are solved at Chebyshev points of it, the integrals taken by
    /// Clenshaw-Curtis quadrature, and the grid doubled until the parts of every country add up.
    ///
    /// # Errors
    /// A policy of another shape; a point of the path that has no solution; parts that do not add up on the finest grid.
    pub fn decompose(&self, policy: &Policy, settings: &Settings) -> Result<Decomposition, Problem> {
        policy.check(self)?;
        // Deficits that go leave on the way.
        let baseline = Wedges { deficits_left: 1.0, ..Wedges::baseline(self) };
        self.decompose_along(&Path { from: baseline, to: self.wedges(policy) }, settings)
    }

    /// As [`Economy::decompose`], from one policy to another. Changes are in per cent of real income under the first.
    ///
    /// # Errors
    /// As [`Economy::decompose`], for either policy.
    pub fn decompose_between(&self, from: &Policy, to: &Policy, settings: &Settings) -> Result<Decomposition, Problem> {
        from.check(self)?;
        to.check(self)?;
        self.decompose_along(&Path { from: self.wedges(from), to: self.wedges(to) }, settings)
    }

    fn decompose_along(&self, path: &Path, settings: &Settings) -> Result<Decomposition, Problem> {
        let settings = Settings { tolerance: (0.01 * settings.tolerance).max(1e-12), ..*settings };
        let mut nodes: Vec<Node> = Vec::new();
        for intervals in INTERVALS {
            nodes = self.refine(nodes, path, intervals, &settings)?;
            let decomposition = self.integrate(&nodes, path);
            if decomposition.gap <= TOLERANCE {
                return Ok(decomposition);
            }
        }
        let what = format!("the parts of the decomposition do not add up to {TOLERANCE:.0e} on the finest grid");
        Err(Problem::new(what).help("the policy is too far from where the path begins; decompose it in steps"))
    }

    /// The nodes of a grid twice as fine, keeping those there are.
    fn refine(
        &self,
        known: Vec<Node>,
        path: &Path,
        intervals: usize,
        settings: &Settings,
    ) -> Result<Vec<Node>, Problem> {
        let mut known = known.into_iter();
        let had_some = known.len() > 0;
        let mut nodes: Vec<Node> = Vec::with_capacity(intervals + 1);
        let mut solver = Solver::new(self, *settings);
        for at in 0..=intervals {
            if had_some && at % 2 == 0 {
                nodes.extend(known.next());
                continue;
            }
            let wedges = path.from.towards(&path.to, self, chebyshev(at, intervals));
            let start = nodes.last().map(|node| &node.unknowns);
            let equilibrium = solver.solve_wedges(Arc::new(wedges), start);
            if !equilibrium.report.stop.converged() {
                let what =
                    format!("no equilibrium part of the way to the policy: the solver {}", equilibrium.report.stop);
                return Err(Problem::new(what));
            }
            if equilibrium.report.elsewhere() {
                let what = "the equilibrium that leads on from the baseline ends part of the way to the policy";
                return Err(Problem::new(what).help("a change that happens all at once has no parts along the way"));
            }
            nodes.push(Node::new(equilibrium));
        }
        Ok(nodes)
    }

    /// The parts of every country, from equilibria along the path.
    fn integrate(&self, nodes: &[Node], path: &Path) -> Decomposition {
        let (n, j) = (self.countries, self.sectors);
        let rule = StieltjesRule::new(nodes.len() - 1);
        let mut all = Decomposition {
            countries: vec![Parts::default(); n],
            terms_of_trade: Array3::zeros((n, n, j)),
            volume_of_trade: Array3::zeros((n, n, j)),
            trade_cost: Array3::zeros((n, n, j)),
            profits: Array2::zeros((n, j)),
            scale: Array2::zeros((n, j)),
            nodes: nodes.len(),
            gap: 0.0,
        };
        for country in 0..n {
            for sector in 0..j {
                for partner in (0..n).filter(|partner| *partner != country) {
                    self.trade_with(nodes, path, &rule, [country, partner, sector], &mut all);
                }
                self.production(nodes, &rule, country, sector, &mut all);
            }
            let labour = self.labour(nodes, &rule, country);
            let parts = &mut all.countries[country];
            parts.labour_pct = labour;
            parts.deficit_pct = rule.integral(nodes, |node| 1.0 / node.income[country], |node| node.deficit[country]);
            all.in_per_cent(country, self.ln_welfare(nodes, country));
        }
        all
    }

    /// Terms of trade, volume of trade and trade costs with one partner in one sector, in logs.
    fn trade_with(&self, nodes: &[Node], path: &Path, rule: &StieltjesRule, cell: [usize; 3], all: &mut Decomposition) {
        let ([country, partner, sector], n) = (cell, self.countries);
        let (own, other) = (sector * n + country, sector * n + partner);
        let (bought, sold) = (own * n + partner, other * n + country);
        let iceberg = self.ln_iceberg(path, bought);
        let on_path = |node: usize| iceberg * chebyshev(node, nodes.len() - 1);
        let share = |cell: usize| move |node: &Node| node.flows[cell] / node.income[country];
        // Prices are those at the border.
        let exports = rule.integral(nodes, share(sold), |node| node.ln_cost[own] + node.ln_export(sold));
        let imports = rule.integral(nodes, share(bought), |node| node.ln_cost[other] + node.ln_export(bought));
        let mut volume = rule.integral_indexed(
            nodes,
            |_, node| node.rates[bought] * node.flows[bought] / node.income[country],
            |index, node| ln(node.flows[bought]) - node.ln_cost[other] - node.ln_export(bought) - on_path(index),
        );
        if path.from.export_factor(sold) != 1.0 || path.to.export_factor(sold) != 1.0 {
            // What an export brings in tax, for each that is sold.
            volume += rule.integral(
                nodes,
                |node| -(-node.ln_export(sold)).exp_m1() * share(sold)(node),
                |node| ln(node.flows[sold]) - node.ln_export(sold) - node.ln_cost[own],
            );
        }
        all.terms_of_trade[cell] = exports - imports;
        all.volume_of_trade[cell] = volume;
        let parts = &mut all.countries[country];
        parts.terms_of_trade_pct += exports - imports;
        parts.volume_of_trade_pct += volume;
        if iceberg != 0.0 {
            let bought = |_: usize, node: &Node| share(bought)(node);
            let lost = rule.integral_indexed(nodes, bought, |index, _| on_path(index));
            parts.trade_cost_pct -= lost;
            all.trade_cost[cell] = -lost;
        }
    }

    /// Profits and economies of scale of one sector, in logs.
    fn production(&self, nodes: &[Node], rule: &StieltjesRule, country: usize, sector: usize, all: &mut Decomposition) {
        let own = sector * self.countries + country;
        let output = |share: f64| {
            let earned = |node: &Node| share * node.sales[own] / node.income[country];
            if share == 0.0 {
                0.0
            } else {
                rule.integral(nodes, earned, |node| ln(node.sales[own]) - node.ln_cost[own])
            }
        };
        // ln (Y / u) = ln (Y / c) / (1 + psi).
        let psi = self.scale[sector];
        let (profits, scale) = (output(self.profit_share[sector]), output(psi / (1.0 + psi)));
        all.profits[[country, sector]] = profits;
        all.scale[[country, sector]] = scale;
        let parts = &mut all.countries[country];
        parts.profits_pct += profits;
        parts.scale_pct += scale;
    }

    /// Labour supply, in logs.
    fn labour(&self, nodes: &[Node], rule: &StieltjesRule, country: usize) -> f64 {
        if self.labour_supply == 0.0 {
            return 0.0;
        }
        let ln_labour = |node: &Node| {
            self.labour_supply
                * (node.unknowns.wage_hat[country].ln() - self.ln_consumer_price(&node.unknowns, country))
        };
        rule.integral(nodes, |node| node.unknowns.labour_income[country] / node.income[country], ln_labour)
    }

    /// `sum_j alpha ln P`.
    fn ln_consumer_price(&self, equilibrium: &Equilibrium, country: usize) -> f64 {
        let prices = (country..self.final_share.len()).step_by(self.countries);
        prices.map(|at| self.final_share[at] * equilibrium.price_hat[at].ln()).sum()
    }

    /// ln of the iceberg change of a cell from the beginning of the path to its end.
    fn ln_iceberg(&self, path: &Path, cell: usize) -> f64 {
        let ln_iceberg = |wedges: &Wedges| {
            wedges.ln_kappa[cell] - (wedges.factor[cell] / self.factor[cell]).ln() - wedges.export_factor(cell).ln()
        };
        let moved = ln_iceberg(&path.to) - ln_iceberg(&path.from);
        // What is rounding of taxes is no trade cost.
        if moved.abs() < 1e-14 { 0.0 } else { moved }
    }

    /// ln of the change of W along the path.
    fn ln_welfare(&self, nodes: &[Node], country: usize) -> f64 {
        let ln_real_income = |node: &Node| node.income[country].ln() - self.ln_consumer_price(&node.unknowns, country);
        match (nodes.first(), nodes.last()) {
            (Some(first), Some(last)) => ln_real_income(last) - ln_real_income(first),
            _ => 0.0,
        }
    }
}

impl Decomposition {
    /// Turns a country's parts from logs to per cent, all by the same factor, so that they add up to the exact percentage.
    fn in_per_cent(&mut self, country: usize, ln_welfare: f64) {
        let parts = &mut self.countries[country];
        let sizes = [
            parts.terms_of_trade_pct,
            parts.volume_of_trade_pct,
            parts.profits_pct,
            parts.labour_pct,
            parts.deficit_pct,
            ln_welfare,
        ];
        let largest = sizes.iter().fold(1e-3, |most: f64, part| most.max(part.abs()));
        self.gap = self.gap.max((parts.sum() - ln_welfare).abs() / largest);
        let factor = 100.0 * if ln_welfare == 0.0 { 1.0 } else { ln_welfare.exp_m1() / ln_welfare };
        parts.scale(factor);
        parts.welfare_pct = 100.0 * ln_welfare.exp_m1();
        for cube in [&mut self.terms_of_trade, &mut self.volume_of_trade, &mut self.trade_cost] {
            cube.index_axis_mut(ndarray::Axis(0), country).mapv_inplace(|part| part * factor);
        }
        for panel in [&mut self.profits, &mut self.scale] {
            panel.row_mut(country).mapv_inplace(|part| part * factor);
        }
    }
}

impl Parts {
    fn scale(&mut self, factor: f64) {
        for part in [
            &mut self.terms_of_trade_pct,
            &mut self.volume_of_trade_pct,
            &mut self.trade_cost_pct,
            &mut self.profits_pct,
            &mut self.scale_pct,
            &mut self.labour_pct,
            &mut self.deficit_pct,
        ] {
            *part *= factor;
        }
    }
}

impl Node {
    /// ln (1 + e) of a cell.
    fn ln_export(&self, cell: usize) -> f64 {
        self.unknowns.wedges.export_factor(cell).ln()
    }

    fn new(equilibrium: Equilibrium) -> Self {
        Self {
            ln_cost: equilibrium.cost_hat.iter().map(|cost| cost.ln()).collect(),
            flows: equilibrium.flow_cube().to_vec(),
            rates: equilibrium.wedges.factor.iter().map(|factor| factor - 1.0).collect(),
            sales: equilibrium.sales.clone(),
            income: equilibrium.income.clone(),
            deficit: equilibrium.deficit.clone(),
            unknowns: equilibrium,
        }
    }
}

/// ln of a flow; a flow of zero is zero all along the path and its weight is zero too.
fn ln(flow: f64) -> f64 {
    if flow > 0.0 { flow.ln() } else { 0.0 }
}
