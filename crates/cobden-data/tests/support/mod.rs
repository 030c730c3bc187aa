//! What several tests share.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at any surprise, and says what it skipped"
)]

pub mod fixtures;
pub mod gtap_base;

use std::path::{Path, PathBuf};

/// A file of the shared test data: `COBDEN_TEST_DATA`, or `../shared/data` beside the repository; `None` after saying that it is absent.
pub fn shared(file: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("COBDEN_TEST_DATA").map_or_else(beside, PathBuf::from).join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} absent", path.display());
    None
}
