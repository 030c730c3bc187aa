//! The command line: what may be written after `cobden`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::measures::arguments::{MeasuresArguments, RateArguments};

/// Who pays and who gains when tariffs change.
///
/// A study says which tariffs change; cobden finds the new equilibrium of world trade and tells what it means for each country.
#[derive(Debug, Parser)]
#[command(
    name = "cobden",
    version,
    about,
    after_help = "\
Examples:
  cobden run studies/beijing-tokyo.toml     who pays when Beijing and Tokyo answer Washington
  cobden explain welfare                    what the numbers mean
  cobden rate --importer USA --exporter JPN --product 870323 --base 2.5 --on 2025-10-01
                                            a tariff rate, and the acts behind it
  cobden world show icio-2022               the world inside cobden
  cobden replicate                          published papers, run again
  cobden serve --open                       the same in a browser, as a sentence with sliders

Exit status: 0 solved; 1 bad input; 2 wrong usage; 3 a solve did not converge;
4 a replication differs; 130 interrupted."
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a study: a table on screen, and a folder with the report.
    Run(RunArguments),
    /// Run published papers again and compare: published, ours, difference.
    Replicate(ReplicateArguments),
    /// List, show, check, import or build worlds.
    World(WorldArguments),
    /// A world, or a folder of results, as CSV, Parquet, Arrow or GEMPACK header arrays.
    Export(ExportArguments),
    /// What an importer charges on a good from a partner on a day, and by which acts.
    Rate(RateArguments),
    /// List, show, check and compare the measures of tariff law.
    Measures(MeasuresArguments),
    /// Show the page: build a tariff war in a browser and see it answer.
    Serve(ServeArguments),
    /// Explain a word of the results or of the study file.
    Explain(ExplainArguments),
}

/// `cobden run`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --out the folder is out/NAME for a study NAME.toml; with --format json or csv and no --out nothing is written to disk.

Examples:
  cobden run studies/beijing-tokyo.toml
  cobden run studies/beijing-tokyo.toml --out results
  cobden run study.toml --world ../my-world --format json > result.json")]
pub(crate) struct RunArguments {
    /// The study file.
    #[arg(value_name = "STUDY")]
    pub(crate) study: PathBuf,
    /// Another world than the study's: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR")]
    pub(crate) world: Option<String>,
    /// Write result.json, report.html and the tables (countries.csv, sectors.csv, tariffs.csv, trade.csv, and what else the study gives rise to) into
    /// this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(crate) format: Form,
    /// Say of every case, not of the headline alone, where its changes come from.
    #[arg(long)]
    pub(crate) why: bool,
    /// Most Newton iterations of one solve; a solve that needs more is marked as not converged.
    #[arg(long, value_name = "N")]
    pub(crate) max_iterations: Option<usize>,
    /// Print no table and no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A table to read.
    Table,
    /// One document: cobden.result/1, or cobden.replication/1.
    Json,
    /// A tidy table: countries.csv, or a row per published number.
    Csv,
}

/// `cobden replicate`.
#[derive(Debug, Args)]
#[command(after_help = "\
The data of the papers may not be passed on with cobden. Where each is to be had: cobden replicate NAME.
Papers whose data are not in the folder are named and left out; asked for by name, they are an error.

Exit status: 0 every number within its tolerance; 1 data missing or wrong; 3 a solve did not converge;
4 a number differs by more than its tolerance.

Examples:
  cobden replicate --data papers
  cobden replicate ossa-2014 --data papers")]
pub(crate) struct ReplicateArguments {
    /// The paper; without it all, and only their summaries are printed.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Where the data of the papers lie; else the environment variable COBDEN_DATA.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(crate) format: Form,
    /// Most Newton iterations of one solve; a solve that needs more is marked as not converged.
    #[arg(long, value_name = "N")]
    pub(crate) max_iterations: Option<usize>,
    /// Print no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// `cobden world`.
#[derive(Debug, Args)]
pub(crate) struct WorldArguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: WorldCommand,
}

/// `cobden world ...`.
#[derive(Debug, Subcommand)]
pub(crate) enum WorldCommand {
    /// List the worlds and elasticity sets inside cobden.
    List,
    /// Describe a world: regions, sectors, totals, tariffs, source, licence.
    #[command(after_help = "Example:\n  cobden world show icio-2022")]
    Show {
        /// An identifier or a folder with world.toml.
        #[arg(value_name = "ID|DIR")]
        world: String,
    },
    /// Say where the accounts of a world do not add up, and whether it can be solved.
    #[command(after_help = "Exit status 1 if the world cannot be solved.\n\nExample:\n  cobden world check my-world")]
    Check {
        /// An identifier or a folder with world.toml.
        #[arg(value_name = "ID|DIR")]
        world: String,
        /// Largest relative gap that is no imbalance.
        #[arg(long, default_value_t = 1e-6, value_parser = tolerance)]
        tolerance: f64,
    },
    /// Make a world from public data: a table, tariffs, elasticities.
    Import(Box<ImportArguments>),
    /// Build a world from a recipe: merge, attach tariffs, balance.
    #[command(after_help = "Example:\n  cobden world build worlds/icio-2022.toml --data ../shared/data --out my-world")]
    Build {
        /// The recipe file.
        #[arg(value_name = "RECIPE")]
        recipe: PathBuf,
        /// The folder to write.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Where the public data lies; else the environment variable COBDEN_DATA, else as the recipe says.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Print no progress and no report.
        #[arg(long, short)]
        quiet: bool,
    },
}

/// `cobden world import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Tables: OECD ICIO, WIOD 2016 and 2013, FIGARO, ADB MRIO, Eora26, EXIOBASE 3, a GTAP database in header arrays. Lists of trade with domestic
sales: ITPD, or a table of your own with importer, exporter, sector, value. Tariffs: MAcMap-HS6, TRAINS, Teti, HTS, US Census, or a table of
your own with importer, exporter, sector, rate. Where each is to be had: cobden data list.

Ready-made groups: --regions eu27, g20, icio-2022, world; --sectors all, goods-services, icio-2022, isic-sections. A file of your own has
[regions] or [sectors], and on each line a group: EU27 = [\"AUT\", \"BEL\"], ROW = [\"*\"].

Examples:
  cobden world import 2022_SML.csv --out icio
  cobden world import WIOT2014_Nov16_ROW.xlsb --regions g20 --tariffs mmhs6_2013.csv --tariff-year 2013 --out wiod
  cobden world import basedata.har sets.har default.prm --out gtap
  cobden run study.toml --world icio")]
pub(crate) struct ImportArguments {
    /// The file of the table; for a GTAP database all of its files.
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// The folder to write.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Which regions are merged: a ready-made set of groups, or a file; without it none are.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) regions: Option<String>,
    /// Which sectors are merged, likewise.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) sectors: Option<String>,
    /// A list of tariffs; may be given several times. Without it every tariff is 0, or what a GTAP database says.
    #[arg(long, value_name = "FILE")]
    pub(crate) tariffs: Vec<PathBuf>,
    /// The year of the tariffs, if it is not that of the table.
    #[arg(long, value_name = "YEAR")]
    pub(crate) tariff_year: Option<i32>,
    /// From products of the tariffs to sectors of the table: a table from, to, weight. Without it what cobden knows of HS, ISIC and GTAP.
    #[arg(long, value_name = "FILE")]
    pub(crate) concordance: Option<PathBuf>,
    /// Trade elasticities theta = sigma - 1: a number for all sectors, the name of a set (cobden world list), or a table sector,
    /// trade_elasticity.
    #[arg(long, value_name = "NUMBER|NAME|FILE")]
    pub(crate) elasticities: Option<String>,
    /// The year, where the file holds several.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<i32>,
    /// What the source is, where its name and content do not tell: icio, wiod2016, wiod2013, figaro, adb, eora, exiobase, itpd, tidy-trade, har.
    #[arg(long, value_name = "NAME")]
    pub(crate) source_format: Option<String>,
    /// The identifier of the world; made of dataset and year without it.
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Write CSV instead of Parquet.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Print no progress and no report.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

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

/// `cobden serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
The server answers on this machine alone, under 127.0.0.1 and localhost. Ctrl-C ends it.

Examples:
  cobden serve --open
  cobden serve --world ../my-world --port 0")]
pub(crate) struct ServeArguments {
    /// Open the page in the browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// The port; 0 takes any that is free.
    #[arg(long, value_name = "N", default_value_t = cobden_web::PORT)]
    pub(crate) port: u16,
    /// The world: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR")]
    pub(crate) world: Option<String>,
}

/// `cobden explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cobden explain\n  cobden explain terms of trade\n  cobden explain theta")]
pub(crate) struct ExplainArguments {
    /// The term, in one or several words; without it, all terms are listed.
    #[arg(value_name = "TERM")]
    pub(crate) term: Vec<String>,
    /// The whole glossary in Markdown.
    #[arg(long, conflicts_with = "term")]
    pub(crate) all: bool,
}

/// A gap that accounts may have.
fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err("expected a number from 0 up, e.g. 1e-6".to_owned()),
    }
}
