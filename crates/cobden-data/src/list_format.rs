//! Which list a file is, by its name and first bytes.

use crate::lines::Lines;

/// A format of lists of trade or tariffs, or of header arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListFormat {
    /// GEMPACK header arrays, of GTAP or any other: [`har`](crate::har), [`gtap`](crate::gtap).
    HeaderArrays,
    /// A year of BACI: [`baci::read`](crate::baci::read).
    Baci,
    /// BACI as published: [`baci::read_zip`](crate::baci::read_zip).
    BaciArchive,
    /// ITPD-E or ITPD-S: [`itpd`](crate::itpd).
    Itpd,
    /// Census imports as CSV: [`census::read`](crate::census::read).
    Census,
    /// Census imports as Parquet: [`census::read_parquet`](crate::census::read_parquet).
    CensusParquet,
    /// The Harmonized Tariff Schedule: [`hts`](crate::hts).
    Hts,
    /// A trade summary of WITS: [`wits::read_summary`](crate::wits::read_summary).
    WitsSummary,
    /// Tariffs of TRAINS in bulk: [`wits::read_bulk`](crate::wits::read_bulk).
    WitsBulk,
    /// MAcMap-HS6: [`macmap::read`](crate::macmap::read).
    MacMap,
    /// MAcMap-HS6 in its archive: [`macmap::read_zip`](crate::macmap::read_zip).
    MacMapArchive,
    /// The Global Tariff Database: [`teti`](crate::teti).
    Teti,
    /// World Development Indicators: [`wdi`](crate::wdi).
    Wdi,
    /// Flows of one's own: [`tidy::read_trade`](crate::tidy::read_trade).
    TidyTrade,
    /// Tariffs of one's own: [`tidy::read_tariffs`](crate::tidy::read_tariffs).
    TidyTariffs,
}

impl ListFormat {
    /// Every format.
    pub const ALL: [Self; 15] = [
        Self::HeaderArrays,
        Self::Baci,
        Self::BaciArchive,
        Self::Itpd,
        Self::Census,
        Self::CensusParquet,
        Self::Hts,
        Self::WitsSummary,
        Self::WitsBulk,
        Self::MacMap,
        Self::MacMapArchive,
        Self::Teti,
        Self::Wdi,
        Self::TidyTrade,
        Self::TidyTariffs,
    ];

    /// A short name for commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::HeaderArrays => "har",
            Self::Baci => "baci",
            Self::BaciArchive => "baci-zip",
            Self::Itpd => "itpd",
            Self::Census => "census",
            Self::CensusParquet => "census-parquet",
            Self::Hts => "hts",
            Self::WitsSummary => "wits-summary",
            Self::WitsBulk => "wits-bulk",
            Self::MacMap => "macmap",
            Self::MacMapArchive => "macmap-zip",
            Self::Teti => "teti",
            Self::Wdi => "wdi",
            Self::TidyTrade => "tidy-trade",
            Self::TidyTariffs => "tidy-tariffs",
        }
    }

    /// What it is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::HeaderArrays => "GEMPACK header arrays (GTAP)",
            Self::Baci => "CEPII BACI, one year",
            Self::BaciArchive => "CEPII BACI, zip archive",
            Self::Itpd => "USITC International Trade and Production Database",
            Self::Census => "US Census Bureau, imports and duties by ten-digit product",
            Self::CensusParquet => "US Census Bureau, imports and duties, Parquet",
            Self::Hts => "USITC Harmonized Tariff Schedule",
            Self::WitsSummary => "World Bank WITS, trade summary of a country",
            Self::WitsBulk => "World Bank WITS, bulk tariffs (UNCTAD TRAINS)",
            Self::MacMap => "CEPII and ITC MAcMap-HS6",
            Self::MacMapArchive => "CEPII and ITC MAcMap-HS6, zip archive",
            Self::Teti => "Teti, Global Tariff Database",
            Self::Wdi => "World Bank, World Development Indicators",
            Self::TidyTrade => "table of flows: importer, exporter, sector, value",
            Self::TidyTariffs => "table of tariffs: importer, exporter, sector, rate",
        }
    }

    /// The format of a file, from its name and its first bytes (a few kilobytes do).
    ///
    /// ```
    /// use cobden_data::ListFormat;
    /// assert_eq!(ListFormat::detect("x.csv", b"t,i,j,k,v,q\n2020,4,8"), Some(ListFormat::Baci));
    /// assert_eq!(ListFormat::detect("BACI_HS17_V202401b.zip", b"PK\x03\x04..."), Some(ListFormat::BaciArchive));
    /// assert_eq!(ListFormat::detect("letter.txt", b"Dear colleague, 2020"), None);
    /// ```
    pub fn detect(file: &str, start: &[u8]) -> Option<Self> {
        let file = file.to_ascii_lowercase();
        if start.starts_with(b"PK") {
            let archives =
                [("baci", Self::BaciArchive), ("mmhs6", Self::MacMapArchive), ("macmap", Self::MacMapArchive)];
            return archives.into_iter().find(|(word, _)| file.contains(word)).map(|(_, format)| format);
        }
        if start.starts_with(b"PAR1") {
            return ["census", "import"].iter().any(|word| file.contains(word)).then_some(Self::CensusParquet);
        }
        // The first record of a header array file is the name of a header, four bytes between two lengths.
        if start.get(..4) == Some(&[4, 0, 0, 0]) && start.get(8..12) == Some(&[4, 0, 0, 0]) {
            return Some(Self::HeaderArrays);
        }
        (0..8).find_map(|line| Self::of_header(&header(start, line)?))
    }

    /// The format of a list with these columns, in small letters.
    fn of_header(columns: &[String]) -> Option<Self> {
        let has = |names: &[&str]| names.iter().all(|name| columns.iter().any(|column| column == name));
        let signs: [(Self, &[&[&str]]); 11] = [
            (Self::Baci, &[&["t", "i", "j", "k", "v"]]),
            (Self::Itpd, &[&["exporter_iso3", "importer_iso3", "industry_id"], &["iso3_o", "iso3_d", "industry_id"]]),
            (Self::Census, &[&["cty_code", "i_commodity"], &["partner_code", "hs10"]]),
            (Self::Hts, &[&["hts number", "indent"]]),
            (Self::WitsSummary, &[&["reporter", "partner", "indicator type", "indicator"]]),
            (Self::WitsBulk, &[&["productcode", "simpleaverage"], &["reporter_iso_n"]]),
            (Self::Teti, &[&["iso1", "iso2", "sector", "tariff"]]),
            (Self::Wdi, &[&["country code", "indicator code"], &["country code", "series code"]]),
            (Self::MacMap, &[&["importer", "hs6", "adv"], &["reporter", "hs6", "adv"], &["iso_d", "hs6", "adv"]]),
            (
                Self::TidyTrade,
                &[&["importer", "exporter", "sector", "value"], &["importer", "exporter", "product", "value"]],
            ),
            (Self::TidyTariffs, &[&["importer", "sector", "rate"], &["importer", "product", "rate"]]),
        ];
        signs.into_iter().find(|(_, any)| any.iter().any(|names| has(names))).map(|(format, _)| format)
    }
}

/// The columns on a line, whatever separates them; `None` where there is no such line.
fn header(start: &[u8], line: usize) -> Option<Vec<String>> {
    let mut lines = Lines::new(start, "", ',');
    for _ in 0..line {
        lines.line().ok()??;
    }
    let text = lines.line().ok()??.whole();
    let separator = ['\t', ';'].into_iter().find(|mark| text.contains(*mark)).unwrap_or(',');
    Some(text.split(separator).map(|name| name.trim().trim_matches('"').trim().to_ascii_lowercase()).collect())
}
