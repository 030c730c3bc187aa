//! How far a list of trade and a table are apart, and what of the list was left out.

use cobden_data::InputOutput;
use cobden_world::Products;
use ndarray::Axis;
use serde::Serialize;

use super::Division;
use super::trade::{LeftOut, Listed};

/// Most codes that are named.
const NAMED: usize = 5;

/// What a list of trade made of the sectors of a world.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedProducts {
    /// The year of the list.
    pub year: i32,
    /// Products of the world, sectors that are their own product included.
    pub products: usize,
    /// Flows above zero, home sales included.
    pub flows: usize,
    /// The list in all, in millions of its currency.
    pub list_total: f64,
    /// Left out, per cent of the list: products of no sector.
    pub no_sector_pct: f64,
    /// Left out, per cent of the list: countries that are not known.
    pub unknown_country_pct: f64,
    /// Left out, per cent of the list: between countries of one region.
    pub within_region_pct: f64,
    /// What the table trades in sectors that have products, and of that per cent where the list has any, so that it is divided.
    pub table_trade: f64,
    /// See `table_trade`.
    pub covered_pct: f64,
    /// The list over the table, where both have trade.
    pub list_over_table: f64,
    /// `sum M |ln(v / M) - ln(V / sum M)| / sum M` over the flows M of the table and values v of the list, V being the sum of v: how far the
    /// list is from the table, flow by flow, apart from the ratio of totals.
    pub mean_log_distance: f64,
    /// By sector of the table, where the list has products.
    pub sectors: Vec<ImportedSector>,
}

/// A sector of a table and a list of trade in it, among regions of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedSector {
    /// The sector.
    pub sector: String,
    /// How many of the list's products are in it.
    pub products: usize,
    /// What the list says is traded, in millions of its currency.
    pub list: f64,
    /// What the table says is traded, in its unit.
    pub table: f64,
    /// Per cent of the table's trade that the list divides.
    pub covered_pct: f64,
}

impl ImportedProducts {
    pub(in crate::import) fn new(year: i32, table: &InputOutput, division: &Division, products: &Products) -> Self {
        let (trade, values) = (&division.trade, &division.values);
        let sector = |(j, name): (usize, &str)| {
            let of_sector = |product: &&Listed| product.sectors.iter().any(|(of, share)| *of == j && *share > 0.0);
            let [mut list, mut traded, mut covered] = [0.0; 3];
            for ((n, i), value) in values.index_axis(Axis(2), j).indexed_iter().filter(|((n, i), _)| n != i) {
                let (value, flow) = (*value, table.flows[[n, i, j]].max(0.0));
                list += value;
                traded += flow;
                covered += if value > 0.0 { flow } else { 0.0 };
            }
            ImportedSector {
                sector: name.to_owned(),
                products: trade.products.iter().filter(of_sector).count(),
                list,
                table: traded,
                covered_pct: per_cent(covered, traded),
            }
        };
        let sectors = table.sectors.iter().enumerate().map(sector).filter(|sector| sector.list > 0.0);
        let sectors: Vec<ImportedSector> = sectors.collect();
        let both = values.indexed_iter().map(|(at, value)| (*value, table.flows[at]));
        let both: Vec<(f64, f64)> = both.filter(|(value, flow)| *value > 0.0 && *flow > 0.0).collect();
        let (list, covered) = both.iter().fold((0.0, 0.0), |sum, both| (sum.0 + both.0, sum.1 + both.1));
        let ratio = if covered > 0.0 { list / covered } else { 0.0 };
        let distance: f64 = both.iter().map(|(value, flow)| flow * (value / flow / ratio).ln().abs()).sum();
        let LeftOut { total, unknown_country, within_region, no_sector } = trade.left_out;
        let traded = sectors.iter().map(|sector| sector.table).sum();
        Self {
            year,
            products: products.list().len(),
            flows: products.flows(),
            list_total: total,
            no_sector_pct: per_cent(no_sector, total),
            unknown_country_pct: per_cent(unknown_country, total),
            within_region_pct: per_cent(within_region, total),
            table_trade: traded,
            covered_pct: per_cent(covered, traded),
            list_over_table: ratio,
            mean_log_distance: if covered > 0.0 { distance / covered } else { 0.0 },
            sectors,
        }
    }

    /// In sentences.
    pub(in crate::import) fn remarks(&self, division: &Division, unit: &str) -> Vec<String> {
        let trade = &division.trade;
        let mut remarks = trade.remarks.clone();
        let sectors = self.sectors.len();
        remarks.push(format!(
            "{} products, {} flows above zero; the list divides {:.1} % of the trade of {sectors} sectors ({unit} {:.0}); what it does not know \
             of them is bought as a whole, and other sectors are products of their own",
            self.products, self.flows, self.covered_pct, self.table_trade
        ));
        remarks.push(format!(
            "where list and table have trade, the list's is {:.3} times the table's, and flows are off that ratio by a factor of {:.2} on \
             average; the table counts, the list only divides",
            self.list_over_table,
            self.mean_log_distance.exp()
        ));
        let nowhere = codes(&trade.products, |product| product.sectors.is_empty());
        if !nowhere.is_empty() {
            remarks.push(format!(
                "{} products are of no sector of the table and were left out, {:.2} % of the list: {}",
                nowhere.len(),
                self.no_sector_pct,
                some(&nowhere)
            ));
        }
        let by_heading = codes(&trade.products, |product| product.by_heading);
        if !by_heading.is_empty() {
            remarks.push(format!(
                "{} products have codes of another edition of the Harmonized System; they went to the sector of their heading: {}",
                by_heading.len(),
                some(&by_heading)
            ));
        }
        for (pct, what) in [
            (self.unknown_country_pct, "is trade of countries that are not known"),
            (
                self.within_region_pct,
                "is trade between countries of one region of the table, or of a country with itself",
            ),
        ] {
            if pct > 0.0 {
                remarks.push(format!("{pct:.2} % of the list {what}; it was left out"));
            }
        }
        remarks
    }
}

fn codes(products: &[Listed], wanted: impl Fn(&Listed) -> bool) -> Vec<&str> {
    products.iter().filter(|product| wanted(product)).map(|product| product.code.as_str()).collect()
}

fn some(codes: &[&str]) -> String {
    let more = if codes.len() > NAMED { " ..." } else { "" };
    format!("{}{more}", codes[..codes.len().min(NAMED)].join(", "))
}

fn per_cent(part: f64, of: f64) -> f64 {
    if of > 0.0 { 100.0 * part / of } else { 0.0 }
}
