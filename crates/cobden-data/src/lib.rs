//! Readers of the public datasets that trade economists use.
//!
//! Each dataset has a module of its own, whose front page documents the layout of its files. There are three kinds of content:
//!
//! - input-output tables of the world become [`InputOutput`]: who sells how much of what to whom, made with which inputs;
//! - lists of trade are told record by record ([`TradeRecord`]), lists of tariffs likewise ([`TariffRecord`]), so that files larger than
//!   memory can be read;
//! - header array files (GTAP, GEMPACK) are read and written as they are.
//!
//! The crate is pure: readers take anything that is [`Read`](std::io::Read), and what they find wrong is a
//! [`Problem`](cobden_world::Problem) with its place. They read in one pass and keep what they return, not the file. Dimensions come from
//! the labels of a file, never from its edition.

// Input-output tables.
pub mod adb;
mod archive;
mod builder;
pub mod check;
mod delimited;
mod detect;
pub mod eora;
pub mod exiobase;
pub mod figaro;
mod flat;
pub mod icio;
mod input_output;
pub mod rdata;
mod sheet;
pub mod wiod2013;
pub mod wiod2016;

// Lists of trade and of tariffs, and header arrays.
pub mod baci;
pub mod census;
mod country_codes;
pub mod gtap;
pub mod har;
mod header;
pub mod hts;
pub mod itpd;
mod lines;
mod list_format;
pub mod macmap;
mod records;
mod summary;
pub mod teti;
mod thrift;
pub mod tidy;
pub mod wdi;
pub mod wits;
mod zipped;
mod zstd;

// What there is to read, and from which codes to which.
pub mod catalogue;
pub mod concordance;
pub mod mapping;

// From tables to worlds.
mod tariffs;
mod world;

pub use country_codes::CountryCodes;
pub use detect::{TableFormat, detect};
pub use input_output::{Assembly, Column, Gap, InputOutput, Row, distinct};
pub use list_format::ListFormat;
pub use records::{TariffRecord, TradeRecord};
pub use summary::Summary;
pub use tariffs::TariffSums;
pub use world::{Changes, Making, Zeroed};
pub use zstd::ZstdPages;
