//! Zip archives of text: entries are read one after another, never whole.

use std::io::{Read, Seek};

use cobden_world::Problem;
use zip::ZipArchive;

/// Most entries of an archive; no published dataset comes near.
const MAX_ENTRIES: usize = 10_000;

/// An open archive.
pub(crate) struct Archive<R> {
    zip: ZipArchive<R>,
    label: String,
}

impl<R: Read + Seek> Archive<R> {
    pub(crate) fn open(input: R, label: &str) -> Result<Self, Problem> {
        let zip = ZipArchive::new(input).map_err(|error| {
            let problem = Problem::new(format!("cannot read as a zip archive: {error}"));
            problem.help("is the download complete?").in_file(label)
        })?;
        if zip.len() > MAX_ENTRIES {
            return Err(Problem::new(format!("the archive has more than {MAX_ENTRIES} entries")).in_file(label));
        }
        Ok(Self { zip, label: label.to_owned() })
    }

    /// The entries that are files, in the order of the archive.
    pub(crate) fn names(&self) -> Result<Vec<String>, Problem> {
        let mut names = Vec::new();
        for name in self.zip.file_names() {
            let fault = |error| Problem::new(format!("cannot read the name of an entry: {error}")).in_file(&self.label);
            let name = name.map_err(fault)?;
            if !name.ends_with('/') {
                names.push(name.into_owned());
            }
        }
        Ok(names)
    }

    /// An entry, and what messages call it.
    pub(crate) fn entry(&mut self, name: &str) -> Result<(impl Read + '_, String), Problem> {
        let label = format!("{}/{name}", self.label);
        match self.zip.by_name(name) {
            Ok(entry) => Ok((entry, label)),
            Err(error) => Err(Problem::new(format!("cannot read the entry: {error}")).in_file(label)),
        }
    }
}
