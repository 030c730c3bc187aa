//! Which sector of a table a product code belongs to.

use std::collections::BTreeMap;

use cobden_data::concordance::{self, Concordance};
use cobden_world::{Names, Problem};

/// From product codes to sectors of a table, with shares; codes that the concordance does not know go where most of their heading goes.
pub(super) struct Products {
    /// Code to sectors and shares.
    known: BTreeMap<String, Vec<(usize, f64)>>,
    /// HS heading (four digits) and chapter (two) to where most of their codes go.
    headings: BTreeMap<String, usize>,
    /// Codes placed by their heading.
    by_heading: u64,
    /// Codes that are nowhere.
    nowhere: BTreeMap<String, u64>,
}

/// What the codes of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codes {
    /// Harmonized System, six digits or more; the first six count.
    Harmonized,
    /// A classification by its name in the concordances.
    System(&'static str),
    /// The user's own: sectors of the table, or HS codes, whatever each turns out to be.
    Own,
}

/// Where a product belongs: sectors and shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Placed<'a> {
    /// The concordance says.
    Known(&'a [(usize, f64)]),
    /// Of another edition of the Harmonized System: where most of its heading goes.
    ByHeading(usize),
    /// Of no sector.
    Nowhere,
}

impl Products {
    /// For a table with these sectors, whose classification is found by their codes; `own` is the user's concordance instead.
    ///
    /// # Errors
    /// Sectors of no classification that cobden knows, or one that no concordance leads to.
    pub(super) fn new(codes: Codes, sectors: &Names, own: Option<&Concordance>) -> Result<Self, Problem> {
        let mut this =
            Self { known: BTreeMap::new(), headings: BTreeMap::new(), by_heading: 0, nowhere: BTreeMap::new() };
        if let Some(own) = own {
            this.take(own, sectors)?;
            this.learn_headings();
            return Ok(this);
        }
        if codes == Codes::Own {
            this.known.extend(sectors.iter().enumerate().map(|(j, sector)| (sector.to_owned(), vec![(j, 1.0)])));
        }
        let from = match codes {
            Codes::System(system) => system,
            Codes::Harmonized | Codes::Own => "hs2022",
        };
        match concordance::classification(sectors) {
            // Sectors may look like those of a classification to which HS codes do not lead; own codes need not be HS.
            Some(to) if codes == Codes::Own => {
                if let Ok(found) = concordance::between(from, to) {
                    this.take(&found, sectors)?;
                }
            }
            Some(to) => this.take(&concordance::between(from, to)?, sectors)?,
            // Own codes may all be sectors of the table.
            None if codes == Codes::Own => {}
            None => {
                let problem = Problem::new("the sectors of the table are of no classification that cobden knows");
                return Err(problem.help("give --concordance FILE, a table from product to sector"));
            }
        }
        this.learn_headings();
        Ok(this)
    }

    fn take(&mut self, concordance: &Concordance, sectors: &Names) -> Result<(), Problem> {
        for code in concordance.codes() {
            let shares = concordance.shares(code).unwrap_or_default();
            // A table may merge away a sector of its classification; what goes there alone is known to be nowhere.
            let placed = shares.iter().filter_map(|(sector, share)| Some((sectors.index(sector)?, *share)));
            let placed: Vec<(usize, f64)> = placed.collect();
            if !placed.is_empty() {
                self.known.insert(code.to_owned(), placed);
            }
        }
        if self.known.is_empty() {
            let problem = Problem::new(format!("{} leads to none of the sectors of the table", concordance.name()));
            return Err(
                problem.help(format!("the sectors are {} ...", sectors.iter().take(5).collect::<Vec<_>>().join(", ")))
            );
        }
        Ok(())
    }

    fn learn_headings(&mut self) {
        let mut counts: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
        for (code, sectors) in self.known.iter().filter(|(code, _)| is_harmonized(code)) {
            for (sector, _) in sectors {
                for digits in [4, 2] {
                    *counts.entry(&code[..digits]).or_default().entry(*sector).or_default() += 1;
                }
            }
        }
        let most = |counts: BTreeMap<usize, usize>| {
            counts.into_iter().max_by_key(|(sector, count)| (*count, std::cmp::Reverse(*sector)))
        };
        self.headings =
            counts.into_iter().filter_map(|(heading, counts)| Some((heading.to_owned(), most(counts)?.0))).collect();
    }

    /// Where a product belongs.
    pub(super) fn place(&self, product: &str) -> Placed<'_> {
        let six = product.get(..6).filter(|_| is_harmonized(product));
        if let Some(found) = self.known.get(product).or_else(|| self.known.get(six?)) {
            return Placed::Known(found);
        }
        let heading = |digits: usize| self.headings.get(product.get(..digits)?);
        match six.and_then(|_| heading(4).or_else(|| heading(2))) {
            Some(sector) => Placed::ByHeading(*sector),
            None => Placed::Nowhere,
        }
    }

    /// The sectors of a product with their shares; nothing if it is nowhere, which is counted.
    pub(super) fn sectors(&mut self, product: &str) -> Vec<(usize, f64)> {
        match self.place(product) {
            Placed::Known(found) => found.to_vec(),
            Placed::ByHeading(sector) => {
                self.by_heading += 1;
                vec![(sector, 1.0)]
            }
            Placed::Nowhere => {
                *self.nowhere.entry(product.to_owned()).or_default() += 1;
                Vec::new()
            }
        }
    }

    /// What a user should know of codes that were not in the concordance.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.by_heading > 0 {
            remarks.push(format!(
                "{} lines have codes of another edition of the Harmonized System; they went to the sector of their heading",
                self.by_heading
            ));
        }
        if !self.nowhere.is_empty() {
            let first: Vec<&str> = self.nowhere.keys().take(5).map(String::as_str).collect();
            let lines: u64 = self.nowhere.values().sum();
            let more = if self.nowhere.len() > first.len() { " ..." } else { "" };
            remarks.push(format!(
                "{lines} lines have products of no sector and were left out: {}{more}",
                first.join(", ")
            ));
        }
        remarks
    }
}

/// Six digits or more and nothing else.
pub(super) fn is_harmonized(code: &str) -> bool {
    code.len() >= 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}
