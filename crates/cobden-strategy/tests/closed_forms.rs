//! What is known without a computer: small and symmetric economies, bounds, names, and questions without an answer.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use cobden_equilibrium::{Aim, Economy, Model, Objective, Policy, Preset, Settings};
use cobden_strategy::{FormulaWar, Game, Goal, Inside, Instruments, Player, Reach, Rule, Search, Start};
use cobden_world::{Names, Rate, World, toy, toy::Toy};
use ndarray::Array3;

/// Two countries, one sector, trade `a` times what their sizes allow at most, balanced.
fn two(sizes: [f64; 2], trade: f64, theta: f64) -> World {
    let mut world = toy::two_countries();
    world.flows = Array3::from_shape_fn((2, 2, 1), |(n, i, _)| if n == i { sizes[n] - trade } else { trade });
    world.elasticities.as_mut().unwrap().fill(theta);
    world
}

fn armington() -> Model {
    Model { preset: Preset::Armington, ..Model::default() }
}

fn everyone<'a>(world: &World, economy: &'a Economy, rule: Rule) -> Game<'a> {
    let in_force = Policy::status_quo(world);
    let players = (0..economy.countries()).map(|n| Player::country(economy, &in_force, n, rule).unwrap()).collect();
    Game::new(economy, Settings::default(), in_force, players).unwrap()
}

/// A small country faces demand of elasticity `sigma` for its exports: its best tariff is `1 / theta`. Off by about its share of the
/// world, 1e-5, in a rate that is flat to 1e-4 around the top.
#[test]
fn a_small_country_asks_one_over_theta() {
    for theta in [1.5, 4.0, 9.0] {
        let world = two([1.0, 1e5], 0.2, theta);
        let economy = common::economy(&world, &armington());
        let game = everyone(&world, &economy, Rule::PartnerSector);
        let search = Search { starts: &[Start::Rate(0.05)], ..Search::default() };
        let response = game.respond(0, game.in_force(), &search).unwrap();
        assert!(response.report.halt.converged());
        assert!((response.rates[0] - 1.0 / theta).abs() < 1e-3 / theta, "{theta}: {}", response.rates[0]);
        assert!(response.gain_pct > 0.0);
    }
}

/// Two equal countries at war. With `d` the share that each spends at home, `d / (1 - d) = d0 / (1 - d0) (1 + t)^theta`, what the other
/// spends on one's goods, `(1 - d) I / (1 + t)` with its own tariff revenue in `I`, falls by `theta d / (1 - t (1 - d) / (1 + t))` per cent
/// for each per cent of their price, and the best tariff is the inverse of that. Lashkaripour's formula leaves the revenue aside:
/// `t = 1 / (theta d)`. Both solved here by bisection.
#[test]
fn equal_countries_at_war() {
    for (theta, share) in [(4.0, 0.2), (1.2, 0.4), (8.0, 0.05)] {
        let world = two([100.0, 100.0], 100.0 * share, theta);
        let economy = common::economy(&world, &armington());
        let root = |with_revenue: bool| {
            let (mut low, mut high) = (1e-6_f64, 100.0_f64);
            for _ in 0..200 {
                let t = 0.5 * (low + high);
                let odds = (1.0 - share) / share * (1.0 + t).powf(theta);
                let abroad = 1.0 / (1.0 + odds);
                let revenue = if with_revenue { t * abroad / (1.0 + t) } else { 0.0 };
                if t < (1.0 - revenue) / (theta * (1.0 - abroad)) { low = t } else { high = t }
            }
            low
        };
        let game = everyone(&world, &economy, Rule::Uniform);
        let wars = game.nash(&Search::default()).unwrap();
        let war = &wars.distinct[0];
        assert!(war.report.halt.converged());
        assert!(war.certificate.complete && war.certificate.largest_pct() < 1e-6);
        for rates in &war.rates {
            assert!((rates[0] - root(true)).abs() < 1e-6, "theta {theta}: {} against {}", rates[0], root(true));
        }
        let formula = FormulaWar::new(&economy, game.in_force(), &[0, 1], &Settings::default()).unwrap();
        assert!((formula.rates[0] - root(false)).abs() < 1e-9);
    }
}

/// Two equal countries gain from talks what free trade gives them: nothing distorts trade but tariffs. It makes no difference which
/// of the many tariffs that leave relative prices alone they agree on.
#[test]
fn equal_countries_agree_on_free_trade() {
    let world = two([100.0, 100.0], 30.0, 3.0);
    let economy = common::economy(&world, &armington());
    let game = everyone(&world, &economy, Rule::Uniform);
    let war = game.nash(&Search::default()).unwrap().distinct.remove(0);
    let reading = |equilibrium| game.players()[0].goal.reading(&economy, equilibrium);
    // Free trade is the baseline, where every reading is 0.
    let due = 100.0 * (-reading(&war.equilibrium)).exp_m1();
    for start in [Start::Rate(0.0), Start::Rate(0.3), Start::Elasticity(1.0)] {
        let talks = game.talks(&war.equilibrium, &Search { starts: &[start], ..Search::default() }).unwrap();
        assert!(talks.report.halt.converged(), "{:?}", talks.report);
        for gain in &talks.gains_pct {
            assert!((gain - due).abs() < 1e-6, "{gain} against {due}");
        }
        assert!(talks.weights.iter().all(|weight| (weight - 0.5).abs() < 1e-3), "{:?}", talks.weights);
    }
}

/// Nothing depends on how many threads there are.
#[test]
fn threads_change_no_bit() {
    let world = Toy { countries: 6, sectors: 3, seed: 2, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let game = everyone(&world, &economy, Rule::PartnerSector);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let war = game.nash(&Search::default()).unwrap().distinct.remove(0);
            let search = Search { starts: &Game::FREE_TRADE, ..Search::default() };
            let talks = game.talks(&war.equilibrium, &search).unwrap();
            (war.policy.tariffs, war.certificate, talks.policy.tariffs)
        })
    };
    assert_eq!(with(1), with(3));
}

/// From several starts the same war, and its certificate is that of a fixed point: asked again, nobody moves.
#[test]
fn a_war_is_the_same_from_everywhere_and_certifies_itself() {
    let world = Toy { countries: 4, sectors: 3, seed: 5, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let game = everyone(&world, &economy, Rule::PartnerSector);
    let starts = [Start::InForce, Start::Elasticity(0.5), Start::Elasticity(1.5), Start::Formula];
    let wars = game.nash(&Search { starts: &starts, ..Search::default() }).unwrap();
    assert_eq!((wars.distinct.len(), wars.converged), (1, 4));
    let again = game.certify(&wars.distinct[0].policy, &Search::default()).unwrap();
    assert!(again.complete && again.largest_pct() < 1e-6, "{again:?}");
    let before = game.certify(game.in_force(), &Search::default()).unwrap();
    assert!(before.largest_pct() > 0.01, "tariffs in force are no war");
}

/// The gradient at a best response vanishes, and any move from there loses.
#[test]
fn no_move_from_a_best_response_gains() {
    let world = Toy { countries: 4, sectors: 2, seed: 9, balanced_trade: true, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let game = everyone(&world, &economy, Rule::Sector);
    let best = game.respond(1, game.in_force(), &Search::default()).unwrap();
    assert!(best.report.halt.converged(), "{:?} {:?}", best.report, best.rates);
    let goal = &game.players()[1].goal;
    let height = goal.reading(&economy, &best.equilibrium);
    for at in 0..best.rates.len() {
        for step in [-0.02, 0.02] {
            let mut rates = best.rates.clone();
            rates[at] += step;
            let mut policy = best.policy.clone();
            game.players()[1].instruments.write(&rates, &mut policy.tariffs);
            let there = economy.solve(&policy, None, &Settings::default()).unwrap();
            assert!(goal.reading(&economy, &there) < height);
        }
    }
}

/// The names and the order of countries mean nothing.
#[test]
fn relabelling_changes_nothing() {
    let world = Toy { countries: 4, sectors: 2, seed: 3, ..Toy::default() }.world();
    let order = [2, 0, 3, 1];
    let mut other = world.clone();
    other.countries = Names::new(order.map(|n| world.countries[n].to_owned())).unwrap();
    for ((n, i, j), flow) in other.flows.indexed_iter_mut() {
        *flow = world.flows[[order[n], order[i], j]];
    }
    for ((n, i, j), rate) in other.tariffs.indexed_iter_mut() {
        *rate = world.tariffs[[order[n], order[i], j]];
    }
    let (inputs, value_added) = (world.inputs.as_ref().unwrap(), world.value_added.as_ref().unwrap());
    for ((n, k, j), value) in other.inputs.as_mut().unwrap().indexed_iter_mut() {
        *value = inputs[[order[n], k, j]];
    }
    for ((n, j), value) in other.value_added.as_mut().unwrap().indexed_iter_mut() {
        *value = value_added[[order[n], j]];
    }
    if let (Some(to), Some(from)) = (&mut other.final_demand, &world.final_demand) {
        for ((n, j), value) in to.indexed_iter_mut() {
            *value = from[[order[n], j]];
        }
    }
    let war = |world: &World| {
        let economy = common::economy(world, &Model::default());
        let game = everyone(world, &economy, Rule::Partner);
        let wars = game.nash(&Search::default()).unwrap();
        let nash = &wars.distinct[0];
        let readings = game.players().iter().map(|player| player.goal.reading(&economy, &nash.equilibrium));
        readings.collect::<Vec<f64>>()
    };
    let (here, there) = (war(&world), war(&other));
    for (at, n) in order.iter().enumerate() {
        assert!((there[at] - here[*n]).abs() < 1e-8, "{there:?} {here:?}");
    }
}

#[test]
fn bounds_bind_and_raise_only_never_lowers() {
    let world = Toy { countries: 3, sectors: 3, seed: 4, highest_tariff: Rate(0.6), ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let in_force = Policy::status_quo(&world);
    let solve = |reach: Reach| {
        let instruments = Instruments::new(&economy, &in_force, &reach).unwrap();
        let player = Player { name: "C00".into(), goal: Aim::Welfare(0).into(), instruments };
        let game = Game::new(&economy, Settings::default(), in_force.clone(), vec![player]).unwrap();
        let response = game.respond(0, &in_force, &Search::default()).unwrap();
        assert!(response.report.halt.converged(), "{:?}", response.report);
        (response, game.players()[0].instruments.clone())
    };
    let all = Reach::of(0, Rule::PartnerSector);
    let (free, _) = solve(all.clone());
    let (capped, _) = solve(all.clone().within(Rate(0.0), Rate(0.08)));
    assert!(capped.rates.iter().all(|rate| (0.0..=0.08).contains(rate)));
    assert!(capped.rates.contains(&0.08));
    assert!(capped.gain_pct < free.gain_pct);
    let (lowered, instruments) = solve(all.clone().lower_only());
    assert!(lowered.rates.iter().zip(instruments.levers()).all(|(rate, lever)| *rate <= lever.in_force + 1e-12));
    assert!(lowered.gain_pct >= 0.0 && lowered.gain_pct <= free.gain_pct);
    let (raised, instruments) = solve(all.raise_only());
    assert!(raised.rates.iter().zip(instruments.levers()).all(|(rate, lever)| *rate >= lever.in_force - 1e-12));
    assert!(raised.rates.iter().zip(instruments.levers()).any(|(rate, lever)| (rate - lever.in_force).abs() < 1e-12));
    assert!(raised.gain_pct >= 0.0 && raised.gain_pct <= free.gain_pct);
}

/// A customs union has one tariff on each outsider and none inside; a surcharge of zero is the tariff in force.
#[test]
fn rules_tie_tariffs_together() {
    let world = Toy { countries: 4, sectors: 2, zero_flows: 0.0, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let in_force = Policy::status_quo(&world);
    let of = |reach: Reach| Instruments::new(&economy, &in_force, &reach).unwrap();
    let union = of(Reach::customs_union([0, 1], Rule::PartnerSector));
    assert_eq!(union.len(), 4);
    assert_eq!(of(Reach::free_trade_area([0, 1], Rule::PartnerSector)).len(), 8);
    assert_eq!(of(Reach { inside: Inside::Chosen, ..Reach::bloc([0, 1], Rule::PartnerSector) }).len(), 12);
    let mut tariffs = in_force.tariffs.clone();
    union.write(&[0.1, 0.2, 0.3, 0.4], &mut tariffs);
    assert_eq!((tariffs[[0, 1, 0]], tariffs[[1, 0, 1]]), (Rate::ZERO, Rate::ZERO));
    assert_eq!((tariffs[[0, 2, 0]], tariffs[[1, 2, 0]]), (Rate(0.1), Rate(0.1)));
    assert_eq!(tariffs[[2, 0, 0]], in_force.tariffs[[2, 0, 0]]);
    let surcharge = of(Reach { surcharge: true, ..Reach::of(0, Rule::Uniform) });
    let mut tariffs = in_force.tariffs.clone();
    surcharge.write(&[0.0], &mut tariffs);
    assert_eq!(tariffs, in_force.tariffs);
}

/// A bloc's welfare is in dollars, and a bloc of one is its member.
#[test]
fn a_bloc_of_one_is_a_country() {
    let world = Toy { countries: 3, sectors: 2, seed: 8, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let in_force = Policy::status_quo(&world);
    let answer = |goal: Goal| {
        let instruments = Instruments::new(&economy, &in_force, &Reach::of(2, Rule::Sector)).unwrap();
        let player = Player { name: "bloc".into(), goal, instruments };
        let game = Game::new(&economy, Settings::default(), in_force.clone(), vec![player]).unwrap();
        game.respond(0, &in_force, &Search::default()).unwrap()
    };
    let (bloc, country) = (answer(Goal::BlocWelfare(vec![2])), answer(Aim::Welfare(2).into()));
    assert!((bloc.gain_pct - country.gain_pct).abs() < 1e-7);
    let wide = answer(Goal::BlocWelfare(vec![1, 2]));
    assert!(wide.report.halt.converged() && wide.gain_pct > 0.0);
}

#[test]
fn bad_questions_get_a_clear_answer() {
    let world = two([100.0, 100.0], 20.0, 4.0);
    let economy = common::economy(&world, &armington());
    let in_force = Policy::status_quo(&world);
    let make = |reach: &Reach| Instruments::new(&economy, &in_force, reach).unwrap_err().to_string();
    let own = Reach::of(0, Rule::Uniform);
    assert!(make(&Reach { partners: Some(vec![0]), ..own.clone() }).contains("without instruments"));
    assert!(make(&Reach::of(7, Rule::Uniform)).contains("unknown player"));
    assert!(make(&Reach { sectors: Some(vec![3]), ..own.clone() }).contains("unknown sector"));
    assert!(make(&own.clone().within(Rate(0.5), Rate(0.1))).contains("bounds cross"));
    assert!(make(&own.clone().within(Rate(-2.0), Rate(0.1))).contains("no tariff"));
    let autarky = toy::autarky(2, 1);
    let closed = common::economy(&autarky, &armington());
    let nothing = Instruments::new(&closed, &Policy::status_quo(&autarky), &own).unwrap_err().to_string();
    assert!(nothing.contains("without instruments"));

    let player = |goal: Goal| Player {
        name: "A".into(),
        goal,
        instruments: Instruments::new(&economy, &in_force, &own).unwrap(),
    };
    let game = |players| Game::new(&economy, Settings::default(), in_force.clone(), players);
    assert!(game(vec![]).unwrap_err().to_string().contains("without players"));
    assert!(game(vec![player(Objective::default().into())]).unwrap_err().to_string().contains("wants nothing"));
    assert!(game(vec![player(Aim::Welfare(4).into())]).unwrap_err().to_string().contains("unknown player"));
    let twice = game(vec![player(Aim::Welfare(0).into()), player(Aim::Revenue(0).into())]).unwrap_err();
    assert!(twice.to_string().contains("both move"));
    let one = game(vec![player(Aim::Welfare(0).into())]).unwrap();
    assert!(one.respond(3, &in_force, &Search::default()).unwrap_err().to_string().contains("unknown player"));
    // The more it subsidises its imports the more it imports.
    let greedy = game(vec![player(Aim::Imports(0).into())]).unwrap();
    let unbounded = greedy.respond(0, &in_force, &Search::default()).unwrap_err().to_string();
    assert!(unbounded.contains("unbounded"), "{unbounded}");
}

/// A search that is called off, or runs out of iterations, says so.
#[test]
fn an_unfinished_search_says_so() {
    let world = Toy { countries: 4, sectors: 3, ..Toy::default() }.world();
    let economy = common::economy(&world, &Model::default());
    let game = everyone(&world, &economy, Rule::PartnerSector);
    let called_off = Search { go_on: &|_| false, ..Search::default() };
    assert_eq!(game.respond(0, game.in_force(), &called_off).unwrap().report.halt.to_string(), "was called off");
    assert!(!game.nash(&called_off).unwrap().distinct[0].report.halt.converged());
    let short = Search { max_iterations: 1, ..Search::default() };
    assert!(!game.respond(0, game.in_force(), &short).unwrap().report.halt.converged());
}
