//! Cases under the law of a day.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::fs;

use cobden::{Answer, Failure, Options, Problem};
use common::{run, write_study, write_world};

/// Runs these cases on the world inside.
fn on_embedded(cases: &str) -> Result<Answer, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    fs::write(&path, format!("title = \"t\"\nworld = \"icio-2022\"\n{cases}")).unwrap();
    run(&path, &Options::default())
}

fn case(name: &str, rest: &str) -> String {
    format!("[[case]]\nname = \"{name}\"\n{rest}\n")
}

/// Points by which a case changes the tariff of an importer on an exporter's goods.
fn change(answer: &Answer, case: usize, importer: &str, exporter: &str, sector: &str) -> f64 {
    let world = &answer.world;
    let cell = [
        world.countries.index(importer).unwrap(),
        world.countries.index(exporter).unwrap(),
        world.sectors.index(sector).unwrap(),
    ];
    100.0 * (answer.cases[case].policy.tariffs[cell].0 - world.tariffs[cell].0)
}

/// The tiny world with one good that sectors and partners buy, and its study run.
fn on_tiny(products: &str, imports: &str, study: &str) -> Result<Answer, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let world = write_world(folder.path());
    fs::write(world.join("products.csv"), products).unwrap();
    fs::write(world.join("imports.csv"), imports).unwrap();
    run(&write_study(folder.path(), study), &Options::default())
}

const PRODUCTS: &str = "# law: 2022-12-31\n# weights: made up\nhs,sector,share\n87,AUTO,1\n12,AGR,1\n";
const IMPORTS: &str = "importer,exporter,product,value,base\nUSA,JPN,870323,10,0.025\nUSA,DEU,870323,6,0.025\nUSA,FRA,120190,2,0\nUSA,CHN,120190,3,0\n";
const ARMINGTON: &str = "[model]\npreset = \"armington\"\n";

fn problem(result: Result<Answer, Failure>) -> Problem {
    match result {
        Err(Failure::Input(problem)) => problem,
        Err(Failure::Stopped) => panic!("stopped"),
        Ok(_) => panic!("nothing is wrong"),
    }
}

#[test]
fn rates_on_products_become_rates_on_sectors() {
    let study = [
        ARMINGTON.to_owned(),
        case("march", "as_of = 2025-04-02"),
        case("may", "as_of = 2025-05-10"),
        case("october", "as_of = 2025-10-01"),
    ]
    .concat();
    let answer = on_tiny(PRODUCTS, IMPORTS, &study).unwrap();
    let auto = |case, exporter| change(&answer, case, "USA", exporter, "AUTO");
    // Cars pay 25 from 3 April 2025 on, and 15 in all from Japan and the European Union in October: 12.5 on top of 2.5.
    assert!([auto(0, "JPN"), auto(0, "EU27")].iter().all(|points| points.abs() < 1e-9));
    assert!([auto(1, "JPN"), auto(1, "EU27")].iter().all(|points| (points - 25.0).abs() < 1e-9));
    assert!([auto(2, "JPN"), auto(2, "EU27")].iter().all(|points| (points - 12.5).abs() < 1e-9));
    // No cars came from China: what cars pay that come from there is known all the same. 2.5 + 25 + 20 for fentanyl, and 25 of Section 301.
    assert!((auto(1, "CHN") - 45.0).abs() < 1e-9, "{}", auto(1, "CHN"));
    // Soybeans, between 9 April and the truce of 14 May: 125, and 20 for fentanyl, on top of what Section 301 charged before.
    assert!((change(&answer, 1, "USA", "CHN", "AGR") - 145.0).abs() < 1e-9);
    // China answers by 10 on all and 10 more on farm goods.
    assert!(
        (change(&answer, 1, "CHN", "USA", "AGR") - 135.0).abs() < 1e-9,
        "{}",
        change(&answer, 1, "CHN", "USA", "AGR")
    );
}

#[test]
fn the_law_of_the_baseline_changes_nothing() {
    let cases = [
        case("the same day", "as_of = 2024-12-31"),
        case("nothing at all", "as_of = 2025-04-10\nwithout = [\"*\"]"),
        case("April", "as_of = 2025-04-10"),
        case("and back", "from = \"April\"\nas_of = 2024-12-31"),
        case("and on", "from = \"April\"\nas_of = 2025-11-15"),
        case("November", "as_of = 2025-11-15"),
        case("inherited", "from = \"November\"\ntariffs = []"),
    ];
    let answer = on_embedded(&cases.concat()).unwrap();
    let tariffs = |case: usize| &answer.cases[case].policy.tariffs;
    assert_eq!(tariffs(0), &answer.world.tariffs);
    assert!(answer.cases[0].welfare_pct().iter().all(|change| change.abs() < 1e-9));
    // Without any measure, what the baseline charges by measures is gone, and nothing falls below zero.
    assert!(change(&answer, 1, "USA", "CHN", "MACH") < -10.0);
    assert!(tariffs(1).iter().all(|rate| rate.0 >= 0.0));
    // The way from one law to another does not matter.
    for (one, other) in [(0, 3), (4, 5), (5, 6)] {
        let furthest = tariffs(one).iter().zip(tariffs(other)).map(|(a, b)| (a.0 - b.0).abs()).fold(0.0, f64::max);
        assert!(furthest < 1e-12, "{one} {other} {furthest}");
    }
    assert!(answer.cases[6].moves.is_empty());
    assert!(answer.passport.measures.as_ref().is_some_and(|hash| hash.len() == 64));
}

#[test]
fn what_is_known_reported_and_supposed() {
    let folder = tempfile::tempdir().unwrap();
    let supposed = "[measure]\nid = \"jpn.answer\"\nimporter = \"JPN\"\nauthority = \"supposed\"\n[[act]]\nstatus = \"hypothetical\"\nannounced = 2025-04-20\n[[act.change]]\npartners = \"USA\"\nrate = \"10%\"\nfrom = 2025-05-01\n";
    fs::write(folder.path().join("answer.toml"), supposed).unwrap();
    let cases = [
        case("April", "as_of = 2025-04-10"),
        case("as known the day before", "from = \"April\"\nas_known = 2025-04-08"),
        case("without the emergency", "from = \"April\"\nwithout = [\"us.ieepa.*\"]"),
        case("Japan answers", "as_of = 2025-05-02\nwith = \"answer.toml\""),
        case("Japan does not", "as_of = 2025-05-02"),
        case("as nobody but the study knew", "as_of = 2025-05-02\nas_known = 2025-04-10\nwith = \"answer.toml\""),
        case("too early", "as_of = 2025-04-10\nwith = [\"answer.toml\"]"),
    ];
    let path = folder.path().join("study.toml");
    fs::write(&path, format!("title = \"t\"\nworld = \"icio-2022\"\n{}", cases.concat())).unwrap();
    let answer = run(&path, &Options::default()).unwrap();
    // 9 April: the rates of Annex I are suspended for all but China. The day before nobody knew, and Viet Nam was to pay 46.
    assert!(change(&answer, 1, "USA", "VNM", "TEX") - change(&answer, 0, "USA", "VNM", "TEX") > 35.0);
    // What was known on the 8th about China was 84 less 34 ... and China's answer of 34 only.
    assert!((change(&answer, 1, "CHN", "USA", "MACH") - 34.0).abs() < 1e-9);
    assert!((change(&answer, 2, "USA", "VNM", "TEX")).abs() < 1e-9);
    let goods = answer.world.sectors.iter().filter(|sector| *sector != "SERV");
    for sector in goods {
        let added = change(&answer, 3, "JPN", "USA", sector) - change(&answer, 4, "JPN", "USA", sector);
        assert!((added - 10.0).abs() < 1e-9, "{sector}: {added}");
    }
    assert_eq!(change(&answer, 3, "JPN", "USA", "SERV"), 0.0);
    assert!(change(&answer, 3, "JPN", "CHN", "TEX").abs() < 1e-12);
    assert_eq!(answer.cases[0].policy.tariffs, answer.cases[6].policy.tariffs);
    assert!((change(&answer, 5, "JPN", "USA", "AUTO") - 10.0).abs() < 1e-9);
    // Rows come on top of the law.
    let json = cobden::result::json(&answer).unwrap();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let law = &document["cases"][1]["law"];
    assert_eq!((law["as_of"].as_str(), law["as_known"].as_str()), (Some("2025-04-10"), Some("2025-04-08")));
    assert_eq!(law["baseline_as_of"], "2024-12-31");
    let of_usa = law["importers"].as_array().unwrap().iter().find(|one| one["importer"] == "USA").unwrap();
    let sum: f64 = of_usa["measures"].as_array().unwrap().iter().map(|part| part["points"].as_f64().unwrap()).sum();
    assert!((sum - of_usa["points"].as_f64().unwrap()).abs() < 1e-9 && sum > 15.0);
    // On average over Japan's imports of goods, 10 points on those from the United States.
    let table = cobden::result::measures_csv(&answer).unwrap().unwrap();
    let row = table.lines().find(|line| line.starts_with("Japan answers,2025-05-02,JPN,jpn.answer,0.0,")).unwrap();
    let world = &answer.world;
    let (jpn, usa) = (world.countries.index("JPN").unwrap(), world.countries.index("USA").unwrap());
    let goods = |i: usize| -> f64 {
        (0..world.sectors.len()).filter(|j| &world.sectors[*j] != "SERV").map(|j| world.flows[[jpn, i, j]]).sum()
    };
    let imports: f64 = (0..world.countries.len()).filter(|i| *i != jpn).map(goods).sum();
    let points: f64 = row.split(',').nth(5).unwrap().parse().unwrap();
    assert!((points - 10.0 * goods(usa) / imports).abs() < 1e-6, "{row}");
}

#[test]
fn mistakes_are_found_where_they_are() {
    let place = |problem: &Problem| problem.place.as_ref().map(|place| (place.line, place.column)).unwrap();
    let fails = |cases: &str| problem(on_embedded(cases));
    let nobody = fails(&case("a", "as_of = 2025-04-10\nwithout = [\"us.iepa.*\", \"us.122\"]"));
    assert!(nobody.message.contains("unknown measure or act \"us.iepa.*\""), "{nobody}");
    assert_eq!(place(&nobody), (6, 12));
    let absent = fails(&case("a", "as_of = 2025-04-10\nwith = \"nowhere.toml\""));
    assert!(absent.to_string().contains("nowhere.toml"), "{absent}");
    let early = fails(&case("a", "as_of = 1900-01-01"));
    assert!(early.message.contains("the register begins on 20") && place(&early) == (5, 9), "{early}");
    let late = fails(&case("a", "as_of = 9999-12-31"));
    assert!(late.message.contains("further than any law reaches"), "{late}");
    let dayless = fails(&case("a", "without = [\"us.122\"]"));
    assert_eq!(place(&dayless), (5, 12));
    assert!(dayless.message.contains("the day is missing") && dayless.help.unwrap().contains("as_of ="));
    let folder = tempfile::tempdir().unwrap();
    let german = "[measure]\nid = \"deu.own\"\nimporter = \"DEU\"\nauthority = \"a\"\n[[act]]\nannounced = 2025-01-01\ncite = \"c\"\nchange = [{ rate = 5, from = 2025-01-01 }]\n";
    fs::write(folder.path().join("german.toml"), german).unwrap();
    let path = folder.path().join("study.toml");
    let text = case("a", "as_of = 2025-04-10\nwith = \"german.toml\"");
    fs::write(&path, format!("title = \"t\"\nworld = \"icio-2022\"\n{text}")).unwrap();
    let nowhere = problem(run(&path, &Options::default()));
    assert!(nowhere.message.contains("DEU is no region of the world") && place(&nowhere) == (6, 8), "{nowhere}");
    assert_eq!(nowhere.help.as_deref(), Some("it is part of EU27: let that levy it"));
    // A world that cannot weigh rates, and tables of weights that are wrong.
    let folder = tempfile::tempdir().unwrap();
    let world = write_world(folder.path());
    let study = write_study(folder.path(), &(ARMINGTON.to_owned() + &case("a", "as_of = 2025-04-10")));
    let run = || problem(run(&study, &Options::default()));
    let weightless = run();
    assert!(weightless.message.contains("the world tiny cannot weigh rates"), "{weightless}");
    assert_eq!(place(&weightless), (7, 9));
    fs::write(world.join("products.csv"), PRODUCTS).unwrap();
    assert!(run().message.contains("a table products, but none imports"));
    fs::write(world.join("imports.csv"), IMPORTS.replace("0.025\nUSA,DEU", "x\nUSA,DEU")).unwrap();
    let number = run();
    assert!(number.message.contains("expected a number, found \"x\"") && place(&number) == (2, 19), "{number}");
    fs::write(world.join("imports.csv"), IMPORTS.replace("DEU", "DEX")).unwrap();
    assert!(run().message.contains("unknown country \"DEX\""), "{}", run());
    fs::write(world.join("imports.csv"), IMPORTS).unwrap();
    fs::write(world.join("products.csv"), PRODUCTS.replace("AGR", "AGS")).unwrap();
    assert!(run().message.contains("unknown sector \"AGS\""), "{}", run());
}

#[test]
fn retaliation_becomes_measures_that_load_again() {
    let start = case("law", "as_of = 2025-01-15");
    let asked = case(
        "Answer",
        "from = \"law\"\nretaliate = { players = [\"CHN\", \"AUNZ\"], against = [\"USA\"], sectors = [\"AGR\", \"AUTO\", \"SERV\"], max = \"300%\", points = 2 }",
    );
    let answer = on_embedded(&(start.clone() + &asked)).unwrap();
    let files = cobden::result::retaliation_files(&answer).unwrap();
    let (name, text) = files.iter().find(|(name, _)| name == "retaliation.answer.toml").unwrap();
    assert!(
        text.contains("# Left out: AUNZ, which is several countries.") && text.contains("SERV, which has no"),
        "{text}"
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let again = case("again", &format!("from = \"law\"\nwith = [\"{name}\"]"));
    let path = folder.path().join("study.toml");
    fs::write(&path, format!("title = \"t\"\nworld = \"icio-2022\"\n{start}{again}")).unwrap();
    let again = run(&path, &Options::default()).unwrap();
    for sector in ["AGR", "AUTO"] {
        let (asked, loaded) = (change(&answer, 1, "CHN", "USA", sector), change(&again, 1, "CHN", "USA", sector));
        assert!((asked - loaded).abs() < 1e-9, "{sector}: {asked} {loaded}");
    }
    let others = change(&again, 1, "CHN", "USA", "MACH") - change(&again, 0, "CHN", "USA", "MACH");
    assert!(others.abs() < 1e-12, "{others}");
}
