//! Entries of zip archives, one at a time, streamed, and never more than they should hold.

use std::io::{Read, Seek};

use cobden_world::Problem;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::delimited::shown;

/// Most entries of an archive; EXIOBASE has a hundred.
const MAX_ENTRIES: usize = 1 << 14;

/// An open archive.
pub(crate) struct Archive<'a, R> {
    zip: ZipArchive<R>,
    names: Vec<String>,
    label: &'a str,
}

impl<'a, R: Read + Seek> Archive<'a, R> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// No archive, or one with very many entries.
    pub(crate) fn open(input: R, label: &'a str) -> Result<Self, Problem> {
        let zip = ZipArchive::new(input).map_err(|error| problem(&error, label))?;
        if zip.len() > MAX_ENTRIES {
            return Err(Problem::new(format!("the archive has more than {MAX_ENTRIES} entries")).in_file(label));
        }
        // Names that are no text get a place, so that indices stay right, and match nothing.
        let names = zip.file_names().map(|name| name.map(String::from).unwrap_or_default()).collect();
        Ok(Self { zip, names, label })
    }

    /// The names of the entries.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The index of the one entry whose name, without its folders, is liked.
    ///
    /// # Errors
    /// None or several; `what` is what the entry would be.
    pub(crate) fn find(&self, what: &str, liked: impl Fn(&str) -> bool) -> Result<usize, Problem> {
        let found: Vec<usize> = (0..self.names.len()).filter(|&at| liked(file_name(&self.names[at]))).collect();
        match found[..] {
            [at] => Ok(at),
            [] => {
                let problem = Problem::new(format!("the archive has no {what}"));
                Err(problem.help(format!("it has {}", self.listed(0..self.names.len()))).in_file(self.label))
            }
            _ => {
                let problem = Problem::new(format!("the archive has several {what}: {}", self.listed(found)));
                Err(problem.help("pack one table into one archive").in_file(self.label))
            }
        }
    }

    fn listed(&self, entries: impl IntoIterator<Item = usize>) -> String {
        let names: Vec<String> = entries.into_iter().take(11).map(|at| shown(&self.names[at])).collect();
        match names.len() {
            0 => "nothing".to_owned(),
            11 => format!("{}, …", names[..10].join(", ")),
            _ => names.join(", "),
        }
    }

    /// An entry as a stream that fails beyond `most` bytes, whatever the archive says its size is.
    ///
    /// # Errors
    /// An entry that cannot be opened, such as one that is encrypted or compressed by a method other than deflate.
    pub(crate) fn entry(&mut self, at: usize, most: u64) -> Result<(Bounded<impl Read + '_>, String), Problem> {
        let label = format!("{}/{}", self.label, shown(&self.names[at]));
        let entry = self.zip.by_index(at).map_err(|error| problem(&error, &label))?;
        if entry.size() > most {
            let message = format!("the entry has {} bytes; at most {most} were expected", entry.size());
            return Err(Problem::new(message).in_file(label));
        }
        Ok((Bounded { input: entry, left: most }, label))
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn problem(error: &ZipError, label: &str) -> Problem {
    Problem::new(format!("cannot read the archive: {error}")).help("is the download complete?").in_file(label)
}

/// A stream that fails, rather than ends, once it has given what it may.
pub(crate) struct Bounded<R> {
    input: R,
    left: u64,
}

impl<R> Bounded<R> {
    pub(crate) fn new(input: R, most: u64) -> Self {
        Self { input, left: most }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 && !buffer.is_empty() {
            // At the bound the input may just have ended.
            return match self.input.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(std::io::Error::other("more data than was expected")),
            };
        }
        let read = self.input.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_stream_gives_what_it_may_and_then_fails() {
        let mut text = String::new();
        assert_eq!(Bounded::new("abc".as_bytes(), 3).read_to_string(&mut text).unwrap(), 3);
        assert!(Bounded::new("abcd".as_bytes(), 3).read_to_string(&mut text).is_err());
    }
}
