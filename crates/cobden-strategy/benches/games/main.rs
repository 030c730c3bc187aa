//! How long games take, beside what was published and what is asked of them.
//!
//!     cargo bench -p cobden-strategy --bench games [-- WORD]
//!
//! Only rows whose name holds WORD, if there is one. Some worlds lie in the test data (`COBDEN_TEST_DATA`) and are left out where they are not.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use cobden_equilibrium::{Economy, Policy, Settings};
use cobden_strategy::{
    FormulaWar, Game, Player, Rule, Search, Start,
    deal::{Negotiation, Party, Penalty, Terms},
};
use cobden_world::{Rate, World};

fn main() {
    println!(
        "{:<44}{:>9}{:>9}{:>9}{:>12}  published, prototype",
        "game", "tariffs", "seconds", "target", "certificate"
    );
    if let Some(case) = common::ossa() {
        responses(&case);
        war("Ossa: Nash", &case, Rule::PartnerSector, Start::Elasticity(1.0), 0.3, "96 min, 6 s");
        talks(&case);
        deal("Ossa: deal of two", &case, ["USA", "JPN"], 0.1);
    }
    if let Some(case) = common::balanced("ustariff-icio-2022") {
        formula("81 x 28: formula", &case, 0.1, "28 s");
        war("81 x 28: Nash, uniform", &case, Rule::Uniform, Start::Formula, 3.0, "");
    }
    if let Some(case) = common::balanced("lashkaripour-wiod-2014") {
        formula("44 x 16: formula", &case, 0.1, "");
        war("44 x 16: Nash, uniform", &case, Rule::Uniform, Start::Formula, 3.0, "");
        war("44 x 16: Nash, partner-sector", &case, Rule::PartnerSector, Start::Formula, 120.0, "nobody");
    }
    if let Some(case) = common::embedded() {
        war("24 x 18 with inputs: Nash, partner-sector", &case, Rule::PartnerSector, Start::Elasticity(1.0), 60.0, "");
        deal("24 x 18 with inputs: deal of two", &case, ["USA", "CHN"], 2.0);
    }
}

fn game((world, economy): &(World, Economy), rule: Rule) -> Game<'_> {
    let in_force = Policy::status_quo(world);
    let players = (0..economy.countries()).map(|n| Player::country(economy, &in_force, n, rule).unwrap()).collect();
    Game::new(economy, Settings::default(), in_force, players).unwrap()
}

/// The median of three runs, or the only one if it takes long, and the answer.
fn timed<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let mut seconds = Vec::new();
    loop {
        let start = Instant::now();
        let answer = run();
        seconds.push(start.elapsed().as_secs_f64());
        if seconds.len() == 3 || seconds[0] > 5.0 {
            seconds.sort_by(f64::total_cmp);
            return (seconds[seconds.len() / 2], answer);
        }
    }
}

fn asked(name: &str) -> bool {
    std::env::args().skip(1).find(|word| !word.starts_with("--")).is_none_or(|word| name.contains(&word))
}

fn print(name: &str, tariffs: usize, seconds: f64, target: f64, certificate: Option<f64>, others: &str) {
    let certificate = certificate.map_or(String::new(), |largest| format!("{largest:.0e}"));
    println!("{name:<44}{tariffs:>9}{seconds:>9.3}{target:>9}{certificate:>12}  {others}");
}

fn responses(case: &(World, Economy)) {
    let name = "Ossa: seven best responses";
    if !asked(name) {
        return;
    }
    let game = game(case, Rule::PartnerSector);
    let (seconds, ()) = timed(|| {
        for player in 0..game.players().len() {
            assert!(game.respond(player, game.in_force(), &Search::default()).unwrap().report.halt.converged());
        }
    });
    print(name, game.players()[0].instruments.len(), seconds, 0.1, None, "");
}

/// From the tariff war, with import subsidies. The war itself is not timed.
fn talks(case: &(World, Economy)) {
    let name = "Ossa: trade talks from Nash";
    if !asked(name) {
        return;
    }
    let game = game(case, Rule::PartnerSector);
    let war = game.nash(&Search::default()).unwrap().distinct.remove(0);
    let search = Search { starts: &Game::FREE_TRADE, ..Search::default() };
    let (seconds, talks) = timed(|| game.talks(&war.equilibrium, &search).unwrap());
    print(name, 7 * game.players()[0].instruments.len(), seconds, 1.0, None, "50 h, 4 to 19 s");
    println!(
        "    {} after {} iterations, {} equilibria",
        talks.report.halt, talks.report.iterations, talks.report.solves
    );
}

/// Over the tariffs that two have on one another, from those in force; then what it does to the others.
fn deal(name: &str, (world, economy): &(World, Economy), names: [&str; 2], target: f64) {
    if !asked(name) {
        return;
    }
    let pair = names.map(|name| world.countries.index(name).unwrap());
    let party = |n: usize| {
        let mut party = Party::country(&world.countries[n], n, &pair, Terms::Discriminatory);
        party.agenda.bounds.min = Some(Rate::ZERO);
        party
    };
    let in_force = Policy::status_quo(world);
    let table = Negotiation::new(economy, Settings::default(), in_force, pair.map(party).to_vec()).unwrap();
    let search = Search { starts: &Negotiation::STARTS, ..Search::default() };
    let (seconds, bargain) = timed(|| table.bargain(&search).unwrap());
    let tariffs = table.players().iter().map(|player| player.instruments.len()).sum();
    print(name, tariffs, seconds, target, None, "");
    let report = bargain.report;
    println!("    {} after {} iterations, {} equilibria", report.halt, report.iterations, report.solves);
    let agreement = table.agreement(bargain.deal.unwrap().policy).unwrap();
    let (incidence, _) = timed(|| agreement.incidence().unwrap());
    let (compensation, all) = timed(|| agreement.compensation(&search).unwrap().unwrap());
    let punishers: Vec<usize> = agreement.outsiders().into_iter().take(3).collect();
    let (deterrence, _) = timed(|| agreement.deterrence(&Penalty::by(1, &punishers), &search).unwrap().unwrap());
    println!(
        "    who pays {incidence:.3} s, compensation of {} {compensation:.3} s, four penalties {deterrence:.3} s",
        all.len()
    );
}

fn war(name: &str, case: &(World, Economy), rule: Rule, start: Start, target: f64, others: &str) {
    if !asked(name) {
        return;
    }
    let game = game(case, rule);
    let starts = [start];
    let search = Search { starts: &starts, deviations: &starts, ..Search::default() };
    let (seconds, wars) = timed(|| game.nash(&search).unwrap());
    let war = &wars.distinct[0];
    let tariffs = game.players().iter().map(|player| player.instruments.len()).sum();
    print(name, tariffs, seconds, target, Some(war.certificate.largest_pct()), others);
    let report = &war.report;
    println!(
        "    {} after {} rounds, {} turns, {} equilibria",
        report.halt, report.rounds, report.sweeps, report.solves
    );
}

fn formula(name: &str, (world, economy): &(World, Economy), target: f64, others: &str) {
    if !asked(name) {
        return;
    }
    let everyone: Vec<usize> = (0..economy.countries()).collect();
    let in_force = Policy::status_quo(world);
    let (seconds, war) = timed(|| FormulaWar::new(economy, &in_force, &everyone, &Settings::default()).unwrap());
    print(name, everyone.len(), seconds, target, None, others);
    println!("    {} after {} rounds", war.halt, war.rounds);
}
