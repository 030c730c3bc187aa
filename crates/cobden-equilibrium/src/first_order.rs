//! The first-order welfare formula of Caliendo and Parro (2015), for comparison with the exact change.

use crate::{Economy, Equilibrium, kernel::ratio, outcome::foreign_cells};

/// Welfare to first order around the baseline, in percent of baseline income (Caliendo and Parro 2015, equation 16):
///
/// `d ln W_n = 1/I_n sum_ij (E_nij dc_nj - M_nij dc_ij) + 1/I_n sum_ij tau_nij M_nij (dM_nij - dc_ij)`
///
/// with exports `E` and imports `M` at the border, before tariff, and `d` the relative change, new / old - 1, as the paper computes it. For large changes it can be far from the exact
/// [`welfare_pct`](crate::CountryOutcome::welfare_pct) and even have the other sign, because the tariff wedge `tau` and the flows
/// are held at the baseline: 1.31 against 0.007 per cent for Mexico in NAFTA.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FirstOrder {
    /// First term plus second.
    pub welfare_pct: f64,
    /// Terms of trade, the first sum.
    pub terms_of_trade_pct: f64,
    /// Volume of trade, the second sum.
    pub volume_of_trade_pct: f64,
}

impl FirstOrder {
    /// `at_old_rates`, `[j, n, i]`: what baseline tariffs raise from the new flows, where products have tariffs of their own.
    pub(crate) fn of(
        economy: &Economy,
        equilibrium: &Equilibrium,
        before: &[f64],
        at_old_rates: Option<&[f64]>,
        country: usize,
    ) -> Self {
        let flows = equilibrium.flow_cube();
        let (mut terms, mut volume) = (0.0, 0.0);
        for cell in foreign_cells(economy.countries, economy.sectors, country) {
            let price = equilibrium.cost_hat[cell.seller] * equilibrium.wedges.export_factor(cell.at) - 1.0;
            if cell.exports {
                terms += before[cell.at] * price;
            } else {
                let flow = flows[cell.at] - before[cell.at];
                terms -= before[cell.at] * price;
                let rate = economy.factor[cell.at] - 1.0;
                volume += match at_old_rates {
                    None => rate * (flow - before[cell.at] * price),
                    Some(raised) => raised[cell.at] - rate * before[cell.at] * (1.0 + price),
                };
            }
        }
        let [terms, volume] = [terms, volume].map(|sum| 100.0 * ratio(sum, economy.income[country]));
        Self { welfare_pct: terms + volume, terms_of_trade_pct: terms, volume_of_trade_pct: volume }
    }
}
