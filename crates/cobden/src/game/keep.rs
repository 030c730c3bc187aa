//! What was computed of a ledger of coalitions, kept on disk while it grows, so that a run which was stopped goes on where it was.

use std::fs;
use std::path::{Path, PathBuf};

use cobden_strategy::coalition::{Coalition, Entry, Found, Ledger, Structure};
use cobden_world::Problem;
use serde::{Deserialize, Serialize};

/// Where the ledger of one question is kept.
#[derive(Clone, Debug)]
pub(crate) struct Keep {
    path: PathBuf,
    /// What proves that the question is the same: hashes of everything that goes into an entry.
    key: String,
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    entries: Vec<KeptEntry>,
}

/// Numbers are kept by their bits, so that a run which goes on is the same bit by bit as one that was never stopped.
#[derive(Serialize, Deserialize)]
struct KeptEntry {
    blocks: Vec<Vec<usize>>,
    found: Result<KeptFound, String>,
}

#[derive(Serialize, Deserialize)]
struct KeptFound {
    rates: Vec<Vec<u64>>,
    welfare_pct: Vec<u64>,
    certificate_pct: u64,
    equilibria: usize,
    solves: usize,
}

impl Keep {
    /// The ledger of a case, in a folder.
    pub(crate) fn new(folder: &Path, case: usize, key: String) -> Self {
        Self { path: folder.join(format!("coalitions.{}.part", case + 1)), key }
    }

    /// Takes back what an earlier run computed for the same question. A file of another question, or one that is damaged, counts for nothing.
    pub(crate) fn restore(&self, ledger: &mut Ledger<'_>) {
        let Ok(text) = fs::read(&self.path) else { return };
        let Ok(kept) = serde_json::from_slice::<Kept>(&text) else { return };
        for entry in kept.entries.into_iter().filter(|_| kept.key == self.key) {
            if let Ok(entry) = entry.open() {
                // An entry that does not fit is computed anew.
                let _ = ledger.restore(entry);
            }
        }
    }

    /// Keeps what there is; the file is replaced whole.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub(crate) fn save(&self, ledger: &Ledger<'_>) -> Result<(), Problem> {
        let kept = Kept { key: self.key.clone(), entries: ledger.entries().map(KeptEntry::of).collect() };
        let failed =
            |error: &dyn std::fmt::Display| Problem::new(format!("cannot write {}: {error}", self.path.display()));
        let text = serde_json::to_vec(&kept).map_err(|error| failed(&error))?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
        std::io::Write::write_all(&mut file, &text).map_err(|error| failed(&error))?;
        file.persist(&self.path).map_err(|error| failed(&error))?;
        Ok(())
    }

    /// Forgets it, once the whole run is done.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl KeptEntry {
    fn of(entry: Entry) -> Self {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
        Self {
            blocks: entry.structure.blocks().iter().map(|block| block.members().collect()).collect(),
            found: entry.found.map(|found| KeptFound {
                rates: found.rates.iter().map(|rates| bits(rates)).collect(),
                welfare_pct: bits(&found.welfare_pct),
                certificate_pct: found.certificate_pct.to_bits(),
                equilibria: found.equilibria,
                solves: found.solves,
            }),
        }
    }

    fn open(self) -> Result<Entry, Problem> {
        let numbers = |bits: Vec<u64>| bits.into_iter().map(f64::from_bits).collect::<Vec<f64>>();
        let blocks = self.blocks.into_iter().map(Coalition::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Entry {
            structure: Structure::new(blocks)?,
            found: self.found.map(|found| Found {
                rates: found.rates.into_iter().map(numbers).collect(),
                welfare_pct: numbers(found.welfare_pct),
                certificate_pct: f64::from_bits(found.certificate_pct),
                equilibria: found.equilibria,
                solves: found.solves,
            }),
        })
    }
}
