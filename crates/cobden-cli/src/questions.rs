//! What governments were asked, on the screen: an answer and its proof for each question, and a table of coalitions.

use cobden::{CoalitionLine, Coalitions, Inquiry, Screen};

use crate::output::{WIDTH, wrap};
use crate::run::change;
use crate::table::{Column, aligned};

/// Where text begins that stands beside the number of a case.
const INDENT: &str = "      ";

/// All questions, with an empty line behind; nothing if the study asks none.
pub(crate) fn shown(screen: &Screen) -> String {
    if screen.inquiries.is_empty() {
        return String::new();
    }
    let mut text = "Asked of governments, by case\n".to_owned();
    for inquiry in &screen.inquiries {
        text.push_str(&one(inquiry));
    }
    text + "\n"
}

fn one(inquiry: &Inquiry) -> String {
    let number = format!("{:>4}  ", inquiry.case + 1);
    let mut text = wrap(&inquiry.answer, WIDTH, &number, INDENT);
    text.push('\n');
    text.push_str(&wrap(&inquiry.proof, WIDTH, INDENT, INDENT));
    text.push('\n');
    if let Some(coalitions) = &inquiry.coalitions {
        text.push_str(&table(coalitions));
    }
    text
}

/// Coalitions in rows: real income in per cent by player, whether they hold, who would leave and who would join.
fn table(coalitions: &Coalitions) -> String {
    let mut columns = vec![Column::Words];
    columns.extend(coalitions.columns.iter().map(|_| Column::Number));
    columns.extend([Column::Words; 3]);
    let header = std::iter::once("Together".to_owned())
        .chain(coalitions.columns.iter().cloned())
        .chain(["Holds", "Would leave", "Would join"].map(str::to_owned));
    let row = |line: &CoalitionLine| {
        let numbers = line.welfare_pct.iter().map(|pct| change(*pct));
        let words = [line.holds.to_owned(), line.leavers.join(" "), line.joiners.join(" ")];
        std::iter::once(line.members.join("+")).chain(numbers).chain(words).collect()
    };
    let rows: Vec<Vec<String>> = coalitions.rows.iter().map(row).collect();
    let mut text = aligned(&columns, &header.collect::<Vec<_>>(), &rows, INDENT);
    if coalitions.left_out > 0 {
        text.push_str(&format!("{INDENT}and {} more, in coalitions.csv\n", coalitions.left_out));
    }
    text
}
