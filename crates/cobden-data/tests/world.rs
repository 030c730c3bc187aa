//! From tables to worlds, on random tables whose accounts are known.
#![allow(missing_docs, clippy::unwrap_used)]

use cobden_data::{InputOutput, Making};
use cobden_world::{Grouping, Mapping, Origin, Rate, World, toy::Toy};
use ndarray::{Array2, Array3, Axis};
use proptest::prelude::*;

/// A table that adds up: a random world without tariffs, a tenth of its value added being taxes on products.
fn table(seed: u64) -> (InputOutput, World) {
    let world = Toy { countries: 4, sectors: 5, highest_tariff: Rate::ZERO, seed, ..Toy::default() }.world();
    let accounts = world.accounts();
    let table = InputOutput {
        dataset: "synthetic".to_owned(),
        year: 2020,
        unit: "USD million".to_owned(),
        regions: world.countries.clone(),
        sectors: world.sectors.clone(),
        flows: world.flows.clone(),
        inputs: accounts.inputs,
        final_demand: accounts.final_demand,
        value_added: 0.9 * &accounts.value_added,
        taxes: 0.1 * &accounts.value_added,
        output: accounts.sales,
        remarks: Vec::new(),
    };
    (table, world)
}

fn rates(seed: u64) -> Array3<Rate> {
    Toy { countries: 4, sectors: 5, seed: seed + 77, ..Toy::default() }.world().tariffs
}

fn making<'a>(mapping: &'a Mapping, tariffs: Option<&'a Array3<Rate>>) -> Making<'a> {
    Making { origin: Origin::default(), mapping, tariffs, elasticities: None }
}

fn close(left: &Array2<f64>, right: &Array2<f64>, tolerance: f64) -> bool {
    left.iter().zip(right).all(|(a, b)| (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-300))
}

proptest! {
    #[test]
    fn a_table_that_adds_up_is_not_touched(seed in 0_u64..1000) {
        let (table, known) = table(seed);
        prop_assert!(table.gaps(1e-12, 0.0).is_empty());
        let mapping = table.as_it_is();
        let (world, changes) = table.world(&making(&mapping, None)).unwrap();
        prop_assert_eq!(&world.flows, &known.flows);
        prop_assert_eq!(world.inputs.as_ref(), known.inputs.as_ref());
        let accounts = world.accounts();
        prop_assert!(close(&accounts.value_added, &known.accounts().value_added, 1e-11));
        prop_assert!(accounts.imbalances(1e-11).is_empty());
        prop_assert_eq!(changes.negative_flows.cells + changes.negative_inputs.cells + changes.without_value_added, 0);
        // Rounding of the sums that the table was made from is all that balancing finds.
        prop_assert!(changes.balance.countries.iter().all(|country| country.moved_share < 1e-11));
    }

    /// Tariffs come out of value added where firms pay them and on top of final use where households do; trade stays as it is.
    #[test]
    fn tariffs_are_paid_by_users(seed in 0_u64..1000) {
        let (table, known) = table(seed);
        let (mapping, rates) = (table.as_it_is(), rates(seed));
        let (world, changes) = table.world(&making(&mapping, Some(&rates))).unwrap();
        prop_assert_eq!(&world.flows, &known.flows);
        prop_assert_eq!(&world.tariffs, &rates);
        prop_assert!(world.accounts().imbalances(1e-11).is_empty());
        let (paid, bought) = (world.expenditure(), known.flows.sum_axis(Axis(1)));
        let factor = &paid / &bought;
        prop_assert!(close(world.final_demand.as_ref().unwrap(), &(factor * &table.final_demand), 1e-11));
        // What the world earns at factor prices and from customs is what it earned before, plus what households pay on top.
        let on_top = world.final_demand.as_ref().unwrap().sum() - table.final_demand.sum();
        let earned = changes.value_added.sum() + changes.tariff_revenue.sum();
        let before = (&table.value_added + &table.taxes).sum();
        prop_assert!((earned - before - on_top).abs() < 1e-9 * before, "{earned} {before} {on_top}");
    }

    #[test]
    fn negative_cells_become_zero_and_are_reported(seed in 0_u64..1000, share in 0.01_f64..0.2) {
        let (mut table, _) = table(seed);
        // Stocks were run down: a negative use of imports, and of one input.
        let taken = table.flows[[0, 1, 2]] + share * table.flows[[0, 0, 2]];
        table.flows[[0, 1, 2]] -= taken;
        table.final_demand[[0, 2]] -= taken;
        table.inputs[[1, 0, 0]] *= -share;
        let mapping = table.as_it_is();
        let (world, changes) = table.world(&making(&mapping, None)).unwrap();
        prop_assert_eq!(changes.negative_flows.cells, 1);
        let expected = -share * table.flows[[0, 0, 2]];
        prop_assert!((changes.negative_flows.value - expected).abs() < 1e-9 * expected.abs());
        prop_assert_eq!(changes.negative_inputs.cells, 1);
        prop_assert_eq!(world.flows[[0, 1, 2]], 0.0);
        prop_assert!(world.validate().is_ok());
        prop_assert!(world.accounts().imbalances(1e-11).is_empty());
        prop_assert!(changes.balance.countries[0].moved_share > 0.0);
    }

    /// Merging keeps what everybody sells, and tariffs keep the revenue that still crosses a border.
    #[test]
    fn merging_keeps_totals(seed in 0_u64..1000) {
        let (table, _) = table(seed);
        let rates = rates(seed);
        let names = |names: &cobden_world::Names, at: std::ops::Range<usize>| names.as_slice()[at].to_vec();
        let mapping = Mapping {
            countries: Grouping::new([("ONE", names(&table.regions, 0..2)), ("REST", names(&table.regions, 2..4))]).unwrap(),
            sectors: Grouping::new([("FIRST", names(&table.sectors, 0..2)), ("OTHERS", names(&table.sectors, 2..5))]).unwrap(),
        };
        let (world, changes) = table.world(&making(&mapping, Some(&rates))).unwrap();
        prop_assert!((world.flows.sum() - table.flows.sum()).abs() < 1e-9 * table.flows.sum());
        prop_assert!(world.accounts().imbalances(1e-11).is_empty());
        let mut revenue = 0.0;
        for ((n, i, j), flow) in table.flows.indexed_iter() {
            if n / 2 != i / 2 {
                revenue += rates[[n, i, j]].0 * flow;
            }
        }
        prop_assert!((changes.tariff_revenue.sum() - revenue).abs() < 1e-9 * revenue);
    }
}

#[test]
fn a_list_of_trade_becomes_a_world_without_inputs() {
    let (mut table, _) = table(3);
    (table.inputs, table.value_added, table.taxes) =
        (Array3::zeros((4, 5, 5)), Array2::zeros((4, 5)), Array2::zeros((4, 5)));
    table.final_demand = table.flows.sum_axis(Axis(1));
    let (mapping, rates) = (table.as_it_is(), rates(3));
    let theta = ndarray::Array1::from_vec(vec![2.0, 3.0, 4.0, 5.0, 6.0]);
    let making = Making { elasticities: Some(&theta), ..making(&mapping, Some(&rates)) };
    let (world, _) = table.world(&making).unwrap();
    assert_eq!((world.inputs.as_ref(), world.value_added.as_ref()), (None, None));
    assert_eq!(world.elasticities, Some(theta));
    assert!(world.accounts().imbalances(1e-12).is_empty());
}

#[test]
fn tariffs_of_another_shape_are_refused() {
    let (table, _) = table(1);
    let (mapping, rates) = (table.as_it_is(), Array3::from_elem((1, 1, 1), Rate::ZERO));
    let problem = table.world(&making(&mapping, Some(&rates))).unwrap_err();
    assert!(problem.message.contains("(4, 4, 5)"), "{problem}");
}
