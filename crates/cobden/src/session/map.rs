//! The map of a world: shapes of its countries, and colours for what happens to them.

use cobden_world::World;
use serde::Serialize;

use crate::page;

/// Shapes and colours, as the report has them.
#[derive(Clone, Debug, Serialize)]
pub struct MapDocument {
    /// Width of the drawing in its own units.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// One shape for each country, in the order of the world.
    pub shapes: Vec<ShapeDocument>,
    /// Land that belongs to no country of the world, as the data of an SVG path.
    pub unclaimed: String,
    /// Name, colour on a light page, colour on a dark page: from the greatest loss (`l5`) over none (`z`) to the greatest gain (`g5`).
    pub colours: Vec<(String, String, String)>,
}

/// A country on the map.
#[derive(Clone, Debug, Serialize)]
pub struct ShapeDocument {
    /// The data of an SVG path, even-odd; may be empty.
    pub path: String,
    /// Places too small for a shape: x, y, radius.
    pub dots: Vec<[f64; 3]>,
    /// Where a label goes; `null` for what is nowhere on the map.
    pub centre: Option<[f64; 2]>,
    /// Its area in square units of the drawing.
    pub area: f64,
}

impl MapDocument {
    pub(super) fn new(world: &World) -> Self {
        let regions: Vec<_> = world.countries.iter().map(|code| page::region(world, code)).collect();
        let drawn = cobden_report::shapes(&regions);
        let shape = |shape: cobden_report::Shape| ShapeDocument {
            path: shape.path,
            dots: shape.dots,
            centre: shape.centre,
            area: shape.area,
        };
        Self {
            width: drawn.width,
            height: drawn.height,
            shapes: drawn.regions.into_iter().map(shape).collect(),
            unclaimed: drawn.unclaimed,
            colours: cobden_report::swatches()
                .into_iter()
                .map(|swatch| (swatch.name, swatch.light, swatch.dark))
                .collect(),
        }
    }
}
