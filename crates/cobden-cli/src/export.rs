//! `cobden export`: worlds and results in the forms that other programs read.

use std::process::ExitCode;

use cobden::{ExportForm, Failure};

use crate::arguments::{ExportArguments, Target};
use crate::interrupt;
use crate::output::print;

pub(crate) fn export(arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    let form = match arguments.to {
        Target::Csv => ExportForm::Csv,
        Target::Parquet => ExportForm::Parquet,
        Target::Arrow => ExportForm::Arrow,
        Target::Har => ExportForm::HeaderArrays,
    };
    let files = cobden::export(&arguments.source, form)?;
    interrupt::writing(|| cobden::write_directory(&arguments.out, &files))?;
    let lines: Vec<String> = files.iter().map(|(name, bytes)| format!("{:>12}  {name}\n", bytes.len())).collect();
    print(&format!("{}\nExported: {}\n", lines.concat(), arguments.out.display()))?;
    Ok(ExitCode::SUCCESS)
}
