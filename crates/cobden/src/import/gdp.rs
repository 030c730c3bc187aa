//! The value added of every region held against the World Bank's GDP of its countries.

use cobden_data::{InputOutput, check, wdi};
use cobden_world::Problem;

use super::places::Places;
use super::source::Source;

/// Value added over GDP where nothing is amiss: GDP holds taxes on products, and vintages differ.
const PLAUSIBLE: std::ops::Range<f64> = 0.7..1.15;
/// Most regions that are named.
const NAMED: usize = 12;

/// What a user should know of a table, given the World Bank's file of GDP in current USD: which regions are far from it.
///
/// # Errors
/// A file that is none of the World Bank's, or has nothing of the year; a table in another unit than millions of USD or EUR.
pub(super) fn compare(source: &Source, table: &InputOutput) -> Result<Vec<String>, Problem> {
    let year = table.year;
    let per_usd = match (table.unit.as_str(), check::world_gdp(year)) {
        ("USD million", _) => 1e-6,
        ("EUR million", Some((_, usd_per_eur))) => 1e-6 / usd_per_eur,
        (unit, _) => {
            let problem =
                Problem::new(format!("GDP is in USD, and the table in {unit} of {year}: nothing tells the rate"));
            return Err(problem.in_file(&source.label).help("leave --gdp out"));
        }
    };
    let mut places = Places::new(&table.regions)?;
    let mut gdp = vec![0.0; table.regions.len()];
    let mut add = |record: wdi::Indicator<'_>| {
        // Aggregates of the World Bank are no country, and left out.
        if let [region] = places.regions(record.country) {
            gdp[*region] += per_usd * record.value;
        }
        Ok(())
    };
    let read = if source.is_archive() {
        wdi::read_zip(source.open()?, &source.label, wdi::GDP, &[year], &mut add)?
    } else {
        wdi::read(source.open()?, &source.label, wdi::GDP, &[year], &mut add)?
    };
    if read.read == 0 {
        let years: Vec<String> = read.years.iter().rev().take(3).map(i32::to_string).collect();
        let problem = Problem::new(format!("no GDP of {year}")).in_file(&source.label);
        return Err(problem.help(format!("the latest years in the file are {}", years.join(", "))));
    }
    let share = |n: usize| table.value_added.row(n).sum() / gdp[n];
    let (known, unknown): (Vec<usize>, Vec<usize>) = (0..gdp.len()).partition(|n| gdp[*n] > 0.0);
    let (plausible, far): (Vec<usize>, Vec<usize>) = known.iter().partition(|n| PLAUSIBLE.contains(&share(**n)));
    let mut remarks = Vec::new();
    if !plausible.is_empty() {
        let shares = plausible.iter().map(|n| share(*n));
        let (low, high) = shares.fold((f64::INFINITY, 0.0_f64), |(low, high), share| (low.min(share), high.max(share)));
        remarks.push(format!(
            "value added of {year} is {low:.2} to {high:.2} of the World Bank's GDP in {} of {} regions",
            plausible.len(),
            known.len()
        ));
    }
    let named = |regions: &[usize], say: &dyn Fn(usize) -> String| {
        let more = if regions.len() > NAMED { " ..." } else { "" };
        regions.iter().take(NAMED).map(|n| say(*n)).collect::<Vec<_>>().join(", ") + more
    };
    if !far.is_empty() {
        let say = |n: usize| format!("{} {:.2}", &table.regions[n], share(n));
        remarks.push(format!("value added far from the World Bank's GDP, as a share of it: {}", named(&far, &say)));
    }
    if !unknown.is_empty() {
        let say = |n: usize| table.regions[n].to_owned();
        remarks.push(format!("the World Bank has no GDP of {year} for {}", named(&unknown, &say)));
    }
    Ok(remarks)
}
