//! Public data sets: what there is, and fetching those that a program may fetch.
//!
//! The list is that of [`cobden_data::catalogue`]. [`fetch`] has the system's `curl` do the network's work, so that no TLS library is part of
//! cobden: it goes on where it was interrupted, checks what arrived, and gives the file its name only then.

mod checksum;
mod curl;
mod fetch;

use std::path::Path;

use cobden_world::Problem;
use serde::Serialize;

pub use checksum::Sums;
pub use cobden_data::catalogue::{Access, Dataset, File, Kind};
pub use curl::stop;
pub use fetch::{Fetched, Wanted, fetch};

/// All data sets.
///
/// ```
/// assert!(cobden::data::all().iter().any(|dataset| dataset.name == "oecd-icio-2025"));
/// ```
pub fn all() -> &'static [Dataset] {
    cobden_data::catalogue::all()
}

/// A data set by its name.
///
/// # Errors
/// No such name, with the nearest one.
pub fn find(name: &str) -> Result<&'static Dataset, Problem> {
    cobden_data::catalogue::find(name)
}

/// The list as a document, `cobden.datasets/1`.
///
/// # Errors
/// Never: every text can be written.
pub fn json(datasets: &[Dataset]) -> Result<String, Problem> {
    #[derive(Serialize)]
    struct List<'a> {
        format: &'static str,
        datasets: &'a [Dataset],
    }
    let list = List { format: "cobden.datasets/1", datasets };
    let text = serde_json::to_string_pretty(&list);
    text.map(|text| text + "\n").map_err(|error| Problem::new(format!("cannot write the list: {error}")))
}

/// How to get a file by hand: where from, where to, and what reads it then.
pub fn by_hand(dataset: &Dataset, file: Option<&File>, folder: &Path) -> String {
    let mut text = String::new();
    match file {
        Some(file) => {
            text.push_str(&format!("Get this file:  {}\n", file.address));
            text.push_str(&format!("Save it as:     {}\n", folder.join(&file.name).display()));
            text.push_str(&format!("Its page:       {}\n", dataset.page));
        }
        None => {
            text.push_str(&format!("Its page:       {} ({})\n", dataset.page, dataset.access.words()));
            text.push_str(&format!("Save it in:     {}\n", folder.display()));
        }
    }
    if !dataset.note.is_empty() {
        text.push_str(&format!("Note:           {}\n", dataset.note));
    }
    if let Some(unsure) = &dataset.unsure {
        text.push_str(&format!("Not verified:   {unsure}\n"));
    }
    text.push_str(&format!("Then:           {}\n", dataset.command));
    text
}
