//! Products nested in sectors: markets of their own for goods that are made alike.
//!
//! A sector is made with labour and inputs at the unit cost `c_ij`; it is sold as products `g`, each on a market of its own, and what a country spends on
//! the sector is divided over them with the elasticity of substitution eta, at eta = 1 in fixed shares `beta_ng`. Conditions 3 to 5 become
//!
//! 3. `P_ng = (sum_i pi_nig (kappa_nig c_ij)^-theta_g)^(-1/theta_g)`, `P_nj = (sum_g beta_ng P_ng^(1-eta))^(1/(1-eta))`, at eta = 1 `prod_g P_ng^beta_ng`
//! 4. `pi'_nig = pi_nig (kappa_nig c_ij / P_ng)^-theta_g`, `beta'_ng = beta_ng (P_ng / P_nj)^(1-eta)`
//! 5. `M'_nig = pi'_nig beta'_ng X'_nj / T'_nig`, `Y'_ij = sum_g sum_n M'_nig`
//!
//! and the others stay as they are, so the unknowns do too. To the rest of the solver a nest is a sector whose trade weights
//! ([`Trade`](crate::policy::Trade)) are made anew at each point, its powers being one; how buyers turn from one origin to another is asked of the nest.
//!
//! Reading order: `nest.rs` (baseline, policy, a point), `prices.rs` (conditions 3 to 5), `substitute.rs` (their derivative, both ways),
//! `levels.rs` (flows, and the check of an answer as written above), `economy.rs` and `policy.rs` (what users see).

mod economy;
mod gradient;
mod levels;
mod nest;
mod policy;
mod prices;
mod substitute;
mod sweeps;
#[cfg(test)]
mod tests;

pub use economy::{ProductEconomy, ProductEquilibrium, ProductFlows};
pub use gradient::ProductGradient;
pub(crate) use gradient::abroad_worth;
pub(crate) use nest::{Nest, NestPoint, NestWedges};
pub use policy::{ProductPolicy, Selection};
pub(crate) use substitute::Substituted;
pub use sweeps::Sweeps;
