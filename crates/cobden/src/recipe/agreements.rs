//! Tariffs fixed by a treaty, written down in a table beside the recipe.

use cobden_world::{Problem, Rate};

use super::bench::{Bench, Tariffs, find_in_row};
use crate::document::Located;
use crate::tabular::Sheet;

/// Every partner.
const ALL: &str = "*";

/// Sets the tariffs of the table `importer, exporter, sector, rate, why`; an exporter may be `*`.
pub(super) fn apply(table: &Located<String>, bench: &Bench<'_>, tariffs: &mut Tariffs) -> Result<(), Problem> {
    let regions = &bench.regions.names;
    let sheet = Sheet::read(&bench.recipe_path(table), &["importer", "exporter", "sector", "rate", "why"])?;
    for row in sheet.rows() {
        let importer = find_in_row(regions, &row, 0, "region")?;
        let only = match row.text(1) {
            ALL => None,
            _ => Some(find_in_row(regions, &row, 1, "region")?),
        };
        let sector = find_in_row(&bench.sectors.names, &row, 2, "sector")?;
        let rate = Rate(row.number(3)?);
        if !rate.is_valid() {
            return Err(row.problem(3, format!("a tariff must be above -100 %, found {}", rate.0)));
        }
        if row.text(4).is_empty() {
            return Err(row.problem(4, "every rate needs its reason in `why`"));
        }
        for exporter in (0..regions.len()).filter(|&i| i != importer && only.is_none_or(|only| only == i)) {
            tariffs.rates[[importer, exporter, sector]] = rate;
        }
        tariffs.notes.push(format!(
            "tariff of {} on {} from {}: {}",
            row.text(0),
            row.text(2),
            if only.is_none() { "all" } else { row.text(1) },
            row.text(4)
        ));
    }
    Ok(())
}
