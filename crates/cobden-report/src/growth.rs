//! How one quantity grows with another, both over many orders of magnitude: lines on logarithmic axes.

use crate::svg::Element;

/// Lines on logarithmic axes.
///
/// ```
/// use cobden_report::{Growth, Line};
/// let line = Line { name: "solve".into(), points: vec![(1e3, 0.2), (1e4, 2.0), (1e5, 21.0)] };
/// let chart = Growth { x: "cells".into(), y: "ms".into(), lines: vec![line] };
/// assert!(chart.svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    /// What the horizontal axis measures.
    pub x: String,
    /// What the vertical axis measures.
    pub y: String,
    /// The lines, at most six.
    pub lines: Vec<Line>,
}

/// A line with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Written at its end.
    pub name: String,
    /// Pairs of x and y; what is not above zero cannot be drawn and is left out.
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
/// Left, top, right, bottom.
const MARGIN: [f64; 4] = [64.0, 28.0, 150.0, 48.0];
const COLOURS: [&str; 6] = ["#1f5fa8", "#b8601a", "#3c7a3c", "#7a4a9a", "#8a6d1d", "#555555"];

/// A logarithmic axis between two powers of ten.
struct Axis {
    from: i32,
    to: i32,
    start: f64,
    end: f64,
}

impl Axis {
    fn around(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Self {
        let (least, most) = values.fold((f64::INFINITY, 0.0_f64), |(a, b), v| (a.min(v), b.max(v)));
        let (from, to) = if most > 0.0 { (least.log10().floor() as i32, most.log10().ceil() as i32) } else { (0, 1) };
        Self { from, to: to.max(from + 1), start, end }
    }

    fn place(&self, value: f64) -> f64 {
        let along = (value.log10() - f64::from(self.from)) / f64::from(self.to - self.from);
        round(self.start + along * (self.end - self.start))
    }

    fn decades(&self) -> impl Iterator<Item = i32> {
        self.from..=self.to
    }
}

impl Growth {
    /// The chart as one SVG document that stands alone, on white.
    pub fn svg(&self) -> String {
        let [left, top, right, bottom] = MARGIN;
        let drawn = || self.lines.iter().flat_map(drawable);
        let x = Axis::around(drawn().map(|point| point.0), left, WIDTH - right);
        let y = Axis::around(drawn().map(|point| point.1), HEIGHT - bottom, top);
        let lines = self.lines.iter().zip(COLOURS).map(|(line, colour)| draw(line, colour, &x, &y));
        Element::new("svg")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .with("font-family", "sans-serif")
            .with("font-size", 13)
            .with("role", "img")
            .child(Element::new("title").text(format!("{} against {}", self.y, self.x)))
            .child(Element::new("rect").with("width", WIDTH).with("height", HEIGHT).with("fill", "#ffffff"))
            .children(x.decades().map(|power| self.upright(power, &x)))
            .children(y.decades().map(|power| self.level(power, &y)))
            .child(label(&self.x, (left + WIDTH - right) / 2.0, HEIGHT - 10.0, "middle"))
            .child(label(&self.y, left, top - 12.0, "start"))
            .children(lines)
            .to_string()
    }

    fn upright(&self, power: i32, axis: &Axis) -> Element {
        let at = axis.place(10_f64.powi(power));
        let line = grid(at, at, MARGIN[1], HEIGHT - MARGIN[3]);
        Element::new("g").child(line).child(label(&decade(power), at, HEIGHT - MARGIN[3] + 18.0, "middle"))
    }

    fn level(&self, power: i32, axis: &Axis) -> Element {
        let at = axis.place(10_f64.powi(power));
        let line = grid(MARGIN[0], WIDTH - MARGIN[2], at, at);
        Element::new("g").child(line).child(label(&decade(power), MARGIN[0] - 8.0, at + 4.0, "end"))
    }
}

fn drawable(line: &Line) -> impl Iterator<Item = (f64, f64)> {
    let visible = |value: f64| value.is_finite() && value > 0.0;
    line.points.iter().copied().filter(move |(x, y)| visible(*x) && visible(*y))
}

fn draw(line: &Line, colour: &'static str, x: &Axis, y: &Axis) -> Element {
    let points: Vec<(f64, f64)> = drawable(line).map(|point| (x.place(point.0), y.place(point.1))).collect();
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let stroke = Element::new("polyline")
        .with("points", path.join(" "))
        .with("fill", "none")
        .with("stroke", colour)
        .with("stroke-width", 2);
    let dots = points
        .iter()
        .map(|(x, y)| Element::new("circle").with("cx", x).with("cy", y).with("r", 3).with("fill", colour));
    let name = points.last().map(|(x, y)| label(&line.name, x + 10.0, y + 4.0, "start").with("fill", colour));
    Element::new("g").child(stroke).children(dots).children(name)
}

fn grid(x1: f64, x2: f64, y1: f64, y2: f64) -> Element {
    Element::new("line").with("x1", x1).with("x2", x2).with("y1", y1).with("y2", y2).with("stroke", "#dddddd")
}

fn label(text: &str, x: f64, y: f64, anchor: &'static str) -> Element {
    Element::new("text").with("x", round(x)).with("y", round(y)).with("text-anchor", anchor).text(text)
}

/// A power of ten: as a number where that is short.
fn decade(power: i32) -> String {
    match power {
        -3..=4 => format!("{}", 10_f64.powi(power)),
        _ => format!("1e{power}"),
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenfold_is_the_same_distance_everywhere() {
        let axis = Axis::around([2.0, 5000.0].into_iter(), 0.0, 400.0);
        assert_eq!((axis.from, axis.to), (0, 4));
        assert_eq!([1.0, 10.0, 100.0, 1e4].map(|value| axis.place(value)), [0.0, 100.0, 200.0, 400.0]);
    }

    #[test]
    fn draws_what_can_be_drawn() {
        let line =
            Line { name: "a < b".into(), points: vec![(0.0, 1.0), (10.0, f64::NAN), (10.0, 2.0), (100.0, 20.0)] };
        let svg = Growth { x: "cells".into(), y: "ms".into(), lines: vec![line, Line::default()] }.svg();
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("a &lt; b") && !svg.contains("NaN"));
        assert!(Growth::default().svg().contains("</svg>"), "an empty chart is a chart");
    }
}
