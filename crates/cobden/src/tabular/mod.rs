//! Flat tables held whole: CSV of which every row knows its line, and columns of Parquet.

mod columns;
mod sheet;

pub(crate) use columns::{Column, Columns, Rows, write_columns};
pub(crate) use sheet::{Fields, Sheet};
