//! The nearest table with given totals: against tables computed by hand, and the reasons where there is none.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use cobden_world::toy::{self, Toy};
use cobden_world::{BalanceOptions, EmptyColumns, EmptyRows, Infeasible, balance};
use ndarray::{Array2, array};
use proptest::prelude::*;

#[test]
fn two_by_two_by_hand() {
    // z = [[a, 3-a], [2-a, a]] keeps the odds ratio of the prior, a^2 / ((3-a)(2-a)) = (1 x 4) / (2 x 2) = 1: a = 6/5.
    let prior = array![[1.0, 2.0], [2.0, 4.0]];
    let fitted = balance(prior.view(), &[Some(3.0), Some(2.0)], &[Some(2.0), Some(3.0)]).unwrap();
    let expected = array![[1.2, 1.8], [0.8, 1.2]];
    assert!((&fitted.table - &expected).iter().all(|gap| gap.abs() < 1e-12), "{}", fitted.table);
    let term = |z: f64, z0: f64| z * (z / z0).ln() - z + z0;
    let by_hand = term(1.2, 1.0) + term(1.8, 2.0) + term(0.8, 2.0) + term(1.2, 4.0);
    assert!((fitted.divergence - by_hand).abs() < 1e-12);
}

#[test]
fn a_free_margin_moves_only_as_far_as_the_others_force_it() {
    // One row fixed, all else free: the row is scaled, the other row stays.
    let prior = array![[1.0, 3.0], [5.0, 7.0]];
    let fitted = balance(prior.view(), &[Some(8.0), None], &[None, None]).unwrap();
    assert!((&fitted.table - &array![[2.0, 6.0], [5.0, 7.0]]).iter().all(|gap| gap.abs() < 1e-12));
    let untouched = balance(prior.view(), &[None, None], &[None, None]).unwrap();
    assert_eq!((untouched.table, untouched.divergence, untouched.sweeps), (prior, 0.0, 0));
}

#[test]
fn zeros_stay_zero_and_zero_totals_empty_their_line() {
    let prior = array![[1.0, 0.0, 2.0], [3.0, 4.0, 0.0], [1.0, 1.0, 1.0]];
    let fitted = balance(prior.view(), &[Some(2.0), Some(5.0), Some(0.0)], &[Some(3.0), None, Some(1.0)]).unwrap();
    for ((row, column), value) in fitted.table.indexed_iter() {
        assert_eq!(*value == 0.0, prior[[row, column]] == 0.0 || row == 2, "{row} {column}");
    }
}

#[test]
fn totals_that_only_just_fit_force_cells_to_zero_and_newton_finishes() {
    // Column 0 is just what row 0 must place there, for row 0 has no other cell: row 1 must leave it alone.
    let prior = array![[1.0, 0.0], [1.0, 1.0]];
    let fitted = balance(prior.view(), &[Some(2.0), Some(3.0)], &[Some(2.0), Some(3.0)]).unwrap();
    assert!(fitted.newton_steps > 0 && fitted.residual <= 1e-12);
    assert!(fitted.table[[1, 0]] < 1e-11 && (fitted.table[[1, 1]] - 3.0).abs() < 1e-11);
}

#[test]
fn the_reason_there_is_no_table_names_the_rows_and_columns() {
    let prior = array![[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]];
    let reason = balance(prior.view(), &[Some(3.0), Some(4.0), Some(2.0)], &[Some(2.0), Some(3.0), None]).unwrap_err();
    assert_eq!(reason, Infeasible::Rows { rows: vec![0, 1], must_place: 7.0, columns: vec![0, 1], can_hold: 5.0 });
    let reason = balance(prior.view(), &[None, None, Some(2.0)], &[None, None, Some(5.0)]).unwrap_err();
    assert_eq!(reason, Infeasible::Columns { columns: vec![2], must_hold: 5.0, rows: vec![2], can_place: 2.0 });
    assert_eq!(reason.to_string(), "columns [2] must hold 5 from rows [2], which place 2");
    let empty = balance(array![[0.0, 0.0], [1.0, 1.0]].view(), &[Some(1.0), None], &[None, None]).unwrap_err();
    assert_eq!(empty, Infeasible::Rows { rows: vec![0], must_place: 1.0, columns: vec![], can_hold: 0.0 });
}

#[test]
fn input_that_makes_no_sense_is_refused() {
    let prior = array![[1.0, 1.0]];
    for (prior, rows) in [
        (prior.view(), vec![]),
        (prior.view(), vec![Some(-1.0)]),
        (prior.view(), vec![Some(f64::NAN)]),
        (array![[1.0, -1.0]].view(), vec![None]),
        (array![[1.0, f64::INFINITY]].view(), vec![None]),
    ] {
        assert!(matches!(balance(prior, &rows, &[None, None]), Err(Infeasible::Input(_))));
    }
}

/// A prior with zeros and the totals of another table with the same zeros: always feasible, often hard.
fn tables() -> impl Strategy<Value = (Array2<f64>, Array2<f64>)> {
    let cell = (0.0..1.0f64, -6.0..6.0f64, -6.0..6.0f64);
    (1..7usize, 1..7usize).prop_flat_map(move |(rows, columns)| {
        prop::collection::vec(cell.clone(), rows * columns).prop_map(move |cells| {
            let shape = |value: fn(&(f64, f64, f64)) -> f64| {
                Array2::from_shape_vec((rows, columns), cells.iter().map(value).collect()).unwrap()
            };
            (
                shape(|(zero, prior, _)| if *zero < 0.3 { 0.0 } else { prior.exp() }),
                shape(|(zero, _, table)| if *zero < 0.3 { 0.0 } else { table.exp() }),
            )
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fit_meets_its_totals_and_has_the_form_of_a_minimum((prior, table) in tables(), free in any::<bool>()) {
        let rows: Vec<_> = table.rows().into_iter().map(|row| Some(row.sum())).collect();
        let mut columns: Vec<_> = table.columns().into_iter().map(|column| Some(column.sum())).collect();
        if free {
            columns[0] = None;
        }
        let fitted = balance(prior.view(), &rows, &columns).unwrap();
        prop_assert!(fitted.residual <= 1e-12);
        // No feasible table is nearer, the one the totals were taken from least of all.
        let term = |z: f64, z0: f64| if z > 0.0 { z * (z / z0).ln() - z + z0 } else { z0 };
        let other: f64 = table.iter().zip(&prior).map(|(z, z0)| term(*z, *z0)).sum();
        prop_assert!(fitted.divergence <= other * (1.0 + 1e-9) + 1e-9);
        // First-order condition: ln(z / z0) = u + v, so it sums to zero around every rectangle.
        let ratio = |row: usize, column: usize| (fitted.table[[row, column]] / prior[[row, column]]).ln();
        for (row, column) in [(1, 1), (2, 1), (1, 2)] {
            if row < prior.nrows() && column < prior.ncols() {
                let around = ratio(0, 0) + ratio(row, column) - ratio(0, column) - ratio(row, 0);
                prop_assert!(!around.is_finite() || around.abs() < 1e-8, "{}", around);
            }
        }
    }

    #[test]
    fn a_reason_is_given_only_where_no_table_exists(
        (prior, _) in tables(),
        totals in prop::collection::vec(0.1..10.0f64, 12),
    ) {
        let rows: Vec<_> = totals[..prior.nrows()].iter().map(|total| Some(*total)).collect();
        let columns: Vec<_> = totals[6..6 + prior.ncols()].iter().map(|total| Some(*total)).collect();
        match balance(prior.view(), &rows, &columns) {
            Ok(fitted) => prop_assert!(fitted.residual <= 1e-12),
            Err(Infeasible::Rows { rows: placing, must_place, columns: holding, can_hold }) => {
                prop_assert!(must_place > can_hold);
                for row in placing {
                    for column in 0..prior.ncols() {
                        prop_assert!(prior[[row, column]] == 0.0 || holding.contains(&column));
                    }
                }
            }
            Err(Infeasible::Columns { columns: holding, must_hold, rows: placing, can_place }) => {
                prop_assert!(must_hold > can_place);
                for column in holding {
                    for row in 0..prior.nrows() {
                        prop_assert!(prior[[row, column]] == 0.0 || placing.contains(&row));
                    }
                }
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn a_world_balances_whatever_its_priors(seed in any::<u64>(), noise in prop::collection::vec(0.2..3.0f64, 48)) {
        let mut world = Toy { seed, countries: 3, sectors: 4, ..Toy::default() }.world();
        for (value, factor) in world.inputs.as_mut().unwrap().iter_mut().zip(&noise) {
            *value *= factor;
        }
        let (balanced, report) = world.balance(&BalanceOptions::default()).unwrap();
        let accounts = balanced.accounts();
        prop_assert_eq!(accounts.imbalances(1e-10), vec![]);
        prop_assert_eq!(accounts.problems(), vec![]);
        prop_assert_eq!(&balanced.flows, &world.flows);
        let moved = &report.countries[0];
        let inputs = world.inputs.as_ref().unwrap();
        if let Some(cell) = moved.moves.iter().find(|cell| cell.row == Some(1) && cell.column == Some(2)) {
            prop_assert_eq!(cell.before, inputs[[0, 1, 2]]);
            prop_assert_eq!(cell.after, balanced.inputs.as_ref().unwrap()[[0, 1, 2]]);
        }
        // What is balanced is its own nearest table.
        let (again, report) = balanced.balance(&BalanceOptions::default()).unwrap();
        prop_assert!(report.countries.iter().all(|country| country.moved_share < 1e-11));
        prop_assert_eq!(again.accounts().imbalances(1e-10), vec![]);
    }
}

#[test]
fn a_good_without_a_use_needs_a_stated_treatment() {
    let mut world = Toy::default().world();
    let (inputs, finals) = (world.inputs.as_mut().unwrap(), world.final_demand.as_mut().unwrap());
    for j in 0..4 {
        inputs[[1, 2, j]] = 0.0;
    }
    finals[[1, 2]] = 0.0;
    let problem = world.balance(&BalanceOptions::default()).unwrap_err().to_string();
    assert!(
        problem.starts_with("C01 spends ") && problem.contains(" on S02, and no prior has a use for it"),
        "{problem}"
    );
    let options = BalanceOptions { empty_rows: EmptyRows::FinalDemand, ..BalanceOptions::default() };
    let (balanced, report) = world.balance(&options).unwrap();
    let spent = world.expenditure()[[1, 2]];
    assert!((balanced.final_demand.unwrap()[[1, 2]] / spent - 1.0).abs() < 1e-12);
    let filled: Vec<_> = report.countries.iter().map(|country| country.filled.len()).collect();
    assert_eq!(filled, [0, 1, 0, 0, 0]);
    assert_eq!((report.countries[1].filled[0].row, report.countries[1].filled[0].column), (Some(2), None));
}

#[test]
fn a_sector_without_a_cost_needs_a_stated_treatment() {
    let mut world = Toy::default().world();
    let (inputs, added) = (world.inputs.as_mut().unwrap(), world.value_added.as_mut().unwrap());
    for k in 0..4 {
        inputs[[0, k, 3]] = 0.0;
    }
    added[[0, 3]] = 0.0;
    let problem = world.balance(&BalanceOptions::default()).unwrap_err().to_string();
    assert!(
        problem.starts_with("C00 sells ") && problem.contains(" of S03, and no prior has a cost for it"),
        "{problem}"
    );
    let options = BalanceOptions { empty_columns: EmptyColumns::ValueAdded, ..BalanceOptions::default() };
    let (balanced, report) = world.balance(&options).unwrap();
    assert!((balanced.value_added.unwrap()[[0, 3]] / world.sales()[[0, 3]] - 1.0).abs() < 1e-12);
    assert_eq!(report.countries[0].filled.len(), 1);
}

#[test]
fn a_world_that_cannot_balance_says_which_sectors_stand_in_the_way() {
    let mut world = Toy { countries: 2, sectors: 2, ..Toy::default() }.world();
    // All of S00 goes into S01, which sells far less than that.
    world.flows[[0, 0, 0]] = 1e6;
    let (inputs, finals) = (world.inputs.as_mut().unwrap(), world.final_demand.as_mut().unwrap());
    inputs[[0, 0, 0]] = 0.0;
    finals[[0, 0]] = 0.0;
    let problem = world.balance(&BalanceOptions::default()).unwrap_err().to_string();
    assert!(
        problem.starts_with("C00 spends ") && problem.contains(" on S00, which only S01 can use, whose sales are "),
        "{problem}"
    );
    world.inputs.as_mut().unwrap()[[0, 0, 0]] = -1.0;
    let problem = world.balance(&BalanceOptions::default()).unwrap_err().to_string();
    assert!(problem.starts_with("C00: the prior of S00 for S00 is -1 "), "{problem}");
    assert_eq!(world.accounts().remarks().len(), 1);
}

#[test]
fn a_world_without_inputs_has_nothing_to_fit() {
    let mut world = toy::two_countries();
    world.value_added = Some(array![[1.0], [2.0]]);
    let (balanced, report) = world.balance(&BalanceOptions::default()).unwrap();
    assert!(report.countries.is_empty());
    assert_eq!(balanced.accounts().imbalances(1e-15), []);
}
