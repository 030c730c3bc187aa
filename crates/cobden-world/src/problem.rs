//! What is wrong with an input, where, and what to do about it.

use std::fmt;

/// Where in a file a [`Problem`] lies. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in characters.
    pub column: u64,
    /// The text of that line, if it is at hand and short enough to show.
    pub text: Option<String>,
    /// How many characters of the line are meant.
    pub width: u64,
}

/// One thing wrong with an input: what was found, where, and what to do.
///
/// `Display` gives one line, `file:line:column: message (help)`; a face may draw it with the line and a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and what was expected instead.
    pub message: String,
    /// Where, if the input has places.
    pub place: Option<Box<Place>>,
    /// What to do, e.g. the nearest known name.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place or help.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            help: None,
        }
    }

    /// The same problem, at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// The same problem, in a file but at no particular line.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        self.at(Place {
            file: file.into(),
            line: 1,
            column: 1,
            text: None,
            width: 0,
        })
    }

    /// The same problem, with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `unknown KIND "name"`, with the nearest known name as help if one is near.
    ///
    /// ```
    /// use cobden_world::Problem;
    /// let problem = Problem::unknown("country", "JPM", ["JPN", "CHN"]);
    /// assert_eq!(problem.help.as_deref(), Some("did you mean \"JPN\"?"));
    /// ```
    pub fn unknown<'a>(kind: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let problem = Self::new(format!("unknown {kind} \"{name}\""));
        match nearest(name, &known) {
            Some(near) => problem.help(format!("did you mean \"{near}\"?")),
            None if !known.is_empty() && known.len() <= 40 => {
                problem.help(format!("known: {}", known.join(", ")))
            }
            None => problem,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        write!(f, "{}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// The known name most like `name`, if any is alike enough to be what was meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    known
        .iter()
        .map(|&candidate| {
            (
                strsim::normalized_damerau_levenshtein(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
