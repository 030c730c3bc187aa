//! Who plays: countries each for itself, or several as one bloc.

use std::ops::Range;

use toml::de::DeValue;

use cobden_world::{Problem, World};

use crate::document::{Document, Fields, kind};
use crate::study::selection::{self, Groups, Selection};

/// Who plays, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Players {
    blocs: Vec<Bloc>,
    span: Range<usize>,
}

/// One item of a list of players.
#[derive(Clone, Debug, PartialEq)]
pub struct Bloc {
    /// Who.
    pub selection: Selection,
    /// Whether they play as one: they were written as a list within the list.
    pub together: bool,
}

/// Reads a list of players; the key must be there.
pub(super) fn read(fields: &Fields<'_>, groups: &Groups, key: &str) -> Result<Players, Problem> {
    read_if(fields, groups, key)?.ok_or_else(|| {
        fields.missing(key).help(format!("write {key} = [\"USA\", \"CHN\"], [[\"CHN\", \"JPN\"], \"USA\"] or \"*\""))
    })
}

/// Reads a list of players: `"*"`, `["USA", "@partners"]`, `[["CHN", "JPN"], "USA"]`.
pub(super) fn read_if(fields: &Fields<'_>, groups: &Groups, key: &str) -> Result<Option<Players>, Problem> {
    let Some(value) = fields.value(key) else { return Ok(None) };
    let document = fields.document();
    let exclusions = |items: &toml::de::DeArray<'_>| {
        items.iter().any(|item| matches!(item.get_ref(), DeValue::String(text) if text.starts_with('!')))
    };
    let blocs = match value.get_ref() {
        DeValue::Array(items) if items.is_empty() => {
            let problem = document.problem(&value.span(), format!("`{key}` names nobody: the list is empty"));
            return Err(problem.help("name at least one country"));
        }
        // A list with exclusions is one selection, each country of it for itself.
        DeValue::Array(items) if !exclusions(items) => items
            .iter()
            .map(|item| {
                let selection = selection::of(document, groups, item, key)?;
                Ok(Bloc { selection, together: matches!(item.get_ref(), DeValue::Array(_)) })
            })
            .collect::<Result<_, Problem>>()?,
        DeValue::Array(_) | DeValue::String(_) => {
            vec![Bloc { selection: selection::of(document, groups, value, key)?, together: false }]
        }
        other => {
            let message = format!("`{key}` must be a list of countries, found {}", kind(other));
            return Err(document.problem(&value.span(), message));
        }
    };
    Ok(Some(Players { blocs, span: value.span() }))
}

impl Players {
    /// Where they were written.
    pub(crate) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// The countries of each player, indices in the order of the world; `*` means all who are not named besides.
    ///
    /// # Errors
    /// An unknown country, or one that is named twice.
    pub(crate) fn resolve(&self, document: &Document, world: &World) -> Result<Vec<Vec<usize>>, Problem> {
        let mut taken = vec![false; world.countries.len()];
        let mut players: Vec<(usize, Vec<usize>)> = Vec::new();
        let in_order =
            |open: bool| self.blocs.iter().enumerate().filter(move |(_, bloc)| bloc.selection.is_open() == open);
        for (at, bloc) in in_order(false).chain(in_order(true)) {
            let open = bloc.selection.is_open();
            let mut members = bloc.selection.countries(document, world)?;
            if open {
                members.retain(|n| !taken[*n]);
            }
            if let Some(twice) = members.iter().find(|n| taken[**n]) {
                let message = format!("{} plays twice", &world.countries[*twice]);
                return Err(document.problem(bloc.selection.span(), message));
            }
            members.iter().for_each(|n| taken[*n] = true);
            if bloc.together {
                players.push((at, members));
            } else {
                players.extend(members.into_iter().map(|n| (at, vec![n])));
            }
        }
        players.sort_by_key(|(at, _)| *at);
        Ok(players.into_iter().map(|(_, members)| members).filter(|members| !members.is_empty()).collect())
    }
}
