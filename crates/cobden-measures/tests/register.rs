//! The register that the project carries: every file loads, every check in it holds.

mod common;

use cobden_measures::Status;

#[test]
fn every_check_holds() {
    let register = common::whole();
    let failures: Vec<_> = register.check().into_iter().map(|failure| failure.problem.to_string()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(register.checks().len() >= 20);
}

#[test]
fn nothing_is_missing() {
    let warnings: Vec<_> = common::whole().warnings().iter().map(ToString::to_string).collect();
    assert!(warnings.is_empty(), "{}", warnings.join("\n"));
}

/// What the format leaves open and a register of law should not: how sure it is of each act, and where each list comes from.
#[test]
fn every_act_says_how_sure_it_is_and_every_list_where_it_is_from() {
    let register = common::whole();
    for act in register.acts() {
        assert!(act.confidence.is_some(), "{:?} of {}", act.cite, act.announced);
        assert!(act.status == Status::Enacted || act.probability.is_some());
    }
    for (name, list) in register.lists() {
        assert!(list.source.is_some(), "{name}");
    }
}
