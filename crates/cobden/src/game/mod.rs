//! Plays what a case asks of governments: names looked up, players made, the game solved, its proof kept.

mod align;
mod cast;
mod coalitions;
mod deal;
mod keep;
mod matching;
mod respond;
mod retaliate;
mod settle;
mod strategy;
mod talks;
mod war;

use std::collections::BTreeSet;

use cobden_equilibrium::{Economy, Equilibrium, Objective, Policy, Settings};
use cobden_strategy::{Progress, Search};
use cobden_world::{Place, Problem, World};

use crate::document::{Document, Located};
use crate::run::Failure;
use crate::study::{Asked, Effort, Question};

pub(crate) use keep::Keep;
pub use strategy::{
    AlignmentAnswer, ChannelRow, CoalitionRow, CoalitionsAnswer, CompensationAnswer, ConcessionAnswer, CoreAnswer,
    DealAnswer, DeterrenceAnswer, FrontierPoint, IncidenceRow, JointAnswer, JointRow, ListAnswer, Money, OfferAnswer,
    OtherEquilibrium, Patience, PenaltyAnswer, PlayerAnswer, ReformAnswer, ReformMove, RetaliationAnswer,
    RetaliationRow, ShareAnswer, Strategy, StructureRow, TalksAnswer,
};

/// Where a question is asked.
pub(crate) struct Table<'a> {
    pub(crate) economy: &'a Economy,
    pub(crate) world: &'a World,
    pub(crate) settings: Settings,
    pub(crate) document: &'a Document,
    pub(crate) question: &'a Question,
    /// USD million in one unit of the world's values.
    pub(crate) usd: Option<f64>,
    /// The tariffs of the case that this one starts from, without its own rows.
    pub(crate) from: &'a Policy,
    /// The tariffs that the game starts from, with its own rows, and their equilibrium.
    pub(crate) start: &'a Policy,
    pub(crate) before: &'a Equilibrium,
    /// Where a ledger of coalitions is kept while it grows; `None`: nowhere.
    pub(crate) keep: Option<Keep>,
    /// Told how far a search is; says whether to go on.
    pub(crate) go_on: &'a (dyn Fn(&str) -> bool + Sync),
}

/// What came of a question.
pub(crate) struct Played {
    /// All tariffs.
    pub(crate) policy: Policy,
    /// The equilibrium under them.
    pub(crate) equilibrium: Equilibrium,
    /// Whose tariffs were chosen, player by player.
    pub(crate) movers: Vec<Vec<usize>>,
    /// How it was found, and what else there is to say.
    pub(crate) strategy: Strategy,
}

/// Plays the question of a case.
///
/// # Errors
/// Names that are not in the world; players without instruments; objectives without bounds; [`Failure::Stopped`] if it was called off.
pub(crate) fn play(table: &Table<'_>) -> Result<Played, Failure> {
    let played = match &table.question.asked {
        Asked::Respond(question) => respond::play(question, table),
        Asked::Nash(question) => war::play(question, table),
        Asked::Cooperate(question) => talks::play(question, table),
        Asked::Bargain(question) => deal::bargain(question, table),
        Asked::Deal(question) => deal::signed(question, table),
        Asked::Coalitions(question) => coalitions::play(question, table),
        Asked::Retaliate(question) => retaliate::play(question, table),
        Asked::Align(question) => align::play(question, table),
    };
    played.map_err(|failure| match failure {
        Failure::Input(problem) => Failure::Input(table.placed(problem)),
        stopped => stopped,
    })
}

/// Looks the names of a question up, so that what is wrong with them is said before anything is solved.
pub(crate) fn check(question: &Question, document: &Document, world: &World) -> Result<(), Problem> {
    let (players, hand, wants) = match &question.asked {
        Asked::Respond(question) => (&question.players, Some(&question.hand), Some(&question.wants)),
        Asked::Nash(question) => (&question.players, Some(&question.hand), Some(&question.wants)),
        Asked::Cooperate(question) => (&question.players, Some(&question.hand), Some(&question.wants)),
        Asked::Bargain(question) => (&question.parties, Some(&question.hand), Some(&question.wants)),
        Asked::Deal(question) => (&question.signatories, None, Some(&question.wants)),
        Asked::Coalitions(question) => (&question.players, Some(&question.hand), None),
        Asked::Retaliate(question) => (&question.players, Some(&question.hand), Some(&question.wants)),
        Asked::Align(question) => (&question.governments, Some(&question.hand), Some(&question.wants)),
    };
    players.resolve(document, world)?;
    hand.map(|hand| hand.reach(document, world, Vec::new())).transpose()?;
    for term in wants.iter().flat_map(|wants| &wants.0) {
        term.sector(document, world)?;
    }
    if let Asked::Coalitions(question) = &question.asked {
        coalitions::initiator(question, document, world)?;
        question.shown.as_ref().map(|shown| shown.resolve(document, world)).transpose()?;
    }
    let penalty = match &question.asked {
        Asked::Bargain(question) => question.penalty.as_ref(),
        Asked::Deal(question) => question.penalty.as_ref(),
        _ => None,
    };
    if let Some(penalty) = penalty {
        country(&penalty.on, document, world)?;
        penalty.by.resolve(document, world)?;
        penalty.sectors.as_ref().map(|sectors| sectors.sectors(document, world)).transpose()?;
    }
    if let Asked::Align(question) = &question.asked {
        question.importers.as_ref().map(|importers| importers.resolve(document, world)).transpose()?;
    }
    Ok(())
}

/// A country by its name, an index.
fn country(name: &Located<String>, document: &Document, world: &World) -> Result<usize, Problem> {
    let unknown = || Problem::unknown("country", &name.value, world.countries.iter()).at(document.place(&name.span));
    world.countries.index(&name.value).ok_or_else(unknown)
}

impl Table<'_> {
    /// A search for what a question asks.
    fn search<'s>(&self, effort: &'s Effort, go_on: &'s (dyn Fn(Progress) -> bool + Sync)) -> Search<'s> {
        Search { starts: &effort.starts, certificate_pct: effort.tolerance_pct, go_on, ..Search::default() }
    }

    /// What a search tells, in words.
    fn watch(&self) -> impl Fn(Progress) -> bool + Sync + use<'_> {
        let go_on = self.go_on;
        move |progress: Progress| {
            go_on(&format!(
                "step {}, {:.0e} percentage points to be won",
                progress.iterations + 1,
                progress.first_order_gap_pct
            ))
        }
    }

    /// Change of real income of a country in per cent.
    fn welfare_pct(&self, equilibrium: &Equilibrium, country: usize) -> f64 {
        let aim = Objective::from(cobden_equilibrium::Aim::Welfare(country));
        100.0 * aim.value(self.economy, equilibrium).exp_m1()
    }

    /// A change of real income, in per cent of baseline income, in money too.
    fn money(&self, country: usize, pct: f64) -> Money {
        Money { pct, usd_m: self.usd.map(|usd| usd * self.economy.income()[country] * pct / 100.0) }
    }

    /// The same of a change in the unit of the world, at baseline prices.
    fn worth(&self, country: usize, value: f64) -> Money {
        self.money(country, 100.0 * value / self.economy.income()[country])
    }

    /// The codes of countries.
    fn codes(&self, countries: &[usize]) -> Vec<String> {
        countries.iter().map(|n| self.world.countries[*n].to_owned()).collect()
    }

    /// Whose tariffs on whose goods in which sectors a lever sets.
    fn cells(&self, lever: &cobden_strategy::Lever) -> (Vec<String>, Vec<String>, Vec<String>) {
        let axis = |at: usize| lever.cells.iter().map(|cell| cell[at]).collect::<BTreeSet<usize>>();
        let countries = |at| self.codes(&axis(at).into_iter().collect::<Vec<_>>());
        let sectors = axis(2).into_iter().map(|j| self.world.sectors[j].to_owned()).collect();
        (countries(0), countries(1), sectors)
    }

    /// A problem with names in the place of numbers, at the question if it stands nowhere yet.
    fn placed(&self, mut problem: Problem) -> Problem {
        problem.message = self.named(&problem.message);
        let place: Place = self.document.place(&self.question.span);
        if problem.place.is_none() { problem.at(place) } else { problem }
    }

    /// Games know countries and sectors by number; people do not.
    fn named(&self, message: &str) -> String {
        let (countries, sectors) = (&self.world.countries, &self.world.sectors);
        let mut words: Vec<String> = message.split(' ').map(str::to_owned).collect();
        for at in 1..words.len() {
            let digits: String = words[at].chars().take_while(char::is_ascii_digit).collect();
            let rest = words[at][digits.len()..].to_owned();
            let Ok(index) = digits.parse::<usize>() else { continue };
            let name = match words[at - 1].as_str() {
                "country" if index < countries.len() => &countries[index],
                "sector" if index < sectors.len() => &sectors[index],
                _ => continue,
            };
            words[at] = format!("{name}{rest}");
            words[at - 1].clear();
        }
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }
}
