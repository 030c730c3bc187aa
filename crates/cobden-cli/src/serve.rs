//! `cobden serve`: the page, on this machine alone.

use std::io;
use std::net::SocketAddr;
use std::process::{Command, ExitCode, Stdio};

use cobden::session::Session;
use cobden::{Failure, Problem};

use crate::arguments::ServeArguments;
use crate::output::{print, remark};

pub(crate) fn serve(arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    let world = arguments.world.as_deref().unwrap_or(cobden::worlds()[0].id);
    let session = Session::open(world)?;
    let served = cobden_web::serve(session, arguments.port, |address| announce(address, arguments.open));
    served.map_err(|error| refused(arguments.port, &error))?;
    Ok(ExitCode::SUCCESS)
}

fn announce(address: SocketAddr, open: bool) {
    let page = format!("http://{address}/");
    // A closed standard output is no reason not to serve.
    let _ = print(&format!("cobden serves {page}\nCtrl-C ends it.\n"));
    if open && let Err(error) = show(&page) {
        remark(&format!("no browser was opened: {error}; open {page} yourself"));
    }
}

/// Hands the address to whatever opens addresses here.
fn show(page: &str) -> io::Result<()> {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let quiet = Stdio::null;
    Command::new(program).args(arguments).arg(page).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().map(drop)
}

fn refused(port: u16, error: &io::Error) -> Problem {
    let problem = Problem::new(format!("cannot listen on 127.0.0.1:{port}: {error}"));
    problem.help("choose another port with --port, or --port 0 for any that is free")
}
