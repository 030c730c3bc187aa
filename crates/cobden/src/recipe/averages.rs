//! Tariffs from averages by importer and product group, as WITS/TRAINS publishes them.

use std::collections::BTreeMap;

use cobden_world::{Problem, Rate};

use super::bench::{Bench, Tariffs, find_in_row};
use super::format::{Averages, placed};
use crate::document::Located;
use crate::tabular::Sheet;

/// Which of the published means is used: duties weighted by each importer's own imports.
const WEIGHTED: &str = "weighted";

/// Product groups and their weights.
type Weights = Vec<(String, f64)>;

/// The averages and the way from product groups to sectors.
struct Published {
    /// Per cent, by importer and product group.
    rates: BTreeMap<String, BTreeMap<String, f64>>,
    /// For each sector the product groups that make it up, weights adding up to one; `None` for a free sector.
    groups: Vec<Option<Weights>>,
    /// For each sector the product group whose rate it does not exceed.
    ceilings: Vec<Option<String>>,
}

/// Where a region's rates come from.
enum Origin {
    /// Its member countries that report, weighted by their imports.
    Members(Vec<usize>),
    /// One code for the whole region.
    Code(String),
    /// The mean of other regions.
    Mean(Vec<usize>),
}

/// Sets every tariff of every importer that the step does not except; the same for all its partners.
pub(super) fn apply(step: &Averages, bench: &Bench<'_>, tariffs: &mut Tariffs) -> Result<(), Problem> {
    let published = Published::read(step, bench)?;
    let except = step.except.iter().map(|name| bench.region(name)).collect::<Result<Vec<_>, _>>()?;
    let origins = (0..bench.regions.names.len())
        .map(|n| if except.contains(&n) { Ok(None) } else { origin(step, bench, &published, n).map(Some) })
        .collect::<Result<Vec<_>, _>>()?;
    for (n, origin) in origins.iter().enumerate() {
        let Some(origin) = origin else { continue };
        note(bench, &published, n, origin, &mut tariffs.notes);
        for j in 0..bench.sectors.names.len() {
            let rate = match origin {
                Origin::Mean(others) => {
                    let rates: Option<Vec<f64>> = others
                        .iter()
                        .map(|&other| origins[other].as_ref().and_then(|origin| published.rate(bench, origin, j)))
                        .collect();
                    rates.map(|rates| rates.iter().sum::<f64>() / rates.len() as f64)
                }
                own => published.rate(bench, own, j),
            };
            let rate = Rate(rate.unwrap_or_default());
            for i in (0..bench.regions.names.len()).filter(|&i| i != n) {
                tariffs.rates[[n, i, j]] = rate;
            }
        }
    }
    Ok(())
}

impl Published {
    fn read(step: &Averages, bench: &Bench<'_>) -> Result<Self, Problem> {
        let mut rates: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        let table = Sheet::read(&bench.data_path(&step.table), &["importer", "product_group", "average", "rate_pct"])?;
        for row in table.rows().filter(|row| row.text(2) == WEIGHTED) {
            rates.entry(row.text(0).to_owned()).or_default().insert(row.text(1).to_owned(), row.number(3)?);
        }
        let mut published =
            Self { rates, groups: groups(step, bench)?, ceilings: vec![None; bench.sectors.names.len()] };
        for (sector, group) in &step.ceilings {
            published.ceilings[bench.sector(sector)?] = Some(group.value.clone());
        }
        published.check(step, bench)?;
        Ok(published)
    }

    /// Every product group that the recipe names must be one that somebody reports.
    fn check(&self, step: &Averages, bench: &Bench<'_>) -> Result<(), Problem> {
        let known: Vec<&str> = self.rates.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
        let named =
            self.groups.iter().flatten().flatten().map(|(group, _)| group).chain(self.ceilings.iter().flatten());
        for group in named {
            if !known.contains(&group.as_str()) {
                let problem = Problem::unknown("product group", group, known);
                return Err(placed(bench.document, &step.groups.span, problem));
            }
        }
        Ok(())
    }

    /// The rate in sector `j`; `None` if a group is not reported.
    fn rate(&self, bench: &Bench<'_>, origin: &Origin, j: usize) -> Option<f64> {
        match origin {
            Origin::Code(code) => self.reported(code, j),
            Origin::Members(members) => {
                let mut weighted = 0.0;
                let mut weights = 0.0;
                let mut plain = 0.0;
                for &member in members {
                    let rate = self.reported(&bench.source.countries[member], j)?;
                    let imports = bench.imports_of_member(member, j);
                    weighted += imports * rate;
                    weights += imports;
                    plain += rate / members.len() as f64;
                }
                Some(if weights > 0.0 { weighted / weights } else { plain })
            }
            Origin::Mean(_) => None,
        }
    }

    /// What one reporter charges in sector `j`, as a rate.
    fn reported(&self, code: &str, j: usize) -> Option<f64> {
        let Some(groups) = &self.groups[j] else { return Some(0.0) };
        let reported = self.rates.get(code)?;
        let mut per_cent = 0.0;
        for (group, weight) in groups {
            per_cent += weight * reported.get(group)?;
        }
        if let Some(ceiling) = &self.ceilings[j] {
            per_cent = per_cent.min(*reported.get(ceiling)?);
        }
        Some(per_cent / 100.0)
    }

    /// Whether a reporter has every product group that any sector needs.
    fn complete(&self, code: &str) -> bool {
        (0..self.groups.len()).all(|j| self.reported(code, j).is_some())
    }
}

/// The product groups of each sector; the weights of a sector must add up to one.
fn groups(step: &Averages, bench: &Bench<'_>) -> Result<Vec<Option<Weights>>, Problem> {
    let names = &bench.sectors.names;
    let mut groups: Vec<Option<Weights>> = vec![None; names.len()];
    let path = bench.recipe_path(&step.groups);
    for row in Sheet::read(&path, &["sector", "group", "weight"])?.rows() {
        let sector = find_in_row(names, &row, 0, "sector")?;
        groups[sector].get_or_insert_default().push((row.text(1).to_owned(), row.number(2)?));
    }
    let free = step.free.iter().map(|name| bench.sector(name)).collect::<Result<Vec<_>, _>>()?;
    for (j, groups) in groups.iter().enumerate() {
        let weights = groups.as_ref().map(|groups| groups.iter().map(|(_, weight)| weight).sum::<f64>());
        let sector = &names[j];
        let complaint = match weights {
            Some(_) if free.contains(&j) => format!("sector {sector} is free and has product groups"),
            Some(weights) if (weights - 1.0).abs() > 1e-9 => {
                format!("the weights of sector {sector} add up to {weights}, not 1")
            }
            None if !free.contains(&j) => format!("sector {sector} has no product group and is not free"),
            _ => continue,
        };
        return Err(Problem::new(complaint).in_file(path.display().to_string()));
    }
    Ok(groups)
}

/// Who reports for region `n`.
fn origin(step: &Averages, bench: &Bench<'_>, published: &Published, n: usize) -> Result<Origin, Problem> {
    let name = &bench.regions.names[n];
    if let Some((_, code)) = step.reporters.iter().find(|(region, _)| region.value == *name) {
        if !published.complete(&code.value) {
            return Err(unreported(bench, code));
        }
        return Ok(Origin::Code(code.value.clone()));
    }
    if let Some((_, others)) = step.borrow.iter().find(|(region, _)| region.value == *name) {
        let chained = |other: &&Located<String>| step.borrow.iter().any(|(region, _)| region.value == other.value);
        if let Some(other) = others.iter().find(chained) {
            return Err(bench.document.problem(&other.span, format!("\"{}\" is itself without averages", other.value)));
        }
        return Ok(Origin::Mean(others.iter().map(|other| bench.region(other)).collect::<Result<_, _>>()?));
    }
    let reporting: Vec<usize> =
        bench.regions.members(n).filter(|&member| published.complete(&bench.source.countries[member])).collect();
    if reporting.is_empty() {
        let problem = Problem::new(format!("no member of {name} reports tariff averages"));
        return Err(placed(bench.document, &step.table.span, problem)
            .help(format!("add {name} to `reporters`, or to `borrow` with regions alike")));
    }
    Ok(Origin::Members(reporting))
}

fn unreported(bench: &Bench<'_>, code: &Located<String>) -> Problem {
    bench
        .document
        .problem(&code.span, format!("\"{}\" reports no tariff averages, or not for every product group", code.value))
}

/// Says where a region's rates come from, unless it simply reports its own.
fn note(bench: &Bench<'_>, published: &Published, n: usize, origin: &Origin, notes: &mut Vec<String>) {
    let name = &bench.regions.names[n];
    match origin {
        Origin::Code(code) => notes.push(format!("tariffs of {name}: averages reported as {code}")),
        Origin::Mean(others) => {
            let list: Vec<&str> = others.iter().map(|&other| &bench.regions.names[other]).collect();
            notes.push(format!("tariffs of {name}: none reported; simple mean of {}", list.join(" and ")));
        }
        Origin::Members(members) => {
            let all: Vec<usize> = bench.regions.members(n).collect();
            let silent: Vec<&str> = all
                .iter()
                .map(|&member| &bench.source.countries[member])
                .filter(|member| !published.complete(member))
                .collect();
            if all.len() > 1 {
                let without =
                    if silent.is_empty() { String::new() } else { format!("; without {}", silent.join(", ")) };
                notes.push(format!("tariffs of {name}: weighted by the imports of {} members{without}", members.len()));
            }
        }
    }
}
