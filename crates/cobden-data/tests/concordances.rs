//! The concordances that cobden carries: every code covered, totals kept, and held against lists that others made.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at any surprise, and says what it skipped"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cobden_data::concordance::countries::{self, Code};
use cobden_data::concordance::{self, Concordance, library};

/// A file of the shared test data.
fn shared(name: &str) -> Option<String> {
    let folder = match std::env::var_os("COBDEN_TEST_DATA") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let text = fs::read_to_string(folder.join(name)).ok();
    if text.is_none() {
        println!("skipped: {name} absent");
    }
    text
}

fn open(name: &str) -> Concordance {
    concordance::open(name).unwrap()
}

/// How many codes each has on either side: the numbers that the publishers give.
const SIZES: [(&str, usize, usize); 28] = [
    ("bec4-sna", 18, 3),
    ("comtrade-former-iso3", 10, 36),
    ("exiobase163names-exiobase163", 163, 163),
    ("exiobase163-icio50", 163, 49),
    ("gtap57-gtap65", 57, 65),
    ("gtap65-icio50", 65, 50),
    ("hs2022-gtap65", 5486, 45),
    ("hs2022-icio50", 5486, 27),
    ("icio2021-icio45", 45, 45),
    ("icio45-sections", 55, 20),
    ("icio50-icio45", 50, 45),
    ("isic3-isic4", 60, 88),
    ("isic3-wiod35", 60, 35),
    ("isic4-figaro64", 88, 64),
    ("isic4-icio45", 88, 45),
    ("isic4-icio50", 97, 50),
    ("isic4-sections", 88, 21),
    ("isic4-wiod56", 88, 56),
    ("iso3-exiobase3", 250, 49),
    ("iso3-figaro2024", 250, 46),
    ("iso3-figaro2025", 250, 50),
    ("iso3-gtap10", 250, 141),
    ("iso3-icio2021", 250, 67),
    ("iso3-icio2023", 250, 77),
    ("iso3-icio2025", 250, 81),
    ("iso3-wiod2013", 250, 41),
    ("iso3-wiod2016", 250, 44),
    ("wiod35-wiod35isic", 35, 35),
];

#[test]
fn each_names_its_source_and_has_the_size_of_its_lists() {
    for embedded in library::all() {
        for what in ["title", "source", "date", "licence"] {
            assert!(!embedded.says(what).is_empty(), "{} says nothing of {what}", embedded.name);
        }
    }
    let size = |name: &'static str| (name, open(name).codes().count(), open(name).targets().len());
    let sizes: Vec<(&str, usize, usize)> = library::all().iter().map(|embedded| size(embedded.name)).collect();
    assert_eq!(sizes, SIZES);
}

#[test]
fn totals_are_kept() {
    for embedded in library::all() {
        let table = open(embedded.name);
        let value = |at: usize| 1.0 + (at as f64 * 0.7).sin() * 1e3;
        let values: Vec<(&str, f64)> = table.codes().enumerate().map(|(at, code)| (code, value(at))).collect();
        let total: f64 = values.iter().map(|(_, value)| value).sum();
        let size: f64 = values.iter().map(|(_, value)| value.abs()).sum();
        let sum: f64 = table.apply(values).unwrap().values().sum();
        // Rounding of at most 6,000 additions: 6e3 times 1.1e-16 of the size, and room.
        assert!((sum - total).abs() <= 1e-12 * size, "{}: {sum} of {total}", embedded.name);
    }
}

#[test]
fn chains_lead_where_the_direct_way_does() {
    let by_steps = open("hs2022-gtap65").then(&open("gtap65-icio50")).unwrap();
    let direct = open("hs2022-icio50");
    let mut split = 0;
    for code in direct.codes() {
        let shares = by_steps.shares(code).unwrap();
        assert!(shares.iter().any(|(to, _)| to == direct.target(code).unwrap()), "{code}");
        split += usize::from(shares.len() > 1);
    }
    assert_eq!(by_steps.coverage(direct.codes()).guessed.len(), split, "who is split without weights is said to be");
    assert_eq!(split, 181, "83 of mining and 98 of transport equipment, which the direct table tells apart by chapter");
    // The 45 industries of the older editions are reached through the 50 as well as from the divisions.
    let older = open("isic4-icio50").then(&open("icio50-icio45")).unwrap();
    let straight = open("isic4-icio45");
    for code in straight.codes() {
        assert_eq!(older.target(code), straight.target(code), "{code}");
    }
    assert!(older.coverage(straight.codes()).guessed.is_empty(), "what came apart comes together again");
}

#[test]
fn industries_start_with_the_letter_of_their_section() {
    let sections = open("isic4-sections");
    for name in ["isic4-icio45", "isic4-icio50", "isic4-wiod56", "isic4-figaro64"] {
        let table = open(name);
        for code in sections.codes().filter(|code| *code != "99") {
            let letter = sections.target(code).unwrap();
            for (to, _) in table.shares(code).unwrap() {
                let fits = to.starts_with(letter) || (letter == "S" && to == "R_S");
                assert!(fits, "{name}: {code} is {letter}, not {to}");
            }
        }
    }
}

#[test]
fn classifications_of_one_origin_have_groups_in_common() {
    let common = open("isic4-wiod56").common(&open("isic4-figaro64")).unwrap();
    assert_eq!(common.first().unwrap().names(), common.second().unwrap().names());
    assert_eq!(common.groups().len(), 56, "FIGARO is finer in N, Q, R and S, and nowhere coarser");
    let common = open("isic4-icio50").common(&open("isic4-icio50")).unwrap();
    let joined = common.groups().iter().map(|(first, _)| first.join("+")).filter(|name| name.contains('+'));
    assert_eq!(joined.collect::<Vec<_>>(), ["C24A+C24B", "C301+C302T309"]);
    let problem = open("isic4-icio45").common(&open("isic3-wiod35")).unwrap_err();
    assert!(problem.message.contains("unknown code"), "{problem}");
}

#[test]
fn the_crosswalk_of_products_is_the_published_one() {
    let Some(text) = shared("lists/hs10_gtap_crosswalk.csv") else { return };
    let table = open("hs2022-gtap65");
    let mut seen = BTreeSet::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',').skip(1);
        let (code, sector) = (fields.next().unwrap(), fields.next().unwrap().to_lowercase());
        if sector != "na" {
            assert_eq!(table.target(code), Some(sector.as_str()), "{code}");
            seen.insert(code);
        }
    }
    assert_eq!(seen.len(), table.codes().count());
}

#[test]
fn regions_are_those_of_tables_that_others_read() {
    for (name, world) in [
        ("iso3-icio2023", "icio-2022-77x23"),
        ("iso3-icio2025", "ustariff-icio-2022"),
        ("iso3-wiod2016", "lashkaripour-wiod-2014"),
    ] {
        let Some(text) = shared(&format!("worlds/{world}/world.toml")) else { return };
        let line = text.lines().find(|line| line.starts_with("countries")).unwrap();
        let theirs: BTreeSet<&str> = line.split('"').skip(1).step_by(2).collect();
        assert_eq!(open(name).targets(), theirs, "{name}");
    }
}

#[test]
fn countries_are_found_by_any_code() {
    let known = "251 FRA;250 FRA;757 CHE;842 USA;840 USA;699 IND;579 NOR;490 TWN;158 TWN;4 AFG;ROM ROU;Viet Nam VNM;\
                 Korea, Rep. KOR;Bolivia (Plurinational State of) BOL;cote dIvoire CIV;SDS SSD;gb GBR;UK GBR;Türkiye TUR;\
                 Hong Kong, China HKG;DR Congo COD;Congo COG;Other Asia, nes TWN;S19 TWN;UAE ARE";
    for (text, iso3) in known.split(';').map(|pair| pair.rsplit_once(' ').unwrap()) {
        assert_eq!(countries::find(text).map(|country| country.iso3.as_str()), Some(iso3), "{text}");
    }
    assert!(["ROW", "FIGW1", "", "0", "xoc"].iter().all(|text| countries::find(text).is_none()));
    let numbers = countries::concordance(Code::Comtrade, Code::Iso3);
    assert_eq!((numbers.codes().count(), numbers.target("251")), (249, Some("FRA")));
    let differ = countries::all().iter().filter(|country| country.numeric != country.comtrade);
    assert_eq!(differ.count(), 6, "and no other has a code of its own at Comtrade");
}

#[test]
fn a_census_list_of_partners_names_countries() {
    let Some(text) = shared("lists/census_codes.csv") else { return };
    let names: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split('"').nth(1)).collect();
    let found = names.iter().filter(|name| countries::find(name).is_some()).count();
    assert!(names.len() > 200 && found * 100 >= names.len() * 85, "{found} of {}", names.len());
}

#[test]
fn weights_split_and_equal_parts_are_said_to_be_guessed() {
    let table = Concordance::read("# title: t\nto,from,weight\nX,a,3\nY,a,1\nX,b,\nY,b,\nZ,c,7\n", "w.csv").unwrap();
    assert_eq!(table.shares("a").unwrap(), [("X".to_owned(), 0.75), ("Y".to_owned(), 0.25)]);
    assert_eq!(table.coverage(["a", "b", "d"]).guessed, ["b"]);
    assert_eq!(table.coverage(["a", "b"]).unused, ["c"]);
    let coverage = open("isic4-icio45").coverage(["26", "2O"]);
    assert_eq!(coverage.missing.len(), 1);
    assert!(coverage.missing[0].0 == "2O" && coverage.missing[0].1.is_some());
    let sums = table.apply([("a", 8.0), ("b", 2.0)]).unwrap();
    assert_eq!(sums, BTreeMap::from([("X".to_owned(), 7.0), ("Y".to_owned(), 3.0)]));
    assert_eq!(table.apply([("q", 1.0)]).unwrap_err().to_string(), "unknown code \"q\" in w (known: a, b, c)");
    let problem = table.grouping(["a"]).unwrap_err();
    assert_eq!(problem.message, "\"a\" belongs to X, Y: it cannot be merged into one");
    assert_eq!(open("icio50-icio45").inverse().shares("C30").unwrap().len(), 2);
    let merged = open("icio50-icio45").grouping(["A01", "A02", "A03"]).unwrap();
    assert_eq!(merged.names().as_slice(), ["A01_02", "A03"]);
}

#[test]
fn what_is_wrong_is_placed() {
    for (text, said) in [
        ("", "the table has no header"),
        ("from,two\na,b\n", "w.csv:1:1: no column `to` (is \"two\" meant? Write to in its place)"),
        ("from,to\na,b\na,b\n", "w.csv:3:1: a to b stands twice"),
        ("from,to\na,\n", "w.csv:2:3: the code is empty"),
        ("from,to,weight\na,b,-1\n", "w.csv:2:5: the weight \"-1\" is not a positive number"),
        ("from,to,weight\na,b,NaN\n", "not a positive number"),
        ("# c\nfrom,to\na,b,c\n", "w.csv:3:1: the row has 3 fields, the header 2"),
        ("from,to\n\"a,b\n", "a quote is opened and not closed"),
    ] {
        let problem = Concordance::read(text, "w.csv").unwrap_err();
        assert!(problem.to_string().contains(said), "{said}\n{problem}");
    }
}

#[test]
fn correlation_tables_of_the_united_nations_are_read() {
    let text = "From HS2022,To HS2017\n10121,010121\n\"0102.21\",010221\n852411,852990\n852411,901380\n852411,852990\n";
    let table = Concordance::read_correlation(text, "HS2022toHS2017.csv").unwrap();
    assert_eq!((table.target("010121"), table.target("010221")), (Some("010121"), Some("010221")));
    assert_eq!(table.shares("852411").unwrap().len(), 2);
    let problem = Concordance::read_correlation("a,b\nNotes,see below\n", "x.csv").unwrap_err();
    assert!(problem.to_string().starts_with("x.csv:2:1: \"Notes\" is not a code"), "{problem}");
}
