//! Where a function of one variable first falls to zero.

use cobden_world::Problem;

/// What is known of a point.
pub(super) enum Trial {
    Height(f64),
    /// There is no equilibrium.
    Nowhere,
    /// The caller has had enough.
    CalledOff,
}

/// Where a function that begins above zero goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Crossing {
    /// Where it first falls to zero; or, if it does not, where it is lowest. If it falls to the very end, the first point that is within a
    /// thousandth of the way: a tariff that keeps all out gains nothing by being twice as high.
    pub at: f64,
    /// Whether it falls to zero.
    pub crossed: bool,
    /// Whether the way ended before its end, at a point without an equilibrium.
    pub edge: bool,
}

/// Heights below which a root is found: a tenth of what equilibria are exact to.
const ZERO: f64 = 1e-11;
/// Most steps of a root finder and of a search for the lowest point.
const STEPS: usize = 100;
/// What of the whole way down is left where that counts as all of it.
const NEARLY: f64 = 1e-3;
/// How near the lowest point is sought, as a share of the interval it lies in.
const NEAR: f64 = 1e-4;

/// The first crossing of zero along the points of a grid, coming from `start`, where the height is above zero. `None` if it was called off.
///
/// Points are tried in order, so a crossing is the first that shows on the grid; between two points of it the function may go down and up
/// again unseen, except around the lowest point, which is looked at more closely.
pub(super) fn first_crossing(
    start: (f64, f64),
    grid: &[f64],
    mut f: impl FnMut(f64) -> Result<Trial, Problem>,
) -> Result<Option<Crossing>, Problem> {
    let mut known = vec![start];
    let mut edge = false;
    for x in grid {
        match f(*x)? {
            Trial::CalledOff => return Ok(None),
            Trial::Nowhere => {
                edge = true;
                break;
            }
            Trial::Height(height) if height <= 0.0 => return root(known[known.len() - 1], (*x, height), f),
            Trial::Height(height) => known.push((*x, height)),
        }
    }
    let lowest = (0..known.len()).min_by(|a, b| known[*a].1.total_cmp(&known[*b].1)).unwrap_or_default();
    if lowest == 0 || lowest + 1 == known.len() {
        let nearly = known[lowest].1 + NEARLY * (start.1 - known[lowest].1);
        let at = known.iter().find(|(_, height)| *height <= nearly).map_or(start.0, |(x, _)| *x);
        return Ok(Some(Crossing { at, crossed: false, edge }));
    }
    let found = dip([known[lowest - 1], known[lowest], known[lowest + 1]], f)?;
    Ok(found.map(|crossing| Crossing { edge, ..crossing }))
}

/// The root between a point above zero and one at or below: regula falsi with the Illinois rule.
fn root(
    mut above: (f64, f64),
    mut below: (f64, f64),
    mut f: impl FnMut(f64) -> Result<Trial, Problem>,
) -> Result<Option<Crossing>, Problem> {
    // The heights that the next chord goes by: halved at an end that stays.
    let (mut high, mut low) = (above.1, below.1);
    for _ in 0..STEPS {
        if below.1 >= -ZERO || (below.0 - above.0).abs() <= 1e-13 * (1.0 + below.0.abs()) {
            break;
        }
        let x = (above.0 * low - below.0 * high) / (low - high);
        match f(x)? {
            Trial::CalledOff => return Ok(None),
            // Between two equilibria there is one; if the solver does not find it, halve.
            Trial::Nowhere => {
                return Err(Problem::unsolved(format!("no equilibrium at {x}, between two that have one")));
            }
            Trial::Height(height) if height <= 0.0 => {
                (below, low, high) = ((x, height), height, 0.5 * high);
            }
            Trial::Height(height) if height <= ZERO => {
                below = (x, height);
                break;
            }
            Trial::Height(height) => (above, high, low) = ((x, height), height, 0.5 * low),
        }
    }
    Ok(Some(Crossing { at: below.0, crossed: true, edge: false }))
}

/// The lowest point between three of which the middle one is lowest, by golden section; or a root, where it turns out to be below zero.
fn dip(
    [mut left, mut middle, mut right]: [(f64, f64); 3],
    mut f: impl FnMut(f64) -> Result<Trial, Problem>,
) -> Result<Option<Crossing>, Problem> {
    let golden = 0.5 * (3.0 - 5f64.sqrt());
    let width = right.0 - left.0;
    for _ in 0..STEPS {
        if right.0 - left.0 <= NEAR * width {
            break;
        }
        let to_the_right = right.0 - middle.0 > middle.0 - left.0;
        let x = middle.0 + golden * if to_the_right { right.0 - middle.0 } else { left.0 - middle.0 };
        let height = match f(x)? {
            Trial::CalledOff => return Ok(None),
            Trial::Nowhere => break,
            Trial::Height(height) => height,
        };
        if height <= 0.0 {
            return root(if to_the_right { middle } else { left }, (x, height), f);
        }
        match (height < middle.1, to_the_right) {
            (true, true) => (left, middle) = (middle, (x, height)),
            (true, false) => (right, middle) = (middle, (x, height)),
            (false, true) => right = (x, height),
            (false, false) => left = (x, height),
        }
    }
    Ok(Some(Crossing { at: middle.0, crossed: false, edge: false }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crossing(f: impl Fn(f64) -> f64, until: f64) -> Crossing {
        let grid: Vec<f64> = (1..=20).map(|k| until * f64::from(k) / 20.0).collect();
        first_crossing((0.0, f(0.0)), &grid, |x| Ok(Trial::Height(f(x)))).unwrap().unwrap()
    }

    #[test]
    fn finds_the_first_of_several_roots() {
        let found = crossing(|x| (x - 0.3) * (x - 0.9) * (x - 1.7) / -1.0, 2.0);
        assert!(found.crossed && (found.at - 0.3).abs() < 1e-9, "{found:?}");
        let steep = crossing(|x| (-5.0 * x).exp() - 1e-6, 4.0);
        assert!(steep.crossed && (steep.at - 1e6f64.ln() / 5.0).abs() < 1e-5, "{steep:?}");
    }

    #[test]
    fn finds_a_dip_between_two_points_of_the_grid() {
        let found = crossing(|x| (x - 0.512).powi(2) - 1e-6, 1.0);
        assert!(found.crossed && (found.at - 0.511).abs() < 1e-7, "{found:?}");
    }

    #[test]
    fn says_where_it_is_lowest() {
        let bowl = crossing(|x| (x - 0.613).powi(2) + 0.1, 1.0);
        assert!(!bowl.crossed && (bowl.at - 0.613).abs() < 1e-4, "{bowl:?}");
        let slope = crossing(|x| 2.0 - x, 1.0);
        assert_eq!(slope, Crossing { at: 1.0, crossed: false, edge: false });
        let flat = crossing(|x| 1.0 + (-20.0 * x).exp(), 1.0);
        assert!(!flat.crossed && (0.3..0.45).contains(&flat.at), "{flat:?}");
        let cliff = first_crossing((0.0, 1.0), &[0.1, 0.2, 0.3], |x| {
            Ok(if x > 0.25 { Trial::Nowhere } else { Trial::Height(1.0 - x) })
        });
        assert_eq!(cliff.unwrap().unwrap(), Crossing { at: 0.2, crossed: false, edge: true });
    }
}
