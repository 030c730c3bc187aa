//! A rate through time: on one good or on average, each step with what moved it and by which acts.

use std::collections::BTreeMap;

use cobden_measures::{Date, Duty, Event, Moment, Period, Question, Register, Source, Trade, View};
use cobden_world::Problem;

use super::ask;
use super::rate::{Asked, EXACT, rate};
use super::weights::Weights;
use crate::load::find_world;

/// A question about a span of days, as people type it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Through {
    /// Who levies: a code or a name.
    pub importer: String,
    /// On whose goods; `None` for all partners.
    pub exporter: Option<String>,
    /// Digits of the Harmonized System; `None` for all goods.
    pub product: Option<String>,
    /// First day; `None` for the day on which the importer's first measure begins.
    pub from: Option<String>,
    /// Last day; `None` for today.
    pub to: Option<String>,
    /// As known at the end of which day, if not now.
    pub known: Option<String>,
    /// Which clock.
    pub view: View,
    /// The base duty of the good in points, if it is known.
    pub base: Option<f64>,
    /// Numbers that law leaves open, as [`ask::stated`] reads them.
    pub stated: Vec<String>,
}

/// A rate through time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Who levies.
    pub importer: String,
    /// On whose goods; `None` for all partners on average.
    pub exporter: Option<String>,
    /// On which goods; `None` for all on average.
    pub product: Option<String>,
    /// Which clock.
    pub view: View,
    /// As known when.
    pub known: Option<Date>,
    /// The days: first to first no more.
    pub span: Period,
    /// Whether the base duty is counted.
    pub with_base: bool,
    /// Where the weights of an average come from.
    pub weights: Option<String>,
    /// The first day of the span, and every day from which the rate or what it is made of is another.
    pub steps: Vec<TimelineStep>,
}

/// From a day on.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineStep {
    /// The first day.
    pub date: Date,
    /// The rate from then on, in points.
    pub points: f64,
    /// What moved it, the largest first; empty at the start.
    pub moves: Vec<Shift>,
}

/// What a measure contributes more than the day before.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The measure.
    pub measure: String,
    /// How much more, in points.
    pub points: f64,
    /// The acts that did it; none where it follows from another measure, a list, a group or an assumption with dates of its own.
    pub acts: Vec<Source>,
}

/// Points of each measure.
type Parts = BTreeMap<String, f64>;

/// Changes of less than this are dust of arithmetic.
const DUST: f64 = 1e-9;

impl Through {
    /// The days asked for.
    ///
    /// # Errors
    /// A day that is none, a last day before the first, an importer without measures.
    pub fn span(&self, register: &Register) -> Result<Period, Problem> {
        let importer = ask::importer(register, &self.importer)?;
        let from = match &self.from {
            Some(text) => ask::day(text)?,
            None => first_day(register, &importer),
        };
        let to = self.to.as_deref().map_or_else(|| Ok(ask::today()), ask::day)?;
        if to < from {
            return Err(
                Problem::new(format!("the last day, {to}, is before the first, {from}")).help("swap --from and --to")
            );
        }
        Ok(Period::new(Some(from), to.tomorrow().ok()))
    }

    fn moment(&self) -> Result<Moment, Problem> {
        let known = self.known.as_deref().map(ask::day).transpose()?;
        Ok(Moment { date: Date::MIN, known, view: self.view })
    }
}

fn first_day(register: &Register, importer: &str) -> Date {
    let events = register.events(importer, Period::ALWAYS, Moment::on(Date::MIN));
    events.first().map_or_else(ask::today, |event| event.date)
}

/// The rate through time: on one good if exporter and product are named and the product is fine enough, else on average over `trade`.
///
/// # Errors
/// What is wrong with the question; an average without trade to weigh it with; a number that law leaves open.
pub fn timeline(register: &Register, through: &Through, trade: Option<&Trade>) -> Result<Timeline, Problem> {
    let good = through.exporter.as_ref().zip(through.product.as_ref());
    if let Some((exporter, product)) = good
        && let Some(timeline) = of_good(register, through, exporter, product)?
    {
        return Ok(timeline);
    }
    let importer = ask::importer(register, &through.importer)?;
    match (trade, good) {
        (Some(trade), _) => on_average(register, through, trade),
        (None, Some((_, product))) => {
            let message =
                format!("the law tells finer codes than {product} apart, and no trade to weigh them with is at hand");
            Err(Problem::new(message).help("ask for 8 or 10 digits; cobden rate lists the codes and what they pay"))
        }
        (None, None) => {
            let message = format!("no trade of {importer} by product is at hand to weigh rates with");
            Err(Problem::new(message)
                .help("name a partner and a product, or ask with --events for what begins and ends"))
        }
    }
}

/// What an importer bought by product, as a world has it to weigh rates with: an identifier or a folder; `None` if it has none of that importer.
///
/// # Errors
/// A world that cannot be read.
pub fn trade(register: &Register, world: &str, importer: &str) -> Result<Option<Trade>, Problem> {
    let code = ask::importer(register, importer)?;
    let weights = Weights::read(&*find_world(world)?.files)?;
    Ok(weights.and_then(|weights| weights.trade(&code).cloned()))
}

/// On one good; `None` if the law tells finer codes apart on any day.
fn of_good(register: &Register, through: &Through, exporter: &str, product: &str) -> Result<Option<Timeline>, Problem> {
    let span = through.span(register)?;
    let asked = Asked {
        importer: through.importer.clone(),
        exporter: exporter.to_owned(),
        product: product.to_owned(),
        on: span.from.to_string(),
        known: through.known.clone(),
        view: through.view,
        base: through.base,
        stated: through.stated.clone(),
    };
    let first = rate(register, &asked)?;
    let question = Question { base: first.base.as_ref().map_or(0.0, |base| base.points), ..first.duty.question };
    let steps = register.timeline(&question, span)?;
    if steps.iter().any(|step| !step.duty.finer.is_empty()) {
        return Ok(None);
    }
    let moment = question.moment();
    let events = register.events(&question.importer, span, moment);
    let known = Known { register, events, exporter: Some(&question.exporter), product: Some(&question.product) };
    let mut shown: Vec<TimelineStep> = Vec::new();
    let mut last = Parts::new();
    for step in &steps {
        let parts = parts(&step.duty);
        let moves = if shown.is_empty() { Vec::new() } else { known.moves(step.date, &last, &parts) };
        // Another act may set the same rate.
        if !shown.is_empty() && moves.is_empty() {
            continue;
        }
        shown.push(TimelineStep { date: step.date, points: step.duty.total, moves });
        last = parts;
    }
    Ok(Some(Timeline {
        importer: question.importer.clone(),
        exporter: Some(question.exporter.clone()),
        product: Some(question.product.clone()),
        view: question.view,
        known: question.known,
        span,
        with_base: first.base.is_some(),
        weights: None,
        steps: shown,
    }))
}

/// What each measure contributes, parts of nothing left out.
fn parts(duty: &Duty) -> Parts {
    let mut parts = Parts::new();
    for part in duty.parts.iter().filter(|part| part.points != 0.0) {
        *parts.entry(part.measure.clone()).or_insert(0.0) += part.points;
    }
    parts
}

/// On average over the trade of the importer, or that part of it which is asked for.
fn on_average(register: &Register, through: &Through, trade: &Trade) -> Result<Timeline, Problem> {
    let span = through.span(register)?;
    let importer = ask::importer(register, &through.importer)?;
    let exporter = through.exporter.as_deref().map(|text| traded(register, trade, text)).transpose()?;
    let product = through.product.as_deref().map(ask::product).transpose()?;
    if let Some(code) = product.as_ref().filter(|code| code.len() > EXACT) {
        let problem =
            Problem::new(format!("trade is not known by codes as fine as {code}, so that there is no average"));
        return Err(
            problem.help("ask for 6 digits; or for one partner and a code that the law does not tell finer ones from")
        );
    }
    let keep = |from: &str, code: &str| {
        exporter.as_deref().is_none_or(|wanted| wanted == from)
            && product.as_deref().is_none_or(|wanted| code.starts_with(wanted))
    };
    if !trade.lines().any(|(from, code, value, _)| value > 0.0 && keep(from, code)) {
        return Err(Problem::new("nothing was traded of what is asked for, so that there is no average"));
    }
    let moment = through.moment()?;
    let on = |date: Date| Moment { date, ..moment };
    let known = Known {
        register,
        events: register.events(&importer, span, moment),
        exporter: exporter.as_deref(),
        product: None,
    };
    let mut days = register.change_points(&importer, span, moment);
    days.retain(|day| *day != span.from);
    let mut pricer = register.pricer(trade)?;
    let (base, mut last) = pricer.parts(on(span.from), keep)?;
    let whole = |parts: &Parts| base.points + parts.values().sum::<f64>();
    let mut steps = vec![TimelineStep { date: span.from, points: whole(&last), moves: Vec::new() }];
    let mut before = pricer.average(on(span.from), keep)?.points;
    for date in days {
        // Most days change nothing on average, and that is quick to see.
        let now = pricer.average(on(date), keep)?.points;
        if (now - before).abs() < DUST {
            continue;
        }
        let (_, parts) = pricer.parts(on(date), keep)?;
        steps.push(TimelineStep { date, points: whole(&parts), moves: known.moves(date, &last, &parts) });
        (before, last) = (now, parts);
    }
    Ok(Timeline {
        importer,
        exporter,
        product,
        view: through.view,
        known: moment.known,
        span,
        with_base: true,
        weights: Some(trade.source.clone()),
        steps,
    })
}

/// A partner as trade reports it.
fn traded(register: &Register, trade: &Trade, text: &str) -> Result<String, Problem> {
    let code = ask::partner(register, text)?;
    if trade.exporters().contains(&code) {
        return Ok(code);
    }
    let problem = Problem::new(format!("the trade at hand does not report {code} as a partner of its own"));
    Err(problem.help(format!("it reports: {}", trade.exporters().join(", "))))
}

/// What is known about why a rate moves.
struct Known<'r> {
    register: &'r Register,
    events: Vec<Event<'r>>,
    exporter: Option<&'r str>,
    product: Option<&'r str>,
}

impl Known<'_> {
    /// The measures whose points differ, the largest difference first, with the acts that did it.
    fn moves(&self, date: Date, before: &Parts, after: &Parts) -> Vec<Shift> {
        let points = |parts: &Parts, measure: &String| parts.get(measure).copied().unwrap_or(0.0);
        let mut measures: Vec<&String> = before.keys().chain(after.keys()).collect();
        measures.sort_unstable();
        measures.dedup();
        let mut moves: Vec<Shift> = Vec::new();
        for measure in measures {
            let change = points(after, measure) - points(before, measure);
            if change.abs() >= DUST {
                moves.push(Shift { measure: measure.clone(), points: change, acts: self.acts(date, measure) });
            }
        }
        moves.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        moves
    }

    fn acts(&self, date: Date, measure: &str) -> Vec<Source> {
        let mut acts: Vec<Source> = Vec::new();
        for event in self.events.iter().filter(|event| event.date == date && event.measures.contains(&measure)) {
            let touches = |code| self.register.touches(event.change, code, self.product, date);
            let meant = self.exporter.is_none_or(touches);
            let source = Source::new(event.act);
            if meant && !acts.contains(&source) {
                acts.push(source);
            }
        }
        acts
    }
}
