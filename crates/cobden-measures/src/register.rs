//! A set of measures and acts that was read together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cobden_world::document::Document;
use cobden_world::{Place, Problem};

use crate::measure::At;
use crate::numbers::{Numbers, plain};
use crate::pattern::glob;
use crate::products::Products;
use crate::read::{self, Contents};
use crate::{
    Act, Assumption, Check, Claim, Date, Group, Located, Measure, Name, Patterns, ProductList, Scenario, Status, lint,
};

/// A file, already in memory: `.toml`, or `.csv` for a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its name as the user would write it.
    pub name: String,
    /// What is in it.
    pub content: String,
}

impl Text {
    /// A file of this name and content.
    pub fn new(name: impl Into<String>, content: impl Into<String>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}

/// Measures, acts, and what they refer to: the law as one knows it.
#[derive(Clone, Debug)]
pub struct Register {
    pub(crate) documents: Vec<Arc<Document>>,
    pub(crate) measures: BTreeMap<String, Measure>,
    pub(crate) acts: Vec<Act>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) lists: BTreeMap<String, ProductList>,
    pub(crate) claims: BTreeMap<String, Claim>,
    pub(crate) assumptions: Vec<Assumption>,
    pub(crate) checks: Vec<Check>,
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) include: BTreeSet<Status>,
    pub(crate) products: Products,
    pub(crate) numbers: Numbers,
    /// Whether measures or acts were left out.
    pub(crate) curtailed: bool,
}

impl Register {
    /// Reads the files of a register. Their order does not matter.
    ///
    /// # Errors
    /// The first thing wrong with any of them: syntax, an unknown key, group, list, claim or measure, an act that counts as law without a
    /// citation, a span that ends before it begins, measures that give way to each other in a circle, two rates that mean a cell equally.
    pub fn read(files: impl IntoIterator<Item = Text>) -> Result<Self, Problem> {
        let mut register = Self {
            documents: Vec::new(),
            measures: BTreeMap::new(),
            acts: Vec::new(),
            groups: BTreeMap::new(),
            lists: BTreeMap::new(),
            claims: BTreeMap::new(),
            assumptions: Vec::new(),
            checks: Vec::new(),
            scenarios: Vec::new(),
            include: BTreeSet::from([Status::Enacted]),
            products: Products::default(),
            numbers: Numbers::default(),
            curtailed: false,
        };
        for text in files {
            let contents = register.open(&text)?;
            if let Some(scenario) = &contents.scenario {
                let problem = Problem::new(format!("{} supposes something; it is not part of the law", scenario.id));
                return Err(problem.help("put it on top of a register, not into it").in_file(&text.name));
            }
            register.merge(contents)?;
        }
        register.finish()?;
        Ok(register)
    }

    /// This register with files on top whose acts count whatever their status, and whenever they were announced: what if this were law as well?
    ///
    /// A file with `[scenario]` starts from the acts known on its day `as_known`. Checks are those of the files on top.
    ///
    /// # Errors
    /// As for [`Register::read`].
    pub fn with(&self, files: impl IntoIterator<Item = Text>) -> Result<Self, Problem> {
        let mut register = self.clone();
        register.checks.clear();
        let mut disabled = Vec::new();
        for text in files {
            let mut contents = register.open(&text)?;
            if let Some(scenario) = &contents.scenario {
                register.acts.retain(|act| act.supposed || act.announced <= scenario.as_known);
            }
            for act in &mut contents.acts {
                act.supposed = true;
            }
            let file = register.documents.len() - 1;
            disabled.extend(contents.disabled.drain(..).map(|id| (id.value, At { file, span: id.span })));
            register.merge(contents)?;
        }
        for (id, at) in disabled {
            register.drop(&id).map_err(|problem| problem.at(register.place(&at)))?;
        }
        register.finish()?;
        Ok(register)
    }

    /// This register as if some measures or acts had never been; ids, with `*` for any text.
    ///
    /// # Errors
    /// An id that fits no measure and no act.
    pub fn without<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Result<Self, Problem> {
        let mut register = self.clone();
        for id in ids {
            register.drop(id)?;
        }
        register.resolve();
        Ok(register)
    }

    /// This register counting acts of these statuses too, e.g. what was only reported.
    #[must_use]
    pub fn include(&self, statuses: impl IntoIterator<Item = Status>) -> Self {
        let mut register = self.clone();
        register.include.extend(statuses);
        register
    }

    /// The measures, by id.
    pub fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.values()
    }

    /// A measure.
    ///
    /// # Errors
    /// No measure has this id; the nearest one as help.
    pub fn measure(&self, id: &str) -> Result<&Measure, Problem> {
        self.measures.get(id).ok_or_else(|| Problem::unknown("measure", id, self.measures.keys().map(String::as_str)))
    }

    /// The acts, in the order in which they became known.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The acts that changed a measure.
    pub fn acts_on<'r>(&'r self, id: &'r str) -> impl Iterator<Item = &'r Act> {
        self.acts.iter().filter(move |act| act.changes.iter().any(|change| fits(&change.measures, id)))
    }

    /// The groups of partners.
    pub fn groups(&self) -> &BTreeMap<String, Group> {
        &self.groups
    }

    /// The product lists.
    pub fn lists(&self) -> &BTreeMap<String, ProductList> {
        &self.lists
    }

    /// Who may claim what.
    pub fn claims(&self) -> &BTreeMap<String, Claim> {
        &self.claims
    }

    /// The assumptions.
    pub fn assumptions(&self) -> &[Assumption] {
        &self.assumptions
    }

    /// The scenarios on top of the law.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// Where something is written.
    pub fn place(&self, at: &At) -> Place {
        self.documents[at.file].place(&at.span)
    }

    /// Whether an act counts: it is law, it was asked for, or somebody supposed it.
    pub fn counts(&self, act: &Act) -> bool {
        act.supposed || self.include.contains(&act.status)
    }

    /// Whether an act counts for who knows what was announced by the end of a day. What somebody supposed, they know.
    pub fn counts_as_known(&self, act: &Act, known: Option<Date>) -> bool {
        self.counts(act) && (act.supposed || known.is_none_or(|known| act.announced <= known))
    }

    /// Whether `importer` levies what a measure of `of` levies: the same name, or a member of that group.
    pub(crate) fn levies(&self, of: &str, importer: &str, day: Date) -> bool {
        match of.strip_prefix('@') {
            Some(group) => self.groups.get(group).is_some_and(|group| group.has(importer, day)),
            None => of == importer,
        }
    }

    /// How closely a list of partners means one: 2 by name, 1 by a group, 0 with everyone; `None` not at all.
    pub(crate) fn partner_rank(&self, patterns: &Patterns, partner: &str, day: Date) -> Option<u8> {
        partner_rank(patterns, partner, day, &self.groups)
    }

    fn open(&mut self, text: &Text) -> Result<Contents, Problem> {
        let (document, contents) = read::read(text, self.documents.len())?;
        self.documents.push(Arc::new(document));
        Ok(contents)
    }

    fn merge(&mut self, contents: Contents) -> Result<(), Problem> {
        for measure in contents.measures {
            if let Some(first) = self.measures.get(&measure.id) {
                return Err(self.twice("measure", &measure.id, &measure.at, &first.at));
            }
            self.measures.insert(measure.id.clone(), measure);
        }
        for (name, group) in contents.groups {
            if let Some(first) = self.groups.get(&name) {
                return Err(self.twice("group", &name, &group.at, &first.at));
            }
            self.groups.insert(name, group);
        }
        for (name, list) in contents.lists {
            if let Some(first) = self.lists.get(&name) {
                return Err(self.twice("list", &name, &list.at, &first.at));
            }
            self.lists.insert(name, list);
        }
        for (name, claim) in contents.claims {
            if let Some(first) = self.claims.get(&name) {
                return Err(self.twice("claim", &name, &claim.at, &first.at));
            }
            self.claims.insert(name, claim);
        }
        self.acts.extend(contents.acts);
        self.assumptions.extend(contents.assumptions);
        self.checks.extend(contents.checks);
        self.scenarios.extend(contents.scenario);
        Ok(())
    }

    fn twice(&self, what: &str, name: &str, second: &At, first: &At) -> Problem {
        let first = self.place(first);
        Problem::new(format!("{what} \"{name}\" is defined twice"))
            .help(format!("first in {}:{}:{}", first.file, first.line, first.column))
            .at(self.place(second))
    }

    fn drop(&mut self, id: &str) -> Result<(), Problem> {
        let (measures, acts) = (self.measures.len(), self.acts.len());
        self.measures.retain(|known, _| !glob(id, known));
        self.acts.retain(|act| act.id.as_deref().is_none_or(|known| !glob(id, known)));
        if (measures, acts) == (self.measures.len(), self.acts.len()) {
            let acts = self.acts.iter().filter_map(|act| act.id.as_deref());
            return Err(Problem::unknown("measure or act", id, self.measures.keys().map(String::as_str).chain(acts)));
        }
        // What is said about a measure goes with it.
        let ids: BTreeSet<String> = self.measures.keys().cloned().collect();
        for act in &mut self.acts {
            for change in &mut act.changes {
                change.measures.retain(|named| ids.iter().any(|id| glob(&named.value, id)));
            }
            act.changes.retain(|change| !change.measures.is_empty());
        }
        self.acts.retain(|act| !act.changes.is_empty());
        for measure in self.measures.values_mut() {
            measure.responds_to.take_if(|answered| !ids.contains(&answered.value));
        }
        self.curtailed = true;
        Ok(())
    }

    /// Order, names, indices, and what only shows when everything is together.
    fn finish(&mut self) -> Result<(), Problem> {
        // Equal keys keep nothing of the order of files: what decides between acts is `Change::precedence`, never their position.
        self.acts.sort_by_key(|act| (act.announced, act.name()));
        lint::names(self)?;
        self.resolve();
        self.index();
        self.numbers = Numbers::new(&self.assumptions);
        lint::law(self)
    }

    /// Numbers the measures, and notes the numbers of those that changes and relations name.
    fn resolve(&mut self) {
        let ids: Vec<String> = self.measures.keys().cloned().collect();
        let named =
            |globs: &[Located<String>]| -> Vec<usize> { (0..ids.len()).filter(|&at| fits(globs, &ids[at])).collect() };
        for (number, measure) in self.measures.values_mut().enumerate() {
            measure.number = number;
            for way in &mut measure.gives_way {
                way.targets = named(&way.to);
                way.targets.retain(|target| *target != number);
            }
        }
        for change in self.acts.iter_mut().flat_map(|act| &mut act.changes) {
            change.targets = named(&change.measures);
        }
    }

    fn index(&mut self) {
        let mut products = Products::new(&self.lists);
        let mut take = |patterns: &mut Patterns| patterns.scope = products.scope(patterns);
        for measure in self.measures.values_mut() {
            take(&mut measure.products);
            measure.charged_on.iter_mut().for_each(|item| take(&mut item.products));
            measure.gives_way.iter_mut().for_each(|item| take(&mut item.products));
        }
        self.acts.iter_mut().flat_map(|act| &mut act.changes).for_each(|change| take(&mut change.products));
        for assumption in &mut self.assumptions {
            // The rows of long tables are looked up by code, not by scope.
            if plain(assumption).is_none() {
                take(&mut assumption.products);
            }
        }
        products.finish();
        self.products = products;
    }
}

/// Whether one of several globs fits an id.
pub(crate) fn fits(globs: &[Located<String>], id: &str) -> bool {
    globs.iter().any(|pattern| glob(&pattern.value, id))
}

/// How closely one pattern means a partner.
pub(crate) fn name_rank(name: &Name, partner: &str, day: Date, groups: &BTreeMap<String, Group>) -> Option<u8> {
    match name {
        Name::All => Some(0),
        Name::One(code) => (code == partner).then_some(2),
        Name::Several(group) => groups.get(group).is_some_and(|group| group.has(partner, day)).then_some(1),
    }
}

/// How closely a list of patterns means a partner; see [`Register::partner_rank`].
pub(crate) fn partner_rank(
    patterns: &Patterns,
    partner: &str,
    day: Date,
    groups: &BTreeMap<String, Group>,
) -> Option<u8> {
    let mut best = patterns.only_excludes().then_some(0);
    for pattern in &patterns.list {
        let Some(rank) = name_rank(&pattern.name, partner, day, groups) else { continue };
        if pattern.exclude {
            return None;
        }
        best = best.max(Some(rank));
    }
    best
}
