//! What governments want in common: identities, closed forms, and the same by trying everything.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Economy, Policy, Settings};
use cobden_strategy::{
    Game, Goal, Inside, Instruments, Player, Reach, Rule, Search,
    alignment::{Alignment, Draws, Government, Reform, Wanted},
};
use cobden_world::{Names, Rate, World, toy};
use ndarray::{Array1, Array3};

fn world(highest: Rate) -> World {
    toy::Toy { countries: 4, sectors: 2, inputs: false, zero_flows: 0.0, highest_tariff: highest, ..Default::default() }
        .world()
}

fn economy(world: &World) -> Economy {
    common::economy(world, &Default::default())
}

/// All tariffs of some countries, on one another too.
fn all_of(economy: &Economy, world: &World, members: &[usize]) -> Instruments {
    let reach = Reach { inside: Inside::Chosen, ..Reach::bloc(members.iter().copied(), Rule::PartnerSector) };
    Instruments::new(economy, &Policy::status_quo(world), &reach).unwrap()
}

fn alignment<'a>(economy: &'a Economy, world: &World, who: &[usize], levers: &'a Instruments) -> Alignment<'a> {
    let governments = who.iter().map(|n| Government::country(*n)).collect();
    Alignment::new(economy, Settings::default(), &Policy::status_quo(world), governments, levers).unwrap()
}

#[test]
fn a_country_agrees_with_itself_and_shares_are_those_of_angles() {
    let world = world(Rate(0.3));
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1, 2, 3]);
    // The fifth wants what the first wants, weighed twice.
    let mut governments: Vec<Government> = (0..4).map(Government::country).collect();
    let twice = Goal::from(cobden_equilibrium::Objective::default().and(2.0, Aim::Welfare(0)));
    governments.push(Government { name: "twice".into(), goal: twice });
    let point = Policy::status_quo(&world);
    let alignment = Alignment::new(&economy, Settings::default(), &point, governments, &levers).unwrap();
    let cosines = alignment.cosines();
    assert_eq!(cosines, cosines.t());
    assert!((0..5).all(|n| cosines[[n, n]] == 1.0) && (cosines[[0, 4]] - 1.0).abs() < 1e-12);
    assert_eq!(alignment.share(&[2]).unwrap().share, 0.5);
    assert!((alignment.share(&[0, 4]).unwrap().share - 0.5).abs() < 1e-9);
    let pair = alignment.share(&[1, 2]).unwrap().share;
    assert!((pair - (0.5 - cosines[[1, 2]].acos() / std::f64::consts::TAU)).abs() < 1e-12);
    // Three in closed form against four of whom two want the same, which is drawn.
    for three in [[0, 1, 2], [0, 2, 3], [0, 1, 3]] {
        let closed = alignment.share(&three).unwrap();
        let drawn = alignment.share(&[three[0], three[1], three[2], 4]).unwrap();
        assert!(closed.standard_error == 0.0 && drawn.standard_error > 0.0 && drawn.standard_error < 0.0012);
        assert!((closed.share - drawn.share).abs() < 4.0 * drawn.standard_error, "{closed:?} {drawn:?}");
    }
}

/// Without distortions there is nothing to win together: money slopes sum to zero.
#[test]
fn at_free_trade_the_sum_cannot_rise() {
    let world = world(Rate::ZERO);
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1, 2, 3]);
    let alignment = alignment(&economy, &world, &[0, 1, 2, 3], &levers);
    assert!(alignment.best(&[0, 1, 2, 3], 0.01, Wanted::Joint).unwrap().is_none());
    assert!(alignment.best(&[0, 1, 2, 3], 0.01, Wanted::Least).unwrap().is_none());
    assert_eq!(alignment.share(&[0, 1, 2, 3]).unwrap().share, 0.0);
    // Two of them against the rest still have something to win.
    assert!(alignment.best(&[0, 1], 0.01, Wanted::Least).unwrap().is_some());
}

#[test]
fn small_reforms_drawn_agree_with_the_angle() {
    let world = world(Rate(0.3));
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1]);
    let alignment = alignment(&economy, &world, &[0, 1], &levers);
    let draws = Draws { size: 1e-4, draws: 10_000, seed: 7 };
    let sampled = alignment.sampled(&[0, 1], &draws, &Search::default()).unwrap().unwrap();
    let formula = alignment.share(&[0, 1]).unwrap().share;
    println!("angle {formula:.4}, drawn {:.4} +- {:.4}", sampled.all.share, sampled.all.standard_error);
    assert_eq!((sampled.solved, sampled.unsolved), (10_000, 0));
    assert!((sampled.all.share - formula).abs() < 3.5 * sampled.all.standard_error);
    assert!((sampled.none.share - formula).abs() < 3.5 * sampled.none.standard_error, "as many go the other way");
    assert!(sampled.each.iter().all(|share| (share.share - 0.5).abs() < 3.5 * share.standard_error));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = pool.install(|| alignment.sampled(&[0, 1], &draws, &Search::default())).unwrap().unwrap();
    assert_eq!(sampled, again, "the number of threads changes nothing");
    let stopped = Search { go_on: &|progress| progress.iterations < 10, ..Search::default() };
    assert!(alignment.sampled(&[0, 1], &draws, &stopped).unwrap().is_none());
}

#[test]
fn the_best_reform_beats_the_ten_best_exchanges_and_is_what_the_slopes_promise() {
    let world = world(Rate(0.3));
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1]);
    let alignment = alignment(&economy, &world, &[0, 1], &levers);
    // One alone: the pull is the gain for each per cent; 1e-4 is a hundredth of that, and second order is a ten-thousandth of it.
    for (own, standing) in alignment.standings().iter().enumerate() {
        let best = alignment.best(&[own], 1e-4, Wanted::Least).unwrap().unwrap();
        assert!((best.gains_pct[0] / (0.01 * standing.pull_pct) - 1.0).abs() < 0.02, "{best:?} {standing:?}");
    }
    let least = |reform: &Reform| reform.gains_pct.iter().copied().fold(f64::INFINITY, f64::min);
    let size = 1e-3;
    let [common, joint] =
        [Wanted::Least, Wanted::Joint].map(|wanted| alignment.best(&[0, 1], size, wanted).unwrap().unwrap());
    assert!(least(&common) > 0.0 && common.sacrifice() == Some(0.0));
    assert!((common.gains_pct[0] / common.gains_pct[1] - 1.0).abs() < 0.05, "both gain alike: {common:?}");
    assert!(joint.surplus() > common.surplus());
    // Single moves as long as these reforms yield less.
    let reforms = alignment.reforms(&[0, 1], 1e-3, Wanted::Least, 10).unwrap();
    assert!(reforms.single.iter().chain(&reforms.exchanges).all(|reform| least(reform) < least(&common)));
}

/// All single moves and all exchanges, each solved.
#[test]
fn the_ten_best_reforms_are_those_found_by_trying_all() {
    let world = world(Rate(0.3));
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1]);
    let alignment = alignment(&economy, &world, &[0, 1], &levers);
    let here = |n: usize| {
        let equilibrium = economy.solve(&Policy::status_quo(&world), None, &Settings::default()).unwrap();
        Goal::from(Aim::Welfare(n)).reading(&economy, &equilibrium)
    };
    let before = [here(0), here(1)];
    let gains = |moves: &[(usize, f64)]| {
        let mut policy = Policy::status_quo(&world);
        let mut rates = levers.read(&policy);
        moves.iter().for_each(|(lever, rate)| rates[*lever] = *rate);
        levers.write(&rates, &mut policy.tariffs);
        let there = economy.solve(&policy, None, &Settings::default()).unwrap();
        [0, 1].map(|n| {
            let goal = Goal::from(Aim::Welfare(n));
            goal.gain_pct(before[n], goal.reading(&economy, &there))
        })
    };
    let step = 0.005;
    let rates = levers.read(&Policy::status_quo(&world));
    let moves: Vec<(usize, f64)> =
        (0..levers.len()).flat_map(|k| [(k, rates[k] + step), (k, rates[k] - step)]).collect();
    let alone: Vec<[f64; 2]> = moves.iter().map(|at| gains(&[*at])).collect();
    let common = |gains: &[f64; 2]| gains[0] > 0.0 && gains[1] > 0.0;
    let mut pairs = Vec::new();
    for one in 0..moves.len() {
        for other in 0..one {
            if moves[one].0 != moves[other].0 && !common(&alone[one]) && !common(&alone[other]) {
                pairs.push(gains(&[moves[one], moves[other]]));
            }
        }
    }
    let reforms = alignment.reforms(&[0, 1], step, Wanted::Least, 10).unwrap();
    let check = |found: &[Reform], mut all: Vec<[f64; 2]>| {
        all.retain(common);
        let least = |gains: &[f64]| gains[0].min(gains[1]);
        all.sort_by(|a, b| least(b).total_cmp(&least(a)));
        println!("{} of {} that all gain from", found.len(), all.len());
        assert_eq!(found.len(), all.len().min(10));
        for (found, all) in found.iter().zip(&all) {
            assert!((least(&found.gains_pct) - least(all)).abs() < 1e-9, "{found:?} {all:?}");
        }
    };
    check(&reforms.single, alone);
    check(&reforms.exchanges, pairs);
    assert!(!reforms.exchanges.is_empty());
}

/// The same world with its countries in another order.
fn renamed(world: &World, order: &[usize]) -> World {
    let turned = |old: &Array3<f64>| Array3::from_shape_fn(old.dim(), |(n, i, j)| old[[order[n], order[i], j]]);
    let rates = world.tariffs.mapv(|rate| rate.0);
    World {
        countries: Names::new(order.iter().map(|n| world.countries[*n].to_owned())).unwrap(),
        flows: turned(&world.flows),
        tariffs: turned(&rates).mapv(Rate),
        ..world.clone()
    }
}

#[test]
fn names_and_order_do_not_matter() {
    let first = world(Rate(0.3));
    let order = [2, 0, 3, 1];
    let second = renamed(&first, &order);
    let (one, other) = (economy(&first), economy(&second));
    let (levers, others) = (all_of(&one, &first, &[0, 1, 2]), all_of(&other, &second, &[1, 3, 0]));
    let alignment_of_first = alignment(&one, &first, &[0, 1, 2, 3], &levers);
    let alignment_of_second = alignment(&other, &second, &[0, 1, 2, 3], &others);
    let (a, b) = (alignment_of_first.cosines(), alignment_of_second.cosines());
    for n in 0..4 {
        for i in 0..4 {
            assert!((a[[order[n], order[i]]] - b[[n, i]]).abs() < 1e-8);
        }
    }
}

#[test]
fn questions_that_make_no_sense_say_so() {
    let world = world(Rate(0.3));
    let economy = economy(&world);
    let levers = all_of(&economy, &world, &[0, 1]);
    let point = Policy::status_quo(&world);
    let new = |who: Vec<Government>, levers: &Instruments| {
        Alignment::new(&economy, Settings::default(), &point, who, levers).map(|_| ()).unwrap_err().to_string()
    };
    let both = || vec![Government::country(0), Government::country(1)];
    assert!(new(vec![Government::country(0)], &levers).contains("alignment of 1 governments"));
    assert!(new(vec![Government::country(0), Government::country(9)], &levers).contains("country 9: unknown player"));
    let uniform = Instruments::new(&economy, &point, &Reach::of(0, Rule::Uniform)).unwrap();
    assert!(new(both(), &uniform).contains("surcharge"));
    let surcharge = Reach { surcharge: true, ..Reach::of(0, Rule::Uniform) };
    let uniform = Instruments::new(&economy, &point, &surcharge).unwrap();
    assert!(Alignment::new(&economy, Settings::default(), &point, both(), &uniform).is_ok());
    let alignment = alignment(&economy, &world, &[0, 1], &levers);
    assert!(alignment.cosine(0, 2).unwrap_err().to_string().contains("unknown government 2 of 2"));
    assert!(alignment.share(&[]).unwrap_err().to_string().contains("nobody"));
    assert!(alignment.reforms(&[0, 1], 0.0, Wanted::Least, 10).unwrap_err().to_string().contains("size 0"));
    let none = Draws { draws: 0, ..Draws::default() };
    assert!(alignment.sampled(&[0, 1], &none, &Search::default()).unwrap_err().to_string().contains("no draws"));
    // Employment of a country that these tariffs do not reach.
    let apart = toy::autarky(2, 1);
    let closed = Economy::calibrate(&apart, &Array1::from_elem(1, 4.0), &Default::default(), &Settings::default());
    assert!(Instruments::new(&closed.unwrap(), &Policy::status_quo(&apart), &Reach::of(0, Rule::Uniform)).is_err());
}

/// Ossa's regions in his tariff war: what one wants of the other's tariffs the other does not, and the best deals are cuts on both sides.
#[test]
fn in_a_tariff_war_the_best_deals_are_mutual_cuts() {
    let Some((world, economy)) = common::ossa() else { return };
    let in_force = Policy::status_quo(&world);
    let players = (0..7).map(|n| Player::country(&economy, &in_force, n, Rule::PartnerSector).unwrap()).collect();
    let game = Game::new(&economy, Settings::default(), in_force, players).unwrap();
    let war = game.nash(&Search::default()).unwrap().distinct.remove(0).policy;
    let index = |name| world.countries.index(name).unwrap();
    let (china, japan, usa) = (index("CHN"), index("JPN"), index("USA"));
    for pair in [[china, japan], [japan, usa], [china, usa]] {
        let reach =
            Reach { inside: Inside::Chosen, partners: Some(pair.to_vec()), ..Reach::bloc(pair, Rule::PartnerSector) };
        let levers = Instruments::new(&economy, &war, &reach).unwrap();
        let governments = pair.iter().map(|n| Government::country(*n)).collect();
        let alignment = Alignment::new(&economy, Settings::default(), &war, governments, &levers).unwrap();
        let reforms = alignment.reforms(&[0, 1], 0.05, Wanted::Least, 10).unwrap();
        let best = alignment.best(&[0, 1], 0.05, Wanted::Joint).unwrap().unwrap();
        println!(
            "{:?}: cosine {:.2}, share {:.3}, best exchange {:.4?}, joint {:.0} at a sacrifice of {:.2}",
            pair.map(|n| &world.countries[n]),
            alignment.cosine(0, 1).unwrap(),
            alignment.share(&[0, 1]).unwrap().share,
            reforms.exchanges[0].gains_pct,
            best.surplus(),
            best.sacrifice().unwrap()
        );
        assert_eq!((reforms.single.len(), reforms.exchanges.len()), (0, 10), "nobody gains by moving alone");
        for exchange in &reforms.exchanges {
            assert!(exchange.moves.iter().all(|at| at.to < at.from), "{exchange:?}");
            let importers = exchange.moves.iter().map(|at| levers.levers()[at.lever].cells[0][0]);
            let mut importers: Vec<usize> = importers.collect();
            importers.sort_unstable();
            let mut pair = pair;
            pair.sort_unstable();
            assert_eq!(importers, pair, "one concession from each");
        }
    }
}
