//! The shapes of countries: Natural Earth, simplified; see `assets/README.md`.

use std::sync::OnceLock;

/// A country or territory on the map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Country {
    /// ISO 3166-1 alpha-3, or Natural Earth's code for a shape that has none.
    pub(crate) code: String,
    /// Rings of longitude and latitude in degrees, even-odd; none for a country too small to see.
    pub(crate) rings: Vec<Vec<(f64, f64)>>,
    /// Where a small country's dot goes.
    pub(crate) point: Option<(f64, f64)>,
}

/// All countries, by code.
pub(crate) fn countries() -> &'static [Country] {
    static COUNTRIES: OnceLock<Vec<Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| parse(include_str!("../assets/countries.txt")))
}

/// The country with this code.
pub(crate) fn country(code: &str) -> Option<&'static Country> {
    let all = countries();
    all.binary_search_by(|country| country.code.as_str().cmp(code)).ok().and_then(|k| all.get(k))
}

/// Reads the asset: a line `CODE NAME`, then `@ x y` for a point and lines of differences for rings, in tenths of a degree.
fn parse(text: &str) -> Vec<Country> {
    let mut countries: Vec<Country> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(char::is_alphabetic) {
            // The name behind the code is for people who read the file.
            let code = line.split(' ').next().unwrap_or_default();
            countries.push(Country { code: code.into(), ..Country::default() });
        } else if let Some(country) = countries.last_mut() {
            match line.strip_prefix("@ ") {
                Some(point) => country.point = ring(point).first().copied(),
                None => country.rings.push(ring(line)),
            }
        }
    }
    countries
}

/// Points from their differences, in tenths of a degree.
fn ring(line: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<i32> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
    let steps = numbers.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let absolute = steps.scan((0i32, 0i32), |at, step| {
        *at = (at.0 + step.0, at.1 + step.1);
        Some(*at)
    });
    absolute.map(|(x, y)| (f64::from(x) / 10.0, f64::from(y) / 10.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_asset_is_understood() {
        let text = include_str!("../assets/countries.txt");
        for line in text.lines().filter(|line| !line.starts_with(['#', '@']) && !line.starts_with(char::is_alphabetic))
        {
            assert!(line.split(' ').all(|number| number.parse::<i32>().is_ok()), "{line}");
            assert!(line.split(' ').count() >= 6 && line.split(' ').count() % 2 == 0, "{line}");
        }
        assert!(text.len() < 120_000);
    }

    #[test]
    fn countries_are_sorted_distinct_and_can_be_drawn() {
        let all = countries();
        assert!(all.len() > 230);
        assert!(all.windows(2).all(|pair| pair[0].code < pair[1].code));
        for country in all {
            assert!(!country.rings.is_empty() || country.point.is_some(), "{}", country.code);
            for (longitude, latitude) in country.rings.iter().flatten() {
                assert!((-169.5..=191.5).contains(longitude), "{} {longitude}", country.code);
                assert!((-60.0..=84.0).contains(latitude), "{} {latitude}", country.code);
            }
        }
    }

    #[test]
    fn no_ring_jumps_across_the_map() {
        for country in countries() {
            for ring in &country.rings {
                let closed = ring.iter().zip(ring.iter().cycle().skip(1));
                let longest = closed.map(|(a, b)| (a.0 - b.0).abs()).fold(0.0, f64::max);
                assert!(longest < 60.0, "{}: {longest}", country.code);
            }
        }
    }

    #[test]
    fn known_places() {
        assert_eq!(country("SGP").and_then(|c| c.point), Some((103.8, 1.4)));
        assert!(country("SGP").unwrap().rings.is_empty());
        assert!(country("FRA").unwrap().point.is_none());
        assert!(country("ATA").is_none() && country("").is_none());
    }
}
