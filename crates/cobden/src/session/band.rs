//! How far the numbers of a sentence move when the trade elasticities do: a band from draws.
//!
//! Published estimates of trade elasticities disagree. In each draw every sector's elasticity is its central value times `exp(s_j z_j)`, where `s_j`
//! is how far the sets of elasticities for this world, those inside cobden and its own, disagree about that sector and `z_j` is standard normal; the model is calibrated anew on the same data and the same
//! tariffs are solved. The band says how much of an answer hangs on these elasticities. It says nothing about the model, the data, the
//! tariffs themselves, or elasticities other than these.

use std::ops::ControlFlow;
use std::sync::PoisonError;

use cobden_ensemble::{Ensemble, Noise, quantiles};
use cobden_equilibrium::{Economy, Outcome, Policy};
use cobden_world::Problem;
use ndarray::Array1;
use serde::Serialize;

use super::Session;
use super::sentence::Sentence;
use crate::load::ElasticitySet;
use crate::run::Failure;
use crate::study::Study;
use crate::why::Explain;

/// Most draws that may be asked for.
pub const MOST_DRAWS: usize = 1000;
/// The spread of a sector on which fewer than two sets say anything, or all the same, as of services: the standard deviation of the logs of 2.8, 4 and 6,
/// the values that the literature uses for services (`docs/elasticities.md`).
const UNKNOWN: f64 = 0.381;
/// The probabilities of the quantiles.
const AT: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
/// How many answers with rates that were sought are kept for their band.
const KEPT: usize = 4;

/// What draws over trade elasticities say of a sentence.
#[derive(Clone, Debug, Serialize)]
pub struct BandDocument {
    /// The sentence, as it was understood.
    pub sentence: Sentence,
    /// BLAKE3 of the world.
    pub world: String,
    /// The seed.
    pub seed: u64,
    /// Draws in all.
    pub draws: usize,
    /// Those that did not converge. The quantiles are of the others.
    pub failed: usize,
    /// Every sector's spread `s_j`: the standard deviation of the log of its elasticity.
    pub spreads: Vec<SpreadDocument>,
    /// Every country, in the order of the world; empty if no draw converged.
    pub countries: Vec<QuantilesDocument>,
    /// The world as a whole; `null` if no draw converged.
    pub whole: Option<QuantilesDocument>,
}

/// How far the elasticity of a sector is spread.
#[derive(Clone, Debug, Serialize)]
pub struct SpreadDocument {
    /// The sector.
    pub sector: String,
    /// Its elasticity in the middle.
    pub centre: f64,
    /// `s_j`.
    pub spread: f64,
    /// How many sets there are for the sectors of this world, its own among them.
    pub sets: usize,
}

/// Where the draws of one number lie: real income in per cent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantilesDocument {
    /// The country; `*` for the world as a whole.
    pub country: String,
    /// 5 % of draws lie below.
    pub p5: f64,
    /// 25 % of draws lie below.
    pub p25: f64,
    /// Half of the draws lie below.
    pub p50: f64,
    /// 75 % of draws lie below.
    pub p75: f64,
    /// 95 % of draws lie below.
    pub p95: f64,
    /// The share of draws with a loss, 0 to 1.
    pub loss_share: f64,
}

/// How many draws, from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// The seed: the same seed gives the same band.
    pub seed: u64,
    /// How many, 1 to [`MOST_DRAWS`].
    pub draws: usize,
}

impl Default for Draws {
    fn default() -> Self {
        let Ensemble { seed, draws, .. } = Ensemble::default();
        Self { seed, draws }
    }
}

/// Answers whose rates were sought, so that a band need not seek them again.
pub(super) type Kept = std::sync::Mutex<Vec<(Sentence, Policy)>>;

/// Real income in per cent of every country in one draw, and of the world; `None` if the draw did not converge.
type Drawn = Option<(Vec<f64>, f64)>;

impl Session {
    /// The band of a sentence. `watch` is told how many draws are done, and may call it off. Rates that governments choose are found once, at the
    /// central elasticities, and held: the band is that of these tariffs.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use cobden::session::{Draws, Sentence, Session};
    /// let session = Session::open("icio-2022")?;
    /// let draws = Draws { draws: 20, ..Draws::default() };
    /// let band = session.band(&Sentence::new("USA", 20.0), draws, |_| ControlFlow::Continue(())).unwrap();
    /// let canada = band.countries.iter().find(|country| country.country == "CAN").unwrap();
    /// assert!(canada.p5 < canada.p95 && canada.loss_share == 1.0);
    /// # Ok::<(), cobden::Problem>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with the sentence; [`Failure::Stopped`] if it was called off.
    pub fn band(
        &self,
        sentence: &Sentence,
        draws: Draws,
        mut watch: impl FnMut(usize) -> ControlFlow<()> + Send,
    ) -> Result<BandDocument, Failure> {
        let checked = sentence.checked(&self.world)?;
        let sentence = checked.sentence();
        let policy = self.held(sentence, &mut watch)?;
        let draw = |_: usize, noise: &mut Noise| self.drawn(noise, &policy);
        let ensemble = Ensemble { seed: draws.seed, draws: draws.draws.clamp(1, MOST_DRAWS), ..Ensemble::default() };
        let drawn: Vec<Drawn> = ensemble.run(draw, watch).ok_or(Failure::Stopped)?;
        Ok(self.document(sentence, ensemble, &drawn))
    }

    /// The tariffs of a sentence.
    fn held(
        &self,
        sentence: &Sentence,
        watch: &mut (impl FnMut(usize) -> ControlFlow<()> + Send),
    ) -> Result<Policy, Failure> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, policy)) = kept.into_iter().find(|(known, _)| known == sentence) {
            return Ok(policy);
        }
        let study = Study::parse(self.study_text(sentence)?.into_bytes(), "page.toml")?;
        let mut answer = self.answer(study, Explain::Nothing, |_| watch(0))?;
        let case = answer.cases.swap_remove(answer.study.headline);
        if !case.solver.converged {
            let problem = Problem::new(format!("no band: the sentence was not solved ({})", case.solver.stop));
            return Err(problem.help("change a rate, or ask for stated rates").into());
        }
        Ok(case.policy)
    }

    /// Keeps the tariffs of an answer that took a search.
    pub(super) fn keep(&self, sentence: &Sentence, policy: &Policy) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known != sentence);
        kept.insert(0, (sentence.clone(), policy.clone()));
        kept.truncate(KEPT);
    }

    fn drawn(&self, noise: &mut Noise, policy: &Policy) -> Drawn {
        let central = &self.elasticities.values;
        let theta: Array1<f64> = central
            .iter()
            .zip(&self.spreads)
            .map(|(theta, spread)| theta * (spread.s * noise.normal()).exp())
            .collect();
        let economy = Economy::calibrate(&self.world, &theta, &self.model, &self.settings).ok()?;
        let found = economy.solve(policy, None, &self.settings).ok()?;
        if !found.report.stop.converged() {
            return None;
        }
        let outcome = Outcome::new(&economy, &found);
        let countries = outcome.countries.iter().map(|country| country.welfare_pct).collect();
        let value: f64 = outcome.countries.iter().map(|country| country.welfare_value).sum();
        Some((countries, 100.0 * value / economy.income().iter().sum::<f64>()))
    }

    fn document(&self, sentence: &Sentence, asked: Ensemble, drawn: &[Drawn]) -> BandDocument {
        let solved: Vec<&(Vec<f64>, f64)> = drawn.iter().flatten().collect();
        let of = |country: &str, values: Vec<f64>| {
            let [p5, p25, p50, p75, p95] = quantiles(&values, AT)?;
            let losses = values.iter().filter(|value| **value < 0.0).count();
            let loss_share = losses as f64 / values.len() as f64;
            Some(QuantilesDocument { country: country.to_owned(), p5, p25, p50, p75, p95, loss_share })
        };
        let (countries, sectors) = (&self.world.countries, &self.world.sectors);
        let by_country = (0..countries.len())
            .filter_map(|n| of(&countries[n], solved.iter().map(|(countries, _)| countries[n]).collect()));
        let spreads =
            sectors.iter().zip(&self.spreads).zip(&self.elasticities.values).map(|((sector, spread), centre)| {
                SpreadDocument { sector: sector.to_owned(), centre: *centre, spread: spread.s, sets: spread.sets }
            });
        BandDocument {
            sentence: sentence.clone(),
            world: self.world_hash.clone(),
            seed: asked.seed,
            draws: drawn.len(),
            failed: drawn.len() - solved.len(),
            spreads: spreads.collect(),
            countries: by_country.collect(),
            whole: of("*", solved.iter().map(|(_, world)| *world).collect()),
        }
    }
}

/// How far sets disagree about a sector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    /// The standard deviation of the log of theta.
    s: f64,
    /// How many sets there are.
    sets: usize,
}

/// `s_j` of every sector: the standard deviation (of a sample) of `ln theta_j` across sets.
pub(super) fn spreads(sets: &[ElasticitySet], sectors: usize) -> Vec<Spread> {
    let logs = |j: usize| sets.iter().map(|set| set.values[j].ln()).collect::<Vec<f64>>();
    (0..sectors).map(|j| spread(&logs(j))).collect()
}

fn spread(logs: &[f64]) -> Spread {
    let sets = logs.len();
    let mean = logs.iter().sum::<f64>() / sets as f64;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    let s = if sets > 1 { (squares / (sets - 1) as f64).sqrt() } else { 0.0 };
    // Values that are the same in all sets differ by rounding of their mean.
    Spread { s: if s > 1e-9 { s } else { UNKNOWN }, sets }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_the_standard_deviations_of_logs() {
        let session = Session::open("icio-2022").unwrap();
        let of = |sector| session.spreads[session.world.sectors.index(sector).unwrap()];
        // Seven sets say 6.62, 1.115, 8.955, 4.47, 2.805, 6.87 and 4; worked out apart.
        assert_eq!(of("AUTO").sets, 7);
        assert!((of("AUTO").s - 0.70125).abs() < 1e-5, "{}", of("AUTO").s);
        // Services are 4 in every set, which is an assumption and no agreement.
        assert_eq!(of("SERV"), Spread { s: UNKNOWN, sets: 7 });
    }

    #[test]
    fn where_sets_do_not_tell_the_spread_is_that_of_services_in_the_literature() {
        assert!((spread(&[2.8_f64.ln(), 4.0_f64.ln(), 6.0_f64.ln()]).s - UNKNOWN).abs() < 1e-3);
        assert_eq!(spread(&[1.0]), Spread { s: UNKNOWN, sets: 1 });
        assert_eq!(spread(&[]), Spread { s: UNKNOWN, sets: 0 });
        assert_eq!(spreads(&[], 2), [Spread { s: UNKNOWN, sets: 0 }; 2]);
    }
}
