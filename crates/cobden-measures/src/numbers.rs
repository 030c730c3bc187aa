//! The numbers that law leaves open, looked up for a cell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::products::Hit;
use crate::register::partner_rank;
use crate::{Assumption, Date, Group, Name, Quantity};

/// How closely an assumption means a cell: partner, digits of the product, first day.
type Rank = (u8, u8, Date);

/// All assumptions of a register, by what they are about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    books: BTreeMap<Quantity, Book>,
}

#[derive(Clone, Debug, Default)]
struct Book {
    /// Assumptions on one partner or all, and one code or all; by partner, then code, empty for all.
    plain: HashMap<Box<str>, HashMap<Box<str>, Vec<usize>>>,
    /// How many digits those codes have: no others need looking for.
    digits: BTreeSet<usize>,
    /// The others.
    other: Vec<usize>,
}

/// What a look-up is for.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'a> {
    pub(crate) exporter: &'a str,
    pub(crate) product: &'a str,
    pub(crate) hits: &'a [Option<Hit>],
    pub(crate) day: Date,
}

impl Numbers {
    pub(crate) fn new(assumptions: &[Assumption]) -> Self {
        let mut this = Self::default();
        for (at, assumption) in assumptions.iter().enumerate() {
            let book = this.books.entry(assumption.quantity.clone()).or_default();
            match plain(assumption) {
                Some((partner, code)) => {
                    book.digits.insert(code.len());
                    book.plain.entry(partner.into()).or_default().entry(code.into()).or_default().push(at);
                }
                None => book.other.push(at),
            }
        }
        this
    }

    /// Whether anything is assumed about a quantity at all.
    pub(crate) fn has(&self, quantity: &Quantity) -> bool {
        self.books.contains_key(quantity)
    }

    /// The assumption that means a cell most closely.
    pub(crate) fn find<'a>(
        &self,
        quantity: &Quantity,
        cell: Cell<'_>,
        from: (&'a [Assumption], &BTreeMap<String, Group>),
    ) -> Option<&'a Assumption> {
        let (assumptions, groups) = from;
        let book = self.books.get(quantity)?;
        let mut best: Option<(Rank, usize)> = None;
        let mut offer = |rank: Rank, at: usize| {
            if assumptions[at].period.contains(cell.day) && best.is_none_or(|(other, _)| rank > other) {
                best = Some((rank, at));
            }
        };
        for (level, partner) in [(2, cell.exporter), (0, "")] {
            let Some(by_code) = book.plain.get(partner) else { continue };
            for &digits in &book.digits {
                let found = cell.product.get(..digits).and_then(|prefix| by_code.get(prefix));
                for &at in found.into_iter().flatten() {
                    offer((level, u8::try_from(digits).unwrap_or(u8::MAX), assumptions[at].period.from), at);
                }
            }
        }
        for &at in &book.other {
            let assumption = &assumptions[at];
            let Some(partner) = partner_rank(&assumption.partners, cell.exporter, cell.day, groups) else { continue };
            let Some(hit) = cell.hits[assumption.products.scope] else { continue };
            offer((partner, hit.digits, assumption.period.from), at);
        }
        best.map(|(_, at)| &assumptions[at])
    }
}

/// The partner and the code of an assumption on one or all of each, empty for all.
pub(crate) fn plain(assumption: &Assumption) -> Option<(&str, &str)> {
    Some((single(&assumption.partners)?, single(&assumption.products)?))
}

/// The one name in a list of patterns, empty for all; `None` if there are more, or groups or lists.
fn single(patterns: &crate::Patterns) -> Option<&str> {
    match patterns.list.as_slice() {
        [] => Some(""),
        [one] if !one.exclude => match &one.name {
            Name::All => Some(""),
            Name::One(name) => Some(name),
            Name::Several(_) => None,
        },
        _ => None,
    }
}
