//! `cobden measures check`.

use std::path::PathBuf;
use std::process::ExitCode;

use cobden::Problem;
use cobden::law;

use crate::failure::draw;
use crate::output::{print, remark};

pub(super) fn check(paths: &[PathBuf], register: Option<&PathBuf>, alone: bool) -> Result<ExitCode, Problem> {
    let checked = law::check(paths, register, alone)?;
    for warning in &checked.warnings {
        remark(&format!("warning: {warning}"));
    }
    for failure in &checked.failures {
        remark(&draw(&failure.problem));
    }
    let law::Checked { files, measures, acts, assumptions, checks, failures, .. } = &checked;
    let failed = match failures.len() {
        0 => "all hold".to_owned(),
        1 => "one number does not hold".to_owned(),
        more => format!("{more} numbers do not hold"),
    };
    print(&format!(
        "{files} files: {measures} measures, {acts} acts, {assumptions} assumptions; {checks} checks, {failed}\n"
    ))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
