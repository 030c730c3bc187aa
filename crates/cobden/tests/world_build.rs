//! The embedded world and its elasticity sets are what their recipe makes of public data, bit by bit.
//!
//! Where the data lies: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository; the tests that need it pass without it.
//! After a change of the recipe, `COBDEN_BLESS=1 cargo test -p cobden --test world_build` writes the files anew.

// A test that finds no data says so, and a blessing prints what the documentation shows.
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};

use cobden::{BuildReport, World, build_world, elasticities, elasticity_sets, open_world, write_directory};
use cobden_world::{Format, MemoryFiles};

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("COBDEN_TEST_DATA")
        .map_or_else(|| Path::new(CRATE).join("../../../shared/data"), PathBuf::from);
    let needed = ["worlds/icio-2022-77x23", "tariffs", "us-imports-2024", "lists"];
    if needed.iter().all(|folder| data.join(folder).is_dir()) {
        return Some(data);
    }
    println!("skipped: {} absent", data.display());
    None
}

fn build(data: &Path) -> (World, BuildReport) {
    let recipe = Path::new(CRATE).join("worlds/icio-2022.toml");
    build_world(&recipe, Some(data), &mut |_| ()).expect("the recipe of the embedded world")
}

#[test]
fn the_recipe_makes_the_committed_files_bit_by_bit() {
    let Some(data) = data() else { return };
    let (world, report) = build(&data);
    let mut files = world.to_files(Format::Csv).expect("a world that was built is valid");
    files.extend(report.files.iter().cloned());
    if std::env::var_os("COBDEN_BLESS").is_some() {
        bless(&world, &files, &report);
    }
    for (name, bytes) in &files {
        let committed = fs::read(Path::new(CRATE).join("worlds/icio-2022").join(name)).expect("a committed table");
        assert!(committed == *bytes, "worlds/icio-2022/{name} is not what the recipe makes");
    }
    for set in &report.elasticity_sets {
        let text = fs::read_to_string(set_path(&set.name)).expect("a committed elasticity set");
        let rows: Vec<&str> = text.lines().skip_while(|line| line.starts_with('#')).skip(1).collect();
        assert_eq!(rows, rows_of(&world, set), "elasticities/{}.csv", set.name);
    }
    assert_eq!(report.elasticity_sets.len(), elasticity_sets().len());
}

#[test]
fn what_is_written_reads_back_as_what_was_built() {
    let Some(data) = data() else { return };
    let (world, _) = build(&data);
    for format in [Format::Csv, Format::Parquet] {
        let files: MemoryFiles = world.to_files(format).expect("valid").into_iter().collect();
        assert_eq!(World::read(&files).expect("readable"), world);
    }
}

#[test]
fn a_recipe_with_a_mistake_is_refused_at_its_place() {
    let text = fs::read_to_string(Path::new(CRATE).join("worlds/icio-2022.toml")).expect("the recipe");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fails = |from: &str, to: &str, data: Option<&Path>| {
        assert!(text.contains(from), "{from}");
        let path = folder.path().join("r.toml");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
        build_world(&path, Some(data.unwrap_or(folder.path())), &mut |_| ()).expect_err("a mistake").to_string()
    };
    for (from, to, expected) in [
        ("[sectors]", "[sector]", "(did you mean `sectors`?)"),
        ("cobden.recipe/1", "cobden.recipe/9", "r.toml:3:10: unknown format"),
        ("year = 2022", "year = \"x\"", "`year` must be a whole number"),
        ("step = \"averages\"", "step = \"average\"", "(did you mean \"averages\"?)"),
        ("default = \"fontagne-guimbard-orefice-2022\"", "default = \"fontagne\"", "unknown elasticity set"),
        ("USA = [\"USA\"]", "USA = []", "`USA` is empty"),
        ("digits = 10", "digits = 3", "from 8 to 17"),
    ] {
        let problem = fails(from, to, None);
        assert!(problem.contains(expected) && problem.contains("r.toml:"), "{to}: {problem}");
    }
    let absent = fails("year", "year", Some(&folder.path().join("absent")));
    assert!(absent.contains("no data directory") && absent.contains("--data"), "{absent}");
    let Some(data) = data() else { return };
    for (from, to, expected) in [
        ("\"HKG\"]", "\"HKX\"]", "unknown country \"HKX\" (did you mean \"HKG\"?)"),
        ("\"AUS\", \"NZL\"", "\"AUS\", \"FRA\"", "country \"FRA\" is taken twice"),
        ("ROW = [\"*\"]\n", "", "no group takes the country \"ARG\""),
        ("EU27 = \"EUN\"", "EU27 = \"EUX\"", "\"EUX\" reports no tariff averages"),
        ("borrow = { TWN", "borrow = { SAU", "no member of TWN reports"),
        ("MEX = \"mexico\"", "MEX = \"mexiko\"", "no column \"mexiko\""),
    ] {
        // Beside the recipe lie its tables.
        copy_tables(folder.path());
        let problem = fails(from, to, Some(&data));
        assert!(problem.contains(expected), "{to}: {problem}");
    }
}

fn copy_tables(folder: &Path) {
    let (from, to) = (Path::new(CRATE).join("worlds/icio-2022/recipe"), folder.join("icio-2022/recipe"));
    fs::create_dir_all(&to).expect("a folder");
    for entry in fs::read_dir(from).expect("the recipe's tables") {
        let entry = entry.expect("a table");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

fn set_path(name: &str) -> PathBuf {
    Path::new(CRATE).join("elasticities").join(format!("{name}.csv"))
}

fn rows_of(world: &World, set: &cobden::MergedElasticities) -> Vec<String> {
    world.sectors.iter().zip(&set.trade_elasticity).map(|(sector, theta)| format!("{sector},{theta:?}")).collect()
}

/// Writes the committed files anew, and prints what docs/world-icio-2022.md shows.
fn bless(world: &World, files: &[(String, Vec<u8>)], report: &BuildReport) {
    write_directory(&Path::new(CRATE).join("worlds/icio-2022"), files).expect("written");
    for set in &report.elasticity_sets {
        let text = fs::read_to_string(set_path(&set.name)).expect("a committed elasticity set");
        let head: String =
            text.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        let rows = rows_of(world, set).join("\n");
        fs::write(set_path(&set.name), format!("{head}sector,trade_elasticity\n{rows}\n")).expect("written");
    }
    for treatment in &report.treatments {
        println!("- {treatment}");
    }
    for region in &report.regions {
        println!(
            "| {} | {:.1} | {:.2} | {:.2} |",
            region.region,
            100.0 * region.moved_share,
            region.average_tariff.percent(),
            region.tariff_faced.percent()
        );
    }
}

#[test]
fn every_elasticity_set_fits_the_embedded_world_and_says_where_it_is_from() {
    let world = open_world("icio-2022").expect("embedded");
    for set in elasticity_sets() {
        let read = elasticities(set.name, &world.sectors).expect("embedded");
        assert!(read.trade_elasticity.iter().all(|theta| *theta > 0.0));
        let citation = set.citation();
        for part in ["doi:", "theta = sigma - 1", "Terms"] {
            assert!(citation.contains(part), "{} lacks {part}", set.name);
        }
    }
    let default = elasticities("fontagne-guimbard-orefice-2022", &world.sectors).expect("embedded");
    assert_eq!(world.elasticities, Some(default.trade_elasticity));
    let problem = elasticities("caliendo-pardo-2015", &world.sectors).expect_err("no such set");
    assert_eq!(problem.help.as_deref(), Some("did you mean \"caliendo-parro-2015\"?"));
}
