//! No input makes a reader panic, take memory that the input does not warrant, or fail without saying where.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Write};

use cobden_data::{TableFormat, detect};
use common::r::{save, wiod2016};
use common::sheets::{ADB, WIOD2013, WIOD2016, grid, xlsb, xlsx};
use common::{Sample, zip};
use proptest::prelude::*;

/// Names and contents of the entries of an archive, or one content without a name.
type Parts = Vec<(String, Vec<u8>)>;

/// Files of every layout, with the format that reads them. Archives are given in parts, so that what is inside is broken rather than the
/// compression around it.
fn fixtures() -> Vec<(TableFormat, &'static str, Parts)> {
    let small = |sectors: &[&'static str], categories| Sample::new(&["AUS", "CHN", "ROW"], sectors, categories);
    let icio = common::flat::icio(&small(&["A01_02", "T"], 6)).into_bytes();
    let figaro = common::flat::figaro(&small(&["A01", "U"], 5)).into_bytes();
    let wiod = save("wiot", &wiod2016(&small(&["A01", "B"], 5)));
    let sheet = |style: &common::sheets::Style, sectors: &[&'static str]| grid(&small(sectors, 5), style);
    let plain = |bytes: Vec<u8>| vec![(String::new(), bytes)];
    vec![
        (TableFormat::Icio, "2019.csv", plain(icio)),
        (TableFormat::Figaro, "matrix_2019.csv", plain(figaro)),
        (TableFormat::Wiod2016, "WIOT2014.RData", plain(wiod)),
        (TableFormat::Wiod2016, "WIOT2014.xlsb", parts(&xlsb("2014", &sheet(&WIOD2016, WIOD2016.codes)))),
        (TableFormat::Wiod2013, "wiot09.xlsx", parts(&xlsx(&[("WIOT", &sheet(&WIOD2013, WIOD2013.codes))]))),
        (TableFormat::Adb, "ADB-MRIO-2023.xlsx", parts(&xlsx(&[("ADB", &sheet(&ADB, &["c1", "c2", "c3", "c4"]))]))),
        (TableFormat::Eora, "Eora26_2011.zip", text_parts(&["T", "FD", "VA"])),
        (TableFormat::Exiobase, "IOT_2020_ixi.zip", exiobase()),
    ]
}

fn parts(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let entries = 0..archive.len();
    let read = |at| {
        let mut entry = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut entry, &mut content).unwrap();
        (entry.name().unwrap().into_owned(), content)
    };
    entries.map(read).collect()
}

fn text_parts(names: &[&str]) -> Parts {
    let mut parts: Vec<(String, Vec<u8>)> =
        names.iter().map(|name| (format!("Eora26_2011_bp_{name}.txt"), b"1\t2\n3\t4\n".to_vec())).collect();
    parts[2].1 = b"5\t6\n".to_vec();
    parts.push(("labels_T.txt".to_owned(), b"A\tAFG\tI\tall\nB\tALB\tI\tall\n".to_vec()));
    parts.push(("labels_FD.txt".to_owned(), b"A\tAFG\tF\tall\nB\tALB\tF\tall\n".to_vec()));
    parts
}

fn exiobase() -> Parts {
    let z = "region\t\tAT\tBE\nsector\t\tx\tx\nregion\tsector\t\t\nAT\tx\t1\t2\nBE\tx\t3\t4\n";
    let f = "region\tAT\tBE\nsector\tx\tx\nCompensation of employees\t1\t2\n";
    let x = "region\tsector\tindout\nAT\tx\t6\nBE\tx\t14\n";
    [("Z.txt", z), ("Y.txt", z), ("x.txt", x), ("satellite/F.txt", f)]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .to_vec()
}

fn join(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    match parts {
        [(name, bytes)] if name.is_empty() => bytes.clone(),
        _ => zip(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>()),
    }
}

/// Reads, whatever comes of it; what is wrong has a file.
fn read(format: TableFormat, label: &str, bytes: &[u8]) {
    if let Err(problem) = format.read(Cursor::new(bytes), label, None) {
        let place = problem.place.as_ref().unwrap_or_else(|| panic!("no place: {problem}"));
        assert!(place.file.starts_with(label), "{problem}");
        assert!(place.line > 0 && place.column > 0, "{problem}");
    }
}

#[test]
fn the_fixtures_themselves_are_read() {
    for (format, label, parts) in fixtures() {
        let table = format.read(Cursor::new(join(&parts)), label, None);
        assert!(table.is_ok(), "{label}: {}", table.unwrap_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0usize..5) {
        let magic: &[u8] = [&b""[..], b"PK\x03\x04", b"RDX3\nX\n\0\0\0\x02\0\0\0\0\0\0\0\0", b"\x1f\x8b\x08", b"V1,AUS_A01,"][at];
        let bytes = [magic, &bytes].concat();
        let _ = detect("x", &bytes);
        for format in TableFormat::ALL {
            read(format, "x2011", &bytes);
        }
    }

    #[test]
    fn a_part_cut_short(which in 0usize..8, part in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let (format, label, mut parts) = fixtures().swap_remove(which);
        let part = part.index(parts.len());
        let bytes = &mut parts[part].1;
        bytes.truncate(at.index(bytes.len() + 1));
        read(format, label, &join(&parts));
    }

    #[test]
    fn bytes_changed(which in 0usize..8, part in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (format, label, mut parts) = fixtures().swap_remove(which);
        let part = part.index(parts.len());
        let bytes = &mut parts[part].1;
        for (at, byte) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        read(format, label, &join(&parts));
    }

    #[test]
    fn the_archive_itself_changed(which in 3usize..8, at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>(), cut in any::<bool>()) {
        let (format, label, parts) = fixtures().swap_remove(which);
        let mut bytes = join(&parts);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        read(format, label, &bytes);
    }
}

#[test]
fn a_few_bytes_do_not_become_gigabytes() {
    // Two gigabytes of zeros in two megabytes of bzip2 would take minutes; 64 MiB show the same: one vector that is longer than its content.
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    packed.write_all(b"X\n\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\x0e\x06\0\0\0").unwrap();
    (0..64).for_each(|_| packed.write_all(&vec![0; 1 << 20]).unwrap());
    read(TableFormat::Wiod2013, "wiot.RData", &packed.finish().unwrap());
    // A header of 4,000 labels asks for 2,000 regions by 2,000 sectors.
    let labels: String = (0..2000).map(|at| format!(",R{at}_S{at}")).collect();
    let problem = TableFormat::Icio.read(Cursor::new(format!("V1{labels},R0_HFCE\n")), "2019.csv", None).unwrap_err();
    assert!(problem.to_string().contains("2000 regions by 2000 sectors are more than any table"), "{problem}");
    // One line of 64 MB in an archive of 64 KB.
    let bytes = zip(&[("2019.csv", &vec![b'1'; 1 << 26])]);
    let problem = TableFormat::Icio.read(Cursor::new(bytes), "x.zip", None).unwrap_err();
    assert!(problem.to_string().contains("longer than 4194304 bytes"), "{problem}");
    // A text of 8 MB in a cell, in one piece and in many.
    let mut book = parts(&xlsx(&[("WIOT", &vec![vec![common::sheets::At::Number(1.0)]])]));
    let mut read_sheet = |cells: &[u8]| {
        let sheet = book.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
        sheet.1 = [b"<worksheet><sheetData><row>", cells, b"</row></sheetData></worksheet>"].concat();
        TableFormat::Wiod2013.read(Cursor::new(join(&book)), "wiot09.xlsx", None).unwrap_err().to_string()
    };
    let text = |content: &[u8]| [b"<c t=\"str\"><v>", content, b"</v></c>"].concat();
    let whole = read_sheet(&text(&vec![b'1'; 1 << 23]));
    assert!(whole.contains("longer than any cell"), "{whole}");
    let pieces = read_sheet(&text(&b"1111111<!-- -->".repeat(1 << 18)));
    assert!(pieces.contains("a text longer than any cell"), "{pieces}");
    let row = read_sheet(&text(&[b'1'; 1 << 15]).repeat(200));
    assert!(row.contains("more than 4194304 bytes of text in a row"), "{row}");
}
