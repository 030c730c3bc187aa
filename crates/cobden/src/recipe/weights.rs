//! What weighs the rates of the register in the world: an importer's trade by partner and product, and the sector of every product.

use std::collections::BTreeMap;

use cobden_world::{Names, Problem};

use super::bench::Bench;
use super::collected;
use super::format::Weights;
use crate::disk::read_file;
use crate::law::{self, IMPORTS, PRODUCTS, Register};
use crate::tabular::{Column, Columns, Sheet, write_columns};

/// Digits to which codes are cut where no measure tells finer ones apart.
const DIGITS: usize = 6;

/// Base duties are kept to a hundredth of a point.
const BASE_STEPS: f64 = 1e4;

/// The files of the world directory, by name.
///
/// Codes that every measure of the register treats alike are summed within their six digits, so that nothing of the law is lost.
pub(super) fn make(step: &Weights, bench: &Bench<'_>) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let imports = imports(step, bench)?;
    let products = products(step, bench)?;
    Ok(vec![(format!("{IMPORTS}.parquet"), imports), (format!("{PRODUCTS}.csv"), products.into_bytes())])
}

/// Customs value, and duty at base rates.
#[derive(Clone, Copy, Default)]
struct Entry {
    value: f64,
    base: f64,
}

fn imports(step: &Weights, bench: &Bench<'_>) -> Result<Vec<u8>, Problem> {
    let of = &step.customs;
    let mut countries = BTreeMap::new();
    for row in Sheet::read(&bench.recipe_path(&of.partners), &["code", "country"])?.rows() {
        countries.insert(row.text(0).to_owned(), row.text(1).to_owned());
    }
    let path = bench.data_path(&of.imports);
    let records = Columns::open(read_file(&path)?, path.display().to_string())?;
    let (partners, hs10) = (records.texts("partner_code")?, records.texts("hs10")?);
    let (values, duties) = (records.integers("imports_usd")?, records.integers("duty_usd")?);
    let (register, ordinary) = (law::register()?, law::ordinary_duties(&of.importer.value));
    let codes = summed_codes(register, &hs10);
    let mut entries: BTreeMap<(&str, &str), Entry> = BTreeMap::new();
    for (((partner, code), value), duty) in partners.iter().zip(&hs10).zip(values).zip(duties) {
        let unplaced = || collected::unplaced(partner, &bench.recipe_path(&of.partners));
        let country = countries.get(partner).ok_or_else(unplaced)?;
        if !country.is_empty() && value > 0 {
            let collected = 100.0 * duty as f64 / value as f64;
            let base = ordinary.map_or(collected, |duties| duties.paid(register, country, code, collected));
            let entry = entries.entry((country, &codes[code.as_str()])).or_default();
            entry.value += value as f64;
            entry.base += value as f64 * base / 100.0;
        }
    }
    let importers = vec![of.importer.value.as_str(); entries.len()];
    let (exporters, products): (Vec<&str>, Vec<&str>) = entries.keys().copied().unzip();
    let values: Vec<i64> = entries.values().map(|entry| entry.value as i64).collect();
    let base = |entry: &Entry| (entry.base / entry.value * BASE_STEPS).round() / BASE_STEPS;
    let bases: Vec<f64> = entries.values().map(base).collect();
    write_columns(&[
        ("importer", Column::Texts(&importers)),
        ("exporter", Column::Texts(&exporters)),
        ("product", Column::Texts(&products)),
        ("value", Column::Integers(&values)),
        ("base", Column::Numbers(&bases)),
    ])
    .map_err(|error| Problem::new(error.to_string()))
}

/// The code that each code's trade is summed under: its first six digits if the law treats it like them, else the first of the codes with
/// the same six digits that it is treated like.
fn summed_codes<'c>(register: &Register, hs10: &'c [String]) -> BTreeMap<&'c str, String> {
    let mut all: Vec<&'c str> = hs10.iter().map(String::as_str).collect();
    all.sort_unstable();
    all.dedup();
    let six = |code: &str| code.get(..DIGITS).unwrap_or(code).to_owned();
    let mut known: Vec<String> = all.iter().map(|code| six(code)).collect();
    known.dedup();
    let classes = register.classes(known.iter().map(String::as_str).chain(all.iter().copied()));
    let mut under: BTreeMap<(String, usize), String> =
        known.iter().zip(&classes).map(|(code, class)| ((code.clone(), *class), code.clone())).collect();
    let summed = |(code, class): (&'c str, &usize)| {
        (code, under.entry((six(code), *class)).or_insert_with(|| code.to_owned()).clone())
    };
    all.iter().copied().zip(&classes[known.len()..]).map(summed).collect()
}

/// `hs,sector,share`: as few codes as say where each code of the crosswalk goes. Codes that it does not know go where most of those they
/// begin like go.
fn products(step: &Weights, bench: &Bench<'_>) -> Result<String, Problem> {
    let of = &step.customs;
    let sectors = collected::sectors(of, bench)?;
    let except = step.except.iter().map(|sector| bench.sector(sector)).collect::<Result<Vec<_>, _>>()?;
    let mut codes: Vec<(String, usize)> = Vec::new();
    for row in Sheet::read(&bench.data_path(&of.products), &["hs10", "gtap_code"])?.rows() {
        let sector = sectors.get(&row.text(1).to_lowercase()).copied().flatten();
        if let Some(sector) = sector.filter(|sector| !except.contains(sector)) {
            codes.push((row.text(0).to_owned(), sector));
        }
    }
    codes.sort_unstable();
    codes.dedup_by(|a, b| a.0 == b.0);
    let mut text: String =
        step.remarks.iter().map(|(name, remark)| format!("# {}: {}\n", name.value, remark.value)).collect();
    text.push_str("hs,sector,share\n");
    split(&codes, 2, None, bench.sectors.names.len(), &bench.sectors.names, &mut text);
    Ok(text)
}

/// Writes a row for every group of codes with the same first `digits` digits that goes elsewhere than what is said already.
fn split(
    codes: &[(String, usize)],
    digits: usize,
    said: Option<usize>,
    width: usize,
    names: &Names,
    into: &mut String,
) {
    for group in codes.chunk_by(|a, b| a.0.get(..digits) == b.0.get(..digits)) {
        let mut counts = vec![0; width];
        group.iter().for_each(|(_, sector)| counts[*sector] += 1);
        let most = (0..width).rev().max_by_key(|&sector| counts[sector]);
        let (Some(most), Some(code)) = (most, group[0].0.get(..digits)) else { continue };
        if said != Some(most) {
            into.push_str(&format!("{code},{},1\n", &names[most]));
        }
        if counts[most] < group.len() {
            split(group, digits + 2, Some(most), width, names, into);
        }
    }
}
