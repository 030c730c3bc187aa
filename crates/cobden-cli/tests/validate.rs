//! `cobden measures validate` from outside: what it says without data, and what it prints with them.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn validate(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cobden"));
    command.args(["measures", "validate"]).args(arguments).env_remove("COBDEN_DATA").output().unwrap()
}

#[test]
fn data_that_are_absent_are_asked_for() {
    for (arguments, said) in [
        (&[][..], "the imports that weigh the rates are not part of cobden"),
        (&["--data", "no-such-folder"][..], "imports.parquet"),
    ] {
        let output = validate(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{arguments:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains(said), "{arguments:?}");
    }
}

#[test]
fn the_gates_are_told() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from);
    if !data.join("us-imports-2024/imports.parquet").is_file() {
        println!("skipped: {}/us-imports-2024 absent", data.display());
        return;
    }
    let output = validate(&["--data", data.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["us.ieepa.fentanyl.china +1.32: EO 14195", "By partner", "By sector of GTAP", "44 of 44 steps"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}
