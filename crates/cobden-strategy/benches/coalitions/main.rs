//! How long a ledger of coalitions takes: Ossa's world, the United States and all 63 coalitions of the six others, on as many threads as
//! there are cores (`RAYON_NUM_THREADS` sets another number).
//!
//!     cargo bench -p cobden-strategy --bench coalitions
//!
//! Needs the test data (`COBDEN_TEST_DATA`).

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use cobden_equilibrium::{Policy, Settings};
use cobden_strategy::{
    Inside, Reach, Rule, Search,
    coalition::{Alliance, Initiator, Ledger, Outside},
};

fn main() {
    let Some((world, economy)) = common::ossa() else { return };
    let usa = world.countries.index("USA").unwrap();
    let players: Vec<usize> = (0..world.countries.len()).filter(|n| *n != usa).collect();
    let alliance = |inside| Alliance {
        names: players.iter().map(|n| world.countries[*n].to_owned()).collect(),
        reach: Reach { inside, ..Reach::bloc(players.clone(), Rule::PartnerSector) },
        initiator: Some(Initiator { country: usa, reach: Some(Reach::of(usa, Rule::PartnerSector)) }),
    };
    println!(
        "{:<40}{:>11}{:>9}{:>9}{:>13}{:>8}",
        "63 coalitions", "structures", "found", "seconds", "certificate", "target"
    );
    for (name, inside) in
        [("tariffs inside stay", Inside::AsItIs), ("none inside", Inside::Free), ("chosen inside", Inside::Chosen)]
    {
        let mut seconds = Vec::new();
        let (mut structures, mut found, mut certificate) = (0, 0, 0.0_f64);
        for _ in 0..3 {
            let in_force = Policy::status_quo(&world);
            let mut ledger = Ledger::new(&economy, Settings::default(), in_force, alliance(inside)).unwrap();
            let wanted = ledger.coalitions(Outside::Gamma);
            let start = Instant::now();
            assert!(ledger.fill(&wanted, &Search::default(), &|_| true).unwrap());
            seconds.push(start.elapsed().as_secs_f64());
            structures = wanted.len();
            found = ledger.entries().filter(|entry| entry.found.is_ok()).count();
            let certificates = ledger.entries().filter_map(|entry| Some(entry.found.ok()?.certificate_pct));
            certificate = certificates.fold(0.0, f64::max);
        }
        seconds.sort_by(f64::total_cmp);
        println!("{name:<40}{structures:>11}{found:>9}{:>9.3}{certificate:>13.0e}{:>8}", seconds[1], 3.0);
    }
}
