//! Every way to get a study wrong: the message, the exact place, the advice.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use cobden::Study;
use common::problem_of;
use proptest::prelude::*;

const GOOD: &str = r#"title = "t"
world = "tiny"
[model]
preset = "armington"
[[case]]
name = "a"
tariffs = [ { importer = "USA", exporter = ["*", "!CHN"], sector = "AGR", add = "10%" } ]
[[case]]
name = "b"
from = "a"
headline = true
tariffs = []
"#;

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Study::parse(bytes, "s.toml");
    }

    #[test]
    fn no_damage_to_a_good_study_makes_the_reader_panic(at in 0..GOOD.len(), cut in 0_usize..40, put in "[a-z\"\\[\\]{}=!*%0-9é\n ]{0,12}") {
        let end = (at + cut).min(GOOD.len());
        let damaged = format!("{}{put}{}", &GOOD[..at], &GOOD[end..]);
        if let Err(problem) = Study::parse(damaged.into_bytes(), "s.toml") {
            prop_assert!(problem.place.is_some(), "{problem}");
        }
    }
}

/// `(study, line:column, part of the message, part of the advice)`.
type Bad = (&'static str, &'static str, &'static str, &'static str);

/// A study whose only case has this row.
fn with_row(row: &str) -> String {
    format!("title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"c\"\ntariffs = [\n{row}\n]\n")
}

fn check(text: &str, place: &str, message: &str, help: &str) {
    let problem = problem_of(text);
    let found = problem.place.as_ref().map(|place| format!("{}:{}", place.line, place.column)).unwrap_or_default();
    assert_eq!(found, place, "place of {problem}\n{text}");
    assert!(problem.message.contains(message), "\"{}\" does not say \"{message}\"", problem.message);
    let advice = problem.help.clone().unwrap_or_default();
    assert!(advice.contains(help), "\"{problem}\" does not advise \"{help}\"");
    let place = problem.place.unwrap();
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    assert_eq!(place.text.as_deref(), Some(line.trim_start_matches('\u{feff}')), "the line is shown");
}

#[test]
fn groups() {
    let with = |groups: &str, sector: &str| {
        let row = format!("{{ importer = \"USA\", exporter = \"*\", sector = \"{sector}\", add = \"1%\" }}");
        with_row(&row).replace("[[case]]", &format!("[groups]\n{groups}\n[[case]]"))
    };
    check(&with(r#"farm = ["AGR"]"#, "@frm"), "8:46", "unknown group \"frm\"", "\"farm\"");
    check(&with(r#"farm = ["AGR", "@all"]"#, "@farm"), "4:16", "not other groups", "");
    check(&with(r#"farm = ["AGS"]"#, "@farm"), "4:9", "unknown sector \"AGS\"", "\"AGR\"");
    check(&with(r#"farm = ["AGR"]"#, "!@farm"), "8:46", "not excluded as a whole", "one by one");
    check(&with("farm = 1", "@farm"), "4:8", "must be a name or a list of names", "");
}

#[test]
fn a_group_is_the_list_it_stands_for() {
    let row = |sector: &str| {
        let row = format!("{{ importer = \"USA\", exporter = \"*\", sector = {sector}, add = \"1%\" }}");
        let text = with_row(&row).replace("[[case]]", "[groups]\ngoods = [\"*\", \"!SERV\"]\n[[case]]");
        let study = Study::parse(text.into_bytes(), "s.toml").unwrap();
        study.cases[0].rows[0].sector.clone()
    };
    let (named, written) = (row("\"@goods\""), row("[\"*\", \"!SERV\"]"));
    assert!(named.is_open() && written.is_open());
    assert_eq!(named.named().count(), written.named().count());
}

#[test]
fn rows() {
    let cases: [Bad; 26] = [
        (
            r#"{ importer = "USB", exporter = "*", sector = "*", add = "1%" }"#,
            "6:14",
            "unknown country \"USB\"",
            "\"USA\"",
        ),
        (
            r#"{ importer = "USA", exporter = ["CHN", "JPM"], sector = "*", add = "1%" }"#,
            "6:40",
            "unknown country \"JPM\"",
            "\"JPN\"",
        ),
        (
            r#"{ importer = "USA", exporter = "!CHM", sector = "*", add = "1%" }"#,
            "6:32",
            "unknown country \"CHM\"",
            "\"CHN\"",
        ),
        (
            r#"{ importer = "USA", exporter = "*", sector = "AUTOS", add = "1%" }"#,
            "6:46",
            "unknown sector \"AUTOS\"",
            "\"AUTO\"",
        ),
        (
            r#"{ importer = "USA", exporter = "DEU", sector = "*", add = "1%" }"#,
            "6:32",
            "DEU is no region of its own",
            "part of EU27",
        ),
        (
            r#"{ importer = "USA", exporter = [], sector = "*", add = "1%" }"#,
            "6:32",
            "selects nothing",
            "\"*\" for all",
        ),
        (r#"{ importer = "USA", exporter = ["CHN", "!CHN"], sector = "*", add = "1%" }"#, "6:40", "named twice", ""),
        (
            r#"{ importer = "USA", exporter = ["!USA", "!CHN", "!JPN", "!EU27"], sector = "*", add = "1%" }"#,
            "6:32",
            "selects no country",
            "",
        ),
        (
            r#"{ importer = "USA", exporter = "USA", sector = "*", add = "1%" }"#,
            "6:32",
            "domestic sales alone",
            "another exporter",
        ),
        (
            r#"{ importer = "USA", exporter = 3, sector = "*", add = "1%" }"#,
            "6:32",
            "found a whole number",
            "a list of names",
        ),
        (
            r#"{ importer = "USA", exporter = ["CHN", 3], sector = "*", add = "1%" }"#,
            "6:40",
            "must be text in quotes",
            "",
        ),
        (
            r#"{ importer = "USA", sector = "*", add = "1%" }"#,
            "6:1",
            "a tariff row has no `exporter`",
            "exporter = \"NAME\"",
        ),
        (r#"{ importer = "USA", exporter = "*", sector = "*" }"#, "6:1", "changes nothing", "add = \"10%\""),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", add = "1%", set = "2%" }"#,
            "6:63",
            "add and set",
            "one of add",
        ),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", add = "ten" }"#,
            "6:57",
            "must be a rate, found \"ten\"",
            "\"10%\"",
        ),
        (r#"{ importer = "USA", exporter = "*", sector = "*", add = true }"#, "6:57", "found true or false", "\"10%\""),
        (r#"{ importer = "USA", exporter = "*", sector = "*", add = 10 }"#, "6:57", "1000 per cent", "\"10%\""),
        (r#"{ importer = "USA", exporter = "*", sector = "*", set = "-100%" }"#, "6:57", "above -100 per cent", "free"),
        (r#"{ importer = "USA", exporter = "*", sector = "*", set = nan }"#, "6:57", "must be a rate", ""),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", add = -1.5 }"#,
            "6:57",
            "brings the tariff of USA on AGR from CHN",
            "",
        ),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", ad = "1%" }"#,
            "6:51",
            "unknown key `ad` in a tariff row",
            "`add`",
        ),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", trade_cost = "5%", add = "5%" }"#,
            "6:51",
            "add and trade_cost",
            "one of add",
        ),
        (r#"{ importer = "USA", exporter = "*", sector = "*", trade_cost = 5 }"#, "6:64", "500 per cent", "\"5%\""),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", trade_cost = "-100%" }"#,
            "6:64",
            "above -100 per cent",
            "free",
        ),
        (
            r#"{ importer = "USA", exporter = "USA", sector = "*", trade_cost = "5%" }"#,
            "6:32",
            "domestic sales alone",
            "another exporter",
        ),
        (
            r#"{ importer = "USA", exporter = "*", sector = "*", as_of = 2 }"#,
            "6:51",
            "not in this version",
            "later version",
        ),
    ];
    for (row, place, message, help) in cases {
        check(&with_row(row), place, message, help);
    }
}

#[test]
fn cases() {
    let row = r#"tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "1%" } ]"#;
    let bad: [(String, &str, &str, &str); 16] = [
        (String::new(), "1:1", "the study has no `case`", "[[case]]"),
        ("case = 3".to_owned(), "3:8", "must be a list of tables", "[[case]]"),
        ("case = [3]".to_owned(), "3:9", "every item of `case` must be a table", ""),
        (format!("[[case]]\n{row}"), "3:1", "a case has no `name`", ""),
        (format!("[[case]]\nname = \" \"\n{row}"), "4:8", "`name` of a case is empty", ""),
        ("[[case]]\nname = \"a\"".to_owned(), "3:1", "a case has no `tariffs`", "tariffs = ["),
        ("[[case]]\nname = \"a\"\ntarifs = []".to_owned(), "5:1", "unknown key `tarifs`", "`tariffs`"),
        ("[[case]]\nname = \"a\"\nnash = { players = [] }".to_owned(), "5:20", "names nobody", ""),
        ("[[case]]\nname = \"a\"\nas_of = \"2025-04-10\"".to_owned(), "5:9", "`as_of` must be a day", "without quotes"),
        ("[[case]]\nname = \"a\"\nview = \"colected\"".to_owned(), "5:8", "unknown view", "\"collected\""),
        ("[[case]]\nname = \"a\"\ninclude = [\"rumoured\"]".to_owned(), "5:12", "unknown status of acts", "reported"),
        ("[[case]]\nname = \"a\"\nwithout = 3".to_owned(), "5:11", "`without` must be a list of texts", "without = ["),
        (
            format!("[[case]]\nname = \"a\"\n{row}\n[[case]]\nname = \"a\"\n{row}"),
            "7:8",
            "two cases are called \"a\"",
            "line 4",
        ),
        (format!("[[case]]\nname = \"alone\"\nfrom = \"alon\"\n{row}"), "5:8", "unknown case \"alon\"", "\"alone\""),
        (format!("[[case]]\nname = \"a\"\nheadline = 1\n{row}"), "5:12", "must be true or false", ""),
        (
            format!("[[case]]\nname = \"a\"\nheadline = true\n{row}\n[[case]]\nname = \"b\"\nheadline = true\n{row}"),
            "9:1",
            "a second headline",
            "case 1",
        ),
    ];
    for (cases, place, message, help) in bad {
        check(&format!("title = \"t\"\nworld = \"tiny\"\n{cases}\n"), place, message, help);
    }
}

#[test]
fn a_circle_of_cases_is_written_out() {
    let case = |name: &str, from: &str| format!("[[case]]\nname = \"{name}\"\nfrom = \"{from}\"\ntariffs = []\n");
    let text = format!(
        "title = \"t\"\nworld = \"tiny\"\n{}{}{}{}",
        case("d", "a"),
        case("a", "b"),
        case("b", "c"),
        case("c", "a")
    );
    check(&text, "9:8", "\"a\" -> \"b\" -> \"c\" -> \"a\"", "leave out its `from`");
    check(&format!("title = \"t\"\nworld = \"tiny\"\n{}", case("a", "a")), "5:8", "\"a\" -> \"a\"", "");
}

#[test]
fn the_head_and_the_model() {
    let case = "[[case]]\nname = \"a\"\ntariffs = []\n";
    let bad: [Bad; 16] = [
        ("world = \"tiny\"\n", "1:1", "the study has no `title`", ""),
        ("title = \"t\"\n", "1:1", "the study has no `world`", ""),
        ("title = \"t\"\nworld = 3\n", "2:9", "`world` must be text in quotes, found a whole number", ""),
        ("title = \"t\"\nwrold = \"tiny\"\n", "2:1", "unknown key `wrold` in the study", "`world`"),
        ("title = \"t\"\nworld = \"tiny\"\nmeasures = \"m\"\n", "3:1", "not in this version", ""),
        ("title = \"t\"\nworld = \"tiny\"\nbaseline = { as_off = 1 }\n", "3:14", "unknown key `as_off`", "`as_of`"),
        ("title = \"t\nworld = \"tiny\"\n", "1:11", "not valid TOML", ""),
        ("title = \"t\"\nworld = \"tiny\"\nmodel = 3\n", "3:9", "`model` must be a table", "[model]"),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\npreset = \"armingtom\"\n",
            "4:10",
            "unknown preset",
            "\"armington\"",
        ),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\nscale = 0.5\n",
            "4:1",
            "for the preset krugman alone",
            "constant returns",
        ),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\npreset = \"krugman\"\nscale = 1.5\n",
            "5:9",
            "a number from 0 to 1",
            "free entry",
        ),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\nlabour_supply_elasticity = -1\n",
            "4:28",
            "a number of 0 or more",
            "fixed labour",
        ),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\nlabour_supply = 1\n",
            "4:1",
            "unknown key `labour_supply`",
            "`labour_supply_elasticity`",
        ),
        ("title = \"t\"\nworld = \"tiny\"\n[model]\ndeficits = \"fix\"\n", "4:12", "unknown deficits", "\"fixed\""),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\nbaseline = \"balance\"\n",
            "4:12",
            "unknown baseline",
            "\"balanced\"",
        ),
        (
            "title = \"t\"\nworld = \"tiny\"\n[model]\ninput = false\n",
            "4:1",
            "unknown key `input` in [model]",
            "`inputs`",
        ),
    ];
    for (head, place, message, help) in bad {
        check(&format!("{head}{case}"), place, message, help);
    }
}

#[test]
fn columns_count_characters_and_a_byte_order_mark_is_nothing() {
    check("\u{feff}title = \"t\"\nworld = \"tiny\"\nβeta = 1\n", "3:1", "not valid TOML", "");
    check("\u{feff}titel = \"t\"\nworld = \"tiny\"\n", "1:1", "unknown key `titel`", "`title`");
    let row = r#"{ note = "日本", importer = "USA", exporter = "JPM", sector = "*", add = "1%" }"#;
    check(&with_row(row), "6:45", "unknown country", "\"JPN\"");
}

#[test]
fn text_that_could_steer_a_terminal_or_break_a_table_is_refused() {
    let case = |name: &str| format!("title = \"t\"\nworld = \"tiny\"\n[[case]]\nname = \"{name}\"\ntariffs = []\n");
    check(&case("a\\u001b[2J"), "4:8", "holds the control character \\u{1b}", "remove it");
    check(&case("a\\nb"), "4:8", "`name` of a case has more than one line", "note");
}
