//! US imports by product inside the embedded world: the sums are the world's, and the law that the world has changes nothing.
#![allow(missing_docs, clippy::unwrap_used)]

use std::ops::ControlFlow;

use cobden::law::{self, ByProduct, Date, Moment, Question, Weights};

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

    // Good by good, from countries that the world has as such: what the register says without any of this.
    let (day, law_day) = (Date::constant(2025, 8, 8), weights.law.unwrap());
    let (fine, _) = trade.law(register, Moment::on(day)).unwrap();
    let usa = world.countries.index("USA").unwrap();
    let mut asked = 0;
    for (exporter, code, _, base) in weights.trade("USA").unwrap().lines().filter(|line| line.1.len() == 10).step_by(97)
    {
        let (Some(i), Some([(sector, _)])) = (world.countries.index(exporter), weights.sectors.find(code)) else {
            continue;
        };
        let products = trade.products();
        let product = products.names().index(&format!("{code} {sector}"));
        let Some(cell) = product.and_then(|product| products.sparsity().find(usa, i, product)) else { continue };
        let on = |date| register.price(&Question::new("USA", exporter, code, date).base(base)).unwrap().total;
        let change = fine.tariffs[cell].percent() - products.tariffs()[cell].percent();
        assert!((change - on(day) + on(law_day)).abs() < 1e-9, "{exporter} {code}: {change}");
        asked += 1;
    }
    assert!(asked > 100, "{asked}");

    // On another day both forms of the law raise as much from the trade of the baseline, before anybody answers.
    let (by_product, by_sector) = trade.law(register, Moment::on(Date::constant(2025, 8, 8))).unwrap();
    let fine: f64 = by_product.tariffs.iter().zip(trade.products().imports()).map(|(rate, flow)| rate.0 * flow).sum();
    let coarse: f64 = by_sector.tariffs.iter().zip(&world.flows).map(|(rate, flow)| rate.0 * flow).sum();
    assert!((fine - coarse).abs() < 1e-6 * coarse, "{fine} {coarse}");
    assert!(coarse > 1.5 * world.tariff_revenue().sum());
}

/// `products = true` on a world without tables of products is the same economy and the same law.
#[test]
fn a_study_may_ask_for_the_products_of_the_importer_at_hand() {
    let text = "title = \"t\"\nworld = \"icio-2022\"\n[model]\nproducts = true\n[[case]]\nname = \"law\"\nas_of = 2025-08-08\n[[case]]\nname = \"cars\"\n\
                tariffs = [ { importer = \"USA\", exporter = \"JPN\", product = \"8703*\", add = \"10%\" } ]\n";
    let study = cobden::Study::parse(text.into(), "t.toml").unwrap();
    let answer = cobden::run(study, &cobden::Options::default(), |_| ControlFlow::Continue(())).unwrap();
    assert!(answer.converged());
    let by_product = answer.by_product.as_ref().unwrap();

    let opened = cobden::find_world("icio-2022").unwrap();
    let weights = Weights::read(opened.files.as_ref()).unwrap().unwrap();
    let register = law::register().unwrap();
    let trade = ByProduct::new(&opened.world, &weights, register, "USA").unwrap();
    assert_eq!(&by_product.products, trade.products());
    // What the law adds to each product, against the register asked without the study.
    let (wanted, _) = trade.law(register, Moment::on(Date::constant(2025, 8, 8))).unwrap();
    let (sparsity, imports) = (trade.products().sparsity(), trade.products().imports());
    let usa = opened.world.countries.index("USA").unwrap();
    let mut seen = 0;
    for change in by_product.changes[0].iter().filter(|change| change.importer == usa) {
        let sector = trade.products().list()[change.product].sector;
        let run = sparsity.runs(sector, usa).start + change.product - sparsity.products_of(sector).start;
        let paid: f64 = sparsity.cells(run).map(|cell| wanted.tariffs[cell].0 * imports[cell]).sum();
        assert!(
            (change.tariff.0 - paid / change.imports_before).abs() < 1e-9,
            "{}",
            trade.products().names()[change.product].to_owned()
        );
        seen += 1;
    }
    assert!(seen > 7000, "{seen}");
    let cars = &by_product.changes[1];
    assert!(
        cars.iter()
            .filter(|change| change.tariff != change.tariff_before)
            .all(|change| { trade.products().names()[change.product].starts_with("8703") })
    );
}
