//! Forms of rates, clocks and verbs that the worked examples do not have, each against a number worked out by hand.

mod common;

use cobden_measures::{Date, Quantity, Question, Register, Text, View};

const DAY: Date = Date::constant(2025, 6, 1);

/// A measure on everything with these changes, each announced on its own day of January 2025.
fn law(changes: &[&str]) -> Register {
    let mut text = "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\n".to_owned();
    for (day, change) in changes.iter().enumerate() {
        let day = day + 1;
        text += &format!("[[act]]\nannounced = 2025-01-{day:02}\ncite = \"act {day}\"\nchange = [{{ {change} }}]\n");
    }
    common::one(&text).expect("it is law")
}

fn ask() -> Question {
    Question::new("USA", "CHN", "854143", DAY).base(2.0)
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn duties_by_quantity_and_least_prices() {
    let price = |unit: &str, value| ask().state(Quantity::UnitValue(unit.into()), value);
    let total = |rate: &str, question: &Question| {
        law(&[&format!("rate = \"{rate}\", from = 2025-02-01")]).price(question).unwrap().total
    };
    // 0.22 on 0.88 is 25 points; with 10% on top, 35.
    close(total("$0.22/W", &price("USD/W", 0.88)), 27.0);
    close(total("10% + $0.22/W", &price("USD/W", 0.88)), 37.0);
    close(total("replace 10% + $0.22/W", &price("USD/W", 0.88)), 35.0);
    // 300 for 100 kg at 12 a kilogram is 25 points.
    close(total("EUR 300/100kg", &price("EUR/kg", 12.0)), 27.0);
    // From 14 up to 21 is half as much again; 30 is dear enough.
    close(total("min $21/kg", &price("USD/kg", 14.0)), 52.0);
    close(total("min $21/kg", &price("USD/kg", 30.0)), 2.0);
}

#[test]
fn a_ban_costs_what_somebody_stated() {
    let register = law(&["rate = \"ban\", from = 2025-02-01"]);
    assert!(register.price(&ask()).unwrap_err().message.contains("prohibitive"));
    close(register.price(&ask().state(Quantity::Prohibitive, 500.0)).unwrap().total, 502.0);
}

#[test]
fn an_exemption_outlives_later_rates_and_a_suspension_does_not() {
    let later = "line = \"b\", partners = \"CHN\", rate = 30, from = 2025-04-01";
    let exempt =
        law(&["rate = 10, from = 2025-02-01", "do = \"exempt\", products = \"8541\", from = 2025-03-01", later]);
    let suspend =
        law(&["rate = 10, from = 2025-02-01", "do = \"suspend\", products = \"8541\", from = 2025-03-01", later]);
    close(exempt.price(&ask()).unwrap().total, 2.0);
    close(suspend.price(&ask()).unwrap().total, 32.0);
    // Other goods are untouched by either.
    let other = Question { product: "950300".into(), ..ask() };
    close(exempt.price(&other).unwrap().total, 32.0);
}

#[test]
fn suspending_and_lifting_returns() {
    let changes = [
        "rate = 25, from = 2025-02-01",
        "do = \"suspend\", from = 2025-03-01, until = 2025-12-01",
        "do = \"lift\", partners = \"CHN\", from = 2025-05-01",
        "do = \"exempt\", products = \"8541\", from = 2025-05-10, until = 2025-05-20",
    ];
    let (whole, before) = (law(&changes), law(&changes[..1]));
    let total = |register: &Register, partner: &str, day| {
        register.price(&Question { exporter: partner.into(), date: day, ..ask() }).unwrap().total
    };
    let april = Date::constant(2025, 4, 1);
    close(total(&whole, "CHN", april), 2.0);
    for day in [Date::constant(2025, 2, 15), DAY, Date::constant(2026, 1, 1)] {
        assert_eq!(total(&whole, "CHN", day), total(&before, "CHN", day));
    }
    close(total(&whole, "CHN", Date::constant(2025, 5, 15)), 2.0);
    close(total(&whole, "JPN", DAY), 2.0);
}

#[test]
fn an_end_has_two_clocks_too() {
    let register =
        law(&["rate = 25, from = 2025-02-01", "do = \"end\", from = 2025-05-20, collected_from = 2025-06-02"]);
    close(register.price(&ask()).unwrap().total, 2.0);
    close(register.price(&ask().view(View::Collected)).unwrap().total, 27.0);
}

#[test]
fn a_sunset_brings_back_what_was_there() {
    let register = law(&["rate = 25, from = 2025-02-01", "rate = 5, from = 2025-03-01, until = 2025-06-01"]);
    let on = |day| register.price(&Question { date: day, ..ask() }).unwrap().total;
    close(on(Date::constant(2025, 5, 31)), 7.0);
    close(on(DAY), 27.0);
}

#[test]
fn an_act_may_end_a_line_and_set_it_anew() {
    let text = "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\n\
        [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{ rate = 25, from = 2025-02-01 }]\n\
        [[act]]\nannounced = 2025-01-02\ncite = \"y\"\nchange = [{ do = \"end\", from = 2025-03-01 }, { rate = 5, from = 2025-03-01 }]";
    close(common::one(text).unwrap().price(&ask()).unwrap().total, 7.0);
}

#[test]
fn shares_of_value_have_days() {
    let text = "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\n\
        charged_on = { \"85\" = { share = \"metal\", until = 2026-04-06 } }\n\
        [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{ rate = 50, from = 2025-02-01 }]\n\
        [[assume]]\nshare = \"metal\"\nvalue = 0.5\nsource = \"s\"\n\
        [[assume]]\nshare = \"metal\"\nproducts = \"8541\"\nvalue = 0.25\nsource = \"s\"\n\
        [[assume]]\nshare = \"metal\"\npartners = \"CHN\"\nvalue = 0.1\nuntil = 2025-06-01\nsource = \"s\"";
    let register = common::one(text).unwrap();
    let on = |day| register.price(&Question { date: day, ..ask() }).unwrap().total;
    close(on(Date::constant(2025, 5, 1)), 7.0);
    close(on(DAY), 14.5);
    close(on(Date::constant(2026, 4, 6)), 52.0);
}

#[test]
fn groups_have_days_and_codes_of_their_own() {
    let text = "[measure]\nid = \"m\"\nimporter = \"@union\"\nauthority = \"a\"\n\
        [group.union]\nmembers = [\"FRA\", \"HRV\"]\nsince = { HRV = 2013-07-01 }\nformer = { GBR = 2021-01-01 }\ncode = \"EU27\"\n\
        [[act]]\nannounced = 2010-01-01\ncite = \"x\"\nchange = [{ partners = [\"!@union\"], rate = 7, from = 2010-01-01 }]";
    let register = common::one(text).unwrap();
    let total = |importer: &str, year| {
        register.price(&Question::new(importer, "CHN", "8703", Date::constant(year, 1, 1))).unwrap().total
    };
    assert_eq!(
        [("GBR", 2020), ("GBR", 2021), ("HRV", 2013), ("HRV", 2014), ("EU27", 2020)]
            .map(|(who, year)| total(who, year)),
        [7.0, 0.0, 0.0, 7.0, 7.0]
    );
    assert_eq!(register.price(&Question::new("EU27", "FRA", "8703", DAY)).unwrap().total, 0.0);
}

#[test]
fn a_coarse_question_is_told_so() {
    let files = [
        Text::new(
            "m.toml",
            "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\nproducts = [\"@cells\"]\n\
            [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{ rate = 14, from = 2025-02-01 }]",
        ),
        Text::new("lists/cells.csv", "# source: Proc. 9693\nhs,until\n8541.43.00.10,2026-02-06\n8541.42,\n"),
    ];
    let register = Register::read(files).unwrap();
    let priced =
        |product: &str, day| register.price(&Question { product: product.into(), date: day, ..ask() }).unwrap();
    assert_eq!(priced("854143", DAY).finer, ["m tells finer codes than 854143 apart, e.g. 8541430010"]);
    assert_eq!((priced("8541430010", DAY).total, priced("854143", DAY).total), (16.0, 2.0));
    assert!(priced("8541430010", DAY).finer.is_empty() && priced("854142", DAY).finer.is_empty());
    assert_eq!(priced("8541430010", Date::constant(2026, 2, 6)).total, 2.0);
}

#[test]
fn of_several_kinds_each_looks_at_the_base_after_a_preference() {
    let text = "[[measure]]\nid = \"fta\"\nimporter = \"USA\"\nauthority = \"preference\"\n\
        [[measure]]\nid = \"deal\"\nimporter = \"USA\"\nauthority = \"a\"\n\
        [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [\n\
        { measure = \"fta\", rate = \"replace 1%\", from = 2025-02-01 },\n{ measure = \"deal\", rate = \"total 15%\", from = 2025-02-01 } ]";
    let duty = common::one(text).unwrap().price(&ask().base(10.0)).unwrap();
    assert_eq!((duty.total, duty.points("fta"), duty.points("deal")), (15.0, -9.0, 14.0));
}

#[test]
fn an_assumption_on_a_group_and_a_code_means_that_code_only() {
    let text = "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\ncharged_on = { \"*\" = \"metal\" }\n\
        [group.asia]\nmembers = [\"CHN\", \"JPN\"]\n\
        [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{ rate = 50, from = 2025-02-01 }]\n\
        [[assume]]\nshare = \"metal\"\nvalue = 1\nsource = \"s\"\n\
        [[assume]]\nshare = \"metal\"\npartners = \"@asia\"\nproducts = \"84\"\nvalue = 0.5\nsource = \"s\"";
    let register = common::one(text).unwrap();
    let total = |product: &str| register.price(&Question { product: product.into(), ..ask() }).unwrap().total;
    assert_eq!((total("841199"), total("854143")), (27.0, 52.0));
}

#[test]
fn within_one_act_the_closer_change_counts_whatever_its_place() {
    let changes = [
        "{ rate = 10, from = 2025-02-01 }",
        "{ partners = \"CHN\", rate = 15, from = 2025-02-01 }",
        "{ products = \"85\", rate = 20, from = 2025-02-01 }",
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let list = order.map(|at| changes[at]).join(",\n");
        let text = format!(
            "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\n[[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [\n{list}\n]"
        );
        let register = common::one(&text).unwrap();
        let total = |partner: &str, product: &str| {
            register.price(&Question { product: product.into(), exporter: partner.into(), ..ask() }).unwrap().total
        };
        // Partner before product.
        assert_eq!(
            [total("JPN", "84"), total("CHN", "84"), total("JPN", "85"), total("CHN", "85")],
            [12.0, 17.0, 22.0, 17.0]
        );
    }
}

#[test]
fn what_is_held_in_part_says_so_where_it_could_matter() {
    let text = "[measure]\nid = \"ind.answer\"\nimporter = \"IND\"\nauthority = \"retaliation\"\npartial = \"6 of 28\"\nproducts = [\"0802\"]\n\
        [[act]]\nannounced = 2019-06-15\ncite = \"c\"\nchange = [{ rate = 10, partners = \"USA\", from = 2019-06-16 }]";
    let register = Register::read([Text::new("a.toml", text)]).unwrap();
    let ask = |partner, product, day| register.price(&Question::new("IND", partner, product, day)).unwrap().partial;
    let day = Date::constant(2020, 1, 1);
    assert_eq!(ask("USA", "0903", day)[0].held, "6 of 28");
    assert!(ask("USA", "080231", day).is_empty() && ask("JPN", "0903", day).is_empty());
    assert!(ask("USA", "0903", Date::constant(2019, 1, 1)).is_empty());
}
