//! `docs/glossary.md` is made from the same text as `cobden explain`.

use std::fs;
use std::path::Path;

#[test]
fn the_document_is_the_glossary() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/glossary.md");
    let document =
        fs::read_to_string(&path).expect("docs/glossary.md; make it with: cobden explain --all > docs/glossary.md");
    assert!(
        document == cobden::glossary(),
        "docs/glossary.md is stale; make it with: cobden explain --all > docs/glossary.md"
    );
}
