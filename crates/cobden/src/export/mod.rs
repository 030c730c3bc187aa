//! Worlds and results in the forms that other programs read: Parquet, Arrow, header arrays.

mod columns;
