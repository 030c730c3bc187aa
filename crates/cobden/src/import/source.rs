//! A file that a world is made from.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use cobden_data::{ListFormat, TableFormat, detect};
use cobden_world::Problem;

use crate::disk::read_at_most;

/// Bytes at the start of a file that tell what it is.
const START: u64 = 16 << 10;
/// Largest file that is read whole: formats that cannot be read in one pass.
const LARGEST: u64 = 4 << 30;

/// A file, and what it is called in messages.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) label: String,
    start: Vec<u8>,
}

impl Source {
    /// Looks at the start of a file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(super) fn new(path: &Path) -> Result<Self, Problem> {
        let label = path.display().to_string();
        let mut start = Vec::new();
        let read = File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
        read.map_err(|error| failed(&label, &error))?;
        Ok(Self { path: path.to_owned(), label, start })
    }

    /// The file, from its start.
    pub(super) fn open(&self) -> Result<BufReader<File>, Problem> {
        let file = File::open(&self.path).map_err(|error| failed(&self.label, &error))?;
        Ok(BufReader::with_capacity(1 << 18, file))
    }

    /// The whole file.
    pub(super) fn whole(&self) -> Result<Vec<u8>, Problem> {
        read_at_most(&self.path, LARGEST)
    }

    /// Its name without folders.
    pub(super) fn name(&self) -> String {
        self.path.file_name().map_or_else(|| self.label.clone(), |name| name.to_string_lossy().into_owned())
    }

    /// Whether it is a zip archive.
    pub(super) fn is_archive(&self) -> bool {
        self.start.starts_with(b"PK\x03\x04")
    }

    /// Which input-output table it is.
    pub(super) fn table(&self) -> Result<TableFormat, Problem> {
        detect(&self.label, &self.start)
    }

    /// Which list it is.
    pub(super) fn list(&self) -> Result<ListFormat, Problem> {
        ListFormat::detect(&self.label, &self.start).ok_or_else(|| {
            let known: Vec<&str> = ListFormat::ALL.iter().map(|format| format.name()).collect();
            let problem = Problem::new("no list of trade or tariffs that can be read").in_file(&self.label);
            problem.help(format!("readable are {}", known.join(", ")))
        })
    }

    /// BLAKE3 of its content, and how many bytes it has.
    pub(super) fn hash(&self) -> Result<(String, u64), Problem> {
        let mut hasher = blake3::Hasher::new();
        let bytes = std::io::copy(&mut self.open()?, &mut hasher).map_err(|error| failed(&self.label, &error))?;
        Ok((hasher.finalize().to_hex().to_string(), bytes))
    }
}

fn failed(label: &str, error: &std::io::Error) -> Problem {
    Problem::new(format!("cannot read: {error}")).in_file(label).help("name a file that is there and may be read")
}
