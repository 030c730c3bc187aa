//! Which countries or sectors a row means: a name, a list, `"*"` for all, `"!X"` for all but, `"@G"` for a list given a name.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeValue};

use cobden_world::{Names, Problem, World};

use crate::document::{Document, Fields, Located, kind, string};

/// Names: `"USA"`, `["CHN", "JPN"]`, `"*"`, `["*", "!USA"]`. A list of exclusions alone means all but those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    terms: Vec<Located<String>>,
    span: Range<usize>,
}

/// What is being selected, for errors, and how names are looked up.
pub(super) struct Among<'w> {
    /// `country` or `sector`.
    pub(super) kind: &'static str,
    /// The names in order.
    pub(super) names: &'w Names,
    /// Members of regions: a member is not a name, but says which name was meant.
    pub(super) members: Option<&'w BTreeMap<String, Vec<String>>>,
}

/// The lists of `[groups]`, by name, with the terms of each.
pub(super) type Groups = BTreeMap<String, Vec<Located<String>>>;

/// Reads `[groups]`: lists that rows may use by name. None if the table is not there.
pub(super) fn read_groups(study: &Fields<'_>) -> Result<Groups, Problem> {
    let document = study.document();
    let Some(value) = study.value("groups") else { return Ok(Groups::new()) };
    let DeValue::Table(table) = value.get_ref() else {
        let message = format!("`groups` must be a table, found {}", kind(value.get_ref()));
        return Err(document.problem(&value.span(), message).help("write [groups], below it name = [ ... ]"));
    };
    let group = |(name, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let terms = terms(document, value, name.get_ref())?;
        match terms.iter().find(|term| term.value.contains('@')) {
            Some(term) => Err(document.problem(&term.span, "a group holds names, not other groups")),
            None => Ok((name.get_ref().to_string(), terms)),
        }
    };
    table.iter().map(group).collect()
}

/// Reads a selection; the key must be there.
pub(super) fn read(fields: &Fields<'_>, groups: &Groups, key: &str) -> Result<Selection, Problem> {
    let document = fields.document();
    let missing = || fields.missing(key).help(format!("write {key} = \"NAME\", a list of names, or \"*\" for all"));
    of(document, groups, fields.value(key).ok_or_else(missing)?, key)
}

/// Reads a selection; `None` if the key is not there.
pub(super) fn read_if(fields: &Fields<'_>, groups: &Groups, key: &str) -> Result<Option<Selection>, Problem> {
    fields.value(key).map(|value| of(fields.document(), groups, value, key)).transpose()
}

/// The selection that a value is. Groups are replaced by what they hold.
pub(super) fn of(
    document: &Document,
    groups: &Groups,
    value: &Spanned<DeValue<'_>>,
    key: &str,
) -> Result<Selection, Problem> {
    let mut expanded = Vec::new();
    for term in terms(document, value, key)? {
        if term.value.starts_with("!@") {
            let problem = document.problem(&term.span, "a group is not excluded as a whole");
            return Err(problem.help("exclude its names one by one, or make a group of the others"));
        }
        match term.value.strip_prefix('@') {
            None => expanded.push(term),
            Some(name) => {
                let known = || Problem::unknown("group", name, groups.keys().map(String::as_str));
                let group = groups.get(name).ok_or_else(|| known().at(document.place(&term.span)))?;
                expanded.extend(group.iter().cloned());
            }
        }
    }
    Ok(Selection { terms: expanded, span: value.span() })
}

/// A name or a list of names, as written.
fn terms(document: &Document, value: &Spanned<DeValue<'_>>, key: &str) -> Result<Vec<Located<String>>, Problem> {
    let help = || format!("write {key} = \"NAME\", a list of names, or \"*\" for all");
    let terms = match value.get_ref() {
        DeValue::String(_) => vec![string(document, value, key)?],
        DeValue::Array(items) => {
            let what = format!("every name of `{key}`");
            items.iter().map(|item| string(document, item, &what)).collect::<Result<_, _>>()?
        }
        other => {
            let message = format!("`{key}` must be a name or a list of names, found {}", kind(other));
            return Err(document.problem(&value.span(), message).help(help()));
        }
    };
    if terms.is_empty() {
        return Err(document
            .problem(&value.span(), format!("`{key}` selects nothing: the list is empty"))
            .help(help()));
    }
    Ok(terms)
}

impl Selection {
    /// All there is, said by leaving a key out of what is at `span`.
    pub(super) fn all(span: Range<usize>) -> Self {
        Self { terms: vec![Located { value: "*".to_owned(), span: span.clone() }], span }
    }

    /// Where it was written.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// The names written without `*` and `!`, in order.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.value.as_str()).filter(|name| *name != "*" && !name.starts_with('!'))
    }

    /// Whether it means all, or all but some.
    pub fn is_open(&self) -> bool {
        self.named().next().is_none() || self.terms.iter().any(|term| term.value == "*")
    }

    /// The countries that are meant, indices in the order of the world.
    pub(crate) fn countries(&self, document: &Document, world: &World) -> Result<Vec<usize>, Problem> {
        let among = Among { kind: "country", names: &world.countries, members: Some(&world.members) };
        Ok(indices(&self.resolve(document, &among)?))
    }

    /// The sectors that are meant, indices in the order of the world.
    pub(crate) fn sectors(&self, document: &Document, world: &World) -> Result<Vec<usize>, Problem> {
        let among = Among { kind: "sector", names: &world.sectors, members: None };
        Ok(indices(&self.resolve(document, &among)?))
    }

    /// `[index]`: whether each product is meant. `870323` is a code, also where the product is only its part in one sector (`870323 AUTO`); `8703*`
    /// are all codes that begin so.
    pub(super) fn products(&self, document: &Document, names: &Names) -> Result<Vec<bool>, Problem> {
        let mut chosen = vec![self.is_open(); names.len()];
        for exclude in [false, true] {
            for term in self.terms.iter().filter(|term| term.value != "*" && term.value.starts_with('!') == exclude) {
                let code = term.value.trim_start_matches('!');
                let mut found = false;
                for (index, name) in names.iter().enumerate() {
                    let means = match code.strip_suffix('*') {
                        Some(head) => name.starts_with(head),
                        None => name.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')),
                    };
                    if means {
                        (found, chosen[index]) = (true, !exclude);
                    }
                }
                if !found {
                    return Err(no_product(code, names).at(document.place(&term.span)));
                }
            }
        }
        if !chosen.contains(&true) {
            return Err(document.problem(&self.span, "selects no product"));
        }
        Ok(chosen)
    }

    /// `[index]`: whether each name is meant.
    pub(super) fn resolve(&self, document: &Document, among: &Among<'_>) -> Result<Vec<bool>, Problem> {
        let mut chosen = vec![self.is_open(); among.names.len()];
        let mut mentioned = vec![false; among.names.len()];
        let mut excluded = Vec::new();
        for term in &self.terms {
            if term.value == "*" {
                continue;
            }
            let (name, exclude) = match term.value.strip_prefix('!') {
                Some(name) => (name, true),
                None => (term.value.as_str(), false),
            };
            let index = look_up(document, term, name, among)?;
            if std::mem::replace(&mut mentioned[index], true) {
                return Err(document.problem(&term.span, format!("\"{name}\" is named twice")));
            }
            if exclude {
                excluded.push(index);
            } else {
                chosen[index] = true;
            }
        }
        for index in excluded {
            chosen[index] = false;
        }
        if !chosen.contains(&true) {
            return Err(document.problem(&self.span, format!("selects no {}", among.kind)));
        }
        Ok(chosen)
    }
}

/// The indices of what was chosen.
pub(super) fn indices(chosen: &[bool]) -> Vec<usize> {
    chosen.iter().enumerate().filter(|(_, chosen)| **chosen).map(|(index, _)| index).collect()
}

fn no_product(code: &str, names: &Names) -> Problem {
    let head = code.trim_end_matches('*');
    if head.len() < code.len() {
        return Problem::new(format!("no product begins with \"{head}\""));
    }
    match names.iter().find(|name| name.starts_with(head)) {
        Some(_) => Problem::new(format!("no product is \"{code}\""))
            .help(format!("write \"{code}*\" for all whose codes begin so")),
        None => Problem::unknown("product", code, names.iter()),
    }
}

fn look_up(document: &Document, term: &Located<String>, name: &str, among: &Among<'_>) -> Result<usize, Problem> {
    among.names.index(name).ok_or_else(|| {
        let region = among
            .members
            .into_iter()
            .flatten()
            .find(|(region, members)| among.names.index(region).is_some() && members.iter().any(|m| m == name));
        let place = document.place(&term.span);
        match region {
            Some((region, _)) => Problem::new(format!("{name} is no region of its own in this world"))
                .help(format!("it is part of {region}"))
                .at(place),
            None => Problem::unknown(among.kind, name, among.names.iter()).at(place),
        }
    })
}
