//! The finest groups that two classifications have in common.

use std::collections::BTreeMap;

use cobden_world::{Grouping, Problem};

use super::Concordance;

/// Groups of the codes of two classifications: each takes whole codes of both, so values by either can be merged to them and no share has to
/// be guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    groups: Vec<(Vec<String>, Vec<String>)>,
}

impl Common {
    /// Codes of the first and of the second classification, group by group.
    pub fn groups(&self) -> &[(Vec<String>, Vec<String>)] {
        &self.groups
    }

    /// The first classification merged. A group is called after its codes in the first, `A01+A02`.
    ///
    /// # Errors
    /// Never: no code stands twice.
    pub fn first(&self) -> Result<Grouping, Problem> {
        Grouping::new(self.groups.iter().map(|(first, _)| (first.join("+"), first.clone())))
    }

    /// The second classification merged, under the same names.
    ///
    /// # Errors
    /// Never: no code stands twice.
    pub fn second(&self) -> Result<Grouping, Problem> {
        Grouping::new(self.groups.iter().map(|(first, second)| (first.join("+"), second.clone())))
    }
}

impl Concordance {
    /// The finest groups that the targets of this concordance and of another one with the same codes can both be merged to: targets that share
    /// a code belong together, directly or through others.
    ///
    /// # Errors
    /// A code that one of the two does not know.
    pub fn common(&self, other: &Concordance) -> Result<Common, Problem> {
        for (one, two) in [(self, other), (other, self)] {
            if let Some(stranger) = one.codes().find(|code| !two.links.contains_key(*code)) {
                return Err(two.unknown(stranger));
            }
        }
        let (firsts, seconds): (Vec<&str>, Vec<&str>) =
            (self.targets().into_iter().collect(), other.targets().into_iter().collect());
        let first: BTreeMap<&str, usize> = firsts.iter().enumerate().map(|(at, code)| (*code, at)).collect();
        let second: BTreeMap<&str, usize> =
            seconds.iter().enumerate().map(|(at, code)| (*code, firsts.len() + at)).collect();
        let mut leader: Vec<usize> = (0..firsts.len() + seconds.len()).collect();
        for (code, targets) in &self.links {
            let mut together: Vec<usize> = targets.iter().map(|(to, _)| first[to.as_str()]).collect();
            together.extend(other.links[code].iter().map(|(to, _)| second[to.as_str()]));
            for member in &together[1..] {
                join(&mut leader, together[0], *member);
            }
        }
        let mut groups: BTreeMap<usize, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for at in 0..leader.len() {
            let group = groups.entry(find(&leader, at)).or_default();
            match at.checked_sub(firsts.len()) {
                None => group.0.push(firsts[at].to_owned()),
                Some(at) => group.1.push(seconds[at].to_owned()),
            }
        }
        Ok(Common { groups: groups.into_values().collect() })
    }
}

/// The first member of the group of `at`.
fn find(leader: &[usize], mut at: usize) -> usize {
    while leader[at] != at {
        at = leader[at];
    }
    at
}

/// Makes one group of two; the earlier leader leads.
fn join(leader: &mut [usize], one: usize, two: usize) {
    let (one, two) = (find(leader, one), find(leader, two));
    leader[one.max(two)] = one.min(two);
}
