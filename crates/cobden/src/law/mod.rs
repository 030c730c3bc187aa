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

mod ask;
mod base;
mod by_product;
mod cells;
mod check;
mod diff;
mod document;
mod events;
mod files;
mod list;
mod rate;
mod rate_document;
mod sectors;
mod show;
mod sources;
mod timeline;
mod timeline_files;
mod validate;
mod weights;
pub mod words;

pub use ask::{day, importer, partner, partner_words, product, stated, today, typed};
pub use base::{OrdinaryDuties, ordinary_duties};
pub use by_product::ByProduct;
pub(crate) use by_product::WHOLE;
pub(crate) use cells::Cells;
pub use check::{Checked, check};
pub use cobden_measures::*;
pub use diff::{Difference, MeasureDifference, PartnerDifference, RateDifference, diff};
pub use document::{confidence_name, view_name};
pub use events::{Happening, happenings, happenings_csv, happenings_json};
pub use files::{register, register_texts, texts};
pub use list::{Filter, Listed, list, list_csv, list_json};
pub use rate::{Asked, Base, Finer, FinerPart, GoodRate, Weighed, rate};
pub use sectors::{Added, Importer, Sectors};
pub use show::{Shown, ShownAside, ShownLine, ShownRate, show};
pub use sources::{Sources, status, status_name};
pub use timeline::{Shift, Through, Timeline, TimelineStep, timeline, trade};
pub use timeline_files::{names as timeline_names, timeline_csv, timeline_json, timeline_svg, title as timeline_title};
pub use validate::{
    Compared, Day, Distance, LEVEL, Moved, SHARE, STEP, Validation, customs_records, validate, validation_csv,
};
pub use weights::Weights;
pub(crate) use weights::{IMPORTS, PRODUCTS};
