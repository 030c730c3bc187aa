//! Reads a world directory, `cobden.world/1`.

use ndarray::{Array1, Array2, Array3};

use crate::manifest::{self, Manifest};
use crate::table::{self, Key, Schema, Table};
use crate::{Files, Names, Problem, Rate, World};

/// A set of trade elasticities, and what its file says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Elasticities {
    /// The table it was read from, e.g. `elasticities.caliendo-parro-2015`.
    pub table: String,
    /// theta, `[j]`: sigma - 1 > 0.
    pub trade_elasticity: Array1<f64>,
    /// The comment lines at the head of the file, where the citation stands.
    pub comments: Vec<String>,
}

impl World {
    /// Reads the world that lies in these files: `world.toml` and its tables, each as `.csv` or `.parquet`.
    ///
    /// Alternative tables (`tariffs.2005.csv`, `elasticities.NAME.csv`) are left alone: see [`read_tariffs`],
    /// [`read_elasticities`] and [`alternatives`].
    ///
    /// Negative `inputs` are read, as published tables hold some for by-products; [`Accounts::remarks`](crate::Accounts::remarks)
    /// lists them and balancing refuses them.
    ///
    /// # Errors
    /// The first thing wrong, with file, line and column: an unknown key, column, country or sector (with the nearest known
    /// name); a missing manifest, `flows`, column or elasticity; a value that is no finite number; a negative flow, value added,
    /// final demand or weight; a tariff of -100 % or less, or on domestic sales; a trade elasticity of 0 or less; a duplicate row;
    /// text that is not UTF-8; a damaged Parquet file.
    ///
    /// ```
    /// use cobden_world::{MemoryFiles, World};
    /// let files = MemoryFiles::new("tiny")
    ///     .with("world.toml", r#"
    ///         format = "cobden.world/1"
    ///         id = "tiny"
    ///         year = 2022
    ///         unit = "USD million"
    ///         source = "made up"
    ///         countries = ["USA", "CHN"]
    ///         sectors = ["goods"]
    ///     "#)
    ///     .with("flows.csv", "importer,exporter,sector,value\nUSA,CHX,goods,1\n");
    /// let problem = World::read(&files).unwrap_err();
    /// assert_eq!(problem.to_string(), r#"tiny/flows.csv:2:5: unknown country "CHX" (did you mean "CHN"?)"#);
    /// ```
    pub fn read(files: &dyn Files) -> Result<World, Problem> {
        let Manifest { origin, countries, sectors, members } = manifest::read(files)?;
        let Some(flows) = trade_table(files, "flows", "value", &countries, &sectors, negative_flow)? else {
            let problem = Problem::new("no flows.csv or flows.parquet here");
            return Err(problem.help("flows hold importer,exporter,sector,value").in_file(files.label("flows.csv")));
        };
        let tariffs = trade_table(files, "tariffs", "rate", &countries, &sectors, bad_tariff)?;
        let tariffs = match tariffs {
            Some(rates) => rates.mapv(Rate),
            None => Array3::from_elem(flows.dim(), Rate::ZERO),
        };
        let elasticities = optional_elasticities(files, "elasticities", &sectors)?.map(|set| set.trade_elasticity);
        let table = |name: &str, value: &str, missing: f64, refuse: fn(&[usize], f64) -> Option<Problem>| {
            country_table(files, name, value, missing, &countries, &sectors, refuse)
        };
        let value_added = table("value_added", "value", 0.0, negative_value_added)?;
        let final_demand = table("final", "value", 0.0, negative_final_demand)?;
        let political_weights = table("political_weights", "weight", 1.0, negative_weight)?;
        let inputs = inputs(files, &countries, &sectors)?;
        let world = World {
            origin,
            countries,
            sectors,
            members,
            flows,
            tariffs,
            elasticities,
            inputs,
            value_added,
            final_demand,
            political_weights,
        };
        world.validate().map_err(|problem| problem.in_file(files.label(manifest::FILE)))?;
        Ok(world)
    }
}

/// Reads a table of tariffs by its name without extension: `tariffs`, `tariffs.2005`. Missing rows are zero.
///
/// # Errors
/// No such table, with the nearest one there is; or what [`World::read`] refuses.
pub fn read_tariffs(
    files: &dyn Files,
    table: &str,
    countries: &Names,
    sectors: &Names,
) -> Result<Array3<Rate>, Problem> {
    match trade_table(files, table, "rate", countries, sectors, bad_tariff)? {
        Some(rates) => Ok(rates.mapv(Rate)),
        None => Err(no_table(files, table)?),
    }
}

/// Reads a set of trade elasticities by its name without extension: `elasticities.caliendo-parro-2015`.
///
/// # Errors
/// No such table, with the nearest one there is; or what [`World::read`] refuses.
///
/// ```
/// use cobden_world::{MemoryFiles, Names, read_elasticities};
/// let files = MemoryFiles::new("").with("paper.csv", "# Author (2020), Journal\nsector,trade_elasticity\ngoods,4\n");
/// let sectors = Names::new(["goods".to_owned()]).unwrap();
/// let set = read_elasticities(&files, "paper", &sectors).unwrap();
/// assert_eq!((set.trade_elasticity[0], set.comments[0].as_str()), (4.0, "Author (2020), Journal"));
/// ```
pub fn read_elasticities(files: &dyn Files, table: &str, sectors: &Names) -> Result<Elasticities, Problem> {
    match optional_elasticities(files, table, sectors)? {
        Some(set) => Ok(set),
        None => Err(no_table(files, table)?),
    }
}

/// The names of the alternatives to a table: for `elasticities`, the `NAME` of every `elasticities.NAME.csv` or `.parquet`.
///
/// # Errors
/// The folder cannot be listed.
pub fn alternatives(files: &dyn Files, table: &str) -> Result<Vec<String>, Problem> {
    let prefix = format!("{table}.");
    let tables = tables(files)?;
    Ok(tables.iter().filter_map(|name| name.strip_prefix(&prefix)).map(str::to_owned).collect())
}

/// The names of all tables, without extension, in order.
fn tables(files: &dyn Files) -> Result<Vec<String>, Problem> {
    let stem = |name: &String| name.strip_suffix(".csv").or(name.strip_suffix(".parquet")).map(str::to_owned);
    let mut tables: Vec<String> = files.names()?.iter().filter_map(stem).collect();
    tables.sort();
    tables.dedup();
    Ok(tables)
}

fn no_table(files: &dyn Files, table: &str) -> Result<Problem, Problem> {
    let known = tables(files)?;
    Ok(Problem::unknown("table", table, known.iter().map(String::as_str)))
}

fn country<'a>(column: &'a str, names: &'a Names) -> Key<'a> {
    Key { column, kind: "country", names }
}

fn sector<'a>(column: &'a str, names: &'a Names) -> Key<'a> {
    Key { column, kind: "sector", names }
}

/// A table by importer, exporter and sector; missing rows are zero.
fn trade_table(
    files: &dyn Files,
    table: &str,
    value: &str,
    countries: &Names,
    sectors: &Names,
    refuse: fn(&[usize], f64) -> Option<Problem>,
) -> Result<Option<Array3<f64>>, Problem> {
    let keys = [country("importer", countries), country("exporter", countries), sector("sector", sectors)];
    let shape = (countries.len(), countries.len(), sectors.len());
    let Some(table) = table::read(files, &Schema { table, keys: &keys, value, refuse })? else {
        return Ok(None);
    };
    let label = table.label.clone();
    shaped(&label, Array3::from_shape_vec(shape, table.values_or(0.0))).map(Some)
}

/// A table by country and sector.
fn country_table(
    files: &dyn Files,
    table: &str,
    value: &str,
    missing: f64,
    countries: &Names,
    sectors: &Names,
    refuse: fn(&[usize], f64) -> Option<Problem>,
) -> Result<Option<Array2<f64>>, Problem> {
    let keys = [country("country", countries), sector("sector", sectors)];
    let Some(table) = table::read(files, &Schema { table, keys: &keys, value, refuse })? else {
        return Ok(None);
    };
    let label = table.label.clone();
    shaped(&label, Array2::from_shape_vec((countries.len(), sectors.len()), table.values_or(missing))).map(Some)
}

fn inputs(files: &dyn Files, countries: &Names, sectors: &Names) -> Result<Option<Array3<f64>>, Problem> {
    let keys = [country("country", countries), sector("input", sectors), sector("user", sectors)];
    let shape = (countries.len(), sectors.len(), sectors.len());
    let schema = Schema { table: "inputs", keys: &keys, value: "value", refuse: |_, _| None };
    let Some(table) = table::read(files, &schema)? else {
        return Ok(None);
    };
    let label = table.label.clone();
    shaped(&label, Array3::from_shape_vec(shape, table.values_or(0.0))).map(Some)
}

fn optional_elasticities(files: &dyn Files, table: &str, sectors: &Names) -> Result<Option<Elasticities>, Problem> {
    let keys = [sector("sector", sectors)];
    let schema = Schema { table, keys: &keys, value: "trade_elasticity", refuse: bad_elasticity };
    let Some(read) = table::read(files, &schema)? else {
        return Ok(None);
    };
    let missing: Vec<&str> = (0..sectors.len()).filter(|j| read.values[*j].is_nan()).map(|j| &sectors[j]).collect();
    if let Some(first) = missing.first() {
        let problem = Problem::new(format!("no trade elasticity for sector \"{first}\""));
        let problem = match missing.len() {
            1 => problem.help("add a row for it"),
            many => problem.help(format!("{many} sectors have none: {}", missing.join(", "))),
        };
        return Err(problem.in_file(read.label));
    }
    let trade_elasticity = Array1::from_vec(read.values);
    Ok(Some(Elasticities { table: table.to_owned(), trade_elasticity, comments: read.comments }))
}

impl Table {
    /// The values, with `missing` where the table has no row.
    fn values_or(self, missing: f64) -> Vec<f64> {
        self.values.into_iter().map(|value| if value.is_nan() { missing } else { value }).collect()
    }
}

/// The table has as many values as its keys have names, so this cannot fail; if it ever did, it would say so.
fn shaped<A>(label: &str, array: Result<A, ndarray::ShapeError>) -> Result<A, Problem> {
    array.map_err(|error| Problem::new(error.to_string()).in_file(label))
}

fn negative(what: &str, value: f64) -> Option<Problem> {
    (value < 0.0).then(|| Problem::new(format!("negative {what} {value}")).help("expected 0 or more"))
}

fn negative_flow(_: &[usize], value: f64) -> Option<Problem> {
    negative("flow", value)
}

fn negative_value_added(_: &[usize], value: f64) -> Option<Problem> {
    negative("value added", value)
}

fn negative_final_demand(_: &[usize], value: f64) -> Option<Problem> {
    negative("final demand", value)
}

fn negative_weight(_: &[usize], value: f64) -> Option<Problem> {
    negative("political weight", value)
}

fn bad_elasticity(_: &[usize], value: f64) -> Option<Problem> {
    (value <= 0.0).then(|| {
        let problem = Problem::new(format!("trade elasticity {value} is not above 0"));
        problem.help("theta = sigma - 1, usually between 1 and 20")
    })
}

fn bad_tariff(cell: &[usize], value: f64) -> Option<Problem> {
    if !Rate(value).is_valid() {
        let problem = Problem::new(format!("tariff {value} leaves no positive price"));
        return Some(problem.help("rates are decimal and above -1: write 25 per cent as 0.25"));
    }
    (cell[0] == cell[1] && value != 0.0).then(|| {
        Problem::new(format!("tariff {value} on domestic sales"))
            .help("a tariff never touches domestic sales; remove the row")
    })
}
