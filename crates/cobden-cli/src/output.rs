//! Standard output that may be closed at any time (`cobden explain | head`), and standard error for remarks.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};

use cobden::Problem;

/// The widest line that is printed.
pub(crate) const WIDTH: usize = 100;

/// Prints text on standard output. A reader that has gone away is no error: it has seen enough.
pub(crate) fn print(text: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(plain(text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Problem::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// The same text without control characters, which could steer the terminal: names and titles come from files of others.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(steers) { Cow::Owned(text.replace(steers, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Prints a remark on standard error; it does not matter if nobody reads it.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Shows what goes on, on a line that the next one replaces; nothing if standard error is no terminal.
pub(crate) fn progress(text: &str) {
    let mut err = io::stderr().lock();
    if err.is_terminal() {
        // Back to the start of the line, and clear it.
        let _ = write!(err, "\r\x1b[2K{}", plain(text));
        let _ = err.flush();
    }
}

/// Breaks text into lines of at most `width` characters, the first after `first`, the others after `rest`.
pub(crate) fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_not_printed() {
        assert_eq!(plain("a\u{1b}[2J\tb\n"), "a\u{fffd}[2J\tb\n");
        assert!(matches!(plain("β"), Cow::Borrowed("β")));
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("a bb ccc dddd", 8, "- ", "  "), "- a bb\n  ccc\n  dddd");
        assert_eq!(wrap("averylongword", 4, "", ""), "averylongword");
    }
}
