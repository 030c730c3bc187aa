//! The header of a list: where each column stands.

use std::io::Read;

use cobden_world::{Place, Problem, nearest};

use crate::lines::{Lines, Record, clip};

/// The names of the columns, and the line they stand on for messages.
pub(crate) struct Header {
    names: Vec<String>,
    label: String,
    line: u64,
}

impl Header {
    /// The next record as header.
    pub(crate) fn read(lines: &mut Lines<'_, impl Read>, label: &str) -> Result<Self, Problem> {
        match lines.next()? {
            Some(record) => Ok(Self::of(&record, label)),
            None => Err(Problem::new("the file is empty").help("expected a header").in_file(label)),
        }
    }

    /// A record as header. Empty names at its end, from separators that close a line, are no columns.
    pub(crate) fn of(record: &Record<'_>, label: &str) -> Self {
        let mut names: Vec<String> = (0..record.len()).map(|column| record.text(column).into_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        Self { names, label: label.to_owned(), line: record.line() }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Where the column of the first of these names stands that is there; capitals do not matter.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|wanted| self.names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// Where the column of one of these names stands.
    pub(crate) fn need(&self, names: &[&str]) -> Result<usize, Problem> {
        self.find(names).ok_or_else(|| {
            let known: Vec<&str> = self.names().collect();
            let near = names.iter().find_map(|name| nearest(name, &known));
            let shown: Vec<String> = known.iter().take(20).map(|name| clip(name)).collect();
            let help = match near {
                Some(near) => format!("is it \"{}\"?", clip(near)),
                None => format!("the header has: {}", shown.join(", ")),
            };
            self.fault(Problem::new(format!("no column \"{}\"", names.join("\" or \""))).help(help))
        })
    }

    /// The problem, on the line of the header.
    pub(crate) fn fault(&self, problem: Problem) -> Problem {
        let file = self.label.clone();
        problem.at(Place { file, line: self.line, column: 1, text: None, width: 1 })
    }

    /// Whether a record has as many cells as the header; empty cells beyond are let pass.
    pub(crate) fn check(&self, record: &Record<'_>) -> Result<(), Problem> {
        let (found, width) = (record.len(), self.names.len());
        if found == width || (found > width && (width..found).all(|column| record.raw(column).is_empty())) {
            return Ok(());
        }
        let problem = Problem::new(format!("the row has {found} cells, the header {width}"));
        let problem = if found > width { problem.help("quote a name that holds a separator") } else { problem };
        Err(record.problem(problem, width))
    }
}
