//! Optimal tariffs and tariff wars that others computed.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Economy, Outcome, Policy, Settings};
use cobden_strategy::{FormulaWar, Game, Instruments, Player, Reach, Response, Rule, Search, Start};
use cobden_world::{Rate, World};
use common::{balanced, ossa, published};

/// Published tariffs were sought to 1e-2; around a best response welfare is flat in them. Medians may differ by this many points, and
/// wages in a war, which are first order in everyone's tariffs, by 0.1.
const MEDIAN: f64 = 0.8;

fn game<'a>(world: &World, economy: &'a Economy, rule: Rule, aim: fn(usize) -> Aim) -> Game<'a> {
    let in_force = Policy::status_quo(world);
    let player = |n: usize| Player {
        name: world.countries[n].to_owned(),
        goal: aim(n).into(),
        ..Player::country(economy, &in_force, n, rule).unwrap()
    };
    let players = (0..economy.countries()).map(player).collect();
    Game::new(economy, Settings::default(), in_force, players).unwrap()
}

/// The median of a country's tariffs over partners and sectors, in per cent.
fn median(policy: &Policy, own: usize) -> f64 {
    let rates = policy.tariffs.indexed_iter().filter(|((n, i, _), _)| *n == own && *i != own);
    let mut rates: Vec<f64> = rates.map(|(_, rate)| rate.percent()).collect();
    rates.sort_by(f64::total_cmp);
    (rates[(rates.len() - 1) / 2] + rates[rates.len() / 2]) / 2.0
}

/// Wages in units of world labour income, less their unweighted mean, in per cent: what the paper prints (see `replications/ossa-2014`).
fn wage(outcome: &Outcome, own: usize) -> f64 {
    let wages = outcome.countries.iter().map(|country| country.wage_hat);
    100.0 * (outcome.countries[own].wage_hat - wages.sum::<f64>() / outcome.countries.len() as f64)
}

/// Ossa (2014), Table 3a: what each region gains by its best tariffs if nobody answers. The table prints one digit; 0.05 is that digit, 0.06
/// leaves room for its own rounding of a search that stopped at 1e-2.
#[test]
fn optimal_tariffs() {
    let Some((world, economy)) = ossa() else { return };
    let game = game(&world, &economy, Rule::PartnerSector, Aim::Welfare);
    let table = |column| published("ossa-2014/table3a_optimal_tariffs.csv", column).unwrap();
    let digits = [1.0861, 1.7904, 1.8992, 1.6591, 4.0350, 2.8533, 2.3182];
    for (own, name) in world.countries.iter().enumerate() {
        let best = game.respond(own, game.in_force(), &Search::default()).unwrap();
        assert!(best.report.halt.converged(), "{name}: {:?}", best.report);
        let outcome = Outcome::new(&economy, &best.equilibrium);
        println!(
            "{name}: {:.4} in {} iterations, {} solves, wage {:.2}, median tariff {:.2}",
            best.gain_pct,
            best.report.iterations,
            best.report.solves,
            wage(&outcome, own),
            median(&best.policy, own)
        );
        // The published tariffs give these four digits; ours can only be better, and are by less than the paper's tolerance.
        assert!(best.gain_pct > digits[own] - 5e-5 && best.gain_pct < digits[own] + 2e-3, "{name}: {}", best.gain_pct);
        assert!((best.gain_pct - table("welfare_own")[name]).abs() < 0.05, "{name}");
        assert!((wage(&outcome, own) - table("wage_own")[name]).abs() < 0.06, "{name}: {}", wage(&outcome, own));
        assert!((median(&best.policy, own) - table("tariff_median_pct")[name]).abs() < MEDIAN, "{name}");
        let others = outcome.countries.iter().enumerate().filter(|(n, _)| *n != own).map(|(_, c)| c.welfare_pct);
        assert!((others.sum::<f64>() / 6.0 - table("welfare_others_mean")[name]).abs() < 0.06, "{name}");
    }
}

/// Ossa (2014), Table 3b: under political pressure. The tariffs are not published. Tariff revenue shared by the work force of the
/// equilibrium gives the printed digit of what is maximised in all seven regions; shared by sales it does not in four, by the
/// baseline's work force not in two. Japan's best optimum is reached from high tariffs only.
#[test]
fn optimal_tariffs_under_political_pressure() {
    let Some((world, economy)) = ossa() else { return };
    let game = game(&world, &economy, Rule::PartnerSector, Aim::Government);
    let table = |column| published("ossa-2014/table3b_optimal_tariffs_political.csv", column).unwrap();
    let starts = [Start::Elasticity(1.0), Start::Elasticity(4.0), Start::InForce, Start::Rate(0.5), Start::Rate(2.0)];
    let search = Search { starts: &starts, ..Search::default() };
    for (own, name) in world.countries.iter().enumerate() {
        let Response { policy, equilibrium, report, .. } = game.respond(own, game.in_force(), &search).unwrap();
        assert!(report.halt.converged(), "{name}: {report:?}");
        let ours = Outcome::new(&economy, &equilibrium).countries[own];
        let government = ours.government_welfare_pct.unwrap();
        println!(
            "{name}: government {government:.4}, welfare {:.4}, median tariff {:.1}, {} optima from {} starts, {} iterations",
            ours.welfare_pct,
            median(&policy, own),
            report.optima,
            report.starts.0,
            report.iterations
        );
        // One printed digit of what is maximised; the rest is flat around the optimum, and theirs stops at a tolerance of its own.
        assert!((government - table("government_welfare_own")[name]).abs() < 0.05, "{name}: {government}");
        assert!((ours.welfare_pct - table("welfare_own")[name]).abs() < 0.12, "{name}: {}", ours.welfare_pct);
        assert!((median(&policy, own) - table("tariff_median_pct")[name]).abs() < 1.0, "{name}");
        if name == "JPN" {
            assert!(report.optima > 1, "Japan has several optima: {report:?}");
        }
    }
}

/// Ossa (2014), Table 4a, and a closer solution of the same game. The published tariffs were sought to 1e-2.
#[test]
fn tariff_war() {
    let Some((world, economy)) = ossa() else { return };
    let game = game(&world, &economy, Rule::PartnerSector, Aim::Welfare);
    let wars = game.nash(&Search { starts: &[Start::Elasticity(1.0), Start::InForce], ..Search::default() }).unwrap();
    assert_eq!((wars.distinct.len(), wars.converged), (1, 2), "one war from both starts");
    let war = &wars.distinct[0];
    println!("{:?}, certificate {:.1e}", war.report, war.certificate.largest_pct());
    assert!(war.report.halt.converged());
    assert!(war.certificate.complete && war.certificate.largest_pct() < 1e-6);
    let outcome = Outcome::new(&economy, &war.equilibrium);
    let tight = published("ossa-2014/nash_welfare_tight.csv", "welfare_pct").unwrap();
    let table = |column| published("ossa-2014/table4a_nash.csv", column).unwrap();
    for (n, name) in world.countries.iter().enumerate() {
        let welfare = outcome.countries[n].welfare_pct;
        // Three digits are given; the issue asks for 2e-3.
        println!("{name}: {welfare:.4}, wage {:.2}, median tariff {:.2}", wage(&outcome, n), median(&war.policy, n));
        assert!((welfare - tight[name]).abs() < 1e-3, "{name}: {welfare}");
        assert!((welfare - table("welfare")[name]).abs() < 0.05, "{name}: {welfare}");
        assert!((wage(&outcome, n) - table("wage")[name]).abs() < 0.1, "{name}: {}", wage(&outcome, n));
        assert!((median(&war.policy, n) - table("tariff_median_pct")[name]).abs() < MEDIAN, "{name}");
    }
}

/// Politically weighted governments have two wars at least, each certified.
#[test]
fn several_wars_under_political_pressure() {
    let Some((world, economy)) = ossa() else { return };
    let game = game(&world, &economy, Rule::PartnerSector, Aim::Government);
    let starts = [Start::Elasticity(1.0), Start::InForce];
    let search =
        Search { starts: &starts, deviations: &[Start::Elasticity(1.0), Start::Elasticity(4.0)], ..Search::default() };
    let wars = game.nash(&search).unwrap();
    assert_eq!((wars.distinct.len(), wars.converged), (2, 2));
    for war in &wars.distinct {
        let readings = game.players().iter().map(|player| player.goal.reading(&economy, &war.equilibrium));
        println!("{:?} {:.1e} {:?}", readings.collect::<Vec<_>>(), war.certificate.largest_pct(), war.report);
        assert!(war.certificate.complete && war.certificate.largest_pct() < 1e-6);
    }
}

/// The largest gap to a column of Lashkaripour's game of 2014, over all countries.
fn apart(world: &World, table: &str, column: &str, ours: impl Fn(usize) -> f64) -> f64 {
    let theirs = published(&format!("lashkaripour-2021/wiod2014_in-sample_{table}.csv"), column).unwrap();
    world.countries.iter().enumerate().map(|(n, name)| (ours(n) - theirs[name]).abs()).fold(0.0, f64::max)
}

/// Lashkaripour (2021): his formula, and the true war in one rate per country. Solved independently to about 1e-10 and 1e-5.
#[test]
fn one_rate_per_country() {
    let Some((world, economy)) = balanced("lashkaripour-wiod-2014") else { return };
    let everyone: Vec<usize> = (0..economy.countries()).collect();
    let formula = FormulaWar::new(&economy, &Policy::status_quo(&world), &everyone, &Settings::default()).unwrap();
    assert!(formula.halt.converged());
    let outcome = Outcome::new(&economy, &formula.equilibrium);
    let welfare_apart = apart(&world, "formula_nash", "welfare_pct", |n| outcome.countries[n].welfare_pct);
    println!("the formula's welfare is {welfare_apart:.1e} apart");
    assert!(apart(&world, "formula_nash", "nash_tariff", |n| formula.rates[n]) < 1e-8);
    assert!(welfare_apart < 1e-6);

    let game = game(&world, &economy, Rule::Uniform, Aim::Welfare);
    let search = Search { starts: &[Start::Formula], ..Search::default() };
    let wars = game.nash(&search).unwrap();
    let war = &wars.distinct[0];
    println!("{:?}, certificate {:.1e}", war.report, war.certificate.largest_pct());
    assert!(war.report.halt.converged() && war.certificate.complete && war.certificate.largest_pct() < 1e-6);
    let outcome = Outcome::new(&economy, &war.equilibrium);
    let gap = apart(&world, "true_uniform_nash", "welfare_pct", |n| outcome.countries[n].welfare_pct);
    println!("the war's welfare is {gap:.1e} apart");
    assert!(gap < 1e-4, "{gap}");
    // The formula is no war: somebody gains by leaving it.
    let leaving = game.certify(&formula.policy, &search).unwrap();
    println!("the formula's certificate {:.1e}", leaving.largest_pct());
    assert!(leaving.complete && leaving.largest_pct() > 1e-4);
}

/// Ossa (2014), Table 5a: talks that raise all gains alike, from the tariff war, from the factual tariffs and from free trade. The table
/// prints one digit, two from free trade; with tariffs of zero or more ours are those digits. Import subsidies are worth more to all.
#[test]
fn trade_talks() {
    let Some((world, economy)) = ossa() else { return };
    let game = |min: f64| {
        let in_force = Policy::status_quo(&world);
        let player = |n: usize| Player {
            instruments: Instruments::new(
                &economy,
                &in_force,
                &Reach::of(n, Rule::PartnerSector).within(Rate(min), Rate(50.0)),
            )
            .unwrap(),
            ..Player::country(&economy, &in_force, n, Rule::PartnerSector).unwrap()
        };
        Game::new(&economy, Settings::default(), in_force.clone(), (0..7).map(player).collect()).unwrap()
    };
    let (tariffs, subsidies) = (game(0.0), game(-0.9));
    let war = subsidies.nash(&Search::default()).unwrap().distinct.remove(0).equilibrium;
    let solve = |policy: &Policy| economy.solve(policy, None, &Settings::default()).unwrap();
    let factual = solve(tariffs.in_force());
    let mut none = tariffs.in_force().clone();
    none.tariffs.fill(Rate::ZERO);
    let free = solve(&none);
    let search = Search { starts: &Game::FREE_TRADE, ..Search::default() };
    for (from, threat, digit, more) in
        [("nash", war, 0.05, 3.5095), ("factual", factual, 0.05, 0.5924), ("free", free, 0.005, 0.0532)]
    {
        let talks = tariffs.talks(&threat, &search).unwrap();
        println!("from {from}: {:?}, {:?}", talks.gains_pct, talks.report);
        assert!(talks.report.halt.converged());
        let table = |column: &str| published("ossa-2014/table5a_cooperative.csv", column).unwrap();
        let (gains, wages) = (table(&format!("welfare_from_{from}")), table(&format!("wage_from_{from}")));
        let before: Vec<f64> = threat.wage_hat().to_vec();
        let moved: Vec<f64> =
            talks.equilibrium.wage_hat().iter().zip(before).map(|(w, old)| 100.0 * (w / old - 1.0)).collect();
        for (n, name) in world.countries.iter().enumerate() {
            let wage = moved[n] - moved.iter().sum::<f64>() / 7.0;
            // The published war, one of the threats, is itself up to 0.07 points off in wages.
            assert!((wage - wages[name]).abs() < 0.1, "{from} {name}: wage {wage}");
            assert!((talks.gains_pct[n] - gains[name]).abs() < digit, "{from} {name}");
            assert!((talks.gains_pct[n] - talks.gains_pct[0]).abs() < 1e-6, "all gain alike");
        }
        let better = subsidies.talks(&threat, &search).unwrap();
        assert!(better.report.halt.converged() && better.report.first_order_gap_pct < 1e-8);
        for gain in better.gains_pct {
            assert!((gain - more).abs() < 1e-4 && gain > talks.gains_pct[0], "{from}: {gain}");
        }
    }
}
