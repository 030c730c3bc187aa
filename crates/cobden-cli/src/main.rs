//! The `cobden` command: parses its arguments, calls the library, prints what it says.

mod arguments;
mod explain;
mod failure;
mod output;
mod run;
mod table;
mod world;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::World(arguments) => world::world(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
    };
    done.unwrap_or_else(failure::report)
}
