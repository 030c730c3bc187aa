//! The rules of the tree that the compiler does not know, as tests: `cargo test -p xtask`.

mod layers;
mod tree;

pub use layers::{LAYERS, forbidden_edges};
pub use tree::{Broken, broken_rules};
