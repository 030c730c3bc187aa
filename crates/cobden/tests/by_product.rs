//! US imports by product inside the embedded world: the sums are the world's, and the law that the world has changes nothing.
#![allow(missing_docs, clippy::unwrap_used)]

use cobden::law::{self, ByProduct, Date, Moment, Weights};

#[test]
fn products_add_up_to_the_world_and_average_to_its_law() {
    let opened = cobden::find_world("icio-2022").unwrap();
    let world = &opened.world;
    let weights = Weights::read(opened.files.as_ref()).unwrap().unwrap();
    let register = law::register().unwrap();
    let trade = ByProduct::new(world, &weights, register, "USA").unwrap();
    // Flows and average tariffs of every importer, exporter and sector, to 1e-6.
    trade.products().check(world).unwrap();
    assert!(trade.size().0 > 5000);

    let (by_product, by_sector) = trade.law(register, Moment::on(weights.law.unwrap())).unwrap();
    assert_eq!((by_product.tariffs.as_slice(), &by_sector.tariffs), (trade.products().tariffs(), &world.tariffs));

    // On another day both forms of the law raise as much from the trade of the baseline, before anybody answers.
    let (by_product, by_sector) = trade.law(register, Moment::on(Date::constant(2025, 8, 8))).unwrap();
    let fine: f64 = by_product.tariffs.iter().zip(trade.products().imports()).map(|(rate, flow)| rate.0 * flow).sum();
    let coarse: f64 = by_sector.tariffs.iter().zip(&world.flows).map(|(rate, flow)| rate.0 * flow).sum();
    assert!((fine - coarse).abs() < 1e-6 * coarse, "{fine} {coarse}");
    assert!(coarse > 1.5 * world.tariff_revenue().sum());
}
