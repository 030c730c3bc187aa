//! Files of measures, read and their checks worked out.

use std::path::PathBuf;

use cobden_measures::{Failure, Register, Text};
use cobden_world::Problem;

use super::files::register_texts;
use super::sources::all_texts;

/// What came of reading files and working out their checks.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// How many files were read.
    pub files: usize,
    /// How many measures they define.
    pub measures: usize,
    /// How many acts.
    pub acts: usize,
    /// How many numbers are assumed about what law leaves open.
    pub assumptions: usize,
    /// How many checks.
    pub checks: usize,
    /// Checks that do not hold.
    pub failures: Vec<Failure>,
    /// What a reader should know although it is no error.
    pub warnings: Vec<Problem>,
}

/// Reads files together with the register inside cobden or another, or alone, and works out their checks; without any, those of the register.
/// Counts, failures and warnings are those of the files: a measure on top makes checks of the register miss without being wrong. A scenario
/// goes on top of the register.
///
/// # Errors
/// The first mistake in a file, at its place.
pub fn check(paths: &[PathBuf], register: Option<&PathBuf>, alone: bool) -> Result<Checked, Problem> {
    let own = all_texts(paths)?;
    let below = match (alone, register) {
        (true, _) => Vec::new(),
        (false, Some(path)) => super::texts(path)?,
        (false, None) => register_texts(),
    };
    let base = Register::read(below.iter().cloned())?;
    if own.is_empty() {
        return Ok(counted(&base, None, below.len(), |_| true));
    }
    let (files, names): (usize, Vec<String>) = (own.len(), own.iter().map(|text| text.name.clone()).collect());
    let law = if own.iter().any(is_scenario) { base.with(own)? } else { Register::read(below.into_iter().chain(own))? };
    let theirs = |problem: &Problem| problem.place.as_ref().is_some_and(|place| names.contains(&place.file));
    Ok(counted(&law, Some(&base), files, theirs))
}

/// What a register has beyond another.
fn counted(law: &Register, below: Option<&Register>, files: usize, own: impl Fn(&Problem) -> bool) -> Checked {
    let beyond = |count: fn(&Register) -> usize| count(law).saturating_sub(below.map_or(0, count));
    let scenario = !law.scenarios().is_empty();
    Checked {
        files,
        measures: beyond(|law| law.measures().count()),
        acts: beyond(|law| law.acts().len()),
        assumptions: beyond(|law| law.assumptions().len()),
        checks: if scenario { law.checks().len() } else { beyond(|law| law.checks().len()) },
        failures: law.check().into_iter().filter(|failure| own(&failure.problem)).collect(),
        warnings: law.warnings().into_iter().filter(own).collect(),
    }
}

/// Whether a file supposes something, and says so in a table of its own.
fn is_scenario(text: &Text) -> bool {
    text.content.lines().any(|line| line.trim() == "[scenario]")
}
