//! A table of the size and form of the OECD's: 81 regions, 50 industries, inputs, six kinds of final use. Its numbers describe no economy.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use cobden_data::concordance;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const FINAL: [&str; 6] = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"];
/// Value added of all, USD million: the world of 2022.
const WORLD: f64 = 97e6;
/// Shares of taxes and of value added in output.
const TAXES: f64 = 0.02;

pub(crate) struct Table {
    pub(crate) regions: Vec<String>,
    pub(crate) industries: Vec<String>,
    /// Weights of regions and of industries, each of sum one.
    size: Vec<f64>,
    weight: Vec<f64>,
}

impl Table {
    pub(crate) fn new() -> Self {
        let targets = |name: &str| -> Vec<String> {
            let concordance = concordance::open(name).unwrap();
            concordance.targets().into_iter().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let (regions, industries) = (targets("iso3-icio2025"), targets("isic4-icio50"));
        assert_eq!((regions.len(), industries.len()), (81, 50));
        let ranks = |count: usize, power: f64| -> Vec<f64> {
            let weights: Vec<f64> = (0..count).map(|at| (1.0 + at as f64).powf(-power)).collect();
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| weight / sum).collect()
        };
        Self { size: ranks(regions.len(), 1.1), weight: ranks(industries.len(), 0.5), regions, industries }
    }

    /// What industry `k` of `i` sells to a buyer of region `n` whose weight is `buys`.
    fn sale(&self, random: &mut ChaCha8Rng, (i, k): (usize, usize), n: usize, buys: f64) -> f64 {
        let near = if i == n { 0.8 } else { 0.2 * self.size[i] };
        WORLD * self.size[n] * near * self.weight[k] * buys * random.random_range(0.2..1.8)
    }

    /// Writes the table as the OECD does; the bytes written.
    pub(crate) fn write(&self, path: &Path) -> Result<u64> {
        let (n, s) = (self.regions.len(), self.industries.len());
        let mut out = BufWriter::new(File::create(path)?);
        let label = |at: usize| format!("{}_{}", self.regions[at / s], self.industries[at % s]);
        write!(out, "V1")?;
        (0..n * s).try_for_each(|at| write!(out, ",{}", label(at)))?;
        for region in &self.regions {
            FINAL.iter().try_for_each(|kind| write!(out, ",{region}_{kind}"))?;
        }
        writeln!(out, ",OUT")?;
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (mut spent, mut output) = (vec![0.0; n * s], vec![0.0; n * s]);
        for (at, output) in output.iter_mut().enumerate() {
            let seller = (at / s, at % s);
            write!(out, "{}", label(at))?;
            for (buyer, spent) in spent.iter_mut().enumerate() {
                let value = self.sale(&mut random, seller, buyer / s, 0.8 * self.weight[buyer % s]);
                write!(out, ",{value:.6}")?;
                *spent += value;
                *output += value;
            }
            for buyer in 0..n {
                for share in [0.55, 0.02, 0.15, 0.27, 0.01, 0.0] {
                    let value = self.sale(&mut random, seller, buyer, share);
                    write!(out, ",{value:.6}")?;
                    *output += value;
                }
            }
            writeln!(out, ",{output:.6}")?;
        }
        self.foot(&mut out, "TLS", |at| TAXES * output[at])?;
        self.foot(&mut out, "VA", |at| (1.0 - TAXES) * output[at] - spent[at])?;
        self.foot(&mut out, "OUT", |at| output[at])?;
        out.flush()?;
        Ok(std::fs::metadata(path)?.len())
    }

    fn foot(&self, out: &mut impl Write, name: &str, value: impl Fn(usize) -> f64) -> Result<()> {
        let (n, s) = (self.regions.len(), self.industries.len());
        write!(out, "{name}")?;
        (0..n * s).try_for_each(|at| write!(out, ",{:.6}", value(at)))?;
        writeln!(out, "{}", ",0".repeat(n * FINAL.len() + 1))
    }

    /// Writes what every region charges on every good of six digits, whoever sells it; how many rows.
    pub(crate) fn write_tariffs(&self, path: &Path) -> Result<usize> {
        let goods = concordance::open("hs2022-icio50").unwrap();
        let codes: Vec<&str> = goods.codes().filter(|code| code.len() == 6).collect();
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(out, "importer,exporter,product,rate")?;
        for region in self.regions.iter().filter(|region| *region != "ROW") {
            for code in &codes {
                writeln!(out, "{region},*,{code},{:.4}", random.random_range(0.0..0.2_f64))?;
            }
        }
        out.flush()?;
        Ok((self.regions.len() - 1) * codes.len())
    }
}
