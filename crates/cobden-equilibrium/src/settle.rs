//! Where the equilibrium that leads on from the baseline ends: output adjusts to demand until it comes to rest.
//!
//! At a fold two equilibria meet and end. What follows is no small change of anything but a movement, and the model says of it what any
//! out of equilibrium does: firms that sell more than they make expand, prices follow costs, wages follow the balance of trade. In the logs
//! of wages, costs and sales that is `dz/dt = -F(z)`, with `F` what the conditions miss by, and where it comes to rest they hold.

use crate::{
    conditions::Layout,
    kernel::{largest, norm},
    policy::Wedges,
    report::{Abrupt, Stop},
    solve::{STALE, Solver},
};

/// Most steps in time.
const STEPS: usize = 600;
/// Longest step in any log wage, cost and sales.
const LONGEST: [f64; 3] = [0.7, 3.0, 3.0];
/// Most products with the derivative of one step, and how exact it is.
const KRYLOV: usize = 200;
const FORCING: f64 = 1e-3;
/// First step in time, how much longer the next is where one went well and how much shorter where it did not, and the shortest.
const TIME: f64 = 1.0;
const LONGER: f64 = 1.5;
const SHORTER: f64 = 0.4;
const SHORTEST: f64 = 1e-8;
/// How much more the conditions may miss by after a step.
const WORSE: f64 = 2.0;
/// What the conditions miss by where Newton's method takes over.
const CLOSE: f64 = 1e-3;
/// ln of sales over those of the baseline, below which they are soon smaller than a number can be.
const GONE: f64 = -600.0;

impl Solver<'_> {
    /// Lets output adjust under a policy from where the path to it ended, `here`. Says [`Stop::Converged`], what moved being in
    /// `abrupt`; or else why the path ended, or that a sector left.
    ///
    /// Implicit Euler in ever longer steps (pseudo-transient continuation; Kelley and Keyes 1998), which in the end is Newton's method.
    pub(crate) fn settle(&mut self, ended: Stop, wedges: &Wedges, here: &[f64]) -> Stop {
        self.allowed = 1.0;
        self.point.unknowns.copy_from_slice(here);
        self.point.evaluate(self.economy, wedges, &mut self.residual);
        let (mut time, mut near) = (TIME, CLOSE);
        for _ in 0..STEPS {
            if largest(&self.residual) < near {
                near = 0.1 * largest(&self.residual);
                let resting = self.point.unknowns.clone();
                if self.run(wedges).converged() {
                    self.abrupt = self.moved_most(here);
                    return Stop::Converged;
                }
                self.point.unknowns.copy_from_slice(&resting);
                self.point.evaluate(self.economy, wedges, &mut self.residual);
            }
            if let Some(left) = self.gone() {
                self.abrupt = Some(left);
                return Stop::Corner;
            }
            if time < SHORTEST || self.exhausted() {
                break;
            }
            time *= if self.adjust(wedges, time) { LONGER } else { SHORTER };
        }
        ended
    }

    /// One step in time. Says whether it was taken.
    fn adjust(&mut self, wedges: &Wedges, time: f64) -> bool {
        if self.stale {
            self.renew(wedges, 1.0 / time);
        }
        self.iterations += 1;
        let (economy, point, inverse, scratch) = (self.economy, &self.point, &self.inverse, &mut self.scratch);
        let products = self.gmres.solve(&self.residual, &mut self.step, FORCING, KRYLOV, |v, moved, out| {
            inverse.product(economy, wedges, point, scratch, v, moved, out);
            out.iter_mut().zip(moved).for_each(|(out, moved)| *out += *moved / time);
        });
        self.products += products;
        self.stale = products > STALE;
        let (wage, cost, sales) = Layout::of(economy).split(&self.step);
        if [wage, cost, sales].iter().zip(LONGEST).any(|(part, most)| largest(part) > most) {
            return false;
        }
        let moves = self.trial.unknowns.iter_mut().zip(&self.point.unknowns).zip(&self.step);
        moves.for_each(|((trial, here), step)| *trial = here - step);
        self.trial.evaluate(economy, wedges, &mut self.trial_residual);
        let after = norm(&self.trial_residual);
        let solvent = self.trial.income.iter().all(|income| *income > 0.0);
        if !(solvent && after.is_finite() && after < WORSE * norm(&self.residual)) {
            return false;
        }
        std::mem::swap(&mut self.point, &mut self.trial);
        std::mem::swap(&mut self.residual, &mut self.trial_residual);
        true
    }

    /// The sector whose sales are furthest from what they were `before`, in logs.
    fn moved_most(&self, before: &[f64]) -> Option<Abrupt> {
        let layout = Layout::of(self.economy);
        let (now, before) = (layout.split(&self.point.unknowns).2, layout.split(before).2);
        let moves = now.iter().zip(before).map(|(now, before)| now - before).enumerate();
        let (at, moved) = moves.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
        Some(Abrupt { country: at % layout.countries, sector: at / layout.countries, falls: moved < 0.0 })
    }

    /// A sector whose sales are next to nothing.
    fn gone(&self) -> Option<Abrupt> {
        let layout = Layout::of(self.economy);
        let at = layout.split(&self.point.unknowns).2.iter().position(|sales| *sales < GONE)?;
        Some(Abrupt { country: at % layout.countries, sector: at / layout.countries, falls: true })
    }
}
