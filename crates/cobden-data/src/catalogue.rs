//! The public data sets that cobden reads: whose they are, on which terms, where they are to be had.
//!
//! `data/catalogue.toml` is the list; this module is what it says. Nothing here touches a network.
//!
//! ```
//! use cobden_data::catalogue;
//! let icio = catalogue::find("oecd-icio-2025")?;
//! assert_eq!(icio.spdx.as_deref(), Some("CC-BY-4.0"));
//! let file = icio.file(Some(2022))?.expect("it may be downloaded");
//! assert_eq!(file.name, "2016-2022_SML.zip");
//! # Ok::<(), cobden_world::Problem>(())
//! ```

use std::sync::LazyLock;

use cobden_world::Problem;
use serde::{Deserialize, Serialize};

/// The list, as a file.
pub const TEXT: &str = include_str!("../data/catalogue.toml");

/// A data set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Its name on the command line.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Edition or release.
    pub edition: String,
    /// The page of its publisher.
    pub page: String,
    /// How it may be had.
    pub access: Access,
    /// The licence in words.
    pub licence: String,
    /// Its SPDX identifier, if it has one.
    pub spdx: Option<String>,
    /// Where the terms stand.
    pub terms: Option<String>,
    /// Whether it may be passed on, and what is made of it.
    pub redistribution: String,
    /// How to cite it.
    pub citation: String,
    /// The years that it has.
    pub years: String,
    /// How many regions; of lists of trade and tariffs about how many.
    pub regions: Option<usize>,
    /// How many sectors or products; of lists about how many.
    pub sectors: Option<usize>,
    /// The unit of its values.
    pub unit: String,
    /// The reader of cobden that takes it.
    pub reader: String,
    /// A command that reads it.
    pub command: String,
    /// What else one should know.
    #[serde(default)]
    pub note: String,
    /// Whether addresses and terms were checked against a second source.
    pub verified: bool,
    /// What was not checked.
    pub unsure: Option<String>,
    /// Files that a program can fetch. `{year}` and `{yy}` in a name or an address stand for each year.
    #[serde(default, rename = "file")]
    pub files: Vec<File>,
}

/// How a data set may be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// By a program, from an open address.
    Program,
    /// Free, but in a browser.
    Browser,
    /// After registration.
    Registration,
    /// For money, or by a licence that is agreed with the publisher.
    Purchase,
}

impl Access {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Access::Program => "cobden data get",
            Access::Browser => "in a browser",
            Access::Registration => "on registration",
            Access::Purchase => "by licence",
        }
    }
}

/// A file of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The first year in it.
    pub first: Option<i32>,
    /// The last year in it.
    pub last: Option<i32>,
    /// Its length in bytes, where it cannot change.
    pub size: Option<u64>,
    /// Its SHA-1, as its publisher states it.
    pub sha1: Option<String>,
    /// A SHA-256 that somebody else saw: a difference is a revision, not a fault.
    pub sha256_seen: Option<String>,
    /// Who saw it, and when.
    pub seen: Option<String>,
    /// What kind of file it is.
    pub kind: Kind,
    /// What is in it.
    pub holds: String,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A zip archive.
    Zip,
    /// Text.
    Csv,
}

/// The list as a document of TOML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    dataset: Vec<Dataset>,
}

static ALL: LazyLock<Vec<Dataset>> = LazyLock::new(|| read(TEXT).unwrap_or_default());

/// A list of data sets in the form of `data/catalogue.toml`.
///
/// # Errors
/// What is wrong with it, with its place.
pub fn read(text: &str) -> Result<Vec<Dataset>, Problem> {
    let list = toml::from_str::<List>(text).map(|list| list.dataset);
    list.map_err(|error| {
        let place = cobden_world::Place::in_text("catalogue.toml", text, error.span().unwrap_or(0..0));
        Problem::new(error.message().to_owned()).at(place)
    })
}

/// All data sets.
pub fn all() -> &'static [Dataset] {
    &ALL
}

/// A data set by its name.
///
/// # Errors
/// No such name, with the nearest one.
pub fn find(name: &str) -> Result<&'static Dataset, Problem> {
    all()
        .iter()
        .find(|dataset| dataset.name == name)
        .ok_or_else(|| Problem::unknown("data set", name, all().iter().map(|dataset| dataset.name.as_str())))
}

impl Dataset {
    /// The file that holds a year, its name and address filled in; without a year the only file there is. `None` if a program can fetch none.
    ///
    /// # Errors
    /// A year that no file holds; several files and no year.
    pub fn file(&self, year: Option<i32>) -> Result<Option<File>, Problem> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let help = || format!("it has {}: add --year", self.years);
        match (year, self.files.as_slice()) {
            (Some(year), files) => match files.iter().find(|file| file.holds_year(year)) {
                Some(file) => Ok(Some(file.of(year))),
                None => Err(Problem::new(format!("no file of {} holds {year}", self.name))
                    .help(format!("it has {}", self.years))),
            },
            (None, [only]) if !only.address.contains('{') => Ok(Some(only.clone())),
            (None, _) => Err(Problem::new(format!("{} comes in several files, by year", self.name)).help(help())),
        }
    }
}

impl File {
    /// Whether it holds a year; a file that says nothing of years holds any.
    fn holds_year(&self, year: i32) -> bool {
        self.first.is_none_or(|first| first <= year) && self.last.is_none_or(|last| year <= last)
    }

    /// The file of one year.
    fn of(&self, year: i32) -> File {
        let fill = |text: &str| {
            text.replace("{year}", &year.to_string()).replace("{yy}", &format!("{:02}", year.rem_euclid(100)))
        };
        File { name: fill(&self.name), address: fill(&self.address), ..self.clone() }
    }
}
