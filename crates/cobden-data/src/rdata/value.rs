//! Objects of R, and what data frames and factors are made of.

/// What a vector holds. R's missing values: `None` among strings, the reserved integer among integers and logicals, a NaN among reals.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// `NULL`.
    Null,
    /// `TRUE` is 1, `FALSE` 0.
    Logical(Vec<i32>),
    /// Integers.
    Integer(Vec<i32>),
    /// Reals.
    Real(Vec<f64>),
    /// Strings, in UTF-8 whatever the file has.
    Text(Vec<Option<String>>),
    /// A list, or a pairlist with its tags as the attribute `names`.
    List(Vec<Value>),
    /// A name of R's language.
    Symbol(String),
}

/// An object of R.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its content.
    pub content: Content,
    /// Its attributes: `names`, `dim`, `class`, `levels` and others.
    pub attributes: Vec<(String, Value)>,
}

/// R's missing integer.
const NA: i32 = i32::MIN;

impl Value {
    /// An object without attributes.
    pub fn new(content: Content) -> Self {
        Self { content, attributes: Vec::new() }
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value)
    }

    /// An attribute that is strings, such as `names`.
    pub fn strings(&self, name: &str) -> Option<&[Option<String>]> {
        match &self.attribute(name)?.content {
            Content::Text(strings) => Some(strings),
            _ => None,
        }
    }

    /// Whether its class is, or comes from, this one.
    pub fn is_a(&self, class: &str) -> bool {
        self.strings("class").is_some_and(|classes| classes.iter().any(|of| of.as_deref() == Some(class)))
    }

    /// The member of a list with this name; the column of a data frame.
    pub fn member(&self, name: &str) -> Option<&Value> {
        let Content::List(members) = &self.content else { return None };
        let at = self.strings("names")?.iter().position(|of| of.as_deref() == Some(name))?;
        members.get(at)
    }

    /// The names of a list's members, those of a data frame's columns; blank where there are none.
    pub fn names(&self) -> Vec<&str> {
        let names = self.strings("names").unwrap_or_default();
        names.iter().map(|name| name.as_deref().unwrap_or_default()).collect()
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Null | Content::Symbol(_) => 0,
            Content::Logical(values) | Content::Integer(values) => values.len(),
            Content::Real(values) => values.len(),
            Content::Text(values) => values.len(),
            Content::List(values) => values.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Element `at` as a number. Missing is NaN; `None` where there is no number: beyond the end, in strings, in a factor.
    pub fn number(&self, at: usize) -> Option<f64> {
        match &self.content {
            Content::Real(values) => values.get(at).copied(),
            Content::Logical(values) | Content::Integer(values) if !self.is_a("factor") => {
                values.get(at).map(|&value| if value == NA { f64::NAN } else { f64::from(value) })
            }
            _ => None,
        }
    }

    /// All elements as numbers, if it is a vector of them.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        (0..self.len()).map(|at| self.number(at)).collect()
    }

    /// Element `at` as a text: of strings, the level of a factor, or a number as written without decimals where it has none.
    pub fn text(&self, at: usize) -> Option<String> {
        match &self.content {
            Content::Text(values) => values.get(at)?.clone(),
            Content::Integer(values) if self.is_a("factor") => {
                let level = usize::try_from(*values.get(at)?).ok()?.checked_sub(1)?;
                self.strings("levels")?.get(level)?.clone()
            }
            _ => self.number(at).filter(|value| !value.is_nan()).map(|value| value.to_string()),
        }
    }

    /// All elements as texts; missing ones are blank.
    pub fn texts(&self) -> Vec<String> {
        (0..self.len()).map(|at| self.text(at).unwrap_or_default()).collect()
    }

    /// Rows and columns of a matrix.
    pub fn dim(&self) -> Option<(usize, usize)> {
        let [rows, columns] = self.attribute("dim")?.numbers()?[..] else { return None };
        let whole = |value: f64| (0.0..=1e9).contains(&value).then_some(value as usize);
        let (rows, columns) = (whole(rows)?, whole(columns)?);
        (rows.checked_mul(columns) == Some(self.len())).then_some((rows, columns))
    }
}
