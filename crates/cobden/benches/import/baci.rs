//! A list of trade by product of the size and form of BACI. Its numbers describe no economy.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use cobden_data::concordance::{self, countries};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Writes who sells which good of six digits to whom: 226 countries, some `rows` of the quarter of a billion rows that there could be. Regions of
/// the table trade more than others, whose flows are smaller and fewer; how many rows, and bytes.
pub(crate) fn write(path: &Path, regions: &[String], rows: f64) -> Result<(usize, u64)> {
    let goods = concordance::open("hs2022-icio50").unwrap();
    let codes: Vec<&str> = goods.codes().filter(|code| code.len() == 6).collect();
    let known = countries::all().iter().filter(|country| !country.comtrade.is_empty()).take(226);
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (known, ranks): (Vec<&str>, Vec<f64>) = known
        .map(|country| {
            let range = if regions.contains(&country.iso3) { 0.3..1.0 } else { 0.0..0.2 };
            (country.comtrade.as_str(), random.random_range(range))
        })
        .unzip();
    let sum: f64 = ranks.iter().flat_map(|a| ranks.iter().map(move |b| a * b)).sum::<f64>() * codes.len() as f64;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "t,i,j,k,v,q")?;
    let mut written = 0;
    for (i, exporter) in known.iter().enumerate() {
        for (n, importer) in known.iter().enumerate().filter(|(n, _)| *n != i) {
            let often = (rows * ranks[i] * ranks[n] / sum).min(1.0);
            for code in &codes {
                if random.random_bool(often) {
                    let value = 10_f64.powf(random.random_range(-1.0..4.5)) * (1.0 + 9.0 * ranks[i]);
                    writeln!(
                        out,
                        "2022,{exporter},{importer},{},{value:11.3},{:11.3}",
                        code.trim_start_matches('0'),
                        0.3 * value
                    )?;
                    written += 1;
                }
            }
        }
    }
    out.flush()?;
    Ok((written, std::fs::metadata(path)?.len()))
}
