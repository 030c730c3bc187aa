//! Tariff law: the register that cobden carries, and files that a user puts on top of it.
//!
//! The files of the register lie in `measures/`, as anyone may read them; their format is `docs/measures-format.md`, how rates are made of
//! them `docs/law.md`.
//!
//! ```
//! use cobden::law::{self, Date, Question};
//!
//! let cars = Question::new("USA", "JPN", "870323", Date::constant(2025, 10, 1)).base(2.5);
//! assert_eq!(law::register()?.price(&cars)?.total, 15.0);
//! # Ok::<(), cobden::Problem>(())
//! ```

mod base;
mod files;

pub use base::{OrdinaryDuties, ordinary_duties};
pub use cobden_measures::*;
pub use files::{register, register_texts, texts};
