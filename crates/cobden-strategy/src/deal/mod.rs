//! Deals between some governments, and what they do to the others.
//!
//! - [`Negotiation::bargain`]: the tariffs that parties agree on by Nash bargaining over a stated agenda, or that there is nothing to agree on;
//!   [`Negotiation::bargain_with_payments`]: the same where money may change hands as well.
//! - [`Agreement::incidence`]: who pays for an agreement, by country, sector and channel.
//! - [`Agreement::compensation`]: what would make each outsider whole, in money or by a concession.
//! - [`Agreement::deterrence`]: the smallest penalty that makes a signatory regret its signature, and what that costs whom.
//!
//! An [`Agreement`] may be one that was bargained here, or any other change of tariffs that somebody signed.

mod agreement;
mod bargain;
mod compensation;
mod crossing;
mod deterrence;
mod incidence;
mod negotiation;
mod payments;

pub use agreement::{Agreement, EXACT_PCT};
pub use bargain::{Bargain, BargainReport, Deal, Lean};
pub use compensation::{Compensation, Concession};
pub use deterrence::{Deterrent, Penalty};
pub use incidence::{Channels, CountryIncidence, Incidence, SectorIncidence};
pub use negotiation::{Negotiation, Party, Signatory, Terms};
pub use payments::PaidDeal;
