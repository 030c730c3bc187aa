//! Merging countries and sectors keeps totals and accounts, changes nothing by itself, and composes.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use cobden_world::toy::Toy;
use cobden_world::{Grouping, Mapping, Names, Rate, World};
use ndarray::Array2;
use proptest::prelude::*;

fn toy() -> impl Strategy<Value = Toy> {
    (2..7usize, 2..6usize, any::<bool>(), 0.0..0.9f64, any::<u64>()).prop_map(
        |(countries, sectors, inputs, zero_flows, seed)| Toy {
            countries,
            sectors,
            inputs,
            zero_flows,
            seed,
            ..Toy::default()
        },
    )
}

/// A grouping of these names by the remainder of a hash-like draw; new names are made from the group's number.
fn grouping(names: &Names, draws: &[usize], prefix: &str) -> Grouping {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, draw) in names.iter().zip(draws) {
        let new = format!("{prefix}{draw}");
        match groups.iter_mut().find(|(group, _)| *group == new) {
            Some((_, members)) => members.push(name.to_owned()),
            None => groups.push((new, vec![name.to_owned()])),
        }
    }
    Grouping::new(groups).unwrap()
}

fn close<D: ndarray::Dimension>(a: &ndarray::Array<f64, D>, b: &ndarray::Array<f64, D>) -> bool {
    a.shape() == b.shape() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + a.abs()))
}

fn rates(world: &World) -> ndarray::Array3<f64> {
    world.tariffs.mapv(|rate| rate.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_identity_changes_nothing(toy in toy()) {
        let mut world = toy.world();
        world.political_weights = Some(Array2::ones((toy.countries, toy.sectors)));
        world.members.insert("C00".to_owned(), vec!["NZL".to_owned(), "AUS".to_owned()]);
        let identity = Mapping { countries: Grouping::identity(&world.countries), sectors: Grouping::identity(&world.sectors) };
        prop_assert_eq!(world.aggregate(&identity).unwrap(), world);
    }

    #[test]
    fn totals_are_kept_and_balance_survives(
        toy in toy(),
        countries in prop::collection::vec(0..3usize, 7),
        sectors in prop::collection::vec(0..3usize, 6),
    ) {
        let world = toy.world();
        let mapping = Mapping {
            countries: grouping(&world.countries, &countries, "R"),
            sectors: grouping(&world.sectors, &sectors, "G"),
        };
        let merged = world.aggregate(&mapping).unwrap();
        merged.validate().unwrap();
        prop_assert!((merged.flows.sum() / world.flows.sum() - 1.0).abs() < 1e-12);
        // Revenue and expenditure lose the internal tariffs and nothing else.
        let mut internal = 0.0;
        for ((n, i, j), flow) in world.flows.indexed_iter() {
            let region = |position: usize| mapping.countries.new_name(&world.countries[position]);
            if region(n) == region(i) {
                internal += world.tariffs[[n, i, j]].0 * flow;
            }
        }
        let lost = |before: f64, after: f64| (before - after - internal).abs() <= 1e-9 * (1.0 + before);
        prop_assert!(lost(world.tariff_revenue().sum(), merged.tariff_revenue().sum()));
        prop_assert!(lost(world.expenditure().sum(), merged.expenditure().sum()));
        prop_assert_eq!(merged.accounts().imbalances(1e-9), vec![]);
        prop_assert_eq!(merged.accounts().problems(), vec![]);
    }

    #[test]
    fn two_steps_are_one(
        toy in toy(),
        countries in prop::collection::vec(0..3usize, 7),
        sectors in prop::collection::vec(0..3usize, 6),
        onward in prop::collection::vec(0..2usize, 3),
        tariffs in any::<bool>(),
    ) {
        // Where tariffs become internal their users are relieved in proportion to use, which averages differ in; without them all composes.
        let world = Toy { highest_tariff: Rate(if tariffs { 0.3 } else { 0.0 }), ..toy }.world();
        let first = Mapping {
            countries: grouping(&world.countries, &countries, "R"),
            sectors: grouping(&world.sectors, &sectors, "G"),
        };
        let once = world.aggregate(&first).unwrap();
        let second = Mapping {
            countries: grouping(&once.countries, &onward, "W"),
            sectors: grouping(&once.sectors, &onward, "H"),
        };
        let twice = once.aggregate(&second).unwrap();
        let direct = Mapping {
            countries: first.countries.then(&second.countries).unwrap(),
            sectors: first.sectors.then(&second.sectors).unwrap(),
        };
        let direct = world.aggregate(&direct).unwrap();
        prop_assert_eq!(&twice.countries, &direct.countries);
        prop_assert!(close(&twice.flows, &direct.flows));
        prop_assert!(close(&twice.expenditure(), &direct.expenditure()));
        prop_assert_eq!(&twice.members, &direct.members);
        let flowing = |world: &World| rates(world) * &world.flows;
        prop_assert!(close(&flowing(&twice), &flowing(&direct)));
        if !tariffs && toy.inputs {
            prop_assert!(close(twice.inputs.as_ref().unwrap(), direct.inputs.as_ref().unwrap()));
            prop_assert!(close(twice.value_added.as_ref().unwrap(), direct.value_added.as_ref().unwrap()));
            prop_assert!(close(twice.final_demand.as_ref().unwrap(), direct.final_demand.as_ref().unwrap()));
        }
    }
}

#[test]
fn tariffs_are_weighted_by_flows_and_elasticities_by_foreign_trade() {
    let mut world = Toy { countries: 3, sectors: 2, inputs: false, zero_flows: 0.0, ..Toy::default() }.world();
    (world.flows[[0, 1, 0]], world.flows[[0, 2, 0]]) = (30.0, 10.0);
    (world.tariffs[[0, 1, 0]], world.tariffs[[0, 2, 0]]) = (Rate(0.1), Rate(0.5));
    let pair = Grouping::new([("A", vec!["C00"]), ("B", vec!["C01", "C02"])]).unwrap();
    let merged = world.aggregate(&Mapping { countries: pair, sectors: Grouping::identity(&world.sectors) }).unwrap();
    assert!((merged.tariffs[[0, 1, 0]].0 - 0.2).abs() < 1e-15);
    assert_eq!(merged.tariffs[[1, 1, 0]], Rate::ZERO);
    assert_eq!(merged.members["B"], ["C01", "C02"]);
    assert!(!merged.members.contains_key("C00") && merged.members["A"] == ["C00"]);

    let one = Grouping::new([("all", vec!["S00", "S01"])]).unwrap();
    let merged = world.aggregate(&Mapping { countries: Grouping::identity(&world.countries), sectors: one }).unwrap();
    let trade = |j: usize| -> f64 {
        world.flows.indexed_iter().filter(|((n, i, k), _)| n != i && *k == j).map(|(_, flow)| flow).sum()
    };
    let theta = world.elasticities.as_ref().unwrap();
    let expected = (trade(0) * theta[0] + trade(1) * theta[1]) / (trade(0) + trade(1));
    assert!((merged.elasticities.unwrap()[0] - expected).abs() < 1e-12);
}

#[test]
fn a_mapping_that_does_not_fit_says_why() {
    let world = Toy { countries: 2, sectors: 1, ..Toy::default() }.world();
    let sectors = || Grouping::identity(&world.sectors);
    let refuse =
        |countries: Grouping| world.aggregate(&Mapping { countries, sectors: sectors() }).unwrap_err().to_string();
    let some = Grouping::new([("A", vec!["C00"])]).unwrap();
    assert_eq!(refuse(some), r#"the country "C01" stands in no group (put it in one; nothing is dropped)"#);
    let more = Grouping::new([("A", vec!["C00", "C01", "C0l"])]).unwrap();
    assert_eq!(refuse(more), r#"unknown country "C0l" (did you mean "C01"?)"#);
    let message = |groups: Vec<(&str, Vec<&str>)>| Grouping::new(groups).unwrap_err().to_string();
    assert_eq!(message(vec![("A", vec!["x"]), ("B", vec!["x"])]), r#""x" stands in two groups (leave it in one)"#);
    assert_eq!(message(vec![("A", vec!["x"]), ("A", vec!["y"])]), r#"the group "A" stands twice"#);
    assert_eq!(message(vec![("A", vec![])]), r#"the group "A" has no members"#);
}
