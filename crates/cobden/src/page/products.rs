//! What becomes of products, where a world is solved by them.

use cobden_report::scale::{number, signed};
use cobden_report::{Card, Chart, Exhibit, Measure, Plain, Question as Section, Step};

use super::sections;
use crate::answer::Answer;
use crate::by_product::{ByProductAnswer, ProductChange};
use crate::labels::{capital, country, in_sentence};
use crate::law::WHOLE;

/// Importers with charts of their own, those whose imports change most in value.
const IMPORTERS: usize = 3;
/// Products of each.
const SHOWN: usize = 12;
/// Letters of a description.
const WORDS: usize = 48;

/// The products of the headline case; `None` where the world was solved by sector or nobody's tariffs change.
pub(super) fn section(answer: &Answer) -> Option<Section> {
    let by_product = answer.by_product.as_ref()?;
    let case = answer.headline()?;
    let changes = by_product.changes.get(answer.study.headline).filter(|changes| !changes.is_empty())?;
    let moved = |of: &[&ProductChange]| of.iter().map(|change| (change.imports - change.imports_before).abs()).sum();
    let mut importers: Vec<(f64, Vec<&ProductChange>)> = changes
        .chunk_by(|a, b| a.importer == b.importer)
        .map(|of| of.iter().filter(|one| is_product(answer, by_product, one.product)).collect::<Vec<_>>())
        .filter(|of| !of.is_empty())
        .map(|of| (moved(&of), of))
        .collect();
    importers.sort_by(|a, b| b.0.total_cmp(&a.0));
    importers.truncate(IMPORTERS);
    if importers.is_empty() {
        return None;
    }
    let exhibits = importers.iter_mut().flat_map(|(_, of)| {
        let change = |one: &ProductChange| one.imports - one.imports_before;
        of.sort_by(|a, b| change(b).abs().total_cmp(&change(a).abs()));
        exhibits(answer, by_product, of)
    });
    let exhibits: Vec<Exhibit> = exhibits.collect();
    Some(Section {
        title: "Product by product".to_owned(),
        asked: format!("What becomes of the products that those who change tariffs buy, in the case “{}”?", case.name),
        answer: importers.iter().map(|(_, of)| sentence(answer, of)).collect(),
        exhibits,
        proof: vec![
            "All products of these importers are in `products.csv`, with tariffs, home sales and prices.".to_owned(),
        ],
    })
}

/// Whether it is a product and not what stands for its sector, as a whole or because nothing divides it.
fn is_product(answer: &Answer, by_product: &ByProductAnswer, product: usize) -> bool {
    let product = &by_product.products.list()[product];
    !product.name.ends_with(WHOLE) && product.name != answer.world.sectors[product.sector]
}

/// `The United States buys less of 5,120 of 7,031 products; half of what falls is of 212 of them.`
fn sentence(answer: &Answer, changes: &[&ProductChange]) -> String {
    let mut falls: Vec<f64> =
        changes.iter().map(|one| one.imports_before - one.imports).filter(|fall| *fall > 0.0).collect();
    falls.sort_by(|a, b| b.total_cmp(a));
    let mut left = 0.5 * falls.iter().sum::<f64>();
    let of_half = falls.iter().take_while(|fall| {
        let needed = left > 0.0;
        left -= **fall;
        needed
    });
    let of_half = of_half.count();
    let (fewer, all) = (number(falls.len() as f64, 0), number(changes.len() as f64, 0));
    let who = capital(&in_sentence(&answer.world.countries[changes[0].importer]));
    let of_half = number(of_half as f64, 0);
    format!(
        "{who} buys less of {fewer} of {all} products from abroad; half of what falls, in value, is of {of_half} of them."
    )
}

fn exhibits(answer: &Answer, by_product: &ByProductAnswer, changes: &[&ProductChange]) -> [Exhibit; 2] {
    let (factor, measure) = sections::imports(answer);
    // A product is less than a country's imports.
    let measure = Measure { decimals: 2, ..measure };
    let importer = country(&answer.world.countries[changes[0].importer]);
    let name = |one: &ProductChange| words(by_product, one.product);
    let most = &changes[..changes.len().min(SHOWN)];
    let bars = most.iter().map(|one| Step { label: name(one), value: factor * (one.imports - one.imports_before) });
    let row = |one: &&ProductChange| {
        vec![
            name(one),
            number(one.tariff_before.percent(), 1),
            number(one.tariff.percent(), 1),
            number(factor * one.imports_before, measure.decimals),
            signed(100.0 * (one.imports / one.imports_before - 1.0), 1),
            signed(100.0 * (one.price_hat - 1.0), 1),
        ]
    };
    let before = format!("Imports before, {}", measure.unit);
    let columns = ["Product", "Tariff before, %", "Tariff, %", &before, "Imports, %", "Price, %"].map(str::to_owned);
    [
        Exhibit {
            title: importer,
            text: "The products whose imports change most in value, before tariff.".to_owned(),
            measure: measure.clone(),
            chart: Chart::Bars(vec![Card {
                name: "Imports".to_owned(),
                first: "Product".to_owned(),
                bars: bars.collect(),
                total: Step::default(),
            }]),
        },
        Exhibit {
            title: String::new(),
            text: "The same, with tariffs averaged over exporters and the price that buyers pay, home goods included."
                .to_owned(),
            measure: Measure::default(),
            chart: Chart::Plain(Plain { columns: columns.to_vec(), words: 1, rows: most.iter().map(row).collect() }),
        },
    ]
}

/// A product by its code, and what it is where the world says so.
fn words(by_product: &ByProductAnswer, product: usize) -> String {
    let product = &by_product.products.list()[product];
    let text: String = product.description.chars().take(WORDS).collect();
    let more = if text.len() < product.description.len() { "…" } else { "" };
    if text.is_empty() { product.name.clone() } else { format!("{} {text}{more}", product.name) }
}
