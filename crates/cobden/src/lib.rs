//! Who pays and who gains when tariffs change: studies, worlds and results.
//!
//! This crate tells the story that the crates below it make possible: a [`Study`] says what is asked, `run` answers it,
//! and a passport proves of what the answer was made. It is the only library of cobden that touches disk and clock.

mod document;
pub mod study;

pub use document::{Document, Located};
pub use study::{Case, Change, Schedules, Selection, Study, TariffRow};

pub use cobden_world::{Place, Problem, Rate, World};
