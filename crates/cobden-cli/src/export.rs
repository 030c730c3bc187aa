//! `cobden export`: worlds and results in the forms that other programs read.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use cobden::{ExportForm, Failure};

use crate::interrupt;
use crate::output::print;

/// `cobden export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cobden export icio-2022 --to parquet --out tables
  cobden export out/beijing-tokyo --to arrow --out arrow
  cobden export my-world --to har --out gempack")]
pub(crate) struct ExportArguments {
    /// A world (an identifier or a folder), or a folder that cobden run has written.
    #[arg(value_name = "WORLD|RESULTS")]
    pub(crate) source: String,
    /// The form.
    #[arg(long, value_enum)]
    pub(crate) to: Target,
    /// The folder to write.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// A form to export to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Comma-separated text.
    Csv,
    /// Parquet.
    Parquet,
    /// Arrow IPC (Feather, version 2).
    Arrow,
    /// GEMPACK header arrays, one file.
    Har,
}

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
