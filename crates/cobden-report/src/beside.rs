//! Names beside jumps: where there is room for them, over no line and no other name.

use crate::svg::Element;

/// About how wide a letter is, and a bold one; browsers differ, and these are those of a wide face.
const LETTER: f64 = 6.6;
pub(crate) const BOLD: f64 = 7.5;
/// From one row to the next, in pixels.
pub(crate) const ROW: f64 = 14.0;

/// Left, top, right, bottom.
pub(crate) type Frame = [f64; 4];

/// Where a name of a size fits nearest to a jump, and whether on its left.
pub(crate) fn place(
    x: f64,
    (jump, before): (f64, f64),
    size: (f64, f64),
    field: Frame,
    taken: &[Frame],
) -> Option<(Frame, bool)> {
    let middle = (jump + before) / 2.0;
    let mut tried: Vec<(f64, Frame, bool)> = Vec::new();
    for start in [jump, middle, before] {
        for away in 0..9 {
            for up in [-1.0, 1.0] {
                for (gap, left) in [(9.0, false), (9.0, true), (30.0, false), (30.0, true)] {
                    let centre = start + up * f64::from(away) * 9.0;
                    let from = if left { x - gap - size.0 } else { x + gap };
                    let frame = [from, centre - size.1 / 2.0, from + size.0, centre + size.1 / 2.0];
                    let cost = f64::from(away) * 9.0 + gap + if left { 4.0 } else { 0.0 };
                    tried.push((cost, frame, left));
                }
            }
        }
    }
    tried.sort_by(|a, b| a.0.total_cmp(&b.0));
    let fits = |frame: &Frame| {
        frame[0] >= field[0]
            && frame[1] >= field[1]
            && frame[2] <= field[2]
            && frame[3] <= field[3]
            && taken.iter().all(|other| apart(frame, other))
    };
    tried.into_iter().find(|(_, frame, _)| fits(frame)).map(|(_, frame, left)| (frame, left))
}

/// A name with a thin line to its jump if it stands away from it.
pub(crate) fn named(
    x: f64,
    (jump, before): (f64, f64),
    frame: Frame,
    on_left: bool,
    texts: &[&String],
    line: usize,
) -> Element {
    let middle = (frame[1] + frame[3]) / 2.0;
    let (low, high) = (jump.min(before), jump.max(before));
    let near = middle.clamp(low, high);
    let edge = if on_left { frame[2] + 2.0 } else { frame[0] - 2.0 };
    let away = (middle - near).abs() > 4.0 || (edge - x).abs() > 12.0;
    let leader = away.then(|| segment(x, round(near), round(edge), round(middle), "h").with("stroke-width", 0.7));
    let (at, anchor) = if on_left { (frame[2], "end") } else { (frame[0], "start") };
    let rows = texts.iter().zip(0u8..).map(|(row, number)| {
        let shown =
            text(at, frame[1] + 11.0 + ROW * f64::from(number), anchor, if number == 0 { "i" } else { "m" }, row);
        if number == 0 { shown.with("font-weight", 600) } else { shown }
    });
    let dot =
        Element::new("circle").with("cx", x).with("cy", round(near)).with("r", 2.5).with("class", format!("t{line}"));
    // Rules of the grid must not run through a name.
    let [x1, y1, x2, y2] = frame.map(round);
    let behind =
        Element::new("rect").with("x", x1).with("y", y1).with("width", round(x2 - x1)).with("height", round(y2 - y1));
    Element::new("g").children(leader).child(behind.with("class", "b")).children(rows).child(dot)
}

/// A frame around a stroke.
pub(crate) fn around(a: (f64, f64), b: (f64, f64)) -> Frame {
    [a.0.min(b.0) - 3.0, a.1.min(b.1) - 3.0, a.0.max(b.0) + 3.0, a.1.max(b.1) + 3.0]
}

/// Whether two frames share nothing.
pub(crate) fn apart(a: &Frame, b: &Frame) -> bool {
    a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
}

/// About how wide a bold text is.
pub(crate) fn wide(text: &str) -> f64 {
    text.chars().count() as f64 * BOLD
}

/// About how wide the rows of a name are, of which the first is bold.
pub(crate) fn widest(rows: &[&String]) -> f64 {
    let row = |(at, row): (usize, &&String)| row.chars().count() as f64 * if at == 0 { BOLD } else { LETTER };
    rows.iter().enumerate().map(row).fold(0.0, f64::max)
}

/// Rows of at most so many letters, broken between words.
pub(crate) fn broken(text: &str, letters: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match rows.last_mut() {
            Some(row) if row.chars().count() + 1 + word.chars().count() <= letters => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

/// A stroke.
pub(crate) fn segment(x1: f64, y1: f64, x2: f64, y2: f64, class: &'static str) -> Element {
    Element::new("line").with("x1", x1).with("y1", y1).with("x2", x2).with("y2", y2).with("class", class)
}

/// A text at a place.
pub(crate) fn text(x: f64, y: f64, anchor: &'static str, class: &str, said: &str) -> Element {
    Element::new("text")
        .with("x", round(x))
        .with("y", round(y))
        .with("text-anchor", anchor)
        .with("class", class)
        .text(said)
}

/// To a tenth of a pixel.
pub(crate) fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
