//! Many solves and many gradients at once, on as many threads as there are.

use cobden_world::Problem;
use rayon::prelude::*;

use crate::{Economy, Equilibrium, Gradient, Gradients, Objective, Policy, Settings, Solver};

impl Economy {
    /// Solves each policy from the baseline and keeps what `read` makes of its equilibrium, in the order of the policies.
    ///
    /// Each answer depends on its policy alone, so the number of threads changes no bit. `read` must look at
    /// [`Equilibrium::report`]: not every policy has a solution.
    ///
    /// ```
    /// use cobden_equilibrium::{Economy, Model, Outcome, Policy, Settings};
    /// use cobden_world::{Rate, toy};
    /// let world = toy::two_countries();
    /// let settings = Settings::default();
    /// let economy = Economy::calibrate(&world, world.elasticities.as_ref().unwrap(), &Model::default(), &settings)?;
    /// let policies: Vec<Policy> = (0..10)
    ///     .map(|points| {
    ///         let mut policy = Policy::status_quo(&world);
    ///         policy.tariffs[[0, 1, 0]] = Rate(0.05 * f64::from(points));
    ///         policy
    ///     })
    ///     .collect();
    /// let welfare = economy.solve_each(&policies, &settings, |_, equilibrium| {
    ///     equilibrium.report.stop.converged().then(|| Outcome::new(&economy, equilibrium).countries[0].welfare_pct)
    /// })?;
    /// assert_eq!(welfare.len(), 10);
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    ///
    /// # Errors
    /// The first policy of another shape, or with a tariff at or below -100 %.
    pub fn solve_each<T: Send>(
        &self,
        policies: &[Policy],
        settings: &Settings,
        read: impl Fn(usize, &Equilibrium) -> T + Sync,
    ) -> Result<Vec<T>, Problem> {
        policies.iter().try_for_each(|policy| policy.check(self))?;
        let solve = |solver: &mut Solver<'_>, (index, policy): (usize, &Policy)| {
            solver.solve(policy, None).map(|equilibrium| read(index, &equilibrium))
        };
        policies.par_iter().enumerate().map_init(|| Solver::new(self, *settings), solve).collect()
    }
}

impl Gradients<'_> {
    /// The gradient of each objective at one equilibrium, in the order of the objectives, side by side.
    ///
    /// # Errors
    /// As [`Gradients::new`] and [`Gradients::of`].
    pub fn of_each(
        economy: &Economy,
        equilibrium: &Equilibrium,
        settings: &Settings,
        objectives: &[Objective],
    ) -> Result<Vec<Gradient>, Problem> {
        let ready = || Gradients::new(economy, equilibrium, settings);
        let of = |gradients: &mut Result<Gradients<'_>, Problem>, objective| match gradients {
            Ok(gradients) => gradients.of(objective),
            Err(problem) => Err(problem.clone()),
        };
        objectives.par_iter().map_init(ready, of).collect()
    }
}
