//! The accounts: identities that hold by construction, and what is said where they do not.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use cobden_world::toy::{self, Toy};
use cobden_world::{Factor, Identity, Rate, World};
use ndarray::Axis;
use proptest::prelude::*;

fn toy() -> impl Strategy<Value = Toy> {
    (1..7usize, 1..6usize, any::<(bool, bool)>(), 0.0..1.0f64, any::<u64>()).prop_map(
        |(countries, sectors, (inputs, balanced_trade), zero_flows, seed)| Toy {
            countries,
            sectors,
            inputs,
            zero_flows,
            balanced_trade,
            seed,
            ..Toy::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn toy_worlds_balance_and_deficits_sum_to_zero(toy in toy()) {
        let world = toy.world();
        world.validate().unwrap();
        prop_assert_eq!(&world, &toy.world(), "the same seed gives the same world");
        let accounts = world.accounts();
        prop_assert_eq!(accounts.imbalances(1e-12), vec![]);
        prop_assert_eq!(accounts.problems(), vec![]);
        let scale = world.flows.sum();
        prop_assert!(accounts.deficits.sum().abs() < 1e-12 * scale);
        if toy.balanced_trade {
            prop_assert!(accounts.deficits.iter().all(|deficit| deficit.abs() < 1e-12 * scale));
        }
        // Expenditure less sales is revenue plus deficit: the identity behind the free margins of balancing.
        let wedge = accounts.expenditure.sum_axis(Axis(1)) - accounts.sales.sum_axis(Axis(1));
        let expected = &accounts.tariff_revenue + &accounts.deficits;
        prop_assert!(wedge.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-11 * scale));
        prop_assert!(accounts.income().iter().all(|income| *income > 0.0));
    }

    #[test]
    fn rates_and_factors_agree(rate in -0.99..10.0f64) {
        let factor = Rate(rate).factor();
        prop_assert!((factor.rate().0 - rate).abs() < 1e-14 * (1.0 + rate.abs()));
        prop_assert_eq!(factor, Factor(1.0 + rate));
    }
}

#[test]
fn imbalances_say_where_and_by_how_much_largest_first() {
    let mut world = toy::two_countries();
    world.value_added = Some(ndarray::array![[90.0], [100.0]]);
    world.final_demand = Some(ndarray::array![[100.0], [150.0]]);
    let found = world.accounts().imbalances(1e-6);
    let listed: Vec<_> = found.iter().map(|gap| (gap.identity, gap.country.as_str(), gap.difference())).collect();
    let expected = [
        (Identity::Use, "B", 50.0),
        (Identity::Income, "B", 50.0),
        (Identity::Cost, "A", -10.0),
        (Identity::Income, "A", 10.0),
    ];
    assert_eq!(listed, expected);
    assert_eq!(found[2].sector.as_deref(), Some("goods"));
    assert_eq!((found[2].left, found[2].right, found[2].relative_gap()), (90.0, 100.0, 0.1));
    assert_eq!(found[2].to_string(), "A goods: inputs + value added 9.000000e1, sales 1.000000e2, gap 1.000e-1");
    assert!(world.accounts().imbalances(0.6).is_empty());
}

fn problems(change: impl Fn(&mut World)) -> Vec<String> {
    let mut world = Toy { countries: 2, sectors: 2, ..Toy::default() }.world();
    change(&mut world);
    world.accounts().problems().iter().map(|problem| problem.message.clone()).collect()
}

#[test]
fn problems_say_what_cannot_be_solved() {
    let has = |found: Vec<String>, expected: &str| {
        assert!(found.iter().any(|one| one.contains(expected)), "{expected}: {found:?}")
    };
    has(problems(|world| world.flows.index_axis_mut(Axis(1), 0).fill(0.0)), "C00 sells nothing");
    has(problems(|world| world.flows.index_axis_mut(Axis(0), 1).fill(0.0)), "C01 buys nothing");
    has(problems(|world| world.final_demand.as_mut().unwrap().row_mut(1).fill(0.0)), "C01 has no final demand");
    has(problems(|world| world.value_added.as_mut().unwrap().row_mut(0).fill(0.0)), "C00 has no value added");
    has(
        problems(|world| {
            world.value_added.as_mut().unwrap()[[0, 1]] = 0.0;
            world.inputs.as_mut().unwrap().index_axis_mut(Axis(0), 0).column_mut(1).fill(0.0);
        }),
        "of S01 that costs nothing to make",
    );
    has(
        problems(|world| {
            world.final_demand.as_mut().unwrap()[[0, 1]] = 0.0;
            world.inputs.as_mut().unwrap().index_axis_mut(Axis(0), 0).row_mut(1).fill(0.0);
        }),
        "on S01 that nobody uses",
    );
    has(
        problems(|world| {
            world.flows[[0, 0, 1]] = 0.0;
            world.flows[[0, 1, 1]] = 0.0;
        }),
        "of S01 and buys none from anyone",
    );
    has(
        problems(|world| {
            world.value_added = None;
            world.inputs.as_mut().unwrap()[[0, 0, 1]] = 1e9;
        }),
        "value added of C00 in S01 is negative",
    );
}

#[test]
fn validate_refuses_what_no_file_could_hold() {
    let refuse = |change: fn(&mut World)| {
        let mut world = Toy { countries: 2, sectors: 2, ..Toy::default() }.world();
        change(&mut world);
        world.validate().unwrap_err().message
    };
    assert_eq!(refuse(|world| world.flows[[0, 0, 0]] = -1.0), "flows: the value -1 is not allowed");
    assert_eq!(refuse(|world| world.flows[[0, 0, 0]] = f64::NAN), "flows: the value NaN is not allowed");
    assert_eq!(refuse(|world| world.tariffs[[0, 1, 0]] = Rate(-1.0)), "tariffs: the value -1 is not allowed");
    assert_eq!(refuse(|world| world.tariffs[[1, 1, 0]] = Rate(0.1)), "tariffs: a rate on domestic sales is not 0");
    assert_eq!(
        refuse(|world| world.elasticities.as_mut().unwrap()[1] = 0.0),
        "elasticities: the value 0 is not allowed"
    );
    assert_eq!(refuse(|world| world.flows.fill(f64::MAX)), "flows: the values add up to more than a number can hold");
    assert_eq!(
        refuse(|world| drop(world.members.insert("EU27".to_owned(), vec!["AUT".to_owned()]))),
        "unknown country \"EU27\""
    );
    assert_eq!(
        refuse(|world| world.value_added = Some(ndarray::Array2::zeros((2, 3)))),
        "value_added: the shape is [2, 3], expected [2, 2]"
    );
}

#[test]
fn an_economy_alone_and_an_autarky_are_worlds() {
    for world in [toy::autarky(3, 2), Toy { countries: 1, sectors: 1, ..Toy::default() }.world()] {
        world.validate().unwrap();
        assert_eq!(world.accounts().problems(), []);
        assert!(world.deficits().iter().all(|deficit| *deficit == 0.0));
    }
}
