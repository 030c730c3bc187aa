//! Quantities that stand still for days and then jump: step lines over time, with names beside the largest jumps.

use crate::beside::{BOLD, Frame, ROW, around, broken, named, place, round, segment, text, wide, widest};
use crate::scale::{number, round_number, round_number_index};
use crate::svg::Element;

/// Step lines over time.
///
/// ```
/// use cobden_report::{StepLine, StepMark, Steps};
/// let line = StepLine { name: "by law".into(), points: vec![(0.0, 2.5), (10.0, 27.5)] };
/// let mark = StepMark { line: 0, at: 10.0, text: vec!["EO 1".into(), "+25.0".into()] };
/// let chart = Steps { title: "Rate".into(), unit: "points".into(), end: 30.0, lines: vec![line], marks: vec![mark], ..Steps::default() };
/// assert!(chart.svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// What is shown.
    pub title: String,
    /// What the vertical axis measures.
    pub unit: String,
    /// The last day, in days from any origin.
    pub end: f64,
    /// Days with their names, for the horizontal axis.
    pub ticks: Vec<(f64, String)>,
    /// The lines, at most six.
    pub lines: Vec<StepLine>,
    /// Names of jumps, the most important first: where there is no room the last are left out.
    pub marks: Vec<StepMark>,
    /// Where the numbers come from.
    pub source: String,
}

/// A quantity with its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepLine {
    /// Written at its end.
    pub name: String,
    /// First day and value of each step, in order.
    pub points: Vec<(f64, f64)>,
}

/// The name of a jump.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepMark {
    /// Of which line, by its number.
    pub line: usize,
    /// On which day.
    pub at: f64,
    /// What is written, line by line.
    pub text: Vec<String>,
}

/// A size for which the chart is laid out: letters have the same size in each.
struct Layout {
    width: f64,
    height: f64,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    class: &'static str,
    /// How many lines of a mark are written.
    rows: usize,
    /// How many marks at most.
    marks: usize,
    /// Pixels between two names of days, at least.
    apart: f64,
}

const WIDE: Layout = Layout {
    width: 1000.0,
    height: 520.0,
    left: 48.0,
    top: 74.0,
    right: 150.0,
    bottom: 62.0,
    class: "wide",
    rows: 3,
    marks: 10,
    apart: 70.0,
};
const NARROW: Layout = Layout {
    width: 390.0,
    height: 520.0,
    left: 34.0,
    top: 96.0,
    right: 14.0,
    bottom: 62.0,
    class: "narrow",
    rows: 1,
    marks: 5,
    apart: 62.0,
};

/// Light paper, dark paper; of both the ink, muted, rule, and the colours of the lines.
const STYLE: &str = "\
.p{fill:#fffefb}.i{fill:#1a1a18}.m{fill:#625f58}.r{stroke:#dedad2}.h{stroke:#625f58}.b{fill:#fffefb;opacity:.85}\
.l0{stroke:#1f5fa8}.l1{stroke:#b8601a}.l2{stroke:#3c7a3c}.l3{stroke:#7a4a9a}.l4{stroke:#8a6d1d}.l5{stroke:#555555}\
.t0{fill:#1f5fa8}.t1{fill:#b8601a}.t2{fill:#3c7a3c}.t3{fill:#7a4a9a}.t4{fill:#8a6d1d}.t5{fill:#555555}\
.narrow{display:none}\
@media (max-width:600px){.wide{display:none}.narrow{display:inline}}\
@media (prefers-color-scheme:dark){.p{fill:#161614}.i{fill:#ecebe6}.m{fill:#a6a399}.r{stroke:#3a3934}.h{stroke:#a6a399}.b{fill:#161614}\
.l0{stroke:#7fb2ea}.l1{stroke:#eba066}.l2{stroke:#8cc98c}.l3{stroke:#c79be6}.l4{stroke:#d8bb62}.l5{stroke:#bbbbbb}\
.t0{fill:#7fb2ea}.t1{fill:#eba066}.t2{fill:#8cc98c}.t3{fill:#c79be6}.t4{fill:#d8bb62}.t5{fill:#bbbbbb}}";

/// How many lines have a colour.
const COLOURS: usize = 6;

impl Steps {
    /// The chart as one SVG document that stands alone: laid out for a wide and for a narrow screen, on light and on dark paper.
    pub fn svg(&self) -> String {
        let height = WIDE.height;
        Element::new("svg")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("width", "100%")
            .with("height", height)
            .with("font-family", "system-ui, sans-serif")
            .with("font-size", 12)
            .with("role", "img")
            .child(Element::new("title").text(&self.title))
            .child(Element::new("style").text(STYLE))
            .child(Element::new("rect").with("width", "100%").with("height", "100%").with("class", "p"))
            .children([&WIDE, &NARROW].map(|layout| Drawing::new(self, layout).svg()))
            .to_string()
    }
}

/// A chart laid out in one size.
struct Drawing<'a> {
    chart: &'a Steps,
    layout: &'a Layout,
    start: f64,
    end: f64,
    most: f64,
    tick: f64,
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a Steps, layout: &'a Layout) -> Self {
        let drawn = || chart.lines.iter().flat_map(|line| &line.points).filter(|(x, y)| x.is_finite() && y.is_finite());
        let start = drawn().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let start = if start.is_finite() { start } else { 0.0 };
        let highest = drawn().map(|point| point.1).fold(0.0, f64::max);
        let tick = round_number(round_number_index(highest.max(1e-3) / 6.0));
        let most = (highest / tick).ceil().max(1.0) * tick;
        Self { chart, layout, start, end: chart.end.max(start + 1.0), most, tick }
    }

    fn x(&self, day: f64) -> f64 {
        let Layout { width, left, right, .. } = self.layout;
        round(left + (day - self.start) / (self.end - self.start) * (width - left - right))
    }

    fn y(&self, value: f64) -> f64 {
        let Layout { height, top, bottom, .. } = self.layout;
        round(height - bottom - value / self.most * (height - top - bottom))
    }

    fn svg(&self) -> Element {
        let Layout { width, height, class, .. } = self.layout;
        let chart = self.chart;
        let lines = || chart.lines.iter().take(COLOURS).enumerate();
        Element::new("svg")
            .with("class", class)
            .with("viewBox", format!("0 0 {width} {height}"))
            .with("preserveAspectRatio", "xMidYMid meet")
            .children(self.heading())
            .children(self.levels())
            .children(self.days())
            .children(lines().map(|(at, line)| self.line(at, line)))
            .children(self.names())
            .children(self.marks())
            .child(text(self.layout.left, height - 12.0, "start", "m", &chart.source))
    }

    /// Title and unit, the title over several rows on a narrow screen.
    fn heading(&self) -> Vec<Element> {
        let Layout { width, .. } = self.layout;
        let letters = ((width - 24.0) / 8.2) as usize;
        let mut rows = broken(&self.chart.title, letters);
        rows.truncate(2);
        let mut shown: Vec<Element> = rows
            .iter()
            .zip(1u8..)
            .map(|(row, at)| {
                text(12.0, 8.0 + 18.0 * f64::from(at), "start", "i", row).with("font-size", 15).with("font-weight", 600)
            })
            .collect();
        shown.push(text(12.0, self.layout.top - 14.0, "start", "m", &self.chart.unit));
        shown
    }

    fn levels(&self) -> Vec<Element> {
        let Layout { width, left, right, .. } = self.layout;
        let count = (self.most / self.tick).round() as u32;
        let decimals = if self.tick < 1.0 { 1 } else { 0 };
        let level = |step: u32| {
            let value = f64::from(step) * self.tick;
            let at = self.y(value);
            let rule = segment(*left, at, width - right, at, "r");
            Element::new("g").child(rule).child(text(left - 6.0, at + 4.0, "end", "m", &number(value, decimals)))
        };
        (0..=count).map(level).collect()
    }

    fn days(&self) -> Vec<Element> {
        let Layout { height, bottom, apart, .. } = self.layout;
        let base = height - bottom;
        let mut last = f64::NEG_INFINITY;
        let mut shown = Vec::new();
        for (day, name) in self.chart.ticks.iter().filter(|(day, _)| (self.start..=self.end).contains(day)) {
            let at = self.x(*day);
            if at - last < *apart {
                continue;
            }
            last = at;
            let rule = segment(at, base, at, base + 5.0, "h");
            shown.push(Element::new("g").child(rule).child(text(at, base + 19.0, "middle", "m", name)));
        }
        shown
    }

    /// The corners of a line: along, then up or down.
    fn corners(&self, line: &StepLine) -> Vec<(f64, f64)> {
        let mut corners: Vec<(f64, f64)> = Vec::new();
        for (day, value) in line.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
            let (x, y) = (self.x(*day), self.y(*value));
            if let Some((_, before)) = corners.last().copied() {
                corners.push((x, before));
            }
            corners.push((x, y));
        }
        if let Some((_, last)) = corners.last().copied() {
            corners.push((self.x(self.end), last));
        }
        corners
    }

    fn line(&self, at: usize, line: &StepLine) -> Element {
        let points: Vec<String> = self.corners(line).iter().map(|(x, y)| format!("{x},{y}")).collect();
        Element::new("polyline")
            .with("points", points.join(" "))
            .with("fill", "none")
            .with("class", format!("l{at}"))
            .with("stroke-width", 2)
    }

    /// The names of the lines at their ends, pushed apart where they would meet; above the lines where there is no room at the side.
    fn names(&self) -> Vec<Element> {
        let Layout { width, right, left, top, .. } = self.layout;
        if *right < 100.0 {
            let (mut x, mut y) = (*left, top - 44.0);
            let mut shown = Vec::new();
            for (at, line) in self.chart.lines.iter().take(COLOURS).enumerate().filter(|_| self.chart.lines.len() > 1) {
                if x + wide(&line.name) > *width {
                    (x, y) = (*left, y + ROW);
                }
                shown.push(text(x, y, "start", &format!("t{at}"), &line.name).with("font-weight", 600));
                x += wide(&line.name) + 14.0;
            }
            return shown;
        }
        let end = |line: &StepLine| line.points.iter().rev().find(|(_, y)| y.is_finite()).map(|(_, y)| self.y(*y));
        let mut ends: Vec<(usize, f64)> =
            self.chart.lines.iter().take(COLOURS).enumerate().filter_map(|(at, line)| Some((at, end(line)?))).collect();
        ends.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut last = f64::NEG_INFINITY;
        let mut shown = Vec::new();
        for (at, y) in ends {
            let line = &self.chart.lines[at];
            let value = line.points.iter().rev().find(|(_, y)| y.is_finite()).map_or(f64::NAN, |(_, y)| *y);
            let y = (y + 4.0).max(last + ROW);
            let said = format!("{} {}", line.name, number(value, 1));
            let rows = broken(&said, ((right - 10.0) / BOLD) as usize);
            for row in &rows {
                last = if last >= y { last + ROW } else { y };
                shown.push(text(width - right + 8.0, last, "start", &format!("t{at}"), row).with("font-weight", 600));
            }
        }
        shown
    }

    /// The names of jumps where they fit: beside the jump, over no line and no other name.
    fn marks(&self) -> Vec<Element> {
        let Layout { width, height, left, top, right, bottom, rows, .. } = self.layout;
        let field: Frame = [*left, *top - 10.0, (width - right + 20.0).min(width - 6.0), height - bottom];
        let mut taken: Vec<Frame> = Vec::new();
        for line in self.chart.lines.iter().take(COLOURS) {
            let corners = self.corners(line);
            taken.extend(corners.windows(2).map(|pair| around(pair[0], pair[1])));
        }
        let mut shown = Vec::new();
        for mark in &self.chart.marks {
            if shown.len() == self.layout.marks {
                break;
            }
            let Some(line) = self.chart.lines.get(mark.line).filter(|_| mark.line < COLOURS) else { continue };
            let Some(at) = line.points.iter().position(|(day, _)| *day == mark.at) else { continue };
            let jump = self.y(line.points[at].1);
            let before = if at > 0 { self.y(line.points[at - 1].1) } else { jump };
            let texts: Vec<&String> = mark.text.iter().take(*rows).collect();
            let size = (widest(&texts), ROW * texts.len() as f64);
            let x = self.x(mark.at);
            let Some((frame, on_left)) = place(x, (jump, before), size, field, &taken) else { continue };
            shown.push(named(x, (jump, before), frame, on_left, &texts, mark.line));
            taken.push(frame);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::beside::apart;

    fn chart(values: &[f64]) -> Steps {
        let points = (0u32..).zip(values).map(|(day, value)| (f64::from(day) * 7.0, *value)).collect::<Vec<_>>();
        let marks = points.iter().skip(1).map(|(at, _)| StepMark {
            line: 0,
            at: *at,
            text: vec!["An act".into(), "of law".into()],
        });
        let marks = marks.collect();
        let end = points.last().map_or(0.0, |(day, _)| day + 7.0);
        Steps {
            title: "t".into(),
            end,
            lines: vec![StepLine { name: "a < b".into(), points }],
            marks,
            ..Steps::default()
        }
    }

    #[test]
    fn a_line_goes_along_before_it_goes_up() {
        let chart = chart(&[2.0, 10.0]);
        let drawing = Drawing::new(&chart, &WIDE);
        let corners = drawing.corners(&chart.lines[0]);
        assert_eq!(corners.len(), 4);
        assert_eq!((corners[0].1, corners[1].0, corners[2].0), (corners[1].1, corners[2].0, corners[1].0));
        assert_eq!(drawing.y(0.0), WIDE.height - WIDE.bottom);
        assert_eq!(drawing.y(drawing.most), WIDE.top);
    }

    #[test]
    fn what_is_no_number_is_not_drawn() {
        let svg = chart(&[1.0, f64::NAN, f64::INFINITY, 3.0]).svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf") && svg.contains("a &lt; b"), "{svg}");
        assert!(Steps::default().svg().ends_with("</svg>"), "an empty chart is a chart");
    }

    proptest! {
        #[test]
        fn names_of_jumps_are_over_no_line_and_no_name(values in prop::collection::vec(0.0..50.0_f64, 2..20)) {
            let chart = chart(&values);
            for layout in [&WIDE, &NARROW] {
                let drawing = Drawing::new(&chart, layout);
                let strokes = drawing.corners(&chart.lines[0]);
                let size = (60.0, 28.0);
                let field = [layout.left, layout.top, layout.width - layout.right, layout.height - layout.bottom];
                let taken: Vec<Frame> = strokes.windows(2).map(|pair| around(pair[0], pair[1])).collect();
                if let Some((frame, _)) = place(drawing.x(7.0), (100.0, 200.0), size, field, &taken) {
                    prop_assert!(taken.iter().all(|other| apart(&frame, other)));
                    prop_assert!(frame[0] >= field[0] && frame[2] <= field[2]);
                }
            }
        }
    }
}
