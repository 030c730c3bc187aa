//! Who pays for an agreement.

use cobden_equilibrium::{Decomposition, Outcome};
use cobden_world::Problem;
use ndarray::Array3;

use super::Agreement;

/// What an agreement does to everyone, against the disagreement.
#[derive(Clone, Debug)]
pub struct Incidence {
    /// By country.
    pub countries: Vec<CountryIncidence>,
    /// Where each country's change of welfare comes from, exactly: integrated along a straight line of tariffs in logs from the
    /// disagreement to the agreement. Or why it cannot be told: a point on the way has no equilibrium.
    pub decomposition: Result<Decomposition, Problem>,
}

/// What an agreement does to a country.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryIncidence {
    /// The signatory that speaks for it; `None` of an outsider.
    pub signatory: Option<usize>,
    /// Change of real income in per cent.
    pub welfare_pct: f64,
    /// The same in money at baseline prices.
    pub welfare_money: f64,
    /// By sector.
    pub sectors: Vec<SectorIncidence>,
}

/// What an agreement does to a sector of a country.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectorIncidence {
    /// Change of the quantity made, in per cent. Zero where nothing is.
    pub output_pct: f64,
    /// Change of exports before tariff, in per cent. Zero where there are none.
    pub exports_pct: f64,
    /// The same in the world's unit, world labour income being the numeraire.
    pub exports_value: f64,
}

/// The parts of a country's change of welfare that belong to one sector, in per cent of its real income.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channels {
    /// Export prices against import prices, before tariff, with all partners.
    pub terms_of_trade_pct: f64,
    /// Imports gained or lost behind a tariff.
    pub volume_of_trade_pct: f64,
    /// Profits at given prices.
    pub profits_pct: f64,
    /// Economies of scale.
    pub scale_pct: f64,
}

impl Agreement<'_> {
    /// Who gains and who pays: by country, by sector and by channel.
    ///
    /// # Errors
    /// None that an agreement can cause.
    pub fn incidence(&self) -> Result<Incidence, Problem> {
        let (before, after) =
            (Outcome::new(self.economy, &self.disagreement), Outcome::new(self.economy, &self.agreed));
        let exports = |flows: &Array3<f64>, country: usize, sector: usize| -> f64 {
            let buyers = (0..self.economy.countries()).filter(|n| *n != country);
            buyers.map(|n| flows[[n, country, sector]]).sum()
        };
        let of_sector = |country: usize, sector: usize| {
            let at = [country, sector];
            let (old, new) = (exports(&before.flows, country, sector), exports(&after.flows, country, sector));
            SectorIncidence {
                output_pct: 100.0 * (after.output_hat[at] / before.output_hat[at] - 1.0),
                exports_pct: if old == 0.0 { 0.0 } else { 100.0 * (new / old - 1.0) },
                exports_value: new - old,
            }
        };
        let changes = self.change(&self.disagreement, &self.agreed).into_iter().enumerate();
        let countries = changes.map(|(country, (welfare_pct, welfare_money))| CountryIncidence {
            signatory: self.signatory_of(country),
            welfare_pct,
            welfare_money,
            sectors: (0..self.economy.sectors()).map(|sector| of_sector(country, sector)).collect(),
        });
        Ok(Incidence {
            countries: countries.collect(),
            decomposition: self.economy.decompose_between(&self.before, &self.after, &self.settings),
        })
    }
}

impl Incidence {
    /// The parts of a country's change that belong to a sector; `None` where the change could not be taken apart.
    pub fn channels(&self, country: usize, sector: usize) -> Option<Channels> {
        let all = self.decomposition.as_ref().ok()?;
        let over_partners = |cube: &Array3<f64>| -> f64 {
            (0..self.countries.len()).map(|partner| cube[[country, partner, sector]]).sum()
        };
        Some(Channels {
            terms_of_trade_pct: over_partners(&all.terms_of_trade),
            volume_of_trade_pct: over_partners(&all.volume_of_trade),
            profits_pct: all.profits[[country, sector]],
            scale_pct: all.scale[[country, sector]],
        })
    }
}
