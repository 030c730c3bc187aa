//! Ten thousand random worlds under random shocks, far beyond anything that was ever proposed.
//!
//! Tariffs up to 1,000 per cent, trade elasticities from 0.5 to 65, up to nine in ten flows zero, trade as little as a millionth of what
//! countries make, countries a millionth of others, every preset, every closure.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeMap;

use cobden_equilibrium::{Deficits, Economy, Equilibrium, Model, Outcome, Policy, Preset, Settings, SolveReport, Stop};
use cobden_world::{Rate, World, toy::Toy};
use ndarray::{Array1, Array3, Axis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Going on where an equilibrium ends.
const GO_ON: Settings = Settings { tolerance: 1e-10, max_iterations: 1000, beyond_folds: true };

/// A world, a model of it and tariffs.
struct Question {
    world: World,
    model: Model,
    policy: Policy,
    kind: &'static str,
}

const KINDS: [&str; 4] = ["plain", "near autarky", "tiny country", "few flows"];
const CLOSURES: [Deficits; 3] = [Deficits::Fixed, Deficits::Share, Deficits::None];

fn question(seed: u64) -> Question {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |low: f64, high: f64| low + (high - low) * random.random::<f64>();
    let preset = Preset::ALL[(seed % 4) as usize].1;
    let deficits = CLOSURES[(seed / 4 % 3) as usize];
    let kind = KINDS[(seed / 12 % 4) as usize];
    let toy = Toy {
        countries: draw(2.0, 8.0) as usize,
        sectors: draw(1.0, 6.0) as usize,
        inputs: false,
        zero_flows: if kind == "few flows" { draw(0.5, 0.9) } else { draw(0.0, 0.4) },
        // A fixed deficit is a debt in kind that a country may be unable to pay: that is asked in a test of its own.
        balanced_trade: deficits == Deficits::Fixed,
        seed,
        ..Toy::default()
    };
    let mut world = toy.world();
    let (smaller, less) = (10_f64.powf(draw(-6.0, -2.0)), 10_f64.powf(draw(-6.0, -1.0)));
    for ((n, i, _), flow) in world.flows.indexed_iter_mut() {
        match kind {
            "near autarky" if n != i => *flow *= less,
            "tiny country" if n == 0 || i == 0 => *flow *= smaller,
            _ => {}
        }
    }
    world.elasticities = Some(Array1::from_shape_fn(toy.sectors, |_| draw(0.5_f64.ln(), 65_f64.ln()).exp()));
    if preset.has_inputs() && draw(0.0, 1.0) < 0.7 {
        give_inputs(&mut world, &mut draw);
    }
    let highest = 10.0 * draw(0.0, 1.0).powi(2);
    let tariffs = Toy { highest_tariff: Rate(highest), seed: seed + 1_000_000, ..toy }.world().tariffs;
    let model = Model {
        preset,
        deficits,
        scale: draw(0.0, 1.0),
        labour_supply_elasticity: if draw(0.0, 1.0) < 0.25 { draw(0.0, 1.0) } else { 0.0 },
        ..Model::default()
    };
    let policy = Policy { tariffs, ..Policy::status_quo(&world) };
    Question { world, model, policy, kind }
}

/// Inputs of up to three quarters of cost, so that accounts balance.
fn give_inputs(world: &mut World, draw: &mut impl FnMut(f64, f64) -> f64) {
    let (spent, sold) = (world.expenditure(), world.sales());
    let (countries, sectors) = sold.dim();
    let inputs = Array3::from_shape_fn((countries, sectors, sectors), |(n, k, j)| {
        let larger = spent.row(n).sum().max(sold.row(n).sum());
        draw(0.0, 0.75) * spent[[n, k]] * sold[[n, j]] / larger
    });
    world.value_added = Some(&sold - &inputs.sum_axis(Axis(1)));
    world.final_demand = Some(&spent - &inputs.sum_axis(Axis(2)));
    world.inputs = Some(inputs);
}

/// Whether trade goes one way only between some: a country of the graph of trade from which others can be reached that never lead back. Under a
/// closure that balances trade, or lets the transfer that pays for it change, such a question need have no answer.
fn one_way(question: &Question) -> bool {
    let n = question.world.countries.len();
    let mut leads = vec![vec![false; n]; n];
    for ((to, from, _), flow) in question.world.flows.indexed_iter() {
        leads[from][to] |= *flow > 0.0;
    }
    for via in 0..n {
        for from in 0..n {
            for to in 0..n {
                leads[from][to] |= leads[from][via] && leads[via][to];
            }
        }
    }
    let there_but_not_back = |from: usize| (0..n).any(|to| leads[from][to] && !leads[to][from]);
    question.model.deficits != Deficits::Fixed && (0..n).any(there_but_not_back)
}

/// The first so many questions whose trade does, or does not, go one way only, and their seeds.
fn questions(count: usize, ask_one_way: bool) -> Vec<(u64, Question)> {
    let mut asked: Vec<(u64, Question)> = Vec::with_capacity(count);
    let mut seeds = 0_u64..;
    while asked.len() < count {
        let batch: Vec<u64> = seeds.by_ref().take(count).collect();
        let batch: Vec<(u64, Question)> = batch.into_par_iter().map(|seed| (seed, question(seed))).collect();
        asked.extend(batch.into_iter().filter(|(_, question)| one_way(question) == ask_one_way));
    }
    asked.truncate(count);
    asked
}

/// The answer to a question; none if its baseline is refused.
fn answer(seed: u64, question: &Question) -> Option<SolveReport> {
    let settings = GO_ON;
    let theta = question.world.elasticities.as_ref().unwrap();
    let economy = match Economy::calibrate(&question.world, theta, &question.model, &settings) {
        Ok(economy) => economy,
        Err(problem) => {
            assert!(problem.message.contains("cannot balance"), "{seed}: {problem}");
            return None;
        }
    };
    let equilibrium = economy.solve(&question.policy, None, &settings).unwrap();
    let report = equilibrium.report;
    if report.stop.converged() {
        for country in &Outcome::new(&economy, &equilibrium).countries {
            assert!(country.welfare_pct.is_finite() && country.price_hat > 0.0 && country.wage_hat > 0.0, "{seed}");
            assert!(country.income_hat > 0.0, "{seed}");
        }
        assert!(report.residual_max() <= settings.tolerance);
    }
    Some(report)
}

/// Ten thousand questions that are well posed. Where the equilibrium that leads on from the baseline ends on the way, another is found; where
/// none is, the answer says why, and that happens only where inputs feed economies of scale.
#[test]
fn ten_thousand_worlds() {
    let asked = questions(10_000, false);
    let answers: Vec<SolveReport> = asked.par_iter().map(|(seed, question)| answer(*seed, question).unwrap()).collect();
    let mut table: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    let (mut solved, mut work) = (0, 0);
    for ((seed, question), report) in asked.iter().zip(&answers) {
        let model = question.model;
        let feeds = model.preset == Preset::Krugman && question.world.inputs.is_some();
        let word = match report.stop {
            Stop::Converged if report.elsewhere() => "solved elsewhere",
            Stop::Converged => "solved",
            Stop::Fold => "fold",
            Stop::Corner => "a sector leaves",
            _ => "unsolved",
        };
        assert!(word == "solved" || feeds && report.abrupt.is_some(), "{seed} is {word}: {report:?} {model:?}");
        if report.stop.converged() {
            (solved, work) = (solved + 1, work + report.iterations);
        }
        for row in [format!("{:?}, {:?}", model.preset, model.deficits), question.kind.to_owned()] {
            *table.entry(row).or_default().entry(word).or_default() += 1;
        }
    }
    for (row, words) in table {
        println!("{row}: {words:?}");
    }
    let (share, work) = (100.0 * solved as f64 / asked.len() as f64, work as f64 / solved as f64);
    println!("solved: {share:.2} % of {}; {work:.1} Newton iterations", asked.len());
    assert!(share >= 99.9);
}

/// A country that only sells or only buys cannot balance its trade: refused before anything is solved. Under a transfer that is a share of
/// its income it can, as long as the transfer keeps its sign; else the answer says so.
#[test]
fn trade_that_goes_one_way_is_named() {
    let asked = questions(1_000, true);
    let answers: Vec<Option<SolveReport>> = asked.par_iter().map(|(seed, question)| answer(*seed, question)).collect();
    let (mut refused, mut named, mut solved) = (0, 0, 0);
    for ((seed, question), report) in asked.iter().zip(answers) {
        match (question.model.deficits, report.map(|report| report.stop)) {
            (Deficits::None, None) => refused += 1,
            (Deficits::Share, Some(Stop::OneWay)) => named += 1,
            (Deficits::Share, Some(Stop::Converged)) => solved += 1,
            (deficits, other) => panic!("{seed}: {deficits:?} {other:?}"),
        }
    }
    println!("one way: {refused} refused, {named} stopped and named, {solved} solved");
    assert!(refused > 400 && named > 10 && solved > 100);
}

/// The policy part of the way from baseline, in logs of tariff factors a straight line.
fn part_way(question: &Question, fraction: f64) -> Policy {
    let mut policy = question.policy.clone();
    for (new, old) in policy.tariffs.iter_mut().zip(&question.world.tariffs) {
        *new = Rate(old.factor().0 * (new.factor().0 / old.factor().0).powf(fraction) - 1.0);
    }
    policy
}

/// A country that sells more than it buys owes the difference, in units of world labour income, whatever its own. Where the solver says
/// that it can no longer pay, its income has in fact gone to nothing: a thousandth of what its labour earns or less, at the last point
/// that has an equilibrium.
#[test]
fn who_cannot_pay_has_nothing_left() {
    let incomes: Vec<Option<f64>> = (0..3_000_u64)
        .into_par_iter()
        .map(|seed| {
            // Every preset, and worlds with deficits.
            let mut question = question(12 * (seed / 4) + seed % 4);
            let (countries, sectors) = (question.world.countries.len(), question.world.sectors.len());
            let elasticities = question.world.elasticities.clone();
            let toy = Toy { countries, sectors, inputs: false, seed, ..Toy::default() };
            question.world = World { elasticities, ..toy.world() };
            question.model.deficits = Deficits::Fixed;
            let theta = question.world.elasticities.as_ref().unwrap();
            let settings = Settings::default();
            let economy = Economy::calibrate(&question.world, theta, &question.model, &settings).unwrap();
            let report = economy.solve(&question.policy, None, &settings).unwrap().report;
            assert!(matches!(report.stop, Stop::Converged | Stop::Insolvent | Stop::Fold), "{seed}: {report:?}");
            (report.stop == Stop::Insolvent).then(|| {
                let last = part_way(&question, report.reached - 1e-5);
                let last = economy.solve(&last, None, &settings).unwrap();
                assert!(last.report.stop.converged(), "{seed}: {:?}", last.report);
                let earned = economy.labour_income().iter().zip(last.wage_hat()).map(|(income, wage)| income * wage);
                last.income().iter().zip(earned).map(|(income, earned)| income / earned).fold(1.0, f64::min)
            })
        })
        .collect();
    let insolvent: Vec<f64> = incomes.into_iter().flatten().collect();
    println!("{} of 3,000 cannot pay; the least income left is at most {:.1e}", insolvent.len(), largest(&insolvent));
    assert!(insolvent.len() > 20 && largest(&insolvent) < 1e-3);
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, value| most.max(*value))
}

/// A question whose equilibrium ends in a fold on the way, and another is found.
fn folded() -> (Question, Economy, Equilibrium) {
    let question = question(9_607);
    let settings = GO_ON;
    let theta = question.world.elasticities.as_ref().unwrap();
    let economy = Economy::calibrate(&question.world, theta, &question.model, &settings).unwrap();
    let equilibrium = economy.solve(&question.policy, None, &settings).unwrap();
    let report = &equilibrium.report;
    assert!(report.elsewhere() && report.reached > 0.0 && report.abrupt.is_some());
    let stay = economy.solve(&question.policy, None, &Settings::default()).unwrap().report;
    assert!(stay.stop == Stop::Fold && (stay.reached - report.reached).abs() < 1e-3);
    (question, economy, equilibrium)
}

/// At a fold two equilibria meet, and near it everything moves as the root of the way left: ten times nearer the end, what is left to
/// move is less by the root of ten. An equilibrium that merely could not be found would show no such law.
#[test]
fn a_fold_is_one() {
    let (question, economy, equilibrium) = folded();
    let wages = |short: f64| {
        let policy = part_way(&question, equilibrium.report.reached - short);
        let equilibrium = economy.solve(&policy, None, &GO_ON).unwrap();
        assert!(equilibrium.report.stop.converged() && !equilibrium.report.elsewhere());
        equilibrium.wage_hat().to_vec()
    };
    let end = wages(1e-9);
    let moved = |short: f64| largest(&wages(short).iter().zip(&end).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>());
    let left = [1e-3, 1e-4, 1e-5].map(moved);
    println!("what is left to move: {left:?}");
    for pair in left.windows(2) {
        let ratio = pair[0] / pair[1];
        assert!((ratio / 10_f64.sqrt() - 1.0).abs() < 0.25, "{ratio}");
    }
}

/// What is found beyond a fold is another equilibrium of the same economy: taken back to where the first still exists, it is a second one.
#[test]
fn beyond_a_fold_lies_another() {
    let (question, economy, beyond) = folded();
    let settings = GO_ON;
    let reached = beyond.report.reached;
    let first = economy.solve(&part_way(&question, 0.9 * reached), None, &settings).unwrap();
    let mut second = beyond;
    for step in 1..=20 {
        let part = 1.0 - (1.0 - 0.9 * reached) * f64::from(step) / 20.0;
        second = economy.solve(&part_way(&question, part), Some(&second), &settings).unwrap();
        assert!(second.report.elsewhere(), "{part}");
    }
    assert!(first.report.stop.converged() && !first.report.elsewhere());
    let (first, second) = (first.sales(&economy), second.sales(&economy));
    let apart: Vec<f64> = first.iter().zip(&second).map(|(a, b)| (a / b).ln().abs()).collect();
    println!("sales apart by a factor of up to {:.1e}", largest(&apart).exp());
    assert!(largest(&apart) > 1.0);
}
