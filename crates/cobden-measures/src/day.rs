//! The law of one importer on one day, as known on another, ready to be asked about partners and goods.

use crate::measure::{Act, Change, ChargedOn, Exempt, GivesWay, Levy, Measure, Terms, Verb};
use crate::products::Hit;
use crate::register::name_rank;
use crate::{Date, Moment, Register, View};

/// What is in force.
pub(crate) struct Day<'r> {
    pub(crate) register: &'r Register,
    pub(crate) date: Date,
    /// In an order in which each comes after those it gives way to.
    pub(crate) measures: Vec<Active<'r>>,
}

/// A measure on a day.
pub(crate) struct Active<'r> {
    pub(crate) measure: &'r Measure,
    pub(crate) exempt: Vec<&'r Exempt>,
    pub(crate) charged_on: Vec<&'r ChargedOn>,
    /// Relations in force, and the positions of the measures they name.
    pub(crate) gives_way: Vec<(&'r GivesWay, Vec<usize>)>,
    sets: Vec<(&'r Act, &'r Change, &'r Terms)>,
    masks: Vec<(&'r Act, &'r Change)>,
}

/// A line of a measure that means a partner.
pub(crate) struct Line<'r> {
    /// The id of its measure.
    pub(crate) measure: &'r str,
    pub(crate) act: &'r Act,
    pub(crate) change: &'r Change,
    pub(crate) terms: &'r Terms,
    pub(crate) levy: &'r Levy,
    pub(crate) rank: u8,
    masks: Vec<Mask<'r>>,
}

/// Something that sets a line aside, unless it was lifted.
struct Mask<'r> {
    act: &'r Act,
    change: &'r Change,
    lifts: Vec<&'r Change>,
}

/// The line that a measure charges a good by.
pub(crate) struct Winner<'l, 'r> {
    pub(crate) line: &'l Line<'r>,
    /// The share of trade under the code that measure and line mean.
    pub(crate) share: f64,
    /// Points suspended, and by which act.
    pub(crate) cut: Option<(f64, &'r Act)>,
    /// Digits of the code by which the line means the good.
    digits: u8,
}

/// A line that would mean a good, and what sets it aside.
pub(crate) struct Aside<'l, 'r> {
    pub(crate) measure: &'r Measure,
    pub(crate) line: &'l Line<'r>,
    pub(crate) by: (&'r Act, &'r Change),
}

impl Change {
    /// The name of its line.
    pub fn line(&self) -> &str {
        self.line.as_deref().unwrap_or("default")
    }

    /// The first day on which it counts by a clock.
    pub fn starts(&self, view: View) -> Date {
        match (view, self.collected_from) {
            (View::Collected, Some(day)) => day.max(self.period.from),
            _ => self.period.from,
        }
    }

    fn runs(&self, view: View, day: Date) -> bool {
        self.starts(view) <= day && day < self.period.until
    }

    fn is_on(&self, line: &str) -> bool {
        self.line.as_deref().is_none_or(|named| named == line)
    }
}

/// Later acts prevail; within one day of announcement, what starts later.
fn precedence(act: &Act, change: &Change) -> (Date, Date) {
    (act.announced, change.period.from)
}

impl<'r> Day<'r> {
    pub(crate) fn new(register: &'r Register, importer: &str, moment: Moment) -> Self {
        let levied =
            register.measures.values().filter(|measure| register.levies(&measure.importer, importer, moment.date));
        Self::of(register, levied, moment)
    }

    /// The law of some measures only, whoever levies them.
    pub(crate) fn of(register: &'r Register, measures: impl Iterator<Item = &'r Measure>, moment: Moment) -> Self {
        let Moment { date, known, view } = moment;
        let acts: Vec<&Act> = register.acts.iter().filter(|act| register.counts_as_known(act, known)).collect();
        let mut measures: Vec<Active<'r>> = measures.map(|measure| Active::new(measure, &acts, date, view)).collect();
        measures.retain(|active| !active.sets.is_empty());
        let measures = in_order(measures);
        Self { register, date, measures }
    }

    /// The scopes that any measure of the day looks at.
    pub(crate) fn scopes(&self) -> Vec<usize> {
        let mut scopes = Vec::new();
        for active in &self.measures {
            scopes.push(active.measure.products.scope);
            scopes.extend(active.charged_on.iter().map(|item| item.products.scope));
            scopes.extend(active.gives_way.iter().map(|(way, _)| way.products.scope));
            scopes.extend(active.sets.iter().map(|(_, change, _)| change.products.scope));
            scopes.extend(active.masks.iter().map(|(_, change)| change.products.scope));
        }
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// The lines of every measure that mean a partner.
    pub(crate) fn toward(&self, partner: &str) -> Vec<Vec<Line<'r>>> {
        self.measures.iter().map(|active| active.lines(self.register, partner, self.date)).collect()
    }

    /// Everything that decides what a partner's goods pay, but for numbers and lists, which change with `era`: equal fingerprints of one register
    /// and importer are equal law.
    pub(crate) fn fingerprint(&self, toward: &[Vec<Line<'r>>], era: usize) -> Vec<usize> {
        fn address<T>(of: &T) -> usize {
            std::ptr::from_ref(of).addr()
        }
        let mut print = vec![era];
        for (active, lines) in self.measures.iter().zip(toward).filter(|(_, lines)| !lines.is_empty()) {
            print.push(address(active.measure));
            print.extend(active.exempt.iter().map(|item| address(*item)));
            print.extend(active.charged_on.iter().map(|item| address(*item)));
            print.extend(active.gives_way.iter().map(|(way, _)| address(*way)));
            for line in lines {
                print.extend([address(line.change), address(line.levy)]);
                for mask in &line.masks {
                    print.push(address(mask.change));
                    print.extend(mask.lifts.iter().map(|lift| address(*lift)));
                }
            }
        }
        print
    }

    /// What each measure charges a good by, and the lines that are set aside.
    pub(crate) fn winners<'l>(
        &self,
        lines: &'l [Vec<Line<'r>>],
        hits: &[Option<Hit>],
        mut aside: impl FnMut(Aside<'l, 'r>),
    ) -> Vec<Option<Winner<'l, 'r>>> {
        let on_line = |w: &Winner<'l, 'r>| (w.line.key(), w.line.rank, w.digits);
        let choose = |(active, lines): (&Active<'r>, &'l Vec<Line<'r>>)| {
            let of_measure = hits[active.measure.products.scope]?;
            let mut found: Vec<Winner<'l, 'r>> = Vec::new();
            for line in lines {
                let Some(hit) = hits[line.change.products.scope] else { continue };
                let winner = Winner { line, share: of_measure.share * hit.share, cut: None, digits: hit.digits };
                // On one line the later act prevails, before anything is set aside: an act that is suspended does not revive what it replaced.
                // Within one act the closer change does.
                match found.iter_mut().find(|other| other.line.change.line() == line.change.line()) {
                    Some(other) if on_line(&winner) > on_line(other) => *other = winner,
                    Some(_) => {}
                    None => found.push(winner),
                }
            }
            for winner in &mut found {
                match winner.line.fate(hits) {
                    Fate::Charged(cut) => winner.cut = cut,
                    Fate::Aside(act, change) => {
                        aside(Aside { measure: active.measure, line: winner.line, by: (act, change) });
                        winner.share = 0.0;
                    }
                }
            }
            found.retain(|winner| winner.share > 0.0);
            let order = |w: &Winner<'l, 'r>| (w.line.rank, w.digits, w.line.key());
            found
                .into_iter()
                .max_by(|a, b| order(a).cmp(&order(b)).then_with(|| b.line.change.line().cmp(a.line.change.line())))
        };
        self.measures.iter().zip(lines).map(choose).collect()
    }
}

impl<'r> Active<'r> {
    fn new(measure: &'r Measure, acts: &[&'r Act], date: Date, view: View) -> Self {
        let (mut sets, mut masks) = (Vec::new(), Vec::new());
        for &act in acts {
            for change in act.changes.iter().filter(|change| change.runs(view, date)) {
                if !change.is_to(measure) {
                    continue;
                }
                match &change.verb {
                    Verb::Set(terms) => sets.push((act, change, &**terms)),
                    _ => masks.push((act, change)),
                }
            }
        }
        let exempt = measure.exempt.iter().filter(|item| item.period.contains(date)).collect();
        let charged_on = measure.charged_on.iter().filter(|item| item.period.contains(date)).collect();
        let gives_way = measure.gives_way.iter().filter(|item| item.period.contains(date));
        let gives_way = gives_way.map(|relation| (relation, Vec::new())).collect();
        Self { measure, exempt, charged_on, gives_way, sets, masks }
    }

    fn lines(&self, register: &'r Register, partner: &str, day: Date) -> Vec<Line<'r>> {
        // Nobody charges goods from within its own customs territory.
        if register.levies(&self.measure.importer, partner, day) {
            return Vec::new();
        }
        let means = |change: &Change| register.partner_rank(&change.partners, partner, day);
        let masks: Vec<_> = self.masks.iter().filter(|(_, change)| means(change).is_some()).collect();
        let mut lines = Vec::new();
        for &(act, change, terms) in &self.sets {
            let Some(rank) = means(change) else { continue };
            let Some((rank, levy)) = terms.for_partner(register, partner, day, rank) else { continue };
            let own = precedence(act, change);
            let applies = |&&&(by, mask): &&&(&'r Act, &'r Change)| {
                mask.is_on(change.line())
                    && match mask.verb {
                        Verb::Suspend(_) => act.announced <= by.announced,
                        Verb::End { .. } => own < precedence(by, mask),
                        Verb::Exempt => true,
                        Verb::Set(_) | Verb::Lift => false,
                    }
            };
            let masks = masks.iter().filter(applies).map(|&&(by, mask)| {
                let lifts = masks.iter().filter(|(lift_act, lift)| {
                    lift.verb == Verb::Lift
                        && lift.is_on(change.line())
                        && !matches!(mask.verb, Verb::End { .. })
                        && precedence(by, mask) < precedence(lift_act, lift)
                });
                Mask { act: by, change: mask, lifts: lifts.map(|(_, lift)| *lift).collect() }
            });
            lines.push(Line { measure: &self.measure.id, act, change, terms, levy, rank, masks: masks.collect() });
        }
        lines
    }
}

impl Terms {
    /// The levy on a partner whom the change means with `rank`, and the rank of that levy.
    pub(crate) fn for_partner<'t>(
        &'t self,
        register: &Register,
        partner: &str,
        day: Date,
        rank: u8,
    ) -> Option<(u8, &'t Levy)> {
        let ranked = self.rates.iter().filter_map(|(pattern, levy)| match pattern {
            None => Some((rank, levy)),
            Some(pattern) => Some((name_rank(&pattern.name, partner, day, &register.groups)?, levy)),
        });
        ranked.max_by_key(|(rank, _)| *rank)
    }
}

/// What becomes of a line.
enum Fate<'r> {
    Charged(Option<(f64, &'r Act)>),
    Aside(&'r Act, &'r Change),
}

impl<'r> Line<'r> {
    fn key(&self) -> (Date, Date) {
        precedence(self.act, self.change)
    }

    /// The scopes that decide whether it means a good.
    pub(crate) fn scopes(&self, into: &mut Vec<usize>) {
        into.push(self.change.products.scope);
        into.extend(self.masks.iter().map(|mask| mask.change.products.scope));
    }

    fn fate(&self, hits: &[Option<Hit>]) -> Fate<'r> {
        let means = |change: &Change| hits[change.products.scope].is_some();
        let mut cut: Option<(f64, &'r Act)> = None;
        for mask in self.masks.iter().filter(|mask| means(mask.change) && !mask.lifts.iter().any(|lift| means(lift))) {
            match mask.change.verb {
                Verb::Suspend(Some(points)) => {
                    if cut.is_none_or(|(other, _)| points > other) {
                        cut = Some((points, mask.act));
                    }
                }
                _ => return Fate::Aside(mask.act, mask.change),
            }
        }
        Fate::Charged(cut)
    }
}

/// Each measure after those it gives way to; the register refuses circles.
fn in_order(mut open: Vec<Active<'_>>) -> Vec<Active<'_>> {
    let mut done: Vec<Active<'_>> = Vec::new();
    while !open.is_empty() {
        let waits = |active: &Active<'_>| {
            let mut targets = active.gives_way.iter().flat_map(|(way, _)| &way.targets);
            targets.any(|target| open.iter().any(|other| other.measure.number == *target))
        };
        let next = open.iter().position(|active| !waits(active)).unwrap_or(0);
        done.push(open.remove(next));
    }
    let numbers: Vec<usize> = done.iter().map(|active| active.measure.number).collect();
    for (own, active) in done.iter_mut().enumerate() {
        for (way, targets) in &mut active.gives_way {
            *targets = (0..own).filter(|&at| way.targets.contains(&numbers[at])).collect();
        }
    }
    done
}
