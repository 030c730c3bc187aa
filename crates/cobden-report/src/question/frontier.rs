//! What can be had of one thing for how much of another: a line on two axes, with points that have names.

use serde::Serialize;

use crate::contents::Measure;
use crate::scale::{number, round_number, round_number_index, shortest};
use crate::svg::Element;

/// A line of what is possible, and points on or beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Frontier {
    /// What the horizontal axis measures.
    pub x: Measure,
    /// What the vertical axis measures.
    pub y: Measure,
    /// The line, from end to end; what is not finite, or beyond 1e12, is left out.
    pub line: Vec<(f64, f64)>,
    /// Points with a name.
    pub points: Vec<(String, f64, f64)>,
}

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 340.0;
/// Left, top, right, bottom.
const MARGIN: [f64; 4] = [58.0, 34.0, 22.0, 52.0];
/// About so many gridlines on an axis.
const TICKS: f64 = 5.0;
/// What is larger cannot be a result.
const DRAWN: f64 = 1e12;

/// An axis from one round number to another.
struct Axis {
    low: f64,
    high: f64,
    step: f64,
    start: f64,
    end: f64,
}

impl Axis {
    fn around(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Self {
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let length = (high - low).max(1e-9);
        let step = round_number(round_number_index(length / TICKS));
        Self { low: (low / step).floor() * step, high: (high / step).ceil().max(1.0) * step, step, start, end }
    }

    fn place(&self, value: f64) -> f64 {
        let along = (value - self.low) / (self.high - self.low);
        ((self.start + along.clamp(0.0, 1.0) * (self.end - self.start)) * 10.0).round() / 10.0
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let (low, step) = (self.low, self.step);
        let count = ((self.high - self.low) / step).round() as usize;
        // Counted from zero so that zero itself is exact.
        (0..=count).map(move |k| ((low / step).round() + k as f64) * step)
    }

    /// A tick with the digits that the step needs.
    fn written(&self, tick: f64) -> String {
        number(tick, shortest(self.step).split_once('.').map_or(0, |(_, digits)| digits.len()))
    }
}

impl Frontier {
    /// The chart. `title` says what it is to those who cannot see it, with all its points.
    pub(crate) fn svg(&self, title: &str) -> Element {
        let [left, top, right, bottom] = MARGIN;
        let known = |(x, y): &(f64, f64)| x.abs() < DRAWN && y.abs() < DRAWN;
        let line: Vec<(f64, f64)> = self.line.iter().copied().filter(known).collect();
        let points: Vec<&(String, f64, f64)> = self.points.iter().filter(|point| known(&(point.1, point.2))).collect();
        let all = || line.iter().copied().chain(points.iter().map(|point| (point.1, point.2)));
        let x = Axis::around(all().map(|point| point.0), left, WIDTH - right);
        let y = Axis::around(all().map(|point| point.1), HEIGHT - bottom, top);
        let path: Vec<String> = line.iter().map(|(a, b)| format!("{},{}", x.place(*a), y.place(*b))).collect();
        let dots = line.iter().map(|(a, b)| dot(x.place(*a), y.place(*b)));
        Element::new("svg")
            .with("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .with("class", "frontier")
            .with("role", "img")
            .child(Element::new("title").text(title))
            .child(Element::new("desc").text(self.in_words(&line, &points)))
            .children(x.ticks().map(|tick| upright(tick, &x)))
            .children(y.ticks().map(|tick| level(tick, &y)))
            .child(label(&named(&self.x), (left + WIDTH - right) / 2.0, HEIGHT - 8.0, "middle"))
            .child(label(&named(&self.y), 4.0, 16.0, "start"))
            .child(Element::new("polyline").with("class", "line").with("points", path.join(" ")))
            .children(dots)
            .children(points.iter().map(|(name, a, b)| named_point(name, x.place(*a), y.place(*b))))
    }

    /// Both ends of the line and all points, for those who cannot see them.
    fn in_words(&self, line: &[(f64, f64)], points: &[&(String, f64, f64)]) -> String {
        let pair = |a: f64, b: f64| format!("{} for {}", self.y.written(b), self.x.written(a));
        let ends = line.first().into_iter().chain(line.last().filter(|_| line.len() > 1));
        let ends: Vec<String> = ends.map(|(a, b)| pair(*a, *b)).collect();
        let points = points.iter().map(|(name, a, b)| format!("{name}: {}", pair(*a, *b)));
        let line = if ends.is_empty() { String::new() } else { format!("A line from {}", ends.join(" to ")) };
        std::iter::once(line).filter(|line| !line.is_empty()).chain(points).collect::<Vec<_>>().join(". ")
    }
}

fn named(measure: &Measure) -> String {
    if measure.unit.is_empty() { measure.name.clone() } else { format!("{}, {}", measure.name, measure.unit) }
}

fn upright(tick: f64, axis: &Axis) -> Element {
    let at = axis.place(tick);
    let line = grid(at, at, MARGIN[1], HEIGHT - MARGIN[3], tick == 0.0);
    Element::new("g").child(line).child(label(&axis.written(tick), at, HEIGHT - MARGIN[3] + 18.0, "middle"))
}

fn level(tick: f64, axis: &Axis) -> Element {
    let at = axis.place(tick);
    let line = grid(MARGIN[0], WIDTH - MARGIN[2], at, at, tick == 0.0);
    Element::new("g").child(line).child(label(&axis.written(tick), MARGIN[0] - 7.0, at + 4.0, "end"))
}

fn grid(x1: f64, x2: f64, y1: f64, y2: f64, zero: bool) -> Element {
    let class = if zero { "zero" } else { "rule" };
    Element::new("line").with("class", class).with("x1", x1).with("x2", x2).with("y1", y1).with("y2", y2)
}

fn dot(x: f64, y: f64) -> Element {
    Element::new("circle").with("class", "dot-on").with("cx", x).with("cy", y).with("r", 2.5)
}

/// A square with its name, on the side where there is room.
fn named_point(name: &str, x: f64, y: f64) -> Element {
    let square = Element::new("rect").with("class", "point");
    let square = square.with("x", x - 5.0).with("y", y - 5.0).with("width", 10).with("height", 10);
    let (at, anchor) = if x > 0.6 * WIDTH { (x - 10.0, "end") } else { (x + 10.0, "start") };
    Element::new("g").child(square).child(label(name, at, y - 7.0, anchor))
}

fn label(text: &str, x: f64, y: f64, anchor: &'static str) -> Element {
    let round = |value: f64| (value * 10.0).round() / 10.0;
    Element::new("text").with("x", round(x)).with("y", round(y)).with("text-anchor", anchor).text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers_and_hold_zero() {
        let axis = Axis::around([-0.31, 0.9].into_iter(), 0.0, 100.0);
        assert_eq!((axis.low, axis.high), (-0.5, 1.0));
        assert_eq!(axis.ticks().collect::<Vec<_>>(), [-0.5, 0.0, 0.5, 1.0]);
        assert_eq!(axis.place(0.25), 50.0);
        let empty = Axis::around(std::iter::empty(), 0.0, 100.0);
        assert!(empty.place(0.0).is_finite() && empty.ticks().count() < 20);
    }

    #[test]
    fn the_line_is_told_in_words() {
        let frontier = Frontier {
            x: Measure::percent("Own cost"),
            y: Measure::percent("Harm"),
            line: vec![(0.0, 0.0), (f64::NAN, 1.0), (0.1, 0.4)],
            points: vec![("asked for <b>".into(), 0.05, 0.3)],
        };
        let svg = frontier.svg("Harm against own cost").to_string();
        assert!(svg.contains("A line from 0.00\u{a0}% for 0.00\u{a0}% to +0.40\u{a0}% for +0.10\u{a0}%."), "{svg}");
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("NaN"));
        assert!(Frontier::default().svg("").to_string().ends_with("</svg>"), "an empty chart is a chart");
    }
}
