//! How far the law of an importer reaches, whatever the day: whom it can mean, and which codes it tells apart.

use std::collections::{BTreeSet, HashMap};

use crate::{Date, Measure, Register, Verb};

impl Register {
    /// A number for each product; two with the same number are treated alike by every measure on every day, so that their trade can be
    /// summed without loss (but for numbers that law leaves open, if those are known by product).
    pub fn classes<'a>(&self, products: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
        let mut numbers = HashMap::new();
        let number = |product: &str| {
            let next = numbers.len();
            *numbers.entry(self.products.class(product)).or_insert(next)
        };
        products.into_iter().map(number).collect()
    }

    /// The first day on which any measure charges anything; before it the register knows nothing. `None` if no measure ever does.
    pub fn begins(&self) -> Option<Date> {
        let changes = self.acts.iter().filter(|act| self.counts(act)).flat_map(|act| &act.changes);
        changes.filter(|change| matches!(change.verb, Verb::Set(_))).map(|change| change.period.from).min()
    }

    /// Whether `importer` levies a measure on a day: it is its own, or that of a group to which it belongs.
    pub fn is_levied_by(&self, measure: &Measure, importer: &str, day: Date) -> bool {
        self.levies(&measure.importer, importer, day)
    }

    /// Whether any act, on any day, makes `importer` charge goods from `exporter`.
    pub fn charges(&self, importer: &str, exporter: &str) -> bool {
        let acts = self.acts.iter().filter(|act| self.counts(act));
        acts.flat_map(|act| &act.changes).filter(|change| matches!(change.verb, Verb::Set(_))).any(|change| {
            let day = change.period.from;
            self.measures.values().any(|measure| {
                change.is_to(measure)
                    && self.levies(&measure.importer, importer, day)
                    && !self.levies(&measure.importer, exporter, day)
                    && self.partner_rank(&change.partners, exporter, day).is_some()
            })
        })
    }

    /// Every code that a measure of `importer` names, written out or in a list, in order.
    pub fn codes(&self, importer: &str) -> Vec<&str> {
        let levied: BTreeSet<usize> = self
            .acts
            .iter()
            .flat_map(|act| &act.changes)
            .flat_map(|change| change.targets.iter().map(move |target| (*target, change.period.from)))
            .filter(|(target, day)| {
                let measure = self.measures.values().nth(*target);
                measure.is_some_and(|measure| self.levies(&measure.importer, importer, *day))
            })
            .map(|(target, _)| target)
            .collect();
        let own = self.measures.values().filter(|measure| levied.contains(&measure.number));
        let changes = self.acts.iter().flat_map(|act| &act.changes);
        let changes = changes.filter(|change| change.targets.iter().any(|target| levied.contains(target)));
        let scopes: BTreeSet<usize> =
            own.map(|measure| measure.products.scope).chain(changes.map(|change| change.products.scope)).collect();
        self.products.named(&scopes)
    }
}
