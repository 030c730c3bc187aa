//! Alignment: how far governments want the same, over stated tariffs and at a stated point.
//!
//! All of it comes from one equilibrium and the gradient of every government's goal there, in variables in which goals bend alike in all
//! directions ([`Alignment`]):
//!
//! - [`Alignment::cosine`]: the angle between two governments; [`Alignment::cosines`]: of all pairs;
//! - [`Alignment::share`]: the share of all small reforms from which all of some governments gain, and [`Alignment::sampled`] of reforms of a
//!   stated size, each solved;
//! - [`Alignment::reforms`]: the best single moves, and the best exchanges of one move for another, from which all gain;
//! - [`Alignment::best`]: the one reform of a stated size that yields most together, or most to the one who gains least; what it costs
//!   whom ([`Reform::sacrifice`]).

mod best;
mod point;
mod reforms;
mod sampled;
mod share;

pub use point::{Alignment, Government, Standing};
pub use reforms::{Move, Reform, Reforms, Wanted};
pub use sampled::{Draws, Sampled};
pub use share::Share;
