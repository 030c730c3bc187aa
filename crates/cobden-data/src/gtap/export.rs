//! Worlds and tables of results as header arrays.

use std::collections::BTreeSet;

use cobden_world::{Names, Problem, World};
use ndarray::{Array1, ArrayViewD};

use crate::har::{HarFile, Header, NAME};

/// An array over sets, to be written.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// The name of its header, up to four characters.
    pub header: &'a str,
    /// What it is, up to 70 characters.
    pub long_name: &'a str,
    /// The set of each dimension, by name and elements.
    pub sets: Vec<(&'a str, &'a Names)>,
    /// The values, in the order of the sets.
    pub values: ArrayViewD<'a, f64>,
}

/// Tables as header arrays: first the elements of every set, under the first four characters of its name, then the arrays.
///
/// GEMPACK wants elements of up to 12 letters, digits and underscores that begin with a letter. Names that are not so are shortened and made
/// distinct; the full ones are then in a header of texts: `LREG` for `REG`.
///
/// ```
/// use cobden_data::gtap::{self, Table};
/// use cobden_world::Names;
/// let regions = Names::new(["USA", "Rest of the world"].map(String::from)).unwrap();
/// let welfare = ndarray::arr1(&[-1.5, 0.25]);
/// let (header, long_name, sets) = ("WELF", "Change of welfare, per cent", vec![("REG", &regions)]);
/// let file = gtap::tables(&[Table { header, long_name, sets, values: welfare.view().into_dyn() }])?;
/// let names: Vec<&str> = file.headers.iter().map(|header| header.name.as_str()).collect();
/// assert_eq!(names, ["REG", "LREG", "WELF"]);
/// assert_eq!(file.get("REG").unwrap().as_texts().unwrap()[1], "Rest_of_the_");
/// assert_eq!(file.get("WELF").unwrap().array()?, welfare.into_dyn());
/// # Ok::<(), cobden_world::Problem>(())
/// ```
///
/// # Errors
/// A set with two lists of elements, a shape that is not that of the sets, a header twice.
pub fn tables(tables: &[Table<'_>]) -> Result<HarFile, Problem> {
    let mut sets: Vec<(&str, &Names, Names)> = Vec::new();
    for (name, names) in tables.iter().flat_map(|table| &table.sets) {
        match sets.iter().find(|(known, ..)| known == name) {
            Some((_, before, _)) if before != names => {
                return Err(Problem::new(format!("set {name} has two lists of elements")));
            }
            Some(_) => {}
            None => sets.push((name, names, elements(names)?)),
        }
    }
    let mut headers = Vec::new();
    for (name, names, short) in &sets {
        let head: String = name.chars().take(4).collect();
        headers.push(Header::texts(&head, &format!("Set {name}"), short.as_slice().iter().cloned()));
        if short != *names {
            let head: String = format!("L{name}").chars().take(4).collect();
            headers.push(Header::texts(
                &head,
                &format!("Names in full of set {name}"),
                names.as_slice().iter().cloned(),
            ));
        }
    }
    for table in tables {
        let short: Vec<(&str, &Names)> = table
            .sets
            .iter()
            .filter_map(|(name, _)| sets.iter().find(|(known, ..)| known == name))
            .map(|(name, _, short)| (*name, short))
            .collect();
        headers.push(Header::reals(table.header, table.long_name, &short, table.values.view())?);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = headers.iter().find(|header| !seen.insert(header.name.to_ascii_uppercase())) {
        return Err(Problem::new(format!("two headers would be called {}", twice.name)));
    }
    Ok(HarFile { headers })
}

/// A world as header arrays over `REG` and `COMM`. In GTAP's order of indices, commodity, source, destination:
///
/// | header | holds |
/// |---|---|
/// | `VXSB` (COMM, REG, REG) | flows, source then destination; domestic sales on the diagonal |
/// | `RTMS` (COMM, REG, REG) | tariffs, per cent |
/// | `ESBM` (COMM) | 1 + theta, if the world has elasticities |
/// | `VINP` (COMM, COMM, REG) | inputs: what is used, by which sector, where |
/// | `VADD`, `VFIN`, `LMDA` (COMM, REG) | value added, final demand, political weights |
///
/// Values are 32-bit floats: seven digits.
///
/// # Errors
/// Names that cannot be told apart when shortened.
pub fn world(world: &World) -> Result<HarFile, Problem> {
    let (reg, comm) = (("REG", &world.countries), ("COMM", &world.sectors));
    // Importer, exporter, sector to sector, exporter, importer.
    let flows = world.flows.view().reversed_axes().into_dyn();
    let rates = world.tariffs.mapv(|rate| 100.0 * rate.0).reversed_axes();
    let sigma: Option<Array1<f64>> = world.elasticities.as_ref().map(|theta| theta.mapv(|theta| theta + 1.0));
    let inputs = world.inputs.as_ref().map(|inputs| inputs.view().permuted_axes([1, 2, 0]).into_dyn());
    let mut all = vec![
        Table {
            header: "VXSB",
            long_name: "Trade at basic prices, source to destination",
            sets: vec![comm, reg, reg],
            values: flows,
        },
        Table {
            header: "RTMS",
            long_name: "Tariffs, per cent",
            sets: vec![comm, reg, reg],
            values: rates.view().into_dyn(),
        },
    ];
    if let Some(sigma) = &sigma {
        let values = sigma.view().into_dyn();
        all.push(Table {
            header: "ESBM",
            long_name: "Elasticity of substitution between origins",
            sets: vec![comm],
            values,
        });
    }
    if let Some(values) = inputs {
        let sets = vec![comm, comm, reg];
        all.push(Table { header: "VINP", long_name: "Inputs: commodity, using sector, region", sets, values });
    }
    for (header, long_name, panel) in [
        ("VADD", "Value added", &world.value_added),
        ("VFIN", "Final demand", &world.final_demand),
        ("LMDA", "Political weights", &world.political_weights),
    ] {
        if let Some(panel) = panel {
            all.push(Table { header, long_name, sets: vec![comm, reg], values: panel.t().into_dyn() });
        }
    }
    tables(&all)
}

/// Names as GEMPACK takes them, distinct.
fn elements(names: &Names) -> Result<Names, Problem> {
    let mut taken = BTreeSet::new();
    let mut short = Vec::new();
    for name in names.iter() {
        let plain: String = name.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
        let first = plain.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
        let plain = if first { plain } else { format!("X{plain}") };
        let mut candidate: String = plain.chars().take(NAME).collect();
        let mut number = 1;
        // GEMPACK does not tell capitals from small letters.
        while !taken.insert(candidate.to_ascii_uppercase()) {
            number += 1;
            let tail = format!("_{number}");
            candidate = plain.chars().take(NAME - tail.len().min(NAME)).chain(tail.chars()).collect();
        }
        short.push(candidate);
    }
    Names::new(short).map_err(|twice| Problem::new(format!("{twice} stands twice")))
}
