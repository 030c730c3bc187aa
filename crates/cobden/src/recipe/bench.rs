//! What every tariff step works on: the source, the world in the making, and where its tables lie.

use std::path::{Path, PathBuf};

use cobden_world::{Names, Problem, Rate, World};
use ndarray::Array3;

use super::format::placed;
use super::partition::Partition;
use crate::document::{Document, Located};
use crate::tabular;

/// The parts that a tariff step may look at.
pub(super) struct Bench<'a> {
    /// The recipe, to point at.
    pub(super) document: &'a Document,
    /// The world before merging.
    pub(super) source: &'a World,
    /// The merged flows, without tariffs.
    pub(super) world: &'a World,
    /// Countries of the source by region.
    pub(super) regions: &'a Partition,
    /// Sectors of the source by new sector.
    pub(super) sectors: &'a Partition,
    /// Where public data lies.
    pub(super) data: &'a Path,
    /// Where the recipe lies.
    pub(super) beside: &'a Path,
}

/// The tariffs in the making, and what a reader should know about how they were made.
pub(super) struct Tariffs {
    /// tau, `[n, i, j]`.
    pub(super) rates: Array3<Rate>,
    /// One sentence per treatment that was applied.
    pub(super) notes: Vec<String>,
}

impl Bench<'_> {
    /// The region of a name in the recipe.
    pub(super) fn region(&self, name: &Located<String>) -> Result<usize, Problem> {
        self.find(&self.regions.names, name, "region")
    }

    /// The sector of a name in the recipe.
    pub(super) fn sector(&self, name: &Located<String>) -> Result<usize, Problem> {
        self.find(&self.sectors.names, name, "sector")
    }

    /// A path under the data.
    pub(super) fn data_path(&self, name: &Located<String>) -> PathBuf {
        self.data.join(&name.value)
    }

    /// A path beside the recipe.
    pub(super) fn recipe_path(&self, name: &Located<String>) -> PathBuf {
        self.beside.join(&name.value)
    }

    /// What `country` of the source buys in new sector `j` from outside its own region.
    pub(super) fn imports_of_member(&self, country: usize, j: usize) -> f64 {
        let region = self.regions.of[country];
        let mut total = 0.0;
        for (exporter, &from) in self.regions.of.iter().enumerate() {
            if from != region {
                total +=
                    self.sectors.members(j).map(|sector| self.source.flows[[country, exporter, sector]]).sum::<f64>();
            }
        }
        total
    }

    fn find(&self, names: &Names, name: &Located<String>, what: &str) -> Result<usize, Problem> {
        names
            .index(&name.value)
            .ok_or_else(|| placed(self.document, &name.span, Problem::unknown(what, &name.value, names.iter())))
    }
}

/// The position of a name in a row of a table beside the recipe.
pub(super) fn find_in_row(
    names: &Names,
    row: &tabular::Fields<'_>,
    column: usize,
    what: &str,
) -> Result<usize, Problem> {
    let name = row.text(column);
    names.index(name).ok_or_else(|| row.place(Problem::unknown(what, name, names.iter()), column))
}
