//! The register that the project carries: every file loads, every check in it holds.

use std::path::Path;
use std::{fs, io};

use cobden_measures::{Register, Status, Text};

/// Every file under a folder of the register.
fn files(folder: &Path, into: &mut Vec<Text>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, into)?;
        } else {
            into.push(Text::new(path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn register() -> Register {
    let mut texts = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cobden/measures");
    files(&root, &mut texts).expect("the files can be read");
    Register::read(texts).unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn every_check_holds() {
    let register = register();
    let failures: Vec<_> = register.check().into_iter().map(|failure| failure.problem.to_string()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(register.checks().len() >= 20);
}

#[test]
fn nothing_is_missing() {
    let warnings: Vec<_> = register().warnings().iter().map(ToString::to_string).collect();
    assert!(warnings.is_empty(), "{}", warnings.join("\n"));
}

/// What the format leaves open and a register of law should not: how sure it is of each act, and where each list comes from.
#[test]
fn every_act_says_how_sure_it_is_and_every_list_where_it_is_from() {
    let register = register();
    for act in register.acts() {
        assert!(act.confidence.is_some(), "{:?} of {}", act.cite, act.announced);
        assert!(act.status == Status::Enacted || act.probability.is_some());
    }
    for (name, list) in register.lists() {
        assert!(list.source.is_some(), "{name}");
    }
}
