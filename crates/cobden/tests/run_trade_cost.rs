//! Studies that change trade costs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use cobden::{Screen, result};
use common::{problem_of, run_cases};

const BORDER: &str = r#"
[[case]]
name = "border"
headline = true
tariffs = [
  { importer = ["JPN", "EU27"], exporter = ["JPN", "EU27"], sector = "*", trade_cost = "-5%" },
]
[[case]]
name = "twice"
from = "border"
tariffs = [
  { importer = "EU27", exporter = "JPN", sector = "AGR", trade_cost = "10%" },
  { importer = "USA", exporter = "CHN", sector = "AGR", add = "10%" },
]
"#;

#[test]
fn rows_compound_and_leave_domestic_sales_alone() {
    let answer = run_cases(BORDER).unwrap();
    let d_hat = |case: usize, cell: [usize; 3]| answer.cases[case].policy.trade_cost.as_ref().unwrap()[cell];
    assert_eq!((d_hat(0, [2, 3, 0]), d_hat(0, [3, 2, 1]), d_hat(0, [3, 3, 0])), (0.95, 0.95, 1.0));
    assert!((d_hat(1, [3, 2, 0]) - 0.95 * 1.1).abs() < 1e-15, "inherited, then 10 % more");
    assert_eq!((d_hat(1, [2, 3, 0]), d_hat(1, [0, 1, 0])), (0.95, 1.0));
    assert_eq!(answer.cases[0].policy.tariffs, answer.world.tariffs);
    let welfare = answer.cases[0].welfare_pct();
    assert!(welfare[2] > 0.0 && welfare[3] > 0.0, "cheaper trade is worth something to both: {welfare:?}");
    assert_eq!(answer.actors(0), [0_usize; 0], "nobody sets a tariff");
    assert_eq!(answer.actors(1), [0]);
}

#[test]
fn cheaper_trade_is_worth_at_first_what_it_saves() {
    // d ln W = -sum M d ln d_hat / I to first order (Hulten), up to terms of trade; the world as a whole has none.
    let case = "[[case]]\nname = \"c\"\ntariffs = [ { importer = \"*\", exporter = \"*\", sector = \"*\", trade_cost = \"-0.01%\" } ]";
    let answer = run_cases(case).unwrap();
    let flows = &answer.cases[0].outcome.as_ref().unwrap().flows_before;
    let abroad: f64 = flows.indexed_iter().filter(|((n, i, _), _)| n != i).map(|(_, flow)| flow).sum();
    let gain: f64 = answer.cases[0].outcome.as_ref().unwrap().countries.iter().map(|one| one.welfare_value).sum();
    // Two small tariffs stand, whose wedge on the change of imports is not in the formula: a few per cent of the whole.
    assert!((gain / (1e-4 * abroad) - 1.0).abs() < 0.05, "{gain} against {}", 1e-4 * abroad);
}

#[test]
fn the_result_says_what_changed() {
    let answer = run_cases(BORDER).unwrap();
    let document: serde_json::Value = serde_json::from_str(&result::json(&answer).unwrap()).unwrap();
    let rows = document["cases"][1]["trade_costs"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "its own and the one it starts from");
    assert_eq!((&rows[1]["importers"][0], &rows[1]["sectors"][0]), (&"EU27".into(), &"AGR".into()));
    assert!((rows[1]["change_pct"].as_f64().unwrap() - 10.0).abs() < 1e-12);
    let table = result::trade_costs_csv(&answer).unwrap().unwrap();
    assert!(table.starts_with("case,importer,exporter,sector,change_pct\nborder,JPN,EU27,AGR,-5.0"), "{table}");
    assert_eq!(table.lines().count(), 1 + 4 + 4);
    let files = result::files(&answer).unwrap();
    assert!(files.iter().any(|(name, _)| name == "trade_costs.csv"));
    let sentence = &Screen::new(&answer).sentences[0];
    assert!(
        sentence.starts_with(
            "When trade between Japan and the European Union costs 5% less, real income in Japan rises by"
        ),
        "{sentence}"
    );
    let page = String::from_utf8(files.into_iter().find(|(name, _)| name == "report.html").unwrap().1).unwrap();
    assert!(page.contains("trade itself becomes dearer or cheaper"));
}

#[test]
fn a_study_without_them_has_no_table_of_them() {
    let answer = run_cases("[[case]]\nname = \"c\"\ntariffs = []").unwrap();
    assert_eq!(result::trade_costs_csv(&answer).unwrap(), None);
    assert!(!result::json(&answer).unwrap().contains("trade_costs"));
}

#[test]
fn a_cost_beyond_all_bounds_is_refused_where_it_is_written() {
    let row = r#"{ importer = "USA", exporter = "JPN", sector = "AGR", trade_cost = 1e200 }"#;
    let problem =
        problem_of(&format!("title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"c\"\ntariffs = [\n{row},\n{row}\n]"));
    assert!(problem.message.contains("no number to compute with"), "{problem}");
    assert_eq!(problem.place.map(|place| (place.line, place.column)), Some((7, 68)));
}
