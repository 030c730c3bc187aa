//! Coalitions: what each is worth, who would leave it, what would keep it together or split it.
//!
//! The raw material is a [`PartitionGame`]: for every coalition structure that was computed, what each player gets. Everything else is
//! arithmetic on it:
//!
//! - [`PartitionGame::stability`]: who would leave, who would join, whether transfers could prevent it, and which ([`Stability::transfers`]);
//! - [`PartitionGame::offers`]: what it takes to split a coalition, and to whom that is worth it;
//! - [`PartitionGame::deterrence`]: the smallest coalition whose answer makes an initiator regret its tariff;
//! - [`PartitionGame::characteristic`]: one number for each coalition, given what happens outside ([`Outside`]); of these the
//!   [Shapley value](CharacteristicFunction::shapley), the [least core](CharacteristicFunction::least_core) and the nucleolus;
//! - [`Stakes::patience`]: how much the future must count for a deal to hold itself.
//!
//! Payoffs are in one unit that may change hands, money. That arithmetic does not know where they come from; they come from a [`Ledger`],
//! which computes the equilibrium of every structure.

mod characteristic;
mod fill;
mod joint;
mod ledger;
mod offers;
mod partition_game;
mod patience;
mod sets;
mod smallest_maximum;
mod stability;

pub use characteristic::{CharacteristicFunction, Core};
pub use fill::Filled;
pub use joint::Joint;
pub use ledger::{Alliance, EXACT_PCT, Entry, Found, Initiator, Ledger};
pub use offers::{Deterrence, Offer, Party};
pub use partition_game::{Outside, PartitionGame, Payoffs};
pub use patience::{Patience, Punishment, Stakes};
pub use sets::{Coalition, MAX_PLAYERS, Structure, partitions};
pub use stability::{Change, Payment, Sharing, Stability, Transfers};
