//! Worlds whose sectors are sold as products: a small ICIO, a small BACI in its archive and tariffs with preferences, by hand.
#![allow(missing_docs, clippy::unwrap_used)]

mod tables;

use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;

use cobden::law::{self, Date, Question};
use cobden::{Disk, Format, Import, Imported, Problem, World, import_world};
use cobden_equilibrium::{Economy, Model, Outcome, Policy, ProductEconomy, ProductPolicy, Settings};
use cobden_world::Products;
use proptest::prelude::*;
use tables::icio;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const CHN: usize = 0;
const DEU: usize = 1;
const USA: usize = 2;
const ROW: usize = 3;
const FARMS: usize = 0;
const CARS: usize = 1;

/// Exporter, importer. Taiwan (490), France and Britain are in the rest of the world; 697 is nobody, 999999 nothing, and 870399 of another
/// edition.
const BACI: &str = "t,i,j,k,v,q\n\
    2022,276,842,870323,3000,1\n2022,276,842,870324,1000,1\n2022,156,842,870380,500,NA\n\
    2022,251,842,870323,150,1\n2022,490,842,870323,50,1\n2022,826,842,870323,100,1\n2022,251,826,870323,999,1\n\
    2022,156,842,10121,50,1\n2022,276,156,870323,10,1\n2022,276,156,870399,30,1\n2022,842,276,870323,20,1\n\
    2022,697,842,870323,40,1\n2022,276,842,999999,60,1\n2021,276,842,870324,7777,1\n";
const COUNTRIES: &str = "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n251,France,FR,FRA\n276,Germany,DE,DEU\n\
    490,\"Other Asia, nes\",,S19\n697,\"Europe EFTA, nes\",,R20\n826,United Kingdom,GB,GBR\n842,USA,US,USA\n";
const WORDS: &str = "code,description\n870323,\"Vehicles: 1,500 to 3,000 cc\"\n10121,Horses\n";

/// Germany's cars have two rates of their own, British ones enter free; nobody has one on 870380, whose heading is charged 2.5 and 7.5 per cent.
const TARIFFS: &str = "importer,exporter,product,rate\n\
    USA,DEU,870323,0.10\nUSA,DEU,870324,0.20\nUSA,*,870323,0.025\nUSA,*,870324,0.075\n\
    USA,GBR,870323,0\nCHN,,870323,0.15\nEU,USA,870323,0.12\n";

const GROUPS: &str = "[regions]\nUSA = [\"USA\"]\nREST = [\"CHN\", \"ROW\"]\nDEU = [\"DEU\"]\n[sectors]\nGOODS = [\"A01\", \"C29\"]\nSERV = [\"G\", \"K\"]\n";

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("2022_SML.csv", icio(0.0).as_bytes());
        desk.write("rates.csv", TARIFFS.as_bytes());
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let (old, new) = BACI.split_at(BACI.find("2021,").unwrap());
        let old_year = format!("t,i,j,k,v,q\n{new}");
        for (name, text) in [
            ("BACI_HS22_Y2021_V202601.csv", old_year.as_str()),
            ("BACI_HS22_Y2022_V202601.csv", old),
            ("country_codes_V202601.csv", COUNTRIES),
            ("product_codes_HS22_V202601.csv", WORDS),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        desk.write("BACI_HS22_V202601.zip", &zip.finish().unwrap().into_inner());
        desk
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self) -> Import {
        let path = |name: &str| self.0.path().join(name);
        Import {
            sources: vec![path("2022_SML.csv")],
            tariffs: vec![path("rates.csv")],
            products: vec![path("BACI_HS22_V202601.zip")],
            ..Import::default()
        }
    }
}

fn made(import: &Import) -> (Imported, Products) {
    let imported = import_world(import, &mut |_| {}).unwrap();
    let products = imported.products.clone().unwrap();
    (imported, products)
}

fn refused(import: &Import) -> Problem {
    import_world(import, &mut |_| {}).unwrap_err()
}

/// Value and rate of a foreign flow, zero where there is none.
fn cell(products: &Products, n: usize, i: usize, name: &str) -> (f64, f64) {
    let product = products.names().index(name).unwrap();
    let found = products.sparsity().find(n, i, product);
    found.map_or((0.0, 0.0), |cell| (products.imports()[cell], products.tariffs()[cell].0))
}

fn home(products: &Products, n: usize, name: &str) -> f64 {
    let product = products.names().index(name).unwrap();
    let mut found = 0.0;
    products.sparsity().each_run(|run, _, importer, of| {
        if (importer, of) == (n, product) {
            found = products.domestic()[run];
        }
    });
    found
}

/// Flows add up to the world's and rates average to them, by sums made here; and all products that a country buys of a sector have the same share of
/// home sales, if it imports any.
fn agrees(products: &Products, world: &World) {
    let mut sums = ndarray::Array3::<f64>::zeros(world.flows.dim());
    let mut revenue = sums.clone();
    let sparsity = products.sparsity();
    sparsity.each_run(|run, sector, n, _| {
        sums[[n, n, sector]] += products.domestic()[run];
        for cell in sparsity.cells(run) {
            let at = [n, sparsity.exporter(cell), sector];
            sums[at] += products.imports()[cell];
            revenue[at] += products.imports()[cell] * products.tariffs()[cell].0;
        }
    });
    for (at, flow) in world.flows.indexed_iter() {
        assert!((sums[at] - flow).abs() <= 1e-9 * flow, "{at:?}: {} against {flow}", sums[at]);
        assert!((revenue[at] - flow * world.tariffs[at].0).abs() <= 1e-12 * flow.max(1e-3), "{at:?}");
    }
    sparsity.each_run(|run, sector, n, _| {
        let all: f64 = (0..world.countries.len()).map(|i| world.flows[[n, i, sector]]).sum();
        let at_home = world.flows[[n, n, sector]];
        let bought = products.domestic()[run] + sparsity.cells(run).map(|cell| products.imports()[cell]).sum::<f64>();
        let apart = products.domestic()[run] * all - at_home * bought;
        assert!(all == at_home || apart.abs() <= 1e-12 * all * all, "{n} {sector}");
    });
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

#[test]
fn a_list_divides_the_flows_of_the_table() {
    let desk = Desk::new();
    let (imported, products) = made(&desk.import());
    let world = &imported.world;
    agrees(&products, world);
    assert!(world.accounts().imbalances(1e-10).is_empty());
    let plain = import_world(&Import { products: Vec::new(), ..desk.import() }, &mut |_| {}).unwrap().world;
    assert_eq!(world.flows, plain.flows, "the table says how large flows are");
    let names: Vec<&str> = products.names().iter().collect();
    let expected = ["010121", "A01 (whole)", "870323", "870324", "870380", "870399", "C29 (whole)", "G", "K"];
    assert_eq!(names, expected);
    assert_eq!(products.list()[2].description, "Vehicles: 1,500 to 3,000 cc");

    // Three quarters of German cars are of the smaller kind; each bears the rate on German ones, and their average is the sector's.
    let german = world.flows[[USA, DEU, CARS]];
    let (small, large) = (cell(&products, USA, DEU, "870323"), cell(&products, USA, DEU, "870324"));
    assert!(close(small.0, 0.75 * german) && close(large.0, 0.25 * german));
    assert!(close(small.1, 0.10) && close(large.1, 0.20) && close(world.tariffs[[USA, DEU, CARS]].0, 0.125));
    // A product without a line bears the mean of its heading, 2.5 and 7.5 per cent.
    assert!(close(cell(&products, USA, CHN, "870380").1, 0.05));
    // Of the rest of the world a third is British.
    assert!(close(cell(&products, USA, ROW, "870323").1, 0.025 * 2.0 / 3.0));
    assert!(close(cell(&products, USA, ROW, "870323").0, world.flows[[USA, ROW, CARS]]), "France, Britain and Taiwan");
    // China buys a product of another edition, of which the heading's mean is one rate.
    assert!(close(cell(&products, CHN, DEU, "870399").0, 0.75 * world.flows[[CHN, DEU, CARS]]));
    assert!(close(cell(&products, CHN, DEU, "870399").1, 0.15) && close(cell(&products, DEU, USA, "870323").1, 0.12));
    // Where the list has nothing, the flow is the sector's as a whole, at the sector's rate.
    let whole = cell(&products, CHN, USA, "C29 (whole)");
    assert!(close(whole.0, world.flows[[CHN, USA, CARS]]) && close(whole.1, 0.15));
    assert!(close(cell(&products, USA, DEU, "A01 (whole)").0, world.flows[[USA, DEU, FARMS]]));
    assert!(close(cell(&products, USA, CHN, "G").0, world.flows[[USA, CHN, 2]]), "services are products of their own");

    // Home sales divide as imports do, so that every product has the same share of home sales.
    let imports: f64 = [CHN, DEU, ROW].map(|i| world.flows[[USA, i, CARS]]).iter().sum();
    let share = 0.75 * german + world.flows[[USA, ROW, CARS]];
    assert!(close(home(&products, USA, "870323"), world.flows[[USA, USA, CARS]] * share / imports));
    assert!(
        close(home(&products, ROW, "C29 (whole)"), world.flows[[ROW, ROW, CARS]]),
        "the list has no importer there"
    );
}

#[test]
fn the_report_says_how_far_list_and_table_are_apart() {
    let desk = Desk::new();
    let (imported, products) = made(&desk.import());
    let (world, told) = (&imported.world, imported.report.products.as_ref().unwrap());
    assert_eq!((told.year, told.products, told.flows), (2022, 9, products.flows()));
    // Thousands became millions.
    assert!(close(told.list_total, 6.009));
    let parts = [told.no_sector_pct, told.unknown_country_pct, told.within_region_pct];
    assert!(close(parts[0], 6.0 / 6.009) && close(parts[1], 4.0 / 6.009) && close(parts[2], 99.9 / 6.009), "{parts:?}");
    let flow = |n: usize, i: usize, j: usize| world.flows[[n, i, j]];
    let cars: f64 =
        (0..4).flat_map(|n| (0..4).map(move |i| (n, i))).filter(|(n, i)| n != i).map(|(n, i)| flow(n, i, 1)).sum();
    let known = [(USA, DEU), (USA, CHN), (USA, ROW), (CHN, DEU), (DEU, USA)].map(|(n, i)| flow(n, i, CARS));
    let sector = &told.sectors[1];
    assert_eq!((sector.sector.as_str(), sector.products), ("C29", 4));
    assert!(
        close(sector.list, 4.86)
            && close(sector.table, cars)
            && close(sector.covered_pct, 100.0 * known.iter().sum::<f64>() / cars)
    );
    let covered = known.iter().sum::<f64>() + flow(USA, CHN, FARMS);
    assert!(close(told.list_over_table, 4.91 / covered));
    let pairs = [4.0, 0.5, 0.3, 0.04, 0.02].iter().zip(known).chain([(&0.05, flow(USA, CHN, FARMS))]);
    let distance: f64 = pairs.map(|(v, m)| m * (v / m * covered / 4.91).ln().abs()).sum();
    assert!(close(told.mean_log_distance, distance / covered));
    let text = imported.report.remarks.join("\n");
    for said in [
        "13 rows of 2022 from BACI_HS22_V202601.zip (CEPII BACI, zip archive)",
        "1 products are of no sector of the table and were left out, 1.00 % of the list: 999999",
        "1 products have codes of another edition of the Harmonized System; they went to the sector of their heading: 870399",
        "left out, being no country that cobden knows: R20",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let proof: serde_json::Value = serde_json::from_slice(&imported.files[0].1).unwrap();
    assert_eq!(
        (&proof["files"][1]["role"], &proof["products"]["sectors"][1]["products"]),
        (&"trade".into(), &4.into())
    );
    // Of 4.91 that count: 870380 and 870399, 0.53, by heading; horses, 0.05, by sector.
    assert!(text.contains("10.8 % the mean of its heading and 1.0 % that of its sector"), "{text}");
}

#[test]
fn the_directory_reads_back_as_it_was_made() {
    let desk = Desk::new();
    let (imported, products) = made(&desk.import());
    for format in [Format::Csv, Format::Parquet] {
        let folder = desk.0.path().join(format!("{format:?}"));
        imported.save(&folder, format).unwrap();
        let disk = Disk::new(&folder);
        assert_eq!(World::read(&disk).unwrap(), imported.world);
        assert_eq!(Products::read(&disk, &imported.world).unwrap().unwrap(), products);
        // Another world must not inherit them.
        let plain = import_world(&Import { products: Vec::new(), ..desk.import() }, &mut |_| {}).unwrap();
        let problem = plain.save(&folder, format).unwrap_err();
        assert!(problem.message.contains("is not of this world"), "{problem}");
        assert_eq!(Products::read(&disk, &imported.world).unwrap().unwrap(), products, "nothing was written");
    }
}

/// A code in two sectors is a product in each; merged, they are one.
#[test]
fn merging_regions_and_sectors_commutes_with_the_list() {
    let desk = Desk::new();
    let both = desk
        .write("codes.csv", b"from,to,weight\n870323,C29,3\n870323,A01,1\n870324,C29,1\n870380,C29,1\n010121,A01,1\n");
    let fine = Import { concordance: Some(both), ..desk.import() };
    let groups = desk.write("groups.toml", GROUPS.as_bytes()).display().to_string();
    let (one, by_country) = made(&fine);
    let (two, merged) = made(&Import { regions: Some(groups.clone()), sectors: Some(groups), ..fine });
    agrees(&by_country, &one.world);
    agrees(&merged, &two.world);
    let of = |names: &'static str| by_country.names().iter().filter(|name| name.starts_with(names)).collect::<Vec<_>>();
    assert_eq!(of("870323"), ["870323 A01", "870323 C29"]);
    let names: Vec<&str> = merged.names().iter().collect();
    assert_eq!(names, ["010121", "870323", "870324", "870380", "870399", "GOODS (whole)", "SERV"]);
    let region = |n: usize| [1, 2, 0, 1][n];
    let code = |name: &str| match name.split(' ').collect::<Vec<_>>()[..] {
        ["G" | "K"] => "SERV".to_owned(),
        ["A01" | "C29", _] => "GOODS (whole)".to_owned(),
        [code, ..] => code.to_owned(),
        [] => String::new(),
    };
    let mut sums = std::collections::BTreeMap::<(usize, usize, String), (f64, f64)>::new();
    let sparsity = by_country.sparsity();
    sparsity.each_run(|run, _, n, product| {
        for cell in sparsity.cells(run) {
            let (to, from) = (region(n), region(sparsity.exporter(cell)));
            let sum = sums.entry((to, from, code(&by_country.names()[product]))).or_default();
            sum.0 += by_country.imports()[cell];
            sum.1 += by_country.imports()[cell] * by_country.tariffs()[cell].0;
        }
    });
    sums.retain(|(to, from, _), _| to != from);
    for ((n, i, name), (value, revenue)) in &sums {
        let (found, rate) = cell(&merged, *n, *i, name);
        assert!(close(found, *value) && (rate - revenue / value).abs() < 1e-14, "{n} {i} {name}");
    }
    assert_eq!(merged.sparsity().cell_count(), sums.len());
}

/// Every product has the same share of home sales, so a tariff on all of a sector acts as in the sector model; one on some does not.
#[test]
fn a_uniform_tariff_acts_as_on_sectors() {
    let desk = Desk::new();
    let (imported, products) = made(&Import { elasticities: Some("4".to_owned()), ..desk.import() });
    let (world, model, settings) = (&imported.world, Model::default(), Settings::default());
    let theta = world.elasticities.as_ref().unwrap();
    let sectors = Economy::calibrate(world, theta, &model, &settings).unwrap();
    let nested = ProductEconomy::calibrate(world, &products, theta, &model, &settings).unwrap();
    let (mut by_sector, mut by_product) = (Policy::status_quo(world), ProductPolicy::status_quo(&products));
    for ((n, i, _), rate) in by_sector.tariffs.indexed_iter_mut() {
        rate.0 += if n == USA && i != n { 0.1 } else { 0.0 };
    }
    let sparsity = products.sparsity();
    sparsity.each_run(|run, _, n, _| {
        sparsity.cells(run).filter(|_| n == USA).for_each(|cell| by_product.tariffs[cell].0 += 0.1);
    });
    let one = sectors.solve(&by_sector, None, &settings).unwrap();
    let two = nested.solve(&by_product, None, &settings).unwrap();
    assert!(one.report.stop.converged() && two.report().stop.converged());
    let welfare = |outcome: Outcome| outcome.countries[USA].welfare_pct;
    let (one, two) = (welfare(Outcome::new(&sectors, &one)), welfare(nested.outcome(&two)));
    assert!((one - two).abs() < 0.02 * one.abs(), "{one} {two}");
}

/// Lists by region of the table and by country understand each other.
#[test]
fn lines_on_regions_and_countries_meet() {
    let desk = Desk::new();
    let list = |trade: &str, rates: &str| {
        let trade = format!("importer,exporter,product,value\n{trade}");
        let rates = format!("importer,exporter,product,rate\n{rates}");
        let products = vec![desk.write("own.csv", trade.as_bytes())];
        made(&Import { products, tariffs: vec![desk.write("own-rates.csv", rates.as_bytes())], ..desk.import() }).1
    };
    let rate = |products: &Products| cell(products, USA, ROW, "870323").1;
    let by_region = list("USA,ROW,870323,1\n", "USA,*,870323,0.1\nUSA,THA,870323,0.3\n");
    assert!(close(rate(&by_region), 0.3), "the only line on anyone of the region");
    let by_country = list("USA,THA,870323,1\nUSA,VNM,870323,3\n", "USA,ROW,870323,0.2\nUSA,VNM,870323,0.4\n");
    assert!(close(rate(&by_country), 0.25 * 0.2 + 0.75 * 0.3), "Viet Nam has two lines");
    // A list at ten digits and rates at six, and the other way round.
    let finer = list("USA,DEU,8703231000,1\nUSA,DEU,8703239000,3\n", "USA,*,870323,0.1\nUSA,*,8703239000,0.3\n");
    assert!(close(cell(&finer, USA, DEU, "8703231000").1, 0.1) && close(cell(&finer, USA, DEU, "8703239000").1, 0.2));
    let coarser = list("USA,DEU,870323,1\n", "USA,*,8703231000,0.1\nUSA,*,8703239000,0.3\nUSA,DEU,8703231000,0\n");
    assert!(close(cell(&coarser, USA, DEU, "870323").1, 0.1), "half of the lines are on German cars alone");
    // Members of the European Union charge each other nothing, wherever the table has them; what they charge others is the Union's.
    let union = list("DEU,FRA,870323,1\nDEU,GBR,870323,1\n", "EU,*,870323,0.1\n");
    assert!(close(cell(&union, DEU, ROW, "870323").1, 0.05));
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let desk = Desk::new();
    let with = |name: &str, text: &str| Import { products: vec![desk.write(name, text.as_bytes())], ..desk.import() };
    let problem = refused(&with("BACI_HS22_Y2021.csv", "t,i,j,k,v,q\n2021,276,842,870323,1,1\n"));
    assert!(
        problem.to_string().contains("no trade of 2022")
            && problem.help.unwrap().contains("--products-year; the file has 2021")
    );
    let problem = refused(&with("own.csv", "importer,exporter,product,value\nUSA,DEU,shoes,1\nUSA,CHN,hats,2\n"));
    assert!(problem.message.contains("none of its products is of a sector of the table: shoes, hats"), "{problem}");
    assert!(problem.help.unwrap().contains("--concordance"));
    let problem = refused(&with("own.csv", "importer,exporter,product,value\nUSA,Atlantis,870323,1\n"));
    assert!(problem.message.contains("no trade between regions of the table"), "{problem}");
    let problem = refused(&with("own.csv", "importer,exporter,product,value\nUSA,DEU,870323,many\n"));
    assert_eq!(problem.place.as_ref().map(|place| (place.line, place.column)), Some((2, 16)));
    let problem = refused(&Import { products: vec![desk.0.path().join("rates.csv")], ..desk.import() });
    assert!(problem.message.contains("has no trade by product"), "{problem}");
    // Another year of the archive, asked for.
    let (_, products) = made(&Import { products_year: Some(2021), ..desk.import() });
    assert_eq!(products.names().index("870323"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a list says, products add up to the world and their rates to its tariffs.
    #[test]
    fn products_of_any_list_add_up(
        trade in prop::collection::vec((0..6_usize, 0..6_usize, 0..6_usize, 0.0..9.0_f64), 1..40),
        tariffs in prop::collection::vec((0..6_usize, 0..7_usize, 0..6_usize, -0.2..2.0_f64), 1..30),
        stocks in -200.0..50.0_f64,
        merged in any::<bool>(),
    ) {
        let regions = ["CHN", "DEU", "USA", "GBR", "ROW", "EU"];
        let codes = ["010121", "870323", "87032310", "870324", "100199", "C29"];
        let desk = Desk::new();
        let mut list = "importer,exporter,product,value\nUSA,DEU,870323,1\n".to_owned();
        trade.iter().for_each(|(n, i, g, v)| list += &format!("{},{},{},{v}\n", regions[*n], regions[*i], codes[*g]));
        let mut rates = "importer,exporter,product,rate\n".to_owned();
        for (n, i, g, rate) in &tariffs {
            rates += &format!("{},{},{},{rate}\n", regions[*n], regions.get(*i).unwrap_or(&"*"), codes[*g]);
        }
        desk.write("2022_SML.csv", icio(stocks).as_bytes());
        desk.write("rates.csv", rates.as_bytes());
        let groups = desk.write("groups.toml", GROUPS.as_bytes()).display().to_string();
        let groups = merged.then_some(groups);
        let products = vec![desk.write("own.csv", list.as_bytes())];
        let (imported, products) = made(&Import { products, regions: groups.clone(), sectors: groups, ..desk.import() });
        agrees(&products, &imported.world);
        prop_assert!(products.check(&imported.world).is_ok());
    }
}

/// A day of law on an imported world: the list of trade weighs it, product by product.
#[test]
fn the_list_weighs_days_of_law() {
    let desk = Desk::new();
    let (imported, _) = made(&desk.import());
    let rest = &imported.world.members["ROW"];
    assert!(["FRA", "GBR"].iter().all(|country| rest.iter().any(|member| member == country)), "{rest:?}");
    let folder = desk.0.path().join("fine");
    imported.save(&folder, Format::Parquet).unwrap();
    let text = "title = \"t\"\nworld = \"fine\"\n[[case]]\nname = \"law\"\nas_of = 2025-10-20\n";
    let path = desk.write("study.toml", text.as_bytes());
    let study = cobden::open_study(&path).unwrap();
    let answer = cobden::run(study, &cobden::Options::default(), |_| ControlFlow::Continue(())).unwrap();
    assert!(answer.converged());
    let rate = |i: usize| answer.cases[0].policy.tariffs[[USA, i, CARS]].0;
    // The Union's cars pay 15 per cent in all, or their ordinary duty if that is more: three quarters paid 10, one quarter 20.
    assert!((imported.world.tariffs[[USA, DEU, CARS]].0 - 0.125).abs() < 1e-12);
    assert!((rate(DEU) - (0.75 * 0.15 + 0.25 * 0.20)).abs() < 1e-12, "{}", rate(DEU));
    // The rest of the world by what its countries sell: French cars as German ones, British and Taiwanese by their own law.
    let register = law::register().unwrap();
    let total = |exporter: &str, base: f64| {
        let on = |date| register.price(&Question::new("USA", exporter, "87032301", date).base(base)).unwrap().total;
        on(Date::constant(2025, 10, 20)) - on(Date::constant(2022, 12, 31))
    };
    let added = (150.0 * total("FRA", 2.5) + 50.0 * total("TWN", 2.5) + 100.0 * total("GBR", 0.0)) / 300.0 / 100.0;
    let before = imported.world.tariffs[[USA, ROW, CARS]].0;
    assert!((rate(ROW) - before - added).abs() < 1e-9, "{} {before} {added}", rate(ROW));
    let law = answer.laws.cases[0].as_ref().unwrap();
    assert!(law.importers.iter().any(|one| one.importer == USA && one.own_trade));
}
