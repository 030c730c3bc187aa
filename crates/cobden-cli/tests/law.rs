//! The commands of the law from outside: what they print, how they end.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::process::{Command, Output};

fn cobden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cobden")).args(arguments).output().unwrap()
}

/// What a command that succeeds prints.
fn said(arguments: &[&str]) -> String {
    let output = cobden(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn document(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&said(arguments)).unwrap()
}

/// What a command that is refused says: exit status 1, nothing on standard output.
fn refused(arguments: &[&str]) -> String {
    let output = cobden(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{arguments:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: "), "{said}");
    said
}

/// `cobden rate` on Japanese cars, with some of its arguments replaced and others added.
fn cars<'a>(others: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["rate"];
    for pair in [["--importer", "USA"], ["--exporter", "JPN"], ["--product", "870323"], ["--on", "2025-10-01"]] {
        if !others.contains(&pair[0]) {
            arguments.extend(pair);
        }
    }
    arguments.extend(others);
    arguments
}

#[test]
fn a_rate_is_told_with_its_acts() {
    let text = said(&cars(&["--base", "2.5"]));
    assert!(text.lines().all(|line| line.chars().count() <= 100 || line.contains("http")), "{text}");
    for part in [
        "USA on 870323 from JPN, 2025-10-01: 15%\n",
        "    2.50  ordinary duty\n            as stated\n",
        "   12.50  us.232.autos/japan        total 15%        [1]\n",
        "gives way to us.232.autos on 100% of value (EO 14257 s.3(b))\n",
        "15.00  in all\n",
        "[1] EO 14345, 90 FR 43535; FR 2025-17908, announced 2025-09-04; confidence high\n",
        "https://www.whitehouse.gov/presidential-actions/2025/09/implementing-the-united-states-japan-agreement/\n",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn a_base_is_that_of_the_tariff_or_not_counted() {
    let general = document(&cars(&["--format", "json"]));
    assert_eq!((&general["base"]["points"], &general["total"]), (&2.5.into(), &15.0.into()));
    assert!(general["base"]["source"].as_str().unwrap().starts_with("Harmonized Tariff Schedule"), "{general}");
    // Sweets have ordinary duties of many heights, which the deal with Japan tops up.
    let text = said(&cars(&["--product", "1704"]));
    let head = "USA on 1704 from JPN, 2025-10-01: 15% in all, or the ordinary duty if that is higher\n";
    assert!(text.starts_with(head) && text.contains("?  ordinary duty"), "{text}");
    let told = document(&cars(&["--product", "1704", "--format", "json"]));
    assert!(told["total"].is_null() && told["on_top"].is_null() && told["base"].is_null());
    assert_eq!((&told["if_base"][1]["total"], &told["if_base"][4]["total"]), (&15.0.into(), &25.0.into()));
    assert!(told["parts"][0]["points"].is_null() && told["ordinary"]["most"].as_f64() > Some(15.0), "{told}");
    let chinese = document(&[
        "rate",
        "--importer",
        "CHN",
        "--exporter",
        "USA",
        "--product",
        "847130",
        "--on",
        "2025-04-20",
        "--format",
        "json",
    ]);
    assert_eq!((&chinese["on_top"], chinese["if_base"].as_array().unwrap().len()), (&serde_json::json!(125.0), 0));
    let nothing = said(&cars(&["--on", "2011-01-01", "--product", "1704"]));
    assert!(
        nothing.starts_with("USA on 1704 from JPN, 2011-01-01: nothing on top of the ordinary duty\n"),
        "{nothing}"
    );
}

#[test]
fn clocks_and_stated_numbers_count() {
    let goods =
        ["--importer", "USA", "--exporter", "VNM", "--product", "610910", "--on", "2025-07-15", "--format", "json"];
    let known = |day| document(&[&["rate"], &goods[..], &["--as-known", day]].concat())["on_top"].clone();
    assert_eq!((known("2025-07-15"), known("2025-06-30")), (10.0.into(), 46.0.into()));
    let canadian = |state: &[&str]| {
        let cars = cars(&["--exporter", "Canada", "--base", "2.5", "--format", "json"]);
        document(&[&cars[..], state].concat())["total"].clone()
    };
    assert_eq!(canadian(&["--state", "claim:usmca=1", "share:non_us=0.4"]), 12.5);
    assert_eq!(canadian(&["--state", "claim:usmca=0"]), 27.5);
}

#[test]
fn a_coarse_code_has_no_single_rate() {
    let chips = cars(&["--exporter", "CHN", "--product", "8541", "--on", "2025-05-15", "--base", "0"]);
    let text = said(&chips);
    let first = text.lines().next().unwrap();
    assert!(
        first.starts_with("USA on 8541 from CHN, 2025-05-15: 30% to ") && first.ends_with("%, by finer code"),
        "{text}"
    );
    let told = document(&[&chips[..], &["--format", "json"]].concat());
    assert!(told["total"].is_null());
    let average = told["average"]["points"].as_f64().unwrap();
    assert!((30.0..=94.0).contains(&average), "weighed by trade: {average}");
    let groups = told["finer"].as_array().unwrap();
    let fine = groups.iter().find(|group| group["points"] == 70.0).unwrap();
    let code = fine["codes"][0].as_str().unwrap();
    let alone = document(&cars(&[
        "--exporter",
        "CHN",
        "--product",
        code,
        "--on",
        "2025-05-15",
        "--base",
        "0",
        "--format",
        "json",
    ]));
    assert_eq!(alone["total"], 70.0);
}

#[test]
fn a_slip_in_a_question_is_met_with_advice() {
    for (slip, advice) in [
        (["--on", "20.8.2025"], "did you mean 2025-08-20?"),
        (["--on", "2025-02-30"], "write it as year-month-day"),
        (["--product", "87032"], "did you mean 087032?"),
        (["--product", "cars"], "write 2 to 12 digits"),
        (["--exporter", "JPM"], "did you mean \"JPN\"?"),
        (["--exporter", "Germny"], "did you mean \"Germany\"?"),
        (["--exporter", "usmca"], "ask for one of its members: CAN, MEX"),
        (["--importer", "AGO"], "it holds those of: "),
        (["--state", "claim:usmc=1"], "did you mean \"claim:usmca\"?"),
        (["--state", "claim:usmca=2"], "between 0 and 1"),
        (["--include", "report"], "did you mean \"reported\"?"),
        (["--without", "us.232.auto"], "did you mean \"us.232.autos\"?"),
        (["--register", "no-such-folder"], "no-such-folder"),
    ] {
        let said = refused(&cars(&slip));
        assert!(said.contains(advice), "{slip:?}: {said}");
    }
    assert_eq!(cobden(&["rate", "--importer", "USA"]).status.code(), Some(2), "wrong usage");
}

#[test]
fn law_can_be_left_out_and_put_on_top() {
    let without = document(&cars(&["--base", "2.5", "--without", "us.232.*", "--format", "json"]));
    assert_eq!(without["total"], 15.0, "then the reciprocal tariff counts");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.toml");
    let text = "[measure]\nid = \"us.more\"\nimporter = \"USA\"\nauthority = \"supposed\"\n[[act]]\nannounced = 2025-01-01\n\
                status = \"hypothetical\"\nchange = [{ rate = \"7%\", from = 2025-02-01 }]\n";
    std::fs::write(&file, text).unwrap();
    let with = said(&cars(&["--base", "2.5", "--with", file.to_str().unwrap()]));
    assert!(with.contains("22%") && with.contains("hypothetical, not law"), "{with}");
    let instead = document(&cars(&["--base", "2.5", "--register", file.to_str().unwrap(), "--format", "json"]));
    assert_eq!(instead["total"], 2.5, "what is supposed is no law");
    let counted =
        cars(&["--base", "2.5", "--register", file.to_str().unwrap(), "--include", "hypothetical", "--format", "json"]);
    assert_eq!(document(&counted)["total"], 9.5);
}

#[test]
fn measures_are_listed() {
    let text = said(&["measures", "list", "--on", "2025-06-01"]);
    for (id, state) in [("us.232.autos", "in force"), ("us.122", "not yet"), ("us.ieepa.reciprocal", "in force")] {
        let row = text.lines().find(|line| line.starts_with(id)).unwrap();
        assert!(row.contains(&format!("  {state}  ")), "{row}");
    }
    let ended = document(&["measures", "list", "--on", "2026-03-01", "--authority", "ieepa", "--format", "json"]);
    let measures = ended["measures"].as_array().unwrap();
    assert!(measures.iter().all(|measure| measure["state"] == "ended" && measure["authority"] == "IEEPA"), "{ended}");
    assert!(measures.iter().any(|measure| measure["last_day"] == "2026-02-23"));
    let csv = said(&["measures", "list", "--status", "reported", "--format", "csv"]);
    assert!(csv.starts_with("id,importer,authority,title,status,probability,first_day,last_day,state,acts\n"), "{csv}");
    assert!(csv.lines().filter(|line| line.starts_with("reported.")).all(|line| line.contains(",not law,")), "{csv}");
    assert!(refused(&["measures", "list", "--authority", "IEPA"]).contains("did you mean \"IEEPA\"?"));
}

#[test]
fn a_measure_is_shown_with_its_acts_in_order() {
    let text = said(&["measures", "show", "us.ieepa.reciprocal", "--on", "2025-09-10"]);
    assert!(text.lines().all(|line| line.chars().count() <= 100 || line.contains("http")), "{text}");
    let days: Vec<&str> = text.lines().filter(|line| line.starts_with("2025-") || line.starts_with("2026-")).collect();
    assert!(days.len() > 10 && days.is_sorted_by_key(|line| &line[..10]), "{days:?}");
    for part in [
        "34% from China, Hong Kong and MAC, 24 points of it suspended (EO 14334)\n",
        "total 15% from the European Union\n",
        "  2026-02-24 ended by Learning Resources v. Trump",
        "until 2025-07-09\n",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let told = document(&["measures", "show", "us.232.autos", "--on", "2025-10-01", "--format", "json"]);
    assert_eq!(
        (&told["format"], &told["acts"][0]["changes"][0]["rates"]["*"]),
        (&"cobden.measure/1".into(), &"25%".into())
    );
    let japan = told["lines"].as_array().unwrap().iter().find(|line| line["line"] == "japan").unwrap();
    assert_eq!((&japan["rates"][0]["rate"], &japan["rates"][0]["partners"][0]), (&"total 15%".into(), &"JPN".into()));
    assert!(refused(&["measures", "show", "us.232.auto"]).contains("did you mean \"us.232.autos\"?"));
}

#[test]
fn the_register_holds_and_a_wrong_check_does_not() {
    assert!(said(&["measures", "check"]).ends_with("checks, all hold\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.toml");
    let path = file.to_str().unwrap();
    let text = "[measure]\nid = \"us.more\"\nimporter = \"USA\"\nauthority = \"supposed\"\n[[act]]\nannounced = 2025-01-01\n\
                cite = \"c\"\nchange = [{ rate = \"7%\", from = 2025-02-01 }]\n\
                [[check]]\ndate = 2025-03-01\nexporter = \"JPN\"\nhs = \"010121\"\nbase = 1\nexpect = { \"us.more\" = 8 }\n";
    std::fs::write(&file, text).unwrap();
    for arguments in [&["measures", "check", path][..], &["measures", "check", path, "--alone"]] {
        let output = cobden(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("us.more is 7, expected 8") && said.contains("more.toml:9:1"), "{said}");
        assert!(String::from_utf8(output.stdout).unwrap().ends_with("one number does not hold\n"));
    }
    std::fs::write(&file, text.replace("2025-02-01", "2025-02-01, until = 2025-01-01")).unwrap();
    assert!(refused(&["measures", "check", path, "--alone"]).contains("more.toml:8:"));
}

#[test]
fn a_rate_through_time_names_its_acts() {
    let good = ["measures", "timeline", "--importer", "USA", "--exporter", "EU27", "--product", "87032301"];
    let days = ["--from", "2025-03-01", "--to", "2025-12-31"];
    let text = said(&[&good[..], &days].concat());
    assert!(
        text.starts_with("Tariff of the United States on 87032301 from the European Union, by law, in points\n"),
        "{text}"
    );
    assert!(text.contains("2025-04-03   27.50   +25.00  us.232.autos +25.00: Proc. 10908, 90 FR 14705\n"), "{text}");
    let told = document(&[&good[..], &days, &["--view", "law,collected", "--format", "json"]].concat());
    let last = |line: usize| told["lines"][line]["steps"].as_array().unwrap().last().unwrap()["date"].clone();
    assert_eq!((last(0), last(1)), ("2025-08-01".into(), "2025-09-25".into()));
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let printed = said(&[&good[..], &days, &["--format", "csv", "--out", out.to_str().unwrap()]].concat());
    assert_eq!(std::fs::read_to_string(out.join("timeline.csv")).unwrap(), printed);
    let chart = std::fs::read_to_string(out.join("timeline.svg")).unwrap();
    assert!(chart.starts_with("<svg") && chart.contains("Proc. 10908"), "{chart}");
    assert!(
        refused(&[&good[..], &["--from", "2025-12-31", "--to", "2025-01-01"]].concat()).contains("--from and --to")
    );
}

#[test]
fn what_begins_and_ends_is_listed_by_day() {
    let asked = ["measures", "timeline", "--importer", "CHN", "--from", "2025-04-01", "--to", "2025-08-12", "--events"];
    let text = said(&asked);
    assert!(text.contains("2025-04-12  begins  china.retaliation.2025: 125% from the United States"), "{text}");
    let told = document(&[&asked[..], &["--format", "json"]].concat());
    let days: Vec<&str> =
        told["events"].as_array().unwrap().iter().map(|event| event["date"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days.contains(&"2025-08-12"), "{days:?}");
}

#[test]
fn an_average_through_time_is_weighed_by_the_trade_of_the_world() {
    let told = document(&[
        "measures",
        "timeline",
        "--importer",
        "USA",
        "--from",
        "2025-03-20",
        "--to",
        "2025-04-20",
        "--format",
        "json",
    ]);
    let line = &told["lines"][0];
    assert_eq!(line["weights"], "US Census Bureau, imports for consumption 2024");
    let steps = line["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["date"] == "2025-04-09").unwrap();
    assert_eq!(step["moves"][0]["measure"], "us.ieepa.reciprocal");
    assert_eq!(step["moves"][0]["acts"][0]["name"], "EO 14257, 90 FR 15041");
    for pair in steps.windows(2) {
        let moved: f64 =
            pair[1]["moves"].as_array().unwrap().iter().map(|moved| moved["points"].as_f64().unwrap()).sum();
        let change = pair[1]["points"].as_f64().unwrap() - pair[0]["points"].as_f64().unwrap();
        assert!((moved - change).abs() < 1e-4, "what moved adds up: {moved} {change}");
    }
    assert!(refused(&["measures", "timeline", "--importer", "CHN"]).contains("no trade of CHN"));
}

#[test]
fn two_days_of_law_are_compared() {
    let asked = ["measures", "diff", "2025-07-31", "2025-08-08", "--importer", "USA", "--exporter", "VNM"];
    let text = said(&asked);
    for part in ["us.ieepa.reciprocal changes: ", "  by EO 14326, 90 FR 37963\n", "    - 10% on ", "    + 20% on "] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("us.ieepa.brazil"), "it does not mean Vietnam");
    let told = document(&[&asked[..], &["--format", "json"]].concat());
    let rate = &told["rate"];
    let moved: f64 = rate["moves"].as_array().unwrap().iter().map(|moved| moved["points"].as_f64().unwrap()).sum();
    assert!((rate["after"].as_f64().unwrap() - rate["before"].as_f64().unwrap() - moved).abs() < 1e-4, "{rate}");
    let car = [
        "measures",
        "diff",
        "2025-01-01",
        "2025-10-01",
        "--importer",
        "USA",
        "--exporter",
        "JPN",
        "--product",
        "87032301",
    ];
    let told = document(&[&car[..], &["--format", "json"]].concat());
    assert_eq!((&told["rate"]["before"], &told["rate"]["after"]), (&2.5.into(), &15.0.into()));
    assert_eq!((told["measures"].as_array().unwrap().len(), &told["measures"][0]["what"]), (1, &"begins".into()));
    let still = said(&["measures", "diff", "2011-01-01", "2011-02-01", "--importer", "CHN"]);
    assert!(still.ends_with("No measure charges anything else.\n"), "{still}");
}
