//! The shapes of regions for a face that draws its own map, and the colours that go with them.

use crate::colour::{DARK, LIGHT};
use crate::contents::Region;
use crate::land::{Frame, Land, Sketch, WIDTH, round};
use crate::scale::Shade;

/// Regions as they are drawn, on a plane of `width` by `height`.
#[derive(Clone, Debug, PartialEq)]
pub struct Shapes {
    /// Width of the drawing in its own units.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// One shape for each region, in their order.
    pub regions: Vec<Shape>,
    /// The land that no region claims, as the data of an SVG path; may be empty.
    pub unclaimed: String,
}

/// One region.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The data of an SVG path, even-odd; empty for a region too small to have one.
    pub path: String,
    /// Dots for places that are too small: x, y, radius.
    pub dots: Vec<[f64; 3]>,
    /// Where a label goes; `None` for a region that is nowhere on the map.
    pub centre: Option<[f64; 2]>,
    /// Its area in square units of the drawing.
    pub area: f64,
}

/// A colour of the scale of losses and gains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swatch {
    /// `l5` to `l1` for losses, the greatest first, `z` for none, `g1` to `g5` for gains.
    pub name: String,
    /// On a light page, `#rrggbb`.
    pub light: String,
    /// On a dark page.
    pub dark: String,
}

/// The shapes of regions in the projection of the report's map.
///
/// ```
/// use cobden_report::{Region, shapes};
/// let drawn = shapes(&[Region::country("BRA", "Brazil")]);
/// assert!(drawn.regions[0].path.starts_with('M') && !drawn.unclaimed.is_empty());
/// ```
pub fn shapes(regions: &[Region]) -> Shapes {
    let land = Land::of(regions);
    let frame = Frame::new();
    let shape = |sketch: Sketch| Shape {
        dots: sketch.dot_places().map(|(x, y, r)| [*x, *y, *r]).collect(),
        centre: sketch.centre.map(|(x, y)| [round(x), round(y)]),
        area: sketch.area.round(),
        path: sketch.outline,
    };
    Shapes {
        width: WIDTH,
        height: frame.height.ceil(),
        regions: land.regions.iter().map(|members| shape(Sketch::of(members, &frame))).collect(),
        unclaimed: Sketch::of(&land.unclaimed, &frame).outline,
    }
}

/// The colours of the report's map, from the greatest loss to the greatest gain.
pub fn swatches() -> Vec<Swatch> {
    let colour = |palette: &crate::colour::Palette, shade| palette.colour(shade).map(|rgb| rgb.to_string());
    let swatch =
        |shade: Shade| Some(Swatch { name: shade.name(), light: colour(&LIGHT, shade)?, dark: colour(&DARK, shade)? });
    Shade::all().filter_map(swatch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_has_a_name_of_its_own() {
        let names: Vec<String> = swatches().into_iter().map(|swatch| swatch.name).collect();
        assert_eq!(names, ["l5", "l4", "l3", "l2", "l1", "z", "g1", "g2", "g3", "g4", "g5"]);
    }

    #[test]
    fn a_place_without_a_shape_is_a_dot_and_one_that_is_nowhere_has_no_centre() {
        let drawn = shapes(&[Region::country("SGP", "Singapore"), Region::country("XXX", "Nowhere")]);
        assert!(drawn.regions[0].path.is_empty() && drawn.regions[0].dots.len() == 1);
        assert_eq!(drawn.regions[1].centre, None);
    }
}
