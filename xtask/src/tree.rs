//! What no file of the tree may hold.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A line that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The file, relative to the root.
    pub file: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The rule.
    pub rule: &'static str,
}

/// Longest source file: beyond it a room holds more than one thing.
const LONGEST_SOURCE: usize = 500;

/// Marks of unfinished work, in parts so that this file does not hold them.
const UNFINISHED: [&[&str]; 4] = [&["todo", "!("], &["unimplemented", "!("], &["FIX", "ME"], &["#[ig", "nore"]];

/// Every rule that a file under `root` breaks: sources too long, unfinished work, and files of ours that libraries must not touch.
///
/// # Errors
/// A file that cannot be read.
pub fn broken_rules(root: &Path) -> io::Result<Vec<Broken>> {
    let mut broken = Vec::new();
    for file in sources(root)? {
        let text = fs::read_to_string(root.join(&file))?;
        if text.lines().count() > LONGEST_SOURCE {
            broken.push(Broken { file: file.clone(), line: 0, rule: "a source file of more than 500 lines" });
        }
        for (at, line) in text.lines().enumerate() {
            let mut report = |rule| broken.push(Broken { file: file.clone(), line: at + 1, rule });
            if UNFINISHED.iter().any(|parts| line.contains(&parts.concat())) {
                report("unfinished work");
            }
            if is_pure(&file)
                && ["std::fs", "std::env", "std::net", "SystemTime", "Instant"].iter().any(|word| line.contains(word))
            {
                report("a pure library that touches disk, environment, network or clock");
            }
        }
    }
    Ok(broken)
}

/// Whether a file belongs to a library that only computes (not its tests, examples and benches).
fn is_pure(file: &Path) -> bool {
    const PURE: [&str; 7] = [
        "cobden-world",
        "cobden-data",
        "cobden-measures",
        "cobden-equilibrium",
        "cobden-ensemble",
        "cobden-strategy",
        "cobden-report",
    ];
    PURE.iter().any(|library| file.starts_with(Path::new("crates").join(library).join("src")))
}

/// Every Rust source under `root`, in order, without build output.
fn sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from("crates"), PathBuf::from("xtask")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn the_tree_keeps_its_rules() {
        assert_eq!(broken_rules(root()).unwrap(), []);
    }

    #[test]
    fn it_looks_at_every_crate() {
        let files = sources(root()).unwrap();
        for (crate_name, _) in crate::LAYERS {
            let folder = if crate_name == "xtask" { "xtask".into() } else { Path::new("crates").join(crate_name) };
            assert!(files.iter().any(|file| file.starts_with(&folder)), "{crate_name}");
        }
    }
}
