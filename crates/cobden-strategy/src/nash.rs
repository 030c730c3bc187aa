//! Tariff wars: tariffs that are best responses to one another, with the proof.

use cobden_equilibrium::{Equilibrium, Policy, Solver};
use cobden_world::Problem;
use rayon::prelude::*;

use crate::{Game, Halt, Response, Search, table::Table};

/// What each player could still gain by deviating alone: the proof that a tariff war is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// By player: the gain of its best response, found by a search of its own from the war's tariffs and from the starts asked for, in
    /// percentage points of its goal.
    pub gains_pct: Vec<f64>,
    /// Whether every one of those searches met its first-order condition.
    pub complete: bool,
}

impl Certificate {
    /// The largest gain of any player.
    pub fn largest_pct(&self) -> f64 {
        self.gains_pct.iter().copied().fold(0.0, f64::max)
    }
}

/// How a Nash equilibrium was sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NashReport {
    /// Why the search ended. Unless it converged there is no result.
    pub halt: Halt,
    /// Rounds in which all players moved at once.
    pub rounds: usize,
    /// Rounds in which one moved after the other.
    pub sweeps: usize,
    /// Equilibria solved.
    pub solves: usize,
    /// The largest that any player has still to win, to second order, in percentage points.
    pub first_order_gap_pct: f64,
}

/// A tariff war: no player gains by changing its own tariffs alone.
#[derive(Clone, Debug)]
pub struct Nash {
    /// All tariffs.
    pub policy: Policy,
    /// The equilibrium under them.
    pub equilibrium: Equilibrium,
    /// By player, the rates of its levers.
    pub rates: Vec<Vec<f64>>,
    /// What each could still gain.
    pub certificate: Certificate,
    /// How it was found.
    pub report: NashReport,
}

/// Most times that players go on from better responses than the search had found.
const MOVES: usize = 6;
/// Welfare, in percentage points, by which two wars must differ for some player to count as two.
const APART_PCT: f64 = 1e-3;

/// The tariff wars found from several starts.
#[derive(Clone, Debug)]
pub struct Wars {
    /// Those that differ, in the order found. If no search converged, the one that came closest, as its report says.
    pub distinct: Vec<Nash>,
    /// How many starts.
    pub starts: usize,
    /// From how many of them a war was found and certified.
    pub converged: usize,
}

impl Game<'_> {
    /// Tariffs from which no player gains by moving alone: the Nash equilibria reached from the starts of the search.
    ///
    /// All players move at once, each by a quasi-Newton step on its own hill, until no first-order condition is off; a certificate follows:
    /// a search of its own for each player's best response. Where that finds more than `certificate_pct`, or moving at once leads nowhere,
    /// players move to their best responses in turn and go on from there.
    ///
    /// # Errors
    /// No equilibrium at the tariffs of any start; an objective that is unbounded from every start.
    pub fn nash(&self, search: &Search) -> Result<Wars, Problem> {
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let mut wars = Wars { distinct: Vec::new(), starts: search.starts.len(), converged: 0 };
        let (mut failed, mut refused): (Option<Nash>, Option<Problem>) = (None, None);
        for start in search.starts {
            let war = match self.war(self.start(&everyone, start)?, search) {
                Ok(war) => war,
                // One start without an equilibrium spoils no other.
                Err(problem) => {
                    refused = refused.or(Some(problem));
                    continue;
                }
            };
            if war.report.halt.converged() {
                wars.converged += 1;
                if !wars.distinct.iter().any(|known| self.same(known, &war)) {
                    wars.distinct.push(war);
                }
            } else if failed
                .as_ref()
                .is_none_or(|closest| war.report.first_order_gap_pct < closest.report.first_order_gap_pct)
            {
                failed = Some(war);
            }
        }
        if search.starts.is_empty() {
            return Err(Problem::new("a search without a start").help("name at least one"));
        }
        if wars.distinct.is_empty() {
            wars.distinct.extend(failed);
        }
        match refused {
            Some(problem) if wars.distinct.is_empty() => Err(problem),
            _ => Ok(wars),
        }
    }

    /// What each player could gain over a policy by changing its own tariffs alone.
    ///
    /// # Errors
    /// A policy without an equilibrium; an objective that is unbounded.
    pub fn certify(&self, policy: &Policy, search: &Search) -> Result<Certificate, Problem> {
        let mut solver = Solver::new(self.economy, self.settings);
        let here = self.solved(&mut solver, policy, None)?;
        Ok(Certificate::of(&self.deviations(policy, &here, search)?))
    }

    fn war(&self, start: Vec<Vec<f64>>, search: &Search) -> Result<Nash, Problem> {
        let mut report = NashReport {
            halt: Halt::MaxIterations,
            rounds: 0,
            sweeps: 0,
            solves: 0,
            first_order_gap_pct: f64::INFINITY,
        };
        let (mut rates, mut moves) = (start, 0);
        loop {
            let mut table = Table::new(self, &rates, None)?;
            report.halt = table.play(search, &mut report)?;
            report.solves += table.solves;
            if report.halt == Halt::CalledOff {
                return Ok(table.war(Certificate { gains_pct: Vec::new(), complete: false }, report));
            }
            let responses = self.deviations(&table.policy, &table.here, search)?;
            report.solves += responses.iter().map(|response| response.report.solves).sum::<usize>();
            let certificate = Certificate::of(&responses);
            let certain = certificate.complete && certificate.largest_pct() <= search.certificate_pct;
            let most = if report.halt.converged() { MOVES } else { 1 };
            if (report.halt.converged() && certain) || moves >= most {
                if report.halt.converged() && !certain {
                    report.halt = Halt::Stalled;
                }
                return Ok(table.war(certificate, report));
            }
            moves += 1;
            rates = table.rates();
            for (rates, response) in rates.iter_mut().zip(responses) {
                if response.gain_pct > search.certificate_pct {
                    *rates = response.rates;
                }
            }
        }
    }

    /// Every player's best response to the others' tariffs in a policy, from its own there and from the starts for deviations.
    fn deviations(&self, policy: &Policy, here: &Equilibrium, search: &Search) -> Result<Vec<Response>, Problem> {
        let everyone: Vec<usize> = (0..self.players.len()).collect();
        let share = everyone.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let starts = search.deviations.iter().map(|start| self.start(&everyone, start));
        let starts: Vec<Vec<Vec<f64>>> = starts.collect::<Result<_, Problem>>()?;
        let search = Search { starts: &[], ..*search };
        let of_some = |players: &[usize]| {
            let mut solver = Solver::new(self.economy, self.settings);
            let mut of_one = |player: &usize| {
                let mut from = vec![self.players[*player].instruments.read(policy)];
                from.extend(starts.iter().map(|rates| rates[*player].clone()));
                self.respond_from(*player, policy, here, &from, &search, &mut solver)
            };
            players.iter().map(&mut of_one).collect::<Result<Vec<Response>, Problem>>()
        };
        let parts: Result<Vec<Vec<Response>>, Problem> = everyone.par_chunks(share).map(of_some).collect();
        Ok(parts?.into_iter().flatten().collect())
    }

    fn same(&self, one: &Nash, other: &Nash) -> bool {
        self.players.iter().all(|player| {
            let reading = |war: &Nash| player.goal.reading(self.economy, &war.equilibrium);
            player.goal.gain_pct(reading(one), reading(other)).abs() < APART_PCT
        })
    }
}

impl Certificate {
    fn of(responses: &[Response]) -> Self {
        Self {
            gains_pct: responses.iter().map(|response| response.gain_pct).collect(),
            complete: responses.iter().all(|response| response.report.halt.converged()),
        }
    }
}
