//! The rate on one good: the total if it is known, what it would be on other base duties, and finer codes that pay something else.

use std::collections::BTreeMap;

use cobden_measures::{Date, Duty, Part, Question, Register, Trade, View};
use cobden_world::Problem;

use super::ask;
use super::base::ordinary_duties;

/// A question about a rate, as people type it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Who levies: a code or a name.
    pub importer: String,
    /// On whose goods: a code or a name.
    pub exporter: String,
    /// Digits of the Harmonized System.
    pub product: String,
    /// On which day; empty for today.
    pub on: String,
    /// As known at the end of which day, if not now.
    pub known: Option<String>,
    /// Which clock.
    pub view: View,
    /// The base duty in points; else it is that of the importer's tariff, if cobden carries it.
    pub base: Option<f64>,
    /// Numbers that law leaves open, as [`ask::stated`] reads them.
    pub stated: Vec<String>,
}

/// What a good pays, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodRate {
    /// The parts and their reasons. Where the base duty is not known they are worked out on a base of 0, and [`GoodRate::points`] says which of
    /// them hold on any base.
    pub duty: Duty,
    /// The base duty, and who says so; `None`: not known, and not counted.
    pub base: Option<Base>,
    /// Where the base is not known because finer codes differ in it: the least and the most, in points.
    pub ordinary: Option<(f64, f64)>,
    /// What the whole would be on some base duties, in points; empty where the base is known, or where it does not change the parts.
    pub if_base: Vec<(f64, f64)>,
    /// Measures whose part turns on the base, where that is not known.
    pub turning: Vec<String>,
    /// Groups of finer codes under the one asked for that pay different rates, the largest group first; empty if all pay the same. The
    /// parts are then those of a code that none of them names.
    pub finer: Vec<Finer>,
    /// What goods under the code pay on average, ordinary duty and all, where finer codes differ and [`GoodRate::weigh`] found trade in them.
    pub average: Option<Weighed>,
}

/// An average over the trade under a code.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// In points.
    pub points: f64,
    /// Where the weights come from.
    pub weights: String,
}

/// A base duty.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// In points.
    pub points: f64,
    /// Who says so.
    pub source: String,
}

/// Finer codes that pay the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Finer {
    /// With the base if it is known, else on top of it, in points; `None` if it turns on the base, or a number is missing.
    pub points: Option<f64>,
    /// What is behind it.
    pub parts: Vec<FinerPart>,
    /// The codes, in order.
    pub codes: Vec<String>,
    /// What is missing, if a rate could not be made.
    pub missing: Option<String>,
}

/// What a measure charges finer codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FinerPart {
    /// The measure.
    pub measure: String,
    /// Its rate, as the law writes it.
    pub charge: String,
    /// In millionths of a point, so that equal parts are equal keys.
    micropoints: Option<i64>,
}

impl FinerPart {
    /// What it contributes, in points; `None` if it turns on a base that is not known.
    pub fn points(&self) -> Option<f64> {
        self.micropoints.map(|points| points as f64 / 1e6)
    }
}

/// Base duties for which a rate is shown where the base is not known, in points.
const BASES: [f64; 5] = [0.0, 2.5, 5.0, 10.0, 25.0];
/// Digits up to which trade is known by code: below them a world sums codes that the law treats alike, under one of them.
pub(super) const EXACT: usize = 6;
/// Points are equal if they differ by less.
const DUST: f64 = 1e-9;

impl Asked {
    /// The question in the words of a register.
    ///
    /// # Errors
    /// A day, partner, product or number that is none, with the nearest that is.
    pub fn question(&self, register: &Register) -> Result<Question, Problem> {
        let date = if self.on.is_empty() { ask::today() } else { ask::day(&self.on)? };
        let importer = ask::importer(register, &self.importer)?;
        let exporter = ask::partner(register, &self.exporter)?;
        let mut question = Question::new(&importer, &exporter, &ask::product(&self.product)?, date).view(self.view);
        question.known = self.known.as_deref().map(ask::day).transpose()?;
        for text in &self.stated {
            let (quantity, value) = ask::stated(register, text)?;
            question.stated.insert(quantity, value);
        }
        if let Some(points) = self.base {
            if !(points.is_finite() && points >= 0.0) {
                return Err(Problem::new(format!("a base duty of {points} points")).help("write e.g. --base 2.5"));
            }
            question.base = points;
        }
        Ok(question)
    }
}

/// What an importer charges a partner's good on a day.
///
/// # Errors
/// As [`Asked::question`]; a number that law leaves open and nobody states, at the place where the law mentions it.
pub fn rate(register: &Register, asked: &Asked) -> Result<GoodRate, Problem> {
    let mut question = asked.question(register)?;
    let stated = asked.base.map(|points| Base { points, source: "as stated".to_owned() });
    let ordinary = if stated.is_some() { None } else { ordinary(register, &question) };
    let base = stated.or_else(|| {
        ordinary
            .as_ref()
            .filter(|(least, most, _)| least == most)
            .map(|(points, _, source)| Base { points: *points, source: source.clone() })
    });
    question.base = base.as_ref().map_or(0.0, |base| base.points);
    let ordinary = ordinary.filter(|_| base.is_none()).map(|(least, most, _)| (least, most));
    let duty = price(register, &question)?;
    let (mut if_base, mut turning) = (Vec::new(), Vec::new());
    if base.is_none() {
        for points in BASES {
            let other = register.price(&question.clone().base(points))?;
            for (part, other) in duty.parts.iter().zip(by_measure(&duty, &other)) {
                if (part.points - other).abs() > DUST && !turning.contains(&part.measure) {
                    turning.push(part.measure.clone());
                }
            }
            if_base.push((points, other.total));
        }
        if turning.is_empty() {
            if_base.clear();
        }
    }
    let finer = if duty.finer.is_empty() { Vec::new() } else { finer(register, &question, base.is_some()) };
    Ok(GoodRate { duty, base, ordinary, if_base, turning, finer, average: None })
}

/// What the importer's tariff charges before any measure: the least, the most, and where that is written.
fn ordinary(register: &Register, question: &Question) -> Option<(f64, f64, String)> {
    let duties = ordinary_duties(&question.importer)?;
    let (least, most) = duties.range(register, &question.exporter, &question.product, question.date)?;
    let edition = duties.source.split(" (").next().unwrap_or_default();
    Some((least, most, format!("{edition}; goods that claim a preference pay less")))
}

/// What the measures of one answer contribute in another, in the order of the first.
fn by_measure<'d>(duty: &'d Duty, other: &'d Duty) -> impl Iterator<Item = f64> + 'd {
    duty.parts.iter().map(|part| other.points(&part.measure))
}

/// As [`Register::price`]; a missing number comes with the way to state it.
fn price(register: &Register, question: &Question) -> Result<Duty, Problem> {
    register.price(question).map_err(|problem| {
        let names = register.quantities();
        let missing = names.iter().find(|quantity| problem.message.contains(&quantity.to_string()));
        match (missing, problem.help.clone()) {
            (Some(quantity), Some(help)) => {
                problem.help(format!("{help}; or ask with --state {}=...", ask::typed(quantity)))
            }
            _ => problem,
        }
    })
}

impl GoodRate {
    /// The whole, in points, if the base is known and the code is fine enough.
    pub fn total(&self) -> Option<f64> {
        (self.base.is_some() && self.finer.is_empty()).then_some(self.duty.total)
    }

    /// What comes on top of the base, in points, if that does not turn on a base that is not known and the code is fine enough.
    pub fn on_top(&self) -> Option<f64> {
        (self.if_base.is_empty() && self.finer.is_empty()).then_some(self.duty.total - self.duty.question.base)
    }

    /// What a part contributes, in points, if it is known.
    pub fn points(&self, part: &Part) -> Option<f64> {
        (!self.turning.contains(&part.measure)).then_some(part.points)
    }

    /// Where the law tops the ordinary duty up to one rate whatever it is: that rate, in points. The whole is then that rate or the ordinary duty,
    /// whichever is higher.
    pub fn all_in(&self) -> Option<f64> {
        let (_, least) = *self.if_base.first().filter(|_| self.finer.is_empty())?;
        self.if_base.iter().all(|(base, total)| (total - least.max(*base)).abs() < DUST).then_some(least)
    }

    /// The least and the most that goods under the code pay, in points, with the base or on top of it; `None` if that is not known.
    pub fn range(&self) -> Option<(f64, f64)> {
        let points: Option<Vec<f64>> = self.finer.iter().map(|finer| finer.points).collect();
        let points = points.filter(|points| !points.is_empty())?;
        Some((points.iter().copied().fold(f64::INFINITY, f64::min), points.iter().copied().fold(0.0, f64::max)))
    }

    /// Weighs finer codes by the trade of the importer, if they differ, if the code has at most six digits, if the partner is one of that trade, and if nothing is stated: stated numbers
    /// are for one good.
    ///
    /// # Errors
    /// A number that law leaves open.
    pub fn weigh(&mut self, register: &Register, trade: &Trade) -> Result<(), Problem> {
        let question = &self.duty.question;
        if self.finer.is_empty() || !question.stated.is_empty() || question.product.len() > EXACT {
            return Ok(());
        }
        let mut own = Trade::new(trade.importer.clone(), trade.source.clone());
        for (exporter, code, value, base) in trade.lines() {
            if exporter == question.exporter && code.starts_with(&question.product) {
                own.push(exporter, code, value, base)?;
            }
        }
        if own.value() > 0.0 {
            let points = register.pricer(&own)?.average(question.moment(), |_, _| true)?.points;
            self.average = Some(Weighed { points, weights: trade.source.clone() });
        }
        Ok(())
    }

    /// The day it is for.
    pub fn date(&self) -> Date {
        self.duty.question.date
    }
}

/// Millionths of a point in all, the parts, what is missing: codes with the same of all three are one group.
type Known = (Option<i64>, Vec<FinerPart>, Option<String>);

/// The codes under a coarse one, by what they pay; one group at least for those that the law names nowhere.
fn finer(register: &Register, question: &Question, with_base: bool) -> Vec<Finer> {
    let mut groups: BTreeMap<Known, Vec<String>> = BTreeMap::new();
    for code in register.finer_codes(question).into_iter().chain([question.product.as_str()]) {
        let question = Question { product: code.to_owned(), ..question.clone() };
        let key = match register.price(&question) {
            Ok(duty) => known(register, &duty, with_base),
            Err(problem) => (None, Vec::new(), Some(problem.message)),
        };
        groups.entry(key).or_default().push(code.to_owned());
    }
    if groups.len() < 2 {
        return Vec::new();
    }
    let numbered = groups.values().enumerate();
    let groups_of: BTreeMap<String, usize> =
        numbered.flat_map(|(at, codes)| codes.iter().map(move |code| (code.clone(), at))).collect();
    let group = |((points, parts, missing), codes): (Known, Vec<String>)| Finer {
        points: points.map(|points| points as f64 / 1e6),
        parts,
        codes: without_repetition(&codes, &groups_of, &question.product),
        missing,
    };
    let mut groups: Vec<Finer> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.codes.len()));
    groups
}

/// What is known of a duty: its total, if it does not turn on a base that is not known, and its parts.
fn known(register: &Register, duty: &Duty, with_base: bool) -> Known {
    let on = |base: f64| register.price(&duty.question.clone().base(base)).ok();
    let others: Vec<Duty> = if with_base { Vec::new() } else { BASES.into_iter().filter_map(on).collect() };
    let part = |part: &Part| {
        let turns = others.iter().any(|other| (other.points(&part.measure) - part.points).abs() > DUST);
        let micropoints = (!turns).then_some(micro(part.points));
        FinerPart { measure: part.measure.clone(), charge: part.charge.clone(), micropoints }
    };
    let parts: Vec<FinerPart> = duty.parts.iter().filter(|part| part.points > 0.0).map(part).collect();
    let total = parts.iter().all(|part| part.micropoints.is_some()).then_some(micro(duty.total));
    (total, parts, None)
}

/// Without codes that pay what the next coarser code of the answer pays: that one stands for them.
fn without_repetition(codes: &[String], groups: &BTreeMap<String, usize>, asked: &str) -> Vec<String> {
    let repeats = |code: &String| {
        let above = (asked.len() + 1..code.len()).rev().filter_map(|end| groups.get(code.get(..end)?)).next();
        above.is_some() && above == groups.get(code)
    };
    codes.iter().filter(|code| !repeats(code)).cloned().collect()
}

/// Millionths of a point, so that equal rates are equal keys; rates are at most some ten thousand points.
fn micro(points: f64) -> i64 {
    (points * 1e6).round() as i64
}
