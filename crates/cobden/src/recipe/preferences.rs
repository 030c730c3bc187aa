//! A free-trade area in which only goods that qualify enter free.

use std::collections::BTreeMap;

use cobden_world::Problem;

use super::bench::{Bench, Tariffs};
use super::collected::Customs;
use super::format::Preferences;
use crate::tabular::Sheet;

/// Splits each importer's average tariff between its partners in the area and all others, keeping the average.
///
/// With `r` the published average over all partners, `q` the share of trade in the area that qualifies and `s` the area's
/// share of the importer's imports, partners outside pay `m = r / (1 - s q)` and partners inside `m (1 - q)`, so that
/// `(1 - s) m + s m (1 - q) = r`.
pub(super) fn apply(step: &Preferences, bench: &Bench<'_>, tariffs: &mut Tariffs) -> Result<(), Problem> {
    let customs = Customs::read(&step.weights, bench)?;
    let members = step.members.iter().map(|name| bench.region(name)).collect::<Result<Vec<_>, _>>()?;
    for (name, column) in &step.importers {
        let importer = bench.region(name)?;
        let shares = qualifying(step, bench, &column.value)?;
        for sector in 0..bench.sectors.names.len() {
            let qualify = sector_share(&customs, &shares, importer, sector);
            split(bench, tariffs, importer, &members, sector, qualify);
        }
    }
    let list: Vec<&str> = step.members.iter().map(|name| name.value.as_str()).collect();
    let importers: Vec<&str> = step.importers.iter().map(|(name, _)| name.value.as_str()).collect();
    tariffs.notes.push(format!(
        "tariffs of {} on {}: the part that does not qualify for preference pays; other partners pay what keeps the average",
        importers.join(" and "),
        list.join(", "),
    ));
    Ok(())
}

/// Sets the tariffs of one importer and sector.
fn split(bench: &Bench<'_>, tariffs: &mut Tariffs, importer: usize, members: &[usize], sector: usize, qualify: f64) {
    let partners: Vec<usize> = (0..bench.regions.names.len()).filter(|&i| i != importer).collect();
    let bought = |i: &usize| bench.world.flows[[importer, *i, sector]];
    let all: f64 = partners.iter().map(bought).sum();
    let inside: f64 = partners.iter().filter(|i| members.contains(i)).map(bought).sum();
    let share = if all > 0.0 { inside / all } else { 0.0 };
    for &i in &partners {
        let rate = &mut tariffs.rates[[importer, i, sector]].0;
        let (outsider, insider) = rates(*rate, share, qualify);
        *rate = if members.contains(&i) { insider } else { outsider };
    }
}

/// What partners outside and inside pay, by the formula of [`apply`]: `(m, m (1 - q))` from `r`, `s` and `q`.
fn rates(average: f64, share: f64, qualify: f64) -> (f64, f64) {
    let free = share * qualify;
    // All comes from inside and all of it qualifies: no rate outside could keep the average.
    let outside = if free < 1.0 { average / (1.0 - free) } else { average };
    (outside, outside * (1.0 - qualify))
}

/// The share that qualifies, by product code in lower case.
fn qualifying(step: &Preferences, bench: &Bench<'_>, column: &str) -> Result<BTreeMap<String, f64>, Problem> {
    let mut shares = BTreeMap::new();
    for row in Sheet::read(&bench.data_path(&step.shares), &["gtap_code", column])?.rows() {
        let share = row.number(1)?;
        if !(0.0..=1.0).contains(&share) {
            return Err(row.problem(1, format!("a share must lie between 0 and 1, found {share}")));
        }
        shares.insert(row.text(0).to_lowercase(), share);
    }
    Ok(shares)
}

/// The mean of the shares of a sector's products, weighted by what customs recorded from that partner.
fn sector_share(customs: &Customs, shares: &BTreeMap<String, f64>, partner: usize, sector: usize) -> f64 {
    let (mut qualify, mut all) = (0.0, 0.0);
    for ((region, product), entry) in &customs.entries {
        if *region == partner && customs.sector(product) == Some(sector) {
            let imports = entry.imports as f64;
            qualify += imports * shares.get(product).copied().unwrap_or_default();
            all += imports;
        }
    }
    if all > 0.0 { qualify / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_kept() {
        for (average, share, qualify) in [(0.05, 0.6, 0.9), (0.02, 0.0, 0.5), (0.1, 1.0, 0.25), (0.07, 0.5, 0.0)] {
            let (outside, inside) = rates(average, share, qualify);
            assert!(((1.0 - share) * outside + share * inside - average).abs() < 1e-15);
            assert!(inside <= outside);
        }
    }

    #[test]
    fn an_area_that_sells_everything_free_charges_nothing() {
        assert_eq!(rates(0.05, 1.0, 1.0), (0.05, 0.0));
    }
}
