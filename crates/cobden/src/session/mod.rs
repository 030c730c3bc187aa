//! A world that stays open: one question after another, each answered from where the last one ended.
//!
//! [`run`](crate::run) opens the world and calibrates the model for every study. A face that answers while somebody moves a slider does that
//! once. Questions are [`Sentence`]s; each is a study, so that everything shown can be run again with `cobden run`.

mod band;
mod cards;
mod context;
mod fragment;
mod map;
mod reading;
mod sentence;
mod standing;
mod text;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::PoisonError;

use cobden_equilibrium::{Economy, Equilibrium, Model, Settings};
use cobden_world::{MemoryFiles, Problem, World};

use crate::answer::Answer;
use crate::cases::Cases;
use crate::load::{self, ElasticitySet};
use crate::passport::{self, Passport};
use crate::run::{Failure, Progress};
use crate::study::{Laws, Schedules, Study, Tables};
use crate::why::Explain;

pub use band::{BandDocument, Draws, MOST_DRAWS, QuantilesDocument, SpreadDocument};
pub use cards::{CardDocument, CardsDocument};
pub use context::{ActDocument, CountryContext, PresetDocument, SectorContext, WorldContext};
pub use fragment::Fragment;
pub use map::{MapDocument, ShapeDocument};
pub use reading::{ReadingDocument, SectorDocument, TradeDocument, WhyDocument};
pub use sentence::{AnswerRate, AnswerWord, Manner, Sentence};

/// A world that is open, and the default model calibrated on it.
///
/// ```
/// use cobden::session::{Sentence, Session};
/// let session = Session::open("icio-2022")?;
/// let sentence = Sentence::new("USA", 20.0).answered_by(["CHN", "JPN"]);
/// let answer = session.read(&sentence, false, || true).unwrap();
/// assert!(answer.solver.converged);
/// assert!(answer.countries.iter().any(|country| country.country == "CHN" && country.welfare_pct < Some(0.0)));
/// # Ok::<(), cobden::Problem>(())
/// ```
pub struct Session {
    name: String,
    /// Whether the world has products, which are left aside here.
    products: bool,
    world: World,
    world_hash: String,
    elasticities: ElasticitySet,
    elasticities_hash: String,
    model: Model,
    economy: Economy,
    settings: Settings,
    /// How far the elasticities of each sector are spread.
    spreads: Vec<band::Spread>,
    kept: band::Kept,
    last: std::sync::Mutex<Option<Equilibrium>>,
}

impl Session {
    /// Opens a world by the identifier of an embedded one, or by its directory, and calibrates the default model on it.
    ///
    /// # Errors
    /// A name that is neither; a world that cannot be read or solved, or that has no trade elasticities of its own.
    pub fn open(world: &str) -> Result<Self, Problem> {
        let opened = load::find_world(world)?;
        let study = Study::parse(text::opening(world).into_bytes(), "page.toml")?;
        let elasticities = load::elasticities_of(&study, &opened)?;
        let model = study.model(&opened.world)?;
        let settings = Settings::default();
        let spreads = band::spreads(&load::all_sets(&study, &opened)?, opened.world.sectors.len());
        let economy = Economy::calibrate(&opened.world, &elasticities.values, &model, &settings)
            .map_err(|problem| load::at_world(problem, &study, Some(world), &opened))?;
        Ok(Self {
            name: world.to_owned(),
            products: load::has_products(opened.files.as_ref())?,
            world_hash: passport::hash(&opened.world.canonical_bytes()),
            world: opened.world,
            elasticities_hash: passport::hash_of(elasticities.values.iter().copied()),
            elasticities,
            model,
            economy,
            settings,
            spreads,
            kept: band::Kept::default(),
            last: std::sync::Mutex::new(None),
        })
    }

    fn named(&self) -> text::Named<'_> {
        text::Named { world: &self.name, products: self.products }
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// BLAKE3 of the world's content, as in the passport of a result.
    pub fn world_hash(&self) -> &str {
        &self.world_hash
    }

    /// The study that a sentence is: `cobden run` gives the same numbers.
    ///
    /// # Errors
    /// What is wrong with the sentence.
    pub fn study_text(&self, sentence: &Sentence) -> Result<String, Problem> {
        Ok(text::study(&sentence.checked(&self.world)?, self.named()))
    }

    /// Answers a sentence. With `explain` the answer says where the changes come from, and has sectors and trade; each costs about a
    /// dozen solves. `go_on` may call the search for a best answer off.
    ///
    /// # Errors
    /// What is wrong with the sentence; [`Failure::Stopped`] if it was called off.
    pub fn read(
        &self,
        sentence: &Sentence,
        explain: bool,
        go_on: impl Fn() -> bool + Send,
    ) -> Result<ReadingDocument, Failure> {
        let checked = sentence.checked(&self.world)?;
        let study = Study::parse(text::study(&checked, self.named()).into_bytes(), "page.toml")?;
        let explained = if explain { Explain::Headline } else { Explain::Nothing };
        let answer = self.answer(study, explained, move |_| flow(go_on()))?;
        let case = &answer.cases[answer.study.headline];
        if case.strategy.is_some() && case.solver.converged {
            self.keep(checked.sentence(), &case.policy);
        }
        Ok(ReadingDocument::new(&answer, checked.sentence(), explain))
    }

    /// Plays the cards of a sentence: nobody answers, each alone, all on their own, all together, each as the one who makes a deal.
    /// `watch` is told how far it is and may stop it.
    ///
    /// # Errors
    /// What is wrong with the sentence, also that nobody answers in it; [`Failure::Stopped`].
    pub fn cards(
        &self,
        sentence: &Sentence,
        watch: impl FnMut(Progress<'_>) -> ControlFlow<()> + Send,
    ) -> Result<CardsDocument, Failure> {
        let checked = sentence.checked(&self.world)?;
        let (text, plan) = text::cards(&checked, self.named())?;
        let study = Study::parse(text.into_bytes(), "cards.toml")?;
        let answer = self.answer(study, Explain::Nothing, watch)?;
        Ok(CardsDocument::new(&answer, checked.sentence(), &plan))
    }

    /// As [`run`](crate::run), in the world that is open.
    fn answer(
        &self,
        study: Study,
        explain: Explain,
        watch: impl FnMut(Progress<'_>) -> ControlFlow<()> + Send,
    ) -> Result<Answer, Failure> {
        let world = &self.world;
        let tables = Tables::read(&study, world, &MemoryFiles::new("page"), Path::new(""))?;
        // A sentence states its rates; it names no law.
        let laws = Laws::default();
        let schedules = Schedules::new(&study, world, &tables, &laws)?;
        let passport = Passport::of_hashes(
            study.document().text().as_bytes(),
            self.world_hash.clone(),
            self.elasticities_hash.clone(),
            tables.iter(),
            None,
        );
        let watch = std::sync::Mutex::new(watch);
        let steps = study.cases.len();
        let told = |done, name: &str, detail: &str| {
            let watch = &mut *watch.lock().unwrap_or_else(PoisonError::into_inner);
            watch(Progress { done, steps, name, detail }).is_continue()
        };
        // Where the last answer ended is near to where this one will: the slider moved by a step.
        let start = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let cases = Cases {
            study: &study,
            world,
            model: &self.model,
            theta: &self.elasticities.values.to_vec(),
            economy: &self.economy,
            schedules: &schedules,
            explain,
            settings: self.settings,
            keep: None,
            start: start.as_ref(),
        };
        let (cases, last) = cases.solve(&told)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        Ok(Answer {
            study,
            world: self.world.clone(),
            model: self.model,
            elasticities: self.elasticities.clone(),
            passport,
            income: self.economy.income().to_vec(),
            laws,
            cases,
            models: None,
            by_product: None,
        })
    }
}

fn flow(go_on: bool) -> ControlFlow<()> {
    if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
