//! The world map, coloured by region.

use crate::colour::LIGHT;
use crate::contents::{Case, Page};
use crate::land::{Frame, Land, Sketch, WIDTH, round};
use crate::scale::{Classes, Shade, signed};
use crate::svg::Element;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::Region;
    use crate::geography::countries;

    #[test]
    fn no_label_runs_into_another() {
        let regions: Vec<Region> = countries().iter().map(|c| Region::country(c.code.clone(), "")).collect();
        let actors: Vec<String> = regions.iter().map(|region| region.code.clone()).collect();
        let case = Case { values: vec![-0.12; regions.len()], actors, ..Case::default() };
        let page = Page { regions, cases: vec![case], ..Page::default() };
        let svg = map_svg(&page, 0);
        let number = |text: &str, name: &str| -> f64 {
            let after = text.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
            after.split('"').next().unwrap_or_default().parse().unwrap()
        };
        let places: Vec<(f64, f64)> =
            svg.split("<text>").skip(1).map(|text| (number(text, "x"), number(text, "y"))).collect();
        assert!(places.len() > 40, "{}", places.len());
        for (k, a) in places.iter().enumerate() {
            for b in &places[..k] {
                assert!(
                    (a.0 - b.0).abs() > 2.0 * LETTERS * 0.31 || (a.1 - b.1).abs() >= 2.0 * LETTERS - 0.2,
                    "{a:?} {b:?}"
                );
            }
        }
    }
}
