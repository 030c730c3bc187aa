//! The replications that cobden carries.

use cobden_world::Problem;

use super::plan::Plan;
use crate::study::Study;

/// A replication that is part of cobden. Its files lie in `replications/NAME/`, as anyone may read them.
#[derive(Clone, Copy, Debug)]
pub struct Replication {
    /// Author and year: `ossa-2014`.
    pub name: &'static str,
    files: &'static [(&'static str, &'static str)],
}

/// The replications that cobden carries, in alphabetical order.
pub fn replications() -> &'static [Replication] {
    &REPLICATIONS
}

/// The replication of a name.
///
/// # Errors
/// No replication of that name, with the nearest one there is.
///
/// ```
/// assert!(cobden::replication("ossa-2014")?.differences().starts_with("# "));
/// assert!(cobden::replication("ossa").is_err());
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn replication(name: &str) -> Result<&'static Replication, Problem> {
    let known = REPLICATIONS.iter().map(|replication| replication.name);
    REPLICATIONS
        .iter()
        .find(|replication| replication.name == name)
        .ok_or_else(|| Problem::unknown("replication", name, known))
}

impl Replication {
    /// What is compared with what.
    ///
    /// # Errors
    /// Never for the replications that cobden carries: the tests read each.
    pub fn plan(&self) -> Result<Plan, Problem> {
        Plan::parse(self.text(PLAN)?).map_err(|problem| problem.in_file(self.label(PLAN)))
    }

    /// Where cobden and the paper differ, and why, in Markdown.
    pub fn differences(&self) -> &'static str {
        self.text(DIFFERENCES).unwrap_or_default()
    }

    /// Names and texts of its files.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.files.iter().copied()
    }

    /// One of its studies.
    pub(super) fn study(&self, name: &str) -> Result<Study, Problem> {
        Study::parse(self.text(name)?.as_bytes().to_vec(), &self.label(name))
    }

    pub(super) fn text(&self, name: &str) -> Result<&'static str, Problem> {
        let found = self.files.iter().find(|(file, _)| *file == name);
        found
            .map(|(_, text)| *text)
            .ok_or_else(|| Problem::unknown("file", name, self.files.iter().map(|(file, _)| *file)))
    }

    /// What messages call one of its files.
    pub(super) fn label(&self, file: &str) -> String {
        format!("replications/{}/{file}", self.name)
    }
}

const PLAN: &str = "replication.toml";
const DIFFERENCES: &str = "DIFFERENCES.md";

/// Embeds files of one replication.
macro_rules! embedded {
    ($name:literal: $($file:literal),+ $(,)?) => {
        Replication { name: $name, files: &[$(($file, include_str!(concat!("../../replications/", $name, "/", $file)))),+] }
    };
}

static REPLICATIONS: [Replication; 4] = [
    embedded!("caliendo-parro-2015":
        "replication.toml", "DIFFERENCES.md", "balanced.toml", "deficits.toml", "balanced.csv", "deficits.csv", "table2.csv"),
    embedded!("lashkaripour-2021": "replication.toml", "DIFFERENCES.md", "nash.toml", "nash.csv", "games.toml", "formula.csv", "best.csv"),
    embedded!("ossa-2014":
        "replication.toml", "DIFFERENCES.md", "published-tariffs.toml", "table3a.csv", "table4a.csv", "own.csv", "nash.csv", "games.toml", "political.toml", "table3b.csv", "table5a.csv"),
    embedded!("us-tariff-2025": "replication.toml", "DIFFERENCES.md", "uniform.toml", "uniform.csv"),
];
