//! Reads products from the tables of a world directory.

use super::{Product, Products, ProductsBuilder};
use crate::{
    Files, Names, Problem, Rate, World, csv,
    manifest::name_fault,
    problem::clip,
    table::{self, Key, RowFault, Schema, TextSchema},
};

/// Most products: runs are bounded by the builder, and this bounds the list before it gets there.
const MOST_PRODUCTS: usize = 1 << 20;

impl Products {
    /// Reads `product_sectors`, `product_flows` and `product_tariffs`, each `.csv` or `.parquet`, row by row. `None` if the directory has no
    /// products.
    ///
    /// A sector that no product names is a product of its own, with the flows and tariffs of the world.
    ///
    /// # Errors
    /// The first thing wrong, with file, line and column, as in [`World::read`]; `product_flows` without `product_sectors` or the other way round. Whether
    /// products add up to the world is for [`Products::check`] to say.
    pub fn read(files: &dyn Files, world: &World) -> Result<Option<Products>, Problem> {
        let Some(mut list) = list(files, world)? else { return Ok(None) };
        // Every given name is new, so this cannot fail.
        let names = Names::new(list.iter().map(|product| product.name.clone())).unwrap_or_default();
        let given = list.len();
        let alone = |sector: &usize| !list.iter().any(|product| product.sector == *sector);
        let alone: Vec<usize> = (0..world.sectors.len()).filter(alone).collect();
        list.extend(alone.iter().map(|sector| Product {
            name: world.sectors[*sector].to_owned(),
            sector: *sector,
            ..Product::default()
        }));
        let mut builder = ProductsBuilder::new(world, list).map_err(|p| p.in_file(files.label(SECTORS_FILE)))?;
        let mut flow = |at: &[usize], value: f64| builder.flow(at[2], at[0], at[1], value);
        if !read_each(files, "product_flows", "value", world, &names, &mut flow)? {
            let problem = Problem::new("no product_flows.csv or product_flows.parquet here");
            return Err(problem.help("they hold importer,exporter,product,value").in_file(files.label(FLOWS_FILE)));
        }
        let mut tariff = |at: &[usize], rate: f64| builder.tariff(at[2], at[0], at[1], Rate(rate));
        read_each(files, "product_tariffs", "rate", world, &names, &mut tariff)?;
        for (position, sector) in alone.iter().enumerate() {
            for (n, i) in (0..world.countries.len()).flat_map(|n| (0..world.countries.len()).map(move |i| (n, i))) {
                builder.flow(given + position, n, i, world.flows[[n, i, *sector]])?;
                builder.tariff(given + position, n, i, world.tariffs[[n, i, *sector]])?;
            }
        }
        builder.build().map(Some).map_err(|problem| problem.in_file(files.label(FLOWS_FILE)))
    }
}

const SECTORS_FILE: &str = "product_sectors.csv";
const FLOWS_FILE: &str = "product_flows.csv";

/// A table by importer, exporter and product.
fn read_each(
    files: &dyn Files,
    table: &str,
    value: &str,
    world: &World,
    products: &Names,
    take: table::Take<'_>,
) -> Result<bool, Problem> {
    let country = |column| Key { column, kind: "country", names: &world.countries };
    let product = Key { column: "product", kind: "product", names: products };
    let keys = [country("importer"), country("exporter"), product];
    table::read_each(files, &Schema { table, keys: &keys, value, refuse: |_, _| None }, take)
}

/// `product_sectors`.
fn list(files: &dyn Files, world: &World) -> Result<Option<Vec<Product>>, Problem> {
    let schema = TextSchema {
        table: "product_sectors",
        required: &["product", "sector"],
        optional: &["trade_elasticity", "description"],
    };
    let mut list: Vec<Product> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let found = table::read_texts(files, &schema, &mut |texts| {
        let fault = |column: usize, problem: Problem| RowFault { column: Some(column), problem };
        let (name, sector) = (texts[0], texts[1]);
        if let Some(what) = name_fault(name) {
            return Err(fault(0, Problem::new(format!("the name \"{}\" {what}", clip(name)))));
        }
        if list.len() >= MOST_PRODUCTS {
            return Err(fault(0, Problem::new(format!("more than {MOST_PRODUCTS} products"))));
        }
        if !seen.insert(name.to_owned()) {
            let problem = Problem::new(format!("product \"{}\" stands twice", clip(name)));
            return Err(fault(0, problem.help("a product belongs to one sector")));
        }
        let Some(sector) = world.sectors.index(sector) else {
            return Err(fault(1, Problem::unknown("sector", sector, world.sectors.iter())));
        };
        let trade_elasticity = match texts[2] {
            "" => None,
            text => Some(csv::number(text).map_err(|problem| fault(2, problem))?),
        };
        if let Some(theta) = trade_elasticity.filter(|theta| *theta <= 0.0) {
            let problem = Problem::new(format!("trade elasticity {theta} is not above 0"));
            return Err(fault(2, problem.help("theta = sigma - 1, usually between 1 and 20")));
        }
        list.push(Product { name: name.to_owned(), sector, trade_elasticity, description: texts[3].to_owned() });
        Ok(())
    })?;
    Ok(found.then_some(list))
}
