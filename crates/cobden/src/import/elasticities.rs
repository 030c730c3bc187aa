//! Trade elasticities for the sectors of a table.

use std::path::Path;

use cobden_data::concordance;
use cobden_data::mapping::{Mapping, sector_presets};
use cobden_world::{Names, Problem, nearest};
use ndarray::Array1;

use crate::library;
use crate::tabular::Sheet;

/// The set that is used when nobody names one.
pub(super) const DEFAULT: &str = "fontagne-guimbard-orefice-2022";
/// The groups of sectors that the embedded sets are for.
const OF_SETS: &str = "icio-2022";

/// Trade elasticities and where they are from.
pub(super) struct Chosen {
    /// theta, `[j]`.
    pub(super) values: Array1<f64>,
    /// In words.
    pub(super) source: String,
}

/// The elasticities that a user asks for: a number for all sectors, the name of an embedded set, or a table `sector, trade_elasticity`.
///
/// # Errors
/// A number that is not above zero; no such set or file; a sector without an elasticity.
pub(super) fn choose(asked: &str, sectors: &Names) -> Result<Chosen, Problem> {
    if let Ok(theta) = asked.parse::<f64>() {
        if theta.is_finite() && theta > 0.0 {
            let source = format!("the same in all sectors, {theta}");
            return Ok(Chosen { values: Array1::from_elem(sectors.len(), theta), source });
        }
        return Err(Problem::new(format!("{asked} is no trade elasticity")).help("theta = sigma - 1 is above zero"));
    }
    if library::elasticity_sets().iter().any(|set| set.name == asked) {
        return embedded(asked, sectors);
    }
    if Path::new(asked).is_file() {
        return from_file(Path::new(asked), sectors);
    }
    let known: Vec<&str> = library::elasticity_sets().iter().map(|set| set.name).collect();
    let problem = Problem::new(format!("no elasticity set and no file \"{asked}\""));
    Err(match nearest(asked, &known) {
        Some(near) => problem.help(format!("did you mean \"{near}\"?")),
        None => problem.help(format!("a number, a file, or one of {}", known.join(", "))),
    })
}

/// An embedded set, taken from its eighteen sectors to those of the table: a sector that lies in several has their mean.
fn embedded(name: &str, sectors: &Names) -> Result<Chosen, Problem> {
    let source = name.to_owned();
    if let Ok(set) = library::elasticities(name, sectors) {
        return Ok(Chosen { values: set.trade_elasticity, source });
    }
    let system = concordance::classification(sectors).ok_or_else(|| {
        let problem = Problem::new(format!("the set {name} cannot be taken to the sectors of this table"));
        problem.help("its sectors are of no classification that cobden knows: give a number or a file")
    })?;
    let groups = Mapping::preset(sector_presets(), OF_SETS)?.sector_groups().unwrap_or_default();
    let of_sets = Names::new(groups.iter().map(|(group, _)| group.clone())).unwrap_or_default();
    let set = library::elasticities(name, &of_sets)?.trade_elasticity;
    let of = |industry: &str| groups.iter().position(|(_, members)| members.iter().any(|member| member == industry));
    // The groups know the industries of ICIO and GTAP; whatever else is taken to those of ICIO first.
    let to_icio = if sectors.iter().all(|sector| of(sector).is_some()) {
        None
    } else {
        Some(concordance::between(system, "icio50")?)
    };
    let mut values = Array1::zeros(sectors.len());
    for (j, sector) in sectors.iter().enumerate() {
        let shares = match &to_icio {
            None => vec![(sector.to_owned(), 1.0)],
            Some(concordance) => concordance.shares(sector).unwrap_or_default().to_vec(),
        };
        let mean: Option<f64> = shares.iter().map(|(industry, share)| Some(share * set[of(industry)?])).sum();
        values[j] = mean.filter(|mean| *mean > 0.0).ok_or_else(|| missing(name, sector))?;
    }
    Ok(Chosen { values, source })
}

fn missing(name: &str, sector: &str) -> Problem {
    Problem::new(format!("{name} has no elasticity for the sector {sector}")).help("give a number or a file")
}

fn from_file(path: &Path, sectors: &Names) -> Result<Chosen, Problem> {
    let sheet = Sheet::read(path, &["sector", "trade_elasticity"])?;
    let mut values = Array1::zeros(sectors.len());
    for row in sheet.rows() {
        let (sector, theta) = (row.text(0), row.number(1)?);
        let Some(j) = sectors.index(sector) else {
            return Err(row.place(Problem::unknown("sector", sector, sectors.iter()), 0));
        };
        if !(theta.is_finite() && theta > 0.0) {
            return Err(row.problem(1, format!("{theta} is no trade elasticity: it must be above zero")));
        }
        values[j] = theta;
    }
    match values.iter().position(|theta| *theta == 0.0) {
        Some(j) => Err(missing(&path.display().to_string(), &sectors[j])),
        None => Ok(Chosen { values, source: path.display().to_string() }),
    }
}
