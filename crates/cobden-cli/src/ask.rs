//! `cobden ask`: the question of the page's address, answered as `cobden run` answers its study.

use std::path::Path;
use std::process::ExitCode;

use cobden::session::{Fragment, Session};
use cobden::{Failure, Options, Study};

use crate::arguments::AskArguments;
use crate::output::remark;
use crate::run::{self, Shown};

pub(crate) fn ask(arguments: &AskArguments) -> Result<ExitCode, Failure> {
    let said = Fragment::parse(&arguments.question)?;
    let session = Session::open(arguments.world.as_deref().unwrap_or(cobden::worlds()[0].id))?;
    if said.world.as_deref().is_some_and(|world| !session.world_hash().starts_with(world)) {
        remark("the address was made with another world: its numbers may differ");
    }
    if said.pins {
        remark(
            "the address pins another question to compare with; this answers the first. For the other, swap them on the page",
        );
    }
    let study = Study::parse(session.study_text(&said.sentence)?.into_bytes(), "page.toml")?;
    // Like those of `cobden run --world`, paths of worlds are relative to where the user is.
    let options = Options { folder: Some(Path::new("").to_owned()), keep: arguments.out.clone(), ..Options::default() };
    run::answered(
        study,
        &options,
        &Shown { format: arguments.format, quiet: arguments.quiet, folder: arguments.out.as_deref() },
    )
}
