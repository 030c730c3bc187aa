//! `cobden measures`: tariff law, listed, shown, checked and compared.

pub(crate) mod arguments;
mod check;
mod diff;
mod list;
mod show;
mod timeline;
mod validate;

use std::process::ExitCode;

use cobden::Failure;

use self::arguments::{MeasuresArguments, MeasuresCommand};

pub(crate) fn measures(arguments: &MeasuresArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        MeasuresCommand::List(arguments) => list::list(arguments)?,
        MeasuresCommand::Show(arguments) => show::show(arguments)?,
        MeasuresCommand::Timeline(arguments) => timeline::timeline(arguments)?,
        MeasuresCommand::Diff(arguments) => diff::diff(arguments)?,
        MeasuresCommand::Check { paths, alone, register } => {
            return Ok(check::check(paths, register.as_ref(), *alone)?);
        }
        MeasuresCommand::Validate(arguments) => validate::validate(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
