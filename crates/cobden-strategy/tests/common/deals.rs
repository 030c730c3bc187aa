//! Small worlds whose countries have something to agree on.

#![allow(unreachable_pub)]

use cobden_equilibrium::{Economy, Model, Policy, Settings};
use cobden_strategy::{
    Search,
    deal::{Bargain, Deal, Negotiation, Party, Terms},
};
use cobden_world::{Rate, World, toy::Toy};

/// The usual search, from the usual starts.
pub const SEARCH: Search = Search {
    tolerance_pct: 1e-8,
    max_iterations: 300,
    starts: &Negotiation::STARTS,
    deviations: &[],
    certificate_pct: 1e-6,
    go_on: &|_| true,
};

/// A small world with high tariffs.
pub fn small(countries: usize, seed: u64) -> (World, Economy) {
    let toy = Toy { countries, sectors: 3, seed, highest_tariff: Rate(0.8), zero_flows: 0.1, ..Toy::default() };
    let world = Toy { balanced_trade: true, ..toy }.world();
    let economy = super::economy(&world, &Model::default());
    (world, economy)
}

/// Parties that bargain over rates between nothing and 200 per cent.
pub fn parties(countries: &[usize], terms: Terms) -> Vec<Party> {
    let party = |n: &usize| {
        let mut party = Party::country(format!("C{n:02}"), *n, countries, terms);
        party.agenda = party.agenda.within(Rate(0.0), Rate(2.0));
        party
    };
    countries.iter().map(party).collect()
}

/// A table at the tariffs in force.
pub fn table<'a>(world: &World, economy: &'a Economy, parties: Vec<Party>) -> Negotiation<'a> {
    Negotiation::new(economy, Settings::default(), Policy::status_quo(world), parties).unwrap()
}

/// The deal that was found.
pub fn agreed(bargain: Bargain) -> Deal {
    assert!(bargain.report.halt.converged(), "{:?}", bargain.report);
    bargain.deal.unwrap()
}
