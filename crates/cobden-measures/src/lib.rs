//! Tariff law as data: dated, sourced measures, and the rates they make on any day.
//!
//! A [`Register`] holds measures (programmes: who levies, under which authority, on what, yielding to whom) and acts (what happened: an
//! order, a ruling, a report of one). Ask it what an importer charges on a good from an exporter on a day, as it was known on
//! another day, and it answers with a [`Duty`]: the base, every measure's part, what cut each part, and the acts behind them.
//!
//! Rates here are what law writes: percentage points of the customs value. [`Duty::rate`] turns the sum into a [`cobden_world::Rate`].
//!
//! The crate is pure: text in, values out; no disk, no clock. Whatever is wrong with a file comes back as a
//! [`cobden_world::Problem`] at its line and column.
//!
//! ```
//! use cobden_measures::{Date, Question, Register, Text};
//!
//! let cars = Text::new("cars.toml", r#"
//! [measure]
//! id = "us.232.autos"
//! title = "Section 232: cars"
//! importer = "USA"
//! authority = "232"
//! products = ["8703"]
//!
//! [[act]]
//! announced = 2025-03-26
//! cite = "Proc. 10908, 90 FR 14705"
//! change = [{ rate = "25%", from = 2025-04-03 }]
//!
//! [[act]]
//! announced = 2025-09-04
//! cite = "EO 14345, 90 FR 43535"
//! change = [{ line = "japan", partners = "JPN", rate = "total 15%", from = 2025-09-16 }]
//! "#);
//! let register = Register::read([cars])?;
//! let ask = |day| register.price(&Question::new("USA", "JPN", "870323", day).base(2.5));
//! assert_eq!(ask(Date::constant(2025, 9, 15))?.total, 27.5);
//! assert_eq!(ask(Date::constant(2025, 9, 16))?.total, 15.0);
//! # Ok::<(), cobden_world::Problem>(())
//! ```

mod charge;
mod checks;
mod concordance;
mod countries;
mod day;
mod duty;
mod lint;
mod measure;
mod numbers;
mod pattern;
mod period;
mod price;
mod products;
mod question;
mod reach;
mod read;
mod register;
mod schedule;
mod standing;
mod supplement;
mod timeline;
mod trade;

pub use charge::{Charge, Kind, Specific};
pub use checks::Failure;
pub use cobden_world::document::Located;
pub use concordance::Concordance;
pub use duty::{Duty, Part, PartlyHeld, Reason, SetAside, Source};
pub use measure::{
    Act, At, Change, ChargedOn, Confidence, Exempt, Extent, GivesWay, Levy, Measure, OnClaim, Quota, Status, Terms,
    Verb,
};
pub use pattern::{Name, Pattern, Patterns};
pub use period::{Date, Period};
pub use question::{Moment, Question, View};
pub use read::Scenario;
pub use read::values::date as read_day;
pub use register::{Register, Text};
pub use schedule::{Average, Pricer, Schedule};
pub use standing::{Standing, Standings, State};
pub use supplement::{Assumption, Check, Claim, Group, ListedCode, ProductList, Quantity};
pub use timeline::{Event, Step};
pub use trade::Trade;
