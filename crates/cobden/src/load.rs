//! Finds what a study names: its world, embedded or on disk, and its trade elasticities.

use std::path::{Path, PathBuf};

use ndarray::Array1;

use cobden_world::{Files, Problem, ProductTable, Products, World, alternatives, nearest, read_elasticities};

use crate::disk::{Disk, read_at_most};
use crate::document::{Document, Located};
use crate::law::{self, ByProduct, Weights};
use crate::library;
use crate::study::{Sets, Study};

/// No study is longer; a file that is was named by mistake, and is not read into memory.
const LONGEST_STUDY: u64 = 16 << 20;

/// Trade elasticities and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct ElasticitySet {
    /// Its name: that of an embedded set, of a table of the world, or `default`.
    pub name: String,
    /// theta, `[j]`.
    pub values: Array1<f64>,
    /// What its file says about itself: citation, mapping, terms.
    pub comments: Vec<String>,
}

/// A world that was found by name, with the files it was read from.
pub struct OpenWorld {
    /// The world.
    pub world: World,
    /// Its files, which hold further elasticity sets.
    pub files: Box<dyn Files>,
}

impl OpenWorld {
    /// Its products, if its sectors are sold as products.
    ///
    /// # Errors
    /// What is wrong with their tables, where it is.
    pub fn products(&self) -> Result<Option<Products>, Problem> {
        Products::read(self.files.as_ref(), &self.world)
    }
}

/// Reads a study file from disk.
///
/// # Errors
/// A file that cannot be read or is longer than any study, and what [`Study::parse`] finds.
pub fn open_study(path: &Path) -> Result<Study, Problem> {
    let name = path.display().to_string();
    let bytes = read_at_most(path, LONGEST_STUDY)
        .map_err(|problem| problem.in_file(name.clone()).help("name a study file, e.g. studies/beijing-tokyo.toml"))?;
    Study::parse(bytes, &name)
}

/// Opens a world by the identifier of an embedded one, or by its directory.
///
/// # Errors
/// A name that is neither, with the nearest identifier; a world that cannot be read.
pub fn find_world(id_or_directory: &str) -> Result<OpenWorld, Problem> {
    open(id_or_directory, Path::new(""))
}

/// The world of a study; a path is relative to `folder`. `instead` names another world, relative to where the user is.
pub(crate) fn world_of(study: &Study, folder: &Path, instead: Option<&str>) -> Result<OpenWorld, Problem> {
    if let Some(name) = instead {
        return find_world(name);
    }
    open(&study.world.value, folder).map_err(|problem| placed(problem, study.document(), &study.world))
}

fn open(name: &str, beside: &Path) -> Result<OpenWorld, Problem> {
    if let Some(embedded) = library::worlds().iter().find(|world| world.id == name) {
        let files = embedded.files();
        let world = World::read(&files)?;
        return Ok(OpenWorld { world, files: Box::new(files) });
    }
    let directory: PathBuf = beside.join(name);
    if !directory.is_dir() {
        let known: Vec<&str> = library::worlds().iter().map(|world| world.id).collect();
        let problem = Problem::new(format!(
            "unknown world \"{name}\": no world of that name inside, no folder {}",
            directory.display()
        ));
        return Err(match nearest(name, &known) {
            Some(near) => problem.help(format!("did you mean \"{near}\"?")),
            None => problem.help(format!("worlds inside: {}; or name a folder with world.toml", known.join(", "))),
        });
    }
    let files = Disk::new(directory);
    Ok(OpenWorld { world: World::read(&files)?, files: Box::new(files) })
}

/// The products of a world, if it has some and the study does not leave them aside; where it asks for them, those of the importer whose trade by
/// product weighs the law.
pub(crate) fn products_of(study: &Study, opened: &OpenWorld) -> Result<Option<Products>, Problem> {
    if !study.uses_products() {
        return Ok(None);
    }
    if let Some(products) = opened.products()? {
        return Ok(Some(products));
    }
    let Some(at) = study.asks_products() else { return Ok(None) };
    let none = |message: String| {
        let problem = study.document().problem(at, message);
        problem.help("leave it out; or make a world with products: cobden world import TABLE --products LIST")
    };
    let id = &opened.world.origin.id;
    let weights = Weights::read(opened.files.as_ref())?;
    let weights = weights.ok_or_else(|| none(format!("the world {id} knows no products")))?;
    let [trade] = weights.trades.as_slice() else {
        return Err(none(format!("the world {id} knows the trade of {} importers by product", weights.trades.len())));
    };
    let made = ByProduct::new(&opened.world, &weights, law::register()?, &trade.importer);
    Ok(Some(made.map_err(|problem| problem.at(study.document().place(at)))?.into_products()))
}

/// Whether a world has products.
pub(crate) fn has_products(files: &dyn Files) -> Result<bool, Problem> {
    let table = ProductTable::Sectors.name();
    Ok(files.names()?.iter().any(|name| name.strip_prefix(table).is_some_and(|ending| ending.starts_with('.'))))
}

/// The elasticities of a study: a table `elasticities.NAME` of the world, an embedded set, or the world's default.
pub(crate) fn elasticities_of(study: &Study, opened: &OpenWorld) -> Result<ElasticitySet, Problem> {
    match &study.elasticities {
        None => default_set(opened),
        Some(wanted) => set_named(study, opened, wanted),
    }
}

/// The elasticity sets that a study compares; `main` is its own.
pub(crate) fn compared_sets(
    study: &Study,
    opened: &OpenWorld,
    main: &ElasticitySet,
) -> Result<Vec<ElasticitySet>, Problem> {
    let named = match study.compared_sets() {
        None => return Ok(vec![main.clone()]),
        Some(Sets::All) => return all_sets(study, opened),
        Some(Sets::Named(named)) => named,
    };
    let mut sets: Vec<ElasticitySet> = Vec::with_capacity(named.len());
    for wanted in named {
        let set = set_named(study, opened, wanted)?;
        if sets.iter().any(|known| known.name == set.name) {
            let message = format!("\"{}\" is \"{}\", which is compared already", wanted.value, set.name);
            return Err(study.document().problem(&wanted.span, message));
        }
        sets.push(set);
    }
    Ok(sets)
}

/// Every set for a world: its default, its own others, those inside cobden that are for its sectors.
pub(crate) fn all_sets(study: &Study, opened: &OpenWorld) -> Result<Vec<ElasticitySet>, Problem> {
    let mut sets = if opened.world.elasticities.is_some() { vec![default_set(opened)?] } else { Vec::new() };
    let own = alternatives(opened.files.as_ref(), "elasticities")?;
    let sectors = &opened.world.sectors;
    let inside = library::elasticity_sets().iter().filter(|set| library::elasticities(set.name, sectors).is_ok());
    for name in own.into_iter().chain(inside.map(|set| set.name.to_owned())) {
        if sets.iter().all(|known| known.name != name) {
            sets.push(set_named(study, opened, &Located { value: name, span: 0..0 })?);
        }
    }
    Ok(sets)
}

/// A set by its name; `default` is the world's own.
fn set_named(study: &Study, opened: &OpenWorld, wanted: &Located<String>) -> Result<ElasticitySet, Problem> {
    let own = alternatives(opened.files.as_ref(), "elasticities")?;
    let name = wanted.value.clone();
    if own.contains(&name) {
        let set = read_elasticities(opened.files.as_ref(), &format!("elasticities.{name}"), &opened.world.sectors)?;
        return Ok(ElasticitySet { name, values: set.trade_elasticity, comments: set.comments });
    }
    if name == "default" {
        return default_set(opened).map_err(|problem| placed(problem, study.document(), wanted));
    }
    let embedded = library::elasticity_sets();
    if embedded.iter().any(|set| set.name == name) {
        let set = library::elasticities(&name, &opened.world.sectors).map_err(|problem| {
            let message =
                format!("the elasticity set \"{name}\" is not for the sectors of this world: {}", problem.message);
            let help = format!("put elasticities.{name}.csv with this world's sectors into its folder");
            placed(Problem::new(message).help(help), study.document(), wanted)
        })?;
        return Ok(ElasticitySet { name, values: set.trade_elasticity, comments: set.comments });
    }
    let known: Vec<&str> = own.iter().map(String::as_str).chain(embedded.iter().map(|set| set.name)).collect();
    Err(placed(Problem::unknown("elasticity set", &name, known), study.document(), wanted))
}

fn default_set(opened: &OpenWorld) -> Result<ElasticitySet, Problem> {
    if opened.world.elasticities.is_some() {
        let set = read_elasticities(opened.files.as_ref(), "elasticities", &opened.world.sectors)?;
        let own = ElasticitySet { name: "default".to_owned(), values: set.trade_elasticity, comments: set.comments };
        return Ok(published(&own, &opened.world).unwrap_or(own));
    }
    let own = alternatives(opened.files.as_ref(), "elasticities")?;
    let problem = Problem::new(format!("the world {} has no default trade elasticities", opened.world.origin.id));
    let problem = match own.first() {
        Some(first) => problem.help(format!("write elasticities = \"{first}\"; it has {}", own.join(", "))),
        None => problem.help("add elasticities.csv with sector,trade_elasticity to the world"),
    };
    Err(problem)
}

/// The embedded set with the same numbers: a world's default is often one of them, and then its citation is known.
fn published(own: &ElasticitySet, world: &World) -> Option<ElasticitySet> {
    let sets = library::elasticity_sets()
        .iter()
        .filter_map(|set| Some((set.name, library::elasticities(set.name, &world.sectors).ok()?)));
    let mut same = sets.filter(|(_, set)| set.trade_elasticity == own.values);
    same.next().map(|(name, set)| ElasticitySet {
        name: name.to_owned(),
        values: set.trade_elasticity,
        comments: set.comments,
    })
}

/// The same problem where the world was named: in the study, or by the user, who then finds it in the manifest of that world.
pub(crate) fn at_world(problem: Problem, study: &Study, instead: Option<&str>, opened: &OpenWorld) -> Problem {
    match (&problem.place, instead) {
        (None, Some(_)) => problem.in_file(opened.files.label("world.toml")),
        _ => placed(problem, study.document(), &study.world),
    }
}

/// The same problem at the place of the study that led to it, unless it has a place of its own.
pub(crate) fn placed(problem: Problem, document: &Document, at: &Located<String>) -> Problem {
    if problem.place.is_some() { problem } else { problem.at(document.place(&at.span)) }
}
