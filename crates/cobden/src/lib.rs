//! Who pays and who gains when tariffs change: studies, worlds and results.
//!
//! This crate tells the story that the crates below it make possible: a [`Study`] says what is asked, [`run`] answers it,
//! and a [`Passport`] proves of what the [`Answer`] was made. It is the only library of cobden that touches disk and clock.

mod answer;
mod by_product;
mod cases;
pub mod data;
mod describe;
mod disk;
mod export;
pub mod game;
mod glossary;
mod hinge;
mod import;
pub mod labels;
pub mod law;
mod library;
mod load;
pub mod models;
mod page;
mod passport;
mod recipe;
mod replicate;
pub mod result;
mod run;
mod save;
mod screen;
pub mod session;
mod stop;
pub mod study;
mod tabular;
mod why;

use cobden_world::document;

pub use answer::{Answer, CaseAnswer, Solver};
pub use by_product::{ByProductAnswer, ProductChange};
pub use describe::{CountryFacts, Description, SectorFacts};
pub use disk::{Disk, read_file, write_directory};
pub use document::{Document, Located};
pub use export::{Form as ExportForm, export};
pub use game::Strategy;
pub use glossary::{TERMS, Term, explain, glossary};
pub use hinge::{Assumption, Hinge, RISE};
pub use import::{
    Import, ImportReport, Imported, ImportedProducts, ImportedRegion, ImportedSector, SourceFile, import_world,
};
pub use library::{EmbeddedElasticities, EmbeddedWorld, elasticities, elasticity_sets, open_world, worlds};
pub use load::{ElasticitySet, OpenWorld, find_world, open_study};
pub use page::page;
pub use passport::Passport;
pub use recipe::{BuildReport, DATA_VARIABLE, MergedElasticities, RegionReport, build_world};
pub use replicate::{
    Compared, Comparison, Line, Plan, Replicated, Replication, Table, Verdict, replicate, replication, replications,
    replications_csv, replications_json,
};
pub use run::{Failure, Options, Progress, run};
pub use save::{save_answer, save_world};
pub use screen::{CoalitionLine, Coalitions, Inquiry, Row, Screen};
pub use study::{
    Action, Case, CaseLaw, Change, Deed, ImporterPart, Law, LawKeys, Laws, MeasurePart, Move, PolicyRow, Schedules,
    Selection, Study, Tables,
};
pub use why::{Explain, Part, Why};

pub use cobden_equilibrium::{Baseline, Decomposition, Deficits, Model, OBSERVED_TOLERANCE, Parts, Preset, Settings};
pub use cobden_world::{Accounts, Format, Identity, Imbalance, Place, Problem, Rate, World};
