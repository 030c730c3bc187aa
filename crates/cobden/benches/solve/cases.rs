//! The worlds that are timed, and the shocks they are hit with.

use std::path::PathBuf;

use cobden_equilibrium::{Baseline, Economy, Model, Policy, Preset, Settings};
use cobden_world::{BalanceOptions, EmptyColumns, EmptyRows, Rate, World, read_elasticities, read_tariffs, toy::Toy};
use ndarray::{Array1, Array3};

/// A world, a model of it and the shock it is hit with.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) world: World,
    pub(crate) model: Model,
    pub(crate) tariffs: Array3<Rate>,
}

impl Case {
    pub(crate) fn theta(&self) -> &Array1<f64> {
        self.world.elasticities.as_ref().unwrap()
    }

    pub(crate) fn economy(&self) -> Economy {
        Economy::calibrate(&self.world, self.theta(), &self.model, &Settings::default()).unwrap()
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy { tariffs: self.tariffs.clone(), ..Policy::status_quo(&self.world) }
    }

    /// `N x J`.
    pub(crate) fn size(&self) -> String {
        format!("{}x{}", self.world.countries.len(), self.world.sectors.len())
    }
}

/// 20 points on everything the first country buys abroad, and 20 back.
pub(crate) fn trade_war(world: &World) -> Array3<Rate> {
    raised(world, 0.2, |n, i| n == 0 || i == 0)
}

fn raised(world: &World, points: f64, hit: impl Fn(usize, usize) -> bool) -> Array3<Rate> {
    let mut tariffs = world.tariffs.clone();
    for ((n, i, _), rate) in tariffs.indexed_iter_mut() {
        if n != i && hit(n, i) {
            rate.0 += points;
        }
    }
    tariffs
}

/// The embedded world: 24 x 18 with inputs.
pub(crate) fn embedded() -> Option<Case> {
    let world = cobden::open_world("icio-2022").unwrap();
    let tariffs = trade_war(&world);
    Some(Case { name: "icio-2022 (embedded)", world, model: Model::default(), tariffs })
}

/// Caliendo and Parro (2015): 31 x 40 with inputs, the tariffs of NAFTA.
pub(crate) fn nafta() -> Option<Case> {
    let files = cobden::Disk::new(data("caliendo-parro-1993")?);
    let world = World::read(&files).unwrap();
    let tariffs = read_tariffs(&files, "tariffs.nafta", &world.countries, &world.sectors).unwrap();
    let model = Model { baseline: Baseline::Balanced, ..Model::default() };
    Some(Case { name: "NAFTA (1993)", world, model, tariffs })
}

/// OECD ICIO: 77 x 23 with inputs, balanced here; the United States adds 20 points on all.
pub(crate) fn oecd() -> Option<Case> {
    let files = cobden::Disk::new(data("icio-2022-77x23")?);
    let mut world = World::read(&files).unwrap();
    let set = read_elasticities(&files, "elasticities.fontagne-guimbard-orefice-2022", &world.sectors).unwrap();
    world.elasticities = Some(set.trade_elasticity);
    let options = BalanceOptions { empty_rows: EmptyRows::FinalDemand, empty_columns: EmptyColumns::ValueAdded };
    let (world, _) = world.balance(&options).unwrap();
    let usa = world.countries.index("USA").unwrap();
    let tariffs = raised(&world, 0.2, |n, _| n == usa);
    Some(Case { name: "ICIO 2022, balanced", world, model: Model::default(), tariffs })
}

/// The 81 x 28 world of the US tariff scenarios, no inputs; 10 % on all and all answer.
pub(crate) fn us_tariff() -> Option<Case> {
    let files = cobden::Disk::new(data("ustariff-icio-2022")?);
    let mut world = World::read(&files).unwrap();
    let set = read_elasticities(&files, "elasticities.in-sample", &world.sectors).unwrap();
    world.elasticities = Some(set.trade_elasticity);
    let usa = world.countries.index("USA").unwrap();
    let tariffs = raised(&world, 0.1, |n, i| n == usa || i == usa);
    let model = Model { preset: Preset::Armington, baseline: Baseline::Solved, ..Model::default() };
    Some(Case { name: "US tariffs, no inputs", world, model, tariffs })
}

/// Ossa (2014): 7 x 33, profits.
pub(crate) fn ossa() -> Option<Case> {
    let world = World::read(&cobden::Disk::new(data("ossa-2014")?)).unwrap();
    let tariffs = trade_war(&world);
    let model = Model { preset: Preset::Ossa, baseline: Baseline::Balanced, ..Model::default() };
    Some(Case { name: "Ossa (2014)", world, model, tariffs })
}

/// A synthetic world with inputs.
pub(crate) fn toy() -> Option<Case> {
    let world = Toy { countries: 30, sectors: 20, ..Toy::default() }.world();
    let tariffs = trade_war(&world);
    Some(Case { name: "toy (synthetic)", world, model: Model::default(), tariffs })
}

/// The folder of a world of the test data, if it is there.
fn data(id: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let folder = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from).join("worlds").join(id);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {id} absent");
    None
}
