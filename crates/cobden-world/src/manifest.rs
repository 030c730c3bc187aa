//! `world.toml`: identity, source, and the two lists whose order is the order of array indices.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::csv::not_utf8;
use crate::problem::clip;
use crate::{Files, Names, Origin, Place, Problem};

/// The name of the manifest in a world directory.
pub(crate) const FILE: &str = "world.toml";

/// The format this crate reads and writes.
pub(crate) const FORMAT: &str = "cobden.world/1";

/// Largest manifest, in bytes.
const MAX_SIZE: u64 = 1 << 24;

/// Every key a manifest may have.
const KEYS: [&str; 11] =
    ["format", "id", "title", "year", "unit", "source", "note", "licence", "countries", "sectors", "members"];

/// What `world.toml` says.
pub(crate) struct Manifest {
    pub(crate) origin: Origin,
    pub(crate) countries: Names,
    pub(crate) sectors: Names,
    pub(crate) members: BTreeMap<String, Vec<String>>,
}

/// Reads and checks `world.toml`.
pub(crate) fn read(files: &dyn Files) -> Result<Manifest, Problem> {
    let label = files.label(FILE);
    let Some(reader) = files.open(FILE)? else {
        let problem = Problem::new(format!("no {FILE} here"));
        return Err(problem.help("a world is a folder with world.toml, flows.csv and more").in_file(label));
    };
    let mut bytes = Vec::new();
    reader
        .take(MAX_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Problem::new(format!("cannot read: {error}")).in_file(&label))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(Problem::new(format!("the manifest is longer than {MAX_SIZE} bytes")).in_file(&label));
    }
    let text = utf8(&label, &bytes)?;
    Source { label: &label, text }.manifest()
}

fn utf8<'a>(label: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let start =
            bytes[..error.valid_up_to()].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let number = bytes[..start].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        let line = &bytes[start..];
        match std::str::from_utf8(line) {
            Err(error) => not_utf8(label, number, line, error),
            Ok(_) => Problem::new("not UTF-8 text").in_file(label),
        }
    })
}

/// A TOML text and the name of its file, for places.
struct Source<'a> {
    label: &'a str,
    text: &'a str,
}

impl<'a> Source<'a> {
    fn at(&self, problem: Problem, span: Range<usize>) -> Problem {
        problem.at(Place::in_text(self.label, self.text, span))
    }

    fn manifest(&self) -> Result<Manifest, Problem> {
        let table = DeTable::parse(self.text)
            .map_err(|error| self.at(Problem::new(error.message().trim()), error.span().unwrap_or(0..0)))?;
        let table = table.get_ref();
        for key in table.keys() {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                return Err(self.at(Problem::unknown("key", key.get_ref(), KEYS), key.span()));
            }
        }
        let format = self.required(table, "format")?;
        if self.string(format)? != FORMAT {
            let problem = Problem::new(format!("the format is not \"{FORMAT}\""));
            return Err(self.at(problem.help("this version of cobden reads no other"), format.span()));
        }
        let id = self.string(self.required(table, "id")?)?;
        let optional = |key: &str| table.get(key).map(|value| self.string(value)).transpose();
        let origin = Origin {
            title: optional("title")?.unwrap_or_else(|| id.clone()),
            id,
            year: self.year(self.required(table, "year")?)?,
            unit: self.string(self.required(table, "unit")?)?,
            source: self.string(self.required(table, "source")?)?,
            note: optional("note")?.unwrap_or_default(),
            licence: optional("licence")?,
        };
        let countries = self.names("country", self.required(table, "countries")?)?;
        let sectors = self.names("sector", self.required(table, "sectors")?)?;
        let members = table.get("members").map(|members| self.members(members, &countries)).transpose()?;
        Ok(Manifest { origin, countries, sectors, members: members.unwrap_or_default() })
    }

    fn required<'t>(&self, table: &'t DeTable<'a>, key: &str) -> Result<&'t Spanned<DeValue<'a>>, Problem> {
        table.get(key).ok_or_else(|| {
            let problem = Problem::new(format!("no \"{key}\" in the manifest"));
            problem.help("required: format, id, year, unit, source, countries, sectors").in_file(self.label)
        })
    }

    fn string(&self, value: &Spanned<DeValue<'a>>) -> Result<String, Problem> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            other => Err(self.at(Problem::new(format!("expected a string, found {}", other.type_str())), value.span())),
        }
    }

    fn year(&self, value: &Spanned<DeValue<'a>>) -> Result<i32, Problem> {
        let year = match value.get_ref() {
            DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        year.ok_or_else(|| self.at(Problem::new("expected a year, e.g. 2022"), value.span()))
    }

    fn strings<'t>(&self, value: &'t Spanned<DeValue<'a>>) -> Result<Vec<(&'t DeString<'a>, Range<usize>)>, Problem> {
        let DeValue::Array(list) = value.get_ref() else {
            return Err(self.at(Problem::new("expected a list of names in quotes"), value.span()));
        };
        list.iter()
            .map(|item| match item.get_ref() {
                DeValue::String(name) => Ok((name, item.span())),
                _ => Err(self.at(Problem::new("expected a name in quotes"), item.span())),
            })
            .collect()
    }

    fn names(&self, kind: &str, value: &Spanned<DeValue<'a>>) -> Result<Names, Problem> {
        let list = self.strings(value)?;
        if list.is_empty() {
            return Err(self.at(Problem::new(format!("expected at least one {kind}")), value.span()));
        }
        for (name, span) in &list {
            if let Some(fault) = name_fault(name) {
                let problem = Problem::new(format!("the {kind} \"{}\" {fault}", clip(name)));
                return Err(self.at(problem, span.clone()));
            }
        }
        Names::new(list.iter().map(|(name, _)| name.to_string())).map_err(|twice| {
            let span =
                list.iter().rev().find(|(name, _)| **name == twice).map_or(value.span(), |(_, span)| span.clone());
            self.at(Problem::new(format!("the {kind} \"{}\" stands twice", clip(&twice))), span)
        })
    }

    fn members(
        &self,
        value: &Spanned<DeValue<'a>>,
        countries: &Names,
    ) -> Result<BTreeMap<String, Vec<String>>, Problem> {
        let DeValue::Table(table) = value.get_ref() else {
            return Err(self.at(Problem::new("expected a table: [members] EU27 = [\"AUT\", ...]"), value.span()));
        };
        let mut members = BTreeMap::new();
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for (region, list) in table.iter() {
            let name = region.get_ref();
            if countries.index(name).is_none() {
                return Err(self.at(Problem::unknown("country", name, countries.iter()), region.span()));
            }
            for (member, span) in self.strings(list)? {
                if let Some(other) = taken.insert(member.to_string(), name.to_string()) {
                    let problem = Problem::new(format!("\"{}\" is a member of {other} already", clip(member)));
                    return Err(self.at(problem, span));
                }
            }
            let list = self.strings(list)?.into_iter().map(|(member, _)| member.to_string()).collect();
            members.insert(name.to_string(), list);
        }
        Ok(members)
    }
}

/// Why a name cannot stand in tables and study files, if it cannot.
pub(crate) fn name_fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.trim() != name {
        Some("begins or ends with a blank")
    } else if name.chars().any(char::is_control) {
        Some("holds a control character")
    } else if name == "*" || name.starts_with('!') {
        Some("would mean all or all but, in a study")
    } else {
        None
    }
}
