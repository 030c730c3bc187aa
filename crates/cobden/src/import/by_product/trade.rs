//! A list of trade by product, added up by country and told by the regions of a table.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use cobden_data::concordance::Concordance;
use cobden_data::{InputOutput, ListFormat, TradeRecord, baci};
use cobden_world::Problem;
use ndarray::Array3;

use super::lists;
use crate::import::places::Places;
use crate::import::products::{Placed, Products as Placing};
use crate::import::source::Source;
use crate::import::telling::{Kind, nothing, told};

/// Rows that are kept before those of one cell are added up.
const ROWS: usize = 1 << 20;
/// Most cells, and most countries times products: what products of a world can hold, six times the world's trade at six digits.
const MOST: usize = 1 << 26;

/// Who bought which product from whom: cells above zero, by importer, exporter and product. Countries are those of the list, each in its region
/// of the table, since those who share a region do not share tariffs. What a region sells to itself is not among them.
pub(in crate::import) struct Trade {
    /// Every product that the list names.
    pub(in crate::import) products: Vec<Listed>,
    /// Every country.
    pub(in crate::import) countries: Vec<Country>,
    /// Country to its place in `countries`.
    places: BTreeMap<String, usize>,
    /// N, the number of regions of the table.
    regions: usize,
    /// `[n countries + i]`: the first cell of each pair, and one more.
    start: Vec<usize>,
    /// `[cell]`: the product, an index into `products`.
    product: Vec<u32>,
    /// `[cell]`: the value, in millions of the list's currency.
    value: Vec<f64>,
    pub(in crate::import) left_out: LeftOut,
    /// What was read, one sentence a file, and what a user should know of it.
    pub(in crate::import) remarks: Vec<String>,
}

/// A country of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::import) struct Country {
    /// Its region in the table.
    pub(in crate::import) region: usize,
    /// Whether it is a member of the European Union, who charge each other nothing.
    pub(in crate::import) member: bool,
}

/// A product of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::import) struct Listed {
    /// Its code.
    pub(in crate::import) code: String,
    /// Its sectors in the table, with shares; none if it is of no sector.
    pub(in crate::import) sectors: Vec<(usize, f64)>,
    /// Whether its heading says so, because the concordance does not know it.
    pub(in crate::import) by_heading: bool,
    /// In words; may be empty.
    pub(in crate::import) description: String,
}

/// Value of a list, in millions of its currency, by what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::import) struct LeftOut {
    /// All of it.
    pub(in crate::import) total: f64,
    /// Of countries that are not known.
    pub(in crate::import) unknown_country: f64,
    /// Between countries of one region, or of a country with itself.
    pub(in crate::import) within_region: f64,
    /// Of products that are of no sector.
    pub(in crate::import) no_sector: f64,
}

impl Trade {
    /// Reads lists of one year; values of one cell add up, in one file or in several. BACI's list of products (`product_codes*.csv`, beside its
    /// records in an archive) says what they are.
    ///
    /// # Errors
    /// A file that is no list of trade, that cannot be read, or that has nothing of the year; no product of any sector of the table, or no
    /// trade between its regions.
    pub(in crate::import) fn read(
        sources: &[Source],
        table: &InputOutput,
        year: i32,
        concordance: Option<&Concordance>,
    ) -> Result<Self, Problem> {
        let mut adder = Adder::new(Places::new(&table.regions)?);
        let mut remarks = Vec::new();
        let mut words = BTreeMap::new();
        for source in sources {
            if source.name().starts_with("product_codes") {
                words.append(&mut baci::read_products(source.open()?, &source.label)?);
                continue;
            }
            let format = source.list()?;
            let placing = Placing::new(lists::codes(format, source)?, &table.sectors, concordance)?;
            let summary = lists::each(source, format, year, &mut |record| {
                adder.add(&record, &placing).map_err(|problem| problem.in_file(&source.label))
            })?;
            if summary.read == 0 {
                return Err(nothing(Kind::Trade, source, year, &summary));
            }
            remarks.push(told(Kind::Trade, source, format, year, &summary));
            if format == ListFormat::BaciArchive {
                words.append(&mut baci::read_zip_products(source.open()?, &source.label)?);
            }
        }
        let mut trade = adder.finish(table.regions.len(), remarks);
        for product in &mut trade.products {
            if let Some(words) = words.remove(&product.code) {
                product.description = words.replace(char::is_control, " ");
            }
        }
        match (trade.value.is_empty(), sources.first()) {
            (true, Some(first)) => Err(trade.nowhere(table).in_file(&first.label)),
            _ => Ok(trade),
        }
    }

    /// The place of a country by its name, if the list has it.
    pub(in crate::import) fn place(&self, country: &str) -> Option<usize> {
        self.places.get(country).copied()
    }

    /// Every country with its name, in the order of `countries`.
    pub(in crate::import) fn names(&self) -> impl Iterator<Item = (&str, Country)> {
        let mut names: Vec<(&str, usize)> = self.places.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        names.sort_unstable_by_key(|(_, at)| *at);
        names.into_iter().map(|(name, at)| (name, self.countries[at]))
    }

    /// How many cells there are.
    pub(in crate::import) fn len(&self) -> usize {
        self.value.len()
    }

    /// The cells of a pair, by product.
    pub(in crate::import) fn cells(&self, importer: usize, exporter: usize) -> Range<usize> {
        let pair = importer * self.countries.len() + exporter;
        self.start[pair]..self.start[pair + 1]
    }

    /// The product of a cell, an index.
    pub(in crate::import) fn product(&self, cell: usize) -> usize {
        self.product[cell] as usize
    }

    /// The value of a cell.
    pub(in crate::import) fn value(&self, cell: usize) -> f64 {
        self.value[cell]
    }

    /// Importer, exporter and sector of the table that a cell counts in.
    pub(in crate::import) fn at(&self, importer: usize, exporter: usize, sector: usize) -> [usize; 3] {
        [self.countries[importer].region, self.countries[exporter].region, sector]
    }

    /// `[n, i, j]`: the value in each flow of the table.
    pub(in crate::import) fn by_sector(&self, sectors: usize) -> Array3<f64> {
        let mut sums = Array3::zeros((self.regions, self.regions, sectors));
        for (n, i) in self.pairs() {
            for cell in self.cells(n, i) {
                for (j, share) in &self.products[self.product(cell)].sectors {
                    sums[self.at(n, i, *j)] += share * self.value[cell];
                }
            }
        }
        sums
    }

    /// Every importer with every exporter.
    pub(in crate::import) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let countries = self.countries.len();
        (0..countries).flat_map(move |n| (0..countries).map(move |i| (n, i)))
    }

    /// The cell of a product between two countries, if anything was bought.
    pub(in crate::import) fn find(&self, importer: usize, exporter: usize, product: usize) -> Option<usize> {
        let cells = self.cells(importer, exporter);
        let product = u32::try_from(product).ok()?;
        Some(cells.start + self.product[cells].binary_search(&product).ok()?)
    }

    /// The problem of a list none of which is of use.
    fn nowhere(&self, table: &InputOutput) -> Problem {
        let out = self.left_out;
        if out.total == 0.0 {
            return Problem::new("it has no trade above zero");
        }
        if out.no_sector >= out.unknown_country + out.within_region {
            let some: Vec<&str> = self.products.iter().take(3).map(|product| product.code.as_str()).collect();
            let what = format!("none of its products is of a sector of the table: {} ...", some.join(", "));
            return Problem::new(what)
                .help("give --concordance FILE, a table from, to, weight: from product to sector of the table");
        }
        let some: Vec<&str> = table.regions.iter().take(5).collect();
        let problem = Problem::new("it has no trade between regions of the table");
        problem.help(format!("the regions are {} ...; countries are told by any code or name", some.join(", ")))
    }
}

/// Adds up a list as it is read.
struct Adder {
    known_places: Places,
    countries: Vec<Country>,
    places: BTreeMap<String, usize>,
    importer: Last,
    exporter: Last,
    products: Vec<Listed>,
    known: HashMap<String, u32>,
    /// Cells by key, the first `settled` of them in order and each once.
    rows: Vec<(u64, f64)>,
    settled: usize,
    left_out: LeftOut,
}

/// A country code and what it means: lists are sorted, so the next row mostly has the same.
#[derive(Default)]
struct Last {
    code: String,
    countries: Vec<usize>,
}

impl Adder {
    fn new(known_places: Places) -> Self {
        Self {
            known_places,
            countries: Vec::new(),
            places: BTreeMap::new(),
            importer: Last::default(),
            exporter: Last::default(),
            products: Vec::new(),
            known: HashMap::new(),
            rows: Vec::new(),
            settled: 0,
            left_out: LeftOut::default(),
        }
    }

    /// The countries that a code means.
    fn look(&mut self, code: &str) -> Vec<usize> {
        let meant = self.known_places.countries(code);
        let place = |(name, region): (String, usize)| {
            let member = self.known_places.is_member(&name);
            *self.places.entry(name).or_insert_with(|| {
                self.countries.push(Country { region, member });
                self.countries.len() - 1
            })
        };
        meant.into_iter().map(place).collect()
    }

    /// Adds a record. The European Union as one stands for its members in equal parts: only how a member's trade divides over products is
    /// asked, and that is then the Union's.
    fn add(&mut self, record: &TradeRecord<'_>, placing: &Placing) -> Result<(), Problem> {
        let value = record.value;
        if value.is_nan() || value <= 0.0 {
            return Ok(());
        }
        self.left_out.total += value;
        if self.importer.code != record.importer {
            self.importer = Last { code: record.importer.to_owned(), countries: self.look(record.importer) };
        }
        if self.exporter.code != record.exporter {
            self.exporter = Last { code: record.exporter.to_owned(), countries: self.look(record.exporter) };
        }
        let pairs = self.importer.countries.len() * self.exporter.countries.len();
        if pairs == 0 {
            self.left_out.unknown_country += value;
            return Ok(());
        }
        let product = self.product(record.product, placing);
        if self.products[product as usize].sectors.is_empty() {
            self.left_out.no_sector += value;
            return Ok(());
        }
        let part = value / pairs as f64;
        for importer in &self.importer.countries {
            for exporter in &self.exporter.countries {
                if self.countries[*importer].region == self.countries[*exporter].region {
                    self.left_out.within_region += part;
                } else {
                    self.rows.push(((*importer as u64) << 48 | (*exporter as u64) << 32 | u64::from(product), part));
                }
            }
        }
        if self.rows.len() > 2 * self.settled + ROWS {
            self.settle();
        }
        if self.settled.max(self.countries.len() * self.products.len()) > MOST {
            let (countries, products) = (self.countries.len(), self.products.len());
            let what = format!("{countries} countries and {products} products with {} flows or more", self.settled);
            return Err(Problem::new(format!("{what} are more than can be held")).help("use codes of fewer digits"));
        }
        Ok(())
    }

    fn product(&mut self, code: &str, placing: &Placing) -> u32 {
        if let Some(known) = self.known.get(code) {
            return *known;
        }
        let (sectors, by_heading) = match placing.place(code) {
            Placed::Known(sectors) => (sectors.to_vec(), false),
            Placed::ByHeading(sector) => (vec![(sector, 1.0)], true),
            Placed::Nowhere => (Vec::new(), false),
        };
        // A list has some thousands of products; 4 billion would not fit into memory.
        let at = self.products.len() as u32;
        self.products.push(Listed { code: code.to_owned(), sectors, by_heading, description: String::new() });
        self.known.insert(code.to_owned(), at);
        at
    }

    /// Puts rows in order and adds up those of one cell.
    fn settle(&mut self) {
        // Stable, so that sums are made in the order of the file.
        self.rows.sort_by_key(|(key, _)| *key);
        self.rows.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        self.settled = self.rows.len();
    }

    fn finish(mut self, regions: usize, mut remarks: Vec<String>) -> Trade {
        self.settle();
        let countries = self.countries.len();
        let mut start = vec![0; countries * countries + 1];
        for (key, _) in &self.rows {
            let (importer, exporter) = ((key >> 48) as usize, (key >> 32 & 0xffff) as usize);
            start[importer * countries + exporter + 1] += 1;
        }
        (0..countries * countries).for_each(|pair| start[pair + 1] += start[pair]);
        remarks.extend(self.known_places.remark());
        Trade {
            countries: self.countries,
            places: self.places,
            regions,
            start,
            product: self.rows.iter().map(|(key, _)| *key as u32).collect(),
            value: self.rows.iter().map(|(_, value)| *value).collect(),
            products: self.products,
            left_out: self.left_out,
            remarks,
        }
    }
}
