//! The command line: what may be written after `cobden`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::export::ExportArguments;
use crate::import::ImportArguments;
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
  cobden data list                          public data sets to make a world of
  cobden replicate                          published papers, run again
  cobden serve --open                       the same in a browser, as a sentence with sliders
  cobden ask 'who=USA&rate=20&on=*&answer=CHN&how=each&with=same'
                                            the same as one line

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
    /// List and fetch the public data sets that cobden reads.
    Data(DataArguments),
    /// What an importer charges on a good from a partner on a day, and by which acts.
    Rate(RateArguments),
    /// List, show, check and compare the measures of tariff law.
    Measures(MeasuresArguments),
    /// Show the page: build a tariff war in a browser and see it answer.
    Serve(ServeArguments),
    /// Answer a question as the page's address states it.
    Ask(AskArguments),
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

/// `cobden data`.
#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

/// `cobden data ...`.
#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// List the data sets: years, size, licence, how each is to be had.
    List {
        /// What to print.
        #[arg(long, value_enum, default_value_t = ListForm::Table)]
        format: ListForm,
    },
    /// All about one: publisher, licence, citation, files, and the command that reads it.
    #[command(after_help = "Example:\n  cobden data show oecd-icio-2025")]
    Show {
        /// Its name in the list.
        #[arg(value_name = "NAME")]
        name: String,
        /// What to print.
        #[arg(long, value_enum, default_value_t = ListForm::Table)]
        format: ListForm,
    },
    /// Fetch a file, where its licence and its publisher let a program do so; else say how to get it by hand.
    Get(GetArguments),
}

/// What `cobden data` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListForm {
    /// Words to read.
    Table,
    /// One document: cobden.datasets/1.
    Json,
}

/// `cobden data get`.
#[derive(Debug, Args)]
#[command(after_help = "\
Fetching is done by the curl of the system. A file that was interrupted (NAME.part) goes on where it ended; a file gets its name
when all of it has arrived and its length, kind and checksum are right. NAME.source.toml beside it says where it is from.

Exit status: 0 the file is there; 1 it is not, and it is said how to get it by hand; 130 interrupted.

Examples:
  cobden data get oecd-icio-2025 --year 2022
  cobden data get wdi-gdp --year 2022 --out data")]
pub(crate) struct GetArguments {
    /// The name of a data set: cobden data list.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The year; needed where a data set comes in several files.
    #[arg(long, value_name = "Y")]
    pub(crate) year: Option<i32>,
    /// The folder to put it in.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Another address of the same file, e.g. a mirror; it is checked in the same way.
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// Print no progress and no report.
    #[arg(long, short)]
    pub(crate) quiet: bool,
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

/// `cobden ask`.
#[derive(Debug, Args)]
#[command(after_help = "\
The question is the part of the page's address after #; a whole address will do. Quote it: the shell has its own use for & and *.

  who=USA              who raises its tariffs                       goods=*        on which goods: sectors, or * for all goods
  rate=20              by how many points, on top of those in force answer=CHN,JPN who answers
  on=*                 on whose goods: countries, or * for everyone how=together   none, each or together
                                                                    with=same      same, best, or a rate in per cent

What is left out: the United States, 20 per cent, everyone, all goods, nobody answers. The numbers are those of the page, and of `cobden run` with the
study that the page saves.

Examples:
  cobden ask 'who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=together&with=same'
  cobden ask 'http://127.0.0.1:8317/#who=EU27&rate=25&on=CHN&goods=AUTO&answer=CHN&how=each&with=best'
  cobden ask 'who=USA&rate=20&on=*&goods=*' --format json > result.json")]
pub(crate) struct AskArguments {
    /// The question, as the page's address has it.
    #[arg(value_name = "QUESTION")]
    pub(crate) question: String,
    /// The world: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR")]
    pub(crate) world: Option<String>,
    /// Write what `cobden run` writes into this folder: result.json, report.html and the tables.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(crate) format: Form,
    /// Print no table and no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
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
