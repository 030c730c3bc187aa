//! The list of data sets holds what it promises.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use cobden_data::catalogue::{self, Access, Dataset};

const WANTED: &str = "oecd-icio-2021 oecd-icio-2023 oecd-icio-2025 wiod-2016 wiod-2013 exiobase-3 eora26 figaro-2025 adb-mrio gtap baci-hs22 \
                      itpd-e itpd-s wits-trains macmap-hs6 teti-gtd wdi-gdp census-imports usitc-hts";

#[test]
fn every_entry_is_whole() {
    let all = catalogue::read(catalogue::TEXT).unwrap();
    assert_eq!(all, catalogue::all());
    let names: BTreeSet<&str> = all.iter().map(|dataset| dataset.name.as_str()).collect();
    assert_eq!(names.len(), all.len(), "no name stands twice");
    assert!(WANTED.split_whitespace().all(|name| names.contains(name)));
    for dataset in &all {
        whole(dataset);
    }
}

fn whole(dataset: &Dataset) {
    let name = &dataset.name;
    assert_eq!(dataset.verified, dataset.unsure.is_none(), "{name}: what was not checked is said, and only that");
    let by_program = dataset.access == Access::Program;
    assert_eq!(by_program, !dataset.files.is_empty(), "{name}: a program can fetch files that have an address");
    assert!(dataset.page.starts_with("https://"), "{name}");
    let said = [&dataset.title, &dataset.licence, &dataset.citation, &dataset.redistribution, &dataset.command];
    assert!(said.iter().all(|text| !text.trim().is_empty()), "{name}");
    for file in &dataset.files {
        let hexadecimal = |hash: &String| hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(file.address.starts_with("https://"), "{name}");
        assert!(!file.name.contains(['/', '\\']), "{name}: a name, not a path");
        assert!(file.sha1.as_ref().is_none_or(|hash| hash.len() == 40 && hexadecimal(hash)), "{name}");
        assert!(file.sha256_seen.as_ref().is_none_or(|hash| hash.len() == 64 && hexadecimal(hash)), "{name}");
        assert_eq!(file.sha256_seen.is_some(), file.seen.is_some(), "{name}");
        assert!(file.first.unwrap_or(0) <= file.last.unwrap_or(0), "{name}");
    }
}

#[test]
fn a_year_leads_to_its_file() {
    let file = |name: &str, year| catalogue::find(name).unwrap().file(year);
    assert_eq!(file("oecd-icio-2025", Some(1998)).unwrap().unwrap().name, "1995-2000_SML.zip");
    let exiobase = file("exiobase-3", Some(2011)).unwrap().unwrap();
    assert_eq!(exiobase.address, "https://zenodo.org/records/15689391/files/IOT_2011_ixi.zip");
    assert_eq!(file("census-imports", Some(2024)).unwrap().unwrap().name, "IMDB2412.ZIP");
    assert_eq!(file("usitc-hts", None).unwrap().unwrap().name, "hts.csv");
    assert!(file("gtap", Some(2017)).unwrap().is_none(), "no program can fetch it");
    assert_eq!(file("oecd-icio-2025", Some(1990)).unwrap_err().message, "no file of oecd-icio-2025 holds 1990");
    assert!(file("oecd-icio-2025", None).unwrap_err().message.contains("several files"));
    assert!(file("exiobase-3", None).unwrap_err().help.unwrap().contains("--year"));
    assert_eq!(catalogue::find("wiod-2061").unwrap_err().help.unwrap(), "did you mean \"wiod-2016\"?");
}

#[test]
fn a_list_that_is_wrong_is_placed() {
    let problem = catalogue::read("[[dataset]]\nname = \"x\"\ntitel = \"y\"\n").unwrap_err();
    let place = problem.place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (3, 1), "{problem}");
}
