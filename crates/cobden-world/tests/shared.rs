//! Every world of the shared test data reads, whatever it holds. Skipped where the data are absent.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at any surprise, and says what it skipped"
)]

use std::io::Read;
use std::path::{Path, PathBuf};

use cobden_world::{Files, Problem, World, alternatives, read_elasticities, read_tariffs};

/// A folder on disk. The library itself never touches one.
struct Folder(PathBuf);

impl Files for Folder {
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem> {
        let path = self.0.join(name);
        Ok(path
            .exists()
            .then(|| Box::new(std::fs::File::open(path).unwrap()) as Box<dyn Read>))
    }

    fn names(&self) -> Result<Vec<String>, Problem> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        Ok(entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect())
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
        println!(
            "{name}: read in {:.1} ms",
            1e3 * started.elapsed().as_secs_f64()
        );
        assert_eq!(world.flows.dim(), shape, "{name}");
        assert_eq!(world.inputs.is_some(), has_inputs, "{name}");
        for set in alternatives(&files, "elasticities").unwrap() {
            let set =
                read_elasticities(&files, &format!("elasticities.{set}"), &world.sectors).unwrap();
            assert_eq!(set.trade_elasticity.len(), shape.2);
        }
        for set in alternatives(&files, "tariffs").unwrap() {
            read_tariffs(
                &files,
                &format!("tariffs.{set}"),
                &world.countries,
                &world.sectors,
            )
            .unwrap();
        }
    }
}
