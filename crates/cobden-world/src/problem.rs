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

impl Place {
    /// Longest line that is shown with a message, in bytes.
    const SHOWN: usize = 400;

    /// The place of a byte range in a text, e.g. the span of a TOML value. A range outside the text or inside a character
    /// is moved to the nearest place that exists.
    ///
    /// ```
    /// use cobden_world::Place;
    /// let place = Place::in_text("world.toml", "a = 1\nb = \"é\" # c\n", 10..14);
    /// assert_eq!((place.line, place.column, place.width), (2, 5, 3));
    /// assert_eq!(place.text.as_deref(), Some("b = \"é\" # c"));
    /// ```
    pub fn in_text(file: impl Into<String>, text: &str, span: std::ops::Range<usize>) -> Self {
        let start = boundary(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let number = before.matches('\n').count() as u64 + 1;
        let line = text[line_start..line_end].trim_end_matches('\r');
        let span = start - line_start..span.end.saturating_sub(line_start);
        Self::in_line(file, number, line, span)
    }

    /// The place of a byte range within a line whose number is known.
    pub(crate) fn in_line(file: impl Into<String>, number: u64, line: &str, span: std::ops::Range<usize>) -> Self {
        let start = boundary(line, span.start);
        let end = boundary(line, span.end.max(start));
        Self {
            file: file.into(),
            line: number,
            column: line[..start].chars().count() as u64 + 1,
            text: (line.len() <= Self::SHOWN).then(|| line.to_owned()),
            width: line[start..end].chars().count().max(1) as u64,
        }
    }
}

/// The largest character boundary not above `index`; `str::floor_char_boundary` is newer than our oldest supported compiler.
fn boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
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
    /// Whether nothing is wrong with the input, and a computation found no solution: a face tells the two apart.
    pub unsolved: bool,
}

impl Problem {
    /// A problem without a place or help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, help: None, unsolved: false }
    }

    /// That a computation found no solution, the input being as it should.
    ///
    /// ```
    /// use cobden_world::Problem;
    /// assert!(Problem::unsolved("no equilibrium at these tariffs").unsolved);
    /// ```
    pub fn unsolved(message: impl Into<String>) -> Self {
        Self { unsolved: true, ..Self::new(message) }
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
        self.at(Place { file: file.into(), line: 1, column: 1, text: None, width: 0 })
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
        let shown = clip(name);
        let problem = Self::new(format!("unknown {kind} \"{shown}\""));
        match nearest(&shown, &known) {
            Some(near) => problem.help(format!("did you mean \"{near}\"?")),
            None if !known.is_empty() && known.len() <= 40 => problem.help(format!("known: {}", known.join(", "))),
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

/// Text from an input as a message shows it: control characters escaped, cut after 60 characters.
pub(crate) fn clip(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    if shown.chars().any(char::is_control) {
        shown = shown.escape_debug().to_string();
    }
    shown
}

/// The known name most like `name`, if any is alike enough to be what was meant; of several, the one that begins alike for longest, since slips
/// come late in a word.
///
/// ```
/// assert_eq!(cobden_world::nearest("JPM", &["JAM", "JPN", "SPM"]), Some("JPN"));
/// ```
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let alike = |other: &str| wanted.chars().zip(other.to_lowercase().chars()).take_while(|(a, b)| a == b).count();
    known
        .iter()
        .map(|&candidate| (strsim::normalized_damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| alike(a.1).cmp(&alike(b.1))))
        .map(|(_, candidate)| candidate)
}
