//! What a world weighs rates with: trade by product, and the sector of every product.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use cobden_measures::{Concordance, Date, Trade};
use cobden_world::{Files, Names, Problem};

use crate::tabular::{Columns, Sheet};

/// The table `importer, exporter, product, value, base` of a world directory, without its ending.
pub(crate) const IMPORTS: &str = "imports";
/// The table `hs, sector, share` of a world directory, without its ending.
pub(crate) const PRODUCTS: &str = "products";

const COLUMNS: [&str; 5] = ["importer", "exporter", "product", "value", "base"];

/// What the rates of the register are weighed with, from two tables of a world directory:
///
/// | file | columns | meaning |
/// |---|---|---|
/// | `products.csv` | `hs, sector, share` | which sector a product is of, by the first digits of its code; the longest code counts |
/// | `imports.csv` or `.parquet` | `importer, exporter, product, value, base` | what importers bought, before tariff in any unit, and the ordinary duty as a decimal rate |
///
/// Countries in `imports` are those of the register (ISO 3166 alpha-3, or the code of a group), finer than the regions of the world as a rule.
/// Lines `# law: 2024-12-31` and `# weights: ...` at the head of `products.csv` say whose law the tariffs of the world are, and where the values come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Importers whose trade is at hand, at least one.
    pub trades: Vec<Trade>,
    /// Which product is of which sector.
    pub sectors: Concordance,
    /// The day whose law the tariffs of the world are, if it says so.
    pub law: Option<Date>,
    /// Where the values come from.
    pub source: String,
    /// BLAKE3 of both tables as they were read.
    pub hash: String,
}

impl Weights {
    /// Reads both tables of a world directory; `None` if it has neither.
    ///
    /// # Errors
    /// One of the tables without the other; a table that is wrong, where it is.
    pub fn read(files: &dyn Files) -> Result<Option<Self>, Problem> {
        let products = bytes(files, &format!("{PRODUCTS}.csv"))?;
        let endings = ["csv", "parquet"].map(|ending| format!("{IMPORTS}.{ending}"));
        let [text, binary] = [bytes(files, &endings[0])?, bytes(files, &endings[1])?];
        let (products, imports) = match (products, text.or(binary.clone())) {
            (None, None) => return Ok(None),
            (Some(products), Some(imports)) => (products, imports),
            (products, _) => {
                let (there, absent) = if products.is_some() { (PRODUCTS, IMPORTS) } else { (IMPORTS, PRODUCTS) };
                let problem = Problem::new(format!("the world has a table {there}, but none {absent}"));
                return Err(problem
                    .in_file(files.label("world.toml"))
                    .help("rates by product need both to become rates by sector"));
            }
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&products).update(&imports);
        let label = files.label(&format!("{PRODUCTS}.csv"));
        let remarks = remarks(&products);
        let law = remarks.get("law").map(|day| day.parse::<Date>());
        let law = law.transpose().map_err(|error| Problem::new(format!("`# law`: {error}")).in_file(&label))?;
        let source = remarks.get("weights").cloned().unwrap_or_else(|| files.label(&endings[0]));
        let trades = match binary {
            Some(bytes) => Lines::from_columns(bytes, &files.label(&endings[1]))?,
            None => Lines::from_sheet(&imports, &files.label(&endings[0]))?,
        };
        Ok(Some(Self {
            trades: trades.into_trades(&source).map_err(|problem| problem.in_file(files.label(IMPORTS)))?,
            sectors: concordance(&products, &label)?,
            law,
            source,
            hash: hasher.finalize().to_hex().to_string(),
        }))
    }

    /// The trade of an importer, if it is at hand.
    pub fn trade(&self, importer: &str) -> Option<&Trade> {
        self.trades.iter().find(|trade| trade.importer == importer)
    }

    /// The products at hand of each sector that has some, as few codes as tell them from those of other sectors.
    pub(crate) fn products_of(&self, sectors: &Names) -> BTreeMap<String, Vec<String>> {
        let basket = self.basket();
        let of = |product: &&str| {
            let shares = self.sectors.find(product).unwrap_or_default().iter();
            shares.max_by(|a, b| a.1.total_cmp(&b.1)).and_then(|(name, _)| sectors.index(name))
        };
        let placed: Vec<(&str, Option<usize>)> = basket.keys().map(|product| (*product, of(product))).collect();
        let mut products = BTreeMap::new();
        tell_apart(&placed, 2, &mut |code, sector| {
            products.entry(sectors[sector].to_owned()).or_insert_with(Vec::new).push(code.to_owned());
        });
        products
    }

    /// Every exporter of any importer, and what was bought from it in all.
    pub(crate) fn exporters(&self) -> BTreeMap<&str, f64> {
        let mut values = BTreeMap::new();
        for (exporter, _, value, _) in self.trades.iter().flat_map(Trade::lines) {
            *values.entry(exporter).or_insert(0.0) += value;
        }
        values
    }

    /// What was bought of each product in all: the basket of importers whose trade by product is not at hand.
    pub(crate) fn basket(&self) -> BTreeMap<&str, f64> {
        let mut values = BTreeMap::new();
        for (_, product, value, _) in self.trades.iter().flat_map(Trade::lines) {
            *values.entry(product).or_insert(0.0) += value;
        }
        values
    }
}

/// Tells the shortest codes of which all products at hand are of one sector; `products` in order.
fn tell_apart(products: &[(&str, Option<usize>)], digits: usize, tell: &mut impl FnMut(&str, usize)) {
    for group in products.chunk_by(|a, b| a.0.get(..digits) == b.0.get(..digits)) {
        let (code, sector) = group[0];
        match (group.iter().all(|(_, other)| *other == sector), sector) {
            (true, Some(sector)) => tell(code.get(..digits).unwrap_or(code), sector),
            (true, None) => {}
            (false, _) => tell_apart(group, digits + 2, tell),
        }
    }
}

fn bytes(files: &dyn Files, name: &str) -> Result<Option<Vec<u8>>, Problem> {
    let Some(mut reader) = files.open(name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    match reader.read_to_end(&mut bytes) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) => Err(Problem::new(format!("cannot read: {error}")).in_file(files.label(name))),
    }
}

/// The lines `# key: value` at the head of a table.
fn remarks(table: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(table);
    let head = text.lines().map_while(|line| line.strip_prefix('#'));
    let pairs = head.filter_map(|line| line.split_once(':'));
    pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect()
}

fn concordance(table: &[u8], label: &str) -> Result<Concordance, Problem> {
    let sheet = Sheet::parse(table, label, &["hs", "sector", "share"])?;
    let rows = sheet.rows().map(|row| Ok((row.text(0), row.text(1), row.number(2)?)));
    let rows = rows.collect::<Result<Vec<_>, Problem>>()?;
    Concordance::new(rows).map_err(|problem| problem.in_file(label))
}

/// The rows of `imports`, column by column.
struct Lines {
    texts: [Vec<String>; 3],
    values: Vec<f64>,
    bases: Vec<f64>,
}

impl Lines {
    fn from_columns(bytes: Vec<u8>, label: &str) -> Result<Self, Problem> {
        let columns = Columns::open(bytes, label.to_owned())?;
        let [importer, exporter, product, value, base] = COLUMNS;
        let whole = |numbers: Vec<i64>| numbers.into_iter().map(|number| number as f64).collect();
        Ok(Self {
            texts: [columns.texts(importer)?, columns.texts(exporter)?, columns.texts(product)?],
            values: columns.integers(value).map(whole).or_else(|_| columns.numbers(value))?,
            bases: columns.numbers(base)?,
        })
    }

    fn from_sheet(bytes: &[u8], label: &str) -> Result<Self, Problem> {
        let sheet = Sheet::parse(bytes, label, &COLUMNS)?;
        let mut lines = Self { texts: Default::default(), values: Vec::new(), bases: Vec::new() };
        for row in sheet.rows() {
            for (column, texts) in lines.texts.iter_mut().enumerate() {
                texts.push(row.text(column).to_owned());
            }
            lines.values.push(row.number(3)?);
            lines.bases.push(row.number(4)?);
        }
        Ok(lines)
    }

    fn into_trades(self, source: &str) -> Result<Vec<Trade>, Problem> {
        let [importers, exporters, products] = &self.texts;
        let names: BTreeSet<&String> = importers.iter().collect();
        let mut trades: Vec<Trade> = names.into_iter().map(|importer| Trade::new(importer, source)).collect();
        for (row, importer) in importers.iter().enumerate() {
            if let Ok(at) = trades.binary_search_by(|trade| trade.importer.as_str().cmp(importer)) {
                trades[at].push(&exporters[row], &products[row], self.values[row], 100.0 * self.bases[row])?;
            }
        }
        if trades.is_empty() {
            return Err(Problem::new("the table has no rows"));
        }
        Ok(trades)
    }
}
