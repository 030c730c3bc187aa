//! Makes a world from public data: a table, its tariffs, its trade elasticities.
//!
//! 1. read an input-output table, a GTAP database, or a list of trade that has domestic sales ([`base`]);
//! 2. find the tariffs of its regions and sectors in lists of tariffs ([`tariffs`]), and its trade elasticities ([`elasticities`]);
//! 3. merge regions and sectors, and balance ([`InputOutput::world`]);
//! 4. divide sectors over products, if a list of trade by product is given ([`by_product`]);
//! 5. say what was changed, and by how much ([`ImportReport`]), and of what the world was made (`import.json`).

mod base;
mod by_product;
mod customs;
mod elasticities;
mod gdp;
mod places;
mod products;
mod report;
mod source;
mod tariffs;
mod telling;

use std::path::{Path, PathBuf};

use cobden_data::concordance::Concordance;
use cobden_data::mapping::{Mapping as Groups, Preset, region_presets, sector_presets};
use cobden_data::{InputOutput, Making, check};
use cobden_world::{Format, Grouping, Mapping, Names, Origin, Problem, Products, Rate, World};
use ndarray::{Array2, Array3};

use crate::disk::read_file;
use crate::save::save_world;
use base::Base;
use by_product::{Division, Lines, Rates, Trade};
pub use by_product::{ImportedProducts, ImportedSector};
use elasticities::Chosen;
pub use report::{ImportReport, ImportedRegion, SourceFile};
use source::Source;

/// What a world is to be made from.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The table, or list of trade, or the files of a GTAP database.
    pub sources: Vec<PathBuf>,
    /// What it is, where its name and content do not tell.
    pub format: Option<String>,
    /// The year, where a file holds several.
    pub year: Option<i32>,
    /// A file of groups of regions, or the name of a ready-made one; none: as in the table.
    pub regions: Option<String>,
    /// A file of groups of sectors, or the name of a ready-made one; none: as in the table.
    pub sectors: Option<String>,
    /// Lists of tariffs.
    pub tariffs: Vec<PathBuf>,
    /// The year of the tariffs, if it is not that of the table.
    pub tariff_year: Option<i32>,
    /// Lists of trade by product: sectors are sold as products then.
    pub products: Vec<PathBuf>,
    /// The year of the lists of trade, if it is not that of the table.
    pub products_year: Option<i32>,
    /// From the products of tariffs and trade to the sectors of the table, where those of cobden do not do.
    pub concordance: Option<PathBuf>,
    /// A number, the name of an embedded set, or a file; none: what the source has, else the default set.
    pub elasticities: Option<String>,
    /// The World Bank's file of GDP, to hold the value added of every region against.
    pub gdp: Option<PathBuf>,
    /// The identifier of the world; none: made of dataset and year.
    pub id: Option<String>,
}

/// A world from public data, and how it was made.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The world, balanced.
    pub world: World,
    /// The products that its sectors are sold as, where a list of trade said so.
    pub products: Option<Products>,
    /// What was read and what was changed.
    pub report: ImportReport,
    /// Files to stand beside those of the world: `import.json`, the proof of its making, and what weighs the rates of the register where a list of
    /// trade is at hand.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Makes a world from public data. `progress` is told each step as it starts.
///
/// # Errors
/// A file that cannot be read or understood, with its place; groups, tariffs or elasticities that do not fit the table; accounts that cannot
/// be balanced.
///
/// ```no_run
/// use cobden::{Import, import_world};
/// let import = Import { sources: vec!["2022_SML.csv".into()], regions: Some("g20".into()), ..Import::default() };
/// let imported = import_world(&import, &mut |step| eprintln!("{step}"))?;
/// assert!(imported.world.accounts().imbalances(1e-9).is_empty());
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn import_world(import: &Import, progress: &mut dyn FnMut(&str)) -> Result<Imported, Problem> {
    progress("reading the table");
    let sources = import.sources.iter().map(|path| Source::new(path)).collect::<Result<Vec<_>, _>>()?;
    let Base { table, tariffs: own_tariffs, elasticities: own_elasticities } =
        base::read(&sources, import.format.as_deref(), import.year)?;
    let mapping = Mapping {
        countries: grouped(import.regions.as_deref(), region_presets(), &table.regions, Groups::regions)?,
        sectors: grouped(import.sectors.as_deref(), sector_presets(), &table.sectors, Groups::sectors)?,
    };
    let gdp = import.gdp.as_deref().map(Source::new).transpose()?;
    let gdp_told = gdp.as_ref().map(|source| gdp::compare(source, &table)).transpose()?;
    let concordance = import.concordance.as_deref().map(own_concordance).transpose()?;
    let listed = import.products.iter().map(|path| Source::new(path)).collect::<Result<Vec<_>, _>>()?;
    let products_year = import.products_year.unwrap_or(table.year);
    if !listed.is_empty() {
        progress("reading trade by product");
    }
    let trade = match listed.as_slice() {
        [] => None,
        listed => Some(Trade::read(listed, &table, products_year, concordance.as_ref())?),
    };
    progress("reading tariffs");
    let lists = import.tariffs.iter().map(|path| Source::new(path)).collect::<Result<Vec<_>, _>>()?;
    let found = match lists.as_slice() {
        [] => Found::own(own_tariffs, trade, &table),
        lists => {
            let year = import.tariff_year.unwrap_or(table.year);
            Found::in_lists(lists, trade, &table, year, concordance.as_ref())?
        }
    };
    let chosen = chosen(import, &table, own_elasticities)?;
    progress("merging and balancing");
    let files = [("table", &sources), ("trade", &listed), ("tariffs", &lists)];
    let making = Making {
        origin: origin(import, &table, &files),
        mapping: &mapping,
        tariffs: found.rates.as_ref(),
        elasticities: chosen.as_ref().map(|chosen| &chosen.values),
    };
    let (mut world, changes) = table.world(&making)?;
    let products = match &found.division {
        None => None,
        Some(division) => {
            progress("dividing sectors over products");
            Some(division.products(&table, &mapping, &world)?)
        }
    };
    let mut beside = Vec::new();
    if let Some(division) = &found.division {
        world.members = division.members(&table, &mapping, &world);
        let year = if lists.is_empty() { products_year } else { import.tariff_year.unwrap_or(table.year) };
        beside = division.weights(&table, &mapping, &world, year)?;
    }
    progress("writing down how it was made");
    let by_product = products.as_ref().zip(found.division.as_ref()).map(|(products, division)| {
        let told = ImportedProducts::new(products_year, &table, division, products);
        let remarks = told.remarks(division, &table.unit);
        (told, remarks)
    });
    let report = ImportReport::new(report::Made {
        table: &table,
        world: &world,
        changes,
        units: check::units(&table),
        covered: found.covered,
        elasticities: chosen.map(|chosen| chosen.source),
        tariffs: found.known,
        by_product,
        gdp: gdp_told.unwrap_or_default(),
        files: hashed(&files, gdp.as_ref())?,
        import,
    });
    let proof = report.json()?;
    beside.insert(0, ("import.json".to_owned(), proof.into_bytes()));
    Ok(Imported { world, products, report, files: beside })
}

impl Imported {
    /// Writes the world into a folder, whole or not at all, with its products and the proof of its making.
    ///
    /// # Errors
    /// As [`save_world`].
    pub fn save(&self, folder: &Path, format: Format) -> Result<(), Problem> {
        let mut beside = self.files.clone();
        if let Some(products) = &self.products {
            beside.extend(products.to_files(&self.world, format)?);
        }
        save_world(folder, &self.world, format, &beside)
    }
}

/// The tariffs of a table, and the trade by product that goes with them.
struct Found {
    /// By sector, `[n, i, j]`; none: 0.
    rates: Option<Array3<Rate>>,
    /// Whether any tariffs were given.
    known: bool,
    /// `[n, j]`: where lists say something, and what there is to know about them.
    covered: Option<(Array2<bool>, Vec<String>)>,
    division: Option<Division>,
}

impl Found {
    /// Without lists of tariffs: what the source of the table has by sector, and all products of a sector bear it.
    fn own(own: Option<Array3<Rate>>, trade: Option<Trade>, table: &InputOutput) -> Self {
        let division = trade.map(|trade| {
            let by_sector = own.clone().unwrap_or_else(|| Array3::from_elem(table.flows.dim(), Rate::ZERO));
            let rates = vec![None; trade.len()];
            Division::new(trade, rates, by_sector)
        });
        Self { known: own.is_some(), rates: own, covered: None, division }
    }

    /// With lists of tariffs: by product where there is trade by product, whose averages are then the tariffs of sectors.
    fn in_lists(
        lists: &[Source],
        trade: Option<Trade>,
        table: &InputOutput,
        year: i32,
        concordance: Option<&Concordance>,
    ) -> Result<Self, Problem> {
        let mut lines = trade.as_ref().map(Lines::new);
        let attached = tariffs::attach(lists, table, year, concordance, lines.as_mut())?;
        let by_product = lines.map(|lines| lines.rates());
        let mut remarks = attached.remarks;
        remarks.extend(by_product.as_ref().map(Rates::remark));
        let covered = Some((attached.covered, remarks));
        let division =
            trade.zip(by_product).map(|(trade, rates)| Division::new(trade, rates.of, attached.rates.clone()));
        let rates = division.as_ref().map_or(attached.rates, Division::sector_tariffs);
        Ok(Self { rates: Some(rates), known: true, covered, division })
    }
}

/// The elasticities that were asked for, else those of the source, else the default set where it fits.
fn chosen(import: &Import, table: &InputOutput, own: Option<Chosen>) -> Result<Option<Chosen>, Problem> {
    match (&import.elasticities, own) {
        (Some(asked), _) => elasticities::choose(asked, &table.sectors).map(Some),
        (None, Some(own)) => Ok(Some(own)),
        // Sectors of no known classification: the world comes without, and the report says so.
        (None, None) => Ok(elasticities::choose(elasticities::DEFAULT, &table.sectors).ok()),
    }
}

/// Names of a table merged by a ready-made file of groups or one of the user's; each by itself if none is named.
fn grouped(
    asked: Option<&str>,
    presets: &'static [Preset],
    names: &Names,
    group: impl Fn(&Groups, &Names) -> Result<Grouping, Problem>,
) -> Result<Grouping, Problem> {
    let Some(asked) = asked else { return Ok(Grouping::identity(names)) };
    let path = Path::new(asked);
    let groups = if presets.iter().all(|preset| preset.name != asked) && path.is_file() {
        Groups::read(read_file(path)?, asked)?
    } else {
        Groups::preset(presets, asked).map_err(|problem| {
            Problem::new(format!("{}, and no such file", problem.message)).help(problem.help.unwrap_or_default())
        })?
    };
    group(&groups, names)
}

/// A table `from, to, weight` of the user's.
fn own_concordance(path: &Path) -> Result<Concordance, Problem> {
    let label = path.display().to_string();
    let text = String::from_utf8(read_file(path)?).map_err(|_| Problem::new("not UTF-8").in_file(&label))?;
    Concordance::read(&text, &label)
}

/// Files by what they are for.
type Roles<'a> = [(&'static str, &'a Vec<Source>); 3];

fn origin(import: &Import, table: &InputOutput, files: &Roles<'_>) -> Origin {
    let named = |files: &[Source]| files.iter().map(Source::name).collect::<Vec<_>>().join(", ");
    let [(_, sources), (_, listed), (_, lists)] = files;
    let mut source = format!("{}, {}: {}.", table.dataset, table.year, named(sources));
    for (what, files) in [("Trade by product", listed), ("Tariffs", lists)] {
        if !files.is_empty() {
            source.push_str(&format!(" {what}: {}.", named(files)));
        }
    }
    let id = import.id.clone().unwrap_or_else(|| identifier(table));
    Origin {
        title: format!("{}, {}", table.dataset, table.year),
        id,
        year: table.year,
        unit: table.unit.clone(),
        source,
        note: "Made by cobden world import; import.json says of what, and what was changed.".to_owned(),
        licence: None,
    }
}

/// `oecd-icio-2025-2022` of `OECD ICIO 2025`, 2022.
fn identifier(table: &InputOutput) -> String {
    let words = table.dataset.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    format!("{}-{}", words.join("-"), table.year)
}

fn hashed(files: &Roles<'_>, gdp: Option<&Source>) -> Result<Vec<SourceFile>, Problem> {
    let all = files.iter().flat_map(|(role, files)| files.iter().map(|source| SourceFile::new(source, role)));
    all.chain(gdp.map(|source| SourceFile::new(source, "gdp"))).collect()
}
