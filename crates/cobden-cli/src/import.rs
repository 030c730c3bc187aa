//! `cobden world import`: a world from public data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cobden::{Failure, Format, Import, ImportReport, ImportedProducts, import_world};

use crate::interrupt;
use crate::output::{WIDTH, print, progress, wrap};
use crate::table::{Column, aligned, grouped, shortened, signed};

/// Longest name on screen.
const NAME: usize = 32;

/// `cobden world import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Tables: OECD ICIO, WIOD 2016 and 2013, FIGARO, ADB MRIO, Eora26, EXIOBASE 3, a GTAP database in header arrays. Lists of trade with domestic
sales: ITPD, or a table of your own with importer, exporter, sector, value. Tariffs: MAcMap-HS6, TRAINS, Teti, HTS, US Census, or a table of
your own with importer, exporter, sector, rate. Trade by product: CEPII BACI, US Census, or a table of your own with importer, exporter,
product, value. Where each is to be had: cobden data list.

Ready-made groups: --regions eu27, g20, icio-2022, world; --sectors all, goods-services, icio-2022, isic-sections. A file of your own has
[regions] or [sectors], and on each line a group: EU27 = [\"AUT\", \"BEL\"], ROW = [\"*\"].

Examples:
  cobden world import 2022_SML.csv --out icio
  cobden world import 2022_SML.csv --products BACI_HS22_V202601.zip --tariffs mmhs6_2019.zip --tariff-year 2019 --out icio
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
    /// A list of trade by product, by which sectors are sold as products: BACI, US Census, or a table of your own with importer, exporter,
    /// product, value; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) products: Vec<PathBuf>,
    /// The year of the trade by product, if it is not that of the table.
    #[arg(long, value_name = "YEAR", requires = "products")]
    pub(crate) products_year: Option<i32>,
    /// From products of tariffs and trade to sectors of the table: a table from, to, weight. Without it what cobden knows of HS, ISIC and GTAP.
    #[arg(long, value_name = "FILE")]
    pub(crate) concordance: Option<PathBuf>,
    /// Trade elasticities theta = sigma - 1: a number for all sectors, the name of a set (cobden world list), or a table sector,
    /// trade_elasticity.
    #[arg(long, value_name = "NUMBER|NAME|FILE")]
    pub(crate) elasticities: Option<String>,
    /// The World Bank's file of GDP in current USD (API_NY.GDP.MKTP.CD...csv, WDICSV.csv, or the archive it comes in): says which regions' value
    /// added is far from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) gdp: Option<PathBuf>,
    /// The year, where the file holds several.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<i32>,
    /// What the source is, where its name and content do not tell: icio, wiod2016, wiod2013, figaro, adb, eora, exiobase, itpd, tidy-trade, har.
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
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

pub(crate) fn import(arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let request = Import {
        sources: arguments.sources.clone(),
        format: arguments.dataset.clone(),
        year: arguments.year,
        regions: arguments.regions.clone(),
        sectors: arguments.sectors.clone(),
        tariffs: arguments.tariffs.clone(),
        tariff_year: arguments.tariff_year,
        products: arguments.products.clone(),
        products_year: arguments.products_year,
        concordance: arguments.concordance.clone(),
        elasticities: arguments.elasticities.clone(),
        gdp: arguments.gdp.clone(),
        id: arguments.id.clone(),
    };
    let imported = import_world(&request, &mut |step| {
        if !arguments.quiet {
            progress(step);
        }
    });
    progress("");
    let imported = imported?;
    let format = if arguments.csv { Format::Csv } else { Format::Parquet };
    interrupt::writing(|| imported.save(&arguments.out, format))?;
    if !arguments.quiet {
        print(&shown(&imported.report))?;
        print(&format!("\nWorld: {}\n", arguments.out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(report: &ImportReport) -> String {
    let [regions, sectors] = report.read;
    let [made_regions, made_sectors] = report.made;
    let mut text = format!(
        "{}, {}: {regions} regions x {sectors} sectors read, {made_regions} x {made_sectors} made; {}\n\n",
        report.dataset, report.year, report.unit
    );
    let header =
        ["region", "", "stated", "+ taxes", "- tariffs", "value added", "duty %", "balanced %"].map(String::from);
    let rows: Vec<Vec<String>> = report
        .regions
        .iter()
        .map(|region| {
            let name = cobden::labels::country(&region.region);
            vec![
                shortened(&region.region, NAME),
                if name == region.region { String::new() } else { shortened(&name, NAME) },
                grouped(region.value_added_stated),
                grouped(region.taxes),
                grouped(region.tariff_revenue),
                grouped(region.value_added),
                format!("{:.2}", region.tariff_pct),
                signed(region.balanced_pct, 4).replace('+', ""),
            ]
        })
        .collect();
    text.push_str(&aligned(&[vec![Column::Words; 2], vec![Column::Number; 6]].concat(), &header, &rows, ""));
    text.push('\n');
    if let Some(products) = &report.products {
        text.push_str(&by_sector(products));
        text.push('\n');
    }
    for remark in &report.remarks {
        text.push_str(&wrap(remark, WIDTH, "- ", "  "));
        text.push('\n');
    }
    text
}

/// What the list of trade and the table say of each sector.
fn by_sector(products: &ImportedProducts) -> String {
    let header = ["sector", "", "products", "traded, list", "traded, table", "divided %"].map(String::from);
    let rows: Vec<Vec<String>> = products
        .sectors
        .iter()
        .map(|sector| {
            let name = cobden::labels::sector(&sector.sector);
            vec![
                shortened(&sector.sector, NAME),
                if name == sector.sector { String::new() } else { shortened(&name, NAME) },
                sector.products.to_string(),
                grouped(sector.list),
                grouped(sector.table),
                format!("{:.1}", sector.covered_pct),
            ]
        })
        .collect();
    aligned(&[vec![Column::Words; 2], vec![Column::Number; 4]].concat(), &header, &rows, "")
}
