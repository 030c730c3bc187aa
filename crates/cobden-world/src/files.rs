//! The way in: named files of a world directory, wherever they lie.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use crate::Problem;

/// The files of one folder, by name (`world.toml`, `flows.csv`).
///
/// The crate is pure, so whoever owns the disk, an archive or embedded bytes lends them through this trait.
pub trait Files {
    /// Opens a file for reading from its start; `None` if there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be opened.
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem>;

    /// The names of all files, in any order.
    ///
    /// # Errors
    /// The folder cannot be listed.
    fn names(&self) -> Result<Vec<String>, Problem>;

    /// What messages call this file: the path as the user knows it.
    fn label(&self, name: &str) -> String {
        name.to_owned()
    }
}

/// Files that lie in memory: an embedded world, or a test.
///
/// ```
/// use cobden_world::{Files, MemoryFiles};
/// let files = MemoryFiles::new("embedded:tiny").with("flows.csv", "importer,exporter,sector,value\n");
/// assert_eq!(files.label("flows.csv"), "embedded:tiny/flows.csv");
/// assert!(files.open("tariffs.csv").unwrap().is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    folder: String,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl MemoryFiles {
    /// No files yet, in a folder that messages call `folder` (empty: file names stand alone).
    pub fn new(folder: impl Into<String>) -> Self {
        Self { folder: folder.into(), files: BTreeMap::new() }
    }

    /// The same files and one more, or the same name with other content. Accepts strings and bytes, embedded or owned.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, content: impl Into<Content>) -> Self {
        self.files.insert(name.into(), content.into().0);
        self
    }

    /// The same files without this one.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.files.remove(name);
        self
    }

    /// The content of one file.
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(AsRef::as_ref)
    }
}

/// What [`MemoryFiles`] holds: text or bytes, embedded or owned.
#[derive(Clone, Debug)]
pub struct Content(Cow<'static, [u8]>);

impl From<&'static str> for Content {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text.as_bytes()))
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text.into_bytes()))
    }
}

impl From<&'static [u8]> for Content {
    fn from(bytes: &'static [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Cow::Owned(bytes))
    }
}

impl FromIterator<(String, Vec<u8>)> for MemoryFiles {
    /// Collects what [`World::to_files`](crate::World::to_files) returns.
    fn from_iter<T: IntoIterator<Item = (String, Vec<u8>)>>(files: T) -> Self {
        files.into_iter().fold(Self::default(), |all, (name, bytes)| all.with(name, bytes))
    }
}

impl Files for MemoryFiles {
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem> {
        Ok(self.files.get(name).map(|bytes| Box::new(bytes.as_ref()) as Box<dyn Read + '_>))
    }

    fn names(&self) -> Result<Vec<String>, Problem> {
        Ok(self.files.keys().cloned().collect())
    }

    fn label(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }
}
