//! Which regions and sectors of a table are merged: files of groups, and ready-made ones.
//!
//! A file has `[regions]`, `[sectors]` or both. Each key is a group, in the order in which it stands; its value lists the members by their
//! names in the table:
//!
//! ```toml
//! [regions]
//! EU27 = ["AUT", "BEL"]      # and so on
//! AUNZ = ["AUS", "NZL"]
//! ROW = ["*"]                # all that nobody names
//! ```
//!
//! `"*" = ["*"]` instead keeps each of the rest apart, under its own name. Without a `*` every name of the table must stand in a group: nothing
//! is dropped. Countries may be named by their ISO alpha-3 code whatever the table calls them (`AUT` is `AT` in FIGARO, `aut` in GTAP,
//! `Austria` in Eora). `optional = true` at the head makes a file for many tables: members that a table does not have are passed over, and so
//! are groups of which it has none.

use std::collections::{BTreeMap, BTreeSet};

use cobden_world::document::{Document, Fields, Keys, Located, kind, string};
use cobden_world::{Grouping, Names, Problem};
use toml::de::{DeTable, DeValue};

use crate::concordance::countries;

/// All that nobody names.
const REST: &str = "*";

const FILE: Keys = Keys { table: "a file of groups", known: &["optional", "regions", "sectors"], later: &[] };

/// A file of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    document: Document,
    optional: bool,
    regions: Option<Groups>,
    sectors: Option<Groups>,
}

/// A group and its members.
type Group = (Located<String>, Vec<Located<String>>);

/// Groups as they stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Groups {
    /// The table as a whole.
    place: std::ops::Range<usize>,
    groups: Vec<Group>,
}

/// Regions, or sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Region,
    Sector,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Region => "region",
            Kind::Sector => "sector",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Kind::Region => "regions",
            Kind::Sector => "sectors",
        }
    }
}

impl Mapping {
    /// Reads a file; `file` is its name as the user wrote it.
    ///
    /// # Errors
    /// What is no TOML, an unknown key, a member that is no text, a name in two groups, with the place.
    ///
    /// ```
    /// use cobden_data::mapping::Mapping;
    /// use cobden_world::Names;
    /// let text = "[regions]\nEUROPE = [\"DEU\", \"FRA\"]\n\"*\" = [\"*\"]\n";
    /// let mapping = Mapping::read(text.into(), "groups.toml")?;
    /// let names = Names::new(["AUS", "DEU", "FRA"].map(String::from)).unwrap();
    /// let grouping = mapping.regions(&names)?;
    /// assert_eq!(grouping.names().as_slice(), ["EUROPE", "AUS"]);
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn read(bytes: Vec<u8>, file: &str) -> Result<Self, Problem> {
        let document = Document::new(bytes, file)?;
        let (optional, regions, sectors) = {
            let table = document.table()?;
            let fields = Fields::new(&document, table.get_ref(), table.span(), &FILE)?;
            let optional = fields.flag("optional")?.is_some_and(|flag| flag.value);
            (optional, groups(&fields, Kind::Region)?, groups(&fields, Kind::Sector)?)
        };
        if regions.is_none() && sectors.is_none() {
            let problem = Problem::new("the file has neither [regions] nor [sectors]").in_file(file);
            return Err(problem.help("write [regions] on a line of its own, and a group on each line below"));
        }
        Ok(Self { document, optional, regions, sectors })
    }

    /// Opens one that cobden carries; the names are in [`region_presets`] and [`sector_presets`].
    ///
    /// # Errors
    /// No such name, with the nearest one.
    pub fn preset(presets: &'static [Preset], name: &str) -> Result<Self, Problem> {
        match presets.iter().find(|preset| preset.name == name) {
            Some(preset) => Self::read(preset.text.into(), &format!("{name}.toml")),
            None => Err(Problem::unknown("set of groups", name, presets.iter().map(|preset| preset.name))),
        }
    }

    /// The groups of regions as the file has them, `*` not yet expanded; `None` if it has no `[regions]`.
    pub fn region_groups(&self) -> Option<Vec<(String, Vec<String>)>> {
        self.regions.as_ref().map(Groups::plain)
    }

    /// The groups of sectors as the file has them, `*` not yet expanded; `None` if it has no `[sectors]`.
    pub fn sector_groups(&self) -> Option<Vec<(String, Vec<String>)>> {
        self.sectors.as_ref().map(Groups::plain)
    }

    /// The regions of a table merged.
    ///
    /// # Errors
    /// A member that the table does not have, with its place and the nearest name; a name of the table in no group; no `[regions]`.
    pub fn regions(&self, names: &Names) -> Result<Grouping, Problem> {
        self.grouping(self.regions.as_ref(), Kind::Region, names)
    }

    /// The sectors of a table merged.
    ///
    /// # Errors
    /// As for [`Mapping::regions`].
    pub fn sectors(&self, names: &Names) -> Result<Grouping, Problem> {
        self.grouping(self.sectors.as_ref(), Kind::Sector, names)
    }

    fn grouping(&self, groups: Option<&Groups>, kind: Kind, names: &Names) -> Result<Grouping, Problem> {
        let Some(groups) = groups else {
            let message = format!("the file has no [{}]", kind.table());
            return Err(Problem::new(message).in_file(self.document.file()));
        };
        let known = Known::new(kind, names);
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        let mut merged: Vec<(&str, Vec<&str>)> = Vec::new();
        for (group, members) in &groups.groups {
            let mut list = Vec::new();
            for member in members.iter().filter(|member| member.value != REST) {
                let Some(name) = known.find(&member.value) else {
                    if self.optional {
                        continue;
                    }
                    let problem = Problem::unknown(kind.word(), &member.value, names.iter());
                    return Err(problem.at(self.document.place(&member.span)));
                };
                match taken.insert(name, &group.value) {
                    // A file for many tables may name a country by two codes of which this table has one.
                    Some(other) if other == group.value && self.optional => {}
                    Some(other) => {
                        let message = format!("\"{name}\" stands in {other} and in {}", group.value);
                        return Err(self.document.problem(&member.span, message).help("leave it in one"));
                    }
                    None => list.push(name),
                }
            }
            merged.push((&group.value, list));
        }
        let rest: Vec<&str> = names.iter().filter(|name| !taken.contains_key(name)).collect();
        self.place_rest(groups, &mut merged, &rest, kind)?;
        Grouping::new(merged.into_iter().filter(|(_, members)| !members.is_empty()))
    }

    /// Puts what no group names where `*` stands.
    fn place_rest<'a>(
        &self,
        groups: &'a Groups,
        merged: &mut Vec<(&'a str, Vec<&'a str>)>,
        rest: &[&'a str],
        kind: Kind,
    ) -> Result<(), Problem> {
        let star = groups.groups.iter().position(|(_, members)| members.iter().any(|member| member.value == REST));
        let clash = |name: &&str| groups.groups.iter().find(|(group, _)| group.value == **name);
        match star {
            None if rest.is_empty() => Ok(()),
            None => {
                let shown: Vec<&str> = rest.iter().copied().take(5).collect();
                let more = if rest.len() > shown.len() {
                    format!(" and {} more", rest.len() - shown.len())
                } else {
                    String::new()
                };
                let message = format!("in no group: the {} {}{more}", kind.table(), shown.join(", "));
                let help = "nothing is dropped: put them in a group, or write a last one REST = [\"*\"]";
                Err(self.document.problem(&groups.place, message).help(help))
            }
            Some(at) if groups.groups[at].0.value == REST => {
                if let Some((group, name)) = rest.iter().find_map(|name| Some((clash(name)?, name))) {
                    let message =
                        format!("\"{name}\" is a {} of the table that keeps its name, and a group", kind.word());
                    return Err(self.document.problem(&group.0.span, message).help("name the group otherwise"));
                }
                merged.splice(at..=at, rest.iter().map(|name| (*name, vec![*name])));
                Ok(())
            }
            Some(at) => {
                merged[at].1.extend(rest);
                Ok(())
            }
        }
    }
}

impl Groups {
    fn plain(&self) -> Vec<(String, Vec<String>)> {
        let members = |list: &[Located<String>]| list.iter().map(|member| member.value.clone()).collect();
        self.groups.iter().map(|(group, list)| (group.value.clone(), members(list))).collect()
    }
}

/// The names of a table, and for regions the countries that they mean.
struct Known<'a> {
    names: BTreeSet<&'a str>,
    countries: BTreeMap<&'static str, &'a str>,
}

impl<'a> Known<'a> {
    fn new(kind: Kind, names: &'a Names) -> Self {
        let mut countries = BTreeMap::new();
        for name in names.iter().filter(|_| kind == Kind::Region) {
            if let Some(country) = countries::find(name) {
                countries.entry(country.iso3.as_str()).or_insert(name);
            }
        }
        Self { names: names.iter().collect(), countries }
    }

    fn find(&self, member: &str) -> Option<&'a str> {
        self.names.get(member).or_else(|| self.countries.get(member)).copied()
    }
}

/// The groups of one table of a file, in their order.
fn groups(fields: &Fields<'_>, kind: Kind) -> Result<Option<Groups>, Problem> {
    let Some(value) = fields.value(kind.table()) else { return Ok(None) };
    let document = fields.document();
    let DeValue::Table(table) = value.get_ref() else {
        let found = self::kind(value.get_ref());
        let message = format!("`{}` must be a table of groups, found {found}", kind.table());
        return Err(document
            .problem(&value.span(), message)
            .help(format!("write [{}] on a line of its own", kind.table())));
    };
    let mut groups = in_order(document, table)?;
    groups.sort_by_key(|(group, _)| group.span.start);
    let stars: Vec<&Located<String>> =
        groups.iter().flat_map(|(_, members)| members).filter(|member| member.value == REST).collect();
    if let [_, second, ..] = stars.as_slice() {
        return Err(document.problem(&second.span, "`*` stands twice: the rest goes to one place"));
    }
    Ok(Some(Groups { place: fields.key_span(kind.table()), groups }))
}

/// The groups of a table, in any order.
fn in_order(document: &Document, table: &DeTable<'_>) -> Result<Vec<Group>, Problem> {
    let mut groups = Vec::with_capacity(table.len());
    for (key, value) in table {
        let group = Located { value: key.get_ref().to_string(), span: key.span() };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("the members of {} must be a list, found {}", group.value, kind(value.get_ref()));
            return Err(document.problem(&value.span(), message).help(format!("write {} = [\"...\"]", group.value)));
        };
        let what = "a member of a group";
        let members: Vec<Located<String>> =
            items.iter().map(|item| string(document, item, what)).collect::<Result<_, _>>()?;
        if members.is_empty() {
            return Err(document.problem(&value.span(), format!("the group {} has no members", group.value)));
        }
        if group.value == REST && members.iter().any(|member| member.value != REST) {
            let problem =
                document.problem(&group.span, "`*` as a group keeps each of the rest apart; it has no other members");
            return Err(problem.help("write \"*\" = [\"*\"]"));
        }
        groups.push((group, members));
    }
    Ok(groups)
}

/// Groups that cobden carries: `mappings/regions/NAME.toml`, `mappings/sectors/NAME.toml`.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// The file.
    pub text: &'static str,
}

impl Preset {
    /// What its first lines say.
    pub fn about(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#'));
        lines.map(str::trim).collect::<Vec<_>>().join(" ")
    }
}

/// Ready-made groups of regions.
pub fn region_presets() -> &'static [Preset] {
    &[
        Preset { name: "eu27", text: include_str!("../mappings/regions/eu27.toml") },
        Preset { name: "g20", text: include_str!("../mappings/regions/g20.toml") },
        Preset { name: "icio-2022", text: include_str!("../mappings/regions/icio-2022.toml") },
        Preset { name: "world", text: include_str!("../mappings/regions/world.toml") },
    ]
}

/// Ready-made groups of sectors.
pub fn sector_presets() -> &'static [Preset] {
    &[
        Preset { name: "all", text: include_str!("../mappings/sectors/all.toml") },
        Preset { name: "goods-services", text: include_str!("../mappings/sectors/goods-services.toml") },
        Preset { name: "icio-2022", text: include_str!("../mappings/sectors/icio-2022.toml") },
        Preset { name: "isic-sections", text: include_str!("../mappings/sectors/isic-sections.toml") },
    ]
}
