//! Concordances: from the codes of one classification to those of another.
//!
//! A file of a concordance is CSV: comments that name title, source, date and licence, then `from,to` or `from,to,weight`. A code that has
//! several targets is split by its weights; without weights it is split equally, and [`Concordance::coverage`] says that it was. Nothing is
//! lost on the way: the shares of a code add up to one, and a code without a target is an error, never a silent zero.
//!
//! Those that cobden carries, with their sources, are in [`library`]; countries and territories, which have codes of many kinds, in
//! [`countries`].
//!
//! ```
//! use cobden_data::concordance::{self, Concordance};
//! let products = concordance::open("hs2022-icio50")?; // cars with small engines
//! assert_eq!(products.target("870321"), Some("C29"));
//! // What two classifications have in common: the finest groups that both can be merged to.
//! let (icio, wiod) = (concordance::open("isic4-icio45")?, concordance::open("isic4-wiod56")?);
//! assert_eq!(icio.common(&wiod)?.groups().len(), 42);
//! # Ok::<(), cobden_world::Problem>(())
//! ```

mod common;
pub mod countries;
pub mod library;
mod path;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use cobden_world::{Grouping, Problem, nearest};

pub use common::Common;
pub use library::open;
pub use path::{between, classification};

/// From codes to codes, with shares that add up to one for every code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concordance {
    /// What it is called in errors.
    name: String,
    /// The comments at the head of its file: title, source, licence, notes.
    remarks: Vec<String>,
    /// Each code with its targets and their shares, in the order of the file.
    links: BTreeMap<String, Vec<(String, f64)>>,
    /// Codes with several targets and no weights: their shares are equal for want of better.
    guessed: BTreeSet<String>,
}

/// How far a concordance covers the codes of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Codes of the table that have no target, each with the nearest code that has one.
    pub missing: Vec<(String, Option<String>)>,
    /// Codes of the table that are split equally because nobody knows how.
    pub guessed: Vec<String>,
    /// Codes of the concordance that the table does not have.
    pub unused: Vec<String>,
}

impl Concordance {
    /// Reads a file, see the [module](self); `file` is its name in errors. Columns may stand in any order, and others may stand beside them.
    ///
    /// # Errors
    /// The first line that is wrong, with its place: no such columns, an empty code, a weight that is no positive number, a link that stands
    /// twice.
    pub fn read(text: &str, file: &str) -> Result<Self, Problem> {
        read::concordance(text, file)
    }

    /// Reads a correlation table of the United Nations Statistics Division or the World Customs Organization, saved as CSV: codes of the one
    /// edition in the first column, of the other in the second, a header of any wording. Codes are padded to six digits, since spreadsheets
    /// take away leading zeros. Pairs that stand twice count once, and shares are equal: the tables have none.
    ///
    /// # Errors
    /// As for [`Concordance::read`]; and a code that is not of at most six digits.
    pub fn read_correlation(text: &str, file: &str) -> Result<Self, Problem> {
        read::correlation(text, file)
    }

    /// From pairs of codes, all weights equal.
    pub fn from_pairs<'a>(name: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let links = pairs.into_iter().map(|(from, to)| (from.to_owned(), to.to_owned(), None));
        Self::from_links(name.to_owned(), Vec::new(), links)
    }

    /// Shares from weights; equal ones where a code has none.
    fn from_links(
        name: String,
        remarks: Vec<String>,
        list: impl IntoIterator<Item = (String, String, Option<f64>)>,
    ) -> Self {
        let mut weighted: BTreeMap<String, Vec<(String, Option<f64>)>> = BTreeMap::new();
        for (from, to, weight) in list {
            weighted.entry(from).or_default().push((to, weight));
        }
        let (mut links, mut guessed) = (BTreeMap::new(), BTreeSet::new());
        for (from, targets) in weighted {
            let known = targets.iter().all(|(_, weight)| weight.is_some());
            if targets.len() > 1 && !known {
                guessed.insert(from.clone());
            }
            let weight = |given: Option<f64>| if known { given.unwrap_or(1.0) } else { 1.0 };
            let total: f64 = targets.iter().map(|(_, given)| weight(*given)).sum();
            links.insert(from, targets.into_iter().map(|(to, given)| (to, weight(given) / total)).collect());
        }
        Self { name, remarks, links, guessed }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The lines at the head of its file.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Codes that have a target, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.links.keys().map(String::as_str)
    }

    /// Codes that are a target, in order.
    pub fn targets(&self) -> BTreeSet<&str> {
        self.links.values().flatten().map(|(to, _)| to.as_str()).collect()
    }

    /// The targets of a code with their shares.
    pub fn shares(&self, code: &str) -> Option<&[(String, f64)]> {
        self.links.get(code).map(Vec::as_slice)
    }

    /// The only target of a code; `None` if it has none or several.
    pub fn target(&self, code: &str) -> Option<&str> {
        match self.shares(code)? {
            [(to, _)] => Some(to),
            _ => None,
        }
    }

    /// How far it covers the codes of a table.
    pub fn coverage<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Coverage {
        let codes: BTreeSet<&str> = codes.into_iter().collect();
        let known: Vec<&str> = self.codes().collect();
        let missing = codes.iter().filter(|code| !self.links.contains_key(**code));
        let near = |code: &str| nearest(code, &known).map(str::to_owned);
        Coverage {
            missing: missing.map(|code| ((*code).to_owned(), near(code))).collect(),
            guessed: codes.iter().filter(|code| self.guessed.contains(**code)).map(|code| (*code).to_owned()).collect(),
            unused: known.iter().filter(|code| !codes.contains(**code)).map(|code| (*code).to_owned()).collect(),
        }
    }

    /// Values by code become values by target; their sum stays as it is, up to rounding.
    ///
    /// # Errors
    /// A code without a target.
    pub fn apply<'a>(
        &self,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<BTreeMap<String, f64>, Problem> {
        let mut sums = BTreeMap::new();
        for (code, value) in values {
            let shares = self.shares(code).ok_or_else(|| self.unknown(code))?;
            for (to, share) in shares {
                *sums.entry(to.clone()).or_insert(0.0) += share * value;
            }
        }
        Ok(sums)
    }

    /// This concordance and then another one of its targets.
    ///
    /// # Errors
    /// A target that the next one does not know.
    pub fn then(&self, next: &Concordance) -> Result<Concordance, Problem> {
        let (mut links, mut guessed) = (BTreeMap::new(), self.guessed.clone());
        for (from, middles) in &self.links {
            let mut shares: Vec<(String, f64)> = Vec::new();
            for (middle, part) in middles {
                for (to, share) in next.shares(middle).ok_or_else(|| next.unknown(middle))? {
                    match shares.iter_mut().find(|(known, _)| known == to) {
                        Some((_, sum)) => *sum += part * share,
                        None => shares.push((to.clone(), part * share)),
                    }
                }
                if next.guessed.contains(middle) {
                    guessed.insert(from.clone());
                }
            }
            if let [(_, whole)] = shares.as_mut_slice() {
                // It came apart on the way and together again: nothing was guessed after all.
                *whole = 1.0;
                guessed.remove(from);
            }
            links.insert(from.clone(), shares);
        }
        let remarks = self.remarks.iter().chain(&next.remarks).cloned().collect();
        Ok(Concordance { name: format!("{}, {}", self.name, next.name), remarks, links, guessed })
    }

    /// The other way round. What goes to one code from several comes back to them in equal parts: give weights of your own where you have
    /// them.
    pub fn inverse(&self) -> Concordance {
        let links = self.links.iter().flat_map(|(from, targets)| targets.iter().map(move |(to, _)| (from, to)));
        let turned = links.map(|(from, to)| (to.clone(), from.clone(), None));
        Self::from_links(format!("{}, turned round", self.name), self.remarks.clone(), turned)
    }

    /// As a grouping of these codes, which merges each into its only target; groups in the order in which the codes come to them.
    ///
    /// # Errors
    /// A code that has no target, or several.
    pub fn grouping<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Result<Grouping, Problem> {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for code in codes {
            let shares = self.shares(code).ok_or_else(|| self.unknown(code))?;
            let [(to, _)] = shares else {
                let names: Vec<&str> = shares.iter().map(|(to, _)| to.as_str()).collect();
                let problem =
                    Problem::new(format!("\"{code}\" belongs to {}: it cannot be merged into one", names.join(", ")));
                return Err(problem.help("name coarser groups, or split it with weights of your own"));
            };
            match groups.iter_mut().find(|(name, _)| name == to) {
                Some((_, members)) => members.push(code.to_owned()),
                None => groups.push((to.clone(), vec![code.to_owned()])),
            }
        }
        Grouping::new(groups)
    }

    /// The problem of a code without a target.
    fn unknown(&self, code: &str) -> Problem {
        let problem = Problem::unknown("code", code, self.codes());
        Problem { message: format!("{} in {}", problem.message, self.name), ..problem }
    }
}
