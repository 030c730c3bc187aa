//! What went wrong, drawn so that the place can be seen: the line, a caret, and advice.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use cobden::{Failure, Place, Problem};

use crate::output;

/// Bad input.
const BAD_INPUT: u8 = 1;
/// 128 + SIGINT, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// Prints a failure on standard error; gives the exit status.
pub(crate) fn report(failure: Failure) -> ExitCode {
    match failure {
        Failure::Input(problem) => {
            output::remark(&draw(&problem));
            ExitCode::from(BAD_INPUT)
        }
        Failure::Stopped => {
            output::remark("stopped; nothing was written");
            ExitCode::from(INTERRUPTED)
        }
    }
}

/// A problem with its line of text and a caret, in colour on a terminal.
pub(crate) fn draw(problem: &Problem) -> String {
    let (message, help) = (output::plain(&problem.message), problem.help.as_deref().map(output::plain));
    let title = Level::ERROR.primary_title(message.as_ref());
    let file = problem.place.as_ref().map(|place| output::plain(&place.file));
    let mut group = match problem.place.as_ref().zip(file.as_ref()) {
        Some((place, file)) => at_place(title, place, file),
        None => Group::with_title(title),
    };
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_ref()));
    }
    let renderer = if io::stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

fn at_place<'a>(title: annotate_snippets::Title<'a>, place: &'a Place, file: &'a str) -> Group<'a> {
    let line = usize::try_from(place.line).unwrap_or(usize::MAX);
    let column = usize::try_from(place.column).unwrap_or(usize::MAX);
    match place.text.as_deref().filter(|_| place.width > 0) {
        Some(text) => {
            let span = bytes(text, column, usize::try_from(place.width).unwrap_or(usize::MAX));
            let snippet = Snippet::source(text).line_start(line).path(file);
            title.element(snippet.annotation(AnnotationKind::Primary.span(span)))
        }
        None => title.element(Origin::path(file).line(line).char_column(column)),
    }
}

/// The bytes of `width` characters from a column that counts from 1.
fn bytes(text: &str, column: usize, width: usize) -> std::ops::Range<usize> {
    let at = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte);
    let start = at(column.saturating_sub(1));
    start..at(column.saturating_sub(1).saturating_add(width)).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_drawn_with_file_line_and_column() {
        let place = Place { file: "s.toml".into(), line: 7, column: 3, text: Some("a β = 1".into()), width: 1 };
        let drawn = draw(&Problem::new("no").at(place).help("do this"));
        assert!(
            drawn.contains("s.toml:7:3") && drawn.contains("7 | a β = 1") && drawn.contains("help: do this"),
            "{drawn}"
        );
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let place =
            Place { file: "s\u{1b}[2J.toml".into(), line: 1, column: 1, text: Some("\u{1b}[2J".into()), width: 1 };
        let drawn = draw(&Problem::new("no \u{1b}[2J").at(place).help("not \u{1b}[2J"));
        assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
    }

    #[test]
    fn a_place_without_text_is_named() {
        let drawn = draw(&Problem::new("no").in_file("s.toml"));
        assert!(drawn.contains("s.toml:1:1"), "{drawn}");
    }
}
