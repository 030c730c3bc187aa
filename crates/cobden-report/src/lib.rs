//! Tables, charts, maps and one self-contained HTML page; knows no economics.
//!
//! The caller fills a [`Page`] with names, numbers and words; [`render`] returns the document.
//! The crate is pure: strings in, strings out.

mod bars;
mod beside;
mod colour;
mod contents;
mod diversion;
mod geography;
mod growth;
mod heat;
mod land;
mod map;
mod page;
mod projection;
mod question;
pub mod scale;
mod sectors;
mod shapes;
mod steps;
mod strips;
mod svg;
mod waterfall;

pub use contents::{Case, Diversion, Entry, KeyFigure, Measure, Page, Region, Remark, Sector, SectorPanel, Source};
pub use growth::{Growth, Line};
pub use map::map_svg;
pub use page::{Error, render};
pub use question::{Card, Chart, Exhibit, Frontier, Grid, Mark, Place, Plain, Question, Standing, Standings};
pub use shapes::{Shape, Shapes, Swatch, shapes, swatches};
pub use steps::{StepLine, StepMark, Steps};
pub use strips::{Comparison, Spread, StripChoice, Strips};
pub use waterfall::{Breakdown, Step};
