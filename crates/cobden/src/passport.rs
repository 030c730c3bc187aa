//! What proves of what a result was made.

use jiff::Timestamp;
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
    /// BLAKE3 of the trade elasticities used, in the order of the sectors.
    pub elasticities: String,
    /// BLAKE3 of the register of measures; `None`, as this version uses none.
    pub measures: Option<String>,
    /// When the run began, UTC.
    pub created: String,
}

impl Passport {
    /// The passport of a run that begins now.
    pub(crate) fn new(study: &[u8], world: &[u8], elasticities: &[f64]) -> Self {
        let elasticities: Vec<u8> = elasticities.iter().flat_map(|theta| theta.to_le_bytes()).collect();
        Self {
            cobden: env!("CARGO_PKG_VERSION").to_owned(),
            study: hash(study),
            world: hash(world),
            elasticities: hash(&elasticities),
            measures: None,
            created: now(),
        }
    }
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The time to the second: finer is noise in a document for people.
fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
