//! Fetching, from a server on loopback: whole, in pieces, and when it goes wrong.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod loopback;

use std::fs;
use std::path::Path;
use std::time::Duration;

use cobden::Failure;
use cobden::data::{self, Fetched, Kind, Wanted};
use loopback::{Manners, Server, archive, has_curl};

/// A file of the catalogue, from another address.
fn wanted(server: &Server, folder: &Path) -> Wanted {
    let dataset = data::find("oecd-icio-2025").unwrap();
    let mut file = dataset.file(Some(2022)).unwrap().unwrap();
    file.address = server.address.clone();
    Wanted { dataset, file, folder: folder.join("data") }
}

fn fetch(wanted: &Wanted) -> Result<Fetched, Failure> {
    data::fetch(wanted, &mut |_, _| {})
}

fn message(failure: Failure) -> String {
    match failure {
        Failure::Input(problem) => problem.to_string(),
        Failure::Stopped => "stopped".to_owned(),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_arrives_whole_and_says_where_it_is_from() {
    if !has_curl() {
        return;
    }
    let (folder, content) = (tempfile::tempdir().unwrap(), archive(300_000));
    let server = Server::new(&content, Manners::default());
    let mut wanted = wanted(&server, folder.path());
    let mut heard = Vec::new();
    let fetched = data::fetch(&wanted, &mut |arrived, total| heard.push((arrived, total))).unwrap();
    assert!(fs::read(&fetched.path).unwrap() == content);
    assert_eq!(fetched.sums.blake3, blake3::hash(&content).to_hex().to_string());
    assert!(fetched.fresh && !fetched.checked);
    assert_eq!(heard.last(), Some(&(300_000, Some(300_000))));
    assert_eq!(names(&wanted.folder), ["2016-2022_SML.zip", "2016-2022_SML.zip.source.toml"]);
    let source = fs::read_to_string(wanted.folder.join("2016-2022_SML.zip.source.toml")).unwrap();
    assert!(source.contains(&fetched.sums.sha256) && source.contains("Creative Commons"), "{source}");
    // It is there: nothing is fetched again, and what is known is compared.
    let again = fetch(&wanted).unwrap();
    assert!(!again.fresh && again.sums == fetched.sums && server.starts().len() == 1);
    wanted.file.sha1 = Some(fetched.sums.sha1.clone());
    assert!(fetch(&wanted).unwrap().checked);
    wanted.file.sha1 = Some("0".repeat(40));
    assert!(message(fetch(&wanted).unwrap_err()).contains("is not the published file: its SHA-1 is"));
}

#[test]
fn a_connection_that_breaks_is_taken_up_where_it_ended() {
    if !has_curl() {
        return;
    }
    let (folder, content) = (tempfile::tempdir().unwrap(), archive(10_000));
    let server = Server::new(&content, Manners { breaks_after: Some(1_500), ..Manners::default() });
    let wanted = wanted(&server, folder.path());
    // Five connections bring 7,500 bytes; the rest is left to another run.
    let said = message(fetch(&wanted).unwrap_err());
    assert!(said.contains("7500 bytes stay in"), "{said}");
    assert_eq!(names(&wanted.folder), ["2016-2022_SML.zip.part", "2016-2022_SML.zip.part.tag"]);
    let fetched = fetch(&wanted).unwrap();
    assert!(fs::read(&fetched.path).unwrap() == content);
    assert_eq!(server.starts(), [0, 1_500, 3_000, 4_500, 6_000, 7_500, 9_000]);
    assert_eq!(names(&wanted.folder), ["2016-2022_SML.zip", "2016-2022_SML.zip.source.toml"]);
}

#[test]
fn a_file_that_changed_meanwhile_is_fetched_afresh() {
    if !has_curl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let old = Server::new(&archive(10_000), Manners { breaks_after: Some(1_000), ..Manners::default() });
    let mut wanted = wanted(&old, folder.path());
    assert!(fetch(&wanted).is_err());
    let content: Vec<u8> = archive(12_000).into_iter().map(|byte| if byte > 200 { 1 } else { byte }).collect();
    let new = Server::new(&content, Manners { tag: "\"two\"", ..Manners::default() });
    wanted.file.address = new.address.clone();
    let fetched = fetch(&wanted).unwrap();
    assert!(fs::read(&fetched.path).unwrap() == content, "not half of the one and half of the other");
    // So is one from a server that cannot start in the middle.
    fs::remove_file(&fetched.path).unwrap();
    fs::write(wanted.folder.join("2016-2022_SML.zip.part"), &content[..5_000]).unwrap();
    let plain = Server::new(&content, Manners { ranges: false, ..Manners::default() });
    wanted.file.address = plain.address.clone();
    assert!(fs::read(fetch(&wanted).unwrap().path).unwrap() == content);
}

#[test]
fn what_had_all_arrived_is_not_asked_for_twice() {
    if !has_curl() {
        return;
    }
    let (folder, content) = (tempfile::tempdir().unwrap(), archive(5_000));
    let server = Server::new(&content, Manners::default());
    let mut wanted = wanted(&server, folder.path());
    fs::create_dir_all(&wanted.folder).unwrap();
    fs::write(wanted.folder.join("2016-2022_SML.zip.part"), &content).unwrap();
    wanted.file.size = Some(5_000);
    assert!(fs::read(fetch(&wanted).unwrap().path).unwrap() == content);
    assert!(server.starts().is_empty(), "its length is known");
    // Where it is not, the server says that there is no more, and the whole comes once more.
    fs::remove_file(wanted.folder.join("2016-2022_SML.zip")).unwrap();
    fs::write(wanted.folder.join("2016-2022_SML.zip.part"), &content).unwrap();
    wanted.file.size = None;
    assert!(fs::read(fetch(&wanted).unwrap().path).unwrap() == content);
}

#[test]
fn what_is_not_the_file_gets_no_name() {
    if !has_curl() {
        return;
    }
    let content = archive(2_000);
    let page = b"\n<!DOCTYPE html><html>Checking your browser</html>".to_vec();
    let mut cases = Vec::new();
    for (content, sha1, size, kind, said) in [
        (&content, Some("0".repeat(40)), None, Kind::Zip, "its SHA-1 is"),
        (&content, None, Some(3_000), Kind::Zip, "it has 2000 bytes, not 3000"),
        (&page, None, None, Kind::Csv, "the server sent a web page"),
        (&b"year,value\n".to_vec(), None, None, Kind::Zip, "it is no zip archive"),
    ] {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(content, Manners::default()));
        let mut wanted = wanted(&server, folder.path());
        (wanted.file.sha1, wanted.file.size, wanted.file.kind) = (sha1, size, kind);
        let text = message(fetch(&wanted).unwrap_err());
        assert!(text.contains(said) && text.contains("did not arrive as it is published"), "{text}");
        cases.push(names(&wanted.folder).into_iter().filter(|name| !name.ends_with(".tag")).count());
    }
    assert_eq!(cases, [0; 4], "nothing is left");
}

#[test]
fn servers_that_refuse_are_quoted() {
    if !has_curl() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (status, said) in
        [("404 Not Found", "leads nowhere: the server answers 404"), ("403 Forbidden", "it answers 403")]
    {
        let server = Server::new(b"", Manners { status: Some(status), ..Manners::default() });
        let wanted = wanted(&server, folder.path());
        let text = message(fetch(&wanted).unwrap_err());
        assert!(text.contains(said), "{text}");
        assert_eq!(server.starts().len(), 1, "it is not asked again");
        assert_eq!(names(&wanted.folder), Vec::<String>::new());
    }
    let mut nowhere = wanted(&Server::new(b"", Manners::default()), folder.path());
    nowhere.file.address = "http://127.0.0.1:9/file".to_owned(); // the port of `discard`: nobody listens
    assert!(message(fetch(&nowhere).unwrap_err()).starts_with("cannot fetch http://127.0.0.1:9/file"));
    for address in ["file:///etc/hostname", "--help", "ftp://localhost/x"] {
        nowhere.file.address = address.to_owned();
        assert!(message(fetch(&nowhere).unwrap_err()).contains("is not an address that can be fetched"));
    }
}

#[test]
fn slow_servers_are_waited_for() {
    if !has_curl() {
        return;
    }
    let (folder, content) = (tempfile::tempdir().unwrap(), archive(10_000));
    let server = Server::new(&content, Manners { pause: Duration::from_millis(100), ..Manners::default() });
    let wanted = wanted(&server, folder.path());
    let mut heard = Vec::new();
    data::fetch(&wanted, &mut |arrived, _| heard.push(arrived)).unwrap();
    assert!(
        heard.iter().any(|arrived| (1..10_000).contains(arrived)),
        "what arrives is heard of on the way: {heard:?}"
    );
    assert!(heard.is_sorted());
}
