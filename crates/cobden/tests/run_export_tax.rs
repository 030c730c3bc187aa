//! Studies that tax exports.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use cobden::{Screen, result};
use common::{problem_of, run_cases};

const TAX: &str = r#"
[[case]]
name = "tax"
headline = true
export_taxes = [ { exporter = "CHN", importer = "USA", sector = "AUTO", add = "10%" } ]
[[case]]
name = "more"
from = "tax"
tariffs = [ { importer = "USA", exporter = "CHN", sector = "AUTO", add = "10%" } ]
export_taxes = [ { exporter = "CHN", importer = "*", sector = "*", compound = "10%" } ]
[[case]]
name = "none"
tariffs = []
"#;

#[test]
fn rows_act_on_the_exporters_tax_and_are_inherited() {
    let answer = run_cases(TAX).unwrap();
    let tax = |case: usize, cell: [usize; 3]| answer.cases[case].policy.export_taxes.as_ref().unwrap()[cell].0;
    assert_eq!((tax(0, [0, 1, 1]), tax(0, [0, 1, 0]), tax(0, [2, 1, 1])), (0.1, 0.0, 0.0));
    assert!((tax(1, [0, 1, 1]) - 0.21).abs() < 1e-12 && (tax(1, [3, 1, 0]) - 0.1).abs() < 1e-12);
    assert_eq!(tax(1, [1, 1, 0]), 0.0, "domestic sales are left alone");
    assert_eq!(answer.cases[0].policy.tariffs, answer.world.tariffs);
    assert_eq!((answer.actors(0), answer.actors(1)), (vec![1], vec![1, 0]));
    assert!(answer.cases[2].policy.export_taxes.is_none());
}

#[test]
fn the_result_says_who_taxes_what() {
    let answer = run_cases(TAX).unwrap();
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let country = |case: usize, n: usize| document["cases"][case]["countries"][n].clone();
    assert!(country(0, 1)["export_tax_revenue_usd_m"].as_f64().unwrap() > 0.0);
    assert_eq!(country(0, 0)["export_tax_revenue_usd_m"], 0.0);
    assert!(country(2, 1).get("export_tax_revenue_usd_m").is_none());
    assert!(country(0, 1)["terms_of_trade_pct"].as_f64().unwrap() > 0.0, "buyers bear some of it");
    assert!(country(0, 0)["welfare_pct"].as_f64().unwrap() < 0.0);
    let table = result::export_taxes_csv(&answer).unwrap().unwrap();
    assert!(table.starts_with("case,importer,exporter,sector,rate\ntax,USA,CHN,AUTO,0.1\n"), "{table}");
    assert_eq!(table.lines().count(), 1 + 1 + 6);
    let files = result::files(&answer).unwrap();
    assert!(files.iter().any(|(name, _)| name == "export_taxes.csv"));
    let sentence = &Screen::new(&answer).sentences[0];
    assert!(
        sentence.starts_with("When China taxes exports of motor vehicles to the United States, real income in China "),
        "{sentence}"
    );
    let without = run_cases("[[case]]\nname = \"c\"\ntariffs = []\n").unwrap();
    assert_eq!(result::export_taxes_csv(&without).unwrap(), None);
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let problem = |row: &str| {
        problem_of(&format!("title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"a\"\nexport_taxes = [\n{row}\n]\n"))
    };
    let cases = [
        (r#"{ importer = "USA", exporter = "CHN", sector = "*", trade_cost = "5%" }"#, "unknown key `trade_cost`"),
        (r#"{ importer = "USA", exporter = "CHN", sector = "*" }"#, "an export-tax row that changes nothing"),
        (r#"{ importer = "USA", exporter = "USA", sector = "*", add = "5%" }"#, "domestic sales alone"),
        (r#"{ importer = "USA", exporter = "CHM", sector = "*", add = "5%" }"#, "unknown country \"CHM\""),
        (
            r#"{ importer = "USA", exporter = "CHN", sector = "*", add = "-100%" }"#,
            "export tax of CHN on AGR sold to USA",
        ),
    ];
    for (row, message) in cases {
        let problem = problem(row);
        assert!(problem.message.contains(message), "{row}: {}", problem.message);
        assert_eq!(problem.place.map(|place| place.line), Some(6), "{row}");
    }
    let problem = problem_of("title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"a\"\n");
    assert!(problem.message.contains("no `tariffs`"));
}
