//! Addresses as the page writes them are read here as the page reads them. `page/tests/run.mjs` holds `page/src/sentence.ts` to the same examples.
#![allow(missing_docs, clippy::unwrap_used)]

use cobden::session::{Fragment, Sentence};
use serde_json::Value;

#[test]
fn addresses_mean_here_what_they_mean_to_the_page() {
    let examples: Vec<Value> = serde_json::from_str(include_str!("fragments.json")).unwrap();
    assert!(examples.len() > 3);
    for example in examples {
        let fragment = example["fragment"].as_str().unwrap();
        let sentence: Sentence = serde_json::from_value(example["sentence"].clone()).unwrap();
        assert_eq!(sentence.fragment(), fragment);
        let said = Fragment::parse(&format!("http://127.0.0.1:8317/#{fragment}&world=4ce52bdc&a.who=CHN")).unwrap();
        assert_eq!((said.sentence, said.world.as_deref(), said.pins), (sentence, Some("4ce52bdc"), true), "{fragment}");
    }
}
