//! What averaging tariff law over sectors does to welfare: US imports of 2024 by product through the register, against the same law as
//! averages of the embedded world's sectors.
//!
//!     cargo run --release --example products_or_sectors
//!     cargo run --release --example products_or_sectors -- FOLDER 1.5
//!
//! A number among the arguments is the elasticity of substitution between products of a sector, 1 if none is. Products are those that the embedded world tells apart (six digits, finer where the law is); with a folder that holds `us-imports-2024/imports.parquet`
//! (`law::customs_records`) they are all ten-digit codes and all partners.
#![allow(clippy::print_stdout)]

use std::path::Path;

use cobden::law::{self, ByProduct, Date, Moment, Weights};
use cobden::{Model, Problem, Settings};
use cobden_equilibrium::{Economy, Outcome, ProductEconomy};

fn main() -> Result<(), Problem> {
    let opened = cobden::find_world("icio-2022")?;
    let world = &opened.world;
    let mut weights = Weights::read(opened.files.as_ref())?.ok_or_else(|| Problem::new("the world has no weights"))?;
    let register = law::register()?;
    let mut model = Model::default();
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(eta) => model.product_elasticity = eta,
            Err(_) => weights.trades = vec![law::customs_records(register, Path::new(&argument))?],
        }
    }
    let trade = ByProduct::new(world, &weights, register, "USA")?;
    let (products, flows) = trade.size();
    println!("{products} products by sector, {flows} flows into the United States\n");

    let theta = world.elasticities.clone().ok_or_else(|| Problem::new("the world has no elasticities"))?;
    let settings = Settings::default();
    let by_product = ProductEconomy::calibrate(world, trade.products(), &theta, &model, &settings)?;
    let by_sector = Economy::calibrate(world, &theta, &model, &settings)?;
    println!("day         country   by product   by sector   difference, percentage points of real income");
    for day in [
        Date::constant(2025, 4, 5),
        Date::constant(2025, 4, 12),
        Date::constant(2025, 8, 8),
        Date::constant(2025, 11, 15),
        Date::constant(2026, 6, 1),
    ] {
        let (fine, coarse) = trade.law(register, Moment::on(day))?;
        let fine = by_product.solve(&fine, None, &settings)?;
        let coarse = by_sector.solve(&coarse, None, &settings)?;
        if !(fine.report().stop.converged() && coarse.report.stop.converged()) {
            return Err(Problem::new(format!("{day}: a solve did not converge")));
        }
        let (fine, coarse) = (by_product.outcome(&fine), Outcome::new(&by_sector, &coarse));
        let mut rows: Vec<(usize, f64, f64)> = (0..world.countries.len())
            .map(|n| (n, fine.countries[n].welfare_pct, coarse.countries[n].welfare_pct))
            .collect();
        rows.sort_by(|a, b| (b.1 - b.2).abs().total_cmp(&(a.1 - a.2).abs()));
        let usa = world.countries.index("USA").and_then(|usa| rows.iter().position(|row| row.0 == usa));
        for at in usa.into_iter().chain((0..rows.len()).filter(|at| Some(*at) != usa).take(4)) {
            let (n, fine, coarse) = rows[at];
            println!("{day}  {:8}  {fine:>+10.3}  {coarse:>+10.3}  {:>+11.3}", &world.countries[n], fine - coarse);
        }
        let mean = rows.iter().map(|(_, fine, coarse)| (fine - coarse).abs()).sum::<f64>() / rows.len() as f64;
        println!("{day}  all       mean difference without sign {mean:>+25.3}\n");
    }
    Ok(())
}
