//! What is wrong with a register although each of its files can be read.

use std::collections::BTreeSet;

use cobden_world::Problem;

use crate::countries::{COUNTRIES, is_country};
use crate::measure::{Act, At, Change, Levy, OnClaim, Terms, Verb};
use crate::pattern::glob;
use crate::{Date, Located, Measure, Name, Patterns, Period, Quantity, Register, View};

/// Names that nobody defined.
pub(crate) fn names(register: &Register) -> Result<(), Problem> {
    let see = Names { register };
    for measure in register.measures.values() {
        see.measure(measure)?;
    }
    for change in register.acts.iter().flat_map(|act| &act.changes) {
        see.change(change)?;
    }
    for claim in register.claims.values() {
        see.partners(&claim.partners, claim.at.file)?;
    }
    for assumption in &register.assumptions {
        see.partners(&assumption.partners, assumption.at.file)?;
        see.lists(&assumption.products, assumption.at.file)?;
    }
    for check in &register.checks {
        let at = |problem: Problem| problem.at(register.place(&check.at));
        register.known_partner(&check.importer).map_err(at)?;
        register.known_partner(&check.exporter).map_err(at)?;
    }
    Ok(())
}

struct Names<'r> {
    register: &'r Register,
}

impl Names<'_> {
    fn at(&self, problem: Problem, file: usize, text: &Located<String>) -> Problem {
        problem.at(self.register.place(&At { file, span: text.span.clone() }))
    }

    fn measure(&self, measure: &Measure) -> Result<(), Problem> {
        let file = measure.at.file;
        let importer = crate::Pattern::new(Located { value: measure.importer.clone(), span: measure.at.span.clone() });
        self.partners(&Patterns::new(vec![importer]), file)?;
        self.lists(&measure.products, file)?;
        for item in &measure.exempt {
            self.claim(&item.claim.value).map_err(|problem| self.at(problem, file, &item.claim))?;
        }
        for item in &measure.charged_on {
            self.lists(&item.products, file)?;
        }
        for way in &measure.gives_way {
            self.partners(&way.partners, file)?;
            self.lists(&way.products, file)?;
        }
        match &measure.responds_to {
            Some(id) => self.register.measure(&id.value).map(|_| ()).map_err(|problem| self.at(problem, file, id)),
            None => Ok(()),
        }
    }

    fn change(&self, change: &Change) -> Result<(), Problem> {
        let file = change.at.file;
        for id in &change.measures {
            if !self.register.measures.keys().any(|known| glob(&id.value, known)) {
                let known = self.register.measures.keys().map(String::as_str);
                return Err(self.at(Problem::unknown("measure", &id.value, known), file, id));
            }
        }
        self.partners(&change.partners, file)?;
        self.lists(&change.products, file)?;
        let Verb::Set(terms) = &change.verb else { return Ok(()) };
        for pattern in terms.rates.iter().filter_map(|(pattern, _)| pattern.as_ref()) {
            self.partners(&Patterns::new(vec![pattern.clone()]), file)?;
        }
        terms
            .on_claim
            .keys()
            .try_for_each(|claim| self.claim(claim).map_err(|problem| problem.at(self.register.place(&change.at))))
    }

    /// A claim is one that is defined, or membership of a group.
    fn claim(&self, name: &str) -> Result<(), Problem> {
        let Register { claims, groups, .. } = self.register;
        if claims.contains_key(name) || groups.contains_key(name) {
            return Ok(());
        }
        Err(Problem::unknown("claim", name, claims.keys().chain(groups.keys()).map(String::as_str)))
    }

    fn partners(&self, patterns: &Patterns, file: usize) -> Result<(), Problem> {
        let groups = &self.register.groups;
        for pattern in &patterns.list {
            let known = match &pattern.name {
                Name::All => Ok(()),
                Name::One(code) => self.register.known_partner(code),
                Name::Several(name) if groups.contains_key(name) => Ok(()),
                Name::Several(name) => Err(Problem::unknown("group", name, groups.keys().map(String::as_str))),
            };
            known.map_err(|problem| self.at(problem, file, &pattern.written))?;
        }
        Ok(())
    }

    fn lists(&self, patterns: &Patterns, file: usize) -> Result<(), Problem> {
        let lists = &self.register.lists;
        for pattern in &patterns.list {
            if let Name::Several(name) = &pattern.name
                && !lists.contains_key(name)
            {
                let problem = Problem::unknown("product list", name, lists.keys().map(String::as_str));
                return Err(self.at(problem, file, &pattern.written));
            }
        }
        Ok(())
    }
}

impl Register {
    /// Whether a partner is a country (ISO 3166-1 alpha-3), or a group under its own code.
    pub fn is_partner(&self, code: &str) -> bool {
        is_country(code) || self.group_codes().any(|known| known == code)
    }

    /// The problem of a partner that nobody knows, with the nearest code, or name of `others`, as help.
    pub fn unknown_partner<'a>(&'a self, name: &str, others: impl IntoIterator<Item = &'a str>) -> Problem {
        Problem::unknown("country", name, COUNTRIES.into_iter().chain(self.group_codes()).chain(others))
    }

    pub(crate) fn known_partner(&self, code: &str) -> Result<(), Problem> {
        if self.is_partner(code) { Ok(()) } else { Err(self.unknown_partner(code, [])) }
    }

    fn group_codes(&self) -> impl Iterator<Item = &str> {
        self.groups.values().filter_map(|group| group.code.as_deref())
    }

    /// Whether a partner can make a claim on a day.
    pub(crate) fn can_claim(&self, name: &str, partner: &str, day: Date) -> bool {
        match (self.claims.get(name), self.groups.get(name)) {
            (Some(claim), _) => self.partner_rank(&claim.partners, partner, day).is_some(),
            (None, Some(group)) => group.has(partner, day),
            (None, None) => false,
        }
    }

    /// What a reader should know although it is no error: measures that no file defines and others give way to, numbers that law leaves open
    /// and nothing is assumed about.
    pub fn warnings(&self) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for measure in self.measures.values() {
            for to in measure.gives_way.iter().flat_map(|way| &way.to) {
                if !self.measures.keys().any(|known| glob(&to.value, known)) {
                    let known = self.measures.keys().map(String::as_str);
                    let problem = Problem::unknown("measure", &to.value, known);
                    warnings.push(problem.at(self.place(&At { file: measure.at.file, span: to.span.clone() })));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for (quantity, at) in self.open_numbers() {
            if !self.numbers.has(&quantity) && seen.insert(quantity.clone()) {
                let message = format!("nothing is assumed about {quantity}, which law leaves open");
                warnings
                    .push(Problem::new(message).help("add [[assume]] with a value and its source").at(self.place(&at)));
            }
        }
        warnings
    }

    /// The numbers that the law of the register leaves open, e.g. to state them in a question.
    pub fn quantities(&self) -> BTreeSet<Quantity> {
        self.open_numbers().into_iter().map(|(quantity, _)| quantity).collect()
    }

    /// The numbers that law mentions, and where.
    fn open_numbers(&self) -> Vec<(Quantity, At)> {
        let mut open = Vec::new();
        for measure in self.measures.values() {
            let at = |text: &Located<String>| At { file: measure.at.file, span: text.span.clone() };
            open.extend(measure.exempt.iter().map(|item| (Quantity::Claim(item.claim.value.clone()), at(&item.claim))));
            open.extend(
                measure.charged_on.iter().map(|item| (Quantity::Share(item.share.value.clone()), at(&item.share))),
            );
            for change in self.acts.iter().flat_map(|act| &act.changes) {
                if let Verb::Set(terms) = &change.verb
                    && change.is_to(measure)
                {
                    open_in_terms(terms, change, &measure.id, &mut open);
                }
            }
        }
        open
    }
}

fn open_in_terms(terms: &Terms, change: &Change, measure: &str, open: &mut Vec<(Quantity, At)>) {
    for (claim, does) in &terms.on_claim {
        open.push((Quantity::Claim(claim.clone()), change.at.clone()));
        if let OnClaim::Share(share) = does {
            open.push((Quantity::Share(share.value.clone()), At { file: change.at.file, span: share.span.clone() }));
        }
    }
    for (_, levy) in &terms.rates {
        let charges = match levy {
            Levy::Rate(charge) => vec![charge],
            Levy::Quota(quota) => {
                open.push((Quantity::Quota(format!("{measure}/{}", change.line())), quota.at.clone()));
                vec![&quota.inside, &quota.outside]
            }
        };
        for charge in charges {
            if charge.kind == crate::Kind::Ban {
                open.push((Quantity::Prohibitive, change.at.clone()));
            }
            if let Some(specific) = &charge.specific {
                open.push((Quantity::UnitValue(specific.unit.clone()), change.at.clone()));
            }
        }
    }
}

/// What only shows when all acts are together.
pub(crate) fn law(register: &Register) -> Result<(), Problem> {
    circles(register)?;
    // Who leaves an act out leaves nothing under what came after it, and means that.
    for act in register.acts.iter().filter(|_| !register.curtailed) {
        act.changes.iter().try_for_each(|change| nothing_under(register, act, change))?;
    }
    register.measures.values().try_for_each(|measure| overlaps(register, measure))
}

/// Measures that give way to each other in a circle, on any day.
fn circles(register: &Register) -> Result<(), Problem> {
    let measures: Vec<&Measure> = register.measures.values().collect();
    let ways = measures.iter().flat_map(|measure| &measure.gives_way);
    let days: BTreeSet<Date> = ways.map(|way| way.period.from).collect();
    for day in days {
        let yields_to = |number: usize| -> Vec<usize> {
            let ways = measures[number].gives_way.iter().filter(|way| way.period.contains(day));
            ways.flat_map(|way| way.targets.iter().copied()).collect()
        };
        for (start, measure) in measures.iter().enumerate() {
            let (mut open, mut seen) = (yields_to(start), BTreeSet::new());
            while let Some(next) = open.pop() {
                if next == start {
                    return Err(circle(register, measure, day));
                }
                if seen.insert(next) {
                    open.extend(yields_to(next));
                }
            }
        }
    }
    Ok(())
}

fn circle(register: &Register, measure: &Measure, day: Date) -> Problem {
    let way = measure.gives_way.iter().find(|way| way.period.contains(day));
    let span = way.and_then(|way| way.to.first()).map_or(measure.at.span.clone(), |to| to.span.clone());
    Problem::new(format!("{} gives way to itself, in a circle, on {day}", measure.id))
        .help("date the relations with from and until, so that on each day one of them yields")
        .at(register.place(&At { file: measure.at.file, span }))
}

/// A suspension, an end, a lift or an exemption where nothing is charged.
fn nothing_under(register: &Register, act: &Act, change: &Change) -> Result<(), Problem> {
    let (what, want): (_, fn(&Verb) -> bool) = match change.verb {
        Verb::Set(_) => return Ok(()),
        Verb::Lift => ("lift", |verb| matches!(verb, Verb::Suspend(_) | Verb::Exempt)),
        Verb::Suspend(_) => ("suspend", |verb| matches!(verb, Verb::Set(_))),
        Verb::End { .. } => ("end", |verb| matches!(verb, Verb::Set(_))),
        Verb::Exempt => ("exempt from", |verb| matches!(verb, Verb::Set(_))),
    };
    let any_time = change.verb == Verb::Exempt;
    let under = |measure: &Measure| {
        let earlier = register.acts.iter().filter(|other| any_time || other.announced <= act.announced);
        earlier.flat_map(|other| &other.changes).any(|other| {
            want(&other.verb)
                && other.is_to(measure)
                && (other.line.is_none() && !matches!(other.verb, Verb::Set(_))
                    || change.line.as_deref().is_none_or(|line| line == other.line()))
        })
    };
    if register.measures.values().any(|measure| change.is_to(measure) && under(measure)) {
        return Ok(());
    }
    let line = change.line.as_ref().map_or_else(String::new, |line| format!(" on line \"{line}\""));
    let measures: Vec<&str> = change.measures.iter().map(|id| id.value.as_str()).collect();
    Err(Problem::new(format!(
        "{}{line} has nothing to {what} that was announced by {}",
        measures.join(", "),
        act.announced
    ))
    .at(register.place(&change.at)))
}

/// Two rates that mean a cell equally closely and start on the same day by acts of the same day.
fn overlaps(register: &Register, measure: &Measure) -> Result<(), Problem> {
    let mut sets = Vec::new();
    for act in &register.acts {
        for change in act.changes.iter().filter(|change| change.is_to(measure)) {
            if let Verb::Set(terms) = &change.verb {
                sets.push((act, change, &**terms));
            }
        }
    }
    for (at, one) in sets.iter().enumerate() {
        for other in &sets[..at] {
            let tied = (one.0.announced, one.1.period.from) == (other.0.announced, other.1.period.from)
                && runs(one.1).overlaps(&runs(other.1));
            if tied && let Some((partner, product)) = witness(register, one, other) {
                let first = register.place(&other.1.at);
                let product = if product.is_empty() { "any good".to_owned() } else { product };
                return Err(Problem::new(format!(
                    "two rates of {} mean {product} from {partner} equally closely",
                    measure.id
                ))
                .help(format!("the other is in {}:{}:{}; narrow one of them", first.file, first.line, first.column))
                .at(register.place(&one.1.at)));
            }
        }
    }
    Ok(())
}

fn runs(change: &Change) -> Period {
    Period { from: change.starts(View::Law), until: change.period.until }
}

/// A partner and a product that two changes mean equally closely, at different rates.
fn witness(
    register: &Register,
    one: &(&Act, &Change, &Terms),
    other: &(&Act, &Change, &Terms),
) -> Option<(String, String)> {
    let day = one.1.period.from;
    let levy = |(_, change, terms): &(&Act, &Change, &Terms), partner: &str| -> Option<(u8, Levy)> {
        let rank = register.partner_rank(&change.partners, partner, day)?;
        terms.for_partner(register, partner, day, rank).map(|(rank, levy)| (rank, levy.clone()))
    };
    let codes = register.groups.values().filter_map(|group| group.code.as_deref());
    let partner = COUNTRIES.into_iter().chain(codes).find(|partner| {
        let (a, b) = (levy(one, partner), levy(other, partner));
        let same_terms = (one.2.cap, &one.2.on_claim) == (other.2.cap, &other.2.on_claim);
        matches!((a, b), (Some((rank, levy)), Some((other_rank, other_levy)))
            if rank == other_rank && !(same_terms && levy == other_levy))
    })?;
    let scopes = [one.1.products.scope, other.1.products.scope];
    let product = register.products.sample(scopes).into_iter().find(|code| {
        let class = register.products.class(code);
        let hit = |scope| register.products.hit(scope, &class, day).map(|hit| hit.digits);
        let (a, b) = (hit(scopes[0]), hit(scopes[1]));
        a.is_some() && a == b
    })?;
    Some((partner.to_owned(), product.to_owned()))
}
