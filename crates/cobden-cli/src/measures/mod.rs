//! `cobden measures`: tariff law, listed, shown, checked and compared.

pub(crate) mod arguments;
mod list;

use std::process::ExitCode;

use cobden::Failure;

use self::arguments::{MeasuresArguments, MeasuresCommand};

pub(crate) fn measures(arguments: &MeasuresArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        MeasuresCommand::List(arguments) => list::list(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
