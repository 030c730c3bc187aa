//! Bargaining against closed forms, other searches and its axioms.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_equilibrium::{Aim, Deficits, Economy, Model, Objective, Policy, Preset, Settings};
use cobden_strategy::{
    Game, Goal, Halt, Inside, Instruments, Player, Reach, Rule, Search, Start,
    deal::{Agreement, Negotiation, Party, Penalty, Signatory, Terms},
};
use cobden_world::{Rate, toy, toy::Toy};
use common::deals::{SEARCH, agreed, parties, small, table};
use ndarray::Array3;

/// The gains, in per cent, of the players of a table at rates of their levers: from a solve of its own.
fn gains_at(table: &Negotiation, economy: &Economy, from: &Policy, rates: &[Vec<f64>]) -> Vec<f64> {
    let mut policy = from.clone();
    for (player, rates) in table.players().iter().zip(rates) {
        player.instruments.write(rates, &mut policy.tariffs);
    }
    let there = economy.solve(&policy, None, &Settings::default()).unwrap();
    let reading = |player: &Player, equilibrium| player.goal.reading(economy, equilibrium);
    let gain = |player: &Player| 100.0 * (reading(player, &there) - reading(player, table.disagreement())).exp_m1();
    table.players().iter().map(gain).collect()
}

/// Two equal countries, at war with one another, agree to gain alike, and as much as free trade gives them: nothing else distorts.
#[test]
fn equal_countries_gain_alike() {
    let mut world = toy::two_countries();
    world.flows = Array3::from_shape_fn((2, 2, 1), |(n, i, _)| if n == i { 70.0 } else { 30.0 });
    let economy = common::economy(&world, &Model::default());
    let in_force = Policy::status_quo(&world);
    let players = [0, 1].map(|n| Player::country(&economy, &in_force, n, Rule::Uniform).unwrap()).to_vec();
    let game = Game::new(&economy, Settings::default(), in_force, players).unwrap();
    let war = game.nash(&Search::default()).unwrap().distinct.remove(0);
    let due = 100.0 * (-game.players()[0].goal.reading(&economy, &war.equilibrium)).exp_m1();
    let both = [0, 1].map(|n| Party::country(format!("C{n}"), n, &[0, 1], Terms::Discriminatory)).to_vec();
    let table = Negotiation::new(&economy, Settings::default(), war.policy.clone(), both).unwrap();
    let deal = agreed(table.bargain(&SEARCH).unwrap());
    for (gain, weight) in deal.gains_pct.iter().zip(&deal.weights) {
        assert!((gain - due).abs() < 1e-6, "{gain} {due}");
        assert!((weight - 0.5 / due).abs() < 1e-5);
    }
    // Nor is there anything to pay.
    let paid = table.bargain_with_payments(&SEARCH).unwrap();
    assert!(paid.report.halt.converged());
    let paid = paid.deal.unwrap();
    assert!(paid.gains.iter().all(|gain| (gain - paid.gains[0]).abs() < 1e-12));
    assert!(paid.payments.iter().sum::<f64>().abs() < 1e-9);
    // Free trade is all there is: from there, no deal. That is an answer.
    let free = Policy::status_quo(&world);
    let both = [0, 1].map(|n| Party::country(format!("C{n}"), n, &[0, 1], Terms::Discriminatory)).to_vec();
    let table = Negotiation::new(&economy, Settings::default(), free, both).unwrap();
    let nothing = table.bargain(&SEARCH).unwrap();
    assert!(nothing.deal.is_none() && nothing.report.halt.converged(), "{:?}", nothing.report);
    assert!(table.bargain_with_payments(&SEARCH).unwrap().deal.is_none());
}

/// With next to all the power a party gets what it could dictate if the other only must not lose. What it could dictate comes from another
/// search: the best response of one who has both agendas and counts the other's welfare at a price at which the other just does not lose.
#[test]
fn all_power_to_one_is_a_dictate() {
    let (world, economy) = small(3, 5);
    let mut parties = parties(&[0, 1], Terms::Discriminatory);
    parties[1].power = 1e-6;
    let table = table(&world, &economy, parties);
    let deal = agreed(table.bargain(&SEARCH).unwrap());
    let in_force = Policy::status_quo(&world);
    let reach =
        Reach { partners: Some(vec![0, 1]), inside: Inside::Chosen, ..Reach::bloc([0, 1], Rule::PartnerSector) };
    let instruments = Instruments::new(&economy, &in_force, &reach.within(Rate(0.0), Rate(2.0))).unwrap();
    let dictate = |price: f64| {
        let goal = Objective::from(Aim::Welfare(0)).and(price, Aim::Welfare(1)).into();
        let player = Player { name: "both".into(), goal, instruments: instruments.clone() };
        let game = Game::new(&economy, Settings::default(), in_force.clone(), vec![player]).unwrap();
        let search = Search { starts: &[Start::Rate(0.0)], tolerance_pct: 1e-11, ..Search::default() };
        let best = game.respond(0, &in_force, &search).unwrap();
        let gain = |n: usize| {
            let reading = |there| Goal::from(Aim::Welfare(n)).reading(&economy, there);
            100.0 * (reading(&best.equilibrium) - reading(table.disagreement())).exp_m1()
        };
        [gain(0), gain(1)]
    };
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..60 {
        let price = 0.5 * (low + high);
        if dictate(price)[1] < 0.0 { low = price } else { high = price }
    }
    let most = dictate(high);
    println!("{:?} {most:?}", deal.gains_pct);
    // What a millionth of the power is still worth is a millionth of the gain; the price is settled to less.
    assert!((deal.gains_pct[0] - most[0]).abs() < 1e-5 * most[0] && deal.gains_pct[1] < 1e-4 * most[0], "{most:?}");
}

/// No other rates on the agenda have a higher product, near or far; and leaning towards a party raises its gain and lowers the product.
#[test]
fn no_other_rates_have_a_higher_product() {
    let mut random = 1_u64;
    let mut uniform = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut deals, mut compared) = (0, 0);
    for seed in 0..12 {
        let (world, economy) = small(4, seed);
        let terms = if seed % 3 == 2 { Terms::Mfn } else { Terms::Discriminatory };
        let mut parties = parties(if seed % 2 == 0 { &[0, 1] } else { &[0, 1, 3] }, terms);
        parties[0].power = 1.0 + uniform();
        let power: f64 = parties.iter().map(|party| party.power).sum();
        let powers: Vec<f64> = parties.iter().map(|party| party.power / power).collect();
        let table = table(&world, &economy, parties);
        let bargain = table.bargain(&SEARCH).unwrap();
        assert!(bargain.report.halt.converged(), "{seed}: {:?}", bargain.report);
        let Some(deal) = bargain.deal else { continue };
        deals += 1;
        let in_force = Policy::status_quo(&world);
        let product = |gains: &[f64]| powers.iter().zip(gains).map(|(power, gain)| power * gain.ln()).sum::<f64>();
        let again = gains_at(&table, &economy, &in_force, &deal.rates);
        assert!(again.iter().zip(&deal.gains_pct).all(|(a, b)| (a - b).abs() < 1e-8));
        assert!((product(&again) - deal.ln_product).abs() < 1e-6);
        for size in [0.003, 0.03, 0.3] {
            for _ in 0..8 {
                let mut moved = |rate: &f64| (rate + size * (2.0 * uniform() - 1.0)).clamp(0.0, 2.0);
                let rates: Vec<Vec<f64>> =
                    deal.rates.iter().map(|rates| rates.iter().map(&mut moved).collect()).collect();
                let gains = gains_at(&table, &economy, &in_force, &rates);
                if gains.iter().all(|gain| *gain > 0.0) {
                    compared += 1;
                    assert!(product(&gains) < deal.ln_product + 1e-9, "{seed} {size}: {gains:?} {:?}", deal.gains_pct);
                }
            }
        }
        for (party, lean) in deal.leans.iter().enumerate() {
            assert!(
                lean.gains_pct[party] >= deal.gains_pct[party] - 1e-7 && lean.ln_product < 1e-7,
                "{seed}: {lean:?}"
            );
            assert!((product(&lean.gains_pct) - deal.ln_product - lean.ln_product).abs() < 1e-9);
        }
    }
    assert!(deals >= 8 && compared >= 100, "{deals} deals, {compared} compared");
}

/// From 40 worlds of every kind, without stated bounds: every search ends at a deal that is certified, the same from both starts.
#[test]
fn random_worlds_find_their_deal() {
    for seed in 0..40 {
        let preset = Preset::ALL[seed as usize % 4].1;
        let toy = Toy { countries: 4, sectors: 3, seed, highest_tariff: Rate(0.8), ..Toy::default() };
        let world = Toy { inputs: preset.has_inputs(), balanced_trade: preset == Preset::Ossa, ..toy }.world();
        let economy =
            common::economy(&world, &Model { preset, deficits: Deficits::Share, scale: 0.5, ..Model::default() });
        let at_table: &[usize] = if seed % 2 == 0 { &[0, 3] } else { &[0, 1, 2] };
        let terms = if seed % 3 == 0 { Terms::Mfn } else { Terms::Discriminatory };
        let parties = at_table.iter().map(|n| Party::country(format!("C{n:02}"), *n, at_table, terms)).collect();
        let table = table(&world, &economy, parties);
        let bargain = table.bargain(&SEARCH).unwrap();
        assert_eq!(
            (bargain.report.starts, bargain.report.optima),
            ((2, 2), 1),
            "{seed} {preset:?}: {:?}",
            bargain.report
        );
        let deal = agreed(bargain);
        assert!(deal.gains_pct.iter().all(|gain| *gain > 0.0) && deal.leans.len() == at_table.len());
        // Where sectors gather in one country the sum may rise until the other has nothing: that search ends at an edge and says so.
        let paid = table.bargain_with_payments(&SEARCH).unwrap();
        let edge = preset == Preset::Krugman && paid.report.halt == Halt::Edge;
        assert!(edge || (paid.report.halt.converged() && paid.deal.is_some()), "{seed} {preset:?}: {:?}", paid.report);
    }
}

/// The more power, the more gain, all along the frontier; nobody gains there without another losing. At its own powers lies the deal.
#[test]
fn the_frontier_trades_one_gain_for_another() {
    let (world, economy) = small(4, 7);
    let table = table(&world, &economy, parties(&[0, 2], Terms::Discriminatory));
    let deal = agreed(table.bargain(&SEARCH).unwrap());
    let powers: Vec<Vec<f64>> = (1..20).map(|k| vec![f64::from(k), f64::from(20 - k)]).collect();
    let frontier = table.frontier(&deal, &powers, &SEARCH).unwrap().unwrap();
    for pair in frontier.windows(2) {
        assert!(pair[1][0] >= pair[0][0] - 1e-6 && pair[1][1] <= pair[0][1] + 1e-6, "{pair:?}");
    }
    assert!((frontier[9][0] - deal.gains_pct[0]).abs() < 1e-5);
    assert!(
        table.frontier(&deal, &[vec![1.0]], &SEARCH).unwrap_err().to_string().contains("powers [1.0] of 2 parties")
    );
    assert!(table.frontier(&deal, &powers, &Search { go_on: &|_| false, ..SEARCH }).unwrap().is_none());
}

/// A party of several countries: of one country in a bloc it is that country; of two it moves the tariffs of both.
#[test]
fn a_bloc_at_the_table() {
    let (world, economy) = small(4, 4);
    let of = |parties: Vec<Party>| agreed(table(&world, &economy, parties).bargain(&SEARCH).unwrap());
    let alone = of(parties(&[0, 1], Terms::Discriminatory));
    let mut one = parties(&[0, 1], Terms::Discriminatory);
    one[1].signatory.goal = Goal::BlocWelfare(vec![1]);
    let one = of(one);
    assert!(alone.gains_pct.iter().zip(&one.gains_pct).all(|(a, b)| (a - b).abs() < 1e-6));
    let mut two = parties(&[0, 1], Terms::Discriminatory);
    two[0].agenda.partners = Some(vec![1, 2]);
    two[1].signatory = Signatory { name: "B and C".into(), members: vec![1, 2], goal: Goal::BlocWelfare(vec![1, 2]) };
    two[1].agenda.members = vec![1, 2];
    let two = of(two);
    assert!(two.rates[1].len() > alone.rates[1].len() && two.gains_pct.iter().all(|gain| *gain > 0.0));
    for (at, rate) in two.policy.tariffs.indexed_iter() {
        assert!(![(1, 2), (2, 1), (3, 0), (0, 3)].contains(&(at.0, at.1)) || *rate == world.tariffs[at], "{at:?}");
    }
}

/// The order of parties, and options that were not taken, do not matter; nor does the unit in which a party counts.
#[test]
fn the_axioms_of_bargaining() {
    for seed in [1, 4, 7] {
        let (world, economy) = small(4, seed);
        let of = |parties: Vec<Party>| agreed(table(&world, &economy, parties).bargain(&SEARCH).unwrap());
        let deal = of(parties(&[0, 2], Terms::Discriminatory));
        let swapped = of(parties(&[2, 0], Terms::Discriminatory));
        // Gains are settled to a millionth of a percentage point, see the search.
        let close = |one: &[f64], other: &[f64]| one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close(&deal.gains_pct, &[swapped.gains_pct[1], swapped.gains_pct[0]]), "{deal:?} {swapped:?}");

        let widest = |rates: &[f64]| rates.iter().copied().fold(0.0, f64::max);
        let mut fewer = parties(&[0, 2], Terms::Discriminatory);
        for (party, rates) in fewer.iter_mut().zip(&deal.rates) {
            party.agenda.bounds.max = Some(Rate(widest(rates) + 0.02));
        }
        let fewer = of(fewer);
        assert!(close(&deal.gains_pct, &fewer.gains_pct), "{:?} {:?}", deal.gains_pct, fewer.gains_pct);

        let counting = |unit: f64| {
            let mut parties = parties(&[0, 2], Terms::Discriminatory);
            parties[1].signatory.goal = Objective::default().and(unit, Aim::Exports(2)).into();
            of(parties).gains_pct
        };
        let (one, three) = (counting(1.0), counting(3.0));
        assert!(close(&[one[0], 3.0 * one[1]], &three), "{one:?} {three:?}");
    }
}

/// With payments, tariffs are those that yield most in money together, which a best response of both as one finds as well; powers divide it.
#[test]
fn payments_divide_the_most_there_is() {
    let (world, economy) = small(4, 3);
    let mut parties = parties(&[0, 1], Terms::Discriminatory);
    parties[0].power = 3.0;
    let table = table(&world, &economy, parties);
    let paid = table.bargain_with_payments(&SEARCH).unwrap();
    assert!(paid.report.halt.converged());
    let paid = paid.deal.unwrap();
    let surplus: f64 = paid.yields.iter().sum();
    assert!(
        (paid.gains[0] - 0.75 * surplus).abs() < 1e-9 * surplus
            && paid.payments.iter().sum::<f64>().abs() < 1e-9 * surplus
    );
    let in_force = Policy::status_quo(&world);
    let reach =
        Reach { partners: Some(vec![0, 1]), inside: Inside::Chosen, ..Reach::bloc([0, 1], Rule::PartnerSector) };
    let both = Player {
        name: "both".into(),
        goal: Goal::BlocWelfare(vec![0, 1]),
        instruments: Instruments::new(&economy, &in_force, &reach.within(Rate(0.0), Rate(2.0))).unwrap(),
    };
    let game = Game::new(&economy, Settings::default(), in_force.clone(), vec![both]).unwrap();
    let best = game.respond(0, &in_force, &Search { starts: &[Start::Rate(0.0)], ..Search::default() }).unwrap();
    let together = economy.income()[0] + economy.income()[1];
    assert!((surplus - best.gain_pct / 100.0 * together).abs() < 1e-8 * together, "{surplus} {}", best.gain_pct);
    // More than the deal without payments has in money.
    let deal = agreed(table.bargain(&SEARCH).unwrap());
    let agreement = table.agreement(deal.policy).unwrap();
    let changes = agreement.incidence().unwrap().countries;
    assert!(surplus > changes[0].welfare_money + changes[1].welfare_money);

    let mut odd = self::parties(&[0, 1], Terms::Discriminatory);
    odd[1].signatory.goal = Aim::Output(1, 0).into();
    let refused = self::table(&world, &economy, odd).bargain_with_payments(&SEARCH).unwrap_err().to_string();
    assert!(refused.contains("what C01 wants is not worth money"), "{refused}");
}

/// Neither threads nor what was asked before change a bit.
#[test]
fn threads_change_no_bit_of_a_deal() {
    let (world, economy) = small(5, 6);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let table = table(&world, &economy, parties(&[0, 1, 4], Terms::Discriminatory));
            let deal = agreed(table.bargain(&SEARCH).unwrap());
            let payments = table.bargain_with_payments(&SEARCH).unwrap().deal.unwrap().payments;
            let agreement = table.agreement(deal.policy.clone()).unwrap();
            let punished = agreement.deterrence(&Penalty::by(1, &[2, 3]), &SEARCH).unwrap().unwrap();
            let penalties: Vec<Rate> = punished.iter().map(|deterrent| deterrent.penalty).collect();
            (deal.policy.tariffs, deal.leans, payments, penalties)
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn questions_about_deals_that_make_no_sense_say_so() {
    let (world, economy) = small(4, 2);
    let asked = |change: &dyn Fn(&mut Vec<Party>)| {
        let mut parties = parties(&[0, 1], Terms::Discriminatory);
        change(&mut parties);
        Negotiation::new(&economy, Settings::default(), Policy::status_quo(&world), parties).unwrap_err().to_string()
    };
    assert!(asked(&|p| p.truncate(1)).contains("a deal between 1 parties"));
    assert!(asked(&|p| p[0].power = 0.0).contains("a bargaining power of 0"));
    assert!(asked(&|p| p[0].agenda.partners = Some(vec![1, 3])).contains("names an outsider: country 3"));
    assert!(asked(&|p| p[0].agenda.members = vec![3]).contains("tariffs of country 3"));
    assert!(asked(&|p| p[0].agenda.partners = Some(vec![0])).contains("C00: a player without instruments"));
    assert!(asked(&|p| p[0].agenda.bounds.min = Some(Rate(3.0))).contains("bounds cross"));
    assert!(asked(&|p| p[0].agenda = p[0].agenda.clone().raise_only().lower_only()).contains("none may rise"));
    assert!(asked(&|p| p[1].signatory.members = vec![0]).contains("both speak for country 0"));
    assert!(asked(&|p| p[1].signatory.members.clear()).contains("speaks for no country"));
    assert!(asked(&|p| p[1].signatory.goal = Objective::default().into()).contains("C01: a player wants nothing"));
    assert!(asked(&|p| p[1].signatory.members = vec![9]).contains("country 9 of a world of 4"));

    let talks = table(&world, &economy, parties(&[0, 1], Terms::Discriminatory));
    let no_start = talks.bargain(&Search { starts: &[], ..SEARCH }).unwrap_err().to_string();
    assert!(no_start.contains("without a start"));
    let called_off = Search { go_on: &|_| false, ..SEARCH };
    assert_eq!(talks.bargain(&called_off).unwrap().report.halt, Halt::CalledOff);
    assert_eq!(talks.bargain_with_payments(&called_off).unwrap().report.halt, Halt::CalledOff);
    let short = talks.bargain(&Search { max_iterations: 1, ..SEARCH }).unwrap();
    assert!(!short.report.halt.converged());
    // The more the one subsidises its imports the more it imports, and the better for the other: there is no end to that.
    let pair = toy::two_countries();
    let alone = common::economy(&pair, &Model::default());
    let mut greedy = [0, 1].map(|n| Party::country(format!("C{n:02}"), n, &[0, 1], Terms::Discriminatory)).to_vec();
    greedy[0].signatory.goal = Aim::Imports(0).into();
    let unbounded = table(&pair, &alone, greedy).bargain(&SEARCH).unwrap_err().to_string();
    assert!(unbounded.contains("the deal is unbounded"), "{unbounded}");

    let deal = agreed(talks.bargain(&SEARCH).unwrap());
    let agreement = talks.agreement(deal.policy).unwrap();
    assert!(agreement.deterrence(&Penalty::by(1, &[2]), &called_off).unwrap().is_none());
    let asked = |change: &dyn Fn(&mut Penalty)| {
        let mut question = Penalty::by(1, &[2, 3]);
        change(&mut question);
        agreement.deterrence(&question, &SEARCH).unwrap_err().to_string()
    };
    assert!(asked(&|q| q.signatory = 2).contains("unknown signatory 2 of 2"));
    assert!(asked(&|q| q.punishers = vec![vec![1]]).contains("to punish C01, which is itself"));
    assert!(asked(&|q| q.punishers = vec![]).contains("without a punisher"));
    assert!(asked(&|q| q.punishers = vec![vec![7]]).contains("country 7"));
    assert!(asked(&|q| q.sectors = Some(vec![5])).contains("unknown sector 5"));
    assert!(asked(&|q| q.sectors = Some(vec![])).contains("in no sector"));
    assert!(asked(&|q| q.max = Rate(0.0)).contains("a highest penalty of 0 points"));
    let nobody =
        Agreement::new(&economy, Settings::default(), vec![], Policy::status_quo(&world), Policy::status_quo(&world));
    assert!(nobody.unwrap_err().to_string().contains("nobody signed"));
}
