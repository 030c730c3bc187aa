//! The study file: which world, which model, which tariffs in which cases.
//!
//! ```toml
//! title = "Beijing and Tokyo answer Washington"
//! world = "icio-2022"
//!
//! [[case]]
//! name = "US alone"
//! tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "10%" } ]
//!
//! [[case]]
//! name = "China answers"
//! from = "US alone"
//! headline = true
//! tariffs = [ { importer = "CHN", exporter = "USA", sector = ["AGR", "AUTO"], add = "34%" } ]
//! ```
//!
//! Reading is done in two steps. [`Study::parse`] needs the text alone and finds what is wrong with its form;
//! [`Schedules::new`] then looks its names up in a world and finds what is wrong with its meaning.

mod by_product;
mod case;
mod compare;
mod law;
mod laws;
mod model;
mod question;
mod row;
mod schedule;
mod selection;
mod tables;

pub(crate) use by_product::{ProductCase, by_sector_alone, product_cases};
pub use case::Case;
pub(crate) use compare::{Plan, Sets, same};
pub use law::LawKeys;
pub use laws::{CaseLaw, ImporterPart, Law, Laws, MeasurePart};
pub(crate) use model::{baseline_name, deficits_name};
pub use question::{
    AlignQuestion, Asked, BargainQuestion, Bloc, CoalitionQuestion, DealQuestion, Effort, Hand, Limit, Matching,
    Method, PenaltyQuestion, Pick, Players, Question, RespondQuestion, RetaliateQuestion, TalksQuestion, Term, Want,
    Wants, WarQuestion,
};
pub use row::{Action, Change, PolicyRow};
pub use schedule::{Deed, Move, Schedules};
pub use selection::Selection;
pub use tables::Tables;

use cobden_equilibrium::Model;
use cobden_world::{Problem, World};

use crate::document::{Document, Fields, Keys, Located};

const STUDY: Keys = Keys {
    table: "the study",
    known: &["title", "world", "elasticities", "note", "model", "baseline", "compare", "groups", "case"],
    later: &["measures", "draws", "ensemble"],
};

/// A study: what is asked, of which world, with which model. It holds names, not yet indices.
#[derive(Clone, Debug)]
pub struct Study {
    /// Title for people.
    pub title: String,
    /// What a reader must know; shown with the report.
    pub note: Option<String>,
    /// Identifier of an embedded world, or a path relative to the study file.
    pub world: Located<String>,
    /// The elasticity set by name; `None` for the world's own.
    pub elasticities: Option<Located<String>>,
    /// The cases in the order of the file; at least one.
    pub cases: Vec<Case>,
    /// The case that the report opens with, an index into `cases`.
    pub headline: usize,
    /// Whose law the tariffs of the world are, if the study says so.
    pub baseline: LawKeys,
    model: model::ModelTable,
    compare: Option<compare::CompareTable>,
    document: Document,
}

impl Study {
    /// Reads a study from the bytes of its file; `file` is the name to show in errors.
    ///
    /// ```
    /// let text = r#"
    ///     title = "One tariff"
    ///     world = "icio-2022"
    ///     [[case]]
    ///     name = "US alone"
    ///     tariffs = [ { importer = "USA", exporter = "*", sector = "*", add = "10%" } ]
    /// "#;
    /// let study = cobden::Study::parse(text.into(), "one.toml").unwrap();
    /// assert_eq!(study.cases[0].name.value, "US alone");
    /// ```
    ///
    /// # Errors
    /// The first thing wrong with the form of the file, with its line and column: text that is not UTF-8 or not TOML,
    /// an unknown key, a wrong type, a rate that is none, two cases of one name, a `from` that is unknown or goes in a circle.
    pub fn parse(bytes: Vec<u8>, file: &str) -> Result<Self, Problem> {
        let document = Document::new(bytes, file)?;
        let root = document.table()?;
        let span = root.span().start..root.span().start;
        let fields = Fields::new(&document, root.get_ref(), span, &STUDY)?;
        let title = fields.required_text("title")?.value;
        let note = fields.text("note")?.map(|text| text.value);
        let world = fields.required_text("world")?;
        let elasticities = fields.text("elasticities")?;
        let model = model::read(&fields)?;
        let compare = compare::read(&fields, &model)?;
        let (cases, headline) = case::read_all(&fields)?;
        let baseline = law::read_baseline(&fields)?;
        Ok(Self { title, note, world, elasticities, cases, headline, baseline, model, compare, document })
    }

    /// The file it was read from.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The model that the study asks for, on this world.
    ///
    /// # Errors
    /// A preset that cannot use the world as it is: `armington` on a world with inputs, unless `inputs = false`.
    pub fn model(&self, world: &World) -> Result<Model, Problem> {
        self.model.resolve(&self.document, world)
    }

    /// Whether the products of the world are used, where it has some: all but `[model] products = false` do.
    pub fn uses_products(&self) -> bool {
        self.model.uses_products()
    }

    /// Where the study asks for products, which a world without tables of them may make of its trade by product.
    pub(crate) fn asks_products(&self) -> Option<&std::ops::Range<usize>> {
        self.model.asks_products()
    }

    /// Whether the study asks for other models beside the main one.
    pub fn compares(&self) -> bool {
        self.compare.is_some()
    }

    /// The models to compare on this world, `main` being the study's own; `None` if it compares none.
    pub(crate) fn plan(&self, main: &Model, world: &World) -> Option<Plan> {
        self.compare.as_ref().map(|table| table.plan(main, world))
    }

    /// The elasticity sets to compare; `None` for the study's own alone.
    pub(crate) fn compared_sets(&self) -> Option<&Sets> {
        self.compare.as_ref()?.elasticities()
    }

    /// The problem of an elasticity between products on a world that is solved by sector; `None` if the study names none.
    pub(crate) fn no_products(&self) -> Option<Problem> {
        self.model.no_products(&self.document)
    }

    /// The problem of a comparison on a world that is solved by product.
    pub(crate) fn compares_products(&self) -> Problem {
        let span = self.compare.as_ref().map_or(0..0, |table| table.span().clone());
        by_sector_alone(self.document.problem(&span, "[compare] is for worlds by sector"))
    }

    /// The problem of a comparison that names one model only.
    pub(crate) fn compares_nothing(&self) -> Problem {
        let span = self.compare.as_ref().map_or(0..0, |table| table.span().clone());
        let problem = self.document.problem(&span, "[compare] names one model only: there is nothing to compare");
        problem.help("name two or more presets, elasticity sets, deficits or baselines")
    }
}
