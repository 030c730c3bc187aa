//! The law of every case of a study, in the sectors of its world.

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::Array3;

use cobden_world::{Files, Problem, Products, World};

use super::law::LawKeys;
use super::{Asked, Study};
use crate::document::Located;
use crate::law::{self, Added, Cells, Date, Moment, Register, Sectors, Status, Text, View, Weights};
use crate::load::placed;

/// The register as a case sees it, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// The day, as known when, by which clock.
    pub moment: Moment,
    /// Measures and acts that have never been.
    pub without: Vec<String>,
    /// Files of measures on top of the register.
    pub with: Vec<String>,
    /// Acts that count although they are not law.
    pub include: Vec<Status>,
}

/// What one measure adds on average to what an importer charges.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasurePart {
    /// Its id.
    pub measure: String,
    /// What people call it.
    pub title: String,
    /// Points in the baseline.
    pub before: f64,
    /// Points in the case.
    pub points: f64,
    /// The acts behind it, in the order in which they became known.
    pub acts: Vec<String>,
}

/// What an importer's measures add on average.
#[derive(Clone, Debug, PartialEq)]
pub struct ImporterPart {
    /// Its index in the world.
    pub importer: usize,
    /// Whether its own trade weighs the products within a sector; else one basket for all partners.
    pub own_trade: bool,
    /// Its measures, the largest change first; those that add nothing before and after are left out.
    pub measures: Vec<MeasurePart>,
}

/// The law of a case, put into sectors.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseLaw {
    /// Which law.
    pub law: Law,
    /// What its measures add, in points, `[n, i, j]`.
    pub points: Array3<f64>,
    /// The same for every cell of the world's products; empty where it is solved by sector.
    pub(crate) cells: Vec<f64>,
    /// What they add on average, against the baseline.
    pub importers: Vec<ImporterPart>,
}

/// The law of every case, and of the baseline.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    /// The law of the baseline and what it adds, in points, `[n, i, j]`; `None` if no case names a law.
    pub baseline: Option<(Law, Array3<f64>)>,
    /// The same for every cell of the world's products.
    pub(crate) baseline_cells: Vec<f64>,
    /// By case; `None` where neither it nor the case it starts from names a law.
    pub cases: Vec<Option<CaseLaw>>,
    /// Where the weights come from.
    pub weights: String,
    /// Codes of the products of each sector that has some; `None` where nobody needs them, or the world does not know.
    pub products: Option<BTreeMap<String, Vec<String>>>,
    /// The day whose law the tariffs of the world are; `None` as above.
    pub day: Option<Date>,
    /// BLAKE3 of the register, the files on top and the weights.
    pub(crate) hash: Option<String>,
}

/// Nobody makes law for later years.
const LAST_YEAR: i16 = 2200;

/// Registers that differ in what is left out, put on top or counted.
type Edits = (Vec<String>, Vec<String>, Vec<Status>);

impl Law {
    fn edits(&self) -> Edits {
        (self.without.clone(), self.with.clone(), self.include.clone())
    }
}

impl Laws {
    /// Reads the register if any case names a law; `folder` is where the study lies, `files` those of its world, `products` those by which it is
    /// solved.
    ///
    /// # Errors
    /// A case that changes a law whose day nobody names; a world without weights; a file of measures that is wrong, a measure to leave
    /// out that is not there.
    pub fn read(
        study: &Study,
        world: &World,
        products: Option<&Products>,
        files: &dyn Files,
        folder: &Path,
    ) -> Result<Self, Problem> {
        let keys = study.cases.iter().map(|case| &case.law).chain([&study.baseline]);
        let first = keys.filter_map(named).next();
        let mut questions = study.cases.iter().filter_map(|case| case.question.as_ref());
        let retaliates = questions.any(|question| matches!(question.asked, Asked::Retaliate(_)));
        let weights = if first.is_some() || retaliates { Weights::read(files)? } else { None };
        let cells = products;
        let products = weights.as_ref().map(|weights| weights.products_of(&world.sectors));
        let day = weights.as_ref().map(|weights| baseline(study, world, weights).moment.date);
        let Some(first) = first else {
            return Ok(Self { cases: vec![None; study.cases.len()], products, day, ..Self::default() });
        };
        let weights = weights.ok_or_else(|| no_weights(study, world, &first))?;
        let laws = laws(study)?;
        let baseline = baseline(study, world, &weights);
        let mut texts = law::register_texts();
        let mut registers: Vec<(Edits, Register)> = Vec::new();
        for wanted in std::iter::once(&baseline).chain(laws.iter().flatten()) {
            if registers.iter().all(|(edits, _)| *edits != wanted.edits()) {
                registers.push((wanted.edits(), edited(study, world, wanted, folder, &mut texts)?));
            }
        }
        known_days(study, law::register()?)?;
        let sectors =
            Sectors::new(world, &weights, &registers.iter().map(|(_, register)| register).collect::<Vec<_>>())?;
        let mut this = Self {
            baseline: None,
            baseline_cells: Vec::new(),
            cases: Vec::new(),
            weights: weights.source.clone(),
            products,
            day,
            hash: Some(hash(&texts, &weights)),
        };
        let added = added(&sectors, &registers, std::iter::once(&baseline).chain(laws.iter().flatten()))?;
        let find = |wanted: &Law| added.iter().find(|(law, _)| law == wanted).map(|(_, added)| added);
        let Some(before) = find(&baseline) else { return Ok(this) };
        let cells = cells.map(|products| Cells::new(world, products, &weights));
        let register_of = |law: &Law| registers.iter().find(|(edits, _)| *edits == law.edits());
        let on_cells = |law: &Law, added: &Added| match (&cells, register_of(law)) {
            (Some(cells), Some((_, register))) => cells.points(register, law.moment, &added.points),
            _ => Ok(Vec::new()),
        };
        for wanted in &laws {
            let parts = wanted.as_ref().and_then(|law| Some((law, &register_of(law)?.1, find(law)?)));
            let case = parts.map(|(law, register, after)| {
                Ok(CaseLaw { cells: on_cells(law, after)?, ..case_law(law, register, before, after) })
            });
            this.cases.push(case.transpose()?);
        }
        this.baseline_cells = on_cells(&baseline, before)?;
        this.baseline = Some((baseline, before.points.clone()));
        Ok(this)
    }

    /// The day whose law a case stands under.
    pub(crate) fn day_of(&self, case: usize) -> Option<Date> {
        let own = self.cases.get(case).and_then(|law| law.as_ref());
        own.map(|law| law.law.moment.date).or(self.day)
    }

    /// What the law of a case adds, in points, `[n, i, j]`; that of the baseline where it names none.
    pub(crate) fn points(&self, case: Option<usize>) -> Option<&Array3<f64>> {
        let own = case.and_then(|case| self.cases.get(case)?.as_ref());
        own.map(|law| &law.points).or_else(|| self.baseline.as_ref().map(|(_, points)| points))
    }
}

impl Laws {
    /// What the law of a case adds to every cell of the products, in points; that of the baseline where it names none.
    pub(crate) fn cells(&self, case: Option<usize>) -> &[f64] {
        let own = case.and_then(|case| self.cases.get(case)?.as_ref());
        own.map_or(&self.baseline_cells, |law| &law.cells)
    }
}

/// Where something about law is said.
fn named(keys: &LawKeys) -> Option<Located<()>> {
    let days = [&keys.as_of, &keys.as_known].into_iter().flatten().map(|day| day.span.clone());
    let view = keys.view.iter().map(|view| view.span.clone());
    let texts = [&keys.without, &keys.with].into_iter().flatten().flatten().map(|text| text.span.clone());
    let statuses = keys.include.iter().flatten().map(|status| status.span.clone());
    let span = days.chain(view).chain(texts).chain(statuses).next()?;
    Some(Located { value: (), span })
}

fn no_weights(study: &Study, world: &World, at: &Located<()>) -> Problem {
    let message = format!("the world {} cannot weigh rates on products: it has no table of products", world.origin.id);
    let help = "add products.csv (hs,sector,share) and imports.csv (importer,exporter,product,value,base) to it: see docs/law.md";
    study.document().problem(&at.span, message).help(help)
}

/// The law of every case, with what it takes from the case it starts from.
fn laws(study: &Study) -> Result<Vec<Option<Law>>, Problem> {
    (0..study.cases.len()).map(|case| law_of(study, case)).collect()
}

fn law_of(study: &Study, case: usize) -> Result<Option<Law>, Problem> {
    // From the case itself back to the baseline; circles were refused when the study was read.
    let chain = std::iter::successors(Some(case), |at| study.cases.get(*at)?.from);
    let keys: Vec<&LawKeys> = chain.filter_map(|at| study.cases.get(at)).map(|case| &case.law).collect();
    let Some(first) = keys.iter().find_map(|keys| named(keys)) else { return Ok(None) };
    fn nearest<'k, T>(keys: &[&'k LawKeys], key: impl Fn(&'k LawKeys) -> &'k Option<T>) -> Option<&'k T> {
        keys.iter().find_map(|keys| key(keys).as_ref())
    }
    let Some(day) = nearest(&keys, |keys| &keys.as_of) else {
        let problem = study.document().problem(&first.span, "the day is missing whose law this changes");
        return Err(problem.help("write as_of = 2025-04-10 in this case, or in the one it starts from"));
    };
    let texts = |list: Option<&Vec<Located<String>>>| -> Vec<String> {
        list.into_iter().flatten().map(|text| text.value.clone()).collect()
    };
    Ok(Some(Law {
        moment: Moment {
            date: day.value,
            known: nearest(&keys, |keys| &keys.as_known).map(|day| day.value),
            view: nearest(&keys, |keys| &keys.view).map_or(View::Law, |view| view.value),
        },
        without: texts(nearest(&keys, |keys| &keys.without)),
        with: texts(nearest(&keys, |keys| &keys.with)),
        include: nearest(&keys, |keys| &keys.include).into_iter().flatten().map(|status| status.value).collect(),
    }))
}

/// Whose law the tariffs of the world are: as the study says, else as its weights say, else that of the end of its year.
fn baseline(study: &Study, world: &World, weights: &Weights) -> Law {
    let keys = &study.baseline;
    let end = i16::try_from(world.origin.year).ok().and_then(|year| Date::new(year, 12, 31).ok());
    let day = keys.as_of.as_ref().map(|day| day.value).or(weights.law).or(end);
    Law {
        moment: Moment {
            date: day.unwrap_or(Date::constant(2024, 12, 31)),
            known: keys.as_known.as_ref().map(|day| day.value),
            view: keys.view.as_ref().map_or(View::Law, |view| view.value),
        },
        without: Vec::new(),
        with: Vec::new(),
        include: Vec::new(),
    }
}

/// The register as a law wants it. Files on top are added to `texts`.
fn edited(
    study: &Study,
    world: &World,
    wanted: &Law,
    folder: &Path,
    texts: &mut Vec<Text>,
) -> Result<Register, Problem> {
    let at = |value: &str, pick: fn(&LawKeys) -> &Option<Vec<Located<String>>>| {
        let all = study.cases.iter().filter_map(|case| pick(&case.law).as_ref()).flatten();
        all.into_iter().find(|text| text.value == value).cloned()
    };
    let blame = |problem: Problem, at: Option<Located<String>>| match at {
        Some(at) => placed(problem, study.document(), &at),
        None => problem,
    };
    let mut register = law::register()?.include(wanted.include.iter().copied());
    for id in &wanted.without {
        let left = register.without([id.as_str()]);
        register = left.map_err(|problem| blame(problem, at(id, |keys| &keys.without)))?;
    }
    for path in &wanted.with {
        let blame = |problem| blame(problem, at(path, |keys| &keys.with));
        let files = law::texts(&folder.join(path)).map_err(blame)?;
        texts.extend(files.iter().filter(|file| !texts.contains(file)).cloned().collect::<Vec<_>>());
        let more = register.with(files)?;
        levied_here(&register, &more, world, wanted.moment.date).map_err(blame)?;
        register = more;
    }
    Ok(register)
}

/// A measure on top whose importer is no region of the world would change nothing, in silence.
fn levied_here(before: &Register, after: &Register, world: &World, day: Date) -> Result<(), Problem> {
    let added = after.measures().filter(|measure| before.measure(&measure.id).is_err());
    for measure in added {
        if world.countries.iter().any(|region| after.is_levied_by(measure, region, day)) {
            continue;
        }
        let (id, importer) = (&measure.id, &measure.importer);
        let problem = Problem::new(format!("the measure {id} does nothing here: {importer} is no region of the world"));
        let region = world.members.iter().find(|(_, members)| members.contains(importer));
        return Err(match region {
            Some((region, _)) => problem.help(format!("it is part of {region}: let that levy it")),
            None => problem.help(format!("regions: {}", world.countries.as_slice().join(", "))),
        });
    }
    Ok(())
}

/// The law of a day before the register begins would be a law without measures, and that of the end of time too.
fn known_days(study: &Study, register: &Register) -> Result<(), Problem> {
    let keys = study.cases.iter().map(|case| &case.law).chain([&study.baseline]);
    for day in keys.filter_map(|keys| keys.as_of.as_ref()) {
        let problem = |message| study.document().problem(&day.span, message);
        if let Some(first) = register.begins().filter(|first| day.value < *first) {
            let message = format!("the register begins on {first}: it does not know the law of {}", day.value);
            return Err(problem(message).help("name a later day"));
        }
        if day.value.year() > LAST_YEAR {
            let message = format!("{} is further than any law reaches", day.value);
            return Err(problem(message).help(format!("name a day until {LAST_YEAR}")));
        }
    }
    Ok(())
}

/// What every law adds, each once.
fn added<'l>(
    sectors: &Sectors<'_>,
    registers: &[(Edits, Register)],
    laws: impl Iterator<Item = &'l Law>,
) -> Result<Vec<(Law, Added)>, Problem> {
    let mut wanted: Vec<&Law> = Vec::new();
    for law in laws {
        if !wanted.contains(&law) {
            wanted.push(law);
        }
    }
    let mut done = Vec::new();
    for (edits, register) in registers {
        let mut of: Vec<&Law> = wanted.iter().copied().filter(|law| law.edits() == *edits).collect();
        // In order of days most of one is that of the day before, and need not be priced again.
        of.sort_by_key(|law| law.moment.date);
        let moments: Vec<Moment> = of.iter().map(|law| law.moment).collect();
        done.extend(of.into_iter().cloned().zip(sectors.added(register, &moments)?));
    }
    Ok(done)
}

/// Points that a measure of an importer adds, by importer and id: before and after.
type Changes<'a> = BTreeMap<(usize, &'a str), (f64, f64)>;

fn case_law(law: &Law, register: &Register, before: &Added, after: &Added) -> CaseLaw {
    let mut changes = Changes::new();
    for importer in &before.importers {
        let parts = importer.parts.iter();
        parts.for_each(|(id, points)| changes.entry((importer.importer, id)).or_default().0 = *points);
    }
    for importer in &after.importers {
        let parts = importer.parts.iter();
        parts.for_each(|(id, points)| changes.entry((importer.importer, id)).or_default().1 = *points);
    }
    let mut importers: Vec<ImporterPart> = Vec::new();
    for ((importer, id), (before_points, points)) in changes {
        if importers.last().is_none_or(|last| last.importer != importer) {
            let mut known = before.importers.iter().chain(&after.importers);
            let own_trade = known.find(|known| known.importer == importer).is_some_and(|known| known.own_trade);
            importers.push(ImporterPart { importer, own_trade, measures: Vec::new() });
        }
        let part = measure_part(law, register, id, before_points, points);
        importers.iter_mut().last().into_iter().for_each(|last| last.measures.push(part.clone()));
    }
    let change = |part: &MeasurePart| (part.points - part.before).abs();
    for importer in &mut importers {
        importer.measures.sort_by(|a, b| change(b).total_cmp(&change(a)).then_with(|| b.points.total_cmp(&a.points)));
    }
    CaseLaw { law: law.clone(), points: after.points.clone(), cells: Vec::new(), importers }
}

fn measure_part(law: &Law, register: &Register, id: &str, before: f64, points: f64) -> MeasurePart {
    let Moment { date, known, view } = law.moment;
    let acts = register.acts_on(id).filter(|act| register.counts_as_known(act, known));
    let begun = acts.filter(|act| act.changes.iter().any(|change| change.starts(view) <= date));
    MeasurePart {
        measure: id.to_owned(),
        title: register.measure(id).map(|measure| measure.title.clone()).unwrap_or_else(|_| id.to_owned()),
        before,
        points,
        acts: begun.map(|act| act.name()).collect(),
    }
}

/// What the law of the study was made of.
fn hash(texts: &[Text], weights: &Weights) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        // Lengths first, so that no two lists of files give the same bytes.
        for part in [&text.name, &text.content] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.update(weights.hash.as_bytes());
    hasher.finalize().to_hex().to_string()
}
