//! The share of all small reforms from which governments gain together.

use cobden_world::Problem;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{Alignment, sampled::normal};
use crate::ascent::{add, dot, norm};

/// A share, and how exactly it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// From 0 to 1.
    pub share: f64,
    /// Its standard error; 0 if it is known in closed form.
    pub standard_error: f64,
}

/// Directions drawn where there is no closed form.
const DRAWS: usize = 200_000;

impl Share {
    /// The share of `hits` among `draws`.
    pub(super) fn of(hits: usize, draws: usize) -> Self {
        let share = hits as f64 / draws as f64;
        Self { share, standard_error: (share * (1.0 - share) / draws as f64).sqrt() }
    }
}

impl Alignment<'_> {
    /// The share of all directions in which the goals of all these governments rise, to first order.
    ///
    /// Two at an angle `a`: `1/2 - a / 2 pi`. Three: `1/2 - (a + b + c) / 4 pi`. Of more, 200,000 directions are drawn, always the same.
    ///
    /// # Errors
    /// A government that is not there, or none.
    pub fn share(&self, who: &[usize]) -> Result<Share, Problem> {
        self.known(who)?;
        let mut apart: Vec<usize> = Vec::new();
        who.iter().for_each(|one| {
            if !apart.contains(one) {
                apart.push(*one);
            }
        });
        let angle = |one: usize, other: usize| self.angle(apart[one], apart[other]) / std::f64::consts::PI;
        let share = match apart.len() {
            1 => 0.5,
            2 => 0.5 - angle(0, 1) / 2.0,
            3 => (0.5 - (angle(0, 1) + angle(0, 2) + angle(1, 2)) / 4.0).max(0.0),
            _ => return Ok(self.drawn(&apart)),
        };
        Ok(Share { share, standard_error: 0.0 })
    }

    /// The angle between two slopes, exact also where they are nearly parallel.
    fn angle(&self, one: usize, other: usize) -> f64 {
        let (a, b) = (&self.slopes[one], &self.slopes[other]);
        let (a_length, b_length) = (norm(a), norm(b));
        let apart = |sign: f64| {
            let gaps = a.iter().zip(b).map(|(a, b)| (a / a_length + sign * b / b_length).powi(2));
            gaps.sum::<f64>().sqrt()
        };
        2.0 * apart(-1.0).atan2(apart(1.0))
    }

    /// Only what a direction says of each slope counts, and a normal draw in all variables is one in the space that the slopes span.
    fn drawn(&self, who: &[usize]) -> Share {
        let slopes = within_span(&who.iter().map(|government| &self.slopes[*government][..]).collect::<Vec<_>>());
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let mut direction = vec![0.0; who.len()];
        let mut hits = 0;
        for _ in 0..DRAWS {
            normal(&mut random, &mut direction);
            hits += usize::from(slopes.iter().all(|slope| dot(slope, &direction) > 0.0));
        }
        Share::of(hits, DRAWS)
    }
}

/// Vectors in coordinates of an orthonormal basis of the space that they span (Gram and Schmidt, twice).
fn within_span(vectors: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for vector in vectors {
        let mut rest = vector.to_vec();
        for _ in 0..2 {
            for known in &basis {
                let along = dot(known, &rest);
                add(&mut rest, -along, known);
            }
        }
        let length = norm(&rest);
        if length > 1e-12 * norm(vector) {
            rest.iter_mut().for_each(|part| *part /= length);
            basis.push(rest);
        }
    }
    let coordinates = |vector: &&[f64]| {
        let mut along: Vec<f64> = basis.iter().map(|known| dot(known, vector)).collect();
        along.resize(vectors.len(), 0.0);
        along
    };
    vectors.iter().map(coordinates).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_keep_products() {
        let vectors: [&[f64]; 3] = [&[1.0, 2.0, 0.0, -1.0], &[0.5, 0.0, 3.0, 1.0], &[1.5, 2.0, 3.0, 0.0]];
        let inside = within_span(&vectors);
        for (one, a) in vectors.iter().enumerate() {
            for (other, b) in vectors.iter().enumerate() {
                assert!((dot(a, b) - dot(&inside[one], &inside[other])).abs() < 1e-12);
            }
        }
        assert!(inside.iter().all(|vector| vector[2] == 0.0), "the third is the sum of the others");
    }
}
