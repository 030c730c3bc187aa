//! One number under several models: a strip of dots for every option of every choice, and a table of how far they are apart.

use std::fmt::Write;

use serde::Serialize;

use crate::bars::Domain;
use crate::contents::Page;
use crate::heat::HeatTable;
use crate::scale::{Classes, number, signed};

/// What several models say of the regions in one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// The case, by name.
    pub case: String,
    /// What it comes to, in sentences.
    pub text: Vec<String>,
    /// Names of the columns of [`Spread::shares`]: "Model", "Elasticities", ..., "Together".
    pub shares: Vec<String>,
    /// A row of the table each.
    pub spreads: Vec<Spread>,
    /// A chart each.
    pub strips: Vec<Strips>,
    /// Models without an answer and why, one each.
    pub left_out: Vec<String>,
}

/// How far the models are apart on one region, in [`Page::measure`]; NaN = no value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The region, by code.
    pub region: String,
    /// The main answer.
    pub main: f64,
    /// The middle of the models.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// How many models have it lose, and gain.
    pub lose: usize,
    /// See [`Spread::lose`].
    pub gain: usize,
    /// How much of the spread each choice explains, 0 to 1; may be empty.
    pub shares: Vec<f64>,
}

/// The numbers of one region, by the choices that they rest on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Strips {
    /// The region, by code.
    pub region: String,
    /// The main answer, drawn as a line through all strips; NaN = none.
    pub main: f64,
    /// The choices.
    pub choices: Vec<StripChoice>,
}

/// One choice: all models, by the option that they take.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StripChoice {
    /// "Elasticities".
    pub name: String,
    /// How much of the spread it explains, 0 to 1; NaN = not known.
    pub share: f64,
    /// Its options: name, and the number of each model that takes it.
    pub options: Vec<(String, Vec<f64>)>,
}

/// A comparison laid out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ComparisonView {
    case: String,
    text: Vec<String>,
    cards: Vec<Card>,
    table: HeatTable,
    left_out: Vec<String>,
}

/// The strips of one region, places in percent of the width.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Card {
    region: String,
    /// The numbers at both ends.
    ends: [String; 2],
    zero: f64,
    /// The main answer and its place, if there is one.
    main: Option<(f64, String)>,
    choices: Vec<CardChoice>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct CardChoice {
    name: String,
    /// `23 %`; empty where not known.
    share: String,
    strips: Vec<Strip>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Strip {
    label: String,
    /// Dots below zero and above it, as paths of lines without length, whose round ends are the dots.
    losses: String,
    gains: String,
    median: String,
}

/// Lays a comparison out.
pub(crate) fn view(page: &Page, comparison: &Comparison, classes: &Classes) -> ComparisonView {
    ComparisonView {
        case: comparison.case.clone(),
        text: comparison.text.clone(),
        cards: comparison.strips.iter().map(|strips| card(page, strips)).collect(),
        table: table(page, comparison, classes),
        left_out: comparison.left_out.clone(),
    }
}

fn card(page: &Page, strips: &Strips) -> Card {
    let values = strips.choices.iter().flat_map(|choice| &choice.options).flat_map(|(_, values)| values);
    let domain = Domain::of(values.copied().chain([strips.main]));
    let (low, high) = domain.ends();
    let written = |value: f64| signed(value, page.measure.decimals);
    let choice = |choice: &StripChoice| CardChoice {
        name: choice.name.clone(),
        share: percent(choice.share),
        strips: choice.options.iter().map(|(name, values)| strip(page, name, values, domain)).collect(),
    };
    Card {
        region: name_of(page, &strips.region),
        ends: [written(low), written(high)],
        zero: domain.place(0.0),
        main: strips.main.is_finite().then(|| (domain.place(strips.main), page.measure.written(strips.main))),
        choices: strips.choices.iter().map(choice).collect(),
    }
}

fn strip(page: &Page, name: &str, values: &[f64], domain: Domain) -> Strip {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_by(f64::total_cmp);
    let (losses, gains) = known.split_at(known.partition_point(|value| *value < 0.0));
    Strip {
        label: name.to_owned(),
        losses: dots(losses, domain),
        gains: dots(gains, domain),
        median: signed(median(&known), page.measure.decimals),
    }
}

fn dots(values: &[f64], domain: Domain) -> String {
    values.iter().fold(String::new(), |mut path, value| {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} 5h0", domain.place(*value));
        path
    })
}

/// The middle of sorted values; halves keep the sum of two huge ones finite.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.get(middle) {
        None => f64::NAN,
        Some(upper) if sorted.len() % 2 == 1 => *upper,
        Some(upper) => 0.5 * upper + 0.5 * sorted[middle - 1],
    }
}

fn table(page: &Page, comparison: &Comparison, classes: &Classes) -> HeatTable {
    let heads = ["Main answer", "Median", "Lowest", "Highest", "Lose", "Gain"].map(String::from);
    let shares = comparison.shares.iter().map(|name| format!("{name}, share"));
    let rows = comparison.spreads.iter().map(|spread| {
        let values = [spread.main, spread.median, spread.low, spread.high];
        let numbers = values.map(|value| (signed(value, page.measure.decimals), classes.shade(value).name()));
        let plain = |text: String| (text, "none".to_owned());
        let counts = [spread.lose, spread.gain].map(|count| plain(count.to_string()));
        let shares = (0..comparison.shares.len()).map(|at| percent(spread.shares.get(at).copied().unwrap_or(f64::NAN)));
        let cells = numbers.into_iter().chain(counts).chain(shares.map(plain));
        (name_of(page, &spread.region), cells.collect())
    });
    HeatTable::new(heads.into_iter().chain(shares).collect(), rows)
}

/// A share in whole per cent; empty where it is not known.
fn percent(share: f64) -> String {
    if share.is_finite() { format!("{}\u{a0}%", number(100.0 * share, 0)) } else { String::new() }
}

fn name_of(page: &Page, code: &str) -> String {
    page.regions.iter().find(|region| region.code == code).map_or_else(|| code.to_owned(), |region| region.name.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contents::{Measure, Region};

    fn page() -> Page {
        let regions = vec![Region::country("USA", "United States")];
        Page { regions, measure: Measure::percent("Real income"), ..Page::default() }
    }

    fn strips(main: f64, options: &[&[f64]]) -> Strips {
        let options = options.iter().enumerate().map(|(at, values)| (format!("option {at}"), values.to_vec()));
        let choice = StripChoice { name: "Elasticities".into(), share: 0.614, options: options.collect() };
        Strips { region: "USA".into(), main, choices: vec![choice] }
    }

    #[test]
    fn every_option_has_its_dots_on_one_scale() {
        let card = card(&page(), &strips(-0.2, &[&[-0.4, 0.1, -0.1], &[f64::NAN], &[0.0, -0.3]]));
        assert_eq!((card.region.as_str(), card.ends.clone()), ("United States", ["−0.40".into(), "+0.10".into()]));
        // From -0.4 to +0.1: zero lies at 80 per cent, the main answer at 40.
        assert_eq!((card.zero, card.main.clone()), (80.0, Some((40.0, "−0.20\u{a0}%".into()))));
        let choice = &card.choices[0];
        assert_eq!((choice.name.as_str(), choice.share.as_str()), ("Elasticities", "61\u{a0}%"));
        let paths = |at: usize| (choice.strips[at].losses.as_str(), choice.strips[at].gains.as_str());
        assert_eq!(paths(0), ("M0 5h0M60 5h0", "M100 5h0"));
        assert_eq!(paths(1), ("", ""));
        assert_eq!(paths(2), ("M20 5h0", "M80 5h0"));
        let medians: Vec<&str> = choice.strips.iter().map(|strip| strip.median.as_str()).collect();
        assert_eq!(medians, ["−0.10", "–", "−0.15"]);
    }

    #[test]
    fn the_table_says_how_far_and_why() {
        let spread = Spread {
            region: "USA".into(),
            main: -0.2,
            median: -0.15,
            low: -0.4,
            high: 0.1,
            lose: 3,
            gain: 1,
            shares: vec![0.614],
        };
        let comparison = Comparison {
            shares: vec!["Model".into(), "Together".into()],
            spreads: vec![spread],
            ..Comparison::default()
        };
        insta::assert_debug_snapshot!(table(&page(), &comparison, &Classes::fit([-0.4, 0.1], 2)));
    }

    proptest! {
        #[test]
        fn dots_stay_in_their_column(values in prop::collection::vec(any::<f64>(), 0..9), main in any::<f64>()) {
            let card = card(&page(), &strips(main, &[&values]));
            prop_assert!((0.0..=100.0).contains(&card.zero));
            prop_assert!(card.main.is_none_or(|(place, _)| (0.0..=100.0).contains(&place)));
            let strip = &card.choices[0].strips[0];
            let places: Vec<f64> = [&strip.losses, &strip.gains]
                .into_iter()
                .flat_map(|path| path.split('M').skip(1))
                .map(|dot| dot.split(' ').next().unwrap().parse().unwrap())
                .collect();
            prop_assert_eq!(places.len(), values.iter().filter(|value| value.is_finite()).count());
            prop_assert!(places.iter().all(|place| (0.0..=100.0).contains(place)), "{places:?}");
        }
    }
}
