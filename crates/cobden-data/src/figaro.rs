//! FIGARO, Eurostat's inter-country tables: the "matrix" CSV, industry by industry or product by product.
//!
//! **From** Eurostat (<https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database>), reuse with acknowledgement (CC BY 4.0).
//! **Unit**: EUR million at current basic prices.
//!
//! ```text
//! rowLabels,AR_A01,AR_A02,…,ZA_U,AR_P3_S13,AR_P3_S14,AR_P3_S15,AR_P51G,AR_P5M,…
//! AR_A01,1.234,…
//! …
//! W2_D21X31,…      taxes less subsidies on products
//! W2_OP_RES,…      direct purchases abroad by residents
//! W2_OP_NRES,…     purchases in the country by non-residents
//! W2_D1,…          compensation of employees
//! W2_D29X39,…      other taxes less subsidies on production
//! W2_B2A3G,…       gross operating surplus and mixed income
//! ```
//!
//! Labels are `REGION_CODE`, split at the first underscore. Regions are ISO 3166 two-letter codes in alphabetical order, the rest of the world is
//! `FIGW1` among them; Greece is `GR`, the United Kingdom `GB` or `UK` by edition. 46 regions and 64 industries in the 2024 edition. The file
//! is named `matrix_eu-ic-io_ind-by-ind_24ed_2022.csv`; year and edition are taken from there.
//!
//! The last three rows are value added. The two rows of purchases are between inputs and output and come under taxes; those of industries are
//! 0, only final users have them. There is no row or column of output: output is the sum of sales. Values are rounded to 0.001, so that an industry
//! without output may have an operating surplus of -0.001.

use std::io::Read;

use cobden_world::Problem;

use crate::InputOutput;
use crate::archive::file_name;
use crate::builder::{Entry, Heading, year_of};
use crate::flat::{self, Flat, split};

const LABELS: Flat = Flat {
    heading,
    entry,
    merge: |region| region,
    looks: "FIGARO labels are REGION_INDUSTRY as in AT_A01, REGION_CATEGORY as in AT_P3_S14, W2_D1",
};

/// Reads the file of one year. The year is taken from the name of the file unless given.
///
/// ```
/// let csv = "rowLabels,AT_A01,FIGW1_A01,AT_P3_S14,FIGW1_P3_S14\nAT_A01,1,2,6,1\nFIGW1_A01,3,40,2,55\n\
///            W2_D21X31,1,8,0,0\nW2_OP_RES,0,0,0,0\nW2_OP_NRES,0,0,0,0\nW2_D1,3,20,0,0\nW2_D29X39,0,1,0,0\nW2_B2A3G,2,29,0,0\n";
/// let table = cobden_data::figaro::read(csv.as_bytes(), "matrix_eu-ic-io_ind-by-ind_24ed_2022.csv", None)?;
/// assert_eq!((table.dataset.as_str(), table.year, table.unit.as_str()), ("FIGARO 24ed", 2022, "EUR million"));
/// assert_eq!(table.value_added[[1, 0]], 50.0);
/// assert!(table.gaps(1e-9, 0.0).is_empty());
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// What is no FIGARO table, at its place.
pub fn read(input: impl Read, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let (builder, end) = flat::read(input, label, &LABELS)?;
    let edition = file_name(label).split(['_', '.', '-']).find(|part| {
        part.strip_suffix("ed").is_some_and(|number| number.len() == 2 && number.bytes().all(|c| c.is_ascii_digit()))
    });
    let dataset = edition.map_or("FIGARO".to_owned(), |edition| format!("FIGARO {edition}"));
    builder.finish(&dataset, year_of(year, label)?, "EUR million", end)
}

fn heading(label: &str) -> Option<Heading> {
    if label.is_empty() {
        return Some(Heading::Skip);
    }
    let (region, code) = split(label)?;
    let region = region.to_owned();
    let last = matches!(code, "P3" | "P5" | "P5M" | "P51" | "P51G" | "P52" | "P53" | "P52_P53");
    Some(match last || code.starts_with("P3_") {
        true => Heading::Final { region },
        false => Heading::Use { region, sector: code.to_owned() },
    })
}

fn entry(label: &str) -> Option<Entry<'_>> {
    match split(label)? {
        ("W2", "D21X31" | "OP_RES" | "OP_NRES") => Some(Entry::Taxes),
        ("W2", "D1" | "D29X39" | "B2A3G") => Some(Entry::ValueAdded),
        ("W2", _) => None,
        (region, sector) => Some(Entry::Sales { region, sector }),
    }
}
