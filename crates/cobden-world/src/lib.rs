//! The nouns of a trade model: countries, sectors, rates, flows and their accounts.
//!
//! A [`World`] is what a model starts from: who sells what to whom in a year, at which tariffs, made with which inputs.
//!
//! Conventions, everywhere in cobden: importer `n`, exporter `i`, sector `j`, input sector `k`; arrays are indexed `[n, i, j]`;
//! flows are at basic prices, before the importer's tariff; a [`Rate`] is 0.25 where a [`Factor`] is 1.25.
//!
//! The crate is pure: it never touches a disk, a clock or the environment. Files come in through the [`Files`] trait.

mod accounts;
mod aggregate;
mod balance;
mod csv;
mod feasible;
mod files;
mod manifest;
mod names;
mod parquet;
mod problem;
mod rate;
mod read;
mod rebalance;
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
pub use rate::{Factor, Rate};
pub use read::{Elasticities, alternatives, read_elasticities, read_tariffs};
pub use rebalance::{BalanceOptions, BalanceReport, CountryMoves, EmptyColumns, EmptyRows, Move};
pub use world::{Origin, World};
pub use write::Format;
