//! Tariffs from what one importer's customs collected: duty over imports, by partner and product.

use std::collections::BTreeMap;
use std::path::Path;

use cobden_world::{Problem, Rate};

use super::bench::{Bench, Tariffs, find_in_row};
use super::format::Collected;
use crate::disk::read_file;
use crate::tabular::Columns;
use crate::tabular::Sheet;

/// Imports and the duty on them, in whole dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Customs value.
    pub(super) imports: i64,
    /// Duty.
    pub(super) duty: i64,
}

/// One importer's customs records, summed.
pub(super) struct Customs {
    /// By position of the exporting region and product code of the crosswalk, in lower case.
    pub(super) entries: BTreeMap<(usize, String), Entry>,
    /// The sector of each product code; `None` for goods left out.
    sectors: BTreeMap<String, Option<usize>>,
    /// Imports of the partners covered, whether or not their product has a sector.
    pub(super) total: Entry,
    /// Those whose product has a sector.
    pub(super) matched: Entry,
}

/// Sets the tariffs of the importer on every partner; zero where nothing was imported.
pub(super) fn apply(step: &Collected, bench: &Bench<'_>, tariffs: &mut Tariffs) -> Result<(), Problem> {
    let importer = bench.region(&step.importer)?;
    let customs = Customs::read(step, bench)?;
    let mut cells: BTreeMap<(usize, usize), Entry> = BTreeMap::new();
    for ((exporter, product), entry) in &customs.entries {
        if let Some(sector) = customs.sector(product) {
            cells.entry((*exporter, sector)).or_default().add(*entry);
        }
    }
    for exporter in (0..bench.regions.names.len()).filter(|&exporter| exporter != importer) {
        for sector in 0..bench.sectors.names.len() {
            let entry = cells.get(&(exporter, sector)).copied().unwrap_or_default();
            tariffs.rates[[importer, exporter, sector]] = Rate(entry.rate());
        }
    }
    tariffs.notes.push(format!(
        "tariffs of {}: duty collected over imports; {:.2} % of the imports of the partners covered, and {:.2} % of the \
         duty, have a sector",
        step.importer.value,
        100.0 * customs.matched.imports as f64 / customs.total.imports.max(1) as f64,
        100.0 * customs.matched.duty as f64 / customs.total.duty.max(1) as f64,
    ));
    Ok(())
}

impl Entry {
    fn add(&mut self, other: Entry) {
        self.imports = self.imports.saturating_add(other.imports);
        self.duty = self.duty.saturating_add(other.duty);
    }

    /// Duty over imports; zero without imports.
    pub(super) fn rate(self) -> f64 {
        if self.imports > 0 { self.duty as f64 / self.imports as f64 } else { 0.0 }
    }
}

impl Customs {
    /// Reads and sums the records of the partners that the recipe places in a region.
    pub(super) fn read(step: &Collected, bench: &Bench<'_>) -> Result<Self, Problem> {
        let partners = partners(step, bench)?;
        let products = Products::read(&bench.data_path(&step.products))?;
        let mut customs = Self {
            entries: BTreeMap::new(),
            sectors: sectors(step, bench)?,
            total: Entry::default(),
            matched: Entry::default(),
        };
        let path = bench.data_path(&step.imports);
        let records = Columns::open(read_file(&path)?, path.display().to_string())?;
        let (codes, hs10) = (records.texts("partner_code")?, records.texts("hs10")?);
        let (imports, duty) = (records.integers("imports_usd")?, records.integers("duty_usd")?);
        for (((code, hs10), imports), duty) in codes.iter().zip(&hs10).zip(imports).zip(duty) {
            let region = *partners.get(code).ok_or_else(|| unplaced(code, &bench.recipe_path(&step.partners)))?;
            let Some(region) = region else { continue };
            let entry = Entry { imports, duty };
            customs.total.add(entry);
            if let Some(product) = products.code(hs10) {
                if customs.sector(product).is_some() {
                    customs.matched.add(entry);
                }
                customs.entries.entry((region, product.to_owned())).or_default().add(entry);
            }
        }
        customs.check(bench, step)?;
        Ok(customs)
    }

    /// The sector of a product code, if it has one.
    pub(super) fn sector(&self, product: &str) -> Option<usize> {
        self.sectors.get(product).copied().flatten()
    }

    /// A product code that the recipe does not know would drop its trade in silence.
    fn check(&self, bench: &Bench<'_>, step: &Collected) -> Result<(), Problem> {
        match self.entries.keys().find(|(_, product)| !self.sectors.contains_key(product)) {
            Some((_, product)) => {
                let path = bench.recipe_path(&step.sectors).display().to_string();
                Err(Problem::new(format!("no row for the product code \"{product}\"")).in_file(path))
            }
            None => Ok(()),
        }
    }
}

/// HS codes and the product code of each.
struct Products {
    hs10: BTreeMap<String, String>,
    hs6: BTreeMap<String, String>,
}

impl Products {
    fn read(path: &Path) -> Result<Self, Problem> {
        let (mut hs10, mut hs6) = (BTreeMap::new(), BTreeMap::new());
        for row in Sheet::read(path, &["hs10", "hs6_code", "gtap_code"])?.rows() {
            // The published crosswalk writes codes in both cases, and leaves some lines without one.
            let code = row.text(2).to_lowercase();
            if !code.is_empty() {
                hs10.insert(row.text(0).to_owned(), code.clone());
                hs6.entry(row.text(1).to_owned()).or_insert(code);
            }
        }
        Ok(Self { hs10, hs6 })
    }

    /// The product code of ten digits, or failing that of their first six.
    fn code(&self, hs10: &str) -> Option<&str> {
        let six = || hs10.get(..6).and_then(|six| self.hs6.get(six));
        self.hs10.get(hs10).or_else(six).map(String::as_str)
    }
}

/// The region of each partner code; `None` for one left out.
fn partners(step: &Collected, bench: &Bench<'_>) -> Result<BTreeMap<String, Option<usize>>, Problem> {
    let mut partners = BTreeMap::new();
    for row in Sheet::read(&bench.recipe_path(&step.partners), &["code", "region"])?.rows() {
        let region = match row.text(1) {
            "" => None,
            _ => Some(find_in_row(&bench.regions.names, &row, 1, "region")?),
        };
        if partners.insert(row.text(0).to_owned(), region).is_some() {
            return Err(row.problem(0, format!("partner \"{}\" occurs twice", row.text(0))));
        }
    }
    Ok(partners)
}

/// The sector of each product code, in lower case; `None` for goods left out.
pub(super) fn sectors(step: &Collected, bench: &Bench<'_>) -> Result<BTreeMap<String, Option<usize>>, Problem> {
    let mut sectors = BTreeMap::new();
    for row in Sheet::read(&bench.recipe_path(&step.sectors), &["gtap_code", "sector"])?.rows() {
        let sector = match row.text(1) {
            "" => None,
            _ => Some(find_in_row(&bench.sectors.names, &row, 1, "sector")?),
        };
        if sectors.insert(row.text(0).to_lowercase(), sector).is_some() {
            return Err(row.problem(0, format!("product code \"{}\" occurs twice", row.text(0))));
        }
    }
    Ok(sectors)
}

pub(super) fn unplaced(code: &str, partners: &Path) -> Problem {
    Problem::new(format!("no row for the partner \"{code}\" of the customs records"))
        .in_file(partners.display().to_string())
        .help("add it; leave its region empty to leave it out")
}
