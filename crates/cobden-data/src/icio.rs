//! OECD Inter-Country Input-Output tables (ICIO): CSV, or the zip archives of several years that the OECD gives out.
//!
//! **From** the OECD (<https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html>), CC BY 4.0 since July 2024. **Unit**: USD
//! million at current basic prices.
//!
//! A file is one year: a header, then a row for each industry of each country, then rows that belong to no country.
//!
//! ```text
//! V1,AGO_A01,AGO_A02,…,ROW_T,AGO_HFCE,AGO_NPISH,…,ROW_DPABR,OUT
//! AGO_A01,1.2,0,…
//! …
//! TLS,…            taxes less subsidies on products
//! VA,…             value added at basic prices
//! OUT,…            output
//! ```
//!
//! Labels are `COUNTRY_INDUSTRY`, split at the first underscore, for codes such as `A01_02` hold more. The readers take every edition:
//!
//! | edition | file | regions | industries | differs in |
//! |---|---|---|---|---|
//! | 2016 | `ICIO2016_2003.csv` | 64 + 7 | 34 | final use by component, `HFCE_AUS`; a column `DISC`; rows `VALU`, `OUT` |
//! | 2018 | `ICIO2018_2010.CSV` | 64 + 5 | 36 | rows `AUS_TAXSUB` for each country, `VALU`, `OUTPUT` |
//! | 2021 | `ICIO2021_2018.csv` | 67 + 4 | 45 | members of the OECD first; `TAXSUB`, `VALU`, `OUTPUT` |
//! | 2023 | `2019_SML.csv`, `2019.csv` | 77 (+ 4) | 45 | |
//! | 2025 | `2022_SML.csv`, `2022.csv` | 81 (+ 4) | 50 | |
//!
//! The extended tables split China and Mexico into kinds of processing: `CN1`, `CN2` (to `CN4`) and `MX1`, `MX2` (`MX3`) hold production, `CHN`
//! and `MEX` final use. They are merged on rows and columns. Categories of final use are summed: `HFCE`, `NPISH`, `GGFC`, `GFCF`, `INVNT`, and
//! purchases abroad `DPABR` (earlier `DIRP`, `DIRPA`, `P33`, `CONS_ABR`). Inventories, and here and there value added, are negative and stay so. Empty
//! cells are 0. Statistical discrepancies (`DISC`) are left out, and so are taxes on what final users buy; remarks say how much that is.
//!
//! A known bad copy of `2020_SML.csv` has lost its decimal points (MD5 `d1b887aaafa54ab3f28fde78fcd21cdf`): its value added is far from the
//! world's, which the check of units tells.

use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::InputOutput;
use crate::archive::Archive;
use crate::builder::{End, Entry, Heading, year_in, year_of};
use crate::flat::{self, Flat, split};

/// Categories of final use, over all editions.
const FINAL: [&str; 11] = ["HFCE", "HC", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "DIRPA", "DIRP", "P33", "CONS_ABR"];

/// Most bytes of one year, uncompressed. The largest edition has about 130 MB.
const MAX_BYTES: u64 = 1 << 30;

const LABELS: Flat = Flat {
    heading,
    entry,
    merge,
    looks: "ICIO labels are COUNTRY_INDUSTRY as in AUS_A01, COUNTRY_CATEGORY as in AUS_HFCE, TLS, VA, OUT",
};

/// Reads the CSV file of one year. The year is taken from the name of the file unless given.
///
/// ```
/// let csv = "V1,AUS_A01,ROW_A01,AUS_HFCE,ROW_HFCE,OUT\nAUS_A01,1,2,6,1,10\nROW_A01,3,40,2,55,100\n\
///            TLS,1,8,0,0,9\nVA,5,50,0,0,55\nOUT,10,100,8,56,\n";
/// let table = cobden_data::icio::read(csv.as_bytes(), "2022_SML.csv", None)?;
/// assert_eq!((table.year, &table.regions[0], &table.sectors[0]), (2022, "AUS", "A01"));
/// assert_eq!(table.flows[[0, 1, 0]], 5.0); // Australia buys from the rest: 3 to use, 2 to consume
/// assert!(table.gaps(1e-9, 0.0).is_empty());
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// What is no ICIO table, at its place.
pub fn read(input: impl Read, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let (builder, end) = flat::read(input, label, &LABELS)?;
    let year = year_of(year, label)?;
    let dataset = match edition(builder.sectors().iter()) {
        Some(edition) => format!("OECD ICIO {edition}"),
        None => "OECD ICIO".to_owned(),
    };
    builder.finish(&dataset, year, "USD million", End { label, ..end })
}

/// Reads one year out of an archive of several. The year may be left out if there is only one.
///
/// # Errors
/// A year that is not there: the message lists those that are. What is wrong in the table, at its place.
pub fn read_zip(input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
    let mut archive = Archive::open(input, label)?;
    let tables = archive.names().iter().enumerate();
    let tables = tables.filter(|(_, name)| name.to_ascii_lowercase().ends_with(".csv"));
    let mut years: Vec<(i32, usize)> = tables.filter_map(|(at, name)| Some((year_in(name)?, at))).collect();
    years.sort_unstable();
    let listed: Vec<String> = years.iter().map(|(year, _)| year.to_string()).collect();
    let help = match listed.is_empty() {
        true => "tables are CSV files with the year in their name".to_owned(),
        false => format!("it has {}", listed.join(", ")),
    };
    let found: Vec<_> = years.iter().filter(|(of, _)| year.is_none_or(|year| *of == year)).collect();
    let (year, at) = match (&found[..], year) {
        ([one], _) => **one,
        ([], Some(year)) => {
            return Err(Problem::new(format!("the archive has no table of {year}")).help(help).in_file(label));
        }
        ([], None) => return Err(Problem::new("the archive has no table").help(help).in_file(label)),
        (_, Some(year)) => {
            return Err(Problem::new(format!("the archive has several tables of {year}")).help(help).in_file(label));
        }
        (_, None) => return Err(Problem::new("say which year of the archive to read").help(help).in_file(label)),
    };
    let (entry, label) = archive.entry(at, MAX_BYTES)?;
    read(entry, &label, Some(year))
}

fn heading(label: &str) -> Option<Heading> {
    let of = |region: &str| Heading::Final { region: region.to_owned() };
    match label {
        "OUT" | "OUTPUT" | "TOTAL" => return Some(Heading::Output),
        "" => return Some(Heading::Skip),
        _ if label.split('_').any(|part| part == "DISC") => {
            return Some(Heading::Left("statistical discrepancies (DISC)".to_owned()));
        }
        _ => {}
    }
    for category in FINAL {
        // Region first or, in 2016, category first.
        let region = label.strip_suffix(category).and_then(|rest| rest.strip_suffix('_'));
        let region = region.or_else(|| label.strip_prefix(category).and_then(|rest| rest.strip_prefix('_')));
        if let Some(region) = region {
            return Some(of(region));
        }
    }
    let (region, sector) = split(label)?;
    Some(Heading::Use { region: region.to_owned(), sector: sector.to_owned() })
}

fn entry(label: &str) -> Option<Entry<'_>> {
    Some(match label {
        "TLS" => Entry::Taxes,
        "VA" | "VALU" => Entry::ValueAdded,
        "OUT" | "OUTPUT" | "TOTAL" => Entry::Skip,
        _ if label.split('_').any(|part| part == "TAXSUB") || label.starts_with("TXS_") => Entry::Taxes,
        _ => split(label).map(|(region, sector)| Entry::Sales { region, sector })?,
    })
}

fn merge(region: &str) -> &str {
    match region.as_bytes() {
        [b'C', b'N', b'1'..=b'9'] => "CHN",
        [b'M', b'X', b'1'..=b'9'] => "MEX",
        _ => region,
    }
}

/// The edition that has these industries.
fn edition<'a>(sectors: impl Iterator<Item = &'a str>) -> Option<u16> {
    let (mut a01, mut c24a) = (false, false);
    for sector in sectors {
        match sector {
            "A01_02" => return Some(2023),
            "D01T02" => return Some(2021),
            "D01T03" => return Some(2018),
            _ if sector.starts_with("C01T05") => return Some(2016),
            "A01" => a01 = true,
            "C24A" => c24a = true,
            _ => {}
        }
    }
    (a01 && c24a).then_some(2025)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_every_edition() {
        let used = |region: &str, sector: &str| Heading::Use { region: region.to_owned(), sector: sector.to_owned() };
        let of = |region: &str| Heading::Final { region: region.to_owned() };
        assert_eq!(heading("AUS_A01_02"), Some(used("AUS", "A01_02")));
        assert_eq!(heading("AUS_HFCE"), Some(of("AUS")));
        assert_eq!(heading("HFCE_AUS"), Some(of("AUS")));
        assert_eq!(heading("CONS_ABR_AUS"), Some(of("AUS")));
        assert_eq!(heading("ROW_DIRPA"), Some(of("ROW")));
        assert_eq!(heading("DISC"), Some(Heading::Left("statistical discrepancies (DISC)".to_owned())));
        assert_eq!(heading("WHAT"), None);
        assert_eq!(entry("AUS_TAXSUB"), Some(Entry::Taxes));
        assert_eq!(entry("VALU"), Some(Entry::ValueAdded));
        assert_eq!(["CN1", "MX3", "CHN", "MX", "CN12"].map(merge), ["CHN", "MEX", "CHN", "MX", "CN12"]);
    }
}
