//! The `cobden` command: parses its arguments, calls the library, prints what it says.

mod arguments;
mod ask;
mod data;
mod explain;
mod export;
mod failure;
mod import;
mod interrupt;
mod measures;
mod output;
mod questions;
mod rate;
mod replicate;
mod run;
mod serve;
mod table;
mod world;

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use arguments::{Arguments, Command};
use clap::Parser;
use cobden::Failure;

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    interrupt::watch();
    without_panic(|| obey(&command)).unwrap_or_else(failure::report)
}

fn obey(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Replicate(arguments) => replicate::replicate(arguments),
        Command::Rate(arguments) => rate::rate(arguments),
        Command::Measures(arguments) => measures::measures(arguments),
        Command::World(arguments) => world::world(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Data(arguments) => data::data(arguments),
        Command::Serve(arguments) => serve::serve(arguments),
        Command::Ask(arguments) => ask::ask(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
    }
}

/// What the last panic said.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// A defect, as shells and Rust have it.
const DEFECT: u8 = 101;

/// Runs the command. Decoders of damaged files may panic inside and are caught there, so a panic itself prints nothing; one
/// that comes through to here is a defect of cobden, and is said to be one.
fn without_panic(obey: impl FnOnce() -> Result<ExitCode, Failure> + panic::UnwindSafe) -> Result<ExitCode, Failure> {
    panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    panic::catch_unwind(obey).unwrap_or_else(|_| {
        let said = LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
        output::remark(&format!("this is a defect of cobden, not of your input; please report it:\n{said}"));
        Ok(ExitCode::from(DEFECT))
    })
}
