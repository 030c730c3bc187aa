//! The tariffs of a table, from lists of tariffs.

use cobden_data::concordance::Concordance;
use cobden_data::teti::Rates;
use cobden_data::{InputOutput, ListFormat, Summary, TariffRecord, TariffSums, hts, macmap, teti, tidy, wits};
use cobden_world::{Problem, Rate};
use ndarray::{Array2, Array3};

use super::by_product::Lines;
use super::customs;
use super::places::Places;
use super::products::{Codes, Products};
use super::source::Source;
use super::telling::{Kind, nothing, told};

/// Tariffs by the regions and sectors of a table.
pub(super) struct Attached {
    /// tau, `[n, i, j]`.
    pub(super) rates: Array3<Rate>,
    /// `[n, j]`: importers and sectors that the lists say something about.
    pub(super) covered: Array2<bool>,
    /// What a user should know.
    pub(super) remarks: Vec<String>,
}

/// Reads lists of tariffs of one year, one after another; lines of all of them are averaged together, by sector and, if asked for, by product.
///
/// # Errors
/// A file that is no list of tariffs, that cannot be read, or that has nothing of the year; products without a concordance.
pub(super) fn attach(
    sources: &[Source],
    table: &InputOutput,
    year: i32,
    concordance: Option<&Concordance>,
    mut by_product: Option<&mut Lines<'_>>,
) -> Result<Attached, Problem> {
    let mut places = Places::new(&table.regions)?;
    let mut sums = TariffSums::new(table.regions.len(), table.sectors.len());
    let mut remarks = Vec::new();
    for source in sources {
        let format = source.list()?;
        let codes = codes(format, source)?;
        // Codes of another classification say nothing of products.
        let mut lines = by_product.as_deref_mut().filter(|_| !matches!(codes, Codes::System(_)));
        let mut products = Products::new(codes, &table.sectors, concordance)?;
        let summary = read(source, format, year, &mut |record| {
            add(&mut sums, &record, &mut places, &mut products);
            if let Some(lines) = &mut lines {
                lines.add(&record, &mut places);
            }
            Ok(())
        })?;
        if summary.read == 0 {
            return Err(nothing(Kind::Tariffs, source, year, &summary));
        }
        remarks.push(told(Kind::Tariffs, source, format, year, &summary));
        remarks.extend(products.remarks());
    }
    remarks.extend(places.remark());
    let union = places.union().to_vec();
    let (rates, covered) = sums.rates(&[union]);
    Ok(Attached { rates, covered, remarks })
}

/// Adds a line to the averages: to every region that its codes mean.
fn add(sums: &mut TariffSums, record: &TariffRecord<'_>, places: &mut Places, products: &mut Products) {
    let sectors = products.sectors(record.product);
    let importers = places.regions(record.importer).to_vec();
    let weight = record.weight.unwrap_or(1.0);
    for (sector, share) in sectors {
        for importer in &importers {
            match record.exporter {
                None => sums.add_mfn(*importer, sector, record.rate, share * weight),
                Some(exporter) => {
                    for exporter in places.regions(exporter) {
                        sums.add(*importer, *exporter, sector, record.rate, share * weight);
                    }
                }
            }
        }
    }
}

/// How the lines of a format say their product.
fn codes(format: ListFormat, source: &Source) -> Result<Codes, Problem> {
    match format {
        ListFormat::Census
        | ListFormat::CensusParquet
        | ListFormat::Hts
        | ListFormat::WitsBulk
        | ListFormat::MacMap
        | ListFormat::MacMapArchive => Ok(Codes::Harmonized),
        ListFormat::Teti => Ok(Codes::System("isic3")),
        ListFormat::TidyTariffs => Ok(Codes::Own),
        other => {
            let problem = Problem::new(format!("{} has no tariffs by product", other.title())).in_file(&source.label);
            Err(problem.help(
                "tariffs are read from MAcMap, TRAINS, Teti, HTS, Census or a table importer, exporter, sector, rate",
            ))
        }
    }
}

/// Tells every line of the year.
fn read(
    source: &Source,
    format: ListFormat,
    year: i32,
    listen: &mut dyn FnMut(TariffRecord<'_>) -> Result<(), Problem>,
) -> Result<Summary, Problem> {
    let (label, file) = (source.label.as_str(), source.open()?);
    match format {
        // What customs collected: duty over value, weighted with the value.
        ListFormat::Census | ListFormat::CensusParquet => {
            customs::read(source, format, year, &mut |exporter, import| {
                let tariff = import.tariff();
                tariff.map_or(Ok(()), |tariff| listen(TariffRecord { exporter: Some(exporter), ..tariff }))
            })
        }
        ListFormat::Hts => hts::read_tariffs(file, label, year, listen),
        ListFormat::WitsBulk => wits::read_bulk(file, label, None, &[year], listen),
        ListFormat::MacMap => macmap::read(file, label, year, listen),
        ListFormat::MacMapArchive => macmap::read_zip(file, label, year, listen),
        ListFormat::Teti => teti::read(file, label, Rates { weighted: true, ..Rates::default() }, &[year], listen),
        _ => {
            // Its years are told as they come.
            let mut told = 0;
            let summary = tidy::read_tariffs(file, label, Some(year), &mut |record| {
                told += u64::from(record.year == year);
                if record.year == year { listen(record) } else { Ok(()) }
            })?;
            Ok(Summary { read: told, ..summary })
        }
    }
}
