//! Which case of the study of all cards is which.

/// What a case is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nobody answers.
    Nobody,
    /// One answers alone.
    Alone(String),
    /// All answer, each on its own.
    Each,
    /// All answer together.
    Together,
    /// All but one, each on its own.
    EachWithout(String),
    /// All but one together.
    TogetherWithout(String),
    /// One is spared and does not answer; the others answer, each on its own.
    Deal(String),
}

/// The cases in the order of the study.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    cases: Vec<(Place, String)>,
}

impl Plan {
    pub(super) fn push(&mut self, place: Place, name: String) {
        self.cases.push((place, name));
    }

    /// What every case is for, and what it is called.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Place, &str)> {
        self.cases.iter().enumerate().map(|(index, (place, name))| (index, place, name.as_str()))
    }

    /// The case in which one of `members` has stayed out while the others go on as they do at `place`; `None` where leaving is no choice.
    pub(super) fn without(&self, place: &Place, member: &str, members: &[String]) -> Option<usize> {
        let other = || members.iter().find(|other| *other != member).cloned();
        let sought = match (place, members.len()) {
            (Place::Alone(one), _) if one == member => Place::Nobody,
            (Place::Each | Place::Together, 2) => Place::Alone(other()?),
            (Place::Each, _) => Place::EachWithout(member.to_owned()),
            (Place::Together, _) => Place::TogetherWithout(member.to_owned()),
            // Who does not sign answers with the others.
            (Place::Deal(one), 1) if one == member => Place::Alone(member.to_owned()),
            (Place::Deal(one), _) if one == member => Place::Each,
            _ => return None,
        };
        self.cases.iter().position(|(place, _)| *place == sought)
    }
}
