//! Multiregional input-output tables of the Asian Development Bank (MRIO): 63 to 75 regions by 35 industries, 2000 and 2007 on.
//!
//! **From** the ADB (<https://mrio.adbx.online/> and <https://kidb.adb.org/globalization>): free of charge, with attribution; terms of use of the ADB, not an
//! open licence, so never shipped. **Unit**: USD million at current prices.
//!
//! xlsx, `ADB-MRIO-2024-August 2025.xlsx`: the first sheet that is not the legend. It is laid out like [WIOD 2013](crate::wiod2013), from which the
//! tables come: a title, "63 economies, at current prices", "In millions of US$", labels, regions, numbers (`c1` to `c35`, `F1` to `F5`), then
//! industries and, under `TOT`, `r60 r99 r61 r62 r63 r64`, `trs` (international transport margins) and `r69`. Blank cells hold a blank. Sectors are
//! called by their numbers, `c1` to `c35`, for the codes are not in every edition. What is between inputs and output and not value added
//! comes under taxes.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::builder::{first_year_in, year_of};
use crate::sheet::{self, Keys, SheetTable};
use crate::wiod2013::region;

/// Reads the workbook of one year. The year is the first in the name of the file unless given: the last may be that of the edition.
///
/// # Errors
/// What is no such table, with its row and cell.
pub fn read(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let year = year_of(year.or_else(|| first_year_in(label)), label)?;
    let mut table = SheetTable::new(label, Keys::Numbers, |_, number| number.starts_with('F'), region);
    let pick = |names: &[String]| names.iter().position(|name| !name.eq_ignore_ascii_case("legend"));
    sheet::rows(input, label, pick, &mut |row| table.row(row))?;
    table.finish("ADB MRIO", year, "USD million")
}
