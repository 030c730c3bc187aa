//! Which goods a list of products means, for many goods and many lists at once.
//!
//! A product is known by its class: which entries of which lists its code begins with. Two products of one class are treated alike by
//! every measure on every day, so that a schedule prices classes, not codes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{Date, Name, Patterns, Period, ProductList};

/// A product as the register sees it: the entries its code falls under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Class(Vec<u32>);

/// How a scope means a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// Digits of the longest code that includes it; 0 for `*`.
    pub(crate) digits: u8,
    /// The share of the trade under the code that is meant.
    pub(crate) share: f64,
}

/// A code of a list, or one written in a measure; equal ones are kept once.
#[derive(Clone, Debug)]
struct Entry {
    of: Of,
    digits: u8,
    period: Period,
    share: f64,
}

/// What an entry or a term of a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    All,
    List(u32),
    Code(u32),
}

#[derive(Clone, Debug)]
struct Term {
    exclude: bool,
    of: Of,
}

/// All codes of a register, by code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Products {
    entries: Vec<Entry>,
    interned: BTreeMap<(Of, u8, Period, u64), u32>,
    by_code: HashMap<Box<str>, Vec<u32>>,
    /// The keys of `by_code`, sorted once everything is in.
    codes: Vec<Box<str>>,
    /// Positions in `codes` of what each list, and each code written in a measure, holds.
    codes_of: BTreeMap<Of, Vec<usize>>,
    lists: BTreeMap<String, u32>,
    written: BTreeMap<String, u32>,
    scopes: Vec<Vec<Term>>,
    known: BTreeMap<Vec<(bool, Name)>, usize>,
}

impl Products {
    /// The lists; scopes come later, with [`Products::scope`].
    pub(crate) fn new(lists: &BTreeMap<String, ProductList>) -> Self {
        let mut this = Self::default();
        for (number, (name, list)) in (0u32..).zip(lists) {
            this.lists.insert(name.clone(), number);
            for listed in &list.codes {
                this.enter(Of::List(number), &listed.code, listed.period, listed.share);
            }
        }
        // Scope 0 means everything.
        this.scopes.push(Vec::new());
        this.known.insert(Vec::new(), 0);
        this
    }

    fn enter(&mut self, of: Of, code: &str, period: Period, share: f64) {
        let digits = u8::try_from(code.len()).unwrap_or(u8::MAX);
        let key = (of, digits, period, share.to_bits());
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let entry = *self.interned.entry(key).or_insert(next);
        if entry == next {
            self.entries.push(Entry { of, digits, period, share });
        }
        let entries = self.by_code.entry(code.into()).or_default();
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }

    /// The number of what a list of patterns means; equal lists have one number.
    pub(crate) fn scope(&mut self, patterns: &Patterns) -> usize {
        let key: Vec<_> = patterns.list.iter().map(|pattern| (pattern.exclude, pattern.name.clone())).collect();
        if let Some(&scope) = self.known.get(&key) {
            return scope;
        }
        let mut terms = Vec::new();
        if patterns.only_excludes() {
            terms.push(Term { exclude: false, of: Of::All });
        }
        for pattern in &patterns.list {
            let of = match &pattern.name {
                Name::All => Of::All,
                Name::Several(list) => match self.lists.get(list) {
                    Some(&list) => Of::List(list),
                    None => continue,
                },
                Name::One(code) => {
                    let next = u32::try_from(self.written.len()).unwrap_or(u32::MAX);
                    let number = *self.written.entry(code.clone()).or_insert(next);
                    self.enter(Of::Code(number), code, Period::ALWAYS, 1.0);
                    Of::Code(number)
                }
            };
            terms.push(Term { exclude: pattern.exclude, of });
        }
        self.scopes.push(terms);
        self.known.insert(key, self.scopes.len() - 1);
        self.scopes.len() - 1
    }

    /// Sorts the codes, once all scopes are in.
    pub(crate) fn finish(&mut self) {
        self.codes = self.by_code.keys().cloned().collect();
        self.codes.sort_unstable();
        for (at, code) in self.codes.iter().enumerate() {
            for &entry in self.by_code.get(code).into_iter().flatten() {
                self.codes_of.entry(self.entries[entry as usize].of).or_default().push(at);
            }
        }
    }

    /// The class of a code.
    pub(crate) fn class(&self, code: &str) -> Class {
        let mut entries = Vec::new();
        for end in 1..=code.len() {
            let found = code.get(..end).and_then(|prefix| self.by_code.get(prefix));
            entries.extend(found.into_iter().flatten());
        }
        entries.sort_unstable();
        entries.dedup();
        Class(entries)
    }

    /// How each scope means a class on a day, by the number of the scope.
    pub(crate) fn hits(&self, class: &Class, day: Date) -> Vec<Option<Hit>> {
        (0..self.scopes.len()).map(|scope| self.hit(scope, class, day)).collect()
    }

    /// How a scope means a class on a day; `None` if it does not.
    pub(crate) fn hit(&self, scope: usize, class: &Class, day: Date) -> Option<Hit> {
        let terms = &self.scopes[scope];
        if terms.is_empty() {
            return Some(Hit { digits: 0, share: 1.0 });
        }
        let (mut best, mut left) = (None::<Hit>, 1.0);
        for term in terms {
            let Some(hit) = self.term(term.of, class, day) else { continue };
            if term.exclude {
                left *= 1.0 - hit.share;
            } else if best.is_none_or(|best| (hit.digits, hit.share) > (best.digits, best.share)) {
                best = Some(hit);
            }
        }
        best.filter(|_| left > 0.0).map(|best| Hit { share: best.share * left, ..best })
    }

    fn term(&self, of: Of, class: &Class, day: Date) -> Option<Hit> {
        if of == Of::All {
            return Some(Hit { digits: 0, share: 1.0 });
        }
        let entries = class.0.iter().map(|&entry| &self.entries[entry as usize]);
        let fitting = entries.filter(|entry| entry.of == of && entry.period.contains(day));
        fitting.max_by_key(|entry| entry.digits).map(|entry| Hit { digits: entry.digits, share: entry.share })
    }

    /// Finer codes, of those that a scope tells apart, that a coarser code stands for: asked for the coarser one, the scope cannot say.
    pub(crate) fn finer(&self, scope: usize, code: &str) -> Option<&str> {
        let terms = &self.scopes[scope];
        let class = self.class(code);
        let start = self.codes.partition_point(|known| known.as_ref() <= code);
        let below = self.codes[start..].iter().take_while(|known| known.starts_with(code));
        let undecided = |entry: &u32| {
            let of = self.entries[*entry as usize].of;
            let covered = class.0.iter().any(|&above| self.entries[above as usize].of == of);
            !covered && terms.iter().any(|term| term.of == of)
        };
        below.map(|known| known.as_ref()).find(|known| self.by_code[*known].iter().any(undecided))
    }

    /// The class of every code that is named, each once, and that of codes that nothing names.
    pub(crate) fn classes(&self) -> Vec<Class> {
        let mut classes: Vec<Class> =
            self.codes.iter().map(|code| self.class(code)).chain([Class::default()]).collect();
        classes.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        classes.dedup();
        classes
    }

    /// How some scopes mean a class on a day, by the number of the scope; the others are left out.
    pub(crate) fn hits_of(&self, scopes: &[usize], class: &Class, day: Date) -> Vec<Option<Hit>> {
        let mut hits = vec![None; self.scopes.len()];
        scopes.iter().for_each(|&scope| hits[scope] = self.hit(scope, class, day));
        hits
    }

    /// Codes below a coarser one that are named somewhere, and that `scopes` tell apart from it.
    pub(crate) fn below(&self, scopes: &[usize], code: &str) -> Vec<&str> {
        let start = self.codes.partition_point(|known| known.as_ref() <= code);
        let below = self.codes[start..].iter().take_while(|known| known.starts_with(code));
        let named = |entry: &u32| {
            let of = self.entries[*entry as usize].of;
            scopes.iter().any(|&scope| self.scopes[scope].iter().any(|term| term.of == of))
        };
        below.map(AsRef::as_ref).filter(|known: &&str| self.by_code[*known].iter().any(named)).collect()
    }

    /// The days on which a dated list changes.
    pub(crate) fn days(&self) -> impl Iterator<Item = Date> {
        self.entries.iter().flat_map(|entry| entry.period.ends())
    }

    /// Every code that one of some scopes names, in order.
    pub(crate) fn named(&self, scopes: &BTreeSet<usize>) -> Vec<&str> {
        let terms = scopes.iter().flat_map(|&scope| &self.scopes[scope]);
        let named: BTreeSet<usize> = terms.filter_map(|term| self.codes_of.get(&term.of)).flatten().copied().collect();
        named.into_iter().map(|at| self.codes[at].as_ref()).collect()
    }

    /// Every code that a scope names, and one that none does.
    pub(crate) fn sample(&self, scopes: [usize; 2]) -> Vec<&str> {
        let mut named = self.named(&scopes.into());
        named.push("");
        named
    }
}
