//! `replication.toml`: what is compared with what.

use cobden_world::Problem;
use serde::Deserialize;

/// A replication as its file states it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The paper, as one cites it.
    pub paper: String,
    /// Its digital object identifier, if it has one.
    pub doi: Option<String>,
    /// Where to get the data and what they may be used for.
    pub data: String,
    /// Files that must be there, relative to the folder of the data.
    pub needs: Vec<String>,
    /// What is compared.
    #[serde(rename = "table")]
    pub tables: Vec<Table>,
}

/// A table of published numbers, and the study that finds them again.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Where the numbers come from: table and page, or who solved it and how.
    pub source: String,
    /// The file of the study.
    pub study: String,
    /// The file of the numbers: `case,country` and columns.
    pub numbers: String,
    /// Which columns compare, and how closely.
    #[serde(rename = "compare")]
    pub comparisons: Vec<Comparison>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The column, and the quantity of the result: a column of `countries.csv`, or one of those that
    /// [`docs/replications.md`] lists.
    ///
    /// [`docs/replications.md`]: https://github.com/cobden/cobden/blob/main/docs/replications.md
    pub column: String,
    /// The largest difference that is none, in the unit of the column.
    pub tolerance: f64,
    /// Why that much.
    pub why: String,
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// Text that is not TOML, an unknown or missing key.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| Problem::new(error.message().to_owned()))
    }
}
