//! What importing read and what it changed, for people and as a document.

use std::collections::BTreeMap;

use cobden_data::check::Units;
use cobden_data::{Changes, InputOutput};
use cobden_world::{Problem, Rate, World};
use ndarray::{Array2, Axis};
use serde::Serialize;

use super::Import;
use super::by_product::ImportedProducts;
use super::source::Source;

/// Relative gap of a row or column of a table that is told; tables are printed to a few digits.
const GAP: f64 = 1e-4;
/// Gap in value that is rounding of printed tables, in their unit.
const ROUNDING: f64 = 1.0;
/// Most gaps that are named.
const NAMED: usize = 5;

/// What was read and what was changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// `cobden.import/1`.
    pub format: &'static str,
    /// The version of cobden.
    pub cobden: &'static str,
    /// Dataset and edition.
    pub dataset: String,
    /// The year.
    pub year: i32,
    /// The unit of every value.
    pub unit: String,
    /// Regions and sectors as read.
    pub read: [usize; 2],
    /// Regions and sectors of the world.
    pub made: [usize; 2],
    /// The files, with their hashes.
    pub files: Vec<SourceFile>,
    /// What was asked for: groups, elasticities.
    pub asked: BTreeMap<&'static str, String>,
    /// Value added of the world as the table states it.
    pub value_added_stated: f64,
    /// What was found and done, one sentence each.
    pub remarks: Vec<String>,
    /// By region of the world.
    pub regions: Vec<ImportedRegion>,
    /// The products that sectors are sold as, where a list of trade said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<ImportedProducts>,
}

/// What importing did to one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedRegion {
    /// The region.
    pub region: String,
    /// Value added as the table states it.
    pub value_added_stated: f64,
    /// Taxes less subsidies on products that became value added.
    pub taxes: f64,
    /// Tariff revenue, which was part of those taxes.
    pub tariff_revenue: f64,
    /// Value added of the world.
    pub value_added: f64,
    /// Average tariff on imports, per cent.
    pub tariff_pct: f64,
    /// What balancing moved, per cent of the region's inputs, value added and final demand.
    pub balanced_pct: f64,
}

/// A file that a world was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// `table`, `trade`, `tariffs` or `gdp`.
    pub role: &'static str,
    /// Its name, without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its content.
    pub blake3: String,
}

/// What there is to report on.
pub(super) struct Made<'a> {
    pub(super) table: &'a InputOutput,
    pub(super) world: &'a World,
    pub(super) changes: Changes,
    pub(super) units: Units,
    pub(super) covered: Option<(Array2<bool>, Vec<String>)>,
    pub(super) elasticities: Option<String>,
    pub(super) tariffs: bool,
    pub(super) by_product: Option<(ImportedProducts, Vec<String>)>,
    pub(super) gdp: Vec<String>,
    pub(super) files: Vec<SourceFile>,
    pub(super) import: &'a Import,
}

impl SourceFile {
    pub(super) fn new(source: &Source, role: &'static str) -> Result<Self, Problem> {
        let (blake3, bytes) = source.hash()?;
        Ok(Self { role, name: source.name(), bytes, blake3 })
    }
}

impl ImportReport {
    pub(super) fn new(made: Made<'_>) -> Self {
        let (table, world) = (made.table, made.world);
        let import = made.import;
        let asked = [
            ("regions", import.regions.clone()),
            ("sectors", import.sectors.clone()),
            ("elasticities", made.elasticities.clone()),
            ("tariff_year", import.tariff_year.map(|year| year.to_string())),
            ("products_year", import.products_year.map(|year| year.to_string())),
        ];
        Self {
            format: "cobden.import/1",
            cobden: env!("CARGO_PKG_VERSION"),
            dataset: table.dataset.clone(),
            year: table.year,
            unit: table.unit.clone(),
            read: [table.regions.len(), table.sectors.len()],
            made: [world.countries.len(), world.sectors.len()],
            asked: asked.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
            value_added_stated: table.world_value_added(),
            remarks: remarks(&made),
            regions: regions(world, &made.changes),
            files: made.files,
            products: made.by_product.map(|(products, _)| products),
        }
    }

    /// The report as JSON, ending with a line break.
    pub(super) fn json(&self) -> Result<String, Problem> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Problem::new(error.to_string()))?;
        Ok(text + "\n")
    }
}

fn regions(world: &World, changes: &Changes) -> Vec<ImportedRegion> {
    let region = |(n, name): (usize, &str)| {
        let imports: f64 = (0..world.countries.len())
            .filter(|i| *i != n)
            .map(|i| world.flows.index_axis(Axis(0), n).index_axis(Axis(0), i).sum())
            .sum();
        let revenue = changes.tariff_revenue[n];
        ImportedRegion {
            region: name.to_owned(),
            value_added_stated: changes.value_added_stated[n],
            taxes: changes.taxes[n],
            tariff_revenue: revenue,
            value_added: changes.value_added[n],
            tariff_pct: if imports > 0.0 { Rate(revenue / imports).percent() } else { 0.0 },
            balanced_pct: changes.balance.countries.get(n).map_or(0.0, |moves| 100.0 * moves.moved_share),
        }
    };
    world.countries.iter().enumerate().map(region).collect()
}

/// What was found and done, the reader's own remarks first.
fn remarks(made: &Made<'_>) -> Vec<String> {
    let (table, changes) = (made.table, &made.changes);
    let mut remarks = table.remarks.clone();
    remarks.extend(made.units.remark(table));
    remarks.extend(made.gdp.iter().cloned());
    remarks.extend(gaps(table));
    let unit = &table.unit;
    for (what, zeroed) in
        [("flows", changes.negative_flows), ("inputs", changes.negative_inputs), ("final uses", changes.negative_final)]
    {
        if zeroed.cells > 0 {
            remarks.push(format!(
                "{} negative {what} became zero: {unit} {:.0}, {:.4} % of all",
                zeroed.cells,
                zeroed.value,
                100.0 * zeroed.value.abs() / zeroed.of
            ));
        }
    }
    if changes.without_value_added > 0 {
        remarks.push(format!(
            "{} sectors pay more for inputs than they sell for; they were given a thousandth of sales as value added",
            changes.without_value_added
        ));
    }
    let filled: usize = changes.balance.countries.iter().map(|country| country.filled.len()).sum();
    if filled > 0 {
        remarks.push(format!("{filled} goods or sectors without a use or a cost were given final use or value added"));
    }
    match &made.covered {
        Some((covered, told)) => {
            remarks.extend(told.iter().cloned());
            remarks.extend(uncovered(table, covered));
        }
        None if !made.tariffs => remarks.push("no tariffs were given: every rate is 0".to_owned()),
        None => {}
    }
    remarks.extend(made.by_product.iter().flat_map(|(_, told)| told.iter().cloned()));
    if made.elasticities.is_none() {
        remarks.push(
            "no trade elasticities: say --elasticities, or put elasticities.csv into the folder, before solving"
                .to_owned(),
        );
    }
    remarks
}

/// Where the table itself does not add up.
fn gaps(table: &InputOutput) -> Option<String> {
    let gaps = table.gaps(GAP, ROUNDING);
    let first: Vec<String> = gaps
        .iter()
        .take(NAMED)
        .map(|gap| {
            let side = if gap.row { "sales" } else { "costs" };
            format!("{} {} {side} {:.0} against output {:.0}", gap.region, gap.sector, gap.sum, gap.output)
        })
        .collect();
    (!gaps.is_empty()).then(|| {
        format!(
            "{} rows or columns of the table do not add up to output, the largest first: {}",
            gaps.len(),
            first.join("; ")
        )
    })
}

/// The imports of importers that the lists say nothing about.
fn uncovered(table: &InputOutput, covered: &Array2<bool>) -> Option<String> {
    let (mut silent, mut all) = (0.0, 0.0);
    let mut importers = std::collections::BTreeSet::new();
    for ((n, _, j), flow) in table.flows.indexed_iter().filter(|((n, i, _), _)| n != i) {
        all += flow;
        // Sectors that no list knows at all are services.
        if !covered[[n, j]] && covered.column(j).iter().any(|known| *known) {
            silent += flow;
            importers.insert(table.regions[n].to_owned());
        }
    }
    (silent > 0.0 && all > 0.0).then(|| {
        let first: Vec<String> = importers.iter().take(8).cloned().collect();
        let more = if importers.len() > first.len() { " ..." } else { "" };
        format!(
            "no tariffs are known for {:.1} % of trade; they are 0 there: goods of {}{more}",
            100.0 * silent / all,
            first.join(", ")
        )
    })
}
