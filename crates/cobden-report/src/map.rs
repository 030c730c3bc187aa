//! The world map, coloured by region.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::colour::LIGHT;
use crate::contents::{Case, Page, Region};
use crate::geography::{Country, countries, country};
use crate::projection::equal_earth;
use crate::scale::{Classes, Shade, signed};
use crate::svg::Element;

/// Width of the drawing in its own units.
const WIDTH: f64 = 2000.0;
/// Room around the shapes, for dots and outlines on the edge.
const MARGIN: f64 = 14.0;
/// Height of the letters of a label.
const LETTERS: f64 = 26.0;
/// Regions smaller than this have no label unless they act: square units of the drawing.
const LABELLED_AREA: f64 = 2500.0;

/// One case as an SVG drawing of its own, in the colours of a light page; an empty world where there is no such case.
///
/// ```
/// use cobden_report::{Case, Page, Region, map_svg};
/// let page = Page {
///     regions: vec![Region::country("BRA", "Brazil")],
///     cases: vec![Case { values: vec![0.2], ..Case::default() }],
///     ..Page::default()
/// };
/// assert!(map_svg(&page, 0).contains("Brazil"));
/// ```
pub fn map_svg(page: &Page, case: usize) -> String {
    let classes = Classes::fit(page.cases.iter().flat_map(Case::shown).copied(), page.measure.decimals);
    let shown = if case < page.cases.len() { vec![case] } else { Vec::new() };
    draw(page, &classes, &shown, case).with("xmlns", "http://www.w3.org/2000/svg").to_string()
}

/// Draws the map in the colours of the case `headline`. Labels and outlines are drawn once per case in `shown`, in
/// groups of class `only case-K`; the colour of region `k` can be overridden by the style variable `--rK`.
pub(crate) fn draw(page: &Page, classes: &Classes, shown: &[usize], headline: usize) -> Element {
    let land = Land::of(&page.regions);
    let frame = Frame::new();
    let sketches: Vec<Sketch> = land.regions.iter().map(|members| Sketch::of(members, &frame)).collect();

    let colour = |k: usize| page.cases.get(headline).map_or(Shade::MISSING, |case| classes.shade(case.value(k)));
    let shapes = page.regions.iter().zip(&sketches).enumerate().map(|(k, (region, sketch))| {
        let fill = LIGHT.colour(colour(k)).map_or_else(|| "url(#no-data)".into(), |rgb| rgb.to_string());
        let lines = page.cases.iter().map(|case| format!("\n{}: {}", case.name, page.measure.written(case.value(k))));
        Element::new("g")
            .with("id", format!("region-{k}"))
            .with("fill", &fill)
            .with("style", format!("fill:var(--r{k},{fill})"))
            .child(Element::new("title").text(format!("{}{}", region.name, lines.collect::<String>())))
            .children(sketch.path().map(|path| path.with("id", format!("shape-{k}"))))
            .children(sketch.dots())
    });
    let unclaimed = Sketch::of(&land.unclaimed, &frame);
    let nobody = Element::new("g")
        .with("fill", "url(#no-data)")
        .child(Element::new("title").text("No data"))
        .children(unclaimed.path());
    let marks = shown.iter().filter_map(|k| Some((*k, page.cases.get(*k)?)));
    Element::new("svg")
        .with("viewBox", format!("0 0 {WIDTH} {}", frame.height.ceil()))
        .with("class", "map")
        .with("role", "img")
        .with("aria-label", format!("World map: {}", page.measure.name))
        .child(hatches())
        .child(
            Element::new("g")
                .with("stroke", "#ffffff")
                .with("stroke-width", 1.2)
                .with("stroke-linejoin", "round")
                .with("fill-rule", "evenodd")
                .with("class", "land")
                .child(nobody)
                .children(shapes),
        )
        .child(signs(&sketches))
        .children(marks.map(|(k, case)| marks_of(page, case, k, &sketches)))
}

/// The patterns: one for countries without a value, one laid over losses where colour may be lost, as in print.
fn hatches() -> Element {
    let pattern = |id: &str| {
        let tile = Element::new("pattern").with("id", id).with("patternUnits", "userSpaceOnUse");
        tile.with("width", 12).with("height", 12)
    };
    let line = |d: &str| Element::new("path").with("d", d).with("stroke-width", 1.6);
    let ground = Element::new("path").with("d", "M0 0h12v12h-12z").with("fill", "#f4f2ee").with("class", "ground");
    Element::new("defs")
        .child(pattern("no-data").child(ground).child(line("M0 12L12 0").with("stroke", "#b5b2ab")))
        .child(pattern("loss").child(line("M0 0L12 12").with("stroke", "#1a1a18").with("stroke-opacity", 0.45)))
}

/// A second coat for every region, `none` unless the style variable `--hK` says otherwise.
fn signs(sketches: &[Sketch]) -> Element {
    let drawn = sketches.iter().enumerate().filter(|(_, sketch)| !sketch.outline.is_empty());
    let coat = |k: usize| {
        Element::new("use").with("href", format!("#shape-{k}")).with("style", format!("fill:var(--h{k},none)"))
    };
    Element::new("g")
        .with("class", "signs")
        .with("pointer-events", "none")
        .with("fill", "none")
        .children(drawn.map(|(k, _)| coat(k)))
}

/// Outlines of the regions that act in a case, and labels with its values.
fn marks_of(page: &Page, case: &Case, index: usize, sketches: &[Sketch]) -> Element {
    let acts = |k: usize| page.regions.get(k).is_some_and(|region| case.actors.contains(&region.code));
    let actors: Vec<usize> = (0..sketches.len()).filter(|k| acts(*k)).collect();
    let outline = actors.iter().map(|k| {
        let reference = format!("#region-{k}");
        Element::new("g")
            .child(
                Element::new("use")
                    .with("href", &reference)
                    .with("class", "outline")
                    .with("stroke", "#1a1a18")
                    .with("stroke-width", 7)
                    .with("stroke-linejoin", "round"),
            )
            .child(
                Element::new("use")
                    .with("href", reference)
                    .with("stroke", "#ffffff")
                    .with("stroke-width", 1.2)
                    .with("class", "inside")
                    .with("fill-rule", "evenodd"),
            )
    });
    Element::new("g")
        .with("class", format!("only case-{index}"))
        .with("pointer-events", "none")
        .children(outline)
        .child(labels(page, case, sketches, &actors))
}

/// Code and value written on the map: first who acts, then the largest, as long as no label runs into another.
fn labels(page: &Page, case: &Case, sketches: &[Sketch], actors: &[usize]) -> Element {
    let mut order: Vec<usize> = (0..sketches.len()).collect();
    let area = |k: usize| sketches.get(k).map_or(0.0, |sketch| sketch.area);
    order.sort_by(|a, b| actors.contains(b).cmp(&actors.contains(a)).then(area(*b).total_cmp(&area(*a))));
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let mut group = Element::new("g")
        .with("class", "labels")
        .with("text-anchor", "middle")
        .with("font-family", "system-ui, sans-serif")
        .with("font-size", LETTERS)
        .with("fill", "#1a1a18")
        .with("stroke", "#ffffff")
        .with("stroke-width", 8)
        .with("stroke-opacity", 0.92)
        .with("stroke-linejoin", "round")
        .with("paint-order", "stroke");
    for k in order {
        let (Some(sketch), Some(region)) = (sketches.get(k), page.regions.get(k)) else {
            continue;
        };
        let value = case.value(k);
        let Some((x, y)) = sketch.centre.filter(|_| value.is_finite() && !region.rest_of_world) else {
            continue;
        };
        if region.code.chars().count() > 6 || (sketch.area < LABELLED_AREA && !actors.contains(&k)) {
            continue;
        }
        let text = signed(value, page.measure.decimals);
        let half = text.chars().count().max(region.code.chars().count()) as f64 * LETTERS * 0.31;
        let x = x.clamp(half, WIDTH - half);
        let place = [x - half, y - LETTERS, x + half, y + LETTERS];
        if taken.iter().any(|other| overlap(*other, place)) {
            continue;
        }
        taken.push(place);
        let line = |text: &str, y: f64| Element::new("tspan").with("x", round(x)).with("y", round(y)).text(text);
        group = group.child(
            Element::new("text")
                .child(line(&region.code, y - LETTERS * 0.12).with("font-weight", 600))
                .child(line(&text, y + LETTERS * 0.9)),
        );
    }
    group
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// To a tenth of a unit, for short text.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Which country belongs to whom.
struct Land {
    /// Countries of each region.
    regions: Vec<Vec<&'static Country>>,
    /// Countries that no region claims, where nobody is the rest of the world.
    unclaimed: Vec<&'static Country>,
}

impl Land {
    /// A country claimed twice goes to the region that names it first.
    fn of(regions: &[Region]) -> Self {
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

/// Names of members that are no place on the map, by region code; for a note below the map.
pub(crate) fn not_on_map(regions: &[Region]) -> BTreeMap<&str, Vec<&str>> {
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for region in regions.iter().filter(|region| !region.rest_of_world) {
        let absent: Vec<&str> =
            region.members.iter().map(String::as_str).filter(|code| country(code).is_none()).collect();
        if !absent.is_empty() || region.members.is_empty() {
            missing.insert(&region.name, absent);
        }
    }
    missing
}

/// From the plane of the projection to the drawing.
struct Frame {
    left: f64,
    top: f64,
    zoom: f64,
    height: f64,
}

impl Frame {
    /// Fits all shapes.
    fn new() -> Self {
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
struct Sketch {
    outline: String,
    dots: Vec<(f64, f64, f64)>,
    area: f64,
    centre: Option<(f64, f64)>,
}

impl Sketch {
    fn of(members: &[&Country], frame: &Frame) -> Self {
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
            sketch.dots.first().map(|(x, y, _)| (*x, y + 1.9 * LETTERS))
        };
        sketch
    }

    fn path(&self) -> Option<Element> {
        (!self.outline.is_empty()).then(|| Element::new("path").with("d", &self.outline))
    }

    fn dots(&self) -> impl Iterator<Item = Element> {
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
