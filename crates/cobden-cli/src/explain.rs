//! `cobden explain`: a word of the field in one screen.

use std::process::ExitCode;

use cobden::{Failure, TERMS};

use crate::arguments::ExplainArguments;
use crate::output::{WIDTH, print, wrap};

pub(crate) fn explain(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    let word = arguments.term.join(" ");
    let text = match (arguments.all, word.as_str()) {
        (true, _) => cobden::glossary(),
        (false, "") => list(),
        (false, word) => on_screen(cobden::explain(word)?.text),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    let longest = TERMS.iter().map(|term| term.name.len()).max().unwrap_or(0);
    let mut text = String::from("cobden explain TERM, with one of:\n\n");
    for term in TERMS {
        let head = format!("  {:longest$}  ", term.name);
        text.push_str(&wrap(&term.summary().replace('`', ""), WIDTH, &head, &" ".repeat(head.len())));
        text.push('\n');
    }
    text
}

/// Markdown as plain text: no marks, paragraphs filled to the width of the screen, formulas and examples as they are.
fn on_screen(markdown: &str) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    for line in markdown.lines() {
        let plain = line.replace("**", "").replace('`', "");
        let stands_alone =
            line.is_empty() || ["# ", "- ", "    ", "See also: "].iter().any(|mark| line.starts_with(mark));
        if stands_alone {
            push(&mut text, &wrap(&std::mem::take(&mut paragraph), WIDTH, "", ""));
        }
        if let Some(title) = plain.strip_prefix("# ") {
            text.push_str(&format!("{title}\n{}\n", "=".repeat(title.chars().count())));
        } else if let Some(item) = plain.strip_prefix("- ") {
            push(&mut text, &wrap(item, WIDTH, "- ", "  "));
        } else if stands_alone {
            text.push_str(&plain);
            text.push('\n');
        } else {
            paragraph.push_str(&plain);
            paragraph.push(' ');
        }
    }
    push(&mut text, &wrap(&paragraph, WIDTH, "", ""));
    text
}

/// Adds lines, if there are any.
fn push(text: &mut String, lines: &str) {
    if !lines.is_empty() {
        text.push_str(lines);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_fits_a_screen() {
        for term in TERMS {
            let text = on_screen(term.text);
            assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{} is too wide", term.name);
            assert!(text.lines().count() <= 40, "{} is too long", term.name);
        }
    }
}
