//! Bad files: each is an error at its place, with what to do.

mod common;

use cobden_measures::{Date, Question, Register, Text};

/// A measure on cars and what is under test below it.
fn law(rest: &str) -> String {
    format!(
        "[[measure]]\nid = \"us.cars\"\nimporter = \"USA\"\nauthority = \"232\"\nproducts = [\"8703\"]\n\
         [[act]]\nannounced = 2025-01-01\ncite = \"X 1\"\nchange = [{{ measure = \"us.cars\", rate = \"25%\", from = 2025-02-01 }}]\n{rest}"
    )
}

/// What `file:line:column: message (help)` says about a file.
fn refused(content: &str) -> String {
    common::one(content).expect_err("it is wrong").to_string()
}

#[test]
fn names_that_nobody_defined() {
    for (rest, expected) in [
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.car\", rate = 1, from = 2025-02-01 }]",
            "law.toml:13:23: unknown measure \"us.car\" (did you mean \"us.cars\"?)",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", partners = [\"@eu\"], rate = 1, from = 2025-02-01 }]",
            "law.toml:13:46: unknown group \"eu\"",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", partners = \"USAA\", rate = 1, from = 2025-02-01 }]",
            "law.toml:13:45: unknown country \"USAA\" (did you mean \"USA\"?)",
        ),
        (
            "[[measure]]\nid = \"us.parts\"\nimporter = \"USA\"\nauthority = \"232\"\nproducts = [\"@us.prats\"]\n[list.\"us.parts\"]\nhs = \"8708\"",
            "law.toml:14:13: unknown product list \"us.prats\" (did you mean \"us.parts\"?)",
        ),
        (
            "[[measure]]\nid = \"us.parts\"\nimporter = \"USA\"\nauthority = \"232\"\nexempt = [{ claim = \"usmca\" }]\n[group.usmc]\nmembers = [\"CAN\"]",
            "law.toml:14:21: unknown claim \"usmca\" (did you mean \"usmc\"?)",
        ),
    ] {
        assert_eq!(refused(&law(rest)), expected);
    }
}

#[test]
fn keys_spans_and_citations() {
    for (rest, expected) in [
        (
            "[[act]]\nannounced = 2025-01-02\nsite = \"X 2\"\nchange = []",
            "law.toml:12:1: unknown key `site` in an act (did you mean `cite`?)",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\nchange = [{ measure = \"us.cars\", rate = 1, from = 2025-02-01 }]",
            "law.toml:10:1: an act has no `cite` (what counts as law names its public source, e.g. cite = \"EO 14257, 90 FR 15041\")",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", rate = 1, from = 2025-02-01, until = 2025-02-01 }]",
            "law.toml:13:71: until 2025-02-01 is not after from 2025-02-01 (`until` is the first day on which it no longer holds)",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\nstatus = \"reported\"\nchange = [{ measure = \"us.cars\", rate = 1, from = 2025-02-01 }]",
            "law.toml:10:1: an act has no `probability` (a report is not law: say how likely it is, between 0 and 1)",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", rate = \"total15%\", from = 2025-02-01 }]",
            "law.toml:13:41: \"total15%\" is not a rate (did you mean `total`?)",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", line = \"vans\", do = \"suspend\", from = 2025-02-01 }]",
            "law.toml:13:11: us.cars on line \"vans\" has nothing to suspend that was announced by 2025-01-02",
        ),
        (
            "[[act]]\nannounced = 2025-01-02\ncite = \"X 2\"\nchange = [{ measure = \"us.cars\", do = \"end\", points = 5, from = 2025-02-01 }]",
            "law.toml:13:46: `points` means nothing in a change with do = \"end\"",
        ),
    ] {
        assert_eq!(refused(&law(rest)), expected);
    }
}

#[test]
fn two_rates_that_mean_a_cell_equally() {
    let second = |change: &str| law(&format!("[[act]]\nannounced = 2025-01-01\ncite = \"X 2\"\nchange = [{change}]"));
    let expected = "law.toml:13:11: two rates of us.cars mean any good from ABW equally closely \
                    (the other is in law.toml:9:11; narrow one of them)";
    assert_eq!(refused(&second("{ measure = \"us.cars\", rate = 1, from = 2025-02-01 }")), expected);
    // Another line is no way out; a narrower partner or product, a later day or the same rate are.
    let other_line = "{ measure = \"us.cars\", line = \"b\", rate = 1, from = 2025-02-01 }";
    assert_eq!(refused(&second(other_line)), expected);
    for fine in [
        "{ measure = \"us.cars\", partners = \"JPN\", rate = 1, from = 2025-02-01 }",
        "{ measure = \"us.cars\", products = \"870310\", rate = 1, from = 2025-02-01 }",
        "{ measure = \"us.cars\", rate = 1, from = 2025-02-02 }",
        "{ measure = \"us.cars\", line = \"b\", rate = 25, from = 2025-02-01 }",
    ] {
        common::one(&second(fine)).unwrap();
    }
}

#[test]
fn circles() {
    let measure = |id: &str, to: &str, span: &str| {
        format!(
            "[[measure]]\nid = \"{id}\"\nimporter = \"USA\"\nauthority = \"a\"\ngives_way = [{{ to = [\"{to}\"], on = \"whole\"{span} }}]\n"
        )
    };
    let three = measure("a", "b", "") + &measure("b", "c", "") + &measure("c", "a", ", from = 2025-06-04");
    let text = refused(&three);
    assert!(text.starts_with("law.toml:5:22: a gives way to itself, in a circle, on 2025-06-04"), "{text}");
    let dated = measure("a", "b", ", until = 2025-06-04") + &measure("b", "a", ", from = 2025-06-04");
    common::one(&dated).unwrap();
}

#[test]
fn one_name_twice() {
    let text = refused(&law("[[measure]]\nid = \"us.cars\"\nimporter = \"USA\"\nauthority = \"232\""));
    assert_eq!(text, "law.toml:11:6: measure \"us.cars\" is defined twice (first in law.toml:2:6)");
}

#[test]
fn a_missing_number_is_an_error_where_law_mentions_it() {
    let text = law(
        "[[measure]]\nid = \"us.steel\"\nimporter = \"USA\"\nauthority = \"232\"\ncharged_on = { \"7318\" = \"metal\" }\n\
                    [[act]]\nannounced = 2025-01-01\ncite = \"X 2\"\nchange = [{ measure = \"us.steel\", rate = 50, from = 2025-02-01 }]",
    );
    let register = common::one(&text).unwrap();
    let ask = Question::new("USA", "JPN", "731815", Date::constant(2025, 3, 1));
    assert_eq!(
        register.price(&ask).unwrap_err().to_string(),
        "law.toml:14:25: no assumption for share = \"metal\", needed for 731815 from JPN on 2025-03-01 \
         (law leaves it open; add [[assume]] with share = \"metal\", a value and its source)"
    );
    let warnings: Vec<String> = register.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let assumed = "[[assume]]\nshare = \"metal\"\nproducts = [\"73\"]\nvalue = 0.4\nsource = \"a survey\"";
    let register = Register::read([Text::new("law.toml", &text), Text::new("shares.toml", assumed)]).unwrap();
    assert_eq!(register.price(&ask).unwrap().total, 20.0);
    assert!(register.warnings().is_empty());
}

#[test]
fn tables_are_refused_at_their_field() {
    let table = |content: &str| {
        let error = Register::read([Text::new("lists/us.autos.csv", content)]).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        table("hs\n8703"),
        "lists/us.autos.csv:1:1: the table does not say where it comes from (begin the file with a line \"# source: ...\")"
    );
    assert_eq!(
        table("# source: X\nhs,form\n8703,"),
        "lists/us.autos.csv:2:4: unknown column \"form\" (did you mean \"from\"?)"
    );
    assert_eq!(
        table("# source: X\nhs,share\n8703,1.5"),
        "lists/us.autos.csv:3:6: \"1.5\" is not a share between 0 and 1"
    );
    assert_eq!(
        table("# source: X\nhs\n87O3"),
        "lists/us.autos.csv:3:1: \"87O3\" is not a product code (write 2 to 12 digits of the Harmonized System, in pairs, or \"@list\" or \"*\")"
    );
}

#[test]
fn a_code_that_lost_its_zero_is_noticed() {
    let error = Register::read([Text::new("a.csv", "# source: X\nhs\n2071100")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.csv:3:1: \"2071100\" is not a product code (did it lose its leading zero? Then write \"02071100\")"
    );
}

#[test]
fn a_scenario_is_not_law() {
    let files = common::law().into_iter().chain([common::scenario()]);
    let problem = Register::read(files).unwrap_err();
    assert!(problem.message.contains("china-japan-2027 supposes something"), "{problem}");
}
