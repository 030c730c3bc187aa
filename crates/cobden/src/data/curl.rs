//! The system's `curl` as a child: one transfer at a time, watched, and ended when cobden is.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

/// How often the child is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// A server that says nothing for so many seconds is given up.
const PATIENCE: &str = "60";

/// The transfers that go on, and the files that they fill.
static RUNNING: Mutex<Vec<(Child, PathBuf)>> = Mutex::new(Vec::new());

/// Ends every transfer that goes on, and tells which file the first was filling: what has arrived stays there. For the moment before cobden
/// itself ends.
pub fn stop() -> Option<PathBuf> {
    let mut running = running();
    for (child, _) in running.iter_mut() {
        // One that has ended by itself cannot be ended, and need not be.
        let _ = child.kill();
    }
    running.first().map(|(_, part)| part.clone())
}

fn running() -> MutexGuard<'static, Vec<(Child, PathBuf)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a transfer ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// What `curl` returned; `None` if a signal ended it.
    pub(super) code: Option<i32>,
    /// The status of HTTP; 0 if no answer came.
    pub(super) status: u16,
    /// What `curl` complained of.
    pub(super) said: String,
    /// What identifies this version of the file to the server: a strong ETag, else the date of its last change.
    pub(super) tag: Option<String>,
    /// Length of the whole file, as the server states it.
    pub(super) total: Option<u64>,
}

/// Fetches an address into `part`, from where `part` ends; if the server's file is no longer the one of `tag`, the transfer fails as one that
/// cannot go on.
pub(super) fn transfer(
    address: &str,
    part: &Path,
    tag: Option<&str>,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> io::Result<Ended> {
    let head = part.with_extension("head");
    let _ = fs::remove_file(&head);
    let mut command = Command::new("curl");
    command.args(["--fail", "--location", "--silent", "--show-error", "--continue-at", "-", "--connect-timeout", "30"]);
    command.args(["--speed-limit", "1", "--speed-time", PATIENCE, "--write-out", "%{http_code}"]);
    // Nobody is led from a safe address to an unsafe one.
    let protocols = if address.starts_with("http://") { "=http,https" } else { "=https" };
    command.args(["--proto", protocols, "--proto-redir", protocols]);
    command.arg("--dump-header").arg(&head).arg("--output").arg(part);
    if let Some(tag) = tag {
        command.arg("--header").arg(format!("If-Range: {tag}"));
    }
    command.arg("--url").arg(address).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn()?;
    let id = child.id();
    running().push((child, part.to_owned()));
    let ended = watch(id, part, &head, progress);
    let child = {
        let mut running = running();
        running.iter().position(|(child, _)| child.id() == id).map(|at| running.remove(at))
    };
    let answer = Head::read(&head);
    let _ = fs::remove_file(&head);
    let (status, said) = child.map(|(child, _)| words(child)).unwrap_or_default();
    Ok(Ended { code: ended?.code(), status, said, tag: answer.tag, total: answer.total })
}

/// Waits for the end, telling on the way how much has arrived.
fn watch(id: u32, part: &Path, head: &Path, progress: &mut dyn FnMut(u64, Option<u64>)) -> io::Result<ExitStatus> {
    let mut total = None;
    loop {
        let status = match running().iter_mut().find(|(child, _)| child.id() == id) {
            Some((child, _)) => child.try_wait()?,
            None => return Err(io::Error::from(ErrorKind::NotFound)),
        };
        if total.is_none() {
            total = Head::read(head).total;
        }
        progress(fs::metadata(part).map_or(0, |part| part.len()), total);
        match status {
            Some(status) => return Ok(status),
            None => sleep(LOOK),
        }
    }
}

/// The status of HTTP and the complaint of a child that has ended.
fn words(mut child: Child) -> (u16, String) {
    let (mut status, mut said) = (String::new(), String::new());
    if let Some(mut out) = child.stdout.take() {
        let _ = out.read_to_string(&mut status);
    }
    if let Some(mut err) = child.stderr.take() {
        let _ = err.read_to_string(&mut said);
    }
    (status.trim().parse().unwrap_or(0), said.trim().trim_start_matches("curl: ").to_owned())
}

/// What the last answer of a server says at its head; answers that lead elsewhere come before it.
#[derive(Debug, Default)]
struct Head {
    tag: Option<String>,
    total: Option<u64>,
}

impl Head {
    fn read(path: &Path) -> Self {
        // Some kilobytes; while curl still writes, the end may be missing.
        Self::parse(&String::from_utf8_lossy(&fs::read(path).unwrap_or_default()))
    }

    fn parse(text: &str) -> Self {
        let mut head = Self::default();
        let mut changed = None;
        for line in text.lines() {
            if line.starts_with("HTTP/") {
                (head, changed) = (Self::default(), None);
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "etag" if value.starts_with('"') => head.tag = Some(value.to_owned()),
                "last-modified" => changed = Some(value.to_owned()),
                "content-length" => head.total = head.total.or_else(|| value.parse().ok()),
                "content-range" => head.total = value.rsplit_once('/').and_then(|(_, total)| total.parse().ok()),
                _ => {}
            }
        }
        head.tag = head.tag.or(changed);
        head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_answer_counts() {
        let head = Head::parse(
            "HTTP/1.1 302 Found\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\nHTTP/1.1 206 Partial Content\r\ncontent-range: bytes 5-9/10\r\n\
             content-length: 5\r\nLast-Modified: Tue, 01 Jan 2030 00:00:00 GMT\r\n\r\n",
        );
        assert_eq!((head.total, head.tag.as_deref()), (Some(10), Some("Tue, 01 Jan 2030 00:00:00 GMT")));
        let head = Head::parse("HTTP/2 200\r\netag: W/\"weak\"\r\ncontent-length: 7\r\n");
        assert_eq!((head.total, head.tag), (Some(7), None));
    }
}
