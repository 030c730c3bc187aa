//! Worlds made from tables and lists on disk: a small ICIO by hand, and WIOD 2011 where the data is at hand.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod tables;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cobden::{Disk, Format, Import, Imported, Options, Problem, Study, World, import_world, run, save_world};
use tables::{INDUSTRIES, REGIONS, final_of, icio, use_of};
use tempfile::TempDir;

/// Half of what the United States charges on cars from Germany is by HS code; China's rate is on everyone's.
const TARIFFS: &str = "importer,exporter,product,rate\n\
    USA,DEU,870323,0.10\nUSA,DEU,870324,0.20\nUSA,*,870323,0.025\nUSA,*,870324,0.025\nCHN,,870323,0.15\nEU,USA,870323,0.10\n";

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("2022_SML.csv", &icio(0.0));
        desk.write("rates.csv", TARIFFS);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn import(&self) -> Import {
        Import {
            sources: vec![self.path("2022_SML.csv")],
            tariffs: vec![self.path("rates.csv")],
            tariff_year: Some(2022),
            ..Import::default()
        }
    }
}

fn made(import: &Import) -> Imported {
    import_world(import, &mut |_| {}).unwrap()
}

fn refused(import: &Import) -> Problem {
    import_world(import, &mut |_| {}).unwrap_err()
}

#[test]
fn a_table_with_tariffs_becomes_a_world_that_adds_up() {
    let desk = Desk::new();
    let Imported { world, report, files, .. } = made(&desk.import());
    assert_eq!(
        (world.countries.as_slice(), world.sectors.as_slice()),
        (&REGIONS.map(String::from)[..], &INDUSTRIES.map(String::from)[..])
    );
    assert!(world.accounts().imbalances(1e-10).is_empty());
    assert!(
        (world.flows[[2, 1, 1]] - (0..4).map(|j| use_of(1, 1, 2, j)).sum::<f64>() - final_of(1, 1, 2)).abs() < 1e-9
    );
    // Both products of cars have a German rate, the plain mean of which is 15 per cent; others pay what everyone pays.
    let rate = |n: usize, i: usize, j: usize| world.tariffs[[n, i, j]].0;
    assert!((rate(2, 1, 1) - 0.15).abs() < 1e-12 && (rate(2, 0, 1) - 0.025).abs() < 1e-12);
    assert!((rate(0, 2, 1) - 0.15).abs() < 1e-12, "an empty exporter is everyone");
    assert!((rate(1, 2, 1) - 0.10).abs() < 1e-12, "Germany charges what the Union charges");
    assert_eq!((rate(2, 1, 0), rate(2, 2, 1)), (0.0, 0.0));
    // Trade elasticities come from the default set, by industry.
    let theta = world.elasticities.as_ref().unwrap();
    assert!(theta.iter().all(|theta| *theta > 0.0) && theta[0] != theta[1]);
    assert_eq!((report.read, report.year), ([4, 4], 2022));
    assert!(report.regions[2].balanced_pct < 1e-9, "nothing was left to balance");
    let stated: f64 = report.regions.iter().map(|region| region.value_added_stated).sum();
    assert!((stated - report.value_added_stated).abs() < 1e-9 * stated);
    let proof: serde_json::Value = serde_json::from_slice(&files[0].1).unwrap();
    assert_eq!(proof["files"][0]["blake3"], blake3::hash(icio(0.0).as_bytes()).to_hex().as_str());
}

/// Regions and sectors merge by files of groups; saved as Parquet, the world reads back as it was, and a study runs on it.
#[test]
fn it_merges_saves_and_solves() {
    let desk = Desk::new();
    let groups = desk.write("groups.toml", "[regions]\nUSA = [\"USA\"]\nCHN = [\"CHN\"]\nREST = [\"*\"]\n[sectors]\nGOODS = [\"A01\", \"C29\"]\nSERV = [\"G\", \"K\"]\n");
    let groups = groups.display().to_string();
    let import = Import {
        regions: Some(groups.clone()),
        sectors: Some(groups),
        elasticities: Some("4".to_owned()),
        id: Some("small".to_owned()),
        ..desk.import()
    };
    let imported = made(&import);
    assert_eq!(imported.world.countries.as_slice(), ["USA", "CHN", "REST"].map(String::from));
    assert_eq!(imported.world.origin.id, "small");
    let folder = desk.path("world");
    save_world(&folder, &imported.world, Format::Parquet, &imported.files).unwrap();
    let again = World::read(&Disk::new(&folder)).unwrap();
    assert_eq!(again, imported.world);
    let study = "title = \"t\"\nworld = \"world\"\n[[case]]\nname = \"US alone\"\ntariffs = [ { importer = \"USA\", exporter = \"*\", sector = \"GOODS\", add = \"10%\" } ]\n";
    let study = Study::parse(study.as_bytes().to_vec(), "s.toml").unwrap();
    let options = Options { folder: Some(desk.0.path().to_owned()), ..Options::default() };
    let answer = run(study, &options, |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert!(answer.converged());
}

#[test]
fn stocks_that_were_run_down_are_told() {
    let desk = Desk::new();
    // More than all that the United States buys of German cars.
    let bought: f64 = (0..4).map(|j| use_of(1, 1, 2, j)).sum::<f64>() + final_of(1, 1, 2);
    desk.write("2022_SML.csv", &icio(-bought - 7.0));
    let Imported { world, report, .. } = made(&desk.import());
    assert!(world.accounts().imbalances(1e-10).is_empty());
    assert!(
        report.remarks.iter().any(|remark| remark.starts_with("1 negative flows became zero: USD million -7")),
        "{:?}",
        report.remarks
    );
    assert!(report.regions[2].balanced_pct > 0.0);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let desk = Desk::new();
    let problem = refused(&Import { sources: vec![desk.path("2021_SML.csv")], ..desk.import() });
    assert!(problem.to_string().contains("2021_SML.csv"), "{problem}");
    let groups = desk.write("g.toml", "[regions]\nA = [\"USA\", \"CHM\"]\nB = [\"*\"]\n");
    let problem = refused(&Import { regions: Some(groups.display().to_string()), ..desk.import() });
    assert_eq!(problem.place.as_ref().unwrap().line, 2);
    assert!(problem.to_string().contains("CHN"), "{problem}");
    let problem = refused(&Import { regions: Some("g21".to_owned()), ..desk.import() });
    assert!(problem.to_string().contains("g20"), "{problem}");
    desk.write("rates.csv", "importer,exporter,product,rate\nUSA,*,870323,much\n");
    let problem = refused(&desk.import());
    assert_eq!(problem.place.as_ref().map(|place| (place.line, place.column)), Some((2, 14)));
    desk.write("rates.csv", "importer,exporter,product,year,rate\nUSA,*,870323,2019,0.1\n");
    let problem = refused(&desk.import());
    assert!(problem.to_string().contains("2019") || problem.to_string().contains("2022"), "{problem}");
    desk.write("2022_SML.csv", &icio(0.0).replacen("USA_C29", "USA_C29,USA_C99", 1));
    assert!(refused(&Import { tariffs: Vec::new(), ..desk.import() }).place.is_some());
}

/// A list of trade with domestic sales is a world without inputs; one without them is nothing to start from.
#[test]
fn a_list_of_trade_becomes_a_world() {
    let desk = Desk::new();
    let flows = "importer,exporter,sector,year,value\nUSA,USA,A01,2020,90\nUSA,CHN,A01,2020,10\nCHN,CHN,A01,2020,80\nCHN,USA,A01,2020,15\nCHN,USA,A01,2019,5\n";
    let import = Import {
        sources: vec![desk.write("flows.csv", flows)],
        year: Some(2020),
        elasticities: Some("5".to_owned()),
        ..Import::default()
    };
    let world = made(&import).world;
    assert_eq!((world.inputs.as_ref(), world.flows[[1, 0, 0]], world.flows[[0, 1, 0]]), (None, 10.0, 15.0));
    let problem = refused(&Import { year: None, ..import.clone() });
    assert!(problem.to_string().contains("2019, 2020"), "{problem}");
    desk.write("flows.csv", "importer,exporter,sector,year,value\nUSA,CHN,A01,2020,10\n");
    assert!(refused(&import).message.contains("no domestic sales"));
}

/// The World Bank's GDP of the countries of each region, aggregates left out.
#[test]
fn value_added_is_held_against_gdp() {
    let desk = Desk::new();
    let table = made(&desk.import()).report;
    let stated = |region: &str| table.regions.iter().find(|one| one.region == region).unwrap().value_added_stated;
    let mut file =
        "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2026-01-01\",\n\n".to_owned();
    file.push_str("\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2021\",\"2022\",\n");
    let third = stated("ROW") / 3.0;
    for (code, millions) in [
        ("DEU", stated("DEU") / 0.95),
        ("USA", stated("USA") / 0.9),
        ("CHN", stated("CHN") / 2.0),
        ("FRA", third),
        ("BRA", 2.0 * third),
        ("EUU", 1e9),
        ("WLD", 1e10),
    ] {
        writeln!(file, "\"{code}\",\"{code}\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"1\",\"{}\",", 1e6 * millions)
            .unwrap();
    }
    let gdp = Some(desk.write("API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv", &file));
    let report = made(&Import { gdp: gdp.clone(), ..desk.import() }).report;
    let said = report.remarks.join("\n");
    assert!(said.contains("value added of 2022 is 0.90 to 1.00 of the World Bank's GDP in 3 of 4 regions"), "{said}");
    assert!(said.contains("as a share of it: CHN 2.00"), "{said}");
    assert!(report.files.iter().any(|file| file.role == "gdp"));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in
        [("Metadata_Country_API_NY.csv", "x"), ("API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv", file.as_str())]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    fs::write(desk.path("gdp.zip"), zip.finish().unwrap().into_inner()).unwrap();
    let zipped = made(&Import { gdp: Some(desk.path("gdp.zip")), ..desk.import() }).report;
    assert_eq!(zipped.remarks, report.remarks);
    // Without France and Brazil nothing is known of the rest; another year, nothing of anybody.
    let some: String =
        file.lines().filter(|line| !line.contains("FRA") && !line.contains("BRA")).collect::<Vec<_>>().join("\n");
    let gdp = Some(desk.write("some.csv", &some));
    let said = made(&Import { gdp, ..desk.import() }).report.remarks.join("\n");
    assert!(said.contains("no GDP of 2022 for ROW"), "{said}");
    let old = Some(desk.write("old.csv", &file.replace("\"2022\"", "\"2020\"")));
    let problem = refused(&Import { gdp: old, ..desk.import() });
    assert!(problem.message.contains("no GDP of 2022") && problem.help.unwrap().contains("2021"));
}

/// WIOD 2011 as the R package `wiod` carries it: 41 regions by 35 industries, with inputs.
#[test]
fn wiod_2011_is_read_balanced_and_solved() {
    let data = std::env::var_os("COBDEN_TEST_DATA")
        .map_or_else(|| Path::new("../../../shared/data").to_owned(), PathBuf::from);
    let file = data.join("formats/samples/wiot_2011.RData");
    if !file.exists() {
        println!("skipped: {} absent", file.display());
        return;
    }
    let imported = made(&Import { sources: vec![file.clone()], ..Import::default() });
    let world = &imported.world;
    assert_eq!(world.flows.dim(), (41, 41, 35));
    assert!(world.accounts().imbalances(1e-9).is_empty());
    // The world made 73 trillion dollars in 2011; value added at basic prices is a little less.
    let value_added: f64 = imported.report.regions.iter().map(|region| region.value_added).sum();
    assert!((60e6..76e6).contains(&value_added), "{value_added}");
    // Balancing only mends what rounding to millions and stocks run down left.
    let worst = imported.report.regions.iter().map(|region| region.balanced_pct).fold(0.0, f64::max);
    assert!(worst < 3.0, "{worst}");

    let desk = tempfile::tempdir().unwrap();
    save_world(&desk.path().join("wiod"), world, Format::Parquet, &imported.files).unwrap();
    assert_eq!(&World::read(&Disk::new(desk.path().join("wiod"))).unwrap(), world, "Parquet holds the same numbers");
    let study = "title = \"t\"\nworld = \"wiod\"\n[[case]]\nname = \"US alone\"\ntariffs = [ { importer = \"USA\", exporter = \"*\", sector = \"*\", add = \"10%\" } ]\n";
    let study = Study::parse(study.as_bytes().to_vec(), "s.toml").unwrap();
    let options = Options { folder: Some(desk.path().to_owned()), ..Options::default() };
    let answer = run(study, &options, |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert!(answer.converged());

    // Merged to the European Union as one: trade is what it was but for the negative cells, a hundred-thousandth of it, of which fewer are
    // left to become zero.
    let merged = made(&Import { sources: vec![file], regions: Some("eu27".to_owned()), ..Import::default() });
    assert!((merged.world.flows.sum() - world.flows.sum()).abs() < 2e-5 * world.flows.sum());
    assert_eq!(merged.world.countries.len(), 16);
}
