//! Which dataset a file is of.

use std::fmt;
use std::io::{Read, Seek};

use cobden_world::Problem;

use crate::archive::file_name;
use crate::delimited::shown;
use crate::{InputOutput, adb, eora, exiobase, figaro, icio, rdata, wiod2013, wiod2016};

/// The input-output tables that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableFormat {
    /// [OECD ICIO](icio).
    Icio,
    /// [WIOD, release 2016](wiod2016).
    Wiod2016,
    /// [WIOD, release 2013](wiod2013).
    Wiod2013,
    /// [Eurostat FIGARO](figaro).
    Figaro,
    /// [MRIO of the ADB](adb).
    Adb,
    /// [Eora26](eora).
    Eora,
    /// [EXIOBASE 3](exiobase).
    Exiobase,
}

impl TableFormat {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Icio, Self::Wiod2016, Self::Wiod2013, Self::Figaro, Self::Adb, Self::Eora, Self::Exiobase];

    /// The name, as a user types it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icio => "icio",
            Self::Wiod2016 => "wiod2016",
            Self::Wiod2013 => "wiod2013",
            Self::Figaro => "figaro",
            Self::Adb => "adb",
            Self::Eora => "eora",
            Self::Exiobase => "exiobase",
        }
    }

    /// The dataset and what its files are.
    pub fn title(self) -> &'static str {
        match self {
            Self::Icio => "OECD ICIO, editions 2016 to 2025 (CSV of a year, zip of several)",
            Self::Wiod2016 => "World Input-Output Database, release 2016 (xlsb, RData)",
            Self::Wiod2013 => "World Input-Output Database, release 2013 (xlsx, RData of the R package wiod)",
            Self::Figaro => "Eurostat FIGARO (matrix CSV)",
            Self::Adb => "ADB Multiregional Input-Output Tables (xlsx)",
            Self::Eora => "Eora26 (zip)",
            Self::Exiobase => "EXIOBASE 3, monetary (zip)",
        }
    }

    /// The format of this name.
    ///
    /// # Errors
    /// An unknown name; the message lists those there are.
    pub fn named(name: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| Problem::unknown("dataset", name, Self::ALL.map(Self::name)))
    }

    /// Reads a file of it, of either kind where there are two. `label` is its name, from which the year is taken unless given.
    ///
    /// # Errors
    /// As those of the reader of the dataset.
    pub fn read(self, mut input: impl Read + Seek, label: &str, year: Option<i32>) -> Result<InputOutput, Problem> {
        let mut start = [0; 8];
        let read = (&mut input).take(8).read(&mut start).and_then(|read| input.rewind().map(|()| read));
        let start = &start[..read.map_err(|error| Problem::new(format!("cannot read: {error}")).in_file(label))?];
        match self {
            Self::Icio if start.starts_with(ZIP) => icio::read_zip(input, label, year),
            Self::Icio => icio::read(input, label, year),
            Self::Wiod2016 | Self::Wiod2013 if rdata::looks_so(start) => wiod_in_r(input, label),
            Self::Wiod2016 => wiod2016::read_xlsb(input, label, year),
            Self::Wiod2013 => wiod2013::read_xlsx(input, label, year),
            Self::Figaro => figaro::read(input, label, year),
            Self::Adb => adb::read(input, label, year),
            Self::Eora => eora::read_zip(input, label, year),
            Self::Exiobase => exiobase::read_zip(input, label, year),
        }
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What begins a zip archive, and so a workbook.
const ZIP: &[u8] = b"PK\x03\x04";

/// Both releases come in R; the object tells which it is.
fn wiod_in_r(input: impl Read, label: &str) -> Result<InputOutput, Problem> {
    let wrong = || Problem::new("the file does not hold one object, a table").in_file(label);
    let object = rdata::read(input, label)?.single().ok_or_else(wrong)?;
    match object.is_a("data.frame") {
        true => wiod2016::from_r(&object, label),
        false => wiod2013::from_r(&object, label),
    }
}

/// The dataset of a file, by its name and its first bytes; a few hundred will do.
///
/// ```
/// use cobden_data::{TableFormat, detect};
/// assert_eq!(detect("2022_SML.csv", b"V1,AGO_A01,AGO_A02"), Ok(TableFormat::Icio));
/// assert_eq!(detect("anything.csv", b"rowLabels,AR_A01,"), Ok(TableFormat::Figaro));
/// let problem = detect("photo.jpg", b"\xff\xd8\xff").unwrap_err();
/// assert!(problem.to_string().contains("exiobase"));
/// ```
///
/// # Errors
/// A file that is of none of them; the message lists what can be read.
pub fn detect(name: &str, start: &[u8]) -> Result<TableFormat, Problem> {
    let file = file_name(name).to_lowercase();
    let found = if start.starts_with(ZIP) {
        in_zip(&file, start)
    } else if rdata::looks_so(start) {
        // Which of the two it is does not matter: reading looks at the object.
        Some(if file.contains("_row") { TableFormat::Wiod2016 } else { TableFormat::Wiod2013 })
    } else {
        in_text(&file, start)
    };
    found.ok_or_else(|| {
        let listed: Vec<String> =
            TableFormat::ALL.iter().map(|format| format!("{format}: {}", format.title())).collect();
        let problem = Problem::new(format!("{} is no input-output table that can be read", shown(file_name(name))));
        problem.help(format!("readable are {}", listed.join("; ")))
    })
}

fn in_zip(file: &str, start: &[u8]) -> Option<TableFormat> {
    // The name of the first entry stands 30 bytes from the start.
    let first = String::from_utf8_lossy(start.get(30..start.len().min(150)).unwrap_or_default()).to_lowercase();
    let workbook = first.starts_with("[content_types]") || first.starts_with("xl/") || first.starts_with("_rels");
    if workbook || file.ends_with(".xlsx") || file.ends_with(".xlsb") {
        return match () {
            () if file.contains("mrio") || file.contains("adb") => Some(TableFormat::Adb),
            () if file.ends_with(".xlsb") => Some(TableFormat::Wiod2016),
            () if file.contains("wiot") => Some(TableFormat::Wiod2013),
            () => None,
        };
    }
    let either = |text: &str| file.contains(text) || first.contains(text);
    match () {
        () if either("eora") => Some(TableFormat::Eora),
        () if either("_ixi") || either("_pxp") || either("exiobase") => Some(TableFormat::Exiobase),
        () if either("icio") || either("_sml") || either(".csv") => Some(TableFormat::Icio),
        () if matches!(file.get(..10), Some(years) if years.starts_with(['1', '2']) && years.contains('-')) => {
            Some(TableFormat::Icio)
        }
        () => None,
    }
}

fn in_text(file: &str, start: &[u8]) -> Option<TableFormat> {
    let text = String::from_utf8_lossy(start);
    let line = text.trim_start_matches('\u{feff}').lines().next()?;
    let mut labels = line.split(',').map(|label| label.trim().trim_matches('"'));
    let (corner, first) = (labels.next()?, labels.next()?);
    if corner == "rowLabels" || file.starts_with("matrix_eu-ic-io") {
        return Some(TableFormat::Figaro);
    }
    // Three letters or a split such as CN1, or first the category in 2016.
    let region = first.split('_').next()?;
    let alike = region.len() == 3 && region.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    (alike && first.contains('_')).then_some(TableFormat::Icio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_and_content() {
        let zip = |first: &str| [ZIP, &[0; 26], first.as_bytes()].concat();
        let cases: [(&str, Vec<u8>, TableFormat); 11] = [
            ("2016-2022_SML.zip", zip("2016_SML.csv"), TableFormat::Icio),
            ("1995-2000.zip", zip("folder"), TableFormat::Icio),
            ("ICIO2021_2018.csv", b"\xef\xbb\xbf,\"AUS_01T02\"".to_vec(), TableFormat::Icio),
            ("WIOT2014_Nov16_ROW.xlsb", zip("[Content_Types].xml"), TableFormat::Wiod2016),
            ("WIOT2014_October16_ROW.RData", b"\x1f\x8b\x08".to_vec(), TableFormat::Wiod2016),
            ("wiot09_row_sep12.xlsx", zip("[Content_Types].xml"), TableFormat::Wiod2013),
            ("wiot_2011.RData", b"BZh9".to_vec(), TableFormat::Wiod2013),
            ("ADB-MRIO-2024-August 2025.xlsx", zip("[Content_Types].xml"), TableFormat::Adb),
            ("Eora26_2015_bp.zip", zip("Eora26_2015_bp_T.txt"), TableFormat::Eora),
            ("IOT_2022_ixi.zip", zip("IOT_2022_ixi/A.txt"), TableFormat::Exiobase),
            ("matrix_eu-ic-io_ind-by-ind_24ed_2022.csv", b"rowLabels,AR_A01".to_vec(), TableFormat::Figaro),
        ];
        for (name, start, format) in cases {
            assert_eq!(detect(name, &start), Ok(format), "{name}");
            assert_eq!(TableFormat::named(format.name()), Ok(format));
        }
        for start in [&b""[..], b"a,b", b"PK\x03\x04", b"\x89PNG"] {
            assert!(detect("x", start).unwrap_err().to_string().contains("figaro"));
        }
    }
}
