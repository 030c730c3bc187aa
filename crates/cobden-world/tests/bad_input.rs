//! Every bad input gives an error at its place that says what to do. One row per case; nothing here may panic.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use std::io::Read;

use cobden_world::{Content, Files, Format, MemoryFiles, Names, Problem, World, read_elasticities, read_tariffs, toy};

const MANIFEST: &str = r#"format = "cobden.world/1"
id = "tiny"
year = 2022
unit = "USD million"
source = "made up"
countries = ["USA", "CHN", "JPN"]
sectors = ["goods", "services, other"]
"#;

const FLOWS: &str = "importer,exporter,sector,value\nUSA,USA,goods,10\nUSA,CHN,goods,5\n";

fn tiny() -> MemoryFiles {
    MemoryFiles::new("tiny").with("world.toml", MANIFEST).with("flows.csv", FLOWS)
}

/// The message about a world with this file in place of its own.
fn message(name: &str, content: impl Into<Content>) -> String {
    match World::read(&tiny().with(name, content)) {
        Ok(_) => format!("{name} was read"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn the_tiny_world_itself_reads() {
    let world = World::read(&tiny()).unwrap();
    assert_eq!(world.origin.title, "tiny");
    assert_eq!(world.flows[[0, 1, 0]], 5.0);
    assert_eq!(world.flows.sum(), 15.0);
}

#[test]
fn tables_say_what_is_wrong_and_where() {
    let flows = "importer,exporter,sector,value\n";
    let cases: &[(&str, &str, &str)] = &[
        ("flows.csv", "USA,CNH,goods,1", r#"2:5: unknown country "CNH" (did you mean "CHN"?)"#),
        ("flows.csv", "USA,CHN,good,1", r#"2:9: unknown sector "good" (did you mean "goods"?)"#),
        ("flows.csv", "USA,CHN,goods,-5", "2:15: negative flow -5 (expected 0 or more)"),
        ("flows.csv", "USA,CHN,goods,NaN", "2:15: NaN is not a finite number"),
        ("flows.csv", "USA,CHN,goods,inf", "2:15: inf is not a finite number"),
        ("flows.csv", "USA,CHN,goods,1e999", "2:15: 1e999 is too large a number"),
        ("flows.csv", "USA,CHN,goods,five", r#"2:15: "five" is not a number"#),
        ("flows.csv", "USA,CHN,goods,", "2:15: the value is empty (expected a number)"),
        ("flows.csv", "USA,CHN,goods,10%", r#"2:15: "10%" is not a number (write 10 per cent as 0.1)"#),
        (
            "flows.csv",
            "USA,CHN,goods,1\nUSA,CHN,goods,1",
            "3:1: duplicate row for USA, CHN, goods (keep one of the rows)",
        ),
        ("flows.csv", "USA,CHN,goods", "2:14: the row has 3 fields, the header 4"),
        (
            "flows.csv",
            "USA,CHN,services, other,1",
            "2:25: the row has 5 fields, the header 4 (quote a name that holds a comma)",
        ),
        ("flows.csv", "USA,\"CHN,goods,1", "2:5: a quote is opened and not closed on its line"),
        (
            "flows.csv",
            "USA,\"CHN\"x,goods,1",
            "2:10: expected a comma after the closing quote (write a quote inside quotes twice)",
        ),
        // Columns count characters, not bytes.
        ("flows.csv", "USA,Ürümqi,goods,1", r#"2:5: unknown country "Ürümqi" (known: USA, CHN, JPN)"#),
        (
            "flows.csv",
            "\"USA\",\"CHN\",\"services; other\",1",
            r#"2:14: unknown sector "services; other" (did you mean "services, other"?)"#,
        ),
    ];
    for (name, row, expected) in cases {
        assert_eq!(message(name, format!("{flows}{row}\n")), format!("tiny/{name}:{expected}"), "{row}");
    }
}

#[test]
fn other_tables_say_what_they_refuse() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "tariffs.csv",
            "importer,exporter,sector,rate\nUSA,CHN,goods,-1\n",
            "2:15: tariff -1 leaves no positive price (rates are decimal and above -1: write 25 per cent as 0.25)",
        ),
        (
            "tariffs.csv",
            "importer,exporter,sector,rate\nUSA,USA,goods,0.1\n",
            "2:15: tariff 0.1 on domestic sales (a tariff never touches domestic sales; remove the row)",
        ),
        (
            "elasticities.csv",
            "sector,trade_elasticity\ngoods,0\n",
            "2:7: trade elasticity 0 is not above 0 (theta = sigma - 1, usually between 1 and 20)",
        ),
        (
            "elasticities.csv",
            "sector,trade_elasticity\ngoods,-3\n",
            "2:7: trade elasticity -3 is not above 0 (theta = sigma - 1, usually between 1 and 20)",
        ),
        (
            "elasticities.csv",
            "sector,trade_elasticity\ngoods,4\n",
            r#"1:1: no trade elasticity for sector "services, other" (add a row for it)"#,
        ),
        (
            "value_added.csv",
            "country,sector,value\nUSA,goods,-1\n",
            "2:11: negative value added -1 (expected 0 or more)",
        ),
        ("final.csv", "country,sector,value\nUSA,goods,-1\n", "2:11: negative final demand -1 (expected 0 or more)"),
        (
            "political_weights.csv",
            "country,sector,weight\nUSA,goods,-1\n",
            "2:11: negative political weight -1 (expected 0 or more)",
        ),
        (
            "inputs.csv",
            "country,input,user,value\nUSA,goods,gods,1\n",
            r#"2:11: unknown sector "gods" (did you mean "goods"?)"#,
        ),
    ];
    for (name, content, expected) in cases {
        assert_eq!(message(name, *content), format!("tiny/{name}:{expected}"));
    }
    let weights = "country,sector,weight\nUSA,goods,2\n";
    assert_eq!(
        message("political_weights.csv", weights),
        "tiny/world.toml:1:1: political_weights: the weights of USA average 1.5, not 1 (divide each by their mean)"
    );
}

#[test]
fn headers_say_what_is_missing() {
    let cases: &[(&str, &str)] = &[
        ("importer,exporter,sector,valeu\n", r#"1:26: unknown column "valeu" (did you mean "value"?)"#),
        ("importer,exporter,sector\n", r#"1:1: no column "value" (expected importer,exporter,sector,value)"#),
        (
            "importer,exporter,sector,value,value\n",
            r#"1:32: column "value" stands twice (expected importer,exporter,sector,value)"#,
        ),
        (
            "importer;exporter;sector;value\n",
            r#"1:1: unknown column "importer;exporter;sector;value" (columns are separated by commas)"#,
        ),
        ("", "1:1: the table has no header (expected importer,exporter,sector,value)"),
        ("# only a comment\n\n", "1:1: the table has no header (expected importer,exporter,sector,value)"),
    ];
    for (content, expected) in cases {
        assert_eq!(message("flows.csv", *content), format!("tiny/flows.csv:{expected}"));
    }
}

#[test]
fn the_manifest_says_what_is_wrong_and_where() {
    let cases: &[(&str, &str, &str)] = &[
        ("unit =", "unti =", r#"4:1: unknown key "unti" (did you mean "unit"?)"#),
        (
            "cobden.world/1",
            "cobden.world/9",
            r#"1:10: the format is not "cobden.world/1" (this version of cobden reads no other)"#,
        ),
        ("2022", "\"2022\"", "3:8: expected a year, e.g. 2022"),
        ("2022", "99999999999", "3:8: expected a year, e.g. 2022"),
        ("\"CHN\"", "\"USA\"", r#"6:21: the country "USA" stands twice"#),
        ("\"CHN\"", "7", "6:21: expected a name in quotes"),
        ("\"CHN\"", "\"\"", r#"6:21: the country "" is empty"#),
        ("\"CHN\"", "\"*\"", r#"6:21: the country "*" would mean all or all but, in a study"#),
        ("[\"goods\", \"services, other\"]", "[]", "7:11: expected at least one sector"),
        ("[\"goods\", \"services, other\"]", "\"goods\"", "7:11: expected a list of names in quotes"),
        (
            "id = \"tiny\"\n",
            "",
            r#"1:1: no "id" in the manifest (required: format, id, year, unit, source, countries, sectors)"#,
        ),
        ("other\"]\n", "other\"]\n[members]\nCHM = [\"CHN\"]\n", r#"9:1: unknown country "CHM" (did you mean "CHN"?)"#),
        (
            "other\"]\n",
            "other\"]\n[members]\nCHN = [\"CHN\", \"HKG\"]\nUSA = [\"HKG\"]\n",
            r#"10:8: "HKG" is a member of CHN already"#,
        ),
    ];
    for (from, to, expected) in cases {
        assert!(MANIFEST.contains(from), "{from}");
        assert_eq!(message("world.toml", MANIFEST.replacen(from, to, 1)), format!("tiny/world.toml:{expected}"));
    }
    assert!(message("world.toml", "id = [\n").starts_with("tiny/world.toml:1:"), "a syntax error has a place");
    let none = World::read(&tiny().without("world.toml")).unwrap_err().to_string();
    assert!(none.starts_with("tiny/world.toml:1:1: no world.toml here"), "{none}");
    let none = World::read(&tiny().without("flows.csv")).unwrap_err().to_string();
    assert!(none.starts_with("tiny/flows.csv:1:1: no flows.csv or flows.parquet here"), "{none}");
}

#[test]
fn a_problem_shows_its_line_and_how_wide_it_is() {
    let flows = "importer,exporter,sector,value\nUSA, CNH ,goods,1\n";
    let place = World::read(&tiny().with("flows.csv", flows)).unwrap_err().place.unwrap();
    assert_eq!((place.line, place.column, place.width), (2, 6, 3));
    assert_eq!(place.text.as_deref(), Some("USA, CNH ,goods,1"));
}

#[test]
fn text_that_is_not_utf8_has_a_line_and_a_column() {
    let mut bytes = FLOWS.as_bytes().to_vec();
    bytes.extend(b"J\xc3\xbcP,\xff,goods,1\n");
    let expected = "tiny/flows.csv:4:5: not UTF-8 text (save the file with UTF-8 encoding)";
    assert_eq!(message("flows.csv", bytes), expected);
    let mut bytes = MANIFEST.as_bytes().to_vec();
    bytes.extend(b"note = \"\xff\"\n");
    let expected = "tiny/world.toml:8:9: not UTF-8 text (save the file with UTF-8 encoding)";
    assert_eq!(message("world.toml", bytes), expected);
}

#[test]
fn what_spreadsheets_write_is_read() {
    let text = "\u{feff}# made up\r\n#second\r\n\r\nvalue,sector,exporter,importer\r\n 5 , \"services, other\" ,\"CHN\",USA\r\n\r\n";
    let world = World::read(&tiny().with("flows.csv", text)).unwrap();
    assert_eq!(world.flows[[0, 1, 1]], 5.0);
    let sectors = Names::new(["a \"b\"".to_owned()]).unwrap();
    let files = MemoryFiles::new("").with("set.csv", "# one\n#  two\nsector,trade_elasticity\n\"a \"\"b\"\"\",4");
    let set = read_elasticities(&files, "set", &sectors).unwrap();
    assert_eq!((set.comments, set.trade_elasticity[0]), (vec!["one".to_owned(), "two".to_owned()], 4.0));
}

#[test]
fn a_table_in_two_formats_or_in_none_is_refused() {
    let world = toy::two_countries();
    let parquet: MemoryFiles = world.to_files(Format::Parquet).unwrap().into_iter().collect();
    let both = parquet.with("flows.csv", "importer,exporter,sector,value\n");
    let problem = World::read(&both).unwrap_err().to_string();
    assert_eq!(problem, "flows.csv:1:1: flows.csv and flows.parquet are both there (keep one of them)");
    let files = tiny().with("tariffs.2005.csv", "importer,exporter,sector,rate\nUSA,CHN,goods,0.5\n");
    let world = World::read(&files).unwrap();
    let rates = read_tariffs(&files, "tariffs.2005", &world.countries, &world.sectors).unwrap();
    assert_eq!(rates[[0, 1, 0]].0, 0.5);
    let problem = read_tariffs(&files, "tariffs.2050", &world.countries, &world.sectors).unwrap_err();
    assert_eq!(problem.to_string(), r#"unknown table "tariffs.2050" (did you mean "tariffs.2005"?)"#);
}

#[test]
fn a_world_too_large_for_memory_is_refused_before_it_is_made() {
    let many: Vec<String> = (0..20_000).map(|n| format!("\"C{n}\"")).collect();
    let manifest = MANIFEST.replace("\"USA\", \"CHN\", \"JPN\"", &many.join(","));
    let expected = "tiny/flows.csv:1:1: flows would hold more than 16777216 cells (merge countries or sectors)";
    assert_eq!(message("world.toml", manifest), expected);
}

/// Bytes that never end, to be read and not held.
struct Endless {
    head: &'static [u8],
    tail: &'static [u8],
    position: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = match self.head.get(self.position) {
                Some(byte) => *byte,
                None => self.tail[(self.position - self.head.len()) % self.tail.len()],
            };
            self.position += 1;
        }
        Ok(buffer.len())
    }
}

/// The tiny world with flows that never end.
struct EndlessFlows {
    head: &'static [u8],
    tail: &'static [u8],
}

impl Files for EndlessFlows {
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem> {
        let (head, tail) = (self.head, self.tail);
        match name {
            "world.toml" => Ok(Some(Box::new(MANIFEST.as_bytes()))),
            "flows.csv" => Ok(Some(Box::new(Endless { head, tail, position: 0 }))),
            _ => Ok(None),
        }
    }

    fn names(&self) -> Result<Vec<String>, Problem> {
        Ok(vec!["world.toml".to_owned(), "flows.csv".to_owned()])
    }
}

#[test]
fn an_endless_file_is_refused_without_being_held() {
    let header = b"importer,exporter,sector,value\n";
    let cases: [(&[u8], &[u8], &str); 4] = [
        (header, b"9", "flows.csv:2:1: the line is longer than 65536 bytes (is this a CSV file?)"),
        (b"", b"\0", "flows.csv:1:1: the line is longer than 65536 bytes (is this a CSV file?)"),
        (header, b"USA,CHN,goods,1\n", "flows.csv:3:1: duplicate row for USA, CHN, goods (keep one of the rows)"),
        (header, b"\n\n\nUSA,CNH,goods,1\n", r#"flows.csv:5:5: unknown country "CNH" (did you mean "CHN"?)"#),
    ];
    for (head, tail, expected) in cases {
        let problem = World::read(&EndlessFlows { head, tail }).unwrap_err();
        assert_eq!(problem.to_string(), expected);
    }
}

#[test]
fn damaged_parquet_is_refused() {
    let files = toy::Toy::default().world().to_files(Format::Parquet).unwrap();
    let whole: MemoryFiles = files.iter().cloned().collect();
    let flows = whole.content("flows.parquet").unwrap().to_vec();
    for length in [0, 3, 4, 12, flows.len() / 2, flows.len() - 1] {
        let cut = whole.clone().with("flows.parquet", flows[..length].to_vec());
        let problem = World::read(&cut).unwrap_err().to_string();
        assert!(problem.starts_with("flows.parquet:1:1: cannot read as Parquet: "), "{problem}");
        assert!(problem.ends_with("(is the file truncated or damaged? write it again)"), "{problem}");
    }
}

#[test]
fn parquet_with_any_bit_turned_is_read_or_refused() {
    let files = toy::Toy::default().world().to_files(Format::Parquet).unwrap();
    let whole: MemoryFiles = files.iter().cloned().collect();
    let flows = whole.content("flows.parquet").unwrap().to_vec();
    let mut refused = 0;
    for at in 0..flows.len() {
        let mut turned = flows.clone();
        turned[at] ^= 1 << (at % 8);
        if let Err(problem) = World::read(&whole.clone().with("flows.parquet", turned)) {
            assert!(problem.to_string().starts_with("flows.parquet:"), "{problem}");
            refused += 1;
        }
    }
    assert!(refused > flows.len() / 4, "most turned bits do harm: {refused} of {}", flows.len());
}
