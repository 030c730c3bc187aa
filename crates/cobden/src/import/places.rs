//! Which regions of a table a country code means.

use std::collections::{BTreeMap, BTreeSet};

use cobden_data::concordance::{countries, library};
use cobden_data::mapping::{Mapping, region_presets};
use cobden_world::{Names, Problem};

/// Codes under which lists of tariffs report the European Union as one.
const UNION: [&str; 6] = ["EU", "EU27", "EU28", "EUN", "EEC", "918"];
/// What tables call all who have no region of their own.
const REST: [&str; 4] = ["ROW", "RoW", "FIGW1", "WLD_REST"];

/// From country codes to regions of a table.
pub(super) struct Places {
    /// ISO3 to region.
    regions: BTreeMap<&'static str, usize>,
    /// Names of the table itself.
    names: Names,
    rest: Option<usize>,
    /// Members of the European Union, and those that are regions of their own.
    members: Vec<String>,
    union: Vec<usize>,
    found: BTreeMap<String, Vec<usize>>,
    unknown: BTreeSet<String>,
}

impl Places {
    /// For a table with these regions. A country without a region of its own is in the one that the concordance of the dataset says, else in
    /// the rest of the world, if the table has one.
    pub(super) fn new(regions: &Names) -> Result<Self, Problem> {
        let rest = REST.iter().find_map(|name| regions.index(name));
        let mut of: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (at, name) in regions.iter().enumerate() {
            if let Some(country) = countries::find(name) {
                of.entry(country.iso3.as_str()).or_insert(at);
            }
        }
        for (country, region) in of_dataset(regions)? {
            if let (Some(country), Some(region)) = (countries::find(&country), regions.index(&region)) {
                of.entry(country.iso3.as_str()).or_insert(region);
            }
        }
        let members = Mapping::preset(region_presets(), "eu27")?.region_groups().unwrap_or_default();
        let members = members.into_iter().filter(|(group, _)| group == "EU27").flat_map(|(_, members)| members);
        let members: Vec<String> = members.collect();
        let union: BTreeSet<usize> = members
            .iter()
            .filter_map(|member| of.get(member.as_str()).copied())
            .filter(|at| Some(*at) != rest)
            .collect();
        Ok(Self {
            regions: of,
            names: regions.clone(),
            rest,
            members,
            union: union.into_iter().collect(),
            found: BTreeMap::new(),
            unknown: BTreeSet::new(),
        })
    }

    /// The regions that a code means: one, or all members of the European Union; none if it is not known, which is remembered.
    pub(super) fn regions(&mut self, code: &str) -> &[usize] {
        if !self.found.contains_key(code) {
            let regions = self.find(code);
            if regions.is_empty() {
                self.unknown.insert(code.to_owned());
            }
            self.found.insert(code.to_owned(), regions);
        }
        self.found.get(code).map(Vec::as_slice).unwrap_or_default()
    }

    fn find(&self, code: &str) -> Vec<usize> {
        if let Some(region) = self.names.index(code) {
            return vec![region];
        }
        if UNION.contains(&code) {
            return self.union.clone();
        }
        match countries::find(code) {
            Some(country) => self.regions.get(country.iso3.as_str()).copied().or(self.rest).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The countries that a code means, by their alpha-3 codes, each with its region: one, or all members of the European Union; none if it is
    /// not known, which is remembered. What is no country, such as a region of the table, has its own name.
    pub(super) fn countries(&mut self, code: &str) -> Vec<(String, usize)> {
        if UNION.contains(&code) && self.names.index(code).is_none() {
            let region = |member: &String| Some((member.clone(), *self.find(member).first()?));
            return self.members.iter().filter_map(region).collect();
        }
        let name = countries::find(code).map_or(code, |country| country.iso3.as_str());
        self.regions(code).iter().map(|region| (name.to_owned(), *region)).collect()
    }

    /// The name of a region.
    pub(super) fn name(&self, region: usize) -> &str {
        &self.names[region]
    }

    /// Whether a country is a member of the European Union.
    pub(super) fn is_member(&self, iso3: &str) -> bool {
        self.members.iter().any(|member| member == iso3)
    }

    /// Members of the European Union, who charge each other nothing; empty where the table has it as one region.
    pub(super) fn union(&self) -> &[usize] {
        &self.union
    }

    /// What a user should know of codes that are no country.
    pub(super) fn remark(&self) -> Option<String> {
        let first: Vec<&str> = self.unknown.iter().take(8).map(String::as_str).collect();
        let more = if self.unknown.len() > first.len() { " ..." } else { "" };
        (!first.is_empty()).then(|| format!("left out, being no country that cobden knows: {}{more}", first.join(", ")))
    }
}

/// Country to region of the dataset whose regions these are: the concordance that has them all, if there is one.
fn of_dataset(regions: &Names) -> Result<Vec<(String, String)>, Problem> {
    for embedded in library::all().iter().filter(|one| one.name.starts_with("iso3-")) {
        let concordance = library::open(embedded.name)?;
        let targets = concordance.targets();
        if regions.iter().all(|region| targets.contains(region)) {
            let link = |code: &str| Some((code.to_owned(), concordance.target(code)?.to_owned()));
            return Ok(concordance.codes().filter_map(link).collect());
        }
    }
    Ok(Vec::new())
}
