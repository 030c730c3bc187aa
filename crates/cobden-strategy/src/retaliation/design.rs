//! Who retaliates against whom, and what some tariffs do.

use cobden_equilibrium::{Aim, Economy, Equilibrium, Objective, Policy, Settings, Solver};
use cobden_world::Problem;

use super::{
    conditions::{Condition, Programme},
    programme::{Climb, Quantity, Stand},
};
use crate::{Game, Goal, Halt, Instruments, Player, Reach, Rule, goal::known_countries};

/// Who retaliates against whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    /// Those whose harm counts.
    pub targets: Vec<usize>,
    /// The retaliators, as `members`, and what they may move. `partners` left open are the targets.
    pub reach: Reach,
    /// What the retaliators want together.
    pub own: Goal,
    /// What the targets want: harm is what it falls by.
    pub hurt: Goal,
    /// Trade effect: by how much the retaliators' imports from the targets may fall at most, before tariff, in the world's unit. `None`: no limit.
    pub trade_effect: Option<f64>,
}

impl Dispute {
    /// Retaliators who weigh their real income together, raise tariffs on the targets only, and count as harm what the targets' real income
    /// falls by.
    pub fn new(retaliators: &[usize], targets: &[usize], rule: Rule) -> Self {
        Self {
            targets: targets.to_vec(),
            reach: Reach::bloc(retaliators.iter().copied(), rule).raise_only(),
            own: Goal::BlocWelfare(retaliators.to_vec()),
            hurt: Goal::BlocWelfare(targets.to_vec()),
            trade_effect: None,
        }
    }

    fn check(&self, economy: &Economy) -> Result<(), Problem> {
        let retaliators = &self.reach.members;
        if self.targets.is_empty() || retaliators.is_empty() {
            let what = if retaliators.is_empty() { "retaliation by nobody" } else { "retaliation against nobody" };
            return Err(Problem::new(what).help("name retaliators and a target"));
        }
        known_countries(economy, &self.targets)?;
        known_countries(economy, retaliators)?;
        if let Some(both) = self.targets.iter().find(|target| retaliators.contains(target)) {
            return Err(Problem::new(format!("country {both} retaliates against itself"))
                .help("a target is none of the retaliators"));
        }
        self.own.check(economy)?;
        self.hurt.check(economy)?;
        match self.trade_effect {
            Some(limit) if !(limit.is_finite() && limit > 0.0) => {
                let what = format!("imports from the target may fall by {limit} at most");
                Err(Problem::new(what).help("a limit is a value above zero, in the world's unit"))
            }
            _ => Ok(()),
        }
    }
}

/// How measures were found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DesignReport {
    /// Why the search ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Iterations.
    pub iterations: usize,
    /// Equilibria solved.
    pub solves: usize,
    /// What the slope of the Lagrangian still promises, to second order, in percentage points of what was raised.
    pub first_order_gap_pct: f64,
    /// The largest that any condition is missed by, in percentage points.
    pub missed_pct: f64,
}

/// Tariffs, and what they do.
#[derive(Clone, Debug)]
pub struct Measures {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// The rates of the levers.
    pub rates: Vec<f64>,
    /// What the retaliators gain by them, in percentage points of their goal; negative: what they cost.
    pub own_pct: f64,
    /// The same in money at baseline prices.
    pub own: f64,
    /// What the targets lose, in percentage points of what they want.
    pub harm_pct: f64,
    /// The same in money at baseline prices.
    pub harm: f64,
    /// What one more percentage point of harm would cost, in percentage points of the retaliators' goal: minus the slope of the frontier. Zero at the
    /// best response; negative where more harm would be a gain; `None` where there is no more to be had.
    pub price: Option<f64>,
    /// Baseline imports of the retaliators from the targets whose tariff is raised by more than [`HAIR`](Self::HAIR), in the world's unit.
    pub trade_affected: f64,
    /// What the retaliators' imports from the targets fall by, before tariff, in the world's unit.
    pub trade_effect: f64,
    /// How they were found.
    pub report: DesignReport,
}

impl Measures {
    /// A rise of a tariff that is too small to count: a tenth of a point.
    pub const HAIR: f64 = 1e-3;
}

/// A dispute in an economy: what the retaliators can do.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings};
/// use cobden_strategy::{Rule, Search, retaliation::{Dispute, Retaliation}};
/// use cobden_world::Rate;
/// let world = cobden_world::toy::Toy { countries: 3, sectors: 3, zero_flows: 0.0, ..Default::default() }.world();
/// let theta = world.elasticities.as_ref().unwrap();
/// let economy = Economy::calibrate(&world, theta, &Model::default(), &Settings::default())?;
/// let mut dispute = Dispute::new(&[0], &[1], Rule::Sector);
/// dispute.reach.bounds.max = Some(Rate(1.0));
/// let retaliation = Retaliation::new(&economy, Settings::default(), Policy::status_quo(&world), dispute)?;
/// let frontier = retaliation.frontier(5, &Search::default())?;
/// assert!(frontier.halt.converged());
/// assert!(frontier.points.windows(2).all(|pair| pair[1].harm_pct > pair[0].harm_pct && pair[1].own_pct < pair[0].own_pct));
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Retaliation<'a> {
    /// The retaliators as one player.
    pub(super) game: Game<'a>,
    pub(super) dispute: Dispute,
    /// What is before they move.
    pub(super) before: Equilibrium,
    /// Own gain, harm, and imports from the targets if these are limited.
    pub(super) quantities: Vec<Quantity>,
}

/// The places of the quantities.
pub(super) const OWN: usize = 0;
pub(super) const HARM: usize = 1;
const IMPORTS: usize = 2;

impl<'a> Retaliation<'a> {
    /// A dispute over the tariffs in force, from which gains and harm are measured.
    ///
    /// # Errors
    /// Nobody on one side; a target among the retaliators; countries, sectors or goals that are not there; bounds that cross; no lever; a limit that is
    /// none; tariffs without an equilibrium.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        in_force: Policy,
        mut dispute: Dispute,
    ) -> Result<Self, Problem> {
        dispute.check(economy)?;
        dispute.reach.partners.get_or_insert_with(|| dispute.targets.clone());
        let instruments = Instruments::new(economy, &in_force, &dispute.reach)?;
        let player = Player { name: "the retaliators".into(), goal: dispute.own.clone(), instruments };
        let game = Game::new(economy, settings, in_force, vec![player])?;
        let before = game.solved(&mut Solver::new(economy, settings), game.in_force(), None)?;
        let quantity = |goal: Goal, sign: f64| Quantity::Goal { from: goal.reading(economy, &before), goal, sign };
        let mut quantities = vec![quantity(dispute.own.clone(), 1.0), quantity(dispute.hurt.clone(), -1.0)];
        if dispute.trade_effect.is_some() {
            quantities.push(quantity(imports(&dispute), 1.0));
        }
        Ok(Self { game, dispute, before, quantities })
    }

    /// The question.
    pub fn dispute(&self) -> &Dispute {
        &self.dispute
    }

    /// What may move.
    pub fn instruments(&self) -> &Instruments {
        &self.game.players[0].instruments
    }

    /// The equilibrium before the retaliators move.
    pub fn before(&self) -> &Equilibrium {
        &self.before
    }

    /// What is raised, under the limit on the trade effect if there is one, and more conditions.
    pub(super) fn programme(&self, raised: usize, more: &[Condition]) -> Programme {
        let mut weights = vec![0.0; self.quantities.len()];
        weights[raised] = 1.0;
        let mut conditions = more.to_vec();
        if let Some(limit) = self.dispute.trade_effect {
            let level = -limit / imports(&self.dispute).stake(self.game.economy);
            conditions.push(Condition { quantity: IMPORTS, level, exact: false });
        }
        Programme { weights, conditions }
    }

    /// What some tariffs do.
    pub(super) fn measures(&self, at: &Stand, climb: &Climb, price: Option<f64>) -> Measures {
        self.describe(at.policy.clone(), at.here.clone(), at.rates(), price, DesignReport::of(climb))
    }

    pub(super) fn describe(
        &self,
        policy: Policy,
        equilibrium: Equilibrium,
        rates: Vec<f64>,
        price: Option<f64>,
        report: DesignReport,
    ) -> Measures {
        let economy = self.game.economy;
        let Dispute { own, hurt, .. } = &self.dispute;
        let change = |goal: &Goal| {
            let (from, to) = (goal.reading(economy, &self.before), goal.reading(economy, &equilibrium));
            (goal.gain_pct(from, to), goal.money(economy, from, to))
        };
        let ((own_pct, own_money), (hurt_pct, hurt_money)) = (change(own), change(hurt));
        // Multipliers are between readings, prices between percentage points.
        let slope = |goal: &Goal| goal.money_slope(economy, goal.reading(economy, &equilibrium)) / goal.stake(economy);
        let price = price.map(|price| price * slope(own) / slope(hurt));
        Measures {
            own_pct,
            own: own_money,
            harm_pct: -hurt_pct,
            harm: -hurt_money,
            price,
            trade_affected: self.trade_affected(&policy),
            trade_effect: -change(&imports(&self.dispute)).1,
            policy,
            equilibrium,
            rates,
            report,
        }
    }

    /// Baseline imports whose tariff is raised by more than a hair.
    fn trade_affected(&self, policy: &Policy) -> f64 {
        let flows = self.game.economy.flows();
        let before = &self.game.in_force.tariffs;
        let raised = flows.indexed_iter().filter(|((n, i, j), _)| {
            self.dispute.reach.members.contains(n)
                && self.dispute.targets.contains(i)
                && policy.tariffs[[*n, *i, *j]].0 > before[[*n, *i, *j]].0 + Measures::HAIR
        });
        raised.map(|(_, flow)| flow).sum()
    }
}

impl DesignReport {
    pub(super) fn of(climb: &Climb) -> Self {
        Self {
            halt: climb.halt,
            iterations: climb.iterations,
            solves: climb.solves,
            first_order_gap_pct: 100.0 * climb.gap,
            missed_pct: 100.0 * climb.missed,
        }
    }
}

/// Imports of the retaliators from the targets, as a goal.
fn imports(dispute: &Dispute) -> Goal {
    trade(&dispute.reach.members, &dispute.targets)
}

/// What some buy from others, before tariff, as a goal.
pub(super) fn trade(importers: &[usize], exporters: &[usize]) -> Goal {
    let pairs = importers.iter().flat_map(|n| exporters.iter().map(|i| Aim::ImportsFrom(*n, *i)));
    Goal::Aims(pairs.fold(Objective::default(), |sum, aim| sum.and(1.0, aim)))
}
