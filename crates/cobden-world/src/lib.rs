//! The nouns of a trade model: countries, sectors, rates, flows and their accounts.
//!
//! A [`World`] is what a model starts from: who sells what to whom in a year, at which tariffs, made with which inputs.
//! This crate reads and writes it ([`World::read`], [`World::to_files`]), checks that its accounts add up ([`World::accounts`]),
//! merges countries and sectors ([`World::aggregate`]), and finds the balanced table nearest to estimates that do not add up
//! ([`World::balance`]). Worlds to test with are in [`toy`].
//!
//! Conventions, everywhere in cobden: importer `n`, exporter `i`, sector `j`, input sector `k`; arrays are indexed `[n, i, j]`;
//! flows are at basic prices, before the importer's tariff; a [`Rate`] is 0.25 where a [`Factor`] is 1.25.
//!
//! The crate is pure: it never touches a disk, a clock or the environment. Files come in through the [`Files`] trait. Whatever
//! is wrong with them comes back as a [`Problem`], with file, line, column and what to do; no input makes it panic.
//!
//! ```
//! use cobden_world::{BalanceOptions, Grouping, Mapping, toy::Toy};
//!
//! let world = Toy { countries: 3, sectors: 2, ..Toy::default() }.world();
//! let merged = world.aggregate(&Mapping {
//!     countries: Grouping::new([("HOME", vec!["C00"]), ("ABROAD", vec!["C01", "C02"])])?,
//!     sectors: Grouping::identity(&world.sectors),
//! })?;
//! let (balanced, report) = merged.balance(&BalanceOptions::default())?;
//! assert!(balanced.accounts().imbalances(1e-11).is_empty());
//! assert!(report.countries[1].moved_share < 1e-9, "it was balanced before");
//! # Ok::<(), cobden_world::Problem>(())
//! ```

mod accounts;
mod aggregate;
mod balance;
mod csv;
pub mod document;
mod feasible;
mod files;
mod manifest;
mod names;
mod parquet;
mod problem;
mod products;
mod rate;
mod read;
mod rebalance;
pub mod synthetic;
mod table;
pub mod toy;
mod world;
mod write;

pub use accounts::{Accounts, Identity, Imbalance};
pub use aggregate::{Grouping, Mapping};
pub use balance::{Balanced, Infeasible, balance};
pub use files::{Content, Files, MemoryFiles};
pub use names::Names;
pub use problem::{Place, Problem, nearest};
pub use products::{Product, ProductTable, Products, ProductsBuilder, Sparsity};
pub use rate::{Factor, Rate};
pub use read::{Elasticities, alternatives, read_elasticities, read_tariffs};
pub use rebalance::{BalanceOptions, BalanceReport, CountryMoves, EmptyColumns, EmptyRows, Move};
pub use world::{Origin, World};
pub use write::Format;
