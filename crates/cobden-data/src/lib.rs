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

mod input_output;
mod records;

pub use input_output::{Assembly, Column, Gap, InputOutput, Row, distinct};
pub use records::{TariffRecord, TradeRecord};

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
mod summary;
pub mod teti;
mod thrift;
pub mod tidy;
pub mod wdi;
pub mod wits;
mod zipped;
mod zstd;

pub use country_codes::CountryCodes;
pub use list_format::ListFormat;
pub use summary::Summary;
pub use zstd::ZstdPages;
