//! Header arrays: what is written reads back equal, and what is read writes back byte for byte.

use cobden_data::har::{Cells, Dimension, Elements, HarFile, Header, Matrix, Reader, Reals, Values};
use cobden_world::Names;
use ndarray::{Array, IxDyn};
use proptest::prelude::*;

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number}")).collect()
}

fn known(set: &str, count: usize) -> Dimension {
    Dimension { set: set.to_owned(), size: count, elements: Elements::Known(names(set, count)) }
}

fn header(name: &str, values: Values) -> Header {
    Header { name: name.to_owned(), long_name: format!("what {name} is"), values }
}

fn reals(dimensions: Vec<Dimension>, cells: Cells) -> Values {
    Values::Reals(Reals { coefficient: "COEFFICIENT".to_owned(), dimensions, cells })
}

/// Every type, with sizes that need one record and several.
fn everything() -> HarFile {
    let many = |count: usize| (0..count).map(|at| (at as f32).sin()).collect::<Vec<f32>>();
    let unknown = Dimension { set: "YEARS".to_owned(), size: 4, elements: Elements::Unknown };
    let single = Dimension { set: "REG".to_owned(), size: 1, elements: Elements::Single("REG7".to_owned()) };
    let bare = Dimension { set: String::new(), size: 5, elements: Elements::Unknown };
    let record = b"    whatever a later version writes".to_vec();
    HarFile {
        headers: vec![
            header("REG", Values::Texts { width: 12, texts: names("REG", 9) }),
            header("XXHS", Values::Texts { width: 60, texts: names("made by hand, ", 1000) }),
            header("NONE", Values::Texts { width: 12, texts: Vec::new() }),
            header("FULL", reals(vec![known("COMM", 3), known("REG", 9), known("REG", 9)], Cells::Full(many(243)))),
            header("LONG", reals(vec![known("HS6", 9000), known("REG", 2)], Cells::Full(many(18000)))),
            header("WIDE", reals(vec![known("COMM", 70), known("REG", 150), known("X", 3)], Cells::Full(many(31500)))),
            header("EMPT", reals(vec![known("COMM", 3), known("NONE", 0)], Cells::Full(Vec::new()))),
            header("MIXD", reals(vec![known("COMM", 3), unknown, single], Cells::Full(many(12)))),
            header("BARE", reals(vec![bare], Cells::Full(many(5)))),
            header("SCAL", reals(Vec::new(), Cells::Full(vec![0.1]))),
            header("SPRS", reals(vec![known("REG", 9), known("REG", 9)], Cells::Sparse(vec![(3, 1.5), (80, -2.0)]))),
            header("ZERO", reals(vec![known("REG", 9)], Cells::Sparse(Vec::new()))),
            header(
                "SPRL",
                reals(vec![known("HS6", 9000)], Cells::Sparse((0..9000).map(|at| (at, at as f32)).collect())),
            ),
            header(
                "INTS",
                Values::Integers(Matrix { rows: 3, columns: 2, values: vec![1, -2, 3, i32::MAX, i32::MIN, 0] }),
            ),
            header("MANY", Values::Integers(Matrix { rows: 8001, columns: 2, values: (0..16002).collect() })),
            header("MATR", Values::Matrix(Matrix { rows: 100, columns: 100, values: many(10000) })),
            header("NIL", Values::Integers(Matrix { rows: 0, columns: 4, values: Vec::new() })),
            header(
                "RLTV",
                Values::Other { kind: "RLFULL".to_owned(), dimensions: vec![2], records: vec![record.clone(), record] },
            ),
            header("LAST", Values::Texts { width: 12, texts: vec!["São Tomé".to_owned()] }),
        ],
    }
}

#[test]
fn every_type_reads_back_as_it_was_written() {
    let file = everything();
    let bytes = file.to_bytes().unwrap();
    let again = HarFile::read(&bytes[..], "all.har").unwrap();
    for (read, written) in again.headers.iter().zip(&file.headers) {
        assert_eq!(read, written);
    }
    assert_eq!(again.headers.len(), file.headers.len());
    assert_eq!(again.to_bytes().unwrap(), bytes);
}

#[test]
fn headers_come_one_at_a_time() {
    let bytes = everything().to_bytes().unwrap();
    let mut reader = Reader::new(&bytes[..], "all.har");
    let mut count = 0;
    while let Some(header) = reader.next_header().unwrap() {
        assert_eq!(header.long_name, format!("what {} is", header.name));
        count += 1;
    }
    assert_eq!(count, everything().headers.len());
}

/// The bytes of a header as FORMATS describes them, laid out by hand and not by the writer: two regions by two commodities.
fn by_hand() -> Vec<u8> {
    let mut file = Vec::new();
    let mut record = |parts: &[&[u8]]| {
        let payload = parts.concat();
        file.extend((payload.len() as i32).to_le_bytes());
        file.extend(&payload);
        file.extend((payload.len() as i32).to_le_bytes());
    };
    let ints = |list: &[i32]| list.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let wide = |text: &str, width: usize| format!("{text:<width$}").into_bytes();
    record(&[b"VST "]);
    record(&[b"    ", b"REFULL", &wide("Margin exports", 70), &ints(&[7, 2, 2, 1, 1, 1, 1, 1])]);
    let sets = [wide("COMM", 12), wide("REG", 12)].concat();
    record(&[b"    ", &ints(&[2, 1, 2]), &wide("VST", 12), &ints(&[1]), &sets, b"kk", &ints(&[0, 0, 0])]);
    record(&[b"    ", &ints(&[1, 2, 2]), &wide("food", 12), &wide("steel", 12)]);
    // The second set in two records.
    record(&[b"    ", &ints(&[2, 2, 1]), &wide("USA", 12)]);
    record(&[b"    ", &ints(&[1, 2, 1]), &wide("ROW", 12)]);
    record(&[b"    ", &ints(&[5, 7, 2, 2, 1, 1, 1, 1, 1])]);
    let floats = |list: &[f32]| list.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    record(&[b"    ", &ints(&[4, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])]);
    record(&[b"    ", &ints(&[3]), &floats(&[1.0, 2.0])]);
    record(&[b"    ", &ints(&[2, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])]);
    record(&[b"    ", &ints(&[1]), &floats(&[3.0, 4.5])]);
    file
}

#[test]
fn a_file_laid_out_by_hand_is_read() {
    let file = HarFile::read(&by_hand()[..], "hand.har").unwrap();
    let header = file.get("VST").unwrap();
    let array = header.array().unwrap();
    // Fortran order: the commodity runs fastest.
    assert_eq!((array[[0, 0]], array[[1, 0]], array[[0, 1]], array[[1, 1]]), (1.0, 2.0, 3.0, 4.5));
    let reals = header.as_reals().unwrap();
    assert_eq!(reals.dimensions[1].elements, Elements::Known(vec!["USA".to_owned(), "ROW".to_owned()]));
}

#[test]
fn sparse_and_dense_hold_the_same_array() {
    let rows = Names::new(names("R", 20)).unwrap();
    let mut values = ndarray::Array2::<f64>::zeros((20, 20));
    values[[3, 17]] = 0.5;
    let header = Header::reals("S", "mostly nothing", &[("R", &rows), ("R", &rows)], values.view().into_dyn()).unwrap();
    assert!(matches!(header.as_reals().unwrap().cells, Cells::Sparse(_)));
    assert_eq!(header.array().unwrap(), values.into_dyn());
}

#[test]
fn claims_are_not_believed() {
    let mut claims = by_hand();
    // Two billion commodities: in the descriptor, after 12 + 4 + 4 + 6 + 70 + 4 bytes.
    claims[100..104].copy_from_slice(&i32::MAX.to_le_bytes());
    assert!(HarFile::read(&claims[..], "big.har").unwrap_err().message.contains("set COMM has 2 elements"));
    // A record of a gigabyte that is not there.
    let bytes = [&(1i32 << 30).to_le_bytes()[..], b"VST "].concat();
    let problem = HarFile::read(&bytes[..], "big.har").unwrap_err();
    assert_eq!(problem.to_string(), "big.har:1:1: at byte 0: the file ends inside a record (is it truncated?)");
    // A sparse array of four billion cells with none in it is read, and not filled in.
    let large = |set: &str| Dimension { set: set.to_owned(), size: 60000, elements: Elements::Unknown };
    let file = HarFile { headers: vec![header("BIG", reals(vec![large("A"), large("B")], Cells::Sparse(Vec::new())))] };
    let again = HarFile::read(&file.to_bytes().unwrap()[..], "big.har").unwrap();
    assert!(again.headers[0].array().unwrap_err().message.contains("more than 134217728 cells"));
}

#[test]
fn faults_name_the_byte() {
    let bytes = by_hand();
    for length in 1..bytes.len() {
        let problem = HarFile::read(&bytes[..length], "cut.har").unwrap_err();
        assert!(problem.message.starts_with("at byte "), "{length}: {problem}");
    }
    let cases: [(usize, u8, &str); 3] = [
        (8, 5, "a record begins with length 4 and ends with 5"),
        (96, 9, "rank 9"),
        (0, 0xFD, "old version of GEMPACK"),
    ];
    for (at, byte, message) in cases {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        let problem = HarFile::read(&bytes[..], "bad.har").unwrap_err();
        assert!(problem.message.contains(message), "{problem}");
    }
}

#[test]
fn what_the_format_cannot_hold_is_refused() {
    let texts = |text: &str| Values::Texts { width: 12, texts: vec![text.to_owned()] };
    let two = Dimension { elements: Elements::Known(names("other", 2)), ..known("REG", 2) };
    let cases = [
        (header("TOOLONG", texts("a")), "longer than 4"),
        (header("", texts("a")), "needs a name"),
        (header("A", texts("thirteen char")), "longer than 12"),
        (header("A", texts("Łódź")), "not Latin-1"),
        (header("A", reals(vec![known("REG", 2)], Cells::Full(vec![1.0]))), "do not fill"),
        (header("A", reals(vec![known("REG", 2)], Cells::Sparse(vec![(2, 1.0)]))), "do not fill"),
        (header("A", reals(vec![known("REG", 2), two], Cells::Full(vec![0.0; 4]))), "two lists"),
    ];
    for (header, message) in cases {
        let problem = HarFile { headers: vec![header] }.to_bytes().unwrap_err();
        assert!(problem.message.contains(message), "{problem}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_array_survives(shape in prop::collection::vec(1usize..6, 1..5), sparse in any::<bool>(), seed in any::<u32>()) {
        let sets: Vec<(String, Names)> =
            shape.iter().enumerate().map(|(at, size)| (format!("SET{at}"), Names::new(names("e", *size)).unwrap())).collect();
        let sets: Vec<(&str, &Names)> = sets.iter().map(|(set, names)| (set.as_str(), names)).collect();
        let mut state = seed;
        let values = Array::from_shape_simple_fn(IxDyn(&shape), || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if sparse && state % 7 != 0 { 0.0 } else { f64::from(f32::from_bits(state & 0x7F7F_FFFF)) }
        });
        let header = Header::reals("ANY", "any array", &sets, values.view()).unwrap();
        let bytes = HarFile { headers: vec![header] }.to_bytes().unwrap();
        let again = HarFile::read(&bytes[..], "any.har").unwrap();
        prop_assert_eq!(again.headers[0].array().unwrap(), values);
        prop_assert_eq!(again.to_bytes().unwrap(), bytes);
    }
}
