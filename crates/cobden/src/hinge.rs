//! What a number hangs on: elasticities and trade of the baseline, by how much they move it.

use cobden_equilibrium::{Aim, Sensitivities, Sensitivity};
use cobden_world::{Problem, World};
use ndarray::Axis;

use crate::labels::{in_sentence, sector};
use crate::why::Solved;

/// Each assumption is raised by this share, one at a time.
pub const RISE: f64 = 0.1;
/// So many are kept for every country.
const KEPT: usize = 10;

/// Something that a result was calculated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// theta of a sector.
    TradeElasticity(usize),
    /// What an importer buys from an exporter in the data, all sectors together; what it sells at home where they are the same.
    Trade {
        /// n.
        importer: usize,
        /// i.
        exporter: usize,
    },
    /// phi, the strength of economies of scale.
    Scale,
}

/// How far one assumption moves the change of one country's real income.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hinge {
    /// Which assumption.
    pub on: Assumption,
    /// What 10 per cent more of it ([`RISE`]) does to `welfare_pct`, in percentage points, to first order; everything is calibrated anew.
    pub effect_pct_points: f64,
}

/// The assumptions that each country's number hangs on most, `[n]`, strongest first.
pub(crate) fn hinges(solved: &Solved<'_>) -> Result<Vec<Vec<Hinge>>, Problem> {
    let mut sensitivities = Sensitivities::new(solved.economy, solved.equilibrium, solved.settings)?;
    let of_country = |(n, welfare_pct): (usize, &f64)| {
        let sensitivity = sensitivities.of(&Aim::Welfare(n).into())?;
        // The aim is ln W: one unit of it is 100 W percentage points.
        Ok(strongest(solved, &sensitivity, 100.0 + welfare_pct))
    };
    solved.welfare_pct.iter().enumerate().map(of_country).collect()
}

fn strongest(solved: &Solved<'_>, sensitivity: &Sensitivity, unit: f64) -> Vec<Hinge> {
    let by = unit * RISE.ln_1p();
    let elasticities = sensitivity.trade_elasticity.iter().zip(solved.theta).enumerate();
    let elasticities = elasticities.map(|(j, (slope, theta))| (Assumption::TradeElasticity(j), slope * theta));
    // A single flow of one sector is too small for a number to hang on; what one country buys from another is not.
    let pairs = sensitivity.flows.sum_axis(Axis(2));
    let trade =
        pairs.indexed_iter().map(|((importer, exporter), slope)| (Assumption::Trade { importer, exporter }, *slope));
    let scale = [(Assumption::Scale, sensitivity.scale * solved.scale)];
    let mut hinges: Vec<Hinge> = (elasticities.chain(trade).chain(scale))
        .map(|(on, slope)| Hinge { on, effect_pct_points: by * slope })
        .filter(|hinge| hinge.effect_pct_points != 0.0)
        .collect();
    hinges.sort_by(|a, b| b.effect_pct_points.abs().total_cmp(&a.effect_pct_points.abs()));
    hinges.truncate(KEPT);
    hinges
}

impl Assumption {
    /// In words, seen from a country: `its home sales`, `its imports from China`, `trade elasticity: services`.
    pub fn in_words(self, world: &World, of: usize) -> String {
        let country = |n: usize| in_sentence(&world.countries[n]);
        match self {
            Assumption::TradeElasticity(j) => format!("trade elasticity: {}", sector(&world.sectors[j]).to_lowercase()),
            Assumption::Trade { importer, exporter } if importer == exporter && importer == of => {
                "its home sales".to_owned()
            }
            Assumption::Trade { importer, exporter } if importer == exporter => {
                format!("home sales of {}", country(importer))
            }
            Assumption::Trade { importer, exporter } if importer == of => {
                format!("its imports from {}", country(exporter))
            }
            Assumption::Trade { importer, exporter } if exporter == of => {
                format!("its exports to {}", country(importer))
            }
            Assumption::Trade { importer, exporter } => {
                format!("imports of {} from {}", country(importer), country(exporter))
            }
            Assumption::Scale => "strength of economies of scale".to_owned(),
        }
    }
}
