//! What must hold whatever the law says.

mod common;

use cobden_measures::{Date, Quantity, Question, Register, Text, View};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A cell that the worked examples know something about, on a day between 2025 and 2027.
fn question() -> impl Strategy<Value = Question> {
    let partners = select(vec!["CHN", "JPN", "DEU", "VNM", "CAN", "MEX", "GBR", "IND", "RUS", "CHE", "USA"]);
    let products = select(vec![
        "870323", "870899", "440711", "940161", "720810", "731815", "847989", "300490", "940360", "120190", "27101240",
    ]);
    let importer = select(vec!["USA", "CHN", "JPN"]);
    let days = (0i64..900, proptest::option::of(0i64..900), any::<bool>());
    (importer, partners, products, days, 0u8..30).prop_map(|(importer, partner, product, (on, known, law), base)| {
        let day = |after: i64| Date::constant(2025, 1, 1).checked_add(jiff::Span::new().days(after)).expect("in range");
        let ask = Question::new(importer, partner, product, day(on))
            .base(f64::from(base))
            .view(if law { View::Law } else { View::Collected })
            .state(Quantity::Claim("usmca".into()), 0.5)
            .state(Quantity::Share("non_us".into()), 0.6)
            .state(Quantity::Share("metal".into()), 0.4)
            .state(Quantity::Quota("us.232.autos/uk".into()), 0.8);
        match known {
            Some(known) => ask.known(day(known)),
            None => ask,
        }
    })
}

proptest! {
    #[test]
    fn parts_add_up_and_none_exceeds_its_rate(ask in question()) {
        let duty = common::register().price(&ask).unwrap();
        let sum = ask.base + duty.parts.iter().map(|part| part.points).sum::<f64>();
        prop_assert!((sum - duty.total).abs() < 1e-9);
        prop_assert!((duty.rate().percent() - duty.total).abs() < 1e-9);
        for part in &duty.parts {
            prop_assert!(part.points >= 0.0 && part.points <= part.full + 1e-12, "{part:?}");
            prop_assert!(part.points > part.full - 1e-12 || !part.reasons.is_empty(), "{part:?}");
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter(ask in question(), order in any::<[Index; 5]>()) {
        let mut files = common::law();
        let mut mixed = Vec::new();
        for index in order {
            mixed.push(files.remove(index.index(files.len())));
        }
        mixed.extend(files);
        let a = common::register().price(&ask).unwrap();
        let b = Register::read(mixed).unwrap().price(&ask).unwrap();
        prop_assert_eq!(a, b);
    }

    #[test]
    fn a_suspension_that_is_lifted_the_same_day_changes_nothing(ask in question(), start in 0i64..900) {
        let from = Date::constant(2025, 1, 1).checked_add(jiff::Span::new().days(start)).unwrap();
        let acts = format!(
            "[[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{{ measure = \"us.232.*\", do = \"exempt\", from = {from} }}]\n\
             [[act]]\nannounced = 2025-01-02\ncite = \"y\"\nchange = [{{ measure = \"us.232.*\", do = \"lift\", from = {from} }}]\n"
        );
        let law = common::register();
        let both = law.with([Text::new("both.toml", acts)]).unwrap();
        let ask = Question { known: None, ..ask };
        prop_assert_eq!(law.price(&ask).unwrap().total, both.price(&ask).unwrap().total);
    }

    #[test]
    fn a_ceiling_never_raises(base in 0.0f64..60.0, rate in 0u8..60, cap in 0u8..60) {
        let total = |cap: &str| {
            let text = format!(
                "[measure]\nid = \"m\"\nimporter = \"USA\"\nauthority = \"a\"\n\
                 [[act]]\nannounced = 2025-01-01\ncite = \"x\"\nchange = [{{ rate = {rate}, from = 2025-02-01{cap} }}]"
            );
            let ask = Question::new("USA", "JPN", "440711", Date::constant(2025, 3, 1)).base(base);
            common::one(&text).unwrap().price(&ask).unwrap().total
        };
        let (free, capped) = (total(""), total(&format!(", cap = \"{cap}%\"")));
        prop_assert!(capped <= free);
        // The ceiling binds where it can: never above it unless the base alone is, never below the base.
        prop_assert!((capped - free.min(f64::from(cap).max(base))).abs() < 1e-9);
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}", name in select(vec!["a.toml", "lists/a.csv"])) {
        let _ = Register::read([Text::new(name, text)]);
    }

    #[test]
    fn no_damage_to_a_file_makes_it_panic(
        which in any::<Index>(),
        cuts in proptest::collection::vec((any::<Index>(), any::<Index>(), any::<Index>()), 1..4),
        ask in question(),
    ) {
        let mut files = common::law();
        let which = which.index(files.len());
        for (from, length, to) in cuts {
            // Move a piece of the file to somewhere else in it: most words stay words, most places are wrong.
            let text = &mut files[which].content;
            let mut characters: Vec<char> = text.chars().collect();
            let start = from.index(characters.len());
            let end = (start + 1 + length.index(60)).min(characters.len());
            let piece: Vec<char> = characters.drain(start..end).collect();
            let to = to.index(characters.len() + 1);
            characters.splice(to..to, piece);
            *text = characters.into_iter().collect();
        }
        if let Ok(register) = Register::read(files) {
            let _ = (register.price(&ask), register.check(), register.warnings());
        }
    }
}
