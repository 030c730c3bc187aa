//! The number of threads changes no bit of any result.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Deficits, Gradients, Model, Objective, Policy, Settings};
use cobden_world::{Rate, toy::Toy};
use common::{economy, solve_policy};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Random tariffs up to 60 % on everything foreign.
fn random_policies(world: &cobden_world::World, count: usize) -> Vec<Policy> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let policy = || {
        let mut policy = Policy::status_quo(world);
        for ((n, i, _), rate) in policy.tariffs.indexed_iter_mut().filter(|((n, i, _), _)| n != i) {
            let _ = (n, i);
            *rate = Rate(0.6 * random.random::<f64>());
        }
        policy
    };
    std::iter::repeat_with(policy).take(count).collect()
}

#[test]
fn in_a_batch_of_policies() {
    let world = Toy { countries: 5, sectors: 4, ..Toy::default() }.world();
    let economy = economy(&world, &Model { deficits: Deficits::None, ..Model::default() });
    let policies = random_policies(&world, 40);
    let settings = Settings::default();
    let wages = |threads| {
        on_threads(threads, || economy.solve_each(&policies, &settings, |_, here| here.wage_hat().to_vec()).unwrap())
    };
    let one = wages(1);
    assert_eq!(one, wages(3));
    let alone: Vec<Vec<f64>> =
        policies.iter().map(|policy| solve_policy(&economy, policy).wage_hat().to_vec()).collect();
    assert_eq!(one, alone, "nor does what a solver did before");
}

#[test]
fn in_one_solve_and_its_gradients() {
    // More than half a million cells: sectors are shared out.
    let world = Toy { countries: 100, sectors: 110, inputs: false, ..Toy::default() }.world();
    let economy = economy(&world, &Model::default());
    let policy = &random_policies(&world, 1)[0];
    let objectives: Vec<Objective> = (0..2).map(|n| Aim::Welfare(n).into()).collect();
    let run = |threads| {
        on_threads(threads, || {
            let here = solve_policy(&economy, policy);
            let gradients = Gradients::of_each(&economy, &here, &Settings::default(), &objectives).unwrap();
            (here.flows(&economy), gradients.into_iter().map(|gradient| gradient.tariffs).collect::<Vec<_>>())
        })
    };
    assert!(run(1) == run(3));
}
