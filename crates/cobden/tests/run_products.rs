//! Studies of a world whose sectors are sold as products.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::fs;
use std::path::Path;

use cobden::law::{self, Date, Question};
use cobden::session::{Sentence, Session};
use cobden::{Answer, ExportForm, Options, Problem, Screen, result};
use common::{run, write_study, write_world};
use tempfile::TempDir;

/// Cars and lorries: 870323 is so much of every flow of AUTO, of one importer's imports from one exporter a little more.
struct Split {
    cars: f64,
    /// Of what the United States buys from Japan.
    japanese: f64,
}

fn products(world: &Path, split: &Split) {
    let list = "product,sector,description\n870323,AUTO,Cars\n870431 AUTO,AUTO,Lorries\n";
    let (mut flows, mut tariffs) =
        ("importer,exporter,product,value\n".to_owned(), "importer,exporter,product,rate\n".to_owned());
    let table = fs::read_to_string(world.join("flows.csv")).unwrap();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let &[importer, exporter, "AUTO", value] = cells.as_slice() else { continue };
        let value: f64 = value.parse().unwrap();
        let share = if (importer, exporter) == ("USA", "JPN") { split.japanese } else { split.cars };
        for (product, share) in [("870323", share), ("870431 AUTO", 1.0 - share)] {
            flows.push_str(&format!("{importer},{exporter},{product},{}\n", value * share));
        }
    }
    for product in ["870323", "870431 AUTO"] {
        tariffs.push_str(&format!("USA,CHN,{product},0.05\n"));
    }
    for (name, text) in [("sectors", list.to_owned()), ("flows", flows), ("tariffs", tariffs)] {
        fs::write(world.join(format!("product_{name}.csv")), text).unwrap();
    }
}

fn desk(split: &Split) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    products(&write_world(desk.path()), split);
    desk
}

const ALIKE: Split = Split { cars: 0.6, japanese: 0.6 };
const UNLIKE: Split = Split { cars: 0.6, japanese: 0.9 };

fn answer(desk: &TempDir, cases: &str) -> Answer {
    run(&write_study(desk.path(), cases), &Options::default()).unwrap()
}

fn problem(desk: &TempDir, cases: &str) -> Problem {
    match run(&write_study(desk.path(), cases), &Options::default()) {
        Err(cobden::Failure::Input(problem)) => problem,
        other => panic!("{:?}", other.map(|answer| answer.converged())),
    }
}

fn row(row: &str) -> String {
    format!("[[case]]\nname = \"a\"\ntariffs = [ {{ {row} }} ]\n")
}

#[test]
fn products_alike_are_the_sector() {
    let desk = desk(&ALIKE);
    let cases = row(r#"importer = "USA", exporter = "*", sector = ["AUTO", "AGR"], add = "20%""#);
    let by_product = answer(&desk, &cases);
    let by_sector = answer(&desk, &format!("[model]\nproducts = false\n{cases}"));
    // Products of one elasticity that divide every flow alike are one good: the same equilibrium, to the solver's tolerance.
    for (one, other) in by_product.cases[0].welfare_pct().iter().zip(by_sector.cases[0].welfare_pct()) {
        assert!((one - other).abs() < 1e-8, "{one} {other}");
    }
    let [one, other] = [&by_product, &by_sector].map(|answer| answer.cases[0].policy.tariffs.iter());
    assert!(one.zip(other).all(|(one, other)| (one.0 - other.0).abs() < 1e-15));
    assert!(by_product.passport.products.is_some() && by_sector.passport.products.is_none());
    assert!(by_sector.by_product.is_none() && by_sector.cases[0].why.is_some());
    let [one, other] = [&by_product, &by_sector].map(|answer| result::trade_csv(answer).unwrap());
    assert_eq!(one.lines().count(), other.lines().count());
}

#[test]
fn a_row_may_name_products() {
    let desk = desk(&UNLIKE);
    let cars = row(r#"importer = "USA", exporter = "JPN", product = "8703*", add = "10%""#);
    let sector = row(r#"importer = "USA", exporter = "JPN", sector = "AUTO", add = "9%""#).replace("\"a\"", "\"b\"");
    let none = "[[case]]\nname = \"c\"\ntariffs = []\n";
    let found = answer(&desk, &format!("{cars}{sector}{none}"));
    assert!(found.converged());
    // Nine tenths of the flow are cars, so ten points on them are nine on the sector; as duty they are the same.
    let rate = |case: usize| found.cases[case].policy.tariffs[[0, 2, 1]].0;
    assert!((rate(0) - 0.09).abs() < 1e-12 && (rate(1) - 0.09).abs() < 1e-12);
    assert!((found.cases[0].moves[0].duty - found.cases[1].moves[0].duty).abs() < 1e-12);
    assert_eq!(found.cases[2].policy.tariffs, found.world.tariffs);
    assert!(found.cases[2].welfare_pct().iter().all(|pct| pct.abs() < 1e-8));

    let table = result::products_csv(&found).unwrap().unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..6], ["case", "importer", "product", "sector", "rate_before", "rate"]);
    // Every product that the United States buys: cars, lorries, and agriculture, which is a product of its own.
    assert_eq!(rows.iter().filter(|row| row[0] == "a" && row[1] == "USA").count(), 3);
    assert_eq!(rows.iter().filter(|row| row[0] == "c" || row[1] != "USA").count(), 1, "the header");
    let of = |case: &str, product: &str| rows.iter().find(|row| row[0] == case && row[2] == product).unwrap().clone();
    let number = |row: &[&str], at: usize| row[at].parse::<f64>().unwrap();
    let (cars, lorries) = (of("a", "870323"), of("a", "870431 AUTO"));
    assert!(number(&cars, 5) > number(&cars, 4) && number(&cars, 8) < -1.0 && number(&cars, 11) > 0.0);
    // The United States earns more against others, so it buys more of what bears no duty.
    assert!(lorries[4] == lorries[5] && number(&lorries, 8) > 0.0, "{lorries:?}");
    assert!(number(&of("b", "870431 AUTO"), 5) > number(&lorries, 5));

    let document: serde_json::Value = serde_json::from_str(&result::json(&found).unwrap()).unwrap();
    // Two products and agriculture; sixteen flows each.
    assert_eq!(
        (&document["world"]["products"]["count"], &document["world"]["products"]["flows"]),
        (&3.into(), &48.into())
    );
    assert_eq!(document["passport"]["products"].as_str(), found.passport.products.as_deref());
    assert!(Screen::new(&found).footnote.contains("(2022, 3 products, 48 flows)"));
    let files = result::files(&found).unwrap();
    assert!(files.iter().any(|(name, _)| name == "products.csv"));
    let (_, report) = files.iter().find(|(name, _)| name == "report.html").unwrap();
    let report = String::from_utf8_lossy(report);
    for said in [
        "Products: 3 products, 48 flows",
        "Product by product",
        "The United States buys less of 1 of 2 products from abroad",
        "870323 Cars",
    ] {
        assert!(report.contains(said), "{said}");
    }
}

#[test]
fn cases_start_from_each_other_in_any_order_and_exclusions_hold() {
    let desk = desk(&UNLIKE);
    let cases = r#"
[[case]]
name = "both"
from = "cars"
tariffs = [ { importer = "USA", exporter = "JPN", product = ["*", "!870323"], set = "30%" } ]
[[case]]
name = "cars"
tariffs = [ { importer = "USA", exporter = "JPN", sector = "AUTO", product = "870323", set = "20%" } ]
"#;
    let found = answer(&desk, cases);
    let rate = |case: usize, sector: usize| found.cases[case].policy.tariffs[[0, 2, sector]].0;
    assert!((rate(0, 1) - (0.9 * 0.2 + 0.1 * 0.3)).abs() < 1e-12 && (rate(0, 0) - 0.3).abs() < 1e-12);
    assert!((rate(1, 1) - 0.18).abs() < 1e-12 && rate(1, 0) == 0.0);
}

#[test]
fn products_may_stand_in_for_each_other() {
    let desk = desk(&UNLIKE);
    let cars = row(r#"importer = "USA", exporter = "*", product = "8703*", add = "30%""#);
    let lorries = |eta: f64| {
        let found = answer(&desk, &format!("[model]\nproduct_elasticity = {eta}\n{cars}"));
        let document: serde_json::Value = serde_json::from_str(&result::json(&found).unwrap()).unwrap();
        assert_eq!(document["model"]["product_elasticity"], eta);
        let changes = &found.by_product.as_ref().unwrap().changes[0];
        let name = |product: usize| found.by_product.as_ref().unwrap().products.names()[product].to_owned();
        let change = changes.iter().find(|change| name(change.product).starts_with("870431")).unwrap();
        (change.imports + change.home) / (change.imports_before + change.home_before)
    };
    // Dearer cars: lorries are bought the more, the more they stand in for cars.
    let bought = [0.5, 1.0, 3.0].map(lorries);
    assert!(bought[0] < bought[1] && bought[1] + 0.005 < bought[2], "{bought:?}");
    let wrong = problem(&desk, &format!("[model]\nproduct_elasticity = -1\n{cars}"));
    assert!(wrong.message.contains("a number of 0 or more") && wrong.place.is_some());
    let aside =
        problem(&desk, "[model]\nproducts = false\nproduct_elasticity = 2\n[[case]]\nname = \"c\"\ntariffs = []\n");
    assert!(aside.message.contains("solved by product"), "{aside}");
}

#[test]
fn another_tariff_of_a_product_is_another_passport() {
    let hash =
        |split: &Split| answer(&desk(split), "[[case]]\nname = \"c\"\ntariffs = []\n").passport.products.unwrap();
    assert_eq!(hash(&UNLIKE), hash(&UNLIKE));
    assert_ne!(hash(&UNLIKE), hash(&ALIKE));
}

#[test]
fn what_products_do_not_have_is_refused_where_it_stands() {
    let desk = desk(&UNLIKE);
    let usa = r#"importer = "USA", exporter = "JPN", "#;
    let cases = [
        (row(&format!(r#"{usa}product = "8704", add = "5%""#)), "no product is \"8704\"", "write \"8704*\""),
        (row(&format!(r#"{usa}product = "8701*", add = "5%""#)), "no product begins with \"8701\"", ""),
        (row(&format!(r#"{usa}product = "870332", add = "5%""#)), "unknown product \"870332\"", "870323"),
        (row(&format!(r#"{usa}sector = "AGR", product = "870323", add = "5%""#)), "none of these products", ""),
        (row(&format!(r#"{usa}product = ["*", "!8703*", "!8704*", "!AGR"], add = "5%""#)), "selects no product", ""),
        (row(&format!(r#"{usa}product = "870431", add = "-120%""#)), "tariff of USA on 870431 AUTO from JPN", ""),
        (row(&format!(r#"{usa}sector = "*", trade_cost = "5%""#)), "products have tariffs", "products = false"),
        (
            "[[case]]\nname = \"n\"\nnash = { players = [\"USA\", \"CHN\"] }\n".into(),
            "asks governments",
            "products = false",
        ),
        ("[[case]]\nname = \"l\"\nas_of = 2025-04-10\n".into(), "has no table of products", "products.csv"),
        (
            format!("[compare]\nelasticities = \"all\"\n{}", row(&format!(r#"{usa}sector = "*", add = "5%""#))),
            "[compare]",
            "products = false",
        ),
    ];
    for (cases, what, help) in &cases {
        let problem = problem(&desk, cases);
        assert!(problem.message.contains(what), "{problem}");
        assert!(problem.help.clone().unwrap_or_default().contains(help), "{problem}");
        assert!(problem.place.is_some(), "{problem}");
    }
    // A world without them, and one whose products are left aside.
    let bare = tempfile::tempdir().unwrap();
    write_world(bare.path());
    let cars = row(&format!(r#"{usa}product = "870323", add = "5%""#));
    assert!(problem(&bare, &cars).message.contains("known by sector alone"));
    assert!(problem(&desk, &format!("[model]\nproducts = false\n{cars}")).message.contains("products = false"));
}

#[test]
fn products_that_do_not_add_up_are_refused() {
    let desk = desk(&UNLIKE);
    let path = desk.path().join("tiny/product_flows.csv");
    let text = fs::read_to_string(&path).unwrap().replacen("USA,USA,870323,60", "USA,USA,870323,61", 1);
    fs::write(path, text).unwrap();
    let problem = problem(&desk, "[[case]]\nname = \"c\"\ntariffs = []\n");
    assert!(problem.message.contains("the products add up to 101"), "{problem}");
}

/// Rates of a day on every product, against the register asked good by good.
#[test]
fn a_day_of_law_is_priced_product_by_product() {
    let desk = desk(&UNLIKE);
    let world = desk.path().join("tiny");
    fs::write(world.join("products.csv"), "# law: 2024-12-31\nhs,sector,share\n8703,AUTO,1\n8704,AUTO,1\n").unwrap();
    let mut imports = "importer,exporter,product,value,base\n".to_owned();
    let goods = [("870323", 0.025), ("870431", 0.25)];
    // Two codes of cars from Japan, and nothing of lorries from China: there the average of the sector holds.
    for (exporter, code, value, base) in [
        ("JPN", "8703230190", 3, 0.025),
        ("JPN", "870323", 1, 0.025),
        ("JPN", "870431", 2, 0.25),
        ("CHN", "8703230190", 5, 0.025),
    ] {
        imports.push_str(&format!("USA,{exporter},{code},{value},{base}\n"));
    }
    for (code, base) in goods {
        imports.push_str(&format!("USA,EU27,{code},4,{base}\n"));
    }
    fs::write(world.join("imports.csv"), imports).unwrap();
    let found = answer(&desk, "[[case]]\nname = \"law\"\nas_of = 2025-10-20\n");
    assert!(found.converged());
    let register = law::register().unwrap();
    let added = |exporter: &str, code: &str, base: f64| {
        let on = |date| register.price(&Question::new("USA", exporter, code, date).base(100.0 * base)).unwrap().total;
        (on(Date::constant(2025, 10, 20)) - on(Date::constant(2024, 12, 31))) / 100.0
    };
    let by_product = found.by_product.as_ref().unwrap();
    let products = &by_product.products;
    for (code, base) in goods {
        let change = by_product.changes[0].iter().find(|one| products.names()[one.product].starts_with(code)).unwrap();
        let (mut raised, mut weight) = (0.0, 0.0);
        for (i, exporter) in [(1, "CHN"), (2, "JPN"), (3, "EU27")] {
            let cell = products.sparsity().find(0, i, change.product).unwrap();
            let value = products.imports()[cell];
            let rate = match (exporter, code) {
                // What is not in the table of imports bears the sector's average.
                ("CHN", "870431") => {
                    found.laws.cases[0].as_ref().unwrap().points[[0, 1, 1]] / 100.0
                        - found.laws.baseline.as_ref().unwrap().1[[0, 1, 1]] / 100.0
                }
                // Of cars the law tells finer codes apart.
                (_, "870323") => added(exporter, "8703230190", base),
                _ => added(exporter, code, base),
            };
            raised += value * (products.tariffs()[cell].0 + rate);
            weight += value;
        }
        assert!((change.tariff.0 - raised / weight).abs() < 1e-12, "{code}: {} {}", change.tariff.0, raised / weight);
    }
    // Lorries from Japan already paid 25 per cent, so the two products move differently.
    assert!((added("JPN", "870323", 0.025) - added("JPN", "870431", 0.25)).abs() > 0.05);
    let usa = found.cases[0].moves.iter().find(|one| one.importers == [0]).unwrap();
    assert!(matches!(usa.deed, cobden::Deed::Law) && usa.duty > 0.0);
    assert!(found.passport.measures.is_some());
    let document: serde_json::Value = serde_json::from_str(&result::json(&found).unwrap()).unwrap();
    assert_eq!(document["cases"][0]["law"]["as_of"], "2025-10-20");
    // The day whose law the tariffs are changes nothing, nor does a case without a law behind one with it.
    let still =
        answer(&desk, "[[case]]\nname = \"law\"\nas_of = 2024-12-31\n[[case]]\nname = \"none\"\ntariffs = []\n");
    assert!(still.cases.iter().all(|case| case.welfare_pct().iter().all(|pct| pct.abs() < 1e-8)));
    assert!(still.by_product.unwrap().changes.iter().all(Vec::is_empty));
}

#[test]
fn products_are_exported_and_read_back() {
    let desk = desk(&UNLIKE);
    let world = desk.path().join("tiny");
    let opened = cobden::find_world(world.to_str().unwrap()).unwrap();
    let files = cobden::export(world.to_str().unwrap(), ExportForm::Parquet).unwrap();
    let copy = desk.path().join("copy");
    cobden::write_directory(&copy, &files).unwrap();
    let again = cobden::find_world(copy.to_str().unwrap()).unwrap();
    assert_eq!(again.products().unwrap().unwrap(), opened.products().unwrap().unwrap());
    let text = cobden::export(world.to_str().unwrap(), ExportForm::Csv).unwrap();
    assert!(text.iter().any(|(name, bytes)| name == "product_tariffs.csv" && !bytes.is_empty()));
    let arrow = cobden::export(world.to_str().unwrap(), ExportForm::Arrow).unwrap();
    let (_, flows) = arrow.iter().find(|(name, _)| name == "product_flows.arrow").unwrap();
    let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(flows), None).unwrap();
    // Sixteen flows of each of two products; agriculture, which has none in the tables, is a product of its own.
    assert_eq!(reader.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 48);
}

#[test]
fn the_page_leaves_products_aside_and_its_studies_say_so() {
    let desk = desk(&UNLIKE);
    let session = Session::open(desk.path().join("tiny").to_str().unwrap()).unwrap();
    let sentence = Sentence::new("USA", 20.0).answered_by(["CHN"]);
    let path = desk.path().join("page.toml");
    fs::write(&path, session.study_text(&sentence).unwrap()).unwrap();
    let answer = run(&path, &Options::default()).unwrap();
    assert!(answer.by_product.is_none());
    // What the page shows is what the study gives.
    let shown = session.read(&sentence, false, || true).unwrap();
    let shown = serde_json::to_value(shown).unwrap();
    let pct = answer.headline().unwrap().welfare_pct()[0];
    assert!((shown["countries"][0]["welfare_pct"].as_f64().unwrap() - pct).abs() < 1e-7);
}
