//! What governments should do about tariffs, alone or together: best responses, tariff wars, trade talks, coalitions, deals.
//!
//! A [`Player`] has a [`Goal`] and [`Instruments`]; a [`Game`] has players, an economy and the tariffs in force.
//!
//! - [`Game::respond`]: the best response of one player, the others' tariffs given.
//! - [`Game::nash`]: tariffs that are best responses to one another, each war with its [`Certificate`]: the most that any player gains by
//!   leaving it alone, found by a search of its own.
//! - [`Game::talks`]: the tariffs that raise the smallest gain over a threat point as far as it goes.
//! - [`deal`]: what some agree on by Nash bargaining, who pays for it, what makes outsiders whole, what would deter it.
//! - [`alignment`]: how far governments want the same, and which reforms all gain from.
//! - [`retaliation`]: the harm that tariffs can do to a target and what it costs, under the limits of a dispute.
//! - [`FormulaWar`]: Lashkaripour's formula, a war in one rate per country without a search; also a start for the others ([`Start::Formula`]).
//!
//! Everything rests on one primitive: climb a goal over bounded levers, the equilibrium solved inside, the gradient by adjoint
//! (`ascent.rs`), in variables in which welfare bends about alike in all directions (`variables.rs`).
//!
//! ```
//! use cobden_equilibrium::{Economy, Model, Policy, Settings};
//! use cobden_strategy::{Game, Player, Rule, Search};
//! let world = cobden_world::toy::two_countries();
//! let settings = Settings::default();
//! let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
//! let in_force = Policy::status_quo(&world);
//! let player = |country| Player::country(&economy, &in_force, country, Rule::Uniform);
//! let game = Game::new(&economy, settings, in_force.clone(), vec![player(0)?, player(1)?])?;
//!
//! let alone = game.respond(0, &in_force, &Search::default())?;
//! assert!(alone.report.halt.converged() && alone.gain_pct > 0.0);
//!
//! let wars = game.nash(&Search::default())?;
//! let war = &wars.distinct[0];
//! assert!(war.report.halt.converged() && war.certificate.largest_pct() < 1e-6);
//! let welfare = game.players()[0].goal.reading(&economy, &war.equilibrium);
//! assert!(welfare < 0.0, "both lose");
//! # Ok::<(), cobden_world::Problem>(())
//! ```

// Loops over levers read several arrays at one index; iterators would hide which.
#![allow(clippy::needless_range_loop)]

mod accord;
pub mod alignment;
mod ascent;
pub mod coalition;
pub mod deal;
mod formula;
mod game;
mod goal;
mod instruments;
mod merit;
mod nash;
mod reach;
mod respond;
pub mod retaliation;
mod simplex;
mod table;
mod talks;
mod variables;

pub use ascent::Halt;
pub use formula::{FormulaWar, formula_rates};
pub use game::{Game, Player, Progress, Search, Start};
pub use goal::Goal;
pub use instruments::{Instruments, Lever};
pub use nash::{Certificate, Nash, NashReport, Wars};
pub use reach::{Bounds, Inside, Reach, Rule};
pub use respond::{Response, SearchReport};
pub use talks::{Talks, TalksReport};
