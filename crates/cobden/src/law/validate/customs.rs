//! The trade of the United States of 2024 at ten digits, from the records of its customs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cobden_measures::{Concordance, Register, Trade};
use cobden_world::Problem;

use crate::disk::read_file;
use crate::law::ordinary_duties;
use crate::tabular::{Columns, Sheet};

const PARTNERS: &str = include_str!("../../../worlds/icio-2022/recipe/us_partners.csv");
const IMPORTS: &str = "us-imports-2024/imports.parquet";
const PRODUCTS: &str = "lists/hs10_gtap_crosswalk.csv";
/// Codes that only statistics use: shipments of low value and the like, no goods of the tariff.
const STATISTICAL: &str = "99";

/// What the United States bought in 2024 by partner and product, with the ordinary duty that was paid.
///
/// `data` holds `us-imports-2024/imports.parquet`: `partner_code`, `hs10`, `imports_usd`, `duty_usd`, from the US Census Bureau. Lines under chapter 99
/// are left out: they say how much came in, not what.
///
/// # Errors
/// The file is absent or has other columns; a partner of it that is unknown.
pub fn customs_records(register: &Register, data: &Path) -> Result<Trade, Problem> {
    let partners = partners()?;
    let duties = ordinary_duties("USA").ok_or_else(|| Problem::new("no ordinary duties of USA"))?;
    let path = data.join(IMPORTS);
    let records = Columns::open(read_file(&path)?, path.display().to_string())?;
    let (codes, products) = (records.texts("partner_code")?, records.texts("hs10")?);
    let (values, collected) = (records.integers("imports_usd")?, records.integers("duty_usd")?);
    let mut trade = Trade::new("USA", "US Census Bureau, imports for consumption 2024");
    for (((code, product), value), collected) in codes.iter().zip(&products).zip(values).zip(collected) {
        let unknown =
            || Problem::new(format!("no country for the partner \"{code}\"")).in_file(path.display().to_string());
        let country = partners.get(code).ok_or_else(unknown)?;
        if value > 0 && !country.is_empty() && !product.starts_with(STATISTICAL) {
            let collected = 100.0 * collected as f64 / value as f64;
            trade.push(country, product, value as f64, duties.paid(register, country, product, collected))?;
        }
    }
    Ok(trade)
}

/// Which product is of which sector.
pub(super) struct Sectors {
    /// Every sector, and one for products that have none.
    pub(super) names: Vec<String>,
    /// By ten digits, or by six where a code is newer than the table.
    pub(super) codes: Concordance,
}

/// The GTAP sectors of ten-digit codes. Products without one, all of chapter 98, go to a sector without a name.
pub(super) fn sectors(data: &Path) -> Result<Sectors, Problem> {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for row in Sheet::read(&data.join(PRODUCTS), &["hs10", "hs6_code", "gtap_code"])?.rows() {
        // Seven sectors are written in both cases.
        let sector = row.text(2).to_uppercase();
        rows.insert(row.text(0).to_owned(), sector.clone());
        rows.entry(row.text(1).to_owned()).or_insert(sector);
    }
    let names: BTreeSet<String> = rows.values().cloned().collect();
    let codes = Concordance::new(rows.iter().map(|(code, sector)| (code.as_str(), sector.as_str(), 1.0)))?;
    Ok(Sectors { names: names.into_iter().collect(), codes })
}

fn partners() -> Result<BTreeMap<String, String>, Problem> {
    let sheet = Sheet::parse(PARTNERS.as_bytes(), "us_partners.csv", &["code", "country"])?;
    Ok(sheet.rows().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect())
}
