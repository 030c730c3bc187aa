//! World Input-Output Database, release 2016: 44 regions by 56 industries (ISIC Rev. 4), 2000 to 2014.
//!
//! **From** the Groningen Growth and Development Centre (<https://www.rug.nl/ggdc/valuechain/wiod/wiod-2016-release>), CC BY 4.0; Timmer, Dietzenbacher, Los,
//! Stehrer and de Vries (2015), Review of International Economics 23, 575-605. **Unit**: USD million at current basic prices.
//!
//! **xlsb**, `WIOT2014_Nov16_ROW.xlsb`: one sheet, named by the year. A title, prices, four rows of labels (codes such as `C10-C12`, labels,
//! regions, numbers `c1` to `c61`), then 2,464 industries and, under the region `TOT`, `II_fob` intermediate consumption, `TXSP` taxes less subsidies
//! on products, `EXP_adj` cif/fob adjustment, `PURR` and `PURNR` purchases abroad and by non-residents, `VA` value added, `IntTTM` international
//! transport margins, `GO` output. After the industries come five columns of final use for each region (`CONS_h CONS_np CONS_g GFCF INVEN`) and
//! output. What is between inputs and output and not value added comes under taxes.
//!
//! **R**, `WIOT2014_October16_ROW.RData`: the same as a data frame `wiot` with the columns `IndustryCode`, `IndustryDescription`, `Country`, `RNr`,
//! `Year`, then `AUS1` to `ROW61` (the number of the industry or, from 57, of the category) and `TOT`.
//!
//! Inventories are negative here and there, value added of a few industries, too.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::builder::{Builder, End, Entry, Heading, year_of};
use crate::delimited::shown;
use crate::rdata::{self, Value};
use crate::sheet::{self, Keys, SheetTable};
use crate::wiod2013::region;

/// Reads the workbook of one year. The year is that of the name of the file unless given.
///
/// # Errors
/// What is no such table, with its row and cell.
pub fn read_xlsb(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let year = year_of(year.or_else(|| crate::builder::first_year_in(label)), label)?;
    let last = |code: &str, number: &str| {
        let categories = ["CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"];
        categories.contains(&code) || ["c57", "c58", "c59", "c60", "c61"].contains(&number)
    };
    let mut table = SheetTable::new(label, Keys::Codes, last, region);
    let name = year.to_string();
    let pick =
        |names: &[String]| names.iter().position(|of| *of == name).or(if names.len() == 1 { Some(0) } else { None });
    sheet::rows(input, label, pick, &mut |row| table.row(row))?;
    table.finish("WIOD 2016", year, "USD million")
}

/// Reads the data frame of a file of R. The year is that of its column `Year`.
///
/// # Errors
/// What is no data of R, or no such data frame.
pub fn read_r(input: impl Read, label: &str) -> Result<InputOutput, Problem> {
    let object = rdata::read(input, label)?.single();
    let wrong = || Problem::new("the file does not hold one object, a table").in_file(label);
    from_r(&object.ok_or_else(wrong)?, label)
}

/// The table in a data frame.
pub(crate) fn from_r(frame: &Value, label: &str) -> Result<InputOutput, Problem> {
    let wrong =
        |message: String| Problem::new(message).help("expected the data frame wiot of WIOD 2016").in_file(label);
    let column = |name: &str| frame.member(name).ok_or_else(|| wrong(format!("the data frame has no column {name}")));
    let (codes, countries, numbers) =
        (column("IndustryCode")?.texts(), column("Country")?.texts(), column("RNr")?.texts());
    let rows = codes.len();
    let year: i32 =
        column("Year")?.text(0).and_then(|year| year.parse().ok()).ok_or_else(|| wrong("no year".to_owned()))?;
    // Industries have the same number in rows and columns; numbers that no row has are final use.
    let industries: BTreeMap<&str, &str> = (numbers.iter().zip(&codes).zip(&countries))
        .filter(|(_, country)| *country != "TOT")
        .map(|((number, code), _)| (number.as_str(), code.as_str()))
        .collect();
    let (mut headings, mut columns) = (Vec::new(), Vec::new());
    let rdata::Content::List(members) = &frame.content else { return Err(wrong("not a data frame".to_owned())) };
    for (name, values) in frame.names().into_iter().zip(members) {
        if matches!(name, "IndustryCode" | "IndustryDescription" | "Country" | "RNr" | "Year") {
            continue;
        }
        headings
            .push(heading(name, &industries).ok_or_else(|| wrong(format!("\"{}\" is no column of it", shown(name))))?);
        let values = values.numbers().filter(|values| values.len() == rows);
        columns.push(values.ok_or_else(|| wrong(format!("column {} is not {rows} numbers", shown(name))))?);
    }
    let mut builder = Builder::new(&headings, region).map_err(|problem| problem.in_file(label))?;
    for row in 0..rows {
        let at = |problem: Problem| {
            Problem { message: format!("{} (row {})", problem.message, row + 1), ..problem }.in_file(label)
        };
        let (country, code) = (countries.get(row).map_or("", String::as_str), codes[row].as_str());
        let entry = match country {
            "TOT" => sheet::foot(code).ok_or_else(|| at(wrong(format!("\"{}\" is no row of it", shown(code)))))?,
            _ => Entry::Sales { region: country, sector: code },
        };
        // Missing is NaN in R.
        let values: Vec<f64> =
            columns.iter().map(|column| if column[row].is_finite() { column[row] } else { 0.0 }).collect();
        builder.row(entry, 0, &values).map_err(at)?;
    }
    builder.finish("WIOD 2016", year, "USD million", End { label, line: 1 })
}

/// The meaning of names such as `AUS1`, `ROW61`, `TOT`.
fn heading(name: &str, industries: &BTreeMap<&str, &str>) -> Option<Heading> {
    if name == "TOT" {
        return Some(Heading::Output);
    }
    let digits = name.find(|c: char| c.is_ascii_digit()).filter(|&at| at > 0)?;
    let (region, number) = name.split_at(digits);
    let region = region.to_owned();
    number.parse::<u32>().ok()?;
    Some(match industries.get(number) {
        Some(sector) => Heading::Use { region, sector: (*sector).to_owned() },
        None => Heading::Final { region },
    })
}
