//! `cobden world import`: a world from public data.

use std::process::ExitCode;

use cobden::{Failure, Format, Import, ImportReport, import_world};

use crate::arguments::ImportArguments;
use crate::interrupt;
use crate::output::{WIDTH, print, progress, wrap};
use crate::table::{Column, aligned, grouped, shortened, signed};

/// Longest name on screen.
const NAME: usize = 32;

pub(crate) fn import(arguments: &ImportArguments) -> Result<ExitCode, Failure> {
    let request = Import {
        sources: arguments.sources.clone(),
        format: arguments.source_format.clone(),
        year: arguments.year,
        regions: arguments.regions.clone(),
        sectors: arguments.sectors.clone(),
        tariffs: arguments.tariffs.clone(),
        tariff_year: arguments.tariff_year,
        concordance: arguments.concordance.clone(),
        elasticities: arguments.elasticities.clone(),
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
    interrupt::writing(|| cobden::save_world(&arguments.out, &imported.world, format, &imported.files))?;
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
    for remark in &report.remarks {
        text.push_str(&wrap(remark, WIDTH, "- ", "  "));
        text.push('\n');
    }
    text
}
