//! From one numbering of products to another: editions of the tariff, or products to sectors.

use std::collections::BTreeMap;

use cobden_world::Problem;

use crate::Trade;
use crate::pattern::digits;

/// By how much the shares of a code may miss 1 before they are scaled: tables are printed with a few decimals.
const ROUNDING: f64 = 1e-3;

/// Where each code of one numbering goes in another, in shares of its value that add up to one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concordance {
    rows: BTreeMap<String, Vec<(String, f64)>>,
}

impl Concordance {
    /// From rows `old code, new name, share`.
    ///
    /// # Errors
    /// A code that is none, a negative share, a pair that stands twice, a code whose shares do not add up to one.
    pub fn new<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, f64)>) -> Result<Self, Problem> {
        let mut this = Self::default();
        for (old, new, share) in rows {
            let code =
                digits(old).ok_or_else(|| Problem::new(format!("\"{}\" is not a product code", old.escape_debug())))?;
            if !(share.is_finite() && share >= 0.0) {
                return Err(Problem::new(format!("the share of {code} that becomes {new} is {share}")));
            }
            let targets = this.rows.entry(code.clone()).or_default();
            if targets.iter().any(|(known, _)| known == new) {
                return Err(Problem::new(format!("{code} becomes {new} twice")).help("keep one row"));
            }
            targets.push((new.to_owned(), share));
        }
        for (old, targets) in &mut this.rows {
            let sum: f64 = targets.iter().map(|(_, share)| share).sum();
            if (sum - 1.0).abs() > ROUNDING {
                let message = format!("the shares of {old} add up to {sum}, not to 1");
                return Err(Problem::new(message).help("trade must neither be lost nor made by renumbering"));
            }
            targets.iter_mut().for_each(|(_, share)| *share /= sum);
        }
        Ok(this)
    }

    /// Where a code goes: by its own row, else by that of the longest code it begins with; nowhere if there is none.
    pub fn find(&self, code: &str) -> Option<&[(String, f64)]> {
        let prefixes = (1..=code.len()).rev().filter_map(|end| code.get(..end));
        prefixes.filter_map(|prefix| self.rows.get(prefix)).map(Vec::as_slice).next()
    }

    /// The trade under new codes. Codes without a row of their own stay. The value of every exporter stays what it was.
    ///
    /// # Errors
    /// A new name that is no code.
    pub fn renumber(&self, trade: &Trade) -> Result<Trade, Problem> {
        let mut renumbered = Trade::new(trade.importer.clone(), trade.source.clone());
        for (exporter, product, value, base) in trade.lines() {
            match self.rows.get(product) {
                Some(targets) => {
                    for (new, share) in targets.iter().filter(|(_, share)| *share > 0.0) {
                        renumbered.push(exporter, new, value * share, base)?;
                    }
                }
                None => renumbered.push(exporter, product, value, base)?,
            }
        }
        Ok(renumbered)
    }
}
