//! Elasticity sets of the source, merged to the new sectors.

use cobden_world::{Problem, World, read_elasticities};
use ndarray::Array1;

use super::partition::Partition;
use crate::disk::Disk;

/// A set of trade elasticities for the sectors of a built world.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedElasticities {
    /// The paper it comes from, e.g. `caliendo-parro-2015`.
    pub name: String,
    /// theta, `[j]`.
    pub trade_elasticity: Array1<f64>,
}

/// Digits after the point: estimates are not known to more.
const SCALE: f64 = 1e4;

/// Reads `elasticities.NAME` of the source and takes the mean over the old sectors of each new one, weighted by the trade that
/// crosses a border between regions; the plain mean where there is none. The same rule as [`World::aggregate`]. Sectors that are
/// `assumed` get that number instead.
pub(super) fn merge(
    source: &World,
    files: &Disk,
    name: &str,
    regions: &Partition,
    sectors: &Partition,
    assumed: &[(usize, f64)],
) -> Result<MergedElasticities, Problem> {
    let set = read_elasticities(files, &format!("elasticities.{name}"), &source.sectors)?;
    let trade = trade_between(source, regions);
    let mut trade_elasticity = mean(&set.trade_elasticity, &trade, sectors);
    for (sector, theta) in assumed {
        trade_elasticity[*sector] = *theta;
    }
    Ok(MergedElasticities { name: name.to_owned(), trade_elasticity })
}

/// Trade between different regions, by sector of the source.
fn trade_between(source: &World, regions: &Partition) -> Array1<f64> {
    let mut trade = Array1::zeros(source.sectors.len());
    for ((n, i, j), value) in source.flows.indexed_iter() {
        if regions.of[n] != regions.of[i] {
            trade[j] += value;
        }
    }
    trade
}

fn mean(theta: &Array1<f64>, trade: &Array1<f64>, sectors: &Partition) -> Array1<f64> {
    Array1::from_shape_fn(sectors.names.len(), |new| {
        let members: Vec<usize> = sectors.members(new).collect();
        let all: f64 = members.iter().map(|&old| trade[old]).sum();
        let mean: f64 = if all > 0.0 {
            members.iter().map(|&old| trade[old] * theta[old]).sum::<f64>() / all
        } else {
            members.iter().map(|&old| theta[old]).sum::<f64>() / members.len() as f64
        };
        (mean * SCALE).round() / SCALE
    })
}

#[cfg(test)]
mod tests {
    use cobden_world::Names;

    use super::*;

    #[test]
    fn the_mean_is_weighted_by_trade_and_plain_without_any() {
        let names = Names::new(["A", "B"].map(String::from)).unwrap();
        let sectors = Partition { names, of: vec![0, 0, 1, 1] };
        let theta = Array1::from_vec(vec![2.0, 6.0, 3.0, 4.0]);
        let trade = Array1::from_vec(vec![3.0, 1.0, 0.0, 0.0]);
        assert_eq!(mean(&theta, &trade, &sectors).to_vec(), [3.0, 3.5]);
    }
}
