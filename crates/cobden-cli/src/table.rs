//! Aligned tables without borders: words to the left, numbers to the right.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words, to the left.
    Words,
    /// Numbers, to the right.
    Number,
}

/// A table as lines, each starting with `indent`; a line under the header if there is one.
pub(crate) fn aligned(columns: &[Column], header: &[String], rows: &[Vec<String>], indent: &str) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if !header.is_empty() {
        table.set_header(header.to_vec());
    }
    table.add_rows(rows.iter().cloned());
    table.discover_columns();
    for (index, column) in columns.iter().enumerate() {
        if let Some(shown) = table.column_mut(index) {
            shown.set_padding((0, 2));
            shown.set_cell_alignment(match column {
                Column::Words => CellAlignment::Left,
                Column::Number => CellAlignment::Right,
            });
        }
    }
    let lines = table.trim_fmt();
    let lines = lines.lines().map(|line| format!("{indent}{line}\n"));
    lines.collect()
}

/// A change in per cent with its sign: `-0.42`, `+0.10`, `0.00`. A hyphen, so that it can be pasted into a spreadsheet.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    // A rounded zero has no sign.
    if text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { text } else { text.replace(['+', '-'], "") }
}

/// Text of at most `most` characters; what is cut off is marked.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A large number with commas: `1,234,567`.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < -0.5 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(signed(-0.004, 2), "0.00");
        assert_eq!(signed(0.126, 2), "+0.13");
        assert_eq!(signed(-12.0, 1), "-12.0");
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(-1000.0), "-1,000");
        assert_eq!(shortened("Democratic Republic", 10), "Democrati…");
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["a".to_owned(), "1.0".to_owned()], vec!["bb".to_owned(), "-10.0".to_owned()]];
        let text = aligned(&[Column::Words, Column::Number], &[], &rows, "  ");
        assert_eq!(text, "  a     1.0\n  bb  -10.0\n");
    }
}
