//! `products.csv`: what importers who change tariffs buy of every product, before and after.

use cobden_world::Problem;
use serde::Serialize;

use super::tables::{percent, write};
use crate::answer::Answer;

const PRODUCTS: &str = "case,importer,product,sector,rate_before,rate,imports_before,imports,imports_pct,\
    home_before,home,price_pct";

#[derive(Serialize)]
struct ProductRow<'a> {
    case: &'a str,
    importer: &'a str,
    product: &'a str,
    sector: &'a str,
    rate_before: f64,
    rate: f64,
    imports_before: f64,
    imports: f64,
    imports_pct: f64,
    home_before: f64,
    home: f64,
    price_pct: f64,
}

/// `products.csv`: a row per solved case, importer whose tariffs it changes, and product that the importer buys abroad; rates are decimal and averages over
/// exporters, weighted with the baseline's imports, values before tariff in the unit of the world. `None` where the world was solved by sector.
///
/// # Errors
/// None in practice: the table is written to memory.
pub fn products_csv(answer: &Answer) -> Result<Option<String>, Problem> {
    let Some(by_product) = &answer.by_product else { return Ok(None) };
    let (world, products) = (&answer.world, &by_product.products);
    let rows = answer.cases.iter().zip(&by_product.changes).flat_map(|(case, changes)| {
        changes.iter().map(move |change| ProductRow {
            case: &case.name,
            importer: &world.countries[change.importer],
            product: &products.names()[change.product],
            sector: &world.sectors[products.list()[change.product].sector],
            rate_before: change.tariff_before.0,
            rate: change.tariff.0,
            imports_before: change.imports_before,
            imports: change.imports,
            imports_pct: percent(change.imports, change.imports_before),
            home_before: change.home_before,
            home: change.home,
            price_pct: 100.0 * (change.price_hat - 1.0),
        })
    });
    write(PRODUCTS, rows).map(Some)
}
