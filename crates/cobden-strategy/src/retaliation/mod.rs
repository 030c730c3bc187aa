//! Retaliation: which tariffs hurt a target most for what they cost, under the limits that a dispute sets.
//!
//! A [`Dispute`] says who retaliates against whom, with which levers, and what each side wants; [`Retaliation`] answers:
//!
//! - [`Retaliation::frontier`]: from the retaliators' best response to the greatest harm that the levers can do, the least cost of each harm;
//! - [`Retaliation::doing`]: the least cost of a stated harm, and [`Retaliation::equivalent`] of harm equal to what was suffered;
//! - [`Retaliation::list`]: which imports to list if the trade affected has a cap, with a bound on what any list could do;
//! - [`Retaliation::rows`]: what each row of the measures covers, does and costs.

mod conditions;
mod design;
mod dual;
mod frontier;
mod knapsack;
mod list;
mod partly;
mod programme;
mod rows;

pub use design::{DesignReport, Dispute, Measures, Retaliation};
pub use frontier::{Frontier, Harm};
pub use list::{List, Raised};
pub use rows::{Row, Rows};
