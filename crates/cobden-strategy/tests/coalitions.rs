//! Coalitions against published values, closed forms, definitions and axioms.

#![allow(clippy::unwrap_used)]

use cobden_strategy::coalition::{
    CharacteristicFunction, Coalition, Outside, PartitionGame, Party, Punishment, Sharing, Stakes, Structure,
    partitions,
};
use cobden_world::Problem;
use proptest::prelude::*;

fn of(members: &[usize]) -> Coalition {
    Coalition::new(members.iter().copied()).unwrap()
}

fn game(players: usize, value: impl Fn(Coalition) -> f64) -> CharacteristicFunction {
    CharacteristicFunction::new(players, |coalition| Ok(value(coalition))).unwrap()
}

fn sum(coalition: Coalition, of: &[f64]) -> f64 {
    coalition.members().map(|player| of[player]).sum()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance);
    assert!(found.len() == expected.len() && near, "{found:?} is not {expected:?} to {tolerance}");
}

/// Every partition of a game in which blocks choose quantities against one another: payoff by player from the size of its block and the
/// number of blocks or their sizes.
fn played(players: usize, tolerance: f64, payoff: impl Fn(&Structure, usize) -> f64) -> PartitionGame {
    let mut game = PartitionGame::new((0..players).map(|player| format!("P{player}")), tolerance).unwrap();
    for structure in partitions(players) {
        let payoffs: Vec<f64> = (0..players).map(|player| payoff(&structure, player)).collect();
        game.record(structure, payoffs).unwrap();
    }
    game
}

/// Cournot's oligopoly, `p = 1 - Q` without costs: with k blocks each earns `1 / (k + 1)^2`.
fn cournot(firms: usize) -> PartitionGame {
    played(firms, 1e-12, |structure, firm| {
        let blocks = structure.blocks().len() as f64;
        1.0 / ((blocks + 1.0) * (blocks + 1.0)) / structure.block_of(firm).unwrap().len() as f64
    })
}

/// Abatement with benefits `Q` each and costs `q^2 / 2`: a block of s abates s each (Carraro and Siniscalco, 1993; Barrett, 1994).
fn abatement(countries: usize) -> PartitionGame {
    played(countries, 1e-9, |structure, country| {
        let total: f64 = structure.blocks().iter().map(|block| (block.len() * block.len()) as f64).sum();
        let own = structure.block_of(country).unwrap().len() as f64;
        total - own * own / 2.0
    })
}

#[test]
fn shapley_values_that_were_published() {
    // An airport's runway, paid for by the longest plane that uses it (Littlechild and Owen, 1973): each stretch is shared by its users.
    let cost = [8.0, 11.0, 13.0, 18.0];
    let airport = game(4, |coalition| -coalition.members().map(|plane| cost[plane]).fold(0.0, f64::max));
    close(&airport.shapley(), &[-2.0, -3.0, -4.0, -9.0], 1e-14);
    // The Council of the European Economic Community of 1958: 4 4 4 2 2 1 votes, 12 pass (Shapley and Shubik's index).
    let votes = [4.0, 4.0, 4.0, 2.0, 2.0, 1.0];
    let council = game(6, |coalition| f64::from(u8::from(sum(coalition, &votes) >= 12.0)));
    close(&council.shapley(), &[14.0, 14.0, 14.0, 9.0, 9.0, 0.0].map(|sixtieths| sixtieths / 60.0), 1e-14);
}

#[test]
fn a_majority_has_no_core_and_needs_a_third() {
    let majority = game(3, |coalition| f64::from(u8::from(coalition.len() >= 2)));
    let core = majority.least_core().unwrap();
    assert!((core.epsilon - 1.0 / 3.0).abs() < 1e-12 && !core.exists(1e-9));
    close(&core.nucleolus, &[1.0 / 3.0; 3], 1e-12);
    // The three pairs, each with a third, cannot all be content: the collection that Bondareva and Shapley name.
    assert_eq!(core.binding.iter().map(|(pair, _)| *pair).collect::<Vec<_>>(), [of(&[0, 1]), of(&[0, 2]), of(&[1, 2])]);
    close(&core.binding.iter().map(|(_, weight)| *weight).collect::<Vec<_>>(), &[1.0 / 3.0; 3], 1e-12);
    close(&majority.shapley(), &[1.0 / 3.0; 3], 1e-15);
}

#[test]
fn three_players_by_hand() {
    // Singles 0, pairs 50, 40, 30, all 100. {0 1} and {2} together cannot miss less than (50 + 0 - 100) / 2 = -25 on average, and
    // (45, 30, 25) leaves nobody nearer to its value.
    let three = game(3, |coalition| match coalition.members().collect::<Vec<_>>()[..] {
        [0, 1] => 50.0,
        [0, 2] => 40.0,
        [1, 2] => 30.0,
        [_] => 0.0,
        _ => 100.0,
    });
    let core = three.least_core().unwrap();
    assert!((core.epsilon + 25.0).abs() < 1e-9, "{core:?}");
    // Player 0 adds 0 0 50 40 70 70 in the six orders, player 1 adds 50 0 0 30 60 60, player 2 the rest.
    close(&three.shapley(), &[230.0 / 6.0, 200.0 / 6.0, 170.0 / 6.0], 1e-12);
}

#[test]
fn bankruptcies_of_the_talmud() {
    // Aumann and Maschler (1985): claims of 100, 200 and 300, an estate; a coalition gets what is left when the others are paid.
    let claims = [100.0, 200.0, 300.0];
    let divided =
        [(100.0, [100.0 / 3.0, 100.0 / 3.0, 100.0 / 3.0]), (200.0, [50.0, 75.0, 75.0]), (300.0, [50.0, 100.0, 150.0])];
    for (estate, expected) in divided {
        let left = game(3, |coalition| {
            let others = coalition.others(3).map_or(0.0, |others| sum(others, &claims));
            f64::max(0.0, estate - others)
        });
        close(&left.least_core().unwrap().nucleolus, &expected, 1e-9);
    }
}

#[test]
fn mergers_in_cournots_oligopoly() {
    // Salant, Switzer and Reynolds (1983): a merger of m of n firms pays only if m > n + (3 - sqrt(4 n + 5)) / 2.
    for firms in 3..=8 {
        let game = cournot(firms);
        let alone = 1.0 / ((firms + 1) as f64).powi(2);
        for m in 2..=firms {
            let merger = of(&(0..m).collect::<Vec<_>>());
            let value = game.value(merger, Outside::Gamma).unwrap();
            let threshold = firms as f64 + (3.0 - ((4 * firms + 5) as f64).sqrt()) / 2.0;
            assert_eq!(value > m as f64 * alone + 1e-12, m as f64 > threshold, "{m} of {firms}");
        }
        // Rajan (1989): the gamma-core is not empty, although firms leave: nobody else would stay behind.
        let all = game.characteristic(Outside::Gamma).unwrap();
        assert!(all.least_core().unwrap().epsilon < 0.0);
        let everyone = of(&(0..firms).collect::<Vec<_>>());
        assert_eq!(game.stability(everyone, Outside::Gamma).unwrap().leavers().count(), firms);
    }
    // Three firms by hand: 1/12 each together; who leaves gets 1/9, and no transfers can keep all of them.
    let stability = cournot(3).stability(of(&[0, 1, 2]), Outside::Gamma).unwrap();
    assert_eq!(stability.leavers().count(), 3);
    assert!((stability.surplus - (1.0 / 4.0 - 3.0 / 9.0)).abs() < 1e-15);
    assert!(!stability.is_potentially_internal() && stability.transfers(Sharing::Equal).unwrap().is_none());
}

#[test]
fn three_abate_together_whatever_their_number() {
    // Barrett (1994): with linear benefits the stable agreement has three members; a fourth loses by joining.
    for countries in 4..=8 {
        let game = abatement(countries);
        for coalition in Coalition::all(countries).into_iter().filter(|coalition| coalition.len() > 1) {
            let stability = game.stability(coalition, Outside::Gamma).unwrap();
            assert_eq!(stability.is_internal(), coalition.len() <= 3, "{coalition:?}");
            // The third is indifferent, which counts as no gain: two are stable too.
            assert_eq!(stability.is_stable(), matches!(coalition.len(), 2 | 3), "{coalition:?}");
        }
    }
}

#[test]
fn rules_outside_by_hand() {
    let (pair, third) = (of(&[0, 1]), of(&[2]));
    let spelled =
        |outside: Outside| PartitionGame::new(["A", "B", "C", "D"], 0.0).unwrap().spell(&outside.around(pair, 4));
    assert_eq!(spelled(Outside::Gamma), "{A B} {C} {D}");
    assert_eq!(spelled(Outside::Merge), "{A B} {C D}");
    assert_eq!(spelled(Outside::Passive), "{A B} while C D keep their tariffs");
    assert_eq!(Outside::Merge.around(third, 3), Structure::new([pair, third]).unwrap());
}

#[test]
fn splitting_a_coalition_by_hand() {
    let mut game = PartitionGame::new(["A", "B", "C"], 0.0).unwrap();
    let mut record = |coalition: &[usize], players: [f64; 3], initiator: f64| {
        let payoffs = cobden_strategy::coalition::Payoffs { players: players.to_vec(), initiator: Some(initiator) };
        game.record(Outside::Gamma.around(of(coalition), 3), payoffs).unwrap();
    };
    record(&[0], [-5.0, -5.0, -5.0], 6.0);
    record(&[0, 1], [-3.0, -4.0, -6.0], 2.0);
    record(&[0, 2], [-4.0, -6.0, -3.0], 3.0);
    record(&[1, 2], [-2.0, -3.0, -3.0], 1.0);
    record(&[0, 1, 2], [-2.5, -2.0, -1.0], -1.0);
    // A gains 0.5 by leaving the others; B would lose 4, C would lose 5. The initiator gains 2, 4 and 3 from their leaving.
    let offers = game.offers(of(&[0, 1, 2]), Outside::Gamma).unwrap();
    assert_eq!(
        offers.iter().map(|offer| (offer.member, offer.payment)).collect::<Vec<_>>(),
        [(0, 0.0), (1, 4.0), (2, 5.0)]
    );
    assert_eq!(offers[0].best_payer(), Some((Party::Initiator, 2.0)));
    assert_eq!(offers[1].best_payer(), Some((Party::Initiator, 0.0)));
    // Of A and B, A would lose 2 by leaving and B 1; C gains 1 by it, the initiator 4.
    let offers = game.offers(of(&[0, 1]), Outside::Gamma).unwrap();
    assert_eq!((offers[0].member, offers[0].payment, offers[1].payment), (1, 1.0, 2.0));
    assert_eq!(offers[0].worth, [(Party::Player(2), 1.0), (Party::Initiator, 4.0)]);
    assert_eq!(offers[0].best_payer(), Some((Party::Initiator, 3.0)));

    // Without its tariff the initiator has 0: it takes all three. If it has 2.5 without, two pairs are enough, B and C worst.
    let all = game.deterrence(Outside::Gamma, 0.0).unwrap().unwrap();
    assert_eq!(all.coalitions, [(of(&[0, 1, 2]), -1.0)]);
    let pairs = game.deterrence(Outside::Gamma, 2.5).unwrap().unwrap();
    assert_eq!(pairs.coalitions, [(of(&[1, 2]), 1.0), (of(&[0, 1]), 2.0)]);
    assert_eq!(game.deterrence(Outside::Gamma, -2.0).unwrap(), None);
}

#[test]
fn what_is_missing_is_named() {
    let pair = of(&[0, 1]);
    let mut game = PartitionGame::new(["CHN", "JPN", "EU"], 0.0).unwrap();
    let message = |result: Result<f64, Problem>| result.unwrap_err().to_string();
    let missing = message(game.value(pair, Outside::Gamma));
    assert_eq!(missing, "payoffs under {CHN JPN} {EU} are missing (compute the equilibrium of this structure first)");
    game.record_unknown(Outside::Gamma.around(pair, 3), "the search stopped at the bound on iterations").unwrap();
    assert!(message(game.value(pair, Outside::Gamma)).contains("not known: the search stopped"));
    assert!(message(game.value(of(&[3]), Outside::Gamma)).contains("unknown player 3 of 3"));
    let nan = game.record(Outside::Gamma.around(pair, 3), vec![0.0, f64::NAN, 0.0]).unwrap_err();
    assert!(nan.to_string().starts_with("{CHN JPN} {EU}: the payoff of JPN is NaN"), "{nan}");
    assert!(game.record(Outside::Gamma.around(pair, 3), vec![0.0]).is_err());
    assert_eq!(game.named(["JPM"]).unwrap_err().help.as_deref(), Some("did you mean \"JPN\"?"));
    assert!(game.named([]).unwrap_err().to_string().contains("an empty coalition"));
    assert!(game.offers(of(&[1]), Outside::Gamma).unwrap_err().to_string().contains("cannot be split"));
    assert!(PartitionGame::new(Vec::<String>::new(), 0.0).is_err());
    let nine = PartitionGame::new((0..9).map(|player| player.to_string()), 0.0).unwrap_err();
    assert!(nine.to_string().contains("among 9 players") && nine.help.unwrap().contains("merge several countries"));
    assert!(PartitionGame::new(["A", "A"], 0.0).unwrap_err().to_string().contains("named twice"));
    assert!(CharacteristicFunction::new(2, |_| Ok(f64::INFINITY)).is_err());
}

#[test]
fn a_deal_holds_as_long_as_its_most_impatient_member() {
    let stakes = |cooperation, deviation, punishment| Stakes { cooperation, deviation, punishment };
    let players = [stakes(3.0, 5.0, 1.0), stakes(3.0, 4.0, 0.0), stakes(3.0, 2.0, 0.0)];
    let patience = Stakes::patience(&players, Punishment::Forever).unwrap();
    assert_eq!(patience.discount_factors, [Some(0.5), Some(0.25), Some(0.0)]);
    assert_eq!((patience.discount_factor, patience.binding), (Some(0.5), Some(0)));
    let never = Stakes::patience(&[players[0], stakes(1.0, 2.0, 1.0)], Punishment::Forever).unwrap();
    assert_eq!((never.discount_factor, never.binding), (None, Some(1)));
    let always = Stakes::patience(&players[2..], Punishment::Periods(1)).unwrap();
    assert_eq!((always.discount_factor, always.binding), (Some(0.0), None));
    assert!(Stakes::patience(&[], Punishment::Forever).is_err());
    assert!(players[0].discount_factor(Punishment::Periods(0)).is_err());
    assert!(stakes(1.0, f64::NAN, 0.0).discount_factor(Punishment::Forever).is_err());
}

/// Values of all coalitions of two to five players. Halves, so that ties happen.
fn values() -> impl Strategy<Value = (usize, Vec<f64>)> {
    (2_usize..=5).prop_flat_map(|players| {
        let value = prop_oneof![(-8_i32..=8).prop_map(|halves| f64::from(halves) / 2.0), -5.0..5.0];
        (Just(players), prop::collection::vec(value, (1 << players) - 1))
    })
}

/// The value of a coalition in a list by bits.
fn listed(values: &[f64], coalition: Coalition) -> f64 {
    values[coalition.members().map(|player| 1 << player).sum::<usize>() - 1]
}

proptest! {
    #[test]
    fn shapley_is_what_players_add_in_all_orders((players, values) in values()) {
        let game = game(players, |coalition| listed(&values, coalition));
        let mut mean = vec![0.0; players];
        let orders = permutations(players);
        for order in &orders {
            for (at, player) in order.iter().enumerate() {
                let before = if at == 0 { 0.0 } else { game.value(of(&order[..at])) };
                mean[*player] += (game.value(of(&order[..=at])) - before) / orders.len() as f64;
            }
        }
        close(&game.shapley(), &mean, 1e-12);
        // Efficiency.
        let all = of(&(0..players).collect::<Vec<_>>());
        prop_assert!((game.shapley().iter().sum::<f64>() - game.value(all)).abs() < 1e-12);
    }

    #[test]
    fn names_do_not_matter((players, values) in values(), which in 0_usize..120) {
        let permutations = permutations(players);
        let renamed = &permutations[which % permutations.len()];
        let before = game(players, |coalition| listed(&values, coalition));
        // Player p of the new game is player renamed[p] of the old.
        let after = game(players, |coalition| {
            listed(&values, of(&coalition.members().map(|player| renamed[player]).collect::<Vec<_>>()))
        });
        let moved = |old: Vec<f64>| renamed.iter().map(|player| old[*player]).collect::<Vec<_>>();
        close(&after.shapley(), &moved(before.shapley()), 1e-12);
        let (before, after) = (before.least_core().unwrap(), after.least_core().unwrap());
        prop_assert!((before.epsilon - after.epsilon).abs() < 1e-8);
        close(&after.nucleolus, &moved(before.nucleolus), 1e-7);
    }

    #[test]
    fn the_least_core_is_proved_from_both_sides((players, values) in values()) {
        let game = game(players, |coalition| listed(&values, coalition));
        let all = of(&(0..players).collect::<Vec<_>>());
        let core = game.least_core().unwrap();
        prop_assert!((core.nucleolus.iter().sum::<f64>() - game.value(all)).abs() < 1e-9);
        // No coalition misses more than epsilon at the nucleolus ...
        let proper = || Coalition::all(players).into_iter().filter(move |coalition| *coalition != all);
        let worst = proper().map(|coalition| game.excess(coalition, &core.nucleolus)).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!((worst - core.epsilon).abs() < 1e-8, "{} {}", worst, core.epsilon);
        // ... and the weights, which are balanced, show that no division does better.
        let cover: Vec<f64> = (0..players)
            .map(|player| core.binding.iter().filter(|(c, _)| c.contains(player)).map(|(_, weight)| weight).sum())
            .collect();
        let weight: f64 = core.binding.iter().map(|(_, weight)| weight).sum();
        let bound = core.binding.iter().map(|(c, weight)| weight * game.value(*c)).sum::<f64>() - cover[0] * game.value(all);
        prop_assert!(core.binding.iter().all(|(_, weight)| *weight > 0.0) && (weight - 1.0).abs() < 1e-9);
        close(&cover, &vec![cover[0]; players], 1e-9);
        prop_assert!((bound - core.epsilon).abs() < 1e-8);
    }

    #[test]
    fn no_division_objects_less_than_the_nucleolus((players, values) in values(), step in prop::collection::vec(-1.0..1.0, 5)) {
        let game = game(players, |coalition| listed(&values, coalition));
        let nucleolus = game.least_core().unwrap().nucleolus;
        let mean = step[..players].iter().sum::<f64>() / players as f64;
        let proper = Coalition::all(players).into_iter().filter(|coalition| coalition.len() < players);
        let objections = |division: &[f64]| {
            let mut all: Vec<f64> = proper.clone().map(|coalition| game.excess(coalition, division)).collect();
            all.sort_by(|a, b| b.total_cmp(a));
            all
        };
        let here = objections(&nucleolus);
        for length in [1e-3, 0.1, 1.0] {
            let there: Vec<f64> = nucleolus.iter().zip(&step).map(|(x, step)| x + length * (step - mean)).collect();
            // The first objection that differs is larger elsewhere.
            let first = objections(&there).iter().zip(&here).map(|(there, here)| there - here).find(|d| d.abs() > 1e-7);
            prop_assert!(first.is_none_or(|difference| difference > 0.0), "{:?}", first);
        }
    }

    #[test]
    fn transfers_keep_whom_they_can(
        payoffs in prop::collection::vec(-4.0..4.0, 12), weights in prop::collection::vec(0.1..1.0, 4),
    ) {
        let mut game = PartitionGame::new(["A", "B", "C", "D"], 0.0).unwrap();
        let all = of(&[0, 1, 2, 3]);
        let leave = |player: usize| all.without(player).unwrap();
        game.record(Outside::Gamma.around(all, 4), payoffs[..4].to_vec()).unwrap();
        for player in 0..4 {
            let mut after = payoffs[4..8].to_vec();
            after[player] = payoffs[8 + player];
            game.record(Outside::Gamma.around(leave(player), 4), after).unwrap();
        }
        let outside: f64 = payoffs[8..].iter().sum();
        let inside: f64 = payoffs[..4].iter().sum();
        let stability = game.stability(all, Outside::Gamma).unwrap();
        // The definition itself.
        prop_assert_eq!(stability.is_potentially_internal(), stability.surplus >= 0.0);
        prop_assert!((stability.surplus - (inside - outside)).abs() < 1e-12);
        prop_assert_eq!(stability.is_internal(), (0..4).all(|p| payoffs[p] >= payoffs[8 + p]));
        for sharing in [Sharing::Equal, Sharing::Weights(&weights), Sharing::Least] {
            let Some(transfers) = stability.transfers(sharing).unwrap() else {
                prop_assert!(stability.surplus < 0.0);
                continue;
            };
            prop_assert!(transfers.received.iter().sum::<f64>().abs() < 1e-12);
            prop_assert!((0..4).all(|p| transfers.after[p] >= payoffs[8 + p] - 1e-12));
            prop_assert!(transfers.payments.len() < 4);
            for (at, player) in transfers.members.iter().enumerate() {
                let paid = transfers.payments.iter().filter(|payment| payment.from == *player);
                let got = transfers.payments.iter().filter(|payment| payment.to == *player);
                let net = got.map(|payment| payment.amount).sum::<f64>() - paid.map(|payment| payment.amount).sum::<f64>();
                prop_assert!((net - transfers.received[at]).abs() < 1e-10);
            }
            if sharing == Sharing::Least {
                let moved: f64 = transfers.received.iter().map(|received| received.max(0.0)).sum();
                let claims: f64 = (0..4).map(|p| (payoffs[8 + p] - payoffs[p]).max(0.0)).sum();
                prop_assert!((moved - claims).abs() < 1e-12, "no more than what keeps them");
            }
        }
    }

    #[test]
    fn patience_is_where_the_repeated_game_tips(
        cooperation in -2.0..2.0, temptation in 0.01..3.0, loss in 0.01..3.0, periods in prop_oneof![Just(None), (1_u32..40).prop_map(Some)],
    ) {
        let stakes = Stakes { cooperation, deviation: cooperation + temptation, punishment: cooperation - loss };
        let punishment = periods.map_or(Punishment::Forever, Punishment::Periods);
        // The game itself, until what follows no longer counts.
        let breaking_pays = |discount: f64| {
            let (mut keep, mut breaking, mut weight) = (0.0, 0.0, 1.0);
            for period in 0..20_000_u32 {
                let payoff = match period {
                    0 => stakes.deviation,
                    _ if periods.is_none_or(|length| period <= length) => stakes.punishment,
                    _ => stakes.cooperation,
                };
                (keep, breaking) = (keep + weight * stakes.cooperation, breaking + weight * payoff);
                weight *= discount;
            }
            breaking > keep
        };
        match stakes.discount_factor(punishment).unwrap() {
            Some(discount) => {
                prop_assert!(breaking_pays(discount - 1e-6));
                prop_assert!(discount + 1e-6 >= 1.0 || !breaking_pays(discount + 1e-6));
            }
            None => prop_assert!(breaking_pays(0.9999)),
        }
    }
}

/// Every order of so many players.
fn permutations(players: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for player in 0..players {
        let inserted = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, player);
                order
            })
        };
        all = all.into_iter().flat_map(inserted).collect();
    }
    all
}
