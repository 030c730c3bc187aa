//! Writes a sample page to standard output: `cargo run -p cobden-report --example sample > sample.html`.
//!
//! Every number is invented, to see what a page looks like; the page says so.
#![allow(clippy::print_stdout)]

use cobden_report::{
    Breakdown, Case, Chart, Comparison, Diversion, Entry, Exhibit, Frontier, Grid, KeyFigure, Mark, Measure, Page,
    Place, Question, Region, Remark, Sector, SectorPanel, Source, Spread, Standing, Standings, Step, StripChoice,
    Strips, render,
};

const COUNTRIES: [(&str, &str); 20] = [
    ("USA", "United States"),
    ("CAN", "Canada"),
    ("MEX", "Mexico"),
    ("BRA", "Brazil"),
    ("GBR", "United Kingdom"),
    ("CHE", "Switzerland"),
    ("TUR", "Türkiye"),
    ("RUS", "Russia"),
    ("JPN", "Japan"),
    ("KOR", "South Korea"),
    ("TWN", "Taiwan"),
    ("VNM", "Viet Nam"),
    ("IND", "India"),
    ("IDN", "Indonesia"),
    ("THA", "Thailand"),
    ("MYS", "Malaysia"),
    ("SGP", "Singapore"),
    ("PHL", "Philippines"),
    ("ZAF", "South Africa"),
    ("SAU", "Saudi Arabia"),
];

const EU27: &str =
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE";

const CASES: [(&str, &str, &[&str]); 8] = [
    ("10 % on everyone", "The United States adds ten points on all goods from every country.", &["USA"]),
    ("Country rates of 2 April", "The United States adds the announced rate for each country.", &["USA"]),
    ("China answers alone", "China answers at the same rate.", &["USA", "CHN"]),
    ("Japan answers alone", "Japan answers at the same rate.", &["USA", "JPN"]),
    ("Both answer, separately", "China and Japan answer, each for itself.", &["USA", "CHN", "JPN"]),
    ("Both answer together", "China and Japan choose one answer.", &["USA", "CHN", "JPN"]),
    ("Japan’s deal, China answers", "Japan pays 15 % all-in; China keeps its answer.", &["USA", "CHN", "JPN"]),
    ("Both answer and open to each other", "China and Japan also drop their tariffs.", &["USA", "CHN", "JPN"]),
];

const SECTORS: [(&str, &str); 18] = [
    ("AGR", "Agriculture, forestry and fishing"),
    ("OILGAS", "Oil and gas"),
    ("MINING", "Mining"),
    ("FOOD", "Food, drink and tobacco"),
    ("TEX", "Textiles, clothing and leather"),
    ("WOODPAP", "Wood, paper and printing"),
    ("PETRO", "Refined petroleum"),
    ("CHEM", "Chemicals"),
    ("PHARMA", "Pharmaceuticals"),
    ("RUBMIN", "Rubber, plastics and minerals"),
    ("METALS", "Metals and metal products"),
    ("ELECTRON", "Computers and electronics"),
    ("ELEQ", "Electrical equipment"),
    ("MACH", "Machinery"),
    ("AUTO", "Motor vehicles"),
    ("OTRANS", "Ships, trains and aircraft"),
    ("OMANUF", "Furniture and other manufacturing"),
    ("SERV", "Services"),
];

/// Invented numbers between -1 and 1, the same on every run (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 30) - 1.0
    }
}

fn main() -> Result<(), cobden_report::Error> {
    println!("{}", render(&page())?);
    Ok(())
}

fn page() -> Page {
    let mut dice = Dice(1846);
    let regions = regions();
    let cases: Vec<Case> = CASES.iter().enumerate().map(|case| invented_case(case, &regions, &mut dice)).collect();
    let diversion = invented_diversion(&regions, &mut dice);
    let panels = ["USA", "CHN", "JPN", "VNM"].map(|region| SectorPanel {
        case: CASES[5].0.into(),
        region: region.into(),
        measures: vec![
            Measure { decimals: 1, ..Measure::percent("Output") },
            Measure { decimals: 1, ..Measure::percent("Jobs") },
        ],
        values: SECTORS.iter().map(|_| [dice.roll() * 6.0, dice.roll() * 4.0].to_vec()).collect(),
    });
    Page {
        title: "Beijing and Tokyo answer Washington".into(),
        banner: "Synthetic: every number on this page is invented, to show what a page looks like.".into(),
        headline: vec![
            "If Beijing and Tokyo answer together, the United States loses 0.9 % of its real income".into(),
            "Canada and Mexico pay most of all; Viet Nam gains what others no longer sell. An answer by Japan alone hurts \
             Japan more than the United States."
                .into(),
        ],
        key_figures: key_figures(),
        sectors: SECTORS.iter().map(|(code, name)| Sector { code: (*code).into(), name: (*name).into() }).collect(),
        measure: Measure {
            note: "Change in what a region’s income buys, against the world before the tariffs.".into(),
            ..Measure::percent("Real income")
        },
        amount: Some(Measure::usd_billion("Real income")),
        headline_case: 5,
        questions: vec![invented_question()],
        breakdowns: vec![invented_breakdown()],
        comparison: Some(invented_comparison(&mut dice)),
        diversion: vec![diversion],
        sector_panels: panels.to_vec(),
        assumptions: assumptions(),
        notes: vec!["Taxes on services are left as they are.".into(), "Invented from beginning to end.".into()],
        passport: passport(),
        sources: vec![Source {
            name: "No data at all".into(),
            text: "A generator of random numbers stands in for the world.".into(),
            licence: "CC0".into(),
            url: "https://example.org/".into(),
        }],
        regions,
        cases,
    }
}

fn invented_question() -> Question {
    let place = |value, inside, mark| Place { value, inside, mark };
    let row = |name: &str, places: [Place; 2], holds: &str, shown| Standing {
        name: name.into(),
        places: places.to_vec(),
        remarks: vec![holds.into()],
        shown,
    };
    let (leaves, joins) = (Some(Mark::Leaves), Some(Mark::Joins));
    let standings = Standings {
        players: vec!["China".into(), "Japan".into()],
        remarks: vec!["Holds".into()],
        rows: vec![
            row("China alone", [place(-0.20, true, None), place(-0.11, false, joins)], "grows", false),
            row("China + Japan", [place(-0.16, true, leaves), place(-0.05, true, None)], "with payments", true),
        ],
    };
    let frontier = Frontier {
        x: Measure::percent("Own cost"),
        y: Measure::percent("Harm to the United States"),
        line: (0..12).map(|k| (0.02 * f64::from(k * k) / 10.0, 0.05 * f64::from(k))).collect(),
        points: vec![("within the limit".into(), 0.072, 0.3)],
    };
    let grid = Grid {
        first: "Government".into(),
        columns: vec!["China".into(), "Japan".into()],
        rows: vec![("China".into(), vec![1.0, -0.31]), ("Japan".into(), vec![-0.31, 1.0])],
    };
    let exhibit = |title: &str, chart| Exhibit {
        title: title.into(),
        text: "Invented.".into(),
        measure: Measure::percent("Real income"),
        chart,
    };
    Question {
        title: "Who would stand with whom".into(),
        asked: "China and Japan, against the United States.".into(),
        answer: vec!["China would leave an alliance with Japan.".into()],
        exhibits: vec![
            exhibit("Real income by coalition", Chart::Standings(standings)),
            exhibit("Harm against own cost", Chart::Frontier(frontier)),
            exhibit("How far they want the same", Chart::Grid(grid)),
        ],
        proof: vec!["Nobody gains more than 2e-12 percentage points by deviating, which is invented too.".into()],
    }
}

fn regions() -> Vec<Region> {
    let mut regions: Vec<Region> = COUNTRIES.iter().map(|(code, name)| Region::country(*code, *name)).collect();
    regions.insert(4, Region::group("EU27", "European Union", EU27.split(' ')));
    regions.insert(9, Region::group("CHN", "China", ["CHN", "HKG"]));
    regions.insert(21, Region::group("AUNZ", "Australia and New Zealand", ["AUS", "NZL"]));
    regions.push(Region::rest_of_world("ROW", "Rest of the world"));
    regions
}

fn invented_case(
    (k, (name, note, actors)): (usize, &(&str, &str, &[&str])),
    regions: &[Region],
    dice: &mut Dice,
) -> Case {
    let value = |region: &Region, dice: &mut Dice| {
        let luck = dice.roll();
        match region.code.as_str() {
            "USA" => -0.1 - 0.16 * k as f64 + 0.02 * luck,
            "CAN" | "MEX" => -1.1 - 0.5 * luck,
            "VNM" => 0.3 + 0.2 * luck,
            code if actors.contains(&code) => -0.45 + 0.3 * luck,
            _ => luck.powi(3) * 0.4,
        }
    };
    let values: Vec<f64> = regions.iter().map(|region| value(region, dice)).collect();
    let amounts = values.iter().map(|value| value * (150.0 + 120.0 * dice.roll())).collect();
    Case {
        name: (*name).into(),
        note: (*note).into(),
        values,
        amounts,
        actors: actors.iter().map(|code| (*code).into()).collect(),
        failure: None,
    }
}

fn invented_breakdown() -> Breakdown {
    let step = |label: &str, value: f64| Step { label: label.into(), value };
    Breakdown {
        case: "Ten per cent on all".into(),
        region: "USA".into(),
        text: "Invented parts, to see how they add up.".into(),
        steps: vec![step("Terms of trade", 0.31), step("Volume of trade", -0.52), step("Profits", 0.08)],
        total: step("Real income", -0.13),
        levers: vec![
            step("Trade elasticity: machinery", -0.021),
            step("Imports of the United States from China", 0.014),
        ],
    }
}

fn invented_comparison(dice: &mut Dice) -> Comparison {
    let mut option =
        |name: &str, at: f64| (name.to_owned(), (0..8).map(|_| at + 0.1 * dice.roll()).collect::<Vec<f64>>());
    let choice = |name: &str, share, options| StripChoice { name: name.into(), share, options };
    let strips = Strips {
        region: "USA".into(),
        main: -0.13,
        choices: vec![
            choice("Model", 0.7, vec![option("one", -0.1), option("another", -0.4)]),
            choice("Elasticities", 0.2, vec![option("these", -0.2), option("those", -0.3)]),
        ],
    };
    let spread = Spread {
        region: "USA".into(),
        main: -0.13,
        median: -0.2,
        low: -0.5,
        high: 0.05,
        lose: 15,
        gain: 1,
        shares: vec![0.7, 0.2, 0.1],
    };
    Comparison {
        case: "Ten per cent on all".into(),
        text: vec!["Across 16 invented models the United States loses.".into()],
        shares: ["Model", "Elasticities", "Together"].map(String::from).to_vec(),
        spreads: vec![spread],
        strips: vec![strips],
        left_out: Vec::new(),
    }
}

fn invented_diversion(regions: &[Region], dice: &mut Dice) -> Diversion {
    let n = regions.len();
    let mut table = |size: f64| -> Vec<Vec<f64>> {
        let row = |buyer: usize, dice: &mut Dice| {
            (0..n).map(|seller| if seller == buyer { f64::NAN } else { dice.roll().powi(5) * size }).collect()
        };
        (0..n).map(|buyer| row(buyer, dice)).collect()
    };
    Diversion {
        case: CASES[5].0.into(),
        measure: Measure::usd_billion("Imports"),
        amounts: table(80.0),
        percents: table(40.0),
        focus: ["USA", "CHN", "JPN", "EU27"].map(String::from).to_vec(),
    }
}

fn key_figures() -> Vec<KeyFigure> {
    let figure = |label: &str, value: &str, note: &str| KeyFigure {
        label: label.into(),
        value: value.into(),
        note: note.into(),
    };
    vec![
        figure("World real income", "−0.31 %", "USD −290 bn a year"),
        figure("United States", "−0.91 %", "USD −231 bn a year"),
        figure("Worst off", "Canada −1.52 %", "without having moved"),
        figure("Best off", "Viet Nam +0.44 %", "sells what others no longer do"),
    ]
}

fn assumptions() -> Vec<Remark> {
    let remark = |title: &str, text: &str| Remark { title: title.into(), text: text.into() };
    vec![
        remark(
            "Goods differ by where they are made",
            "A buyer who turns away from one origin turns to the others, more so where the trade elasticity is high.",
        ),
        remark(
            "Workers stay in their country and move freely between sectors",
            "Nobody is unemployed after the change; the way there is not shown.",
        ),
        remark("Tariff revenue goes back to the people", ""),
        remark("Deficits stay as they are", "In units of world value added; nobody borrows more because of a tariff."),
    ]
}

fn passport() -> Vec<Entry> {
    let entry = |name: &str, value: &str| Entry { name: name.into(), value: value.into() };
    vec![
        entry("cobden", "0.1.0"),
        entry("study", "0000000000000000000000000000000000000000000000000000000000000000"),
        entry("world", "synthetic, 24 regions × 18 sectors"),
        entry("model", "none: random numbers"),
        entry("created", "never"),
    ]
}
