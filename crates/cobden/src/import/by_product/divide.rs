//! The flows of a world divided over products.

use cobden_data::InputOutput;
use cobden_world::{Grouping, Mapping, Names, Problem, Product, Products, ProductsBuilder, Rate, World};
use ndarray::{Array2, Array3};

use super::trade::Trade;
use crate::law::WHOLE;

/// A list of trade with the tariffs on it, ready to divide the flows of a world that is made of the same table.
pub(in crate::import) struct Division {
    pub(in crate::import) trade: Trade,
    /// `[n, i, j]`: what the list says of each sector.
    pub(in crate::import) values: Array3<f64>,
    /// `[cell]` of the trade: its rate; none: that of its sector.
    rates: Vec<Option<Rate>>,
    /// `[n, i, j]`: rates of sectors where a product or a whole flow has none of its own.
    by_sector: Array3<Rate>,
}

/// What was bought of a product from somebody: its place, and value and revenue in some unit.
#[derive(Clone, Copy)]
pub(super) struct Part {
    key: u64,
    pub(super) value: f64,
    pub(super) revenue: f64,
}

impl Division {
    /// `rates` are those of the cells of the trade; where they are none, `by_sector` counts.
    pub(in crate::import) fn new(trade: Trade, rates: Vec<Option<Rate>>, by_sector: Array3<Rate>) -> Self {
        let values = trade.by_sector(by_sector.dim().2);
        Self { trade, values, rates, by_sector }
    }

    /// The tariffs of sectors: averages of their products where the list has any. Weights are the values of the list, to which the flows of
    /// products will be in proportion within each pair and sector, so that averages over flows are the same.
    pub(in crate::import) fn sector_tariffs(&self) -> Array3<Rate> {
        let mut revenue: Array3<f64> = Array3::zeros(self.values.dim());
        for (n, i) in self.trade.pairs() {
            for cell in self.trade.cells(n, i) {
                for (j, share) in &self.trade.products[self.trade.product(cell)].sectors {
                    let at = self.trade.at(n, i, *j);
                    revenue[at] += share * self.trade.value(cell) * self.rate(cell, at).0;
                }
            }
        }
        Array3::from_shape_fn(self.values.dim(), |at| {
            if self.values[at] > 0.0 { Rate(revenue[at] / self.values[at]) } else { self.by_sector[at] }
        })
    }

    pub(super) fn rate(&self, cell: usize, sector: [usize; 3]) -> Rate {
        self.rates[cell].unwrap_or(self.by_sector[sector])
    }

    /// The products of a world that was made of the table with [`Division::sector_tariffs`], by this mapping.
    ///
    /// # Errors
    /// More flows or products than can be held; names that cannot stand in a table.
    pub(in crate::import) fn products(
        &self,
        table: &InputOutput,
        mapping: &Mapping,
        world: &World,
    ) -> Result<Products, Problem> {
        let country = merged(&mapping.countries, &table.regions);
        let sector = merged(&mapping.sectors, &table.sectors);
        let shelf = Shelf::new(&self.trade, &sector, &world.sectors);
        let mut parts = self.parts(table, &country, &sector, &shelf);
        scale(&mut parts, &shelf, world);
        let home = home(&parts, &shelf, world);
        let used = shelf.used(&parts, &home);
        let place = |product: usize| used.binary_search(&product).unwrap_or_default();
        let list = used.iter().map(|product| shelf.product(*product, &used, world)).collect();
        let mut builder = ProductsBuilder::new(world, list)?;
        for part in &parts {
            let (n, i, product) = part.place();
            builder.flow(place(product), n, i, part.value)?;
            builder.tariff(place(product), n, i, Rate(part.revenue / part.value))?;
        }
        drop(parts);
        for ((n, product), value) in home.indexed_iter().filter(|(_, value)| **value > 0.0) {
            builder.flow(place(product), n, n, *value)?;
        }
        let products = builder.build()?;
        products.check(world)?;
        Ok(products)
    }

    /// The parts of all foreign flows of the table, in its unit and by regions and sectors of the world: what the list says of the flow, else
    /// the sector as a whole.
    fn parts(&self, table: &InputOutput, country: &[usize], sector: &[usize], shelf: &Shelf<'_>) -> Vec<Part> {
        let mut parts = Vec::with_capacity(self.trade.len());
        let mut add = |[n, i, _]: [usize; 3], product: usize, value: f64, rate: Rate| {
            let (n, i) = (country[n], country[i]);
            if n != i && value > 0.0 {
                parts.push(Part::new(n, i, product, value, value * rate.0));
            }
        };
        for (n, i) in self.trade.pairs() {
            for cell in self.trade.cells(n, i) {
                let listed = self.trade.product(cell);
                for (j, share) in &self.trade.products[listed].sectors {
                    let at = self.trade.at(n, i, *j);
                    let value = table.flows[at] * (share * self.trade.value(cell) / self.values[at]);
                    add(at, shelf.find(listed, sector[*j]), value, self.rate(cell, at));
                }
            }
        }
        for ((n, i, j), flow) in table.flows.indexed_iter().filter(|((n, i, j), _)| self.values[[*n, *i, *j]] <= 0.0) {
            add([n, i, j], shelf.whole(sector[j]), *flow, self.by_sector[[n, i, j]]);
        }
        Part::add_up(&mut parts);
        parts
    }
}

impl Part {
    /// `n` and `i` are below 2^16, `product` below 2^32.
    pub(super) fn new(n: usize, i: usize, product: usize, value: f64, revenue: f64) -> Self {
        Self { key: (n as u64) << 48 | (i as u64) << 32 | product as u64, value, revenue }
    }

    /// Puts parts in order of their places and adds up those of one place.
    pub(super) fn add_up(parts: &mut Vec<Self>) {
        // Stable, so that sums are made in the order of the source.
        parts.sort_by_key(|part| part.key);
        parts.dedup_by(|next, kept| {
            let same = next.key == kept.key;
            if same {
                kept.value += next.value;
                kept.revenue += next.revenue;
            }
            same
        });
    }

    /// Importer, exporter, product.
    pub(super) fn place(&self) -> (usize, usize, usize) {
        ((self.key >> 48) as usize, (self.key >> 32 & 0xffff) as usize, (self.key & 0xffff_ffff) as usize)
    }
}

/// Scales the parts of each flow to what it is in the world: negative cells of the table became zero there after regions were merged.
fn scale(parts: &mut Vec<Part>, shelf: &Shelf<'_>, world: &World) {
    for pair in parts.chunk_by_mut(|a, b| a.key >> 32 == b.key >> 32) {
        let mut sums = vec![0.0; world.sectors.len()];
        pair.iter().for_each(|part| sums[shelf.sector(part.place().2)] += part.value);
        for part in pair {
            let (n, i, product) = part.place();
            let sector = shelf.sector(product);
            let factor = world.flows[[n, i, sector]] / sums[sector];
            part.value *= factor;
            part.revenue *= factor;
        }
    }
    parts.retain(|part| part.value > 0.0);
}

/// `[n, product]`: home sales, divided as the country's imports of the sector are; where it imports none of it, as all countries' are.
fn home(parts: &[Part], shelf: &Shelf<'_>, world: &World) -> Array2<f64> {
    let (countries, sectors) = (world.countries.len(), world.sectors.len());
    let mut imports: Array2<f64> = Array2::zeros((countries, shelf.products.len()));
    for part in parts {
        let (n, _, product) = part.place();
        imports[[n, product]] += part.value;
    }
    let sums = |row: ndarray::ArrayView1<'_, f64>| {
        let mut sums = vec![0.0; sectors];
        row.iter().enumerate().for_each(|(product, value)| sums[shelf.sector(product)] += value);
        sums
    };
    let of_all = imports.sum_axis(ndarray::Axis(0));
    let sum_of_all = sums(of_all.view());
    for n in 0..countries {
        let own = sums(imports.row(n));
        for (product, value) in imports.row_mut(n).iter_mut().enumerate() {
            let sector = shelf.sector(product);
            let share = match (own[sector] > 0.0, sum_of_all[sector] > 0.0) {
                (true, _) => *value / own[sector],
                (false, true) => of_all[product] / sum_of_all[sector],
                // Nobody imports it.
                (false, false) => f64::from(u8::from(product == shelf.whole(sector))),
            };
            *value = world.flows[[n, n, sector]] * share;
        }
    }
    imports
}

/// All products that a world may have: those of the list by sector of the world, and each sector as a whole behind its products.
struct Shelf<'a> {
    trade: &'a Trade,
    /// Sector, and which of the list's products; none: the sector as a whole.
    products: Vec<(usize, Option<usize>)>,
    /// `[listed]`: the sectors of the world that it is in, and its place in each.
    places: Vec<Vec<(usize, usize)>>,
    /// `[sector]`: the place of the sector as a whole.
    wholes: Vec<usize>,
}

impl<'a> Shelf<'a> {
    fn new(trade: &'a Trade, sector: &[usize], sectors: &Names) -> Self {
        let mut products: Vec<(usize, Option<usize>)> = Vec::new();
        for (listed, product) in trade.products.iter().enumerate() {
            products.extend(product.sectors.iter().map(|(j, _)| (sector[*j], Some(listed))));
        }
        products.extend((0..sectors.len()).map(|sector| (sector, None)));
        let name = |listed: &Option<usize>| listed.map(|listed| trade.products[listed].code.as_str());
        // By code, and the sector as a whole last.
        products.sort_by_key(|(sector, listed)| (*sector, listed.is_none(), name(listed)));
        products.dedup();
        let mut places = vec![Vec::new(); trade.products.len()];
        let mut wholes = vec![0; sectors.len()];
        for (at, (sector, listed)) in products.iter().enumerate() {
            match listed {
                Some(listed) => places[*listed].push((*sector, at)),
                None => wholes[*sector] = at,
            }
        }
        Self { trade, products, places, wholes }
    }

    fn sector(&self, product: usize) -> usize {
        self.products[product].0
    }

    fn whole(&self, sector: usize) -> usize {
        self.wholes[sector]
    }

    /// A product of the list in one of its sectors.
    fn find(&self, listed: usize, sector: usize) -> usize {
        let place = self.places[listed].iter().find(|(of, _)| *of == sector);
        place.map_or(self.wholes[sector], |(_, at)| *at)
    }

    /// The products that somebody buys, and sectors that have none, in order.
    fn used(&self, parts: &[Part], home: &Array2<f64>) -> Vec<usize> {
        let mut used = vec![false; self.products.len()];
        parts.iter().for_each(|part| used[part.place().2] = true);
        home.indexed_iter().for_each(|((_, product), value)| used[product] |= *value > 0.0);
        for (sector, whole) in self.wholes.iter().enumerate() {
            let any = self.products.iter().zip(&used).any(|((of, _), used)| *of == sector && *used);
            used[*whole] |= !any;
        }
        (0..used.len()).filter(|product| used[*product]).collect()
    }

    /// A product as the world has it: named by its code, with its sector where the code alone would not tell. A sector that none of the used
    /// products divides bears its own name.
    fn product(&self, product: usize, used: &[usize], world: &World) -> Product {
        let (sector, listed) = self.products[product];
        let of = &world.sectors[sector];
        let Some(listed) = listed else {
            let alone = !used.iter().any(|other| *other != product && self.sector(*other) == sector);
            let name = if alone { of.to_owned() } else { format!("{of}{WHOLE}") };
            return Product { name, sector, ..Product::default() };
        };
        let code = &self.trade.products[listed].code;
        let several = self.places[listed].len() > 1;
        let taken = world.sectors.index(code).is_some_and(|other| other != sector);
        let name = if several || taken { format!("{code} {of}") } else { code.clone() };
        let description = self.trade.products[listed].description.clone();
        Product { name, sector, trade_elasticity: None, description }
    }
}

/// `[old]`: the place of the new name that each old one becomes part of.
pub(super) fn merged(grouping: &Grouping, old: &Names) -> Vec<usize> {
    // A name without a group was refused when the world was made.
    old.iter()
        .map(|name| grouping.new_name(name).and_then(|new| grouping.names().index(new)).unwrap_or_default())
        .collect()
}
