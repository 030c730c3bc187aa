//! Who bargains, over what, and what becomes of them without agreement.

use cobden_equilibrium::{Aim, Economy, Equilibrium, Policy, Settings, Solver};
use cobden_world::Problem;

use super::Agreement;
use crate::{Game, Goal, Instruments, Player, Reach, Rule, Start, goal::known_countries};

/// Someone who signs: the countries it speaks for, and what it wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Signatory {
    /// What it is called in messages.
    pub name: String,
    /// The countries it speaks for.
    pub members: Vec<usize>,
    /// What it wants.
    pub goal: Goal,
}

impl Signatory {
    /// A country that wants its own welfare.
    pub fn country(name: impl Into<String>, country: usize) -> Self {
        Self { name: name.into(), members: vec![country], goal: Aim::Welfare(country).into() }
    }
}

/// Whom a concession is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// For the other parties alone: a rate for each partner and sector.
    Discriminatory,
    /// For everyone alike (most favoured nation): a rate for each sector, on all partners. Where rates differ by partner without the deal, they
    /// become one.
    Mfn,
}

/// One at the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Who it is.
    pub signatory: Signatory,
    /// Which of its members' tariffs are on the agenda, with what rule, between which bounds. `raise_only` and `surcharge` start from the rates
    /// of the disagreement.
    pub agenda: Reach,
    /// Its bargaining power, above zero. Only ratios matter.
    pub power: f64,
}

impl Party {
    /// A country that wants its own welfare and has its tariffs to offer to the other `parties`, without stated bounds, with a power of one.
    ///
    /// ```
    /// use cobden_strategy::{Rule, deal::{Party, Terms}};
    /// let parties = [6, 4];
    /// let usa = Party::country("USA", 6, &parties, Terms::Discriminatory);
    /// assert_eq!((usa.agenda.partners, usa.agenda.rule), (Some(vec![4]), Rule::PartnerSector));
    /// assert_eq!(Party::country("USA", 6, &parties, Terms::Mfn).agenda.partners, None);
    /// ```
    pub fn country(name: impl Into<String>, country: usize, parties: &[usize], terms: Terms) -> Self {
        let agenda = match terms {
            Terms::Mfn => Reach::of(country, Rule::Sector),
            Terms::Discriminatory => Reach {
                partners: Some(parties.iter().copied().filter(|party| *party != country).collect()),
                ..Reach::of(country, Rule::PartnerSector)
            },
        };
        Self { signatory: Signatory::country(name, country), agenda, power: 1.0 }
    }
}

/// Parties at a table, and what becomes of them without agreement.
///
/// All tariffs that are not on the agenda stay as they are in the disagreement, whatever is agreed.
///
/// ```
/// use cobden_equilibrium::{Economy, Model, Policy, Settings};
/// use cobden_strategy::{Search, deal::{Negotiation, Party, Terms}};
/// use cobden_world::{Rate, toy::Toy};
/// let world = Toy { countries: 3, sectors: 2, inputs: false, balanced_trade: true, highest_tariff: Rate(0.8), ..Toy::default() }.world();
/// let settings = Settings::default();
/// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
/// let parties = [0, 1].map(|n| Party::country(&world.countries[n], n, &[0, 1], Terms::Discriminatory)).to_vec();
/// let table = Negotiation::new(&economy, settings, Policy::status_quo(&world), parties)?;
/// let search = Search { starts: &Negotiation::STARTS, ..Search::default() };
/// let bargain = table.bargain(&search)?;
/// assert!(bargain.report.halt.converged());
/// let deal = bargain.deal.unwrap();
/// assert!(deal.gains_pct.iter().all(|gain| *gain > 0.0));
///
/// let agreement = table.agreement(deal.policy)?;
/// let outsider = &agreement.incidence()?.countries[2];
/// assert!(outsider.signatory.is_none() && outsider.welfare_pct.abs() > 0.0);
/// # Ok::<(), cobden_world::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Negotiation<'a> {
    pub(super) game: Game<'a>,
    pub(super) signatories: Vec<Signatory>,
    /// With sum one.
    pub(super) powers: Vec<f64>,
    pub(super) disagreement: Equilibrium,
    /// By party, its goal's reading without agreement.
    pub(super) threats: Vec<f64>,
}

impl<'a> Negotiation<'a> {
    /// A table. `disagreement` are all tariffs if nothing is agreed: those in force, a tariff war, anything.
    ///
    /// # Errors
    /// Fewer than two parties; a country that two speak for or that is not there; an agenda that names an outsider; a party without instruments;
    /// bounds that cross; a power that is not above zero; a disagreement without an equilibrium.
    pub fn new(
        economy: &'a Economy,
        settings: Settings,
        disagreement: Policy,
        parties: Vec<Party>,
    ) -> Result<Self, Problem> {
        if parties.len() < 2 {
            return Err(Problem::new(format!("a deal between {} parties", parties.len())).help("it takes two or more"));
        }
        check_signatories(economy, parties.iter().map(|party| &party.signatory))?;
        let everyone: Vec<usize> = parties.iter().flat_map(|party| party.signatory.members.clone()).collect();
        let player = |party: &Party| {
            let Signatory { name, goal, .. } = &party.signatory;
            party.check(&everyone)?;
            let instruments =
                Instruments::new(economy, &disagreement, &party.agenda).map_err(|problem| named(name, problem))?;
            Ok(Player { name: name.clone(), goal: goal.clone(), instruments })
        };
        let players = parties.iter().map(player).collect::<Result<Vec<_>, Problem>>()?;
        let power: f64 = parties.iter().map(|party| party.power).sum();
        let powers = parties.iter().map(|party| party.power / power).collect();
        let game = Game::new(economy, settings, disagreement, players)?;
        let equilibrium =
            game.solved(&mut Solver::new(economy, settings), &game.in_force, None).map_err(|mut problem| {
                problem.message = problem.message.replace("that the search starts from", "without agreement");
                problem
            })?;
        Ok(Self {
            threats: game.players.iter().map(|player| player.goal.reading(economy, &equilibrium)).collect(),
            signatories: parties.into_iter().map(|party| party.signatory).collect(),
            powers,
            disagreement: equilibrium,
            game,
        })
    }

    /// Where a search for a deal usually starts: no tariffs on the agenda, and those of the disagreement.
    pub const STARTS: [Start; 2] = [Start::Rate(0.0), Start::InForce];

    /// The parties, as players whose instruments are what is on the agenda.
    pub fn players(&self) -> &[Player] {
        self.game.players()
    }

    /// The equilibrium without agreement.
    pub fn disagreement(&self) -> &Equilibrium {
        &self.disagreement
    }

    /// These parties' agreement on a policy, bargained or not.
    ///
    /// # Errors
    /// As [`Agreement::new`].
    pub fn agreement(&self, agreed: Policy) -> Result<Agreement<'a>, Problem> {
        let Game { economy, settings, in_force, .. } = &self.game;
        Agreement::new(economy, *settings, self.signatories.clone(), in_force.clone(), agreed)
    }
}

impl Party {
    fn check(&self, everyone: &[usize]) -> Result<(), Problem> {
        let Self { signatory: Signatory { name, members, .. }, agenda, power } = self;
        if !(power.is_finite() && *power > 0.0) {
            let what = format!("{name} has a bargaining power of {power}");
            return Err(Problem::new(what).help("powers are above zero; 1 each is equal"));
        }
        if let Some(n) = agenda.members.iter().find(|n| !members.contains(n)) {
            let what = format!("the agenda of {name} names the tariffs of country {n}, for which it does not speak");
            return Err(
                Problem::new(what).help("a party can only concede its own tariffs; add that country as a party")
            );
        }
        if let Some(n) = agenda.partners.iter().flatten().find(|n| !everyone.contains(n)) {
            let what = format!("the agenda of {name} names an outsider: country {n} is no party to the deal");
            let help = "name other parties only; without partners the tariffs on everybody are on the agenda, with rule \"sector\" on all alike";
            return Err(Problem::new(what).help(help));
        }
        Ok(())
    }
}

/// That signatories are countries of the economy, each for itself, and want something.
pub(super) fn check_signatories<'s>(
    economy: &Economy,
    signatories: impl Iterator<Item = &'s Signatory>,
) -> Result<(), Problem> {
    let mut speaker: Vec<Option<&str>> = vec![None; economy.countries()];
    for Signatory { name, members, goal } in signatories {
        if members.is_empty() {
            return Err(Problem::new(format!("{name} speaks for no country")).help("name at least one"));
        }
        known_countries(economy, members).map_err(|problem| named(name, problem))?;
        goal.check(economy).map_err(|problem| named(name, problem))?;
        for n in members {
            if let Some(other) = speaker[*n].replace(name) {
                let what = format!("{other} and {name} both speak for country {n}");
                return Err(Problem::new(what).help("every country is one party's"));
            }
        }
    }
    Ok(())
}

/// A problem, with whose it is.
fn named(name: &str, mut problem: Problem) -> Problem {
    problem.message = format!("{name}: {}", problem.message);
    problem
}
