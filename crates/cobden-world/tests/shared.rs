//! Every world of the shared test data reads, whatever it holds. Skipped where the data are absent.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at any surprise, and says what it skipped"
)]

use std::io::Read;
use std::path::{Path, PathBuf};

use cobden_world::{
    BalanceOptions, EmptyColumns, EmptyRows, Files, Format, Grouping, Mapping, MemoryFiles, Problem, World,
    alternatives, read_elasticities, read_tariffs,
};

/// A folder on disk. The library itself never touches one.
struct Folder(PathBuf);

impl Files for Folder {
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem> {
        let path = self.0.join(name);
        Ok(path.exists().then(|| Box::new(std::fs::File::open(path).unwrap()) as Box<dyn Read>))
    }

    fn names(&self) -> Result<Vec<String>, Problem> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        Ok(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
    }

    fn label(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

fn data() -> PathBuf {
    match std::env::var_os("COBDEN_TEST_DATA") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

/// The folder of a shared world, or `None` after saying that it is absent.
fn shared(world: &str) -> Option<Folder> {
    let path = data().join("worlds").join(world);
    if path.is_dir() {
        return Some(Folder(path));
    }
    println!("skipped: {} absent", path.display());
    None
}

#[test]
fn every_shared_world_reads_with_all_its_alternatives() {
    let cases = [
        ("caliendo-parro-1993", (31, 31, 40), true),
        ("icio-2022-77x23", (77, 77, 23), true),
        ("lashkaripour-wiod-2014", (44, 44, 16), false),
        ("ossa-2014", (7, 7, 33), false),
        ("ustariff-icio-2022", (81, 81, 28), false),
    ];
    for (name, shape, has_inputs) in cases {
        let Some(files) = shared(name) else { continue };
        let started = std::time::Instant::now();
        let world = World::read(&files).unwrap_or_else(|problem| panic!("{problem}"));
        println!("{name}: read in {:.1} ms", 1e3 * started.elapsed().as_secs_f64());
        assert_eq!(world.flows.dim(), shape, "{name}");
        assert_eq!(world.inputs.is_some(), has_inputs, "{name}");
        for set in alternatives(&files, "elasticities").unwrap() {
            let set = read_elasticities(&files, &format!("elasticities.{set}"), &world.sectors).unwrap();
            assert_eq!(set.trade_elasticity.len(), shape.2);
        }
        for set in alternatives(&files, "tariffs").unwrap() {
            read_tariffs(&files, &format!("tariffs.{set}"), &world.countries, &world.sectors).unwrap();
        }
    }
}

/// The 24 regions and 18 sectors of the embedded world.
fn regions(world: &World) -> Mapping {
    let own = [
        "USA", "CAN", "MEX", "BRA", "GBR", "CHE", "TUR", "RUS", "JPN", "KOR", "TWN", "IND", "IDN", "VNM", "THA", "MYS",
        "SGP", "PHL", "ZAF", "SAU",
    ];
    let union = [
        "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA",
        "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
    ];
    let mut groups: Vec<(String, Vec<String>)> =
        own.iter().map(|name| (name.to_string(), vec![name.to_string()])).collect();
    groups.push(("EU27".into(), union.map(String::from).to_vec()));
    groups.push(("CHN".into(), vec!["CHN".into(), "HKG".into()]));
    groups.push(("AUNZ".into(), vec!["AUS".into(), "NZL".into()]));
    let taken = |name: &str| groups.iter().any(|(_, members)| members.iter().any(|member| member == name));
    let rest = world.countries.iter().filter(|name| !taken(name)).map(String::from).collect();
    groups.push(("ROW".into(), rest));
    let sectors = [
        ("AGR", vec!["A01_02", "A03"]),
        ("OILGAS", vec!["B05_06"]),
        ("MINING", vec!["B07_08", "B09"]),
        ("FOOD", vec!["C10T12"]),
        ("TEX", vec!["C13T15"]),
        ("WOODPAP", vec!["C16", "C17_18"]),
        ("PETRO", vec!["C19"]),
        ("CHEM", vec!["C20"]),
        ("PHARMA", vec!["C21"]),
        ("RUBMIN", vec!["C22", "C23"]),
        ("METALS", vec!["C24", "C25"]),
        ("ELECTRON", vec!["C26"]),
        ("ELEQ", vec!["C27"]),
        ("MACH", vec!["C28"]),
        ("AUTO", vec!["C29"]),
        ("OTRANS", vec!["C30"]),
        ("OMANUF", vec!["C31T33"]),
        ("SERV", vec!["SERV"]),
    ];
    Mapping { countries: Grouping::new(groups).unwrap(), sectors: Grouping::new(sectors).unwrap() }
}

#[test]
fn the_published_table_aggregates_and_balances() {
    let Some(files) = shared("icio-2022-77x23") else {
        return;
    };
    let world = World::read(&files).unwrap();
    let merged = world.aggregate(&regions(&world)).unwrap();
    assert_eq!(merged.flows.dim(), (24, 24, 18));
    assert_eq!(merged.members["AUNZ"], ["AUS", "NZL"]);
    assert!((merged.flows.sum() / world.flows.sum() - 1.0).abs() < 1e-12);
    assert!(!merged.accounts().imbalances(1e-6).is_empty(), "the priors do not balance");
    let options = BalanceOptions { empty_rows: EmptyRows::FinalDemand, empty_columns: EmptyColumns::ValueAdded };
    for world in [merged, world] {
        let started = std::time::Instant::now();
        let (balanced, report) = world.balance(&options).unwrap_or_else(|problem| panic!("{problem}"));
        println!("{} countries balanced in {:.1} ms", report.countries.len(), 1e3 * started.elapsed().as_secs_f64());
        for moves in &report.countries {
            println!(
                "{:5} moved {:5.1} % sweeps {:4} newton {:3} residual {:.1e} filled {}",
                moves.country,
                100.0 * moves.moved_share,
                moves.sweeps,
                moves.newton_steps,
                moves.residual,
                moves.filled.len()
            );
        }
        let accounts = balanced.accounts();
        assert_eq!(accounts.imbalances(1e-10), []);
        assert_eq!(accounts.problems(), []);
        assert_eq!(balanced.flows, world.flows);
        let files: MemoryFiles = balanced.to_files(Format::Csv).unwrap().into_iter().collect();
        assert_eq!(World::read(&files).unwrap(), balanced);
    }
}
