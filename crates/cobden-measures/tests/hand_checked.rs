//! Rates worked out by hand from public texts, priced against the whole register. `docs/hand-checked.md` has the same rows with the reasons; a row
//! that is not there word for word fails here.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use cobden_measures::{Date, Quantity, Question, View};

/// One case: what is asked, what is due, and the measures that make it with a piece of the citation of the act behind each.
struct Case {
    importer: &'static str,
    exporter: &'static str,
    product: &'static str,
    /// Year, month, day.
    date: (i16, i8, i8),
    /// As known at the end of this day; everything that is known now if `None`.
    known: Option<(i16, i8, i8)>,
    view: View,
    /// The duty before measures, in points.
    base: f64,
    /// Numbers that law leaves open: `claim:`, `share:` or `quota:` and a name.
    stated: &'static [(&'static str, f64)],
    total: f64,
    /// Every measure that adds points: its id, the points, where its act is cited.
    by: &'static [(&'static str, f64, &'static str)],
}

const USUAL: Case = Case {
    importer: "USA",
    exporter: "",
    product: "",
    date: (2025, 1, 1),
    known: None,
    view: View::Law,
    base: 0.0,
    stated: &[],
    total: 0.0,
    by: &[],
};

const CASES: &[Case] = &[
    // Japan's deal. EO 14345 s.3: cars pay the larger of 15 and the ordinary duty, from 16 September 2025: 15 - 2.5 = 12.5 on top of 2.5.
    Case {
        exporter: "JPN",
        product: "87032301",
        date: (2025, 9, 16),
        base: 2.5,
        total: 15.0,
        by: &[("us.232.autos", 12.5, "EO 14345")],
        ..USUAL
    },
    // Japanese cars before the deal, Proc. 10908: 25 on top of 2.5. Cars are outside the reciprocal tariff (EO 14257 s.3(b)). The deal on cars does not reach back.
    Case {
        exporter: "JPN",
        product: "87032301",
        date: (2025, 8, 20),
        known: Some((2025, 8, 20)),
        base: 2.5,
        total: 27.5,
        by: &[("us.232.autos", 25.0, "Proc. 10908")],
        ..USUAL
    },
    // A violin from Japan the same day. As known then, EO 14326: 15 on top of 3.2.
    Case {
        exporter: "JPN",
        product: "92021000",
        date: (2025, 8, 20),
        known: Some((2025, 8, 20)),
        base: 3.2,
        total: 18.2,
        by: &[("us.ieepa.reciprocal", 15.0, "EO 14326")],
        ..USUAL
    },
    // The violin in law as known now: EO 14345 makes it 15 in all from 7 August, four weeks before it was signed.
    Case {
        exporter: "JPN",
        product: "92021000",
        date: (2025, 8, 20),
        base: 3.2,
        total: 15.0,
        by: &[("us.ieepa.reciprocal", 11.8, "EO 14345")],
        ..USUAL
    },
    // A Korean car under KORUS (0). Law: 15 in all from 1 November, although the notice is of 4 December (FR 2025-21940).
    Case {
        exporter: "KOR",
        product: "87032301",
        date: (2025, 11, 20),
        total: 15.0,
        by: &[("us.232.autos", 15.0, "FR 2025-21940")],
        ..USUAL
    },
    // The same by customs, who charged 25 until then.
    Case {
        exporter: "KOR",
        product: "87032301",
        date: (2025, 11, 20),
        view: View::Collected,
        total: 25.0,
        by: &[("us.232.autos", 25.0, "Proc. 10908")],
        ..USUAL
    },
    // Japanese lumber: Proc. 10976 charges 10 on all softwood and sets Japan a ceiling of 15; the ordinary duty is 0, so 10 stays 10.
    Case {
        exporter: "JPN",
        product: "44071100",
        date: (2025, 11, 20),
        total: 10.0,
        by: &[("us.232.lumber", 10.0, "Proc. 10976")],
        ..USUAL
    },
    // A Japanese sofa: 25, of which the ceiling leaves 15 (9903.76.21).
    Case {
        exporter: "JPN",
        product: "9401616011",
        date: (2025, 11, 20),
        total: 15.0,
        by: &[("us.232.lumber", 15.0, "Proc. 10976")],
        ..USUAL
    },
    // Chinese toys (list 4B, never charged) on 10 April 2025: EO 14266 raises the reciprocal rate to 125; EO 14228 charges 20 over fentanyl.
    Case {
        exporter: "CHN",
        product: "95030000",
        date: (2025, 4, 10),
        total: 145.0,
        by: &[("us.ieepa.reciprocal", 125.0, "EO 14266"), ("us.ieepa.fentanyl.china", 20.0, "EO 14228")],
        ..USUAL
    },
    // The toys on 15 May: EO 14298 sets 34 and suspends 24 of it; 20 over fentanyl stay.
    Case {
        exporter: "CHN",
        product: "95030000",
        date: (2025, 5, 15),
        total: 30.0,
        by: &[("us.ieepa.reciprocal", 10.0, "EO 14298"), ("us.ieepa.fentanyl.china", 20.0, "EO 14228")],
        ..USUAL
    },
    // Chinese bentwood furniture is on list 3 of Section 301 as well: 25 (84 FR 20459) on top of 145.
    Case {
        exporter: "CHN",
        product: "94036040",
        date: (2025, 4, 10),
        total: 170.0,
        by: &[
            ("us.301.china", 25.0, "84 FR 20459"),
            ("us.ieepa.reciprocal", 125.0, "EO 14266"),
            ("us.ieepa.fentanyl.china", 20.0, "EO 14228"),
        ],
        ..USUAL
    },
    // Viet Nam on 15 July 2025 as known on 30 June: EO 14266 suspends the 46 of EO 14257 until 9 July only, so that it is due again.
    Case {
        exporter: "VNM",
        product: "94036080",
        date: (2025, 7, 15),
        known: Some((2025, 6, 30)),
        total: 46.0,
        by: &[("us.ieepa.reciprocal", 46.0, "EO 14257")],
        ..USUAL
    },
    // The same as known that day: EO 14316 of 7 July puts it off to 1 August; the 10 that everyone pays remain.
    Case {
        exporter: "VNM",
        product: "94036080",
        date: (2025, 7, 15),
        known: Some((2025, 7, 15)),
        total: 10.0,
        by: &[("us.ieepa.reciprocal", 10.0, "EO 14257")],
        ..USUAL
    },
    // The same furniture from 7 August, EO 14326: 20.
    Case {
        exporter: "VNM",
        product: "94036080",
        date: (2025, 8, 7),
        total: 20.0,
        by: &[("us.ieepa.reciprocal", 20.0, "EO 14326")],
        ..USUAL
    },
    // Mexican furniture without a claim: EO 14194, 25. It is outside the reciprocal tariff (EO 14257 s.3(e)).
    Case {
        exporter: "MEX",
        product: "94036080",
        date: (2025, 8, 5),
        total: 25.0,
        by: &[("us.ieepa.border", 25.0, "EO 14194")],
        ..USUAL
    },
    // The Mexican furniture with a USMCA claim: free (EO 14232).
    Case { exporter: "MEX", product: "94036080", date: (2025, 8, 5), stated: &[("claim:usmca", 1.0)], ..USUAL },
    // Canadian steel without a claim on 5 June 2025: 50 (Proc. 10947), and the border tariff gives way to it from the 4th.
    Case {
        exporter: "CAN",
        product: "72081015",
        date: (2025, 6, 5),
        total: 50.0,
        by: &[("us.232.steel", 50.0, "Proc. 10947")],
        ..USUAL
    },
    // The steel in May, when the order was the other way round (EO 14289 s.3(a)(ii)): 25 by the border tariff, none on steel.
    Case {
        exporter: "CAN",
        product: "72081015",
        date: (2025, 5, 10),
        total: 25.0,
        by: &[("us.ieepa.border", 25.0, "EO 14193")],
        ..USUAL
    },
    // An excavator bucket from Viet Nam, four tenths of its value steel: 50 x 0.4 on that, the reciprocal 20 x 0.6 on the rest.
    Case {
        exporter: "VNM",
        product: "84314100",
        date: (2025, 9, 1),
        stated: &[("share:steel_content", 0.4)],
        total: 32.0,
        by: &[("us.232.steel", 20.0, "Proc. 10947"), ("us.ieepa.reciprocal", 12.0, "EO 14326")],
        ..USUAL
    },
    // British cars, four fifths of trade inside the quota of 100,000: 2.5 + 0.8 x 7.5 + 0.2 x 25.
    Case {
        exporter: "GBR",
        product: "87032301",
        date: (2025, 7, 15),
        base: 2.5,
        stated: &[("quota:us.232.autos/uk", 0.8)],
        total: 13.5,
        by: &[("us.232.autos", 11.0, "EO 14309")],
        ..USUAL
    },
    // Brazilian coffee on 12 November 2025: 10 (EO 14326) and 40 (EO 14323).
    Case {
        exporter: "BRA",
        product: "09011100",
        date: (2025, 11, 12),
        total: 50.0,
        by: &[("us.ieepa.reciprocal", 10.0, "EO 14326"), ("us.ieepa.brazil", 40.0, "EO 14323")],
        ..USUAL
    },
    // On the 13th coffee is exempt from both (order of 14 November and EO 14361, each reaching back to the 13th).
    Case { exporter: "BRA", product: "09011100", date: (2025, 11, 13), ..USUAL },
    // Toys from Viet Nam on the last day of the emergency tariffs, 23 February 2026: 20.
    Case {
        exporter: "VNM",
        product: "95030000",
        date: (2026, 2, 23),
        total: 20.0,
        by: &[("us.ieepa.reciprocal", 20.0, "EO 14326")],
        ..USUAL
    },
    // The toys a day later: EO 14389 has ended them and Proc. 11012 charges 10 under Section 122.
    Case {
        exporter: "VNM",
        product: "95030000",
        date: (2026, 2, 24),
        total: 10.0,
        by: &[("us.122", 10.0, "Proc. 11012")],
        ..USUAL
    },
    // The toys on 24 July 2026, when Section 122 lapses (150 days) and the duty over forced labour begins: 12.5.
    Case {
        exporter: "VNM",
        product: "95030000",
        date: (2026, 7, 24),
        total: 12.5,
        by: &[("us.301.forced_labour", 12.5, "91 FR 47717")],
        ..USUAL
    },
    // An Airbus from France in April 2020: 15 (85 FR 10204); the list keeps it, suspended since 11 March 2021.
    Case {
        exporter: "FRA",
        product: "8802400060",
        date: (2020, 4, 1),
        total: 15.0,
        by: &[("us.301.aircraft", 15.0, "85 FR 10204")],
        ..USUAL
    },
    // China on chips of the United States, 20 April 2025: 125 (Announcement 6) on a base of 3.
    Case {
        importer: "CHN",
        exporter: "USA",
        product: "85423100",
        date: (2025, 4, 20),
        base: 3.0,
        total: 128.0,
        by: &[("china.retaliation.2025", 125.0, "Announcement 6 of 2025")],
        ..USUAL
    },
    // Soya beans with an exclusion from the list of 2018, 20 May 2025: 3, 10 left of 34 by the truce, 10 of March.
    Case {
        importer: "CHN",
        exporter: "USA",
        product: "12019011",
        date: (2025, 5, 20),
        base: 3.0,
        stated: &[("claim:china_exclusion", 1.0)],
        total: 23.0,
        by: &[("china.retaliation.2025", 10.0, "Geneva"), ("china.retaliation.farm", 10.0, "Announcement 2 of 2025")],
        ..USUAL
    },
    // A car of the United States in Canada without CUSMA: 6.1 and the surtax of 25 (SOR/2025-118).
    Case {
        importer: "CAN",
        exporter: "USA",
        product: "870323",
        date: (2025, 5, 1),
        base: 6.1,
        total: 31.1,
        by: &[("canada.surtax.autos", 25.0, "SOR/2025-118")],
        ..USUAL
    },
    // Ketchup of the United States in Canada: 10 from July 2018 (SOR/2018-153).
    Case {
        importer: "CAN",
        exporter: "USA",
        product: "21032010",
        date: (2019, 5, 19),
        total: 10.0,
        by: &[("canada.surtax.2018", 10.0, "SOR/2018-153")],
        ..USUAL
    },
    // Ketchup the day after, 20 May 2019: repealed (SOR/2019-144).
    Case { importer: "CAN", exporter: "USA", product: "21032010", date: (2019, 5, 20), ..USUAL },
    // Hot-rolled steel of the United States in Canada from 8 September 2026: 50 in the place of 25 (P.C. 2026-0786, Schedule 2.1).
    Case {
        importer: "CAN",
        exporter: "USA",
        product: "72081000",
        date: (2026, 9, 8),
        total: 50.0,
        by: &[("canada.surtax.metals", 50.0, "P.C. 2026-0786")],
        ..USUAL
    },
    // Bourbon in Germany, 2019: free, and 25 (Regulation 2018/886).
    Case {
        importer: "DEU",
        exporter: "USA",
        product: "22083011",
        date: (2019, 6, 1),
        total: 25.0,
        by: &[("eu.rebalancing.2018", 25.0, "2018/886")],
        ..USUAL
    },
    // American cars in Turkey, September 2018: 10 and 120 (Decision 21 of 15 August).
    Case {
        importer: "TUR",
        exporter: "USA",
        product: "870323",
        date: (2018, 9, 1),
        base: 10.0,
        total: 130.0,
        by: &[("turkey.retaliation", 120.0, "Decision 21")],
        ..USUAL
    },
];

fn day((year, month, day): (i16, i8, i8)) -> Date {
    Date::constant(year, month, day)
}

/// Claims by use that many measures ask about: none is made unless a case says so, so that a better estimate does not move a case.
const NOT_MADE: [&str; 4] = ["usmca", "civil_aircraft", "pharmaceutical_use", "china_exclusion"];

fn question(case: &Case) -> Question {
    let mut question = Question::new(case.importer, case.exporter, case.product, day(case.date));
    question = question.base(case.base).view(case.view);
    if let Some(known) = case.known {
        question = question.known(day(known));
    }
    for claim in NOT_MADE {
        question = question.state(Quantity::Claim(claim.to_owned()), 0.0);
    }
    for (what, value) in case.stated {
        let (kind, name) = what.split_once(':').unwrap();
        let quantity = match kind {
            "claim" => Quantity::Claim(name.to_owned()),
            "share" => Quantity::Share(name.to_owned()),
            "quota" => Quantity::Quota(name.to_owned()),
            _ => panic!("{what}"),
        };
        question = question.state(quantity, *value);
    }
    question
}

#[test]
fn each_case_comes_out_as_worked_out_by_hand() {
    let register = common::whole();
    for case in CASES {
        let question = question(case);
        let duty = register.price(&question).unwrap_or_else(|problem| panic!("{problem}"));
        let name = row(case);
        assert!((duty.total - case.total).abs() < 1e-9, "{name}: {} by {:#?}", duty.total, duty.parts);
        let adds: Vec<_> = duty.parts.iter().filter(|part| part.points.abs() > 1e-9).collect();
        assert_eq!(adds.len(), case.by.len(), "{name}: {adds:#?}");
        for (measure, points, cite) in case.by {
            let part = adds.iter().find(|part| part.measure == *measure).unwrap_or_else(|| panic!("{name}: {adds:#?}"));
            assert!((part.points - points).abs() < 1e-9, "{name}: {measure} {}", part.points);
            let cited = part.source.cite.as_deref().unwrap_or_default();
            assert!(cited.contains(cite), "{name}: {measure} by {cited}, not {cite}");
        }
    }
}

/// What begins the row of a case in the page.
fn row(case: &Case) -> String {
    let view = match case.view {
        View::Law => "law",
        View::Collected => "collected",
    };
    let known = case.known.map_or("now".to_owned(), |known| day(known).to_string());
    let Case { importer, exporter, product, base, total, .. } = case;
    format!("| {importer} | {exporter} | {product} | {} | {known} | {view} | {base} | **{total}** |", day(case.date))
}

#[test]
fn the_page_has_the_same_cases() {
    let page = include_str!("../../../docs/hand-checked.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.contains("| **")).collect();
    assert_eq!(rows.len(), CASES.len(), "rows of the page, cases of the test");
    for (case, line) in CASES.iter().zip(rows) {
        let expected = row(case);
        assert!(line.starts_with(&expected), "the page has\n{line}\nthe test\n{expected}");
    }
}
