//! The concordances that cobden carries, each with its source at the head of its file.

use cobden_world::Problem;

use super::Concordance;

/// A concordance that is part of cobden: `concordances/NAME.csv`, one file each.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// Its name: the classification that it starts from, a hyphen, the one that it leads to.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Embedded {
    /// What a line at the head of the file says, e.g. `title`, `source`, `licence`; several lines are joined.
    pub fn says(&self, what: &str) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let said = lines.filter_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
        said.map(str::trim).collect::<Vec<_>>().join("; ")
    }
}

/// All of them, by name.
pub fn all() -> &'static [Embedded] {
    &ALL
}

/// Opens one.
///
/// # Errors
/// No concordance of that name, with the nearest one there is.
pub fn open(name: &str) -> Result<Concordance, Problem> {
    match ALL.iter().find(|embedded| embedded.name == name) {
        Some(embedded) => Concordance::read(embedded.text, &format!("{name}.csv")),
        None => Err(Problem::unknown("concordance", name, ALL.iter().map(|embedded| embedded.name))),
    }
}

macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        [$(Embedded { name: $name, text: include_str!(concat!("../../concordances/", $name, ".csv")) }),*]
    };
}

static ALL: [Embedded; 28] = embed![
    "bec4-sna",
    "comtrade-former-iso3",
    "exiobase163names-exiobase163",
    "exiobase163-icio50",
    "gtap57-gtap65",
    "gtap65-icio50",
    "hs2022-gtap65",
    "hs2022-icio50",
    "icio2021-icio45",
    "icio45-sections",
    "icio50-icio45",
    "isic3-isic4",
    "isic3-wiod35",
    "isic4-figaro64",
    "isic4-icio45",
    "isic4-icio50",
    "isic4-sections",
    "isic4-wiod56",
    "iso3-exiobase3",
    "iso3-figaro2024",
    "iso3-figaro2025",
    "iso3-gtap10",
    "iso3-icio2021",
    "iso3-icio2023",
    "iso3-icio2025",
    "iso3-wiod2013",
    "iso3-wiod2016",
    "wiod35-wiod35isic",
];
