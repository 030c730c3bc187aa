//! Tables, charts, maps and one self-contained HTML page; knows no economics.
//!
//! The caller fills a [`Page`] with names, numbers and words; [`render`] returns the document.
//! The crate is pure: strings in, strings out.

mod contents;
mod page;
pub mod scale;

pub use contents::{
    Case, Diversion, Entry, KeyFigure, Measure, Page, Region, Remark, Sector, SectorPanel, Source,
};
pub use page::{Error, render};
