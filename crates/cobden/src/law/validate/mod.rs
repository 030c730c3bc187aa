//! The register against numbers that others worked out from the same law.

mod customs;
mod document;
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cobden_measures::{Average, Date, Moment, Period, Pricer, Register, Schedule, View};
use cobden_world::Problem;

use self::customs::Sectors;

pub use customs::customs_records;
pub use document::validation_csv;

/// A step there and here may differ by so many points.
pub const STEP: f64 = 0.5;
/// So large a share of the steps must not differ by more.
pub const SHARE: f64 = 0.9;
/// A level may differ by so many points.
pub const LEVEL: f64 = 1.0;
/// Parts of a step smaller than this name no act.
const NAMED: f64 = 0.02;

/// The average rate of the United States here and there, by day, partner and sector. All rates are points of the value of imports.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// Every day on which the published average changes.
    pub days: Vec<Day>,
    /// The largest partners on a few days.
    pub partners: Vec<Compared>,
    /// The largest sectors on the same days.
    pub sectors: Vec<Compared>,
    /// What the weights are.
    pub weights: String,
    /// Where the published numbers come from: by day, by partner, by sector.
    pub sources: [String; 3],
    /// By the register's own days.
    pub own: Distance,
    /// By the days of the published series.
    pub shifted: Distance,
}

/// A day on which the published average changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// The published average from it on.
    pub published: f64,
    /// The average here.
    pub register: f64,
    /// The average here if what is known to be dated otherwise there is dated as there.
    pub shifted: f64,
    /// What happened here since the day before in the list: measures and what each adds to the average, with the acts behind it, largest first.
    pub moved: Vec<Moved>,
    /// Why the step there is another, as far as it is known.
    pub remark: String,
}

/// What one measure does to a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its id; `base` for ordinary duties.
    pub measure: String,
    /// Points of the average.
    pub points: f64,
    /// The acts on it that began or ran out since the day before.
    pub acts: Vec<String>,
}

/// The average of a partner or a sector on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// A partner, or a sector of GTAP.
    pub name: String,
    /// The day.
    pub date: Date,
    /// Share of all imports.
    pub share: f64,
    /// As published.
    pub published: f64,
    /// Here.
    pub register: f64,
}

/// How far two series are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Steps that differ by at most [`STEP`].
    pub steps_within: usize,
    /// All steps.
    pub steps: usize,
    /// The largest difference of steps.
    pub largest_step: f64,
    /// Days on which levels differ by at most [`LEVEL`].
    pub days_within: i64,
    /// All days.
    pub days: i64,
    /// The largest difference of levels on any day.
    pub largest_level: f64,
    /// The average of levels' differences over all days, without signs.
    pub mean_level: f64,
}

impl Distance {
    /// Whether at least [`SHARE`] of the steps are within [`STEP`], and the level is within [`LEVEL`] on every day.
    pub fn holds(&self) -> (bool, bool) {
        (self.steps_within as f64 >= SHARE * self.steps as f64, self.days_within == self.days)
    }
}

/// Compares the average rates of the United States that a register makes with the published ones.
///
/// # Errors
/// Data that are absent or wrong; a register that lacks a measure that the series dates otherwise; a number that law leaves open and nobody assumed.
pub fn validate(register: &Register, data: &Path) -> Result<Validation, Problem> {
    let trade = customs_records(register, data)?;
    let published = published::days()?;
    let (Some(first), Some(last)) = (published.first(), published.last()) else {
        return Err(Problem::new("no published days"));
    };
    let span = Period { from: first.date, until: last.date };
    let mut pricer = register.pricer(&trade)?;
    let shifted_register = register.with([published::by_its_days()])?;
    let mut shifted_pricer = shifted_register.pricer(&trade)?;
    let own = levels(register, &mut pricer, span)?;
    let shifted = levels(&shifted_register, &mut shifted_pricer, span)?;
    let days = days(register, &mut pricer, &published, &own, &shifted)?;
    let there: BTreeMap<Date, f64> = days.iter().map(|day| (day.date, day.published)).collect();
    let steps = |here: fn(&Day) -> f64| {
        let step = move |two: &[Day]| (here(&two[1]) - here(&two[0])) - (two[1].published - two[0].published);
        days.windows(2).map(step)
    };
    let (own, shifted) = (
        distance(steps(|day| day.register), &there, &own, last.date),
        distance(steps(|day| day.shifted), &there, &shifted, last.date),
    );
    let schedules = schedules(&mut pricer, &customs::sectors(data)?)?;
    Ok(Validation {
        partners: compared(&published::partners()?, &schedules, |schedule, name| {
            let of = schedule.exporters.iter().position(|exporter| exporter == name)?;
            Some(average(schedule, |exporter, _| exporter == of))
        })?,
        sectors: compared(&published::sectors()?, &schedules, |schedule, name| {
            let of = schedule.sectors.iter().position(|sector| sector == name)?;
            Some(average(schedule, |_, sector| sector == of))
        })?,
        weights: trade.source.clone(),
        sources: published::sources(),
        own,
        shifted,
        days,
    })
}

/// The average by day, on every day on which it may change.
fn levels(register: &Register, pricer: &mut Pricer<'_>, span: Period) -> Result<BTreeMap<Date, f64>, Problem> {
    let mut days = register.change_points("USA", span, collected(span.from));
    days.insert(0, span.from);
    days.push(span.until);
    days.into_iter().map(|day| Ok((day, pricer.average(collected(day), |_, _| true)?.points))).collect()
}

/// As customs charged on the day: the published series counts deals from the day they were published.
fn collected(date: Date) -> Moment {
    Moment { date, known: None, view: View::Collected }
}

/// The value that holds on a day.
fn at(levels: &BTreeMap<Date, f64>, day: Date) -> f64 {
    levels.range(..=day).next_back().map_or(0.0, |(_, level)| *level)
}

fn days(
    register: &Register,
    pricer: &mut Pricer<'_>,
    published: &[published::Day],
    own: &BTreeMap<Date, f64>,
    shifted: &BTreeMap<Date, f64>,
) -> Result<Vec<Day>, Problem> {
    let mut days: Vec<Day> = Vec::with_capacity(published.len());
    let mut before: Option<(Date, BTreeMap<String, f64>)> = None;
    for day in published {
        let (base, mut parts) = pricer.parts(collected(day.date), |_, _| true)?;
        parts.insert("base".to_owned(), base.points);
        let moved = match &before {
            Some((date, last)) => moved(register, Period { from: *date, until: day.date }, last, &parts),
            None => Vec::new(),
        };
        before = Some((day.date, parts));
        days.push(Day {
            date: day.date,
            published: day.points,
            register: at(own, day.date),
            shifted: at(shifted, day.date),
            moved,
            remark: day.remark.clone(),
        });
    }
    Ok(days)
}

/// The measures whose part differs between two days, and what happened to each after the first day and up to the second.
fn moved(
    register: &Register,
    between: Period,
    then: &BTreeMap<String, f64>,
    now: &BTreeMap<String, f64>,
) -> Vec<Moved> {
    let after = |day: Date| day.tomorrow().unwrap_or(day);
    let events = register.events(
        "USA",
        Period { from: after(between.from), until: after(between.until) },
        collected(between.until),
    );
    let mut ids: Vec<&String> = then.keys().chain(now.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    let part = |parts: &BTreeMap<String, f64>, id: &String| parts.get(id).copied().unwrap_or(0.0);
    let mut moved: Vec<Moved> = Vec::new();
    for id in ids {
        let points = part(now, id) - part(then, id);
        if points.abs() < NAMED {
            continue;
        }
        let mut acts: Vec<String> = Vec::new();
        for event in events.iter().filter(|event| event.measures.contains(&id.as_str())) {
            let cite = event.act.cite.as_deref().or(event.act.title.as_deref()).unwrap_or_default();
            let cite = cite.split([',', ';']).next().unwrap_or_default().to_owned();
            if !acts.contains(&cite) {
                acts.push(cite);
            }
        }
        moved.push(Moved { measure: id.clone(), points, acts });
    }
    moved.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    moved
}

/// What is charged by partner and sector on the days for which numbers by partner or sector are published.
fn schedules(pricer: &mut Pricer<'_>, sectors: &Sectors) -> Result<BTreeMap<Date, Schedule>, Problem> {
    let cells = published::partners()?.into_iter().chain(published::sectors()?);
    let days: BTreeSet<Date> = cells.map(|cell| cell.date).collect();
    let names: Vec<&str> = sectors.names.iter().map(String::as_str).collect();
    days.into_iter().map(|day| Ok((day, pricer.schedule(collected(day), &names, &sectors.codes)?))).collect()
}

/// The average over the cells that `keep` keeps, by position of exporter and sector.
fn average(schedule: &Schedule, keep: impl Fn(usize, usize) -> bool) -> Average {
    let width = schedule.sectors.len();
    let mut average = Average::default();
    for (_, cell) in schedule.cells.iter().enumerate().filter(|(at, _)| keep(at / width, at % width)) {
        average.value += cell.value;
        average.points += cell.value * cell.points;
    }
    if average.value > 0.0 {
        average.points /= average.value;
    }
    average
}

/// Published averages beside those of the schedules.
fn compared(
    published: &[published::Cell],
    schedules: &BTreeMap<Date, Schedule>,
    here: impl Fn(&Schedule, &str) -> Option<Average>,
) -> Result<Vec<Compared>, Problem> {
    let compare = |cell: &published::Cell| {
        let schedule = schedules.get(&cell.date);
        let found = schedule.and_then(|schedule| Some((here(schedule, &cell.name)?, schedule.overall())));
        let (average, all) = found.ok_or_else(|| Problem::new(format!("no trade of {}", cell.name)))?;
        Ok(Compared {
            name: cell.name.clone(),
            date: cell.date,
            share: average.value / all.value,
            published: cell.points,
            register: average.points,
        })
    };
    published.iter().map(compare).collect()
}

fn distance(
    steps: impl Iterator<Item = f64>,
    there: &BTreeMap<Date, f64>,
    here: &BTreeMap<Date, f64>,
    last: Date,
) -> Distance {
    let mut distance = Distance {
        steps_within: 0,
        steps: 0,
        largest_step: 0.0,
        days_within: 0,
        days: 0,
        largest_level: 0.0,
        mean_level: 0.0,
    };
    for step in steps {
        distance.steps += 1;
        distance.steps_within += usize::from(step.abs() <= STEP);
        distance.largest_step = distance.largest_step.max(step.abs());
    }
    let mut starts: Vec<Date> = there.keys().chain(here.keys()).copied().collect();
    starts.sort_unstable();
    starts.dedup();
    for (at_start, day) in starts.iter().enumerate() {
        let next = starts.get(at_start + 1).copied().or_else(|| last.tomorrow().ok()).unwrap_or(last);
        let length = (next - *day).get_days().into();
        let gap = (at(here, *day) - at(there, *day)).abs();
        distance.days += length;
        distance.days_within += if gap <= LEVEL { length } else { 0 };
        distance.largest_level = distance.largest_level.max(gap);
        distance.mean_level += gap * length as f64;
    }
    distance.mean_level /= distance.days.max(1) as f64;
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten days: two apart by nothing, three by 2, five by 0.4.
    #[test]
    fn days_are_counted_between_changes_of_either_series() {
        let day = |day| Date::constant(2025, 1, day);
        let there = BTreeMap::from([(day(1), 3.0), (day(6), 5.0)]);
        let here = BTreeMap::from([(day(1), 3.0), (day(3), 5.0), (day(6), 5.4)]);
        let apart = distance([0.4, -0.6].into_iter(), &there, &here, day(10));
        assert_eq!((apart.days, apart.days_within), (10, 7));
        assert_eq!((apart.steps, apart.steps_within, apart.largest_step), (2, 1, 0.6));
        assert_eq!(apart.largest_level, 2.0);
        assert!((apart.mean_level - 0.8).abs() < 1e-12, "{}", apart.mean_level);
        assert_eq!(apart.holds(), (false, false));
    }

    /// The published numbers are read as they lie in their files, and the scenario of their days is law that the register knows.
    #[test]
    fn published_numbers_are_whole() {
        let days = published::days().unwrap();
        assert!(days.windows(2).all(|two| two[0].date < two[1].date));
        let cells =
            |cells: Vec<published::Cell>| cells.iter().map(|cell| cell.name.clone()).collect::<BTreeSet<_>>().len();
        assert_eq!(
            (days.len(), cells(published::partners().unwrap()), cells(published::sectors().unwrap())),
            (45, 10, 10)
        );
        assert!(published::sources().iter().all(|source| source.contains("Budget Lab at Yale")));
        assert!(crate::law::register().unwrap().with([published::by_its_days()]).is_ok());
    }
}
