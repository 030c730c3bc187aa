//! The smallest penalty that makes a signatory regret its signature.

use cobden_equilibrium::{Equilibrium, Policy, Solver};
use cobden_world::{Problem, Rate};
use rayon::prelude::*;

use super::{
    Agreement, Signatory,
    agreement::goes_on,
    crossing::{Trial, first_crossing},
};
use crate::{Search, goal::known_countries, instruments::NATURAL};

/// A question: what would have to be threatened to keep somebody from signing.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalty {
    /// The signatory that would be punished.
    pub signatory: usize,
    /// Who would punish it: sets of countries, each asked by itself. All of a set raise their tariffs by the same points.
    pub punishers: Vec<Vec<usize>>,
    /// The sectors whose goods bear the penalty. `None`: all.
    pub sectors: Option<Vec<usize>>,
    /// The highest penalty that is looked at, in points on top of the tariffs of the agreement.
    pub max: Rate,
}

impl Penalty {
    /// By these countries, each alone and then, if there are several, all together; on all goods, up to 10,000 points.
    pub fn by(signatory: usize, punishers: &[usize]) -> Self {
        let mut sets: Vec<Vec<usize>> = punishers.iter().map(|punisher| vec![*punisher]).collect();
        if punishers.len() > 1 {
            sets.push(punishers.to_vec());
        }
        Self { signatory, punishers: sets, sectors: None, max: Rate(NATURAL.1) }
    }
}

/// What a set of punishers would have to threaten.
#[derive(Clone, Debug)]
pub struct Deterrent {
    /// Who punishes.
    pub punishers: Vec<usize>,
    /// The penalty, in points on top of the tariffs of the agreement: the smallest that leaves the signatory nothing of its gain; if none does, the
    /// one that takes most away, or all but a thousandth of what an even higher one would.
    pub penalty: Rate,
    /// Whether it leaves the signatory nothing.
    pub enough: bool,
    /// What the signatory still gains by the agreement under the penalty, in per cent; zero if it is enough.
    pub gain_left_pct: f64,
    /// Whether higher penalties were not looked at because they have no equilibrium.
    pub edge: bool,
    /// By country, the change of real income that the penalty makes to the agreement, in per cent.
    pub welfare_pct: Vec<f64>,
    /// The same in money at baseline prices. What the punishers lose is what the threat would cost them if they had to carry it out.
    pub welfare_money: Vec<f64>,
    /// All tariffs.
    pub policy: Policy,
}

/// The first step of a penalty in the log of its factor, and the growth of steps beyond a log point.
const STEP: (f64, f64) = (0.05, 1.1);

impl Agreement<'_> {
    /// The smallest penalty with which each set of punishers wipes out a signatory's gain from the agreement, and what that costs everyone. `None` if
    /// it was called off.
    ///
    /// A signatory's welfare need not fall for ever as a tariff on its goods rises. So penalties are tried from below, about five per
    /// cent of the tariff factor apart, until one is enough, and the root before it is found on exact equilibria: there the
    /// signatory has what it has without the agreement to 1e-9 per cent. If none is enough the lowest point is sought. A signatory that gains
    /// nothing needs no penalty: it is 0.
    ///
    /// # Errors
    /// An unknown signatory, country or sector; no punisher, or one that is the signatory itself; no sector; a highest penalty that is not above
    /// zero; a penalty between two that have an equilibrium and without one.
    pub fn deterrence(&self, question: &Penalty, search: &Search) -> Result<Option<Vec<Deterrent>>, Problem> {
        self.check(question)?;
        // Each set is asked by itself, so threads change no bit.
        let of_one = |punishers: &Vec<usize>| self.deterrent(question, punishers, search);
        let all = question.punishers.par_iter().map(of_one).collect::<Result<Vec<_>, Problem>>()?;
        Ok(all.into_iter().collect())
    }

    fn deterrent(
        &self,
        question: &Penalty,
        punishers: &[usize],
        search: &Search,
    ) -> Result<Option<Deterrent>, Problem> {
        let mut solver = Solver::new(self.economy, self.settings);
        let mut last: Equilibrium = self.agreed.clone();
        let (mut solves, mut left) = (0, self.gain_at(question.signatory, &self.agreed));
        let (mut penalty, mut enough, mut edge) = (0.0, true, false);
        if left > 0.0 {
            let found = first_crossing((0.0, left), &penalties(question.max), |points| {
                if !goes_on(search, solves, left) {
                    return Ok(Trial::CalledOff);
                }
                solves += 1;
                let there = solver.solve(&self.with_penalty(question, punishers, points), Some(&last))?;
                if !there.report.stop.converged() {
                    return Ok(Trial::Nowhere);
                }
                left = self.gain_at(question.signatory, &there);
                last = there;
                Ok(Trial::Height(left))
            })?;
            let Some(found) = found else { return Ok(None) };
            (penalty, enough, edge) = (found.at, found.crossed, found.edge);
        }
        let policy = self.with_penalty(question, punishers, penalty);
        let there = solver.solve(&policy, Some(&last))?;
        let (welfare_pct, welfare_money) = self.change(&self.agreed, &there).into_iter().unzip();
        Ok(Some(Deterrent {
            punishers: punishers.to_vec(),
            penalty: Rate(penalty),
            enough,
            gain_left_pct: if enough { 0.0 } else { 100.0 * self.gain_at(question.signatory, &there) },
            edge,
            welfare_pct,
            welfare_money,
            policy,
        }))
    }

    /// The agreement's tariffs with a penalty on top.
    fn with_penalty(&self, question: &Penalty, punishers: &[usize], points: f64) -> Policy {
        let mut policy = self.after.clone();
        for importer in punishers {
            for exporter in &self.signatories[question.signatory].members {
                for sector in 0..self.economy.sectors() {
                    if question.sectors.as_ref().is_none_or(|listed| listed.contains(&sector)) {
                        policy.tariffs[[*importer, *exporter, sector]].0 += points;
                    }
                }
            }
        }
        policy
    }

    fn check(&self, question: &Penalty) -> Result<(), Problem> {
        let Some(Signatory { name, members, .. }) = self.signatories.get(question.signatory) else {
            let what = format!("unknown signatory {} of {}", question.signatory, self.signatories.len());
            return Err(Problem::new(what).help("signatories count from 0"));
        };
        if question.punishers.is_empty() || question.punishers.iter().any(Vec::is_empty) {
            return Err(
                Problem::new(format!("a penalty on {name} without a punisher")).help("name at least one country")
            );
        }
        for punisher in question.punishers.iter().flatten() {
            known_countries(self.economy, &[*punisher])?;
            if members.contains(punisher) {
                let what = format!("country {punisher} is to punish {name}, which is itself");
                return Err(Problem::new(what).help("name other countries as punishers"));
            }
        }
        let sectors = self.economy.sectors();
        if let Some(sector) = question.sectors.iter().flatten().find(|j| **j >= sectors) {
            return Err(Problem::new(format!("unknown sector {sector} of a world of {sectors}")));
        }
        if question.sectors.as_ref().is_some_and(Vec::is_empty) {
            return Err(Problem::new(format!("a penalty on {name} in no sector")).help("name sectors, or none for all"));
        }
        if !(question.max.is_valid() && question.max.0 > 0.0) {
            let what = format!("a highest penalty of {} points", question.max.percent());
            return Err(Problem::new(what).help("it is finite and above zero"));
        }
        Ok(())
    }
}

/// The penalties that are tried, up to the highest.
fn penalties(max: Rate) -> Vec<f64> {
    let (most, (mut step, growth)) = (max.0.ln_1p(), STEP);
    let (mut all, mut ln_factor) = (Vec::new(), step);
    while ln_factor < most {
        all.push(ln_factor.exp_m1());
        if ln_factor > 1.0 {
            step *= growth;
        }
        ln_factor += step;
    }
    all.push(max.0);
    all
}
