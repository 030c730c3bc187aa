//! How long alignment and the design of retaliation take.
//!
//!     cargo bench -p cobden-strategy --bench designs
//!
//! Ossa's world lies in the test data (`COBDEN_TEST_DATA`) and is left out where it is not.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use cobden_equilibrium::{Economy, Policy, Settings};
use cobden_strategy::{
    Inside, Instruments, Reach, Rule, Search,
    alignment::{Alignment, Draws, Government, Wanted},
    retaliation::{Dispute, Raised, Retaliation},
};
use cobden_world::{Rate, World};

fn main() {
    println!("{:<58}{:>9}{:>9}", "question", "tariffs", "seconds");
    for (name, case) in [("Ossa", common::ossa()), ("24 x 18 with inputs", common::embedded())] {
        let Some((world, economy)) = &case else { continue };
        align(name, world, economy);
        retaliate(name, world, economy);
    }
}

/// The median of three runs, and the answer.
fn timed<T>(name: &str, tariffs: usize, mut run: impl FnMut() -> T) -> T {
    let mut seconds = Vec::new();
    loop {
        let start = Instant::now();
        let answer = run();
        seconds.push(start.elapsed().as_secs_f64());
        if seconds.len() == 3 {
            seconds.sort_by(f64::total_cmp);
            println!("{name:<58}{tariffs:>9}{:>9.3}", seconds[1]);
            return answer;
        }
    }
}

fn align(name: &str, world: &World, economy: &Economy) {
    let in_force = Policy::status_quo(world);
    let everyone: Vec<usize> = (0..economy.countries()).collect();
    let reach = Reach { inside: Inside::Chosen, ..Reach::bloc(everyone.clone(), Rule::PartnerSector) };
    let levers = Instruments::new(economy, &in_force, &reach).unwrap();
    let governments: Vec<Government> = everyone.iter().map(|n| Government::country(*n)).collect();
    let new = || Alignment::new(economy, Settings::default(), &in_force, governments.clone(), &levers).unwrap();
    let alignment = timed(&format!("{name}: alignment of all pairs"), levers.len(), || {
        let alignment = new();
        assert_eq!(alignment.cosines().dim().0, everyone.len());
        alignment
    });
    timed(&format!("{name}: the ten best reforms for two"), levers.len(), || {
        alignment.reforms(&[0, 1], 0.05, Wanted::Least, 10).unwrap()
    });
    timed(&format!("{name}: 1,000 reforms drawn for two"), levers.len(), || {
        alignment.sampled(&[0, 1], &Draws::default(), &Search::default()).unwrap().unwrap()
    });
}

/// China and Japan against the United States, up to 100 points on top.
fn retaliate(name: &str, world: &World, economy: &Economy) {
    let index = |name| world.countries.index(name).unwrap();
    let mut dispute = Dispute::new(&[index("CHN"), index("JPN")], &[index("USA")], Rule::PartnerSector);
    dispute.reach.surcharge = true;
    dispute.reach.bounds.max = Some(Rate(1.0));
    let new =
        |dispute: &Dispute| Retaliation::new(economy, Settings::default(), Policy::status_quo(world), dispute.clone());
    let retaliation = new(&dispute).unwrap();
    let levers = retaliation.instruments().len();
    let frontier = timed(&format!("{name}: frontier of 20 points"), levers, || {
        let frontier = retaliation.frontier(20, &Search::default()).unwrap();
        assert!(frontier.halt.converged());
        frontier
    });
    timed(&format!("{name}: rows of one point"), levers, || retaliation.rows(&frontier.points[10]).unwrap());
    let cap = 0.2 * frontier.points[19].trade_affected;
    for (raised, what) in [(Raised::Own, "own gain"), (Raised::Harm, "harm")] {
        timed(&format!("{name}: list of a fifth of imports, {what}"), levers, || {
            let list = retaliation.list(cap, raised, &Search::default()).unwrap();
            assert!(list.measures.report.halt.converged());
            list
        });
    }
    dispute.trade_effect = Some(0.5 * frontier.points[0].trade_effect);
    let limited = new(&dispute).unwrap();
    timed(&format!("{name}: frontier of 20 points, trade effect limited"), levers, || {
        assert!(limited.frontier(20, &Search::default()).unwrap().halt.converged());
    });
}
