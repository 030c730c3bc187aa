//! From any classification to any other, over the concordances that cobden carries.

use std::collections::{BTreeMap, BTreeSet};

use cobden_world::{Names, Problem};

use super::{Concordance, library};

/// What a step against the direction of a concordance counts, where one along it counts 1: it divides equally what it cannot tell apart.
const AGAINST: usize = 4;

/// Classifications of sectors, the finest first, each by the concordance that has its codes and whether they are what it leads to.
const SYSTEMS: [(&str, &str, bool); 11] = [
    ("exiobase163", "exiobase163-icio50", false),
    ("exiobase163names", "exiobase163names-exiobase163", false),
    ("gtap65", "gtap65-icio50", false),
    ("gtap57", "gtap57-gtap65", false),
    ("figaro64", "isic4-figaro64", true),
    ("wiod56", "isic4-wiod56", true),
    ("icio50", "isic4-icio50", true),
    ("icio45", "isic4-icio45", true),
    ("icio2021", "icio2021-icio45", false),
    ("wiod35", "isic3-wiod35", true),
    ("wiod35isic", "wiod35-wiod35isic", true),
];

/// The classification that all of these sectors are of, by its name in the concordances; `None` if cobden knows none.
///
/// ```
/// use cobden_data::concordance;
/// use cobden_world::Names;
/// let sectors = Names::new(["C10T12", "C24A", "J62_63"].map(String::from)).unwrap();
/// assert_eq!(concordance::classification(&sectors), Some("icio50"));
/// ```
pub fn classification(sectors: &Names) -> Option<&'static str> {
    let of = |(system, concordance, leads): &(&'static str, &str, bool)| {
        let concordance = library::open(concordance).ok()?;
        let codes: BTreeSet<&str> = if *leads { concordance.targets() } else { concordance.codes().collect() };
        sectors.iter().all(|sector| codes.contains(sector)).then_some(*system)
    };
    if sectors.is_empty() { None } else { SYSTEMS.iter().find_map(of) }
}

/// The concordance from one classification to another, composed of those that cobden carries along the shortest way; a step against the
/// direction of one counts as four, since it divides equally what it cannot tell apart. From `hs2022`, `isic3`, `isic4`, `gtap57` and any of
/// [`classification`].
///
/// # Errors
/// Classifications that no way joins; on the way, a code that the next step does not know.
///
/// ```
/// use cobden_data::concordance;
/// let products = concordance::between("hs2022", "icio45")?;
/// assert_eq!(products.target("870321"), Some("C29"));
/// assert!(concordance::between("hs2022", "nowhere").is_err());
/// # Ok::<(), cobden_world::Problem>(())
/// ```
pub fn between(from: &str, to: &str) -> Result<Concordance, Problem> {
    let mut way = way(from, to).ok_or_else(|| {
        let problem = Problem::new(format!("no concordance leads from {from} to {to}"));
        problem.help("give a table of your own, with the columns from, to and, where a code is divided, weight")
    })?;
    let mut whole = match way.is_empty() {
        true => return identity(from),
        false => way.remove(0).open()?,
    };
    for step in way {
        whole = onward(&whole, &step.open()?)?;
    }
    Ok(whole)
}

/// One concordance and then the next. What is divided among codes of several levels (a division and its groups) goes on by those that the
/// next one knows.
fn onward(first: &Concordance, next: &Concordance) -> Result<Concordance, Problem> {
    let mut links = Vec::new();
    for code in first.codes() {
        let known = first.shares(code).unwrap_or_default().iter();
        let known: Vec<_> = known.filter(|(middle, _)| next.shares(middle).is_some()).collect();
        let total: f64 = known.iter().map(|(_, share)| share).sum();
        if known.is_empty() {
            let problem =
                Problem::new(format!("{code} of {} leads to nothing that {} knows", first.name(), next.name()));
            return Err(problem.help("give a table of your own, with the columns from and to"));
        }
        links.extend(known.into_iter().map(|(middle, share)| (code.to_owned(), middle.clone(), Some(share / total))));
    }
    let remarks = first.remarks().to_vec();
    let mut narrowed = Concordance::from_links(first.name().to_owned(), remarks, links);
    narrowed.guessed.clone_from(&first.guessed);
    narrowed.then(next)
}

fn identity(system: &str) -> Result<Concordance, Problem> {
    let (_, concordance, leads) = SYSTEMS
        .iter()
        .find(|(known, _, _)| *known == system)
        .ok_or_else(|| Problem::unknown("classification", system, SYSTEMS.iter().map(|(known, _, _)| *known)))?;
    let concordance = library::open(concordance)?;
    let codes: BTreeSet<&str> = if *leads { concordance.targets() } else { concordance.codes().collect() };
    Ok(Concordance::from_pairs(system, codes.iter().map(|code| (*code, *code))))
}

/// One concordance on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    name: &'static str,
    along: bool,
}

impl Step {
    fn open(self) -> Result<Concordance, Problem> {
        let concordance = library::open(self.name)?;
        Ok(if self.along { concordance } else { concordance.inverse() })
    }
}

/// The shortest way; of several the first in alphabetical order.
fn way(from: &str, to: &str) -> Option<Vec<Step>> {
    let links = || library::all().iter().filter_map(|one| one.name.split_once('-').map(|ends| (one.name, ends)));
    let mut best: BTreeMap<&str, (usize, Vec<Step>)> = BTreeMap::from([(from, (0, Vec::new()))]);
    let mut done = BTreeSet::new();
    loop {
        let open = best.iter().filter(|(system, _)| !done.contains(*system));
        let (system, length, steps) = open
            .min_by_key(|(_, (length, _))| *length)
            .map(|(system, (length, steps))| (*system, *length, steps.clone()))?;
        if system == to {
            return Some(steps);
        }
        done.insert(system);
        for (name, (start, end)) in links() {
            let (next, along) = match (start == system, end == system) {
                (true, _) => (end, true),
                (_, true) => (start, false),
                _ => continue,
            };
            let length = length + if along { 1 } else { AGAINST };
            if best.get(next).is_none_or(|(known, _)| length < *known) {
                let steps = steps.iter().copied().chain([Step { name, along }]).collect();
                best.insert(next, (length, steps));
            }
        }
    }
}
