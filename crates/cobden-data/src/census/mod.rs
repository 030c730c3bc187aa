//! US Census Bureau: imports of the United States by ten-digit product and country, with the duties calculated on them.
//!
//! **Where from**: US Census Bureau, international trade API and downloads (`timeseries/intltrade/imports/hs`), or tables made of them.
//! **Licence**: public domain (US government).
//!
//! **Layout**: CSV ([`read`]) with these columns, or a Parquet file ([`read_parquet`]) with those in brackets:
//!
//! | column | holds |
//! |---|---|
//! | `CTY_CODE` (`partner_code`) | Census code of the country, four digits; not a code of ISO |
//! | `CTY_NAME` (`partner`) | its name; optional |
//! | `I_COMMODITY` (`hs10`) | product, HTS ten digits |
//! | `CON_VAL_YR` (`imports_usd`) | imports for consumption in the year, customs value, USD |
//! | `CAL_DUT_YR` (`duty_usd`) | calculated duty, USD |
//! | `YEAR` | optional: else the caller says the year |
//!
//! **Quirks**: rows of groups stand among those of countries: codes under 1000 (`0003` European Union), with letters (`1XXX` North America) and `-`
//! (all). They are skipped, or trade would count twice; so are rows of products with fewer than ten digits. Tables made of the Census Bureau's
//! often have `0003` in place of the members, or of most of them: [`EuropeanUnion`] says which to tell. Values may be empty or `null`: 0.
//! Chapter 98 and 99 lines are in it.
//!
//! Values are told in USD million; duty over imports is the average rate collected.

mod parquet;

use std::io::Read;

use cobden_world::Problem;

use crate::header::Header;
use crate::lines::{Lines, padded};
use crate::{Summary, TariffRecord, TradeRecord};

pub use parquet::read as read_parquet;

/// Which rows stand for the European Union.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EuropeanUnion {
    /// Its members; `0003` is skipped.
    #[default]
    Members,
    /// `0003`; its members are skipped.
    Whole,
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The year of rows where the file does not say.
    pub year: Option<i32>,
    /// Which rows stand for the European Union.
    pub union: EuropeanUnion,
}

/// What the United States imported from a country of a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Import<'a> {
    /// The year.
    pub year: i32,
    /// Census code of the country, four digits.
    pub country: &'a str,
    /// The country's name, empty where the file has none.
    pub name: &'a str,
    /// HTS number, ten digits.
    pub product: &'a str,
    /// Imports for consumption, USD million.
    pub imports: f64,
    /// Calculated duty, USD million.
    pub duty: f64,
}

impl<'a> Import<'a> {
    /// As a record of trade: importer `USA`, exporter the Census code.
    pub fn trade(&self) -> TradeRecord<'a> {
        let Import { year, country, product, .. } = *self;
        TradeRecord { year, exporter: country, importer: "USA", product, value: self.imports }
    }

    /// As a record of tariffs: duty over imports, weighted by imports; `None` where nothing was imported.
    pub fn tariff(&self) -> Option<TariffRecord<'a>> {
        let Import { year, country, product, .. } = *self;
        let (rate, weight) = (self.duty / self.imports, Some(self.imports));
        let tariff = TariffRecord { year, importer: "USA", exporter: Some(country), product, rate, weight };
        (self.imports > 0.0).then_some(tariff)
    }
}

/// Reads CSV.
///
/// ```
/// use cobden_data::census::{self, Options};
/// let file = "CTY_CODE,CTY_NAME,I_COMMODITY,CON_VAL_YR,CAL_DUT_YR\n\
///             0003,EUROPEAN UNION,8703230190,2000000,50000\n\
///             4280,GERMANY,8703230190,2000000,50000\n";
/// let options = Options { year: Some(2024), ..Options::default() };
/// let summary = census::read(file.as_bytes(), "imports.csv", &options, &mut |import| {
///     assert_eq!((import.country, import.imports), ("4280", 2.0));
///     assert_eq!(import.tariff().unwrap().rate, 0.025);
///     Ok(())
/// })?;
/// assert_eq!(summary.skipped["group of countries"], 1); // 0003
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A missing column, a cell that does not read, or no year anywhere, with its place; an error of the listener.
pub fn read(
    input: impl Read,
    label: &str,
    options: &Options,
    listen: &mut dyn FnMut(Import<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let mut lines = Lines::new(input, label, ',');
    let header = Header::read(&mut lines, label)?;
    let country = header.need(COUNTRY)?;
    let product = header.need(PRODUCT)?;
    let (imports, duty) = (header.need(IMPORTS)?, header.need(DUTY)?);
    let (name, year_at) = (header.find(NAME), header.find(YEAR));
    if year_at.is_none() && options.year.is_none() {
        return Err(header.fault(no_year()));
    }
    let mut teller = Teller { union: options.union, summary: Summary::default() };
    while let Some(record) = lines.next()? {
        header.check(&record)?;
        let year = match year_at {
            Some(column) => record.year(column)?,
            None => options.year.unwrap_or_default(),
        };
        let name = name.map_or("".into(), |column| record.text(column));
        let value = |column| match record.raw(column) {
            "null" => Ok(0.0),
            _ => record.value(column).map(Option::unwrap_or_default),
        };
        let row = Row { year, country: record.raw(country), name: &name, product: record.raw(product) };
        teller.tell(row, value(imports)?, value(duty)?, listen)?;
    }
    Ok(teller.summary)
}

const COUNTRY: &[&str] = &["CTY_CODE", "partner_code"];
const NAME: &[&str] = &["CTY_NAME", "partner"];
const PRODUCT: &[&str] = &["I_COMMODITY", "hs10", "HS10"];
const IMPORTS: &[&str] = &["CON_VAL_YR", "imports_usd"];
const DUTY: &[&str] = &["CAL_DUT_YR", "duty_usd"];
const YEAR: &[&str] = &["YEAR"];

fn no_year() -> Problem {
    Problem::new("the file does not say of which year it is").help("say the year")
}

/// A row's labels.
struct Row<'a> {
    year: i32,
    country: &'a str,
    name: &'a str,
    product: &'a str,
}

/// Leaves out groups and tells the rest.
struct Teller {
    union: EuropeanUnion,
    summary: Summary,
}

impl Teller {
    fn tell(
        &mut self,
        row: Row<'_>,
        imports: f64,
        duty: f64,
        listen: &mut dyn FnMut(Import<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.summary.years.insert(row.year);
        let union = row.country == UNION;
        let told = match self.union {
            EuropeanUnion::Members => is_country(row.country),
            EuropeanUnion::Whole => union || is_country(row.country) && !MEMBERS.contains(&row.country),
        };
        if !told {
            let member = self.union == EuropeanUnion::Whole && is_country(row.country);
            self.summary.skip(if member { "member of the European Union" } else { "group of countries" });
            return Ok(());
        }
        // Nine digits have lost their leading zero; fewer are a heading.
        let mut buffer = [0; 10];
        let product = if row.product.len() < 9 { None } else { padded(row.product, &mut buffer) };
        let Some(product) = product else {
            self.summary.skip("not a product of ten digits");
            return Ok(());
        };
        let Row { year, country, name, .. } = row;
        listen(Import { year, country, name, product, imports: imports / 1e6, duty: duty / 1e6 })?;
        self.summary.read += 1;
        Ok(())
    }
}

/// The European Union as one.
const UNION: &str = "0003";

/// Its members since 2020: Austria, Belgium, Bulgaria, Croatia, Cyprus, Czechia, Denmark, Estonia, Finland; France, Germany, Greece, Hungary, Ireland,
/// Italy, Latvia, Lithuania, Luxembourg; Malta, Netherlands, Poland, Portugal, Romania, Slovakia, Slovenia, Spain, Sweden.
const MEMBERS: [&str; 27] = [
    "4330", "4231", "4870", "4791", "4910", "4351", "4099", "4470", "4050", "4279", "4280", "4840", "4370", "4190",
    "4759", "4490", "4510", "4239", "4730", "4210", "4550", "4710", "4850", "4359", "4792", "4700", "4010",
];

/// Countries have four digits and begin at 1000; below are groups.
fn is_country(code: &str) -> bool {
    code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with('0')
}
