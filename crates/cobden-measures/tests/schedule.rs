//! From products to sectors: the fast way must be the plain way, and nothing may be lost on it.

mod common;

use cobden_measures::{Concordance, Date, Moment, Period, Question, Register, Text, Trade, View};
use proptest::prelude::*;

const PARTNERS: [&str; 9] = ["CHN", "JPN", "DEU", "VNM", "CAN", "MEX", "GBR", "IND", "CHE"];
const PRODUCTS: [&str; 11] = [
    "870323", "87089915", "44071100", "940161", "720810", "731815", "847989", "30049000", "940360", "120190",
    "27101240",
];

/// The examples, with the numbers they leave open.
fn register() -> Register {
    let assumed = "[[assume]]\nclaim = \"usmca\"\nvalue = 0.5\nsource = \"supposed\"\n\
        [[assume]]\nclaim = \"usmca\"\npartners = \"MEX\"\nproducts = \"87\"\nvalue = 0.9\nsource = \"supposed\"\n\
        [[assume]]\nshare = \"non_us\"\nvalue = 0.6\nsource = \"supposed\"\n\
        [[assume]]\nshare = \"metal\"\nproducts = \"84\"\nvalue = 0.3\nsource = \"supposed\"\n\
        [[assume]]\nshare = \"metal\"\nvalue = 0.4\nuntil = 2025-09-01\nsource = \"supposed\"\n\
        [[assume]]\nshare = \"metal\"\nvalue = 0.45\nfrom = 2025-09-01\nsource = \"supposed\"\n\
        [[assume]]\nquota = \"us.232.autos/uk\"\nvalue = 0.8\nsource = \"supposed\"";
    Register::read(common::law().into_iter().chain([Text::new("assumed.toml", assumed)])).expect("it is law")
}

fn trade() -> Trade {
    let mut trade = Trade::new("USA", "invented");
    for (i, partner) in PARTNERS.iter().enumerate() {
        for (j, product) in PRODUCTS.iter().enumerate() {
            trade.push(partner, product, (1 + i * j) as f64, ((i + 3 * j) % 17) as f64).expect("a line");
        }
    }
    trade
}

fn sectors() -> Concordance {
    Concordance::new([
        ("87", "vehicles", 1.0),
        ("44", "wood", 1.0),
        ("94", "wood", 0.25),
        ("94", "other", 0.75),
        ("72", "metals", 1.0),
        ("73", "metals", 1.0),
        ("84", "other", 1.0),
        ("30", "other", 1.0),
        ("12", "other", 1.0),
    ])
    .expect("a concordance")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn all_lines_at_once_are_each_line_alone(days in proptest::collection::vec((0i64..600, any::<bool>()), 3)) {
        let (register, trade) = (register(), trade());
        let mut pricer = register.pricer(&trade).unwrap();
        for (after, law) in days {
            let date = Date::constant(2025, 1, 1).checked_add(jiff::Span::new().days(after)).unwrap();
            let view = if law { View::Law } else { View::Collected };
            let points = pricer.price(Moment { date, known: None, view }).unwrap();
            for ((partner, product, _, base), points) in trade.lines().zip(points) {
                let alone = register.price(&Question::new("USA", partner, product, date).base(base).view(view)).unwrap();
                prop_assert!((alone.total - points).abs() < 1e-9, "{partner} {product} {date}: {} or {points}", alone.total);
            }
        }
    }
}

#[test]
fn sectors_are_averages_and_nothing_is_lost() {
    let (register, trade) = (register(), trade());
    let moment = Moment::on(Date::constant(2025, 10, 20));
    let mut pricer = register.pricer(&trade).unwrap();
    let names = ["vehicles", "wood", "metals", "other"];
    let schedule = pricer.schedule(moment, &names, &sectors()).unwrap();
    let fuel: f64 = trade.lines().filter(|line| line.1 == "27101240").map(|line| line.2).sum();
    assert_eq!(schedule.left_out, fuel);
    assert!((schedule.overall().value + fuel - trade.value()).abs() < 1e-9);
    let but_fuel = pricer.average(moment, |_, product| product != "27101240").unwrap();
    assert!((schedule.overall().points - but_fuel.points).abs() < 1e-9);
    // German vehicles: cars and parts are both charged 15 all in, whatever their base.
    let germany = trade.exporters().iter().position(|name| name == "DEU").unwrap();
    assert!((schedule.rate(germany, 0).unwrap().percent() - 15.0).abs() < 1e-12);
    // What an average is made of adds up to it.
    let (base, parts) = pricer.explain(moment, |partner, _| partner == "CHN").unwrap();
    let china = pricer.average(moment, |partner, _| partner == "CHN").unwrap();
    assert!((base + parts.iter().map(|part| part.points).sum::<f64>() - china.points).abs() < 1e-9);
    // The fast way to the parts is the plain one.
    let (average, fast) = pricer.parts(moment, |partner, _| partner == "CHN").unwrap();
    assert!((average.points - base).abs() < 1e-12 && (average.value - china.value).abs() < 1e-12);
    for part in &parts {
        let points = fast.get(&part.measure).copied().unwrap_or_default();
        let slow: f64 = parts.iter().filter(|other| other.measure == part.measure).map(|other| other.points).sum();
        assert!((points - slow).abs() < 1e-9, "{}: {points} or {slow}", part.measure);
    }
    assert!((base + fast.values().sum::<f64>() - china.points).abs() < 1e-9);
    // Two days of one schedule differ where acts of the days between them say so.
    let before = pricer.schedule(Moment::on(Date::constant(2025, 10, 13)), &names, &sectors()).unwrap();
    let moved: Vec<_> = before.differences(&schedule, 1e-9).map(|(_, sector, ..)| sector).collect();
    assert!(moved.contains(&"wood") && !moved.contains(&"vehicles"));
}

#[test]
fn renumbering_conserves_trade() {
    let trade = trade();
    let concordance =
        Concordance::new([("870323", "870321", 0.333), ("870323", "870322", 0.667), ("120190", "120191", 1.0)])
            .unwrap();
    let renumbered = concordance.renumber(&trade).unwrap();
    for partner in PARTNERS {
        let value = |trade: &Trade| -> f64 { trade.lines().filter(|line| line.0 == partner).map(|line| line.2).sum() };
        assert!((value(&trade) - value(&renumbered)).abs() < 1e-12);
    }
    assert!(renumbered.products().iter().all(|product| product != "870323"));
    let problem = Concordance::new([("870323", "870321", 0.5)]).unwrap_err();
    assert_eq!(problem.message, "the shares of 870323 add up to 0.5, not to 1");
}

#[test]
fn a_basket_is_the_same_for_everyone() {
    let register = register();
    let basket = [("870323", 3.0, 2.5), ("940360", 1.0, 0.0)];
    let trade = Trade::uniform("USA", "a basket", ["CHN", "GBR"], &basket).unwrap();
    let mut pricer = register.pricer(&trade).unwrap();
    let moment = Moment::on(Date::constant(2025, 4, 8));
    // Chinese cars: 2.5, 232 of 25, fentanyl of 20; other goods: 10 and 20.
    let china = pricer.average(moment, |partner, _| partner == "CHN").unwrap();
    assert!((china.points - (3.0 * 47.5 + 30.0) / 4.0).abs() < 1e-12);
    let britain = pricer.average(moment, |partner, _| partner == "GBR").unwrap();
    assert!((britain.points - (3.0 * 27.5 + 10.0) / 4.0).abs() < 1e-12);
}

#[test]
fn a_timeline_names_the_act_of_each_step() {
    let register = register();
    let year = Period::new(Some(Date::constant(2025, 1, 1)), Some(Date::constant(2026, 1, 1)));
    let ask = Question::new("USA", "JPN", "870323", year.from).base(2.5);
    let steps = register.timeline(&ask, year).unwrap();
    let told: Vec<_> = steps
        .iter()
        .map(|step| {
            (step.date.to_string(), step.duty.total, step.acts.first().map_or("", |source| source.act.as_str()))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("2025-01-01".to_owned(), 2.5, ""),
            ("2025-04-03".to_owned(), 27.5, "Proc. 10908, 90 FR 14705"),
            ("2025-09-16".to_owned(), 15.0, "EO 14345, 90 FR 43535; FR 2025-17908"),
        ]
    );
}

#[test]
fn between_change_points_nothing_changes() {
    let (register, trade) = (register(), trade());
    let mut pricer = register.pricer(&trade).unwrap();
    let year = Period::new(Some(Date::constant(2025, 3, 1)), Some(Date::constant(2025, 12, 1)));
    for view in [View::Law, View::Collected] {
        let moment = |date| Moment { date, known: None, view };
        let points = register.change_points("USA", year, moment(year.from));
        let (mut day, mut last) = (year.from, pricer.price(moment(year.from)).unwrap());
        while day < year.until {
            let rates = pricer.price(moment(day)).unwrap();
            assert!(points.contains(&day) || rates == last, "{day}");
            (day, last) = (day.tomorrow().unwrap(), rates);
        }
    }
}

#[test]
fn how_far_the_law_reaches() {
    let register = register();
    assert!(register.charges("USA", "JPN") && !register.charges("USA", "USA") && !register.charges("JPN", "USA"));
    let named = register.codes("USA");
    assert!(named.windows(2).all(|pair| pair[0] < pair[1]) && named.contains(&"8703"));
    assert!(register.codes("JPN").is_empty());
    // Products of one class pay the same from everyone on every day.
    let classes = register.classes(["870323", "870324", "44071100", "870323"]);
    assert!(classes[0] == classes[1] && classes[0] == classes[3] && classes[0] != classes[2]);
}
