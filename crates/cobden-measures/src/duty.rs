//! The answer: a rate, and the tree of reasons behind it.

use std::fmt;

use cobden_world::{Problem, Rate};

use crate::day::{Aside, Day, Line, Winner};
use crate::measure::{Act, Levy};
use crate::price::{Amount, Cause, Pricing};
use crate::{Confidence, Date, Question, Register, Status, Verb};

/// What a good pays, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// What was asked.
    pub question: Question,
    /// The sum of base and parts, in points.
    pub total: f64,
    /// What each measure contributes, largest first; measures cut to nothing stay in.
    pub parts: Vec<Part>,
    /// Lines that would mean the good and are suspended, ended or exempt.
    pub set_aside: Vec<SetAside>,
    /// Measures that charge the partner and of which only a part is held, where that part does not mean the good: the rest may.
    pub partial: Vec<PartlyHeld>,
    /// Lists that tell finer codes apart than the one asked for, so that the answer holds for part of it only.
    pub finer: Vec<String>,
}

/// A measure of which only a part is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartlyHeld {
    /// Its id.
    pub measure: String,
    /// What people call it.
    pub title: String,
    /// Which part is held.
    pub held: String,
}

/// What one measure contributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The measure.
    pub measure: String,
    /// What people call it.
    pub title: String,
    /// Its line.
    pub line: String,
    /// The rate as the law writes it.
    pub charge: String,
    /// The act that set it.
    pub source: Source,
    /// What a good pays that pays all of it, in points.
    pub full: f64,
    /// What it contributes, in points.
    pub points: f64,
    /// Why that is less than `full`, or `full` less than the rate.
    pub reasons: Vec<Reason>,
}

/// The act behind something.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name.
    pub act: String,
    /// Its public source.
    pub cite: Option<String>,
    /// Where to read it.
    pub url: Option<String>,
    /// When it became known.
    pub announced: Date,
    /// Whether it is law.
    pub status: Status,
    /// How likely it is.
    pub probability: Option<f64>,
    /// How sure the register is.
    pub confidence: Option<Confidence>,
}

/// Why a part is less than it could be.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// In words.
    pub text: String,
    /// The measure it gives way to, if that is the reason.
    pub gives_way_to: Option<String>,
    /// By which act.
    pub cite: Option<String>,
}

/// A line that would mean the good.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// The measure.
    pub measure: String,
    /// Its line.
    pub line: String,
    /// The rate as the law writes it.
    pub charge: String,
    /// `suspended`, `ended` or `exempt`.
    pub how: &'static str,
    /// By which act.
    pub by: Source,
    /// Until when, if that is known.
    pub until: Option<Date>,
}

impl Duty {
    /// The sum as a decimal rate.
    pub fn rate(&self) -> Rate {
        Rate(self.total / 100.0)
    }

    /// What a measure contributes, in points; 0 if it does not mean the good.
    pub fn points(&self, measure: &str) -> f64 {
        self.parts.iter().filter(|part| part.measure == measure).map(|part| part.points).sum()
    }
}

impl Source {
    /// The act as a source.
    pub fn new(act: &Act) -> Self {
        Self {
            act: act.name(),
            cite: act.cite.clone(),
            url: act.url.clone(),
            announced: act.announced,
            status: act.status,
            probability: act.probability,
            confidence: act.confidence,
        }
    }
}

impl Register {
    /// What an importer charges on a good from a partner on a day.
    ///
    /// # Errors
    /// A number that law leaves open and no assumption gives, at the place where the law mentions it; or a product that is no code.
    pub fn price(&self, question: &Question) -> Result<Duty, Problem> {
        self.answer(question, false)
    }

    /// As [`Register::price`]; `closed` means that only stated numbers count.
    pub(crate) fn answer(&self, question: &Question, closed: bool) -> Result<Duty, Problem> {
        let Some(product) = crate::pattern::digits(&question.product) else {
            let message = format!("\"{}\" is not a product code", question.product.escape_debug());
            return Err(Problem::new(message).help("write 2 to 12 digits of the Harmonized System, in pairs"));
        };
        self.known_partner(&question.exporter)?;
        let day = Day::new(self, &question.importer, question.moment());
        let lines = day.toward(&question.exporter);
        let hits = self.products.hits(&self.products.class(&product), question.date);
        let pricing = Pricing {
            day: &day,
            exporter: &question.exporter,
            product: &product,
            hits: &hits,
            stated: &question.stated,
            closed,
        };
        let (parts, set_aside) = pricing.explained(&lines, question.base)?;
        let total = question.base + parts.iter().map(|part| part.points).sum::<f64>();
        let partial = partial(&day, &lines, &parts);
        Ok(Duty { question: question.clone(), total, parts, set_aside, partial, finer: finer(&day, &lines, &product) })
    }
}

impl<'r> Pricing<'_, 'r> {
    /// Every measure's part, largest first, and the lines set aside.
    pub(crate) fn explained(&self, lines: &[Vec<Line<'r>>], base: f64) -> Result<(Vec<Part>, Vec<SetAside>), Problem> {
        let mut set_aside = Vec::new();
        let winners = self.day.winners(lines, self.hits, |aside| set_aside.push(SetAside::new(&aside)));
        let mut reasons: Vec<Vec<Reason>> = vec![Vec::new(); winners.len()];
        let amounts = self.amounts(&winners, base, |at, cause| reasons[at].push(reason(self.day, &cause)))?;
        let mut parts = Vec::new();
        for (((winner, amount), reasons), active) in winners.iter().zip(&amounts).zip(reasons).zip(&self.day.measures) {
            let Some(winner) = winner else { continue };
            parts.push(part(&active.measure.title, winner, amount, reasons));
        }
        parts.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.measure.cmp(&b.measure)));
        Ok((parts, set_aside))
    }
}

/// Measures in force toward the partner that are held in part, if they have no part in what the good pays.
fn partial(day: &Day<'_>, lines: &[Vec<Line<'_>>], parts: &[Part]) -> Vec<PartlyHeld> {
    let charging = day.measures.iter().zip(lines).filter(|(_, lines)| !lines.is_empty());
    let silent = charging.filter(|(active, _)| parts.iter().all(|part| part.measure != active.measure.id));
    let held = |measure: &crate::Measure| {
        let held = measure.partial.clone()?;
        Some(PartlyHeld { measure: measure.id.clone(), title: measure.title.clone(), held })
    };
    silent.filter_map(|(active, _)| held(active.measure)).collect()
}

/// Lists in force toward the partner that tell finer codes apart.
fn finer(day: &Day<'_>, lines: &[Vec<Line<'_>>], product: &str) -> Vec<String> {
    let products = &day.register.products;
    let mut found = Vec::new();
    for (active, lines) in day.measures.iter().zip(lines) {
        let scopes = std::iter::once(&active.measure.products).chain(lines.iter().map(|line| &line.change.products));
        let Some(example) =
            scopes.filter(|_| !lines.is_empty()).find_map(|patterns| products.finer(patterns.scope, product))
        else {
            continue;
        };
        found.push(format!("{} tells finer codes than {product} apart, e.g. {example}", active.measure.id));
    }
    found
}

fn part(title: &str, winner: &Winner<'_, '_>, amount: &Amount, mut reasons: Vec<Reason>) -> Part {
    let line = winner.line;
    if let Some((points, act)) = winner.cut {
        let text = format!("{points} points suspended by {}", act.name());
        reasons.insert(0, Reason { text, gives_way_to: None, cite: act.cite.clone() });
    }
    Part {
        measure: line.measure.to_owned(),
        title: title.to_owned(),
        line: line.change.line().to_owned(),
        charge: charge_text(line),
        source: Source::new(line.act),
        full: amount.full,
        points: amount.points,
        reasons,
    }
}

pub(crate) fn charge_text(line: &Line<'_>) -> String {
    let rate = match line.levy {
        Levy::Rate(charge) => charge.to_string(),
        Levy::Quota(quota) => format!(
            "{} within {} {} a {}, {} beyond",
            quota.inside, quota.volume, quota.unit, quota.period, quota.outside
        ),
    };
    match line.terms.cap {
        Some(cap) => format!("{rate}, at most {cap}% with the base"),
        None => rate,
    }
}

fn reason(day: &Day<'_>, cause: &Cause<'_>) -> Reason {
    let percent = |share: f64| format!("{}%", (share * 1e4).round() / 100.0);
    let (text, cite) = match cause {
        Cause::Claim(name, share, cite) => (format!("{} of trade is exempt by claim {name}", percent(*share)), *cite),
        Cause::ClaimedShare(name, claimed, share) => {
            (format!("{} of trade claims {name} and pays on {} of its value", percent(*claimed), percent(*share)), None)
        }
        Cause::Content(name, share, cite) => {
            (format!("charged on the {name} share of value, {}", percent(*share)), *cite)
        }
        Cause::GivesWay(to, covered, way) => {
            let to = &day.measures[*to].measure.id;
            let text = format!("gives way to {to} on {} of value", percent(*covered));
            return Reason { text, gives_way_to: Some(to.clone()), cite: way.cite.clone() };
        }
        Cause::Quota(fill, inside, outside) => {
            let text = format!("{} of trade inside the quota pays {inside}, the rest {outside}", percent(*fill));
            (text, None)
        }
        Cause::Ceiling(cap) => (format!("base and measure together at most {cap}%"), None),
        Cause::Listed(share) => (format!("means {} of the trade under the code", percent(*share)), None),
    };
    Reason { text, gives_way_to: None, cite: cite.map(str::to_owned) }
}

impl SetAside {
    fn new(aside: &Aside<'_, '_>) -> Self {
        let (act, change) = aside.by;
        Self {
            measure: aside.measure.id.clone(),
            line: aside.line.change.line().to_owned(),
            charge: charge_text(aside.line),
            how: match change.verb {
                Verb::Suspend(_) => "suspended",
                Verb::Exempt => "exempt",
                _ => "ended",
            },
            by: Source::new(act),
            until: (change.period.until != Date::MAX).then_some(change.period.until),
        }
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { importer, exporter, product, date, base, .. } = &self.question;
        writeln!(f, "{importer} on {product} from {exporter}, {date}: {}%", tidy(self.total))?;
        writeln!(f, "  {:>8}  base duty", tidy(*base))?;
        for part in &self.parts {
            let Part { measure, charge, source, .. } = part;
            let firm = if source.status == Status::Enacted { "" } else { ", not law" };
            writeln!(f, "  {:>8}  {measure}: {charge} ({}{firm})", tidy(part.points), source.act)?;
            for reason in &part.reasons {
                let cite = reason.cite.as_ref().map_or_else(String::new, |cite| format!(" ({cite})"));
                writeln!(f, "            {}{cite}", reason.text)?;
            }
        }
        for aside in &self.set_aside {
            let until = aside.until.map_or_else(String::new, |day| format!(" until {day}"));
            let SetAside { measure, line, charge, how, by, .. } = aside;
            writeln!(f, "            {measure}/{line}: {charge} is {how}{until} ({})", by.act)?;
        }
        for PartlyHeld { measure, held, .. } in &self.partial {
            writeln!(f, "  note: {measure} is held in part ({held}); the good may be on the rest")?;
        }
        for finer in &self.finer {
            writeln!(f, "  note: {finer}")?;
        }
        Ok(())
    }
}

/// A number without the dust of its last bits.
pub(crate) fn tidy(points: f64) -> f64 {
    let rounded = (points * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}
