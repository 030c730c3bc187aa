//! A small server on loopback with the manners of good and bad ones, for tests of fetching.
#![allow(dead_code, reason = "not every test needs every manner")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a server behaves.
#[derive(Clone, Debug)]
pub(crate) struct Manners {
    /// Whether it can start in the middle of a file.
    pub(crate) ranges: bool,
    /// It breaks off after so many bytes of each answer.
    pub(crate) breaks_after: Option<usize>,
    /// It waits so long between pieces of 1,000 bytes.
    pub(crate) pause: Duration,
    /// The status instead of the file.
    pub(crate) status: Option<&'static str>,
    /// The ETag of its file.
    pub(crate) tag: &'static str,
}

impl Default for Manners {
    fn default() -> Self {
        Self { ranges: true, breaks_after: None, pause: Duration::ZERO, status: None, tag: "\"one\"" }
    }
}

/// A server that ends with the test.
pub(crate) struct Server {
    /// The address of its file.
    pub(crate) address: String,
    /// The heads of all requests so far.
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves one file.
    pub(crate) fn new(content: &[u8], manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/file", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (content, log) = (content.to_vec(), Arc::clone(&requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that has gone away is what some tests are about.
                let _ = answer(stream, &content, &manners, &log);
            }
        });
        Self { address, requests }
    }

    /// Where each request started in the file.
    pub(crate) fn starts(&self) -> Vec<usize> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|head| start(head).unwrap_or(0)).collect()
    }
}

/// The `N` of `Range: bytes=N-`.
fn start(head: &str) -> Option<usize> {
    let line = head.lines().find_map(|line| line.strip_prefix("Range: bytes="))?;
    line.trim_end_matches('-').parse().ok()
}

fn answer(mut stream: TcpStream, content: &[u8], manners: &Manners, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte)? == 0 {
            return Ok(());
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let other = head.lines().find_map(|line| line.strip_prefix("If-Range: ")).is_some_and(|tag| tag != manners.tag);
    let start = start(&head).filter(|_| manners.ranges && !other);
    log.lock().unwrap().push(head);
    let (total, tag) = (content.len(), manners.tag);
    if let Some(status) = manners.status {
        return write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let rest = match start {
        Some(start) if start >= total => {
            return write!(
                stream,
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        Some(start) => {
            let range = format!("bytes {start}-{}/{total}", total - 1);
            write!(stream, "HTTP/1.1 206 Partial Content\r\nContent-Range: {range}\r\n")?;
            &content[start..]
        }
        None => {
            write!(stream, "HTTP/1.1 200 OK\r\n")?;
            content
        }
    };
    write!(stream, "ETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", rest.len())?;
    let sent = &rest[..rest.len().min(manners.breaks_after.unwrap_or(usize::MAX))];
    for piece in sent.chunks(1000) {
        stream.write_all(piece)?;
        std::thread::sleep(manners.pause);
    }
    stream.flush()
}

/// Whether the tests can run at all.
#[allow(clippy::print_stdout, reason = "says what is skipped")]
pub(crate) fn has_curl() -> bool {
    let there = Command::new("curl").arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: curl absent");
    }
    there
}

/// Bytes that look like a zip archive and repeat nowhere.
pub(crate) fn archive(length: usize) -> Vec<u8> {
    let mut state = 7_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    b"PK\x03\x04".iter().copied().chain(noise).take(length).collect()
}
