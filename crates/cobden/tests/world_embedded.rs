//! The worlds that cobden carries are sound: their accounts hold, their tariffs are where the documentation says they are.

use cobden::{World, open_world, worlds};

fn icio() -> World {
    open_world("icio-2022").expect("embedded")
}

#[test]
fn every_world_opens_and_says_whence_it_is_and_on_what_terms() {
    for world in worlds() {
        let origin = world.open().expect("embedded").origin;
        assert_eq!(origin.id, world.id);
        assert!(!origin.source.is_empty() && !origin.note.is_empty());
        assert!(origin.licence.is_some(), "{} has no licence", world.id);
        assert!(world.recipe.contains("cobden.recipe/1"));
    }
}

#[test]
fn the_accounts_hold_to_a_hundred_millionth() {
    let accounts = icio().accounts();
    let worst = accounts.imbalances(0.0).first().map(ToString::to_string);
    assert!(accounts.imbalances(1e-8).is_empty(), "{worst:?}");
    assert!(accounts.problems().is_empty());
}

#[test]
fn every_good_that_is_sold_has_value_added_and_every_region_consumes() {
    let accounts = icio().accounts();
    for ((n, j), sales) in accounts.sales.indexed_iter() {
        let share = accounts.value_added[[n, j]] / sales;
        assert!(*sales == 0.0 || (0.01..1.0).contains(&share), "{n} {j}: {share}");
    }
    assert!(accounts.final_demand.iter().all(|value| *value >= 0.0));
    assert!(accounts.final_demand.rows().into_iter().all(|country| country.sum() > 0.0));
}

#[test]
fn twenty_four_regions_take_in_the_whole_world() {
    let world = icio();
    assert_eq!((world.countries.len(), world.sectors.len()), (24, 18));
    assert_eq!(world.members["CHN"], ["CHN", "HKG"]);
    assert_eq!(world.members["AUNZ"], ["AUS", "NZL"]);
    assert_eq!(world.members["EU27"].len(), 27);
    assert_eq!(world.members["ROW"], ["*"]);
    // World value added at basic prices in 2022: some 95 to 105 trillion dollars.
    let gdp = world.accounts().value_added.sum();
    assert!((90e6..110e6).contains(&gdp), "{gdp}");
}

#[test]
fn tariffs_lie_between_free_trade_and_a_third() {
    let world = icio();
    let services = world.sectors.index("SERV").expect("a sector");
    for ((n, i, j), rate) in world.tariffs.indexed_iter() {
        assert!((0.0..0.35).contains(&rate.0));
        assert!((n != i && j != services) || rate.0 == 0.0);
    }
}

/// Duty over imports of goods and services.
fn average(world: &World, importer: &str, exporter: &str) -> f64 {
    let (n, i) =
        (world.countries.index(importer).expect("a region"), world.countries.index(exporter).expect("a region"));
    let goods = 0..world.sectors.len() - 1;
    let value: f64 = goods.clone().map(|j| world.flows[[n, i, j]]).sum();
    goods.map(|j| world.flows[[n, i, j]] * world.tariffs[[n, i, j]].0).sum::<f64>() / value
}

#[test]
fn the_pattern_of_tariffs_is_that_of_the_years_before_2025() {
    let world = icio();
    // US duties of 2018 and 2019 on China stood; North America traded free but for goods that do not qualify.
    assert!((0.10..0.16).contains(&average(&world, "USA", "CHN")));
    for (importer, exporter) in [("USA", "CAN"), ("USA", "MEX"), ("CAN", "USA"), ("MEX", "USA")] {
        assert!(average(&world, importer, exporter) < 0.01, "{importer} {exporter}");
    }
    assert!(average(&world, "CAN", "CHN") > average(&world, "CAN", "USA"));
    assert_eq!(average(&world, "SGP", "CHN"), 0.0);
    // TWN reports nothing and stands between the two whose mean it has.
    let rice = world.sectors.index("AGR").expect("a sector");
    let rate = |name: &str| world.tariffs[[world.countries.index(name).expect("a region"), 0, rice]].0;
    assert!((rate("TWN") - 0.5 * (rate("JPN") + rate("KOR"))).abs() < 1e-6);
}
