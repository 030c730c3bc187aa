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
        text.push_str(&wrap(&term.summary(), WIDTH, &head, &" ".repeat(head.len())));
        text.push('\n');
    }
    text
}

/// Markdown as plain text: no marks, lines no wider than the screen.
fn on_screen(markdown: &str) -> String {
    let mut text = String::new();
    for line in markdown.lines() {
        let plain = line.trim_start_matches("# ").replace("**", "").replace('`', "");
        // Formulas and examples stand as they are.
        let shown = match plain.strip_prefix("- ") {
            Some(item) => wrap(item, WIDTH, "- ", "  "),
            None if plain.starts_with("    ") => plain,
            None => wrap(&plain, WIDTH, "", ""),
        };
        text.push_str(&shown);
        text.push('\n');
        if line.starts_with("# ") {
            text.push_str(&"=".repeat(shown.chars().count()));
            text.push('\n');
        }
    }
    text
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
