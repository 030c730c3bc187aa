//! Worlds and published tables from the shared test data, where they are at hand.

#![allow(dead_code, unreachable_pub)]

use std::{collections::BTreeMap, fs, path::PathBuf};

use cobden_equilibrium::{Economy, Equilibrium, Model, Outcome, Policy, Settings};
use cobden_world::{MemoryFiles, Rate, World};
use ndarray::Array3;

/// The folder of test data: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository.
pub fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("COBDEN_TEST_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} absent", folder.display());
    None
}

/// The files of a world of the test data.
pub fn files(id: &str) -> Option<MemoryFiles> {
    let folder = data()?.join("worlds").join(id);
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    Some(entries.fold(MemoryFiles::new(folder.display().to_string()), |files, entry| {
        files.with(entry.file_name().to_string_lossy(), fs::read(entry.path()).unwrap())
    }))
}

/// One column of a published table, by its first column.
pub fn published(table: &str, column: &str) -> Option<BTreeMap<String, f64>> {
    let text = fs::read_to_string(data()?.join("replications").join(table)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let at = lines.next().unwrap().iter().position(|name| *name == column).unwrap();
    Some(lines.map(|line| (line[0].to_owned(), line[at].parse().unwrap())).collect())
}

/// A world, its own elasticities, and a model of it.
pub fn economy(world: &World, model: &Model) -> Economy {
    Economy::calibrate(world, world.elasticities.as_ref().unwrap(), model, &Settings::default()).unwrap()
}

/// The equilibrium under new tariffs, converged.
pub fn solve(economy: &Economy, tariffs: Array3<Rate>) -> Equilibrium {
    solve_policy(economy, &Policy { tariffs, trade_cost: None, export_taxes: None })
}

/// The equilibrium under a policy, converged.
pub fn solve_policy(economy: &Economy, policy: &Policy) -> Equilibrium {
    let equilibrium = economy.solve(policy, None, &Settings::default()).unwrap();
    assert!(equilibrium.report.stop.converged(), "{:?}", equilibrium.report);
    equilibrium
}

/// Exact welfare changes in percent, by country.
pub fn welfare(economy: &Economy, equilibrium: &Equilibrium) -> Vec<f64> {
    Outcome::new(economy, equilibrium).countries.iter().map(|country| country.welfare_pct).collect()
}
