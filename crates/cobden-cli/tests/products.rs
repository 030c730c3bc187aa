//! The command on worlds with products, and on worlds of many countries.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn cobden(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cobden")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Seventy countries that trade one sector in a ring of three, as two products of four and six tenths.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("ring");
    fs::create_dir(&world).unwrap();
    let names: Vec<String> = (0..70).map(|n| format!("C{n:02}")).collect();
    let mut flows = "importer,exporter,sector,value\n".to_owned();
    let mut products = "importer,exporter,product,value\n".to_owned();
    for (n, importer) in names.iter().enumerate() {
        for (step, value) in [(0, 100.0), (1, 10.0), (69, 10.0), (7, 5.0), (63, 5.0)] {
            let exporter = &names[(n + step) % 70];
            writeln!(flows, "{importer},{exporter},GOODS,{value}").unwrap();
            for (product, share) in [("870323", 0.4), ("870431", 0.6)] {
                writeln!(products, "{importer},{exporter},{product},{}", share * value).unwrap();
            }
        }
    }
    let manifest = format!(
        "format = \"cobden.world/1\"\nid = \"ring\"\ntitle = \"A ring, made up\"\nyear = 2022\nunit = \"USD million\"\n\
         source = \"made up\"\nnote = \"\"\ncountries = {names:?}\nsectors = [\"GOODS\"]\n"
    );
    let study = "title = \"t\"\nworld = \"ring\"\n[[case]]\nname = \"cars\"\n\
                 tariffs = [ { importer = \"C00\", exporter = \"*\", product = \"8703*\", add = \"50%\" } ]\n";
    for (file, text) in [
        ("ring/world.toml", manifest.as_str()),
        ("ring/flows.csv", &flows),
        ("ring/elasticities.csv", "sector,trade_elasticity\nGOODS,4\n"),
        ("ring/product_sectors.csv", "product,sector\n870323,GOODS\n870431,GOODS\n"),
        ("ring/product_flows.csv", &products),
        ("study.toml", study),
    ] {
        fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

#[test]
fn a_world_with_products_is_shown_checked_and_run() {
    let folder = folder();
    let shown = text(&cobden(folder.path(), &["world", "show", "ring"]).stdout);
    assert!(shown.contains("Products 2, 700 flows above zero, domestic sales included"), "{shown}");
    let checked = cobden(folder.path(), &["world", "check", "ring"]);
    assert_eq!(checked.status.code(), Some(0));
    assert!(text(&checked.stdout).contains("products of every sector add up"), "{}", text(&checked.stdout));

    let run = cobden(folder.path(), &["run", "study.toml", "--out", "out"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let said = text(&run.stdout);
    assert!(said.contains("2 products, 700 flows"), "{said}");
    let table = fs::read_to_string(folder.path().join("out/products.csv")).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    // One who acts and 69 others: 25 at either end, 19 between.
    assert!(said.contains("…") && said.contains("19 between"), "{said}");
    let row = |line: &&str| line.starts_with('C') && line[1..3].parse::<u8>().is_ok() && !line.contains('%');
    assert_eq!(said.lines().filter(row).count(), 51, "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("out/countries.csv")).unwrap().lines().count(), 71);

    fs::write(folder.path().join("ring/product_flows.csv"), "importer,exporter,product,value\nC00,C01,870323,1\n")
        .unwrap();
    let broken = cobden(folder.path(), &["world", "check", "ring"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stderr).contains("the products add up to"), "{}", text(&broken.stderr));
}
