//! General-equilibrium trade models in exact changes ("exact hat algebra"), solved by Newton's method.
//!
//! One system of equations; presets ([`Preset`]) switch parts of it off. Importer `n`, exporter `i`, sector `j`, input sector `k`;
//! `_hat` is new over old, a prime is a new level; trade elasticity `theta = sigma - 1`; tariff factors `T = 1 + tau`.
//!
//! Baseline objects, from the accounts of a [`World`](cobden_world::World): `M` flows before tariff, `X = sum_i T M` expenditure,
//! `pi = T M / X` trade shares, `Y = sum_n M` sales, `m` the profit share of sales, `gammaL` and `gamma` shares of value added and
//! inputs in cost, `wL` labour income, `D` deficits, `I` income, `alpha` final expenditure shares.
//!
//! Conditions, given new tariffs `tau'`, export taxes `e'` and iceberg changes `d_hat`; flows `M'` are values at the border, export tax
//! included and tariff not:
//!
//! 1. unit cost: `c_ij = w_i^gammaL_ij prod_k P_ik^gamma_i,kj` (hats)
//! 2. trade cost: `kappa_nij = T'_nij (1 + e'_nij) / T_nij d_hat_nij`
//! 3. price index: `P_nj = (sum_i pi_nij (kappa_nij c_ij)^-theta_j)^(-1/theta_j)` (hats)
//! 4. trade share: `pi'_nij = pi_nij (kappa_nij c_ij / P_nj)^-theta_j`
//! 5. flows and sales: `M'_nij = pi'_nij X'_nj / T'_nij`, `Y'_ij = sum_n M'_nij / (1 + e'_nij)`
//! 6. expenditure: `X'_nj = alpha_nj I'_n + sum_k gamma_n,jk (1 - m_k) Y'_nk`
//! 7. income: `I'_n = w_n L_n wL_n + sum_j m_j Y'_nj + sum_ij tau'_nij M'_nij + sum_ij e'_inj / (1 + e'_inj) M'_inj + D'_n`
//! 8. labour: `w_n L_n wL_n = sum_j gammaL_nj (1 - m_j) Y'_nj`
//! 9. numeraire: `sum_n w_n L_n wL_n = sum_n wL_n`
//! 10. labour supply: `L_n = (w_n / prod_j P_nj^alpha_nj)^kappa_L`, 1 where it is fixed
//! 11. welfare: `W_n = I_hat_n / prod_j P_nj^alpha_nj`
//!
//! Reading order: `conditions.rs` (the system), `jacobian.rs` (its derivative), `precondition.rs` and `krylov.rs` (linear solves),
//! `solve.rs` (Newton), `verify.rs` (the answer put back into the conditions as written above), `outcome.rs` (what it means).
//!
//! ```
//! use cobden_equilibrium::{Economy, Model, Outcome, Policy, Settings};
//! use cobden_world::{Rate, toy};
//!
//! let world = toy::two_countries();
//! let theta = world.elasticities.as_ref().unwrap();
//! let economy = Economy::calibrate(&world, theta, &Model::default(), &Settings::default())?;
//!
//! let mut policy = Policy::status_quo(&world);
//! policy.tariffs[[0, 1, 0]] = Rate(0.10);
//! let equilibrium = economy.solve(&policy, None, &Settings::default())?;
//! assert!(equilibrium.report.stop.converged());
//!
//! let outcome = Outcome::new(&economy, &equilibrium);
//! assert!(outcome.countries[0].welfare_pct > 0.0, "a first small tariff improves the terms of trade");
//! assert!(outcome.countries[1].welfare_pct < 0.0, "at the other's expense");
//! # Ok::<(), cobden_world::Problem>(())
//! ```

// Loops over countries and sectors read several arrays at one index; iterators would hide which.
#![allow(clippy::needless_range_loop)]

mod adjoint;
mod backward;
mod batch;
mod calibrate;
mod conditions;
mod decomposition;
mod economy;
mod elementary;
mod equilibrium;
mod export_tax;
mod first_order;
mod flows;
mod government;
mod gradient;
mod jacobian;
mod kernel;
mod krylov;
mod model;
mod objective;
mod outcome;
mod policy;
mod precondition;
mod products;
mod quadrature;
mod report;
mod sensitivity;
mod settle;
mod solve;
mod verify;
mod worths;

pub use calibrate::OBSERVED_TOLERANCE;
pub use decomposition::{Decomposition, Parts};
pub use economy::Economy;
pub use equilibrium::Equilibrium;
pub use first_order::FirstOrder;
pub use gradient::{Gradient, Gradients};
pub use model::{Baseline, Deficits, Model, Preset, Settings};
pub use objective::{Aim, Objective};
pub use outcome::{CountryOutcome, Outcome};
pub use policy::Policy;
pub use products::{
    ProductEconomy, ProductEquilibrium, ProductFlows, ProductGradient, ProductPolicy, Selection, Sweeps,
};
pub use report::{Abrupt, SolveReport, Stop};
pub use sensitivity::{Influence, Parameter, Sensitivities, Sensitivity};
pub use solve::Solver;
pub use verify::Residuals;
