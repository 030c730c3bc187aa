//! Ctrl-C: ends the command at once, but never in the middle of writing.

use std::process::exit;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cobden::Failure;

use crate::{failure, output};

/// Whether something was written; held while it is being written.
static WRITTEN: Mutex<bool> = Mutex::new(false);

/// From now on Ctrl-C, and a request to terminate, end the command with a remark and exit status 130. Files in the middle of
/// being written are finished first: it takes a moment, and leaves nothing half done.
pub(crate) fn watch() {
    // Without a handler Ctrl-C ends the command all the same, only without the remark.
    let _ = ctrlc::set_handler(|| {
        if let Some(part) = cobden::data::stop() {
            output::progress("");
            output::remark(&format!(
                "stopped; what has arrived is in {}: the same command goes on from there",
                part.display()
            ));
            exit(failure::INTERRUPTED.into());
        }
        let written = written();
        output::progress("");
        if *written {
            output::remark("stopped after writing");
            exit(failure::INTERRUPTED.into());
        }
        // Returned by `main` it would come after whatever else is going on.
        let _ = failure::report(Failure::Stopped);
        exit(failure::INTERRUPTED.into());
    });
}

/// Writes, without being stopped on the way.
pub(crate) fn writing<T, E>(write: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let mut written = written();
    let result = write();
    *written = result.is_ok();
    result
}

fn written() -> MutexGuard<'static, bool> {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}
