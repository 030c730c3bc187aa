//! The page as a whole: well formed, closed to the network, deaf to mark-up in names, unmoved by odd numbers.

mod xml;

use cobden_report::{
    Breakdown, Card, Case, Chart, Comparison, Diversion, Entry, Exhibit, Frontier, Grid, KeyFigure, Mark, Measure,
    Page, Place, Plain, Question, Region, Remark, Sector, SectorPanel, Source, Spread, Standing, Standings, Step,
    StripChoice, Strips, map_svg, render,
};
use proptest::prelude::*;

/// A page with every section, in which every name is `word` and every number comes from `number`.
fn full_page(word: &str, mut number: impl FnMut() -> f64) -> Page {
    let codes = ["USA", "CHN", "SGP"];
    let mut vector = |length: usize| (0..length).map(|_| number()).collect::<Vec<f64>>();
    let text = || word.to_string();
    Page {
        title: text(),
        banner: text(),
        headline: vec![text(), text()],
        key_figures: vec![KeyFigure { label: text(), value: text(), note: text() }],
        regions: codes.iter().map(|code| Region::country(*code, text())).collect(),
        sectors: vec![Sector { code: text(), name: text() }; 2],
        measure: Measure { name: text(), unit: text(), decimals: 2, note: text() },
        amount: Some(Measure::usd_billion(text())),
        cases: (0..2)
            .map(|_| Case {
                name: text(),
                note: text(),
                values: vector(3),
                amounts: vector(3),
                actors: vec!["USA".into(), text()],
                failure: None,
            })
            .collect(),
        headline_case: 1,
        questions: vec![Question {
            title: text(),
            asked: text(),
            answer: vec![text(), text()],
            exhibits: exhibits(word, &mut vector),
            proof: vec![text()],
        }],
        breakdowns: vec![Breakdown {
            case: text(),
            region: "USA".into(),
            text: text(),
            steps: vector(2).into_iter().map(|value| Step { label: text(), value }).collect(),
            total: Step { label: text(), value: vector(1)[0] },
            levers: vector(2).into_iter().map(|value| Step { label: text(), value }).collect(),
        }],
        comparison: Some(Comparison {
            case: text(),
            text: vec![text()],
            shares: vec![text(), text()],
            spreads: vec![Spread {
                region: "CHN".into(),
                main: vector(1)[0],
                median: vector(1)[0],
                low: vector(1)[0],
                high: vector(1)[0],
                lose: 3,
                gain: 2,
                shares: vector(2),
            }],
            strips: vec![Strips {
                region: "USA".into(),
                main: vector(1)[0],
                choices: vec![StripChoice {
                    name: text(),
                    share: vector(1)[0],
                    options: vec![(text(), vector(3)), (text(), Vec::new())],
                }],
            }],
            left_out: vec![text()],
        }),
        diversion: vec![Diversion {
            case: text(),
            measure: Measure::usd_billion(text()),
            amounts: vec![vector(3), vector(3), vector(3)],
            percents: vec![vector(3)],
            focus: vec!["CHN".into(), text()],
        }],
        sector_panels: vec![SectorPanel {
            case: text(),
            region: "USA".into(),
            measures: vec![Measure::percent(text()), Measure::percent(text())],
            values: vec![vector(2), vector(2)],
        }],
        assumptions: vec![Remark { title: text(), text: text() }],
        notes: vec![text()],
        passport: vec![Entry { name: text(), value: text() }],
        sources: vec![Source { name: text(), text: text(), licence: text(), url: text() }],
    }
}

/// One of each form.
fn exhibits(word: &str, vector: &mut impl FnMut(usize) -> Vec<f64>) -> Vec<Exhibit> {
    let text = || word.to_string();
    let mut card = || Card {
        name: text(),
        first: text(),
        bars: vector(2).into_iter().map(|value| Step { label: text(), value }).collect(),
        total: Step { label: text(), value: vector(1)[0] },
    };
    let charts = vec![
        Chart::Bars(vec![card()]),
        Chart::Steps(vec![card()]),
        Chart::Plain(Plain { columns: vec![text(), text()], words: 1, rows: vec![vec![text(), text()]] }),
        Chart::Standings(Standings {
            players: vec![text(), text()],
            remarks: vec![text()],
            rows: vec![Standing {
                name: text(),
                places: vec![
                    Place { value: vector(1)[0], inside: true, mark: Some(Mark::Leaves) },
                    Place { value: vector(1)[0], inside: false, mark: Some(Mark::Joins) },
                ],
                remarks: vec![text()],
                shown: true,
            }],
        }),
        Chart::Frontier(Frontier {
            x: Measure::percent(text()),
            y: Measure::percent(text()),
            line: vector(2).into_iter().zip(vector(2)).collect(),
            points: vec![(text(), vector(1)[0], vector(1)[0])],
        }),
        Chart::Grid(Grid { first: text(), columns: vec![text(), text()], rows: vec![(text(), vector(2))] }),
    ];
    let exhibit = |chart| Exhibit { title: text(), text: text(), measure: Measure::percent(text()), chart };
    charts.into_iter().map(exhibit).collect()
}

/// The body of the page without coordinates: what a person would read in a diff.
fn skeleton(html: &str) -> String {
    let body = html.split("</style>").nth(1).unwrap_or_default();
    let mut parts = body.split(" d=\"");
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        text.push_str(" d=\"...\"");
        text.push_str(part.split_once('"').map_or("", |(_, after)| after));
    }
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_small_page_reads_as_meant() {
    let mut count = 0.0;
    let mut page = full_page("word", || {
        count += 0.13;
        count - 1.0
    });
    page.cases[1].name = "other".into();
    page.sources[0].url = "https://example.org/".into();
    insta::assert_snapshot!(skeleton(&render(&page).unwrap()));
}

#[test]
fn a_full_page_is_well_formed_and_refers_only_to_itself() {
    let html = render(&full_page("word", || 1.0)).unwrap();
    let document = xml::check(&html).unwrap();
    for reference in &document.references {
        assert!(document.ids.contains(reference), "no element has the id {reference}");
    }
    for address in ["http:", "https:", "//", "@import", "<script", "<link", "<img"] {
        assert!(!html.contains(address), "{address}");
    }
}

#[test]
fn an_empty_page_is_a_page() {
    let html = render(&Page::default()).unwrap();
    xml::check(&html).unwrap();
    assert!(html.contains("Not a forecast"));
    xml::check(&map_svg(&Page::default(), 7)).unwrap();
}

#[test]
fn markup_in_names_is_text() {
    for word in
        ["<script>alert(1)</script>", "\"><svg onload=x>", "'&amp;]]>", "</style></title>", "javascript:alert(1)"]
    {
        let page = full_page(word, || 1.0);
        let html = render(&page).unwrap();
        let document = xml::check(&html).unwrap();
        assert!(!document.elements.iter().any(|name| name == "script"), "{word}");
        assert!(!html.contains("href=\"javascript"), "{word}");
        let map = xml::check(&map_svg(&page, 0)).unwrap();
        assert!(!map.elements.iter().any(|name| name == "script"), "{word}");
    }
}

#[test]
fn a_case_without_a_result_shows_no_number() {
    let mut page = full_page("word", || 7.77);
    page.cases.truncate(1);
    page.cases[0].failure = Some("did not converge".into());
    (page.diversion, page.sector_panels, page.breakdowns) = (Vec::new(), Vec::new(), Vec::new());
    page.comparison = None;
    page.questions = Vec::new();
    let html = render(&page).unwrap();
    assert!(!html.contains("7.77") && html.contains("No result: did not converge"));
}

#[test]
fn vectors_that_are_too_short_or_too_long_are_no_error() {
    for length in [0, 1, 50] {
        let mut page = full_page("word", || -0.5);
        for case in &mut page.cases {
            case.values = vec![0.3; length];
            case.amounts = vec![0.3; length];
        }
        page.diversion[0].amounts = vec![vec![0.3; length]; length];
        page.sector_panels[0].values = vec![vec![0.3; length]; length];
        page.headline_case = length;
        xml::check(&render(&page).unwrap()).unwrap();
    }
}

#[test]
fn the_map_takes_in_the_world() {
    let mut page = full_page("word", || -0.5);
    assert!(map_svg(&page, 0).contains("<title>No data</title><path"), "countries that nobody claims are hatched");
    page.regions.push(Region::rest_of_world("ROW", "Rest of the world"));
    let map = map_svg(&page, 0);
    assert!(!map.contains("<title>No data</title><path"), "the rest of the world takes every country left");
    assert!(map.contains("<circle"), "Singapore is a dot");
    assert!(map.contains("href=\"#region-0\""), "who acts is outlined");
}

#[test]
fn a_region_that_is_nowhere_is_named_below_the_map() {
    let mut page = full_page("word", || -0.5);
    page.regions[0] = Region::country("R01", "Ruritania");
    assert!(render(&page).unwrap().contains("Not on the map: Ruritania."));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_numbers_and_any_words_make_a_well_formed_page(
        word in "\\PC{0,12}", numbers in prop::collection::vec(any::<f64>(), 1..30),
    ) {
        let mut cycle = numbers.iter().copied().cycle();
        let html = render(&full_page(&word, || cycle.next().unwrap_or(f64::NAN))).unwrap();
        prop_assert!(xml::check(&html).is_ok(), "{:?}", xml::check(&html));
        prop_assert!(!html.contains("NaN") || word.contains("NaN"));
    }
}
