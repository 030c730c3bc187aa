//! What a measure charges whom on a day, whatever the good: its lines that charge something, and those that are set aside.

use std::collections::HashMap;

use crate::day::{Day, Line};
use crate::duty::charge_text;
use crate::measure::{Act, Change, Measure};
use crate::products::{Class, Hit};
use crate::{Date, Moment, Question, Register, View};

/// A line of a measure, and the partners of whom it charges some good or would.
#[derive(Clone, Debug)]
pub struct Standing<'r> {
    /// The act that set it.
    pub act: &'r Act,
    /// What the act did.
    pub change: &'r Change,
    /// The rate as the law writes it.
    pub charge: String,
    /// Countries, and groups under their own code, in order.
    pub partners: Vec<&'r str>,
    /// Points suspended, and by which act.
    pub cut: Option<(f64, &'r Act)>,
    /// What sets it aside for some goods at least; `None`: it charges some.
    pub set_aside: Option<(&'r Act, &'r Change)>,
}

/// What a measure does on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State<'r> {
    /// No rate of it is in force.
    Nothing,
    /// It charges some good of some partner.
    Charged,
    /// Whatever it would charge is set aside: by this act and change.
    SetAside(&'r Act, &'r Change),
}

/// A register made ready to say what its measures charge.
pub struct Standings<'r> {
    register: &'r Register,
    /// Every kind of good that the register tells apart.
    classes: Vec<Class>,
    /// Whom it charges.
    partners: Vec<&'r str>,
}

/// What becomes of a line for a kind of good: what set it (by address), its rate, points suspended, what sets it aside (by address).
type Fate = (usize, String, u64, usize);

impl Register {
    /// Makes ready to say what measures charge, whatever the good.
    pub fn standings(&self) -> Standings<'_> {
        let codes = self.groups.values().filter_map(|group| group.code.as_deref());
        let mut partners: Vec<&str> = crate::countries::COUNTRIES.into_iter().chain(codes).collect();
        partners.sort_unstable();
        partners.dedup();
        Standings { register: self, classes: self.products.classes(), partners }
    }

    /// Codes below the one asked for that the law in force toward the partner names, in order: what it charges on them may differ.
    pub fn finer_codes(&self, question: &Question) -> Vec<&str> {
        let Some(product) = crate::pattern::digits(&question.product) else { return Vec::new() };
        let day = Day::new(self, &question.importer, question.moment());
        let mut scopes = Vec::new();
        for (active, lines) in day.measures.iter().zip(day.toward(&question.exporter)) {
            if !lines.is_empty() {
                scopes.push(active.measure.products.scope);
                scopes.extend(active.charged_on.iter().map(|item| item.products.scope));
                scopes.extend(active.gives_way.iter().map(|(way, _)| way.products.scope));
                lines.iter().for_each(|line| line.scopes(&mut scopes));
            }
        }
        self.products.below(&scopes, &product)
    }
}

impl<'r> Standings<'r> {
    /// Whom a measure can charge: countries, and groups under their own code, in order.
    pub fn partners(&self) -> &[&'r str] {
        &self.partners
    }

    /// The lines of a measure at a moment: those that charge something first, then what is set aside.
    pub fn of(&self, measure: &'r Measure, moment: Moment) -> Vec<Standing<'r>> {
        let day = Day::of(self.register, std::iter::once(measure), moment);
        let rows = self.rows(&day);
        let mut known: HashMap<Vec<usize>, Vec<usize>> = HashMap::new();
        let (mut found, mut index): (Vec<Standing<'r>>, HashMap<Fate, usize>) = (Vec::new(), HashMap::new());
        for &partner in &self.partners {
            let lines = day.toward(partner);
            let print = day.fingerprint(&lines, 0);
            let fates = known.entry(print).or_insert_with(|| {
                let mut at = Vec::new();
                for (fate, standing) in fates(&day, &lines, &rows) {
                    let next = found.len();
                    let number = *index.entry(fate).or_insert(next);
                    if number == next {
                        found.push(standing);
                    }
                    at.push(number);
                }
                at.sort_unstable();
                at.dedup();
                at
            });
            for &at in &*fates {
                found[at].partners.push(partner);
            }
        }
        found.sort_by_key(|standing| {
            (standing.set_aside.is_some(), standing.change.line().to_owned(), standing.act.announced)
        });
        found
    }

    /// What a measure does at a moment.
    pub fn state(&self, measure: &'r Measure, moment: Moment) -> State<'r> {
        let day = Day::of(self.register, std::iter::once(measure), moment);
        let rows = self.rows(&day);
        let (mut state, mut seen) = (State::Nothing, std::collections::HashSet::new());
        for &partner in &self.partners {
            let lines = day.toward(partner);
            if !seen.insert(day.fingerprint(&lines, 0)) {
                continue;
            }
            for (_, standing) in fates(&day, &lines, &rows) {
                match standing.set_aside {
                    None => return State::Charged,
                    // Of several, what came last: an exemption of some goods is not why a measure ended.
                    Some((act, change)) => match state {
                        State::SetAside(_, other) if other.starts(moment.view) >= change.starts(moment.view) => {}
                        _ => state = State::SetAside(act, change),
                    },
                }
            }
        }
        state
    }

    /// The days on which acts change what a measure does, and what it does from each on; days on which it goes on as before are left out.
    pub fn states(&self, measure: &'r Measure, known: Option<Date>, view: View) -> Vec<(Date, State<'r>)> {
        let register = self.register;
        let counts = |act: &&Act| register.counts_as_known(act, known);
        let changes = register.acts.iter().filter(counts).flat_map(|act| &act.changes);
        let mut days: Vec<Date> = changes
            .filter(|change| change.is_to(measure))
            .flat_map(|change| [change.starts(view), change.period.until])
            .filter(|day| *day != Date::MAX)
            .collect();
        days.sort_unstable();
        days.dedup();
        let mut states: Vec<(Date, State<'r>)> = Vec::new();
        for date in days {
            let state = self.state(measure, Moment { date, known, view });
            if states.last().map_or(State::Nothing, |(_, last)| *last) != state {
                states.push((date, state));
            }
        }
        states
    }

    /// How the scopes of a day mean the goods that they tell apart.
    fn rows(&self, day: &Day<'r>) -> Vec<Vec<Option<Hit>>> {
        let scopes = day.scopes();
        let mut rows: HashMap<Vec<(u8, u64)>, Vec<Option<Hit>>> = HashMap::new();
        for class in &self.classes {
            let hits = self.register.products.hits_of(&scopes, class, day.date);
            let key =
                scopes.iter().map(|&scope| hits[scope].map_or((u8::MAX, 0), |hit| (hit.digits, hit.share.to_bits())));
            rows.entry(key.collect()).or_insert(hits);
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        rows.into_iter().map(|(_, hits)| hits).collect()
    }
}

/// What becomes of a partner's lines for each kind of good, each once.
fn fates<'r>(day: &Day<'r>, lines: &[Vec<Line<'r>>], rows: &[Vec<Option<Hit>>]) -> Vec<(Fate, Standing<'r>)> {
    fn address<T>(of: &T) -> usize {
        std::ptr::from_ref(of).addr()
    }
    let mut found: Vec<(Fate, Standing<'r>)> = Vec::new();
    if lines.iter().all(Vec::is_empty) {
        return found;
    }
    let standing = |line: &Line<'r>, cut, set_aside| Standing {
        act: line.act,
        change: line.change,
        charge: charge_text(line),
        partners: Vec::new(),
        cut,
        set_aside,
    };
    let mut add = |fate: Fate, new: &dyn Fn() -> Standing<'r>| {
        if found.iter().all(|(known, _)| *known != fate) {
            found.push((fate, new()));
        }
    };
    for hits in rows {
        let winners = day.winners(lines, hits, |aside| {
            let (line, by) = (aside.line, aside.by);
            let fate = (address(line.change), charge_text(line), 0, address(by.1));
            add(fate, &|| standing(line, None, Some(by)));
        });
        for winner in winners.iter().flatten() {
            let line = winner.line;
            let cut = winner.cut.map_or(0, |(points, _)| points.to_bits());
            add((address(line.change), charge_text(line), cut, 0), &|| standing(line, winner.cut, None));
        }
    }
    found
}
