//! The Equal Earth projection (Šavrič, Patterson and Jenny 2018): areas keep their proportion, so a large country far
//! north does not look larger than it is.

/// The middle of the map. At 11 degrees east the cut runs through the Bering Strait, and no country is torn.
const CENTRAL_MERIDIAN: f64 = 11.0;

/// Longitude and latitude in degrees to plane coordinates: x grows to the east, y to the north; one unit is one radius.
pub(crate) fn equal_earth(longitude: f64, latitude: f64) -> (f64, f64) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let theta = (3f64.sqrt() / 2.0 * latitude.to_radians().sin()).asin();
    let square = theta * theta;
    let sixth = square.powi(3);
    let lambda = (longitude - CENTRAL_MERIDIAN).to_radians();
    let slope = A[0] + 3.0 * A[1] * square + sixth * (7.0 * A[2] + 9.0 * A[3] * square);
    let x = 2.0 * 3f64.sqrt() * lambda * theta.cos() / (3.0 * slope);
    let y = theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square));
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points() {
        let (x, y) = equal_earth(CENTRAL_MERIDIAN, 0.0);
        assert_eq!((x, y), (0.0, 0.0));
        // The corners of the published map: half its width at the equator, half its height at the pole.
        assert!((equal_earth(CENTRAL_MERIDIAN + 180.0, 0.0).0 - 2.706_629_9).abs() < 1e-6);
        assert!((equal_earth(0.0, 90.0).1 - 1.317_362_7).abs() < 1e-6);
    }

    #[test]
    fn areas_keep_their_proportion() {
        // A small cell of longitude and latitude has the same area on the map as on the sphere, anywhere.
        let cell = |longitude: f64, latitude: f64| {
            let h = 1e-3;
            let (x0, y0) = equal_earth(longitude, latitude);
            let (x1, y1) = equal_earth(longitude + h, latitude);
            let (x2, y2) = equal_earth(longitude, latitude + h);
            let plane = ((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)).abs();
            plane / (h.to_radians().powi(2) * latitude.to_radians().cos())
        };
        for (longitude, latitude) in [(0.0, 0.0), (100.0, 30.0), (-120.0, 60.0), (40.0, -45.0)] {
            assert!((cell(longitude, latitude) - 1.0).abs() < 1e-3, "{longitude} {latitude}");
        }
    }
}
