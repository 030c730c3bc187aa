//! Retaliation: identities, other ways to the same answers, and all lists of a small world.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Economy, Objective, Policy, Settings};
use cobden_strategy::{
    Game, Goal, Halt, Instruments, Player, Reach, Response, Rule, Search, Start,
    retaliation::{Dispute, Harm, Measures, Raised, Retaliation},
};
use cobden_world::{Rate, World, toy};

fn world(seed: u64, inputs: bool) -> World {
    toy::Toy { countries: 4, sectors: 5, inputs, zero_flows: 0.1, seed, ..Default::default() }.world()
}

fn economy(world: &World) -> Economy {
    common::economy(world, &Default::default())
}

/// Country 0, or more, against country 1, rates up to 80 per cent.
fn dispute(retaliators: &[usize]) -> Dispute {
    let mut dispute = Dispute::new(retaliators, &[1], Rule::PartnerSector);
    dispute.reach.bounds.max = Some(Rate(0.8));
    dispute
}

fn retaliation<'a>(economy: &'a Economy, world: &World, dispute: Dispute) -> Retaliation<'a> {
    Retaliation::new(economy, Settings::default(), Policy::status_quo(world), dispute).unwrap()
}

/// The best response of someone with these levers and any goal: another search than the frontier's.
fn respond(economy: &Economy, world: &World, reach: &Reach, goal: Objective) -> Response {
    let in_force = Policy::status_quo(world);
    let instruments = Instruments::new(economy, &in_force, reach).unwrap();
    let player = Player { name: "one".into(), goal: goal.into(), instruments };
    let game = Game::new(economy, Settings::default(), in_force, vec![player]).unwrap();
    let starts = [Start::Elasticity(1.0), Start::Rate(0.7), Start::Rate(0.1), Start::Rate(0.99), Start::InForce];
    let best = game.respond(0, game.in_force(), &Search { starts: &starts, ..Search::default() }).unwrap();
    assert!(best.report.halt.converged());
    best
}

fn reach_of(retaliation: &Retaliation) -> Reach {
    retaliation.dispute().reach.clone()
}

fn against(target: usize) -> Objective {
    Objective::default().and(-1.0, Aim::Welfare(target))
}

fn welfare(economy: &Economy, response: &Response, country: usize) -> f64 {
    Goal::from(Aim::Welfare(country)).reading(economy, &response.equilibrium)
}

#[test]
fn the_frontier_runs_from_the_best_response_to_the_greatest_harm() {
    for (seed, inputs) in [(1, true), (2, false), (3, true), (4, false)] {
        let world = world(seed, inputs);
        let economy = economy(&world);
        let retaliation = retaliation(&economy, &world, dispute(&[0]));
        let frontier = retaliation.frontier(8, &Search::default()).unwrap();
        assert!(frontier.halt.converged());
        let points = &frontier.points;
        assert_eq!((points.len(), frontier.between.len()), (8, 8));
        for pair in points.windows(2) {
            assert!(pair[1].harm_pct > pair[0].harm_pct && pair[1].own_pct < pair[0].own_pct);
            assert!(pair[1].price.is_none_or(|price| price > pair[0].price.unwrap() - 1e-6));
        }
        for point in points {
            let report = point.report;
            assert!(report.first_order_gap_pct <= 1e-8 && report.missed_pct <= 1e-7, "{report:?}");
            let bounds = |rate: &f64| *rate <= 0.8 + 1e-12;
            // In one of these worlds the best response is to raise nothing.
            assert!(point.rates.iter().all(bounds) && point.trade_effect > -1e-9);
        }
        // Both ends by the search for best responses; gaps of both are at most 1e-8 points.
        let reach = reach_of(&retaliation);
        let best = respond(&economy, &world, &reach, Aim::Welfare(0).into());
        let worst = respond(&economy, &world, &reach, against(1));
        assert!((points[0].own_pct - best.gain_pct).abs() < 1e-7);
        let before = Goal::from(Aim::Welfare(1)).reading(&economy, retaliation.before());
        let greatest = 100.0 * (before.exp() - welfare(&economy, &worst, 1).exp());
        assert!((points[7].harm_pct - greatest).abs() < 1e-6, "{} {greatest}", points[7].harm_pct);
        println!(
            "harm {:.4} to {greatest:.4}, own {:.4} to {:.4}",
            points[0].harm_pct, best.gain_pct, points[7].own_pct
        );
    }
}

#[test]
fn prices_are_slopes_and_weighted_sums_lead_to_the_same_points() {
    let world = world(1, true);
    let economy = economy(&world);
    let retaliation = retaliation(&economy, &world, dispute(&[0]));
    let frontier = retaliation.frontier(6, &Search::default()).unwrap();
    let search = Search::default();
    for (at, point) in frontier.points.iter().enumerate().skip(1).take(4) {
        let step = 1e-3 * point.harm_pct;
        let near = |harm: f64| retaliation.doing(Harm::AtLeast(harm), &search).unwrap().own_pct;
        let slope = (near(point.harm_pct + step) - near(point.harm_pct - step)) / (2.0 * step);
        let price = point.price.unwrap();
        // Own gains are exact to 1e-8 points at a distance of 2 steps.
        let noise = 1e-8 / step + 1e-3 * price;
        assert!((price + slope).abs() < noise, "{price} {slope}");
        // Readings in logs: a price between percentage points is one between readings up to how far both are from the baseline.
        let log = |goal: usize, own_pct: f64, before: f64| {
            Goal::from(Aim::Welfare(goal)).percent(before) / 100.0 + 1.0 + own_pct / 100.0
        };
        let before = |n: usize| Goal::from(Aim::Welfare(n)).reading(&economy, retaliation.before());
        let weight = price * log(1, -point.harm_pct, before(1)) / log(0, point.own_pct, before(0));
        let goal = Objective::from(Aim::Welfare(0)).and(-weight, Aim::Welfare(1));
        let sum = respond(&economy, &world, &reach_of(&retaliation), goal);
        let harm = 100.0 * (before(1).exp() - welfare(&economy, &sum, 1).exp());
        // Both searches stop within 1e-8 points of the top of a hill that bends little along the frontier.
        assert!(frontier.between[at] || (harm - point.harm_pct).abs() < 1e-2 * point.harm_pct, "{harm} {point:?}");
    }
}

/// Where the frontier is not concave a weighted sum jumps over it: at the point's own price another is worth more.
#[test]
fn points_between_are_those_that_weighted_sums_miss() {
    let world = toy::Toy { countries: 3, sectors: 4, seed: 16, ..Default::default() }.world();
    let economy = economy(&world);
    let mut asked = dispute(&[0, 2]);
    asked.reach.bounds.max = Some(Rate(1.0));
    asked.reach.surcharge = true;
    let both = Objective::default().and(0.5, Aim::Welfare(0)).and(0.5, Aim::Welfare(2));
    asked.own = both.clone().into();
    let retaliation = retaliation(&economy, &world, asked);
    let frontier = retaliation.frontier(10, &Search::default()).unwrap();
    assert!(frontier.halt.converged());
    assert!(frontier.between.iter().any(|between| *between));
    let reading = |n: usize, at: &Measures| Goal::from(Aim::Welfare(n)).reading(&economy, &at.equilibrium);
    for (point, between) in frontier.points.iter().zip(&frontier.between).skip(1).take(8) {
        let own = |at: &dyn Fn(usize) -> f64| 0.5 * (at(0) + at(2));
        let weight = point.price.unwrap() * (reading(1, point) - own(&|n| reading(n, point))).exp();
        let goal = both.clone().and(-weight, Aim::Welfare(1));
        let best = respond(&economy, &world, &reach_of(&retaliation), goal);
        let worth = |at: &dyn Fn(usize) -> f64| own(at) - weight * at(1);
        let there = worth(&|n| welfare(&economy, &best, n));
        let here = worth(&|n| reading(n, point));
        // Elsewhere it leads to the point itself: both searches stop within 1e-10 of the top.
        assert!(if *between { there - here > 1e-5 } else { (there - here).abs() < 1e-8 }, "{here} {there}");
    }
}

#[test]
fn stated_harms_are_done() {
    let world = world(2, false);
    let economy = economy(&world);
    let retaliation = retaliation(&economy, &world, dispute(&[0]));
    let search = Search::default();
    let best = respond(&economy, &world, &reach_of(&retaliation), Aim::Welfare(0).into());
    let none = retaliation.doing(Harm::AtLeast(0.0), &search).unwrap();
    assert!((none.own_pct - best.gain_pct).abs() < 1e-7 && none.price.unwrap().abs() < 1e-9);
    // Less harm than the best response does: still for the greatest gain, and more of it would be welcome.
    let less = retaliation.doing(Harm::Exactly(0.3 * none.harm_pct), &search).unwrap();
    assert!(less.report.halt.converged() && (less.harm_pct - 0.3 * none.harm_pct).abs() < 1e-7);
    assert!(less.own_pct > 0.0 && less.own_pct < none.own_pct && less.price.unwrap() < 0.0);
    let same = retaliation.doing(Harm::AtLeast(0.3 * none.harm_pct), &search).unwrap();
    assert!((same.own_pct - none.own_pct).abs() < 1e-7);
    let message = retaliation.doing(Harm::AtLeast(50.0), &search).unwrap_err().to_string();
    assert!(message.contains("these levers can do harm of"), "{message}");
    assert!(retaliation.doing(Harm::Exactly(f64::NAN), &search).is_err());
}

/// One lever: harm leaves no choice, and the rate is where it crosses.
#[test]
fn one_lever_has_one_answer() {
    let world = toy::two_countries();
    let economy = economy(&world);
    let mut asked = Dispute::new(&[0], &[1], Rule::Uniform);
    asked.reach.bounds.max = Some(Rate(2.0));
    let retaliation = retaliation(&economy, &world, asked);
    let harm_of = |rate: f64| {
        let mut policy = Policy::status_quo(&world);
        policy.tariffs[[0, 1, 0]] = Rate(rate);
        let there = economy.solve(&policy, None, &Settings::default()).unwrap();
        -Goal::from(Aim::Welfare(1)).percent(Goal::from(Aim::Welfare(1)).reading(&economy, &there))
    };
    for harm in [0.5, 1.5, 2.5] {
        let (mut low, mut high) = (0.0, 2.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if harm_of(middle) < harm { low = middle } else { high = middle }
        }
        let found = retaliation.doing(Harm::Exactly(harm), &Search::default()).unwrap();
        assert!(found.report.halt.converged() && (found.rates[0] - low).abs() < 1e-6, "{} {low}", found.rates[0]);
    }
    let found = retaliation.doing(Harm::Exactly(1.0), &Search::default()).unwrap();
    let rows = retaliation.rows(&found).unwrap();
    assert!((rows.rows[0].harm_pct - 1.0).abs() < 1e-7 && (rows.rows[0].own_pct - found.own_pct).abs() < 1e-7);
    assert!((rows.rows[0].covered - 20.0).abs() < 1e-9 && (found.trade_affected - 20.0).abs() < 1e-9);
}

#[test]
fn harm_may_be_made_equivalent() {
    let world = world(1, true);
    let economy = economy(&world);
    let mut hit = Policy::status_quo(&world);
    (0..5).for_each(|sector| hit.tariffs[[1, 0, sector]].0 += 0.15);
    let answer = |retaliators: &[usize]| {
        Retaliation::new(&economy, Settings::default(), hit.clone(), dispute(retaliators)).unwrap()
    };
    let retaliation = answer(&[0, 2]);
    let suffered = retaliation.suffered(&Policy::status_quo(&world)).unwrap();
    assert!(suffered > 0.0);
    let sold = |policy: &Policy| {
        let flows = economy.solve(policy, None, &Settings::default()).unwrap().flows(&economy);
        [0, 2].iter().map(|n| (0..5).map(|j| flows[[1, *n, j]]).sum::<f64>()).sum::<f64>()
    };
    let lost = retaliation.lost_exports(&Policy::status_quo(&world)).unwrap();
    assert!(lost > 0.0 && (lost - (sold(&Policy::status_quo(&world)) - sold(&hit))).abs() < 1e-6 * lost);
    let found = retaliation.equivalent(suffered, &Search::default()).unwrap();
    println!("{suffered:.3} {:.3} {:?}", found.harm, found.report);
    assert!(found.report.halt.converged() && (found.harm / suffered - 1.0).abs() < 1e-6);
    // The order of retaliators does not matter.
    let turned = answer(&[2, 0]).equivalent(suffered, &Search::default()).unwrap();
    assert!((turned.own_pct - found.own_pct).abs() < 1e-7);
    assert!(retaliation.equivalent(-1.0, &Search::default()).unwrap_err().to_string().contains("above zero"));
}

#[test]
fn trade_effect_is_kept_within_its_limit() {
    let world = world(3, true);
    let economy = economy(&world);
    let free = retaliation(&economy, &world, dispute(&[0, 2])).frontier(5, &Search::default()).unwrap();
    let limited = |limit: f64| {
        let asked = Dispute { trade_effect: Some(limit), ..dispute(&[0, 2]) };
        retaliation(&economy, &world, asked).frontier(5, &Search::default()).unwrap()
    };
    let wide = limited(2.0 * free.points[4].trade_effect);
    for (one, other) in wide.points.iter().zip(&free.points) {
        assert!((one.own_pct - other.own_pct).abs() < 1e-6 && (one.harm_pct - other.harm_pct).abs() < 1e-6);
    }
    let limit = 0.6 * free.points[0].trade_effect;
    let tight = limited(limit);
    assert!(tight.halt.converged());
    for point in &tight.points {
        assert!((point.trade_effect / limit - 1.0).abs() < 1e-6, "{} {limit}", point.trade_effect);
    }
    assert!(tight.points[0].own_pct < free.points[0].own_pct && tight.points[4].harm_pct < free.points[4].harm_pct);
    assert!(tight.points[4].harm_pct > tight.points[0].harm_pct);
}

/// Every list that the cap allows, its best rates found by the search for best responses.
#[test]
fn lists_are_the_best_of_all_and_below_their_bound() {
    for (seed, inputs) in [(1, true), (2, true), (5, false), (29, false), (31, false), (32, true)] {
        let world = world(seed, inputs);
        let economy = economy(&world);
        let retaliation = retaliation(&economy, &world, dispute(&[0]));
        let flows = economy.flows();
        let sectors: Vec<usize> = retaliation.instruments().levers().iter().map(|lever| lever.cells[0][2]).collect();
        let value = |sector: &usize| flows[[0, 1, *sector]];
        let before = |n: usize| Goal::from(Aim::Welfare(n)).reading(&economy, retaliation.before());
        for share in [0.3, 0.6] {
            let cap = share * sectors.iter().map(value).sum::<f64>();
            for raised in [Raised::Own, Raised::Harm] {
                let reached = |list: &[usize]| {
                    let reach = Reach { sectors: Some(list.to_vec()), ..reach_of(&retaliation) };
                    let goal = if raised == Raised::Own { Aim::Welfare(0).into() } else { against(1) };
                    let best = respond(&economy, &world, &reach, goal);
                    match raised {
                        Raised::Own => 100.0 * (welfare(&economy, &best, 0).exp() - before(0).exp()),
                        Raised::Harm => 100.0 * (before(1).exp() - welfare(&economy, &best, 1).exp()),
                    }
                };
                let lists = (1..1_usize << sectors.len()).map(|set| {
                    (0..sectors.len()).filter(|at| set >> at & 1 == 1).map(|at| sectors[at]).collect::<Vec<_>>()
                });
                let fitting = lists.filter(|list| list.iter().map(value).sum::<f64>() <= cap);
                let most = fitting.map(|list| reached(&list)).fold(0.0, f64::max);
                let list = retaliation.list(cap, raised, &Search::default()).unwrap();
                println!(
                    "{raised:?} {:.5} of {most:.5}, bound {:.5?}, {} lists",
                    list.reached_pct, list.bound_pct, list.tried
                );
                assert!(list.measures.report.halt.converged() && list.covered <= cap);
                assert!(list.measures.trade_affected <= list.covered + 1e-9);
                // Searches stop within 1e-8 points of the top.
                assert!((list.reached_pct - most).abs() < 1e-6 * most + 1e-8, "{seed} {share} {raised:?}");
                assert!(list.bound_pct.unwrap() > most - 1e-7);
            }
        }
    }
}

#[test]
fn rows_add_up() {
    let world = world(1, true);
    let economy = economy(&world);
    let retaliation = retaliation(&economy, &world, dispute(&[0, 2, 3]));
    let frontier = retaliation.frontier(3, &Search::default()).unwrap();
    for point in &frontier.points {
        let rows = retaliation.rows(point).unwrap();
        // Sixteen points of a smooth path.
        assert!(rows.missed_pct.0.abs() < 1e-8 && rows.missed_pct.1.abs() < 1e-8, "{:?}", rows.missed_pct);
        assert!(rows.rows.windows(2).all(|pair| pair[0].harm_pct >= pair[1].harm_pct));
        let covered: f64 =
            rows.rows.iter().filter(|row| row.to > row.from + Measures::HAIR).map(|row| row.covered).sum();
        assert!((covered - point.trade_affected).abs() < 1e-9 * covered);
    }
}

#[test]
fn questions_that_make_no_sense_say_so() {
    let world = world(1, true);
    let economy = economy(&world);
    let new = |dispute: Dispute| {
        let made = Retaliation::new(&economy, Settings::default(), Policy::status_quo(&world), dispute);
        made.map(|_| ()).unwrap_err().to_string()
    };
    assert!(new(Dispute::new(&[], &[1], Rule::Sector)).contains("by nobody"));
    assert!(new(Dispute::new(&[0], &[], Rule::Sector)).contains("against nobody"));
    assert!(new(dispute(&[0, 1])).contains("country 1 retaliates against itself"));
    assert!(new(dispute(&[9])).contains("country 9"));
    assert!(new(Dispute { trade_effect: Some(0.0), ..dispute(&[0]) }).contains("may fall by 0"));
    let mut crossed = dispute(&[0]);
    crossed.reach.bounds.min = Some(Rate(0.9));
    assert!(new(crossed).contains("bounds cross"));
    let mut nothing = dispute(&[0]);
    nothing.reach.sectors = Some(Vec::new());
    assert!(new(nothing).contains("without instruments"));
    let made = retaliation(&economy, &world, dispute(&[0]));
    let search = Search::default();
    assert!(made.frontier(1, &search).unwrap_err().to_string().contains("frontier of 1 points"));
    assert!(made.list(0.0, Raised::Own, &search).unwrap_err().to_string().contains("a cap of 0"));
    assert!(made.list(1e-9, Raised::Own, &search).unwrap_err().to_string().contains("leaves nothing to list"));
    let mut open = dispute(&[0]);
    open.reach.bounds.max = None;
    let open = retaliation(&economy, &world, open);
    assert!(open.list(1e9, Raised::Own, &search).unwrap_err().to_string().contains("highest rate"));
    let stopped = Search { go_on: &|_| false, ..Search::default() };
    assert_eq!(made.frontier(5, &stopped).unwrap().halt, Halt::CalledOff);
    assert_eq!(made.doing(Harm::AtLeast(1e-3), &stopped).unwrap().report.halt, Halt::CalledOff);
    assert_eq!(made.list(1e9, Raised::Own, &stopped).unwrap().measures.report.halt, Halt::CalledOff);
}

/// China answers the best tariffs of the United States: an independent prototype (Python and JAX) has the United States keep +2.12 of +2.32. Its
/// frontier bends the right way, and a limit on trade costs it something.
#[test]
fn china_answers_the_united_states() {
    let Some((world, economy)) = common::ossa() else { return };
    let index = |name| world.countries.index(name).unwrap();
    let (china, usa) = (index("CHN"), index("USA"));
    let status_quo = Policy::status_quo(&world);
    let player = Player::country(&economy, &status_quo, usa, Rule::PartnerSector).unwrap();
    let game = Game::new(&economy, Settings::default(), status_quo.clone(), vec![player]).unwrap();
    let hit = game.respond(0, &status_quo, &Search::default()).unwrap();
    let mut asked = Dispute::new(&[china], &[usa], Rule::PartnerSector);
    asked.reach.bounds.max = Some(Rate(3.0));
    let retaliation = Retaliation::new(&economy, Settings::default(), hit.policy.clone(), asked).unwrap();
    let frontier = retaliation.frontier(20, &Search::default()).unwrap();
    assert!(frontier.halt.converged());
    let left = hit.value_pct - frontier.points[0].harm_pct;
    println!("left {left:.3}, harm up to {:.3}", frontier.points[19].harm_pct);
    assert!((left - 2.12).abs() < 0.005);
    assert!(frontier.points.windows(2).all(|pair| pair[1].own_pct < pair[0].own_pct));
    // China suffers more in money than all it can do in return.
    let suffered = retaliation.suffered(&status_quo).unwrap();
    let found = retaliation.equivalent(suffered, &Search::default());
    println!(
        "suffered {suffered:.0}, at most {:.0}: {found:?}",
        frontier.points[19].harm,
        found = found.as_ref().map(|m| m.own_pct)
    );
    assert_eq!(found.is_err(), suffered > frontier.points[19].harm);
}
