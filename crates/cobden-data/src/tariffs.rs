//! From a list of tariffs to the rate of every importer, exporter and sector of a table.

use cobden_world::Rate;
use ndarray::{Array2, Array3};

/// Sums tariff lines into average rates, `[n, i, j]`, in one pass over a list of any length.
///
/// A list has rates on everyone's goods (most favoured nation, MFN), rates on one exporter's goods, or both. The average of a cell is
///
/// ```text
/// rate_nij = (sum_own w r + (W_mfn - W_own) mean_mfn) / W_mfn     where W_own < W_mfn
///          = sum_own w r / W_own                                  otherwise
/// ```
///
/// with `W` the weights of the lines read: lines on an exporter's goods stand for their products, everyone's rates for the rest. Weights are
/// those of the caller: imports, or 1 for the plain mean. Members of a union charge each other nothing.
///
/// ```
/// use cobden_data::TariffSums;
/// let mut sums = TariffSums::new(2, 1);
/// sums.add_mfn(0, 0, 0.10, 1.0);
/// sums.add_mfn(0, 0, 0.20, 1.0);
/// sums.add(0, 1, 0, 0.05, 1.0); // one of two products enters at a preference
/// let (rates, covered) = sums.rates(&[]);
/// assert!((rates[[0, 1, 0]].0 - 0.10).abs() < 1e-15);
/// assert!(covered[[0, 0]] && !covered[[1, 0]]);
/// ```
#[derive(Clone, Debug)]
pub struct TariffSums {
    mfn: Array2<Sum>,
    own: Array3<Sum>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    weighted: f64,
    weight: f64,
}

impl Sum {
    fn add(&mut self, rate: f64, weight: f64) {
        self.weighted += weight * rate;
        self.weight += weight;
    }

    fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.weighted / self.weight)
    }
}

impl TariffSums {
    /// Nothing read yet, for `N` regions and `J` sectors.
    pub fn new(regions: usize, sectors: usize) -> Self {
        Self {
            mfn: Array2::from_elem((regions, sectors), Sum::default()),
            own: Array3::from_elem((regions, regions, sectors), Sum::default()),
        }
    }

    /// Adds a line of `importer` on everyone's goods of a product in `sector`: a fraction, and its weight.
    pub fn add_mfn(&mut self, importer: usize, sector: usize, rate: f64, weight: f64) {
        self.mfn[[importer, sector]].add(rate, weight);
    }

    /// Adds a line on the goods of one exporter.
    pub fn add(&mut self, importer: usize, exporter: usize, sector: usize, rate: f64, weight: f64) {
        self.own[[importer, exporter, sector]].add(rate, weight);
    }

    /// The rates `[n, i, j]`, and which importers and sectors `[n, j]` the list said anything about. `unions` are lists of regions that charge
    /// each other nothing. Where nothing is known the rate is 0.
    pub fn rates(&self, unions: &[Vec<usize>]) -> (Array3<Rate>, Array2<bool>) {
        let together =
            |n: usize, i: usize| n == i || unions.iter().any(|union| union.contains(&n) && union.contains(&i));
        let rates = Array3::from_shape_fn(self.own.dim(), |(n, i, j)| {
            if together(n, i) { Rate::ZERO } else { Rate(self.rate(n, i, j).unwrap_or(0.0)) }
        });
        let covered = Array2::from_shape_fn(self.mfn.dim(), |(n, j)| {
            let own = || (0..self.own.dim().1).any(|i| i != n && self.own[[n, i, j]].weight > 0.0);
            self.mfn[[n, j]].weight > 0.0 || own()
        });
        (rates, covered)
    }

    fn rate(&self, n: usize, i: usize, j: usize) -> Option<f64> {
        let (own, mfn) = (self.own[[n, i, j]], self.mfn[[n, j]]);
        match mfn.mean() {
            Some(everyone) if own.weight < mfn.weight => {
                Some((own.weighted + (mfn.weight - own.weight) * everyone) / mfn.weight)
            }
            _ => own.mean(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rates_stand_for_their_products_alone() {
        let mut sums = TariffSums::new(3, 2);
        for rate in [0.0, 0.1, 0.2, 0.3] {
            sums.add_mfn(0, 1, rate, 1.0);
        }
        sums.add(0, 1, 1, 0.0, 1.0);
        sums.add(0, 2, 1, 0.4, 4.0);
        let (rates, covered) = sums.rates(&[]);
        assert!((rates[[0, 1, 1]].0 - 0.1125).abs() < 1e-15, "three quarters of the mean of 0.15");
        assert!((rates[[0, 2, 1]].0 - 0.4).abs() < 1e-15, "all products have a rate of their own");
        assert_eq!(rates[[0, 0, 1]], Rate::ZERO);
        assert_eq!(rates[[1, 0, 0]], Rate::ZERO);
        assert_eq!(covered.iter().filter(|covered| **covered).count(), 1);
    }

    #[test]
    fn members_of_a_union_charge_each_other_nothing() {
        let mut sums = TariffSums::new(3, 1);
        (0..3).for_each(|n| sums.add_mfn(n, 0, 0.1, 5.0));
        let (rates, _) = sums.rates(&[vec![0, 2]]);
        assert_eq!([rates[[0, 2, 0]], rates[[2, 0, 0]]], [Rate::ZERO; 2]);
        assert_eq!([rates[[0, 1, 0]], rates[[1, 2, 0]]], [Rate(0.1); 2]);
    }
}
