//! Which names of the source make up which new name.

use cobden_world::{Grouping, Names, Problem};

use super::format::{Groups, REST, placed};
use crate::document::Document;

/// Every name of the source in exactly one new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// The new names, in the recipe's order.
    pub(super) names: Names,
    /// For each name of the source, the position of its new name.
    pub(super) of: Vec<usize>,
}

impl Partition {
    /// Resolves `NEW = [old, ...]`, where one group may be `["*"]`: everything not named elsewhere.
    ///
    /// # Errors
    /// A name that the source does not have, that is taken twice, or that nobody takes.
    pub(super) fn new(document: &Document, groups: &Groups, source: &Names, what: &str) -> Result<Self, Problem> {
        let names = Names::new(groups.iter().map(|(name, _)| name.value.clone()))
            .map_err(|name| Problem::new(format!("{what} \"{name}\" is made twice")).in_file(document.file()))?;
        let mut of = vec![None; source.len()];
        let mut rest = None;
        for (position, (_, members)) in groups.iter().enumerate() {
            for member in members {
                if member.value == REST {
                    if rest.replace(position).is_some() {
                        return Err(document.problem(&member.span, format!("two {what} groups take \"{REST}\"")));
                    }
                    continue;
                }
                let slot = source.index(&member.value).and_then(|old| of.get_mut(old)).ok_or_else(|| {
                    placed(document, &member.span, Problem::unknown(what, &member.value, source.iter()))
                })?;
                if slot.replace(position).is_some() {
                    return Err(document.problem(&member.span, format!("{what} \"{}\" is taken twice", member.value)));
                }
            }
        }
        let of = of
            .into_iter()
            .zip(source.iter())
            .map(|(position, name)| {
                position.or(rest).ok_or_else(|| {
                    let problem = Problem::new(format!("no group takes the {what} \"{name}\" of the source"));
                    problem
                        .in_file(document.file())
                        .help(format!("add it to a group, or a group that takes [\"{REST}\"]"))
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { names, of })
    }

    /// The same for merging a world.
    pub(super) fn grouping(&self, source: &Names) -> Result<Grouping, Problem> {
        Grouping::new(self.names.iter().enumerate().map(|(new, name)| {
            let members: Vec<&str> = self.members(new).map(|old| &source[old]).collect();
            (name, members)
        }))
    }

    /// The positions in the source of the members of a new name.
    pub(super) fn members(&self, new: usize) -> impl Iterator<Item = usize> {
        self.of.iter().enumerate().filter(move |(_, of)| **of == new).map(|(old, _)| old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Located;

    fn groups(list: &[(&str, &[&str])]) -> Groups {
        let located = |text: &&str| Located { value: (*text).to_owned(), span: 0..1 };
        list.iter().map(|(name, members)| (located(name), members.iter().map(located).collect())).collect()
    }

    fn partition(list: &[(&str, &[&str])]) -> Result<Partition, Problem> {
        let document = Document::new(b"x".to_vec(), "r.toml").unwrap();
        let source = Names::new(["AUS", "CHN", "HKG", "NZL"].map(String::from)).unwrap();
        Partition::new(&document, &groups(list), &source, "country")
    }

    #[test]
    fn the_rest_goes_to_the_group_that_takes_it() {
        let partition = partition(&[("CHN", &["CHN", "HKG"]), ("ROW", &["*"])]).unwrap();
        assert_eq!(partition.of, [1, 0, 0, 1]);
        assert_eq!(partition.members(0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn names_unknown_taken_twice_or_left_over_are_refused() {
        let unknown = partition(&[("A", &["AUZ"]), ("ROW", &["*"])]).unwrap_err();
        assert_eq!(unknown.help.as_deref(), Some("did you mean \"AUS\"?"));
        let twice = partition(&[("A", &["AUS"]), ("B", &["AUS"]), ("ROW", &["*"])]).unwrap_err();
        assert!(twice.message.contains("taken twice"), "{twice}");
        let left = partition(&[("A", &["AUS", "CHN", "HKG"])]).unwrap_err();
        assert!(left.message.contains("\"NZL\""), "{left}");
        let rests = partition(&[("A", &["*"]), ("B", &["*"])]).unwrap_err();
        assert!(rests.message.contains("two"), "{rests}");
    }
}
