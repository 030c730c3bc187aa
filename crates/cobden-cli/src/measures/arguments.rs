//! What may be written after `cobden rate` and `cobden measures`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cobden::law::{Sources, Status, View, status};

use crate::arguments::Form;

/// Which law is asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which law")]
pub(crate) struct LawArguments {
    /// A register in the place of the one inside cobden: a folder or a file.
    #[arg(long, value_name = "DIR")]
    pub(crate) register: Option<PathBuf>,
    /// Measures on top: a file or a folder; its acts count whatever their status.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) with: Vec<PathBuf>,
    /// Measures or acts that should never have been; * stands for any text.
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub(crate) without: Vec<String>,
    /// Acts that are no law count too: proposed, reported, hypothetical.
    #[arg(long, value_name = "STATUS", num_args = 1..)]
    pub(crate) include: Vec<String>,
}

impl LawArguments {
    /// The same in the words of the library.
    pub(crate) fn sources(&self) -> Result<Sources, cobden::Problem> {
        let include: Result<Vec<Status>, _> = self.include.iter().map(|name| status(name)).collect();
        Ok(Sources {
            register: self.register.clone(),
            with: self.with.clone(),
            without: self.without.clone(),
            include: include?,
        })
    }
}

/// Which clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Clock {
    /// What law says, looking back.
    Law,
    /// What customs charged on the day.
    Collected,
}

impl From<Clock> for View {
    fn from(clock: Clock) -> Self {
        match clock {
            Clock::Law => View::Law,
            Clock::Collected => View::Collected,
        }
    }
}

/// What an answer about a good is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// To read.
    Text,
    /// One document: cobden.rate/1, or cobden.measure/1.
    Json,
}

/// `cobden rate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Points are percentage points of the customs value. Partners are ISO codes, names, or groups (EU27). Without --base the ordinary duty
is the general rate of the importer's tariff where cobden carries that (of the United States); else it is not counted.

Examples:
  cobden rate --importer USA --exporter JPN --product 870323 --on 2025-08-20 --base 2.5
  cobden rate --importer USA --exporter VNM --product 610910 --on 2025-07-15 --as-known 2025-06-30
  cobden rate --importer USA --exporter CAN --product 870323 --on 2025-10-01 --base 2.5 --state claim:usmca=1 share:non_us=0.5
  cobden rate --importer USA --exporter CHN --product 8541 --on 2025-05-15")]
pub(crate) struct RateArguments {
    /// Who levies.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) importer: String,
    /// On whose goods.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) exporter: String,
    /// 2 to 12 digits of the Harmonized System.
    #[arg(long, value_name = "CODE")]
    pub(crate) product: String,
    /// On which day; today if left out.
    #[arg(long, value_name = "DAY", default_value = "today")]
    pub(crate) on: String,
    /// As known at the end of a day: later acts do not exist.
    #[arg(long, value_name = "DAY")]
    pub(crate) as_known: Option<String>,
    /// Which clock: what law says, or what customs charged on the day.
    #[arg(long, value_enum, default_value_t = Clock::Law)]
    pub(crate) view: Clock,
    /// The ordinary duty (most-favoured-nation or preferential), in points.
    #[arg(long, value_name = "POINTS", allow_negative_numbers = true)]
    pub(crate) base: Option<f64>,
    /// Numbers that law leaves open: claim:usmca=1, share:metal=0.4, quota:MEASURE/LINE=0.8, unit_value:USD/kg=12, prohibitive=1000.
    #[arg(long, value_name = "NUMBER", num_args = 1..)]
    pub(crate) state: Vec<String>,
    /// The world whose trade by product weighs codes that are too coarse: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR", default_value = "icio-2022")]
    pub(crate) world: String,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Print::Text)]
    pub(crate) format: Print,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// `cobden measures`.
#[derive(Debug, Args)]
pub(crate) struct MeasuresArguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: MeasuresCommand,
}

/// `cobden measures ...`.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasuresCommand {
    /// List measures: who levies, under which authority, since when, in force or not.
    List(ListArguments),
    /// Show one measure: what it is, what acts did to it, what it charges whom.
    Show(ShowArguments),
    /// A rate through time, each step with the acts behind it; or what begins and ends by day.
    Timeline(TimelineArguments),
    /// What begins, ends and changes between two days, by measure.
    Diff(DiffArguments),
    /// Read files of measures and work out their checks.
    #[command(after_help = "\
Without --alone the files are read together with the register. Exit status 1 if a file has a mistake or a check does not hold.

Examples:
  cobden measures check
  cobden measures check my-measures/
  cobden measures check scenario.toml")]
    Check {
        /// Files or folders; without any, the register itself.
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Read these files without the register.
        #[arg(long, requires = "paths", conflicts_with = "register")]
        alone: bool,
        /// A register in the place of the one inside cobden: a folder or a file.
        #[arg(long, value_name = "DIR")]
        register: Option<PathBuf>,
    },
    /// Hold the average rate of the United States against a published daily series.
    Validate(ValidateArguments),
}

/// `cobden measures show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cobden measures show us.232.autos
  cobden measures show us.ieepa.reciprocal --on 2025-04-09 --format json")]
pub(crate) struct ShowArguments {
    /// The measure; cobden measures list has them all.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// What it charges on which day; today if left out.
    #[arg(long, value_name = "DAY", default_value = "today")]
    pub(crate) on: String,
    /// Which clock: what law says, or what customs charged on the day.
    #[arg(long, value_enum, default_value_t = Clock::Law)]
    pub(crate) view: Clock,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Print::Text)]
    pub(crate) format: Print,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// `cobden measures list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cobden measures list
  cobden measures list --importer CHN --on 2025-04-12
  cobden measures list --status reported --format csv")]
pub(crate) struct ListArguments {
    /// Only what this importer levies.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) importer: Option<String>,
    /// Only under this authority: 232, IEEPA, 301, retaliation ...
    #[arg(long)]
    pub(crate) authority: Option<String>,
    /// Only measures with acts of this status: enacted, proposed, reported, hypothetical.
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// What is in force on which day; today if left out.
    #[arg(long, value_name = "DAY", default_value = "today")]
    pub(crate) on: String,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(crate) format: Form,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// `cobden measures timeline`.
#[derive(Debug, Args)]
#[command(after_help = "\
With one partner and one product of 8 or 10 digits: the rate on that good. Else the average, where trade to weigh it with is at hand
(of the United States: imports of 2024); weights stand still, so that it is no forecast of what is collected. --out writes timeline.csv and the chart timeline.svg.

Examples:
  cobden measures timeline --importer USA --exporter JPN --product 870323 --from 2025-01-01 --out japan
  cobden measures timeline --importer USA --exporter EU27 --product 87032301 --view law,collected --from 2025-07-01 --to 2025-12-31
  cobden measures timeline --importer USA --from 2025-01-01
  cobden measures timeline --importer USA --from 2025-01-01 --exporter CHN,VNM,EU27 --product 85
  cobden measures timeline --importer CHN --from 2025-01-01 --events")]
pub(crate) struct TimelineArguments {
    /// Who levies.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) importer: String,
    /// On whose goods; several give several lines.
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    pub(crate) exporter: Vec<String>,
    /// Digits of the Harmonized System.
    #[arg(long, value_name = "CODE")]
    pub(crate) product: Option<String>,
    /// First day; that of the importer's first measure if left out.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// Last day; today if left out.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
    /// As known at the end of a day: later acts do not exist.
    #[arg(long, value_name = "DAY")]
    pub(crate) as_known: Option<String>,
    /// Which clock; both give two lines.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Clock::Law])]
    pub(crate) view: Vec<Clock>,
    /// The ordinary duty, in points; else that of the importer's tariff where cobden carries it.
    #[arg(long, value_name = "POINTS")]
    pub(crate) base: Option<f64>,
    /// Numbers that law leaves open, as in cobden rate.
    #[arg(long, value_name = "NUMBER", num_args = 1..)]
    pub(crate) state: Vec<String>,
    /// The world whose trade by product weighs an average: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR", default_value = "icio-2022")]
    pub(crate) world: String,
    /// What begins and ends by day, instead of rates.
    #[arg(long, conflicts_with_all = ["product", "base", "state", "out"])]
    pub(crate) events: bool,
    /// Write timeline.csv and timeline.svg into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    pub(crate) format: Form,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// `cobden measures diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
With trade to weigh it with (of the United States), the average on both days and what each measure adds; with one partner and one
product the rate on that good.

Examples:
  cobden measures diff 2025-04-01 2025-04-12 --importer USA
  cobden measures diff 2025-07-31 2025-08-08 --importer USA --exporter VNM
  cobden measures diff 2025-01-01 2025-10-01 --importer USA --exporter JPN --product 87032301")]
pub(crate) struct DiffArguments {
    /// The earlier day.
    #[arg(value_name = "DAY1")]
    pub(crate) before: String,
    /// The later day.
    #[arg(value_name = "DAY2")]
    pub(crate) after: String,
    /// Who levies.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) importer: String,
    /// On whose goods.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) exporter: Option<String>,
    /// Digits of the Harmonized System.
    #[arg(long, value_name = "CODE")]
    pub(crate) product: Option<String>,
    /// As known at the end of a day: later acts do not exist.
    #[arg(long, value_name = "DAY")]
    pub(crate) as_known: Option<String>,
    /// Which clock: what law says, or what customs charged on the day.
    #[arg(long, value_enum, default_value_t = Clock::Law)]
    pub(crate) view: Clock,
    /// The world whose trade by product weighs an average: an identifier or a folder.
    #[arg(long, value_name = "ID|DIR", default_value = "icio-2022")]
    pub(crate) world: String,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Print::Text)]
    pub(crate) format: Print,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// `cobden measures validate`.
#[derive(Debug, Args)]
#[command(after_help = "\
The published numbers are part of cobden; the imports that weigh the rates are not. DIR holds us-imports-2024/imports.parquet and
lists/hs10_gtap_crosswalk.csv. What differs and why: docs/validation.md.

Examples:
  cobden measures validate --data ../shared/data
  cobden measures validate --data ../shared/data --format csv")]
pub(crate) struct ValidateArguments {
    /// Where the imports lie; else the environment variable COBDEN_DATA.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Sheet::Table)]
    pub(crate) format: Sheet,
    /// Which law.
    #[command(flatten)]
    pub(crate) law: LawArguments,
}

/// What a comparison is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sheet {
    /// To read.
    Table,
    /// For a spreadsheet.
    Csv,
}
