//! Fetches one file: goes on where it was interrupted, checks what arrived, and names it only then.

use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use cobden_world::Problem;
use serde::Serialize;

use super::checksum::Sums;
use super::curl::{self, Ended};
use super::{Dataset, File, Kind};
use crate::Failure;
use crate::disk::failed;

/// How many connections may break before it is left to another run.
const CONNECTIONS: usize = 5;
/// What `curl` returns of a connection that ended early, timed out or broke: going on may help.
const BROKEN: [i32; 6] = [18, 28, 52, 55, 56, 92];
/// What `curl` returns if the server cannot go on in the middle of a file, or has another file by now.
const NO_RANGES: i32 = 33;

/// A file to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The data set that it is of.
    pub dataset: &'static Dataset,
    /// Which file: name, address, what is known of it.
    pub file: File,
    /// The folder to put it in.
    pub folder: PathBuf,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it is.
    pub path: PathBuf,
    /// Its length and checksums.
    pub sums: Sums,
    /// Whether it was fetched now; it may have been there.
    pub fresh: bool,
    /// Whether a checksum that its publisher states was compared.
    pub checked: bool,
}

/// What is written beside a file that was fetched, `NAME.source.toml`.
#[derive(Serialize)]
struct Source<'a> {
    dataset: &'a str,
    title: &'a str,
    edition: &'a str,
    address: &'a str,
    fetched: String,
    bytes: u64,
    sha256: &'a str,
    blake3: &'a str,
    licence: &'a str,
    citation: &'a str,
}

/// Fetches a file. While it arrives it is called `NAME.part`; it gets its name when its length, its kind and, where one is known, its checksum
/// are right, and `NAME.source.toml` beside it says where it is from. A file that is there already is checked and left alone. `progress` hears
/// how many bytes have arrived and how many there will be.
///
/// # Errors
/// [`Failure::Input`] without `curl`, without a network, where the server refuses, where what arrived is not the file: then nothing is under
/// its name. What has arrived over a connection that broke stays in `NAME.part`, and the next call goes on from there.
/// [`Failure::Stopped`] after [`stop`](super::stop).
pub fn fetch(wanted: &Wanted, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Fetched, Failure> {
    let address = &wanted.file.address;
    if !address.starts_with("https://") && !address.starts_with("http://") {
        let problem = Problem::new(format!("\"{address}\" is not an address that can be fetched"));
        return Err(problem.help("expected one that starts with https://").into());
    }
    let path = wanted.folder.join(&wanted.file.name);
    if path.exists() {
        return Ok(there(wanted, path)?);
    }
    fs::create_dir_all(&wanted.folder).map_err(|error| failed("make the folder", &wanted.folder, &error))?;
    let part = beside(&path, "part");
    arrive(wanted, &part, progress)?;
    let sums = match check(wanted, &part) {
        Ok(sums) => sums,
        Err(problem) => {
            remove(&part);
            return Err(problem.into());
        }
    };
    fs::rename(&part, &path).map_err(|error| failed("write", &path, &error))?;
    remove(&beside(&part, "tag"));
    record(wanted, &path, &sums)?;
    Ok(Fetched { path, sums, fresh: true, checked: wanted.file.sha1.is_some() })
}

/// A file that is there under its name.
fn there(wanted: &Wanted, path: PathBuf) -> Result<Fetched, Problem> {
    let sums = Sums::of(&path).map_err(|error| failed("read", &path, &error))?;
    match wrong(&wanted.file, &sums, None) {
        None => Ok(Fetched { path, sums, fresh: false, checked: wanted.file.sha1.is_some() }),
        Some(fault) => {
            let problem = Problem::new(format!("{} is there, and is not the published file: {fault}", path.display()));
            Err(problem.help("move it away and fetch it again"))
        }
    }
}

/// Fills `part` until all of it has arrived.
fn arrive(wanted: &Wanted, part: &Path, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<(), Failure> {
    let tag_file = beside(part, "tag");
    let (mut broken, mut fresh_start) = (0, false);
    loop {
        let before = length(part);
        if before > 0 && Some(before) == wanted.file.size {
            return Ok(());
        }
        let tag = fs::read_to_string(&tag_file).ok().filter(|_| before > 0);
        let ended = curl::transfer(&wanted.file.address, part, tag.as_deref(), progress);
        let ended = ended.map_err(|error| no_curl(&error))?;
        if let Some(tag) = &ended.tag {
            fs::write(&tag_file, tag).map_err(|error| failed("write", &tag_file, &error))?;
        }
        let arrived = length(part);
        match ended.code {
            Some(0) if ended.total.is_none_or(|total| total == arrived) => return Ok(()),
            None => {
                // A signal that ended curl is meant for cobden too, whose handler gets a moment to say so.
                sleep(Duration::from_secs(1));
                return Err(Failure::Stopped);
            }
            // All of it had arrived, or what had arrived is of another file: the whole again, once.
            Some(code) if before > 0 && !fresh_start && (code == NO_RANGES || ended.status == 416) => {
                fresh_start = true;
                remove(part);
                remove(&tag_file);
            }
            Some(code) if (code == 0 || BROKEN.contains(&code)) && broken + 1 < CONNECTIONS => broken += 1,
            Some(_) => return Err(refused(wanted, part, &ended).into()),
        }
    }
}

/// Whether what arrived is the file.
fn check(wanted: &Wanted, part: &Path) -> Result<Sums, Problem> {
    let file = &wanted.file;
    let mut start = [0; 512];
    let read = fs::File::open(part).and_then(|mut file| file.read(&mut start));
    let start = &start[..read.map_err(|error| failed("read", part, &error))?];
    let sums = Sums::of(part).map_err(|error| failed("read", part, &error))?;
    match wrong(file, &sums, Some(start)) {
        None => Ok(sums),
        Some(fault) => {
            let problem = Problem::new(format!("{} did not arrive as it is published: {fault}", file.name));
            Err(problem.help("nothing was kept; fetch it again, or in a browser"))
        }
    }
}

/// What is wrong with a file, as far as its length, its start and its checksum tell.
fn wrong(file: &File, sums: &Sums, start: Option<&[u8]>) -> Option<String> {
    if let Some(start) = start {
        let page = String::from_utf8_lossy(start).trim_start().to_lowercase();
        if page.starts_with("<!doctype html") || page.starts_with("<html") {
            return Some("the server sent a web page, perhaps one that wants a browser".to_owned());
        }
        if file.kind == Kind::Zip && !start.starts_with(b"PK") {
            return Some("it is no zip archive".to_owned());
        }
    }
    if let Some(size) = file.size.filter(|size| *size != sums.bytes) {
        return Some(format!("it has {} bytes, not {size}", sums.bytes));
    }
    let sha1 = file.sha1.as_ref().filter(|sha1| !sha1.eq_ignore_ascii_case(&sums.sha1));
    sha1.map(|sha1| format!("its SHA-1 is {}, not {sha1}", sums.sha1))
}

/// Writes where a file is from; staged and renamed, as all that cobden writes.
fn record(wanted: &Wanted, path: &Path, sums: &Sums) -> Result<(), Problem> {
    let (dataset, file) = (wanted.dataset, &wanted.file);
    let source = Source {
        dataset: &dataset.name,
        title: &dataset.title,
        edition: &dataset.edition,
        address: &file.address,
        fetched: crate::passport::now(),
        bytes: sums.bytes,
        sha256: &sums.sha256,
        blake3: &sums.blake3,
        licence: &dataset.licence,
        citation: &dataset.citation,
    };
    let text =
        toml::to_string(&source).map_err(|error| Problem::new(format!("cannot write where it is from: {error}")))?;
    let to = beside(path, "source.toml");
    let staged = tempfile::NamedTempFile::new_in(&wanted.folder).and_then(|mut staged| {
        staged.write_all(text.as_bytes())?;
        staged.persist(&to).map_err(|error| error.error)
    });
    staged.map(drop).map_err(|error| failed("write", &to, &error))
}

/// What a server, or the way to it, refused.
fn refused(wanted: &Wanted, part: &Path, ended: &Ended) -> Problem {
    let address = &wanted.file.address;
    let problem = match ended.status {
        404 | 410 => Problem::new(format!("{address} leads nowhere: the server answers {}", ended.status)),
        status if status >= 400 => Problem::new(format!("the server refuses {address}: it answers {status}")),
        _ => Problem::new(format!(
            "cannot fetch {address}: {}",
            if ended.said.is_empty() { "the connection broke" } else { &ended.said }
        )),
    };
    match length(part) {
        0 => {
            remove(part);
            remove(&beside(part, "tag"));
            problem
        }
        bytes => problem.help(format!("{bytes} bytes stay in {}: the same command goes on from there", part.display())),
    }
}

/// `curl` cannot be started.
fn no_curl(error: &std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::NotFound => {
            Problem::new("curl is not there, and it is what fetches").help("install curl, or get the file by hand")
        }
        _ => Problem::new(format!("cannot start curl: {error}")),
    }
}

/// `NAME.EXTENSION` for a file `NAME`, whose own extension stays.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Takes a file away that need not be there.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
