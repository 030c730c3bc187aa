//! The six worked examples of the format, as they came with its draft.
#![allow(dead_code)]

use std::path::Path;
use std::{fs, io};

use cobden_measures::{Register, Text};

macro_rules! example {
    ($name:literal) => {
        Text::new($name, include_str!(concat!("../examples/", $name)))
    };
}

/// Groups and the first five examples: law.
pub(crate) fn law() -> Vec<Text> {
    vec![
        example!("groups.toml"),
        example!("01-liberation-day.toml"),
        example!("02-pause-9-april.toml"),
        example!("03-us-china-145-125.toml"),
        example!("04-japan-15-floor.toml"),
        example!("05-section-232-autos.toml"),
    ]
}

/// The sixth: a scenario on top of them.
pub(crate) fn scenario() -> Text {
    example!("06-china-japan-response.toml")
}

/// The law as a register.
pub(crate) fn register() -> Register {
    Register::read(law()).expect("the examples are law")
}

/// A register of one file.
pub(crate) fn one(content: &str) -> Result<Register, cobden_world::Problem> {
    Register::read([Text::new("law.toml", content)])
}

/// Every file under a folder.
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

/// The register that the project carries.
pub(crate) fn whole() -> Register {
    let mut texts = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cobden/measures");
    files(&root, &mut texts).expect("the files can be read");
    Register::read(texts).unwrap_or_else(|problem| panic!("{problem}"))
}
