//! A recipe small enough to do by hand: every tariff step, on a world of four countries.

use std::fs;
use std::path::Path;

use cobden::{BuildReport, Problem, World, build_world};
use tempfile::TempDir;

const RECIPE: &str = r#"
format = "cobden.recipe/1"
data = "nowhere"
[world]
id = "hand"
title = "By hand"
year = 2022
unit = "USD million"
digits = 10
source = "made up"
note = "made up"
licence = "CC0-1.0"
[source]
world = "source"
[regions]
U = ["U"]
A = ["A1", "A2"]
B = ["*"]
[sectors]
G = ["g1", "g2"]
S = ["s"]
[[tariffs]]
step = "averages"
table = "averages.csv"
groups = "groups.csv"
except = ["U"]
free = ["S"]
borrow = { B = ["A"] }
[[tariffs]]
step = "preferences"
members = ["U", "B"]
importers = { B = "b" }
shares = "shares.csv"
importer = "U"
imports = "customs.parquet"
partners = "partners.csv"
products = "products.csv"
sectors = "sectors.csv"
[[tariffs]]
step = "collected"
importer = "U"
imports = "customs.parquet"
partners = "partners.csv"
products = "products.csv"
sectors = "sectors.csv"
[[tariffs]]
step = "agreements"
table = "agreements.csv"
[elasticities]
default = "paper"
sets = ["paper"]
"#;

/// Data and tables of the recipe. Each country sells itself 100 of each good.
const TABLES: &[(&str, &str)] = &[
    (
        "source/world.toml",
        "format = \"cobden.world/1\"\nid = \"source\"\ntitle = \"\"\nyear = 2022\nunit = \"USD million\"\nsource = \"made up\"\n\
         note = \"\"\ncountries = [\"A1\", \"A2\", \"B\", \"U\"]\nsectors = [\"g1\", \"g2\", \"s\"]\n",
    ),
    (
        "source/flows.csv",
        "importer,exporter,sector,value\nA1,A1,g1,100\nA2,A2,g1,100\nB,B,g1,100\nU,U,g1,100\nA1,A1,g2,100\nA2,A2,g2,100\n\
         B,B,g2,100\nU,U,g2,100\nA1,A1,s,100\nA2,A2,s,100\nB,B,s,100\nU,U,s,100\n\
         A1,A2,g1,500\nA1,B,g1,30\nA2,B,g1,10\nB,U,g1,60\nB,A1,g1,40\nU,A1,g2,20\nU,B,g1,10\nU,B,s,5\n",
    ),
    ("source/elasticities.paper.csv", "sector,trade_elasticity\ng1,3\ng2,11\ns,4\n"),
    (
        "averages.csv",
        "importer,product_group,average,rate_pct\nA1,Raw,weighted,10\nA1,Capital,weighted,20\nA1,Raw,simple,99\n\
         A2,Raw,weighted,30\nA2,Capital,weighted,40\n",
    ),
    ("groups.csv", "sector,group,weight\nG,Raw,0.5\nG,Capital,0.5\n"),
    ("shares.csv", "gtap_code,b\nX,0.5\n"),
    ("partners.csv", "code,region\n0003,A\n5700,B\n4359,\n"),
    ("products.csv", "hs10,hs6_code,gtap_code\n0101210010,010121,X\n0101210020,010121,x\n"),
    ("sectors.csv", "gtap_code,sector\nx,G\n"),
    ("agreements.csv", "importer,exporter,sector,rate,why\nA,U,G,0.01,treaty\n"),
];

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("source")).expect("a folder");
    for (name, text) in TABLES {
        fs::write(folder.path().join(name), text).expect("written");
    }
    fs::write(folder.path().join("customs.parquet"), include_bytes!("world_customs.parquet")).expect("written");
    fs::write(folder.path().join("r.toml"), RECIPE).expect("written");
    folder
}

fn build(folder: &Path) -> Result<(World, BuildReport), Problem> {
    build_world(&folder.join("r.toml"), Some(folder), &mut |_| ())
}

fn tariff(world: &World, importer: &str, exporter: &str, sector: &str) -> f64 {
    let region = |name| world.countries.index(name).expect("a region");
    world.tariffs[[region(importer), region(exporter), world.sectors.index(sector).expect("a sector")]].0
}

#[test]
fn every_step_gives_what_it_gives_by_hand() {
    let (world, report) = build(folder().path()).expect("the recipe");
    let goods = |importer, exporter| tariff(&world, importer, exporter, "G");
    // A1 charges 15 %, A2 35 %; they import 30 and 10 from outside their region.
    assert_eq!(goods("A", "B"), 0.2);
    assert_eq!(goods("A", "U"), 0.01, "the treaty overwrites the average");
    // B borrows 20 %; 60 % of its imports come from inside the area, half of which qualifies.
    assert_eq!(goods("B", "A"), 0.285_714);
    assert_eq!(goods("B", "U"), 0.142_857);
    // The third line has no ten-digit code in the crosswalk, but its six digits do; chapter 98 is of no sector.
    assert_eq!(goods("U", "A"), 0.1);
    assert_eq!(goods("U", "B"), 0.04);
    for (importer, exporter) in [("A", "A"), ("U", "U"), ("B", "B")] {
        assert_eq!(goods(importer, exporter), 0.0);
    }
    assert!(["A", "B"].iter().all(|exporter| tariff(&world, "U", exporter, "S") == 0.0));
    // 350 of 390, Slovakia not counted.
    assert!(report.treatments.iter().any(|line| line.contains("89.74 %")), "{:?}", report.treatments);
    // 150 of g1 and 20 of g2 cross a border between regions: (150 * 3 + 20 * 11) / 170.
    let theta = world.elasticities.as_ref().expect("a default set");
    assert_eq!(theta.to_vec(), [3.9412, 4.0]);
}

#[test]
fn regions_stand_in_the_order_of_the_recipe_and_are_reported() {
    let (world, report) = build(folder().path()).expect("the recipe");
    assert_eq!(world.countries.as_slice(), ["U", "A", "B"]);
    assert_eq!(world.members["B"], ["*"]);
    assert_eq!(report.regions.len(), 3);
    let a = &report.regions[1];
    assert_eq!((a.region.as_str(), a.moved_share), ("A", 0.0));
    assert_eq!(a.average_tariff.0, 0.2, "A imports goods from B only");
}

#[test]
fn a_mistake_in_a_table_is_placed_in_that_table() {
    for (table, from, to, expected) in [
        ("groups.csv", "G,Raw,0.5", "G,Raw,0.6", "groups.csv:1:1: the weights of sector G add up to 1.1"),
        ("groups.csv", "G,Raw", "H,Raw", "groups.csv:2:1: unknown sector \"H\""),
        ("groups.csv", "G,Raw,0.5", "G,Row,0.5", "unknown product group \"Row\""),
        ("groups.csv", "Raw,0.5", "Raw,half", "groups.csv:2:7: expected a number, found \"half\""),
        ("shares.csv", "0.5", "1.5", "shares.csv:2:3: a share must lie between 0 and 1"),
        ("partners.csv", "5700,B\n", "", "no row for the partner \"5700\""),
        ("partners.csv", "5700,B", "0003,B", "partners.csv:3:1: partner \"0003\" occurs twice"),
        ("sectors.csv", "x,G", "y,G", "no row for the product code \"x\""),
        ("agreements.csv", "0.01", "-1", "agreements.csv:2:7: a tariff must be above -100 %"),
        ("agreements.csv", "treaty", "", "needs its reason"),
        ("agreements.csv", "A,U,G", "A,V,G", "agreements.csv:2:3: unknown region \"V\""),
        ("r.toml", "B = [\"A\"]", "B = [\"B\"]", "\"B\" is itself without averages"),
        ("r.toml", "borrow = { B = [\"A\"] }", "", "no member of B reports"),
        ("r.toml", "free = [\"S\"]", "", "sector S has no product group and is not free"),
    ] {
        let folder = folder();
        let path = folder.path().join(table);
        let text = fs::read_to_string(&path).expect("a table");
        assert!(text.contains(from), "{table}: {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
        let problem = build(folder.path()).expect_err("a mistake").to_string();
        assert!(problem.contains(expected), "{table}, {to:?}: {problem}");
    }
}

#[test]
fn a_truncated_parquet_file_and_a_missing_table_are_errors() {
    let folder = folder();
    let path = folder.path().join("customs.parquet");
    let bytes = fs::read(&path).expect("the file");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    assert!(build(folder.path()).expect_err("truncated").to_string().contains("customs.parquet"));
    fs::remove_file(&path).expect("removed");
    assert!(build(folder.path()).expect_err("missing").to_string().contains("no such file"));
}
