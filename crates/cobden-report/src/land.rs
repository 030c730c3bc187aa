//! Countries gathered into regions and brought to the scale of the drawing.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::contents::Region;
use crate::geography::{Country, countries, country};
use crate::projection::equal_earth;
use crate::svg::Element;

/// Width of the drawing in its own units.
pub(crate) const WIDTH: f64 = 2000.0;
/// Room around the shapes, for dots and outlines on the edge.
const MARGIN: f64 = 14.0;
/// From a dot down to the label of an economy that has no shape.
const BELOW_DOT: f64 = 50.0;

/// To a tenth of a unit, for short text.
pub(crate) fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Which country belongs to whom.
pub(crate) struct Land {
    /// Countries of each region.
    pub(crate) regions: Vec<Vec<&'static Country>>,
    /// Countries that no region claims, where nobody is the rest of the world.
    pub(crate) unclaimed: Vec<&'static Country>,
}

impl Land {
    /// A country claimed twice goes to the region that names it first.
    pub(crate) fn of(regions: &[Region]) -> Self {
        let mut claimed = BTreeSet::new();
        let mut land: Vec<Vec<&Country>> = Vec::new();
        for region in regions {
            let members = region.members.iter().filter_map(|code| country(code));
            land.push(members.filter(|member| claimed.insert(member.code.as_str())).collect());
        }
        let mut unclaimed: Vec<&Country> =
            countries().iter().filter(|country| !claimed.contains(country.code.as_str())).collect();
        let rest = regions.iter().position(|region| region.rest_of_world);
        if let Some(rest) = rest.and_then(|k| land.get_mut(k)) {
            // Its islands without a shape would be dots all over the oceans.
            unclaimed.retain(|country| !country.rings.is_empty());
            rest.append(&mut unclaimed);
        }
        Self { regions: land, unclaimed }
    }
}

/// Names of the regions without a single place on the map, for a note below it.
pub(crate) fn not_on_map(regions: &[Region]) -> Vec<&str> {
    let nowhere = |region: &&Region| !region.rest_of_world && region.members.iter().all(|code| country(code).is_none());
    regions.iter().filter(nowhere).map(|region| region.name.as_str()).collect()
}

/// From the plane of the projection to the drawing.
pub(crate) struct Frame {
    left: f64,
    top: f64,
    zoom: f64,
    /// Height of the drawing.
    pub(crate) height: f64,
}

impl Frame {
    /// Fits all shapes.
    pub(crate) fn new() -> Self {
        let points = countries().iter().flat_map(|country| country.rings.iter().flatten());
        let plane = points.map(|(longitude, latitude)| equal_earth(*longitude, *latitude));
        let (mut left, mut right, mut bottom, mut top) = (f64::MAX, f64::MIN, f64::MAX, f64::MIN);
        for (x, y) in plane {
            (left, right) = (left.min(x), right.max(x));
            (bottom, top) = (bottom.min(y), top.max(y));
        }
        let zoom = (WIDTH - 2.0 * MARGIN) / (right - left);
        Self { left, top, zoom, height: (top - bottom) * zoom + 2.0 * MARGIN }
    }

    fn place(&self, (longitude, latitude): (f64, f64)) -> (f64, f64) {
        let (x, y) = equal_earth(longitude, latitude);
        ((x - self.left) * self.zoom + MARGIN, (self.top - y) * self.zoom + MARGIN)
    }
}

/// A region as it is drawn.
#[derive(Default)]
pub(crate) struct Sketch {
    /// The shapes, as the data of a path.
    pub(crate) outline: String,
    dots: Vec<(f64, f64, f64)>,
    /// In square units of the drawing.
    pub(crate) area: f64,
    /// Where a label goes.
    pub(crate) centre: Option<(f64, f64)>,
}

impl Sketch {
    pub(crate) fn of(members: &[&Country], frame: &Frame) -> Self {
        let mut sketch = Self::default();
        let mut centres: Vec<(f64, f64, f64)> = Vec::new();
        let alone = members.len() == 1;
        for member in members {
            for ring in &member.rings {
                let places: Vec<(f64, f64)> = ring.iter().map(|point| frame.place(*point)).collect();
                write_ring(&places, &mut sketch.outline);
                centres.push(centroid(&places));
            }
            if let Some(point) = member.point.filter(|_| alone || member.rings.is_empty()) {
                let (x, y) = frame.place(point);
                sketch.dots.push((round(x), round(y), if alone { 9.0 } else { 5.0 }));
            }
        }
        sketch.area = centres.iter().map(|(_, _, area)| area).sum();
        // A group is labelled amid its members, a country on its largest piece of land.
        let largest = centres.iter().copied().max_by(|a, b| a.2.total_cmp(&b.2));
        let pieces = if alone { largest.into_iter().collect() } else { centres };
        let weight: f64 = pieces.iter().map(|(_, _, area)| area).sum();
        sketch.centre = if weight > 0.0 {
            let mean = |pick: fn(&(f64, f64, f64)) -> f64| pieces.iter().map(|p| pick(p) * p.2).sum::<f64>() / weight;
            Some((mean(|p| p.0), mean(|p| p.1)))
        } else {
            sketch.dots.first().map(|(x, y, _)| (*x, y + BELOW_DOT))
        };
        sketch
    }

    pub(crate) fn path(&self) -> Option<Element> {
        (!self.outline.is_empty()).then(|| Element::new("path").with("d", &self.outline))
    }

    /// Where the dots are: x, y, radius.
    pub(crate) fn dot_places(&self) -> impl Iterator<Item = &(f64, f64, f64)> {
        self.dots.iter()
    }

    pub(crate) fn dots(&self) -> impl Iterator<Item = Element> {
        self.dots.iter().map(|(x, y, r)| {
            let circle = Element::new("circle").with("cx", x).with("cy", y).with("r", r);
            circle.with("class", "dot").with("stroke", "#1a1a18")
        })
    }
}

/// Centre and area of a ring (the shoelace formula).
fn centroid(ring: &[(f64, f64)]) -> (f64, f64, f64) {
    let next = ring.iter().cycle().skip(1);
    let (mut x, mut y, mut twice) = (0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(next) {
        let cross = a.0 * b.1 - b.0 * a.1;
        (x, y, twice) = (x + (a.0 + b.0) * cross, y + (a.1 + b.1) * cross, twice + cross);
    }
    if twice == 0.0 { (0.0, 0.0, 0.0) } else { (x / (3.0 * twice), y / (3.0 * twice), twice.abs() / 2.0) }
}

/// A ring in whole units, relative: the shortest text. Places are rounded before they are subtracted, so that errors do
/// not add up and neighbours keep their common border.
fn write_ring(ring: &[(f64, f64)], out: &mut String) {
    let mut at: Option<(i64, i64)> = None;
    for (x, y) in ring {
        let place = (x.round() as i64, y.round() as i64);
        // Writing to a String cannot fail.
        let _ = match at {
            None => write!(out, "M{} {}l", place.0, place.1),
            Some(last) if last == place => Ok(()),
            Some(last) => {
                let (dx, dy) = (place.0 - last.0, place.1 - last.1);
                let gap = if out.ends_with('l') || dx < 0 { "" } else { " " };
                write!(out, "{gap}{dx}{}{dy}", if dy < 0 { "" } else { " " })
            }
        };
        at = Some(place);
    }
    if at.is_some() {
        out.push('z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_written_relative_and_short() {
        let mut out = String::new();
        write_ring(&[(10.4, 20.0), (10.0, 20.3), (13.0, 19.0), (12.0, 25.0)], &mut out);
        assert_eq!(out, "M10 20l3-1-1 6z");
    }

    #[test]
    fn centre_and_area_of_a_square_either_way_round() {
        let mut square = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)];
        assert_eq!(centroid(&square), (2.0, 2.0, 4.0));
        square.reverse();
        assert_eq!(centroid(&square), (2.0, 2.0, 4.0));
        assert_eq!(centroid(&[]), (0.0, 0.0, 0.0));
    }

    #[test]
    fn a_country_belongs_to_the_first_region_that_names_it_and_the_rest_to_the_rest() {
        let regions = [
            Region::rest_of_world("ROW", "Rest"),
            Region::group("CHN", "China", ["CHN", "HKG"]),
            Region::country("HKG", "Hong Kong"),
        ];
        let land = Land::of(&regions);
        assert_eq!(land.regions[1].len(), 2);
        assert!(land.regions[2].is_empty() && land.unclaimed.is_empty());
        assert!(land.regions[0].iter().any(|c| c.code == "FRA") && !land.regions[0].iter().any(|c| c.code == "CHN"));
    }
}
