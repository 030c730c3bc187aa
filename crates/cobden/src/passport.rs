//! What proves of what a result was made.

use std::collections::BTreeMap;

use cobden_world::{Products, Rate};
use jiff::Timestamp;
use ndarray::Array3;
use serde::Serialize;

/// The version of cobden and hashes of everything that went in: equal passports, but for the time, mean equal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passport {
    /// The version of cobden.
    pub cobden: String,
    /// BLAKE3 of the study file, byte by byte.
    pub study: String,
    /// BLAKE3 of the world's content in canonical order, whatever the format of its files.
    pub world: String,
    /// BLAKE3 of the world's products, with their flows, tariffs and trade elasticities; left out where it was solved by sector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<String>,
    /// BLAKE3 of the trade elasticities used, in the order of the sectors.
    pub elasticities: String,
    /// BLAKE3 of every table of tariffs that the study names, in a fixed order of cells; left out where it names none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, String>,
    /// BLAKE3 of the register of measures, of files on top of it and of what weighs its rates; `None` if no case names a law.
    pub measures: Option<String>,
    /// When the run began, UTC.
    pub created: String,
}

impl Passport {
    /// The passport of a run that begins now.
    pub(crate) fn new<'t>(
        study: &[u8],
        world: &[u8],
        elasticities: &[f64],
        tables: impl Iterator<Item = (&'t str, &'t Array3<Rate>)>,
        measures: Option<String>,
    ) -> Self {
        Self::of_hashes(study, hash(world), hash_of(elasticities.iter().copied()), tables, measures)
    }

    /// The same where the hashes of world and elasticities are known.
    pub(crate) fn of_hashes<'t>(
        study: &[u8],
        world: String,
        elasticities: String,
        tables: impl Iterator<Item = (&'t str, &'t Array3<Rate>)>,
        measures: Option<String>,
    ) -> Self {
        let table = |rates: &Array3<Rate>| hash_of(rates.iter().map(|rate| rate.0));
        Self {
            cobden: env!("CARGO_PKG_VERSION").to_owned(),
            study: hash(study),
            world,
            products: None,
            elasticities,
            tables: tables.map(|(name, rates)| (name.to_owned(), table(rates))).collect(),
            measures,
            created: now(),
        }
    }
}

impl Passport {
    /// What two runs have in common that give the same numbers: all but the time.
    pub(crate) fn key(&self) -> String {
        let tables = self.tables.iter().map(|(name, hash)| format!("{name} {hash}")).collect::<Vec<_>>().join(" ");
        let [products, measures] = [&self.products, &self.measures];
        let text = format!(
            "{} {} {} {products:?} {} {tables} {measures:?}",
            self.cobden, self.study, self.world, self.elasticities
        );
        hash(text.as_bytes())
    }
}

/// BLAKE3 of products: names, sectors and elasticities; who buys which from whom, at which value and tariff.
pub(crate) fn hash_of_products(products: &Products) -> String {
    let mut hasher = blake3::Hasher::new();
    for product in products.list() {
        let theta = product.trade_elasticity.unwrap_or(0.0);
        hasher.update(format!("{}\n{}\n{theta}\n", product.name, product.sector).as_bytes());
    }
    let sparsity = products.sparsity();
    update(&mut hasher, sparsity.starts().iter().map(|start| start.to_le_bytes()));
    update(&mut hasher, sparsity.exporters().iter().map(|exporter| exporter.to_le_bytes()));
    update(&mut hasher, products.domestic().iter().map(|value| value.to_le_bytes()));
    update(&mut hasher, products.imports().iter().map(|value| value.to_le_bytes()));
    update(&mut hasher, products.tariffs().iter().map(|rate| rate.0.to_le_bytes()));
    hasher.finalize().to_hex().to_string()
}

/// Hashes numbers a piece at a time: there may be millions.
fn update<const BYTES: usize>(hasher: &mut blake3::Hasher, numbers: impl Iterator<Item = [u8; BYTES]>) {
    let mut piece = Vec::with_capacity(1 << 16);
    for number in numbers {
        piece.extend_from_slice(&number);
        if piece.len() >= (1 << 16) - BYTES {
            hasher.update(&piece);
            piece.clear();
        }
    }
    hasher.update(&piece);
}

/// BLAKE3 of numbers, each as eight bytes, the lowest first.
pub(crate) fn hash_of(values: impl Iterator<Item = f64>) -> String {
    hash(&values.flat_map(f64::to_le_bytes).collect::<Vec<u8>>())
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The time to the second: finer is noise in a document for people.
pub(crate) fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
