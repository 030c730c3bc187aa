//! Which law: the register inside cobden or another, with files on top and measures left out.

use std::borrow::Cow;
use std::path::PathBuf;

use cobden_measures::{Register, Status, Text};
use cobden_world::{Problem, nearest};

use super::files::{register, texts};

/// Which law is asked. The default is the register inside cobden, enacted law only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// A register in the place of the one inside cobden: a folder or a file.
    pub register: Option<PathBuf>,
    /// Files on top, whose acts count whatever their status.
    pub with: Vec<PathBuf>,
    /// Ids of measures and acts that should never have been, with `*` for any text.
    pub without: Vec<String>,
    /// Acts of these statuses count too.
    pub include: Vec<Status>,
}

impl Sources {
    /// Reads them.
    ///
    /// # Errors
    /// A path that cannot be read, a mistake in a file at its place, an id that fits nothing.
    pub fn open(&self) -> Result<Cow<'static, Register>, Problem> {
        let mut law = match &self.register {
            Some(path) => Cow::Owned(Register::read(texts(path)?)?),
            None => Cow::Borrowed(register()?),
        };
        if !self.include.is_empty() {
            law = Cow::Owned(law.include(self.include.iter().copied()));
        }
        if !self.with.is_empty() {
            law = Cow::Owned(law.with(all_texts(&self.with)?)?);
        }
        if !self.without.is_empty() {
            law = Cow::Owned(law.without(self.without.iter().map(String::as_str))?);
        }
        Ok(law)
    }
}

/// The files behind several paths.
pub(super) fn all_texts(paths: &[PathBuf]) -> Result<Vec<Text>, Problem> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(texts(path)?);
    }
    Ok(all)
}

/// Statuses by their names.
const STATUSES: [(&str, Status); 4] = [
    ("enacted", Status::Enacted),
    ("proposed", Status::Proposed),
    ("reported", Status::Reported),
    ("hypothetical", Status::Hypothetical),
];

/// The status of a name: `enacted`, `proposed`, `reported`, `hypothetical`.
///
/// # Errors
/// Another word; the nearest of these as help.
pub fn status(name: &str) -> Result<Status, Problem> {
    let found = STATUSES.iter().find(|(known, _)| *known == name).map(|(_, status)| *status);
    found.ok_or_else(|| {
        let known = STATUSES.map(|(known, _)| known);
        let problem = Problem::new(format!("unknown status \"{}\"", name.escape_debug()));
        match nearest(name, &known) {
            Some(near) => problem.help(format!("did you mean \"{near}\"?")),
            None => problem.help(format!("known: {}", known.join(", "))),
        }
    })
}

/// The name of a status.
pub fn status_name(status: Status) -> &'static str {
    STATUSES.iter().find(|(_, known)| *known == status).map_or("", |(name, _)| name)
}
