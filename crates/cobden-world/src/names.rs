//! Ordered lists of names: their order is the order of array indices.

use std::collections::BTreeMap;

/// Distinct names in a fixed order, with a look-up by name.
///
/// ```
/// use cobden_world::Names;
/// let countries = Names::new(["USA", "CHN"].map(String::from)).unwrap();
/// assert_eq!(countries.index("CHN"), Some(1));
/// assert_eq!(countries.iter().collect::<Vec<_>>(), ["USA", "CHN"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    list: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Names {
    /// The names in this order.
    ///
    /// # Errors
    /// The first name that occurs twice.
    pub fn new(names: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut this = Self::default();
        for name in names {
            if this.index.insert(name.clone(), this.list.len()).is_some() {
                return Err(name);
            }
            this.list.push(name);
        }
        Ok(this)
    }

    /// The position of a name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The position of a name that is probably at `guess` or just after it.
    pub(crate) fn index_near(&self, guess: usize, name: &str) -> Option<usize> {
        let at = |position: usize| (self.list.get(position)? == name).then_some(position);
        at(guess).or_else(|| at(guess + 1)).or_else(|| self.index(name))
    }

    /// How many names.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// The names in order, as a slice.
    pub fn as_slice(&self) -> &[String] {
        &self.list
    }
}

impl std::ops::Index<usize> for Names {
    type Output = str;

    fn index(&self, position: usize) -> &str {
        &self.list[position]
    }
}
