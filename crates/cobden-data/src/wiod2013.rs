//! World Input-Output Database, release 2013: 41 regions by 35 industries (ISIC Rev. 3), 1995 to 2011.
//!
//! **From** the Groningen Growth and Development Centre (<https://www.rug.nl/ggdc/valuechain/wiod/>), CC BY 4.0; Timmer, Dietzenbacher, Los, Stehrer and
//! de Vries (2015), Review of International Economics 23, 575-605. **Unit**: USD million at current basic prices.
//!
//! **xlsx**, `wiot95_row_apr12.xlsx` to `wiot11_row_sep12.xlsx`: one sheet of a title, prices, and four rows of labels (codes such as `AtB`,
//! labels, regions, numbers `c1` …), then 1,435 industries and, under the region `TOT`, `r60` intermediate consumption, `r99` taxes less subsidies
//! on products, `r61` cif/fob adjustment, `r62` and `r63` purchases abroad and by non-residents, `r64` value added, international transport
//! margins without a code, `r69` output. The columns after the industries are final use, `c37 c38 c39 c41 c42` for each region, and output. What is
//! between inputs and output and not value added comes under taxes.
//!
//! **R**, `wiot_2011.RData`: the objects of the R package `wiod` of B. Quast, a list of class `iot` with `year`, `countries`, `industries`,
//! the matrices `inter` and `final` (five categories for each region) and the vector `output`, all rounded to USD million, so that sums of 1,640
//! parts miss output by up to 108. They hold neither value added nor taxes: value added is output less inputs, and so includes them. Sectors are
//! called `c1` to `c35` there.
//!
//! Romania is `ROM` in these files and is called `ROU`; `RoW` is called `ROW`. Inventories are negative here and there.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::builder::{Builder, End, Entry, Heading, year_of};
use crate::rdata::{self, Value};
use crate::sheet::{self, Keys, SheetTable};

/// Reads the workbook of one year. Its name has two digits of the year; `year` says it where the name is another.
///
/// # Errors
/// What is no such table, with its row and cell.
pub fn read_xlsx(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let year = year_of(year.or_else(|| short_year(label)), label)?;
    let last = |_: &str, number: &str| matches!(number, "c37" | "c38" | "c39" | "c41" | "c42");
    let mut table = SheetTable::new(label, Keys::Codes, last, region);
    let pick = |names: &[String]| names.iter().position(|name| name.to_lowercase().starts_with("wiot")).or(Some(0));
    sheet::rows(input, label, pick, &mut |row| table.row(row))?;
    table.finish("WIOD 2013", year, "USD million")
}

/// Reads the object of a file of R.
///
/// # Errors
/// What is no data of R, or no such object.
pub fn read_r(input: impl Read, label: &str) -> Result<InputOutput, Problem> {
    let object = rdata::read(input, label)?.single();
    let wrong = || Problem::new("the file does not hold one object, a table").in_file(label);
    from_r(&object.ok_or_else(wrong)?, label)
}

/// The table in an object of class `iot`.
pub(crate) fn from_r(object: &Value, label: &str) -> Result<InputOutput, Problem> {
    let wrong = |message: String| {
        Problem::new(message).help("expected a list of class iot from the R package wiod").in_file(label)
    };
    let member = |name: &str| object.member(name).ok_or_else(|| wrong(format!("the object has no {name}")));
    let numbers = |name: &str| {
        let found = member(name)?.numbers().filter(|numbers| numbers.iter().all(|number| number.is_finite()));
        found.ok_or_else(|| wrong(format!("{name} is not all numbers")))
    };
    let (countries, industries) = (member("countries")?.texts(), member("industries")?.texts());
    let year = match numbers("year")?[..] {
        [year] => year as i32,
        _ => return Err(wrong("year is not one number".to_owned())),
    };
    let (n, size) = (countries.len(), countries.len() * industries.len());
    let matrix = |name: &str| {
        let dim = member(name)?
            .dim()
            .filter(|&(rows, columns)| rows == size && (columns == size || (n > 0 && columns % n == 0)));
        let (_, columns) = dim.ok_or_else(|| wrong(format!("{name} does not have {size} rows")))?;
        Ok((numbers(name)?, columns))
    };
    let ((inter, used), (last, categories)) = (matrix("inter")?, matrix("final")?);
    let output = numbers("output")?;
    if used != size || output.len() != size {
        return Err(wrong(format!("inter is not {size} by {size}, or output not as long")));
    }
    let mut headings = Vec::new();
    for (region, sector) in pairs(&countries, &industries) {
        headings.push(Heading::Use { region: region.clone(), sector: sector.clone() });
    }
    for region in &countries {
        headings.extend((0..categories / n).map(|_| Heading::Final { region: region.clone() }));
    }
    headings.push(Heading::Output);
    let mut builder = Builder::new(&headings, region).map_err(|problem| problem.in_file(label))?;
    let mut cost = vec![0.0; size];
    for (at, (region, sector)) in pairs(&countries, &industries).enumerate() {
        // Matrices of R lie column by column.
        let mut values: Vec<f64> = inter.iter().chain(&last).skip(at).step_by(size).copied().collect();
        cost.iter_mut().zip(&values).for_each(|(cost, value)| *cost += value);
        values.push(output[at]);
        builder.row(Entry::Sales { region, sector }, 0, &values).map_err(|problem| problem.in_file(label))?;
    }
    let value_added: Vec<f64> = output.iter().zip(&cost).map(|(output, cost)| output - cost).collect();
    builder.row(Entry::ValueAdded, 0, &value_added)?;
    builder
        .remark("the object has no value added: it is output less inputs, and includes taxes on products and margins");
    builder.finish("WIOD 2013", year, "USD million", End { label, line: 1 })
}

fn pairs<'a>(countries: &'a [String], industries: &'a [String]) -> impl Iterator<Item = (&'a String, &'a String)> {
    countries.iter().flat_map(move |country| industries.iter().map(move |industry| (country, industry)))
}

/// The year in names such as `wiot09_row_sep12.xlsx`.
fn short_year(label: &str) -> Option<i32> {
    let name = crate::archive::file_name(label).to_lowercase();
    let digits: i32 = name.strip_prefix("wiot")?.get(..2)?.parse().ok()?;
    // Four digits are a whole year, which `year_of` finds.
    let more = name.as_bytes().get(6).is_some_and(u8::is_ascii_digit);
    (!more).then_some(if digits > 60 { 1900 + digits } else { 2000 + digits })
}

/// The name of a region in all our tables.
pub(crate) fn region(name: &str) -> &str {
    match name {
        "ROM" => "ROU",
        _ if name.eq_ignore_ascii_case("ROW") => "ROW",
        _ => name,
    }
}
