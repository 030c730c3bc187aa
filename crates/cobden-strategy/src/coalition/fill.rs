//! Filling the ledger: every structure by itself, several at once.

use std::sync::atomic::{AtomicBool, Ordering};

use cobden_world::Problem;
use rayon::prelude::*;

use super::{Found, Ledger, Structure};
use crate::{Game, Halt, Search};

/// A structure has been dealt with.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled<'s> {
    /// The structure.
    pub structure: &'s Structure,
    /// Whether its equilibrium was found and certified.
    pub found: bool,
}

/// What a search came to.
pub(super) enum Sought {
    Found(Found),
    /// There is none to show, for this reason.
    Nothing(String),
    /// The caller called it off: nothing is known.
    CalledOff,
}

impl Ledger<'_> {
    /// Computes the equilibria of these structures that are not in the ledger yet, several at once. Returns whether all were computed;
    /// if not, `each` or the search called it off, and what was computed until then stays.
    ///
    /// Every structure starts where the search says, whatever else was computed: so an entry is the same, bit by bit, on any number of
    /// threads, in any company, and after an interruption. If several starts lead to several equilibria the first counts. `each` is called
    /// after every structure, from several threads.
    ///
    /// An equilibrium that does not converge, or where some block could gain more than the search's `certificate_pct` by deviating, is noted
    /// as not found, with the reason.
    ///
    /// # Errors
    /// A structure of other players; a block without instruments. Nothing is computed then.
    pub fn fill(
        &mut self,
        wanted: &[Structure],
        search: &Search,
        each: &(dyn Fn(Filled) -> bool + Sync),
    ) -> Result<bool, Problem> {
        let mut open: Vec<(&Structure, Game)> = Vec::new();
        for structure in wanted {
            if !self.table.contains_key(structure) && !open.iter().any(|(known, _)| *known == structure) {
                open.push((structure, self.between(structure)?));
            }
        }
        let called_off = AtomicBool::new(false);
        let compute = |(structure, game): &(&Structure, Game)| {
            if called_off.load(Ordering::Relaxed) {
                return None;
            }
            let found = match self.seek(game, search) {
                Sought::Found(found) => Ok(found),
                Sought::Nothing(why) => Err(why),
                Sought::CalledOff => {
                    called_off.store(true, Ordering::Relaxed);
                    return None;
                }
            };
            if !each(Filled { structure, found: found.is_ok() }) {
                called_off.store(true, Ordering::Relaxed);
            }
            Some(((*structure).clone(), found))
        };
        let computed: Vec<_> = open.par_iter().map(compute).collect();
        let all = computed.iter().all(Option::is_some);
        self.table.extend(computed.into_iter().flatten());
        Ok(all)
    }

    /// The equilibrium of a game between blocks. Tariffs without an equilibrium, or a goal without bounds, are reasons to note and none to
    /// give up the other structures.
    pub(super) fn seek(&self, game: &Game, search: &Search) -> Sought {
        let sought = if game.players().len() == 1 { self.best(game, search) } else { self.war(game, search) };
        sought.unwrap_or_else(|problem| Sought::Nothing(problem.to_string()))
    }

    fn war(&self, game: &Game, search: &Search) -> Result<Sought, Problem> {
        let wars = game.nash(search)?.distinct;
        let Some(war) = wars.first() else { return Ok(Sought::Nothing("the search has no start".into())) };
        let found = || Found {
            rates: war.rates.clone(),
            welfare_pct: self.welfare_pct(&war.equilibrium),
            certificate_pct: war.certificate.largest_pct(),
            equilibria: wars.len(),
            solves: war.report.solves,
        };
        Ok(sought(war.report.halt, found))
    }

    fn best(&self, game: &Game, search: &Search) -> Result<Sought, Problem> {
        let best = game.respond(0, game.in_force(), search)?;
        let found = || Found {
            rates: vec![best.rates.clone()],
            welfare_pct: self.welfare_pct(&best.equilibrium),
            certificate_pct: best.report.first_order_gap_pct,
            equilibria: 1,
            solves: best.report.solves,
        };
        Ok(sought(best.report.halt, found))
    }
}

fn sought(halt: Halt, found: impl FnOnce() -> Found) -> Sought {
    match halt {
        Halt::Converged => Sought::Found(found()),
        Halt::CalledOff => Sought::CalledOff,
        other => Sought::Nothing(format!("the search {other}")),
    }
}
