//! The six worked examples of the format, as they came with its draft.
#![allow(dead_code)]

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
