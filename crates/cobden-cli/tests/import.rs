//! `cobden world import` and `cobden export`, as a new user runs them.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn cobden(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cobden")).current_dir(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const FLOWS: &str =
    "importer;exporter;sector;value\nUSA;USA;A01;90,5\nUSA;CHN;A01;10\nCHN;CHN;A01;80\nCHN;USA;A01;15\n";
const RATES: &str = "importer,exporter,sector,rate\nCHN,*,A01,12%\nUSA,CHN,A01,25%\n";

#[test]
fn a_list_of_trade_becomes_a_world_that_is_exported() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("flows.csv"), FLOWS).unwrap();
    fs::write(desk.path().join("rates.csv"), RATES).unwrap();
    let asked = [
        "world",
        "import",
        "flows.csv",
        "--year",
        "2022",
        "--tariffs",
        "rates.csv",
        "--elasticities",
        "5",
        "--id",
        "two",
        "--out",
        "two",
    ];
    let made = cobden(desk.path(), &asked);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let shown = text(&made.stdout);
    // 25 % of 10 and 12 % of 15, by importer.
    assert!(
        shown.contains("2 regions x 1 sectors read") && shown.contains("25.00") && shown.contains("12.00"),
        "{shown}"
    );
    let check = cobden(desk.path(), &["world", "check", "two"]);
    assert_eq!(text(&check.stdout), "two: every account adds up to 1e-6\n");

    for (form, file) in
        [("csv", "flows.csv"), ("parquet", "flows.parquet"), ("arrow", "flows.arrow"), ("har", "two.har")]
    {
        let exported = cobden(desk.path(), &["export", "two", "--to", form, "--out", form]);
        assert!(exported.status.success(), "{}", text(&exported.stderr));
        assert!(desk.path().join(form).join(file).is_file(), "{form}");
    }
    // Parquet is a world directory again, and header arrays say whose numbers they are.
    let check = cobden(desk.path(), &["world", "check", "parquet"]);
    assert_eq!(text(&check.stdout), "two: every account adds up to 1e-6\n");
    let har = fs::read(desk.path().join("har/two.har")).unwrap();
    assert!(["VXSB", "RTMS", "ESBM"].iter().all(|name| har.windows(4).any(|bytes| bytes == name.as_bytes())));
}

#[test]
fn results_are_exported() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("s.toml"), "title = \"t\"\nworld = \"icio-2022\"\n[[case]]\nname = \"US\"\ntariffs = [ { importer = \"USA\", exporter = \"*\", sector = \"AUTO\", add = \"10%\" } ]\n").unwrap();
    assert!(cobden(desk.path(), &["run", "s.toml", "--out", "r", "--quiet"]).status.success());
    for (form, file) in [("arrow", "countries.arrow"), ("parquet", "trade.parquet"), ("har", "r.har")] {
        let exported = cobden(desk.path(), &["export", "r", "--to", form, "--out", form]);
        assert!(exported.status.success(), "{form}: {}", text(&exported.stderr));
        assert!(desk.path().join(form).join(file).is_file(), "{form}");
    }
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("flows.csv"), FLOWS.replace("10", "many")).unwrap();
    let made = cobden(desk.path(), &["world", "import", "flows.csv", "--year", "2022", "--out", "two"]);
    assert_eq!(made.status.code(), Some(1));
    assert!(text(&made.stderr).contains("flows.csv:3:"), "{}", text(&made.stderr));
    assert!(!desk.path().join("two").exists());
    let exported = cobden(desk.path(), &["export", "icio-2021", "--to", "har", "--out", "x"]);
    assert_eq!(exported.status.code(), Some(1));
    assert!(text(&exported.stderr).contains("icio-2022"), "{}", text(&exported.stderr));
}

/// The commands that `cobden data show` suggests are commands: they fail for want of the file, not of a flag.
#[test]
fn suggested_commands_are_understood() {
    let desk = tempfile::tempdir().unwrap();
    let mut commands = 0;
    let suggested =
        cobden::data::all().iter().filter_map(|dataset| dataset.command.strip_prefix("cobden world import "));
    for line in suggested {
        let quoted: Vec<&str> = line.split('"').collect();
        let words = quoted
            .iter()
            .enumerate()
            .flat_map(|(at, part)| if at % 2 == 1 { vec![*part] } else { part.split_whitespace().collect() });
        let arguments: Vec<&str> = ["world", "import"].into_iter().chain(words).collect();
        let ran = cobden(desk.path(), &arguments);
        assert_eq!(ran.status.code(), Some(1), "{line}: {}", text(&ran.stderr));
        commands += 1;
    }
    assert!(commands >= 10, "{commands}");
}

const FINE: &str =
    "importer,exporter,product,value\nUSA,CHN,010121,3\nUSA,CHN,100199,1\nCHN,USA,100199,7\nUSA,CHN,999999,1\n";

#[test]
fn a_list_by_product_divides_sectors() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("flows.csv"), FLOWS).unwrap();
    fs::write(desk.path().join("fine.csv"), FINE).unwrap();
    fs::write(desk.path().join("rates.csv"), "importer,exporter,product,rate\nUSA,CHN,010121,40%\nUSA,*,100199,8%\n")
        .unwrap();
    let asked = |out: &str, more: &[&str]| {
        let import = [
            "world",
            "import",
            "flows.csv",
            "--year",
            "2022",
            "--elasticities",
            "5",
            "--products",
            "fine.csv",
            "--out",
            out,
        ];
        cobden(desk.path(), &[&import, more].concat())
    };
    let made = asked("fine", &["--tariffs", "rates.csv", "--csv"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let shown = text(&made.stdout);
    // 40 % on three quarters and 8 % on one.
    assert!(shown.contains("32.00") && shown.contains("2 products, 6 flows above zero"), "{shown}");
    assert!(
        shown.contains("1 products are of no sector of the table and were left out, 8.33 % of the list: 999999"),
        "{shown}"
    );
    let read = |name: &str| fs::read_to_string(desk.path().join("fine").join(name)).unwrap();
    assert!(read("product_flows.csv").contains("USA,CHN,010121,7.5\n"), "{}", read("product_flows.csv"));
    assert!(read("product_tariffs.csv").contains("USA,CHN,010121,0.4\n"), "{}", read("product_tariffs.csv"));
    assert!(asked("parquet", &[]).status.success());
    assert!(desk.path().join("parquet/product_sectors.parquet").is_file());

    fs::write(desk.path().join("fine.csv"), "importer,exporter,product,year,value\nUSA,CHN,010121,2021,3\n").unwrap();
    let wrong = asked("wrong", &[]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = text(&wrong.stderr);
    assert!(said.contains("no trade of 2022") && said.contains("say --products-year; the file has 2021"), "{said}");
    fs::write(desk.path().join("fine.csv"), "importer,exporter,product,value\nUSA,CHN,shoes,3\n").unwrap();
    let said = text(&asked("wrong", &[]).stderr);
    assert!(
        said.contains("none of its products is of a sector of the table: shoes") && said.contains("--concordance FILE"),
        "{said}"
    );
    assert!(!desk.path().join("wrong").exists(), "nothing half-written");
}
