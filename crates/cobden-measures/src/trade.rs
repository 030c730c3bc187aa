//! Trade by product, to weigh rates with.

use std::collections::HashMap;

use cobden_world::Problem;

use crate::pattern::digits;

/// What an importer bought, by exporter and product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trade {
    /// Who bought.
    pub importer: String,
    /// Where the values come from, and of which year.
    pub source: String,
    exporters: Interned,
    products: Interned,
    lines: Vec<Line>,
}

/// One exporter, one product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) exporter: usize,
    pub(crate) product: usize,
    pub(crate) value: f64,
    pub(crate) base: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Interned {
    names: Vec<String>,
    index: HashMap<String, usize>,
}

impl Interned {
    fn get(&mut self, name: &str) -> usize {
        if let Some(&index) = self.index.get(name) {
            return index;
        }
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }
}

impl Trade {
    /// No trade yet.
    pub fn new(importer: impl Into<String>, source: impl Into<String>) -> Self {
        Self { importer: importer.into(), source: source.into(), ..Self::default() }
    }

    /// The same basket from every exporter: for an importer whose trade by product is not at hand. The rates it makes are those of the
    /// basket, not of what the importer buys; say so wherever they are shown.
    ///
    /// # Errors
    /// As [`Trade::push`].
    pub fn uniform<'a>(
        importer: &str,
        source: &str,
        exporters: impl IntoIterator<Item = &'a str>,
        basket: &[(&str, f64, f64)],
    ) -> Result<Self, Problem> {
        let mut trade = Self::new(importer, source);
        for exporter in exporters {
            for &(product, value, base) in basket {
                trade.push(exporter, product, value, base)?;
            }
        }
        Ok(trade)
    }

    /// Adds a line: its value before tariff in any unit, its base duty in points.
    ///
    /// # Errors
    /// A product that is no code; a value or a base that is negative or not finite.
    pub fn push(&mut self, exporter: &str, product: &str, value: f64, base: f64) -> Result<(), Problem> {
        let code = digits(product)
            .ok_or_else(|| Problem::new(format!("\"{}\" is not a product code", product.escape_debug())))?;
        for (what, number) in [("value", value), ("base duty", base)] {
            if !(number.is_finite() && number >= 0.0) {
                return Err(Problem::new(format!(
                    "the {what} of {code} from {exporter} is {number}, not a number of at least 0"
                )));
            }
        }
        let (exporter, product) = (self.exporters.get(exporter), self.products.get(&code));
        self.lines.push(Line { exporter, product, value, base });
        Ok(())
    }

    /// Exporters, in the order in which they came.
    pub fn exporters(&self) -> &[String] {
        &self.exporters.names
    }

    /// Products, in the order in which they came.
    pub fn products(&self) -> &[String] {
        &self.products.names
    }

    /// Exporter, product, value and base duty of each line.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str, f64, f64)> {
        self.lines.iter().map(|line| {
            (
                self.exporters.names[line.exporter].as_str(),
                self.products.names[line.product].as_str(),
                line.value,
                line.base,
            )
        })
    }

    /// The value of all lines.
    pub fn value(&self) -> f64 {
        self.lines.iter().map(|line| line.value).sum()
    }

    pub(crate) fn raw(&self) -> &[Line] {
        &self.lines
    }
}
