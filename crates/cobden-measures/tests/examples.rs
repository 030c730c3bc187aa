//! The 43 checks of the six worked examples.

mod common;

use cobden_measures::{Date, Quantity, Question, Register, Status, Text, View};

fn messages(register: &Register) -> Vec<String> {
    register.check().into_iter().map(|failure| failure.problem.to_string()).collect()
}

#[test]
fn all_43_checks_hold() {
    let law = common::register();
    assert_eq!(messages(&law), Vec::<String>::new());
    let supposed = law.with([common::scenario()]).unwrap();
    assert_eq!(messages(&supposed), Vec::<String>::new());
    assert_eq!(law.checks().len() + supposed.checks().len(), 43);
}

#[test]
fn a_check_that_fails_says_what_and_where() {
    let text = include_str!("examples/04-japan-15-floor.toml").replacen("total = 15 }", "total = 16 }", 1);
    let mut files = common::law();
    files[4].content = text;
    let failures = Register::read(files).unwrap().check();
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].expected, failures[0].found), (16.0, Some(15.0)));
    assert_eq!(failures[0].problem.place.as_ref().unwrap().line, 24);
}

#[test]
fn the_answer_names_its_acts_and_what_gave_way() {
    let day = Date::constant(2025, 4, 9);
    let duty = common::register().price(&Question::new("USA", "DEU", "870323", day).base(2.5)).unwrap();
    assert_eq!(duty.total, 27.5);
    assert_eq!(duty.parts[0].measure, "us.232.autos");
    assert_eq!(duty.parts[0].source.cite.as_deref(), Some("Proc. 10908, 90 FR 14705"));
    assert_eq!(duty.parts[1].measure, "us.ieepa.reciprocal");
    assert_eq!((duty.parts[1].full, duty.parts[1].points), (20.0, 0.0));
    assert_eq!(duty.parts[1].reasons[0].gives_way_to.as_deref(), Some("us.232.autos"));
    assert_eq!(duty.parts[1].reasons[0].cite.as_deref(), Some("EO 14257 s.3(b)"));
}

#[test]
fn suspended_lines_stay_in_view() {
    let ask = Question::new("USA", "VNM", "940360", Date::constant(2025, 4, 20));
    let duty = common::register().price(&ask.known(Date::constant(2025, 4, 20))).unwrap();
    assert_eq!(duty.total, 10.0);
    assert_eq!((duty.set_aside[0].charge.as_str(), duty.set_aside[0].how), ("46%", "suspended"));
    assert_eq!(duty.set_aside[0].until, Some(Date::constant(2025, 7, 9)));
    assert_eq!(duty.to_string(), ANSWER);
}

/// The whole text of one answer, so that a reader of the tests sees what it looks like.
const ANSWER: &str = "\
USA on 940360 from VNM, 2025-04-20: 10%
         0  base duty
        10  us.ieepa.reciprocal: 10% (EO 14257, 90 FR 15041)
            us.ieepa.reciprocal/annex1: 46% is suspended until 2025-07-09 (EO 14266)
";

#[test]
fn what_is_only_supposed_counts_only_when_asked_for() {
    let law = common::register();
    let text = include_str!("examples/06-china-japan-response.toml");
    let acts = text.split("[[op]]").next().unwrap().replace("trade-scenario/1", "trade-measure/1");
    let start = acts.find("# 1. The US step").unwrap();
    let files = common::law().into_iter().chain([cobden_measures::Text::new("reports.toml", &acts[start..])]);
    let all = Register::read(files).unwrap();
    let ask = Question::new("USA", "CHN", "847130", Date::constant(2027, 3, 1));
    let total = |register: &Register| register.price(&ask).unwrap().total;
    assert_eq!((total(&law), total(&all), total(&all.include([Status::Hypothetical]))), (0.0, 0.0, 25.0));
}

#[test]
fn one_may_ask_what_if_a_measure_had_never_been() {
    let law = common::register();
    let ask = Question::new("USA", "CHN", "950300", Date::constant(2025, 4, 11));
    let total = |register: &Register| register.price(&ask).unwrap().total;
    assert_eq!(total(&law), 145.0);
    assert_eq!(total(&law.without(["us.ieepa.fentanyl.*"]).unwrap()), 125.0);
    assert_eq!(total(&law.without(["us.ieepa.*"]).unwrap()), 0.0);
    let problem = law.without(["us.iepa.reciprocal"]).unwrap_err();
    assert_eq!(problem.help.as_deref(), Some("did you mean \"us.ieepa.reciprocal\"?"));
}

#[test]
fn the_two_clocks_differ_while_an_act_is_retroactive() {
    let law = common::register();
    let ask = Question::new("USA", "JPN", "841199", Date::constant(2025, 8, 20)).base(2.5);
    assert_eq!(law.price(&ask).unwrap().total, 15.0);
    assert_eq!(law.price(&ask.clone().view(View::Collected)).unwrap().total, 17.5);
    assert_eq!(law.price(&ask.known(Date::constant(2025, 8, 20))).unwrap().total, 17.5);
}

#[test]
fn what_is_left_out_takes_what_was_said_about_it_along() {
    let law = common::register();
    let text = "format = \"trade-scenario/1\"\n[scenario]\nid = \"s\"\ntitle = \"No metals, no emergency\"\nbase = { as_known = 2025-12-31 }\n\
        [[op]]\ndo = \"disable\"\nmeasure = \"us.232.metals\"\n\
        [[op]]\nmeasure = \"us.ieepa.border\"\nline = \"new\"\npartners = \"CAN\"\nrate = 40\nfrom = 2026-01-01";
    let supposed = law.with([Text::new("s.toml", text)]).unwrap();
    let ask = |day| Question::new("USA", "CAN", "720810", day).state(Quantity::Claim("usmca".into()), 0.0);
    // Without metals the border duty no longer gives way.
    assert_eq!(supposed.price(&ask(Date::constant(2025, 6, 5))).unwrap().total, 25.0);
    assert_eq!(supposed.price(&ask(Date::constant(2026, 1, 1))).unwrap().total, 40.0);
    let without = law.without(["us.ieepa.reciprocal"]).unwrap();
    assert!(without.measure("cn.retaliation.2025").unwrap().responds_to.is_none());
    without.with([]).unwrap();
}

#[test]
fn another_program_prices_alike() {
    let law = common::register();
    let rows = include_str!("examples/reference.csv").lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut asked = 0;
    for row in rows {
        let fields: Vec<&str> = row.split(',').collect();
        let [importer, exporter, hs, date, base, known, view, total] = fields[..] else { panic!("{row}") };
        let ask = Question::new(importer, exporter, hs, date.parse().unwrap())
            .base(base.parse().unwrap())
            .view(if view == "collected" { View::Collected } else { View::Law })
            .state(Quantity::Claim("usmca".into()), 0.5)
            .state(Quantity::Share("non_us".into()), 0.55)
            .state(Quantity::Share("metal".into()), 0.4)
            .state(Quantity::Quota("us.232.autos/uk".into()), 0.8);
        let ask = if known.is_empty() { ask } else { ask.known(known.parse().unwrap()) };
        let found = law.price(&ask).unwrap().total;
        // The other program rounds to six decimals.
        assert!((found - total.parse::<f64>().unwrap()).abs() < 1e-6, "{row}: {found}");
        asked += 1;
    }
    assert_eq!(asked, 600);
}

#[test]
fn nobody_charges_goods_of_its_own_territory() {
    let duty =
        common::register().price(&Question::new("USA", "USA", "870323", Date::constant(2025, 6, 1)).base(2.5)).unwrap();
    assert!(duty.parts.is_empty());
}
