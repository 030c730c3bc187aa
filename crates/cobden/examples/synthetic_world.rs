//! Writes a synthetic world with products as a world directory: `cobden run` solves it by product. Its numbers describe no economy.
//!
//!     cargo run --release --example synthetic_world -- FOLDER [MILLIONS OF FLOWS]
//!
//! One million flows unless said; eleven are 200 countries and 5,000 products, about 120 MB.
#![allow(clippy::print_stdout)]

use std::path::Path;

use cobden::{Format, Problem, save_world};
use cobden_world::synthetic::Synthetic;

fn main() -> Result<(), Problem> {
    let mut arguments = std::env::args().skip(1);
    let usage = || Problem::new("say the folder to write").help("synthetic_world FOLDER [MILLIONS]");
    let folder = arguments.next().ok_or_else(usage)?;
    let millions: usize = arguments.next().map_or(Ok(1), |text| text.parse()).map_err(|_| usage())?;
    let asked = Synthetic { products: 5_000 * millions / 11, flows: millions * 1_000_000, ..Synthetic::default() };
    let (world, products) = asked.world();
    save_world(Path::new(&folder), &world, Format::Parquet, &products.to_files(&world, Format::Parquet)?)?;
    println!("{folder}: {} products, {} flows above zero", products.names().len(), products.flows());
    Ok(())
}
