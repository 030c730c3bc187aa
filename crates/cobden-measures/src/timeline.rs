//! When the law changes, and by which act.

use std::collections::BTreeSet;

use cobden_world::Problem;

use crate::duty::Source;
use crate::measure::{Act, Change, Verb};
use crate::{Date, Duty, Moment, Period, Question, Register};

/// A change that begins or ends on a day.
#[derive(Clone, Debug)]
pub struct Event<'r> {
    /// The day.
    pub date: Date,
    /// The act.
    pub act: &'r Act,
    /// What it did.
    pub change: &'r Change,
    /// The measures it did that to, of those that the importer levies.
    pub measures: Vec<&'r str>,
    /// Whether it begins; else it runs out.
    pub begins: bool,
}

/// A day from which a good pays something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The first day.
    pub date: Date,
    /// What it pays from then on.
    pub duty: Duty,
    /// The acts that did it; none at the start of the span, or where a list, a group or an assumption changes by its own dates.
    pub acts: Vec<Source>,
}

impl Register {
    /// What begins and what runs out in a span, in order of days. `moment` says as known when and by which clock; its day does not matter.
    pub fn events(&self, importer: &str, span: Period, moment: Moment) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        for act in self.acts.iter().filter(|act| self.counts_as_known(act, moment.known)) {
            for change in &act.changes {
                let starts = change.starts(moment.view);
                if starts >= change.period.until {
                    continue;
                }
                for (date, begins) in [(starts, true), (change.period.until, false)] {
                    if !span.contains(date) {
                        continue;
                    }
                    let meant = self
                        .measures
                        .values()
                        .filter(|measure| change.is_to(measure) && self.levies(&measure.importer, importer, date));
                    let measures: Vec<&str> = meant.map(|measure| measure.id.as_str()).collect();
                    if !measures.is_empty() {
                        events.push(Event { date, act, change, measures, begins });
                    }
                }
            }
        }
        events.sort_by_key(|event| event.date);
        events
    }

    /// Whether a change means a partner on a day, and a good if one is named.
    pub fn touches(&self, change: &Change, partner: &str, product: Option<&str>, day: Date) -> bool {
        let Some(rank) = self.partner_rank(&change.partners, partner, day) else { return false };
        let whom = match &change.verb {
            Verb::Set(terms) => terms.for_partner(self, partner, day, rank).is_some(),
            _ => true,
        };
        let class = |code: &str| self.products.class(code);
        whom && product.is_none_or(|code| self.products.hit(change.products.scope, &class(code), day).is_some())
    }

    /// The days of a span on which anything an importer charges may change; between two of them nothing does.
    pub fn change_points(&self, importer: &str, span: Period, moment: Moment) -> Vec<Date> {
        let mut days: BTreeSet<Date> = self.events(importer, span, moment).iter().map(|event| event.date).collect();
        for measure in self.measures.values() {
            days.extend(measure.exempt.iter().flat_map(|item| item.period.ends()));
            days.extend(measure.charged_on.iter().flat_map(|item| item.period.ends()));
            days.extend(measure.gives_way.iter().flat_map(|item| item.period.ends()));
        }
        days.extend(self.groups.values().flat_map(|group| group.members.values().flat_map(Period::ends)));
        days.extend(self.assumptions.iter().flat_map(|assumption| assumption.period.ends()));
        days.extend(self.products.days());
        days.retain(|day| span.contains(*day));
        days.into_iter().collect()
    }

    /// What a good pays through a span: its first day, and every day from which it pays something else or for another reason.
    ///
    /// # Errors
    /// As [`Register::price`].
    pub fn timeline(&self, question: &Question, span: Period) -> Result<Vec<Step>, Problem> {
        let on = |date: Date| self.price(&Question { date, ..question.clone() });
        let moment = question.moment();
        let events = self.events(&question.importer, span, moment);
        let mut steps = vec![Step { date: span.from, duty: on(span.from)?, acts: Vec::new() }];
        for date in self.change_points(&question.importer, span, moment) {
            let duty = on(date)?;
            let Some(last) = steps.last().filter(|last| date > last.date && !same(&last.duty, &duty)) else { continue };
            let moved: Vec<&str> = moved(&last.duty, &duty);
            let guilty = events.iter().filter(|event| {
                event.date == date
                    && event.measures.iter().any(|id| moved.contains(id))
                    && self.touches(event.change, &question.exporter, Some(&question.product), date)
            });
            let mut acts: Vec<Source> = Vec::new();
            for source in guilty.map(|event| Source::new(event.act)) {
                if !acts.contains(&source) {
                    acts.push(source);
                }
            }
            steps.push(Step { date, duty, acts });
        }
        Ok(steps)
    }
}

/// Whether two days have the same parts by the same acts; parts cut to nothing do not count.
fn same(a: &Duty, b: &Duty) -> bool {
    let parts = |duty: &Duty| -> Vec<_> {
        let paid = duty.parts.iter().filter(|part| part.points != 0.0);
        paid.map(|part| (part.measure.clone(), part.points.to_bits(), part.source.clone())).collect()
    };
    a.total == b.total && parts(a) == parts(b)
}

/// The measures whose part differs.
fn moved<'a>(a: &'a Duty, b: &'a Duty) -> Vec<&'a str> {
    let key = |duty: &Duty, id: &str| -> Vec<_> {
        let parts = duty.parts.iter().filter(|part| part.measure == id);
        parts.map(|part| (part.points.to_bits(), part.full.to_bits(), part.source.clone())).collect()
    };
    let ids: BTreeSet<&str> = a.parts.iter().chain(&b.parts).map(|part| part.measure.as_str()).collect();
    ids.into_iter().filter(|id| key(a, id) != key(b, id)).collect()
}
