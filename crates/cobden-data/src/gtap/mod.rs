//! A GTAP database, version 6 or 7 layout, as accounts, tariffs and trade elasticities; and any world as header arrays.
//!
//! **Where from**: Center for Global Trade Analysis, Purdue University: the files that GTAPAgg or FlexAgg write. **Licence**: proprietary; the
//! database may not be passed on, nor results that give it away. Older releases (two before the current) are free on registration.
//!
//! **Layout**: header arrays ([`har`](crate::har)), values in USD million, all arrays over sets that carry their elements: no set file is
//! needed.
//!
//! | what | version 7, `basedata.har` | version 6 |
//! |---|---|---|
//! | firms buy domestic, imported goods, basic prices | `VDFB`, `VMFB` (COMM, ACTS, REG) | `VDFM`, `VIFM` (TRAD, PROD, REG) |
//! | the same, with taxes on them | `VDFP`, `VMFP` | `VDFA`, `VIFA` |
//! | households | `VDPB`, `VMPB` (COMM, REG) | `VDPM`, `VIPM` |
//! | government | `VDGB`, `VMGB` | `VDGM`, `VIGM` |
//! | investment | `VDIB`, `VMIB` | the column `CGDS` of the firms |
//! | factors, with taxes on them | `EVFP` (ENDW, ACTS, REG) | `EVFA` |
//! | exports at basic prices (COMM, source, destination) | `VXSB` | `VXMD` |
//! | imports cif; with tariff | `VCIF`, `VMSB` | `VIWS`, `VIMS` |
//! | exports of transport margins (MARG, REG) | `VST` | `VST` |
//! | margins by route (MARG, COMM, source, destination) | `VTWR` | `VTWR` |
//! | output by product, before and after tax (COMM, ACTS, REG) | `MAKS`, `MAKB` | sales less cost |
//!
//! `default.prm` holds `ESBM`, the elasticity of substitution between origins, by commodity (6) or commodity and region (7); `baserate.har` holds
//! `RTMS`, tariffs in per cent.
//!
//! **What is made of it**
//!
//! - *Flows* between countries are `VXSB`: what exporters get, before export taxes, transport and tariffs. *Domestic sales* are the sum of
//!   `VD.B`, and of `VXSB` within a region (between the countries that were merged into it).
//! - *Margins*: a region's sales of transport, `VST`, are spread over importers as these use them (`VTWR`), and become flows of the
//!   transport commodity. So sales to all countries are output, exactly, and a buyer of imports buys transport besides.
//! - *Inputs and final demand* are at basic prices: a purchase of imports at `VM.B` falls into the goods (`VXSB`), the transport on them, and the
//!   rest, export tax and tariff. The rest is in [`taxes`](InputOutput::taxes), with taxes on sales and on output; what final demand pays of it
//!   is not in the table.
//! - *Value added* is `EVFP`: what firms pay for factors.
//! - *Tariffs* are `VMSB / VCIF - 1`, on the cif value; 0 where nothing is traded, unless `baserate.har` says. On flows at `VXSB` they raise less
//!   than they did, by margins and export taxes: a few per cent of revenue.
//! - *Trade elasticities* are theta = `ESBM` - 1.
//! - Activities are turned into commodities by the shares of `MAKB`: each product of an activity has the activity's inputs.

mod accounts;
mod arrays;
mod export;
mod parts;

use cobden_world::Problem;
use ndarray::{Array1, Array3, Axis};

use crate::InputOutput;
use crate::har::HarFile;
use arrays::Arrays;
use parts::Parts;

pub use export::{Table, tables, world};

/// What a GTAP database comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Gtap {
    /// The accounts.
    pub table: InputOutput,
    /// tau, `[n, i, j]`: tariffs as fractions, 0 on domestic sales.
    pub tariffs: Array3<f64>,
    /// theta, `[j]`: trade elasticities; `None` without a file of parameters.
    pub elasticities: Option<Array1<f64>>,
}

/// The files of a database.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// `basedata.har`.
    pub data: &'a HarFile,
    /// `default.prm`.
    pub parameters: Option<&'a HarFile>,
    /// `baserate.har`.
    pub rates: Option<&'a HarFile>,
    /// The year that the data describe; the files do not say.
    pub year: i32,
}

/// Reads a database of either version.
///
/// # Errors
/// A header that is missing, has other sets than its layout, or holds no numbers; elasticities of substitution of 1 or less.
pub fn read(source: &Source<'_>) -> Result<Gtap, Problem> {
    let arrays = Arrays { file: source.data };
    let (parts, version) = if source.data.get("VXSB").is_some() {
        (Parts::version_7(&arrays)?, 7)
    } else if source.data.get("VXMD").is_some() {
        (Parts::version_6(&arrays)?, 6)
    } else {
        let problem = Problem::new("no header VXSB (version 7) or VXMD (version 6)");
        return Err(problem.help("give basedata.har of a GTAP database"));
    };
    let mut table = accounts::table(&parts);
    table.dataset = dataset(source.data, version);
    table.year = source.year;
    table.unit = "USD million".to_owned();
    let tariffs = tariffs(&parts, source.rates, &mut table.remarks)?;
    let elasticities = source.parameters.map(|file| elasticities(file, &parts)).transpose()?;
    Ok(Gtap { table, tariffs, elasticities })
}

/// `GTAP`, the release if the file says, and the layout.
fn dataset(file: &HarFile, version: u8) -> String {
    let release = file.get("DREL").and_then(|header| header.as_texts()?.first().cloned()).unwrap_or_default();
    let release = if release.is_empty() { String::new() } else { format!(" {release}") };
    format!("GTAP{release} (version {version} layout)")
}

/// Tariffs as `[n, i, j]`.
fn tariffs(parts: &Parts, rates: Option<&HarFile>, remarks: &mut Vec<String>) -> Result<Array3<f64>, Problem> {
    let (n, j) = (parts.regions.len(), parts.commodities.len());
    let stated = match rates {
        Some(file) if file.get("RTMS").is_some() => {
            let sets = [&parts.commodities, &parts.regions, &parts.regions];
            Some(Arrays { file }.read3("RTMS", sets)?)
        }
        _ => None,
    };
    let mut tariffs = Array3::zeros((n, n, j));
    let mut within = 0.0;
    for ((k, i, n), cif) in parts.cif.indexed_iter() {
        let market = parts.market[[k, i, n]];
        let stated = stated.as_ref().map_or(0.0, |rates| rates[[k, i, n]] / 100.0);
        let rate = if *cif > 0.0 { market / cif - 1.0 } else { stated };
        if n == i {
            within += market - cif;
        } else {
            tariffs[[n, i, k]] = rate;
        }
    }
    if within.abs() > 1e-6 * parts.cif.sum() {
        remarks.push(format!("{within:.0} of tariffs on trade within regions is left out"));
    }
    Ok(tariffs)
}

/// theta by commodity: `ESBM` less 1; where regions differ, the mean weighted by imports.
fn elasticities(file: &HarFile, parts: &Parts) -> Result<Array1<f64>, Problem> {
    let arrays = Arrays { file };
    let (regions, commodities) = (&parts.regions, &parts.commodities);
    let sigma = if arrays.rank("ESBM")? == 1 {
        arrays.read1("ESBM", [commodities])?
    } else {
        let by_region = arrays.read2("ESBM", [commodities, regions])?;
        let imports = parts.cif.sum_axis(Axis(1));
        let means = by_region.rows().into_iter().zip(imports.rows()).map(|(sigma, imports)| {
            let total = imports.sum();
            if total > 0.0 { (&sigma * &imports).sum() / total } else { sigma.mean().unwrap_or_default() }
        });
        means.collect()
    };
    if let Some((name, sigma)) = commodities.iter().zip(&sigma).find(|(_, sigma)| **sigma <= 1.0) {
        let problem = Problem::new(format!("header ESBM: the elasticity of {name} is {sigma}, not above 1"));
        return Err(problem.help("theta = ESBM - 1 has to be positive"));
    }
    Ok(sigma.mapv(|sigma| sigma - 1.0))
}
