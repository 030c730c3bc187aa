//! What a player wants, read as a share so that goals of different kinds compare.

use cobden_equilibrium::{Aim, Economy, Equilibrium, Objective};
use cobden_world::Problem;

/// What a player maximises.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// A weighted sum of aims. Aims in logs read as they are; if all are in money, the sum is read as a share of the baseline income of
    /// the first country named. Aims in money beside aims in logs need weights that make them comparable.
    Aims(Objective),
    /// Real income of several countries together: `ln (sum_n I_n W_n / sum_n I_n)`, `I` baseline incomes, `W` welfare changes. Of one
    /// country it is that country's welfare.
    BlocWelfare(Vec<usize>),
}

impl From<Aim> for Goal {
    fn from(aim: Aim) -> Self {
        Goal::Aims(aim.into())
    }
}

impl From<Objective> for Goal {
    fn from(objective: Objective) -> Self {
        Goal::Aims(objective)
    }
}

impl Goal {
    /// The goal's reading at an equilibrium, in log points or shares of income: 0.01 is one percentage point.
    pub fn reading(&self, economy: &Economy, equilibrium: &Equilibrium) -> f64 {
        match self {
            Goal::Aims(objective) => objective.value(economy, equilibrium) / self.unit(economy),
            Goal::BlocWelfare(members) => {
                let income = |n: usize| economy.income()[n];
                let total: f64 = members.iter().map(|n| income(*n)).sum();
                let rise = members.iter().map(|n| income(*n) * welfare(economy, equilibrium, *n).exp_m1());
                (rise.sum::<f64>() / total).ln_1p()
            }
        }
    }

    /// The objective whose gradient at this equilibrium is the reading's.
    pub fn local(&self, economy: &Economy, equilibrium: &Equilibrium) -> Objective {
        match self {
            Goal::Aims(objective) => {
                let unit = self.unit(economy);
                let terms = objective.terms().iter();
                terms.fold(Objective::default(), |sum, (weight, aim)| sum.and(weight / unit, *aim))
            }
            Goal::BlocWelfare(members) => {
                let worth = |n: usize| economy.income()[n] * welfare(economy, equilibrium, n).exp();
                let total: f64 = members.iter().map(|n| worth(*n)).sum();
                members.iter().fold(Objective::default(), |sum, n| sum.and(worth(*n) / total, Aim::Welfare(*n)))
            }
        }
    }

    /// A reading in per cent: `100 (exp(reading) - 1)` of a logarithm, 100 times a share.
    pub fn percent(&self, reading: f64) -> f64 {
        if self.is_money() { 100.0 * reading } else { 100.0 * reading.exp_m1() }
    }

    /// What one reading has over another, in percentage points.
    pub fn gain_pct(&self, from: f64, to: f64) -> f64 {
        if self.is_money() { 100.0 * (to - from) } else { 100.0 * from.exp() * (to - from).exp_m1() }
    }

    /// What one reading has over another, as a share of it; of money, of baseline income.
    pub(crate) fn relative(&self, from: f64, to: f64) -> f64 {
        if self.is_money() { to - from } else { (to - from).exp_m1() }
    }

    /// The slope of [`Goal::relative`] in `to`, where it is `relative`.
    pub(crate) fn steepness(&self, relative: f64) -> f64 {
        if self.is_money() { 1.0 } else { 1.0 + relative }
    }

    /// What a share of what there is at a reading ([`Goal::relative`]) is worth in money at baseline prices; `None` of a goal that is no income:
    /// of welfare `I_n W_n`, of aims in money the baseline income they are read against.
    pub(crate) fn worth(&self, economy: &Economy, reading: f64) -> Option<f64> {
        let income = |n: usize| economy.income()[n];
        match self {
            Goal::BlocWelfare(members) => Some(reading.exp() * members.iter().map(|n| income(*n)).sum::<f64>()),
            Goal::Aims(_) if self.is_money() => Some(self.unit(economy)),
            Goal::Aims(objective) => match objective.terms() {
                [(1.0, Aim::Welfare(n))] => Some(reading.exp() * income(*n)),
                _ => None,
            },
        }
    }

    /// The reading at which it has so many percentage points less than at another; `None` if that is all there is.
    pub(crate) fn lowered(&self, from: f64, points: f64) -> Option<f64> {
        let share = points / 100.0;
        let to = if self.is_money() { from - share } else { (from.exp() - share).ln() };
        to.is_finite().then_some(to)
    }

    /// What one reading has over another in money: the gain as a share of the baseline income of those whose goal it is, the first country named or
    /// all members of a bloc, times that income.
    pub fn money(&self, economy: &Economy, from: f64, to: f64) -> f64 {
        self.stake(economy) * self.gain_pct(from, to) / 100.0
    }

    /// The slope of [`Goal::money`] in the reading.
    pub(crate) fn money_slope(&self, economy: &Economy, reading: f64) -> f64 {
        self.stake(economy) * if self.is_money() { 1.0 } else { reading.exp() }
    }

    /// The baseline income of those whose goal it is.
    pub(crate) fn stake(&self, economy: &Economy) -> f64 {
        match self {
            Goal::Aims(objective) => {
                let first = objective.terms().first().map(|(_, aim)| countries_of(*aim)[0]);
                first.map_or(0.0, |n| economy.income()[n])
            }
            Goal::BlocWelfare(members) => members.iter().map(|n| economy.income()[*n]).sum(),
        }
    }

    /// Whether it has something to say about this economy.
    ///
    /// # Errors
    /// No aim or member at all; a country or sector that is not there; a weight that is no number.
    pub(crate) fn check(&self, economy: &Economy) -> Result<(), Problem> {
        let (countries, empty) = match self {
            Goal::Aims(objective) => {
                if let Some((weight, _)) = objective.terms().iter().find(|(weight, _)| !weight.is_finite()) {
                    return Err(Problem::new(format!("a goal has a weight of {weight}")));
                }
                let named = objective.terms().iter().flat_map(|(_, aim)| countries_of(*aim)).collect::<Vec<_>>();
                (named, objective.terms().iter().all(|(weight, _)| *weight == 0.0))
            }
            Goal::BlocWelfare(members) => (members.clone(), members.is_empty()),
        };
        if empty {
            return Err(Problem::new("a player wants nothing").help("give it an aim, such as its own welfare"));
        }
        known_countries(economy, &countries)
    }

    fn is_money(&self) -> bool {
        matches!(self, Goal::Aims(objective) if objective.terms().iter().all(|(_, aim)| in_money(*aim)))
    }

    /// What the raw value is divided by.
    fn unit(&self, economy: &Economy) -> f64 {
        match self {
            Goal::Aims(objective) if self.is_money() => {
                let first = objective.terms().first().map(|(_, aim)| countries_of(*aim)[0]);
                first.map_or(1.0, |n| economy.income()[n])
            }
            _ => 1.0,
        }
    }
}

/// That every country exists.
pub(crate) fn known_countries(economy: &Economy, countries: &[usize]) -> Result<(), Problem> {
    match countries.iter().find(|n| **n >= economy.countries()) {
        None => Ok(()),
        Some(n) => Err(Problem::new(format!("unknown player: country {n} of a world of {}", economy.countries()))
            .help("countries count from 0, in the world's order")),
    }
}

/// `ln W` of a country.
pub(crate) fn welfare(economy: &Economy, equilibrium: &Equilibrium, country: usize) -> f64 {
    Objective::from(Aim::Welfare(country)).value(economy, equilibrium)
}

fn in_money(aim: Aim) -> bool {
    matches!(aim, Aim::Revenue(_) | Aim::Exports(_) | Aim::Imports(_) | Aim::ImportsFrom(..) | Aim::TradeBalance(_))
}

fn countries_of(aim: Aim) -> Vec<usize> {
    match aim {
        Aim::Welfare(n)
        | Aim::RealWage(n)
        | Aim::Revenue(n)
        | Aim::Government(n)
        | Aim::PriceIndex(n)
        | Aim::Exports(n)
        | Aim::Imports(n)
        | Aim::TradeBalance(n)
        | Aim::Output(n, _)
        | Aim::Employment(n, _) => vec![n],
        Aim::ImportsFrom(n, i) => vec![n, i],
    }
}
