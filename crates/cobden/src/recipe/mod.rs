//! Builds a world from a recipe: merge a larger world, attach tariffs, balance, choose elasticities.
//!
//! A recipe (`cobden.recipe/1`) is a TOML file that says all of it, so that anyone with the public data can make the embedded
//! world again, bit by bit, or another one with other regions. Steps, in order:
//!
//! 1. read the source world under the data directory;
//! 2. merge its countries and sectors;
//! 3. make the tariffs, step by step ([`Step`](format::Step)), rounded to six decimals;
//! 4. balance: expenditure now includes those tariffs;
//! 5. merge the elasticity sets, and take one as the world's own;
//! 6. if the register is to be used with the world: sum trade by product, and say which product is of which sector.

mod agreements;
mod averages;
mod bench;
mod collected;
mod elasticities;
mod format;
mod partition;
mod preferences;
mod rounding;
mod weights;

use std::path::{Path, PathBuf};

use cobden_world::{BalanceOptions, BalanceReport, EmptyRows, Mapping, Problem, Rate, World};
use ndarray::Array3;

use crate::disk::{Disk, read_file};
use crate::document::Document;
use bench::{Bench, Tariffs};
pub use elasticities::MergedElasticities;
use format::{REST, Recipe, Step};
use partition::Partition;

/// The environment variable that says where public data lies.
pub const DATA_VARIABLE: &str = "COBDEN_DATA";

/// What building a world did to its data.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildReport {
    /// One entry per region, in the world's order.
    pub regions: Vec<RegionReport>,
    /// One sentence per treatment that was applied, for people.
    pub treatments: Vec<String>,
    /// Every elasticity set that the recipe names.
    pub elasticity_sets: Vec<MergedElasticities>,
    /// Further files of the world directory, by name: what weighs the rates of the register.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What building did to one region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionReport {
    /// The region.
    pub region: String,
    /// How far balancing moved the priors: `sum |z - z0| / sum z0` over inputs, value added and final demand.
    pub moved_share: f64,
    /// Its tariffs on imports of goods and services from all partners, weighted by the flows.
    pub average_tariff: Rate,
    /// The tariffs that its exports meet, weighted by the flows.
    pub tariff_faced: Rate,
}

/// Builds the world of a recipe from public data.
///
/// The data lies, in this order of preference, in `data`, in the directory of the environment variable `COBDEN_DATA`, or where
/// the recipe says. `progress` is told each step as it starts.
///
/// # Errors
/// A recipe that cannot be read or understood, with its line; data that is absent or damaged; priors that cannot be balanced.
///
/// ```no_run
/// use std::path::Path;
/// let (world, report) = cobden::build_world(Path::new("worlds/icio-2022.toml"), None, &mut |step| eprintln!("{step}"))?;
/// assert_eq!(world.countries.len(), report.regions.len());
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn build_world(
    recipe: &Path,
    data: Option<&Path>,
    progress: &mut dyn FnMut(&str),
) -> Result<(World, BuildReport), Problem> {
    let document = Document::new(read_file(recipe)?, &recipe.display().to_string())?;
    let asked = Recipe::parse(&document)?;
    let data = data_directory(data, &asked)?;
    let files = Disk::new(data.join(&asked.source.value));

    progress("reading the source world");
    let source = World::read(&files)?;
    let regions = Partition::new(&document, &asked.regions, &source.countries, "country")?;
    let sectors = Partition::new(&document, &asked.sectors, &source.sectors, "sector")?;

    progress("merging countries and sectors");
    let mut world = merge(&asked, &source, &regions, &sectors)?;

    progress("making the tariffs");
    let beside = recipe.parent().unwrap_or(Path::new(""));
    let bench = Bench {
        document: &document,
        source: &source,
        world: &world,
        regions: &regions,
        sectors: &sectors,
        data: &data,
        beside,
    };
    let assumed = asked.assumed_elasticities.iter().map(|(sector, theta)| Ok((bench.sector(sector)?, *theta)));
    let assumed = assumed.collect::<Result<Vec<_>, Problem>>()?;
    let tariffs = make_tariffs(&asked.tariffs, &bench)?;
    let weights = match &asked.weights {
        Some(weights) => {
            progress("summing trade by product");
            weights::make(weights, &bench)?
        }
        None => Vec::new(),
    };
    world.tariffs = tariffs.rates;

    progress("balancing");
    let options = BalanceOptions {
        empty_rows: if asked.unused_is_final { EmptyRows::FinalDemand } else { EmptyRows::Refuse },
        ..BalanceOptions::default()
    };
    let (balanced, moves) = world.balance(&options)?;

    progress("merging the elasticities");
    let sets = asked
        .elasticity_sets
        .iter()
        .map(|set| elasticities::merge(&source, &files, &set.value, &regions, &sectors, &assumed))
        .collect::<Result<Vec<_>, _>>()?;
    let (world, report) = finish(&balanced, &moves, sets, tariffs.notes, &asked);
    Ok((world, BuildReport { files: weights, ..report }))
}

/// Where the data lies: what the caller says, what the environment says, what the recipe says.
fn data_directory(data: Option<&Path>, recipe: &Recipe) -> Result<PathBuf, Problem> {
    let chosen = match data {
        Some(data) => data.to_owned(),
        None => std::env::var_os(DATA_VARIABLE).map_or_else(|| PathBuf::from(&recipe.data), PathBuf::from),
    };
    if chosen.is_dir() {
        return Ok(chosen);
    }
    Err(Problem::new(format!("no data directory {}", chosen.display()))
        .help(format!("say where the public data lies with --data DIR or {DATA_VARIABLE}")))
}

/// The merged world, with the recipe's identity and no tariffs or elasticities yet.
fn merge(recipe: &Recipe, source: &World, regions: &Partition, sectors: &Partition) -> Result<World, Problem> {
    let mapping =
        Mapping { countries: regions.grouping(&source.countries)?, sectors: sectors.grouping(&source.sectors)? };
    let mut world = source.aggregate(&mapping)?;
    world.origin = recipe.origin.clone();
    // A region that takes the rest of the source stands for the rest of the world, not only for what the source names.
    for (region, members) in &recipe.regions {
        if members.iter().any(|member| member.value == REST) {
            world.members.insert(region.value.clone(), vec![REST.to_owned()]);
        }
    }
    // Before balancing, so that the accounts are fitted to the flows that will be written.
    Ok(world.rounded(recipe.digits))
}

/// Runs the tariff steps in order; domestic sales bear no tariff whatever a step says.
fn make_tariffs(steps: &[Step], bench: &Bench<'_>) -> Result<Tariffs, Problem> {
    let mut tariffs = Tariffs { rates: Array3::from_elem(bench.world.flows.dim(), Rate::ZERO), notes: Vec::new() };
    for step in steps {
        match step {
            Step::Averages(step) => averages::apply(step, bench, &mut tariffs)?,
            Step::Agreements { table } => agreements::apply(table, bench, &mut tariffs)?,
            Step::Preferences(step) => preferences::apply(step, bench, &mut tariffs)?,
            Step::Collected(step) => collected::apply(step, bench, &mut tariffs)?,
        }
    }
    rounding::tariffs(&mut tariffs.rates);
    Ok(tariffs)
}

/// Attaches the default elasticities, rounds the accounts, and tells what was done.
fn finish(
    balanced: &World,
    moves: &BalanceReport,
    sets: Vec<MergedElasticities>,
    mut treatments: Vec<String>,
    recipe: &Recipe,
) -> (World, BuildReport) {
    let mut world = balanced.rounded(recipe.digits);
    let default = sets.iter().find(|set| set.name == recipe.default_elasticities.value);
    world.elasticities = default.map(|set| set.trade_elasticity.clone());
    let regions = world
        .countries
        .iter()
        .enumerate()
        .map(|(n, region)| RegionReport {
            region: region.to_owned(),
            // A world without inputs has nothing to balance.
            moved_share: moves.countries.get(n).map_or(0.0, |moves| moves.moved_share),
            average_tariff: average_tariff(&world, |importer, _| importer == n),
            tariff_faced: average_tariff(&world, |_, exporter| exporter == n),
        })
        .collect();
    for country in &moves.countries {
        for cell in &country.filled {
            let sector = cell.row.map_or("value added", |row| &world.sectors[row]);
            treatments.push(format!(
                "{}: {sector} has no prior use; {:.3} bought for final use",
                country.country, cell.after
            ));
        }
    }
    (world, BuildReport { regions, treatments, elasticity_sets: sets, files: Vec::new() })
}

/// Duty over value of the international flows that are asked for; zero if there are none.
fn average_tariff(world: &World, asked: impl Fn(usize, usize) -> bool) -> Rate {
    let (mut duty, mut value) = (0.0, 0.0);
    for ((n, i, j), flow) in world.flows.indexed_iter() {
        if n != i && asked(n, i) {
            duty += world.tariffs[[n, i, j]].0 * flow;
            value += flow;
        }
    }
    Rate(if value > 0.0 { duty / value } else { 0.0 })
}
